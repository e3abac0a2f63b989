"""The walk: questions in order, then consent, decision and saving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ketatui.cases.errors import CaseError, ChangedOnDisk
from ketatui.cases.journal import Journal
from ketatui.cases.store import CaseStore, Loaded, Stamp
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.decision import what_is_missing
from ketatui.consultation.reach import is_amendment
from ketatui.consultation.reviewing import meanwhile, meanwhile_text
from ketatui.consultation.saving import leave, save, save_copy
from ketatui.criteria.vocabulary import CAPACITY
from ketatui.privacy import scanner_of
from ketatui.walk.asking import Asker, Move
from ketatui.walk.consenting import ask_consent
from ketatui.walk.deciding import ask_decision
from ketatui.walk.identifiers import look_through
from ketatui.walk.pathway_summary import say_fit
from ketatui.walk.questions import Questions
from ketatui.walk.talk import Back, Leave, Talk

_WELCOME = (
    "Decision support for professionals; the clinician decides. No names and no record numbers. "
    "Every answer is kept as a draft at once. h lists the commands, q leaves."
)


@dataclass
class Walk:
    """One consultation in plain text.

    Attributes:
        consultation: What is worked on.
        store: Where it is saved.
        journal: Its open draft.
        base: The saved case it changes, if any.
        talk: Says and asks.
        now: Tells the moment, with its time zone.
        again: The command that resumes the draft, as it is told on leaving.
        weight_unit: What a weight without a unit is in; see `Settings`.
    """

    consultation: Consultation
    store: CaseStore
    journal: Journal
    base: Stamp | None
    talk: Talk
    now: Callable[[], dt.datetime]
    again: str = "ketatui walk"
    weight_unit: str = ""

    def __post_init__(self) -> None:
        """Begin at the first open question."""
        self._scanner = scanner_of(self.consultation.pack)
        self._asker = Asker(self.consultation, self.talk, self._scanner, self.weight_unit)
        self._questions = Questions(self.consultation, self.talk, self._asker)

    def run(self) -> Path | None:
        """Walk through the consultation.

        Returns:
            The file of the saved case; None if the draft was left.
        """
        try:
            self.talk.say(_WELCOME)
            while True:
                self.questions()
                try:
                    return self.finish()
                except Back:
                    self._questions.skipped.clear()
        except (Leave, KeyboardInterrupt):
            self._leave()
            return None

    def questions(self) -> None:
        """Ask until nothing is left to ask, or the clinician ends it.

        Raises:
            Leave: The clinician stops.
        """
        self._questions.ask_all()

    # --- the end ---------------------------------------------------------------------------

    def finish(self) -> Path:
        """Say the fit, go through consent and decision, and save.

        Raises:
            Back: The clinician wants to go on with the questions.
            Leave: The clinician stops.
        """
        talk, consultation = self.talk, self.consultation
        say_fit(talk, consultation)
        waiting = sum(
            consultation.status(item.id) in ("open", "partial") for item in self._questions.asked()
        )
        talk.say()
        if waiting:
            questions = "1 question is" if waiting == 1 else f"{waiting} questions are"
            talk.say(f"{questions} unanswered. b goes back to them.")
        if consultation.status(CAPACITY) == "open" and CAPACITY in consultation.pack.questions:
            move = self._asker.ask(consultation.pack.questions[CAPACITY])
            if move in (Move.BACK, Move.NEXT_THAT_MATTERS):
                raise Back
        ask_consent(talk, consultation, self._asker.do, self.now)
        by = ask_decision(talk, consultation, self._asker.do, self.now)
        return self._save(by)

    def _save(self, by: str) -> Path:
        talk = self.talk
        decided = self.consultation.case.decision.pathway is not None
        missing = what_is_missing(self.consultation)
        if missing:
            talk.say(f"Not saved yet; needed first: {'; '.join(missing)}.")
            raise Back
        what = "with this decision" if decided else "without a decision, as a draft case"
        if not talk.ask_yes(f"Save the case now, {what}? y, n keeps the draft, b: the questions"):
            raise Leave
        look_through(talk, self.consultation, self._scanner)
        loaded = self._saved(*self._who_and_why(by))
        talk.verbatim(f"Saved: {loaded.stamp.path}")
        for item in meanwhile(self.consultation.case, loaded.case):
            talk.say(f"{meanwhile_text(item)}.")
        return loaded.stamp.path

    def _who_and_why(self, by: str) -> tuple[str, str]:
        """Ask who saves and why; an amendment needs both.

        Raises:
            Back: The clinician wants to go on with the questions.
            Leave: The clinician stops.
        """
        talk = self.talk
        if is_amendment(self.consultation, self.base):
            if not by:
                by = talk.ask_needed("Amended by: your role or initials.")
            return by, talk.ask_needed("Why is it amended?")
        by = by or talk.ask_text("Saved by: your role or initials; Enter leaves it out.")
        why = talk.ask_text("Why is it saved? Enter: end of the consultation.")
        return by, why or "end of the consultation"

    def _saved(self, by: str, why: str) -> Loaded:
        """Save; a file that changed meanwhile is never overwritten.

        Raises:
            Leave: It could not be saved; the draft is kept.
        """
        now = self.now()
        args = (self.consultation, self.store, self.journal)
        try:
            try:
                return save(*args, by=by, why=why, now=now, base=self.base)
            except ChangedOnDisk as error:
                self.talk.say(str(error))
                if self.talk.ask_yes("Save a copy beside it? y, n keeps the draft"):
                    return save_copy(*args, by=by, why=why, now=now)
        except (CaseError, OSError) as error:
            self.talk.say(f"Not saved: {error}")
        raise Leave

    def _leave(self) -> None:
        path = self.journal.path
        if leave(self.consultation, self.journal):
            # Not broken into lines: they are to be copied.
            self.talk.verbatim(f"The draft is kept: {path}")
            self.talk.verbatim(f"Resume it with: {self.again}")
        else:
            self.talk.say("Nothing was entered, and no draft is kept.")
