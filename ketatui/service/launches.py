"""Launches by a record system: to its login, and back with a draft of its patient."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from ketatui.cases.model import Case
from ketatui.records import RecordError, with_proposals
from ketatui.records.login import Login
from ketatui.records.offered import offered_by_server
from ketatui.records.server import Place, Server
from ketatui.service.calls import Calls
from ketatui.service.drafting import put_draft
from ketatui.service.refusal import Refusal
from ketatui.service.settings import Settings
from ketatui.service.visitors import Visitor

LASTS = 300.0
"""Seconds that somebody has to log in."""
_MOST = 32
"""Logins that may be under way at a time."""


class _Begun(NamedTuple):
    session: str
    login: Login
    until: float


class Launches:
    """Logins that a record system's launches began, each for the session that it began in."""

    def __init__(
        self,
        settings: Settings,
        calls: Calls,
        today: Callable[[], dt.date],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare.

        Args:
            settings: Says which server may launch, and what we are called there.
            calls: Hold the criteria, and what in a record answers what.
            today: Tells the day.
            clock: Measures time, in seconds.
        """
        self._settings, self._calls = settings, calls
        self._today, self._clock = today, clock
        self._begun: dict[str, _Begun] = {}

    async def begin(self, session: str, iss: str, launch: str) -> str:
        """Return the page where somebody logs in.

        Args:
            session: Whose browser it is; only there does the login end.
            iss: The server that launches; only ours is taken.
            launch: What it handed over.

        Raises:
            Refusal: It is launched from elsewhere, or the server cannot do it.
        """
        now = self._clock()
        self._begun = {key: item for key, item in self._begun.items() if item.until > now}
        if len(self._begun) >= _MOST:
            raise Refusal(503, "too many logins are under way; try again in some minutes")
        settings = self._settings
        login = Login(settings.record_server, settings.client, settings.public)
        try:
            page = await asyncio.to_thread(login.launched, iss, launch)
        except RecordError as error:
            raise Refusal(400, str(error)) from None
        state = _one(urlsplit(page).query, "state")
        self._begun[state] = _Begun(session, login, now + LASTS)
        return page

    async def end(self, session: str, visitor: Visitor, query: str) -> str:
        """Take a browser that comes back: read the record, and put a draft beside the cases.

        Args:
            session: Whose browser it is.
            visitor: Whose cases they are.
            query: Of the address it came back to.

        Returns:
            The draft's id.

        Raises:
            Refusal: No such login was begun in this session, it was refused, or the record
                cannot be read.
        """
        begun = self._begun.get(_one(query, "state"))
        if begun is None or begun.session != session or begun.until <= self._clock():
            raise Refusal(403, "no login was begun here, or it took too long; launch again")
        # Once: whoever comes by the same address again is refused.
        del self._begun[_one(query, "state")]
        try:
            return await asyncio.to_thread(self._draft, begun.login, visitor, query)
        except RecordError as error:
            raise Refusal(502, str(error)) from None

    def _draft(self, login: Login, visitor: Visitor, query: str) -> str:
        """Write a draft case with what the record proposes; no answer before somebody confirms."""
        calls, on = self._calls, self._today()
        access = login.access(query)
        place = Place(Server(login.address, access.token), access.patient)
        found = offered_by_server(calls.knowledge, calls.mapping, place, on, Case())
        case = with_proposals(Case(), found, on)
        return put_draft(calls.knowledge.pack, visitor, case, "launched")


def _one(query: str, name: str) -> str:
    return parse_qs(query).get(name, [""])[0]
