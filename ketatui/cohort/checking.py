"""Looking a table over before it is screened: what is bad, what is missing, whom nobody knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from ketatui.cohort.columns import ID, UNKNOWN, items_of
from ketatui.cohort.duckdb_sql import expression, prelude, query, quoted, text
from ketatui.cohort.expressions import TRUE, Col, Expr
from ketatui.cohort.facts import COLUMNS, Facts
from ketatui.cohort.names import unresolved
from ketatui.cohort.program import Lookups, Program, arrange
from ketatui.cohort.sources import NAMED, Source, missing
from ketatui.cohort.tables import said_of
from ketatui.criteria.vocabulary import MEDICATIONS
from ketatui.engine import Knowledge
from ketatui.engine.rules_in_force import Plan, plan_of
from ketatui.structs import Frozen

_RAW = "as it is: "
_EXAMPLES = 3


class BadValues(Frozen, frozen=True):
    """The values of a column that a question does not allow.

    Attributes:
        column: The column; of a table of rows with the field.
        count: How many there are.
        examples: The most frequent, each with its number.
    """

    column: str
    count: int
    examples: tuple[tuple[str, int], ...]


class Check(Frozen, frozen=True):
    """What a table of patients holds.

    Attributes:
        rows: Number of patients.
        filled: How many values each column has, as they are.
        bad: What is not allowed.
        missing: Questions without a column, each with the rules it keeps open.
        ignored: Columns that the pack does not know.
        unresolved: Names of medicines that nobody knows, the most frequent first.
        medicines: Distinct names of medicines.
        same_id: How many ids stand more than once.
        not_worked_out: Derived facts that are open for every patient, because a cohort does not
            know their calculation: each with that, and with the rules that it keeps open.
        names: Every distinct name of a medicine and of a trial's drug, by table, and how often it
            stands there.
    """

    rows: int
    filled: Mapping[str, int]
    bad: tuple[BadValues, ...]
    missing: Mapping[str, tuple[str, ...]]
    ignored: tuple[str, ...]
    unresolved: tuple[tuple[str, int], ...]
    medicines: int
    same_id: int
    names: Mapping[str, Mapping[str, int]]
    not_worked_out: Mapping[str, tuple[str, tuple[str, ...]]] = {}

    @property
    def bad_values(self) -> int:
        """How many values are not allowed, in all."""
        return sum(each.count for each in self.bad)


def look_over(connection: Any, source: Source, knowledge: Knowledge, on: dt.date) -> Check:
    """Look a table over.

    Args:
        connection: To DuckDB.
        source: The table.
        knowledge: The compiled pack.
        on: The day, for dated rules.

    Returns:
        What it holds and what is wrong with it.
    """
    facts = Facts(knowledge, source.given, Lookups())
    rows, filled, bad = count_bad(connection, source, facts)
    names: dict[str, dict[str, int]] = {}
    for table in source.rows:
        names[table], of_rows = look_over_rows(connection, source, facts, table)
        bad += of_rows
    if UNKNOWN in source.cells:
        bad += _bad_marks(connection, source, knowledge)
    medicines = names.get(MEDICATIONS, {})
    return Check(
        rows=rows,
        filled=filled,
        bad=tuple(bad),
        missing=kept_open(knowledge, source, on),
        ignored=source.ignored,
        unresolved=tuple(unresolved(knowledge, medicines)),
        medicines=len(medicines),
        same_id=_same_ids(connection, source),
        not_worked_out=not_worked_out(knowledge, on),
        names=names,
    )


def kept_open(knowledge: Knowledge, source: Source, on: dt.date) -> dict[str, tuple[str, ...]]:
    """Return the questions that a table does not answer, and the rules each can keep open."""
    plan = plan_of(knowledge, on)
    return {ident: _rules_of(plan, ident) for ident in missing(knowledge.pack, source.given)}


def not_worked_out(knowledge: Knowledge, on: dt.date) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the facts whose calculation a cohort does not know, and what each keeps open."""
    plan = plan_of(knowledge, on)
    return {
        ident: (fact.calculation, _rules_of(plan, ident))
        for ident, fact in knowledge.pack.derived.items()
        if fact.calculation is not None and fact.calculation not in COLUMNS
    }


