"""What is painted first, and at the first key: kept for the next start."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ketatui.criteria.vocabulary import PAYER
from ketatui.first_frame import keep_at_key, keep_first_frame
from ketatui.first_keys import QUESTION, stamps
from ketatui.settings import SETTINGS_FILE, settings_folder
from ketatui.tui.actions import named
from ketatui.tui.routes import name_of
from ketatui.tui.session import now

if TYPE_CHECKING:
    from textual.app import App

    from ketatui.tui.host import Host

_FROM_SETTINGS = frozenset({PAYER})
"""What a new consultation may have answered already."""


class _Paint(NamedTuple):
    """What was written to the terminal, for so many columns and rows, and on which day."""

    text: str
    size: tuple[int, int]
    on: dt.date


class FirstPaints:
    """Takes note of what is painted before anything is known of a case."""

    def __init__(self, app: App[int], host: Host) -> None:
        """Args: the app that paints, and the same as screens know it."""
        self._app = app
        self._host = host
        self._begun = time.time_ns()
        self._home: _Paint | None = None
        self._question: _Paint | None = None
        self._nothing_painted = True
        self._is_new = False

    def begins_new(self) -> None:
        """Take note that a consultation is begun: it is painted next."""
        self._is_new = self._question is None

    def note(self, text: str) -> None:
        """Take note of what paints the whole screen."""
        app = self._app
        first, self._nothing_painted = self._nothing_painted, False
        if self._is_new and name_of(app.screen) == "consultation":
            self._is_new = False
            if self._tells_nothing():
                self._question = _Paint(text, app.size, now().date())
                app.set_timer(1.0, self.keep)
        elif first and name_of(app.screen) == "home" and self._is_loading:
            self._home = _Paint(text, app.size, now().date())

    def keep(self) -> None:
        """Keep it for the next start, unless that one would look different."""
        host = self._host
        if not host.resources.settings.welcomed or host.warning:
            return
        # Without it the next start is as quick, and only looks slower.
        with suppress(OSError, ValueError):
            if self._home is not None:
                keep_first_frame(sys.argv[1:], self._home.text, self._home.size)
            if self._question is not None:
                self._keep_question(self._question)

    def keep_list(self) -> None:
        """Keep what the list of saved cases looks like now, at leaving."""
        # Imported here: it is needed only then.
        from ketatui.tui.first_list import keep_first_list

        with suppress(OSError):
            keep_first_list(self._app, self._host, self.files_read())

    def forget(self) -> None:
        """Something was set: what has been painted holds no more."""
        self._home = self._question = None

    @property
    def _is_loading(self) -> bool:
        """Whether nothing is known yet: not the criteria, and no case."""
        resources = self._host.resources
        return resources.knowledge is None and not resources.problems

    def _tells_nothing(self) -> bool:
        """Tell whether nothing on the screen is of a case."""
        opened = self._host.open_case
        case = opened.consultation.case if opened is not None else None
        return case is not None and not case.label and set(case.answers) <= _FROM_SETTINGS

    def _keep_question(self, paint: _Paint) -> None:
        (new,) = named("home.new")
        key = new.character_with(self._host.resources.settings.keymap)
        hangs_on = self.files_read()
        if key and hangs_on:
            knowledge = self._host.resources.knowledge
            assert knowledge is not None
            lapses = (rule.valid_until for rule in knowledge.pack.rules.values())
            last = min((day for day in lapses if day is not None and day >= paint.on), default="")
            holds = stamps(hangs_on, str(paint.on), str(last))
            keep_at_key(QUESTION, sys.argv[1:], paint.size, key, holds, paint.text)

    def files_read(self) -> list[Path]:
        """List the files of criteria, policy and settings.

        Returns:
            None where one is younger than this, or where it depends on where one stands which
            they are.

        Raises:
            OSError: One of them cannot be looked at.
        """
        resources = self._host.resources
        named = (resources.settings.cases, resources.settings.policy)
        if resources.knowledge is None or any(map(_from_where_one_stands, named)):
            return []
        folder = resources.knowledge.pack.folder
        found = [folder, *sorted(folder.rglob("*")), settings_folder() / SETTINGS_FILE]
        if resources.policy is not None:
            found.append(resources.policy)
        is_younger = any(path.stat().st_mtime_ns >= self._begun for path in found)
        return [] if is_younger else found


def _from_where_one_stands(named: str) -> bool:
    return bool(named) and not os.path.isabs(os.path.expanduser(named))  # noqa: PTH111, PTH117
