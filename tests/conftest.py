from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import functools
import gc
import inspect
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from ketatui.commands.parser_parts import Untranslated
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, compile_pack
from tests.criteria_once import put_together_once
from tests.effort import EFFORT, tries

# What a law with random examples tries where it says no number itself. How long an example takes is
# no law: on a busy machine any of them takes long.
settings.register_profile(
    "ketatui",
    max_examples=tries(100),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ketatui")


# No garbage is collected: to look for it takes a tenth of the time that the tests of the app take,
# and each leaves no more than a megabyte or two.
gc.set_threshold(0)


def pytest_sessionfinish() -> None:
    """Leave the garbage to the end of the process."""
    gc.freeze()


MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
"""Bytes free there that are enough: those of a run are a fifteenth of it."""

# The files of tests lie in memory where there is room. To wait for a disk at each of thousands of
# saves takes as long as the tests themselves, and what a disk keeps without power no test sees.
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


AT_MOST = 90.0 * max(EFFORT, 1.0)
"""Seconds for a test that runs on an event loop: before the signal that ends any test (see
``timeout`` in pyproject.toml) would only show the loop asleep."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Let a test on an event loop that hangs fail where it waits."""
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
        item.obj = _bounded(item.obj)


def _bounded(test: Any) -> Any:
    @functools.wraps(test)
    async def bounded(*arguments: Any, **options: Any) -> None:
        async with asyncio.timeout(AT_MOST):
            await test(*arguments, **options)

    return bounded


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


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for long until another window may have closed the draft it has open."""
    monkeypatch.setattr("ketatui.cases.journal._PATIENCE", 0.01)


# As the program has it, which imports it before anything else does.
vars(argparse).update({"_": Untranslated.gettext, "ngettext": Untranslated.ngettext})
# Programs the tests start compile themselves once, as on anybody's machine, and not every time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# Which theme the app begins with depends on the terminal: not on the one that runs the tests.
os.environ["TERM"] = "xterm-256color"


@pytest.fixture(scope="session", autouse=True)
def criteria_once() -> Iterator[None]:
    """Put the criteria together once for all commands."""
    with pytest.MonkeyPatch.context() as patch:
        put_together_once(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep indexes away from those of the person who runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield
