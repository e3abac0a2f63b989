"""One question: its text, its options, and the commands that every question takes."""

from __future__ import annotations

from enum import Enum

from ketatui.consultation.change_words import change_text
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import (
    Edit,
    SetAnswer,
    SetMedications,
    SetNote,
    SetRows,
    SetTrials,
)
from ketatui.consultation.entry import edit_of, parse_entry
from ketatui.consultation.numbers import range_text
from ketatui.consultation.privacy import seen_before_saving
from ketatui.consultation.question_search import find_questions
from ketatui.consultation.words import answer_text, too_old_text
from ketatui.criteria.models import Question
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.privacy import Scanner, remark
from ketatui.walk.pathway_summary import say_changes, say_fit
from ketatui.walk.rows import ask_rows
from ketatui.walk.scales import ask_items
from ketatui.walk.table_rows import ask_medications, ask_trials
from ketatui.walk.talk import Back, Talk

HELP = (
    ("?", "why it is asked, how to establish it, and sources"),
    ("u", "unknown: asked, and cannot be established"),
    ("s", "skip: leave it unanswered for now"),
    ("b", "back to the question before"),
    ("c", "clear the answer"),
    ("f", "fit so far"),
    (".", "go to the question that matters next"),
    ("/ WORDS", "find a question by any words for it, and go there"),
    ("a", "answer the rest of this section with no or none, after a look at the list"),
    ("o TEXT", "write a note on this question; o alone removes it"),
    ("z", "undo the last change"),
    ("e", "end the questions: consent, decision, save"),
    ("q", "leave; the draft is kept"),
    ("h", "this list"),
)
_FOUND = 6
"""Questions that a search lists at most."""


class Move(Enum):
    """Where to go after a question."""

    ON = "on"
    SKIP = "skip"
    BACK = "back"
    NEXT_THAT_MATTERS = "."
    FOUND = "/"
    STAY = "stay"
    END = "end"


