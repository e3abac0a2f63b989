"""Which rule to drill next: every answer is kept in a file, and FSRS says when to ask again.

FSRS (the library ``fsrs``, an extra) models how well each rule is remembered; a rule comes back
when the chance to recall it has fallen to nine in ten.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ketatui.cases.folders import prepare_folder
from ketatui.criteria.models import Verdict
from ketatui.practice.drills import Drill
from ketatui.practice.loading import Rubric
from ketatui.structs import Frozen

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

LOG = "drills.jsonl"
"""In the folder of attempts: an answer a line."""
_AGAIN, _HARD, _GOOD = 1, 2, 3
"""FSRS's ratings of an answer: wrong, nearly right, right."""
NO_LIBRARY = 'drills take one more library: pip install "ketatui[practice]"'


class NoSchedulerError(Exception):
    """The library that says when a rule is due is not installed."""


class Answered(Frozen, frozen=True):
    """One answer to a drill.

    Attributes:
        rule: The rule that was practiced.
        at: The moment.
        rating: 1 wrong, 2 nearly right, 3 right.
        said: The verdict that was given.
    """

    rule: str
    at: dt.datetime
    rating: int
    said: str

    @property
    def right(self) -> bool:
        """Whether it was right."""
        return self.rating == _GOOD


class RuleStanding(Frozen, frozen=True):
    """How a rule stands.

    Attributes:
        rule: The rule.
        asked: How often it was drilled.
        right: How often the answer was right.
        due: When it comes next.
        recall: The chance, 0 to 1, that it is remembered now.
    """

    rule: str
    asked: int
    right: int
    due: dt.datetime
    recall: float


def rate(rubric: Rubric, drill: Drill, said: Verdict) -> int:
    """Return how good an answer is: right, of the same kind, or wrong."""
    if said == drill.verdict:
        return _GOOD
    alike = any(said in group and drill.verdict in group for group in rubric.file.alike)
    return _HARD if alike else _AGAIN


def read_answers(folder: Path) -> tuple[Answered, ...]:
    """Read what was answered so far, oldest first; a line that is no answer is passed over.

    Raises:
        OSError: The file is there and cannot be read.
    """
    path = folder / LOG
    if not path.is_file():
        return ()
    return tuple(_answers(path.read_text("utf-8", errors="replace")))


def _answers(text: str) -> Iterator[Answered]:
    for line in text.splitlines():
        try:
            row = json.loads(line)
            at = dt.datetime.fromisoformat(row["at"])
            rating = int(row["rating"])
            if at.tzinfo is not None and rating in (_AGAIN, _HARD, _GOOD):
                yield Answered(str(row["rule"]), at, rating, str(row.get("said", "")))
        except (ValueError, KeyError, TypeError):
            # The last line of a run that was killed while it was written.
            continue


def keep_answer(folder: Path, answer: Answered) -> None:
    """Put an answer on disk before anything is told.

    Raises:
        OSError: The disk refuses.
        CaseError: The folder cannot be used.
    """
    prepare_folder(folder, ours=True)
    row = {
        "rule": answer.rule,
        "at": answer.at.isoformat(),
        "rating": answer.rating,
        "said": answer.said,
    }
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(folder / LOG, flags, 0o600), "ab") as file:
        file.write(json.dumps(row).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


class Schedule:
    """When each rule is due, from everything that was answered."""

    def __init__(self, answers: Sequence[Answered]) -> None:
        """Work out how each rule stands.

        Args:
            answers: Oldest first.

        Raises:
            NoSchedulerError: The library is not installed.
        """
        self._scheduler = _scheduler()
        self._cards: dict[str, Card] = {}
        self._asked: dict[str, list[bool]] = {}
        for answer in answers:
            self.take(answer)

    def take(self, answer: Answered) -> None:
        """Take one more answer."""
        from fsrs import Card, Rating

        card = self._cards.get(answer.rule) or Card(card_id=len(self._cards) + 1)
        rating, at = Rating(answer.rating), answer.at.astimezone(dt.UTC)
        self._cards[answer.rule], _ = self._scheduler.review_card(card, rating, at)
        self._asked.setdefault(answer.rule, []).append(answer.right)

    def asked(self, rule: str) -> int:
        """Return how often a rule was drilled."""
        return len(self._asked.get(rule, ()))

    def standing(self, now: dt.datetime) -> tuple[RuleStanding, ...]:
        """Return how each rule stands that was drilled, what is due first."""
        found = [
            RuleStanding(
                rule,
                len(self._asked[rule]),
                sum(self._asked[rule]),
                card.due,
                self._scheduler.get_card_retrievability(card, now.astimezone(dt.UTC)),
            )
            for rule, card in self._cards.items()
        ]
        return tuple(sorted(found, key=lambda item: (item.due, item.rule)))

    def next_drill(
        self,
        rules: Sequence[str],
        make: Callable[[str, int], Drill | None],
        now: dt.datetime,
        last: str = "",
    ) -> Drill | None:
        """Return the drill to do now: what is due, the longest first, then a new rule.

        Args:
            rules: Every rule, in the order in which new ones come.
            make: Makes a drill of a rule; None where there is none.
            now: The moment.
            last: The rule drilled just before: it does not come twice in a row.
        """
        known = set(rules)
        due = [item.rule for item in self.standing(now) if item.due <= now and item.rule in known]
        fresh = [rule for rule in rules if rule not in self._cards]
        for rule in (*(item for item in due if item != last), *fresh):
            drill = make(rule, self.asked(rule))
            if drill is not None:
                return drill
        return make(last, self.asked(last)) if last in due else None


def _scheduler() -> Scheduler:
    try:
        from fsrs import Scheduler
    except ImportError:
        raise NoSchedulerError(NO_LIBRARY) from None
    # The same answers come to the same days, for everybody.
    return Scheduler(enable_fuzzing=False)


def mixed(rules: Sequence[str], kind: Callable[[str], str]) -> tuple[str, ...]:
    """Return rules so that kinds take turns: a new one of each before the second of any.

    Args:
        rules: In the order of the tables.
        kind: Tells what a rule is about.
    """
    rows: dict[str, list[str]] = {}
    for rule in rules:
        rows.setdefault(kind(rule), []).append(rule)
    longest = max(map(len, rows.values()), default=0)
    return tuple(
        row[place] for place in range(longest) for row in rows.values() if place < len(row)
    )
