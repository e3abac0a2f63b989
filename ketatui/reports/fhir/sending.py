"""Writing what of a case goes into a patient's record, each part once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ketatui.records import RecordError
from ketatui.records.patients import ENTERED_IN_ERROR, reference_of
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
            item, beside = _in_place(server, item)
            made = server.create(item.kind, item.body, item.identifier)
        except RecordError as error:
            before = f"; sent before: {', '.join(done)}" if done else ""
            raise RecordError(
                f"{error}: {item.what} was not sent{before}; "
                "the case is as it was, and a second try sends nothing twice"
            ) from None
        word = "Was there already" if made.there else "Written"
        done.append(made.name)
        tell(f"{word}: {made.name}, {item.what}{'' if made.there else beside}")


def _in_place(server: Server, item: ToSend) -> tuple[ToSend, str]:
    """Return what is sent as what stands in place of the notes before it, and words for that.

    Raises:
        RecordError: It cannot be told whether there are such.
    """
    if item.series is None:
        return item, ""
    there = server.identified(item.kind, item.series)
    if there is None:
        return item, "; the server cannot be searched for an earlier one that it replaces"
    names = {f"{item.kind}/{one['id']}": one for one in there if isinstance(one.get("id"), str)}
    replaced = {name for one in there for name in _replaced_by(one)}
    earlier = [
        name
        for name, one in names.items()
        if name not in replaced and one.get("status") != ENTERED_IN_ERROR
    ]
    if not earlier:
        return item, ""
    return item.replacing(earlier), f", in place of {', '.join(earlier)}"


def _replaced_by(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of what a document stands in place of."""
    related = document.get("relatesTo")
    for link in related if isinstance(related, list) else ():
        if isinstance(link, Mapping) and link.get("code") == "replaces":
            yield reference_of(link.get("target"))
