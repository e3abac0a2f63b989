from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from ketatui.service.calls import Calls, load_calls
from tests.records.authority import Authority, authorizing
from tests.service.support import service


@pytest.fixture(scope="session")
def calls() -> Calls:
    return load_calls(None, None)


@pytest.fixture(scope="session")
def app(calls: Calls) -> FastAPI:
    return service(calls)


@pytest.fixture
def authority() -> Iterator[Authority]:
    with authorizing() as held:
        yield held
