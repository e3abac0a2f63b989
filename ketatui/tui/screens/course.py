"""A course of treatment: its plan, its visits, its scores, and whether it goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType

from ketatui.cases.courses import VisitKind
from ketatui.cases.errors import CaseError, DraftInUseError
from ketatui.cases.store import Loaded
from ketatui.consultation.score_entry import screened_scores
from ketatui.consultation.treatment import Treatment
from ketatui.course.edits import MoveVisit, is_untouched
from ketatui.course.planning import first_plan
from ketatui.course.schedule import next_session
from ketatui.tui.actions import bindings
from ketatui.tui.error_text import said_of
from ketatui.tui.screens.course_panes import CoursePanes
from ketatui.tui.screens.course_saving import save_plan
from ketatui.tui.session import OpenCase, now
from ketatui.tui.views.course import COURSE, SCREENED, VISIT, shorter_interval


class CourseScreen(CoursePanes):
    """The last course of a case."""

    CONTEXTS = ("form", "course")
    HELP_TITLE = "Course of treatment"
    HELP_TEXT = (
        "What follows a decision: the plan, every visit with its dose, what was missed and what "
        "comes next, scores against response and remission, what is due. Enter on a visit opens "
        "it; ← and → move the day of a visit in which nothing is recorded yet. Sessions that were "
        "missed are never made up later. Saving makes a new revision of the case."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("course"))

    def shown(self) -> None:
        """Go on with the visit that was being worked on."""
        visit, self._open_first = self._open_first, None
        if visit is not None:
            self.open_visit(visit)

    def form_activated(self, key: str) -> None:
        """Begin the course, add a visit, or open one."""
        if key == "begin":
            self._begin_course()
        elif key == "next":
            self._plan_next()
        elif key.startswith(SCREENED):
            self._take_over(key.removeprefix(SCREENED))
        elif key == "step_back":
            days = shorter_interval(self.treatment)
            self.keep(lambda: self.treatment.plan(interval_days=days))
        elif key in ("session", "review"):
            self._add_today(key)
        elif key.startswith(VISIT):
            self.open_visit(int(key.removeprefix(VISIT)))
        elif key.startswith(COURSE):
            self._turn_to(key.removeprefix(COURSE))
        elif key == "another":
            self.pathway = str(self.treatment.case.decision.pathway)
            self._begin_anew()
            self._another = True
            self._show_fresh()

    def _take_over(self, scale: str) -> None:
        treatment = self.treatment
        rows = screened_scores(treatment.consultation.pack, treatment.case, treatment.the_course())
        found = next((item for item in rows if item.instrument == scale), None)
        if found is not None and self.keep(lambda: treatment.add_score(found)):
            self.form.focus_on("score")

    def _turn_to(self, course: str | None) -> None:
        self.treatment.look_at(course)
        self._show_fresh()

    def _show_fresh(self) -> None:
        self.form.set_items(self.items(), fresh=True)
        self.redraw()

    def _begin_course(self) -> None:
        if self._basis is None or not self._site:
            self.show_hint(("Say first what it runs under and where it is given.", "problem"))
            return
        plan = first_plan(self.treatment.case, self.pathway, self._basis, self._site)
        if self.keep(lambda: self.treatment.begin_course(plan)):
            self._another = False
            self.redraw()
            self.form.set_items(self.items(), fresh=True)
            self.form.focus_on("session")

    def _plan_next(self) -> None:
        today = self.treatment.consultation.today
        proposal = next_session(self.treatment.pack, self.treatment.the_course(), today)
        if proposal is None:
            return
        day = max(proposal.earliest, today)
        if self.keep(lambda: self.treatment.add_visit(day)):
            self._focus_last()

    def _focus_last(self) -> None:
        visit = self.treatment.visit
        if visit is not None:
            self.form.focus_on(f"{VISIT}{visit.number}")

    def _add_today(self, kind: str) -> None:
        today, course = self.treatment.consultation.today, self.treatment.the_course()
        for visit in course.visits:
            if visit.date == today and visit.kind == kind and is_untouched(visit):
                # It was planned for today: a second one beside it would be one too many.
                self.open_visit(visit.number)
                return
        added: VisitKind = "review" if kind == "review" else "session"
        if self.keep(lambda: self.treatment.add_visit(today, added)):
            self.open_visit(self.treatment.the_visit().number)

    def open_visit(self, number: int) -> None:
        """Open a visit; its line is where one comes back to."""
        self.form.focus_on(f"{VISIT}{number}")
        course = self.treatment.the_course().id
        treatment = Treatment(self.opened.consultation, course, number)
        visit, today, said = treatment.the_visit(), self.opened.consultation.today, ""
        if is_untouched(visit) and visit.date != today:
            said = f"Dated {visit.date}, and today is {today}: ← → on the course move it first."
        self.keta.go("visit", self.opened, treatment, self.go_on_with, said)

    def on_screen_resume(self) -> None:
        """Look at the last visit again, whichever was worked on."""
        course = self.treatment.course
        self.treatment.look_at(course.id if course else None)
        super().on_screen_resume()

    # --- the other keys ---------------------------------------------------------------------

    def action_day(self, step: int) -> None:
        """Move the day of the visit under the cursor, while nothing is recorded in it."""
        visit = self._visit_here()
        if visit is None:
            self.show_hint(("← and → move the day of a visit: go to one first.", "info"))
            return
        if not is_untouched(visit):
            self.show_hint(("Something is recorded of this visit: its day stays.", "caution"))
            return
        date = visit.date + dt.timedelta(days=step)
        course = self.treatment.the_course().id
        moved = MoveVisit(course=course, visit=visit.number, date=date)
        if self.keep(lambda: self.treatment.do(moved)):
            self.form.focus_on(f"{VISIT}{visit.number}")

    def action_explain(self) -> None:
        """Show how the course stands, on the whole width."""
        if self._begun:
            self.keta.go("course.status", self.treatment)

    def action_undo(self) -> None:
        """Take back the last change."""
        self._taken(self.treatment.undo, "Undone.", "Nothing to undo.")

    def action_redo(self) -> None:
        """Make it again."""
        self._taken(self.treatment.redo, "Redone.", "Nothing to redo.")

    def _taken(self, move: Callable[[], bool], said: str, nothing: str) -> None:
        taken: list[bool] = []
        if self.keep(lambda: taken.append(move())):
            self.show_hint((said if taken[0] else nothing, "info"))

    def action_save(self) -> None:
        """Save the course: a revision of the case."""
        if self.opened.consultation.edits:
            save_plan(self, self.opened, self.treatment, self.go_on_with)
        else:
            self.show_hint(("Nothing has changed since the case was saved.", "info"))

    def go_on_with(self, loaded: Loaded, said: str) -> None:
        """Go on with the case as it was saved; its draft has ended, another one begins."""
        from ketatui.consultation.saving import amend

        if self._shown is not None:
            self._shown(loaded)
        store, knowledge = self.keta.resources.store, self.keta.resources.knowledge
        assert store is not None and knowledge is not None
        try:
            consultation, journal = amend(store, loaded, knowledge, now=now())
        except (CaseError, DraftInUseError, OSError) as error:
            self.keta.go_home(f"{said}; {said_of(error)}")
            return
        self.opened = OpenCase(
            consultation, journal, loaded.stamp, amended_by=self.opened.amended_by
        )
        self.keta.open_case = self.opened
        course = self.treatment.course
        self.treatment = Treatment(consultation, course.id if course else None)
        self.redraw()
        self.show_hint((said, "good"))

    def action_back(self) -> None:
        """Go back to the case; a draft stays where something was changed."""
        if self._another:
            self._another = False
            self._show_fresh()
            return
        self.keta.close_case()
        self.dismiss()
