"""An identifier in any text of a case, the saved assessment included, reaches no export."""

from __future__ import annotations

import datetime as dt
import json

from ketatui.cases.integrity import CaseReading, reading_of
from ketatui.cases.model import Case, Medication
from ketatui.engine import Knowledge
from ketatui.privacy import key_of, look_through, replaced_in_reading, scanner_of, texts_of
from ketatui.privacy.case_texts import Place, _model
from ketatui.reports.blocks import Report
from ketatui.reports.consent_record import consent_report
from ketatui.reports.exports import Export, exported
from ketatui.reports.note import note_report
from ketatui.reports.pdf import _data, pdf
from ketatui.reports.record import record
from tests.each import each
from tests.reports.conftest import Example

PLANTED = "cell 555-0188"
NUMBER = "555-0188"
WAYS: list[tuple[str, str]] = [
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
        return f"{text} {PLANTED}" if text and key_of(place) is None else text

    return _model((), case, change)


def with_keys(case: Case) -> Case:
    """The case with the identifier in keys, as only a file by another hand has them."""
    assert case.assessment is not None
    rows = sorted(case.assessment["pathways"], key=lambda row: -len(row["findings"]))
    finding = {**rows[0]["findings"][0], "facts": {PLANTED: True, f"2 {PLANTED}": 1}}
    first = {**rows[0], "findings": [finding, *rows[0]["findings"][1:]]}
    mark = next(iter(case.consent.items.values()))
    return case.replaced(
        answers={**case.answers, f"a {PLANTED}": "x"},
        unknown=case.unknown | {f"u {PLANTED}"},
        notes={**case.notes, PLANTED: "one", f"{PLANTED} (415) 555-0102": "two"},
        scale_items={**case.scale_items, f"s {PLANTED}": {PLANTED: 1}},
        dates={f"a {PLANTED}": dt.date(2026, 11, 1)},
        tables={f"t {PLANTED}": ({f"c {PLANTED}": "x"},)},
        consent=case.consent.replaced(items={**case.consent.items, f"i {PLANTED}": mark}),
        assessment={**case.assessment, "pathways": [first, *rows[1:]]},
        extra={"rows": [{f"k {PLANTED}": 1}]},
    )


def drawn(report: Report) -> str:
    """Everything that pages are drawn from: letters in a PDF are numbers of its fonts."""
    return json.dumps(_data(report, "us-letter"), ensure_ascii=False)


def reading(knowledge: Knowledge, case: Case) -> CaseReading:
    return reading_of(case, knowledge.pack, forks=(f"{PLANTED}.toml",))


@each("number", [4, 8, 12, 14])
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


def test_an_identifier_in_keys_of_a_file_from_elsewhere_reaches_no_export(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = with_keys(example(12))
    scanner = scanner_of(knowledge.pack)
    found = [item for item in look_through(scanner, case) if key_of(item.place) is not None]
    assert {item.place[0] for item in found} == {
        *("answers", "unknown", "notes", "scale_items", "dates", "tables", "consent"),
        *("assessment", "rows"),
    }
    told = 0
    clean = replaced_in_reading(scanner, reading(knowledge, case))
    for form, kind in WAYS:
        before = exported(knowledge, reading(knowledge, case), on, Export(form, kind)).decode()
        told += f"a {PLANTED}" in before
        after = exported(knowledge, clean, on, Export(form, kind)).decode()
        assert NUMBER not in after, (form, kind)
    assert told
    # Nothing is lost for it: what stood under two such keys stands under two.
    assert sorted(clean.case.notes.values()) == sorted(case.notes.values())
    assert NUMBER not in record(knowledge.pack, clean)


def test_an_identifier_reaches_no_pages_to_print(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = with_keys(planted(example(12)))
    clean = replaced_in_reading(scanner_of(knowledge.pack), reading(knowledge, case))
    for make in (note_report, consent_report):
        assert NUMBER in drawn(make(knowledge, reading(knowledge, case), on))
        report = make(knowledge, clean, on)
        assert NUMBER not in drawn(report)
        assert NUMBER.encode() not in pdf(report)


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