class Asker:
    """Asks questions of one consultation."""

    def __init__(
        self, consultation: Consultation, talk: Talk, scanner: Scanner, weight_unit: str = ""
    ) -> None:
        """Nothing is asked yet."""
        self.found = ""
        self.weight_unit = weight_unit
        self.consultation = consultation
        self.talk = talk
        self.scanner = scanner

    def ask(self, question: Question) -> Move:
        """Ask one question until there is somewhere to go.

        Raises:
            Leave: The clinician stops, or the input has ended.
        """
        self._pose(question)
        if question.kind == "rows":
            return self._table(question)
        while True:
            move = self._take(question, self.talk.listen())
            if move is not None:
                return move

    def do(self, edit: Edit) -> bool:
        """Make an edit and say what it changed; False if it could not be kept on disk."""
        before = self.consultation.assessment
        seen = set(seen_before_saving(self.scanner, self.consultation.case))
        try:
            self.consultation.do(edit)
        except (OSError, ValueError) as error:
            self.talk.say(f"This could not be kept on disk, so it was not taken: {error}")
            return False
        after = seen_before_saving(self.scanner, self.consultation.case)
        if said := remark([item.seen for item in after if item not in seen]):
            self.talk.say(f"Please check: {said}. Before saving it can be replaced.")
        say_changes(self.talk, self.consultation, before)
        return True

    # --- saying ----------------------------------------------------------------------------

    def _pose(self, question: Question) -> None:
        talk = self.talk
        talk.say()
        talk.say(question.text)
        if question.asked_because is not None:
            talk.say(f"({question.asked_because})")
        for number, option in enumerate(question.options, start=1):
            talk.say(option.label, f"  {number} ")
        if question.kind != "rows":
            talk.say(self._how(question))
        pack, case = self.consultation.pack, self.consultation.case
        if item := self.consultation.stale.get(question.id):
            talk.say(f"Was {too_old_text(pack, question, case, item)}. It does not count.")
        elif self.consultation.status(question.id) != "open":
            talk.say(f"Now: {answer_text(pack, question, case)}. Enter keeps it.")
        if question.id in case.notes:
            talk.say(case.notes[question.id], "Note: ")

    def _how(self, question: Question) -> str:
        if question.kind == "bool":
            return "y yes, n no, u unknown, ? why, h help"
        if question.kind == "choice":
            return f"1 to {len(question.options)}, u unknown, ? why, h help"
        low, high = self.consultation.pack.limits_of(question)
        allowed = range_text(low, high, question.unit)
        if question.kind == "scale":
            items = self._has_items(question)
            by_item = ", i item by item" if items else ""
            return f"The total, {allowed}{by_item}, u unknown, ? why, h help"
        return f"A number, {allowed}, u unknown, ? why, h help"

    def _has_items(self, question: Question) -> bool:
        instrument = self.consultation.pack.instruments.get(question.instrument or "")
        return instrument is not None and bool(instrument.items)

    def _why(self, question: Question) -> None:
        self.talk.say(question.why, "Why: ", "  ")
        self.talk.say(question.help, "How: ", "  ")
        if question.informs is not None:
            self.talk.say(question.informs, "Informs: ", "  ")
        for source in question.sources:
            self.talk.say(self.consultation.pack.source_text(source), "Source: ", "  ")

    # --- taking ----------------------------------------------------------------------------

    def _take(self, question: Question, text: str) -> Move | None:
        """Take a line: a command, else an answer. None asks for another line."""
        if len(text) == 1:
            text = text.lower()  # With Caps Lock on a letter is the same command.
        if not text:
            if self.consultation.status(question.id) != "open":
                return Move.ON
            self.talk.say("Nothing was entered. s skips the question, h lists the commands.")
            return None
        if text == "o" or text.startswith("o "):
            self.do(SetNote(question=question.id, text=text[1:].strip()))
            self.talk.say("Noted." if text[1:].strip() else "The note is removed.")
            return None
        if text.startswith("/"):
            return self._find(text[1:].strip())
        moves = {"s": Move.SKIP, "b": Move.BACK, ".": Move.NEXT_THAT_MATTERS, "e": Move.END}
        if text in moves:
            return moves[text]
        if text in ("?", "f", "h", "u", "a", "z", "c"):
            return self._command(question, text)
        if text == "i" and self._has_items(question):
            return Move.ON if ask_items(self.talk, self.consultation, question, self.do) else None
        return self._answer(question, text)

    def _command(self, question: Question, text: str) -> Move | None:
        match text:
            case "?":
                self._why(question)
            case "f":
                say_fit(self.talk, self.consultation)
            case "h":
                for keys, what in HELP:
                    self.talk.say(what, f"  {keys:<7} ")
            case "c":
                self.do(_cleared(question))
                self.talk.say("The answer is cleared.")
            case "u":
                if question.kind == "rows" and self.consultation.status(question.id) == "answered":
                    self.talk.say("There are rows. Clear the table with c first.")
                elif self.do(SetAnswer(question=question.id, unknown=True)):
                    self.talk.say(f"{question.label}: unknown.")
                    return Move.ON
            case "a":
                return self._rest_no(question)
            case _:
                return self._undo()
        return None

    def _find(self, words: str) -> Move | None:
        """Let one of the questions be picked that words find; None where there is none."""
        found = find_questions(self.consultation, words, _FOUND)
        if not found:
            self.talk.say("No question is called so." if words else "/ and words for a question.")
            return None
        named = [f"{it.question.label}{f' ({it.hidden})' if it.hidden else ''}" for it in found]
        try:
            place = self.talk.ask_one("Which one?", named, none="stay here")
        except Back:
            return None
        if place is None:
            return None
        item = found[place]
        self.found = item.opener if item.hidden else item.question.id
        if item.hidden:
            self.talk.say(f"“{item.question.label}” is {item.hidden}.")
        return Move.FOUND if self.found else None

    def _answer(self, question: Question, text: str) -> Move | None:
        consultation = self.consultation
        entry = parse_entry(
            consultation.pack, question, text, consultation.fresh, weight_unit=self.weight_unit
        )
        if entry.value is None:
            self.talk.say(f"Not understood: {entry.problem}. h lists the commands.")
            return None
        if entry.check is not None and not self.talk.agrees(f"{entry.check}. Keep {text}? y or n"):
            self.talk.say("Not taken. Enter the number again.")
            return None
        if not self.do(edit_of(question.id, entry)):
            return None
        said = entry.said or answer_text(consultation.pack, question, consultation.case)
        self.talk.say(f"{question.label}: {said}.")
        return Move.ON

    def _rest_no(self, question: Question) -> Move | None:
        consultation = self.consultation
        section = consultation.pack.section_of[question.id]
        remaining = consultation.remaining_no(section)
        if not remaining:
            self.talk.say("Nothing is left here that no or none would answer.")
            return None
        self.talk.say("These would be answered with no or none:")
        for item, value in remaining:
            labels = {option.code: option.label for option in item.options}
            said = labels.get(str(value), "no") if item.kind == "choice" else "no"
            self.talk.say(f"{item.label}: {said}", "  - ")
        if not self.talk.agrees("Answer them so? y or n"):
            return None
        before = consultation.assessment
        try:
            count = consultation.answer_remaining(remaining)
        except (OSError, ValueError) as error:
            self.talk.say(f"This could not be kept on disk, so it was not taken: {error}")
            return None
        self.talk.say(f"{count} answered. z undoes them together.")
        say_changes(self.talk, consultation, before)
        return Move.ON

    def _undo(self) -> Move | None:
        before = self.consultation.assessment
        try:
            edit = self.consultation.undo()
        except (OSError, ValueError) as error:
            self.talk.say(f"This could not be kept on disk, so nothing was undone: {error}")
            return None
        if edit is None:
            self.talk.say("There is nothing to undo.")
            return None
        self.talk.say(f"Undone: {change_text(self.consultation.pack, edit)}.")
        say_changes(self.talk, self.consultation, before)
        return Move.STAY

    def _table(self, question: Question) -> Move:
        further = {TRIALS: ask_trials, MEDICATIONS: ask_medications}
        ask = further.get(question.id, ask_rows)
        while True:
            # The table takes names; what it does not know as one comes back as a command.
            text = ask(self.talk, self.consultation, question, self.do)
            if not text:
                return Move.ON if self.consultation.status(question.id) != "open" else Move.SKIP
            move = self._take(question, text)
            if move is not None:
                return move


def _cleared(question: Question) -> Edit:
    """Return the edit that empties the answer to a question."""
    if question.id == TRIALS:
        return SetTrials(rows=())
    if question.id == MEDICATIONS:
        return SetMedications(rows=())
    if question.kind == "rows":
        return SetRows(question=question.id, rows=())
    return SetAnswer(question=question.id)
