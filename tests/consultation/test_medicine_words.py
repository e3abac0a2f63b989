"""A medicine in words: what it is, or that it is open and how that is settled."""

from __future__ import annotations

import pytest

from ketatui.cases.model import Medication
from ketatui.consultation.medicine_words import medicine_text, open_names, said_of
from ketatui.engine import Knowledge


@pytest.mark.parametrize(
    ("row", "said", "text"),
    [
        (
            Medication(name="lorazepam", dose="1 mg"),
            "Benzodiazepines",
            "lorazepam, 1 mg",
        ),
        (
            Medication(name="blue pill", classes=("benzodiazepine",)),
            "Benzodiazepines",
            "blue pill (the clinician says: Benzodiazepines)",
        ),
        (
            Medication(name="blue pill", classes=("none_of_these",)),
            "in none of the classes that rules read",
            "blue pill (the clinician says: in none of the classes that rules read)",
        ),
        (
            Medication(name="blue pill", classes=("cannot_be_established",)),
            "it cannot be established what it is",
            "blue pill (the clinician says: it cannot be established what it is)",
        ),
        (
            Medication(name="blue pill"),
            "is not recognized; the rules that could read it stay open",
            "blue pill",
        ),
    ],
)
def test_what_is_said_of_a_medicine(
    knowledge: Knowledge, row: Medication, said: str, text: str
) -> None:
    assert said_of(knowledge, row) == said
    assert medicine_text(knowledge.pack, row) == text


def test_names_that_are_not_settled_are_never_said_to_be_checked() -> None:
    assert open_names(()) == ""
    said = open_names(("blue pill", "zolft"))
    assert said.startswith("Medicines not recognized, so what reads them stays open: blue pill,")
    assert "classes in a file" in said
