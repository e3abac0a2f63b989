from __future__ import annotations

import pytest

from ketatui.criteria.pack import Pack
from ketatui.practice.loading import Library
from tests.practice.support import fixture_library


@pytest.fixture(scope="session")
def library(pack: Pack) -> Library:
    """The practice cases of the tests."""
    return fixture_library(pack)
