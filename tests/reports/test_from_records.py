"""What a record proposed and somebody confirmed is told as that, wherever the case is read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from ketatui.cases.integrity import CaseReading, reading_of
from ketatui.cases.model import Case, Medication
from ketatui.engine import Knowledge
from ketatui.reports.exports import Export, exported
from ketatui.reports.from_records import CONFIRMED, from_records
from ketatui.reports.record import record
from tests.each import each
from tests.reports.conftest import Example

AT = dt.datetime(2026, 11, 21, 9, 30, tzinfo=dt.UTC)
WEIGHT: dict[str, Any] = {
    "question": "patient.weight_kg",
    "value": Decimal("70.2"),
    "date": "2026-07-21T05:45:02.345216+00:00",
    "resource": "Observation/1f5351c4",
    "code": "http://loinc.org|29463-7",
    "confirmed_by": "Dr Q",
    "confirmed_at": AT,
}
SOURCE = "from Observation/1f5351c4 of 2026-07-21; confirmed by Dr Q, "
MEDICINE: dict[str, Any] = {
    "question": "medications",
    "value": "topiramate 100 MG Oral Tablet",
    "resource": "MedicationRequest/6d18",
    "confirmed_by": "Dr Q",
}


@pytest.fixture
def case(example: Example) -> Case:
    found = example(12)
    answers = {**found.answers, "patient.weight_kg": Decimal("70.20")}
    listed = (Medication(name="topiramate 100 MG Oral Tablet"),)
    waits = {key: value for key, value in WEIGHT.items() if not key.startswith("confirmed")}
    rows = [WEIGHT, MEDICINE, waits, "no table", {"question": 7, "confirmed_by": "X"}]
    return found.replaced(answers=answers, medications=listed, extra={"proposals": rows})


def test_it_says_from_where_of_when_and_who_confirmed_it(knowledge: Knowledge, case: Case) -> None:
    weight, medicine, odd = from_records(knowledge.pack, case)
    assert (weight.value, weight.stands) == ("70.2 kg", True)
    assert weight.source == f"{SOURCE}{AT.astimezone():%Y-%m-%d %H:%M}"
    assert medicine.text == (
        "topiramate 100 MG Oral Tablet, from MedicationRequest/6d18; confirmed by Dr Q"
    )
    assert (odd.question, odd.stands) == ("7", False)


def test_what_was_answered_otherwise_since_is_said(knowledge: Knowledge, case: Case) -> None:
    answers = {**case.answers, "patient.weight_kg": Decimal(81)}
    changed = case.replaced(answers=answers, medications=())
    weight, medicine, _ = from_records(knowledge.pack, changed)
    assert weight.text.endswith("; answered otherwise since")
    assert medicine.text.endswith("; answered otherwise since")


@each("form", ["txt", "md", "record"])
def test_every_page_of_the_whole_case_says_it(knowledge: Knowledge, case: Case, form: str) -> None:
    reading = reading_of(case, knowledge.pack)
    said = page(knowledge, reading, form)
    assert CONFIRMED in said
    assert SOURCE in said.replace("\\", "")
    none = reading_of(case.replaced(extra={}), knowledge.pack)
    assert CONFIRMED not in page(knowledge, none, form)


def page(knowledge: Knowledge, reading: CaseReading, form: str) -> str:
    if form == "record":
        text = record(knowledge.pack, reading)
    else:
        kind: str = "md" if form == "md" else "txt"
        text = exported(knowledge, reading, dt.date(2026, 11, 27), Export(kind, "summary")).decode()
    return " ".join(text.split())
