"""The house holds: modules stay short, and every room but the app's loads without Textual."""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path

import ketatui
from tests.processes import run

TESTS = Path(__file__).parent
BOUND_BY_THEMSELVES = {TESTS / "processes.py", TESTS / "terminal" / "program.py"}
MAY_WAIT = re.compile(r"subprocess\.|\.(wait|join|communicate|result|acquire)\(")
PACKAGE = Path(ketatui.__file__).parent
MAX_LINES = 400
"""A module is read in one sitting; past this it is two modules."""

MAX_STEPS = 40
"""Lines of a function without its docstring and what is defined in it; past this it is two."""
ONE_LINE_A_KIND = {"cohort/duckdb_sql.py:write", "cohort/polars_frames.py:write"}
"""Functions that are one `match` over the kinds of expression, which reads best in one piece."""

APP_ROOM = "tui"

LOADED_BY = """
import importlib, json, sys
found = {}
for name in sys.argv[1:]:
    importlib.import_module(name)
    drawing = sorted({item.partition(".")[0] for item in sys.modules} & {"textual", "rich"})
    if drawing:
        found[name] = drawing
        break
print(json.dumps(found))
"""


def module_name(path: Path) -> str:
    """Name the module that a file of the package is."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(path: Path) -> str:
    """Name the room a file belongs to: the first part of its path below the package."""
    return Path(path.relative_to(PACKAGE).parts[0]).stem


MODULES = sorted(PACKAGE.rglob("*.py"))
PLAIN_ROOMS = sorted({room_of(path) for path in MODULES} - {APP_ROOM, "__main__"})
"""Every room that has to load without a terminal library (``__init__`` is the package itself)."""


def test_a_module_can_be_read_in_one_sitting() -> None:
    for path in MODULES:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= MAX_LINES, f"{module_name(path)} has {lines} lines; split it"


def test_a_function_can_be_taken_in_at_a_glance() -> None:
    long = {
        f"{path.relative_to(PACKAGE)}:{node.name}": lines
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := own_lines(node)) > MAX_STEPS
    }
    assert long.keys() == ONE_LINE_A_KIND, f"split them: {long}"


def own_lines(node: ast.AST) -> int:
    """Count the lines of a definition, without its docstring and what is defined within it."""
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    first = node.body[0]
    has_docstring = ast.get_docstring(node, clean=False) is not None
    return length(node) - has_docstring * length(first) - sum(map(length, defined_in(node)))


def length(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def defined_in(node: ast.AST) -> list[ast.stmt]:
    """List what is defined within a definition, not what is defined in that again."""
    found: list[ast.stmt] = []
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.append(child)
        else:
            found += defined_in(child)
    return found


def test_every_room_but_the_app_loads_without_textual() -> None:
    # A new process, because this one has long loaded Textual; every module of every room,
    # because the import graph does not show what a function imports when it is called.
    names = [module_name(path) for path in MODULES if room_of(path) in PLAIN_ROOMS]
    done = run([sys.executable, "-c", LOADED_BY, *names], cwd=PACKAGE.parent, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {}


def test_no_test_waits_for_ever() -> None:
    found = []
    for path in sorted({*TESTS.rglob("*.py")} - BOUND_BY_THEMSELVES):
        text = path.read_text(encoding="utf-8")
        tree = ast.walk(ast.parse(text)) if MAY_WAIT.search(text) else ()
        found += [
            f"{path.relative_to(TESTS)}:{node.lineno}"
            for node in tree
            if isinstance(node, ast.Call) and waits_for_ever(node)
        ]
    assert found == [], "give each of them a timeout; see tests/processes.py"


def waits_for_ever(call: ast.Call) -> bool:
    """Tell whether a call waits for another thread or process however long that takes."""
    words = {keyword.arg for keyword in call.keywords}
    said = ast.unparse(call.func)
    if said == "subprocess.Popen":
        return True
    if said in ("subprocess.run", "subprocess.check_output", "subprocess.check_call"):
        return "timeout" not in words
    waits = said.rpartition(".")[2] in ("wait", "join", "communicate", "result", "acquire")
    return waits and "." in said and not call.args and not words & {"timeout", "blocking"}


def test_what_the_suite_leaves_to_sessions_is_found_by_them() -> None:
    left_out = re.compile(r"pytest\.mark\.terminal\b")
    marked = [path for path in TESTS.rglob("test_*.py") if left_out.search(path.read_text("utf-8"))]
    assert marked
    assert not [path.name for path in marked if path.parent != TESTS / "terminal"]
