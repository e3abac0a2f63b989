"""From a record: proposals that count once somebody confirms them."""

from __future__ import annotations

import functools
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from ketatui.cases.model import Case
from ketatui.cases.reading import read_case
from ketatui.consultation.confirming import PROPOSALS
from ketatui.criteria.records import load_records
from ketatui.engine import Knowledge
from ketatui.records import with_proposals
from ketatui.records.offered import offered_by
from ketatui.records.patients import group_by_patient
from ketatui.records.reading import read_records
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.proposals import ProposalsScreen
from tests.records.record_server import serving
from tests.records.support import amount, bundle, observation, order, patient, pressure, weight
from tests.tui.conftest import NOW
from tests.tui.support import Hand, SitDown, in_turn, toml_files

Law = Callable[[Hand], Awaitable[None]]

RECORD = bundle(
    patient(gender="female"),
    pressure("bp", 128, 82, "2026-11-21T08:05:00-05:00"),
    weight("w", 81.5, "2026-11-20"),
    observation("old", "8867-4", "2020-01-01", valueQuantity={}),
    order("l", "Lorazepam 1 MG Oral Tablet"),
    {"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/p1"}},
)


def written(folder: Path, data: Any) -> Path:
    """Return the file of a record."""
    path = folder / "record.json"
    path.write_text(json.dumps(data), "utf-8")
    return path


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return written(tmp_path, RECORD)


async def open_record(hand: Hand, path: Path) -> ProposalsScreen:
    if not isinstance(hand.app.screen, ConsultationScreen):
        await hand.press("n")
        await hand.on(ConsultationScreen)
    await hand.press("p")
    screen = await hand.on(ProposalsScreen)
    await hand.paste(str(path))
    await hand.press("enter")
    await hand.until(lambda: "proposed" in hand.text)
    return screen


def answers(hand: Hand) -> dict[str, Any]:
    return dict(hand.consultation.case.answers)


async def proposals_are_confirmed_one_by_one_and_by_section(hand: Hand, folder: Path) -> None:
    record = written(folder, RECORD)
    await open_record(hand, record)
    assert answers(hand) == {}
    assert "Age" in hand.text
    assert "46 years, today, by the birth date" in hand.words
    assert "81.5 kg, 2026-11-20, 1 day old" in hand.words
    await hand.press("down", "y")
    assert answers(hand) == {"patient.age": 46}
    assert "46 years, confirmed by Dr Q" in hand.words
    await hand.press("home")
    assert "y confirms all 2 of this section" in hand.words
    await hand.press("y")
    assert set(answers(hand)) == {"patient.age", "patient.sex", "patient.weight_kg"}
    case = hand.consultation.case
    assert str(case.dates["patient.weight_kg"]) == "2026-11-20"
    assert {row["confirmed_by"] for row in case.extra[PROPOSALS]} == {"Dr Q"}
    assert {row["resource"] for row in case.extra[PROPOSALS]} == {"Patient", "Observation/w"}
    await hand.press("ctrl+z")
    assert answers(hand) == {"patient.age": 46}
    assert len(hand.consultation.case.extra[PROPOSALS]) == 1


async def a_row_opens_to_its_source_and_what_is_not_used_is_told(hand: Hand, folder: Path) -> None:
    record = written(folder, RECORD)
    await open_record(hand, record)
    await hand.press("z")
    assert "Source: Patient/p1" in hand.all_lines
    assert "Not used" in hand.all_lines
    assert "Condition/c: it has no code that answers a question; ask" in hand.all_lines
    assert "Observation/old: Heart rate: it holds no measured value" in hand.all_lines


async def test_who_confirms_has_to_be_said(desk: SitDown, record: Path) -> None:
    async with desk() as hand:
        await open_record(hand, record)
        await hand.press("down", "y", "escape")
        assert answers(hand) == {}
        assert "who confirms it has to be said" in hand.text
        await hand.press("y")
        await hand.paste("Dr Q")
        await hand.press("enter")
        assert answers(hand) == {"patient.age": 46}
        assert hand.consultation.case.extra[PROPOSALS][0]["confirmed_by"] == "Dr Q"


async def what_is_too_old_or_answered_cannot_be_confirmed(hand: Hand, folder: Path) -> None:
    path = folder / "old.json"
    data = bundle(patient(birthDate=None), pressure("bp", 128, 82, "2020-01-01"))
    del data["entry"][0]["resource"]["birthDate"]
    path.write_text(json.dumps(data), "utf-8")
    await open_record(hand, path)
    assert "too old to count: ask again" in hand.all_lines
    await hand.press("y")
    assert "Not taken: too old to count" in hand.words
    await hand.press("down", "y")
    assert answers(hand) == {}


