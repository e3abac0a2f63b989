"""The panes of a course: plan, visits and scores as one form, and beside it how it stands."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import ComposeResult

from ketatui.cases.courses import Score, Visit
from ketatui.cases.store import Loaded
from ketatui.consultation.score_entry import parse_day, parse_score
from ketatui.consultation.treatment import Treatment
from ketatui.course.edits import SetScores, is_untouched
from ketatui.course.planning import possible_bases
from ketatui.tui.actions import Action
from ketatui.tui.screens.changing import ChangingScreen
from ketatui.tui.session import OpenCase
from ketatui.tui.views.course import SCORE, VISIT, begin_items, course_items
from ketatui.tui.views.course_status import course_lines
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Span, safe
from ketatui.tui.widgets.form_list import FormList
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.painting import Panes
from ketatui.tui.widgets.prompt import Prompt

_TEXTS = ("reasons", "stop_reason")
_NUMBERS = {"planned_sessions": (1, 999), "interval_days": (1, 365)}
_NOT_HERE = ("form.yes", "form.no", "form.unknown")
_OF_COURSE = ("course.explain", "course.save")
_OF_DAYS = ("course.earlier", "course.later")
"""Actions that need a course, and a visit of it in which nothing is recorded."""
_CHART = 10
"""Lines of the plot in the pane beside the form."""
Shown = Callable[[Loaded], None]


class CoursePanes(ChangingScreen):
    """One course of a case; what is entered here is taken, what opens something is for others."""

    def __init__(
        self,
        opened: OpenCase,
        pathway: str,
        shown: Shown | None = None,
        notice: str = "",
        visit: int | None = None,
    ) -> None:
        """Begin.

        Args:
            opened: The open case.
            pathway: The one decided for.
            shown: Who shows the case once it is saved.
            notice: Something to say at first.
            visit: A visit to open at once.

        Raises:
            PackError: The criteria have no course of treatment, or it cannot be used.
        """
        super().__init__()
        self.opened = opened
        self.pathway = pathway
        self._shown = shown
        self._open_first = visit
        self._notice = notice
        self.treatment = Treatment(opened.consultation)
        self._begin_anew()

    def _begin_anew(self) -> None:
        consultation = self.opened.consultation
        self._bases = possible_bases(consultation.knowledge, consultation.case)
        self._basis: str | None = self._bases[0] if len(self._bases) == 1 else None
        self._site = str(consultation.case.answers.get(consultation.pack.course.info.site, ""))
        self._another = False

    def compose(self) -> ComposeResult:
        """Lay out the title, the form, and beside it how the course stands."""
        yield LineView(id="title", classes="bar")
        with Panes(id="panes"):
            yield FormList(self, id="form", classes="takes-keys")
            yield LineView(id="fit")
        yield Prompt(id="prompt")
        yield LineView(id="hint", classes="bar")

    def begin(self) -> None:
        """Begin at a visit that is being worked on, else at what comes next."""
        self.form.set_items(self.items(), fresh=True)
        visits = self.treatment.course.visits if self.treatment.course else ()
        open_now = [item for item in visits if item.closed_at is None and not is_untouched(item)]
        for key in (*(f"{VISIT}{item.number}" for item in open_now[-1:]), "next", "session"):
            if self._begun and self.form.focus_on(key):
                break

    def who(self) -> str:
        """Say whom it is about."""
        return self.opened.consultation.who

    @property
    def form(self) -> FormList:
        """The form."""
        return self.query_one("#form", FormList)

    @property
    def _begun(self) -> bool:
        return self.treatment.course is not None and not self._another

    def available(self, action: Action) -> bool:
        """Nothing is answered yes or no, and nothing saved of a course that is not begun."""
        if action.id in _NOT_HERE:
            return False
        if action.id in _OF_DAYS:
            visit = self._visit_here()
            return visit is not None and is_untouched(visit)
        return self._begun or action.id not in _OF_COURSE

    def _visit_here(self) -> Visit | None:
        """Return the visit under the cursor; None on any other line."""
        item, course = self.form.item, self.treatment.course if self._begun else None
        if item is None or course is None or not item.key.startswith(VISIT):
            return None
        return course.visit(int(item.key.removeprefix(VISIT)))

    def items(self) -> list[FormItem]:
        """Return the course; while none is begun, what it begins with."""
        if self._begun:
            return course_items(self.treatment)
        return begin_items(self.treatment, self.pathway, self._bases, self._basis, self._site)

    def redraw(self) -> None:
        """Draw everything from the state."""
        if not self.is_mounted:
            return
        case = self.treatment.case
        name = safe(case.label)
        marks: list[Span] = [("PRACTICE ", "caution")] if case.practice else []
        kept = f"NOT KEPT: {self.opened.failed} " if self.opened.failed else self._kept()
        marks.append((kept, "problem" if self.opened.failed else "muted"))
        self.show_title(f"Course of treatment{': ' if name else ''}{name}", marks)
        side = self.query_one("#fit", LineView)
        if side.display and self._begun:
            side.show(course_lines(self.treatment, max(side.content_size.width - 1, 20), _CHART))
        elif side.display:
            side.show([])
        self.form.set_items(self.items())
        self.show_hint((self._notice, "caution") if self._notice else None)
        self._notice = ""

    def _kept(self) -> str:
        at = self.opened.kept_at
        if at is None:
            return "draft " if self.opened.consultation.edits else ""
        return f"draft, on disk {at:%H:%M:%S} "

    # --- changing ---------------------------------------------------------------------------

    def form_answered(self, key: str, value: bool | str | None) -> None:
        """Take a choice."""
        if not self._begun:
            if key == "basis":
                self._basis = next(item for item in self._bases if item == value)
            elif key == "site":
                self._site = str(value)
            self.redraw()
            self.form.advance()
        elif self.keep(lambda: self.treatment.plan(**{key: value})):
            self.form.advance()

    def form_remark(self, key: str, text: str) -> str:
        """A score and the end have a day on purpose: replacing it would change the course."""
        return super().form_remark(key, text) if key in _TEXTS else ""

    def form_typed(self, key: str, text: str, *, confirmed: bool) -> None:
        """Take a number, a text, a day or a score; or say why not."""
        text = text.strip()
        if key in _NUMBERS:
            self._typed_number(key, text)
        elif key == "stopped":
            self._typed_day(text)
        elif key == "score" or key.startswith(SCORE):
            self._typed_score(key, text)
        elif key in _TEXTS:
            self._take(lambda: self.treatment.plan(**{key: text}))

    def _take(self, change: Callable[[], object], *, stay: bool = False) -> None:
        self.form.stop_typing()
        if self.keep(change) and not stay:
            self.form.advance()

    def _typed_number(self, key: str, text: str) -> None:
        low, high = _NUMBERS[key]
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            self.form.refuse(problem=f"{text} is no whole number; allowed: {low} to {high}")
            return
        self._take(lambda: self.treatment.plan(**{key: int(text)}))

    def _typed_day(self, text: str) -> None:
        day, first = parse_day(text), self.treatment.the_course().in_order[:1]
        today = self.treatment.consultation.today
        if day is None:
            self.form.refuse(problem=f"{text or 'nothing'} is no day; allowed: one like {today}")
        elif day > today or (first and day < first[0].date):
            since = f"{first[0].date} to " if first else "up to "
            self.form.refuse(problem=f"{day} is outside of the course; allowed: {since}{today}")
        else:
            self._take(lambda: self.treatment.plan(stopped=day))

    def _typed_score(self, key: str, text: str) -> None:
        if not text:
            self.form.stop_typing()
            return
        rows, place = list(self.treatment.the_course().scores), key.removeprefix(SCORE)
        before = rows[int(place)] if key != "score" else None
        scale = before.instrument if before else self.treatment.the_course().instrument or ""
        score = parse_score(
            self.treatment.pack,
            text,
            self.treatment.consultation.today,
            scale=scale,
            dated=before.date if before else None,
        )
        if isinstance(score, str):
            self.form.refuse(problem=score)
        elif key == "score":
            self._take(lambda: self.treatment.add_score(score), stay=True)
        else:
            rows[int(place)] = score
            self._take(lambda: self._set_scores(rows))

    def _set_scores(self, rows: list[Score]) -> None:
        course = self.treatment.the_course().id
        self.treatment.do(SetScores(course=course, rows=tuple(rows)))

    def form_cleared(self, key: str) -> None:
        """Take an entry away."""
        if not self._begun:
            return
        if key in (*_NUMBERS, "instrument"):
            self.keep(lambda: self.treatment.plan(**{key: None}))
        elif key in _TEXTS:
            self.keep(lambda: self.treatment.plan(**{key: ""}))
        elif key == "stopped":
            self.keep(lambda: self.treatment.plan(stopped=None, stop_reason=""))
        elif key.startswith(SCORE):
            rows = list(self.treatment.the_course().scores)
            del rows[int(key.removeprefix(SCORE))]
            self.keep(lambda: self._set_scores(rows))
