"""Where no color is wanted, a real terminal gets none."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import termios
import time
from pathlib import Path

import pytest

from tests.processes import running

pytestmark = pytest.mark.terminal


def test_with_no_color_a_real_terminal_gets_no_rgb(tmp_path: Path) -> None:
    environ = {
        **os.environ,
        "NO_COLOR": "1",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }
    main, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (40, 120))
    command = [sys.executable, "-m", "ketatui", "--cases", str(tmp_path / "cases")]
    with running(
        command, stdin=terminal, stdout=terminal, stderr=terminal, env=environ, close_fds=True
    ) as process:
        os.close(terminal)
        try:
            sent = read_until(main, b"continues")
            os.write(main, b"\r")
            sent += read_until(main, b"drafts stay on disk")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
            os.close(main)
    assert not re.search(rb"\x1b\[[0-9;]*[34]8;[25];", sent)
    assert not re.search(rb"\x1b\[(?:[0-9]+;)*(?:[349]|10)[0-7](?:;[0-9]+)*m", sent)
    assert process.returncode == 143


def read_until(file: int, wanted: bytes) -> bytes:
    """Read from a terminal until some text has come."""
    sent = b""
    given_up = time.monotonic() + 20
    while wanted not in sent:
        assert time.monotonic() < given_up, sent[-2000:]
        if select.select([file], [], [], 1)[0]:
            sent += os.read(file, 65536)
    return sent
