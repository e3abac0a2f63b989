"""Programs for Node, installed once into a folder of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PLACE = HERE.parent / ".node-interop"
_PATIENCE = 30.0
"""Seconds in which a program whose input has ended has to end."""


def run_node(script: str, *arguments: Path | str) -> Any:
    """Run a script of this folder where the packages are, and read its JSON.

    Raises:
        subprocess.CalledProcessError: It failed; its errors were shown.
    """
    done = subprocess.run(
        _command(script, *arguments), cwd=PLACE, check=True, stdout=subprocess.PIPE
    )
    return json.loads(done.stdout)


@contextmanager
def node(script: str, *arguments: Path | str) -> Iterator[subprocess.Popen[str]]:
    """Run a script beside this program; it is told to end by the end of its input."""
    process = subprocess.Popen(
        _command(script, *arguments),
        cwd=PLACE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _command(script: str, *arguments: Path | str) -> list[str]:
    for path in HERE.glob("*.mjs"):
        shutil.copy(path, PLACE / path.name)
    return ["node", script, *map(str, arguments)]