def _rules_of(plan: Plan, ident: str) -> tuple[str, ...]:
    """Return the rules in force that lean on a question or a derived fact."""
    rules = (
        plan.rules[place].rule.rule
        for condition, places in plan.of_condition.items()
        if plan.reach[condition] & plan.bits[ident]
        for place in places
    )
    return tuple(dict.fromkeys(rules))


def _same_ids(connection: Any, source: Source) -> int:
    if ID not in source.cells:
        return 0
    row = connection.execute(
        f"SELECT count({quoted(ID)}) - count(DISTINCT {quoted(ID)}) FROM {source.sql}"
    ).fetchone()
    return int(row[0])


def count_bad(
    connection: Any, source: Source, facts: Facts
) -> tuple[int, dict[str, int], list[BadValues]]:
    """Count the values that are not allowed, those in tables and marks aside.

    Returns:
        The number of patients, of values by column, and the bad ones with examples.
    """
    answers = _answers(facts, source)
    carried = {f"{_RAW}{name}": Col(f"{_RAW}{name}") for name in answers}
    # A query gives at least one column, even where the table has lists alone.
    program = arrange(facts.steps, {**answers, **carried} or {"row": TRUE}, facts.lookups)
    for statement in prelude(program):
        connection.execute(statement)
    inner = query(program, _with_raw(source, program))
    counts = [f"count({quoted(_RAW + name)}), count({quoted(name)})" for name in answers]
    row = connection.execute(f"SELECT {', '.join(['count(*)', *counts])} FROM ({inner})").fetchone()
    filled = dict(zip(answers, row[1::2], strict=True))
    counted = zip(answers, row[1::2], row[2::2], strict=True)
    wrong = {name: given - read for name, given, read in counted if given > read}
    shown = _examples(connection, source, facts, {name: answers[name] for name in wrong})
    bad = [BadValues(name, count, shown[name]) for name, count in wrong.items()]
    return row[0], filled, bad


def _answers(facts: Facts, source: Source) -> dict[str, Expr]:
    """Return what is read of each column but tables and marks."""
    found: dict[str, Expr] = {}
    for ident, question in facts.pack.questions.items():
        if question.kind != "rows" and ident in source.cells:
            found[ident] = facts.stored(question)
        for item in items_of(facts.pack, question):
            name = f"{ident}.{item.id}"
            if name in source.cells:
                found[name] = facts.item(question, item.id)
    return found


def _with_raw(source: Source, program: Program) -> str:
    """Return SQL for the cells that are read, each beside what it is in the file.

    The others are left out: planning a query over hundreds of columns takes longer than it runs.
    """
    read = frozenset(program.reads)
    listed = [f"{sql} AS {quoted(name)}" for name, sql in source.cells.items() if name in read]
    listed += [f"{quoted(it)} AS {quoted(_RAW + it)}" for it in source.cells if _RAW + it in read]
    return f"(SELECT {', '.join(listed) or '1'} FROM {source.raw})"


