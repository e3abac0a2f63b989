"""What the decision table's witnesses do not tell apart: found by making the criteria wrong."""

from __future__ import annotations

import pytest

from ketatui.cases.model import Case
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess
from tests.each import each
from tests.engine.clean import ON, PATHWAYS, PREGNANT, WOMAN, clean, diagnosed


@pytest.mark.parametrize(
    "changes",
    [{**PREGNANT, "labs.pregnancy_test": None}, {**WOMAN, "labs.pregnancy_test": "positive"}],
    ids=["said", "tested"],
)
def test_pregnancy_counts_whether_it_was_said_or_tested(
    knowledge: Knowledge, changes: dict[str, bool | int | str | None]
) -> None:
    found = assess(knowledge, clean(changes), ON, with_changes=False)
    for name in PATHWAYS:
        finding = found.pathway(name).finding("pregnancy")
        assert finding is not None, name
        assert finding.effect == "not_recommended"


@pytest.mark.parametrize(
    ("ident", "value"),
    [
        ("medical.respiratory", True),
        ("medical.arrhythmia", True),
        ("medical.recent_mi", True),
        ("medical.heart_failure", "compensated"),
        ("medical.heart_failure", "decompensated"),
    ],
)
def test_the_spray_wants_airway_equipment_at_hand_for_each_of_these(
    knowledge: Knowledge, ident: str, value: bool | str
) -> None:
    for there in (True, False):
        case = clean({ident: value, "setting.resuscitation": there})
        found = assess(knowledge, case, ON, with_changes=False)
        finding = found.pathway("spravato").finding("resuscitation-unstable")
        assert (finding is None) is there
        assert found.pathway("iv").finding("resuscitation-unstable") is None


def test_liver_tests_three_times_the_limit_are_abnormal_too(knowledge: Knowledge) -> None:
    found = assess(knowledge, clean({"labs.liver": "abnormal_3x"}), ON, with_changes=False)
    assert found.pathway("spravato").verdict == "fits"
    assert found.pathway("spravato").finding("liver-tests") is None
    for name in PATHWAYS[1:]:
        assert found.pathway(name).finding("liver-tests") is not None
        assert found.pathway(name).verdict == "not_recommended"


def with_item_9(score: int, changes: dict[str, bool | int | str | None]) -> Case:
    case = clean({"scales.phq9": None, **changes})
    return case.replaced(scale_items={"scales.phq9": {"self_harm": score}})


@each(
    ("score", "acute", "interviewed", "state", "contradicts"),
    [
        (0, False, None, False, False),
        (1, False, None, None, False),
        (1, False, False, True, False),
        (1, False, True, False, False),
        (2, False, None, None, True),
        (3, False, False, True, True),
        # The interview settles it, whatever the scale says.
        (3, False, True, False, False),
        (3, True, None, False, False),
        (3, None, None, None, False),
    ],
)
def test_item_9_of_the_phq9_calls_for_an_interview_the_same_day(
    knowledge: Knowledge,
    score: int,
    acute: bool | None,
    interviewed: bool | None,
    state: bool | None,
    contradicts: bool,
) -> None:
    case = with_item_9(
        score,
        {
            "depression.acute_suicidality": acute,
            "depression.imminent_risk": False if acute else None,
            "depression.suicidality_interviewed": interviewed,
        },
    )
    found = assess(knowledge, case, ON, with_changes=False)
    assert found.asked["depression.suicidality_interviewed"] is (score > 0)
    for pathway in found.pathways:
        assert (pathway.finding("phq9-item-9") is not None) is (state is True)
        assert ("phq9-item-9" in {rule.rule for rule in pathway.open}) is (state is None)
    said = {item.id for item in found.contradictions}
    assert ("item-9-no-suicidality" in said) is contradicts


def test_a_total_alone_says_nothing_of_item_9(knowledge: Knowledge) -> None:
    found = assess(knowledge, clean({"scales.phq9": 27}), ON, with_changes=False)
    assert found.asked["depression.suicidality_interviewed"] is False
    assert found.pathway("spravato").verdict == "fits"


@pytest.mark.parametrize(
    ("changes", "contradiction"),
    [
        ({}, "nothing-listed-antidepressant-taken"),
        (diagnosed("bipolar_depression"), "nothing-listed-mood-stabilizer-taken"),
    ],
)
def test_an_empty_reviewed_list_contradicts_a_medicine_said_to_be_taken(
    knowledge: Knowledge, changes: dict[str, bool | int | str | None], contradiction: str
) -> None:
    for takes, reviewed in (((), True), ((), None), (("sertraline",), True)):
        case = clean({**changes, "medications.reviewed": reviewed}, takes=takes)
        found = assess(knowledge, case, ON, with_changes=False)
        expected = {contradiction} if not takes and reviewed else set()
        assert {item.id for item in found.contradictions} == expected


def test_outside_the_indication_is_not_indicated_on_each_pathway_also_where_no_row_says_so_yet(
    pack: Pack,
) -> None:
    # On iv and im no row of the support table is "NI" today, so no case can show it.
    rule = pack.rules["indication"]
    assert dict(rule.effects) == dict.fromkeys(PATHWAYS, "not_indicated")
