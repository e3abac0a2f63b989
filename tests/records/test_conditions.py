"""What conditions of a record propose: a yes or a choice that is confirmed there, never a no."""

from __future__ import annotations

from typing import Any

from tests.each import each
from tests.records.conftest import Prefill
from tests.records.support import condition, patient

ICD, SCT = "http://hl7.org/fhir/sid/icd-10-cm", "http://snomed.info/sct"
STATUS = "http://terminology.hl7.org/CodeSystem/condition-"


def status(name: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": f"{STATUS}{name}", "code": code}]}


def clinical(code: str) -> dict[str, Any]:
    return {"clinicalStatus": status("clinical", code)}


def verified(code: str) -> dict[str, Any]:
    return {"verificationStatus": status("ver-status", code)}


def aneurysm(ident: str = "c", code: str = "I71.40", **more: Any) -> dict[str, Any]:
    return condition(ident, ICD, code, "Abdominal aortic aneurysm, without rupture", **more)


def dementia(ident: str = "c", **more: Any) -> dict[str, Any]:
    return condition(ident, SCT, "26929004", "Alzheimer's disease (disorder)", **more)


def answers(said: dict[str, Any]) -> dict[str, Any]:
    return {item["question"]: item["value"] for item in said["proposed"][1:]}


def why(said: dict[str, Any]) -> dict[str, str]:
    return {item["resource"]: item["because"] for item in said["not_used"]}


def test_a_condition_comes_with_its_source_code_and_the_day_it_was_recorded(
    prefill: Prefill,
) -> None:
    said = prefill(patient(), aneurysm(onsetDateTime="2018-01-01"))
    assert said["proposed"][1:] == [
        {
            "question": "medical.aneurysmal_disease",
            "value": True,
            "date": "2020-03-05",
            "resource": "Condition/c",
            "code": f"{ICD}|I71.40",
            "stale": False,
        }
    ]


@each(
    ("system", "code", "shown", "question", "value"),
    [
        (ICD, "Q28.2", "Arteriovenous malformation of cerebral vessels", "avm", True),
        (SCT, "274100004", "Cerebral hemorrhage", "intracerebral_hemorrhage", True),
        (ICD, "I63.9", "Cerebral infarction, unspecified", "stroke_tia", True),
        (ICD, "G91.1", "Obstructive hydrocephalus", "raised_icp", True),
        (ICD, "H40.1132", "Primary open-angle glaucoma, bilateral", "raised_iop", "glaucoma"),
        (ICD, "N18.32", "Chronic kidney disease, stage 3b", "renal", "impaired"),
        (ICD, "Z99.2", "Dependence on renal dialysis", "renal", "dialysis"),
        (SCT, "197834003", "Chronic interstitial cystitis", "cystitis", True),
        (ICD, "G30.9", "Alzheimer's disease, unspecified", "cognitive", "dementia"),
    ],
)
def test_a_code_answers_its_question(
    system: str, code: str, shown: str, question: str, value: object, prefill: Prefill
) -> None:
    said = prefill(patient(), condition("c", system, code, shown))
    assert answers(said) == {f"medical.{question}": value}


@each(
    ("code", "shown", "value"),
    [
        ("F10.20", "Alcohol dependence, uncomplicated", "active"),
        ("F10.21", "Alcohol dependence, in remission", "remission"),
        ("F11.11", "Opioid abuse, in remission", "remission"),
    ],
)
def test_the_narrowest_code_counts(code: str, shown: str, value: str, prefill: Prefill) -> None:
    said = prefill(patient(), condition("c", ICD, code, shown))
    assert answers(said) == {"substance.use_disorder": value}


@each(
    ("code", "because"),
    [
        ("I50.9", "whether the heart failure is compensated"),
        ("N18.6", "whether dialysis has begun"),
        ("F33.1", "decided in the consultation"),
        ("H40.003", "no code that answers a question"),
        ("F17.210", "no code that answers a question"),
        ("E11.9", "no code that answers a question"),
        ("I7", "no code that answers a question"),
        ("", "no code that answers a question"),
    ],
)
def test_what_a_code_does_not_settle_is_asked(code: str, because: str, prefill: Prefill) -> None:
    said = prefill(patient(), condition("c", ICD, code, "as named there"))
    assert answers(said) == {}
    assert because in why(said)["Condition/c"]


@each(
    ("more", "because"),
    [
        (verified("refuted"), "recorded as refuted"),
        (verified("entered-in-error"), "verification status is entered-in-error"),
        (verified("provisional"), "verification status is provisional"),
        (verified("unconfirmed"), "verification status is unconfirmed"),
        ({"verificationStatus": None}, "verification status is not said"),
        ({"verificationStatus": {"text": "confirmed"}}, "verification status is without a code"),
        ({"verificationStatus": {"coding": [{"code": "confirmed"}]}}, "of another system"),
        ({"code": None}, "no code that answers a question"),
        ({"code": {"text": "Aneurysm"}}, "no code that answers a question"),
        ({"recordedDate": None}, "it has no date of its own"),
        ({"recordedDate": "2020"}, "month or year"),
        ({"recordedDate": "2027-01-01"}, "after the day"),
        ({"modifierExtension": [{"url": "http://example.org/not"}]}, "change its meaning"),
        ({"clinicalStatus": {"text": "maybe"}}, "clinical status is without a code"),
    ],
)
def test_what_is_not_sure_proposes_nothing(
    more: dict[str, Any], because: str, prefill: Prefill
) -> None:
    said = prefill(patient(), aneurysm() | more)
    assert answers(said) == {}
    assert because in why(said)["Condition/c"]


@each("code", ["inactive", "remission", "resolved"])
def test_what_was_ever_counts_when_it_is_over_and_what_is_now_does_not(
    code: str, prefill: Prefill
) -> None:
    ever, now = aneurysm("ever", **clinical(code)), dementia("now", **clinical(code))
    said = prefill(patient(), ever, now)
    assert answers(said) == {"medical.aneurysmal_disease": True}
    assert why(said)["Condition/now"] == "it is recorded as over"


@each(
    ("more", "because"),
    [
        ({"clinicalStatus": None}, "clinical status is not said"),
        ({"abatementDateTime": "2021-01-01"}, "recorded with an end"),
        ({"abatementString": "last year"}, "recorded with an end"),
    ],
)
def test_what_is_asked_for_today_has_to_be_there_today(
    more: dict[str, Any], because: str, prefill: Prefill
) -> None:
    said = prefill(patient(), dementia() | more)
    assert answers(said) == {}
    assert because in why(said)["Condition/c"]


@each(
    ("onset", "proposed"),
    [("2026-05-22", True), ("2026-05-21", False), ("2026-11-21", True), (None, False)],
)
def test_a_heart_attack_counts_for_six_months_from_when_it_began(
    onset: str | None, proposed: bool, prefill: Prefill
) -> None:
    more = {"onsetDateTime": onset} if onset else {}
    shown = "Non-ST elevation (NSTEMI) myocardial infarction"
    said = prefill(patient(), condition("c", ICD, "I21.4", shown, **more))
    assert answers(said) == ({"medical.recent_mi": True} if proposed else {})


@each(("day", "stands"), [("2019-12-31", True), ("2020-03-05", False)])
def test_a_refuted_one_that_is_no_older_keeps_the_others_from_being_proposed(
    day: str, stands: bool, prefill: Prefill
) -> None:
    denial = aneurysm("no", "I71.9", recordedDate=day, **verified("refuted"))
    said = prefill(patient(), denial, aneurysm("yes"))
    assert answers(said) == ({"medical.aneurysmal_disease": True} if stands else {})


def test_conditions_that_answer_differently_are_not_chosen_from(prefill: Prefill) -> None:
    stage = condition("a", ICD, "N18.4", "Chronic kidney disease, stage 4 (severe)")
    dialysis = condition(
        "b", ICD, "Z99.2", "Dependence on renal dialysis", recordedDate="2024-01-01"
    )
    said = prefill(patient(), stage, dialysis)
    assert answers(said) == {}
    assert set(why(said)) == {"Condition/a", "Condition/b"}


def test_the_newest_of_those_that_agree_is_the_source(prefill: Prefill) -> None:
    newer = aneurysm("new", "I71.9", recordedDate="2025-01-01")
    said = prefill(patient(), aneurysm("old"), newer)
    assert said["proposed"][1]["resource"] == "Condition/new"
    assert why(said)["Condition/old"] == "says the same as Condition/new"


def test_codes_of_one_condition_that_answer_differently_propose_nothing(prefill: Prefill) -> None:
    both = aneurysm()
    both["code"]["coding"].append({"system": ICD, "code": "Q28.2"})
    assert answers(prefill(patient(), both)) == {}


def test_no_condition_ever_says_no(prefill: Prefill) -> None:
    said = prefill(patient(), condition("c", ICD, "E11.9", "Type 2 diabetes"))
    assert not [item for item in said["proposed"] if item["value"] in (False, "none")]
