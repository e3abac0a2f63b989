"""What a course begins with, which decision asks what, and texts that are put otherwise."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from ketatui.cases.courses import Event, Visit, VisitOverride
from ketatui.course.edits import apply
from ketatui.course.grouping import counted_against, decided_at, groups_of
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
    assert set(groups) == {"continue"}
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


def test_a_review_is_never_asked_for_a_dose_or_for_what_is_seen_after_one() -> None:
    review = visit_of("spravato", kind="review", dose_mg=None, mania=None, watched=())
    upcoming = assessed("spravato", review).next
    assert upcoming is not None
    assert upcoming.question == "visit.mania"
    assert assessed("spravato", visit_of("spravato", kind="review", dose_mg=None)).next is None


def test_what_the_screening_could_not_establish_is_not_asked_for_again() -> None:
    weight = "patient.weight_kg"
    case = screened()
    case = case.replaced(answers={k: v for k, v in case.answers.items() if k != weight})
    asked = assessed("iv", case=case)
    settled = assessed("iv", case=case.replaced(unknown=frozenset({weight})))
    assert asked.next is not None and asked.next.question == weight
    assert settled.next is None
    for found in (asked, settled):
        assert {item.rule for item in found.decision("dose").open} >= {"dose-high", "dose-tenfold"}


def test_of_a_review_reporting_is_told_only_where_there_is_something_to_report() -> None:
    def told(review: Visit) -> list[str]:
        found = assessed("spravato", review)
        return [item.id for item in decided_at(knowledge().pack, review, found.decisions)]

    review = visit_of("spravato", kind="review", dose_mg=None, watched=())
    assert told(review) == ["continue"]
    assert told(review.replaced(events=(Event(term="fall"),))) == ["report", "continue"]
    assert told(visit_of("spravato")) == ["gate", "dose", "leave", "report", "continue"]


@pytest.mark.parametrize(
    ("pathway", "changed", "against"),
    [
        # What is wrong is when the patient would leave, and not the dose.
        ("spravato", {"end_minute": 90}, {"visit.end_minute"}),
        ("spravato", {"rems_form_sent": False}, {"visit.rems_form_sent"}),
        ("spravato", {"driving_told": False}, {"visit.driving_told"}),
        ("spravato", {"dose_mg": Decimal(112)}, {"visit.dose_mg", "visit.devices_used"}),
        ("spravato", {"minutes_dosing": 2}, {"visit.minutes_dosing", "visit.devices_used"}),
        ("iv", {"dose_mg": Decimal(160)}, {"visit.dose_mg", "visit.infusion_minutes"}),
        ("iv", {"systolic": 150}, {"visit.systolic", "visit.diastolic"}),
    ],
)
def test_an_answer_counts_against_where_its_own_decision_reads_it(
    pathway: str, changed: dict[str, Any], against: set[str]
) -> None:
    visit = visit_of(pathway, **changed)
    found = assessed(pathway, visit)
    held = counted_against(knowledge(), visit, found)
    assert against == held


@pytest.mark.parametrize("pathway", ["spravato", "iv", "im", "oral"])
def test_a_held_session_is_asked_for_the_gate_and_nothing_of_dose_or_leaving(pathway: str) -> None:
    held = visit_of(pathway, dose_mg=Decimal(0)).replaced(
        answers={"visit.dose_mg": Decimal(0), "visit.devices_used": 1}
    )
    asked = tuple(knowledge().pack.questions.values())
    groups = groups_of(knowledge(), pathway, held, asked)
    idents = [item.id for rows in groups.values() for item in rows]
    assert "visit.spo2" in idents
    # What was recorded stays where it was asked.
    devices = ["visit.devices_used"] if pathway == "spravato" else []
    assert [item.id for item in groups["dose"]] == ["visit.dose_mg", *devices]
    assert "visit.infusion_minutes" not in idents
    assert not {"leave", "report"} & set(groups)
