"""CDS Hooks: what a card says of an order of ketamine or esketamine, and what it must not."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from fastapi import FastAPI

from ketatui.cases.model import Case
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import ConfirmProposals
from ketatui.records import Entry, group_by_patient
from ketatui.records.offered import to_confirm
from ketatui.service.calls import Calls
from ketatui.service.hooks import Cards, Services
from tests.records.support import bundle, condition, observation, order, patient, pressure, weight
from tests.service.support import ON, cards, client, draft, hook, prefetch, service, shown


async def test_discovery_names_three_services_that_all_prefetch_the_same(app: FastAPI) -> None:
    async with client(app) as http:
        said = Services.model_validate_json((await http.get("/cds-services")).content)
    assert [item.hook for item in said.services] == ["patient-view", "order-select", "order-sign"]
    for item in said.services:
        assert list(item.prefetch) == [
            "patient",
            "observations",
            "orders",
            "statements",
            "conditions",
            "forms",
        ]
        tokens = re.findall(r"\{\{(.*?)\}\}", " ".join(item.prefetch.values()))
        assert set(tokens) == {"context.patientId"}
        assert "http://loinc.org|85354-9" in item.prefetch["observations"]


async def test_a_card_says_what_speaks_against_what_is_missing_and_where_each_is_from(
    app: FastAPI,
) -> None:
    body = hook("order-sign", draft("o1", "Spravato 56 MG", "nasal"))
    body["prefetch"] = prefetch(pressure("bp", 190, 112), orders=(order("l", "Lorazepam 1 MG"),))
    (card,) = await cards(app, body)
    Cards.model_validate({"cards": [card]})
    text = shown(card)
    assert card["summary"].startswith("Spravato: ")
    assert "Systolic blood pressure: 190 mmHg (2026-11-21, Observation/bp)" in text
    assert "Lorazepam 1 MG (2026-11-01, MedicationRequest/l)" in text
    assert "US label: " in text
    assert "(Lorazepam 1 MG)" in text
    assert re.search(r"\*\*Missing: \d+\*\*\n- .*Arteriovenous malformation", text, re.DOTALL)
    assert "The clinician decides." in text
    assert any(item["url"].startswith("https://") for item in card["links"])
    assert re.search(r"\[[^]]+\]\(https?://[^)]+\)", text)
    assert card["source"]["label"].startswith("KetaTUI, criteria ketamine-us")


async def test_a_patient_too_young_is_a_critical_card_only_where_a_rule_says_so(
    app: FastAPI, calls: Calls
) -> None:
    body = hook("order-sign", draft("o1", "esketamine 28 MG Nasal Spray", "nasal"))
    body["prefetch"]["patient"] = patient(birthDate="2015-01-01")
    (card,) = await cards(app, body)
    words = calls.knowledge.pack.wording.verdicts
    named = next(code for code, item in words.items() if f": {item.title}" in card["summary"])
    assert card["indicator"] == ("critical" if named == "contraindicated" else "warning")


@pytest.mark.parametrize(
    ("name", "route", "titles"),
    [
        ("Ketamine 50 MG/ML Injectable Solution", "iv", ["IV infusion"]),
        ("Ketamine 50 MG/ML Injectable Solution", "im", ["IM injection"]),
        ("Ketalar", None, ["IV infusion", "IM injection", "Oral, troche"]),
        ("Spravato", None, ["Spravato"]),
        ("Ketanest S", "nasal", ["Spravato"]),
    ],
)
async def test_an_order_is_judged_by_what_is_in_it_and_how_it_is_given(
    name: str, route: str | None, titles: list[str], app: FastAPI
) -> None:
    (card,) = await cards(app, hook("order-sign", draft("o1", name, route)))
    judged = re.findall(r"^\*\*(.*?): (?:Crit|More|Req|Not|Contra)", shown(card), re.MULTILINE)
    assert judged == titles
    assert ("route not said" in card["summary"]) is (len(titles) > 1)


@pytest.mark.parametrize(("name", "route"), [("Ketamine", "rectal"), ("Esketamine", "iv")])
async def test_an_order_by_a_way_the_criteria_do_not_know_is_said_and_not_judged(
    name: str, route: str, app: FastAPI
) -> None:
    (card,) = await cards(app, hook("order-sign", draft("o1", name, route)))
    assert card["summary"] == f"{name}: the criteria have no pathway for it given this way"
    assert card["indicator"] == "warning"


async def test_nothing_is_said_of_an_order_that_is_known_to_be_of_something_else(
    app: FastAPI,
) -> None:
    assert await cards(app, hook("order-sign", draft("o1", "Sertraline 50 MG"))) == []


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"medicationCodeableConcept": {"text": "Esketamin"}}, "is not recognized"),
        ({"medicationCodeableConcept": {"text": "ket"}}, "may stand for ketamine"),
        ({"medicationCodeableConcept": {"coding": [{"code": "1"}]}}, "a code and no name"),
        ({"medicationCodeableConcept": "ketamine"}, "cannot be read"),
        ({"medicationReference": {"reference": "Medication/far"}}, "is not in the record"),
        ({"modifierExtension": [{"url": "urn:x"}]}, "may change its meaning"),
    ],
)
async def test_an_order_that_is_not_understood_is_said_to_be_so(
    told: dict[str, Any], why: str, app: FastAPI
) -> None:
    body = draft("o1", "ketamine")
    if "medicationReference" in told:
        del body["medicationCodeableConcept"]
    (card,) = await cards(app, hook("order-sign", body | told))
    assert why in shown(card)
    assert "not known" in card["summary"]


@pytest.mark.parametrize(
    "concept",
    [
        {"text": "Ketamine", "coding": [{"display": "Aspirin"}]},
        {"text": "Aspirin", "coding": [{"display": "Ketamine"}]},
        {"coding": [{"display": "Aspirin"}, {"display": "Ketamine"}]},
    ],
)
async def test_an_order_that_names_two_medicines_is_of_the_one_looked_for(
    concept: dict[str, Any], app: FastAPI
) -> None:
    order = draft("o1", "") | {"medicationCodeableConcept": concept}
    (card,) = await cards(app, hook("order-sign", order))
    assert card["summary"].endswith("; Ketamine") and "IV infusion" in card["summary"]


async def test_an_order_that_names_both_is_judged_by_the_pathways_of_both(app: FastAPI) -> None:
    concept = {"text": "Ketamine", "coding": [{"display": "Spravato"}]}
    order = draft("o1", "") | {"medicationCodeableConcept": concept}
    (card,) = await cards(app, hook("order-sign", order))
    assert "**Spravato" in shown(card) and "**IV infusion" in shown(card)


async def test_a_draft_that_is_not_read_is_said_to_be_so(app: FastAPI) -> None:
    order = draft("o1", "ketamine") | {"resourceType": "MedicationDispense"}
    (card,) = await cards(app, hook("order-sign", order))
    assert "MedicationDispense is not read" in shown(card)


async def test_a_part_of_the_draft_orders_is_refused(app: FastAPI) -> None:
    body = hook("order-sign", draft("o1", "Sertraline"))
    body["context"]["draftOrders"]["link"] = [{"relation": "next", "url": "urn:x"}]
    async with client(app) as http:
        answer = await http.post("/cds-services/ketatui-order-sign", json=body)
    assert answer.status_code == 422


@pytest.mark.parametrize("told", [{"doNotPerform": True}, {"status": "entered-in-error"}])
async def test_an_order_not_to_be_carried_out_is_none(told: dict[str, Any], app: FastAPI) -> None:
    assert await cards(app, hook("order-sign", draft("o1", "ketamine") | told)) == []


async def test_an_infusion_that_is_ordered_as_a_procedure_is_seen(app: FastAPI) -> None:
    wanted = {"resourceType": "ServiceRequest", "id": "s1", "status": "draft"}
    told = wanted | {"code": {"text": "ketamine infusion"}}
    other = wanted | {"id": "s2", "code": {"text": "MRI of the knee"}}
    (card,) = await cards(app, hook("order-sign", told, other))
    assert "ketamine infusion" in card["summary"]


async def test_of_draft_orders_only_the_selected_ones_are_judged(app: FastAPI) -> None:
    body = hook("order-select", draft("o1", "Spravato"), draft("o2", "ketamine", "iv"))
    body["context"]["selections"] = ["MedicationRequest/o2"]
    (card,) = await cards(app, body)
    assert card["summary"].startswith("IV infusion")


async def test_what_is_ordered_beside_it_counts_as_taken_with_it(app: FastAPI) -> None:
    alone = await cards(app, hook("order-sign", draft("o1", "Spravato")))
    both = await cards(app, hook("order-sign", draft("o1", "Spravato"), draft("o2", "Lorazepam")))
    assert "(Lorazepam)" in shown(both[0])
    assert "(Lorazepam)" not in shown(alone[0])


async def test_a_medicine_that_a_record_does_not_list_is_never_taken_for_not_taken(
    app: FastAPI,
) -> None:
    body = hook("order-sign", draft("o1", "Spravato"))
    body["prefetch"] = prefetch(orders=(order("s", "Sertraline 50 MG"),))
    (card,) = await cards(app, body)
    missing = shown(card).partition("**Missing")[2].partition("**From the record")[0]
    assert "Medication list reviewed" in missing or "reviewed" in missing.lower()


async def test_what_is_too_old_does_not_count_and_is_said(app: FastAPI) -> None:
    old = pressure("bp", 190, 112, "2020-01-01")
    body = hook("order-sign", draft("o1", "Spravato"))
    body["prefetch"] = prefetch(old)
    (card,) = await cards(app, body)
    text = shown(card)
    assert "190 mmHg (2020-01-01" in text.partition("**Too old to count**")[2]
    assert "Systolic blood pressure" in text.partition("**Missing")[2].partition("**From")[0]


async def test_opening_a_chart_says_what_is_known_of_every_pathway(app: FastAPI) -> None:
    (card,) = await cards(app, hook("patient-view"))
    assert card["indicator"] == "info"
    for title in ("Spravato", "IV infusion", "IM injection", "Oral, troche"):
        assert f"**{title}: " in shown(card)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"deceasedBoolean": True}, "recorded as deceased"),
        ({"active": False}, "no longer in use"),
        ({"birthDate": 1980}, "cannot be read"),
    ],
)
async def test_a_patient_of_whom_nothing_can_be_said_gets_a_card_that_says_so(
    told: dict[str, Any], why: str, app: FastAPI
) -> None:
    body = hook("order-sign", draft("o1", "Spravato"))
    body["prefetch"]["patient"] |= told
    (card,) = await cards(app, body)
    assert why in card["summary"]
    assert card["indicator"] == "warning"


FAILED = {
    "resourceType": "OperationOutcome",
    "issue": [{"severity": "error", "code": "timeout"}],
}


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("observations", None, "Measurements and scales were not given"),
        ("orders", {"resourceType": "OperationOutcome"}, "could not be read by the record system"),
        ("observations", bundle() | {"link": [{"relation": "next"}]}, "given in part"),
        ("orders", bundle(order("x", "Lorazepam") | {"subject": {}}), "not of this patient"),
        ("observations", bundle(FAILED), "says that something failed"),
        ("observations", bundle() | {"implicitRules": "urn:x"}, "rules of their own"),
    ],
)
async def test_what_did_not_come_of_a_record_is_said(
    key: str, value: Any, said: str, app: FastAPI
) -> None:
    body = hook("order-sign", draft("o1", "Spravato"))
    body["prefetch"][key] = value
    (card,) = await cards(app, body)
    assert said in shown(card).partition("**Not seen**")[2]


async def test_what_a_record_leaves_open_is_listed_to_be_asked_about(app: FastAPI) -> None:
    icd = "http://hl7.org/fhir/sid/icd-10-cm"
    coded = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "1"}]}
    body = hook("order-sign", draft("o1", "Spravato"))
    body["prefetch"] = prefetch(orders=(order("x", "") | {"medicationCodeableConcept": coded},))
    body["prefetch"]["conditions"] = bundle(
        condition("hf", icd, "I50.9", "Heart *failure*"), condition("g", icd, "K05.1", "Gingivitis")
    )
    (card,) = await cards(app, body)
    asked = shown(card).partition("**In the record, and to be asked about**")[2]
    asked = asked.partition("**")[0]
    assert "“Heart *failure*” (Condition/hf): Heart failure: it does not say whether" in asked
    assert "MedicationRequest/x: it has a code and no name" in asked
    assert "Gingivitis" not in shown(card)


async def test_a_bundle_with_rules_of_its_own_says_nothing_that_is_taken(app: FastAPI) -> None:
    body = hook("order-sign", draft("o1", "Spravato"))
    body["prefetch"] = prefetch(pressure("bp", 220, 130))
    body["prefetch"]["observations"]["implicitRules"] = "urn:x"
    (card,) = await cards(app, body)
    assert "220" not in card["detail"]


async def test_what_names_the_patient_by_its_address_there_is_of_the_patient(app: FastAPI) -> None:
    server = "https://ehr.example.org/fhir"
    theirs = pressure("bp", 220, 130) | {"subject": {"reference": f"{server}/Patient/p1"}}
    body = hook("order-sign", draft("o1", "Spravato"))
    body["prefetch"] = prefetch(theirs)
    for said, there in ((f"{server}/", True), ("https://other.example/fhir", False), (None, False)):
        (card,) = await cards(app, body | {"fhirServer": said})
        assert ("220" in card["detail"], "not of this patient" in card["detail"]) == (
            there,
            not there,
        )


async def test_another_patient_in_the_record_adds_nothing(app: FastAPI) -> None:
    theirs = pressure("bp", 220, 130) | {"subject": {"reference": "Patient/p2"}}
    body = hook("order-sign", draft("o1", "Spravato"))
    body["prefetch"] = prefetch(theirs)
    (card,) = await cards(app, body)
    assert "220" not in card["detail"]
    assert "not of this patient" in card["detail"]


async def test_what_a_record_says_acts_neither_as_markdown_nor_on_a_terminal(
    app: FastAPI,
) -> None:
    name = "[Lorazepam](http://evil.example) **1** MG\x1b[31m <b>"
    body = hook("patient-view")
    body["prefetch"] = prefetch(orders=(order("l", name),))
    (card,) = await cards(app, body)
    assert "](http://evil" not in card["detail"]
    assert r"\[Lorazepam\]\(http" in card["detail"]
    assert "\x1b" not in card["detail"]
    assert r"\<b\>" in card["detail"]


async def test_a_summary_is_one_short_line_whatever_an_order_is_called(app: FastAPI) -> None:
    body = hook("order-sign", draft("o1", f"ketamine {'x' * 180}"))
    for card in await cards(app, body):
        assert len(card["summary"]) < 140
        assert "\n" not in card["summary"]


async def test_the_same_call_gets_the_same_cards(app: FastAPI) -> None:
    body = hook("order-sign", draft("o1", "Spravato"), draft("o2", "ketamine"))
    first = await cards(app, body)
    assert first == await cards(app, body)
    assert len({card["uuid"] for card in first}) == 2


async def test_an_answer_of_the_card_is_one_the_record_holds(calls: Calls) -> None:
    app = service(calls)
    body = hook("patient-view")
    body["prefetch"] = prefetch(
        weight("w", 81.5), observation("x", "8867-4", "2026-11-21"), pressure("bp", 128, 82)
    )
    (card,) = await cards(app, body)
    rows = re.findall(r"\(([\d-]+|undated), (\w+/\w+)\)$", shown(card), re.MULTILINE)
    assert {(str(ON), "Observation/bp"), (str(ON), "Observation/w")} <= set(rows)
    assert not any(resource == "Observation/x" for _, resource in rows)


async def test_a_card_says_what_the_case_comes_to_once_its_proposals_are_confirmed(
    app: FastAPI, calls: Calls
) -> None:
    # The same record, confirmed by a person in the app: the verdict on the card is the case's.
    body = hook("order-sign", draft("o1", "Spravato", "nasal"))
    held = [pressure("bp", 190, 112), weight("w", 81)]
    body["prefetch"] = prefetch(*held)
    (card,) = await cards(app, body)
    knowledge = calls.knowledge
    entries = [Entry(patient(gender="female")), *map(Entry, held)]
    (subject,), _ = group_by_patient(entries, calls.proposer.kinds)
    found = calls.proposer.propose(subject, ON)
    working = Consultation(knowledge, Case(), today=lambda: ON)
    at = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
    rows = tuple(to_confirm(item) for item in found.proposed if not item.stale)
    working.do(ConfirmProposals(rows=rows, by="Dr Q", at=at))
    verdict = working.assessment.pathway("spravato").verdict
    assert f"Spravato: {knowledge.pack.wording.verdicts[verdict].title}" in card["summary"]
    said = re.findall(r"^- \*\*(.*?)\*\*, .*? label: ", shown(card), re.MULTILINE)
    assert len(said) <= len(working.assessment.pathway("spravato").findings)
    for finding in working.assessment.pathway("spravato").findings:
        assert finding.effect == "note" or " ".join(finding.because.split()) in shown(card)


async def test_a_condition_that_rules_it_out_is_named_with_where_it_stands(app: FastAPI) -> None:
    body = hook("order-sign", draft("o1", "Spravato 56 MG", "nasal"))
    icd = "http://hl7.org/fhir/sid/icd-10-cm"
    held = condition("c", icd, "I71.40", "Abdominal aortic aneurysm, without rupture")
    body["prefetch"] |= {"conditions": bundle(held), "forms": bundle()}
    (card,) = await cards(app, body)
    assert card["indicator"] == "critical"
    text = shown(card)
    assert "Aneurysm (aorta, brain, limbs): yes (2020-03-05, Condition/c)" in text
    assert "Conditions were not given" not in text
    held["verificationStatus"]["coding"][0]["code"] = "refuted"
    (card,) = await cards(app, body)
    assert card["indicator"] != "critical"
