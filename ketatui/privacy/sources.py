"""Where a confirmed value stands in a patient's record: written by the program, and no free text.

The name of a resource is kept to find the source again; it is of the measurement or order, and the
patient's own is not written. What is not in the form that the program writes is looked through.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

PROPOSALS = "proposals"
"""The table of a case that they stand in."""
_UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_RESOURCE = re.compile(
    rf"(?!Patient/)[A-Z][A-Za-z]{{2,40}}/[A-Za-z0-9.-]{{1,64}}|urn:uuid:{_UUID}", re.ASCII
)
_FORMS: Mapping[str, re.Pattern[str]] = {
    "resource": _RESOURCE,
    "also": _RESOURCE,
    # A system and a code of it, as the criteria list them; never an address with a query.
    "code": re.compile(
        r"(?:https?://|urn:)[A-Za-z0-9./:_-]{1,100}\|[A-Za-z0-9._-]{0,60}", re.ASCII
    ),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}(?:T[0-9:.]{5,18}(?:Z|[+-]\d{2}:\d{2}))?", re.ASCII),
}
_WHO = "confirmed_by"
"""The clinician's own name or initials, recorded on purpose."""


def names_a_source(place: Sequence[str | int], text: str) -> bool:
    """Tell whether a text only says where a value stands in a record.

    Args:
        place: Where in the case it stands.
        text: The text.
    """
    match place:
        case (str(table), int(_), str(field), *_) if table == PROPOSALS:
            form = _FORMS.get(field)
            return field == _WHO or (form is not None and form.fullmatch(text) is not None)
    return False