def _examples(
    connection: Any, source: Source, facts: Facts, answers: Mapping[str, Expr]
) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return the most frequent bad values of columns that have some, reading the table once.

    Args:
        connection: To DuckDB, with the tables of names in it.
        source: The table.
        facts: The facts of the pack over it.
        answers: What is read of each of the columns; null where it is not allowed.
    """
    if not answers:
        return {}
    carried = {f"{_RAW}{name}": Col(f"{_RAW}{name}") for name in answers}
    program = arrange(facts.steps, {**answers, **carried}, facts.lookups)
    marked = ", ".join(
        f"CASE WHEN {quoted(_RAW + name)} IS NOT NULL AND {quoted(name)} IS NULL "
        f"THEN {{'of': {place}, 'value': CAST({quoted(_RAW + name)} AS VARCHAR)}} END"
        for place, name in enumerate(answers)
    )
    inner = query(program, _with_raw(source, program))
    rows = connection.execute(
        "SELECT bad.of, bad.value AS value, count(*) AS number "
        f"FROM (SELECT unnest(list_filter([{marked}], lambda it: it IS NOT NULL)) AS bad "
        f"FROM ({inner})) GROUP BY bad.of, bad.value "
        "QUALIFY row_number() OVER (PARTITION BY bad.of ORDER BY number DESC, bad.value) "
        f"<= {_EXAMPLES} ORDER BY bad.of, number DESC, bad.value"
    ).fetchall()
    found: dict[str, tuple[tuple[str, int], ...]] = dict.fromkeys(answers, ())
    columns = tuple(answers)
    for place, value, number in rows:
        found[columns[place]] += ((str(value), number),)
    return found


def look_over_rows(
    connection: Any, source: Source, facts: Facts, name: str
) -> tuple[dict[str, int], list[BadValues]]:
    """Read a table of rows once: the names in it, and the values that are not allowed.

    Returns:
        Every distinct name with how often it stands there, and the bad values with examples.
    """
    rows = source.rows[name]
    tests = {
        field: f"{quoted(_RAW + field)} IS NOT NULL AND {sql} IS NULL"
        for field, sql in _read_fields(source, facts, name).items()
    }
    for statement in prelude(arrange(facts.steps, {}, facts.lookups)):
        connection.execute(statement)
    cells = [f"{sql} AS {quoted(field)}" for field, sql in rows.cells.items()]
    cells += [f"{sql} AS {quoted(_RAW + field)}" for field, sql in rows.raw.items()]
    inner = (
        f"(SELECT {rows.odd} AS odd, {', '.join(cells)} FROM "
        f"(SELECT unnest({rows.elements}) AS r FROM {source.raw})) AS x0"
    )
    is_named = NAMED.get(name) in rows.cells
    named = f"x0.{quoted(NAMED[name])}" if is_named else "NULL"
    counts = [f"count(*) FILTER (WHERE {test})" for test in ("x0.odd", *tests.values())]
    found = connection.execute(
        f"SELECT {named} AS name, count(*), {', '.join(counts)} FROM {inner} GROUP BY 1"
    ).fetchall()
    names = {row[0]: row[1] for row in found if row[0] is not None}
    bad = []
    odd, *of_fields = (sum(row[place] for row in found) for place in range(2, 3 + len(tests)))
    if odd:
        bad.append(BadValues(name, odd, _odd_rows(connection, source, name)))
    for (field, test), count in zip(tests.items(), of_fields, strict=True):
        if count:
            shown = connection.execute(
                f"SELECT CAST({quoted(_RAW + field)} AS VARCHAR) AS value, count(*) AS number "
                f"FROM {inner} WHERE {test} GROUP BY value ORDER BY number DESC, value "
                f"LIMIT {_EXAMPLES}"
            ).fetchall()
            bad.append(BadValues(f"{name}.{field}", count, tuple(shown)))
    return names, bad


def _read_fields(source: Source, facts: Facts, name: str) -> dict[str, str]:
    """Return SQL for what is read of each field of a row; null where it is not allowed."""
    question = facts.pack.questions[name]
    found: dict[str, str] = {}
    for field in source.rows[name].cells:
        if name == MEDICATIONS and field == "classes":
            condition = expression(said_of(facts.reading)[1], facts.lookups)
            found[field] = f"(CASE WHEN {condition} THEN true END)"
        elif field == NAMED.get(name):
            found[field] = f"x0.{quoted(field)}"
        else:
            found[field] = expression(facts.reading.field(question, field), facts.lookups)
    return found


def _odd_rows(connection: Any, source: Source, name: str) -> tuple[tuple[str, int], ...]:
    """Return the most frequent elements that are no rows, or stand for cells that are no lists."""
    rows = source.rows[name]
    return tuple(
        connection.execute(
            "SELECT coalesce(CAST(r AS VARCHAR), 'null') AS value, count(*) AS number FROM "
            f"(SELECT unnest({rows.elements}) AS r FROM {source.raw}) WHERE {rows.odd} "
            f"GROUP BY value ORDER BY number DESC, value LIMIT {_EXAMPLES}"
        ).fetchall()
    )


def _bad_marks(connection: Any, source: Source, knowledge: Knowledge) -> Iterator[BadValues]:
    listed = ", ".join(text(ident) for ident in knowledge.pack.questions)
    # A cell that is no list has no element that could be shown: it is shown as a whole.
    rows = connection.execute(
        "SELECT coalesce(mark, cell, 'null') AS value, count(*) AS number FROM "
        f"(SELECT unnest({source.cells[UNKNOWN]}) AS mark, CAST({quoted(UNKNOWN)} AS VARCHAR) "
        f"AS cell FROM {source.raw}) WHERE mark IS NULL OR mark NOT IN ({listed}) "
        "GROUP BY value ORDER BY number DESC, value"
    ).fetchall()
    if rows:
        yield BadValues(UNKNOWN, sum(number for _, number in rows), tuple(rows[:_EXAMPLES]))
