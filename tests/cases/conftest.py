from __future__ import annotations

from pathlib import Path

import pytest

from ketatui.cases.store import CaseStore
from tests.cases.support import Catalog, hand_made


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return hand_made()


@pytest.fixture
def store(tmp_path: Path, catalog: Catalog) -> CaseStore:
    return CaseStore(tmp_path / "cases", catalog)
