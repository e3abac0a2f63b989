"""The pack's cases cannot be guessed, and a set that can be is found out."""

from __future__ import annotations

import msgspec
import pytest

from ketatui.engine import Knowledge
from ketatui.practice.blind import ALLOWED, Guess, guesses, told_by_guess
from ketatui.practice.loading import PracticeCase, PracticeLibrary
from tests.each import each


@pytest.mark.long
def test_no_blind_player_is_above_chance_in_the_pack(
    knowledge: Knowledge, packs: PracticeLibrary
) -> None:
    found = guesses(knowledge, packs.rubric, packs.cases.values())
    assert [told_by_guess(guess) for guess in found if guess.tells] == []
    ways = " ".join(guess.way for guess in found)
    for way in ("longest plan", "first plan", "last three reasons", "“not_recommended” for all"):
        assert way in ways
    # What had to be ruled out counts: the deciding facts alone are no way to a usable pathway.
    only = next(guess for guess in found if "only the deciding facts" in guess.way)
    assert only.percent <= only.chance + ALLOWED


def with_longest_right(case: PracticeCase) -> PracticeCase:
    plans = tuple(
        msgspec.structs.replace(plan, text=plan.text + "." * (60 if plan.right else 0))
        for plan in case.file.plans
    )
    return case.replaced(file=msgspec.structs.replace(case.file, plans=plans))


def test_a_set_in_which_length_tells_is_found_out(
    knowledge: Knowledge, packs: PracticeLibrary
) -> None:
    some = [with_longest_right(case) for case in list(packs.cases.values())[:6]]
    found = {guess.way: guess for guess in guesses(knowledge, packs.rubric, some)}
    longest = found["the longest plan"]
    assert (longest.percent, longest.tells) == (100.0, True)
    assert "allowed: 3" in told_by_guess(longest)


@each(("percent", "tells"), [(30.0, False), (30.1, True)])
def test_ten_points_above_chance_are_allowed(percent: float, tells: bool) -> None:
    assert Guess("", "", percent, 20.0).tells is tells
