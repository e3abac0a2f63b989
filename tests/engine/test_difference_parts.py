"""What a difference says of itself, part by part."""

from __future__ import annotations

from typing import Any

import pytest

from ketatui.engine.case_status import CaseStatus, PathwayStatus, RuleStatus
from ketatui.engine.causes import Cause
from ketatui.engine.difference import (
    Contradicted,
    Difference,
    PathwayDifference,
    RuleChange,
    compare,
)
from ketatui.engine.difference_data import difference_data
from tests.each import each
from tests.engine.clean import ON

WORSE = RuleStatus("r", "contraindicated")
MILD = RuleStatus("r", "caution")
OPEN = RuleStatus("r", "caution", is_open=True, needs=("patient.age",))
STOOD = PathwayStatus("iv", "fits", 1, "off_label", "B", {})
SAME = PathwayDifference("iv", STOOD, STOOD)
RULE = RuleChange("r", "R", "added", None, MILD)


@pytest.mark.parametrize(
    ("then", "now", "effect"),
    [
        (MILD, WORSE, "contraindicated"),
        (None, WORSE, "contraindicated"),
        (MILD, None, "caution"),
        (None, None, ""),
    ],
)
def test_a_change_is_about_the_present_effect_or_the_one_of_then(
    then: RuleStatus | None, now: RuleStatus | None, effect: str
) -> None:
    assert RuleChange("r", "R", "effect", then, now).effect == effect


@each(
    ("then", "now", "verdict", "support"),
    [
        (STOOD, STOOD, False, False),
        (STOOD, STOOD.replaced(verdict="caution"), True, False),
        (STOOD, STOOD.replaced(grade="C"), False, True),
        (STOOD, STOOD.replaced(basis="on_label"), False, True),
        (STOOD, STOOD.replaced(grade="C", rules=None), False, False),
        (STOOD.replaced(grade="C", rules=None), STOOD, False, False),
        (STOOD, None, True, False),
        (None, STOOD, False, False),
        (None, None, False, False),
    ],
)
def test_a_pathway_tells_what_differs(
    then: PathwayStatus | None, now: PathwayStatus | None, verdict: bool, support: bool
) -> None:
    found = PathwayDifference("iv", then, now)
    assert (found.verdict_changed, found.support_changed) == (verdict, support)
    assert found.same is not (verdict or support)
    whole = Difference(CaseStatus(), CaseStatus(), (SAME, found))
    assert (whole.verdict_changed, whole.same) == (verdict, found.same)
    assert not found.replaced(rules=(RULE,)).same


def test_a_contradiction_alone_is_a_difference() -> None:
    plain = Difference(CaseStatus(), CaseStatus(), (SAME,))
    one = (Contradicted("c", ("a",), "both"),)
    assert plain.same
    assert not plain.replaced(contradictions_new=one).same
    assert not plain.replaced(contradictions_gone=one).same


@pytest.mark.parametrize(
    ("verdict", "then", "now", "changed"),
    [
        ("fits", "a", "b", True),
        ("fits", "a", None, True),
        ("fits", "a", "a", False),
        ("", "a", "b", False),
    ],
)
def test_another_question_is_next_where_there_was_an_assessment(
    verdict: str, then: str | None, now: str | None, changed: bool
) -> None:
    before = CaseStatus(pathways={"iv": STOOD.replaced(verdict=verdict)}, next=then)
    assert Difference(before, CaseStatus(next=now), ()).next_changed is changed


def test_every_cause_is_told_once() -> None:
    one, two = Cause("answer", "a", "a changed"), Cause("stale", "b", "b is old")
    changes = tuple(RULE.replaced(causes=causes) for causes in ((one,), (two, one)))
    pathway = SAME.replaced(rules=changes, support=(two,))
    assert pathway.causes == (one, two)
    assert Difference(CaseStatus(), CaseStatus(), (pathway, pathway)).causes == (one, two)


def standing(**changes: Any) -> CaseStatus:
    return CaseStatus(pathways={"iv": STOOD.replaced(**changes)})


