"""The note of one screen: what a colleague would write, and nothing that is for a file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ketatui.cases.integrity import CaseReading, Integrity
from ketatui.cases.model import Case, Medication
from ketatui.cases.store import CaseStore
from ketatui.consultation.completing import completed
from ketatui.consultation.consultation import Consultation
from ketatui.engine import Knowledge
from ketatui.reports.exports import Export, export_name, exported
from ketatui.reports.plain_text import plain_text
from ketatui.reports.short_note import note_to_be, short_note

EXAMPLES = sorted((Path(__file__).parents[2] / "saved_cases").glob("*-example??.toml"))
DAY = dt.date(2026, 11, 27)
ONE_SCREEN = 40


@pytest.fixture(scope="module")
def readings(knowledge: Knowledge) -> list[CaseReading]:
    store = CaseStore(EXAMPLES[0].parent, knowledge.pack)
    return [store.load(path).reading for path in EXAMPLES]


def note(knowledge: Knowledge, reading: CaseReading) -> str:
    return plain_text(short_note(knowledge, reading, DAY).blocks)


def test_every_example_fits_one_screen_without_digests(
    knowledge: Knowledge, readings: list[CaseReading]
) -> None:
    for reading in readings:
        said = note(knowledge, reading)
        assert len(said.splitlines()) <= ONE_SCREEN, reading.case.id
        assert "sha256" not in said
        assert "(rule " not in said


def test_it_says_who_scores_vitals_trials_decision_why_and_consent(
    knowledge: Knowledge, readings: list[CaseReading]
) -> None:
    decided = next(
        item for item in readings if item.case.decision.pathway in knowledge.pack.pathways
    )
    said = " ".join(note(knowledge, decided).split())
    case = decided.case
    assert said.startswith(f"{case.answers['patient.age']} ")
    for part in (
        "Scores: ",
        "Vital signs and labs: ",
        "Trials: ",
        "Decision: ",
        "Why: ",
        "Consent: ",
    ):
        assert part in said, part
    assert case.decision.reason in said
    assert str(case.answers["vitals.systolic"]) in said
    assert "(counts)" in said or "short by" in said


def test_a_medicine_behind_a_finding_is_told_apart_and_what_is_left_out_is_counted(
    knowledge: Knowledge, readings: list[CaseReading]
) -> None:
    reading = readings[0]
    names = ("lorazepam", *(f"cetirizine {n} mg" for n in range(5, 11)))
    rows = tuple(Medication(name=name) for name in names)
    case: Case = reading.case.replaced(medications=rows, notes={"patient.age": "[/] \x1b[31mx"})
    changed = reading.of(case)
    said = " ".join(note(knowledge, changed).split())
    assert "Other medicines: " in said
    assert "more in the record" in said
    assert "\x1b" not in said
    assert "[/]" in said


def test_the_note_and_the_record_are_two_exports_of_two_names(
    knowledge: Knowledge, readings: list[CaseReading]
) -> None:
    short = exported(knowledge, readings[0], DAY, Export("txt", "note"))
    long = exported(knowledge, readings[0], DAY, Export("txt"))
    assert len(short) * 2 < len(long)
    case = readings[0].case
    assert export_name(Path("x.toml"), case, Export("txt", "note")).endswith("-note.txt")
    assert export_name(Path("x.toml"), case, Export("pdf", "page")).endswith("-patient.pdf")


def test_the_page_for_the_patient_is_made_of_a_saved_case_too(
    knowledge: Knowledge, readings: list[CaseReading]
) -> None:
    said = exported(knowledge, readings[0], DAY, Export("txt", "page")).decode()
    assert said.startswith("What we talked about")
    assert readings[0].case.id not in said


def test_the_note_shown_before_saving_is_the_note_of_the_saved_case(
    knowledge: Knowledge, readings: list[CaseReading]
) -> None:
    for reading in readings[:4]:
        consultation = Consultation(knowledge, reading.case, today=lambda: DAY)
        saved = CaseReading(completed(consultation), Integrity("sealed"))
        before = plain_text(note_to_be(consultation).blocks)
        assert before == note(knowledge, saved), reading.case.id
