"""``ketatui criteria eval``: expressions evaluated as the rules are."""

from __future__ import annotations

import argparse
import re
from decimal import Decimal

from ketatui.cases.errors import nearest
from ketatui.cases.model import Case
from ketatui.commands.inputs import Unusable, knowledge_of, read_case_file
from ketatui.consultation.edits import SetAnswer, apply
from ketatui.consultation.entry import parse_entry
from ketatui.cql import (
    Condition,
    ExpressionError,
    Scope,
    Value,
    check,
    compile_expression,
    parse,
)
from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack
from ketatui.criteria.wording import number_text
from ketatui.engine import establish
from ketatui.printable import printable

_SETTING = re.compile(
    r"[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_]+)*=(?!=)\S.*|[a-z0-9_.]+=", re.DOTALL
)
_NULL = "null"
_WORDS = {"true": "yes", "false": "no"}


def run(args: argparse.Namespace) -> int:
    """Evaluate; everything is parsed and checked before anything is printed.

    Returns:
        0.

    Raises:
        Unusable: An expression or a ``--set`` that cannot be used.
        CaseError: A case file that cannot be used.
    """
    settings, expressions = _told_apart(args.set, args.expressions)
    if not expressions:
        raise Unusable("ketatui criteria eval: an EXPRESSION is required")
    knowledge = knowledge_of(args)
    conditions = [_compiled(text, knowledge.scope) for text in expressions]
    case = Case() if args.case is None else read_case_file(args.case, knowledge.pack)
    for setting in settings:
        case = _with(knowledge.pack, case, setting)
    values = establish(knowledge, case).values
    lines = [shown(condition.value(values)) for condition in conditions]
    print("\n".join(lines))
    return 0


def shown(value: Value) -> str:
    """Write a value as the contract says: ``true``, ``false``, ``null``, a number, a text."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, tuple):
        return "{" + ", ".join(shown(item) for item in value) + "}"
    if isinstance(value, int | Decimal):
        return number_text(value)
    return printable(value)


def _told_apart(settings: list[str], expressions: list[str]) -> tuple[list[str], list[str]]:
    """Take what follows ``--set id=value`` without being one as an expression."""
    found = [text for text in settings if _SETTING.fullmatch(text)]
    rest = [text for text in settings if not _SETTING.fullmatch(text)]
    if rest and not found:
        raise Unusable(f"ketatui criteria eval: --set takes id=value, not {rest[0]!r}")
    return found, [*expressions, *rest]


def _compiled(text: str, scope: Scope) -> Condition:
    try:
        node = parse(text)
        check(node, scope)
    except ExpressionError as error:
        raise Unusable(f"ketatui criteria eval: {' '.join(text.split())}: {error}") from error
    return compile_expression(text, node, scope.thresholds)


def _with(pack: Pack, case: Case, setting: str) -> Case:
    ident, _, text = setting.partition("=")
    ident, text = ident.strip(), text.strip()
    question = pack.questions.get(ident)
    if question is None:
        why = f"there is no question of this id{nearest(ident, pack.questions)}"
        if ident in pack.derived:
            why = "it is calculated, and cannot be set; set what it is calculated from"
        raise Unusable(f"ketatui criteria eval: --set {ident}: {why}")
    if question.kind == "rows":
        raise Unusable(f"ketatui criteria eval: --set {ident}: a table comes from --case only")
    if text == _NULL:
        return apply(pack, case, SetAnswer(question=ident))
    value = _value(pack, question, text, case)
    return apply(pack, case, SetAnswer(question=ident, value=value))


def _value(pack: Pack, question: Question, text: str, case: Case) -> bool | int | str:
    if question.kind == "choice":
        for option in question.options:
            if text == option.code or text in option.also:
                return option.code
        allowed = ", ".join([*(option.code for option in question.options), _NULL])
        raise _refused(question, text, f"allowed: {allowed}")
    if question.kind == "bool":
        text = _WORDS.get(text, text)
    entry = parse_entry(pack, question, text, case)
    if entry.value is None:
        allowed = "allowed: yes, no, true, false, null" if question.kind == "bool" else ""
        raise _refused(question, text, allowed or f"{entry.problem}, or null")
    # A measurement goes in as text, so that no digit is lost on the way.
    return str(entry.value) if isinstance(entry.value, Decimal) else entry.value


def _refused(question: Question, text: str, why: str) -> Unusable:
    return Unusable(f"ketatui criteria eval: --set {question.id}: {text[:60]!r}: {why}")
