"""The parts of a practice case: the screening, and each stage of a course in the form of a case.

To the engine the decisions of a visit are what pathways are to a screening. So a stage becomes a
practice case of its own, with the criteria of its decisions: what finds facts, offers reasons and
scores is the same for both. What came before a stage is always the case's own truth, whatever a
trainee did.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import field

from ketatui.cases.base import Answer
from ketatui.cases.courses import Course, Observation, Score, Visit
from ketatui.cases.errors import CaseError, Problem, nearest
from ketatui.cases.model import Case
from ketatui.cases.values import RefusedError, checked
from ketatui.course import CourseKnowledge, compile_course
from ketatui.course.facts import visit_input
from ketatui.course.grouping import decisions_of
from ketatui.course.vocabulary import DIASTOLIC, DOSE, EVENTS, OBSERVATIONS, SWALLOW, SYSTOLIC
from ketatui.cql import Value
from ketatui.criteria.models import Question
from ketatui.criteria.models.questions import Section
from ketatui.criteria.problems import PackError
from ketatui.engine import Knowledge, establish
from ketatui.engine.calculations import Calculation, Working
from ketatui.engine.inputs import Input
from ketatui.practice.chart import chart_of
from ketatui.practice.finding import Truth, truth_of
from ketatui.practice.loading import PracticeCase
from ketatui.practice.models import DoseOnDay, Key, Stage, StagedCourse, StoryPart, Watched
from ketatui.structs import Frozen

PREFIX = "visit."
"""Begins the id of every question of a visit; a stage leaves it out."""
_COURSE = "c1"
_SHORT = 16
_OBSERVED = ("leave", "report")
"""Decisions that read what was observed."""


class Part(Frozen, frozen=True, eq=False):
    """What is locked and committed to by itself: the screening, or one stage.

    Attributes:
        case: It in the form of a practice case.
        knowledge: The criteria it is judged by.
        stage: The stage; None for the screening.
        given: Answers that are there when it begins: those of an earlier stage of that visit.
    """

    case: PracticeCase
    knowledge: Knowledge
    stage: Stage | None = None
    given: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The stage's id; empty for the screening."""
        return self.stage.id if self.stage is not None else ""

    def truth(self) -> Truth:
        """Return what its right answers come to, which is worked out once."""
        return _truth(self)


@lru_cache(maxsize=64)
def _truth(part: Part) -> Truth:
    return truth_of(part.knowledge, part.case.right, part.case.file.on, part.given)


@lru_cache(maxsize=32)
def parts_of(knowledge: Knowledge, case: PracticeCase) -> tuple[Part, ...]:
    """Return the parts of a practice case, in the order in which they are met; put together once.

    Args:
        knowledge: The compiled pack.
        case: The case.

    Returns:
        One part for a case without stages. The right answers of a stage are its own, and the
        base's for the rest of what its decisions read.

    Raises:
        CaseError: A stage names a question, value or decision that there is not.
    """
    parts = [Part(case, knowledge)] if case.file.key is not None else []
    course = case.file.course
    if course is None or not case.file.stages:
        return tuple(parts)
    try:
        known = compile_course(knowledge)
    except PackError as error:
        where = Problem(case.line_of("course"), "course", f"the criteria cannot be used: {error}")
        raise CaseError(str(case.path), [where]) from error
    builder = _Builder(known, case, course)
    stages = [builder.part(number) for number in range(len(case.file.stages))]
    if builder.problems:
        raise CaseError(str(case.path), builder.problems)
    return (*parts, *(part for part in stages if part is not None))


