"""What the decision table's witnesses do not tell apart: found by making the criteria wrong."""

from __future__ import annotations

import pytest

from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess
from tests.engine.clean import ON, PATHWAYS, PREGNANT, WOMAN, clean


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


def test_outside_the_indication_is_not_indicated_on_each_pathway_also_where_no_row_says_so_yet(
    pack: Pack,
) -> None:
    # On iv and im no row of the support table is "NI" today, so no case can show it.
    rule = pack.rules["indication"]
    assert dict(rule.effects) == dict.fromkeys(PATHWAYS, "not_indicated")
