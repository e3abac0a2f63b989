"""A lowered pack: named columns in stages, and which of them are the result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ketatui.cohort.expressions import Col, Const, Expr, columns, is_sure, parts, rebuilt
from ketatui.structs import Frozen


class Lookups(dict[str, dict[str, dict[str, int]]]):
    """Tables of texts by name: for each text its numbers, by column."""


class Steps:
    """Columns as they are named, each an expression over earlier ones."""

    def __init__(self) -> None:
        """Begin with none."""
        self.named: dict[str, Expr] = {}

    def let(self, name: str, expr: Expr) -> Expr:
        """Give an expression a name, so that it is worked out once.

        Args:
            name: A name that is not taken.
            expr: The expression.

        Returns:
            The column; the expression itself where that is a column or a constant.
        """
        if isinstance(expr, Const | Col):
            return expr
        assert name not in self.named, name
        self.named[name] = expr
        return Col(name, sure=is_sure(expr))


class Program(Frozen, frozen=True):
    """What an emitter writes.

    Attributes:
        stages: Named expressions, a stage after the other; each reads columns of the table or of
            earlier stages.
        outputs: The columns of the result, by name, over the last stage.
        lookups: The tables of texts, by name.
        reads: The columns of the table that are read.
    """

    stages: tuple[Mapping[str, Expr], ...]
    outputs: Mapping[str, Expr]
    lookups: Mapping[str, Mapping[str, Mapping[str, int]]]
    reads: tuple[str, ...]

    @property
    def expressions(self) -> int:
        """How many expressions there are."""
        return sum(map(len, self.stages)) + len(self.outputs)


def arrange(
    steps: Steps,
    outputs: Mapping[str, Expr],
    lookups: Mapping[str, Mapping[str, Mapping[str, int]]],
) -> Program:
    """Put columns into stages, each as early as it can be, and leave out what nobody reads.

    Args:
        steps: All columns that were named.
        outputs: The columns of the result.
        lookups: The tables of texts.

    Returns:
        The program.
    """
    named, outputs = _shared(steps.named, outputs)
    needed = _needed(named, outputs.values())
    depth: dict[str, int] = {}
    stages: list[dict[str, Expr]] = []
    reads: dict[str, None] = {}
    for name, expr in named.items():
        if name not in needed:
            continue
        below = columns(expr)
        reads |= dict.fromkeys(each for each in sorted(below) if each not in steps.named)
        depth[name] = 1 + max((depth[each] for each in below if each in depth), default=-1)
        while len(stages) <= depth[name]:
            stages.append({})
        stages[depth[name]][name] = expr
    for expr in outputs.values():
        reads |= dict.fromkeys(each for each in sorted(columns(expr)) if each not in steps.named)
    return Program(tuple(stages), dict(outputs), lookups, tuple(reads))


def _shared(
    named: Mapping[str, Expr], outputs: Mapping[str, Expr]
) -> tuple[dict[str, Expr], dict[str, Expr]]:
    """Read the column instead wherever the expression of an earlier one stands again."""
    known: dict[Expr, Expr] = {}

    def read(expr: Expr) -> Expr:
        found = known.get(expr)
        if found is None and parts(expr):
            found = known[expr] = rebuilt(expr, read)
        return expr if found is None else found

    shared: dict[str, Expr] = {}
    for name, expr in named.items():
        shared[name] = read(expr)
        known[expr] = Col(name, sure=is_sure(expr))
    return shared, {name: read(expr) for name, expr in outputs.items()}


def _needed(named: Mapping[str, Expr], wanted: Iterable[Expr]) -> set[str]:
    found: set[str] = set()
    waiting = [name for expr in wanted for name in columns(expr)]
    while waiting:
        name = waiting.pop()
        if name in named and name not in found:
            found.add(name)
            waiting.extend(columns(named[name]))
    return found
