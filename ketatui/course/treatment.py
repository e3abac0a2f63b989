"""The `Treatment`: the courses of one case being worked on, with their undo history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.course.assessing import assess_visit
from ketatui.course.assessment import VisitAssessment
from ketatui.course.edits import CourseEdit, apply, from_data, to_data
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.screening import Screening, screen

Keep = Callable[[Mapping[str, Any]], None]
"""Puts one event on disk before it returns; raises OSError when it cannot."""

EVENT = "visit"
"""Key of an edit among the events of a draft; those of a consultation have another."""


class Treatment:
    """A case whose courses are being worked on.

    Every change goes: edit, disk (``keep``), case. An edit that cannot be kept is not applied, so
    what is on the screen is never ahead of what is on disk. Saving is the store's: each visit
    closed is a revision of the case, in the same chain as the screening's.
    """

    def __init__(
        self,
        knowledge: CourseKnowledge,
        case: Case,
        *,
        today: Callable[[], dt.date],
        keep: Keep | None = None,
    ) -> None:
        """Begin or resume.

        Args:
            knowledge: The compiled course.
            case: Where it begins.
            today: Tells the day; called once an assessment.
            keep: Where edits are kept; None keeps them in memory only (tests, previews).
        """
        self.knowledge = knowledge
        self.case = case
        self._today = today
        self._keep = keep
        self._past: list[tuple[Case, CourseEdit]] = []
        self._future: list[tuple[Case, CourseEdit]] = []
        self._screenings: dict[tuple[str, dt.date], Screening] = {}

    @property
    def edits(self) -> int:
        """Edits in force since the work began."""
        return len(self._past)

    def course(self, ident: str) -> Course:
        """Return a course.

        Raises:
            KeyError: There is none of this id.
        """
        for item in self.case.courses:
            if item.id == ident:
                return item
        raise KeyError(ident)

    def visit(self, course: str, number: int) -> Visit:
        """Return a visit.

        Raises:
            KeyError: There is no such course or visit.
        """
        found = self.course(course).visit(number)
        if found is None:
            raise KeyError(number)
        return found

    def assess(self, course: str, number: int, *, with_changes: bool = False) -> VisitAssessment:
        """Assess a visit as it stands.

        Args:
            course: The course's id.
            number: The visit's number.
            with_changes: Whether to work out what would lift each verdict.

        Raises:
            KeyError: There is no such course or visit.
        """
        own, visit = self.course(course), self.visit(course, number)
        # Edits of a course leave the screening as it is.
        key = (own.pathway, visit.date)
        if key not in self._screenings:
            of = self.knowledge.screening
            self._screenings[key] = screen(of, self.case, own.pathway, visit.date)
        return assess_visit(
            self.knowledge,
            self.case,
            own,
            visit,
            self._today(),
            screening=self._screenings[key],
            with_changes=with_changes,
        )

    def do(self, edit: CourseEdit) -> None:
        """Make an edit.

        Raises:
            OSError: It could not be kept on disk; nothing has changed.
            KeyError: It names what is not there.
            ValueError: It adds what is there already.
        """
        changed = apply(self.knowledge.pack, self.case, edit)
        if changed == self.case:
            return
        self._record({EVENT: to_data(edit)})
        self._past.append((self.case, edit))
        self._future.clear()
        self.case = changed

    def undo(self) -> CourseEdit | None:
        """Take back the last edit; return it, or None when there is none.

        Raises:
            OSError: As `do`.
        """
        if not self._past:
            return None
        self._record({"undo": 1})
        case, edit = self._past.pop()
        self._future.append((self.case, edit))
        self.case = case
        return edit

    def redo(self) -> CourseEdit | None:
        """Make an edit again that was taken back; return it, or None.

        Raises:
            OSError: As `do`.
        """
        if not self._future:
            return None
        self._record({"redo": 1})
        case, edit = self._future.pop()
        self._past.append((self.case, edit))
        self.case = case
        return edit

    def replay(self, event: Mapping[str, Any]) -> None:
        """Apply an event read back from disk, without keeping it a second time.

        Raises:
            ValueError: The event is none of ours.
            KeyError: It names what is not there.
        """
        keep, self._keep = self._keep, None
        try:
            if EVENT in event:
                self.do(from_data(event[EVENT]))
            elif "undo" in event:
                self.undo()
            elif "redo" in event:
                self.redo()
            else:
                raise ValueError(f"unknown event: {', '.join(event)}")
        finally:
            self._keep = keep

    def _record(self, event: Mapping[str, Any]) -> None:
        if self._keep is not None:
            self._keep(event)
