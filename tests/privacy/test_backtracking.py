"""Patterns that can take endless time are refused when criteria are checked."""

from __future__ import annotations

import pytest

from ketatui.criteria.pack import Pack
from ketatui.privacy.backtracking import may_backtrack_for_ever
from ketatui.privacy.checking import check_identifiers


@pytest.mark.parametrize(
    "pattern", [r"(a+)+b", r"(?:\w+ ?)*:", r"((?:x|y*)z)+?", r"(?:a{2,}){3,}", r"(?=(\d+)*!)"]
)
def test_a_repetition_inside_another_is_seen(pattern: str) -> None:
    assert may_backtrack_for_ever(pattern)


@pytest.mark.parametrize(
    "pattern", [r"\d{3}-\d{4}", r"(?:[A-Z][a-z]{2,20} ){1,3}Street", r"a+b*c+", r"(?:a|b)+"]
)
def test_what_is_bounded_or_side_by_side_is_none(pattern: str) -> None:
    assert not may_backtrack_for_ever(pattern)


def test_no_pattern_of_ours_is_refused_and_a_bad_one_is_with_its_kind(pack: Pack) -> None:
    assert check_identifiers(pack) == []
    (name, kind), *_ = pack.identifiers.items()
    bad = pack.replaced(
        identifiers={**pack.identifiers, name: kind.replaced(patterns=(r"(?:\w{1,30} ?){1,30}:",))}
    )
    (problem,) = check_identifiers(bad)
    assert "can take endless time" in str(problem)
    assert name in str(problem)
