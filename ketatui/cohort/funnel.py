"""What stops whom, and what is missing to know: the numbers of a screening, small ones hidden."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ketatui.cohort import manifest as manifests
from ketatui.cohort.disclosure import SMALL, Shown, grouped, hide
from ketatui.cohort.duckdb_sql import quoted, text
from ketatui.cohort.errors import CohortError
from ketatui.cohort.judging import KEPT
from ketatui.cohort.screening import connect, results
from ketatui.structs import Frozen

STANDINGS = (
    "contraindicated",
    "not_indicated",
    "not_recommended",
    "unmet",
    "open_caution",
    "open_fits",
    "caution",
    "fits",
)
"""How a patient stands on a pathway: the verdict, and of an incomplete one the best it can be."""
CANDIDATES = STANDINGS[4:]
"""Those who could still be candidates."""
STOPS = STANDINGS[:4]
"""Effects that stop a patient."""
EVERYBODY, OTHER, NOT_KNOWN = "all", "groups of few", "not known"
_BAND = 10
"""Whole numbers are grouped by tens."""


class RuleCount(Frozen, frozen=True):
    """For how many patients a rule stands how; None where that is hidden.

    Attributes:
        rule: The rule.
        effect: What it does.
        applies: For how many it applies.
        open: For how many it is open.
        only: Of those it stops, for how many it is the only one that does.
        order: What it is sorted by; never shown.
    """

    rule: str
    effect: str
    applies: int | None
    open: int | None
    only: int | None
    order: int


class MissingCount(Frozen, frozen=True):
    """For how many of those who could still be candidates something is open.

    Attributes:
        questions: The questions without a column that keep it open; none where there are columns
            for all of them.
        rules: The rules that are open for it.
        open: For how many at least one of them is; of several, for how many the most frequent.
        order: What it is sorted by; never shown.
    """

    questions: tuple[str, ...]
    rules: tuple[str, ...]
    open: int | None
    order: int


class PathwayFunnel(Frozen, frozen=True):
    """One pathway: how patients stand, what stops them, and what is open.

    Attributes:
        id: The pathway.
        standings: Patients by group and standing.
        rules: The rules that stop anybody, those that stop most first.
        missing: What is open among those who could still be candidates, the most frequent first.
    """

    id: str
    standings: Shown
    rules: tuple[RuleCount, ...]
    missing: tuple[MissingCount, ...]


class Funnel(Frozen, frozen=True):
    """The numbers of a screening.

    Attributes:
        patients: How many were screened.
        about: The manifest.
        pathways: Each pathway.
        by: What they are grouped by, if anything.
    """

    patients: int
    about: Mapping[str, Any]
    pathways: tuple[PathwayFunnel, ...]
    by: str | None


def count_results(out: Path, by: str | None = None) -> Funnel:
    """Count the results of a screening.

    Args:
        out: The folder of the results.
        by: A column that was kept, to group by.

    Returns:
        The numbers; small ones, and those they could be worked out from, are None.

    Raises:
        CohortError: There are no finished results, the column was not kept, or there are too few
            patients to show anything of.
    """
    about = manifests.finished(out)
    connection = connect()
    table = results(out)
    patients = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    if patients <= SMALL:
        raise CohortError(f"{out}: {patients} patients; numbers are shown of more than {SMALL}")
    group = _group_sql(connection, table, by)
    pathways = []
    for ident in about["columns"]["rules"]:
        counts = _standings(connection, table, ident, group)
        rules = _rules(connection, table, about, ident)
        alone = _alone(rules)
        shown = hide(grouped(counts, OTHER), STANDINGS, alone.__contains__)
        if shown is None:
            raise CohortError(f"{out}: too few patients to show any number of by {by or 'pathway'}")
        total = shown.rows[-1]
        told = {each for each in STANDINGS if shown.cells[total, each] is not None}
        pathways.append(
            PathwayFunnel(
                ident,
                shown,
                tuple(_shown_rule(each, patients, told, alone) for each in rules),
                _missing(connection, table, about, ident, shown),
            )
        )
    return Funnel(patients, about, _alike(pathways, about), by)


def _alike(
    pathways: Sequence[PathwayFunnel], about: Mapping[str, Any]
) -> tuple[PathwayFunnel, ...]:
    """Hide a rule on every pathway that shares its column with one where it is hidden."""
    columns = about["columns"]["rules"]
    hidden = {
        columns[pathway.id][each.rule]
        for pathway in pathways
        for each in pathway.rules
        if each.applies is None
    }
    return tuple(
        pathway.replaced(
            rules=tuple(
                each.replaced(applies=None, only=None)
                if columns[pathway.id][each.rule] in hidden
                else each
                for each in pathway.rules
            )
        )
        for pathway in pathways
    )


def _group_sql(connection: Any, table: str, by: str | None) -> str:
    if by is None:
        return text(EVERYBODY)
    found = connection.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()
    kinds = {name: kind for name, kind, *_ in found}
    column = f"{KEPT}{by}"
    if column not in kinds:
        kept = [name.removeprefix(KEPT) for name in kinds if name.startswith(KEPT)]
        allowed = ", ".join(kept) or "none; keep one with: ketatui cohort screen --keep COLUMN"
        raise CohortError(f"--by {by}: that column was not kept; allowed: {allowed}")
    name = quoted(column)
    if kinds[column] in ("BIGINT", "INTEGER", "SMALLINT", "TINYINT"):
        low = f"CAST(floor({name} / {_BAND}) * {_BAND} AS BIGINT)"
        high = f"CAST({low} + {_BAND - 1} AS VARCHAR)"
        made = f"lpad(CAST({low} AS VARCHAR), 3, ' ') || ' to ' || {high}"
    else:
        made = f"CAST({name} AS VARCHAR)"
    return f"coalesce({made}, {text(NOT_KNOWN)})"


def _standings(connection: Any, table: str, pathway: str, group: str) -> dict[str, dict[str, int]]:
    verdict, best = quoted(f"{pathway}.verdict"), quoted(f"{pathway}.best")
    standing = f"CASE {verdict} WHEN 'incomplete' THEN 'open_' || {best} ELSE {verdict} END"
    rows = connection.execute(
        f"SELECT {group} AS who, {standing} AS standing, count(*) FROM {table} "
        "GROUP BY who, standing ORDER BY who"
    ).fetchall()
    found: dict[str, dict[str, int]] = {}
    for who, how, number in rows:
        found.setdefault(who, {})[how] = number
    return found


class _Counted(Frozen, frozen=True):
    rule: str
    effect: str
    applies: int
    open: int
    only: int


def _rules(connection: Any, table: str, about: Mapping[str, Any], pathway: str) -> list[_Counted]:
    """Count for each rule that can stop somebody whom it stops, and whom it alone does."""
    columns = about["columns"]["rules"][pathway]
    effects = about["columns"]["effects"][pathway]
    stopping = [rule for rule in columns if effects[rule] in STOPS]
    if not stopping:
        return []
    how_many = " + ".join(f"coalesce({quoted(columns[r])}, false)::UTINYINT" for r in stopping)
    parts = []
    for rule in stopping:
        name = quoted(columns[rule])
        parts += [f"coalesce(count_if({name}), 0)", f"count(*) - count({name})"]
    row = connection.execute(f"SELECT {', '.join(parts)} FROM {table}").fetchone()
    # Where one rule stops a patient, the sum of the places of those that do is its own.
    places = " + ".join(
        f"coalesce({quoted(columns[r])}, false)::USMALLINT * {at}::USMALLINT"
        for at, r in enumerate(stopping)
    )
    lone = connection.execute(
        f"SELECT place, count(*) FROM (SELECT {how_many} AS stops, {places} AS place "
        f"FROM {table}) WHERE stops = 1 GROUP BY place"
    ).fetchall()
    alone = dict(lone)
    found = [
        _Counted(rule, effects[rule], row[2 * at], row[2 * at + 1], alone.get(at, 0))
        for at, rule in enumerate(stopping)
    ]
    return sorted(found, key=lambda each: (-each.applies, each.rule))


def _alone(rules: Sequence[_Counted]) -> frozenset[str]:
    """Return the effects that one rule alone brings about: its number is that of the verdict."""
    found = []
    for effect in STOPS:
        if sum(each.applies > 0 and each.effect == effect for each in rules) == 1:
            found.append(effect)
    return frozenset(found)


def _shown_rule(each: _Counted, patients: int, told: set[str], alone: frozenset[str]) -> RuleCount:
    line = {"applies": each.applies, "open": each.open}
    line["not"] = patients - each.applies - each.open
    applies, open_ = _shown_of(line, "applies"), _shown_of(line, "open")
    if each.effect in alone and each.effect not in told:
        # Where the number of a verdict is hidden, so is that of the one rule behind it.
        applies = None
    only: int | None = None
    if applies is not None:
        only = _shown_of({"only": each.only, "others": each.applies - each.only}, "only")
    return RuleCount(each.rule, each.effect, applies, open_, only, each.applies)


def _shown_of(line: Mapping[str, int], column: str) -> int | None:
    """Return a number of a line whose sum is known; None where it is hidden."""
    shown = hide({EVERYBODY: line}, list(line))
    return None if shown is None else shown.cells[EVERYBODY, column]


def _missing(
    connection: Any, table: str, about: Mapping[str, Any], pathway: str, standings: Shown
) -> tuple[MissingCount, ...]:
    """Count what is open among those who could still be candidates."""
    columns = about["columns"]["rules"][pathway]
    best = quoted(f"{pathway}.best")
    parts = [f"count(*) - count({quoted(column)})" for column in columns.values()]
    row = connection.execute(
        f"SELECT count(*), {', '.join(parts)} FROM {table} WHERE {best} IN ('fits', 'caution')"
    ).fetchone()
    candidates = row[0]
    # Where it is not shown how many they are, nothing is shown of them.
    total = standings.rows[-1]
    is_told = all(standings.cells[total, each] is not None for each in CANDIDATES)
    lacking: dict[str, list[str]] = {}
    for question, rules in about["check"]["missing"].items():
        for rule in rules:
            lacking.setdefault(rule, []).append(question)
    alike: dict[tuple[object, ...], list[tuple[str, int]]] = {}
    for rule, number in zip(columns, row[1:], strict=True):
        if number:
            questions = tuple(lacking.get(rule, ()))
            key = questions or (rule,)
            alike.setdefault(key, []).append((rule, number))
    found = []
    for listed in alike.values():
        number = max(each for _, each in listed)
        shown = _shown_of({"open": number, "not": candidates - number}, "open")
        found.append(
            MissingCount(
                tuple(lacking.get(listed[0][0], ())),
                tuple(rule for rule, _ in listed),
                shown if is_told else None,
                number,
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.order, each.rules)))
