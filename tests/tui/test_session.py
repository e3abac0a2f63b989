"""What is open is opened once, whoever asks first."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ketatui.cases.library import Library
from ketatui.engine import Knowledge
from ketatui.settings import Settings
from ketatui.tui.session import Resources

_ASKING = 8


def test_the_library_is_opened_once_though_several_threads_ask_for_it(
    knowledge: Knowledge, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    resources = Resources(folder, None, None, Settings())
    assert resources.library is None
    resources.take(knowledge)
    together = threading.Barrier(_ASKING)

    def asked() -> Library | None:
        together.wait(60)
        return resources.library

    with ThreadPoolExecutor(_ASKING) as pool:
        found = [waiting.result(60) for waiting in [pool.submit(asked) for _ in range(_ASKING)]]
    assert found[0] is not None
    assert all(one is found[0] for one in found)
    resources.close()
