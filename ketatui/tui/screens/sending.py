"""Into a patient's record: where to, about whom, and then whether; nothing goes before a yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ketatui.cases.integrity import CaseReading
from ketatui.engine import Knowledge
from ketatui.paths import full_path
from ketatui.records import RecordError
from ketatui.records.server import Server, token_in
from ketatui.reports.fhir.sending import send_all
from ketatui.reports.fhir.sent import to_send
from ketatui.tui.screens.page import PageScreen
from ketatui.tui.session import now
from ketatui.tui.views.lines import Span, safe
from ketatui.tui.widgets.prompt import Prompt

_NOTHING: Span = ("Nothing was sent.", "muted")


class Place(NamedTuple):
    """Where something is sent.

    Attributes:
        server: The server.
        patient: Into whose record.
    """

    server: Server
    patient: str


def ask_where_to(screen: PageScreen, go_on: Callable[[Place], object]) -> None:
    """Ask for a server, a patient and a token, and then whether to send.

    Args:
        screen: Where it was asked for.
        go_on: Called once somebody said yes; not called otherwise.
    """
    _Asking(screen, go_on).address("")


class _Asking:
    """One question after the other, on the line below a page."""

    def __init__(self, screen: PageScreen, go_on: Callable[[Place], object]) -> None:
        self._screen, self._go_on = screen, go_on
        self._address = self._patient = ""

    def _ask(self, question: str, text: str, then: Callable[[str], None], limit: int = 400) -> None:
        def done(text: str | None) -> None:
            self._screen.body.focus()
            if text is None:
                self._screen.say(_NOTHING)
            else:
                then(text.strip())

        self._screen.query_one(Prompt).ask(question, text, done, limit=limit)

    def address(self, text: str) -> None:
        """Ask for the server."""
        self._ask("FHIR server (https://…)", text, self._has_address)

    def _has_address(self, text: str) -> None:
        if not text:
            self._screen.say(_NOTHING)
            return
        try:
            self._address = Server(text).address
        except RecordError as error:
            self._screen.say((f"✗ {safe(str(error))}", "problem"))
            self.address(text)
            return
        self._ask("The patient's id there", "", self._has_patient, limit=64)

    def _has_patient(self, text: str) -> None:
        if not text:
            self._screen.say(_NOTHING)
            return
        self._patient = text
        self._ask("File with the access token (empty for none)", "", self._has_token)

    def _has_token(self, text: str) -> None:
        try:
            server = Server(self._address, token_in(full_path(text)) if text else "")
        except RecordError as error:
            self._screen.say((f"✗ {safe(str(error))}", "problem"))
            self._ask("File with the access token (empty for none)", text, self._has_token)
            return
        place = Place(server, self._patient)

        def answered(text: str) -> None:
            if text.casefold() in ("y", "yes"):
                self._screen.say((f"Sending to {safe(self._address)} …", "info"))
                self._go_on(place)
            else:
                self._screen.say(_NOTHING)

        where = f"{safe(self._address)}, Patient/{safe(self._patient)}"
        self._screen.say((f"! The note and the answers as a form, to {where}.", "caution"))
        self._ask("Write both into that record? (y/n)", "", answered, limit=3)


def sent_to(knowledge: Knowledge, reading: CaseReading, place: Place) -> list[Span]:
    """Send the note and the answers, and say what became of each.

    Args:
        knowledge: The criteria.
        reading: What was decided to hand on.
        place: Where to.
    """
    said: list[Span] = []
    try:
        items = to_send(knowledge, reading, now().date(), place.patient)
        send_all(
            place.server, place.patient, items, lambda line: said.append((f"✓ {line}", "good"))
        )
    except RecordError as error:
        said.append((f"✗ {error}", "problem"))
    return said
