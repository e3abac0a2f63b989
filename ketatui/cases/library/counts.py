"""What the overview counts, over the cases of a query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ketatui.cases.library.query import FACETS, Query
from ketatui.structs import Frozen

Ask = Callable[[str, Sequence[Any]], list[Any]]
"""Puts SQL to the index."""
Counted = tuple[tuple[str, int], ...]
"""Values and how often each is there."""


class Overview(Frozen, frozen=True):
    """Counts over some cases.

    Attributes:
        cases: How many there are.
        unreadable: How many files of these cannot be read.
        decisions: By what was decided; empty where nothing is.
        verdicts: By the verdict of the pathway that was chosen.
        worst: By the rule of the worst finding.
        overridden: By the rule that was set aside, of all overrides.
        reasons: By the reason given for setting a finding aside.
        ages: By ten years of age, ``50`` for 50 to 59; empty where none is recorded.
        treatment: By how the last course stands; empty without one.
        months: By month of saving, ``2026-11``, each from the first to the last.
        agreed: Cases on which a reviewer agreed.
        disagreed: Cases on which a reviewer disagreed.
    """

    cases: int
    unreadable: int
    decisions: Counted
    verdicts: Counted
    worst: Counted
    overridden: Counted
    reasons: Counted
    ages: Counted
    treatment: Counted
    months: Counted
    agreed: int
    disagreed: int


def overview(ask: Ask, query: Query) -> Overview:
    """Count the cases of a query in all ways the overview shows.

    Args:
        ask: Puts SQL to the index.
        query: Which cases.

    Returns:
        The counts; unreadable files count among the cases and nowhere else.
    """
    where, values = query.where()

    def tally(column: str, source: str = "cases", more: str = "problem is null") -> Counted:
        condition = f"{where} and {more}" if where else f" where {more}"
        sql = f"select {column}, count(*) from {source}{condition} group by 1 order by 2 desc, 1"
        return tuple((str(row[0] or ""), int(row[1])) for row in ask(sql, values))

    each = "cases, json_each(cases.overrides) as one"
    total, unreadable, agreed, disagreed = ask(
        "select count(*), total(problem is not null), total(agreed > 0), total(disagreed > 0) "
        f"from cases{where}",
        values,
    )[0]
    months = dict(tally("substr(saved_at, 1, 7)", more="saved_at is not null"))
    return Overview(
        cases=int(total),
        unreadable=int(unreadable),
        decisions=tally(FACETS["decision"]),
        verdicts=tally(FACETS["verdict"]),
        worst=tally(FACETS["worst"]),
        overridden=tally("json_extract(one.value, '$[1]')", each),
        reasons=tally("json_extract(one.value, '$[2]')", each),
        ages=tally("cast(age / 10 * 10 as text)"),
        treatment=tally("treatment"),
        months=tuple((month, months.get(month, 0)) for month in _all_months(sorted(months))),
        agreed=int(agreed),
        disagreed=int(disagreed),
    )


def _all_months(found: Sequence[str]) -> list[str]:
    """Return every month from the first to the last."""
    if not found:
        return []
    year, month = (int(part) for part in found[0].split("-"))
    names = []
    while (name := f"{year:04}-{month:02}") <= found[-1]:
        names.append(name)
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return names