class _Builder:
    """Turns the stages of a case into parts, one after the other."""

    def __init__(self, known: CourseKnowledge, case: PracticeCase, course: StagedCourse) -> None:
        self.known = known
        self.case = case
        self.course = course
        self.problems: list[Problem] = []
        self.visits: dict[int, Visit] = {}
        self.first: list[Visit] = []
        for dose in course.sessions:
            if dose.day in self.visits:
                # Two rows of a day are two sessions; a stage of that day is the later one.
                self.first.append(self.visits[dose.day])
            self.visits[dose.day] = Visit(
                number=1, date=self.date(dose.day), answers=dict(_dose(dose))
            )
        if course.pathway not in known.pathways:
            allowed = ", ".join(known.pathways)
            self.problem(f"there is no such pathway; allowed: {allowed}", "pathway")

    def problem(self, message: str, *place: str | int, where: str = "course") -> None:
        line = self.case.line_of(where if where == "course" else "stages", *place)
        self.problems.append(Problem(line, where, message))

    def date(self, day: int) -> dt.date:
        return self.case.file.on + dt.timedelta(days=day - 1)

    def part(self, number: int) -> Part | None:
        """Make a part of a stage; None where it cannot be one, with the problems noted."""
        stage = self.case.file.stages[number]
        decisions = self._decisions(stage, number)
        own = self._answers(stage, number)
        if self.problems:
            return None
        before = self.visits.get(stage.day)
        staged = [item for item in self.case.file.stages[:number] if item.day == stage.day]
        given = dict(before.answers) if before is not None and staged else {}
        seen = self._observations(stage, before if staged else None)
        visit = Visit(number=1, kind=stage.kind, date=self.date(stage.day), observations=seen)
        events = tuple(item.event for item in stage.events)
        visit = visit.replaced(events=events or (before.events if before else ()))
        course, visit = self._placed(stage.day, visit)
        on = visit.date + dt.timedelta(days=stage.days_later)
        case = self.case.right.replaced(courses=(course,))
        read = visit_input(self.known, case, course, visit, on)
        if read.given["course.session"] is None:
            message = "what was given before is not known; allowed: each staged day in sessions"
            self.problem(f"{message}, 0 mg where it was held", "sessions")
            return None
        knowledge = _knowledge(self.known, self.course.pathway, decisions, read)
        unknown = frozenset(PREFIX + key for key in stage.unknown)
        if not staged:
            own = {**self._dosed(stage.day, knowledge), **own}
        answers, base = self._right(knowledge, decisions, {**given, **own}, unknown)
        right = Case(practice=True, answers=answers, unknown=unknown)
        told = self._told(base, own, answers)
        chart = chart_of(self.known, course, visit, read)
        self._remember(stage, visit, answers)
        virtual = self._as_case(number, right, on, (*chart, *stage.story, *told))
        return Part(virtual, knowledge, stage, given)

    def _decisions(self, stage: Stage, number: int) -> tuple[str, ...]:
        pack = self.known.pack
        review = stage.kind == "review"
        known = [item.id for item in pack.info.decisions if item.in_review or not review]
        for ident in stage.key:
            if ident not in known:
                message = f"{ident} is not decided in a {stage.kind}; allowed: {', '.join(known)}"
                self.problem(message, number, "key", ident, where=stage.id)
        return tuple(ident for ident in known if ident in stage.key)

    def _answers(self, stage: Stage, number: int) -> dict[str, Answer]:
        questions = self.known.pack.questions
        found: dict[str, Answer] = {}
        for key, value in stage.answers.items():
            question = questions.get(PREFIX + key)
            if question is None:
                message = f"there is no question {PREFIX + key}{nearest(PREFIX + key, questions)}"
                self.problem(message, number, "answers", key, where=stage.id)
                continue
            try:
                found[question.id] = checked(question, value)
            except RefusedError as refused:
                message = f"{question.id}: {refused}"
                self.problem(message, number, "answers", key, where=stage.id)
        for key in stage.unknown:
            if PREFIX + key not in questions:
                message = f"there is no question {PREFIX + key}{nearest(PREFIX + key, questions)}"
                self.problem(message, number, "unknown", where=stage.id)
        return found

    def _observations(self, stage: Stage, before: Visit | None) -> tuple[Observation, ...]:
        if stage.observations:
            return _observed(stage.observations)
        if before is not None and before.observations:
            return before.observations
        watched = any(ident in _OBSERVED for ident in stage.key) and stage.kind == "session"
        rows = self.case.base.file.observations if self.case.base and watched else ()
        return _observed(rows)

    def _placed(self, day: int, visit: Visit) -> tuple[Course, Visit]:
        """Return the course with a visit after those of earlier days, all in order."""
        earlier = [item for item in self.first if item.date <= self.date(day)]
        earlier += [self.visits[known] for known in sorted(self.visits) if known < day]
        earlier.sort(key=lambda item: item.date)
        visits = [item.replaced(number=n) for n, item in enumerate((*earlier, visit), start=1)]
        course = self.course
        site = course.site or self.case.right.answers.get(self.known.pack.info.site)
        scores = tuple(
            Score(
                instrument=item.instrument,
                date=self.date(item.day),
                value=item.value,
            )
            for item in course.scores
            if item.day <= day
        )
        placed = Course(
            id=_COURSE,
            pathway=course.pathway,
            basis=course.basis,
            site=str(site),
            planned_sessions=course.planned_sessions,
            interval_days=course.interval_days,
            instrument=course.instrument,
            scores=scores,
            visits=tuple(visits),
        )
        return placed, visits[-1]

    def _right(
        self,
        knowledge: Knowledge,
        decisions: Iterable[str],
        own: Mapping[str, Answer],
        unknown: frozenset[str],
    ) -> tuple[dict[str, Answer], set[str]]:
        """Return the right answers of what is asked, and which of them are the base's."""
        rows = self.case.base.file.visits if self.case.base is not None else {}
        asked = {q.id: q for questions in knowledge.pack.by_section.values() for q in questions}
        answers, from_base = dict(own), set()
        for decision in decisions:
            for key, value in rows.get(decision, {}).items():
                question = asked.get(PREFIX + key)
                if question is None or question.id in answers or question.id in unknown:
                    continue
                answers[question.id] = self._checked(question, value)
                from_base.add(question.id)
        # What is not asked of such a patient stays away.
        shown = establish(knowledge, Case(answers=answers)).asked
        kept = {key: value for key, value in answers.items() if shown[key] is not False}
        return kept, from_base & kept.keys()

    def _dosed(self, day: int, knowledge: Knowledge) -> dict[str, Answer]:
        """Return what is said of the dose of a day, as far as it is asked."""
        rows = [item for item in self.course.sessions if item.day == day]
        said = dict(pair for row in rows for pair in _dose(row))
        return {key: value for key, value in said.items() if knowledge.pack.section_of.get(key)}

    def _checked(self, question: Question, value: object) -> Answer:
        try:
            return checked(question, value)
        except RefusedError as refused:
            message = f"the base says {question.id}: {refused}"
            raise CaseError(str(self.case.path), [Problem(None, "base", message)]) from refused

    def _told(
        self, base: set[str], own: Mapping[str, Answer], answers: Mapping[str, Answer]
    ) -> Iterator[StoryPart]:
        """Yield what the base says of the facts that a stage takes from it."""
        rows = self.case.base.file.visit_story if self.case.base is not None else ()
        for item in rows:
            about = [ident for ident in item.facts if ident in answers or ident in own]
            # A sentence of which little is asked here belongs to another hour of the day.
            if 2 * len(about) >= len(item.facts) and base.issuperset(about):
                yield StoryPart(part=item.part, title=item.title, text=item.text)

    def _remember(self, stage: Stage, visit: Visit, answers: Mapping[str, Answer]) -> None:
        """Keep a visit as what later stages look back at; the doses said are those given."""
        doses = (dict(_dose(item)) for item in self.course.sessions if item.day == stage.day)
        known = self.visits.get(stage.day)
        before = dict(known.answers) if known is not None else {}
        said = {**before, **answers}
        for dose in doses:
            said.update(dose)
        self.visits[stage.day] = visit.replaced(answers=said)

    def _as_case(
        self, number: int, right: Case, on: dt.date, story: Sequence[StoryPart]
    ) -> PracticeCase:
        case, stage = self.case, self.case.file.stages[number]
        last = number == len(case.file.stages) - 1
        every = len(case.file.stages) + (case.file.key is not None)
        place = number + 1 + (case.file.key is not None)
        # What a case without a screening teaches as a whole comes at its end.
        rest = case.file.teaching if last and case.file.key is None else ()
        file = case.file.replaced(
            id=f"{case.id}-{stage.id}",
            title=stage.title,
            on=on,
            story=(*case.file.story[: self._own_story()], *story),
            reveal=stage.reveal,
            hint=stage.hint,
            key=Key(best="", verdicts=stage.key, reasons=stage.reasons),
            plans=stage.plans,
            teaching=(*stage.teaching, *rest),
            stages=(),
        )
        return case.replaced(
            file=file,
            right=right,
            at=("stages", number),
            called=f"{case.name} · {place} of {every}: {stage.title}",
        )

    def _own_story(self) -> int:
        """Count the parts of the story that are the case's own, not its base's."""
        return len(self.case.file.story) - self.case.from_base


