"""The questions of a consultation, one after the other, with all ways back and forth."""

from __future__ import annotations

from collections.abc import Container

from ketatui.consultation.consultation import Consultation
from ketatui.criteria.models import Question
from ketatui.walk.asking import Asker, Move
from ketatui.walk.talk import Talk


def step_back(talk: Talk, shown: list[str], asked: Container[str]) -> str:
    """Return the question shown before that is still asked, or say that there is none.

    Args:
        talk: Says so.
        shown: Ids of the questions shown so far; those gone back over are taken off.
        asked: Ids of the questions asked now.
    """
    last = shown.pop()
    while shown and shown[-1] not in asked:
        shown.pop()
    if not shown:
        talk.say("This is the first question shown.")
        shown.append(last)
    return shown[-1]


class Questions:
    """Asks the questions of one consultation until nothing is left, or somebody ends it."""

    def __init__(self, consultation: Consultation, talk: Talk, asker: Asker) -> None:
        """Args: what is worked on, who says and asks, and who takes one answer."""
        self.consultation = consultation
        self.talk = talk
        self.asker = asker
        self.skipped: set[str] = set()
        self._shown: list[str] = []
        self._section = ""

    def ask_all(self) -> None:
        """Ask until nothing is left to ask, or the clinician ends it.

        Raises:
            Leave: The clinician stops.
        """
        current = self._first_open() or self._last_shown()
        while current is not None:
            self._heading(current)
            if not self._shown or self._shown[-1] != current.id:
                self._shown.append(current.id)
            move = self.asker.ask(current)
            if move is Move.END:
                return
            if move is Move.BACK:
                current = self._back()
            elif move is Move.STAY:
                # What was taken back may have been why this question is asked.
                current = current if current in self.asked() else self._first_open()
            elif move is Move.NEXT_THAT_MATTERS:
                current = self._next_that_matters(current)
            elif move is Move.FOUND:
                current = self._found(current)
            else:
                if move is Move.SKIP:
                    self.skipped.add(current.id)
                current = self._after(current)

    def asked(self) -> list[Question]:
        """Return all questions asked now, in the order of the consultation."""
        sections = self.consultation.pack.sections
        return [item for section in sections for item in self.consultation.asked(section.id)]

    def _is_open(self, question: Question) -> bool:
        waits = self.consultation.status(question.id) in ("open", "partial")
        return waits and question.id not in self.skipped

    def _first_open(self) -> Question | None:
        return next((item for item in self.asked() if self._is_open(item)), None)

    def _last_shown(self) -> Question | None:
        """Return where to go back to when everything is answered."""
        asked = {item.id: item for item in self.asked()}
        return next((asked[ident] for ident in reversed(self._shown) if ident in asked), None)

    def _after(self, current: Question) -> Question | None:
        rank = self.consultation.knowledge.rank_of_question
        later = (item for item in self.asked() if rank[item.id] > rank[current.id])
        return next((item for item in later if self._is_open(item)), None) or self._first_open()

    def _back(self) -> Question:
        asked = {item.id: item for item in self.asked()}
        question = asked[step_back(self.talk, self._shown, asked)]
        self.skipped.discard(question.id)
        return question

    def _next_that_matters(self, current: Question) -> Question:
        chosen = self.consultation.assessment.next
        if chosen is None:
            self.talk.say("Nothing that could still change a verdict is unanswered. e ends.")
            return current
        self.talk.say(f"Next that matters: {chosen.because}.")
        self.skipped.discard(chosen.question)
        return self.consultation.pack.questions[chosen.question]

    def _found(self, current: Question) -> Question:
        """Return the question that was found; what decides it may itself not be asked."""
        asked = {item.id: item for item in self.asked()}
        self.skipped.discard(self.asker.found)
        return asked.get(self.asker.found, current)

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
