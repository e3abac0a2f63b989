"""The house holds: modules stay short, and every room but the app's loads without Textual."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import ketatui

PACKAGE = Path(ketatui.__file__).parent
MAX_LINES = 400
"""A module is read in one sitting; past this it is two modules."""

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


def test_every_room_but_the_app_loads_without_textual() -> None:
    # A new process, because this one has long loaded Textual; every module of every room,
    # because the import graph does not show what a function imports when it is called.
    names = [module_name(path) for path in MODULES if room_of(path) in PLAIN_ROOMS]
    done = subprocess.run(
        [sys.executable, "-c", LOADED_BY, *names],
        cwd=PACKAGE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {}
