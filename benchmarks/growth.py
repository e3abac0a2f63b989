"""How costs grow: with questions, with rules, with saved cases, with visits of a course.

The larger packs are the shipped one with its questions, or its rules, written several times under
new ids into a temporary folder. A copied question is asked when the original is; a copied rule has
an expression of its own, so that nothing is shared. A long course has a session a week, all alike.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import tomllib
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import tomli_w

from benchmarks.clock import in_turn, times
from benchmarks.engine import comparable
from benchmarks.library import indexed
from benchmarks.material import DAY, examples, knowledge, said
from benchmarks.plain import plain
from benchmarks.terminal import ROOT
from ketatui.cases.base import Answer
from ketatui.cases.courses import Course, Observation, Visit
from ketatui.cases.toml_form import read_case
from ketatui.cases.writing import write_case
from ketatui.course import assess_visit, compile_course
from ketatui.course.schedule import timeline
from ketatui.criteria.loading import load_pack
from ketatui.engine import assess, compile_pack

_TIMES = (1, 4, 16)
_CASES = (10, 100, 1_000, 10_000)
_VISITS = (1, 10, 100)


def measure() -> list[dict[str, Any]]:
    """Measure packs as they grow, the library with cases, and a visit with those before it."""
    with tempfile.TemporaryDirectory() as folder:
        curves = [
            _pack_curve(Path(folder), "questions", _more_questions),
            _pack_curve(Path(folder), "rules", _more_rules),
        ]
    return [*curves, _case_curve(), _visit_curve()]


def _pack_curve(folder: Path, what: str, more: Callable[[Path, int], None]) -> dict[str, Any]:
    points = []
    for number in _TIMES:
        said(f"{what} × {number}")
        place = folder / f"{what}{number}"
        shutil.copytree(ROOT / "criteria", place)
        more(place, number)
        points.append(_pack_point(place, what, number))
    return {"of": what, "points": points}


def _pack_point(folder: Path, what: str, number: int) -> dict[str, Any]:
    cases = comparable()
    loaded = times(lambda: load_pack(folder), 3)
    pack = load_pack(folder)
    compiled = times(lambda: compile_pack(pack), 3)
    known = compile_pack(pack)
    verdicts = plain(known, DAY)
    ours, theirs = in_turn(
        lambda: [assess(known, case, DAY) for case in cases],
        lambda: [verdicts(case) for case in cases],
        8,
    )
    return {
        "times": number,
        "count": len(pack.questions if what == "questions" else pack.rules),
        "load": min(loaded),
        "compile": min(compiled),
        "assess": min(ours) / len(cases),
        "plain": min(theirs) / len(cases),
    }


def _each(folder: Path, pattern: str, table: str, number: int, rename: Any) -> None:
    for path in sorted(folder.glob(pattern)):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        first = data[table]
        data[table] = first + [
            rename(item, copy) for copy in range(2, number + 1) for item in first
        ]
        path.write_text(tomli_w.dumps(data), encoding="utf-8")


def _more_questions(folder: Path, number: int) -> None:
    def rename(item: dict[str, Any], copy: int) -> dict[str, Any]:
        return {**item, "id": f"{item['id']}_x{copy}"}

    _each(folder, "questions/*.toml", "questions", number, rename)


def _more_rules(folder: Path, number: int) -> None:
    def apart(text: str, copy: int) -> str:
        # More brackets: the same meaning, and a text that no other rule has.
        return f"{'(' * copy}{text}{')' * copy}"

    def rename(item: dict[str, Any], copy: int) -> dict[str, Any]:
        made = {**item, "id": f"{item['id']}-x{copy}"}
        if "when" in item:
            made["when"] = apart(item["when"], copy)
        if "on" in item:
            made["on"] = {
                name: {**variant, "when": apart(variant["when"], copy)}
                if "when" in variant
                else variant
                for name, variant in item["on"].items()
            }
        return made

    _each(folder, "rules/*.toml", "rules", number, rename)


def _case_curve() -> dict[str, Any]:
    points = []
    for number in _CASES:
        points.append({"times": number, "count": number, **indexed(number)})
    return {"of": "cases", "points": points}


_SAID: dict[str, Answer] = {
    "visit.systolic": 124,
    "visit.diastolic": 78,
    "visit.heart_rate": 72,
    "visit.spo2": 98,
    "visit.hours_since_food": Decimal(8),
    "visit.suicidality": "none",
    "visit.dose_mg": Decimal(56),
    "visit.escort": True,
}
_WATCHED = (
    Observation(minute=40, systolic=138, diastolic=86, spo2=97, sedation=4),
    Observation(minute=120, systolic=126, diastolic=80, spo2=98, sedation=5),
)


def _course_of(number: int) -> Course:
    """Return a course with a session a week, the last of them today."""
    visits = [
        Visit(
            number=place + 1,
            kind="session",
            date=DAY - dt.timedelta(weeks=number - 1 - place),
            answers=_SAID,
            observations=_WATCHED,
        )
        for place in range(number)
    ]
    return Course(
        id="c1", pathway="spravato", basis="trd", site="outpatient_clinic", visits=tuple(visits)
    )


def _visit_curve() -> dict[str, Any]:
    known, pack = compile_course(knowledge()), knowledge().pack
    points = []
    for number in _VISITS:
        said(f"{number} visits")
        course = _course_of(number)
        case = examples()[0][1].replaced(courses=(course,))
        text = write_case(case, pack)
        judge = partial(assess_visit, known, case, course, course.visits[-1], DAY)
        read = partial(read_case, text, path="case", pack=pack)
        points.append(
            {
                "times": number,
                "count": number,
                "visit": min(times(judge, 9)),
                "timeline": min(times(partial(timeline, known.pack, course, DAY), 9)),
                "read": min(times(read, 5)),
            }
        )
    return {"of": "visits", "points": points}
