"""What is installed: pinned by hash, and under a license that the documentation names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.licenses import MARKS, TARGET, table

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")


@pytest.mark.parametrize("name", LOCKS)
def test_every_requirement_is_one_version_with_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.replace("\\\n", " ").strip())
    assert len(entries) > 10
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==[^\s;]+", entry), entry[:60]
        hashes = re.findall(r"--hash=(\w+):([0-9a-f]+)", entry)
        assert hashes, entry[:60]
        assert {(kind, len(digits)) for kind, digits in hashes} == {("sha256", 64)}
    assert "://" not in text
    assert "--index-url" not in text


def test_the_makefile_installs_nothing_from_a_lock_without_checking_hashes() -> None:
    lines = (ROOT / "Makefile").read_text("utf-8").splitlines()
    installs = [line for line in lines if "install" in line and ".lock" in line and "-r " in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)


def test_the_list_of_licenses_is_the_one_of_the_locks() -> None:
    text = TARGET.read_text("utf-8")
    start, end = MARKS
    listed = text.partition(start)[2].partition(end)[0].strip()
    names = [line.split("|")[1].strip() for line in listed.splitlines()[2:]]
    locked = {
        line.partition("==")[0].partition("[")[0]
        for name in LOCKS
        for line in (ROOT / name).read_text("utf-8").splitlines()
        if "==" in line and not line.startswith(" ")
    }
    assert set(names) == locked
    assert not [line for line in listed.splitlines() if line.rstrip().endswith("| |")]
    assert listed.splitlines()[:2] == table().splitlines()[:2]
