"""Asked and not to be established; hidden by another answer; and what "else" then says."""

from __future__ import annotations

import pytest

from ketatui.cases.model import Answer
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess, compile_pack, establish
from ketatui.engine.judging import judge_pathways
from tests.engine.clean import AT_HOME, ON, PATHWAYS, WOMAN, clean, diagnosed
from tests.further import INFUSIONS, with_infusions


@pytest.mark.parametrize(
    ("ident", "rule", "effect"),
    [
        ("medical.avm", "avm", "contraindicated"),
        ("medical.stroke_tia", "stroke-tia", "not_recommended"),
        ("logistics.transport", "transport", "unmet"),
    ],
)
def test_an_unknown_keeps_a_rule_worse_than_caution_open(
    knowledge: Knowledge, ident: str, rule: str, effect: str
) -> None:
    found = assess(knowledge, clean({ident: None}, unknown=[ident]), ON)
    for pathway in found.pathways:
        opened = {item.rule: item for item in pathway.open}
        assert opened[rule].effect == effect
        assert opened[rule].needs == opened[rule].unknown == (ident,)
        assert (pathway.verdict, pathway.worst) == ("incomplete", effect)
        assert not pathway.complete
    assert found.next is None


def test_an_unknown_keeps_a_not_indicated_rule_open(knowledge: Knowledge) -> None:
    case = clean({"patient.age": None}, unknown=["patient.age"])
    spray = assess(knowledge, case, ON).pathway("spravato")
    assert {item.rule for item in spray.open} >= {"under-18"}
    assert (spray.verdict, spray.worst) == ("incomplete", "not_indicated")


@pytest.mark.parametrize(
    ("ident", "rule"),
    [("medical.arrhythmia", "arrhythmia"), ("medical.seizures_uncontrolled", "seizures")],
)
def test_a_caution_that_is_all_unknown_is_found_as_not_excluded(
    knowledge: Knowledge, ident: str, rule: str
) -> None:
    for pathway in assess(knowledge, clean({ident: None}, unknown=[ident]), ON).pathways:
        finding = pathway.finding(rule)
        assert finding is not None
        assert finding.not_excluded
        assert finding.effect == "caution"
        assert pathway.verdict == "caution"
        assert rule not in {item.rule for item in pathway.open}


def test_an_unknown_keeps_the_hold_beside_its_caution_open(knowledge: Knowledge) -> None:
    case = clean({"vitals.spo2": None}, unknown=["vitals.spo2"])
    for pathway in assess(knowledge, case, ON).pathways:
        finding = pathway.finding("spo2-low")
        assert finding is not None and finding.not_excluded
        assert [item.rule for item in pathway.open] == ["spo2-hold"]
        assert (pathway.verdict, pathway.worst) == ("incomplete", "unmet")


def test_it_is_found_also_where_nobody_asks_what_open_rules_need(knowledge: Knowledge) -> None:
    case = clean({"medical.arrhythmia": None}, unknown=["medical.arrhythmia"])
    for judged in judge_pathways(knowledge, case, establish(knowledge, case), ON):
        finding = judged.finding("arrhythmia")
        assert finding is not None
        assert finding.not_excluded
        assert judged.verdict == "caution"


def test_a_caution_only_partly_unknown_stays_open(knowledge: Knowledge) -> None:
    both = ("vitals.systolic", "vitals.diastolic")
    found = assess(knowledge, clean(dict.fromkeys(both), unknown=both[:1]), ON).pathway("iv")
    assert found.finding("bp-elevated") is None
    assert "bp-elevated" in {item.rule for item in found.open}
    found = assess(knowledge, clean(dict.fromkeys(both), unknown=both), ON).pathway("iv")
    finding = found.finding("bp-elevated")
    assert finding is not None
    assert finding.not_excluded
    assert {item.rule for item in found.open} == {"bp-hold", "bp-low-hold", "bp-severe"}


def test_a_part_that_is_known_to_be_false_leaves_only_the_unknown_part(
    knowledge: Knowledge,
) -> None:
    case = clean({"vitals.systolic": None}, unknown=["vitals.systolic"])
    finding = assess(knowledge, case, ON).pathway("spravato").finding("bp-elevated")
    assert finding is not None
    assert finding.not_excluded


def test_an_unknown_note_stays_open_and_holds_nothing_up(knowledge: Knowledge) -> None:
    case = clean({"medications.reviewed": None}, unknown=["medications.reviewed"])
    found = assess(knowledge, case, ON).pathway("iv")
    rules = {item.rule: item.effect for item in found.open}
    assert rules["lithium"] == "note"
    assert rules["xanthines"] == "not_recommended"
    assert found.finding("cns-depressants") is not None


def test_a_dated_caution_that_has_become_unmet_is_not_merely_not_excluded(
    knowledge: Knowledge,
) -> None:
    ident = "setting.seen_in_person"
    case = clean({**AT_HOME, ident: None}, unknown=[ident])
    before = assess(knowledge, case, ON).pathway("oral")
    after = assess(knowledge, case, ON.replace(year=2027)).pathway("oral")
    assert before.finding("telehealth-flexibility") is not None
    assert after.finding("telehealth-flexibility") is None
    assert "telehealth-flexibility" in {item.rule for item in after.open}


