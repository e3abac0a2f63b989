"""The two moments of a session and the minutes between them, which always agree."""

from __future__ import annotations

import datetime as dt

import pytest

from ketatui.cases.courses import Course
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.session_clock import first_device, last_device, leaving
from ketatui.consultation.treatment import Treatment
from ketatui.course import edits as e
from ketatui.course.running import clocks
from ketatui.engine import Knowledge
from tests.course.support import DAY, screened

DOSING = "visit.minutes_dosing"
PLAN = Course(id="c1", pathway="spravato", basis="trd", site="outpatient_clinic")
NINE = dt.datetime(DAY.year, DAY.month, DAY.day, 9, 0, tzinfo=dt.UTC)


def at(minute: int) -> dt.datetime:
    return NINE + dt.timedelta(minutes=minute)


@pytest.fixture
def treatment(knowledge: Knowledge) -> Treatment:
    """A session of two devices before its clock runs."""
    found = Treatment(Consultation(knowledge, screened(), today=lambda: DAY))
    found.do(e.AddCourse(course="c1", plan=PLAN))
    found.add_visit(DAY)
    found.answer_all({"visit.dose_mg": 56, "visit.devices_used": 2}, at=NINE)
    return found


def said(treatment: Treatment, minute: int) -> tuple[object, int | None, int | None]:
    """Minutes of dosing, minutes after the last device at a moment, and from when one may leave."""
    visit = treatment.the_visit()
    seen = clocks(treatment.pack, treatment.the_course(), visit, at(minute))
    return visit.answers.get(DOSING), seen.after_last, leaving(treatment, 30).from_minute


def test_a_first_device_told_earlier_leaves_the_last_where_it_was(treatment: Treatment) -> None:
    first_device(treatment, at(17))
    last_device(treatment, at(17))
    first_device(treatment, at(12))
    assert treatment.the_visit().last_dose_at == at(17)
    assert said(treatment, 20) == (5, 3, 125)


def test_a_first_device_told_after_the_last_asks_for_the_last_again(treatment: Treatment) -> None:
    first_device(treatment, at(12))
    last_device(treatment, at(17))
    first_device(treatment, at(18))
    assert treatment.the_visit().last_dose_at is None
    assert said(treatment, 20) == (None, None, None)


def test_minutes_typed_afterwards_move_the_last_device(treatment: Treatment) -> None:
    first_device(treatment, at(12))
    last_device(treatment, at(17))
    treatment.answer(DOSING, 10, at=at(40))
    assert treatment.the_visit().last_dose_at == at(22)
    assert said(treatment, 40) == (10, 18, 130)
    assert [item.value for item in treatment.the_visit().readings] == [5]


@pytest.mark.parametrize("how", ["cleared", "unknown", "later than now"])
def test_minutes_that_say_no_moment_leave_none(treatment: Treatment, how: str) -> None:
    first_device(treatment, at(12))
    last_device(treatment, at(17))
    if how == "unknown":
        treatment.mark_unknown(DOSING, at=at(20))
    else:
        treatment.answer(DOSING, None if how == "cleared" else 9, at=at(20))
    assert treatment.the_visit().last_dose_at is None


def test_minutes_typed_before_the_last_device_are_a_plan_and_no_moment(
    treatment: Treatment,
) -> None:
    treatment.answer(DOSING, 5, at=NINE)
    first_device(treatment, at(12))
    assert treatment.the_visit().last_dose_at is None
    assert treatment.the_visit().answers[DOSING] == 5
    last_device(treatment, at(18))
    assert treatment.the_visit().answers[DOSING] == 6
