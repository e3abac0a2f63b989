"""Forms that a later one of the same form stands in place of.

FHIR R4: ``identifier`` names one filled-in form, and ``authored`` is when its answers were last
changed. So of two forms of one identifier the one that was changed later is the form as it stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from ketatui.records.patients import ENTERED_IN_ERROR, Held
from ketatui.records.times import When, when

_SENT = "urn:ketatui:sent"
_CASE = "urn:ketatui:case"


class _Version(NamedTuple):
    key: str
    at: dt.datetime


def superseded(forms: Iterable[Held]) -> Mapping[str, str]:
    """Find the forms that another one stands in place of.

    One that was entered in error stands in place of nothing. One that cannot be read otherwise
    does: what it says is not known, but that the earlier one was changed is.

    Args:
        forms: Of one patient.

    Returns:
        For each of them, by its name, the name of the latest one.
    """
    versions: dict[str, list[_Version]] = {}
    for held in forms:
        name = _name(held.resource)
        at = when(str(held.resource.get("authored") or ""))
        meant = held.resource.get("status") != ENTERED_IN_ERROR
        if name and meant and isinstance(at, When) and at.moment is not None:
            versions.setdefault(name, []).append(_Version(held.key, at.moment))
    found: dict[str, str] = {}
    for same in versions.values():
        last = max(same, key=lambda item: item.at)
        found |= {item.key: last.key for item in same if item.at < last.at}
    return found


def _name(resource: Mapping[str, Any]) -> str:
    """Return what identifies a filled-in form; of what was sent of a case, the case."""
    identifier = resource.get("identifier")
    if not isinstance(identifier, Mapping):
        return ""
    system, value = identifier.get("system"), identifier.get("value")
    if not (isinstance(system, str) and isinstance(value, str) and system and value):
        return ""
    if system != _SENT:
        return f"{system}|{value}"
    subject = resource.get("subject")
    said = subject.get("reference") if isinstance(subject, Mapping) else None
    patient = said.rpartition("/")[2] if isinstance(said, str) else ""
    # Sent as CASE.PATIENT.DIGEST: the digest is of what it says and differs when that does.
    return f"{_CASE}|{value.rpartition('.')[0].removesuffix(f'.{patient}')}"
