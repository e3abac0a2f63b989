"""Kinds of edits of a saved case against ways out of the program: none of them is silent."""

from __future__ import annotations

import pytest

from reliability.tampering import EDITS, ROOT, matrix, untouched


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, bool]]:
    return matrix()[1]


def test_no_way_out_is_silent_about_any_edit(found: dict[str, dict[str, bool]]) -> None:
    silent = [(edit, way) for edit, told in found.items() for way in told if not told[way]]
    assert silent == []
    assert len(found) == len(EDITS) + 1


def test_no_way_out_finds_fault_with_a_case_that_nobody_touched() -> None:
    assert {way for way, told in untouched().items() if told} == set()


def test_the_page_on_reliability_has_the_table_as_it_is(
    found: dict[str, dict[str, bool]],
) -> None:
    text = (ROOT / "docs" / "reliability.md").read_text("utf-8")
    for edit, told in found.items():
        assert f"| {edit} | {' | '.join('✓' for _ in told)} |" in text
