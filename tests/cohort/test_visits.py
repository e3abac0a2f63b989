"""A table of visits has of each visit what the engine says of it in its course."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

import polars
import pytest

from ketatui.cli import main
from ketatui.cohort.screening import connect
from ketatui.cohort.visit_table import with_course
from ketatui.cohort.visits import judge_visits, open_visits
from ketatui.course import CourseKnowledge, compile_course
from ketatui.course.vocabulary import DOSE
from ketatui.criteria.models.course import Phase
from ketatui.engine import Knowledge
from reliability.cohort_visits import Row, VisitMaker, visit_frame
from tests.each import each

ON = dt.date(2026, 4, 20)
HEAD = "id,course,number,date,kind,pathway,basis,site,visit.dose_mg,visit.rems_form_sent\n"


@pytest.fixture(scope="module")
def course(knowledge: Knowledge) -> CourseKnowledge:
    return compile_course(knowledge)


def judged(course: CourseKnowledge, rows: list[Row], folder: Path) -> list[dict[str, Any]]:
    path, out = folder / "visits.parquet", folder / "out.parquet"
    visit_frame(course, rows).write_parquet(path)
    connection = connect(1)
    judge_visits(connection, open_visits(connection, path, course), course, ON, out)
    return polars.read_parquet(out).to_dicts()


@pytest.mark.parametrize(
    ("seed", "courses"),
    [(1, 150), *(pytest.param(s, 2_000, marks=pytest.mark.long) for s in (2, 3))],
)
def test_no_field_differs_from_what_the_engine_says_of_the_visit(
    course: CourseKnowledge, tmp_path: Path, seed: int, courses: int
) -> None:
    pairs = list(VisitMaker(course, seed, ON).visits(courses))
    rows = judged(course, [row for row, _ in pairs], tmp_path)
    found = {(row["id"], row["number"]): row for row in rows}
    true: Counter[str] = Counter()
    opened: Counter[str] = Counter()
    for row, says in pairs:
        got = found[row["id"], row["number"]]
        for name, value in says.items():
            assert got[name] is value or got[name] == value, (row["id"], row["number"], name)
            assert (got[name] is None) is (value is None)
            true[name] += value is True
            opened[name] += value is None
    rules = [
        rule.id for rule in course.pack.rules.values() if rule.decision in ("report", "continue")
    ]
    assert {rule for rule in rules if true[rule] < 5} == set()
    # A score that nobody took is no score that is worse: these two are never open.
    assert {rule for rule in rules if not opened[rule]} <= {
        "continue-worse",
        "continue-relapse",
    } | {"continue-mdsi-beyond"}


def test_forms_that_are_overdue_and_courses_without_a_review_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "visits.csv", tmp_path / "judged.parquet"
    lines = [
        f"p{patient},c1,{number},2026-{month:02}-{day:02},session,spravato,trd,outpatient_clinic,"
        f"56,{'true' if patient % 2 else 'false'}\n"
        for patient in range(30)
        for number, (month, day) in enumerate(((1, 5), (2, 20), (4, 18)), start=1)
    ]
    path.write_text(HEAD + "".join(lines))
    run = ["cohort", "visits", str(path), "--on", "2026-04-20", "--out", str(out)]
    assert main(run) == 0
    told = capsys.readouterr().out
    assert "90 visits of 30 courses, 2026-04-20" in told
    assert _numbers(told, "REMS monitoring form is overdue") == ["30", "0"]
    assert _numbers(told, "REMS monitoring form to be sent") == ["15", "0"]
    # Nobody says on which days a score was taken.
    assert _numbers(told, "Benefit not reviewed yet") == ["0", "30"]
    found = polars.read_parquet(out)
    assert found.filter(polars.col("report-rems-overdue"))["number"].to_list() == [1, 2] * 15
    assert main(run) == 2
    assert "is there already" in capsys.readouterr().err


def _numbers(told: str, title: str) -> list[str]:
    line = next(each for each in told.splitlines() if each.strip().startswith(title))
    return line.split()[-2:]


@each(
    ("line", "said"),
    [
        ("p1,c1,1,20.4.2026,session,iv,trd,outpatient_clinic,,\n", "column date: 1 cannot be read"),
        ("p1,c1,1,2026-04-20,call,iv,trd,outpatient_clinic,,\n", "allowed: session, review"),
        ("p1,c1,1,2026-04-20,session,nose,trd,outpatient_clinic,,\n", "column pathway: 1"),
        ("p1,c1,,2026-04-20,session,iv,trd,outpatient_clinic,,\n", "column number: 1"),
        ("p1,c1,1,2026-04-20,session,iv,trd,outpatient_clinic,,\n" * 2, "1 visits of a course"),
    ],
)
def test_a_visit_of_which_nobody_can_say_whose_or_when_it_was_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    path = tmp_path / "visits.csv"
    path.write_text(HEAD + line)
    assert main(["cohort", "visits", str(path), "--on", "2026-04-20"]) == 2
    assert said in capsys.readouterr().err


def test_a_table_without_days_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "visits.csv"
    path.write_text("id,visit.dose_mg\np1,56\n")
    assert main(["cohort", "visits", str(path), "--on", "2026-04-20"]) == 2
    assert "no column course, number, date" in capsys.readouterr().err


def test_weeks_between_phases_and_before_the_first_are_in_none_and_in_the_first(
    course: CourseKnowledge, tmp_path: Path
) -> None:
    schedule = course.pack.schedule
    first = Phase(id="first", title="First", pathways=("iv",), last_week=2)
    third = Phase(id="third", title="Third", pathways=("iv",), first_week=4)
    pack = course.pack.replaced(schedule=schedule.replaced(phases=(first, third)))
    path = tmp_path / "visits.csv"
    days = ("2026-01-05", "2026-01-12", "2026-01-19", "2026-01-26")
    lines = [
        f"p1,c1,{number},{day},session,iv,trd,outpatient_clinic,30,\n"
        for number, day in enumerate(days, start=1)
    ]
    path.write_text(HEAD + "".join(lines))
    connection = connect(1)
    source = open_visits(connection, path, course)
    sql = with_course(source, pack, "iv", ON)
    found = connection.execute(f'SELECT "course.phase" FROM {sql} ORDER BY number').fetchall()
    assert [phase for (phase,) in found] == ["first", "first", None, "third"]


def test_a_dose_without_limits_is_read_as_it_is(course: CourseKnowledge, tmp_path: Path) -> None:
    dose = course.pack.questions[DOSE].replaced(min=None, max=None)
    pack = course.pack.replaced(questions={**course.pack.questions, DOSE: dose})
    path = tmp_path / "visits.csv"
    path.write_text(HEAD + "p1,c1,1,2026-01-05,session,iv,trd,outpatient_clinic,100000,\n")
    connection = connect(1)
    source = open_visits(connection, path, course)
    found = connection.execute(f"SELECT dose FROM {with_course(source, pack, 'iv', ON)}").fetchall()
    assert found == [(100000.0,)]
