"""What laboratory results propose: coded ones, and blood tests against their own upper limits."""

from __future__ import annotations

from typing import Any

from tests.each import each
from tests.records.conftest import Prefill
from tests.records.support import UCUM, amount, observation, patient

SCT = "http://snomed.info/sct"
CODES = {"alt": "1742-6", "ast": "1920-8", "alp": "6768-6", "ggt": "2324-2", "bili": "1975-2"}
HIGH = {"alt": 40, "ast": 40, "alp": 120, "ggt": 60, "bili": 1.2}
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"


def lab(name: str, value: object, date: str = "2026-11-20", **more: Any) -> dict[str, Any]:
    unit = "mg/dL" if name == "bili" else "U/L"
    limit = {"high": amount(HIGH[name], unit)["valueQuantity"]}
    fields = {"referenceRange": [limit]} | amount(value, unit) | more
    return observation(name, CODES[name], date, **fields)


def panel(**values: Any) -> list[dict[str, Any]]:
    plain = {"alt": 20, "ast": 20, "alp": 80, "ggt": 30, "bili": 0.7} | values
    return [lab(name, value) for name, value in plain.items() if value is not None]


def liver(said: dict[str, Any]) -> dict[str, Any] | None:
    return next((item for item in said["proposed"] if item["question"] == "labs.liver"), None)


def why(said: dict[str, Any]) -> dict[str, str]:
    return {item["resource"]: item["because"] for item in said["not_used"]}


@each(
    ("values", "answer"),
    [
        ({}, "normal"),
        ({"alt": 40, "bili": 1.2}, "normal"),
        ({"alt": 40.1}, "abnormal"),
        ({"ggt": 61}, "abnormal"),
        ({"alt": 119.9}, "abnormal"),
        ({"alt": 120}, "abnormal_3x"),
        ({"ast": 400, "alp": None, "ggt": None, "bili": None, "alt": None}, "abnormal_3x"),
        ({"alp": 900}, "abnormal"),
        ({"alp": 900, "bili": None}, "abnormal"),
        ({"bili": None}, None),
        ({"alp": 900, "ast": None}, None),
        ({"alp": 900, "alt": 39, "ast": 41}, "abnormal"),
    ],
)
def test_liver_tests_are_held_against_their_own_limits(
    values: dict[str, Any], answer: str | None, prefill: Prefill
) -> None:
    said = liver(prefill(patient(), *panel(**values)))
    assert (said and said["value"]) == answer


def test_what_was_not_measured_is_named(prefill: Prefill) -> None:
    said = prefill(patient(), *panel(ggt=None))
    assert liver(said) is None
    assert "nothing that counts of GGT" in why(said)["Observation/alt"]


def test_normal_rests_on_all_of_them_and_is_as_old_as_the_oldest(prefill: Prefill) -> None:
    rows = [*panel(alt=None), lab("alt", 20, "2026-10-01")]
    said = liver(prefill(patient(), *rows))
    assert said is not None
    assert (said["value"], said["date"], said["resource"]) == (
        "normal",
        "2026-10-01",
        "Observation/alt",
    )
    assert set(said["also"]) == {f"Observation/{name}" for name in ("ast", "alp", "ggt", "bili")}


@each(("date", "stale"), [("2026-08-24", False), ("2026-08-23", True)])
def test_a_test_that_is_too_old_makes_the_answer_too_old(
    date: str, stale: bool, prefill: Prefill
) -> None:
    rows = [*panel(alt=None), lab("alt", 20, date)]
    said = liver(prefill(patient(), *rows))
    assert said is not None
    assert said["stale"] is stale


def test_an_old_threefold_value_does_not_stand_beside_new_ones(prefill: Prefill) -> None:
    said = liver(prefill(patient(), *panel(alt=None), lab("alt", 500, "2019-01-01")))
    assert said is not None
    assert (said["value"], said["stale"]) == ("abnormal_3x", True)


