"""The assessment of a visit as plain text, 80 columns wide: what `ketatui course assess` prints."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.consultation.words import fact_title
from ketatui.course.assessment import DecisionAssessment, VisitAssessment
from ketatui.course.grouping import decided_at
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.vocabulary import SWALLOW
from ketatui.cql import Value
from ketatui.criteria.wording import number_text
from ketatui.engine import Finding, OpenRule
from ketatui.reports.summary import WIDTH, plain, wrapped
from ketatui.reports.words import PRACTICE

_SHOWN = (
    "course.day",
    "course.week",
    "course.session",
    "course.phase",
    "visit.mg_per_kg",
    "visit.minutes_after_last",
    "score.baseline",
    "score.now",
    "score.change_percent",
)
"""Facts that the head of a summary names where they are known."""


def visit_summary(
    knowledge: CourseKnowledge,
    case: Case,
    course: Course,
    visit: Visit,
    assessment: VisitAssessment,
) -> str:
    """Write the assessment of a visit for people to read.

    Args:
        knowledge: The criteria it was made under.
        case: The case.
        course: The visit's course.
        visit: The visit.
        assessment: Its assessment.

    Returns:
        Lines of text without colors or anything else a terminal could act on.
    """
    return plain(_Summary(knowledge).all(case, course, visit, assessment))


def title_of(knowledge: CourseKnowledge, ident: str) -> str:
    """Return what a question, table or fact is called, of the visit or of the screening."""
    pack = knowledge.pack
    if ident in pack.questions:
        return pack.questions[ident].label
    if ident in pack.tables:
        return pack.tables[ident].label
    if ident in pack.derived:
        return pack.derived[ident].title
    return fact_title(knowledge.screening.pack, ident)


def value_of(knowledge: CourseKnowledge, ident: str, value: Value) -> str:
    """Return a value of a visit in words, with its unit."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    question = knowledge.pack.questions.get(ident)
    if isinstance(value, str):
        return _coded(knowledge, ident, value)
    fact = knowledge.pack.derived.get(ident)
    unit = question.unit if question else fact.unit if fact else ""
    number = number_text(value) if isinstance(value, int | Decimal) else str(value)
    return f"{number} {unit}".rstrip()


def _coded(knowledge: CourseKnowledge, ident: str, code: str) -> str:
    """Return a code in the words of the pack; the code itself where it has none."""
    screening, course = knowledge.screening.pack, knowledge.pack
    if ident == "course.screening":
        words = {str(verdict): item.title for verdict, item in screening.wording.verdicts.items()}
    elif ident == "course.phase":
        words = {item.id: item.title for item in reversed(course.schedule.phases)}
    elif ident == "course.pathway":
        words = {key: item.title for key, item in screening.pathways.items()}
    elif ident == "course.basis":
        words = {item.id: item.title for item in course.info.bases}
    else:
        alike = {"course.site": course.info.site, "course.last_swallow": SWALLOW}
        asked = alike.get(ident, ident)
        question = course.questions.get(asked) or screening.questions.get(asked)
        words = {item.code: item.label for item in question.options} if question else {}
    return words.get(code, code)


