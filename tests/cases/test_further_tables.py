"""Tables beside the two of the screening: read, written, judged, compared and told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ketatui.cases.case_diff import differences
from ketatui.cases.changes import changes_between
from ketatui.cases.errors import CaseError
from ketatui.cases.reading import read_case
from ketatui.cases.writing import write_case, write_checked
from ketatui.consultation.edits import SetAnswer, SetRows, apply, from_data, to_data
from ketatui.consultation.privacy import replace_seen, seen_before_saving
from ketatui.consultation.words import answer_text, row_text
from ketatui.criteria.pack import Pack
from ketatui.engine import assess, compile_pack
from ketatui.engine.facts import is_recorded
from ketatui.privacy import scanner_of
from ketatui.privacy.case_texts import place_text
from tests.consultation.support import consultation_of
from tests.engine.clean import ON, clean
from tests.further import INFUSIONS, with_infusions

FILE = """
[answers.patient]
age = 46

[[tables.history.infusions]]
clinic = "Harbor clinic"
dose_mg = 40
number = 6
route = "iv"
batch = "kept as it stands"

[[tables.history.infusions]]
clinic = "Elsewhere"
"""


@pytest.fixture(scope="module")
def further(pack: Pack) -> Pack:
    return with_infusions(pack)


def test_rows_survive_a_round_trip(further: Pack) -> None:
    case = read_case(FILE, path="x.toml", pack=further)
    first, second = case.tables[INFUSIONS]
    assert first["dose_mg"] == Decimal(40)
    assert first["batch"] == "kept as it stands"
    assert second == {"clinic": "Elsewhere"}
    assert read_case(write_case(case, further), path="x.toml", pack=further) == case
    assert write_checked(case, further, "x.toml").count(b"[[tables.") == 2


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("dose_mg = 40", "dose_mg = 4000", "history.infusions row 1 dose_mg: 4000 is outside"),
        ('route = "iv"', 'route = "oral"', "allowed: iv, im"),
        ("tables.history.infusions", "tables.medications", "is no further table; allowed: history"),
        ("tables.history.infusions", "tables.history.infusion", "there is no such question"),
    ],
)
def test_what_is_wrong_with_rows_is_said(further: Pack, old: str, new: str, said: str) -> None:
    with pytest.raises(CaseError) as refused:
        read_case(FILE.replace(old, new), path="x.toml", pack=further)
    assert said in str(refused.value)


def test_the_engine_counts_rows_and_rules_read_the_number(further: Pack) -> None:
    knowledge = compile_pack(further)
    rows = ({"clinic": "Harbor clinic"},)
    case = clean().replaced(tables={INFUSIONS: rows})
    found = assess(knowledge, case, ON)
    assert found.values["derived.infusions"] == 1
    assert found.pathway("iv").finding("infusions-elsewhere") is not None
    assert assess(knowledge, clean(), ON).pathway("iv").finding("infusions-elsewhere") is None
    assert is_recorded(case, INFUSIONS)


def test_rows_are_edited_and_an_edit_comes_back_from_its_journal(further: Pack) -> None:
    row = {"clinic": "Harbor clinic", "dose_mg": Decimal("40.5"), "number": 6, "helped": None}
    edit = from_data(to_data(SetRows(question=INFUSIONS, rows=(row,))))
    case = apply(further, clean().replaced(unknown=frozenset({INFUSIONS})), edit)
    (kept,) = case.tables[INFUSIONS]
    assert kept == {"clinic": "Harbor clinic", "dose_mg": Decimal("40.5"), "number": 6}
    assert INFUSIONS not in case.unknown
    unknown = SetAnswer(question=INFUSIONS, unknown=True)
    assert apply(further, case, unknown).tables == case.tables
    question = further.questions[INFUSIONS]
    assert answer_text(further, question, case) == "1 listed"
    assert row_text(question, kept) == "Harbor clinic, 40.5 mg, 6"
    assert apply(further, case, SetRows(question=INFUSIONS, rows=())).tables == {}


def test_what_differs_names_the_table(further: Pack) -> None:
    one = read_case(FILE, path="x.toml", pack=further)
    other = one.replaced(tables={INFUSIONS: one.tables[INFUSIONS][:1]})
    found = differences(one, other, further)
    assert not found.same
    assert found.questions == {INFUSIONS}
    assert [item["what"] for item in changes_between(other, one, further)] == [
        'tables."history.infusions"[1]'
    ]


def test_what_looks_like_an_identifier_in_a_row_is_asked_about_and_replaced(further: Pack) -> None:
    consultation = consultation_of(compile_pack(further))
    row = {"clinic": "Harbor, MRN 00482913", "number": 6}
    consultation.do(SetRows(question=INFUSIONS, rows=(row,)))
    found = seen_before_saving(scanner_of(further), consultation.case)
    assert [place_text(further, consultation.case, item.place) for item in found] == [
        "Infusions elsewhere, 1, Clinic"
    ]
    replace_seen(consultation, found)
    (kept,) = consultation.case.tables[INFUSIONS]
    assert kept == {"clinic": "Harbor, MRN [record number removed]", "number": 6}
