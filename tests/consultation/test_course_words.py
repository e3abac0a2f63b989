"""What was undone in a course is named, and never quoted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ketatui.cases.courses import Course, Event, Visit
from ketatui.consultation.course_words import course_change_text, question_of
from ketatui.course import edits as e
from tests.course.support import DAY, knowledge
from tests.each import each

HERE: dict[str, Any] = {"course": "c1", "visit": 1}
PLAN = Course(id="c1", pathway="iv", basis="trd", site="outpatient_clinic", reasons="a secret")
UPPER = e.SetVisitAnswer(**HERE, question="visit.systolic", value=141)
LOWER = e.SetVisitAnswer(**HERE, question="visit.diastolic", value=88)


@each(
    ("edit", "said"),
    [
        (UPPER, "Systolic pressure before the dose 141 mmHg"),
        (UPPER.replaced(value=None), "Systolic pressure before the dose cleared"),
        (UPPER.replaced(value=None, unknown=True), "Systolic pressure before the dose unknown"),
        (e.SetVisitAnswer(**HERE, question="visit.dose_mg", value="56"), "Dose given 56 mg"),
        (
            e.SetVisitAnswer(**HERE, question="visit.cns_depressant", value="opioid"),
            "Sedating drugs on board An opioid",
        ),
        (
            e.SetVisitAnswers(**HERE, rows=(UPPER, LOWER)),
            "Systolic pressure before the dose 141 mmHg, "
            "Diastolic pressure before the dose 88 mmHg",
        ),
        (e.SetVisitAnswers(**HERE, rows=(UPPER, LOWER, UPPER)), "3 answers"),
        (
            e.SetVisitNote(**HERE, question="visit.systolic", text="a secret"),
            "note on Systolic pressure before the dose",
        ),
        (e.SetEvents(**HERE, rows=(Event(term="a secret"),)), "events"),
        (e.AddCourse(course="c1", plan=PLAN), "the course"),
        (e.SetPlan(course="c1", plan=PLAN), "the plan"),
        (e.AddVisit(course="c1", row=Visit(number=3, date=DAY)), "session 3"),
        (e.MoveVisit(**HERE, date=DAY), "day of visit 1"),
        (e.SetClock(**HERE, first=dt.datetime(2027, 1, 4, tzinfo=dt.UTC)), "the clock"),
    ],
)
def test_an_edit_is_named_in_a_few_words(edit: e.CourseEdit, said: str) -> None:
    pack = knowledge().pathways["iv"].pack
    assert course_change_text(pack, edit) == said
    assert "secret" not in course_change_text(pack, edit)


def test_one_goes_back_to_the_question_of_an_edit() -> None:
    assert question_of(UPPER) == "visit.systolic"
    assert question_of(e.SetVisitAnswers(**HERE, rows=(LOWER, UPPER))) == "visit.diastolic"
    assert question_of(e.SetWeight(**HERE, weight_kg="80")) == ""
