"""The house holds: modules stay short, imports lead one way, rooms but the app's need no Textual.

All of it is in one file, so that the modules are parsed once.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import ketatui
from ketatui.tui.routes import ROUTES, screen_class
from tests.processes import run

TESTS = Path(__file__).parent
BOUND_BY_THEMSELVES = {TESTS / "processes.py", TESTS / "terminal" / "program.py"}
WAITS = ("wait", "join", "communicate", "result", "acquire")
MAY_WAIT = re.compile(rf"subprocess\.|\.({'|'.join(WAITS)})\(\s*(\)|#|\w+\s*=|\*\*)")
"""What has to stand in a module for a call in it to wait for ever: others need not be parsed."""
PACKAGE = Path(ketatui.__file__).parent
MAX_LINES = 400
"""A module is read in one sitting; past this it is two modules."""

MAX_STEPS = 40
"""Lines of a function without its docstring and what is defined in it; past this it is two."""
ONE_LINE_A_KIND = {"cohort.duckdb_sql:write", "cohort.polars_frames:write"}
"""Functions that are one `match` over the kinds of expression, which reads best in one piece."""

APP_ROOM = "tui"
SCREENS = "ketatui.tui.screens"
TABLE = "ketatui.tui.routes"
HOST = {"go", "switch"}
"""What takes the name of a screen, and what its class takes."""

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


@cache
def texts() -> dict[str, str]:
    """Every module of the package."""
    return {module_name(it): it.read_text("utf-8") for it in MODULES}


@cache
def trees() -> dict[str, ast.Module]:
    return {name: ast.parse(text) for name, text in texts().items()}


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Every statement, however deep: none is in an expression, and these are many more."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.expr):
            yield node
            yield from statements(node)


def test_a_module_can_be_read_in_one_sitting() -> None:
    for name, text in texts().items():
        lines = len(text.splitlines())
        assert lines <= MAX_LINES, f"{name} has {lines} lines; split it"


def test_a_function_can_be_taken_in_at_a_glance() -> None:
    long = {
        f"{name.removeprefix('ketatui.')}:{node.name}": lines
        for name, tree in trees().items()
        for node in statements(tree)
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
    waits = said.rpartition(".")[2] in WAITS
    return waits and "." in said and not call.args and not words & {"timeout", "blocking"}


def test_what_the_suite_leaves_to_sessions_is_found_by_them() -> None:
    left_out = re.compile(r"pytest\.mark\.terminal\b")
    marked = [path for path in TESTS.rglob("test_*.py") if left_out.search(path.read_text("utf-8"))]
    assert marked
    assert not [path.name for path in marked if path.parent != TESTS / "terminal"]


# --- imports ----------------------------------------------------------------------------------

ROUTED = {f"{SCREENS}.{place.partition(':')[0]}" for place in ROUTES.values()}


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module of ours that is imported anywhere, within functions and for types alone too."""
    for node in statements(tree):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            names = [name if name in trees() else node.module for name in names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        yield from (name for name in names if name in trees())


@cache
def imports() -> dict[str, set[str]]:
    """What each module imports of ours."""
    return {name: set(imported(tree)) - {name} for name, tree in trees().items()}


def circle(graph: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_no_import_leads_back_to_where_it_came_from() -> None:
    # The table of routes names modules it imports when somebody goes there: they count here.
    assert circle({**imports(), TABLE: imports()[TABLE] | ROUTED}) == []


def test_a_circle_would_be_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})


def test_nothing_but_the_table_of_routes_knows_a_screen() -> None:
    known = {name: sorted(found & ROUTED) for name, found in imports().items() if found & ROUTED}
    assert known == {}


def test_no_screen_knows_the_app() -> None:
    above = {"ketatui.tui.app", TABLE}
    below = [name for name in trees() if name.startswith((SCREENS, "ketatui.tui.views"))]
    assert {name: imports()[name] & above for name in below if imports()[name] & above} == {}


def test_every_route_leads_to_a_screen_with_help() -> None:
    for route in ROUTES:
        found = screen_class(route)
        assert found.HELP_TITLE, route
        assert found.CONTEXTS, route


BY_TABLE = {"ketatui.tui.reaching"}
"""What goes where `ketatui.tui.at_home` says; `tests/tui/test_actions.py` looks at those routes."""


@cache
def ways() -> list[tuple[str, ast.Call]]:
    """Every call that goes to a screen, and where it stands."""
    found = []
    named = re.compile(rf"\b({'|'.join(HOST)})\b")
    for name in (name for name, text in texts().items() if named.search(text)):
        for node in ast.walk(trees()[name]):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                first = node.args[0] if node.args else None
                if name in BY_TABLE and not isinstance(first, ast.Constant):
                    continue
                if node.func.attr in HOST and first is not None:
                    found.append((f"{name}:{node.lineno}", node))
    return found


def test_the_name_of_a_screen_is_written_where_one_goes_there() -> None:
    passed_on = {"ketatui.tui.app"}
    for place, call in ways():
        if place.partition(":")[0] not in passed_on:
            assert isinstance(call.args[0], ast.Constant), f"{place}: not a name in quotes"


def test_one_goes_to_screens_that_are_there_with_what_they_take() -> None:
    for place, call in ways():
        route = ast.literal_eval(call.args[0])
        assert route in ROUTES, f"{place}: no route {route!r}"
        given = call.args[1:]
        if any(isinstance(item, ast.Starred) for item in given):
            continue
        named = {item.arg: None for item in call.keywords if item.arg is not None}
        try:
            inspect.signature(screen_class(route)).bind(*given, **named)
        except TypeError as error:
            pytest.fail(f"{place}: {route}: {error}")


def test_every_route_is_gone_to() -> None:
    # The app begins at home; from everywhere else one goes back to it.
    assert {"home", *(ast.literal_eval(call.args[0]) for _, call in ways())} == set(ROUTES)
