"""The pack's rules as plain expressions of Polars, written out as a person would write them.

Verdicts and nothing else, over a table that holds no bad values and no marks of what cannot be
established: no reasons, no names checked, nothing of what is behind an open rule. It is the floor
for screening a table with Polars, and shares no code with `ketatui.cohort`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import reduce
from operator import add, and_, eq, ge, gt, le, lt, mul, ne, or_, sub, truediv, xor
from typing import Any

import polars as pl

from ketatui.cql import parse
from ketatui.cql.syntax import (
    Between,
    Binary,
    Is,
    ListOf,
    Literal,
    Name,
    Node,
    Round,
    Threshold,
    Unary,
)
from ketatui.criteria.models import Derived
from ketatui.engine import Knowledge
from ketatui.engine.assessment import SEVERITY
from ketatui.engine.trials import drug_of, failing_outcomes

_BINARY: dict[str, Any] = {
    "and": and_, "or": or_, "xor": xor, "=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge,
    "+": add, "-": sub, "*": mul, "/": truediv,
}  # fmt: skip
_CLASSES, _OPEN = "derived.drug_classes", 1 << 62
_KINDS: dict[str, Any] = {"bool": pl.Boolean, "choice": pl.String, "decimal": pl.Float64}


class _Writer:
    """Writes the expressions of the criteria."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self.codes = list(knowledge.pack.drug_classes)

    def write(self, node: Node) -> pl.Expr:  # noqa: PLR0911  (a line for each kind)
        match node:
            case Name(id=name):
                return pl.col(name)
            case Literal(value=value):
                return pl.lit(value if isinstance(value, bool | str | None) else float(value))
            case Threshold(name=name):
                return pl.lit(float(self.knowledge.pack.threshold_values[name]))
            case Unary(op="not", operand=operand):
                return self.write(operand).not_()
            case Unary(operand=operand):
                return -self.write(operand)
            case Round(operand=operand, digits=digits):
                return self.write(operand).round(digits, mode="half_away_from_zero")
            case Between(operand=operand, low=low, high=high):
                number = self.write(operand)
                return (number >= self.write(low)) & (number <= self.write(high))
            case Is(operand=operand, what=what, negated=negated):
                asked = self.write(operand)
                found = asked.is_null() if what is None else asked.eq_missing(what)
                return found.not_() if negated else found
            case Binary(op="implies", left=left, right=right):
                return self.write(left).not_() | self.write(right)
            case Binary(op="in", left=left, right=ListOf(items=items)):
                return reduce(or_, (self.write(left) == self.write(item) for item in items))
            case Binary(op="contains", right=Literal(value=str() as code)):
                bit = pl.col(_CLASSES) & (1 << self.codes.index(code)) != 0
                is_open = pl.col(_CLASSES) & _OPEN != 0
                return pl.when(bit).then(pl.lit(True)).when(is_open.not_()).then(pl.lit(False))
            case Binary(op=op, left=left, right=right):
                return _BINARY[op](self.write(left), self.write(right))  # type: ignore[no-any-return]
        raise ValueError(f"no rule of the pack has a {node}")


def verdicts(
    knowledge: Knowledge, frame: pl.LazyFrame, on: dt.date, medicines: Iterable[str]
) -> pl.LazyFrame:
    """Return each pathway's verdict for a table of patients.

    Args:
        knowledge: The compiled pack.
        frame: The table.
        on: The day, for dated rules.
        medicines: The distinct names of medicines and of drugs in the table.
    """
    writer = _Writer(knowledge)
    frame = frame.with_columns(
        pl.lit(None, dtype=_KINDS.get(question.kind, pl.Int64)).alias(ident)
        for ident, question in knowledge.pack.questions.items()
        if ident not in frame.collect_schema()
    )
    names = tuple(medicines)
    frame = frame.with_columns(**_trials(writer, names))
    for ident in knowledge.steps:
        fact = knowledge.pack.derived.get(ident)
        found = _question(writer, ident) if fact is None else _derived(writer, fact, names)
        if found is not None:
            frame = frame.with_columns(found.alias(ident))
    frame = frame.select(
        *(writer.write(each.node).alias(f"{n}") for n, each in enumerate(knowledge.conditions)),
        *(
            writer.write(each.node).fill_null(value=True).alias(ident)
            for ident, each in knowledge.support.items()
        ),
    )
    return frame.select(_pathway(knowledge, ident, on).alias(ident) for ident in knowledge.rules)


def _question(writer: _Writer, ident: str) -> pl.Expr | None:
    asked = writer.knowledge.asked_when.get(ident)
    question = writer.knowledge.pack.questions[ident]
    if asked is None or question.kind == "rows":
        return None
    return (
        pl.when(writer.write(asked.node).not_())
        .then(pl.lit(question.otherwise))
        .otherwise(pl.col(ident))
    )


