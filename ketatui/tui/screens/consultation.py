"""Consultation: sections, questions and fit, side by side or one at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from ketatui.consultation.edits import Edit, SetAnswer, SetLabel, SetNote
from ketatui.consultation.entry import parse_entry
from ketatui.criteria.models import Question
from ketatui.tui.actions import bindings
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.screens.tables import TableEditor
from ketatui.tui.session import OpenCase, now
from ketatui.tui.views.finding import found_items, remaining_items, section_items
from ketatui.tui.views.fit import fit_lines, strip_line
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Span
from ketatui.tui.views.questions import (
    breadcrumb,
    question_items,
    section_lines,
    title_line,
    turnover_text,
)
from ketatui.tui.widgets.form_list import FormList
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.prompt import Prompt


class ConsultationScreen(KetaScreen):
    """The main screen.

    The form in the middle shows one *page*: the questions of a section, a table, a scale item
    by item, the search, the list of sections, or what "all remaining no" would answer.
    """

    CONTEXTS = ("form", "consultation")
    HELP_TITLE = "Consultation"
    HELP_TEXT = (
        "One line a question; the focused one opens. Answering moves on to the next line. Every "
        "answer is on disk before the next key. On the right (or in the line under the title) "
        "stands what the criteria say about each pathway so far; . jumps to the question that "
        "matters next, e explains every verdict."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("consultation"))

    def __init__(self, opened: OpenCase, notice: str = "") -> None:
        """Args: the open case, and something to say at first."""
        super().__init__()
        self.opened = opened
        self.consultation = opened.consultation
        self.section = self.consultation.pack.sections[0].id
        self.page = "section"
        self.editor: TableEditor | None = None
        self.why = False
        self._search = ""
        self._notice: Span | None = (notice, "caution") if notice else None

    def compose(self) -> ComposeResult:
        """Lay out the bars and the three panes."""
        yield LineView(id="title", classes="bar")
        yield LineView(id="strip", classes="bar")
        yield LineView(id="crumbs", classes="bar")
        with Horizontal(id="panes"):
            yield LineView(id="sections")
            yield FormList(id="form")
            yield LineView(id="fit")
        yield Prompt(id="prompt")
        yield LineView(id="hint", classes="bar")

    def on_mount(self) -> None:
        """Begin where the first question is open."""
        self.form.focus()
        for section in self.consultation.pack.sections:
            if any(
                self.consultation.status(question.id) == "open"
                for question in self.consultation.asked(section.id)
            ):
                self.section = section.id
                break
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.show_page(fresh=True)
        self._to_first_open()

    # --- drawing ------------------------------------------------------------------------------

    @property
    def form(self) -> FormList:
        """The form in the middle."""
        return self.query_one("#form", FormList)

    def redraw(self) -> None:
        """Draw all panes from the state."""
        if not self.is_mounted:
            return
        consultation = self.consultation
        width = self.app.size.width
        self.query_one("#title", LineView).show([title_line(consultation, self._kept(), width)])
        sections = self.query_one("#sections", LineView)
        if sections.display:
            sections.show(
                section_lines(consultation, self.section, max(sections.content_size.width, 12))
            )
        fit = self.query_one("#fit", LineView)
        if fit.display:
            size = fit.content_size
            fit.show(fit_lines(consultation, max(size.width, 20), size.height))
        strip = self.query_one("#strip", LineView)
        if strip.display:
            strip.show([strip_line(consultation, width)])
        crumbs = self.query_one("#crumbs", LineView)
        if crumbs.display:
            crumbs.show([breadcrumb(consultation, self.section, width)])
        self.form.set_items(self._items())
        self.show_hint(self._notice)

    def _kept(self) -> str:
        if self.opened.failed:
            return f"NOT KEPT: {self.opened.failed}"
        if self.opened.kept_at is None:
            return "draft"
        return f"draft, on disk {self.opened.kept_at:%H:%M:%S}"

    def _items(self) -> list[FormItem]:
        match self.page:
            case "find":
                return found_items(self.consultation, self._search)
            case "sections":
                return section_items(self.consultation)
            case "remaining":
                return remaining_items(self.consultation, self.section)
            case "table" if self.editor is not None:
                return self.editor.items()
            case _:
                return question_items(self.consultation, self.section, why=self.why)

    def show_page(self, page: str = "section", *, fresh: bool = False) -> None:
        """Turn the form to a page."""
        changed = fresh or page != self.page
        self.page = page
        if page != "table":
            self.editor = None
        if changed:
            self.form.set_items(self._items(), fresh=True)
        self.redraw()

    def say(self, text: str, role: str = "info") -> None:
        """Say something on the hint line until the next change."""
        self._notice = (text, role) if text else None
        self.show_hint(self._notice)

    # --- changing ---------------------------------------------------------------------------

    def do(self, edit: Edit) -> bool:
        """Make an edit and draw what changed; return whether it is on disk."""
        return self._kept_after(lambda: self.consultation.do(edit))

    def _kept_after(self, change: Callable[[], object]) -> bool:
        asked = self.consultation.assessment.asked
        try:
            change()
        except OSError as error:
            self.opened.failed = error.strerror or type(error).__name__
            self.say(
                f"This answer could not be written to disk ({self.opened.failed}); it was not "
                "taken. Make room or check the folder, then answer again.",
                "problem",
            )
            self.redraw()
            return False
        self.opened.failed = ""
        self.opened.kept_at = now()
        came_and_went = turnover_text(self.consultation, asked)
        self._notice = (came_and_went, "info") if came_and_went else None
        self.why = False
        self.redraw()
        return True

    @on(FormList.Answered)
    def _answered(self, event: FormList.Answered) -> None:
        event.stop()
        if self.page == "remaining":
            if event.value:
                self._answer_remaining()
            else:
                self.show_page()
            return
        if self.editor is not None:
            self.editor.answered(event.key, event.value)
            return
        if event.key not in self.consultation.pack.questions:
            return
        edit = SetAnswer(question=event.key, value=event.value, unknown=event.value is None)
        if self.do(edit):
            self._advance()

    @on(FormList.Typed)
    def _typed(self, event: FormList.Typed) -> None:
        event.stop()
        if self.editor is not None:
            self.editor.typed(event.key, event.text, confirmed=event.confirmed)
            return
        question = self.consultation.pack.questions[event.key]
        if not event.text.strip():
            self.form.stop_typing()
            return
        entry = parse_entry(self.consultation.pack, question, event.text, self.consultation.case)
        if entry.problem is not None or entry.value is None:
            self.form.refuse(problem=entry.problem or "")
        elif entry.check is not None and not event.confirmed:
            self.form.refuse(check=f"{entry.check}; Enter takes it all the same")
        else:
            value = entry.value if isinstance(entry.value, bool | int) else str(entry.value)
            self.form.stop_typing()
            if self.do(SetAnswer(question=question.id, value=value)):
                self._advance()

    @on(FormList.Cleared)
    def _cleared(self, event: FormList.Cleared) -> None:
        event.stop()
        if self.editor is not None:
            self.editor.cleared(event.key)
        elif event.key in self.consultation.pack.questions:
            self.do(SetAnswer(question=event.key))

    @on(FormList.Activated)
    def _activated(self, event: FormList.Activated) -> None:
        event.stop()
        if self.page == "find":
            self._go_to(event.key)
        elif self.page == "sections":
            self._go_to_section(event.key)
        elif self.editor is not None:
            self.editor.activated(event.key)
        else:
            self._open_table(event.key)

    @on(FormList.Moved)
    def _moved(self, event: FormList.Moved) -> None:
        event.stop()
        if self.why:
            self.why = False
            self.form.set_items(self._items())
        if self._notice is not None:
            self.say("")

    @on(LineView.Pressed, "#sections")
    def _section_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        if event.target == "contradictions":
            self.action_explain()
        else:
            self._go_to_section(event.target)

    @on(LineView.Pressed, "#fit, #strip")
    def _fit_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        if event.target == "next":
            self.action_next()
        else:
            self.action_explain(event.target.removeprefix("pathway:"))

    def _advance(self) -> None:
        """Answering moves on: to the next line, at the end to the next section."""
        if self.page == "section" and not self.form.advance():
            self.action_section(1, wrap=False)

    def _open_table(self, ident: str) -> None:
        self.editor = TableEditor(self, ident)
        self.page = "table"
        self.form.set_items(self._items(), fresh=True)
        self.editor.start()
        self.redraw()

    def close_table(self) -> None:
        """Return from a table to its line among the questions."""
        ident = self.editor.question.id if self.editor else ""
        self.show_page()
        self.form.focus_on(ident)
        if self.consultation.status(ident) == "answered":
            self._advance()

    # --- moving -----------------------------------------------------------------------------

    def _go_to(self, ident: str) -> None:
        self.section = self.consultation.pack.section_of[ident]
        self.show_page(fresh=True)
        self.form.focus_on(ident)

    def _go_to_section(self, section: str) -> None:
        self.section = section
        self.show_page(fresh=True)
        self._to_first_open()

    def _to_first_open(self) -> None:
        for question in self.consultation.asked(self.section):
            if self.consultation.status(question.id) == "open":
                self.form.focus_on(question.id)
                return

    def _asked(self) -> tuple[Question, ...]:
        return self.consultation.asked(self.section)

    def _focused(self) -> Question | None:
        item = self.form.item
        return self.consultation.pack.questions.get(item.key) if item is not None else None

    def action_section(self, step: int, wrap: bool = True) -> None:
        """Go to another section."""
        ids = [section.id for section in self.consultation.pack.sections]
        place = ids.index(self.section) + step
        if wrap or 0 <= place < len(ids):
            self._go_to_section(ids[place % len(ids)])
        else:
            self.say("The last question. c goes on to consent, d to the decision.", "info")

    def action_sections(self) -> None:
        """Show the list of sections."""
        self.show_page("sections", fresh=True)
        self.form.focus_on(self.section)

    def action_next(self) -> None:
        """Jump to the question that matters next."""
        upcoming = self.consultation.assessment.next
        if upcoming is None:
            self.say("Nothing unanswered can change a verdict.")
        else:
            self._go_to(upcoming.question)

    def action_find(self) -> None:
        """Find a question as one types."""
        self._search = ""
        self.show_page("find", fresh=True)

        def typing(text: str) -> None:
            self._search = text
            self.form.set_items(self._items(), fresh=True)

        def done(text: str | None) -> None:
            self.form.focus()
            item = self.form.item
            if text is None or item is None or item.key not in self.consultation.pack.questions:
                self.show_page()
            else:
                self._go_to(item.key)

        self.query_one(Prompt).ask("Find", "", done, typing=typing)

    # --- the other keys ---------------------------------------------------------------------

    def action_why(self) -> None:
        """Show or hide why the focused question is asked, and its sources."""
        self.why = not self.why
        self.form.set_items(self._items())

    def action_note(self) -> None:
        """Write a note on the focused question."""
        question = self._focused()
        if question is None:
            return

        def done(text: str | None) -> None:
            self.form.focus()
            if text is not None:
                self.do(SetNote(question=question.id, text=text))

        note = self.consultation.case.notes.get(question.id, "")
        self.query_one(Prompt).ask("Note (no names)", note, done)

    def action_label(self) -> None:
        """Label the case."""

        def done(text: str | None) -> None:
            self.form.focus()
            if text is not None:
                self.do(SetLabel(text=text))

        label = self.consultation.case.label
        self.query_one(Prompt).ask("Label (no names)", label, done, limit=80)

    def action_all_no(self) -> None:
        """List what would be answered no or none, and ask."""
        if self.page != "section":
            return
        if self.consultation.remaining_no(self.section):
            self.show_page("remaining", fresh=True)
        else:
            self.say("Nothing in this section is left to answer no or none.")

    def _answer_remaining(self) -> None:
        count = len(self.consultation.remaining_no(self.section))
        self.show_page()
        if self._kept_after(lambda: self.consultation.answer_remaining_no(self.section)):
            if any(self.consultation.status(q.id) == "open" for q in self._asked()):
                self._to_first_open()
            else:
                self.action_section(1, wrap=False)
            self.say(f"{count} answered no or none; Ctrl+Z takes all of them back.")

    def action_undo(self) -> None:
        """Take back the last edit."""
        self._take("Taken back", self.consultation.undo)

    def action_redo(self) -> None:
        """Make it again."""
        self._take("Made again", self.consultation.redo)

    def _take(self, said: str, move: Callable[[], Edit | None]) -> None:
        taken: list[Edit | None] = []
        if not self._kept_after(lambda: taken.append(move())):
            return
        edit = taken[0]
        if edit is None:
            self.say("Nothing to take back." if said == "Taken back" else "Nothing to make again.")
            return
        ident = getattr(edit, "question", "")
        if ident in self.consultation.pack.questions and self.page == "section":
            if not self.form.focus_on(ident):
                self._go_to(ident)
            self.say(f"{said}: {self.consultation.pack.questions[ident].label}")
        else:
            self.say(f"{said}.")

    def action_explain(self, pathway: str | None = None) -> None:
        """Explain the verdicts."""
        from ketatui.tui.screens.explain import ExplainScreen

        known = pathway if pathway in self.consultation.pack.pathways else None
        self.app.push_screen(ExplainScreen(self.consultation, known))

    def action_compare(self) -> None:
        """Show the pathways side by side."""
        from ketatui.tui.screens.compare import CompareScreen

        self.app.push_screen(CompareScreen(self.consultation))

    def action_consent(self) -> None:
        """Open the consent conversation."""
        from ketatui.tui.screens.consent import ConsentScreen

        self.app.push_screen(ConsentScreen(self.opened))

    def action_decide(self) -> None:
        """Open the decision."""
        from ketatui.tui.screens.decide import DecideScreen

        self.app.push_screen(DecideScreen(self.opened))

    def action_save(self) -> None:
        """Save the case as it stands: as a draft while nothing is decided."""
        from ketatui.tui.screens.saving import save_case

        save_case(self, self.opened)

    def action_back(self) -> None:
        """Go back one step: to the questions, or home."""
        if self.page == "table":
            self.close_table()
        elif self.page != "section":
            self.show_page(fresh=True)
        else:
            self.keta.close_case()
            self.dismiss()
