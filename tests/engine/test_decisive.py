"""The facts that decide a case: each part a fact can play, held against the rules themselves."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.model import Answer, Case
from ketatui.engine import assess
from ketatui.engine.decisive import FactRole, fact_roles, setting_the_verdict, without
from ketatui.engine.domains import answered, in_order
from tests.effort import tries
from tests.engine.clean import CLEAN, ON, WOMAN, clean
from tests.strategies import MEDICATIONS, ROWS, TRIALS, Thinned, answers_to, shipped, thinned

SOME = settings(max_examples=tries(8), deadline=None)


def verdicts(case: Case) -> dict[str, str]:
    found = assess(shipped(), case, ON, with_changes=False).pathways
    return {pathway.id: pathway.verdict for pathway in found}


def decisive(case: Case) -> set[str]:
    return {ident for ident, role in fact_roles(shipped(), case, ON).items() if role.decisive}


@given(drawn=thinned(CLEAN, unfinished=False), data=st.data())
@SOME
def test_a_fact_without_a_part_changes_no_verdict_and_without_its_carriers_no_finding_holds(
    drawn: Thinned, data: st.DataObject
) -> None:
    case = drawn.more
    roles = fact_roles(shipped(), case, ON)
    changes_no_verdict(case, [ident for ident, role in roles.items() if not role.matters], data)
    is_held_by_its_carriers(case, roles)


def changes_no_verdict(case: Case, idle: list[str], data: st.DataObject) -> None:
    before = verdicts(case)
    for ident in data.draw(st.permutations(idle))[:6]:
        fewer = without(case, (ident,))
        if ident == ROWS[0]:
            changed = answered(fewer, ident, data.draw(TRIALS))
        elif ident == ROWS[1]:
            changed = answered(fewer, ident, data.draw(MEDICATIONS))
        else:
            value = data.draw(answers_to(shipped().pack.questions[ident]))
            changed = answered(fewer, ident, value)
        if in_order(shipped(), changed, ident):
            assert verdicts(changed) == before, ident


def is_held_by_its_carriers(case: Case, roles: Mapping[str, FactRole]) -> None:
    for pathway in assess(shipped(), case, ON, with_changes=False).pathways:
        if pathway.verdict == "incomplete":
            continue
        for rule in setting_the_verdict(pathway):
            carriers = [
                ident for ident, role in roles.items() if rule in role.carries.get(pathway.id, ())
            ]
            then = assess(shipped(), without(case, carriers), ON, with_changes=False)
            # Only what holds whatever is answered has nobody to carry it.
            unconditional = not pathway.finding(rule).facts  # type: ignore[union-attr]
            assert carriers or unconditional, rule
            assert bool(then.pathway(pathway.id).finding(rule)) == unconditional, rule


@given(drawn=thinned(CLEAN))
@SOME
def test_a_role_is_only_for_what_was_stated_and_is_asked(drawn: Thinned) -> None:
    case = drawn.less
    found = assess(shipped(), case, ON, with_changes=False)
    for ident in fact_roles(shipped(), case, ON):
        assert found.asked[ident] is not False
        assert ident in case.answers or ident in case.unknown or ident in ROWS


CASES: dict[str, tuple[Mapping[str, Answer | None], set[str]]] = {
    "what makes it indicated, where all is well": (
        {},
        {"indication.diagnosis", "antidepressant_trials"},
    ),
    "one contraindication": (
        {"medical.aneurysmal_disease": True},
        {"medical.aneurysmal_disease"},
    ),
    "two contraindications, of which neither alone would lift": (
        {"medical.aneurysmal_disease": True, "medical.avm": True},
        {"medical.aneurysmal_disease", "medical.avm"},
    ),
    "one of two blood pressure values": (
        {"vitals.systolic": 170, "vitals.diastolic": 85},
        {"vitals.systolic"},
    ),
    "two blood pressure values, each enough": (
        {"vitals.systolic": 170, "vitals.diastolic": 105},
        {"vitals.systolic", "vitals.diastolic"},
    ),
    "nobody to drive home": ({"logistics.transport": False}, {"logistics.transport"}),
    "no capacity": ({"consent.capacity": False}, {"consent.capacity"}),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_what_the_case_is_about(name: str) -> None:
    answers, wanted = CASES[name]
    assert decisive(clean(answers)) == wanted


@pytest.mark.parametrize(
    ("role", "decisive", "matters"),
    [
        (FactRole("q", {"iv": ("avm",)}, (), (), ()), True, True),
        (FactRole("q", {}, ("iv",), (), ()), True, True),
        (FactRole("q", {}, (), ("iv",), ()), True, True),
        (FactRole("q", {}, (), (), ("iv",)), False, True),
        (FactRole("q", {}, (), (), ()), False, False),
    ],
)
def test_each_of_three_parts_makes_a_fact_decisive(
    role: FactRole, decisive: bool, matters: bool
) -> None:
    assert (role.decisive, role.matters) == (decisive, matters)


def test_a_caution_sets_the_verdict_and_a_note_does_not() -> None:
    case = clean({"medical.arrhythmia": True}, takes=["lithium"])
    pathway = assess(shipped(), case, ON).pathway("iv")
    assert {item.effect for item in pathway.findings} == {"caution", "note"}
    assert setting_the_verdict(pathway) == ("arrhythmia",)
    noted = assess(shipped(), clean(takes=["lithium"]), ON).pathway("iv")
    assert (noted.verdict, setting_the_verdict(noted)) == ("fits", ())


def test_an_answer_that_is_not_asked_for_has_no_part() -> None:
    case = clean({"patient.pregnant": True})
    assert "patient.pregnant" not in fact_roles(shipped(), case, ON)


def test_a_fact_rules_out_the_pathways_it_concerns_and_no_other() -> None:
    role = fact_roles(shipped(), clean(), ON)["setting.rems_certified"]
    assert (role.rules_out, role.decisive) == (("spravato",), False)


def test_pregnancy_known_twice_is_carried_twice() -> None:
    case = clean({**WOMAN, "patient.pregnant": True, "labs.pregnancy_test": "positive"})
    assert {"patient.pregnant", "labs.pregnancy_test"} <= decisive(case)


def test_what_can_not_be_established_decides_by_being_open() -> None:
    case = clean({"medical.avm": None}, unknown=["medical.avm"])
    role = fact_roles(shipped(), case, ON)["medical.avm"]
    assert role.carries == dict.fromkeys(("spravato", "iv", "im", "oral"), ("avm",))
    assert set(role.lifts) == {"spravato", "iv", "im", "oral"}


def test_a_medicine_carries_and_a_clean_list_rules_out() -> None:
    case = clean(takes=["theophylline"])
    assert fact_roles(shipped(), case, ON)["medications"].rules == ("xanthines",)
    role = fact_roles(shipped(), clean(takes=["ibuprofen"]), ON)["medications"]
    assert role.rules_out and not role.decisive


def test_a_number_that_no_rule_reads_plays_no_part() -> None:
    roles = fact_roles(shipped(), clean({"scales.audit_c": 2}), ON)
    assert not roles["scales.audit_c"].matters
    assert roles["vitals.heart_rate"].rules_out
    assert roles["vitals.systolic"].rules_out
    assert not roles["patient.height_cm"].decisive
