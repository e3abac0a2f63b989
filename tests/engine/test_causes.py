"""Why a rule stands otherwise: each cause where it is one, and no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from ketatui.cases.saved_assessment import Criteria
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess
from ketatui.engine.case_status import CaseStatus, RuleStatus
from ketatui.engine.causes import Cause, CauseFinder, Circumstances
from ketatui.engine.difference import compare
from ketatui.engine.fingerprints import roots_of
from ketatui.engine.staleness import StaleAnswer, stale_words
from tests.engine.clean import ON, clean
from tests.engine.compared import (
    again,
    change,
    kinds,
    local_rule,
    other,
    policy,
    saved,
    with_rule,
    with_threshold,
)

FOUND = RuleStatus(
    "bp-hold", "unmet", authority="label", because="Over 160.", do="Wait.", sources=("one",)
)
OPEN = RuleStatus("bp-hold", "unmet", is_open=True, needs=("vitals.systolic",))
SAME = Criteria(rules={"bp-hold": "1"})
ORIGINAL = CaseStatus(criteria=SAME)


def causes(
    then: RuleStatus | None,
    now: RuleStatus | None,
    known: Circumstances | None = None,
    before: CaseStatus = ORIGINAL,
    after: CaseStatus = ORIGINAL,
) -> tuple[Cause, ...]:
    return CauseFinder(before, after, known or Circumstances()).of_rule("iv", then, now)


def told(*arguments: Any) -> list[tuple[str, str]]:
    return [(cause.kind, cause.subject) for cause in causes(*arguments)]


# --- criteria -------------------------------------------------------------------------------------


def test_two_recorded_criteria_are_compared_without_either_at_hand() -> None:
    changed = CaseStatus(criteria=Criteria(rules={"bp-hold": "2"}))
    assert told(None, FOUND, None, ORIGINAL, changed) == [("rule_changed", "bp-hold")]
    assert told(None, FOUND, None, ORIGINAL, ORIGINAL) == []
    assert told(None, FOUND, None, ORIGINAL, CaseStatus()) == []
    assert told(None, FOUND, None, CaseStatus(criteria=Criteria()), CaseStatus()) == []


@pytest.mark.parametrize(
    ("before", "after", "then", "now", "kind"),
    [
        (SAME, Criteria(), FOUND, None, "rule_removed"),
        # Of a file that names a finding no rule of its criteria has.
        (SAME, Criteria(), None, FOUND, "rule_removed"),
        (Criteria(), SAME, None, FOUND, "rule_added"),
    ],
)
def test_a_rule_in_one_of_two_criteria_came_or_went(
    before: Criteria, after: Criteria, then: RuleStatus, now: RuleStatus, kind: str
) -> None:
    found = told(then, now, None, CaseStatus(criteria=before), CaseStatus(criteria=after))
    assert found == [(kind, "bp-hold")]


@pytest.mark.parametrize(
    ("local", "policies", "kind"),
    [
        (True, ("Clinic", None), "local_policy"),
        (True, ("Clinic", "Other"), "local_policy"),
        (True, ("Clinic", "Clinic"), "rule_removed"),
        (False, ("Clinic", None), "rule_removed"),
    ],
)
def test_a_rule_went_with_its_policy_or_without(
    local: bool, policies: tuple[str, str | None], kind: str
) -> None:
    before = CaseStatus(criteria=SAME, policy=policies[0])
    after = CaseStatus(criteria=Criteria(), policy=policies[1])
    assert told(FOUND.replaced(local=local), None, None, before, after) == [(kind, "bp-hold")]


def test_a_rule_new_in_the_criteria_is_not_the_policy_s(knowledge: Knowledge, pack: Pack) -> None:
    older = {ident: rule for ident, rule in pack.rules.items() if ident != "avm"}
    local = policy(pack, {}, local_rule(pack))
    case = clean({"medical.avm": True, "vitals.heart_rate": 72})
    difference = again(other(pack, rules=older), local, case)
    assert kinds(change(difference, "iv", "avm")) == ["rule_added"]
    assert kinds(change(difference, "iv", "ours")) == ["local_policy"]


@pytest.mark.parametrize(("then", "now"), [(None, ON), (ON, None), (None, None)])
def test_without_both_days_nothing_is_said_to_have_lapsed(
    knowledge: Knowledge, then: dt.date | None, now: dt.date | None
) -> None:
    before, after = CaseStatus(on=then), CaseStatus(on=now)
    stated = RuleStatus("telehealth-flexibility", "unmet")
    known = Circumstances(knowledge)
    found = CauseFinder(before, after, known).of_rule("oral", None, stated)
    assert [cause.kind for cause in found] == ["program"]


# --- thresholds -----------------------------------------------------------------------------------


def test_every_threshold_that_moved_is_told_by_its_name(pack: Pack) -> None:
    names = sorted(pack.thresholds)
    when = " or ".join(f"patient.age < threshold.{name}" for name in reversed(names))
    before = with_rule(pack, "bp-hold", when=when, on={})
    moved = before.pack
    for name in names:
        moved = with_threshold(moved, name, int(moved.thresholds[name].value) + 1)
    after = other(moved)
    standings = (CaseStatus(criteria=roots_of(knowledge).criteria) for knowledge in (before, after))
    found = causes(None, FOUND, Circumstances(after), *standings)
    assert [(cause.kind, cause.subject) for cause in found] == [
        ("threshold", name) for name in names
    ]
    assert all(f"“{pack.thresholds[cause.subject].title}”" in cause.words for cause in found)


@pytest.mark.parametrize("missing", ["before", "after"])
def test_a_threshold_that_is_in_one_of_two_criteria_did_not_move(
    knowledge: Knowledge, missing: str
) -> None:
    whole = roots_of(knowledge).criteria
    left = {name: value for name, value in whole.thresholds.items() if "bp_" not in name}
    both = {"before": whole, "after": whole, missing: whole.replaced(thresholds=left)}
    found = told(
        None, FOUND, Circumstances(knowledge), *(CaseStatus(criteria=both[name]) for name in both)
    )
    assert found == [("program", "bp-hold")]


MOVED = "bp_hold_systolic"


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, None, "threshold"),
        ("Clinic", "Clinic", "threshold"),
        (None, "Other", "threshold"),
        ("Clinic", None, "local_policy"),
        ("Clinic", "Other", "local_policy"),
    ],
)
def test_a_threshold_is_blamed_on_a_policy_that_is_not_in_force(
    knowledge: Knowledge, before: str | None, after: str | None, kind: str
) -> None:
    now = roots_of(knowledge).criteria
    then = now.replaced(thresholds={**now.thresholds, MOVED: Decimal(150)})
    standings = (CaseStatus(criteria=then, policy=before), CaseStatus(criteria=now, policy=after))
    assert told(FOUND, None, Circumstances(knowledge), *standings) == [(kind, MOVED)]


@pytest.mark.parametrize(
    ("title", "sets", "kind"),
    [
        ("Our clinic", MOVED, "local_policy"),
        ("Our clinic", "bp_caution_systolic", "threshold"),
        # The criteria at hand are under a policy that the later assessment was not made under.
        (None, MOVED, "threshold"),
    ],
)
def test_a_threshold_is_blamed_on_the_policy_in_force_if_it_sets_it(
    pack: Pack, title: str | None, sets: str, kind: str
) -> None:
    local = policy(pack, {sets: int(pack.thresholds[sets].value)}, {})
    now = roots_of(local).criteria
    then = now.replaced(thresholds={**now.thresholds, MOVED: Decimal(150)})
    standings = (CaseStatus(criteria=then, policy=title), CaseStatus(criteria=now, policy=title))
    assert told(FOUND, None, Circumstances(local), *standings) == [(kind, MOVED)]


# --- how a finding is stated ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"because": "Over 170."}, "reworded"),
        ({"do": "Rest."}, "reworded"),
        ({"authority": "guideline"}, "authority"),
        ({"sources": ("two",)}, "sources"),
        ({"overridden": True}, "override"),
    ],
)
def test_what_is_stated_otherwise_is_told(changes: Mapping[str, Any], kind: str) -> None:
    assert told(FOUND, FOUND.replaced(**changes)) == [(kind, "bp-hold")]
    assert told(FOUND, FOUND) == []


def test_an_override_is_there_now_or_is_not() -> None:
    over = FOUND.replaced(overridden=True)
    assert causes(FOUND, over)[0].words == "the clinician's override"
    assert causes(over, FOUND)[0].words == "the override is not there"


@pytest.mark.parametrize(("then", "now"), [(OPEN, FOUND), (FOUND, OPEN), (None, FOUND)])
def test_what_is_not_found_on_both_sides_is_not_stated_otherwise(
    then: RuleStatus | None, now: RuleStatus
) -> None:
    assert told(then, now) == []


def test_a_policy_s_threshold_explains_the_authority_as_well(
    knowledge: Knowledge, pack: Pack
) -> None:
    local = policy(pack, {"bp_caution_systolic": 130}, {})
    found = change(
        again(knowledge, local, clean({"vitals.systolic": 150})), "spravato", "bp-elevated"
    )
    assert found.then is not None
    assert found.now is not None
    assert found.then.authority != found.now.authority
    assert kinds(found) == ["local_policy"]


def test_an_authority_is_named_as_the_criteria_name_it(knowledge: Knowledge) -> None:
    (one, first), (two, second), *_ = knowledge.pack.wording.authorities.items()
    then, now = FOUND.replaced(authority=one), FOUND.replaced(authority=two)
    (cause,) = causes(then, now, Circumstances(knowledge))
    assert cause.words == f"authority was {first}, is {second}"
    (cause,) = causes(then, FOUND.replaced(authority="elsewhere"))
    assert cause.words == f"authority was {one}, is elsewhere"


# --- answers and medicines ------------------------------------------------------------------------

STALE = tuple(StaleAnswer(ident, ON, 1) for ident in ("vitals.systolic", "vitals.diastolic"))


@pytest.mark.parametrize(
    ("now", "subjects"),
    [
        (OPEN, ["vitals.systolic"]),
        (OPEN.replaced(needs=("vitals.diastolic", "vitals.spo2")), ["vitals.diastolic"]),
        # Nothing it waits for is stale, or it waits for nothing.
        (OPEN.replaced(needs=("vitals.spo2",)), ["vitals.systolic", "vitals.diastolic"]),
        (None, ["vitals.systolic", "vitals.diastolic"]),
    ],
)
def test_of_stale_answers_those_a_rule_waits_for_are_told(
    knowledge: Knowledge, now: RuleStatus | None, subjects: list[str]
) -> None:
    other_one = StaleAnswer("labs.pregnancy_test", ON, 7)
    known = Circumstances(knowledge, stale=(*STALE, other_one))
    assert told(FOUND, now, known) == [("stale", ident) for ident in subjects]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (1, "from 2026-11-21, counts for that day"),
        (2, "from 2026-11-21, counts for 2 days"),
        (7, "from 2026-11-21, counts for 7 days"),
    ],
)
def test_how_long_an_answer_counts_is_said(days: int, words: str) -> None:
    assert stale_words(StaleAnswer("vitals.systolic", ON, days)) == words


def test_answers_are_told_in_the_order_of_the_consultation(knowledge: Knowledge) -> None:
    behind = roots_of(knowledge).rules["mdd-not-resistant"].questions
    known = Circumstances(knowledge, answers=behind | {"vitals.spo2"})
    stated = RuleStatus("mdd-not-resistant", "caution")
    found = CauseFinder(CaseStatus(), CaseStatus(), known).of_rule("iv", None, stated)
    wanted = [ident for ident in knowledge.pack.questions if ident in behind]
    assert [cause.subject for cause in found] == wanted
    assert len(wanted) > 3
    labels = [knowledge.pack.questions[ident].label for ident in wanted]
    assert [cause.words for cause in found] == [f"answer changed: {label}" for label in labels]


def medicines(
    knowledge: Knowledge, before: CaseStatus, after: CaseStatus, rule: str = "cyp-inducers"
) -> list[tuple[str, str]]:
    stated = RuleStatus(rule, "caution")
    found = CauseFinder(before, after, Circumstances(knowledge)).of_rule("oral", None, stated)
    return [(cause.subject, cause.words) for cause in found if cause.kind == "medicine"]


def test_medicines_that_came_to_be_known_or_unknown_are_told_by_name(
    knowledge: Knowledge,
) -> None:
    one, two = [f"tincture {letter}" for letter in "edcba"], [f"balm {digit}" for digit in "54321"]
    before, after = CaseStatus(unrecognised=(*one, "x")), CaseStatus(unrecognised=(*two, "x"))
    assert medicines(knowledge, before, after) == [
        *((name, f"“{name}” is recognized now") for name in sorted(one)),
        *((name, f"“{name}” is no longer recognized") for name in sorted(two)),
    ]
    assert medicines(knowledge, before, after, "bp-hold") == []


@pytest.mark.parametrize(
    ("then", "now", "names", "differ"),
    [
        (("opioid",), ("alcohol",), ((), ()), True),
        (("opioid",), ("opioid",), ((), ()), False),
        (None, ("opioid",), ((), ()), False),
        (("opioid",), None, ((), ()), False),
        (("opioid",), ("alcohol",), (("x",), ("x",)), True),
    ],
)
def test_the_same_medicines_in_other_classes_are_told(
    knowledge: Knowledge,
    then: tuple[str, ...] | None,
    now: tuple[str, ...] | None,
    names: tuple[tuple[str, ...], tuple[str, ...]],
    differ: bool,
) -> None:
    before = CaseStatus(unrecognised=names[0], drug_classes=then)
    after = CaseStatus(unrecognised=names[1], drug_classes=now)
    words = "the criteria put a medicine into other classes now"
    assert medicines(knowledge, before, after) == ([("", words)] if differ else [])


def test_a_medicine_named_anew_explains_its_classes(knowledge: Knowledge) -> None:
    before = CaseStatus(unrecognised=("x",), drug_classes=())
    after = CaseStatus(drug_classes=("opioid",))
    assert medicines(knowledge, before, after) == [("x", "“x” is recognized now")]


# --- where nothing is found -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (CaseStatus(digest="1", pack="ours", version="3"), "the criteria are not ours 3 as it was"),
        (CaseStatus(digest="1", pack="ours"), "the criteria are not ours as it was"),
        (CaseStatus(digest="1"), "the criteria are not those of then as it was"),
        (CaseStatus(digest="2"), "the criteria are the same"),
    ],
)
def test_what_can_not_be_explained_is_said_to_be_so(
    knowledge: Knowledge, before: CaseStatus, said: str
) -> None:
    (cause,) = causes(FOUND, None, Circumstances(knowledge), before, CaseStatus(digest="2"))
    assert cause.words.startswith(said)
    assert cause.kind == ("program" if before.digest == "2" else "criteria")


@pytest.mark.parametrize(
    "changes", [{"answers": frozenset({"patient.sex"})}, {"stale": (StaleAnswer("x", ON, 1),)}]
)
def test_where_answers_changed_the_program_is_not_blamed(
    knowledge: Knowledge, changes: Mapping[str, Any]
) -> None:
    assert causes(FOUND, None, Circumstances(knowledge, **changes)) == ()


def test_a_grade_that_differs_has_a_cause_or_what_was_not_recorded(
    knowledge: Knowledge, pack: Pack
) -> None:
    resistant, mild = clean(), clean(trials=())
    one, two = (assess(knowledge, case, ON) for case in (resistant, mild))
    item = compare(one, two).pathway("iv")
    assert item is not None
    assert (item.support_changed, item.support) == (True, ())
    # Criteria are recorded of one alone.
    item = compare(saved(knowledge, resistant).assessment, two).pathway("iv")
    assert item is not None
    assert item.support == ()
    item = compare(one, two, Circumstances(other(pack))).pathway("iv")
    assert item is not None
    assert [cause.kind for cause in item.support] == ["program"]
