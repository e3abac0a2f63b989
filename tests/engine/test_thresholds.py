"""Every threshold at, just below and just above."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from ketatui.cases.model import Answer
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess, establish
from tests.each import each
from tests.engine.clean import ON, WOMAN, clean

DEFAULTS = {
    "bp_caution_systolic": 140,
    "bp_caution_diastolic": 90,
    "bp_hold_systolic": 160,
    "bp_hold_diastolic": 100,
    "bp_stop_systolic": 180,
    "bp_stop_diastolic": 110,
    "bp_low_systolic": 90,
    "bp_low_hold_systolic": 80,
    "heart_rate_low": 50,
    "heart_rate_high": 120,
    "heart_rate_low_hold": 40,
    "heart_rate_high_hold": 130,
    "spo2_caution": 93,
    "spo2_hold": 90,
    "older_adult_years": 65,
    "weight_min_kg": 45,
    "weight_max_kg": 115,
    "dosing_bmi": 30,
    "trd_failed_trials": 2,
    "adequate_weeks": 6,
    "audit_c_men": 4,
    "audit_c_women": 3,
}


def test_the_thresholds_are_the_table_s(pack: Pack) -> None:
    found = {name: int(value) for name, value in pack.threshold_values.items()}
    new, gone = sorted(found.keys() - DEFAULTS), sorted(DEFAULTS.keys() - found)
    assert not new, f"say in DEFAULTS here, and try at, below and above: {', '.join(new)}"
    assert not gone, f"no longer a threshold: {', '.join(gone)}"
    assert found == DEFAULTS


@each(
    ("systolic", "diastolic", "rules", "verdict"),
    [
        (140, 90, [], "fits"),
        (141, 90, ["bp-elevated"], "caution"),
        (140, 91, ["bp-elevated"], "caution"),
        (159, 99, ["bp-elevated"], "caution"),
        (160, 99, ["bp-hold", "bp-elevated"], "unmet"),
        (159, 100, ["bp-hold", "bp-elevated"], "unmet"),
        (179, 109, ["bp-hold", "bp-elevated"], "unmet"),
        (180, 109, ["bp-severe", "bp-hold", "bp-elevated"], "contraindicated"),
        (179, 110, ["bp-severe", "bp-hold", "bp-elevated"], "contraindicated"),
    ],
)
def test_blood_pressure(
    knowledge: Knowledge, systolic: int, diastolic: int, rules: list[str], verdict: str
) -> None:
    case = clean({"vitals.systolic": systolic, "vitals.diastolic": diastolic})
    found = assess(knowledge, case, ON)
    assert [item.rule for item in found.pathway("iv").findings] == rules
    assert found.pathway("iv").verdict == verdict
    spray = found.pathway("spravato")
    assert [item.rule for item in spray.findings] == [r for r in rules if r != "bp-severe"]
    assert spray.verdict == ("unmet" if "bp-severe" in rules else verdict)


@each(
    ("ident", "value", "rules", "verdict"),
    [
        ("vitals.heart_rate", 190, ["heart-rate-hold", "heart-rate"], "unmet"),
        ("vitals.heart_rate", 131, ["heart-rate-hold", "heart-rate"], "unmet"),
        ("vitals.heart_rate", 130, ["heart-rate"], "caution"),
        ("vitals.heart_rate", 121, ["heart-rate"], "caution"),
        ("vitals.heart_rate", 120, [], "fits"),
        ("vitals.heart_rate", 50, [], "fits"),
        ("vitals.heart_rate", 49, ["heart-rate"], "caution"),
        ("vitals.heart_rate", 40, ["heart-rate"], "caution"),
        ("vitals.heart_rate", 39, ["heart-rate-hold", "heart-rate"], "unmet"),
        ("vitals.heart_rate", 32, ["heart-rate-hold", "heart-rate"], "unmet"),
        ("vitals.systolic", 90, [], "fits"),
        ("vitals.systolic", 89, ["bp-low"], "caution"),
        ("vitals.systolic", 80, ["bp-low"], "caution"),
        ("vitals.systolic", 79, ["bp-low-hold", "bp-low"], "unmet"),
        ("vitals.systolic", 70, ["bp-low-hold", "bp-low"], "unmet"),
        ("vitals.spo2", 93, [], "fits"),
        ("vitals.spo2", 92, ["spo2-low"], "caution"),
        ("vitals.spo2", 90, ["spo2-low"], "caution"),
        ("vitals.spo2", 89, ["spo2-hold", "spo2-low"], "unmet"),
        ("vitals.spo2", 80, ["spo2-hold", "spo2-low"], "unmet"),
    ],
)
def test_a_vital_sign_far_out_of_range_holds_the_session(
    knowledge: Knowledge, ident: str, value: int, rules: list[str], verdict: str
) -> None:
    case = clean({"vitals.diastolic": 40, ident: value})
    for pathway in assess(knowledge, case, ON).pathways[:2]:
        assert [item.rule for item in pathway.findings] == rules, pathway.id
        assert pathway.verdict == verdict


@each(
    ("ident", "value", "rule", "pathway", "applies"),
    [
        ("vitals.spo2", 92, "spo2-low", "spravato", True),
        ("vitals.spo2", 93, "spo2-low", "spravato", False),
        ("vitals.spo2", 94, "spo2-low", "spravato", False),
        ("patient.weight_kg", Decimal("44.9"), "weight-range", "iv", True),
        ("patient.weight_kg", Decimal(45), "weight-range", "iv", False),
        ("patient.weight_kg", Decimal("45.1"), "weight-range", "im", False),
        ("patient.weight_kg", Decimal("114.9"), "weight-range", "im", False),
        ("patient.weight_kg", Decimal(115), "weight-range", "iv", False),
        ("patient.weight_kg", Decimal("115.1"), "weight-range", "iv", True),
        ("patient.age", 17, "under-18", "spravato", True),
        ("patient.age", 18, "under-18", "spravato", False),
        ("patient.age", 19, "under-18", "iv", False),
        ("patient.age", 64, "older-adult", "iv", False),
        ("patient.age", 65, "older-adult", "iv", True),
        ("patient.age", 66, "older-adult", "spravato", True),
    ],
)
def test_a_number_at_below_and_above_its_threshold(
    knowledge: Knowledge, ident: str, value: Answer, rule: str, pathway: str, applies: bool
) -> None:
    found = assess(knowledge, clean({ident: value}), ON).pathway(pathway)
    assert (found.finding(rule) is not None) is applies


@pytest.mark.parametrize(
    ("weight", "bmi", "applies"),
    [
        ("95.00", "30.0", True),
        ("94.89", "29.9", False),
        ("94.90", "30.0", True),
        ("95.21", "30.0", True),
        ("95.22", "30.1", True),
    ],
)
def test_bmi_has_one_decimal_and_counts_from_30(
    knowledge: Knowledge, weight: str, bmi: str, applies: bool
) -> None:
    # 1.78 m: 30 is 95.05 kg, and 29.95 (which rounds up to 30.0) is 94.89 and a little.
    case = clean({"patient.weight_kg": Decimal(weight)})
    assert establish(knowledge, case).values["derived.bmi"] == Decimal(bmi)
    found = assess(knowledge, case, ON).pathway("iv").finding("dosing-weight")
    assert (found is not None) is applies


@pytest.mark.parametrize("missing", ["patient.weight_kg", "patient.height_cm"])
def test_bmi_is_null_without_weight_or_height_and_holds_nothing_up(
    knowledge: Knowledge, missing: str
) -> None:
    found = assess(knowledge, clean({missing: None}), ON)
    assert found.values["derived.bmi"] is None
    assert "dosing-weight" in {item.rule for item in found.pathway("iv").open}
    if missing == "patient.height_cm":
        assert found.pathway("iv").verdict == "fits"
        assert not found.pathway("iv").complete
        assert found.pathway("iv").worst == "caution"


@each(
    ("total", "band"),
    [
        (0, "minimal"),
        (4, "minimal"),
        (5, "mild"),
        (9, "mild"),
        (10, "moderate"),
        (14, "moderate"),
        (15, "moderately_severe"),
        (19, "moderately_severe"),
        (20, "severe"),
        (27, "severe"),
        (None, None),
    ],
)
def test_the_bands_of_the_phq9(knowledge: Knowledge, total: int | None, band: str | None) -> None:
    values = establish(knowledge, clean({"scales.phq9": total})).values
    assert values["derived.phq9_band"] == band


@each(
    ("sex", "total", "positive"),
    [
        ("male", 3, False),
        ("male", 4, True),
        ("female", 2, False),
        ("female", 3, True),
        ("other", 2, False),
        ("other", 3, True),
        (None, 2, False),
        (None, 3, None),
        (None, 4, True),
        ("male", None, None),
        ("female", 12, True),
    ],
)
def test_audit_c_is_positive_from_4_in_men_and_3_in_others(
    knowledge: Knowledge, sex: str | None, total: int | None, positive: bool | None
) -> None:
    woman = WOMAN if sex in ("female", "other") else {}
    case = clean({**woman, "patient.sex": sex, "scales.audit_c": total})
    assert establish(knowledge, case).values["derived.audit_c_positive"] is positive


@pytest.mark.parametrize(
    ("age", "asked"), [(9, False), (10, True), (60, True), (61, False), (None, None)]
)
def test_pregnancy_is_asked_from_10_to_60(
    knowledge: Knowledge, age: int | None, asked: bool | None
) -> None:
    case = clean({"patient.sex": "female", "patient.age": age})
    found = assess(knowledge, case, dt.date(2026, 11, 21))
    assert found.asked["patient.can_become_pregnant"] is asked
    assert found.asked["patient.breastfeeding"] is asked
