"""What every finding needs: a package of one version in a folder of its own, and a verdict."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def python_package(pinned: str) -> Iterator[None]:
    """Install a package into a temporary folder, and import from there.

    Args:
        pinned: Name and version, as for pip.
    """
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*pip, "--target", folder, pinned], check=True)
        sys.path.insert(0, folder)
        try:
            yield
        finally:
            sys.path.remove(folder)


def node_package(pinned: str, code: str) -> Any:
    """Install a package into a temporary folder, and run code that prints JSON there.

    Args:
        pinned: Name and version, as for npm.
        code: JavaScript.

    Returns:
        What it printed.
    """
    with tempfile.TemporaryDirectory() as folder:
        options = ["--no-audit", "--no-fund", "--no-package-lock", "--silent"]
        subprocess.run(["npm", "install", *options, "--prefix", folder, pinned], check=True)
        (Path(folder) / "run.cjs").write_text(code, "utf-8")
        done = subprocess.run(
            ["node", "run.cjs"], cwd=folder, check=True, capture_output=True, text=True
        )
        return json.loads(done.stdout)


def report(pinned: str, seen: Mapping[str, Any], as_found: Mapping[str, Any]) -> None:
    """Print what was seen, and end with status 1 if it is not what was found once."""
    print(pinned)
    for what, value in seen.items():
        same = value == as_found[what]
        print(f"  {what}: {value!r}" + ("" if same else f"  (was {as_found[what]!r})"))
    if seen != as_found:
        sys.exit("It behaves otherwise now: look at the finding again.")
