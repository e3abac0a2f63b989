"""FHIR R4: held against HL7's schema and the models of fhir.resources; each misses something."""

from __future__ import annotations

import datetime as dt
import gzip
import html
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from fhir.resources.R4B.bundle import Bundle

from ketatui.cases.integrity import reading_of
from ketatui.cases.model import Case, Medication
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from ketatui.reports.fhir import bundle, questionnaire, resources, response
from ketatui.reports.fhir.conditions import asked_path
from tests.each import each
from tests.reports.conftest import Example, Read
from tests.reports.support import CASE

Json = dict[str, Any]
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire"
SCHEMA = Path(__file__).resolve().parents[1] / "data" / "fhir" / "fhir.schema.json.gz"
HL7 = "http://terminology.hl7.org/CodeSystem"
LOINC = {
    *("44249-1", "44261-6", "44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2"),
    *("44252-5", "44253-3", "44260-8", "72109-2", "75626-2", "68518-0", "68519-8", "68520-6"),
    *("LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"),
    *("8480-6", "8462-4", "8867-4", "59408-5", "29463-7", "8302-2", "59284-0"),
}
"""The LOINC codes that were verified."""


@cache
def schema() -> Json:
    found: Json = json.loads(gzip.decompress(SCHEMA.read_bytes()))
    return found


def problems(resource: Json) -> list[str]:
    """What HL7's schema says against a resource: by its own definition, for a short answer."""
    return _problems(json.dumps(resource))


@cache
def _problems(text: str) -> list[str]:
    # The same questionnaire stands in every bundle.
    resource = json.loads(text)
    kind = resource["resourceType"]
    own = {"$ref": f"#/definitions/{kind}", "definitions": schema()["definitions"]}
    errors = jsonschema.Draft6Validator(own).iter_errors(resource)
    return [f"{list(error.path)}: {error.message[:200]}" for error in errors]


