"""The pack's rules as one plain Python function, written out as a person would write them.

The function answers with verdicts and nothing else: no reasons, no open questions, nothing of what
would change them. It is the floor for one assessment. Kleene's logic becomes Python's own by two
readings of each expression, "is certainly true" and "is certainly false", so its verdicts equal the
engine's on incomplete cases too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ketatui.cases.model import Case
from ketatui.cql import Value, parse
from ketatui.cql.logic import PartialList, arithmetic, rounded, xor_
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
from ketatui.engine.calculations import Working
from ketatui.engine.drug_classes import medicines_taken
from ketatui.engine.inputs import input_of
from ketatui.engine.trials import count, drug_of, failed_trials, failing_outcomes, judge

Verdicts = Callable[[Case], dict[str, str]]
_COMPARED = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_CALCULATED = ("+", "-", "*", "/", "div")


class _Writer:
    """Writes expressions as Python."""

    def __init__(self, thresholds: Mapping[str, Decimal]) -> None:
        self.thresholds = thresholds

    def true(self, node: Node) -> str:
        """Python for: the expression is certainly true."""
        match node:
            case Binary(op="and", left=left, right=right):
                return f"({self.true(left)} and {self.true(right)})"
            case Binary(op="or", left=left, right=right):
                return f"({self.true(left)} or {self.true(right)})"
            case Binary(op="implies", left=left, right=right):
                return f"({self.false(left)} or {self.true(right)})"
            case Unary(op="not", operand=operand):
                return self.false(operand)
            case Is(operand=operand, what=what, negated=negated):
                return f"({self.value(operand)} is {'not ' if negated else ''}{what})"
            case Between(operand=operand, low=low, high=high):
                known = self.known(operand, low, high)
                value = self.value(operand)
                return f"({known}{self.value(low)} <= {value} <= {self.value(high)})"
            case Binary(op="in", left=left, right=ListOf(items=items)):
                return f"({self.value(left)} in ({self.items(items)}))"
            case Binary(op="contains", left=left, right=right):
                return f"({self.known(left)}{self.value(right)} in {self.value(left)})"
            case Binary(op=op, left=left, right=right) if op in _COMPARED:
                compared = f"{self.value(left)} {_COMPARED[op]} {self.value(right)}"
                return f"({self.known(left, right)}{compared})"
            case _:
                return f"({self.value(node)} is True)"

    def false(self, node: Node) -> str:
        """Python for: the expression is certainly false."""
        match node:
            case Binary(op="and", left=left, right=right):
                return f"({self.false(left)} or {self.false(right)})"
            case Binary(op="or", left=left, right=right):
                return f"({self.false(left)} and {self.false(right)})"
            case Binary(op="implies", left=left, right=right):
                return f"({self.true(left)} and {self.false(right)})"
            case Unary(op="not", operand=operand):
                return self.true(operand)
            case Is(operand=operand, what=what, negated=negated):
                return f"({self.value(operand)} is {'' if negated else 'not '}{what})"
            case Between(operand=operand, low=low, high=high):
                known = self.known(operand, low, high)
                value = self.value(operand)
                return f"({known}not {self.value(low)} <= {value} <= {self.value(high)})"
            case Binary(op="in", left=left, right=ListOf(items=items)):
                return f"({self.known(left)}{self.value(left)} not in ({self.items(items)}))"
            case Binary(op="contains", left=left, right=right):
                # A list that may go on is of a type of its own.
                whole = f"type({self.value(left)}) is tuple"
                return f"({whole} and {self.value(right)} not in {self.value(left)})"
            case Binary(op=op, left=left, right=right) if op in _COMPARED:
                compared = f"{self.value(left)} {_COMPARED[op]} {self.value(right)}"
                return f"({self.known(left, right)}not {compared})"
            case _:
                return f"({self.value(node)} is False)"

    def value(self, node: Node) -> str:
        """Python for the value itself."""
        match node:
            case Name(id=name):
                return variable(name)
            case Literal(value=constant):
                return repr(constant)
            case Threshold(name=name):
                number = self.thresholds[name]
                return str(int(number)) if number == int(number) else repr(number)
            case Unary(op="-", operand=operand):
                return f"arithmetic('-', 0, {self.value(operand)})"
            case Binary(op=op, left=left, right=right) if op in _CALCULATED:
                return f"arithmetic({op!r}, {self.value(left)}, {self.value(right)})"
            case Binary(op="xor", left=left, right=right):
                return f"xor_({self.value(left)}, {self.value(right)})"
            case Round(operand=operand, digits=digits):
                return f"rounded({self.value(operand)}, {digits})"
            case ListOf():
                raise ValueError("no rule compares a list")
            case _:
                return f"(True if {self.true(node)} else False if {self.false(node)} else None)"

    def known(self, *nodes: Node) -> str:
        """Python for: none of these is missing; empty where none can be."""
        names = [self.value(node) for node in nodes if not isinstance(node, Literal | Threshold)]
        return "".join(f"{name} is not None and " for name in names)

    def items(self, nodes: tuple[Node, ...]) -> str:
        """Python for the items of a list."""
        return "".join(f"{self.value(node)}, " for node in nodes)


def variable(ident: str) -> str:
    """Name the local variable of a question or derived fact."""
    return re.sub(r"\W", "_", ident)


def source_of(knowledge: Knowledge, on: dt.date) -> str:
    """Write the rules of a pack as they are on a day.

    Args:
        knowledge: The compiled pack.
        on: The day; dated rules are written as they stand then.

    Returns:
        The source of a function ``verdicts(case)``.
    """
    writer = _Writer(knowledge.pack.threshold_values)
    lines = ["def verdicts(case):", " answers = case.answers"]
    lines += _facts(knowledge, writer)
    for number, condition in enumerate(knowledge.conditions):
        lines.append(f" yes{number} = {writer.true(condition.node)}")
        lines.append(f" open{number} = not yes{number} and not {writer.false(condition.node)}")
    lines.append(" rows = []")
    for ident, condition in knowledge.support.items():
        lines.append(f" if not {writer.false(condition.node)}: rows.append({ident!r})")
    lines.append(" found = {}")
    for pathway in knowledge.rules:
        lines += _pathway(knowledge, pathway, on)
    lines.append(" return found")
    return "\n".join(lines)


def _facts(knowledge: Knowledge, writer: _Writer) -> Iterator[str]:
    for ident in knowledge.steps:
        question = knowledge.pack.questions.get(ident)
        if question is None:
            yield f" {variable(ident)} = {_derived(knowledge.pack.derived[ident], writer)}"
            continue
        name, asked = variable(ident), knowledge.asked_when.get(ident)
        value = "None" if question.kind == "rows" else f"answers.get({ident!r})"
        if question.instrument is not None:
            value = f"total(case, known, {ident!r})"
        if asked is not None:
            yield f" {name}_hidden = {writer.false(asked.node)}"
            value = f"{question.otherwise!r} if {name}_hidden else {value}"
        elif question.kind == "rows":
            yield f" {name}_hidden = False"
        yield f" {name} = {value}"


def _derived(fact: Derived, writer: _Writer) -> str:
    if fact.expression is not None:
        return writer.value(parse(fact.expression))
    match fact.calculation:
        case "band":
            return f"band({fact.of!r}, {variable(fact.of or '')}, known)"
        case "item":
            return f"case.scale_items.get({fact.of!r}, {{}}).get({fact.item!r})"
        case "count":
            return f"0 if {variable(fact.of or '')}_hidden else len(table(case, {fact.of!r}))"
        case "failed_trials" | "drug_classes":
            return f"{fact.calculation}(case, known, locals())"
        case _:
            return f"worked_out(case, known, {fact.id!r}, locals())"


def _pathway(knowledge: Knowledge, pathway: str, on: dt.date) -> Iterator[str]:
    yield " worst = 0"
    yield " waiting = False"
    for rule in knowledge.rules[pathway]:
        in_force = rule.in_force(on)
        if in_force is None:
            continue
        if rule.condition is not None:
            yes, undecided = f"yes{rule.condition}", f"open{rule.condition}"
        else:
            graded = {
                row.id
                for row in knowledge.pack.support.values()
                if (cell := row.on[pathway]).carried_by is None and cell.grade in rule.grades
            }
            yes = f"(rows and all(row in {graded!r} for row in rows))"
            undecided = f"(not {yes} and any(row in {graded!r} for row in rows))"
        yield f" if {yes}: worst = max(worst, {SEVERITY[in_force[0]]})"
        if not rule.optional and in_force[0] != "note":
            yield f" elif {undecided}: waiting = True"
    yield " if worst < 2 and waiting: worst = 2"
    yield f" found[{pathway!r}] = WORDS[worst]"


def plain(knowledge: Knowledge, on: dt.date) -> Verdicts:
    """Make the function.

    Args:
        knowledge: The compiled pack.
        on: The day.

    Returns:
        From a case without overrides and without answers marked unknown to its verdicts.
    """
    scope: dict[str, Any] = {
        "Decimal": Decimal,
        "WORDS": {severity: name for name, severity in SEVERITY.items()},
        "arithmetic": arithmetic,
        "rounded": rounded,
        "total": _total,
        "xor_": xor_,
        "known": knowledge,
        "failed_trials": _failed_trials,
        "drug_classes": _drug_classes,
        "band": _band,
        "table": _table,
        "worked_out": _worked_out,
    }
    exec(compile(source_of(knowledge, on), "<the rules>", "exec"), scope)
    made: Verdicts = scope["verdicts"]
    return made


def _total(case: Case, known: Knowledge, question: str) -> Value:
    answer = case.answers.get(question)
    scores = case.scale_items.get(question)
    scale = known.pack.instruments.get(known.pack.questions[question].instrument or "")
    if answer is not None or not scores or scale is None:
        return answer
    items = [scores.get(item.id) for item in scale.items]
    return None if None in items else sum(score for score in items if score is not None)


def _table(case: Case, ident: str) -> Sequence[Any]:
    return input_of(case).tables.get(ident, ())


def _worked_out(case: Case, known: Knowledge, ident: str, facts: Mapping[str, Any]) -> Value:
    """Work a fact out as the engine does: its calculation is not written out here."""
    fact = known.pack.derived[ident]
    calculation = known.calculations[fact.calculation or ""]
    reads = calculation.reads(fact)
    values = {each: facts[variable(each)] for each in reads}
    asked: dict[str, bool | None] = {
        each: not facts.get(f"{variable(each)}_hidden", False) for each in reads
    }
    working = Working(known.pack, known.medicines, input_of(case), values, asked)
    return calculation.calculate(working, fact)[0]


def _failed_trials(case: Case, known: Knowledge, facts: Mapping[str, Any]) -> int | None:
    pack = known.pack
    weeks, failures = pack.threshold_values["adequate_weeks"], failing_outcomes(pack)
    judged = [
        judge(trial, drug_of(pack, known.medicines, trial.drug), weeks, failures)
        for trial in (() if facts["antidepressant_trials_hidden"] else case.trials)
    ]
    return failed_trials(
        count(judged),
        rows_complete=facts["trials_rows_complete"],
        reported=facts["trials_reported_count"],
        enough=int(pack.threshold_values["trd_failed_trials"]),
    )


def _drug_classes(case: Case, known: Knowledge, facts: Mapping[str, Any]) -> Value:
    taken = medicines_taken(known.medicines, case.medications)
    found = tuple(sorted({code for item in taken for code in item.classes}))
    if facts["medications_reviewed"] is True and all(item.settled for item in taken):
        return found
    return PartialList(found) if found else None


def _band(question: str, total: Value, known: Knowledge) -> str | None:
    if isinstance(total, int):
        for instrument in known.pack.instruments.values():
            if instrument.question == question:
                for band in instrument.bands:
                    if band.min <= total <= band.max:
                        return band.code
    return None
