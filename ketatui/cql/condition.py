"""A `Condition`: a checked expression, ready to be evaluated, that knows what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec.structs import force_setattr

from ketatui.cql.functions import Compiled, Function, operands_of
from ketatui.cql.logic import Facts, is_settled
from ketatui.cql.syntax import ListOf, Node, constants
from ketatui.structs import Frozen


class Condition(Frozen, frozen=True, eq=False):
    """A checked expression, ready to be evaluated; told apart by identity.

    Attributes:
        text: The expression as written.
        node: Its syntax tree.
        value: The function from facts to its value.
        reads: Ids it reads, in order of appearance.
        thresholds: Names of the thresholds it compares with.
        values: Values of all thresholds.
        reads_one: Whether it is null for want of one fact alone.
    """

    text: str
    node: Node
    value: Function
    reads: tuple[str, ...]
    thresholds: tuple[str, ...]
    values: Mapping[str, Decimal]
    reads_one: bool
    _parts: tuple[Condition, ...] | None = None
    _operands: tuple[tuple[Function, str | None, Condition], ...] | None = None

    @property
    def compared(self) -> set[Decimal]:
        """The numbers it compares with: constants, and values of thresholds."""
        return constants(self.node) | {self.values[name] for name in self.thresholds}

    @property
    def parts(self) -> tuple[Condition, ...]:
        """Conditions of the operands, of all in a chain of ``and`` or ``or``.

        They are compiled when somebody first asks for them.
        """
        if self._parts is None:
            parts = [compile_expression("", part, self.values) for part in operands_of(self.node)]
            # What waits for several ids is asked again and again, and the rest never.
            force_setattr(self, "_parts", tuple(parts))
        assert self._parts is not None
        return self._parts

    def waits_for(self, facts: Facts) -> tuple[str, ...]:
        """Return the null facts that still decide the value; empty once it is not null.

        A false operand of ``or`` or a true operand of ``and`` has had its say: only operands
        that are null themselves are followed.
        """
        return self.waits_while_null(facts) if self.is_open(facts) else ()

    def is_open(self, facts: Facts) -> bool:
        """Tell whether the value is null, or a list that may go on or is made of other facts."""
        # A list has a value of its own even where its elements are null.
        return isinstance(self.node, ListOf) or not is_settled(self.value(facts))

    def waits_while_null(self, facts: Facts) -> tuple[str, ...]:
        """Return the same for facts under which the value is known to be null."""
        if self.reads_one:
            return self.reads
        found: dict[str, None] = {}
        for value, ident, part in self.operands:
            if ident is None:
                found.update(dict.fromkeys(part.waits_for(facts)))
            elif not is_settled(value(facts)):
                found[ident] = None
        return tuple(found)

    @property
    def operands(self) -> tuple[tuple[Function, str | None, Condition], ...]:
        """The parts with their functions, and for each the one fact that it reads, if it does."""
        if self._operands is None:
            steps = [
                (part.value, part.reads[0] if part.reads_one else None, part) for part in self.parts
            ]
            force_setattr(self, "_operands", tuple(steps))
        assert self._operands is not None
        return self._operands


def compile_expression(text: str, node: Node, thresholds: Mapping[str, Decimal]) -> Condition:
    """Compile a parsed and checked expression.

    Args:
        text: The expression as written, kept for showing.
        node: Its syntax tree.
        thresholds: Values of the thresholds it names.

    Returns:
        The condition; evaluating it raises nothing for facts of the checked types.
    """
    made = Compiled(node, thresholds)
    reads = tuple(dict.fromkeys(made.reads))
    return Condition(
        text=text,
        node=node,
        value=made.value,
        reads=reads,
        thresholds=tuple(dict.fromkeys(made.compares)),
        values=thresholds,
        reads_one=len(reads) == 1 and not isinstance(node, ListOf),
    )
