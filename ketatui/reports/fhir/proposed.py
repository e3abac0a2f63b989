"""Where a proposed answer comes from, and who confirmed it: an extension of its item."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from ketatui.cases.model import Case
from ketatui.consultation.confirming import PROPOSALS
from ketatui.reports.fhir.coding import OURS, Json, text_of

PROPOSED = "proposed"
NAME = "name"
"""The column of a medicine's name, by which a row is known."""

_TEXTS = (("resource", "resource"), ("code", "code"), ("date", "date"), ("value", "value"))
"""Parts of the extension, and the keys of the case file that they hold."""


class Proposed:
    """What of a case was proposed, by a record or the site profile, and confirmed by somebody."""

    def __init__(self, case: Case) -> None:
        """Prepare.

        Args:
            case: The case, whose further tables may hold anything.
        """
        self._rows: dict[str, list[Mapping[str, Any]]] = {}
        found = case.extra.get(PROPOSALS)
        for row in found if isinstance(found, list) else ():
            if isinstance(row, Mapping) and isinstance(row.get("confirmed_by"), str):
                self._rows.setdefault(str(row.get("question")), []).append(row)

    def of(self, ident: str) -> list[Json]:
        """Return the extensions of a question's answer."""
        return [_extension(row) for row in self._rows.get(ident, ())]

    def of_row(self, ident: str, item: Json) -> list[Json]:
        """Return the extensions of one row of a table, by the name that it has."""
        names = set(_texts(item, f"{ident}.{NAME}"))
        rows = self._rows.get(ident, ())
        return [_extension(row) for row in rows if text_of(str(row.get("value"))) in names]


def _texts(item: Json, link: str) -> Iterator[str]:
    for cell in item.get("item", ()):
        if cell["linkId"] == link:
            yield from (answer["valueString"] for answer in cell["answer"])


def _extension(row: Mapping[str, Any]) -> Json:
    parts: list[Json] = []
    for name, key in _TEXTS:
        said = row.get(key)
        if said is not None and (text := text_of(str(said))):
            parts.append({"url": name, "valueString": text})
    parts.append({"url": "confirmed-by", "valueString": text_of(row["confirmed_by"]) or "unnamed"})
    at = row.get("confirmed_at")
    if isinstance(at, dt.datetime) and at.tzinfo is not None:
        said_at = f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
        parts.append({"url": "confirmed-at", "valueDateTime": said_at})
    return {"url": f"{OURS}:{PROPOSED}", "extension": parts}
