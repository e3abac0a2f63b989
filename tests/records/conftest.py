from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cli.support import Command
from tests.records.support import ON, bundle, hold, written

Prefill = Callable[..., dict[str, Any]]


@pytest.fixture
def ketatui(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command line; returns status, output and errors."""
    monkeypatch.delenv("KETATUI_CRITERIA", raising=False)
    monkeypatch.delenv("KETATUI_AGE_IDENTITY", raising=False)
    return Command(capsys, monkeypatch)


@pytest.fixture
def prefill(ketatui: Command, tmp_path: Path) -> Prefill:
    """What a bundle of these resources proposes, held against them by the second reader."""

    def run(*resources: Mapping[str, Any], options: tuple[object, ...] = ()) -> dict[str, Any]:
        path = written(tmp_path / "bundle.json", bundle(*resources))
        done = ketatui("prefill", path, "--json", "--on", ON, *options)
        assert (done.status, done.err) == (0, "")
        (line,) = done.out.splitlines()
        said: dict[str, Any] = json.loads(line)
        hold(said, resources)
        return said

    return run
