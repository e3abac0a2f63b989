"""A screening that is killed goes on, and comes to the same in the end."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from ketatui.engine import Knowledge
from reliability.cohort_rows import Maker
from reliability.cohorts import frame_of
from tests.cohort.support import digests
from tests.processes import PATIENCE, run, running

KILLS = 20
_LONG = 600
"""Seconds: a whole screening beside whatever else a machine does."""


def command(path: Path, out: Path) -> list[str]:
    options = ["--out", str(out), "--on", "2026-11-21", "--part", "40", "--threads", "1"]
    return [sys.executable, "-m", "ketatui", "cohort", "screen", str(path), *options]


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_a_screening_that_is_killed_again_and_again_comes_to_the_same(
    knowledge: Knowledge, tmp_path: Path
) -> None:
    path = tmp_path / "patients.parquet"
    frame_of(knowledge.pack, list(Maker(knowledge, seed=12).rows(4_000))).write_parquet(path)
    run(command(path, tmp_path / "whole"), timeout=_LONG)
    whole = digests(tmp_path / "whole")
    assert len(whole) == 101
    chance = random.Random(1)
    out = tmp_path / "killed"
    killed = 0
    for _ in range(200):
        parts = len(list((out / "parts").glob("part-*"))) if (out / "parts").is_dir() else 0
        with running(command(path, out), stdout=subprocess.DEVNULL) as process:
            # Killed once it has come a little further; some of them before any part.
            further = parts + chance.choice((0, 1, 2, 5))
            while process.poll() is None:
                done = len(list((out / "parts").glob("part-*"))) if (out / "parts").is_dir() else 0
                if done >= further:
                    process.send_signal(signal.SIGKILL)
                    break
                with suppress(subprocess.TimeoutExpired):
                    process.wait(0.01)
            if process.wait(PATIENCE) == -signal.SIGKILL:
                killed += 1
        if killed >= KILLS or (process.returncode == 0):
            break
    assert killed >= KILLS
    run(command(path, out), timeout=_LONG)
    assert digests(out) == whole