@each(
    ("more", "because"),
    [
        ({"status": "preliminary"}, "status is preliminary"),
        ({"status": "entered-in-error"}, "status is entered-in-error"),
        ({"effectiveDateTime": None}, "no date"),
        ({"referenceRange": []}, "no upper limit of its own"),
        ({"referenceRange": [{"text": "up to 40"}]}, "no upper limit of its own"),
        ({"referenceRange": [{"high": {"value": 40, "unit": "U/L"}}]}, "no number in a unit"),
        ({"referenceRange": [{"high": amount(40, "[IU]/L")["valueQuantity"]}]}, "another unit"),
        ({"referenceRange": [{"appliesTo": [{}], "high": {"value": 40}}]}, "no upper"),
        ({"valueQuantity": {"value": 20, "unit": "U/L"}}, "unit is not one of UCUM's"),
        (amount(20, "U/L", "µkat/L"), "ALT: its unit is written as two (µkat/L and U/L)"),
        (
            {"referenceRange": [{"high": amount(40, "U/L", "ukat/L")["valueQuantity"]}]},
            "its unit is written as two (ukat/L and U/L)",
        ),
        ({"valueQuantity": {"value": 20, "system": UCUM, "code": "ukat/L"}}, "unit is not one"),
        (
            {"valueQuantity": {"value": 20, "comparator": "<", "system": UCUM, "code": "U/L"}},
            "a bound",
        ),
        (
            {"interpretation": [{"coding": [{"system": INTERPRETATION, "code": "H"}]}]},
            "contradict each other",
        ),
    ],
)
def test_a_test_that_is_not_sure_counts_for_none(
    more: dict[str, Any], because: str, prefill: Prefill
) -> None:
    said = prefill(patient(), *panel(alt=None), lab("alt", 20) | more)
    assert liver(said) is None
    assert because in why(said)["Observation/alt"]


def test_a_newer_result_that_cannot_be_read_hides_the_older(prefill: Prefill) -> None:
    newer = lab("alt", 20, "2026-11-21") | {"id": "new", "referenceRange": []}
    said = prefill(patient(), *panel(), newer)
    assert liver(said) is None


# --- pregnancy tests ------------------------------------------------------------------------------


def urine(ident: str, shown: str, coded: str, date: str = "2026-11-20", **more: Any) -> Any:
    value = {"valueCodeableConcept": {"coding": [{"system": SCT, "code": coded, "display": shown}]}}
    return observation(ident, "2106-3", date, **(value | more))


@each(
    ("shown", "coded", "date", "expected"),
    [
        ("Negative", "260385009", "2026-11-15", ("negative", False)),
        ("Positive", "10828004", "2026-11-15", ("positive", False)),
        ("Negative", "260385009", "2026-11-14", ("negative", True)),
        ("Indeterminate", "82334004", "2026-11-20", None),
    ],
)
def test_a_pregnancy_test_is_read_by_its_code(
    shown: str, coded: str, date: str, expected: object, prefill: Prefill
) -> None:
    found = prefill(patient(), urine("u", shown, coded, date))["proposed"][1:]
    assert [(item["value"], item["stale"]) for item in found] == ([expected] if expected else [])


@each(
    "more",
    [
        {"valueCodeableConcept": {"text": "negative"}},
        {"valueCodeableConcept": None, "valueString": "negative"},
        {"valueCodeableConcept": None, **amount(5, "m[IU]/mL")},
        {"dataAbsentReason": {"text": "hemolyzed"}},
    ],
)
def test_a_result_without_a_code_is_not_read(more: dict[str, Any], prefill: Prefill) -> None:
    said = prefill(patient(), urine("u", "Negative", "260385009") | more)
    assert len(said["proposed"]) == 1
    assert "Observation/u" in why(said)


def test_two_results_of_one_day_that_differ_are_not_chosen_from(prefill: Prefill) -> None:
    rows = (urine("a", "Negative", "260385009"), urine("b", "Positive", "10828004"))
    assert len(prefill(patient(), *rows)["proposed"]) == 1