def _observed(rows: Iterable[Watched]) -> tuple[Observation, ...]:
    return tuple(item.observation for item in rows)


def _dose(row: DoseOnDay) -> Iterator[tuple[str, Answer]]:
    yield DOSE, row.mg
    if row.swallow is not None:
        yield SWALLOW, row.swallow


def _knowledge(
    known: CourseKnowledge, pathway: str, decisions: Sequence[str], read: Input
) -> Knowledge:
    """Return the criteria of some decisions of a visit, with all that is settled before it.

    To whoever asks, the decisions are pathways, each the section of its own questions.
    """
    judged = known.pathways[pathway]
    pathways = {ident: judged.pack.pathways[ident] for ident in decisions}
    left_out = frozenset(judged.pack.pathways).difference(pathways)
    section_of = decisions_of(judged, left_out)
    questions = {
        ident: question.replaced(below=SYSTOLIC) if ident == DIASTOLIC else question
        for ident, question in judged.pack.questions.items()
    }
    pack = judged.pack.replaced(
        pathways=pathways,
        questions=questions,
        section_of={
            # What was observed is given, and nobody is asked for it.
            ident: "" if question.kind == "rows" else section_of.get(ident, "")
            for ident, question in questions.items()
        },
        sections=tuple(
            Section(id=item.id, title=item.title, short=item.short[:_SHORT])
            for item in pathways.values()
        ),
    )
    return judged.replaced(
        pack=pack,
        rules={ident: judged.rules[ident] for ident in decisions},
        calculations={name: _settled(item, read) for name, item in judged.calculations.items()},
    )


def _settled(calculation: Calculation, read: Input) -> Calculation:
    """Return a calculation that knows what stands before the visit: its rows, and the course."""
    tables = {OBSERVATIONS: read.tables[OBSERVATIONS], EVENTS: read.tables[EVENTS]}

    def calculate(working: Working, fact: object) -> tuple[Value, tuple[str, ...]]:
        kept = working.given
        working.given = kept.replaced(given=read.given, waits=read.waits, tables=tables)
        try:
            return calculation.calculate(working, fact)  # type: ignore[arg-type]
        finally:
            working.given = kept

    return calculation.replaced(calculate=calculate)