async def a_confirmed_medicine_is_listed_and_the_list_is_not_said_to_be_whole(
    hand: Hand, folder: Path
) -> None:
    record = written(folder, RECORD)
    screen = await open_record(hand, record)
    row = next(
        number
        for number, item in enumerate(screen.found.proposed)
        if item.question == "medications"
    )
    screen.to_row(f"proposal:{row}")
    await hand.press("y")
    case = hand.consultation.case
    assert [item.name for item in case.medications] == ["Lorazepam 1 MG Oral Tablet"]
    assert "medications.reviewed" not in case.answers
    await hand.press("y")
    assert len(hand.consultation.case.medications) == 1


async def what_was_confirmed_is_on_disk_and_in_the_saved_case(hand: Hand, folder: Path) -> None:
    record = written(folder, RECORD)
    await open_record(hand, record)
    pack = hand.consultation.pack
    await hand.press("y")
    held = hand.opened.journal.path.read_text("utf-8")
    assert '"do":"confirm"' in held.replace(" ", "")
    await hand.press("escape", "s")
    await hand.until(lambda: bool(toml_files(hand.app.resources.cases)))
    (path,) = toml_files(hand.app.resources.cases)
    case = read_case(path.read_text("utf-8"), path=str(path), pack=pack)
    assert case.answers["patient.age"] == 46
    assert all(row["confirmed_by"] == "Dr Q" for row in case.extra[PROPOSALS])


UNUSABLE: tuple[tuple[str, str | None, str], ...] = (
    ("none.json", None, "No such file"),
    ("bad.json", "{", "not JSON"),
    ("empty.json", json.dumps(bundle()), "holds no resource"),
    ("two.json", json.dumps(bundle(patient(), patient(id="p2"))), "2 patients in it"),
)


async def a_record_that_cannot_be_used_is_told_and_asked_for_again(
    hand: Hand, folder: Path
) -> None:
    for name, text, said in UNUSABLE:
        path = folder / name
        if text is not None:
            path.write_text(text, "utf-8")
        await hand.press("p")
        await hand.paste(str(path))
        await hand.press("enter")
        await hand.until(lambda: "✗" in hand.text)
        assert said in hand.words
        # What was typed is still there to be mended, and a failure does not read as "nothing".
        assert name in hand.lines[-2]
        assert "No record was read." in hand.text
        assert "then Proposed" not in hand.text
        assert "proposes nothing" not in hand.text
        await hand.press("escape")
        await hand.on(ConsultationScreen)


async def nothing_in_a_record_acts_on_the_terminal(hand: Hand, folder: Path) -> None:
    path = folder / "evil.json"
    name = "Lorazepam\x1b[31m [b]x[/b]"
    path.write_text(json.dumps(bundle(patient(), order("l", name))), "utf-8")
    assert group_by_patient(read_records([path]), frozenset({"Patient"}))
    await open_record(hand, path)
    await hand.press("z")
    assert "\x1b" not in hand.text
    assert "[b]x[/b]" in hand.all_lines


async def at_80_by_24_a_record_becomes_a_case_by_keys(hand: Hand, folder: Path) -> None:
    record = written(folder, RECORD)
    await hand.resize(80, 24)
    await open_record(hand, record)
    shown = hand.text
    assert "y confirms all 3 of this section" in shown
    await hand.press("y", "y")
    assert len(answers(hand)) == 5
    await hand.press("escape")
    await hand.on(ConsultationScreen)
    assert hand.consultation.assessment.values["vitals.systolic"] == 128
    await hand.press("p")
    await hand.on(ProposalsScreen)
    # What waits in the draft is offered; what was confirmed is not offered again.
    assert "Record (file, folder or server)" in hand.text
    await hand.resize(120, 40)


async def test_a_draft_that_brings_proposals_along_offers_them(
    desk: SitDown, record: Path, draft: Callable[[Case], Path], knowledge: Knowledge
) -> None:
    found = offered_by(knowledge, load_records(knowledge.pack), record, NOW.date(), Case())
    draft(with_proposals(Case(), found, NOW.date()))
    async with desk(80, 24, by="Dr Q") as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        assert answers(hand) == {}
        await hand.press("p")
        await hand.on(ProposalsScreen)
        assert "kept in this draft" in hand.text
        await hand.press("y")
        assert {"patient.age", "patient.sex", "patient.weight_kg"} == set(answers(hand))
        rows = hand.consultation.case.extra[PROPOSALS]
        assert sum("confirmed_by" in row for row in rows) == 3
        assert len(rows) == len(found.proposed)


async def a_confirmed_section_leads_to_the_next_and_one_answer_to_the_next_answer(
    hand: Hand, folder: Path
) -> None:
    path = folder / "record.json"
    measured = [
        pressure("bp", 128, 82, "2026-11-21"),
        observation("pulse", "8867-4", "2026-11-21", **amount(72, "/min")),
        observation("height", "8302-2", "2026-11-20", **amount(171, "cm")),
    ]
    path.write_text(json.dumps(bundle(patient(), *measured)), "utf-8")
    screen = await open_record(hand, path)
    assert screen.cursor == "all:patient"
    await hand.press("y")
    assert screen.cursor == "all:vitals"
    await hand.press("down", "y")
    assert screen.cursor.startswith("proposal:")
    assert len(answers(hand)) == 3


