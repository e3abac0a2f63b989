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

BEGINNINGS = 3
"""Letters of a word for whose beginnings the index keeps the cases: one to as many as these."""
_FEW = 32
_SPELLED_OUT = (
    f"(select case when count(*) between 1 and {_FEW} "
    """then '(' || group_concat('"' || term || '"', ' OR ') || ')' else ? end """
    f"from (select term from words where term >= ? and term < ? limit {_FEW} + 1))"
)
"""Few words that begin so are sought themselves: that takes a tenth of seeking by a beginning for
which the index keeps no cases, which are then all gathered before the first one is told."""


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
        """Return the words of the text, as those of drafts are compared."""
        return [word.casefold() for word in _WORD.findall(self.text)]

    def where(self) -> tuple[str, list[Any]]:
        """Return the condition.

        Returns:
            SQL to stand after the table's name, and its parameters.
        """
        parts, values = self._facets()
        if self.words():
            wanted, more = self._match()
            parts.append(f"key in (select rowid from found where found match {wanted})")
            values += more
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
        wanted, values = self._match()
        parts, chosen = self._facets()
        more = "".join(f" and {part}" for part in parts)
        way = "desc" if self.falling else "asc"
        return (
            "found cross join cases on cases.key = found.rowid "
            f"where found match {wanted}{more} order by found.rowid {way}"
        ), [*values, *chosen]

    def counted(self) -> tuple[str, list[Any]]:
        """Return where the cases can be counted.

        Returns:
            SQL from the table on, and its parameters.
        """
        if self.words() and not any(self.chosen.values()):
            wanted, values = self._match()
            return f"found where found match {wanted}", values
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

    def _match(self) -> tuple[str, list[Any]]:
        """Return what a case has to match: SQL, and its parameters."""
        parts, values = [], list[Any]()
        for word in _WORD.findall(self.text):
            begins = f'"{word}"*'
            # How other letters are compared is known to the index alone.
            if len(word) > BEGINNINGS and word.isascii():
                low = word.lower()
                parts.append(_SPELLED_OUT)
                values += [begins, low, f"{low[:-1]}{chr(ord(low[-1]) + 1)}"]
            else:
                parts.append("?")
                values.append(begins)
        both = " || ' AND ' || ".join(parts)
        return f"({both})", values

    def order(self) -> str:
        """Return the order.

        Returns:
            SQL; equal rows stay newest first.
        """
        column = SORTS[self.sort]
        way = "desc" if self.falling else "asc"
        return f" order by {column} {way}" + ("" if column == "key" else ", key desc")
