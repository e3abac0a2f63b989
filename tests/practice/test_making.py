"""A saved case becomes a practice case that holds, and tells nobody's name."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from ketatui.cases.model import Case, Medication, Record, Trial
from ketatui.engine import Knowledge, assess
from ketatui.practice.checking import check_practice_case
from ketatui.practice.loading import PracticeLibrary, read_practice_case
from ketatui.practice.lookalikes import distance, relative
from ketatui.practice.making import Named, make, told_by
from tests.each import each
from tests.effort import tries
from tests.engine.clean import CLEAN, ON, clean
from tests.strategies import Thinned, thinned

NAMED = Named("made-here", "Made here", "pathway_choice", "A. Teacher")


def made(knowledge: Knowledge, library: PracticeLibrary, case: Case) -> list[str]:
    text = make(knowledge, library, case, NAMED, ON)
    read = read_practice_case(text, Path("made-here.toml"), knowledge.pack)
    assert read.file.author == "A. Teacher"
    assert read.right.answers == case.answers
    assert read.right.unknown == case.unknown
    problems = check_practice_case(read, knowledge, library.topics)
    return [item.message for item in problems]


@given(drawn=thinned(CLEAN, unfinished=False))
@settings(
    max_examples=tries(10),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_case_makes_one_that_can_be_read_and_checked(
    knowledge: Knowledge, library: PracticeLibrary, drawn: Thinned
) -> None:
    for message in made(knowledge, library, drawn.full):
        allowed = ("is not known, so no rule reads it", "do not agree", "TODO")
        assert any(said in message for said in allowed), message
    # What is open is told to the author; nothing else is wrong.
    for message in made(knowledge, library, drawn.more):
        open_too = ("could still change", "not known", "agree", "TODO")
        assert any(said in message for said in open_too), message


def test_what_a_clinician_said_an_unknown_medicine_is_comes_along(
    knowledge: Knowledge, library: PracticeLibrary
) -> None:
    said = {"homemade tincture": ("opioid",), "blue pills": ("cannot_be_established",)}
    rows = tuple(Medication(name=name, classes=classes) for name, classes in said.items())
    case = clean().replaced(medications=rows)
    text = make(knowledge, library, case, NAMED, ON)
    read = read_practice_case(text, Path("made-here.toml"), knowledge.pack)
    assert {row.name: row.classes for row in read.right.medications} == said
    # What cannot be established was asked for; the author need not answer it.
    assert not any("no answer" in message for message in made(knowledge, library, case))


def test_nothing_that_could_name_somebody_is_carried_over(
    knowledge: Knowledge, library: PracticeLibrary
) -> None:
    case = clean(takes=["lorazepam"]).replaced(
        id="20261121-210143-k3f9",
        label="LABEL of Ms. Smith",
        record=Record(created_by="CREATOR", saved_by="SAVER"),
        notes={
            "vitals.systolic": "first seen 2026-08-23, again on 11/14/2026",
            "medical.avm": "ask Dr. Watson, 555-123-4567",
        },
        medications=(Medication(name="lorazepam", dose="since 21 November 2024"),),
        trials=(Trial(kind="ect"), Trial(weeks=Decimal(8))),
    )
    text = make(knowledge, library, case, NAMED, ON)
    for gone in ("LABEL", "Smith", "CREATOR", "SAVER", "k3f9", "2026-08-23", "11/14/2026", "2024"):
        assert gone not in text
    assert "first seen 3 months before, again on 7 days before" in text
    assert "since 2 years before" in text
    assert "- ect\n- no drug named 8 weeks" in text
    told = "; ".join(told_by(text))
    assert "Dr. Watson" in told
    assert "555-123-4567" in told
    assert any("looks like a name" in message for message in made(knowledge, library, case))


def test_its_key_is_what_the_criteria_say(knowledge: Knowledge, library: PracticeLibrary) -> None:
    case = clean({"medical.aneurysmal_disease": True})
    text = make(knowledge, library, case, NAMED, ON)
    read = read_practice_case(text, Path("made-here.toml"), knowledge.pack)
    found = assess(knowledge, case, ON, with_changes=False)
    assert read.key.verdicts == {item.id: item.verdict for item in found.pathways}
    assert read.key.best == "none"
    assert any(plan.harm for plan in read.file.plans)
    with pytest.raises(ValueError, match="no topic 'mood'; allowed: pathway_choice"):
        make(knowledge, library, case, Named("a", "A", "mood"), ON)


@each(
    ("days", "said"),
    [
        (0, "the same day"),
        (1, "1 day before"),
        (13, "13 days before"),
        (21, "3 weeks before"),
        (92, "3 months before"),
        (400, "13 months before"),
        (800, "2 years before"),
        (-2, "2 days later"),
    ],
)
def test_a_day_is_said_as_a_distance(days: int, said: str) -> None:
    day = ON - dt.timedelta(days=days)
    assert distance(day, ON) == said
    for written in (f"{day}", f"{day.day} {day:%B} {day.year}", f"{day:%b} {day.day}, {day.year}"):
        assert relative(f"seen {written}.", ON) == f"seen {said}."


def test_what_is_no_day_stays(knowledge: Knowledge) -> None:
    assert relative("on 2026-13-45 and 31 June 2026", ON) == "on 2026-13-45 and 31 June 2026"
