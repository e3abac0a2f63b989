from __future__ import annotations

from pathlib import Path

import pytest

from ketatui.cases.encryption.keys import VARIABLE
from ketatui.cases.store import CaseStore
from tests.cases.support import Catalog, hand_made
from tests.encrypting import Keys


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return hand_made()


@pytest.fixture
def store(tmp_path: Path, catalog: Catalog) -> CaseStore:
    return CaseStore(tmp_path / "cases", catalog)


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keys:
    """Keys; nobody holds one yet, and no settings name one."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv(VARIABLE, raising=False)
    return Keys(tmp_path / "keys", monkeypatch)
