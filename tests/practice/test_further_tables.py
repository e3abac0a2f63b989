"""A table that only the criteria know is a fact of a practice case like any other."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.practice.authoring import authoring_of
from ketatui.practice.blind import guesses
from ketatui.practice.checking import check_practice_case
from ketatui.practice.finding import answers_found, truth_of
from ketatui.practice.loading import PracticeLibrary, read_practice_case
from ketatui.practice.making import Named, make
from ketatui.practice.starting import start
from tests.each import each
from tests.engine.clean import ON, clean
from tests.further import INFUSIONS, with_infusions

ROW = {"clinic": "Harbor clinic", "dose_mg": Decimal("40.5"), "number": 6, "route": "iv"}
TABLE = f"""[[tables."{INFUSIONS}"]]
clinic = "Harbor clinic"
dose_mg = 40.5
number = 6
route = "iv"
"""


@pytest.fixture(scope="module")
def further(pack: Pack) -> Knowledge:
    return compile_pack(with_infusions(pack))


def short(knowledge: Knowledge, table: str) -> str:
    """A short case that the rule on infusions decides, on the base of the pack."""
    text = start(authoring_of(knowledge), "night-watch", "vulnerable_health", "clinic", ON).replace(
        "TODO: ", ""
    )
    for old, new in (
        ("medical = { cystitis = true }\n", table),
        ('facts = ["medical.cystitis"]', f'facts = ["{INFUSIONS}"]'),
        ('rules = ["cystitis"]', 'rules = ["infusions-elsewhere"]'),
        ('spravato = "caution"', 'spravato = "fits"'),
        ('iv = "not_recommended"', 'iv = "caution"'),
        ('im = "not_recommended"', 'im = "caution"'),
        ('oral = "not_recommended"', 'oral = "caution"'),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    return text


def test_rows_of_a_case_are_read_and_decide_it(
    further: Knowledge, library: PracticeLibrary
) -> None:
    case = read_practice_case(short(further, TABLE), Path("night-watch.toml"), further.pack)
    assert case.right.tables == {INFUSIONS: (ROW,)}
    assert check_practice_case(case, further, library.topics) == []
    assert guesses(further, library.rubric, [case])
    wrong = read_practice_case(
        short(further, TABLE.replace("Harbor", "TODO")), Path("night-watch.toml"), further.pack
    )
    (said,) = check_practice_case(wrong, further, library.topics)
    assert "still to be written" in said.message and said.line


@each(("rows", "how"), [((ROW,), "found"), (({"clinic": "Elsewhere"},), "found"), ((), "missed")])
def test_the_trainees_rows_are_held_against_those_of_the_case(
    further: Knowledge, rows: tuple[dict[str, object], ...], how: str
) -> None:
    right = clean().replaced(tables={INFUSIONS: (ROW,)})
    mine = clean().replaced(tables={INFUSIONS: rows} if rows else {})
    found = answers_found(further, truth_of(further, right, ON), mine)
    assert found[INFUSIONS] == how


def test_a_saved_case_takes_its_rows_along_with_dates_as_distances(
    further: Knowledge, library: PracticeLibrary
) -> None:
    row = {**ROW, "clinic": "Harbor clinic, since 2026-11-14"}
    case = clean().replaced(tables={INFUSIONS: (row,)})
    text = make(further, library, case, Named("made-here", "Made", "pathway_choice"), ON)
    read = read_practice_case(text, Path("made-here.toml"), further.pack)
    (kept,) = read.right.tables[INFUSIONS]
    assert kept["dose_mg"] == ROW["dose_mg"]
    assert "2026-11-14" not in text
    assert "Infusions elsewhere: Harbor clinic" in text
