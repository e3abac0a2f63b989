"""The table for a registry: stable columns, codes, and no cell a spreadsheet would run."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

from ketatui.cases.integrity import reading_of
from ketatui.cases.model import Case, Medication
from ketatui.engine import Knowledge
from ketatui.reports.cases_csv import guarded, header, row, table
from tests.each import each
from tests.reports.conftest import Example, Read
from tests.reports.support import CASE


def cells(knowledge: Knowledge, case: Case, on: dt.date) -> dict[str, str]:
    text = table(knowledge.pack, [row(knowledge, reading_of(case, knowledge.pack), on)])
    (found,) = csv.DictReader(io.StringIO(text))
    return found


def test_the_columns_are_the_same_for_every_case_and_end_with_every_question(
    knowledge: Knowledge, example: Example, read: Read, on: dt.date
) -> None:
    names = header(knowledge.pack)
    assert len(names) == len(set(names))
    assert names[:2] == ("id", "integrity")
    assert names[-len(knowledge.pack.questions) :] == tuple(knowledge.pack.questions)
    for case in (example(1), example(10), read(CASE)):
        assert len(row(knowledge, reading_of(case, knowledge.pack), on)) == len(names)


def test_a_row_says_how_a_case_was_decided_and_under_which_criteria(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = example(2)
    found = cells(knowledge, case, on)
    assert case.assessment is not None
    assert found["id"] == "20261121-084000-example02"
    assert found["practice"] == "false"
    assert found["day"] == "2026-11-21"
    assert found["criteria_id"] == "ketamine-us"
    assert found["criteria_digest"] == case.assessment["pack"]["digest"]
    assert found["assessment"] == "as_saved"
    assert found["diagnosis"] == "mdd"
    assert found["spravato_verdict"] == "caution"
    assert found["spravato_basis"] == "on_label"
    assert found["spravato_grade"] == "A"
    assert found["spravato_worst_finding"] == "caution:cns-depressants"
    assert found["decision"] == "spravato"
    assert found["standing"] == "within_criteria"
    assert found["overrides"].startswith("spravato:")
    assert found["consent"] == "agreed"


def test_a_row_says_who_reviewed_and_which_revision_each_signature_is_of(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    names = ("reviewed_by", "signatures", "disagreements")
    found = {
        number: [cells(knowledge, example(number), on)[name] for name in names]
        for number in (1, 12, 13, 14)
    }
    assert found == {
        1: ["", "", ""],
        12: ["M.O.; T.W.", "co-signed:2:current:T.W.; reviewed:3:current:M.O.", "0"],
        13: ["", "reviewed:2:old:M.O.; amended:4:current:K.L.", "0"],
        14: ["M.O.", "", "1"],
    }


def test_answers_are_codes_unknown_is_said_and_what_is_not_asked_is_said(
    knowledge: Knowledge, read: Read, on: dt.date
) -> None:
    found = cells(knowledge, read(CASE), on)
    assert found["setting.site"] == "outpatient_clinic"
    assert found["setting.dea_ciii"] == "true"
    assert found["patient.weight_kg"] == "70.5"
    assert found["medical.avm"] == "unknown"
    assert found["scales.phq9"] == "unknown"
    assert found["scales.audit_c"] == ""
    assert found["medical.seizures_uncontrolled"] == ""
    # Asked for home treatment only: the stored answer counts nowhere.
    assert found["setting.seen_in_person"] == "not_asked"
    assert found["antidepressant_trials"] == "sertraline, 150 mg, 10 weeks, no_response"
    assert found["medications"] == "lorazepam, 0.5 mg"
    assert found["assessment"] == "fresh"
    assert found["day"] == on.isoformat()


@each("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])  # noqa: RUF001
def test_no_cell_is_a_formula(
    start: str, knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    label = f"{start}HYPERLINK(1)"
    found = cells(knowledge, example(1).replaced(label=label), on)
    assert found["label"].startswith("'")
    assert found["label"].endswith("HYPERLINK(1)")


def test_a_cell_keeps_commas_quotes_and_line_breaks_and_loses_terminal_control(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = example(1).replaced(label='a, "b"\nc\x1b[31m', id="")
    text = table(knowledge.pack, [row(knowledge, reading_of(case, knowledge.pack), on)])
    assert len(text.splitlines()) == 2
    assert "\x1b" not in text
    assert cells(knowledge, case, on)["label"] == 'a, "b"\\nc\\x1b[31m'


def test_an_ordinary_cell_is_left_alone() -> None:
    assert guarded("52 m, low mood") == "52 m, low mood"
    assert guarded("") == ""


def test_no_text_can_make_a_part_of_its_own(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    names = "X; reviewed:1:current:M.O."
    case = example(12)
    row = case.replaced(
        medications=(Medication(name="a; b", dose="\\"),),
        signatures=tuple(item.replaced(by=names) for item in case.signatures),
    )
    found = cells(knowledge, row, on)
    assert found["medications"] == "a\\; b, \\\\"
    each = re.split(r"(?<!\\); ", found["signatures"])
    assert len(each) == len(case.signatures)
    assert [len(re.split(r"(?<!\\):", item)) for item in each] == [4] * len(each)
    # The content was changed, so nobody has signed it as it stands.
    assert found["reviewed_by"] == ""
    assert ":current:" not in re.sub(r"\\:", "", found["signatures"])


def test_the_version_of_the_criteria_is_no_number(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    assert cells(knowledge, example(1), on)["criteria_version"].startswith("v20")
