"""From a syntax tree to a function from facts to a value, with few steps where most rules have one.

Most conditions compare a fact with a constant, or join such comparisons by ``and`` or ``or``: each
of these is one function here, and a chain stops at the first operand that decides it. What comes
out is what `ketatui.cql.logic` says of each operator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from ketatui.cql.logic import (
    ORDER,
    Facts,
    PartialList,
    Value,
    among,
    and_,
    arithmetic,
    compare,
    implies_,
    not_,
    rounded,
    xor_,
)
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
    children,
)

Function = Callable[[Facts], Value]

_UNLIKE = object()
"""What stands for "no constant"; null is one."""


class Compiled:
    """One expression as a function, and what it names.

    Attributes:
        reads: The ids it reads, in order of appearance, some of them several times.
        compares: The names of thresholds likewise.
        value: The function.
    """

    def __init__(self, node: Node, thresholds: Mapping[str, Decimal]) -> None:
        """Compile a checked expression.

        Args:
            node: Its syntax tree.
            thresholds: Values of the thresholds it names.
        """
        self.reads: list[str] = []
        self.compares: list[str] = []
        self._thresholds = thresholds
        self.value = self._function(node)

    def _function(self, node: Node) -> Function:
        match node:
            case Name(id=name):
                self.reads.append(name)
                return lambda facts: facts.get(name)
            case Binary():
                return self._binary(node)
            case Unary():
                inner = self._function(node.operand)
                changed = not_ if node.op == "not" else partial(arithmetic, node.op, 0)
                return lambda facts: changed(inner(facts))
            case Is():
                return self._is(node)
            case Between():
                return self._between(node)
            case Round(digits=digits):
                inner = self._function(node.operand)
                return lambda facts: rounded(inner(facts), digits)
            case ListOf():
                return self._list(node)
        constant: Any = self._constant(node)
        return lambda facts: constant

    def _constant(self, node: Node) -> Any:
        """Return what a node is whatever the facts; `_UNLIKE` where it hangs on them."""
        match node:
            case Literal():
                return node.value
            case Threshold():
                self.compares.append(node.name)
                return self._thresholds[node.name]
            case ListOf() if all(isinstance(item, Literal) for item in node.items):
                return tuple([item.value for item in node.items if isinstance(item, Literal)])
        return _UNLIKE

    def _list(self, node: ListOf) -> Function:
        constants = self._constant(node)
        if constants is not _UNLIKE:
            return lambda facts: constants
        parts = [self._function(item) for item in node.items]
        return lambda facts: tuple([part(facts) for part in parts])  # type: ignore[misc]

    def _is(self, node: Is) -> Function:
        inner = self._function(node.operand)
        what = node.what
        if node.negated:
            return lambda facts: inner(facts) is not what
        return lambda facts: inner(facts) is what

    def _between(self, node: Between) -> Function:
        inner, low, high = map(self._function, (node.operand, node.low, node.high))
        return lambda facts: and_(
            compare(">=", inner(facts), low(facts)), compare("<=", inner(facts), high(facts))
        )

    def _binary(self, node: Binary) -> Function:
        op = node.op
        if op in ("or", "and"):
            operands = [self._function(part) for part in operands_of(node)]
            return _any_of(operands) if op == "or" else _all_of(operands)
        left = node.left
        name = left.id if isinstance(left, Name) else None
        if name is not None and (op in ORDER or op in ("in", "contains")):
            # Read before the constant, as it is written.
            self.reads.append(name)
            constant = self._constant(node.right)
            if constant is not _UNLIKE and constant is not None:
                return _fact_and_constant(op, name, constant)
            if constant is None:
                return _of_two(op, lambda facts: facts.get(name), lambda facts: None)
            return _of_two(op, lambda facts: facts.get(name), self._function(node.right))
        return _of_two(op, self._function(left), self._function(node.right))


def operands_of(node: Node) -> list[Node]:
    """Return the operands of a node, left to right; of a chain of ``and`` or ``or`` all of them."""
    if not isinstance(node, Binary) or node.op not in ("and", "or"):
        return list(children(node))
    found: list[Node] = []
    waiting: list[Node] = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Binary) and part.op == node.op:
            waiting += (part.right, part.left)
        else:
            found.append(part)
    return found


def _any_of(operands: Sequence[Function]) -> Function:
    def value(facts: Facts) -> bool | None:
        found: bool | None = False
        for operand in operands:
            one = operand(facts)
            if one is True:
                return True
            if one is None:
                found = None
        return found

    return value


def _all_of(operands: Sequence[Function]) -> Function:
    def value(facts: Facts) -> bool | None:
        found: bool | None = True
        for operand in operands:
            one = operand(facts)
            if one is False:
                return False
            if one is None:
                found = None
        return found

    return value


def _fact_and_constant(op: str, name: str, constant: Any) -> Function:
    """Return the function of a fact beside a constant that is not null."""
    if op == "in":
        if not constant or None in constant:
            return lambda facts: among(facts.get(name), constant)

        def is_in(facts: Facts) -> bool | None:
            a = facts.get(name)
            return None if a is None else a in constant

        return is_in
    if op == "contains":

        def contains(facts: Facts) -> bool | None:
            a: Any = facts.get(name)
            if a is None:
                return None
            if constant in a:
                return True
            return None if isinstance(a, PartialList) else False

        return contains
    test = ORDER[op]

    def compared(facts: Facts) -> bool | None:
        a = facts.get(name)
        return None if a is None else test(a, constant)

    return compared


def _of_two(op: str, left: Function, right: Function) -> Function:
    if op == "xor":
        return lambda facts: xor_(left(facts), right(facts))
    if op == "implies":
        return lambda facts: implies_(left(facts), right(facts))
    if op == "in":
        return lambda facts: among(left(facts), right(facts))  # type: ignore[arg-type]
    if op == "contains":
        return lambda facts: among(right(facts), left(facts))  # type: ignore[arg-type]
    if op in ORDER:
        test = ORDER[op]

        def compared(facts: Facts) -> bool | None:
            a, b = left(facts), right(facts)
            return None if a is None or b is None else test(a, b)

        return compared
    return lambda facts: arithmetic(op, left(facts), right(facts))