async def a_patient_of_a_server_is_read_by_its_address(hand: Hand, _: Path) -> None:
    with serving() as server:
        server.record = list(RECORD["entry"])
        await hand.press("p")
        await hand.on(ProposalsScreen)
        await hand.paste("http://ehr.example.org/fhir")
        await hand.press("enter")
        assert "not encrypted" in hand.words
        await hand.press("ctrl+u")
        await hand.paste(server.address)
        await hand.press("enter", "p", "1", "enter", "enter")
        await hand.until(lambda: "proposed" in hand.text)
        assert "81.5 kg, 2026-11-20, 1 day old" in hand.words
        assert answers(hand) == {}
        assert "MedicationStatement: the server does not offer it" in hand.all_lines


async def a_server_that_fails_proposes_nothing_and_is_asked_for_again(
    hand: Hand, folder: Path
) -> None:
    with serving() as server:
        server.fails = {("GET", "Patient/p1"): 500}
        await hand.press("p")
        await hand.on(ProposalsScreen)
        await hand.paste(server.address)
        await hand.press("enter", "p", "1", "enter", "enter")
        await hand.until(lambda: "the server says 500" in hand.words)
        assert "Record (file, folder or server)" in hand.text


async def test_what_is_old_is_confirmed_only_by_saying_that_it_still_holds(
    desk: SitDown, tmp_path: Path
) -> None:
    scores = [
        observation("audit", "75626-2", "1996-05-01", valueInteger=3),
        observation("height", "8302-2", "2026-11-20", **amount(171, "cm")),
    ]
    path = tmp_path / "old.json"
    path.write_text(json.dumps(bundle(patient(), *scores)), "utf-8")
    async with desk() as hand:
        screen = await open_record(hand, path)
        assert "3, old: 1996-05-01" in hand.words
        old = next(n for n, item in enumerate(screen.found.proposed) if item.old)
        screen.to_row(f"proposal:{old}")
        await hand.press("y")
        assert "From 1996-05-01. Does it still hold? (y/n)" in hand.words
        # Only yes and no are letters here; the last one typed is meant.
        await hand.press("y", "5", "n", "x")
        assert "Does it still hold? (y/n): n" in hand.words
        await hand.press("enter")
        assert "Not taken: ask again." in hand.words
        assert "scales.audit_c" not in answers(hand)
        await hand.press("y", "y", "escape")
        assert "Not taken: ask again." in hand.words
        await hand.press("y")
        await hand.paste("yes")
        await hand.press("enter")
        assert "scales.audit_c" not in answers(hand)
        await hand.press("y", "y", "enter")
        await hand.paste("Dr Q")
        await hand.press("enter")
        case = hand.consultation.case
        assert case.answers["scales.audit_c"] == 3
        assert case.dates["scales.audit_c"].isoformat() == "1996-05-01"
        (row,) = case.extra[PROPOSALS]
        assert (row["old"], row["confirmed_by"]) == (True, "Dr Q")
        await hand.press("ctrl+z")
        assert answers(hand) == {}
        for _ in range(3):
            await hand.press("y")
        # All that is not old was taken, and what is old still waits.
        assert set(answers(hand)) == {"patient.age", "patient.height_cm"}


async def test_what_a_record_proposes_counts_once_somebody_confirms_it(
    desk: SitDown, tmp_path: Path
) -> None:
    def from_the_questions(law: Callable[[Hand, Path], Awaitable[None]]) -> Law:
        @functools.wraps(law)
        async def whole(hand: Hand) -> None:
            await law(hand, tmp_path)
            if isinstance(hand.app.screen, ProposalsScreen):
                await hand.press("escape")
                await hand.on(ConsultationScreen)

        return whole

    laws = (
        proposals_are_confirmed_one_by_one_and_by_section,
        a_row_opens_to_its_source_and_what_is_not_used_is_told,
        what_is_too_old_or_answered_cannot_be_confirmed,
        a_confirmed_medicine_is_listed_and_the_list_is_not_said_to_be_whole,
        nothing_in_a_record_acts_on_the_terminal,
        at_80_by_24_a_record_becomes_a_case_by_keys,
        a_confirmed_section_leads_to_the_next_and_one_answer_to_the_next_answer,
        a_patient_of_a_server_is_read_by_its_address,
        a_server_that_fails_proposes_nothing_and_is_asked_for_again,
        a_record_that_cannot_be_used_is_told_and_asked_for_again,
    )
    async with desk(by="Dr Q") as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await in_turn(hand, *map(from_the_questions, laws))
        await what_was_confirmed_is_on_disk_and_in_the_saved_case(hand, tmp_path)
