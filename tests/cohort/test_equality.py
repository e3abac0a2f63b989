"""The cohort says of every patient what the engine says, field by field."""

from __future__ import annotations

import random

import pytest

from ketatui.cohort.columns import SPEAKS_OF
from ketatui.engine import Knowledge
from ketatui.engine.inputs import input_of
from ketatui.engine.judging import judge_input
from reliability.cohort_rows import Maker, case_of, expected
from reliability.cohorts import (
    ON,
    Compared,
    compare,
    compare_many,
    screen_by_both,
    screen_rows,
    seldom,
)

PATIENTS = 800
OFTEN = 10
"""How often each rule is true, and open, among so few."""


@pytest.fixture(scope="module")
def compared(knowledge: Knowledge) -> Compared:
    return compare(knowledge, Maker(knowledge, seed=1), PATIENTS, engine="both")


def told_by(found: Compared) -> set[str]:
    """Columns of rules that tell patients apart."""
    # What no patient can change: a compounded product is never approved; no row says "NI".
    assert found.decided & found.true.keys() == {"unapproved-compound", "indication:iv+im"}
    return found.true.keys() - found.decided


def test_no_field_differs_from_what_the_engine_says(compared: Compared) -> None:
    assert compared.differing == []
    assert compared.fields > PATIENTS * 100


def test_every_rule_was_true_and_was_open_often_enough_to_tell(compared: Compared) -> None:
    told = told_by(compared)
    assert {name for name in told if compared.true[name] < OFTEN} == set()
    assert {name for name in told if compared.open[name] < OFTEN} == set()


def test_values_that_no_question_allows_were_among_them(compared: Compared) -> None:
    assert compared.planted.total() > 300
    assert len(compared.planted) > 30


def test_polars_says_the_same_as_duckdb(compared: Compared) -> None:
    assert compared.apart == 0
    assert compared.beside > compared.fields


def test_each_patient_has_the_questions_that_are_missing_on_each_pathway(
    knowledge: Knowledge,
) -> None:
    rows = list(Maker(knowledge, seed=4).rows(120))
    _, *results = screen_by_both(knowledge, rows, ids=True)
    asked = list(knowledge.pack.questions)
    told = 0
    for row, *said in zip(rows, *results, strict=True):
        _, judged = judge_input(knowledge, input_of(case_of(knowledge, row)), ON)
        for pathway in judged:
            needs = {ident for item in pathway.open for ident in item.needs}
            for result in said:
                assert result[f"{pathway.id}.missing"] == sorted(needs, key=asked.index), row["id"]
                assert result[f"{pathway.id}.open"] == [item.rule for item in pathway.open]
            told += len(needs)
    assert told > 2_000


WHOLE = {"medications.reviewed": "medications", "trials.rows_complete": "antidepressant_trials"}


def test_that_lists_are_whole_at_a_place_holds_for_those_who_have_one(
    knowledge: Knowledge,
) -> None:
    rows = list(Maker(knowledge, seed=6).rows(100))
    lowered, results = screen_rows(knowledge, rows, constants=dict.fromkeys(WHOLE, True))
    for row, result in zip(rows, results, strict=True):
        said = {says: None if row[listed] is None else True for says, listed in WHOLE.items()}
        wanted = expected(knowledge, row | said, lowered.rules, lowered.payers, ON)
        assert {name: result[name] for name in wanted} == wanted, row["id"]
    # Whether the one list is there tells nothing of the other.
    assert len({tuple(row[listed] is None for listed in WHOLE.values()) for row in rows}) == 4


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(each, marks=pytest.mark.long) for each in range(1, 30))]
)
def test_what_a_table_lacks_is_open_and_what_holds_for_all_is_read(
    knowledge: Knowledge, seed: int
) -> None:
    chance = random.Random(seed)
    rows = list(Maker(knowledge, seed=9, bad=0).rows(60, first=60 * seed))
    names = [ident for ident, q in knowledge.pack.questions.items() if q.kind != "rows"]
    lacking = set(chance.sample(names, len(names) // 2))
    answers = case_of(knowledge, rows[0] | {"unknown": None}).answers
    constants = {name: answers[name] for name in sorted(lacking) if name in answers}
    constants = {name: constants[name] for name in list(constants)[::2] if name not in SPEAKS_OF}
    without = [name for name in lacking if name not in constants]
    lowered, results = screen_rows(knowledge, rows, constants=constants, without=without)
    for row, result in zip(rows, results, strict=True):
        meant = row | dict.fromkeys(without) | constants
        wanted = expected(knowledge, meant, lowered.rules, lowered.payers, ON)
        assert {name: result[name] for name in wanted} == wanted, row["id"]
    assert len(constants) > 5 and len(without) > 10


@pytest.mark.long
@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_no_field_differs_in_many_patients(engine: str) -> None:
    found = list(compare_many(21_000, seed=3, engine=engine))[-1]
    assert found.patients == 21_000
    assert found.differing == []
    assert told_by(found) and seldom(found) == []
