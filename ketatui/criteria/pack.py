"""The pack in memory: everything `criteria/` says, found by id."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import field

from ketatui.criteria.models import (
    Antidepressant,
    ConsentItem,
    Contradiction,
    Derived,
    DrugClass,
    Effect,
    IdentifierKind,
    Instrument,
    Medicine,
    PackFile,
    Pathway,
    Payer,
    Question,
    Rule,
    Section,
    Source,
    SupportRow,
    Threshold,
    Vocabulary,
    WordingFile,
)
from ketatui.criteria.pathway_groups import Groups
from ketatui.criteria.problems import Problem, problem_in
from ketatui.criteria.reader import Origin as Origin
from ketatui.criteria.wording import with_thresholds
from ketatui.structs import Frozen

if TYPE_CHECKING:
    from ketatui.criteria.course_pack import CoursePack
    from ketatui.criteria.models.course import CourseRule


class VisitPolicy(Frozen, frozen=True):
    """What a local policy says of the rules of visits.

    Attributes:
        file: Where it says so.
        text: What stands there, for the lines of problems.
        rules: Rules it adds.
        effects: Graver effects, by rule.
        content: The same as it was written, for the digest.
    """

    file: str
    text: str
    rules: tuple[CourseRule, ...]
    effects: Mapping[str, Effect]
    content: Mapping[str, Any]


class LocalPolicy(Frozen, frozen=True):
    """What a local policy changed; every screen and report marks it.

    Attributes:
        id: The policy's id.
        title: What it calls itself.
        thresholds: Names of the thresholds it changed.
        rules: Ids of the rules it added.
        of_course: Values of the thresholds it changed that only the course has.
        visits: What it says of the rules of visits, for whoever loads the course.
    """

    id: str
    title: str
    thresholds: frozenset[str]
    rules: frozenset[str]
    of_course: Mapping[str, Decimal] = field(default_factory=dict)
    visits: VisitPolicy | None = None


HIGHEST = Decimal(10_000)
"""The highest number that is tried where the criteria name no limit."""


class Pack(Frozen, frozen=True, dict=True):
    """A loaded criteria pack.

    Attributes:
        folder: Where it was read from.
        info: Id, version, dates and changelog.
        digest: ``sha256:…`` over its content (not its formatting), any local policy included.
        sections: Groups of the consultation, in order.
        questions: Questions by id, in the order they are asked.
        rules: Rules by id, in the order of the decision table.
        medicines: Names of medicines and what they stand for; each read when it is met.
        vocabulary: Words that may stand beside a name without changing it.
        groups: Members of each group of pathways; tables name them no more once they are read.
        load_course: Reads what the pack says about the course; a screening does without it.
        policy: The local policy in force, if any.
        origins: Where each id is defined: ``(kind, id)`` to its origin.
    """

    folder: Path
    info: PackFile
    digest: str
    wording: WordingFile
    sections: tuple[Section, ...]
    questions: Mapping[str, Question]
    instruments: Mapping[str, Instrument]
    derived: Mapping[str, Derived]
    contradictions: Mapping[str, Contradiction]
    thresholds: Mapping[str, Threshold]
    rules: Mapping[str, Rule]
    support: Mapping[str, SupportRow]
    pathways: Mapping[str, Pathway]
    consent: Mapping[str, ConsentItem]
    payers: Mapping[str, Payer]
    sources: Mapping[str, Source]
    drug_classes: Mapping[str, DrugClass]
    medicines: Mapping[str, Medicine]
    antidepressants: Mapping[str, Antidepressant]
    vocabulary: Vocabulary
    identifiers: Mapping[str, IdentifierKind]
    section_of: Mapping[str, str]
    groups: Groups
    load_course: Callable[[Pack], CoursePack]
    policy: LocalPolicy | None = None
    origins: Mapping[tuple[str, str], Origin] = field(default_factory=dict)

    @cached_property
    def threshold_values(self) -> dict[str, Decimal]:
        """Value of every threshold, as in force (a local policy applied)."""
        return {name: threshold.value for name, threshold in self.thresholds.items()}

    @cached_property
    def course(self) -> CoursePack:
        """What the pack says about the course of treatment, read when first asked for.

        Raises:
            PackError: It cannot be used, or the pack has none.
        """
        return self.load_course(self)

    @cached_property
    def by_section(self) -> dict[str, tuple[Question, ...]]:
        """Questions of each section, in order."""
        return {
            section.id: tuple(
                question
                for question in self.questions.values()
                if self.section_of[question.id] == section.id
            )
            for section in self.sections
        }

    @property
    def pathway_ids(self) -> Sequence[str]:
        """Ids of the pathways, in the order that breaks ties."""
        return tuple(self.pathways)

    @property
    def consent_ids(self) -> Sequence[str]:
        """Ids of the consent items, in order."""
        return tuple(self.consent)

    def instrument_of(self, question: Question) -> Instrument:
        """Return the rating scale behind a question of kind ``scale``.

        Raises:
            KeyError: The question has none.
        """
        return self.instruments[question.instrument or ""]

    def limits_of(self, question: Question) -> tuple[Decimal | None, Decimal | None]:
        """Return the hard limits of a numeric question; a scale's come from its instrument."""
        if question.kind == "scale":
            instrument = self.instrument_of(question)
            return Decimal(instrument.min), Decimal(instrument.max)
        return question.min, question.max

    def range_of(self, question: Question) -> tuple[Decimal, Decimal]:
        """Return least and greatest number to try: hard limits, else 0 and `HIGHEST`."""
        low, high = self.limits_of(question)
        return Decimal(0) if low is None else low, HIGHEST if high is None else high

    def threshold_text(self, text: str) -> str:
        """Fill ``{threshold_name}`` in a rule's wording with the value in force."""
        return with_thresholds(text, self.threshold_values)

    def problem(self, kind: str, ident: str, message: str, *keys: str) -> Problem:
        """Return a problem of something that has an id, located in the file that defines it."""
        origin = self.origins.get((kind, ident))
        if origin is None:
            return Problem("", None, ident, message)
        return problem_in(self.folder, origin.file, (*origin.path, *keys), ident, message)

    def source_text(self, reference: str) -> str:
        """Spell out a source reference: title, section, date, how far it was verified."""
        key, _, section = reference.partition(" §")
        source = self.sources.get(key)
        if source is None:
            return reference
        where = f", §{section}" if section else ""
        return f"{source.title}{where} ({source.publisher}, {source.date})"
