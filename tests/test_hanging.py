"""The nets below every test: one that hangs fails, and the run ends."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.processes import run

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
ROOT = Path(__file__).resolve().parents[1]


def outcome(folder: Path, tests: str, *options: str) -> str:
    """Run tests of a folder of its own under our settings, and return what is told of them."""
    shutil.copy(ROOT / "pyproject.toml", folder)
    (folder / "tests").mkdir()
    (folder / "tests" / "test_hangs.py").write_text(f"import os, threading\n{tests}", "utf-8")
    environ = {**os.environ, "PYTEST_XDIST_WORKER": ""}
    done = run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=folder,
        env={key: value for key, value in environ.items() if not key.startswith("PYTEST_")},
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_a_test_that_waits_for_ever_fails_where_it_waits_and_the_others_go_on(
    tmp_path: Path,
) -> None:
    hanging = "def test_hangs():\n    threading.Event().wait()\n"
    said = outcome(tmp_path, f"{hanging}\ndef test_goes_on(): pass\n", "-o", "timeout=2")
    assert "Timeout (>2.0s)" in said
    assert "threading.Event().wait()" in said
    assert "1 failed, 1 passed" in said


def test_a_worker_that_dies_ends_the_run(tmp_path: Path) -> None:
    said = outcome(tmp_path, "def test_goes_on(): pass\n\ndef test_dies(): os._exit(1)\n")
    assert "crashed while running 'tests/test_hangs.py::test_dies'" in said
