"""A clinician who answers the plain walk as a case file says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore, Stamp
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import SetAnswer, SetMedications, SetTrials
from ketatui.consultation.saving import begin
from ketatui.criteria.models import Question
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine import Knowledge
from ketatui.walk import Talk, Walk

NOW = dt.datetime(2026, 11, 21, 21, 1, 43, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 21)


TO_THE_END = (
    ("Pathways being considered", "1"),
    ("How did the conversation end?", "1"),
    ("Who was present", "patient, nurse"),
    ("Interpreter?", ""),
    ("Copy handed over?", "y"),
    ("b: back.", "1"),
    ("Decided by", "Dr B"),
    ("write the reason", "nothing else has helped"),
    ("needs a reason", "discussed at length"),
    ("Reason?", ""),
    ("Save the case now", "y"),
    ("Why is it saved?", ""),
    ("", "y"),
)
"""Replies to what is asked after the questions; an item of consent is answered y."""


class Screen:
    """Collects what the walk writes, and hands it the lines of a script.

    Once the script has ended, ``replies`` answer what was asked last.
    """

    def __init__(self, lines: Iterable[str], replies: Sequence[tuple[str, str]] = ()) -> None:
        self.lines = iter(lines)
        self.replies = replies
        self.text = ""
        self.reads = 0

    def read(self) -> str:
        self.reads += 1
        assert self.reads < 1000, f"the walk goes in a circle: {self.text[-500:]}"
        line = next(self.lines, None)
        if line is None:
            asked = " ".join(self.text.splitlines()[-3:])
            # What was asked last counts; the lines may still hold the question before.
            found = [(asked.rfind(words), reply) for words, reply in self.replies if words]
            best = max((item for item in found if item[0] >= 0), default=None)
            line = best[1] if best else dict(self.replies).get("")
        return "" if line is None else line + "\n"

    def write(self, text: str) -> None:
        self.text += text


def walk_with(
    folder: Path,
    knowledge: Knowledge,
    lines: Iterable[str],
    *,
    label: str = "",
    replies: Sequence[tuple[str, str]] = (),
) -> tuple[Walk, Screen]:
    """Begin a walk whose input is a script."""
    screen = Screen(lines, replies)
    consultation, journal = begin(folder, knowledge, now=NOW, label=label, today=lambda: TODAY)
    store = CaseStore(folder, knowledge.pack)
    base: Stamp | None = None
    talk = Talk(screen.read, screen.write)
    return Walk(consultation, store, journal, base, talk, lambda: NOW), screen


def answers_of(knowledge: Knowledge, case: Case) -> Iterator[str]:
    """Yield the lines that answer every question as a case does, the others skipped."""
    shadow = Consultation(knowledge, Case(), today=lambda: TODAY)
    done: set[str] = set()
    while True:
        asked = [q for s in knowledge.pack.sections for q in shadow.asked(s.id)]
        question = next((q for q in asked if q.id not in done), None)
        if question is None:
            return
        done.add(question.id)
        if question.id == TRIALS:
            yield from _trials(question, case)
            shadow.do(SetTrials(rows=case.trials))
        elif question.id == MEDICATIONS:
            for item in case.medications:
                yield f"{item.name} {item.dose}".strip()
            yield ""
            shadow.do(SetMedications(rows=case.medications))
        elif question.id in case.unknown:
            yield "u"
            shadow.do(SetAnswer(question=question.id, unknown=True))
        elif question.id in case.answers:
            value = case.answers[question.id]
            yield from typed(question, value)
            text = str(value) if isinstance(value, Decimal) else value
            shadow.do(SetAnswer(question=question.id, value=text))
        else:
            yield "s"


def typed(question: Question, value: object) -> Iterator[str]:
    """Yield what is typed for one answer."""
    if question.kind == "bool":
        yield "y" if value else "n"
    elif question.kind == "choice":
        yield str([option.code for option in question.options].index(str(value)) + 1)
    else:
        yield str(value)
        number = Decimal(str(value))
        low, high = question.soft_min, question.soft_max
        if (low is not None and number < low) or (high is not None and number > high):
            yield "y"


def _trials(question: Question, case: Case) -> Iterator[str]:
    outcomes = [
        option.code
        for column in question.columns
        if column.id == "outcome"
        for option in column.options
    ]
    for trial in case.trials:
        yield trial.drug
        yield str(trial.daily_dose_mg)
        yield str(trial.weeks)
        yield str(outcomes.index(str(trial.outcome)) + 1)
        yield "y" if trial.adherent else "n"
        yield "y" if trial.current_episode else "n"
    yield ""