@each(
    ("then", "now", "kind"),
    [
        (None, MILD, "added"),
        (None, OPEN, "opened"),
        (MILD, None, "removed"),
        (OPEN, None, "closed"),
        (OPEN, MILD, "added"),
        (MILD, OPEN, "opened"),
        (MILD, WORSE, "effect"),
        (OPEN, OPEN.replaced(effect="unmet"), "effect"),
        (MILD, MILD.replaced(overridden=True), "overridden"),
        (MILD, MILD.replaced(because="b"), "restated"),
        (MILD, MILD.replaced(do="d"), "restated"),
        (MILD, MILD.replaced(authority="a"), "restated"),
        (MILD, MILD.replaced(sources=("s",)), "restated"),
        (MILD, MILD.replaced(local=True), "restated"),
        (MILD, MILD.replaced(not_excluded=True), "restated"),
        (MILD, MILD, None),
        (OPEN, OPEN.replaced(needs=()), None),
        (OPEN, OPEN.replaced(because="b"), None),
    ],
)
def test_a_change_of_a_rule_has_a_kind(
    then: RuleStatus | None, now: RuleStatus | None, kind: str | None
) -> None:
    one, two = ({"r": item} if item else {} for item in (then, now))
    found = compare(standing(rules=one), standing(rules=two)).pathway("iv")
    assert found is not None
    assert [(item.kind, item.rule, item.title) for item in found.rules] == (
        [(kind, "r", "r")] if kind else []
    )


def test_the_worst_comes_first() -> None:
    effects = ("note", "caution", "strange", "contraindicated", "unmet")
    rules = {effect: RuleStatus(effect, effect) for effect in effects}
    found = compare(standing(), standing(rules=rules)).pathway("iv")
    assert found is not None
    order = ["contraindicated", "unmet", "caution", "note", "strange"]
    assert [item.rule for item in found.rules] == order


@pytest.mark.parametrize(
    ("before", "after", "stood"),
    [
        (standing(), standing(verdict=""), (True, False)),
        (standing(verdict=""), standing(), (False, True)),
        (CaseStatus(), standing(), (False, True)),
        (standing(), CaseStatus(), (True, False)),
        (standing(rules=None), standing(rules={"r": MILD}), (True, True)),
        (standing(rules={"r": MILD}), standing(rules=None), (True, True)),
    ],
)
def test_without_a_verdict_or_rules_on_both_sides_no_rule_is_compared(
    before: CaseStatus, after: CaseStatus, stood: tuple[bool, bool]
) -> None:
    found = compare(before, after).pathway("iv")
    assert found is not None
    assert (found.then is not None, found.now is not None) == stood
    assert (found.rules, found.support) == ((), ())


def test_pathways_of_either_are_compared_those_of_now_first() -> None:
    one = CaseStatus(pathways={"im": STOOD.replaced(id="im"), "iv": STOOD})
    two = CaseStatus(pathways={"oral": STOOD.replaced(id="oral"), "iv": STOOD})
    found = compare(one, two)
    assert [item.id for item in found.pathways] == ["oral", "iv", "im"]
    assert found.pathway("nasal") is None


def test_contradictions_are_compared_with_what_was_recorded() -> None:
    here = {("c", ("a",)): "both"}
    one, two = standing(), standing().replaced(contradictions=here)
    new = (Contradicted("c", ("a",), "both"),)
    found = compare(one, two)
    assert (found.contradictions_new, found.contradictions_gone) == (new, ())
    found = compare(two, one)
    assert (found.contradictions_new, found.contradictions_gone) == ((), new)
    found = compare(CaseStatus(), two)
    assert (found.contradictions_new, found.contradictions_gone) == ((), ())


def test_a_difference_as_data_has_both_sides_and_what_changed_between_them() -> None:
    cause = Cause("answer", "a", "a changed")
    changes = (RULE.replaced(causes=(cause,)), RuleChange("s", "S", "closed", OPEN, None))
    pathways = (
        PathwayDifference("iv", STOOD, STOOD.replaced(verdict="caution"), changes, (cause,)),
        PathwayDifference("im", None, STOOD),
    )
    data = difference_data(
        Difference(standing(), CaseStatus(on=ON), pathways, (Contradicted("c", ("a",), "both"),))
    )
    side = {"basis": "off_label", "grade": "B", "rank": 1}
    told = {"kind": "answer", "subject": "a", "words": "a changed"}
    mild = {"effect": "caution", "open": False, "overridden": False}
    assert data["now"] is None
    assert data["then"]["on"] is None
    assert data["changed"] is True
    assert data["pathways"] == [
        {
            "id": "iv",
            "then": {**side, "verdict": "fits"},
            "now": {**side, "verdict": "caution"},
            "changed": True,
            "rules": [
                {"rule": "r", "change": "added", "then": None, "now": mild, "causes": [told]},
                {
                    "rule": "s",
                    "change": "closed",
                    "then": {**mild, "open": True},
                    "now": None,
                    "causes": [],
                },
            ],
            "support": [told],
        },
        {
            "id": "im",
            "then": None,
            "now": {**side, "verdict": "fits"},
            "changed": False,
            "rules": [],
            "support": [],
        },
    ]
    assert data["contradictions"] == {
        "new": [{"id": "c", "questions": ["a"], "because": "both"}],
        "gone": [],
    }
