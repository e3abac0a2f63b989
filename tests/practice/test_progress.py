"""Progress: sums, and what comes next."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from ketatui.practice.attempts import Attempt
from ketatui.practice.loading import PracticeLibrary
from ketatui.practice.progress import by_case, by_topic, missed_most, suggest
from ketatui.tui.views.practice.progress import progress_lines
from tests.each import each
from tests.practice.support import NOW, RED, TWO


def attempt(case: str = RED, percent: int = 50, days: int = 1, **more: Any) -> Attempt:
    ended = NOW - dt.timedelta(days=days)
    topics = {RED: "contraindications", TWO: "treatment_resistance"}
    fields: dict[str, Any] = {
        "case": case,
        "case_digest": "sha256:0",
        "title": case,
        "topic": topics.get(case, "pain"),
        "difficulty": 1,
        "pack": "ketamine-us 2026.11",
        "pack_digest": "sha256:0",
        "began_at": ended - dt.timedelta(minutes=9),
        "ended_at": ended,
        "points": Decimal(percent),
        "most": 100,
    }
    return Attempt(**{**fields, **more})


def test_attempts_are_summed_up_by_case_and_topic() -> None:
    attempts = [
        attempt(RED, 40, 9),
        attempt("other", 90, 8, topic="contraindications"),
        attempt(RED, 70, 2),
    ]
    found = by_case(attempts)[RED]
    assert (found.tried, found.best, found.last) == (2, 70, 70)
    topic = by_topic(attempts)["contraindications"]
    assert (topic.tried, topic.best, topic.last) == (3, 90, 80)


def test_a_score_below_nothing_counts_as_nothing() -> None:
    assert attempt(points=Decimal(-12)).percent == 0
    assert attempt(most=0).percent == 0


def test_what_is_missed_most_and_latest_stands_first() -> None:
    attempts = [
        attempt(days=5, missed=("medical.avm", "patient.age")),
        attempt(days=4, missed=("medical.avm",)),
        attempt(days=3, missed=("vitals.systolic",)),
    ]
    found = [(item.what, item.times) for item in missed_most(attempts)]
    assert found == [("medical.avm", 2), ("vitals.systolic", 1), ("patient.age", 1)]


@each(
    ("done", "wanted", "because"),
    [
        ([], RED, "nothing on its topic"),
        # Just tried: the other one first, whatever came out.
        ([(RED, 10, 0)], TWO, "not tried yet"),
        # Gone badly and long enough ago: again, before anything new.
        ([(RED, 10, 5)], RED, "10 % 5 days ago"),
        ([(RED, 95, 5)], TWO, "not tried yet"),
        # Both done: the worse and longer ago one.
        ([(RED, 95, 10), (TWO, 60, 10)], TWO, "60 %"),
        ([(RED, 70, 40), (TWO, 70, 3)], RED, "70 %"),
    ],
)
def test_the_next_case_follows_from_what_was_missed_and_when(
    library: PracticeLibrary, done: list[tuple[str, int, int]], wanted: str, because: str
) -> None:
    found = suggest(library, [attempt(*item) for item in done], NOW)
    assert found is not None
    assert found.case == wanted
    assert because in found.because


def test_a_reason_that_was_missed_brings_a_case_that_asks_for_it(library: PracticeLibrary) -> None:
    # The easier case would come first, were it not for the reason.
    missed = attempt("other", 100, 0, missed_rules=("mdd-not-resistant",))
    assert suggest(library, [attempt("other", 100, 0)], NOW).case == RED  # type: ignore[union-attr]
    assert suggest(library, [missed], NOW).case == TWO  # type: ignore[union-attr]


def test_without_cases_nothing_is_suggested(library: PracticeLibrary) -> None:
    assert suggest(PracticeLibrary({}, library.topics, library.rubric, ()), [], NOW) is None


def test_a_case_is_called_by_its_title_once_it_was_done_and_not_before(
    library: PracticeLibrary,
) -> None:
    case = library.cases[RED]
    assert case.file.title != case.name
    again = [attempt(RED, 10, 9), attempt(TWO, 100, 0)]
    said = [item.text for item in progress_lines(library, again, str, NOW, 100)]
    assert any(text.strip().startswith(f"{case.file.title}: ") for text in said)
    said = [item.text for item in progress_lines(library, [attempt(TWO, 100, 0)], str, NOW, 100)]
    assert any(text.strip().startswith(f"{case.name}: ") for text in said)
