"""A patient's record that nobody here wrote: made by PySynthea, a simulator of populations."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from interop.node import PLACE

_MAKER = PLACE.parent / ".venv-interop" / "bin" / "synthea"
_SECONDS = 300
Json = dict[str, Any]


def sample_record(folder: Path, seed: int, day: dt.date) -> Path:
    """Make some adults' records, and return the one that proposes most that counts."""
    command = [
        *(str(_MAKER), "-p", "3", "-s", str(seed), "-a", "40-60", "-r", f"{day:%Y%m%d}"),
        *("-o", str(folder), "--log-level", "error"),
    ]
    # Its progress is drawn on standard error; why it failed stands there as well.
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_SECONDS)
    if done.returncode:
        sys.stderr.write(done.stderr)
        done.check_returncode()
    made = sorted((folder / "fhir").glob("*.json"))
    return max(made, key=lambda path: len(counting(prefill(str(path)))))


def prefill(*arguments: str) -> Json:
    """Return what ``ketatui prefill --json`` says of one record."""
    done = ketatui("prefill", *arguments, "--json")
    found: Json = json.loads(done)
    return found


def counting(found: Json) -> list[Json]:
    """Return the proposals that are not old."""
    return [item for item in found["proposed"] if not (item["stale"] or item.get("old"))]


def ketatui(*arguments: str) -> str:
    """Run a command of the program, and return what it prints.

    Raises:
        subprocess.CalledProcessError: It failed.
    """
    command = [sys.executable, "-m", "ketatui", *arguments]
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, timeout=_SECONDS, cwd=PLACE.parent
    )
    return done.stdout
