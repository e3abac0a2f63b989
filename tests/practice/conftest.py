from __future__ import annotations

import pytest

from ketatui.criteria.pack import Pack
from ketatui.practice.loading import PracticeLibrary, load_library
from tests.practice.support import fixture_library


@pytest.fixture(scope="session")
def library(pack: Pack) -> PracticeLibrary:
    """The practice cases of the tests."""
    return fixture_library(pack)


@pytest.fixture(scope="session")
def packs(pack: Pack) -> PracticeLibrary:
    """The practice cases of the pack."""
    return load_library(pack)
