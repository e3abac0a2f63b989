from __future__ import annotations

import pytest

from tests.one_duckdb import one_duckdb

once = pytest.fixture(scope="package", autouse=True, name="one_duckdb")(one_duckdb)
