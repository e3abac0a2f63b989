"""Short versions of the harnesses in ``reliability/``; ``make soak`` runs the long ones."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path

import pytest

from ketatui.criteria.default import default_folder
from reliability import code_mutants, code_mutations, mutants
from reliability.fuzz import TARGETS, tried
from reliability.judge_processes import ROOT
from reliability.kills import killed
from reliability.script import FIRST
from reliability.sessions import killed_in_sessions
from reliability.terminals import clock_jumped_back
from tests.effort import tries
from tests.processes import run

pytestmark = pytest.mark.terminal


def test_a_few_deaths_lose_nothing_that_was_on_the_screen() -> None:
    tally = killed(deaths := tries(3, fewest=2), 1, FIRST)
    assert tally.losses == []
    assert tally.counts["kills"] == deaths


@pytest.mark.long
def test_a_few_deaths_in_a_running_session_lose_no_entry_and_no_minute() -> None:
    tally = killed_in_sessions(tries(3), 1)
    assert tally.losses == []
    assert tally.counts["kills"] >= tries(3)


@pytest.mark.long
def test_a_clock_that_jumps_back_twice_loses_no_answer_and_no_day() -> None:
    tally = clock_jumped_back(3)
    assert tally.losses == []


@pytest.mark.parametrize("name", TARGETS)
def test_random_input_is_read_or_refused(name: str) -> None:
    assert tried(name, tries(25)) >= tries(25)


@pytest.mark.long
def test_some_wrong_criteria_are_noticed() -> None:
    tally = mutants.survivors(tries(2), seed=3)
    assert tally.losses == []


@pytest.mark.long
def test_every_mutant_is_a_change_of_its_own() -> None:
    every = list(mutants.mutants(default_folder({})))
    assert len({(item.file, item.text) for item in every}) == len(every) > 400
    code = list(code_mutants.mutants())
    assert len({item.what for item in code}) > len(code) - 5 > 900
    some = [item for item in code if item.module.name == "judging.py"]
    source = (ROOT / some[0].module).read_text("utf-8")
    texts = {ast.unparse(code_mutations.mutated(source, item)) for item in some}
    assert len(texts) == len(some) > 5


MODULE = """
@dataclass(frozen=True)
class Thing:
    whole: bool = False

    def fits(self, low, high):
        if 0 < low <= high and not self.whole:
            return sorted(any(low), key=len)
"""


def test_code_is_turned_in_every_way_and_only_where_it_matters() -> None:
    found = code_mutations.mutants(Path("thing.py"), MODULE)
    assert [(item.function, item.becomes) for item in found] == [
        ("Thing", "whole: bool = True"),
        ("Thing.fits", "if 0 < low <= high or not self.whole:"),
        ("Thing.fits", "if not self.whole:"),
        ("Thing.fits", "if 0 < low <= high:"),
        ("Thing.fits", "if 0 <= low <= high and (not self.whole):"),
        ("Thing.fits", "if 0 < low < high and (not self.whole):"),
        ("Thing.fits", "if 0 < low <= high and (not not self.whole):"),
        ("Thing.fits", "return list(any(low))"),
        ("Thing.fits", "return sorted(all(low), key=len)"),
    ]


@pytest.mark.long
def test_wrong_code_is_noticed_by_the_tests_that_reach_it() -> None:
    options = ["--code-only", "--only", ": not_: ", "--judges", "tests/cql/test_logic.py"]
    command = [sys.executable, "-m", "reliability", "mutants", *options]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = run(command, cwd=ROOT, env=environ, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    assert " 2 noticed" in done.stdout