def walk(value: Any) -> Iterator[Json]:
    """Every table within a resource."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from walk(item)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item)


def items_of(resource: Json) -> dict[str, Json]:
    """Items by link id; of rows the last."""
    return {item["linkId"]: item for item in walk(resource) if "linkId" in item}


def bundled(pack: Pack, responses: list[Json]) -> Json:
    """The bundle as whoever reads it has it."""
    found: Json = json.loads(bundle(pack, responses))
    return found


@pytest.fixture(scope="module")
def whole(knowledge: Knowledge, example: Example, read: Read, on: dt.date) -> Json:
    """Every example and a case full of unknowns in one bundle."""
    cases = [*(example(number) for number in range(1, 15)), read(CASE)]
    return bundled(knowledge.pack, [item for case in cases for item in of(knowledge, case, on)])


def of_kind(bundled: Json, kind: str) -> list[Json]:
    """The entries with one kind of resource."""
    return [entry for entry in bundled["entry"] if entry["resource"]["resourceType"] == kind]


def of(knowledge: Knowledge, case: Case, on: dt.date) -> list[Json]:
    """All resources of a case."""
    return resources(knowledge, reading_of(case, knowledge.pack), on)


def test_the_bundle_holds_to_the_schema_of_r4(whole: Json) -> None:
    for entry in whole["entry"]:
        assert problems(entry["resource"]) == []
    # What is in the entries is looked at above: here, how they are put together.
    small = sorted(whole["entry"], key=lambda entry: len(json.dumps(entry)))[:2]
    assert jsonschema.Draft6Validator(schema()).is_valid({**whole, "entry": small})


def test_the_schema_would_see_a_wrong_element(whole: Json) -> None:
    wrong = json.loads(json.dumps(whole["entry"][1]["resource"]))
    wrong["item"][0]["answers"] = []
    assert problems(wrong)
    assert not jsonschema.Draft6Validator(schema()).is_valid({**whole, "entry": [{"resource": 1}]})


def test_the_bundle_holds_to_the_models_and_comes_back_from_them_unchanged(whole: Json) -> None:
    model = Bundle.model_validate(whole)
    assert json.loads(model.model_dump_json()) == whole


def test_the_same_cases_give_the_same_bytes_in_ascii(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = example(1).replaced(label="é\x1b漢")
    one, two = (
        bundle(knowledge.pack, [response(knowledge, reading_of(case, knowledge.pack), on)])
        for _ in "12"
    )
    assert one == two
    assert one.isascii()
    assert "\\u001b" not in one


def test_every_question_has_one_item_of_the_type_of_its_answers(pack: Pack) -> None:
    found = [item for item in walk(questionnaire(pack)) if "linkId" in item]
    links = [item["linkId"] for item in found]
    assert len(links) == len(set(links))
    items = {item["linkId"]: item for item in found}
    types = {"bool": "choice", "choice": "choice", "int": "integer", "decimal": "decimal"}
    for ident, question in pack.questions.items():
        if question.kind in types:
            assert items[ident]["type"] == types[question.kind]
        if types.get(question.kind) == "choice":
            codes = [option["valueCoding"]["code"] for option in items[ident]["answerOption"]]
            own = [option.code for option in question.options] or ["Y", "N"]
            assert codes == [*own, "asked-unknown"]
    assert items["antidepressant_trials"]["type"] == "group"
    assert items["antidepressant_trials"]["repeats"] is True
    assert items["scales.phq9"]["type"] == "group"
    assert items["scales.madrs"]["type"] == "integer"


def test_only_the_verified_codes_of_loinc_are_used_each_where_it_belongs(
    whole: Json, pack: Pack
) -> None:
    used = [item["code"] for item in walk(whole) if item.get("system") == "http://loinc.org"]
    assert set(used) == LOINC
    items = items_of(questionnaire(pack))
    for link, code in (
        ("scales.phq9", "44249-1"),
        ("scales.phq9.total", "44261-6"),
        ("scales.phq9.interest", "44250-9"),
        ("scales.audit_c", "72109-2"),
        ("scales.audit_c.total", "75626-2"),
        ("scales.audit_c.binge", "68520-6"),
        ("vitals.systolic", "8480-6"),
        ("vitals.spo2", "59408-5"),
    ):
        assert [coding["code"] for coding in items[link]["code"]] == [code]
    assert "code" not in items["scales.madrs"]
    answers = [option["valueCoding"] for option in items["scales.phq9.sleep"]["answerOption"]]
    assert [(one["code"], one["extension"][0]["valueDecimal"]) for one in answers] == [
        ("LA6568-5", 0),
        ("LA6569-3", 1),
        ("LA6570-1", 2),
        ("LA6571-9", 3),
    ]
    units = {
        link: extension["valueCoding"]["code"]
        for link, item in items.items()
        for extension in item.get("extension", ())
        if extension["url"].endswith("questionnaire-unit") and "code" in extension["valueCoding"]
    }
    assert units["vitals.diastolic"] == "mm[Hg]"
    assert units["antidepressant_trials.weeks"] == "wk"


def test_when_a_question_is_asked_is_said_in_both_ways_and_names_items_there_are(
    pack: Pack,
) -> None:
    items = items_of(questionnaire(pack))
    for ident, question in pack.questions.items():
        assert "enableWhen" not in items[ident]
        said = {part["url"]: part for part in items[ident].get("extension", ())}
        if question.asked_when is None:
            assert "urn:ketatui:asked-when" not in said
            continue
        assert said["urn:ketatui:asked-when"]["valueString"] == question.asked_when
        path = said[f"{SDC}-enableWhenExpression"]["valueExpression"]["expression"]
        for link in re.findall(r"linkId='([^']+)'", path):
            assert items[link]["type"] != "group"


def test_a_condition_becomes_a_path_that_is_true_while_it_is_open(pack: Pack) -> None:
    answer = "%resource.descendants().where(linkId='patient.sex').answer.value"
    sex = f"{answer}.where(system='urn:ketatui:answers:patient.sex').code"
    assert asked_path(pack, "patient.sex != 'male'") == f"(({sex} != 'male')).all($this)"
    # What counts while a question is not asked itself stands in its place.
    path = asked_path(pack, "patient.pregnant")
    assert path is not None
    assert path.startswith("(iif(") and path.endswith(", false)).all($this)")
    path = asked_path(pack, "vitals.systolic >= threshold.bp_hold_systolic")
    assert path is not None
    assert f">= {pack.threshold_values['bp_hold_systolic']})" in path


@each("expression", ["derived.failed_trials > 2", "derived.drug_classes contains 'maoi'"])
def test_a_condition_that_answers_cannot_say_is_left_out_whole(expression: str, pack: Pack) -> None:
    assert asked_path(pack, expression) is None


def test_answers_are_values_and_an_unknown_one_says_so(
    knowledge: Knowledge, read: Read, on: dt.date
) -> None:
    found = response(knowledge, reading_of(read(CASE), knowledge.pack), on)
    items = items_of(found)
    assert items["patient.age"]["answer"] == [{"valueInteger": 44}]
    assert items["patient.weight_kg"]["answer"] == [{"valueDecimal": 70.5}]
    yes = {"system": f"{HL7}/v2-0136", "code": "Y", "display": "Yes"}
    assert items["setting.dea_ciii"]["answer"] == [{"valueCoding": yes}]
    assert items["setting.site"]["answer"][0]["valueCoding"]["code"] == "outpatient_clinic"
    unknown = {
        "system": f"{HL7}/data-absent-reason",
        "code": "asked-unknown",
        "display": "Asked But Unknown",
    }
    assert items["medical.avm"]["answer"] == [{"valueCoding": unknown}]
    assert items["medical.renal"]["answer"] == [{"valueCoding": unknown}]
    total = items["scales.phq9.total"]
    assert "answer" not in total
    assert [part["valueCode"] for part in total["extension"]] == ["asked-unknown"]
    # A half-filled scale has its items and no false total.
    assert items["scales.audit_c.frequency"]["answer"][0]["valueCoding"]["code"] == "2"
    assert "scales.audit_c.total" not in items
    # Kept in the case, but not asked in a clinic: it counts nowhere.
    assert "setting.seen_in_person" not in items
    assert items["antidepressant_trials.outcome"]["answer"][0]["valueCoding"]["code"]
    assert items["medications.dose"]["answer"] == [{"valueString": "0.5 mg"}]


def test_that_a_number_or_a_table_is_unknown_is_a_coded_answer_beside_it(
    knowledge: Knowledge, read: Read, on: dt.date
) -> None:
    pack = knowledge.pack
    unknown = {"scales.phq9", "vitals.heart_rate", "antidepressant_trials", "medical.avm"}
    case = read(CASE).replaced(unknown=frozenset(unknown), scale_items={}, trials=())
    found = list(walk(response(knowledge, reading_of(case, pack), on)["item"]))
    links = [item["linkId"] for item in found if "linkId" in item]
    said = {
        item["linkId"]: item["answer"][0]["valueCoding"]["code"]
        for item in found
        if item.get("linkId", "").startswith("unknown:")
    }
    assert said == dict.fromkeys(
        (f"unknown:{ident}" for ident in unknown - {"medical.avm"}), "asked-unknown"
    )
    for ident, before in (
        ("vitals.heart_rate", "vitals.heart_rate"),
        ("antidepressant_trials", "antidepressant_trials"),
        ("scales.phq9", "scales.phq9.total"),
    ):
        assert links[links.index(f"unknown:{ident}") - 1] == before
    asked = items_of(questionnaire(pack))
    for ident, question in pack.questions.items():
        coded = question.kind in ("bool", "choice")
        assert (f"unknown:{ident}" in asked) is not coded


def test_what_a_record_proposed_and_who_confirmed_it_stands_with_the_answer(
    knowledge: Knowledge, read: Read, on: dt.date
) -> None:
    at = dt.datetime(2026, 11, 21, 14, 5, tzinfo=dt.UTC)
    by = {"confirmed_by": "Dr Q", "confirmed_at": at}
    rows = [
        {"question": "patient.weight_kg", "value": Decimal("70.50"), "code": "29463-7", **by},
        {"question": "medications", "value": "lorazepam", "resource": "MedicationRequest/1", **by},
        {"question": "vitals.heart_rate", "value": 72, "resource": "Observation/never-confirmed"},
        "anything",
    ]
    case = read(CASE).replaced(
        extra={"proposals": rows}, medications=(Medication(name="lorazepam"), Medication(name="x"))
    )
    found = response(knowledge, reading_of(case, knowledge.pack), on)
    said = [
        (item["linkId"], {part["url"]: [*part.values()][1] for part in one["extension"]})
        for item in walk(found["item"])
        for one in item.get("extension", ())
        if one["url"] == "urn:ketatui:proposed"
    ]
    who = {"confirmed-by": "Dr Q", "confirmed-at": "2026-11-21T14:05:00Z"}
    assert said == [
        ("patient.weight_kg", {"code": "29463-7", "value": "70.50", **who}),
        ("medications", {"resource": "MedicationRequest/1", "value": "lorazepam", **who}),
    ]


def test_a_note_stands_with_its_question_answered_or_not(
    knowledge: Knowledge, read: Read, on: dt.date
) -> None:
    items = items_of(response(knowledge, reading_of(read(CASE), knowledge.pack), on))
    (answered,) = items["vitals.systolic"]["extension"]
    assert answered == {"url": "urn:ketatui:note", "valueString": "after 5 min of rest"}
    assert items["vitals.systolic"]["answer"] == [{"valueInteger": 165}]
    assert "answer" not in items["medical.stroke_tia"]


def test_notes_stand_once_more_where_every_client_keeps_them(
    knowledge: Knowledge, read: Read, on: dt.date
) -> None:
    case = read(CASE)
    found = response(knowledge, reading_of(case, knowledge.pack), on)
    (group,) = [item for item in found["item"] if item["linkId"] == "notes"]
    said = {
        question["answer"][0]["valueString"]: text["answer"][0]["valueString"]
        for question, text in (note["item"] for note in group["item"])
    }
    assert len(said) > 1
    assert said == {ident: note.strip() for ident, note in case.notes.items()}


def test_a_number_keeps_the_digits_it_was_given_with(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    answers = {**example(1).answers, "patient.weight_kg": Decimal("81.0")}
    case = example(1).replaced(answers=answers)
    assert '"valueDecimal":81.0}' in bundle(knowledge.pack, of(knowledge, case, on))


def test_every_item_has_the_text_of_its_question_and_people_can_read_it(whole: Json) -> None:
    asked = items_of(whole["entry"][0]["resource"])
    for entry in whole["entry"]:
        assert entry["resource"]["text"]["status"] == "generated"
    for entry in of_kind(whole, "QuestionnaireResponse"):
        div = entry["resource"]["text"]["div"]
        for link, item in items_of(entry["resource"]).items():
            assert item["text"] == asked[link]["text"]
            assert html.escape(item["text"]) in div


def test_the_consent_conversation_is_a_consent(whole: Json) -> None:
    found = of_kind(whole, "Consent")
    assert found
    kinds = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in whole["entry"]}
    for entry in found:
        resource = entry["resource"]
        assert problems(resource) == []
        assert resource["scope"]["coding"][0]["code"] == "treatment"
        assert resource["patient"]["display"]
        assert kinds[resource["sourceReference"]["reference"]] == "QuestionnaireResponse"
    agreed = next(e["resource"] for e in found if e["resource"]["status"] == "active")
    assert agreed["provision"] == {"type": "permit"}
    items = [part for part in agreed["extension"] if part["url"] == "urn:ketatui:consent-item"]
    first = {part["url"]: part for part in items[0]["extension"]}
    assert first["item"]["valueCoding"]["code"] == "consent.purpose"
    assert first["discussed"]["valueDateTime"] == "2026-11-21T08:08:40Z"


def test_nobody_consented_in_a_practice_case(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = example(1).replaced(practice=True)
    assert [item["resourceType"] for item in of(knowledge, case, on)] == ["QuestionnaireResponse"]


def test_the_bundle_is_a_transaction_that_can_be_loaded_again(whole: Json) -> None:
    assert whole["type"] == "transaction"
    names = {entry["fullUrl"] for entry in whole["entry"]}
    assert len(names) == len(whole["entry"])
    for entry in whole["entry"]:
        resource = entry["resource"]
        assert entry["fullUrl"] == f"urn:uuid:{resource['id']}"
        url = f"{resource['resourceType']}/{resource['id']}"
        assert entry["request"] == {"method": "PUT", "url": url}
    pointed = [item["reference"] for item in walk(whole) if "reference" in item]
    assert pointed
    assert set(pointed) <= names


def test_what_was_never_saved_says_the_day_it_is_assessed_for(
    knowledge: Knowledge, read: Read, on: dt.date
) -> None:
    found = response(knowledge, reading_of(read(CASE), knowledge.pack), on)
    assert found["authored"] == on.isoformat()


def test_every_answered_item_is_one_of_the_questionnaire(whole: Json) -> None:
    asked = items_of(whole["entry"][0]["resource"])
    for entry in of_kind(whole, "QuestionnaireResponse"):
        assert set(items_of(entry["resource"])) <= set(asked)


def test_the_tags_say_criteria_day_and_practice_and_there_is_no_patient(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = example(1).replaced(practice=True)
    assert case.assessment is not None
    made = case.assessment["pack"]
    found = response(knowledge, reading_of(case, knowledge.pack), on)
    tags = {tag["system"]: tag for tag in found["meta"]["tag"]}
    assert tags["urn:ketatui:criteria"]["code"] == made["id"]
    assert tags["urn:ketatui:criteria"]["version"] == made["version"]
    assert tags["urn:ketatui:criteria-digest"]["code"] == made["digest"]
    assert tags["urn:ketatui:assessed-for"]["code"] == "2026-11-21"
    assert tags["urn:ketatui:use"]["code"] == "practice"
    assert tags["http://terminology.hl7.org/CodeSystem/v3-ActReason"]["code"] == "HTEST"
    assert set(found["subject"]) == {"display"}
    assert found["status"] == "completed"
    assert found["authored"] == "2026-11-21T08:32:00Z"
    assert bundled(knowledge.pack, [found])["meta"] == found["meta"]
    assert (
        response(knowledge, reading_of(example(10), knowledge.pack), on)["status"] == "in-progress"
    )


def test_a_signature_is_a_provenance_of_the_case_it_stands_in(whole: Json) -> None:
    cases = {
        entry["fullUrl"]: entry["resource"]["identifier"]["value"]
        for entry in whole["entry"]
        if entry["resource"]["resourceType"] == "QuestionnaireResponse"
    }
    found = []
    for entry in whole["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] != "Provenance":
            continue
        (target,), (signature,) = resource["target"], resource["signature"]
        said = {item["url"].rpartition(":")[2]: item for item in resource["extension"]}
        assert said["digest"]["valueString"].startswith("sha256:")
        found.append(
            (
                cases[target["reference"]][-2:],
                signature["who"]["display"],
                [item["code"] for item in signature["type"]],
                said["revision"]["valueInteger"],
                said["fit"]["valueCode"],
            )
        )
    astm = "1.2.840.10065.1.12.1"
    assert found == [
        ("12", "T.W. (clinical pharmacist)", ["co-signed"], 2, "current"),
        ("12", "M.O. (psychiatrist)", [f"{astm}.13", "reviewed"], 3, "current"),
        ("13", "M.O. (psychiatrist)", [f"{astm}.13", "reviewed"], 2, "old"),
        ("13", "K.L. (psychiatrist)", [f"{astm}.16", "amended"], 4, "current"),
    ]
    addresses = [entry["fullUrl"] for entry in whole["entry"]]
    assert len(set(addresses)) == len(addresses)


def test_what_reviewers_said_is_an_annotation_of_the_response(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    found = [
        {part["url"]: part for part in item["extension"]}
        for item in response(knowledge, reading_of(example(14), knowledge.pack), on)["extension"]
    ]
    assert [item["kind"]["valueCode"] for item in found] == ["comment", "disagree"]
    assert found[0]["on"]["valueString"] == "answer:vitals.systolic"
    assert found[0]["said"]["valueAnnotation"] == {
        "authorString": "M.O. (psychiatrist)",
        "time": "2026-11-21T17:55:00Z",
        "text": "One reading only; please repeat.",
    }


def test_no_reviewer_makes_the_bundle_invalid(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    cases = []
    for text in ("\x1b[2J", "a\x00b", " padded \n two ", "**bold**"):
        odd = {"by": text, "role": text, "digest": ""}
        case = example(12)
        cases.append(
            case.replaced(
                reviews=tuple(item.replaced(text=text, **odd) for item in case.reviews),
                signatures=tuple(item.replaced(**odd) for item in case.signatures),
            )
        )
    found = bundled(knowledge.pack, [item for case in cases for item in of(knowledge, case, on)])
    for entry in found["entry"]:
        assert problems(entry["resource"]) == []
    assert json.loads(Bundle.model_validate(found).model_dump_json()) == found


def test_a_file_and_its_copy_have_addresses_of_their_own(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    made = response(knowledge, reading_of(example(1), knowledge.pack), on)
    other = response(knowledge, reading_of(example(2), knowledge.pack), on)
    found = [entry["fullUrl"] for entry in bundled(knowledge.pack, [made, made])["entry"]]
    assert len(set(found)) == 3
    again = [entry["fullUrl"] for entry in bundled(knowledge.pack, [other, made])["entry"]]
    assert again[2] == found[1]


@each("label", ["", "   ", "\t\n", "\x1b[2J", "a\x00b", " padded "])
def test_no_label_makes_the_bundle_invalid(
    label: str, knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case: Case = example(1).replaced(label=label, id=label)
    text = bundle(knowledge.pack, [response(knowledge, reading_of(case, knowledge.pack), on)])
    found = json.loads(text)
    assert problems(found["entry"][1]["resource"]) == []
    Bundle.model_validate(found)
    assert not re.search(r"[\x00-\x1f]", text.replace("\n", ""))


def test_an_item_that_counts_by_itself_is_kept_while_its_scale_is_not_asked(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    answers = {**example(1).answers, "indication.diagnosis": "crps"}
    del answers["scales.phq9"]
    items = {"scales.phq9": {"interest": 3, "self_harm": 2}}
    case = example(1).replaced(answers=answers, scale_items=items)
    found = items_of(response(knowledge, reading_of(case, knowledge.pack), on))
    phq9 = [link for link in found if link.startswith("scales.phq9")]
    assert phq9 == ["scales.phq9", "scales.phq9.self_harm"]
    asked = items_of(questionnaire(knowledge.pack))["scales.phq9"]
    path = next(part for part in asked["extension"] if part["url"].startswith(SDC))
    assert path["valueExpression"]["expression"].endswith(
        "where(linkId='scales.phq9.self_harm').answer.value.exists()"
    )
