"""What a lowering has to get right, all of it said once by the engine: the judge of its mutants.

Patients in two tables (one with every column, one with few and with answers for all), random
expressions with what they wait for, columns to group by, and the names in a table.
"""

from __future__ import annotations

import datetime as dt
import pickle
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from reliability.shipped import shipped

PATIENTS, FEW, EXPRESSIONS, COURSES = 1_500, 160, 70, 100
_TODAY = dt.date(2026, 4, 20)
_ABSENT = "absent"
_CONSTANTS: dict[str, Any] = {
    "setting.dea_ciii": False,
    "setting.site": "outpatient_clinic",
    "patient.weight_kg": Decimal("70.5"),
    "vitals.spo2": 97,
    "medications.reviewed": True,
    "trials.rows_complete": True,
}
_LEFT_OUT = (
    "scales.phq9.self_harm",
    "scales.audit_c.binge",
    "medical.avm",
    "psych.psychosis",
    "scales.madrs",
    "vitals.heart_rate",
    "unknown",
)
_KEPT = ("patient.sex", "patient.age", "medical.hepatic", "ward")
_NAMES = ("Zoloft", "sertraline", "blue pill", "lorazepam", "paroxetine cr", "novelazine", "zzz")


def prepare(folder: Path, seed: int) -> None:
    """Make patients and expressions, and let the engine say once what is right.

    Args:
        folder: Where to keep all of it.
        seed: Of the patients and the expressions.
    """
    import polars

    from reliability.cohort_expressions import FIXED, Writer, engine_says
    from reliability.cohort_rows import Maker
    from reliability.cohorts import frame_of

    knowledge = shipped()
    maker = Maker(knowledge, seed)
    rows = list(maker.rows(PATIENTS))
    for number, row in enumerate(rows[::5]):
        # Fewer trials reported than are listed, of a history that is not marked as complete.
        row |= {"trials.reported_count": number % 3, "trials.rows_complete": None, "unknown": []}
    frame_of(knowledge.pack, rows).write_parquet(folder / "patients.parquet")
    few = list(maker.rows(FEW, first=PATIENTS))
    meant = []
    for row in few:
        said = row | dict.fromkeys(_LEFT_OUT) | _CONSTANTS
        said["medications.reviewed"] = None if row["medications"] is None else True
        said["trials.rows_complete"] = None if row["antidepressant_trials"] is None else True
        meant.append(said)
    few_frame = frame_of(knowledge.pack, few).drop(*_CONSTANTS, *_LEFT_OUT)
    few_frame = few_frame.with_columns(ward=polars.Series([f"ward {n % 4}" for n in range(FEW)]))
    few_frame.write_parquet(folder / "few.parquet")
    texts = [*FIXED, *Writer(knowledge, seed).many(EXPRESSIONS)]
    some = rows[:FEW]
    frame_of(knowledge.pack, some).write_parquet(folder / "some.parquet")
    says = engine_says(knowledge, some, texts)
    wanted = {
        "patients": _wanted(knowledge, rows, {}, ids=False),
        "few": _wanted(knowledge, meant, _CONSTANTS, ids=True),
        "expressions": says,
        "visits": _visits(folder, seed),
    }
    (folder / "wanted").write_bytes(pickle.dumps(wanted))
    can = {name for name, said in _expressions(folder, texts).items() if said == says[name]}
    (folder / "can").write_bytes(pickle.dumps((texts, can, _said_of_names())))


def _wanted(
    knowledge: Any, rows: list[dict[str, Any]], constants: dict[str, Any], *, ids: bool
) -> dict[str, list[Any]]:
    from ketatui.engine.inputs import input_of
    from ketatui.engine.judging import judge_input
    from reliability import cohorts
    from reliability.cohort_rows import case_of, expected

    lowered, _ = cohorts.screen_rows(
        knowledge, [], constants=constants, without=_LEFT_OUT if ids else ()
    )
    told = []
    for number, row in enumerate(rows):
        found = expected(knowledge, row, lowered.rules, lowered.payers, cohorts.ON)
        if ids:
            case = case_of(knowledge, row)
            _, judged = judge_input(knowledge, input_of(case), cohorts.ON)
            for pathway in judged:
                needs = {ident for item in pathway.open for ident in item.needs}
                order = list(knowledge.pack.questions)
                found[f"{pathway.id}.missing"] = sorted(needs, key=order.index)
                found[f"{pathway.id}.open"] = [item.rule for item in pathway.open]
            found |= {f"by {name}": case.answers.get(name) for name in _KEPT[:-1]}
            found["by ward"] = f"ward {number % 4}"
        told.append(found)
    names = dict.fromkeys(name for row in told for name in row)
    return {name: [row.get(name, _ABSENT) for row in told] for name in names}


