"""What a start may not load: import time is a feature."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

import ketatui
from tests.processes import run

ROOT = Path(ketatui.__file__).parents[1]
SMALL = ROOT / "tests" / "data" / "packs" / "norland"
CASE = ROOT / "saved_cases" / "20261121-080000-example01.toml"

NEVER = frozenset(
    {
        *("typst", "jsonschema", "rapidfuzz", "shtab", "pytest", "hypothesis", "fhir", "pydantic"),
        *("fastapi", "uvicorn", "jwt", "textual_serve", "fhirclient", "plotille"),
    }
)
"""Loaded by nothing that is tried here."""
DRAWING = frozenset({"textual", "rich"})
READING = frozenset({"msgspec", "tomli", "tomli_w"})
"""What reading the criteria or a case needs."""
MANY = frozenset({"multiprocessing", "concurrent.futures.process"})
"""What work on many cases needs."""
KEEPING = frozenset({"sqlite3"})
SAVING = frozenset({"filelock"})
UNUSED = frozenset({"ssl", "textual.command", "textual.widgets.option_list"})
"""What Textual would take for nothing."""
LATER = frozenset(
    {"ketatui.privacy", "ketatui.tui.screens.saving", "ketatui.tui.screens.table_editors"}
)
"""What a consultation needs when its first question has been shown."""
ASIDE = frozenset({"typing_extensions", "inspect", "dataclasses", "difflib", "shutil", "argparse"})
"""What libraries would take for nothing: half of their time to be imported is such things."""

FIRST_SCREEN = """
import ketatui.cli, ketatui.commands.app
from ketatui.tui.app import KetaApp
from ketatui.tui.session import Resources
from ketatui.settings import load_settings
from pathlib import Path
import asyncio

async def look():
    app = KetaApp(Resources(Path("cases"), None, None, load_settings()))
    app.load_knowledge = lambda: None
    async with app.run_test():
        pass

asyncio.run(look())
"""
CONSULTATION = """
import ketatui.tui.app, ketatui.tui.screens.consultation, ketatui.consultation.saving
from ketatui.criteria.loading import load_pack
from ketatui.engine import compile_pack
compile_pack(load_pack())
"""
COMMAND = "from ketatui.cli import main; main({})"
LIBRARY = "import ketatui.tui.screens.cases"

CASES = {
    "help": (
        COMMAND.format(["--help"]),
        NEVER | DRAWING | READING | MANY | KEEPING | {"tomllib", "gettext", "locale", "shutil"},
    ),
    "version": (COMMAND.format(["--version"]), NEVER | DRAWING | READING | MANY | ASIDE),
    "assess": (
        COMMAND.format(["assess", str(CASE)]),
        NEVER
        | DRAWING
        | MANY
        | KEEPING
        | SAVING
        | (ASIDE - {"argparse"})
        | {"platformdirs", "secrets", "tomllib"},
    ),
    "criteria check": (
        COMMAND.format(["criteria", "check", str(SMALL)]),
        NEVER | DRAWING | MANY | KEEPING,
    ),
}
IN_THE_APP = {
    "the first screen": (
        FIRST_SCREEN,
        NEVER | {"tomli_w", "tomllib"} | MANY | KEEPING | SAVING | UNUSED,
    ),
    "a consultation": (CONSULTATION, NEVER | MANY | KEEPING | UNUSED | LATER),
    "the list of cases": (LIBRARY, NEVER | MANY),
}
"""What the app does one after the other: of each no more is unwanted than of what is before it."""
SHOW = "import json, sys; print('loaded', json.dumps(sorted(sys.modules)))"


def loaded_by(*scripts: str, folder: Path) -> list[set[str]]:
    """Run scripts one after the other in one process; return what was loaded by the end of each."""
    done = run(
        [sys.executable, "-c", "\n".join(f"{script}\n{SHOW}" for script in scripts)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(folder)},
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("loaded ")]
    return [set(json.loads(line.removeprefix("loaded "))) for line in lines]


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_loaded_that_is_not_needed(name: str, tmp_path: Path) -> None:
    script, unwanted = CASES[name]
    (loaded,) = loaded_by(script, folder=tmp_path)
    assert "ketatui" in loaded
    assert sorted(loaded & unwanted) == []


def test_the_app_loads_nothing_before_it_is_needed(tmp_path: Path) -> None:
    scripts = [script for script, _ in IN_THE_APP.values()]
    for (name, (_, unwanted)), loaded in zip(
        IN_THE_APP.items(), loaded_by(*scripts, folder=tmp_path), strict=True
    ):
        assert "ketatui.tui.app" in loaded
        assert sorted(loaded & unwanted) == [], name


def test_what_textual_goes_without_is_there_for_others() -> None:
    script = (
        "import ketatui.tui.app, ssl; from textual.command import CommandPalette, Provider; "
        "assert Provider.__module__ == 'textual.command'; "
        "assert ssl.create_default_context and CommandPalette.is_open"
    )
    run([sys.executable, "-c", script], cwd=ROOT)


def test_a_start_that_uses_parts_leaves_the_collector_alone() -> None:
    script = (
        "import gc; from ketatui.cli import main; main(['--version']); assert gc.isenabled(); "
        "gc.disable(); from ketatui.garbage import collect_garbage; collect_garbage(); "
        "assert gc.isenabled() and gc.get_freeze_count() > 0"
    )
    run([sys.executable, "-c", script], cwd=ROOT)
