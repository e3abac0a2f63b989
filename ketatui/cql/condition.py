"""A `Condition`: a checked expression, ready to be evaluated, that knows what it waits for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from msgspec.structs import force_setattr

from ketatui.cql.functions import Compiled, Function, operands_of
from ketatui.cql.logic import Facts, is_settled
from ketatui.cql.syntax import ListOf, Node
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
    """

    text: str
    node: Node
    value: Function
    reads: tuple[str, ...]
    thresholds: tuple[str, ...]
    values: Mapping[str, Decimal]
    _parts: tuple[Condition, ...] | None = None
    _waits: tuple[tuple[Function, str | None, Condition], ...] | None = None

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
        # A list has a value of its own even where its elements are null.
        if not isinstance(self.node, ListOf) and is_settled(self.value(facts)):
            return ()
        return self.waits_while_null(facts)

    def waits_while_null(self, facts: Facts) -> tuple[str, ...]:
        """Return the same for facts under which the value is known to be null."""
        if len(self.reads) == 1 and not isinstance(self.node, ListOf):
            return self.reads
        if self._waits is None:
            steps = [
                (part.value, part.reads[0] if part._reads_one else None, part)
                for part in self.parts
            ]
            force_setattr(self, "_waits", tuple(steps))
        assert self._waits is not None
        found: dict[str, None] = {}
        for value, ident, part in self._waits:
            if ident is None:
                found.update(dict.fromkeys(part.waits_for(facts)))
            elif not is_settled(value(facts)):
                found[ident] = None
        return tuple(found)

    @property
    def _reads_one(self) -> bool:
        """Whether it is null for want of one fact alone."""
        return len(self.reads) == 1 and not isinstance(self.node, ListOf)


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
    return Condition(
        text=text,
        node=node,
        value=made.value,
        reads=tuple(dict.fromkeys(made.reads)),
        thresholds=tuple(dict.fromkeys(made.compares)),
        values=thresholds,
    )
