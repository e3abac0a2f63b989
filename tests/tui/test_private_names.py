"""Every private name of Textual that the app uses: where, and what breaks if it goes.

Textual is pinned exactly. Before the pin is raised, this table is what has to be looked at.
"""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from itertools import chain
from pathlib import Path

import textual._compositor
import textual._xterm_parser
from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

import ketatui.tui

FOLDER = Path(ketatui.tui.__file__).parent

USED: dict[str, tuple[type, str, str]] = {
    "_handle_exception": (App, "app", "an error would show a traceback with what was typed"),
    "_return_code": (App, "app", "a crash would end with status 0"),
    "_get_screen": (
        App,
        "app widgets/painting_app",
        "the list of cases would be built when it is opened, 40 ms later",
    ),
    "_check_bindings": (
        App,
        "bound_keys",
        "a quick second key would find the state before the first one",
    ),
    "_peek_message": (
        App,
        "screens/base",
        "a quick hand's text would be looked at letter by letter",
    ),
    "_get_message": (App, "screens/base", "likewise"),
    "_on_timer_update": (
        Screen,
        "widgets/painting",
        "a key would be painted up to a sixtieth of a second later",
    ),
    "_compositor_refresh": (
        Screen,
        "screens/base screens/home widgets/painting",
        "a screen would come up in pieces, and what was painted with it once more",
    ),
    "_exchange_repaint_regions": (Widget, "widgets/painting", "likewise"),
    "_get_breakpoint_classes": (
        Screen,
        "widgets/painting",
        "a screen would be styled and painted twice when it comes up",
    ),
    "_prune": (App, "widgets/painting_app", "a screen would be painted twice when it comes back"),
    "_compositor": (Screen, "widgets/painting", "whole lines would be painted for one cell"),
    "_dirty_widgets": (Screen, "widgets/painting", "a change would wait for the next frame"),
    "_layout_required": (
        Widget,
        "widgets/painting",
        "the list of cases would be laid out when it is opened",
    ),
    "_refresh_layout": (Screen, "widgets/painting", "likewise"),
    "_update_timer": (Screen, "widgets/painting", "the first frame of the list would come late"),
    "_on_screen_resume": (
        Screen,
        "screens/cases widgets/painting",
        "each screen would be styled once more when it comes up",
    ),
    "_on_resize": (Screen, "widgets/painting", "a new size would be painted several times"),
    "_disable_notifications": (
        App,
        "app",
        "each screen would be laid out once more, without Textual's own notices",
    ),
    "_disable_tooltips": (App, "app", "each screen would have another widget that is never seen"),
    "_bindings": (
        Widget,
        "bound_keys",
        "keys that need the criteria would be lost while these are loading",
    ),
    "_set_dirty": (Widget, "widgets/line_view", "every line would be painted for one"),
    "_dirty_regions": (
        textual._compositor.Compositor,
        "widgets/painting",
        "every line would be painted for one",
    ),
    "_sequence_to_key_events": (
        textual._xterm_parser.XTermParser,
        "key_parser",
        "keys that terminals send together would be one key",
    ),
}
"""What is used: whose it is, in which modules, and what breaks without it."""

MODULES = {"textual._xterm_parser": "key_parser", "textual._compositor": "widgets/painting"}
"""Private modules that are imported, and where."""


@cache
def members(kind: type) -> set[str]:
    """Return the private names of a class, those that its instances set themselves included."""
    found = set(dir(kind))
    for base in kind.__mro__[:-1]:
        source = Path(str(inspect.getsourcefile(base))).read_text("utf-8")
        found |= set(re.findall(r"\bself\.(_\w+)", source))
    return {name for name in found if name.startswith("_") and not name.startswith("__")}


def where(path: Path) -> str:
    return path.relative_to(FOLDER).with_suffix("").as_posix()


@cache
def nodes() -> dict[str, list[ast.AST]]:
    """What each module of the app is made of."""
    return {where(it): [*ast.walk(ast.parse(it.read_text("utf-8")))] for it in FOLDER.rglob("*.py")}


def ours() -> set[str]:
    """What the app's own classes set and define."""
    found = {"_exit"}
    for node in chain.from_iterable(nodes().values()):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            found.add(node.attr)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
    return found


def test_each_is_still_there() -> None:
    for name, (kind, _, breaks) in USED.items():
        assert name in members(kind), f"{kind.__name__}.{name} is gone: {breaks}"


def test_each_is_used_where_the_table_says_and_no_other() -> None:
    theirs = set().union(*(members(kind) for kind in {kind for kind, _, _ in USED.values()}))
    known_names = USED.keys() | (theirs - ours())
    found: dict[str, set[str]] = {}
    for module, parts in nodes().items():
        for node in parts:
            name = getattr(node, "attr", None) or getattr(node, "name", None)
            known = isinstance(name, str) and name in known_names
            if known and isinstance(node, ast.Attribute | ast.FunctionDef | ast.AsyncFunctionDef):
                found.setdefault(str(name), set()).add(module)
    assert found == {name: set(modules.split()) for name, (_, modules, _) in USED.items()}


def test_private_modules_are_imported_where_the_table_says() -> None:
    found = {
        node.module: module
        for module, parts in nodes().items()
        for node in parts
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("textual._")
    }
    assert found == MODULES
