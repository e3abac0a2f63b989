"""``--where EXPRESSION``: which saved cases are meant, in the language of the criteria."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import get_args

from ketatui.cases.entries import Entry
from ketatui.cases.errors import CaseError
from ketatui.cases.model import State
from ketatui.cases.store import CaseStore
from ketatui.commands.inputs import Unusable
from ketatui.cql import (
    BOOLEAN,
    NUMBER,
    TEXT,
    ExpressionError,
    Scope,
    Type,
    Value,
    check,
    compile_expression,
    parse,
)
from ketatui.criteria.models import Verdict
from ketatui.engine import Knowledge, establish

Holds = Callable[[Entry], bool]

_STANDINGS = ("within_criteria", "provisional", "against_criteria")


def fields(knowledge: Knowledge) -> dict[str, Type]:
    """Return what can be asked of a saved case beside its answers, with types.

    Args:
        knowledge: The compiled pack, for the pathways there are.
    """
    return {
        "case.id": TEXT,
        "case.label": TEXT,
        "case.saved": TEXT,
        "case.state": Type("text", frozenset(get_args(State))),
        "case.practice": BOOLEAN,
        "case.decision": Type("text", frozenset((*knowledge.pack.pathways, "none"))),
        "case.standing": Type("text", frozenset(_STANDINGS)),
        "case.verdict": Type("text", frozenset(get_args(Verdict))),
        "case.worst": TEXT,
        "case.overrides": NUMBER,
        "case.criteria": TEXT,
        "case.unchanged": BOOLEAN,
        "case.reviewer": TEXT,
        "case.agreed": NUMBER,
        "case.disagreed": NUMBER,
        "case.treatment": Type("text", frozenset(("in_treatment", "stopped"))),
        "case.stop_reason": TEXT,
        "case.due": TEXT,
        "case.overdue": BOOLEAN,
    }


def where(text: str, knowledge: Knowledge, store: CaseStore) -> Holds:
    """Compile an expression over saved cases.

    Args:
        text: Over the dictionary's ids, and ``case.state``, ``case.decision`` and so on.
        knowledge: The compiled pack.
        store: Where the cases are read if their answers are asked about.

    Returns:
        A function that tells whether the expression is true of a case. What is unknown is not
        true; a file that cannot be read is none of the cases meant.

    Raises:
        Unusable: The expression is none, or gives no yes or no.
    """
    scope = Scope({**knowledge.scope.facts, **fields(knowledge)}, knowledge.scope.thresholds)
    try:
        node = parse(text)
        found = check(node, scope)
    except ExpressionError as error:
        raise Unusable(f"--where {' '.join(text.split())}: {error}") from error
    if found.kind not in ("boolean", "null"):
        raise Unusable(f"--where {' '.join(text.split())}: gives a {found}, not yes or no")
    condition = compile_expression(text, node, scope.thresholds)
    of_answers = any(not name.startswith("case.") for name in condition.reads)

    def holds(entry: Entry) -> bool:
        if entry.problem is not None:
            return False
        values = _values(entry)
        if of_answers:
            try:
                case = store.load(entry.path).reading.counted
            except CaseError:
                return False
            values = {**establish(knowledge, case).values, **values}
        return condition.value(values) is True

    return holds


def _values(entry: Entry) -> dict[str, Value]:
    due = entry.treatment.due[0].by if entry.treatment.due else None
    return {
        "case.id": entry.id,
        "case.label": entry.label,
        "case.saved": entry.saved_at.astimezone().date().isoformat() if entry.saved_at else None,
        "case.state": entry.state,
        "case.practice": entry.practice,
        "case.decision": entry.pathway or None,
        "case.standing": entry.standing or None,
        "case.verdict": entry.verdict or None,
        "case.worst": entry.worst_rule or None,
        "case.overrides": Decimal(len(entry.overrides)),
        "case.criteria": entry.pack_version or None,
        "case.unchanged": entry.sound,
        "case.reviewer": entry.reviewer or None,
        "case.agreed": Decimal(entry.agreed),
        "case.disagreed": Decimal(entry.disagreed),
        "case.treatment": entry.treatment.state or None,
        "case.stop_reason": entry.treatment.stop_reason or None,
        "case.due": due.isoformat() if due else None,
        "case.overdue": due < dt.date.today() if due else False,
    }
