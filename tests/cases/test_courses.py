"""Courses of treatment in a case file: read, written, and every mistake told with its line."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

import pytest

from ketatui.cases.courses import Course, Event, Observation, Visit
from ketatui.cases.errors import CaseError
from ketatui.cases.json_form import case_from_data, case_to_data
from ketatui.cases.model import Case
from ketatui.cases.reading import read_as_saved, read_case
from ketatui.cases.store import CaseStore
from ketatui.cases.writing import write_case, write_checked
from ketatui.criteria.loading import load_pack
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError, Problem
from tests.each import each

NOW = dt.datetime(2027, 1, 4, 12, 0, tzinfo=dt.UTC)
CASE_ID = "20270104-120000-k3f9"

COURSE = """\
[answers.patient]
age = 45

[[courses]]
id = "c1"
pathway = "spravato"
basis = "trd"
site = "outpatient_clinic"
interval_days = 14
instrument = "madrs"

[[courses.scores]]
instrument = "madrs"
date = 2026-11-20
value = 32

[[courses.visits]]
number = 1
kind = "session"
date = 2026-11-23
first_dose_at = 2026-11-23 09:12:00-05:00
unknown = ["visit.heart_rate"]
room = "blue"

[courses.visits.answers.visit]
systolic = 128
diastolic = 82
hours_since_food = 2.5
dose_mg = 56

[[courses.visits.observations]]
minute = 40
systolic = 141
diastolic = 88
spo2 = 97
sedation = 4
dissociation = "moderate"
cuff = "large"

