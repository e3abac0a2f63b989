"""No import leads back to where it came from, and screens are reached by name alone."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import ketatui
from ketatui.tui.routes import ROUTES, screen_class

PACKAGE = Path(ketatui.__file__).parent
SCREENS = "ketatui.tui.screens"
TABLE = "ketatui.tui.routes"
HOST = {"go", "switch"}
"""What takes the name of a screen, and what its class takes."""


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def texts() -> dict[str, str]:
    """Every module of the package."""
    return {module_name(it): it.read_text("utf-8") for it in PACKAGE.rglob("*.py")}


@cache
def trees() -> dict[str, ast.Module]:
    return {name: ast.parse(text) for name, text in texts().items()}


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Every statement, however deep: an import is in no expression, and these are many more."""
    for node in ast.iter_child_nodes(tree):
        if not isinstance(node, ast.expr):
            yield node
            yield from statements(node)


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
