from __future__ import annotations

import pytest
from fastapi import FastAPI

from ketatui.service.calls import Calls, load_calls
from tests.service.support import service


@pytest.fixture(scope="session")
def calls() -> Calls:
    return load_calls(None, None)


@pytest.fixture(scope="session")
def app(calls: Calls) -> FastAPI:
    return service(calls)
