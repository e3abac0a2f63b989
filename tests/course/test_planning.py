"""What a course begins with, which decision asks what, and texts that are put otherwise."""

from __future__ import annotations

import datetime as dt

import pytest

from ketatui.cases.courses import Event, VisitOverride
from ketatui.course.edits import apply
from ketatui.course.grouping import groups_of
from ketatui.course.planning import first_plan, possible_bases
from ketatui.course.rewording import reworded
from tests.course.support import (
    DAY,
    assessed,
    course_of,
    knowledge,
    screened,
    screening_knowledge,
    visit_of,
)


@pytest.mark.parametrize(
    ("answers", "trials", "bases"),
    [
        ({}, True, ("trd",)),
        ({"depression.acute_suicidality": True}, True, ("trd", "mdsi")),
        ({"depression.acute_suicidality": True}, False, ("mdsi",)),
        ({"indication.diagnosis": "crps"}, True, ("other",)),
        ({}, False, ("other",)),
    ],
)
def test_a_course_runs_under_what_the_screening_holds(
    answers: dict[str, object], trials: bool, bases: tuple[str, ...]
) -> None:
    case = screened(answers)
    if not trials:
        case = case.replaced(trials=())
    assert possible_bases(screening_knowledge(), case) == bases


def test_each_course_gets_an_id_of_its_own() -> None:
    case = screened()
    for wanted in ("c1", "c2", "c3"):
        plan = first_plan(case, "iv", "trd", "outpatient_clinic")
        assert plan.id == wanted
        case = case.replaced(courses=(*case.courses, plan))


@pytest.mark.parametrize("pathway", ["spravato", "iv", "im", "oral"])
def test_every_question_that_is_asked_at_a_session_stands_under_a_decision(pathway: str) -> None:
    visit = visit_of(pathway)
    shown = assessed(pathway, visit).asked
    asked = [item for item in knowledge().pack.questions.values() if shown[item.id] is not False]
    groups = groups_of(knowledge(), pathway, visit.replaced(answers={}), asked)
    grouped = [question.id for rows in groups.values() for question in rows]
    assert sorted(grouped) == sorted(item.id for item in asked)
    assert next(iter(groups)) == "gate"


def test_a_review_asks_nothing_for_the_gate_and_keeps_what_was_recorded() -> None:
    visit = visit_of("spravato", kind="review").replaced(answers={"visit.spo2": 97})
    asked = tuple(knowledge().pack.questions.values())
    groups = groups_of(knowledge(), "spravato", visit, asked)
    assert set(groups) == {"report", "continue"}
    assert "visit.spo2" in [item.id for rows in groups.values() for item in rows]
    assert "visit.heart_rate" not in [item.id for rows in groups.values() for item in rows]


def test_texts_are_put_otherwise_by_edits_and_nothing_else_changes() -> None:
    now = dt.datetime(2027, 1, 4, 9, tzinfo=dt.UTC)
    aside = VisitOverride(decision="gate", rule="gate-food", reason="Ann said", by="Dr B", at=now)
    visit = visit_of("iv", number=1).replaced(
        notes={"visit.spo2": "Ann"}, events=(Event(term="Ann fell"),), overrides=(aside,)
    )
    old = screened().replaced(courses=(course_of("iv", [visit], reasons="Ann asks"),))
    said = visit.replaced(
        notes={"visit.spo2": "X"},
        events=(Event(term="X fell"),),
        overrides=(aside.replaced(reason="X said"),),
    )
    new = old.replaced(courses=(course_of("iv", [said], reasons="X asks"),))
    case = old
    for edit in reworded(old, new):
        case = apply(knowledge().pack, case, edit)
    assert case == new
    assert [*reworded(old, old)] == []
    assert visit.date == DAY
