from __future__ import annotations

import datetime as dt

import pytest

from ketatui.criteria.loading import default_folder, load_pack
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, compile_pack


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The pack the program ships with."""
    return load_pack(default_folder({}))


@pytest.fixture(scope="session")
def knowledge(pack: Pack) -> Knowledge:
    """That pack, compiled."""
    return compile_pack(pack)


@pytest.fixture(scope="session")
def on() -> dt.date:
    """The day of assessment: before the telehealth rule lapses."""
    return dt.date(2026, 11, 21)
