"""The board of running sessions, for whoever watches several patients."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.cases.errors import CaseError, DraftInUseError
from ketatui.cases.store import Loaded
from ketatui.consultation.running import RunningSession, RunningSessions
from ketatui.consultation.saving import resume
from ketatui.consultation.treatment import Treatment
from ketatui.criteria.problems import PackError
from ketatui.tui.actions import bindings
from ketatui.tui.error_text import said_of
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.session import OpenCase, now
from ketatui.tui.views.board import LINES, board_lines
from ketatui.tui.views.lines import Span
from ketatui.tui.widgets.line_view import LineView

_LOOK = 5.0
"""Seconds between two looks at the clock; it is painted only when its minute has changed."""


class BoardScreen(KetaScreen):
    """Every session that runs in the folder, soonest due first."""

    CONTEXTS = ("board",)
    HELP_TITLE = "Running sessions"
    HELP_TEXT = (
        "Every session of the folder whose clock runs, the one that is due soonest first, "
        "whichever window began it. A digit goes to it at once. A session leaves the board when "
        "the minute of leaving is written down or its visit is closed. The board is drawn anew "
        "once a minute."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("board"))

    def __init__(self) -> None:
        """Begin at the first."""
        super().__init__()
        self.sessions: list[RunningSession] = []
        self.cursor = 0
        self._finder: RunningSessions | None = None
        self._drawn: dt.datetime | None = None
        self._problem = ""

    def compose(self) -> ComposeResult:
        """Lay out title, sessions and hints."""
        yield LineView(id="title", classes="bar")
        yield LineView(id="home", classes="takes-keys")
        yield LineView(id="hint", classes="bar")

    @property
    def stays_up(self) -> bool:
        """Whether a session runs: then it is seen, whether or not somebody touches a key."""
        return bool(self.sessions)

    def begin(self) -> None:
        """Look at the clock from here on."""
        self.set_interval(_LOOK, self.look)

    def look(self) -> None:
        """Draw anew once the minute has changed; else write nothing."""
        if self.is_current and _minute(now()) != self._drawn:
            self.redraw()

    def redraw(self) -> None:
        """Find the sessions and show them."""
        knowledge = self.keta.resources.knowledge
        if not self.is_mounted or knowledge is None:
            return
        moment = now()
        self._drawn = _minute(moment)
        if self._finder is None:
            self._finder = RunningSessions(self.keta.resources.cases, knowledge)
        under = self.sessions[self.cursor].path if self.cursor < len(self.sessions) else None
        try:
            self.sessions, self._problem = self._finder.find(moment), ""
        except (CaseError, PackError, OSError) as error:
            self._problem = said_of(error)
        # The cursor stays with its patient when the order changes.
        places = [place for place, row in enumerate(self.sessions) if row.path == under]
        self.cursor = places[0] if places else min(self.cursor, max(len(self.sessions) - 1, 0))
        count = len(self.sessions)
        said: Span = (f"now {moment.astimezone():%H:%M} ", "muted")
        self.show_title(f"{count} running session{'' if count == 1 else 's'}", (said,))
        view = self.query_one("#home", LineView)
        width = max(view.size.width, 20)
        lines = board_lines(
            knowledge.pack, self.sessions, moment, self.cursor, width, covered=self.covered
        )
        view.show(lines)
        view.keep_in_sight(self.cursor * LINES, self.cursor * LINES + LINES - 1)
        self.show_hint((self._problem, "problem") if self._problem else None, stays=False)

    def on_screen_resume(self) -> None:
        """Leave the session that one comes back from; its draft stays."""
        self.keta.close_case()
        super().on_screen_resume()

    # --- keys ---------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Go to another session."""
        self.cursor = max(0, min(self.cursor + step, len(self.sessions) - 1))
        self.redraw()

    def action_digit(self, digit: int) -> None:
        """Open a session by its number."""
        if 0 < digit <= len(self.sessions):
            self.cursor = digit - 1
            self.action_open()

    def action_open(self) -> None:
        """Open the session under the cursor, above its visit."""
        knowledge = self.keta.resources.knowledge
        if knowledge is None or self.cursor >= len(self.sessions):
            return
        row = self.sessions[self.cursor]
        try:
            found = resume(row.path, knowledge)
            course = row.course.id if row.course else None
            number = row.visit.number if row.visit else None
            treatment = Treatment(found.consultation, course, number)
        except (CaseError, DraftInUseError, PackError, OSError) as error:
            self.show_hint((said_of(error), "problem"))
            return
        opened = OpenCase(found.consultation, found.journal, found.base)
        self.keta.open_case = opened
        notice = " ".join(found.notices)
        self.keta.go("visit", opened, treatment, self._saved)
        if treatment.visit is not None:
            self.keta.go("session", opened, treatment, notice)

    def _saved(self, loaded: Loaded, said: str) -> None:
        self.call_after_refresh(self.show_hint, (said, "good"))

    def action_back(self) -> None:
        """Go home."""
        self.dismiss()

    @on(LineView.Pressed, "#home")
    def _pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        for place, row in enumerate(self.sessions):
            if str(row.path) == event.target:
                self.cursor = place
                self.action_open()
                return


def _minute(moment: dt.datetime) -> dt.datetime:
    return moment.replace(second=0, microsecond=0)
