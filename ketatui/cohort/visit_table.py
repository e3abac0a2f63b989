"""A table of visits: its columns, and what SQL makes of the visits before each.

The one place that says over a table what `ketatui.course.past` and the calculations of
`ketatui.course` say of a course: its day, week, session and phase, and whether benefit was looked
at. A session without a dose may have been one, and leaves all of that open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import msgspec

from ketatui.cases.courses import Observation
from ketatui.cohort.columns import ID, UNKNOWN, ColumnSpec, columns_of
from ketatui.cohort.duckdb_sql import quoted, text
from ketatui.cohort.sources import Source
from ketatui.course.calculations import counts_sessions
from ketatui.course.vocabulary import DOSE, EVENTS, OBSERVATIONS
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models.course import Phase
from ketatui.criteria.pack import Pack

SCORES = "scores"
SCORED = ("score.now", "score.change_percent", "score.response", "score.worse", "score.relapse")
"""Facts of the scores that a table may have columns for; without them they are open."""
NEEDED: Mapping[str, str] = {
    ID: "text",
    "course": "text",
    "number": "int",
    "date": "day",
    "kind": "text",
    "pathway": "text",
    "basis": "text",
    "site": "text",
}
"""Columns that every visit has to have a value in."""
PLANNED = "planned_sessions"
LATEST = "latest"
EXTREMES: Mapping[str, tuple[str, str]] = {
    "visit.lowest_spo2": ("list_min", "spo2"),
    "visit.lowest_sedation": ("list_min", "sedation"),
    "visit.highest_systolic": ("list_max", "systolic"),
    "visit.highest_diastolic": ("list_max", "diastolic"),
}
COUNTED = ("course.day", "course.week", "course.session")
OF_COURSE = (*COUNTED, "course.phase", "course.benefit_reviewed", "visit.days_since")
"""Facts of the course that are worked out here."""
ANY_EVENT, UNREPORTED, SERIOUS, SERIOUS_OPEN = (
    "events:any",
    "events:unreported",
    "events:serious",
    "events:serious open",
)
_IS_DOSE = "kind = 'session' AND dose > 0"


def visit_columns(criteria: Pack, course: CoursePack) -> dict[str, ColumnSpec]:
    """Return every column that a table of visits may have.

    Args:
        criteria: The course in the form of a pack.
        course: The course.
    """
    kinds = {"bool": "bool", "int": "int", "decimal": "decimal"}
    found = columns_of(criteria.replaced(questions=dict(course.questions)))
    found |= {name: ColumnSpec(name, kind) for name, kind in NEEDED.items()}
    found[PLANNED] = ColumnSpec(PLANNED, "int")
    found |= {
        name: ColumnSpec(name, kinds[course.derived[name].kind])
        for name in SCORED
        if name in course.derived
    }
    observed = {part: "int" for _, part in EXTREMES.values()}
    found[OBSERVATIONS] = ColumnSpec(OBSERVATIONS, "rows", {"minute": "int", **observed})
    found[EVENTS] = ColumnSpec(EVENTS, "rows", {"serious": "bool", "reported_on": "day"})
    found[SCORES] = ColumnSpec(SCORES, "rows", {"date": "day"})
    return found


def with_course(source: Source, course: CoursePack, pathway: str, on: dt.date) -> str:
    """Return SQL for the visits of one pathway with what their course comes to before each.

    Args:
        source: The table.
        course: The course of the pack.
        pathway: The pathway.
        on: Today.
    """
    counts = _counts(course, pathway)
    made = {
        "course.day": "day",
        "course.week": "(day - 1) // 7 + 1",
        "course.session": "CASE WHEN nulls = 0 THEN doses + 1 END",
        "course.phase": _phase(source, course, pathway),
        "course.benefit_reviewed": counts,
        "visit.days_since": f"DATE {text(on.isoformat())} - on_day",
        LATEST: "place = 1",
        **_of_rows(source),
    }
    listed = ", ".join(f"({sql}) AS {quoted(name)}" for name, sql in made.items())
    cells = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in source.cells.items())
    return f"""(
SELECT *, {listed} FROM (SELECT *, on_day - day_one + 1 AS day FROM (
SELECT *,
  CASE WHEN nulls > 0 THEN NULL WHEN doses = 0 THEN on_day ELSE first_dose END AS day_one
FROM (SELECT *,
  coalesce(count_if(kind = 'session' AND dose IS NULL) OVER earlier, 0) AS nulls,
  coalesce(count_if({_IS_DOSE}) OVER earlier, 0) AS doses,
  min(CASE WHEN {_IS_DOSE} THEN on_day END) OVER earlier AS first_dose,
  list(on_day) FILTER (WHERE {_IS_DOSE}) OVER earlier AS dosed_on,
  max(CASE WHEN kind = 'review' THEN on_day END) OVER (
    PARTITION BY id, course ORDER BY on_day RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  ) AS reviewed_on,
  row_number() OVER (PARTITION BY id, course ORDER BY on_day DESC, number DESC) AS place
FROM (SELECT *, TRY_CAST(date AS DATE) AS on_day, {_dose(source, course)} AS dose,
  {_scored_on(source)} AS scored_on, {_is_scored(source)} AS scores_known
  FROM (SELECT {cells} FROM {source.raw}))
WHERE pathway = {text(pathway)}
WINDOW earlier AS (
  PARTITION BY id, course ORDER BY on_day, number
  ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
))))
)"""


def _dose(source: Source, course: CoursePack) -> str:
    """Return SQL for the dose of a visit: null where none can be read."""
    if DOSE not in source.cells:
        return "CAST(NULL AS DOUBLE)"
    question = course.questions[DOSE]
    name = quoted(DOSE)
    tests = [
        *(() if question.min is None else (f"{name} >= {question.min}",)),
        *(() if question.max is None else (f"{name} <= {question.max}",)),
    ]
    if UNKNOWN in source.cells:
        known = ", ".join(text(each) for each in course.questions if each != DOSE)
        # A mark that is no question may have meant the dose.
        tests.append(
            f"NOT coalesce(len(list_filter({quoted(UNKNOWN)}, "
            f"lambda m: m IS NULL OR m NOT IN ({known}))) > 0, false)"
        )
    return f"CASE WHEN {' AND '.join(tests) or 'true'} THEN {name} END"


def _days_scored() -> str:
    dates = f"list_transform({quoted(SCORES)}, lambda s: TRY_CAST(s.date AS DATE))"
    return f"list_filter({dates}, lambda d: d <= TRY_CAST(date AS DATE))"


def _scored_on(source: Source) -> str:
    if SCORES not in source.cells:
        return "CAST(NULL AS DATE)"
    return f"list_max({_days_scored()})"


def _is_scored(source: Source) -> str:
    """Return SQL for whether it is known on which days a score was taken."""
    if SCORES not in source.cells:
        return "false"
    lost = f"list_filter({quoted(SCORES)}, lambda s: TRY_CAST(s.date AS DATE) IS NULL)"
    return f"coalesce(len({lost}) = 0, false)"


def _counts(course: CoursePack, pathway: str) -> str:
    """Return SQL for whether benefit was looked at: a score or a review, recent and late enough."""
    benefit = course.schedule.benefit
    days = course.threshold_values[benefit.counts_for]
    recent = "greatest(reviewed_on, scored_on)"
    by_sessions = counts_sessions(course, pathway)
    if by_sessions:
        late = f"{recent} > dosed_on[{benefit.after_session}]"
    else:
        late = f"{recent} - day_one + 1 >= {benefit.from_day}"
    early = f"WHEN doses < {benefit.after_session} THEN false" if by_sessions else ""
    return (
        f"CASE WHEN nulls > 0 THEN NULL {early} "
        f"WHEN coalesce(on_day - {recent} <= {days} AND {late}, false) THEN true "
        "WHEN scores_known THEN false END"
    )


def _phase(source: Source, course: CoursePack, pathway: str) -> str:
    planned = str(course.schedule.planned_sessions)
    if PLANNED in source.cells:
        planned = f"coalesce({PLANNED}, {planned})"
    cases = [
        f"WHEN {_fits(phase, planned)} THEN {text(phase.id)}"
        for phase in course.schedule.phases
        if pathway in phase.pathways
    ]
    return f"CASE WHEN nulls > 0 THEN NULL {' '.join(cases)} END"


def _fits(phase: Phase, planned: str) -> str:
    tests = []
    if phase.bases:
        tests.append(f"basis IN ({', '.join(map(text, phase.bases))})")
    if phase.sessions is not None:
        op = "<=" if phase.sessions == "planned" else ">"
        tests.append(f"doses + 1 {op} {planned}")
    else:
        week = "(day - 1) // 7 + 1"
        tests.append(f"{week} >= {phase.first_week or 1}")
        if phase.last_week is not None:
            tests.append(f"{week} <= {phase.last_week}")
    return " AND ".join(tests)


def _of_rows(source: Source) -> dict[str, str]:
    """Return SQL for what the rows of a session come to."""
    found: dict[str, str] = {}
    seen = source.given.fields.get(OBSERVATIONS, frozenset())
    for name, (which, part) in EXTREMES.items():
        low, high = _limits(part)
        value = f"CASE WHEN o.{part} BETWEEN {low} AND {high} THEN o.{part} END"
        made = f"{which}(list_transform({quoted(OBSERVATIONS)}, lambda o: {value}))"
        found[name] = made if part in seen else "CAST(NULL AS BIGINT)"
    fields = source.given.fields.get(EVENTS)
    if fields is None:
        return found | dict.fromkeys((ANY_EVENT, UNREPORTED, SERIOUS, SERIOUS_OPEN), "false")
    day = "TRY_CAST(e.reported_on AS DATE) IS NULL" if "reported_on" in fields else "true"
    serious = "e.serious" if "serious" in fields else "CAST(NULL AS BOOLEAN)"
    tests = {
        ANY_EVENT: "true",
        UNREPORTED: day,
        SERIOUS: f"{day} AND coalesce({serious}, false)",
        SERIOUS_OPEN: f"{day} AND {serious} IS NULL",
    }
    for name, test in tests.items():
        listed = f"list_filter({quoted(EVENTS)}, lambda e: {test})"
        found[name] = f"coalesce(len({listed}) > 0, false)"
    return found


def _limits(part: str) -> tuple[int, int]:
    """Return the least and greatest value of a part of an observation."""
    kinds = msgspec.inspect.type_info(Observation)
    assert isinstance(kinds, msgspec.inspect.StructType)
    field = next(each for each in kinds.fields if each.name == part)
    options = field.type.types if isinstance(field.type, msgspec.inspect.UnionType) else ()
    number = next(each for each in options if isinstance(each, msgspec.inspect.IntType))
    assert number.ge is not None and number.le is not None
    return number.ge, number.le