# --- the checks ------------------------------------------------------------------------------


def notices(folder: Path) -> str | None:
    """Tell what the lowering as it is loaded says that the engine does not; None for nothing."""
    wanted = pickle.loads((folder / "wanted").read_bytes())
    texts, can, names = pickle.loads((folder / "can").read_bytes())
    checks: list[tuple[str, Callable[[], bool]]] = [
        ("names", lambda: _said_of_names() != names),
        ("few", lambda: _differs(folder, "few", wanted["few"], _CONSTANTS, ids=True)),
        ("visits", lambda: _visits_differ(folder, wanted["visits"])),
        ("expressions", lambda: _expressions_differ(folder, texts, can, wanted["expressions"])),
        ("patients", lambda: _differs(folder, "patients", wanted["patients"], {}, ids=False)),
    ]
    return next((name for name, differs in checks if differs()), None)


def _said_of_names() -> Any:
    from ketatui.cohort.names import name_tables, unresolved
    from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS

    knowledge = shipped()
    tables = name_tables(knowledge, {MEDICATIONS: _NAMES, TRIALS: reversed(_NAMES)})
    counts = {name: 1 + len(name) % 3 for name in _NAMES}
    return [(name, list(table.items())) for name, table in tables.items()], unresolved(
        knowledge, counts
    )


def _differs(
    folder: Path, name: str, wanted: dict[str, list[Any]], constants: dict[str, Any], *, ids: bool
) -> bool:
    import polars

    from ketatui.cohort.polars_frames import collected
    from ketatui.cohort.screening import connect, lowered_for
    from ketatui.cohort.sources import open_source
    from reliability.cohorts import ON

    knowledge = shipped()
    path = folder / f"{name}.parquet"
    connection = connect(1)
    source = open_source(connection, path, knowledge.pack, constants)
    # With lists of ids or without, as nothing says otherwise.
    more: dict[str, Any] = {"ids": True, "keep": _KEPT} if ids else {}
    lowered = lowered_for(connection, source, knowledge, ON, **more)
    found = collected(lowered.program, polars.scan_parquet(path))
    if any(each not in found.columns for each in wanted):
        return True
    if not ids and any(each.endswith((".open", ".missing")) for each in found.columns):
        return True
    return any(
        right != _ABSENT and (right != value or type(right) is not type(value))
        for each in wanted
        for right, value in zip(wanted[each], found[each].to_list(), strict=True)
    )


def _visits(folder: Path, seed: int) -> list[tuple[str, int, dict[str, Any]]]:
    from ketatui.course import compile_course
    from reliability.cohort_visits import VisitMaker, visit_frame

    course = compile_course(shipped())
    pairs = list(VisitMaker(course, seed, _TODAY).visits(COURSES))
    visit_frame(course, [row for row, _ in pairs]).write_parquet(folder / "visits.parquet")
    return [(row["id"], row["number"], says) for row, says in pairs]


def _visits_differ(folder: Path, wanted: list[tuple[str, int, dict[str, Any]]]) -> bool:
    import polars

    from ketatui.cohort.screening import connect
    from ketatui.cohort.visits import judge_visits, open_visits
    from ketatui.course import compile_course

    course, out = compile_course(shipped()), folder / "judged.parquet"
    connection = connect(1)
    source = open_visits(connection, folder / "visits.parquet", course)
    judge_visits(connection, source, course, _TODAY, out)
    found = {(row["id"], row["number"]): row for row in polars.read_parquet(out).to_dicts()}
    return any(
        value != found[ident, number].get(name, _ABSENT)
        or (value is None) is not (found[ident, number][name] is None)
        for ident, number, says in wanted
        for name, value in says.items()
    )


def _expressions(folder: Path, texts: list[str]) -> dict[str, Any]:
    from reliability.cohort_expressions import columns_say

    return columns_say(shipped(), folder / "some.parquet", texts, "duckdb")


def _expressions_differ(
    folder: Path, texts: list[str], can: set[str], wanted: dict[str, Any]
) -> bool:
    found = _expressions(folder, texts)
    # What cannot be said over columns is refused, and nothing else.
    return can != found.keys() or any(_are_not(said, wanted[text]) for text, said in found.items())


def _are_not(found: list[Any], wanted: list[Any]) -> bool:
    pairs = zip(found, wanted, strict=True)
    return any(a != b or type(a[0]) is not type(b[0]) for a, b in pairs)
