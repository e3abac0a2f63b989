"""Edits of a course: each changes the case as it says, and is the same read back."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from ketatui.cases.courses import (
    Course,
    Device,
    Event,
    Observation,
    Visit,
    VisitOverride,
)
from ketatui.cases.model import Case
from ketatui.course import VisitAssessment, assess_visit, edits
from ketatui.course.edits import CourseEdit, apply, from_data, to_data
from tests.course.support import DAY, course_of, knowledge, score, screened, visit_of

NOW = dt.datetime(2027, 1, 4, 9, 12, tzinfo=dt.timezone(dt.timedelta(hours=-5)))
PLAN = Course(id="c1", pathway="spravato", basis="trd", site="outpatient_clinic")
HERE: dict[str, Any] = {"course": "c1", "visit": 1}

SESSION: tuple[CourseEdit, ...] = (
    edits.AddCourse(course="c1", plan=PLAN),
    edits.SetPlan(course="c1", plan=PLAN.replaced(interval_days=14, reasons="As discussed")),
    edits.SetScores(course="c1", rows=(score("madrs", 3, 32),)),
    edits.AddVisit(course="c1", row=Visit(number=1, date=DAY - dt.timedelta(1))),
    edits.MoveVisit(**HERE, date=DAY),
    edits.SetVisitAnswer(**HERE, question="visit.systolic", value=164),
    edits.SetVisitAnswer(
        **HERE, question="visit.systolic", value=138, again=True, at=NOW, by="Nurse"
    ),
    edits.SetVisitAnswer(**HERE, question="visit.hours_since_food", value="2.5"),
    edits.SetVisitAnswer(**HERE, question="visit.heart_rate", unknown=True),
    edits.SetWeight(**HERE, weight_kg="78.5"),
    edits.SetClock(**HERE, first=NOW),
    edits.SetObservations(**HERE, rows=(Observation(minute=40, systolic=141, spo2=97),)),
    edits.SetEvents(**HERE, rows=(Event(term="nausea", onset_minute=25, serious=False),)),
    edits.CorrectRow(**HERE, place=0, observation=Observation(minute=40, systolic=131), at=NOW),
    edits.SetObservations(
        **HERE, rows=(Observation(minute=40, systolic=141, spo2=97), Observation(minute=41))
    ),
    edits.CorrectRow(**HERE, place=1, at=NOW, by="Nurse"),
    edits.SetDevices(**HERE, rows=(Device(lot="A1", used=True, wasted_mg=Decimal("0.5")),)),
    edits.SetVisitNote(**HERE, question="visit.systolic", text="left arm"),
    edits.SetPaper(**HERE, paper="rems-form", on=DAY),
    edits.SetVisitOverrides(
        **HERE,
        rows=(
            VisitOverride(
                decision="gate", rule="gate-cns-several", reason="Known", by="Dr A", at=NOW
            ),
        ),
    ),
    edits.CloseVisit(**HERE, at=NOW, by="Dr A"),
)


class Work:
    """A case and what is done to its courses."""

    def __init__(self, case: Case | None = None) -> None:
        self.case = screened() if case is None else case

    def do(self, edit: CourseEdit) -> None:
        self.case = apply(knowledge().pack, self.case, edit)

    def visit(self, course: str, number: int) -> Visit:
        found = self.case.courses[0].visit(number)
        assert found is not None
        return found

    def assess(self, course: str, number: int) -> VisitAssessment:
        own, visit = self.case.courses[0], self.visit(course, number)
        return assess_visit(knowledge(), self.case, own, visit, DAY)


def treatment(case: Case | None = None) -> Work:
    return Work(case)


def test_every_edit_changes_the_case_and_reads_back_from_json_as_the_same() -> None:
    work = treatment()
    for edit in SESSION:
        before = work.case
        work.do(from_data(json.loads(json.dumps(to_data(edit)))))
        assert work.case != before, edit
        assert work.case == apply(knowledge().pack, before, edit)


def test_a_value_taken_again_replaces_the_first_which_stays_on_record() -> None:
    work = treatment()
    for edit in SESSION:
        work.do(edit)
    visit = work.visit("c1", 1)
    assert visit.answers["visit.systolic"] == 138
    assert [(row.question, row.value, row.by) for row in visit.readings] == [
        ("visit.systolic", 164, "Nurse")
    ]


def test_marking_unknown_takes_an_answer_away_and_an_answer_takes_the_mark_away() -> None:
    work = treatment(screened().replaced(courses=(course_of("iv", [visit_of("iv", number=1)]),)))
    work.do(edits.SetVisitAnswer(**HERE, question="visit.spo2", unknown=True))
    visit = work.visit("c1", 1)
    assert "visit.spo2" not in visit.answers
    assert visit.unknown == {"visit.spo2"}
    work.do(edits.SetVisitAnswer(**HERE, question="visit.spo2", value=97))
    assert work.visit("c1", 1).unknown == frozenset()


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (edits.AddCourse(course="c1", plan=PLAN), ValueError),
        (edits.AddVisit(course="c1", row=Visit(number=1, date=DAY)), ValueError),
        (edits.AddVisit(course="c9", row=Visit(number=1, date=DAY)), KeyError),
        (edits.MoveVisit(course="c1", visit=9, date=DAY), KeyError),
        (edits.SetVisitAnswer(**HERE, question="visit.nothing", value=1), KeyError),
    ],
)
def test_what_is_not_there_or_is_there_already_is_refused(
    edit: CourseEdit, error: type[Exception]
) -> None:
    work = treatment(screened().replaced(courses=(course_of("iv", [visit_of("iv", number=1)]),)))
    with pytest.raises(error):
        work.do(edit)


def test_it_is_assessed_as_it_stands() -> None:
    work = treatment(screened().replaced(courses=(course_of("iv", [visit_of("iv", number=1)]),)))
    assert work.assess("c1", 1).decision("gate").verdict == "fits"
    work.do(edits.SetVisitAnswer(**HERE, question="visit.systolic", value=170))
    assert work.assess("c1", 1).decision("gate").verdict == "unmet"


def test_a_finding_set_aside_counts_as_a_caution_and_is_shown_for_ever() -> None:
    visit = visit_of("iv", number=1, misuse_signs=True)
    work = treatment(screened().replaced(courses=(course_of("iv", [visit]),)))
    assert work.assess("c1", 1).decision("gate").verdict == "not_recommended"
    aside = VisitOverride(decision="gate", rule="gate-misuse", reason="R", by="Dr A", at=NOW)
    work.do(edits.SetVisitOverrides(**HERE, rows=(aside,)))
    gate = work.assess("c1", 1).decision("gate")
    assert gate.verdict == "caution"
    found = gate.finding("gate-misuse")
    assert found is not None
    assert found.overridden
    # The same rule of another decision is another matter.
    assert work.assess("c1", 1).decision("continue").verdict == "not_recommended"


def test_a_stop_cannot_be_set_aside() -> None:
    visit = visit_of("iv", number=1, mania=True)
    aside = VisitOverride(decision="gate", rule="gate-mania", reason="R", by="Dr A", at=NOW)
    course = course_of("iv", [visit.replaced(overrides=(aside,))])
    work = treatment(screened().replaced(courses=(course,)))
    assert work.assess("c1", 1).decision("gate").verdict == "contraindicated"


def test_a_row_that_is_not_there_cannot_be_corrected() -> None:
    work = Work()
    for edit in SESSION[:5]:
        work.do(edit)
    with pytest.raises(ValueError, match="there is no row 1"):
        work.do(edits.CorrectRow(**HERE, place=0))
