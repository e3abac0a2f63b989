"""What a cohort makes of the engine's calculations: each as the engine does, or open."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from ketatui.cases.reading import read_case
from ketatui.cases.writing import write_case
from ketatui.cohort.checking import look_over
from ketatui.cohort.chosen import chosen_cases
from ketatui.cohort.columns import columns_of
from ketatui.cohort.duckdb_sql import prelude, query
from ketatui.cohort.facts import COLUMNS
from ketatui.cohort.screening import connect, lowered_for
from ketatui.cohort.sources import open_source
from ketatui.criteria.models import Derived
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.engine.calculations import Calculation
from ketatui.engine.compiling import SCREENING
from ketatui.engine.dependencies import dependencies_of
from reliability.cohort_rows import Maker
from reliability.cohorts import ON, compare, screen_rows
from tests.further import INFUSIONS, with_infusions

RULE = "infusions-elsewhere"
ROW = {"clinic": "North", "dose_mg": 40, "number": 1, "route": "iv"}


@pytest.fixture(scope="module")
def further(pack: Pack) -> Knowledge:
    """The pack with a table of infusions, and a rule that is true where there is one."""
    return compile_pack(with_infusions(pack))


def test_a_cohort_knows_each_calculation_that_a_rule_reads(knowledge: Knowledge) -> None:
    assert COLUMNS.keys() <= {calculation.name for calculation in SCREENING}
    behind = dependencies_of(knowledge).graph.of(
        ident for condition in knowledge.conditions for ident in condition.reads
    )
    facts = [fact for ident, fact in knowledge.pack.derived.items() if ident in behind]
    new = {fact.calculation for fact in facts if fact.calculation} - COLUMNS.keys()
    assert not new, f"open for every patient until COLUMNS says {', '.join(sorted(new))}"


def test_rows_of_a_further_table_are_counted_as_the_engine_counts_them(further: Knowledge) -> None:
    found = compare(further, Maker(further, seed=31), 120, engine="both")
    assert found.differing == [] and found.beside > found.fields
    assert found.true[RULE] > 20


CELLS: tuple[tuple[object, bool, bool | None], ...] = (
    ([], False, False),
    ([ROW], False, True),
    ([ROW, ROW], True, True),
    (None, False, None),
    ("elsewhere", False, None),
    ([ROW, "and more"], False, None),
    ([ROW, {"clinic": 7}], False, None),
    # A caution that waits for nothing but what cannot be established applies.
    ([], True, True),
    (None, True, True),
)
"""What stands in the column, whether it is marked unknown, and what the rule then comes to."""


def test_a_table_that_nobody_gave_or_can_read_keeps_its_rule_open(
    further: Knowledge, tmp_path: Path
) -> None:
    path = tmp_path / "patients.ndjson"
    # Nobody takes a medicine: there are no names to look up.
    rows = [
        {"id": str(number), INFUSIONS: cell, "unknown": [INFUSIONS] if marked else []}
        | {"medications": []}
        for number, (cell, marked, _) in enumerate(CELLS)
    ]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    connection = connect(1)
    source = open_source(connection, path, further.pack)
    lowered = lowered_for(connection, source, further, ON, ids=True)
    for statement in prelude(lowered.program):
        connection.execute(statement)
    done = connection.execute(query(lowered.program, source.sql))
    names = [column[0] for column in done.description]
    found = [dict(zip(names, row, strict=True)) for row in done.fetchall()]
    for (cell, marked, comes_to), result in zip(CELLS, found, strict=True):
        assert result[RULE] is comes_to, (cell, marked)
        assert (INFUSIONS in result["iv.missing"]) is (comes_to is None), (cell, marked)


def test_chosen_patients_keep_the_rows_of_a_further_table(
    further: Knowledge, tmp_path: Path
) -> None:
    path = tmp_path / "patients.ndjson"
    row = {**ROW, "dose_mg": 40.5, "number": 100}
    path.write_text(json.dumps({"id": "a", INFUSIONS: [row]}) + "\n")
    connection = connect(1)
    source = open_source(connection, path, further.pack)
    ((_, case),) = chosen_cases(connection, source, further, ["a"])
    # A hundred infusions are more than the column allows.
    assert case.tables == {
        INFUSIONS: ({"clinic": "North", "dose_mg": Decimal("40.5"), "route": "iv"},)
    }
    assert read_case(write_case(case, further.pack), path="a", pack=further.pack) == case


def test_a_calculation_that_a_cohort_does_not_know_keeps_open_what_reads_it_and_is_named(
    pack: Pack, tmp_path: Path
) -> None:
    own = Calculation("moon", lambda _: ("patient.age",), lambda working, fact: (None, ()))
    changed = with_infusions(pack)
    fact = Derived(id="derived.infusions", title="Moon", kind="int", calculation="moon")
    changed = changed.replaced(derived={**changed.derived, fact.id: fact})
    knowledge = compile_pack(changed, (*SCREENING, own))
    rows = list(Maker(knowledge, seed=32).rows(20))
    kept = ("id", "unknown", "patient.age", "patient.weight_kg", "vitals.systolic", INFUSIONS)
    without = [name for name in columns_of(changed) if name not in kept]
    lowered, results = screen_rows(knowledge, rows, without=without, ids=True)
    column = lowered.rules["iv"][RULE]
    assert {result[column] for result in results} == {None}
    assert any("patient.age" in result["iv.missing"] for result in results)
    others = [name for name in lowered.rules["iv"].values() if name != column]
    assert any(result[name] is not None for result in results for name in others)
    path = tmp_path / "patients.csv"
    path.write_text("id,patient.age\na,40\n")
    connection = connect(1)
    found = look_over(connection, open_source(connection, path, changed), knowledge, ON)
    assert found.not_worked_out["derived.infusions"] == ("moon", (RULE,))
