"""Criteria expressions: a subset of CQL (HL7 Clinical Quality Language 1.5).

Parse (`syntax`), check types against the dictionary (`typing`), and compile (`functions`) to a
`Condition` over three-valued facts (`logic`). Pure: no I/O, no clock.

One deliberate departure from CQL, for safety: ``x in {a, b}`` means ``x = a or x = b`` and
``list contains x`` is null for a null list, so that an unanswered question never reads as false.
"""

from ketatui.cql.condition import Condition, compile_expression
from ketatui.cql.errors import ExpressionError
from ketatui.cql.logic import PartialList, Value, is_settled
from ketatui.cql.syntax import Node, parse
from ketatui.cql.typing import BOOLEAN, NUMBER, TEXT, Scope, Type, check

__all__ = [
    "BOOLEAN",
    "NUMBER",
    "TEXT",
    "Condition",
    "ExpressionError",
    "Node",
    "PartialList",
    "Scope",
    "Type",
    "Value",
    "check",
    "compile_expression",
    "is_settled",
    "parse",
]
