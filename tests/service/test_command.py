"""``ketatui serve``, the real program on a real port."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import httpx
import pytest

from ketatui.cli import main
from ketatui.commands import serve
from tests.each import each
from tests.processes import running
from tests.service.support import draft, hook

ROOT = Path(__file__).resolve().parents[2]


class Serving:
    """A service that runs: what it said once it was ready."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.said = self._until(process.stdout, "services:")
        self.address = re.findall(r"answers at (\S+)", self.said)[0]
        self.token = re.findall(r"token: +(\S+)", self.said)[0]

    @staticmethod
    def _until(stream: IO[str], word: str) -> str:
        lines = []
        for line in stream:
            lines.append(line)
            if word in line:
                break
        return "".join(lines)

    def end(self) -> tuple[int, str]:
        """Stop it as Ctrl+C does; return its status and all that it said meanwhile."""
        self.process.send_signal(signal.SIGINT)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out + err


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    arguments = ["serve", "--port", "0", "--no-browser", "--workers", "1"]
    with running(
        [sys.executable, "-m", "ketatui", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        yield Serving(process)


def test_it_answers_with_its_token_ends_and_logs_nothing(serving: Serving) -> None:
    name = "Rosalind's ketamine"
    headers = {"Authorization": f"Bearer {serving.token}"}
    with httpx.Client(base_url=serving.address, headers=headers, timeout=60, verify=False) as http:
        asked = hook("order-sign", draft("o1", name))
        (card,) = http.post("/cds-services/ketatui-order-sign", json=asked).json()["cards"]
        refused = http.post("/assess", content=b"{Rosalind", headers={"Content-Type": "text/x"})
    assert name in card["summary"]
    assert refused.status_code == 415
    status, said = serving.end()
    assert status in (0, 130, -signal.SIGINT)
    assert "Rosalind" not in said
    assert "Traceback" not in said


@pytest.mark.long
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes")
def test_its_workers_end_with_it_even_if_it_is_killed(serving: Serving) -> None:
    parent = serving.process.pid
    headers = {"Authorization": f"Bearer {serving.token}"}
    with httpx.Client(base_url=serving.address, headers=headers, timeout=60, verify=False) as http:
        assert http.post("/assess", json={"answers": {}}).status_code == 200
    workers = {ident for ident in processes() if parent_of(ident) == parent}
    assert workers
    serving.process.kill()
    given_up = time.monotonic() + 30
    while workers & processes():
        assert time.monotonic() < given_up, "they are left behind"
        time.sleep(0.05)


def processes() -> set[int]:
    return {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()}


def parent_of(ident: int) -> int:
    try:
        text = Path(f"/proc/{ident}/stat").read_text("utf-8")
    except OSError:
        return 0
    return int(text.rpartition(")")[2].split()[1])


@each(
    ("arguments", "said"),
    [
        (["--no-token", "--host", "0.0.0.0"], "--no-token is for this machine alone"),
        (["--host", "no.such.host.invalid"], "no.such.host.invalid"),
        (["--port", "70000"], "'70000' is no port; allowed: 0 to 65535"),
        (["--url", "ftp://x"], "allowed: http:// or https://"),
        (["--clients", "none.toml"], "none.toml: No such file or directory"),
        (["--criteria", "nowhere"], "nowhere"),
    ],
)
def test_what_cannot_be_served_is_told_in_one_line(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["serve", "--port", "0", *arguments]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert shown.err.count("\n") == 1
    assert shown.out == ""


def test_a_missing_extra_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(serve, "_NEEDED", ("fastapi", "no_such_library"))
    assert main(["serve"]) == 2
    assert capsys.readouterr().err == (
        "ketatui serve: no_such_library not installed; "
        "the service is an extra: pip install 'ketatui[serve]'\n"
    )