class _Summary:
    def __init__(self, knowledge: CourseKnowledge) -> None:
        self.knowledge = knowledge
        self.wording = knowledge.screening.pack.wording

    def all(
        self, case: Case, course: Course, visit: Visit, assessment: VisitAssessment
    ) -> Iterator[str]:
        yield from self._head(case, course, visit, assessment)
        for item in decided_at(self.knowledge.pack, visit, assessment.decisions):
            yield ""
            yield from self._decision(item)
        yield from self._next(assessment)
        yield from self._contradictions(assessment)

    def _head(
        self, case: Case, course: Course, visit: Visit, assessment: VisitAssessment
    ) -> Iterator[str]:
        if case.practice:
            yield PRACTICE
        yield from wrapped(assessment.case, "Case: ")
        pathway = self.knowledge.screening.pack.pathways[course.pathway].title
        said = f"{pathway}, course {course.id}, visit {visit.number} ({visit.kind}) of {visit.date}"
        yield from wrapped(said)
        policy = f", local policy: {assessment.policy}" if assessment.policy else ""
        made = f"{assessment.pack_id} {assessment.pack_version}{policy}"
        yield from wrapped(f"Assessed on {assessment.on} under {made}")
        known = [
            f"{title_of(self.knowledge, ident)}: {value_of(self.knowledge, ident, value)}"
            for ident in _SHOWN
            if (value := assessment.values.get(ident)) is not None
        ]
        yield from wrapped(". ".join(known))
        old = ", ".join(title_of(self.knowledge, item.question) for item in assessment.stale)
        if old:
            begin = "Screening answers too old on that day, which count all the same: "
            yield from wrapped(old, begin, "  ")

    def _decision(self, item: DecisionAssessment) -> Iterator[str]:
        words = self.knowledge.pack.info.words[item.verdict]
        title = self.knowledge.pack.decisions[item.id].title
        line = f"{words.symbol} {title}: {words.title}"
        yield line
        yield "-" * min(len(line), WIDTH)
        for effect, findings in groupby(item.findings, key=lambda found: found.effect):
            yield f"   {self.wording.effects[effect].symbol} {self.wording.effects[effect].title}"
            for finding in findings:
                yield from self._finding(finding)
        yield from self._open(item.open)
        if item.changes:
            yield "   Would lift it"
        for change in item.changes:
            facts = " and ".join(title_of(self.knowledge, ident) for ident in change.facts)
            then = self.knowledge.pack.info.words[change.then].title
            yield from wrapped(f"{facts}: then {then}", "     - ")

    def _finding(self, finding: Finding) -> Iterator[str]:
        marks = [
            mark
            for mark, holds in (
                ("OVERRIDDEN by the clinician; counts as a caution", finding.overridden),
                ("could not be excluded: what it asks is unknown", finding.not_excluded),
                ("local policy", finding.local),
            )
            if holds
        ]
        said = f" ({'; '.join(marks)})" if marks else ""
        yield from wrapped(f"{finding.title} [{finding.rule}]{said}", "     - ")
        indent = " " * 7
        yield from wrapped(finding.because, indent)
        yield from wrapped(finding.do, f"{indent}Do: ", indent)
        facts = ", ".join(
            f"{title_of(self.knowledge, ident)}: {value_of(self.knowledge, ident, value)}"
            for ident, value in finding.facts.items()
        )
        yield from wrapped(facts, f"{indent}Read: ", indent)
        pack = self.knowledge.screening.pack
        sources = "; ".join(pack.source_text(source) for source in finding.sources)
        authority = self.wording.authorities[finding.authority]
        said = f"{authority}, {finding.confidence} confidence: {sources}"
        yield from wrapped(said, indent, indent)

    def _open(self, opened: tuple[OpenRule, ...]) -> Iterator[str]:
        if opened:
            yield "   ? Open"
        for rule in opened:
            effect = self.wording.effects[rule.effect].title
            optional = ", optional" if rule.optional else ""
            head = f"{rule.title} [{rule.rule}] (would be: {effect}{optional})"
            yield from wrapped(head, "     - ")
            needs = [
                title_of(self.knowledge, ident)
                + (" (asked, unknown)" if ident in rule.unknown else "")
                for ident in rule.needs
            ]
            if needs:
                yield from wrapped(", ".join(needs), "       Needs: ", " " * 7)
            blocked = ", ".join(title_of(self.knowledge, ident) for ident in rule.blocked_by)
            if blocked:
                yield from wrapped(blocked, "       Kept open by: ", " " * 7)

    def _next(self, assessment: VisitAssessment) -> Iterator[str]:
        yield ""
        if assessment.next is None:
            yield "Nothing that could still change a verdict is unanswered."
            return
        title = title_of(self.knowledge, assessment.next.question)
        said = f"{title} [{assessment.next.question}]. {assessment.next.because}."
        yield from wrapped(said, "Next question that matters: ", "  ")

    def _contradictions(self, assessment: VisitAssessment) -> Iterator[str]:
        if assessment.contradictions:
            yield ""
            yield "Contradictions: these answers cannot all be right"
        for item in assessment.contradictions:
            names = ", ".join(title_of(self.knowledge, ident) for ident in item.questions)
            yield from wrapped(f"{names}: {item.because}", "  - ")
