"""Nothing of a case is drawn into a file."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.terminal
def test_with_standard_error_in_a_file_the_app_says_so_and_draws_nothing(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    errors = tmp_path / "errors.txt"
    home = {"HOME": str(tmp_path), "TERM": "xterm-256color", "PATH": os.environ["PATH"]}
    with errors.open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-m", "ketatui", "--cases", str(tmp_path / "cases")],
            stdin=theirs,
            stdout=theirs,
            stderr=file,
            env=home,
            timeout=60,
            check=False,
        )
    os.close(theirs)
    try:
        drawn = os.read(ours, 4096)
    except OSError:
        drawn = b""  # Nothing was written, and nobody is left to write.
    os.close(ours)
    assert done.returncode == 2
    assert drawn == b""
    (line,) = errors.read_text("utf-8").splitlines()
    assert line.startswith("ketatui: standard error is no terminal")
