"""Answering: what the keys and clicks of a consultation mean that change and find answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events, on

from ketatui.consultation.change_words import change_text
from ketatui.consultation.edits import SetAnswer, SetNote, Together
from ketatui.consultation.entry import Entry, edit_of, parse_entry, pressure_in
from ketatui.consultation.numbers import letter_behind
from ketatui.consultation.question_search import find_questions
from ketatui.criteria.vocabulary import MEDICATIONS
from ketatui.tui.actions import meant
from ketatui.tui.bound_keys import bindings_of
from ketatui.tui.screens.panes import ConsultationPanes
from ketatui.tui.views.answer_keys import letter_is_text, own_hints
from ketatui.tui.views.lines import shortened
from ketatui.tui.views.question_lists import CONFIRM_YES
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from ketatui.consultation.changes import Change

_SAME_LINE = 2.0
"""Seconds between two keys within which they are of one line."""
_BOTH = 2
"""Answers that one text gives at most: both blood pressures."""


class AnsweringScreen(ConsultationPanes):
    """The panes with everything that answers; what is told about the answers is for others."""

    # --- changing ---------------------------------------------------------------------------

    def form_answered(self, key: str, value: bool | str | None) -> None:
        """Take an answer and move on."""
        if self.page == "remaining":
            if value:
                self._answer_remaining(yes=key == CONFIRM_YES)
            else:
                self.show_page()
                self.form.focus_on(self._left)
            return
        if self.page == "pasted":
            self._take_pasted(str(value))
            return
        if self.editor is not None:
            self.editor.answered(key, value)
            return
        if key not in self.consultation.pack.questions:
            return
        edit = SetAnswer(question=key, value=value, unknown=value is None)
        with self.form.drawn_once():
            if self.do(edit):
                self.advance()
                self._answered = key

    def form_typed(self, key: str, text: str, *, confirmed: bool) -> None:
        """Take a number or text, or say why not."""
        if self.editor is not None:
            self.editor.typed(key, text, confirmed=confirmed)
            return
        question = self.consultation.pack.questions[key]
        if not text.strip():
            self.form.stop_typing()
            return
        entry = parse_entry(
            self.consultation.pack,
            question,
            text,
            self.consultation.fresh,
            weight_unit=self.keta.resources.settings.weight_unit,
        )
        if entry.problem is not None or entry.value is None:
            self.form.refuse(problem=entry.problem or "")
        elif entry.check is not None and not confirmed:
            self.form.refuse(check=f"{entry.check}; Enter accepts it anyway")
        else:
            self._take_entry(question.id, entry)

    def _take_entry(self, ident: str, entry: Entry) -> None:
        """Take what was typed, with what was typed beside it, and say what it was read as."""
        with self.form.drawn_once():
            self.form.stop_typing()
            if self.do(edit_of(ident, entry)):
                self.advance()
                for _ in entry.also:
                    # Answered with it: not asked for once more.
                    if self.form.item is not None and self.form.item.key in dict(entry.also):
                        self.advance()
                self._answered = ident
                if entry.said:
                    self.say(f"Read as {entry.said}. Ctrl+Z undoes it.")

    def form_left(self, key: str) -> None:
        """Let a table say what Esc means where nothing was typed."""
        if self.editor is not None:
            self.editor.left(key)

    def holds_back(self, event: events.Key) -> bool:
        """While a table is filled, what is typed is text and no command, until Esc."""
        if self.page not in ("table", "pasted") or event.key == "question_mark":
            return False
        if not event.is_printable or any(bindings_of(self.form, key) for key in meant(event.key)):
            return False
        if self.page == "pasted":
            self.say("Say first what the text is for.", "caution")
            return True
        self._held = event.character or ""
        self._held_at = self.form.now()
        self.say("No command while a table is filled. Esc goes back to the questions.", "caution")
        return True

    def goes_on_holding(self, event: events.Key) -> bool:
        """Hold back the whole of a line that began with a letter where none is taken.

        What is typed one line late must not leave its digits behind as an answer.
        """
        held, self._held = self._held, ""
        late = self.form.now() - self._held_at > _SAME_LINE
        if not held or late or self.page != "table" or event.key == "question_mark":
            return False
        if event.key == "enter":
            self.say(f"Not taken: “{shortened(held)}”. No text is asked for here.", "caution")
            return True
        if not event.is_printable or not event.character:
            return False
        self._held, self._held_at = held + event.character, self.form.now()
        text = shortened(self._held)
        self.say(f"No text is asked for here; not taken: “{text}”. Enter ends it.", "caution")
        return True

    def form_number_remark(self, key: str, text: str) -> str:
        """Say of a letter behind a number that it is text, where it would be a command."""
        asked = self.consultation.pack.questions.get(key)
        if self.editor is not None or asked is None:
            return ""
        letter = letter_behind(text, asked.unit, asked.also_in)
        return letter_is_text(letter, self.actions(), self.keta.resources.settings.keymap)

    def form_pasted(self, key: str, text: str) -> bool:
        """Let a table make rows of pasted lines."""
        return self.editor is not None and self.editor.pasted(key, text)

    def pasted_outside(self, text: str) -> None:
        """Ask what a pasted text is for: none of it is taken for keys."""
        if self.page == "pasted":
            # More of it, before anybody said what it is for.
            self._pasted = f"{self._pasted}\n{text}"
        else:
            question = self.focused_question()
            self._left = question.id if question else ""
            self._pasted = text
        self.show_page("pasted", fresh=True)

    def _take_pasted(self, use: str) -> None:
        text, ident = self._pasted, self._left
        self.show_page(fresh=True)
        self.form.focus_on(ident)
        if use == "medicines":
            self.open_table(MEDICATIONS)
            self.form.take_paste(text.strip())
        elif use == "note":
            self.action_note(" ".join(text.split()))
        else:
            self.say("The pasted text was dropped.")

    def form_cleared(self, key: str) -> None:
        """Take an answer away."""
        if self.editor is not None:
            self.editor.cleared(key)
        elif key in self.consultation.pack.questions:
            self.do(SetAnswer(question=key))

    def form_activated(self, key: str) -> None:
        """Open what the line stands for."""
        if self.page == "find":
            self._go_to_found(key)
        elif self.page == "sections":
            self.go_to_section(key)
        elif self.editor is not None:
            self.editor.activated(key)
        else:
            self.open_table(key)

    def form_moved(self, key: str) -> None:
        """Forget what was said about the line before."""
        self._answered = ""
        if self.why:
            self.why = False
            self.form.set_items(self._items())
        if self._notice is not None:
            self.say("")
        elif self.page == "table":
            self.show_hint()
        self.rest()

    def _hints(self) -> list[str]:
        """While a table is filled, or a list waits for a yes, commands have no place."""
        if self.page == "remaining":
            return ["y answers them", "n leaves them open", "Esc back", "? keys"]
        if self.page in ("pasted", "sections") and self.form.item is not None:
            leaves = "Esc drops it" if self.page == "pasted" else "Esc back"
            return [*own_hints(self.form.item), leaves, "? keys"]
        hints = super()._hints()
        item = self.form.item
        typing = self.form.typing
        if self.page == "table" and typing is not None and not typing.text:
            return ["Letters are text", "Enter adds the row", "Esc ends the table"]
        if self.page != "table" or item is None or self._takes_text() or item.kind == "text":
            return hints
        keys = {
            "bool": ["y yes", "n no"],
            "choice": own_hints(item),
            "tick": ["y picks", "n takes back"],
        }.get(item.kind, [])
        enter = ["Enter changes it"] if item.takes_text else ["Enter opens"]
        enter = [] if item.kind in ("bool", "choice") and not item.editable else enter
        return [*keys, *enter, "Backspace clears", "↑ ↓ moves", "Esc back", "? keys"]

    @on(LineView.Pressed, "#sections")
    def _section_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        if event.target in self.consultation.pack.by_section:
            self.go_to_section(event.target)
        else:
            self.contradictions_pressed()

    @on(LineView.Pressed, "#crumbs")
    def _crumbs_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        self.action_sections()

    def contradictions_pressed(self) -> None:
        """Go where the remark on contradictions leads, which was clicked."""

    # --- moving -----------------------------------------------------------------------------

    def action_sections(self) -> None:
        """Show the list of sections."""
        self.show_page("sections", fresh=True)
        self.form.focus_on(self.section)

    def action_find(self) -> None:
        """Find a question as one types, or answer one by a blood pressure."""
        pack = self.consultation.pack

        def go_to(ident: str, text: str) -> None:
            if pressure_in(pack, text) is None:
                self._go_to_found(ident)
                return
            self.go_to(ident)
            self.form.begin_typing()
            self.form.retype(text)
            self.form_typed(ident, text, confirmed=False)

        self.find_as_one_types(pack.questions, go_to)

    def _go_to_found(self, ident: str) -> None:
        """Go to a question; from one that is not asked to the one that decides it."""
        found = next(
            (it for it in find_questions(self.consultation, ident) if it.question.id == ident), None
        )
        if found is None or not found.hidden:
            self.go_to(ident)
            if self.consultation.pack.questions[ident].kind == "rows":
                # Whoever looks for a table wants to write in it.
                self.open_table(ident)
            return
        self.go_to(found.opener or ident)
        label = found.question.label
        self.say(f"“{label}” is {found.hidden}: this question decides it.", "caution")

    # --- the other keys ---------------------------------------------------------------------

    def action_note(self, added: str = "") -> None:
        """Write a note on the question just answered, else on the focused one.

        Args:
            added: A text that the note is to get, for the person to look over.
        """
        question = self.consultation.pack.questions.get(self._answered) or self.focused_question()
        self._answered = ""
        if question is None:
            return

        def keep(text: str) -> bool:
            return self.do(SetNote(question=question.id, text=text))

        self.ask_note(question, self.consultation.case.notes.get(question.id, ""), keep)
        if added:
            self.query_one(Prompt).paste(added)

    def action_all_no(self) -> None:
        """List what would be answered no or none, and ask."""
        if self.page != "section":
            return
        known = self.consultation
        if known.remaining_no(self.section) or len(known.remaining_yes(self.section)) > 1:
            self._left = self.form.item.key if self.form.item else ""
            self._notice = None
            self.show_page("remaining", fresh=True)
        else:
            self.say("Nothing in this section is left to answer no or none.")

    def _answer_remaining(self, *, yes: bool) -> None:
        known, section = self.consultation, self.section
        remaining = known.remaining_yes(section) if yes else known.remaining_no(section)
        self.show_page()
        if self.keep(lambda: known.answer_remaining(remaining)):
            if any(self.consultation.status(q.id) == "open" for q in self.asked()):
                self.to_first_open()
            else:
                self.action_section(1, wrap=False)
            said = "yes" if yes else "no or none"
            self.say(f"{len(remaining)} answered {said}; Ctrl+Z undoes them all.")

    def action_undo(self) -> None:
        """Undo the last edit."""
        self._take("Undone", self.consultation.undo)

    def action_redo(self) -> None:
        """Redo it."""
        self._take("Redone", self.consultation.redo)

    def _take(self, said: str, move: Callable[[], Change | None]) -> None:
        taken: list[Change | None] = []
        if not self.keep(lambda: taken.append(move())):
            return
        edit = taken[0]
        if edit is None:
            self.say("Nothing to undo." if said == "Undone" else "Nothing to redo.")
            return
        first = edit.edits[0] if isinstance(edit, Together) and len(edit.edits) == _BOTH else edit
        ident = getattr(first, "question", "")
        if ident in self.consultation.pack.questions and self.page == "section":
            with self.form.drawn_once():
                if not self.form.focus_on(ident):
                    self.go_to(ident)
        self.say(f"{said}: {change_text(self.consultation.pack, edit)}")

    def action_back(self) -> None:
        """Go back one step: to the questions, or home."""
        if self.page == "table":
            if self.editor is None or not self.editor.back():
                self.close_table()
        elif self.page == "pasted":
            self._take_pasted("drop")
        elif self.page != "section":
            self.show_page(fresh=True)
        else:
            self.keta.close_case()
            self.dismiss()
