from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest


@pytest.fixture(scope="package", autouse=True)
def one_duckdb() -> Iterator[None]:
    """Start DuckDB once: to start and end it takes longer than most of what is asked of it.

    Whoever connects gets a connection of his own, whose temporary tables nobody else sees.
    """
    with duckdb.connect() as started, pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", started.cursor)
        yield
