"""The panes of a visit: what they show, how an edit reaches them, where one is."""

from __future__ import annotations

from collections.abc import Callable

from ketatui.consultation.treatment import Treatment
from ketatui.course.assessment import VisitAssessment
from ketatui.criteria.models import Question
from ketatui.engine.assessment import SEVERITY
from ketatui.tui.screens.course_saving import Saved
from ketatui.tui.screens.paged_form import PagedForm
from ketatui.tui.session import OpenCase
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Span
from ketatui.tui.views.question_lists import confirm_items
from ketatui.tui.views.verdicts import ROLE
from ketatui.tui.views.visit import (
    decision_lines,
    decision_strip,
    group_crumb,
    group_lines,
    visit_items,
    visit_title,
)
from ketatui.tui.widgets.line_view import LineView


class VisitPanes(PagedForm):
    """What is decided, form and decisions of one visit.

    The form shows one *page*: the questions, the search, or what "all remaining no" would answer.
    """

    FIRST_PAGE = "visit"

    def __init__(
        self, opened: OpenCase, treatment: Treatment, saved: Saved, notice: str = ""
    ) -> None:
        """Args: the open case, the visit, who goes on once it is saved, something to say first."""
        super().__init__()
        self.opened = opened
        self.treatment = treatment
        self._saved = saved
        self.page = self.FIRST_PAGE
        self.why = False
        self._search = self._group = ""
        self._reasons: dict[str, str] = {}
        self._notice = (notice, "caution") if notice else None

    def begin(self) -> None:
        """Begin where the first question is open."""
        self.show_page(fresh=True)
        for group in self.treatment.groups:
            if self.to_first_open(group):
                return

    # --- drawing ------------------------------------------------------------------------------

    @property
    def group(self) -> str:
        """The decision whose questions the cursor is among."""
        focused = self.focused_question()
        for group, questions in self.treatment.groups.items():
            if focused in questions:
                self._group = group
        return self._group or next(iter(self.treatment.groups), "")

    def redraw(self) -> None:
        """Draw all panes from the state."""
        visit = self.treatment.visit
        if not self.is_mounted or visit is None:
            return
        width = self.app.size.width
        title = visit_title(self.treatment, visit, self.kept(), width)
        self.query_one("#title", LineView).show([title])
        side, strip = self.query_one("#fit", LineView), self.query_one("#strip", LineView)
        if side.display:
            size = side.content_size
            side.show(decision_lines(self.treatment, max(size.width, 20), size.height))
        if strip.display:
            strip.show([decision_strip(self.treatment, width)])
        self.form.steady = self.page == "visit"
        self.form.set_items(self._items())
        self._draw_groups()
        self.show_hint(self._notice)

    def _draw_groups(self) -> None:
        groups, crumbs = self.query_one("#sections", LineView), self.query_one("#crumbs", LineView)
        if groups.display:
            wide = max(groups.content_size.width, 12)
            groups.show(group_lines(self.treatment, self.group, wide))
        if crumbs.display and self.group:
            crumbs.show([group_crumb(self.treatment, self.group, self.app.size.width)])

    def kept(self) -> str:
        """Say whether the last change is on disk."""
        return self.opened.kept

    def _items(self) -> list[FormItem]:
        match self.page:
            case "find":
                return self._found()
            case "remaining":
                return self._remaining()
            case _:
                return visit_items(self.treatment, why=self.why, reasons=self._reasons)

    def _found(self) -> list[FormItem]:
        words = self._search.casefold().split()
        items = [FormItem("head", "Find a question: type, Enter goes to the first", "heading")]
        grouped = [item for rows in self.treatment.groups.values() for item in rows]
        for question in grouped:
            text = f"{question.id} {question.label} {question.text} {question.help}".casefold()
            if all(word in text for word in words):
                items.append(FormItem(question.id, question.label, "action"))
        if len(items) == 1:
            items.append(FormItem("none", "No question is called so.", "info", ("", "muted")))
        return items

    def _remaining(self) -> list[FormItem]:
        remaining = self.treatment.remaining_no(self._group)
        before = self.treatment.counting_against()
        then = self.treatment.counting_against(self.treatment.with_answers(remaining))
        questions = [self.treatment.pack.questions[ident] for ident in remaining]
        against = [item.label for item in questions if item.id in then - before]
        others = [item.label for item in questions if item.id not in then - before]
        return confirm_items(against, others, "this visit")

    # --- changing ---------------------------------------------------------------------------

    def keep(self, change: Callable[[], object]) -> bool:
        """Make a change that goes to disk first; say what came of it.

        Returns:
            False when it could not be kept: nothing has changed then.
        """
        before = self.treatment.assessment
        if not self.on_disk(change):
            return False
        self.why = False
        if self.treatment.visit is None:
            # The visit itself was taken back.
            self.dismiss()
            return True
        self._notice = self._what_came_of_it(before)
        self.redraw()
        return True

    def _what_came_of_it(self, before: VisitAssessment) -> Span | None:
        """Say which decision an answer has made worse, where no pane tells it."""
        if not self.query_one("#strip", LineView).display:
            return None
        pack = self.treatment.criteria
        for item in self.treatment.assessment.decisions:
            worse = SEVERITY[item.verdict] > SEVERITY[before.decision(item.id).verdict]
            if worse and item.verdict != "incomplete" and item.findings:
                words = pack.wording.verdicts[item.verdict]
                short = self.treatment.pack.decisions[item.id].short
                said = f"{short}: {words.symbol} {words.title}: {item.findings[0].title}"
                return f"{said}. e explains.", ROLE[item.verdict]
        return None

    # --- moving -----------------------------------------------------------------------------

    def focused_question(self) -> Question | None:
        """Return the question under the cursor, if it is one."""
        item = self.form.item
        return self.treatment.pack.questions.get(item.key) if item is not None else None

    def go_to(self, ident: str) -> None:
        """Go to a question."""
        self.show_page(fresh=True)
        self.form.focus_on(ident)
        self._draw_groups()

    def to_first_open(self, group: str) -> bool:
        """Go to the first open question of a group; return whether there is one."""
        for question in self.treatment.groups.get(group, ()):
            if self.treatment.status(question.id) == "open":
                self.form.focus_on(question.id)
                self._draw_groups()
                return True
        return False

    def action_section(self, step: int) -> None:
        """Go to the questions of another decision."""
        groups = list(self.treatment.groups)
        if not groups:
            return
        there = groups[(groups.index(self.group) + step) % len(groups)]
        self.to_group(there)

    def to_group(self, group: str) -> None:
        """Go to the first open question of a decision, or to its first."""
        if not self.to_first_open(group):
            self.form.focus_on(self.treatment.groups[group][0].id)
            self._draw_groups()
