"""Short versions of the harnesses in ``reliability/``; ``make soak`` runs the long ones."""

from __future__ import annotations

import pytest

from ketatui.criteria.loading import default_folder
from reliability import code_mutants, mutants
from reliability.fuzz import TARGETS, tried
from reliability.kills import killed
from reliability.script import FIRST
from tests.effort import tries

pytestmark = pytest.mark.terminal


def test_a_few_deaths_lose_nothing_that_was_on_the_screen() -> None:
    tally = killed(tries(3), 1, FIRST)
    assert tally.losses == []
    assert tally.counts["kills"] == tries(3)


@pytest.mark.parametrize("name", TARGETS)
def test_random_input_is_read_or_refused(name: str) -> None:
    assert tried(name, tries(25)) >= tries(25)


def test_some_wrong_criteria_are_noticed() -> None:
    tally = mutants.survivors(tries(2), seed=3)
    assert tally.losses == []


def test_every_mutant_is_a_change_of_its_own() -> None:
    every = list(mutants.mutants(default_folder({})))
    assert len({(item.file, item.text) for item in every}) == len(every) > 400
    some = [item for item in code_mutants.mutants() if item.module.name == "judging.py"]
    source = (code_mutants.ROOT / some[0].module).read_text("utf-8")
    texts = {code_mutants.turned(source, item.number) for item in some}
    assert len(texts) == len(some) > 5
