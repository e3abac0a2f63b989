"""Every rule of a visit applies where the table says so, on each side of each of its limits."""

from __future__ import annotations

from typing import Any

import pytest

from ketatui.cases.courses import Visit
from ketatui.course.contradictions import REVIEW_WITH_DOSE
from tests.course.support import assessed, knowledge, visit_of
from tests.course.visit_table import PATHWAYS, ROWS, Row, Situation
from tests.each import each


def cases(which: str) -> list[Any]:
    return [
        (row, pathway, situation)
        for row in ROWS
        for pathway in row.effects
        for situation in getattr(row, which)
    ]


@each(("row", "pathway", "situation"), cases("true"))
def test_a_rule_applies_with_its_effect(row: Row, pathway: str, situation: Situation) -> None:
    found = {
        finding.rule: finding.effect
        for decision in situation.assess(pathway).decisions
        for finding in decision.findings
    }
    assert found.get(row.rule) == row.effects[pathway]


@each(("row", "pathway", "situation"), cases("false"))
def test_it_does_not_apply_on_the_other_side(row: Row, pathway: str, situation: Situation) -> None:
    decisions = situation.assess(pathway).decisions
    assert row.rule not in {item.rule for decision in decisions for item in decision.findings}
    assert row.rule not in {item.rule for decision in decisions for item in decision.open}


def test_the_pack_has_these_rules_with_these_effects_and_no_others() -> None:
    by_hand: dict[str, dict[str, str]] = {}
    for row in ROWS:
        by_hand.setdefault(row.rule, {}).update(row.effects)
    assert by_hand == {rule.id: rule.effects for rule in knowledge().pack.rules.values()}


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_a_visit_with_nothing_against_it_has_nothing_open_either(pathway: str) -> None:
    assessment = Situation().assess(pathway)
    assert [item.verdict for item in assessment.decisions] == ["fits"] * 5
    assert assessment.next is None


@pytest.mark.parametrize("pathway", PATHWAYS)
def test_in_a_review_gate_dose_and_leave_have_no_rules(pathway: str) -> None:
    review = visit_of(pathway, kind="review", systolic=250, mania=True, dose_mg=None)
    assessment = assessed(pathway, review)
    silent = [assessment.decision(ident) for ident in ("gate", "dose", "leave")]
    assert [(item.verdict, item.complete) for item in silent] == [("fits", True)] * 3
    assert assessment.decision("continue").finding("continue-mania") is not None


def test_a_dose_in_a_review_is_said_there_and_in_every_later_visit() -> None:
    def found(visit: Visit, *before: Visit) -> list[str]:
        assessment = assessed("spravato", visit, before=before)
        return [one.because for one in assessment.contradictions if one.id == REVIEW_WITH_DOSE]

    review = visit_of("spravato", kind="review", dose_mg=56)
    (said,) = found(review)
    assert said.startswith(f"Visit {review.number} is a review, but a dose is recorded in it.")
    later = visit_of("spravato", number=review.number + 1)
    assert found(later, review) == [said]
    assert found(later, visit_of("spravato", kind="review", dose_mg=0)) == []
    assert found(visit_of("spravato", dose_mg=56)) == []


def test_what_would_lift_a_verdict_is_the_nearest_that_does() -> None:
    early = assessed("spravato", visit_of("spravato", end_minute=124), with_changes=True)
    (change,) = early.decision("leave").changes
    assert (change.facts, change.then, change.values) == (("visit.end_minute",), "fits", (125,))
    high = assessed("iv", visit_of("iv", systolic=170), with_changes=True)
    (change,) = high.decision("gate").changes
    assert (change.facts, change.then, change.values) == (("visit.systolic",), "fits", (140,))


def test_a_dose_is_never_suggested() -> None:
    visit = visit_of("spravato", dose_mg=84, devices_used=3, minutes_dosing=10)
    dose = assessed("spravato", visit, with_changes=True).decision("dose")
    assert (dose.verdict, dose.changes) == ("not_recommended", ())
