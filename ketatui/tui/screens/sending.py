"""Into a patient's record: where to, about whom, and then whether; nothing goes before a yes."""

from __future__ import annotations

from collections.abc import Callable

from ketatui.cases.integrity import CaseReading
from ketatui.engine import Knowledge
from ketatui.records import RecordError
from ketatui.records.server import Place
from ketatui.reports.fhir.sending import send_all
from ketatui.reports.fhir.sent import to_send
from ketatui.tui.screens.page import PageScreen
from ketatui.tui.screens.record_server import AskServer
from ketatui.tui.session import now
from ketatui.tui.views.lines import Span, safe
from ketatui.tui.widgets.prompt import Prompt


def ask_where_to(screen: PageScreen, go_on: Callable[[Place], object]) -> None:
    """Ask for a server, a patient and a token, and then whether to send.

    Args:
        screen: Where it was asked for.
        go_on: Called once somebody said yes; not called otherwise.
    """

    def nothing() -> None:
        screen.say(("Nothing was sent.", "muted"))

    def named(place: Place) -> None:
        def answered(yes: bool) -> None:
            screen.body.focus()
            if yes:
                screen.say((f"Sending to {safe(place.server.address)} …", "info"))
                go_on(place)
            else:
                nothing()

        where = f"{safe(place.server.address)}, Patient/{safe(place.patient)}"
        screen.say((f"! The note and the answers as a form, to {where}.", "caution"))
        screen.query_one(Prompt).ask_yes_or_no("Write both into that record?", answered)

    asking = AskServer(screen, named, nothing, write=True)
    asking.begin()


def sent_to(knowledge: Knowledge, reading: CaseReading, place: Place) -> list[Span]:
    """Send the note and the answers, and say what became of each.

    Args:
        knowledge: The criteria.
        reading: What was decided to hand on.
        place: Where to.
    """
    said: list[Span] = []

    def tell(line: str) -> None:
        said.append((f"✓ {line}", "good"))

    try:
        items = to_send(knowledge, reading, now().date(), place.patient)
        send_all(place.server, place.patient, items, tell)
    except RecordError as error:
        said.append((f"✗ {error}", "problem"))
    return said
