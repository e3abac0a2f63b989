"""The `Treatment`: one course of an open case, and the visit that is being worked on.

It is to a visit what `Consultation` is to a screening, and stands on one: its edits are edits of
that consultation's case, so that journal, undo, resuming, encryption and saving are the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from ketatui.cases.base import Answer
from ketatui.cases.courses import Course, Event, Observation, Score, Visit, VisitKind, VisitOverride
from ketatui.cases.model import Case
from ketatui.consultation.consultation import Consultation
from ketatui.course import CourseKnowledge, VisitAssessment, assess_visit, compile_course
from ketatui.course import edits as e
from ketatui.course.earlier import Earlier, earlier_values
from ketatui.course.grouping import counted_against, groups_of
from ketatui.course.missed import IntervalsBefore, intervals_before
from ketatui.course.screening import Screening, screen
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack
from ketatui.engine.quiet_answers import quiet_answer


class Treatment:
    """A course being worked on, at one of its visits or, without visits, at its plan.

    Every change goes the way of the consultation: edit, disk, case, assessment. It holds no
    state of its own beside which course and visit are looked at, so several of them (a plan, a
    visit, the running session) can stand on one consultation.
    """

    def __init__(
        self,
        consultation: Consultation,
        course: str | None = None,
        visit: int | None = None,
    ) -> None:
        """Look at a course of an open case.

        Args:
            consultation: The open case; everything is done through it.
            course: The course's id; the last one when None.
            visit: The visit's number; the last one of the course when None.

        Raises:
            PackError: The criteria have no course of treatment, or it cannot be used.
        """
        self.consultation = consultation
        self.knowledge: CourseKnowledge = compile_course(consultation.knowledge)
        self._course, self._visit = course, visit
        self._assessed: tuple[Case, Visit, dt.date, VisitAssessment] | None = None
        self._full: VisitAssessment | None = None
        self._criteria: tuple[Pack, Pack] | None = None
        self._screened: tuple[Case, str, dt.date, Screening] | None = None

    # --- what it is about ---------------------------------------------------------------------

    @property
    def pack(self) -> CoursePack:
        """The course of the pack in use: questions, rules, words, schedule."""
        return self.knowledge.pack

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.consultation.case

    @property
    def course(self) -> Course | None:
        """The course; None while the case has none, or after it was undone."""
        courses = self.case.courses
        if self._course is None:
            return courses[-1] if courses else None
        return next((item for item in courses if item.id == self._course), None)

    @property
    def visit(self) -> Visit | None:
        """The visit; None while the course has none, or after it was undone."""
        course = self.course
        if course is None:
            return None
        if self._visit is None:
            return course.in_order[-1] if course.visits else None
        return course.visit(self._visit)

    def last_held(self) -> Visit | None:
        """Return the last visit up to today in which something is recorded; None without one.

        What is planned says nothing yet of how the course goes.
        """
        course, today = self.course, self.consultation.today
        rows = course.in_order if course else ()
        held = [item for item in rows if item.date <= today and not e.is_untouched(item)]
        return held[-1] if held else None

    def intervals_before(self) -> IntervalsBefore:
        """Return the intervals that the plan of the course had before the present one."""
        consultation = self.consultation
        return intervals_before(consultation.states()[0], self.the_course(), consultation.today)

    def look_at(self, course: str | None, visit: int | None = None) -> None:
        """Look at another course or visit; None for the last."""
        self._course, self._visit = course, visit
        self._assessed = self._full = None

    def the_course(self) -> Course:
        """Return the course.

        Raises:
            LookupError: There is none.
        """
        if self.course is None:
            raise LookupError("there is no course")
        return self.course

    def the_visit(self) -> Visit:
        """Return the visit.

        Raises:
            LookupError: There is none.
        """
        if self.visit is None:
            raise LookupError("there is no visit")
        return self.visit

    # --- what the criteria make of it -----------------------------------------------------------

    @property
    def assessment(self) -> VisitAssessment:
        """The present assessment of the visit, without what would lift each verdict.

        Raises:
            LookupError: There is no visit.
        """
        case, course, visit, on = (
            self.case,
            self.the_course(),
            self.the_visit(),
            self.consultation.today,
        )
        known = self._assessed
        if known is not None and known[0] is case and known[1] is visit and known[2] == on:
            return known[3]
        found = assess_visit(
            self.knowledge,
            case,
            course,
            visit,
            on,
            screening=self.screening(course, visit),
            with_changes=False,
        )
        self._assessed, self._full = (case, visit, on, found), None
        return found

    @property
    def explained(self) -> VisitAssessment:
        """The present assessment with what would lift each verdict.

        Raises:
            LookupError: There is no visit.
        """
        found = self.assessment
        if self._full is None:
            course, visit = self.the_course(), self.the_visit()
            known = self.screening(course, visit)
            self._full = assess_visit(
                self.knowledge, self.case, course, visit, found.on, screening=known
            )
        return self._full

    def screening(self, course: Course, visit: Visit) -> Screening:
        """Read the screening; it is the same as long as only the courses change."""
        bare = self.case.replaced(courses=())
        known = self._screened
        wanted = (course.pathway, visit.date)
        if known is None or known[1:3] != wanted or known[0] != bare:
            found = screen(self.knowledge.screening, bare, course.pathway, visit.date)
            known = self._screened = (bare, *wanted, found)
        return known[3]

    @property
    def criteria(self) -> Pack:
        """What the visits of the course are judged by, with the words for everything it reads.

        Raises:
            LookupError: There is no course.
        """
        judged = self.knowledge.pathways[self.the_course().pathway].pack
        if self._criteria is None or self._criteria[0] is not judged:
            every = {**self.consultation.pack.questions, **judged.questions}
            self._criteria = judged, judged.replaced(questions=every)
        return self._criteria[1]

    @property
    def groups(self) -> dict[str, tuple[Question, ...]]:
        """The questions that are asked now by the first decision that reads them, in order."""
        pathway = self.the_course().pathway
        return groups_of(self.knowledge, pathway, self.the_visit(), self.asked())

    def remaining_no(self, group: str) -> dict[str, bool | str]:
        """Return what "all remaining no" would answer in a group: each question with "no"."""
        found: dict[str, bool | str] = {}
        for question in self.groups.get(group, ()):
            answer = quiet_answer(question)
            if answer is not None and self.status(question.id) == "open":
                found[question.id] = answer
        return found

    def counting_against(self, assessment: VisitAssessment | None = None) -> frozenset[str]:
        """Return the answers of the visit that findings worse than a note hold against it."""
        judged = assessment or self.assessment
        return counted_against(self.knowledge, self.the_visit(), judged)

    def with_answers(self, answers: Mapping[str, Answer]) -> VisitAssessment:
        """Return what the assessment would be with some answers; nothing is changed."""
        course, visit = self.the_course(), self.the_visit()
        then = visit.replaced(answers={**visit.answers, **answers})
        visits = tuple(then if item is visit else item for item in course.visits)
        changed = course.replaced(visits=visits)
        courses = tuple(changed if item is course else item for item in self.case.courses)
        return assess_visit(
            self.knowledge,
            self.case.replaced(courses=courses),
            changed,
            then,
            self.consultation.today,
            screening=self.screening(course, visit),
            with_changes=False,
        )

    def asked(self) -> tuple[Question, ...]:
        """Return the questions of the visit that are asked now, in order."""
        shown = self.assessment.asked
        return tuple(item for item in self.pack.questions.values() if shown[item.id] is not False)

    def status(self, question: str) -> str:
        """Return ``answered``, ``unknown`` or ``open``."""
        visit = self.the_visit()
        if question in visit.unknown:
            return "unknown"
        return "answered" if question in visit.answers else "open"

    def last_values(self) -> Mapping[str, Earlier]:
        """Return what each question was answered at the last earlier visit; shown, never taken."""
        return earlier_values(self.case.courses, self.the_course(), self.the_visit())

    # --- changing -------------------------------------------------------------------------------

    def do(self, edit: e.CourseEdit) -> None:
        """Make an edit.

        Raises:
            OSError: It could not be kept on disk; nothing has changed.
            ValueError: There is no such course or visit.
        """
        self.consultation.do(edit)

    def undo(self) -> bool:
        """Take back the last edit of the case; return whether there was one.

        Raises:
            OSError: As `do`.
        """
        return self.consultation.undo() is not None

    def redo(self) -> bool:
        """Make an edit again that was taken back; return whether there was one.

        Raises:
            OSError: As `do`.
        """
        return self.consultation.redo() is not None

    def answer_of(
        self, question: str, value: Answer | None, *, at: dt.datetime, by: str = ""
    ) -> e.SetVisitAnswer:
        """Return the edit that answers a question of the visit, or (None) clears it.

        A measured value that replaces another leaves that one in the record.
        """
        course, visit = self._here()
        before = self.the_visit().answers.get(question)
        measured = self.pack.questions[question].kind in ("int", "decimal")
        stored = value if value is None or isinstance(value, bool | int) else str(value)
        return e.SetVisitAnswer(
            course=course,
            visit=visit,
            question=question,
            value=stored,
            again=measured and value is not None and before not in (None, value),
            at=at,
            by=by,
        )

    def answer(self, question: str, value: Answer | None, *, at: dt.datetime, by: str = "") -> None:
        """Answer a question of the visit, or (None) clear it; errors as `do`.

        Minutes of dosing that are typed after the last dose was told move its moment.
        """
        self.do(self._with_clock(self.answer_of(question, value, at=at, by=by)))

    def answer_all(self, answers: Mapping[str, Answer], *, at: dt.datetime) -> None:
        """Answer several questions of the visit, undone as one; errors as `do`."""
        course, visit = self._here()
        rows = tuple(self.answer_of(key, value, at=at) for key, value in answers.items())
        self.do(e.SetVisitAnswers(course=course, visit=visit, rows=rows))

    def mark_unknown(self, question: str, *, at: dt.datetime) -> None:
        """Mark a question of the visit as not to be established; errors as `do`."""
        course, visit = self._here()
        marked = e.SetVisitAnswer(
            course=course, visit=visit, question=question, unknown=True, at=at
        )
        self.do(self._with_clock(marked))

    def note(self, question: str, text: str) -> None:
        """Write or (empty) remove the note on a question of the visit; errors as `do`."""
        course, visit = self._here()
        self.do(e.SetVisitNote(course=course, visit=visit, question=question, text=text))

    @property
    def counted(self) -> str | None:
        """The question that tells at which minute the dose is complete."""
        return self.pack.schedule.clock(self.the_course().pathway).minutes

    def _with_clock(self, row: e.SetVisitAnswer) -> e.VisitEdit:
        """Keep the moment of the last dose with the minutes that are told from the first."""
        first, told = self.the_visit().first_dose_at, self.the_visit().last_dose_at
        if first is None or told is None or row.question != self.counted:
            return row
        last = first + dt.timedelta(minutes=row.value) if isinstance(row.value, int) else None
        if last is not None and row.at is not None and last > row.at:
            last = None
        return e.SetClock(course=row.course, visit=row.visit, first=first, last=last, rows=(row,))

    def observe(self, observation: Observation) -> None:
        """Add an observation; errors as `do`."""
        course, visit = self._here()
        rows = (*self.the_visit().observations, observation)
        self.do(e.SetObservations(course=course, visit=visit, rows=rows))

    def add_event(self, event: Event) -> None:
        """Add an adverse event; errors as `do`."""
        course, visit = self._here()
        rows = (*self.the_visit().events, event)
        self.do(e.SetEvents(course=course, visit=visit, rows=rows))

    def add_score(self, score: Score) -> None:
        """Add a score of the course; errors as `do`."""
        course = self.the_course()
        self.do(e.SetScores(course=course.id, rows=(*course.scores, score)))

    def set_aside(self, override: VisitOverride) -> None:
        """Set a finding of the visit aside; a rule has one override at most; errors as `do`."""
        kept = self._overrides_but(override.decision, override.rule)
        self._set_overrides((*kept, override))

    def take_back(self, decision: str, rule: str) -> None:
        """Let a finding of the visit that was set aside count again; errors as `do`."""
        self._set_overrides(self._overrides_but(decision, rule))

    def _overrides_but(self, decision: str, rule: str) -> tuple[VisitOverride, ...]:
        rows = self.the_visit().overrides
        return tuple(item for item in rows if (item.decision, item.rule) != (decision, rule))

    def _set_overrides(self, rows: tuple[VisitOverride, ...]) -> None:
        course, visit = self._here()
        self.do(e.SetVisitOverrides(course=course, visit=visit, rows=rows))

    def begin_course(self, plan: Course) -> None:
        """Begin a course after those there are, and look at it; errors as `do`."""
        self.do(e.AddCourse(course=plan.id, plan=plan))
        self.look_at(plan.id)

    def plan(self, **changes: object) -> None:
        """Change what the course plans, or stop it (``stopped``, ``stop_reason``); as `do`."""
        course = self.the_course()
        self.do(e.SetPlan(course=course.id, plan=course.replaced(**changes)))

    def add_visit(self, date: dt.date, kind: VisitKind = "session") -> int:
        """Add a visit on a day, look at it, and return its number; errors as `do`."""
        course = self.the_course()
        # Of one day the number says what came first, in other courses too: a dose that was given
        # in one of those today is then seen before the next.
        courses = self.consultation.case.courses
        number = max((item.number for each in courses for item in each.visits), default=0) + 1
        self.do(e.AddVisit(course=course.id, row=Visit(number=number, kind=kind, date=date)))
        self.look_at(course.id, number)
        return number

    def _here(self) -> tuple[str, int]:
        return self.the_course().id, self.the_visit().number
