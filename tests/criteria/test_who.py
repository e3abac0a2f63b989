"""Who a case is about, in one line, and what it is called until somebody names it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from ketatui.cases.model import Record
from ketatui.consultation.who import who_of
from ketatui.criteria.consistency import check_consistency
from ketatui.criteria.pack import Pack
from ketatui.criteria.places import Notes
from ketatui.criteria.who import who_text, working_label
from ketatui.engine import Knowledge
from tests.engine.clean import ON, clean

WOMAN: dict[str, Any] = {
    "patient.age": 58,
    "patient.sex": "female",
    "indication.diagnosis": "mdd",
    "scales.phq9": 21,
    "vitals.systolic": 148,
    "vitals.diastolic": 92,
    "setting.site": "home_telehealth",
}


def test_the_line_says_who_in_the_words_of_the_criteria(pack: Pack) -> None:
    assert who_text(pack, WOMAN) == "58 F · MDD · PHQ-9 21 · 148/92 · home"


def test_a_score_that_is_seldom_taken_stands_there_once_it_is_known(pack: Pack) -> None:
    said = who_text(pack, {**WOMAN, "scales.madrs": 31})
    assert said == "58 F · MDD · PHQ-9 21 · MADRS 31 · 148/92 · home"


def test_nothing_is_said_while_nothing_is_known(pack: Pack) -> None:
    assert who_text(pack, {}) == ""
    assert who_text(pack, {"medical.avm": False}) == ""


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (("patient.age",), "58 – · diagnosis – · PHQ-9 – · BP – · site –"),
        (("patient.sex", "vitals.systolic"), "– F · diagnosis – · PHQ-9 – · 148/– · site –"),
    ],
)
def test_what_is_open_is_marked_and_not_dropped(
    pack: Pack, known: tuple[str, ...], said: str
) -> None:
    assert who_text(pack, {ident: WOMAN[ident] for ident in known}) == said


def test_unknown_and_too_old_are_marked(pack: Pack) -> None:
    known = {ident: value for ident, value in WOMAN.items() if ident != "scales.phq9"}
    said = who_text(pack, known, unknown={"scales.phq9"}, too_old={"vitals.systolic"})
    assert said == "58 F · MDD · PHQ-9 ? · 148/92 (old) · home"
    del known["patient.age"]
    said = who_text(pack, known, unknown={"scales.phq9", "patient.age"})
    assert said.startswith("? F · MDD")


def test_what_is_not_asked_is_left_out(pack: Pack) -> None:
    pain = {**WOMAN, "indication.diagnosis": "crps"}
    said = who_text(pack, pain, asked={"scales.phq9": False, "scales.madrs": False})
    assert said == "58 F · CRPS · 148/92 · home"


def test_a_case_is_called_by_what_is_known_of_it(pack: Pack) -> None:
    assert working_label(pack, WOMAN) == "58 F MDD"
    assert working_label(pack, {"patient.sex": "other"}) == "X"
    assert working_label(pack, {"vitals.systolic": 148}) == ""
    assert working_label(pack, {"patient.age": 51}) == "51 years"
    assert working_label(pack, {"patient.age": 93}) == "90+ years"


@pytest.mark.parametrize(("age", "said"), [(89, "89 F MDD"), (90, "90+ F MDD"), (103, "90+ F MDD")])
def test_no_age_that_identifies_stands_in_a_label(pack: Pack, age: int, said: str) -> None:
    assert working_label(pack, {**WOMAN, "patient.age": age}) == said


def test_of_a_saved_case_what_is_too_old_on_the_day_is_marked(knowledge: Knowledge) -> None:
    case = clean()
    assert who_of(knowledge, case, ON) == "52 M · MDD · PHQ-9 19 · MADRS 31 · 124/78 · clinic"
    noon = dt.datetime.combine(ON, dt.time(12), dt.UTC)
    dated = case.replaced(record=Record(created_at=noon, saved_at=noon))
    later = who_of(knowledge, dated, ON.replace(year=ON.year + 1))
    assert "124/78 (old)" in later


def test_a_number_is_written_plainly(pack: Pack) -> None:
    part = pack.wording.who[0].replaced(say="{patient.weight_kg} kg")
    other = pack.replaced(wording=pack.wording.replaced(who=(part,)))
    assert who_text(other, {"patient.weight_kg": Decimal("78.0")}) == "78 kg"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"who_oldest": {"patient.wage": 89}}, "no question 'patient.wage'"),
        ({"who_words": {"patient.sex": {"male": "M", "female": "F"}}}, "no word for 'other'"),
        (
            {"who_words": {"patient.sex": {"male": "M", "female": "F", "other": "X", "no": "-"}}},
            "no option 'no'",
        ),
    ],
)
def test_words_for_what_does_not_exist_are_refused(
    pack: Pack, changes: dict[str, Any], problem: str
) -> None:
    other = pack.replaced(wording=pack.wording.replaced(**changes))
    notes = Notes(other)
    check_consistency(notes)
    assert any(problem in str(found) for found in notes.problems)
