"""Wrong code, made on purpose: a comparison, ``and``, ``or``, ``not`` or constant of the engine.

A copy of the program is changed at one place, and the tests of the engine and of the expressions
run on it in a process of their own. A mutant whose tests run for ever counts as noticed.
"""

from __future__ import annotations

import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reliability.tally import Tally

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("engine", "cql")
_TESTS = ("tests/engine", "tests/cql", "tests/reports/test_note.py")
_PATIENCE = 300
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


@dataclass(frozen=True)
class Mutant:
    """One change of one module: the number of a node in it that can be turned."""

    module: Path
    number: int
    what: str


def mutants() -> Iterator[Mutant]:
    """Yield every mutant of the rooms."""
    for room in ROOMS:
        for path in sorted((ROOT / "ketatui" / room).glob("*.py")):
            tree = ast.parse(path.read_text("utf-8"))
            for number, node in enumerate(_nodes(tree)):
                name = path.relative_to(ROOT)
                yield Mutant(name, number, f"{name}:{node.lineno}: {ast.unparse(node)[:80]}")


def _nodes(tree: ast.Module) -> list[ast.expr]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare | ast.BoolOp)
        or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
        or (isinstance(node, ast.Constant) and isinstance(node.value, bool))
    ]


def turned(source: str, number: int) -> str:
    """Return a module with one of its nodes turned."""
    tree = ast.parse(source)
    node = _nodes(tree)[number]
    match node:
        case ast.Compare():
            node.ops[0] = _COMPARISONS[type(node.ops[0])]()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.UnaryOp():
            # Twice "not" is none, but still a truth value.
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
        case ast.Constant():
            node.value = not node.value
    return ast.unparse(ast.fix_missing_locations(tree))


def survivors(sample: int = 0, seed: int = 1) -> Tally:
    """Make mutants, a process each, and count those that no test noticed.

    Args:
        sample: How many; 0 for all, which takes hours.
        seed: Of the choice.
    """
    tally = Tally("mutants of engine/ and cql/")
    every = list(mutants())
    tally.add("mutants there are", len(every))
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch)
        for name in ("ketatui", "tests", "criteria", "saved_cases", "scripts", "reliability"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        assert _passes(copy), "the tests fail on the program as it is"
        for mutant in random.Random(seed).sample(every, sample) if sample else every:
            path = copy / mutant.module
            before = path.read_text("utf-8")
            path.write_text(turned(before, mutant.number), "utf-8")
            survived = _passes(copy)
            path.write_text(before, "utf-8")
            tally.hold(not survived, f"survived: {mutant.what}")
    return tally


def _passes(copy: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider"]
    environ = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*command, *_TESTS], cwd=copy, env=environ, capture_output=True, timeout=_PATIENCE
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0