[[courses.visits.events]]
term = "nausea"
onset_minute = 25
severity = "mild"
serious = false
"""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load_pack()


def read(text: str, pack: Pack) -> Case:
    return read_case(text, path="case.toml", pack=pack)


def said(text: str, pack: Pack) -> str:
    with pytest.raises(CaseError) as error:
        read(text, pack)
    return str(error.value)


def line_of(text: str, words: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), start=1) if words in line)


def test_a_course_is_read_with_its_visits_and_scores(pack: Pack) -> None:
    course = read(COURSE, pack).courses[0]
    assert (course.pathway, course.basis, course.interval_days) == ("spravato", "trd", 14)
    assert course.scores[0].value == 32
    visit = course.visits[0]
    assert visit.answers == {
        "visit.systolic": 128,
        "visit.diastolic": 82,
        "visit.hours_since_food": Decimal("2.5"),
        "visit.dose_mg": 56,
    }
    assert visit.unknown == {"visit.heart_rate"}
    assert visit.observations[0].dissociation == "moderate"
    assert visit.events[0] == Event(term="nausea", onset_minute=25, severity="mild", serious=False)


def test_it_is_written_so_that_it_reads_back_the_same_with_keys_nobody_knows(pack: Pack) -> None:
    case = read(COURSE, pack)
    text = write_case(case, pack)
    assert read(text, pack) == case
    assert 'room = "blue"' in text
    assert 'cuff = "large"' in text
    assert "[courses.visits.answers.visit]" in text


def test_a_draft_keeps_it_exactly(pack: Pack) -> None:
    case = read(COURSE, pack)
    assert case_from_data(json.loads(json.dumps(case_to_data(case)))) == case


def test_each_visit_closed_is_a_revision_of_the_same_chain(pack: Pack, tmp_path: Path) -> None:
    store = CaseStore(tmp_path, pack)
    case = read(COURSE, pack).replaced(id=CASE_ID)
    first = store.save(case, base=None, by="Dr A", why="visit 1", now=NOW)
    course = first.case.courses[0]
    second = Visit(number=2, date=dt.date(2026, 11, 26), closed_at=NOW, closed_by="Dr A")
    changed = first.case.replaced(courses=(course.replaced(visits=(*course.visits, second)),))
    saved = store.save(changed, base=first.stamp, by="Dr A", why="visit 2", now=NOW)
    assert [row.why for row in saved.case.revisions] == ["visit 1", "visit 2"]
    assert saved.case.revisions[1].previous == saved.case.revisions[0].digest
    assert [row["what"] for row in saved.case.revisions[1].changes] == ["courses[0].visits[1]"]
    assert store.verify(saved.stamp.path) == []


def test_a_dose_altered_by_hand_breaks_the_seal(pack: Pack, tmp_path: Path) -> None:
    store = CaseStore(tmp_path, pack)
    case = read(COURSE, pack).replaced(id=CASE_ID)
    path = store.save(case, base=None, by="Dr A", why="", now=NOW).stamp.path
    path.write_text(path.read_text().replace("dose_mg = 56", "dose_mg = 84"))
    assert store.verify(path) != []


def test_a_case_without_a_course_is_written_as_before(pack: Pack) -> None:
    assert "courses" not in write_case(Case(answers={"patient.age": 45}), pack)


@each(
    ("old", "new", "expected"),
    [
        ("systolic = 128", "systolic = 301", "visit.systolic: 301 is outside its limits; allowed:"),
        ("systolic = 128", "sistolic = 128", "visit.sistolic: there is no such question"),
        ("dose_mg = 56", "dose_mg = 2001", "visit.dose_mg: 2001 is outside its limits; allowed:"),
        ('unknown = ["visit.heart_rate"]', 'unknown = ["visit.systolic"]', "also listed in"),
        ('unknown = ["visit.heart_rate"]', 'unknown = ["visit.events"]', "cannot be marked unknow"),
        ('unknown = ["visit.heart_rate"]', 'unknown = ["vitals.spo2"]', "no such question"),
        ("minute = 40", "minute = -1", "out of range; allowed: 0 to 10000"),
        ("sedation = 4", "sedation = 6", "out of range; allowed: 0 to 5"),
        ('"moderate"', '"some"', '"some" is not known here; allowed: none, mild, moderate, severe'),
        ('pathway = "spravato"', 'pathway = "nasal"', "allowed: spravato, iv, im, oral"),
        ('basis = "trd"', 'basis = "mdd"', "allowed: trd, mdsi, other"),
        ('site = "outpatient_clinic"', 'site = "clinic"', "allowed: outpatient_clinic, "),
        ('instrument = "madrs"\n\n', 'instrument = "hamd"\n\n', "allowed: madrs, phq9, "),
        ("value = 32", "value = 61", "61 is outside its limits; allowed: 0 to 60"),
        ("value = 32", 'value = "32"', 'madrs score: "32" is no number; allowed: 0 to 60'),
        ("value = 32", "value = true", "true is no number; allowed: 0 to 60"),
        ("value = 32", "value = 31.5", "31.5 is no whole number; allowed: 0 to 60"),
        ('kind = "session"', 'kind = "phone"', "allowed: session, review"),
        ("date = 2026-11-23\n", 'date = "Monday"\n', "is no day; allowed: a date"),
        ("09:12:00-05:00", "09:12:00", "with its offset"),
        ("[[courses]]", "[[course]]", "did you mean courses?"),
        ("[[courses.scores]]", "[[courses.score]]", "score: unknown; did you mean scores?"),
        ("[[courses.visits.events]]", "[[courses.visits.event]]", "did you mean events?"),
        ("minute = 40", "SpO2 = 84\nminute = 40", "SpO2: unknown; did you mean spo2?"),
        ("minute = 40", "Systolic = 190\nminute = 40", "did you mean systolic?"),
        ("minute = 40", "systolc = 141\nminute = 40", "systolc: unknown; did you mean systolic?"),
        ("value = 32", "values = 30\nvalue = 32", "values: unknown; did you mean value?"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_is_allowed(
    old: str, new: str, expected: str, pack: Pack
) -> None:
    text = COURSE.replace(old, new, 1)
    error = said(text, pack)
    assert expected in error
    assert f"case.toml:{line_of(text, new.strip().splitlines()[0])}: " in error


def test_a_number_twice_in_a_course_is_refused(pack: Pack) -> None:
    text = COURSE + "\n[[courses.visits]]\nnumber = 1\ndate = 2026-11-26\n"
    assert "visit number: there is a visit 1 already; allowed: each number once" in said(text, pack)


def test_the_same_number_in_another_course_is_not(pack: Pack) -> None:
    course = COURSE[COURSE.index("[[courses]]") :].replace('"c1"', '"c2"')
    assert len(read(f"{COURSE}\n{course}", pack).courses) == 2


def test_the_id_of_a_course_twice_is_refused(pack: Pack) -> None:
    course = COURSE[COURSE.index("[[courses]]") :]
    assert "is the id of an earlier course" in said(f"{COURSE}\n{course}", pack)


def test_an_event_nobody_named_is_refused(pack: Pack) -> None:
    assert "says nothing" in said(COURSE.replace('"nausea"', '" "'), pack)


def test_visits_stand_in_the_order_of_date_and_then_number() -> None:
    days = [(3, 5), (1, 5), (2, 4)]
    visits = tuple(Visit(number=n, date=dt.date(2027, 1, day)) for n, day in days)
    course = Course(id="c", pathway="iv", basis="other", site="inpatient_unit", visits=visits)
    assert [visit.number for visit in course.in_order] == [2, 1, 3]


def test_a_case_that_holds_what_no_file_can_say_is_not_written(pack: Pack) -> None:
    row = Observation(minute=40, systolic=141, extra={"minute": 41})
    visit = Visit(number=1, date=dt.date(2027, 1, 4), observations=(row,))
    course = Course(id="c", pathway="iv", basis="other", site="inpatient_unit", visits=(visit,))
    with pytest.raises(CaseError, match="reads back the same"):
        write_checked(Case(courses=(course,)), pack, "case.toml")


def saved_text(pack: Pack, tmp_path: Path) -> str:
    case = read(COURSE, pack).replaced(id=CASE_ID)
    return (
        CaseStore(tmp_path, pack)
        .save(case, base=None, by="Dr A", why="", now=NOW)
        .stamp.path.read_text()
    )


def test_a_saved_course_opens_as_it_stood_under_criteria_that_do_not_know_all_of_it(
    pack: Pack, tmp_path: Path
) -> None:
    text = saved_text(pack, tmp_path)
    course = pack.course
    questions = {k: v for k, v in course.questions.items() if k != "visit.systolic"}
    narrower = questions["visit.diastolic"].replaced(max=Decimal(80))
    scales = {k: v for k, v in course.instruments.items() if k != "madrs"}
    other = pack.replaced()
    other.__dict__["course"] = course.replaced(
        questions={**questions, "visit.diastolic": narrower}, instruments=scales
    )
    found = read_as_saved(text, path="case.toml", pack=other)
    assert found.case.courses == read(text, pack).courses
    assert {problem.where for problem in found.unknown_here} == {
        "visit.systolic",
        "visit.diastolic",
        "courses instrument",
    }
    with pytest.raises(CaseError, match="no such question"):
        read(text, other)


def test_it_opens_under_criteria_that_have_no_course_at_all(pack: Pack, tmp_path: Path) -> None:
    text = saved_text(pack, tmp_path)
    other = pack.replaced()
    other.__dict__["course"] = None
    found = read_as_saved(text, path="case.toml", pack=other)
    assert write_case(found.case, other) == write_case(read(text, pack), other)
    assert "no course of treatment" in found.unknown_here[0].message


def test_a_number_that_is_none_is_told_under_criteria_whose_course_cannot_be_used(
    pack: Pack,
) -> None:
    def unusable(_: Pack) -> NoReturn:
        raise PackError((Problem("course/course.toml", 1, "", "not TOML"),))

    other = pack.replaced(load_course=unusable)
    with pytest.raises(CaseError, match=r"c.toml:1: nobody: .*NaN is not a number"):
        read_case("answers.nobody = nan", path="c.toml", pack=other)
