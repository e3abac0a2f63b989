"""Chosen patients of a table as cases of the app, with the verdicts that the cohort gave them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Any

from ketatui.cases.model import NONE_OF_THESE, NOT_ESTABLISHED, Case, Medication, Trial
from ketatui.cases.values import RefusedError, checked
from ketatui.cohort.columns import ID, UNKNOWN, items_of
from ketatui.cohort.duckdb_sql import prelude, query, quoted, text
from ketatui.cohort.errors import CohortError
from ketatui.cohort.expressions import Col, Expr, Word
from ketatui.cohort.facts import Facts
from ketatui.cohort.numbers import DIGITS
from ketatui.cohort.program import Lookups, arrange
from ketatui.cohort.sources import Source
from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine import Knowledge
from ketatui.engine.inputs import ROWS
from ketatui.engine.trials import failing_outcomes

CLASS_NOT_READ = "class not read"
"""Stands on the list of medicines of a case for a class that cannot be read: no medicine's name,
and so unresolved until the clinician says what it is."""
NOT_ALL = "rest of the list"
"""Stands there for what a list does not hold that the table marks as not to be established."""


def chosen_cases(
    connection: Any, source: Source, knowledge: Knowledge, ids: Sequence[str]
) -> Iterator[tuple[str, Case]]:
    """Read chosen patients as cases; who they are is not in them.

    Args:
        connection: To DuckDB.
        source: The table.
        knowledge: The compiled pack.
        ids: Their ids in the table.

    Yields:
        Id and case, in the order of ``ids``; what no question allows is not answered in it.

    Raises:
        CohortError: The table has no ids, lacks one of these, or has one twice.
    """
    if ID not in source.cells:
        raise CohortError("the table has no column 'id' to choose patients by")
    facts = Facts(knowledge, source.given, Lookups())
    outputs: dict[str, Expr] = {ID: Col(ID)}
    for ident, question in knowledge.pack.questions.items():
        if question.kind == "rows":
            continue
        answer = facts.stored(question)
        if question.kind == "choice":
            answer = Word(answer, facts.reading.codes(question))
        outputs[ident] = answer
        for item in items_of(knowledge.pack, question):
            outputs[f"{ident}.{item.id}"] = facts.item(question, item.id)
    for name in (UNKNOWN, *source.rows):
        if name in source.cells:
            outputs[name] = Col(name)
    program = arrange(facts.steps, outputs, facts.lookups)
    for statement in prelude(program):
        connection.execute(statement)
    listed = ", ".join(text(each) for each in ids)
    rows = f"(SELECT * FROM {source.sql} WHERE {quoted(ID)} IN ({listed}))"
    done = connection.execute(query(program, rows))
    names = [column[0] for column in done.description]
    found: dict[str, list[dict[str, Any]]] = {}
    for row in done.fetchall():
        values = dict(zip(names, row, strict=True))
        found.setdefault(values[ID], []).append(values)
    for ident in ids:
        if len(found.get(ident, ())) != 1:
            how = "is in no row" if ident not in found else "is in several rows"
            raise CohortError(f"{source.files[0]}: the id {ident!r} {how}")
        yield ident, _case(knowledge.pack, found[ident][0])


def _case(pack: Pack, row: Mapping[str, Any]) -> Case:
    answers: dict[str, Any] = {}
    scores: dict[str, dict[str, int]] = {}
    for ident, question in pack.questions.items():
        value = row.get(ident)
        if question.kind != "rows" and value is not None:
            answers[ident] = _answer(question, value)
        for item in items_of(pack, question):
            score = row.get(f"{ident}.{item.id}")
            if score is not None:
                scores.setdefault(ident, {})[item.id] = score
    trials = tuple(_trial(pack, each or {}) for each in row.get(TRIALS) or ())
    medications = tuple(
        taken for each in row.get(MEDICATIONS) or () for taken in _medicine(pack, each or {})
    )
    marked = set(row.get(UNKNOWN) or ())
    if not marked <= pack.questions.keys():
        # A mark that is no question may have meant any.
        marked = set(pack.questions)
    if medications and MEDICATIONS in marked:
        # Of a case a list with rows has no mark: what keeps it open is one row more.
        medications += (Medication(name=NOT_ALL, classes=(NOT_ESTABLISHED,)),)
    further = {
        name: tuple(_row(question, each or {}) for each in row.get(name) or ())
        for name, question in pack.questions.items()
        if question.kind == "rows" and name not in ROWS and row.get(name)
    }
    rows = {TRIALS: trials, MEDICATIONS: medications, **further}
    return Case(
        answers=answers,
        unknown=frozenset(ident for ident in marked if not rows.get(ident)),
        scale_items=scores,
        trials=trials,
        medications=medications,
        tables=further,
    )


def _answer(question: Question, value: Any) -> Any:
    if question.kind == "decimal":
        exact = Decimal(value).scaleb(-DIGITS)
        return exact.quantize(Decimal(1)) if exact == exact.to_integral() else exact.normalize()
    return value


def _row(question: Question, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row of a table says and its columns allow."""
    cells: dict[str, Any] = {}
    for column in question.columns:
        value = row.get(column.id)
        if isinstance(value, float):
            value = Decimal(repr(value))
        with suppress(RefusedError):
            if value is not None:
                cells[column.id] = checked(column, value)
    return cells


def _trial(pack: Pack, row: Mapping[str, Any]) -> Trial:
    cells: dict[str, Any] = dict.fromkeys(column.id for column in pack.questions[TRIALS].columns)
    cells |= _row(pack.questions[TRIALS], row)
    is_misread = row.get("kind") is not None and cells.get("kind") is None
    if is_misread and cells.get("outcome") in failing_outcomes(pack):
        # Without a kind the row would count as one of an antidepressant: it has to stay open.
        cells["outcome"] = None
    return Trial(**{**cells, "drug": cells.get("drug") or ""})


def _medicine(pack: Pack, row: Mapping[str, Any]) -> Iterator[Medication]:
    classes = tuple(row.get("classes") or ())
    allowed = {*pack.drug_classes, NONE_OF_THESE, NOT_ESTABLISHED}
    fine = allowed.issuperset(classes) and (NONE_OF_THESE not in classes or len(classes) == 1)
    yield Medication(
        name=row.get("name") or "", dose=row.get("dose") or "", classes=classes if fine else ()
    )
    if not fine:
        # What was said of its classes may be more than the name says: the list has to stay open.
        yield Medication(name=CLASS_NOT_READ)
