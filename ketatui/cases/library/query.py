"""A question to the library, and the same in SQL."""

from __future__ import annotations

import re
from typing import Any

from msgspec import field

from ketatui.structs import Frozen

_DUE = (
    "case when due_by is null then '' when due_by < date('now', 'localtime') then 'overdue' "
    "when due_by <= date('now', 'localtime', '+7 days') then 'due' else 'later' end"
)
"""Changes with the day: what stands in the index is the day by which something is due."""

_TREATMENT = (
    "case when due_by is not null then due_by when treatment = 'in_treatment' then 'going on' "
    "when treatment = 'stopped' then 'stopped' else 'without' end"
)
"""By what is due soonest; then what goes on, what was stopped, and cases without a course."""

FACETS: dict[str, str] = {
    "state": "state",
    "decision": "pathway",
    "standing": "standing",
    "verdict": "verdict",
    "diagnosis": "diagnosis",
    "worst": "worst_rule",
    "criteria": "pack_version",
    "reviewer": "reviewer",
    "today": "again",
    "file": "file",
    "treatment": "treatment",
    "due": _DUE,
    "stopped": "stop_reason",
}
"""What can be filtered by, and the column that holds it."""

SORTS: dict[str, str] = {
    "date": "key",
    "label": "label collate nocase",
    "who": "age",
    "diagnosis": "diagnosis",
    "decision": "pathway",
    "verdict": "verdict_rank",
    "worst": "worst_rank",
    "overrides": "override_count",
    "criteria": "pack_version",
    "state": "state",
    "treatment": _TREATMENT,
    "reviewer": "reviewer collate nocase",
}
"""What can be sorted by, and how."""

_WORD = re.compile(r"[^\W_]+")


class Query(Frozen, frozen=True):
    """Which cases, in which order.

    Attributes:
        text: Words; each has to begin a word of the case.
        chosen: Values wanted by facet; a facet that is not there allows all.
        sort: What to sort by, a key of `SORTS`.
        falling: Whether the largest comes first.
    """

    text: str = ""
    chosen: dict[str, frozenset[str]] = field(default_factory=dict)
    sort: str = "date"
    falling: bool = True

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return not self.words() and not any(self.chosen.values())

    def words(self) -> list[str]:
        """Return the words of the text, as they are compared."""
        return [word.casefold() for word in _WORD.findall(self.text)]

    def where(self) -> tuple[str, list[Any]]:
        """Return the condition.

        Returns:
            SQL to stand after the table's name, and its parameters.
        """
        parts, values = self._facets()
        if self.words():
            parts.append("key in (select rowid from found where found match ?)")
            values.append(self._match())
        return (f" where {' and '.join(parts)}" if parts else ""), values

    def source(self) -> tuple[str, list[Any]]:
        """Return the cases themselves, in the query's order.

        Searched by words and sorted by date, they are taken from the index of words as it yields
        them, newest first: a page then costs a page, however many there are.

        Returns:
            SQL from the table on, and its parameters.
        """
        if not (self.words() and self.sort == "date"):
            where, values = self.where()
            return f"cases{where}{self.order()}", values
        parts, values = self._facets()
        more = "".join(f" and {part}" for part in parts)
        way = "desc" if self.falling else "asc"
        return (
            "found cross join cases on cases.key = found.rowid "
            f"where found match ?{more} order by found.rowid {way}"
        ), [self._match(), *values]

    def counted(self) -> tuple[str, list[Any]]:
        """Where the cases can be counted.

        Returns:
            SQL from the table on, and its parameters.
        """
        if self.words() and not any(self.chosen.values()):
            return "found where found match ?", [self._match()]
        where, values = self.where()
        return f"cases{where}", values

    def _facets(self) -> tuple[list[str], list[Any]]:
        parts: list[str] = []
        values: list[Any] = []
        for facet, wanted in self.chosen.items():
            if wanted:
                marks = ", ".join("?" for _ in wanted)
                parts.append(f"{FACETS[facet]} in ({marks})")
                values += sorted(wanted)
        return parts, values

    def _match(self) -> str:
        return " ".join(f'"{word}"*' for word in self.words())

    def order(self) -> str:
        """Return the order.

        Returns:
            SQL; equal rows stay newest first.
        """
        column = SORTS[self.sort]
        way = "desc" if self.falling else "asc"
        return f" order by {column} {way}" + ("" if column == "key" else ", key desc")