MALE_ELSE = {
    "patient.can_become_pregnant": False,
    "patient.pregnant": False,
    "patient.contraception": True,
    "patient.breastfeeding": False,
    "medical.preeclampsia": False,
    "labs.pregnancy_test": "negative",
}
HOME_ELSE = {
    "setting.rems_certified": False,
    "setting.prescriber_on_site": False,
    "setting.pulse_oximeter": False,
    "setting.observation_2h": False,
    "setting.resuscitation": False,
    "setting.iv_capable": False,
    "logistics.can_stay_2h": False,
    "logistics.rems_patient_enrolled": True,
}
PAIN_ELSE = {
    "depression.acute_suicidality": False,
    "depression.imminent_risk": False,
    "depression.psychotic_features": False,
    "depression.oral_antidepressant": False,
    "bipolar.mood_stabiliser": True,
    "scales.phq9": None,
    "scales.madrs": None,
    "trials.reported_count": None,
    "trials.rows_complete": None,
    "derived.failed_trials": None,
    "derived.trd": None,
    "derived.phq9_band": None,
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, MALE_ELSE),
        ({}, {"setting.seen_in_person": True, "indication.first_line_tried": True}),
        (AT_HOME, HOME_ELSE),
        (diagnosed("crps"), PAIN_ELSE),
        ({"setting.rems_certified": False}, {"logistics.rems_patient_enrolled": True}),
    ],
)
def test_a_hidden_question_has_the_value_of_its_else(
    knowledge: Knowledge, changes: dict[str, Answer | None], expected: dict[str, Answer | None]
) -> None:
    values = assess(knowledge, clean(changes), ON).values
    assert {ident: values[ident] for ident in expected} == expected


def test_a_hidden_answer_is_kept_reported_and_not_used(knowledge: Knowledge) -> None:
    case = clean({"patient.pregnant": True, "setting.seen_in_person": False})
    found = assess(knowledge, case, ON)
    assert found.values["patient.pregnant"] is False
    assert [item.verdict for item in found.pathways][:2] == ["fits", "fits"]
    hidden = {item.questions[0] for item in found.contradictions}
    assert hidden == {"patient.pregnant", "setting.seen_in_person"}
    assert {item.id for item in found.contradictions} == {"answered-but-not-asked"}


def test_a_stored_answer_counts_while_it_is_open_whether_it_is_asked(knowledge: Knowledge) -> None:
    case = clean({**WOMAN, "patient.sex": None, "patient.breastfeeding": True})
    found = assess(knowledge, case, ON)
    assert found.asked["patient.breastfeeding"] is None
    assert found.pathway("spravato").verdict == "not_recommended"
    assert found.contradictions == ()


def test_an_unanswered_question_never_hides_another(knowledge: Knowledge) -> None:
    found = assess(knowledge, clean({"setting.site": None}), ON)
    assert found.asked["setting.rems_certified"] is None
    assert found.values["setting.rems_certified"] is True
    assert {item.verdict for item in found.pathways} == {"incomplete"}


def test_an_empty_case_knows_nothing_and_promises_nothing(knowledge: Knowledge) -> None:
    found = assess(knowledge, clean(dict.fromkeys(clean().answers), trials=()), ON)
    for name in PATHWAYS:
        pathway = found.pathway(name)
        assert pathway.verdict == "incomplete"
        assert pathway.worst == "contraindicated"
        assert pathway.basis is None
        assert pathway.grade is None
    assert found.next is not None


def test_a_hidden_answer_is_shown_with_why_it_is_not_asked(
    knowledge: Knowledge, pack: Pack
) -> None:
    ident = "patient.pregnant"
    question = pack.questions[ident]
    silent = question.replaced(asked_because=None)
    for asked, why in (
        (question, question.asked_because),
        (silent, f"it is asked while {question.asked_when}"),
    ):
        other = compile_pack(pack.replaced(questions={**pack.questions, ident: asked}))
        (found,) = assess(other, clean({ident: False}), ON).contradictions
        assert found.because.endswith(f"has an answer that is kept but not used: {why}.")


def test_rows_are_counted_while_their_table_is_asked_for_and_are_open_where_it_is_unknown(
    pack: Pack,
) -> None:
    changed = with_infusions(pack)
    table = changed.questions[INFUSIONS].replaced(asked_when="patient.age >= 30")
    knowledge = compile_pack(changed.replaced(questions={**changed.questions, INFUSIONS: table}))
    row = {"clinic": "North"}
    for age, rows, unknown, number in (
        (40, (), False, 0),
        (40, (row, row), False, 2),
        (40, (), True, None),
        (20, (row,), False, 0),
        (20, (), True, 0),
        (None, (row,), False, 1),
    ):
        case = clean({"patient.age": age}, unknown=[INFUSIONS] if unknown else [])
        case = case.replaced(tables={INFUSIONS: rows} if rows else {})
        found = assess(knowledge, case, ON)
        assert found.values["derived.infusions"] == number, (age, rows, unknown)
        finding = found.pathway("iv").finding("infusions-elsewhere")
        # A caution that waits for nothing but what cannot be established applies.
        assert (finding is not None) is (number != 0), (age, rows, unknown)
        assert finding is None or finding.not_excluded is (number is None)
