"""A table of visits judged: what has to be reported, and whether each course goes on as planned."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from ketatui.cohort.disclosure import hide
from ketatui.cohort.duckdb_sql import prelude, query, quoted, text
from ketatui.cohort.errors import CohortError
from ketatui.cohort.sources import Source, open_source
from ketatui.cohort.visit_judging import CARRIED, decisions_of, lower_visits
from ketatui.cohort.visit_table import LATEST, NEEDED, visit_columns, with_course
from ketatui.course import CourseKnowledge
from ketatui.criteria.models.base import Verdict
from ketatui.structs import Frozen

_JUDGED = "judged"
_KINDS = ("session", "review")


class DecisionCount(Frozen, frozen=True):
    """One decision over the visits it is told of; None where a number is hidden.

    Attributes:
        id: The decision.
        of: ``visits``, or ``courses``: the last visit of each.
        verdicts: How many have each verdict, the most frequent first.
        rules: For how many each rule applies and is open, the most frequent first.
    """

    id: str
    of: str
    verdicts: tuple[tuple[Verdict, int | None], ...]
    rules: tuple[tuple[str, int | None, int | None], ...]


class VisitCounts(Frozen, frozen=True):
    """What a table of visits comes to.

    Attributes:
        visits: How many there are.
        courses: Of how many courses.
        ignored: Columns that are not read.
        decisions: Each decision that is judged.
    """

    visits: int
    courses: int
    ignored: tuple[str, ...]
    decisions: tuple[DecisionCount, ...]


def open_visits(connection: Any, path: Path, course: CourseKnowledge) -> Source:
    """Look at a table of visits.

    Raises:
        CohortError: It cannot be read, or a visit does not say whose, when or of what it is.
    """
    criteria = course.screening.pack
    source = open_source(connection, path, criteria, known=visit_columns(criteria, course.pack))
    lacking = [name for name in NEEDED if name not in source.cells]
    if lacking:
        raise CohortError(f"{path}: no column {', '.join(lacking)}; every visit needs them")
    cells = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in source.cells.items())
    table = f"(SELECT {cells} FROM {source.raw})"
    sites = criteria.questions[course.pack.info.site].options
    codes = {
        "kind": _KINDS,
        "pathway": tuple(course.pathways),
        "basis": tuple(course.pack.bases),
        "site": tuple(option.code for option in sites),
    }
    problems = []
    for name in NEEDED:
        test, allowed = f"{quoted(name)} IS NULL", "a value in every row"
        if name in codes:
            listed = ", ".join(map(text, codes[name]))
            test += f" OR {quoted(name)} NOT IN ({listed})"
            allowed = ", ".join(codes[name])
        elif name == "date":
            test, allowed = "TRY_CAST(date AS DATE) IS NULL", "days, YYYY-MM-DD"
        number = connection.execute(f"SELECT count(*) FROM {table} WHERE {test}").fetchone()[0]
        if number:
            problems.append(f"{path}: column {name}: {number:,} cannot be read; allowed: {allowed}")
    twice = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {table} GROUP BY id, course, number "
        "HAVING count(*) > 1)"
    ).fetchone()[0]
    if twice:
        problems.append(f"{path}: column number: {twice:,} visits of a course share one")
    if problems:
        raise CohortError("\n".join(problems))
    return source


def judge_visits(
    connection: Any, source: Source, course: CourseKnowledge, on: dt.date, out: Path | None = None
) -> VisitCounts:
    """Judge a table of visits.

    Args:
        connection: To DuckDB.
        source: The table.
        course: The compiled course.
        on: Today: from it the days since each visit count.
        out: A Parquet file to write each visit to, with ids, if any.

    Returns:
        How many of what; small numbers are hidden.
    """
    parts = []
    for number, pathway in enumerate(course.pathways):
        program, _ = lower_visits(course, pathway, source, on)
        for statement in prelude(program):
            connection.execute(statement)
        sql = query(program, with_course(source, course.pack, pathway, on))
        name = f"{_JUDGED}_{number}"
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
        parts.append(f"FROM {name}")
    joined = " UNION ALL BY NAME ".join(f"({part})" for part in parts)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {_JUDGED} AS {joined}")
    if out is not None:
        ordered = f"FROM {_JUDGED} ORDER BY {', '.join(map(quoted, CARRIED[:3]))}"
        connection.execute(f"COPY ({ordered}) TO {text(str(out))} (FORMAT parquet)")
    visits, courses = connection.execute(
        f"SELECT count(*), coalesce(count_if({LATEST}), 0) FROM {_JUDGED}"
    ).fetchone()
    return VisitCounts(
        visits,
        courses,
        source.ignored,
        tuple(_counted(connection, course, each) for each in decisions_of(course)),
    )


def _counted(connection: Any, course: CourseKnowledge, decision: str) -> DecisionCount:
    """Count one decision: of reports every visit, of going on the last visit of each course."""
    # Whoever was not reviewed once and is now is no one to call.
    is_last = not course.pack.decisions[decision].needs_dose
    where = f"WHERE {LATEST}" if is_last else ""
    verdicts = connection.execute(
        f"SELECT {quoted(f'{decision}.verdict')} AS verdict, count(*) FROM {_JUDGED} {where} "
        "GROUP BY verdict ORDER BY count(*) DESC, verdict"
    ).fetchall()
    told = hide({"": dict(verdicts)}, [verdict for verdict, _ in verdicts])
    rules = [rule.id for rule in course.pack.rules.values() if rule.decision == decision]
    counts = ", ".join(
        f"coalesce(count_if({quoted(rule)}), 0), count(*) - count({quoted(rule)})" for rule in rules
    )
    total, *row = connection.execute(f"SELECT count(*), {counts} FROM {_JUDGED} {where}").fetchone()
    found = []
    for rule, applies, open_ in zip(rules, row[::2], row[1::2], strict=True):
        line = {"applies": applies, "open": open_, "not": total - applies - open_}
        shown = hide({"": line}, list(line))
        if applies or open_:
            one, other = (
                None if shown is None else shown.cells["", each] for each in ("applies", "open")
            )
            found.append(((-applies, -open_, rule), (rule, one, other)))
    return DecisionCount(
        decision,
        "courses" if is_last else "visits",
        tuple(
            (verdict, None if told is None else told.cells["", verdict]) for verdict, _ in verdicts
        ),
        tuple(each for _, each in sorted(found)),
    )
