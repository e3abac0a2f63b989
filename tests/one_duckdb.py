"""One DuckDB for many tests: to start and end it takes longer than most of what is asked of it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest


def one_duckdb() -> Iterator[None]:
    """Start DuckDB once; what a fixture yields from.

    Whoever connects gets a connection of his own, whose temporary tables nobody else sees.
    """
    with duckdb.connect() as started, pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", started.cursor)
        yield
