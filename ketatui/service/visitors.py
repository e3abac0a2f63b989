"""Who may see the app in a browser: links that open once, and the sessions they begin."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from ketatui.service.settings import Settings
from ketatui.structs import Frozen

LINK_LASTS = 600
"""Seconds in which a link has to be opened."""
SESSION_LASTS = 12 * 3600
"""Seconds after which a browser has to open a new link."""
_USER = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class Visitor(Frozen, frozen=True):
    """Somebody in front of a browser.

    Attributes:
        user: Their name; empty for whoever began the service.
        cases: Their folder of cases.
        home: Where the program keeps what is theirs; None for the home of this process.
        until: When it ends, by the clock of `Visitors`.
    """

    user: str
    cases: Path
    home: Path | None
    until: float


class Visitors:
    """Hands out links, and knows who came by them."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare.

        Args:
            settings: Says where cases are.
            clock: Measures time, in seconds.
        """
        self._settings, self._clock = settings, clock
        self._links: dict[str, Visitor] = {}
        self._sessions: dict[str, Visitor] = {}

    def link(self, user: str = "") -> str:
        """Return a link that opens the app, once.

        Args:
            user: For whom; empty for whoever began the service.

        Raises:
            ValueError: It is no name, or there is no folder for further users.
        """
        found = self._visitor(user)
        self._links = self._current(self._links)
        key = secrets.token_urlsafe(32)
        self._links[key] = found.replaced(until=self._clock() + LINK_LASTS)
        return f"{self._settings.public}/open?key={key}"

    def _visitor(self, user: str) -> Visitor:
        settings = self._settings
        if not user:
            return Visitor("", settings.cases, None, 0)
        if settings.users is None:
            raise ValueError("there is no folder for further users: ketatui serve --users DIR")
        if not _USER.fullmatch(user):
            raise ValueError("a user is named with a to z, 0 to 9 and -, up to 32 characters")
        place = settings.users / user
        return Visitor(user, place / "cases", place, 0)

    def open(self, key: str) -> str:
        """Begin a session with a link.

        Returns:
            The session's own key; empty for a link that was opened before, or too late.
        """
        found = self._current(self._links).get(key)
        self._links.pop(key, None)
        if found is None:
            return ""
        self._sessions = self._current(self._sessions)
        session = secrets.token_urlsafe(32)
        self._sessions[session] = found.replaced(until=self._clock() + SESSION_LASTS)
        return session

    def visitor(self, session: str) -> Visitor | None:
        """Return who has a session; None for nobody, and once it is over."""
        found = self._sessions.get(session)
        return found if found is not None and found.until > self._clock() else None

    def leave(self, session: str) -> None:
        """End a session."""
        self._sessions.pop(session, None)

    def _current(self, held: dict[str, Visitor]) -> dict[str, Visitor]:
        now = self._clock()
        return {key: item for key, item in held.items() if item.until > now}
