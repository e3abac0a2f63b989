"""A whole consultation, its exports and the other commands, watched for every socket."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import run
from tests.terminal.program import Program

pytestmark = pytest.mark.terminal

WATCH = """\
import os, sys
_log = os.open(os.environ["SOCKETS"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
def _hear(event, args):
    if event.startswith(("socket.", "urllib.", "http.", "ssl.", "ftplib.", "smtplib.")):
        os.write(_log, f"{event} {args[1:]}\\n".encode())
sys.addaudithook(_hear)
"""
PAIR = "socket.__new__ (1, 1, 0)"
"""AF_UNIX, SOCK_STREAM, a pair within the process: how asyncio wakes its own loop. No address."""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment in which every Python process tells what sockets it opens."""
    watching = tmp_path / "watching"
    watching.mkdir()
    (watching / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    return {
        "SOCKETS": str(tmp_path / "sockets"),
        "PYTHONPATH": os.pathsep.join([str(watching), *sys.path]),
    }


def opened(environ: dict[str, str]) -> set[str]:
    return set(Path(environ["SOCKETS"]).read_text("utf-8").splitlines())


def test_a_consultation_and_everything_made_of_it_open_no_connection(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    with Program(tmp_path, environ=environ) as program:
        program.consultation()
        program.press("1", "y")
        program.wait_for("Where would the doses")
        program.press("s")
        program.wait_for("Saved: ")
        program.press("\x11")
        assert program.ended() == 0
    (path,) = program.cases.glob("*.toml")
    for command in (
        ["cases", "export", path.stem, "--format", "pdf", "--out", str(tmp_path / "x.pdf")],
        ["cases", "export", path.stem, "--format", "fhir", "--out", str(tmp_path / "x.json")],
        ["cases", "verify"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "ketatui", *command, "--cases", str(program.cases)],
            env={**os.environ, **environ, "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert opened(environ) <= {PAIR}


def test_the_watch_would_see_a_connection(environ: dict[str, str]) -> None:
    attempt = "import socket; socket.socket().connect_ex(('127.0.0.1', 9))"
    run([sys.executable, "-c", attempt], env={**os.environ, **environ})
    assert any(event.startswith("socket.connect ") for event in opened(environ))
