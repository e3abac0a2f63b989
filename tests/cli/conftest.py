from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.support import CASE, Command


@pytest.fixture
def ketatui(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command line; returns status, output and errors."""
    monkeypatch.delenv("KETATUI_CRITERIA", raising=False)
    monkeypatch.delenv("KETATUI_AGE_IDENTITY", raising=False)
    return Command(capsys, monkeypatch)


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    path = tmp_path / "case.toml"
    path.write_text(CASE, "utf-8")
    return path
