"""When a question is asked, in FHIRPath: what SDC's ``enableWhenExpression`` holds.

FHIR's own ``enableWhen`` hides a question while what it depends on is unanswered; the program asks
it, and its answers would be lost. FHIRPath has the same three values, an empty collection for
null, and ``(…).all($this)`` is true for an empty one: asked while it is open.
Source: HL7 Structured Data Capture 3.0; FHIRPath 2.0 (Boolean logic; ``all``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache

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
from ketatui.criteria.models import Instrument, InstrumentItem, Question
from ketatui.criteria.pack import Pack
from ketatui.reports.fhir.coding import SDC, YES_NO, Json, answers_system

TOTAL = "total"
_OPERATORS = {"=": "=", "<>": "!=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_LOGIC = ("and", "or", "xor", "implies")
_ARITHMETIC = ("+", "-", "*", "/")


_parsed = lru_cache(maxsize=256)(parse)
"""One condition stands within many others."""


class _Unsayable(Exception):  # noqa: N818  (the state is the name)
    """An expression that cannot be said in FHIRPath over answers alone."""


def link_of(pack: Pack, question: Question) -> str:
    """Return the link id of the item that holds a question's answer."""
    return f"{question.id}.{TOTAL}" if has_items(pack, question) else question.id


def has_items(pack: Pack, question: Question) -> bool:
    """Tell whether a question is a scale that is asked item by item."""
    return bool(question.instrument and pack.instruments[question.instrument].items)


def enabling(pack: Pack, question: Question) -> Json | None:
    """Return the extension that says when a question is asked.

    Args:
        pack: The criteria.
        question: A question of theirs.

    Returns:
        SDC's extension; None for a question that is always asked, or where FHIRPath over the
        answers cannot say it, so that it is shown and nothing is lost.
    """
    if question.asked_when is None:
        return None
    path = asked_path(pack, question.asked_when)
    if path is None:
        return None
    for item in kept_items(pack, question):
        path = f"{path} or {_answer_of(f'{question.id}.{item}')}.exists()"
    return expression("enableWhenExpression", path)


def kept_items(pack: Pack, question: Question) -> list[str]:
    """Return the items of a scale that count by themselves, even while the scale is not asked."""
    return [
        fact.item
        for fact in pack.derived.values()
        if fact.calculation == "item" and fact.of == question.id and fact.item
    ]


def asked_path(pack: Pack, condition: str) -> str | None:
    """Return the FHIRPath of an "asked when": true while it holds and while it is open."""
    try:
        return _asked(pack, condition)
    except _Unsayable:
        return None


def expression(name: str, path: str) -> Json:
    """Return one of SDC's extensions that hold an expression."""
    url = f"{SDC}/sdc-questionnaire-{name}"
    return {"url": url, "valueExpression": {"language": "text/fhirpath", "expression": path}}


def total_path(question: Question, scale: Instrument) -> str:
    """Return the FHIRPath of a scale's total: the sum of all items, else what was entered.

    Args:
        question: The scale.
        scale: Its instrument, with items whose answers have codes of their own.
    """
    links = " or ".join(f"linkId='{question.id}.{item.id}'" for item in scale.items)
    points = _points(_scores(scale.items))
    answered = f"%resource.descendants().where({links}).answer.value.code"
    entered = _answer_of(f"{question.id}.{TOTAL}")
    added = f"{answered}.select({points}).aggregate($this + $total, 0)"
    return f"iif({answered}.count() = {len(scale.items)}, {added}, {entered})"


def _asked(pack: Pack, condition: str) -> str:
    return f"({_path(pack, _parsed(condition))}).all($this)"


def _answer_of(link: str) -> str:
    return f"%resource.descendants().where(linkId='{link}').answer.value"


def _effective(pack: Pack, question: Question) -> str:
    """Return what counts for a question: its answer, or its "else" while it is not asked."""
    answer = _answer_of(link_of(pack, question))
    if question.kind == "bool":
        answer = f"({answer}.where(system='{YES_NO}').code = 'Y')"
    elif question.kind == "choice":
        answer = f"{answer}.where(system='{answers_system(question.id)}').code"
    if question.asked_when is None:
        return answer
    return f"iif({_asked(pack, question.asked_when)}, {answer}, {_literal(question.otherwise)})"


def _path(pack: Pack, node: Node) -> str:
    match node:
        case Literal(value=value):
            return _literal(value)
        case Name(id=ident):
            return _fact(pack, ident)
        case Threshold(name=name):
            return _literal(pack.threshold_values[name])
        case Unary(op="not", operand=operand):
            return f"({_path(pack, operand)}).not()"
        case Between(operand=operand, low=low, high=high):
            value = _path(pack, operand)
            return f"({value} >= {_path(pack, low)} and {value} <= {_path(pack, high)})"
        case Is(operand=operand, what=what, negated=negated):
            return _is(_path(pack, operand), what, negated=negated)
        case Binary(op="in", left=value, right=ListOf(items=items)) if items:
            sought = _path(pack, value)
            return f"({' or '.join(f'{sought} = {_path(pack, item)}' for item in items)})"
        case Binary(op=op, left=left, right=right) if op in _LOGIC or op in _ARITHMETIC:
            return f"({_path(pack, left)} {op} {_path(pack, right)})"
        case Binary(op=op, left=left, right=right) if op in _OPERATORS:
            return f"({_path(pack, left)} {_OPERATORS[op]} {_path(pack, right)})"
        case _:
            raise _Unsayable


def _fact(pack: Pack, ident: str) -> str:
    """Return a question's effective value, or a derived fact that answers alone give."""
    question, derived = pack.questions.get(ident), pack.derived.get(ident)
    if question is not None and question.kind != "rows":
        return _effective(pack, question)
    if derived is not None and derived.expression is not None:
        return _path(pack, _parsed(derived.expression))
    if derived is not None and derived.calculation == "item":
        return _item_score(pack, pack.questions[derived.of or ""], derived.item or "")
    raise _Unsayable


def _item_score(pack: Pack, question: Question, name: str) -> str:
    """Return the score of one item of a scale, which counts also while the scale is not asked."""
    scale = pack.instruments[question.instrument or ""]
    items = [item for item in scale.items if item.id == name]
    code = f"{_answer_of(f'{question.id}.{name}')}.code"
    return f"{code}.select({_points(_scores(items))})"


def _scores(items: Iterable[InstrumentItem]) -> dict[str, int]:
    """Return the score of each answer's code."""
    found: dict[str, int] = {}
    for item in items:
        codes = item.loinc_answers or [str(score) for score in range(len(item.options))]
        found |= {code: score for score, code in enumerate(codes)}
    return found


def _points(scores: Mapping[str, int]) -> str:
    """Return the path from a code to its score; nothing for another code."""
    points = "{}"
    for code, score in scores.items():
        points = f"iif($this='{code}', {score}, {points})"
    return points


def _is(value: str, what: bool | None, *, negated: bool) -> str:
    """Write the one form that answers even for an empty collection."""
    found = (
        f"({value}).empty()" if what is None else f"(({value}) = {_literal(what)}).exists($this)"
    )
    return f"{found}.not()" if negated else found


def _literal(value: bool | int | Decimal | str | None) -> str:
    match value:
        case None:
            return "{}"
        case bool():
            return "true" if value else "false"
        case str():
            return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
        case _:
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
