"""Parts of a table: rows of one file, screened and written together."""

from __future__ import annotations

from pathlib import Path

from ketatui.cohort.duckdb_sql import file_text
from ketatui.structs import Frozen


class Part(Frozen, frozen=True):
    """Rows of one file, from ``first`` (counted from 0) up to and without ``last``."""

    number: int
    file: Path
    first: int
    last: int

    @property
    def name(self) -> str:
        """The name of the file of its results."""
        return f"part-{self.number:05}.parquet"


def rows_sql(part: Part) -> str:
    """Return SQL for the rows of a part."""
    return (
        f"(SELECT * FROM read_parquet({file_text(part.file)}, file_row_number = true) "
        f"WHERE file_row_number >= {part.first} AND file_row_number < {part.last})"
    )
