"""The judge of the lowering's mutants finds nothing wrong with the lowering as it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from reliability import cohort_judge
from reliability.cohort_mutants import Worker


@pytest.mark.long
def test_the_lowering_as_it_is_is_not_noticed_and_a_wrong_one_is(tmp_path: Path) -> None:
    cohort_judge.prepare(tmp_path, seed=5)
    worker = Worker(tmp_path)
    try:
        assert worker.judge(-1) is None
        assert worker.judge(0) is not None
    finally:
        worker.stop()
