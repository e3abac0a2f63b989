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
from ketatui.consultation.privacy import replace_seen, seen_before_saving
from ketatui.consultation.reach import is_amendment
from ketatui.consultation.reviewing import meanwhile, meanwhile_text
from ketatui.consultation.saving import leave, save, save_copy
from ketatui.criteria.models import Question
from ketatui.privacy import place_text, scanner_of
from ketatui.walk.asking import Asker, Move
from ketatui.walk.consenting import ask_consent
from ketatui.walk.deciding import ask_decision
from ketatui.walk.pathway_summary import say_fit
from ketatui.walk.talk import Back, Leave, Talk

CAPACITY = "consent.capacity"

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
        self._skipped: set[str] = set()
        self._shown: list[str] = []
        self._section = ""

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
                    self._skipped.clear()
        except (Leave, KeyboardInterrupt):
            self._leave()
            return None

    # --- the questions ---------------------------------------------------------------------

    def questions(self) -> None:
        """Ask until nothing is left to ask, or the clinician ends it.

        Raises:
            Leave: The clinician stops.
        """
        current = self._first_open() or self._last_shown()
        while current is not None:
            self._heading(current)
            if not self._shown or self._shown[-1] != current.id:
                self._shown.append(current.id)
            move = self._asker.ask(current)
            if move is Move.END:
                return
            if move is Move.BACK:
                current = self._back()
            elif move is Move.STAY:
                # What was taken back may have been why this question is asked.
                current = current if current in self._asked() else self._first_open()
            elif move is Move.NEXT_THAT_MATTERS:
                current = self._next_that_matters(current)
            elif move is Move.FOUND:
                current = self._found(current)
            else:
                if move is Move.SKIP:
                    self._skipped.add(current.id)
                current = self._after(current)

    def _asked(self) -> list[Question]:
        """All questions asked now, in the order of the consultation."""
        sections = self.consultation.pack.sections
        return [item for section in sections for item in self.consultation.asked(section.id)]

    def _is_open(self, question: Question) -> bool:
        waits = self.consultation.status(question.id) in ("open", "partial")
        return waits and question.id not in self._skipped

    def _first_open(self) -> Question | None:
        return next((item for item in self._asked() if self._is_open(item)), None)

    def _last_shown(self) -> Question | None:
        """Where to go back to when everything is answered."""
        asked = {item.id: item for item in self._asked()}
        return next((asked[ident] for ident in reversed(self._shown) if ident in asked), None)

    def _after(self, current: Question) -> Question | None:
        rank = self.consultation.knowledge.rank_of_question
        later = (item for item in self._asked() if rank[item.id] > rank[current.id])
        return next((item for item in later if self._is_open(item)), None) or self._first_open()

    def _back(self) -> Question:
        asked = {item.id: item for item in self._asked()}
        last = self._shown.pop()
        while self._shown and self._shown[-1] not in asked:
            self._shown.pop()
        if not self._shown:
            self.talk.say("This is the first question shown.")
            self._shown.append(last)
        question = asked[self._shown[-1]]
        self._skipped.discard(question.id)
        return question

    def _next_that_matters(self, current: Question) -> Question:
        chosen = self.consultation.assessment.next
        if chosen is None:
            self.talk.say("Nothing that could still change a verdict is unanswered. e ends.")
            return current
        self.talk.say(f"Next that matters: {chosen.because}.")
        self._skipped.discard(chosen.question)
        return self.consultation.pack.questions[chosen.question]

    def _found(self, current: Question) -> Question:
        """Return the question that was found; what decides it may itself not be asked."""
        asked = {item.id: item for item in self._asked()}
        self._skipped.discard(self._asker.found)
        return asked.get(self._asker.found, current)

    def _heading(self, question: Question) -> None:
        pack = self.consultation.pack
        ident = pack.section_of[question.id]
        if ident == self._section:
            return
        self._section = ident
        numbers = {section.id: place for place, section in enumerate(pack.sections, start=1)}
        title = next(section.title for section in pack.sections if section.id == ident)
        asked = self.consultation.asked(ident)
        done = sum(self.consultation.status(item.id) in ("answered", "unknown") for item in asked)
        self.talk.say()
        self.talk.say(
            f"Section {numbers[ident]} of {len(numbers)}: {title}. {done} of {len(asked)} answered."
        )

    # --- the end ---------------------------------------------------------------------------

    def finish(self) -> Path:
        """Say the fit, go through consent and decision, and save.

        Raises:
            Back: The clinician wants to go on with the questions.
            Leave: The clinician stops.
        """
        talk, consultation = self.talk, self.consultation
        say_fit(talk, consultation)
        waiting = sum(consultation.status(item.id) in ("open", "partial") for item in self._asked())
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
        self._look_through()
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

    def _look_through(self) -> None:
        """Say what in the texts looks like an identifier, and replace it if that is wanted.

        Raises:
            Back: The clinician wants to go on with the questions.
            Leave: The clinician stops, or the disk refuses.
        """
        talk, consultation = self.talk, self.consultation
        found = seen_before_saving(self._scanner, consultation.case)
        if not found:
            return
        talk.say("These look like identifiers of a person, which do not belong in a case:")
        for item in found:
            where = place_text(consultation.pack, consultation.case, item.place)
            talk.say(f"{where}: “{item.seen.text}”, {item.seen.title}", "  - ")
        if talk.ask_yes("Replace all of them? y, n keeps them, b: the questions"):
            try:
                replace_seen(consultation, found)
            except (OSError, ValueError) as error:
                talk.say(f"This could not be kept on disk, so not all were replaced: {error}")
                raise Leave from None
            talk.say("Replaced.")

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
