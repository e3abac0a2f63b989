"""When a question is asked, as far as FHIR's ``enableWhen`` can say it.

It knows comparisons of one question with one value, joined by "all" or by "any" and never both.
What does not fit is left out here: the expression itself is always given as an extension.
"""

from __future__ import annotations

from decimal import Decimal

from ketatui.cql.syntax import (
    Between,
    Binary,
    Is,
    ListOf,
    Literal,
    Name,
    Node,
    Threshold,
    Unary,
    parse,
)
from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack
from ketatui.reports.fhir.coding import Json, number, option_coding

TOTAL = "total"
_OPERATORS = {"=": "=", "<>": "!=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
Conditions = tuple[str, list[Json]]
"""``all`` or ``any``, and what has to hold."""


def link_of(pack: Pack, question: Question) -> str:
    """Return the link id of the item that holds a question's answer."""
    return f"{question.id}.{TOTAL}" if has_items(pack, question) else question.id


def has_items(pack: Pack, question: Question) -> bool:
    """Tell whether a question is a scale that is asked item by item."""
    return bool(question.instrument and pack.instruments[question.instrument].items)


def enable_when(pack: Pack, expression: str) -> Json:
    """Return ``enableWhen`` and ``enableBehavior`` of an expression.

    Args:
        pack: The criteria the expression belongs to.
        expression: An "asked when" of the pack.

    Returns:
        The two elements; empty when FHIR can not say it.
    """
    found = _conditions(pack, parse(expression))
    if found is None:
        return {}
    behavior, conditions = found
    if len(conditions) == 1:
        return {"enableWhen": conditions}
    return {"enableWhen": conditions, "enableBehavior": behavior}


def _conditions(pack: Pack, node: Node) -> Conditions | None:
    match node:
        case Binary(op="and" | "or" as op, left=left, right=right):
            return _joined("all" if op == "and" else "any", pack, (left, right))
        case Binary(op="in", left=Name() as name, right=ListOf(items=items)):
            return _joined("any", pack, tuple(Binary("=", name, item, 0) for item in items))
        case Between(operand=operand, low=low, high=high):
            bounds = (Binary(">=", operand, low, 0), Binary("<=", operand, high, 0))
            return _joined("all", pack, bounds)
        case _:
            found = _single(pack, node)
            return None if found is None else ("all", [found])


def _joined(behavior: str, pack: Pack, nodes: tuple[Node, ...]) -> Conditions | None:
    joined: list[Json] = []
    for node in nodes:
        found = _conditions(pack, node)
        if found is None or (len(found[1]) > 1 and found[0] != behavior):
            return None
        joined += found[1]
    return behavior, joined


def _single(pack: Pack, node: Node) -> Json | None:
    match node:
        case Name(id=ident):
            return _compared(pack, ident, "=", True)
        case Unary(op="not", operand=Name(id=ident)):
            return _compared(pack, ident, "=", False)
        case Is(operand=Name(id=ident), what=None, negated=negated):
            return _compared(pack, ident, "exists", negated)
        case Is(operand=Name(id=ident), what=bool() as what, negated=False):
            return _compared(pack, ident, "=", what)
        case Binary(op=op, left=Name(id=ident), right=Literal(value=value)) if op in _OPERATORS:
            return _compared(pack, ident, _OPERATORS[op], value)
        case Binary(op=op, left=Name(id=ident), right=Threshold(name=name)) if op in _OPERATORS:
            return _compared(pack, ident, _OPERATORS[op], pack.threshold_values[name])
        case _:
            return None


def _compared(
    pack: Pack, ident: str, operator: str, value: bool | int | Decimal | str | None
) -> Json | None:
    question = pack.questions.get(ident)
    answer = None if question is None else _answer(question, operator, value)
    if question is None or answer is None:
        return None
    return {"question": link_of(pack, question), "operator": operator, **answer}


def _answer(
    question: Question, operator: str, value: bool | int | Decimal | str | None
) -> Json | None:
    match value:
        case bool():
            fits = operator == "exists" or question.kind == "bool"
            return {"answerBoolean": value} if fits else None
        case str():
            option = next((item for item in question.options if item.code == value), None)
            return {"answerCoding": option_coding(question.id, option)} if option else None
        case int() | Decimal() if question.kind == "decimal":
            return {"answerDecimal": number(value)}
        case int() | Decimal() if value == int(value):
            return {"answerInteger": int(value)}
        case _:
            return None
