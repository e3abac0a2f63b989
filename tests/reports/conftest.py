from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from ketatui.cases.model import Case
from ketatui.cases.reading import read_case
from ketatui.criteria.pack import Pack

ROOT = Path(__file__).resolve().parents[2]
Example = Callable[[int], Case]
Read = Callable[[str], Case]


@pytest.fixture(scope="session")
def read(pack: Pack) -> Read:
    """Reads the text of a case file."""
    return lambda text: read_case(text, path="case.toml", pack=pack)


@pytest.fixture(scope="session")
def example(read: Read) -> Example:
    """The shipped example of a number."""

    @cache
    def load(number: int) -> Case:
        (path,) = ROOT.glob(f"saved_cases/*-example{number:02}.toml")
        return read(path.read_text("utf-8"))

    return load
