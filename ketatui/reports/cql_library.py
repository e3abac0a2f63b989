"""The conditions of a pack as a CQL 1.5 library, which other engines run to our results.

Answers come in as parameters (null where there is none), and so do the two facts that only the
program's own tables can tell: failed trials and classes of medicines. Where our language departs
from CQL for safety (`in` and `contains` of a null are null), it is written out.
Source: HL7 Clinical Quality Language, release 1.5.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import assert_never

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
    parse,
)
from ketatui.criteria.models import Derived, Question, Rule
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge

_TYPES = {
    "bool": "Boolean",
    "choice": "String",
    "int": "Integer",
    "scale": "Integer",
    "decimal": "Decimal",
    "list": "List<String>",
}
"""CQL types by kind of question or derived fact."""
_FRACTION = Decimal("0.00000001")
_HOLDS = '"Holds"'
_FUNCTION = f"""\
// Whether a list holds a text. A null in the list says that the list may go on.
define function {_HOLDS}(held List<String>, sought String):
  if held is null then null
  else if sought is not null and held contains sought then true
  else if exists (held M where M is null return true) or (sought is null and exists held) then null
  else false
"""


def is_given(fact: Derived) -> bool:
    """Tell whether a fact comes in from outside: CQL works out expressions and bands alone."""
    return fact.expression is None and fact.calculation != "band"


def cql_library(knowledge: Knowledge) -> str:
    """Write the conditions of a pack as CQL.

    Args:
        knowledge: The compiled pack, any local policy applied.

    Returns:
        A library; the same pack gives the same text.
    """
    pack = knowledge.pack
    parts = [
        _head(pack),
        _lines("Answers; null where there is none.", _answers(pack)),
        _lines("Facts that tables of rows come to.", _given(pack)),
        _lines("Thresholds in force.", _thresholds(pack)),
        _FUNCTION,
        _lines("What counts for each question, asked or not.", _effective(pack)),
        _lines("Derived facts.", _derived(pack)),
        _lines("Rules.", _rules(pack)),
        _lines(
            "Rows of the support table; exactly one holds once the facts are known.",
            (_define(f"support.{row.id}", row.when, row.title) for row in pack.support.values()),
        ),
        _lines(
            "Answers that cannot both be right.",
            (
                _define(f"contradiction.{item.id}", item.when)
                for item in pack.contradictions.values()
            ),
        ),
        _lines(
            "Requirements of payers.",
            (
                _define(f"payer.{payer.id}.{rule.id}", rule.when, rule.title)
                for payer in pack.payers.values()
                for rule in payer.rules
            ),
        ),
        _lines(
            "Consent items that cannot apply.",
            (
                _define(f"hidden.{item.id}", item.hidden_when, item.title)
                for item in pack.consent.values()
                if item.hidden_when is not None
            ),
        ),
    ]
    return "\n".join(part for part in parts if part)


def library_name(pack: Pack) -> str:
    """Return the name of a pack's library."""
    return "".join(part.capitalize() for part in pack.info.id.split("-"))


def _head(pack: Pack) -> str:
    info = pack.info
    policy = f"// Local policy: {_comment(pack.policy.title)}\n" if pack.policy else ""
    return (
        f"library {library_name(pack)} version {_text(info.version)}\n\n"
        f"// {_comment(info.title)}\n// {pack.digest}\n{policy}"
        "// Conditions only: what they do to a pathway stands in the comments, and nothing here\n"
        "// tells anybody to give a medicine. An unanswered question is null and stays open.\n"
    )


def _lines(title: str, definitions: Iterable[str]) -> str:
    found = "\n".join(definitions)
    return f"// {title}\n{found}\n" if found else ""


def _answers(pack: Pack) -> Iterator[str]:
    for question in pack.questions.values():
        if question.kind in _TYPES:
            yield f"parameter {_name(f'answer.{question.id}')} {_TYPES[question.kind]}"


def _given(pack: Pack) -> Iterator[str]:
    for fact in pack.derived.values():
        if is_given(fact):
            yield f"parameter {_name(fact.id)} {_TYPES[fact.kind]}"


def _thresholds(pack: Pack) -> Iterator[str]:
    for name, value in pack.threshold_values.items():
        yield f"define {_name(f'threshold.{name}')}: {_number(value)}"


