"""An identifier in any text of a case, the saved assessment included, reaches no export."""

from __future__ import annotations

import datetime as dt

import pytest

from ketatui.cases.integrity import CaseReading, reading_of
from ketatui.cases.model import Case, Medication
from ketatui.engine import Knowledge
from ketatui.privacy import look_through, replaced_in_reading, scanner_of, texts_of
from ketatui.privacy.case_texts import Place, _model
from ketatui.reports.exports import Export, Format, Kind, exported
from tests.reports.conftest import Example

PLANTED = "cell 555-0188"
NUMBER = "555-0188"
WAYS: list[tuple[Format, Kind]] = [
    ("md", "summary"),
    ("md", "consent"),
    ("txt", "summary"),
    ("txt", "consent"),
    ("csv", "summary"),
    ("fhir", "summary"),
]


def planted(case: Case) -> Case:
    """The case with the identifier in every text that `texts_of` finds by walking the model."""

    def change(place: Place, text: str) -> str:
        return f"{text} {PLANTED}" if text else text

    return _model((), case, change)


def reading(knowledge: Knowledge, case: Case) -> CaseReading:
    return reading_of(case, knowledge.pack, forks=(f"{PLANTED}.toml",))


@pytest.mark.parametrize("number", [4, 8, 12, 14])
def test_an_identifier_in_every_text_reaches_no_export(
    number: int, knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = planted(example(number))
    places = {found.place for found in texts_of(case)}
    assert {place[0] for place in places} >= {"label", "decision", "consent", "assessment"}
    clean = replaced_in_reading(scanner_of(knowledge.pack), reading(knowledge, case))
    for form, kind in WAYS:
        before = exported(knowledge, reading(knowledge, case), on, Export(form, kind)).decode()
        assert NUMBER in before, form
        after = exported(knowledge, clean, on, Export(form, kind)).decode()
        assert NUMBER not in after, form


def test_a_name_that_the_assessment_repeats_in_other_letters_goes_too(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = example(12)
    assert case.assessment is not None
    case = case.replaced(
        medications=(Medication(name="Mr. Smithson gave her pills"),),
        assessment={**case.assessment, "unrecognised_medications": ["mr. smithson gave her pills"]},
    )
    scanner = scanner_of(knowledge.pack)
    assert {item.place[0] for item in look_through(scanner, case)} >= {"medications", "assessment"}
    clean = replaced_in_reading(scanner, reading(knowledge, case))
    for form, kind in WAYS:
        assert "smithson" not in exported(knowledge, clean, on, Export(form, kind)).decode().lower()


def test_days_and_digests_that_the_program_made_stay(
    knowledge: Knowledge, example: Example
) -> None:
    case = example(1)
    clean = replaced_in_reading(scanner_of(knowledge.pack), reading(knowledge, case))
    assert clean.case == case
