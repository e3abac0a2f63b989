"""A visit in plain text: its questions in order, what was seen, and closing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from ketatui.cases.errors import CaseError, ChangedOnDisk
from ketatui.cases.journal import Journal
from ketatui.cases.store import CaseStore, Stamp
from ketatui.consultation.closing import close_visit
from ketatui.consultation.numbers import range_text
from ketatui.consultation.saving import leave
from ketatui.consultation.treatment import Treatment
from ketatui.consultation.visit_entry import answers_of, parse_visit_entry
from ketatui.consultation.words import value_text
from ketatui.course.naming import course_name, visit_name
from ketatui.criteria.models import Question
from ketatui.privacy import Scanner
from ketatui.walk.identifiers import look_through
from ketatui.walk.questions import step_back
from ketatui.walk.talk import Back, Leave, Talk
from ketatui.walk.visit_session import SESSION_HELP, SessionTalk
from ketatui.walk.visit_words import say_decisions, say_worse

HELP = (
    ("?", "why it is asked, how to establish it, and sources"),
    ("u", "unknown: asked, and cannot be established"),
    ("s", "skip: leave it unanswered for now"),
    ("b", "back to the question before"),
    ("c", "clear the answer"),
    ("f", "the decisions so far"),
    (".", "go to the question that matters next"),
    ("/ WORD", "find a question by a word, and go there"),
    ("o TEXT", "write a note on this question; o alone removes it"),
    ("z", "undo the last change"),
    *SESSION_HELP,
    ("e", "end the questions: close the visit, or leave it open"),
    ("q", "leave; the draft is kept, and a clock that runs goes on"),
    ("h", "this list"),
)
_WELCOME = (
    "Decision support for professionals; the clinician decides. Nothing here tells anybody to "
    "give a dose. Every answer is kept as a draft at once. h lists the commands, q leaves."
)


@dataclass
class VisitWalk:
    """One visit in plain text.

    Attributes:
        treatment: The visit.
        store: Where the case is saved.
        journal: Its open draft.
        base: The saved case it changes.
        talk: Says and asks.
        scanner: Knows what looks like an identifier.
        now: Tells the moment, with its time zone.
        again: The command that resumes the draft.
    """

    treatment: Treatment
    store: CaseStore
    journal: Journal
    base: Stamp | None
    talk: Talk
    scanner: Scanner
    now: Callable[[], dt.datetime]
    again: str = "ketatui walk"
    _shown: list[str] = field(default_factory=list)
    _skipped: set[str] = field(default_factory=set)
    _group: str = ""

    def run(self) -> Path | None:
        """Walk through the visit.

        Returns:
            The file of the saved case; None if the draft was left.
        """
        try:
            self.talk.say(_WELCOME)
            self._say_where()
            while True:
                self._ask_all()
                try:
                    return self._close()
                except Back:
                    self._skipped.clear()
        except (Leave, KeyboardInterrupt):
            self._leave()
            return None

    def _say_where(self) -> None:
        visit, course = self.treatment.the_visit(), self.treatment.the_course()
        pathway = self.treatment.consultation.pack.pathways[course.pathway].title
        name = course_name(self.treatment.case.courses, course).lower()
        self.talk.say(f"{pathway}, {name}: {visit_name(course, visit)}, {visit.date}.")

    # --- the questions --------------------------------------------------------------------------

    def _asked(self) -> list[tuple[str, Question]]:
        groups = self.treatment.groups.items()
        return [(group, question) for group, rows in groups for question in rows]

    def _ask_all(self) -> None:
        current = self._first_open()
        while current is not None:
            self._heading(current)
            if not self._shown or self._shown[-1] != current.id:
                self._shown.append(current.id)
            where = self._ask(current)
            if where == "e":
                return
            current = self._go(where, current)

    def _go(self, where: str, current: Question) -> Question | None:
        asked = {item.id: item for _, item in self._asked()}
        if where == "b":
            before = step_back(self.talk, self._shown, asked)
            self._skipped.discard(before)
            return asked.get(before)
        if where in asked:
            self._skipped.discard(where)
            return asked[where]
        if where == "s":
            self._skipped.add(current.id)
        ids = list(asked)
        later = ids[ids.index(current.id) + 1 :] if current.id in asked else ids
        following = (asked[ident] for ident in later if self._is_open(ident))
        return next(following, None) or self._first_open()

    def _is_open(self, ident: str) -> bool:
        return self.treatment.status(ident) == "open" and ident not in self._skipped

    def _first_open(self) -> Question | None:
        return next((item for _, item in self._asked() if self._is_open(item.id)), None)

    def _heading(self, question: Question) -> None:
        group = next((name for name, item in self._asked() if item.id == question.id), "")
        if group and group != self._group:
            self._group = group
            rows = self.treatment.groups[group]
            done = sum(self.treatment.status(item.id) != "open" for item in rows)
            title = self.treatment.pack.decisions[group].title
            self.talk.say()
            self.talk.say(f"{title}. {done} of {len(rows)} answered.")

    def _ask(self, question: Question) -> str:
        """Ask until there is somewhere to go; return where: a question, ``b``, ``s``, ``e``, on."""
        self._pose(question)
        while True:
            where = self._take(question, self.talk.listen())
            if where is not None:
                return where

    def _pose(self, question: Question) -> None:
        talk, pack = self.talk, self.treatment.criteria
        talk.say()
        talk.say(question.text)
        if question.asked_because:
            talk.say(f"({question.asked_because})")
        for number, option in enumerate(question.options, start=1):
            talk.say(option.label, f"  {number} ")
        if question.kind == "bool":
            talk.say("y or n")
        elif question.kind in ("int", "decimal"):
            talk.say(range_text(question.min, question.max, question.unit))
        earlier = self.treatment.last_values().get(question.id)
        if earlier is not None:
            then = value_text(pack, question.id, earlier.value)
            talk.say(f"Last time, {earlier.date}: {then}. It is not carried forward.")
        status = self.treatment.status(question.id)
        if status == "unknown":
            talk.say("So far: unknown.")
        elif status == "answered":
            value = self.treatment.the_visit().answers[question.id]
            talk.say(f"So far: {value_text(pack, question.id, value)}.")

    def _take(self, question: Question, text: str) -> str | None:
        if not text:
            self.talk.say("Nothing was entered. s skips the question, h lists the commands.")
        elif text in ("b", "s", "e"):
            return text
        elif text == ".":
            return self._next_that_matters()
        elif text.startswith("/"):
            return self._find(text[1:].strip())
        elif text == "o" or text.startswith("o "):
            note = text[1:].strip()
            if self._do(lambda: self.treatment.note(question.id, note)):
                self.talk.say("Noted." if note else "The note is removed.")
        elif SessionTalk.is_command(text):
            SessionTalk(self.treatment, self.talk, self.now).take(text, self._do)
        elif text in ("?", "f", "h", "z", "c"):
            self._command(question, text)
        elif text == "u":
            if self._do(lambda: self.treatment.mark_unknown(question.id, at=self.now())):
                self.talk.say(f"{question.label}: unknown.")
                return "on"
        else:
            return self._answer(question, text)
        return None

    def _command(self, question: Question, text: str) -> None:
        talk, pack = self.talk, self.treatment.criteria
        if text == "?":
            talk.say(question.help)
            talk.say(f"Why: {question.why}")
            for reference in question.sources:
                talk.say(pack.source_text(reference), "  - ")
        elif text == "f":
            say_decisions(talk, self.treatment, self.now())
        elif text == "h":
            for keys, what in HELP:
                talk.say(what, f"  {keys:<10} ")
        elif text == "c":
            if self._do(lambda: self.treatment.answer(question.id, None, at=self.now())):
                talk.say("The answer is cleared.")
        else:
            done: list[bool] = []
            if self._do(lambda: done.append(self.treatment.undo())):
                talk.say("Undone." if done[0] else "Nothing to undo.")

    def _answer(self, question: Question, text: str) -> str | None:
        at = self.now()
        if question.kind == "bool":
            value = {"y": True, "yes": True, "n": False, "no": False}.get(text.casefold())
            if value is None:
                self.talk.say("Answer y or n; h lists the commands.")
                return None
            taken = self._do(lambda: self.treatment.answer(question.id, value, at=at))
            return "on" if taken else None
        if question.kind == "choice":
            if not text.isdecimal() or not 1 <= int(text) <= len(question.options):
                self.talk.say(f"A number from 1 to {len(question.options)}; h lists the commands.")
                return None
            code = question.options[int(text) - 1].code
            taken = self._do(lambda: self.treatment.answer(question.id, code, at=at))
            return "on" if taken else None
        entry = parse_visit_entry(self.treatment, question, text)
        if entry.problem is not None or entry.value is None:
            self.talk.say(f"Not taken: {entry.problem}")
            return None
        if entry.check and not self.talk.agrees(f"{entry.check}. Accept it anyway? y or n"):
            return None
        answers = answers_of(question.id, entry)
        if not self._do(lambda: self.treatment.answer_all(answers, at=at)):
            return None
        if entry.said:
            self.talk.say(f"Read as {entry.said}.")
        return "on"

    def _do(self, change: Callable[[], object]) -> bool:
        """Make a change and say what it made worse; False if it could not be kept on disk."""
        before = self.treatment.assessment
        try:
            change()
        except (OSError, ValueError) as error:
            self.talk.say(f"This could not be kept, so it was not taken: {error}")
            return False
        if self.treatment.visit is None:
            self.talk.say("The visit itself was taken back.")
            raise Leave
        say_worse(self.talk, self.treatment, before)
        return True

    def _next_that_matters(self) -> str | None:
        chosen = self.treatment.assessment.next
        if chosen is None:
            self.talk.say("Nothing that could still change a verdict is unanswered. e ends.")
            return None
        self.talk.say(f"Next that matters: {chosen.because}.")
        if chosen.question in {item.id for _, item in self._asked()}:
            return chosen.question
        label = self.treatment.criteria.questions[chosen.question].label
        self.talk.say(f"That is no question of this visit: {label}.")
        return None

    def _find(self, words: str) -> str | None:
        needle = words.casefold().split()
        for _, question in self._asked():
            text = f"{question.id} {question.label} {question.text} {question.help}".casefold()
            if needle and all(word in text for word in needle):
                return question.id
        self.talk.say("No question of this visit is called so.")
        return None

    # --- the end --------------------------------------------------------------------------------

    def _close(self) -> Path:
        """Say the decisions, and close the visit.

        Raises:
            Back: The clinician wants to go on with the questions.
            Leave: The clinician stops; the draft is kept.
        """
        talk, treatment = self.talk, self.treatment
        say_decisions(talk, treatment, self.now())
        waiting = sum(treatment.status(item.id) == "open" for _, item in self._asked())
        talk.say()
        if waiting:
            questions = "1 question is" if waiting == 1 else f"{waiting} questions are"
            talk.say(f"{questions} unanswered. b goes back to them.")
        if not talk.ask_yes("Close the visit and save the case? y, n keeps the draft, b: back"):
            raise Leave
        look_through(talk, treatment.consultation, self.scanner)
        by = talk.ask_needed("Closed by: your role or initials.")
        visit = treatment.the_visit()
        why = f"{visit_name(treatment.the_course(), visit)} of {visit.date}"
        try:
            loaded = close_visit(
                treatment, self.store, self.journal, by=by, why=why, now=self.now(), base=self.base
            )
        except (ChangedOnDisk, CaseError, OSError) as error:
            talk.say(f"Not saved: {error}")
            raise Leave from None
        talk.verbatim(f"Saved: {loaded.stamp.path}")
        return loaded.stamp.path

    def _leave(self) -> None:
        path = self.journal.path
        if leave(self.treatment.consultation, self.journal):
            self.talk.verbatim(f"The draft is kept: {path}")
            self.talk.verbatim(f"Resume it with: {self.again}")
        else:
            self.talk.say("Nothing was entered, and no draft is kept.")