def _effective(pack: Pack) -> Iterator[str]:
    for question in pack.questions.values():
        if question.kind not in _TYPES:
            continue
        answer = _name(f"answer.{question.id}")
        if question.asked_when is not None:
            # While it is open whether a question is asked, its answer counts.
            asked = cql_text(parse(question.asked_when))
            answer = f"if {asked} is false then {_otherwise(question)} else {answer}"
        yield f"define {_name(question.id)}: {answer}"


def _otherwise(question: Question) -> str:
    value = question.otherwise
    if isinstance(value, int) and not isinstance(value, bool) and question.kind == "decimal":
        return _number(Decimal(value).quantize(Decimal("0.1")))
    return _literal(value)


def _derived(pack: Pack) -> Iterator[str]:
    for fact in pack.derived.values():
        if not is_given(fact):
            yield f"define {_name(fact.id)}: {_calculated(pack, fact)}"


def _calculated(pack: Pack, fact: Derived) -> str:
    if fact.expression is not None:
        return cql_text(parse(fact.expression))
    total = _name(fact.of or "")
    bands = [
        f"{total} >= {band.min} and {total} <= {band.max} then {_text(band.code)}"
        for scale in pack.instruments.values()
        if scale.question == fact.of
        for band in scale.bands
    ]
    return f"if {' else if '.join(bands)} else null"


def _rules(pack: Pack) -> Iterator[str]:
    for rule in pack.rules.values():
        if rule.when is not None:
            yield _define(f"rule.{rule.id}", rule.when, _said(rule))
        for pathway, variant in rule.on.items():
            if variant.when is not None:
                yield _define(f"rule.{rule.id}.{pathway}", variant.when, f"on {pathway}")


def _said(rule: Rule) -> str:
    effects = ", ".join(f"{pathway} {effect}" for pathway, effect in rule.effects.items())
    until = f" (until {rule.valid_until.isoformat()})" if rule.valid_until else ""
    return f"{rule.title}: {effects}{until}"


def _define(name: str, expression: str, said: str = "") -> str:
    comment = f"// {_comment(said)}\n" if said else ""
    return f"{comment}define {_name(name)}: {cql_text(parse(expression))}"


def cql_text(node: Node) -> str:
    """Write an expression as CQL, its departures written out.

    Args:
        node: A parsed expression, checked against its pack.

    Returns:
        CQL with a parenthesis around every operation.
    """
    match node:
        case Literal(value=value):
            return _literal(value)
        case Name(id=ident):
            return _name(ident)
        case Threshold(name=name):
            return _name(f"threshold.{name}")
        case ListOf(items=items):
            return f"{{{', '.join(map(cql_text, items))}}}"
        case Round(operand=operand, digits=digits):
            return f"Round({cql_text(operand)}, {digits})"
        case Unary(op=op, operand=operand):
            return f"({op} {cql_text(operand)})"
        case Is(operand=operand, what=what, negated=negated):
            word = "not " if negated else ""
            return f"({cql_text(operand)} is {word}{_literal(what)})"
        case Between(operand=operand, low=low, high=high):
            value = cql_text(operand)
            return f"({value} >= {cql_text(low)} and {value} <= {cql_text(high)})"
        case (
            Binary(op="in", left=value, right=many) | Binary(op="contains", left=many, right=value)
        ):
            return _member(value, many)
        case Binary(op=op, left=left, right=right):
            return f"({cql_text(left)} {op} {cql_text(right)})"
        case _:
            assert_never(node)


def _member(value: Node, many: Node) -> str:
    """Write ``value in many`` so that a null on either side leaves it open."""
    sought = cql_text(value)
    if isinstance(many, ListOf):
        if not many.items:
            return "false"
        return f"({' or '.join(f'({sought} = {cql_text(item)})' for item in many.items)})"
    return f"{_HOLDS}({cql_text(many)}, {sought})"


def _literal(value: bool | int | Decimal | str | None) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case _:
            return _number(value)


def _number(value: int | Decimal) -> str:
    """Write a number; CQL's decimals have eight digits after the point."""
    exact = Decimal(value)
    if exact == exact.to_integral_value() and abs(exact) < 2**31:
        digits = exact.as_tuple().exponent
        fraction = isinstance(digits, int) and digits < 0
        return f"{exact:.1f}" if fraction else f"{int(exact)}"
    return f"{exact.quantize(_FRACTION).normalize():f}"


def _name(ident: str) -> str:
    return f'"{ident}"'


def _text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _comment(text: str) -> str:
    return " ".join(text.split())
