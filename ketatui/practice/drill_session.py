"""A sitting of drills: the one at hand, what was said to it, and how it went so far."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ketatui.criteria.models import Verdict
from ketatui.engine import Knowledge
from ketatui.practice.drilling import Answered, Schedule, keep_answer, mixed, rate, read_answers
from ketatui.practice.drills import Beginning, Drill, drill_of, load_beginnings, rules_to_drill
from ketatui.practice.loading import Rubric
from ketatui.practice.screening_and_visits import rules_of


class Drilling:
    """Drills, one after the other; every answer is on disk before anything is told.

    Attributes:
        drill: The drill at hand; None when nothing is due.
        said: What was said to it; None before.
        count: Drills answered in this sitting.
        right: Those that were right.
    """

    def __init__(
        self,
        beginnings: tuple[Beginning, ...],
        rules: tuple[str, ...],
        rubric: Rubric,
        folder: Path,
        schedule: Schedule,
    ) -> None:
        """Args: where drills begin, the rules in order, how answers are rated and kept."""
        self.rules = rules
        self.folder = folder
        self.schedule = schedule
        self.drill: Drill | None = None
        self.said: Verdict | None = None
        self.count = self.right = 0
        self._beginnings = beginnings
        self._rubric = rubric

    @staticmethod
    def begin(knowledge: Knowledge, rubric: Rubric, folder: Path, now: dt.datetime) -> Drilling:
        """Begin a sitting.

        Raises:
            CaseError: The pack's drills cannot be used.
            OSError: What was answered before cannot be read.
            NoSchedulerError: The library that says when a rule is due is not installed.
        """
        schedule = Schedule(read_answers(folder))
        beginnings = load_beginnings(knowledge)
        kinds = rules_of(knowledge.pack)
        rules = mixed(rules_to_drill(beginnings), lambda rule: _kind(kinds.get(rule)))
        sitting = Drilling(beginnings, rules, rubric, folder, schedule)
        sitting.go_on(now)
        return sitting

    def go_on(self, now: dt.datetime) -> None:
        """Take the next drill: what is due, else a new rule."""
        last = self.drill.rule if self.drill is not None else ""
        self.said = None
        self.drill = self.schedule.next_drill(self.rules, self._make, now, last)

    def _make(self, rule: str, number: int) -> Drill | None:
        return drill_of(self._beginnings, rule, number)

    def answer(self, said: Verdict, now: dt.datetime) -> bool:
        """Answer the drill at hand; return whether it was right.

        Raises:
            OSError: It could not be kept; nothing was answered.
            CaseError: As `OSError`.
            ValueError: There is no drill, or it was answered already.
        """
        if self.drill is None or self.said is not None:
            raise ValueError("there is nothing to answer")
        answer = Answered(self.drill.rule, now, rate(self._rubric, self.drill, said), said)
        keep_answer(self.folder, answer)
        self.schedule.take(answer)
        self.said = said
        self.count += 1
        self.right += answer.right
        return answer.right

    def nothing_due(self, now: dt.datetime) -> str:
        """Say that nothing is due, and when something is."""
        standing = self.schedule.standing(now)
        if not standing:
            return "These criteria bring no drills."
        return f"No rule is due; the next one {due_text(standing[0].due, now)}."

    def came_to(self, now: dt.datetime) -> str:
        """Say when the rule at hand comes again."""
        assert self.drill is not None
        rule = self.drill.rule
        due = next(item.due for item in self.schedule.standing(now) if item.rule == rule)
        return f"It comes again {due_text(due, now)}."


def due_text(due: dt.datetime, now: dt.datetime) -> str:
    """Say when something is due: ``now``, ``in 8 minutes``, ``in 3 days``."""
    seconds = (due - now).total_seconds()
    if seconds <= 0:
        return "now"
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = round(seconds / size)
            return f"in {count} {word}{'s' if count > 1 else ''}"
    return "in a minute"


def _kind(rule: object) -> str:
    """Tell what a rule is about: the decision of a visit, or the screening."""
    return str(getattr(rule, "decision", "screening"))
