"""What forms propose: our own questionnaire by link id, and the PHQ-9 by its codes of LOINC."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

import pytest

from ketatui.cases.integrity import reading_of
from ketatui.cases.reading import read_case
from ketatui.engine import Knowledge
from ketatui.reports.fhir import response
from ketatui.reports.fhir.coding import written
from tests.each import each
from tests.records.conftest import Prefill
from tests.records.support import NO_CODES, ON, PHQ9, condition, observation, patient

CASE = """\
id = "x"
unknown = ["medical.avm"]

[answers.medical]
stroke_tia = false
recent_mi = false
renal = "impaired"
raised_icp = true

[answers.indication]
diagnosis = "mdd"

[answers.patient]
age = 44
sex = "female"
weight_kg = 70.5

[answers.vitals]
systolic = 165
diastolic = 84

[dates]
"medical.raised_icp" = 2026-10-01

[scale_items."scales.phq9"]
interest = 2
mood = 3
sleep = 1
energy = 2
appetite = 0
worth = 1
concentration = 2
movement = 0
self_harm = 1
"""
SUBJECT = {"subject": {"reference": "Patient/p1"}}


def answers(said: dict[str, Any]) -> dict[str, Any]:
    return {item["question"]: item["value"] for item in said["proposed"]}


def why(said: dict[str, Any]) -> str:
    return "; ".join(item["because"] for item in said["not_used"])


@pytest.fixture
def own(knowledge: Knowledge) -> dict[str, Any]:
    """The form of a case, as an export writes it, of the 20th of November."""
    return form_of(knowledge, CASE)


def form_of(knowledge: Knowledge, text: str) -> dict[str, Any]:
    case = read_case(text, path="x.toml", pack=knowledge.pack)
    made = response(knowledge, reading_of(case, knowledge.pack), dt.date(2026, 11, 20))
    found: dict[str, Any] = json.loads(written(made))
    return found | SUBJECT | {"id": "f", "status": "completed"}


def phq9(scores: list[int], **more: Any) -> dict[str, Any]:
    items = [
        {
            "linkId": f"/{link}",
            "answer": [{"valueCoding": {"system": "http://loinc.org", "code": NO_CODES[score]}}],
        }
        for link, score in zip(PHQ9, scores, strict=False)
    ]
    return {
        "resourceType": "QuestionnaireResponse",
        "id": "f",
        "questionnaire": "http://loinc.org/q/44249-1",
        "status": "completed",
        "authored": "2026-11-20T10:00:00Z",
        "item": [{"linkId": "/44249-1", "item": items}],
    } | SUBJECT | more  # fmt: skip


def test_our_own_form_comes_back_as_proposals_of_its_day(
    own: dict[str, Any], prefill: Prefill
) -> None:
    said = prefill(patient(), own)
    found = {item["question"]: item for item in said["proposed"]}
    assert answers(said) == {
        "patient.age": 46,
        "patient.sex": "female",
        "indication.diagnosis": "mdd",
        "scales.phq9": 12,
        "medical.stroke_tia": False,
        "medical.raised_icp": True,
        "medical.renal": "impaired",
    }
    assert found["scales.phq9"]["items"]["self_harm"] == 1
    assert {item.get("date") for item in found.values()} == {None, "2026-11-20", "2026-10-01"}
    assert found["medical.raised_icp"]["date"] == "2026-10-01"
    assert {found[name]["resource"] for name in found} == {"Patient/p1", "QuestionnaireResponse/f"}


def test_what_was_unknown_measured_or_of_its_day_is_not_taken_from_a_form(
    own: dict[str, Any], prefill: Prefill
) -> None:
    found = answers(prefill(patient(), own))
    assert "medical.avm" not in found
    assert not [ident for ident in found if ident.startswith("vitals.")]
    assert not {"patient.weight_kg", "medical.recent_mi"} & set(found)
    # The age is of today, by the birth date.
    assert found["patient.age"] == 46


def test_a_form_that_was_saved_later_is_as_old_as_what_it_was_assessed_for(
    own: dict[str, Any], prefill: Prefill
) -> None:
    own["authored"] = "2026-11-21T10:00:00Z"
    found = {item["question"]: item for item in prefill(patient(), own)["proposed"]}
    assert found["scales.phq9"]["date"] == "2026-11-20"


@each(("day", "stale"), [("2026-11-08", False), ("2026-11-07", True)])
def test_a_form_that_is_too_old_says_so(day: str, stale: bool, prefill: Prefill) -> None:
    said = prefill(patient(), phq9([1] * 9, authored=day))
    assert [item["stale"] for item in said["proposed"][1:]] == [stale]


@each(
    ("more", "because"),
    [
        ({"status": "in-progress"}, "status is in-progress"),
        ({"status": "entered-in-error"}, "status is entered-in-error"),
        ({"authored": None}, "no date of its own"),
        ({"authored": "2026-11-22"}, "after the day"),
        ({"questionnaire": "http://loinc.org/q/89204-2"}, "teenagers"),
        ({"item": []}, "not known by its link ids"),
        ({"item": [{"linkId": "1", "answer": [{"valueInteger": 3}]}]}, "not known by its link ids"),
        ({"modifierExtension": [{"url": "http://example.org/not"}]}, "change its meaning"),
    ],
)
def test_a_form_that_does_not_count_proposes_nothing(
    more: dict[str, Any], because: str, prefill: Prefill
) -> None:
    said = prefill(patient(), phq9([1] * 9) | more)
    assert answers(said) == {"patient.age": 46}
    assert because in why(said)


def test_the_phq9_is_read_by_the_codes_of_its_items(prefill: Prefill) -> None:
    said = prefill(patient(), phq9([2, 3, 1, 2, 0, 1, 2, 0, 1]))
    (found,) = said["proposed"][1:]
    assert (found["value"], found["items"]["self_harm"]) == (12, 1)
    assert (found["code"], found["date"]) == ("http://loinc.org|44249-1", "2026-11-20T10:00:00Z")


def test_half_a_scale_is_no_scale(prefill: Prefill) -> None:
    said = prefill(patient(), phq9([1] * 8))
    assert answers(said) == {"patient.age": 46}
    assert "8 of 9 items" in why(said)


@each(
    "answer",
    [
        [],
        [{"valueCoding": {"system": "http://loinc.org", "code": "LA1-0"}}],
        [{"valueCoding": {"code": "LA6568-5"}}],
        [{"valueInteger": 1}],
        [{"valueCoding": {"system": "http://loinc.org", "code": code}} for code in NO_CODES[:2]],
    ],
)
def test_an_answer_that_cannot_be_read_takes_the_scale_with_it(
    answer: list[Any], prefill: Prefill
) -> None:
    form = phq9([1] * 9)
    form["item"][0]["item"][3]["answer"] = answer
    said = prefill(patient(), form)
    assert answers(said) == {"patient.age": 46}
    assert "cannot be read" in why(said)


@each(("total", "taken"), [(9, True), (10, False)])
def test_a_total_that_stands_beside_its_items_has_to_fit(
    total: int, taken: bool, prefill: Prefill
) -> None:
    form = phq9([1] * 9)
    form["item"].append({"linkId": "/44261-6", "answer": [{"valueDecimal": total}]})
    assert ("scales.phq9" in answers(prefill(patient(), form))) is taken


def test_of_a_form_and_an_observation_the_newer_counts(prefill: Prefill) -> None:
    newer = observation("o", "44261-6", "2026-11-21", valueInteger=20)
    assert answers(prefill(patient(), phq9([1] * 9), newer))["scales.phq9"] == 20
    older = observation("o", "44261-6", "2026-11-19", valueInteger=20)
    assert answers(prefill(patient(), phq9([1] * 9), older))["scales.phq9"] == 9
    same = observation("o", "44261-6", "2026-11-20", valueInteger=20)
    assert "scales.phq9" not in answers(prefill(patient(), phq9([1] * 9), same))


def test_the_same_total_item_by_item_is_the_one_that_is_taken(prefill: Prefill) -> None:
    total = observation("o", "44261-6", "2026-11-20", valueInteger=9)
    (found,) = prefill(patient(), total, phq9([1] * 9))["proposed"][1:]
    assert (found["resource"], len(found["items"])) == ("QuestionnaireResponse/f", 9)


def test_an_earlier_no_and_a_newer_condition_are_not_mixed(
    own: dict[str, Any], prefill: Prefill
) -> None:
    sct = "http://snomed.info/sct"
    newer = condition("c", sct, "432504007", "Cerebral infarction", recordedDate=ON.isoformat())
    said = prefill(patient(), own, newer)
    assert answers(said)["medical.stroke_tia"] is True


def sent(form: dict[str, Any], ident: str, authored: str, **more: Any) -> dict[str, Any]:
    """A form as `cases send` writes it: the identifier holds a digest of what it says."""
    value = f"20261120-101500-abcd.p1.{ident * 8}"
    identifier = {"system": "urn:ketatui:sent", "value": value}
    return (
        copy.deepcopy(form) | {"id": ident, "identifier": identifier, "authored": authored} | more
    )


def amended(form: dict[str, Any], ident: str, authored: str, **more: Any) -> dict[str, Any]:
    found = sent(form, ident, authored, status="amended") | more
    (answer,) = item_of(found["item"], "medical.renal")["answer"]
    answer["valueCoding"]["code"] = "dialysis"
    return found


def item_of(items: list[dict[str, Any]], link: str) -> dict[str, Any]:
    """Return the item of a link id, at any depth."""
    for item in items:
        found = item if item["linkId"] == link else item_of(item.get("item", []), link)
        if found:
            return found
    return {}


MORNING, NOON = "2026-11-20T10:00:00Z", "2026-11-20T12:00:00Z"


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("noon", [NOON, "2026-11-20T07:00:00-05:00"])
def test_an_amended_form_stands_in_place_of_the_same_form_of_that_day(
    first: bool, noon: str, own: dict[str, Any], prefill: Prefill
) -> None:
    both = [sent(own, "a", MORNING), amended(own, "b", noon)]
    said = prefill(patient(), *(both if first else both[::-1]))
    assert answers(said)["medical.renal"] == "dialysis"
    assert why(said) == "QuestionnaireResponse/b is the same form, changed later"


def test_an_answer_that_was_taken_back_is_not_proposed_from_the_earlier_form(
    own: dict[str, Any], prefill: Prefill
) -> None:
    later = amended(own, "b", NOON)
    item_of(later["item"], "medical.stroke_tia")["linkId"] = "note"
    assert "medical.stroke_tia" not in answers(prefill(patient(), sent(own, "a", MORNING), later))


@pytest.mark.parametrize(
    "other",
    [
        {"identifier": {"system": "urn:ketatui:sent", "value": "20261120-999999-efgh.p1.bbbb"}},
        {"identifier": None},
        {"authored": "2026-11-20"},
        {"authored": MORNING},
    ],
    ids=["another case", "nameless", "no time", "the same time"],
)
def test_forms_of_one_day_that_differ_are_not_chosen_from_where_none_is_the_later(
    other: dict[str, Any], own: dict[str, Any], prefill: Prefill
) -> None:
    said = prefill(patient(), sent(own, "a", MORNING), amended(own, "b", NOON) | other)
    assert "medical.renal" not in answers(said)
    assert answers(said)["medical.stroke_tia"] is False


@each(("status", "renal"), [("entered-in-error", "impaired"), ("in-progress", None)])
def test_a_later_form_that_does_not_count_hides_the_earlier_one_unless_it_was_an_error(
    status: str, renal: str | None, own: dict[str, Any], prefill: Prefill
) -> None:
    later = amended(own, "b", NOON, status=status)
    said = prefill(patient(), sent(own, "a", MORNING), later)
    assert answers(said).get("medical.renal") == renal


def test_of_two_versions_of_one_form_the_one_stored_later_counts(
    own: dict[str, Any], prefill: Prefill
) -> None:
    old = own | {"meta": own["meta"] | {"lastUpdated": "2026-11-20T13:00:00+02:00"}}
    new = amended(own, "f", MORNING) | {"meta": own["meta"] | {"lastUpdated": NOON}}
    assert answers(prefill(patient(), new, old))["medical.renal"] == "dialysis"
    del new["meta"]["lastUpdated"]
    assert "medical.renal" not in answers(prefill(patient(), new, old))


@each(
    ("tag", "code", "because"),
    [("use", "practice", "practice case"), ("integrity", "altered", "altered by hand")],
)
def test_a_form_of_ours_that_is_nobodys_or_was_altered_proposes_nothing(
    tag: str, code: str, because: str, own: dict[str, Any], prefill: Prefill
) -> None:
    own["meta"] = {"tag": [{"system": f"urn:ketatui:{tag}", "code": code}]}
    said = prefill(patient(), own)
    assert answers(said) == {"patient.age": 46}
    assert because in why(said)


def total(ident: str, date: str, value: int, **more: Any) -> dict[str, Any]:
    return observation(ident, "44261-6", date, valueInteger=value, **more)


@each(
    "newer",
    [
        # Of another kind or of the same, on that day or later: somebody asked again.
        total("o", "2026-11-20T11:00:00Z", 12, status="preliminary"),
        total("o", "2026-11-20", 12, status="preliminary"),
        total("o", "2026-11-20T11:00:00Z", 99),
        phq9([1, 2, 3], id="g", authored="2026-11-20T11:00:00Z"),
    ],
)
def test_no_older_form_stands_in_for_what_is_newer_and_cannot_be_taken(
    newer: dict[str, Any], prefill: Prefill
) -> None:
    earlier = phq9([1] * 9)
    assert answers(prefill(patient(), earlier))["scales.phq9"] == 9
    said = prefill(patient(), earlier, newer)
    assert "scales.phq9" not in answers(said)
    assert "which cannot be taken" in str(said["not_used"])


@each(
    "other",
    [
        total("o", "2026-11-20T09:00:00Z", 12, status="preliminary"),
        total("o", "2026-11-20T11:00:00Z", 12, status="entered-in-error"),
        phq9([1, 2, 3], id="g", authored="2026-11-20T09:00:00Z"),
        phq9([1, 2, 3], id="g", authored="2026-11-20T11:00:00Z", status="in-progress"),
    ],
)
def test_what_is_older_or_was_not_finished_keeps_no_form_out(
    other: dict[str, Any], prefill: Prefill
) -> None:
    assert answers(prefill(patient(), phq9([1] * 9), other))["scales.phq9"] == 9


def test_no_older_observation_stands_in_for_a_form_that_cannot_be_taken(prefill: Prefill) -> None:
    half = phq9([1, 2, 3])
    said = prefill(patient(), total("o", "2026-11-20T09:00:00Z", 12), half)
    assert "scales.phq9" not in answers(said)


def test_a_newer_result_that_cannot_be_taken_keeps_out_the_answer_of_a_form(
    knowledge: Knowledge, prefill: Prefill
) -> None:
    liver = CASE.replace("[answers.vitals]", '[answers.labs]\nliver = "normal"\n\n[answers.vitals]')
    own = form_of(knowledge, liver)
    for moment, status, there in (
        ("2026-11-20T08:00:00Z", "preliminary", False),
        ("2026-11-21", "preliminary", False),
        ("2026-11-19", "preliminary", True),
        ("2026-11-21", "entered-in-error", True),
    ):
        alt = observation("t", "1742-6", moment, status=status)
        assert ("labs.liver" in answers(prefill(patient(), own, alt))) is there
