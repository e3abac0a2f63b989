"""Random expressions come to the same over columns as for the engine, and wait for the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from ketatui.engine import Knowledge
from reliability.cohort_expressions import Writer, columns_say, engine_says
from reliability.cohort_rows import Maker
from reliability.cohorts import frame_of

TEXTS, PATIENTS = 30, 120


@pytest.mark.parametrize(
    ("seed", "engines"),
    [
        (1, ("duckdb", "polars")),
        *(pytest.param(seed, ("polars",), marks=pytest.mark.long) for seed in range(2, 30)),
    ],
)
def test_random_expressions_come_to_the_same_and_wait_for_the_same(
    knowledge: Knowledge, tmp_path: Path, seed: int, engines: tuple[str, ...]
) -> None:
    rows = list(Maker(knowledge, seed).rows(PATIENTS))
    path = tmp_path / "patients.parquet"
    frame_of(knowledge.pack, rows).write_parquet(path)
    texts = list(Writer(knowledge, seed).many(TEXTS))
    wanted = engine_says(knowledge, rows, texts)
    for engine in engines:
        found = columns_say(knowledge, path, texts, engine)
        assert len(found) > TEXTS * 0.8
        for text, said in found.items():
            for row, one, other in zip(rows, said, wanted[text], strict=True):
                assert one == other and type(one[0]) is type(other[0]), f"{row['id']}: {text}"
