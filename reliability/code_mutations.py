"""Every small mistake that could be made in a module: its expressions, turned one at a time.

A comparison becomes its neighbor or its opposite, an ``and`` an ``or``, a part of either is left
out, a ``not`` is doubled, a truth value is turned, a whole number that is compared is one more,
``any`` becomes ``all`` and ``min`` becomes ``max``, and ``sorted`` sorts no more.

Left out, because nothing that runs depends on it: keywords of decorators and of classes
(``frozen``, ``eq``, ``kw_only``), ``__all__``, annotations, what only a type checker reads, and
``strict`` of ``zip``, which guards what is always so.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_CALLS = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list"}
_NO_BEHAVIOR = ("decorator_list", "annotation", "returns", "pattern")
"""Fields of a node that are left out."""
_ENOUGH, _LONG = 40, 110
"""Length of the text around a change from which it is clear, and past which it is not read."""


@dataclass(frozen=True)
class Mutant:
    """One change of one module.

    Attributes:
        module: Its path.
        function: In which function, with the classes around it; empty at the top.
        was: The text around the change.
        becomes: That text, changed.
        place: The number of the expression in the module.
        way: Which of the ways to turn that expression.
        line: Where it stands, to be found by a person.
    """

    module: Path
    function: str
    was: str
    becomes: str
    place: int
    way: int
    line: int

    @property
    def what(self) -> str:
        """One line that says it."""
        return f"{self.module}:{self.line}: {self.function}: {self.was}  →  {self.becomes}"

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What stays the same while lines around it come and go."""
        return str(self.module), self.function, self.was, self.becomes


@dataclass
class _Place:
    """An expression that can be turned: where it hangs, and what is around it."""

    node: ast.expr
    parent: ast.AST
    field: str
    number: int | None
    around: tuple[ast.AST, ...]
    function: str

    def put(self, node: ast.expr) -> None:
        """Hang another expression there."""
        if self.number is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.number] = node


def mutants(module: Path, source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module.

    Args:
        module: Its path, for the record.
        source: Its text.
    """
    tree = ast.parse(source)
    for number, place in enumerate(_places(tree)):
        context = _context(place)
        was = _text(context)
        for way, other in enumerate(_others(place.node)):
            place.put(other)
            becomes = _text(context if context is not place.node else other)
            place.put(place.node)
            yield Mutant(module, place.function, was, becomes, number, way, place.node.lineno)


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """Return a module with one of its expressions turned."""
    tree = ast.parse(source)
    place = _places(tree)[mutant.place]
    place.put(_others(place.node)[mutant.way])
    return ast.fix_missing_locations(tree)


def watched(source: str, first: int, watcher: str) -> tuple[ast.Module, int]:
    """Return a module that tells which of its expressions are worked out.

    Args:
        source: Of the module.
        first: The number of its first expression.
        watcher: The name of the function that is called with the number.

    Returns:
        The module, and how many expressions it has.
    """
    tree = ast.parse(source)
    places = _places(tree)
    # Innermost first: what is put around an expression has to hold the changed ones inside.
    for number, place in reversed(list(enumerate(places, start=first))):
        told = ast.Call(ast.Name(watcher, ast.Load()), [ast.Constant(number)], [])
        both = ast.Tuple([told, place.node], ast.Load())
        place.put(ast.Subscript(both, ast.Constant(1), ast.Load()))
    return ast.fix_missing_locations(tree), len(places)


# --- what can be turned ---------------------------------------------------------------------------


def _places(tree: ast.Module) -> list[_Place]:
    """List the expressions that can be turned; an outer one before those inside it."""
    return list(_within(tree, (), ""))


def _within(node: ast.AST, around: tuple[ast.AST, ...], function: str) -> Iterator[_Place]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        function = f"{function}.{node.name}".removeprefix(".")
    for field, value in ast.iter_fields(node):
        if field in _NO_BEHAVIOR or (field == "keywords" and isinstance(node, ast.ClassDef)):
            continue
        children = list(enumerate(value)) if isinstance(value, list) else [(None, value)]
        for number, child in children:
            if not isinstance(child, ast.AST) or _is_no_behavior(child):
                continue
            if isinstance(child, ast.expr) and _others(child):
                yield _Place(child, node, field, number, (node, *around), function)
            yield from _within(child, (node, *around), function)


def _is_no_behavior(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.keyword(arg="strict"):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case _:
            return False


def _others(node: ast.expr) -> list[ast.expr]:
    """Return what an expression can be turned into; nothing for most."""
    match node:
        case ast.Compare():
            return [*_other_operators(node), *_other_numbers(node)]
        case ast.BoolOp():
            other = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
            return [ast.BoolOp(other, node.values), *_parts_left_out(node)]
        case ast.UnaryOp(op=ast.Not()):
            # Twice "not" is none, but still a truth value.
            return [ast.UnaryOp(ast.Not(), node)]
        case ast.Constant(value=bool()):
            return [ast.Constant(not node.value)]
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            if name in ("min", "max") or len(node.args) == 1:
                # Unsorted, a list needs neither key nor direction.
                keywords = [] if name == "sorted" else node.keywords
                return [ast.Call(ast.Name(_CALLS[name], ast.Load()), node.args, keywords)]
    return []


def _other_operators(node: ast.Compare) -> Iterator[ast.expr]:
    for number, operator in enumerate(node.ops):
        operators = [*node.ops]
        operators[number] = _COMPARISONS[type(operator)]()
        yield ast.Compare(node.left, operators, node.comparators)


def _other_numbers(node: ast.Compare) -> Iterator[ast.expr]:
    for number, value in enumerate(node.comparators):
        if isinstance(value, ast.Constant) and type(value.value) is int:
            values = [*node.comparators]
            values[number] = ast.Constant(value.value + 1)
            yield ast.Compare(node.left, node.ops, values)


def _parts_left_out(node: ast.BoolOp) -> Iterator[ast.expr]:
    for number in range(len(node.values)):
        left = [*node.values[:number], *node.values[number + 1 :]]
        yield left[0] if len(left) == 1 else ast.BoolOp(node.op, left)


# --- what is said of it ---------------------------------------------------------------------------


def _context(place: _Place) -> ast.AST:
    """Return the smallest thing around an expression that says where it stands."""
    best: ast.AST = place.node
    for node in place.around:
        if len(_text(best)) >= _ENOUGH or isinstance(best, ast.stmt):
            break
        if isinstance(node, ast.Module | ast.ClassDef) or len(_text(node)) > _LONG:
            break
        best = node
    return best


def _text(node: ast.AST) -> str:
    """Return the code of a thing on one line; of a block only its head."""
    if isinstance(node, ast.FunctionDef):
        node = copy.copy(node)
        node.decorator_list = []
    if isinstance(node, ast.stmt | ast.match_case | ast.excepthandler) and hasattr(node, "body"):
        node = copy.copy(node)
        node.body = [ast.Pass()]
        if hasattr(node, "orelse"):
            node.orelse = []
    text = " ".join(ast.unparse(ast.fix_missing_locations(node)).split())
    return text.removesuffix(" pass").strip()
