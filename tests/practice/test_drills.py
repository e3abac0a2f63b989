"""Drills of rules: one fact is otherwise, the engine keys it, FSRS says when it comes again."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import pytest

from ketatui.engine import Knowledge
from ketatui.practice.drill_session import Drilling, due_text
from ketatui.practice.drilling import (
    LOG,
    Answered,
    NoSchedulerError,
    Schedule,
    keep_answer,
    mixed,
    rate,
    read_answers,
)
from ketatui.practice.drills import Beginning, Drill, drill_of, load_beginnings, rules_to_drill
from ketatui.practice.loading import PracticeLibrary
from tests.each import each

NOW = dt.datetime(2026, 11, 27, 9, 0, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def beginnings(knowledge: Knowledge) -> tuple[Beginning, ...]:
    return load_beginnings(knowledge)


def made(beginnings: tuple[Beginning, ...], rule: str, number: int = 0) -> Drill:
    found = drill_of(beginnings, rule, number)
    assert found is not None
    return found


def test_a_drill_begins_where_nothing_speaks_against_anything(
    beginnings: tuple[Beginning, ...],
) -> None:
    for beginning in beginnings:
        assert {item.verdict for item in beginning.now.values()} <= {"fits", "caution"}
        assert not [item for item in beginning.now.values() if item.open]


@each(
    ("rule", "fact", "verdict"),
    [
        ("aneurysmal-disease", "Aneurysm (aorta, brain, limbs)", "contraindicated"),
        ("cystitis", "Bladder symptoms after ketamine", "not_recommended"),
        ("cns-depressants", "Medications and substances", "caution"),
        ("gate-bp-hold", "pressure before the dose", "unmet"),
        ("gate-mania", "Manic or mixed symptoms", "not_recommended"),
        ("dose-max", "Dose given", "unmet"),
        ("leave-two-hours", "Minute the patient would leave", "unmet"),
        ("leave-sedation", "Sedation (MOAA/S, 5 is awake) at minute 120", "unmet"),
        ("report-rems-due", "REMS monitoring form sent", "caution"),
        ("continue-misuse", "Signs of misuse", "not_recommended"),
        ("dose-fast-infusion", "Minutes of the infusion", "not_recommended"),
    ],
)
def test_one_fact_makes_the_rule_set_the_verdict(
    beginnings: tuple[Beginning, ...], rule: str, fact: str, verdict: str
) -> None:
    drill = made(beginnings, rule)
    assert drill.finding is not None
    assert (drill.finding.rule, drill.was == drill.verdict) == (rule, False)
    assert drill.value != drill.before
    assert drill.sources
    # Some rules stand otherwise on another pathway.
    assert drill.verdict == verdict or rule == "cystitis"
    assert fact.casefold() in drill.fact.casefold() or rule in ("cystitis", "dose-fast-infusion")


def test_now_and_then_the_rule_just_does_not_apply(beginnings: tuple[Beginning, ...]) -> None:
    drills = [made(beginnings, "gate-bp-hold", number) for number in range(20)]
    misses = [drill for drill in drills if drill.finding is None]
    assert 3 <= len(misses) <= 10
    assert len({(drill.fact, drill.value) for drill in drills}) > 2
    # For everybody the same.
    assert drills[7] == made(beginnings, "gate-bp-hold", 7)


@pytest.mark.long
def test_most_rules_can_be_drilled(beginnings: tuple[Beginning, ...]) -> None:
    rules = rules_to_drill(beginnings)
    found = [rule for rule in rules if drill_of(beginnings, rule, 0) is not None]
    assert len(found) >= 140
    assert len(found) / len(rules) > 0.75


def test_a_wrong_answer_comes_back_before_a_right_one() -> None:
    schedule = Schedule(
        [Answered("a", NOW, 3, "fits"), Answered("b", NOW, 1, "fits"), Answered("c", NOW, 2, "")]
    )
    assert [item.rule for item in schedule.standing(NOW)] == ["b", "c", "a"]
    # Right three times, it comes back after days.
    later = NOW
    for _ in range(3):
        later += dt.timedelta(days=3)
        schedule.take(Answered("a", later, 3, "fits"))
    due = {item.rule: item.due for item in schedule.standing(later)}
    assert due["a"] - later > dt.timedelta(days=3)
    assert schedule.asked("a") == 4


def test_what_is_due_goes_before_what_is_new_and_never_twice_in_a_row() -> None:
    schedule = Schedule([Answered("a", NOW - dt.timedelta(days=1), 1, "fits")])
    asked: list[str] = []

    def make(rule: str, number: int) -> None:
        asked.append(f"{rule}{number}")

    schedule.next_drill(["n", "a", "m"], make, NOW)
    assert asked == ["a1", "n0", "m0"]
    asked.clear()
    schedule.next_drill(["n", "a", "m"], make, NOW, last="a")
    assert asked == ["n0", "m0", "a1"]


def test_kinds_take_turns() -> None:
    assert mixed(["a1", "a2", "b1", "c1", "a3"], lambda rule: rule[0]) == (
        "a1",
        "b1",
        "c1",
        "a2",
        "a3",
    )


def test_every_answer_is_kept_and_a_torn_line_loses_no_other(tmp_path: Path) -> None:
    first, second = Answered("a", NOW, 1, "fits"), Answered("b", NOW, 3, "unmet")
    keep_answer(tmp_path, first)
    with (tmp_path / LOG).open("ab") as file:
        file.write(b'{"rule": "x", "at": "2026-11-\n[1]\n{"rule": "y", "at": 7, "rating": 3}\n')
    keep_answer(tmp_path, second)
    assert read_answers(tmp_path) == (first, second)


def test_an_answer_of_the_same_kind_is_nearly_right(
    beginnings: tuple[Beginning, ...], library: PracticeLibrary
) -> None:
    drill = made(beginnings, "gate-bp-hold")
    rubric = library.rubric
    assert rate(rubric, drill, "unmet") == 3
    assert rate(rubric, drill, "incomplete") == 2
    assert rate(rubric, drill, "fits") == 1


def test_a_sitting_goes_on_where_the_last_one_ended(
    tmp_path: Path, knowledge: Knowledge, library: PracticeLibrary
) -> None:
    sitting = Drilling.begin(knowledge, library.rubric, tmp_path, NOW)
    drill = sitting.drill
    assert drill is not None
    assert sitting.answer(drill.verdict, NOW)
    assert sitting.came_to(NOW) == "It comes again in 10 minutes."
    with pytest.raises(ValueError, match="nothing to answer"):
        sitting.answer("fits", NOW)
    sitting.go_on(NOW)
    assert sitting.drill is not None
    assert sitting.drill.rule != drill.rule
    later = Drilling.begin(knowledge, library.rubric, tmp_path, NOW + dt.timedelta(hours=1))
    assert later.drill is not None
    assert later.drill.rule == drill.rule


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsrs", None)
    with pytest.raises(NoSchedulerError, match=r"ketatui\[practice\]"):
        Schedule([])


@each(
    ("seconds", "said"),
    [
        (-5, "now"),
        (20, "in a minute"),
        (60, "in 1 minute"),
        (7200, "in 2 hours"),
        (3e5, "in 3 days"),
    ],
)
def test_when_something_is_due(seconds: float, said: str) -> None:
    assert due_text(NOW + dt.timedelta(seconds=seconds), NOW) == said
