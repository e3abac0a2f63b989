"""Every page says which answers are of another day, and what consent was given to."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from decimal import Decimal
from typing import Any

import pytest

from ketatui.cases.integrity import CaseReading, reading_of
from ketatui.cases.model import Case, Consent
from ketatui.engine import Knowledge
from ketatui.reports.exports import Export, exported
from ketatui.reports.given import consented_to, other_days
from ketatui.reports.record import record
from tests.each import each
from tests.reports.conftest import Example

BEFORE = dt.date(2026, 11, 20)
LONG_AGO = dt.date(2026, 7, 1)


@pytest.fixture
def reading(knowledge: Knowledge, example: Example) -> CaseReading:
    """An example of which two answers are older, and one is to a question nobody asks now."""
    case = example(12)
    dates = {"vitals.systolic": BEFORE, "patient.weight_kg": LONG_AGO}
    answers = {**case.answers, "labs.forgotten": "4.1"}
    return reading_of(case.replaced(dates=dates, answers=answers), knowledge.pack)


def written(knowledge: Knowledge, reading: CaseReading, form: str, kind: str = "summary") -> str:
    return exported(knowledge, reading, dt.date(2026, 11, 27), Export(form, kind)).decode()


@each("form", ["md", "txt"])
def test_the_note_lists_the_answers_of_other_days(
    knowledge: Knowledge, reading: CaseReading, form: str
) -> None:
    text = " ".join(written(knowledge, reading, form).replace("\\", "").split())
    assert "Answers of another day than the assessment" in text
    label = knowledge.pack.questions["vitals.systolic"].label
    _, _, line = text.partition("2026-11-20")
    assert label in line[:80]
    assert "which did not count" in line.partition("- ")[0]
    assert text.index("2026-07-01") < text.index("2026-11-20")


def test_showing_a_case_lists_them_too(knowledge: Knowledge, reading: CaseReading) -> None:
    text = record(knowledge.pack, reading)
    label = knowledge.pack.questions["patient.weight_kg"].label
    assert f"2026-07-01: {label}: " in text


def test_a_case_of_one_day_has_no_such_list(knowledge: Knowledge, example: Example) -> None:
    case = example(12)
    reading = reading_of(case, knowledge.pack)
    assert other_days(knowledge.pack, case) == ()
    assert "another day" not in written(knowledge, reading, "md")
    assert "another day" not in record(knowledge.pack, reading)
    assert "given-on" not in written(knowledge, reading, "fhir")


def test_the_table_has_days_and_what_the_criteria_do_not_know(
    knowledge: Knowledge, reading: CaseReading
) -> None:
    (row,) = csv.DictReader(io.StringIO(written(knowledge, reading, "csv")))
    assert row["other_days"] == "patient.weight_kg:2026-07-01; vitals.systolic:2026-11-20"
    assert row["not_in_criteria"] == "labs.forgotten: 4.1"
    assert row["consent_given_to"] == "spravato:fits"


def items(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    own = {item["linkId"]: item for item in found.get("item", ())}
    for item in found.get("item", ()):
        own |= items(item)
    return own


def test_fhir_has_the_day_at_the_item_and_the_rest_at_the_response(
    knowledge: Knowledge, reading: CaseReading
) -> None:
    bundle = json.loads(written(knowledge, reading, "fhir"))
    found = {row["resource"]["resourceType"]: row["resource"] for row in bundle["entry"]}
    made = items(found["QuestionnaireResponse"])
    day = {"url": "urn:ketatui:given-on", "valueDate": "2026-11-20"}
    assert made["vitals.systolic"]["extension"] == [day]
    assert "extension" not in made["vitals.diastolic"]
    other = {"url": "urn:ketatui:not-in-criteria", "valueString": "labs.forgotten: 4.1"}
    assert other in found["QuestionnaireResponse"]["extension"]
    about = {"url": "urn:ketatui:consent-given-to", "valueString": "Spravato, “Criteria met”"}
    assert about in found["Consent"]["extension"]


@each(("form", "kind"), [("md", "summary"), ("txt", "consent")])
def test_a_document_says_what_consent_was_given_to(
    knowledge: Knowledge, reading: CaseReading, form: str, kind: str
) -> None:
    text = written(knowledge, reading, form, kind)
    assert "Given to" in text
    assert "Spravato, “Criteria met”" in text


def test_consent_to_something_else_than_what_was_decided_is_said(knowledge: Knowledge) -> None:
    consent = Consent(outcome="agreed", pathway="spravato", verdict="fits")
    case = Case(consent=consent)
    said = {
        (pathway, verdict): consented_to(
            knowledge.pack,
            case.replaced(decision=case.decision.replaced(pathway=pathway, verdict=verdict)),
        )
        for pathway, verdict in (("spravato", "fits"), ("spravato", "caution"), ("im", "fits"))
    }
    assert said["spravato", "fits"] == "Spravato, “Criteria met”"
    assert "another verdict" in said["spravato", "caution"]
    assert "not what was decided" in said["im", "fits"]
    assert consented_to(knowledge.pack, Case(consent=Consent(outcome="agreed"))) == ""


def test_an_assessment_made_for_the_page_is_held_against_its_own_day(knowledge: Knowledge) -> None:
    case = Case(answers={"vitals.systolic": Decimal(120)}, dates={"vitals.systolic": BEFORE})
    assert other_days(knowledge.pack, case, "2026-11-20") == ()
    (found,) = other_days(knowledge.pack, case, "2026-11-27")
    assert (found.day, found.counts) == (BEFORE, False)