def _derived(writer: _Writer, fact: Derived, names: tuple[str, ...]) -> pl.Expr | None:
    knowledge = writer.knowledge
    if fact.expression is not None:
        return writer.write(parse(fact.expression))
    match fact.calculation:
        case "failed_trials":
            return _failed_trials(writer)
        case "drug_classes":
            return _drug_classes(writer, names)
        case "band":
            bands = next(
                each.bands
                for each in knowledge.pack.instruments.values()
                if each.question == fact.of
            )
            total = pl.col(str(fact.of))
            return pl.coalesce(
                pl.when(total.is_between(band.min, band.max)).then(pl.lit(band.code))
                for band in bands
            )
    # No item of a scale has a column in the table, and no rule counts rows.
    return pl.lit(None, dtype=pl.Int64)


def _drug_classes(writer: _Writer, names: tuple[str, ...]) -> pl.Expr:
    bits = []
    for name in names:
        found = writer.knowledge.medicines.recognize(name)
        known = found.so_far if found.classes is None else found.classes
        own = sum(1 << writer.codes.index(code) for code in set(known))
        bits.append(own if found.known else own | _OPEN)
    written = pl.element().struct.field("name")
    of_name = written.replace_strict(names, bits, default=_OPEN, return_dtype=pl.Int64)
    taken = pl.col("medications").list.agg(of_name.bitwise_or()).fill_null(0)
    reviewed = pl.col("medications.reviewed").fill_null(value=False)
    return taken | pl.when(reviewed).then(0).otherwise(_OPEN)


def _trials(writer: _Writer, names: tuple[str, ...]) -> dict[str, pl.Expr]:
    """Return how many drugs failed for certain, and how many may have."""
    knowledge = writer.knowledge
    thresholds = knowledge.pack.threshold_values
    drugs = [drug_of(knowledge.pack, knowledge.medicines, name) for name in names]
    number = {drug.name: place for place, drug in enumerate(drugs)}
    row = pl.element().struct.field
    least = [None if drug.minimum_mg is None else float(drug.minimum_mg) for drug in drugs]
    is_one = row("drug").replace_strict(
        names, [None if drug.other else True for drug in drugs], default=True
    )
    counts = (
        is_one
        & row("current_episode")
        & row("adherent")
        & row("outcome").is_in(failing_outcomes(knowledge.pack))
        & (row("daily_dose_mg") >= row("drug").replace_strict(names, least, default=None))
        & (row("weeks") >= float(thresholds["adequate_weeks"]))
    )
    drug = row("drug").replace_strict(names, [number[drug.name] for drug in drugs], default=0)
    return {
        name: pl.col("antidepressant_trials")
        .list.eval(pl.when(counts.fill_null(value=value)).then(drug))
        .list.agg(pl.element().drop_nulls().n_unique())
        .cast(pl.Int64)
        .fill_null(0)
        for name, value in (("certain", False), ("possible", True))
    }


def _failed_trials(writer: _Writer) -> pl.Expr:
    thresholds = writer.knowledge.pack.threshold_values
    certain, possible = pl.col("certain"), pl.col("possible")
    reported, enough = pl.col("trials.reported_count"), int(thresholds["trd_failed_trials"])
    is_settled = (certain == possible) | (certain >= enough)
    by_rows = pl.col("trials.rows_complete") & (
        (pl.col("antidepressant_trials").list.len() > 0) | reported.is_null()
    )
    return (
        pl.when(by_rows)
        .then(pl.when(is_settled).then(certain))
        .when(reported.is_not_null())
        .then(pl.max_horizontal(certain, reported))
        .when(certain >= enough)
        .then(certain)
    )


def _pathway(knowledge: Knowledge, pathway: str, on: dt.date) -> pl.Expr:
    by_effect: dict[str, list[pl.Expr]] = {}
    waiting: list[pl.Expr] = []
    for rule in knowledge.rules[pathway]:
        in_force = rule.in_force(on)
        if in_force is None or in_force[0] == "note":
            continue
        if rule.condition is not None:
            found = pl.col(f"{rule.condition}")
        else:
            graded = [
                row.id
                for row in knowledge.pack.support.values()
                if (cell := row.on[pathway]).carried_by is None and cell.grade in rule.grades
            ]
            others = [row for row in knowledge.support if row not in graded]
            found = _any(graded) & pl.when(_any(others).not_()).then(pl.lit(True))
        by_effect.setdefault(in_force[0], []).append(found)
        if not rule.optional:
            waiting.append(found.is_null())
    ordered = sorted(by_effect, key=SEVERITY.__getitem__, reverse=True)
    effects = {effect: _any(by_effect[effect]) for effect in ordered}
    caution = effects.pop("caution", pl.lit(False))
    words = pl.Enum(sorted(SEVERITY, key=SEVERITY.__getitem__))
    found = pl.when(False).then(pl.lit(None, dtype=words))
    for effect, applies in effects.items():
        found = found.when(applies).then(pl.lit(effect, dtype=words))
    return (
        found.when(_any(waiting))
        .then(pl.lit("incomplete", dtype=words))
        .when(caution)
        .then(pl.lit("caution", dtype=words))
        .otherwise(pl.lit("fits", dtype=words))
    )


def _any(items: Iterable[pl.Expr | str]) -> pl.Expr:
    return pl.any_horizontal(pl.lit(False), *items)
