"""Writing what of a case goes into a patient's record, each part once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ketatui.records import RecordError
from ketatui.records.server import Server
from ketatui.reports.fhir.sent import ToSend


def send_all(
    server: Server, patient: str, items: Iterable[ToSend], tell: Callable[[str], None]
) -> None:
    """Send each; what is there already stays, so that a second try doubles nothing.

    Args:
        server: The server.
        patient: Into whose record; the server has to know them.
        items: What is sent.
        tell: Is told what became of each, a line each.

    Raises:
        RecordError: One could not be sent; says what became of the others.
    """
    server.check_patient(patient)
    done: list[str] = []
    for item in items:
        try:
            made = server.create(item.kind, item.body, item.identifier)
        except RecordError as error:
            before = f"; sent before: {', '.join(done)}" if done else ""
            raise RecordError(
                f"{error}: {item.what} was not sent{before}; "
                "the case is as it was, and a second try sends nothing twice"
            ) from None
        word = "Was there already" if made.there else "Written"
        done.append(made.name)
        tell(f"{word}: {made.name}, {item.what}")
