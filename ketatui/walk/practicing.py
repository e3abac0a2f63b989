"""A practice run in plain text: the story, the questions, the lock, what is committed to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ketatui.cases.errors import CaseError
from ketatui.criteria.models import Question
from ketatui.practice.debrief_text import debrief_text
from ketatui.practice.models import NONE
from ketatui.practice.reasons import MOST_NAMED, plans_for
from ketatui.practice.run import Finished, PracticeRun
from ketatui.privacy import Scanner
from ketatui.walk.asking import HELP, Asker, Move
from ketatui.walk.questions import Questions
from ketatui.walk.talk import Back, Leave, Talk

_WELCOME = (
    "PRACTICE. Read the story, answer as it tells; r on a question asks the patient, or whoever "
    "knows. What neither the story nor asking brings up is no, none or normal. e ends the "
    "questions and locks the facts; nothing leads back. Then come verdicts, reasons and a plan. "
    "v tells the story again, q leaves and keeps the run."
)
_HELP = (
    ("r", "ask the patient, or whoever knows, about this question"),
    ("v", "tell the story again"),
    ("hint", "a hint; its cost is said first"),
    ("e", "end the questions and lock the facts"),
    ("q", "leave; the run is kept"),
)
_NOT_HERE = ("f", ".", "e", "q")
_TELLING = ("f", ".")
"""Commands of a consultation that would tell what the rules make of the answers."""


class PracticeAsker(Asker):
    """Asks as in a consultation; tells nothing of the rules, and lets one ask the patient."""

    run: PracticeRun
    story: Callable[[], None]

    def _take(self, question: Question, text: str) -> Move | None:
        command = text.lower()
        if command in _TELLING:
            self.talk.say("What the criteria make of it is told after you have committed.")
            return None
        if command == "h":
            for keys, what in (*_HELP, *((k, w) for k, w in HELP if k not in _NOT_HERE)):
                self.talk.say(what, f"  {keys:<7} ")
            return None
        if command == "v":
            self.story()
            return None
        if command == "r":
            self._ask_patient(question)
            return None
        if command == "hint":
            self._hint()
            return None
        return super()._take(question, text)

    def _ask_patient(self, question: Question) -> None:
        try:
            told = self.run.ask(question.id)
        except OSError as error:
            self.talk.say(f"This could not be kept on disk, so nothing is told: {error}")
            return
        for item in told:
            self.talk.say(f"{item.ask}: {item.text}")
        if not told:
            self.talk.say("Asked; nothing comes up beyond what the story says.")

    def _hint(self) -> None:
        run = self.run
        due = run.library.assigned(run.whole.id)
        if due is not None and not due.hints:
            self.talk.say("This case is assigned without hints.")
        elif run.hints >= len(run.case.file.hint):
            self.talk.say("There is no further hint.")
        else:
            cost = -run.library.rubric.points("hint", run.case.file.rubric)
            try:
                if self.talk.ask_yes(f"A hint costs {cost}. Take it? y or n"):
                    self.talk.say(f"Hint: {run.take_hint()}")
            except Back:
                return


@dataclass
class PracticeWalk:
    """One practice run in plain text.

    Attributes:
        run: What is worked on.
        talk: Says and asks.
        scanner: Looks for identifiers in notes.
        attempts: The folder of attempts.
        by: Who takes it.
        now: Tells the moment, with its time zone.
        again: The command that goes on with it.
        weight_unit: What a weight without a unit is in.
    """

    run: PracticeRun
    talk: Talk
    scanner: Scanner
    attempts: Path
    by: str
    now: Callable[[], dt.datetime]
    again: str
    weight_unit: str = ""
    _told: set[str] = field(default_factory=set)

    def go(self) -> Finished | None:
        """Walk through the run.

        Returns:
            What it came to; None if it was left.
        """
        try:
            self.talk.say(_WELCOME)
            while True:
                self._part()
                if self.run.last:
                    return self._finish()
                self.run.go_on()
        except (Leave, KeyboardInterrupt):
            if self.run.leave():
                self.talk.say("The run is kept.")
                self.talk.verbatim(f"Go on with: {self.again}")
            else:
                self.talk.say("Nothing was entered, and no run is kept.")
        except OSError as error:
            self.talk.say(f"Not kept, the disk refuses: {error.strerror or error}")
            self.run.leave()
        return None

    def _part(self) -> None:
        """Do one part: the screening, or a stage.

        Raises:
            Leave: The trainee stops.
            OSError: The disk refuses.
        """
        self._story()
        while not self.run.locked:
            asker = PracticeAsker(self.run.consultation, self.talk, self.scanner, self.weight_unit)
            asker.run, asker.story = self.run, self._story
            Questions(self.run.consultation, self.talk, asker).ask_all()
            self._lock()
        while True:
            try:
                self._commit()
                return
            except Back:
                self.talk.say("The facts are locked; once more from the first verdict.")

    def _story(self) -> None:
        run = self.run
        self.talk.say()
        self.talk.say(f"PRACTICE  {run.case.name}")
        for part in run.case.file.story:
            self.talk.say()
            self.talk.say(part.title)
            for line in part.text.strip().splitlines():
                self.talk.say(line, "  ", "  ")
        reveals = {item.id: item for item in run.case.file.reveal}
        for ident in run.told:
            if ident in reveals:
                self.talk.say(reveals[ident].text, f"  {reveals[ident].ask}: ", "  ")

    def _lock(self) -> None:
        left = self.run.unanswered()
        still = "Every question has an answer." if not left else f"{left} have no answer."
        try:
            if self.talk.ask_yes(f"{still} Lock the facts? Nothing leads back. y, n: questions"):
                self.run.lock()
        except Back:
            return

    # --- behind the lock ------------------------------------------------------------------------

    def _commit(self) -> None:
        """Ask for verdicts, reasons, the choice and the plan.

        Raises:
            Back: Once more from the beginning.
            Leave: The trainee stops.
            OSError: The disk refuses.
        """
        run, talk = self.run, self.talk
        pack = run.knowledge.pack
        verdicts = pack.wording.verdicts
        codes = tuple(verdicts)
        for ident, offered in run.offered.items():
            titles = [verdicts[code].title for code in codes]
            place = self._one(f"{pack.pathways[ident].title}: your verdict?", titles)
            run.judge(ident, codes[place])
            for rule in run.judgment.reasons.get(ident, ()):
                run.name_reason(ident, rule, False)
            for number in self._some([reason.title for reason in offered]):
                run.name_reason(ident, offered[number].rule, True)
        if run.case.key.best:
            pathways = (*pack.pathways, NONE)
            titles = [*(item.title for item in pack.pathways.values()), "None of them"]
            run.choose(pathways[self._one("Which pathway would you proceed with?", titles)])
        plans = plans_for(run.case)
        run.plan(plans[self._one("What would you do?", [plan.text for plan in plans])].id)
        end = "and see the debrief" if run.last else "and continue to the next stage"
        if not talk.ask_yes(f"Commit {end}? Nothing can be changed after that. y, n: once more"):
            raise Back

    def _one(self, question: str, options: list[str]) -> int:
        while True:
            place = self.talk.ask_one(question, options, none="asks again")
            if place is not None:
                return place

    def _some(self, options: list[str]) -> list[int]:
        """Ask for the reasons that set a verdict."""
        self.talk.say("Reasons that set it; some hold, others do not apply:")
        for number, option in enumerate(options, start=1):
            self.talk.say(option, f"  {number} ")
        while True:
            text = self.talk.ask_text(
                f"Up to {MOST_NAMED} numbers, parted by spaces; Enter: none; b: back."
            )
            parts = text.replace(",", " ").split()
            if len(set(parts)) > MOST_NAMED:
                self.talk.say(f"{MOST_NAMED} at most.")
            elif all(part.isdecimal() and 1 <= int(part) <= len(options) for part in parts):
                return sorted({int(part) - 1 for part in parts})
            else:
                self.talk.say(f"{text[:40]}: numbers from 1 to {len(options)} are wanted.")

    def _finish(self) -> Finished | None:
        run = self.run
        try:
            done = run.finish(self.attempts, by=self.by, now=self.now())
        except CaseError as error:
            self.talk.say(f"Not kept: {error}")
            return None
        self.talk.say()
        told = debrief_text(run.library, run.whole.id, run.parts, done.done, done.appraisal)
        for begins, text in told:
            self.talk.say(text, begins, " " * min(len(begins), 6))
        self.talk.verbatim(f"Kept: {done.path}")
        return done
