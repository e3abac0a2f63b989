"""A visit: what its keys and clicks mean."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from ketatui.cases.courses import VisitOverride
from ketatui.cases.model import Case
from ketatui.consultation.change_words import change_text
from ketatui.consultation.course_words import course_change_text, question_of
from ketatui.consultation.entry import parse_entry
from ketatui.consultation.session_rows import say_reported, say_serious
from ketatui.consultation.visit_entry import answers_of, parse_visit_entry
from ketatui.course.edits import CourseEdit, SetWeight
from ketatui.tui.actions import Action, bindings, hints_of
from ketatui.tui.screens.course_saving import close_and_save
from ketatui.tui.screens.visit_panes import VisitPanes
from ketatui.tui.session import now
from ketatui.tui.views.visit import OVERRIDE, WEIGHT
from ketatui.tui.views.visit_events import EVENT
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from ketatui.consultation.changes import Change

_LAST = "That was the last question."
_NO_QUESTION = "This line is no question: go to one first."


class VisitScreen(VisitPanes):
    """One visit of a course."""

    CONTEXTS = ("form", "visit")
    HELP_TITLE = "Visit"
    HELP_TEXT = (
        "One line a question, under the decision that it is for: may a dose be given today, is "
        "the dose one that the sources know, may the patient leave, what has to be sent, does the "
        "course go on. What was measured last stands beside an empty field and is never "
        "carried forward. Every entry is on disk before the next key. Nothing here tells anybody "
        "to give a dose: the clinician decides. Saving closes the visit and makes a revision of "
        "the case."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("visit"))

    # --- what the form tells ----------------------------------------------------------------

    def form_answered(self, key: str, value: bool | str | None) -> None:
        """Take an answer and move on."""
        if self.page == "remaining":
            self._answer_remaining(taken=bool(value))
            return
        if key.startswith(EVENT):
            self._say_serious(key, value if isinstance(value, bool) else None)
            return
        if key not in self.treatment.pack.questions:
            return
        with self.form.drawn_once():
            if value is None:
                done = self.keep(lambda: self.treatment.mark_unknown(key, at=now()))
            else:
                done = self.keep(lambda: self.treatment.answer(key, value, at=now()))
            if done:
                self._advance()

    def form_typed(self, key: str, text: str, *, confirmed: bool) -> None:
        """Take a number, or say why not."""
        if not text.strip():
            self.form.stop_typing()
            return
        if key.startswith(OVERRIDE):
            self._override(key, text.strip())
            return
        if key.startswith(EVENT):
            self._say_reported(key, text)
            return
        weight = self.treatment.pack.info.weight
        weighed = weight if key == WEIGHT else None
        if weighed is not None:
            pack = self.treatment.consultation.pack
            unit = self.keta.resources.settings.weight_unit
            asked = pack.questions[weighed]
            entry = parse_entry(pack, asked, text, Case(), weight_unit=unit)
        else:
            entry = parse_visit_entry(self.treatment, self.treatment.pack.questions[key], text)
        if entry.problem is not None or entry.value is None:
            self.form.refuse(problem=entry.problem or "")
        elif entry.check is not None and not confirmed:
            self.form.refuse(check=f"{entry.check}; Enter accepts it anyway")
        else:
            value, answers = str(entry.value), answers_of(key, entry)
            self._take(
                (lambda: self._weigh(value))
                if weighed is not None
                else lambda: self.treatment.answer_all(answers, at=now()),
                also=len(answers) - 1,
                said=entry.said,
            )

    def _say_serious(self, key: str, value: bool | None) -> None:
        place, by = int(key.split(":")[1]), self.keta.resources.settings.by
        with self.form.drawn_once():
            if self.keep(lambda: say_serious(self.treatment, place, value, at=now(), by=by)):
                self._advance()

    def _say_reported(self, key: str, text: str) -> None:
        place, by = int(key.split(":")[1]), self.keta.resources.settings.by
        problem: list[str] = []
        with self.form.drawn_once():
            if self.keep(
                lambda: problem.append(say_reported(self.treatment, place, text, at=now(), by=by))
            ):
                if problem[0]:
                    self.form.refuse(problem=problem[0])
                else:
                    self.form.stop_typing()
                    self._advance()

    def _take(self, change: Callable[[], object], *, also: int, said: str) -> None:
        with self.form.drawn_once():
            self.form.stop_typing()
            if not self.keep(change):
                return
            for _ in range(1 + also):
                self._advance()
            # What an answer has made worse matters more than how it was read, which is above it.
            if said and self._notice is None:
                self.say(f"Read as {said}. Ctrl+Z undoes it.")

    def _weigh(self, weight_kg: str | None) -> None:
        course, visit = self.treatment.the_course().id, self.treatment.the_visit().number
        self.treatment.do(SetWeight(course=course, visit=visit, weight_kg=weight_kg))

    def _override(self, key: str, reason: str) -> None:
        """Set a finding aside; an override carries a name."""
        self.form.stop_typing()
        by = self.opened.amended_by or self.keta.resources.settings.by
        if by:
            self._set_aside(key, reason, by)
            return
        # The reason waits where it was typed until the name is there.
        self._reasons[key] = reason
        self.form.set_items(self._items())

        def named(text: str | None) -> None:
            self.form.focus()
            name = (text or "").strip()
            if name:
                self.opened.amended_by = name
                self._set_aside(key, reason, name)
            else:
                self.say("Not set aside: an override carries a name. Enter twice.", "problem")

        self.query_one(Prompt).ask("Set aside by (your name or initials)", "", named)

    def _set_aside(self, key: str, reason: str, by: str) -> None:
        decision, _, rule = key.removeprefix(OVERRIDE).partition("/")
        made = VisitOverride(decision=decision, rule=rule, reason=reason, by=by, at=now())
        if self.keep(lambda: self.treatment.set_aside(made)):
            self._reasons.pop(key, None)

    def _advance(self) -> None:
        before, moved = self.form.item, self.form.advance()
        after = self.form.item
        if moved and before is not None and after is not None and after.kind == "text":
            # A letter there begins a reason: nobody comes to such a line but on purpose.
            self.form.focus_on(before.key)
            self.say("A text follows: ↓ goes there. s closes the visit and saves it.")
        elif not moved:
            self.say(_LAST)
        self._draw_groups()

    def _hints(self) -> list[str]:
        """While a list waits for a yes, commands have no place."""
        if self.page == "remaining":
            return ["y answers them", "n leaves them open", "Esc back", "? keys"]
        return super()._hints()

    def offered(self, said: str) -> Sequence[str]:
        """Offer to save behind the last question."""
        keymap = self.keta.resources.settings.keymap
        return hints_of(keymap, "visit.save") if said == _LAST else ()

    def form_cleared(self, key: str) -> None:
        """Take an answer away."""
        if key == WEIGHT:
            self.keep(lambda: self._weigh(None))
        elif key.startswith(OVERRIDE):
            decision, _, rule = key.removeprefix(OVERRIDE).partition("/")
            self._reasons.pop(key, None)
            self.keep(lambda: self.treatment.take_back(decision, rule))
        elif key.startswith(EVENT) and key.endswith(":serious"):
            place, by = int(key.split(":")[1]), self.keta.resources.settings.by
            self.keep(lambda: say_serious(self.treatment, place, None, at=now(), by=by))
        elif key.startswith(EVENT):
            place, by = int(key.split(":")[1]), self.keta.resources.settings.by
            self.keep(lambda: say_reported(self.treatment, place, "", at=now(), by=by))
        elif key in self.treatment.pack.questions:
            self.keep(lambda: self.treatment.answer(key, None, at=now()))

    def form_activated(self, key: str) -> None:
        """Go to what was found."""
        if self.page == "find":
            self.go_to(key)

    def form_moved(self, key: str) -> None:
        """Forget what was said about the line before."""
        if self.why:
            self.why = False
            self.form.set_items(self._items())
        self._draw_groups()
        if self._notice is not None:
            self.say("")

    @on(LineView.Pressed, "#fit, #strip")
    def _decision_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        if event.target == "next":
            self.action_next()
        else:
            self.action_explain(event.target.removeprefix("pathway:"))

    @on(LineView.Pressed, "#sections")
    def _group_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        if event.target in self.treatment.groups:
            self.to_group(event.target)

    # --- the other keys ---------------------------------------------------------------------

    def action_next(self) -> None:
        """Jump to the question that matters next."""
        upcoming = self.treatment.assessment.next
        if upcoming is None:
            self.say("Nothing unanswered can change a verdict.")
        elif upcoming.question in self.treatment.pack.questions:
            self.go_to(upcoming.question)
        else:
            label = self.treatment.criteria.questions[upcoming.question].label
            self.say(f"What matters next is no question of this visit: {label}.")

    def action_explain(self, decision: str | None = None) -> None:
        """Explain the verdicts."""
        self.keta.go("visit.explain", self.treatment, decision or self.group)

    def action_why(self) -> None:
        """Show or hide why the focused question is asked, and its sources."""
        if self.focused_question() is None:
            self.say(_NO_QUESTION)
            return
        self.why = not self.why
        self.form.set_items(self._items())

    def action_find(self) -> None:
        """Find a question as one types."""
        self.find_as_one_types(self.treatment.pack.questions, lambda ident, _: self.go_to(ident))

    def action_note(self) -> None:
        """Write a note on the focused question."""
        question = self.focused_question()
        if question is None:
            self.say(_NO_QUESTION)
            return
        if self.page != "visit":
            return

        def keep(text: str) -> bool:
            return self.keep(lambda: self.treatment.note(question.id, text))

        self.ask_note(question, self.treatment.the_visit().notes.get(question.id, ""), keep)

    def action_all_no(self) -> None:
        """List what would be answered no or none, and ask."""
        if self.page != "visit":
            return
        self._group = self.group
        if self.treatment.remaining_no(self._group):
            self.show_page("remaining", fresh=True)
        else:
            self.say("Nothing here is left to answer no or none.")

    def _answer_remaining(self, *, taken: bool) -> None:
        group, remaining = self._group, self.treatment.remaining_no(self._group)
        self.show_page()
        if not taken:
            self.to_group(group)
        elif self.keep(lambda: self.treatment.answer_all(remaining, at=now())):
            if not self.to_first_open(group):
                self.to_group(group)
                self.action_section(1)
            self.say(f"{len(remaining)} answered no or none; Ctrl+Z undoes them all.")

    def action_undo(self) -> None:
        """Take back the last edit."""
        self._step_in_time("Undone", self.treatment.consultation.undo)

    def action_redo(self) -> None:
        """Make it again."""
        self._step_in_time("Redone", self.treatment.consultation.redo)

    def _step_in_time(self, said: str, move: Callable[[], Change | None]) -> None:
        taken: list[Change | None] = []
        pack = self.treatment.criteria
        if not self.keep(lambda: taken.append(move())) or self.treatment.visit is None:
            return
        change = taken[0]
        if change is None:
            self.say("Nothing to undo." if said == "Undone" else "Nothing to redo.")
        elif isinstance(change, CourseEdit):
            with self.form.drawn_once():
                self.form.focus_on(question_of(change))
                self._draw_groups()
            self.say(f"{said}: {course_change_text(pack, change)}.")
        else:
            self.say(f"{said}: {change_text(pack, change)}.")

    def available(self, action: Action) -> bool:
        """Only what a line has: a question its why and its note; a review has no session."""
        if action.id in ("visit.why", "visit.note"):
            return self.focused_question() is not None
        watched = action.id != "visit.session" or self.treatment.the_visit().kind == "session"
        return watched and super().available(action)

    def action_session(self) -> None:
        """Watch the session."""
        if self.treatment.the_visit().kind == "session":
            self.keta.go("session", self.opened, self.treatment)
        else:
            self.say("A review has no session to watch.")

    def action_save(self) -> None:
        """Close the visit: a revision of the case."""
        close_and_save(self, self.opened, self.treatment, self._saved)

    def action_back(self) -> None:
        """Go back one step: to the questions, or to the course; the draft stays."""
        if self.page != "visit":
            self.show_page(fresh=True)
        else:
            self.dismiss()
