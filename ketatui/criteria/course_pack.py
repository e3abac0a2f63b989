"""What a pack says about the course of treatment, in memory."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from msgspec import field

from ketatui.criteria import models as m
from ketatui.criteria.models import course as c
from ketatui.criteria.models import course_papers as papers
from ketatui.criteria.problems import Problem, problem_in
from ketatui.criteria.reader import Origin
from ketatui.criteria.wording import with_thresholds
from ketatui.structs import Frozen


class CoursePack(Frozen, frozen=True, dict=True):
    """What a pack says about the course of treatment.

    Attributes:
        folder: The pack's folder.
        info: Id, version, decisions and words.
        digest: ``sha256:…`` over the content of ``course/``, and thresholds in force.
        questions: Questions of a visit by id, in the order they are asked.
        tables: What needs may name beside questions, by id.
        derived: Calculated facts by id.
        rules: Rules by id, in the order of the decision table.
        own_thresholds: Thresholds that only the course has.
        thresholds: All that its rules may name, those of the screening included.
        changed: Names of the thresholds that a local policy changed.
        instruments: Scales by id, in the order that breaks ties.
        schedule: Phases, and what falls due.
        worksheet: What a form asks of a session, for transfer; None where there is no such form.
        going_home: What the page says that a patient takes home; None where there is none.
        local_rules: Ids of the rules that a local policy added or made graver.
        origins: Where each id is defined: ``(kind, id)`` to its origin.
    """

    folder: Path
    info: c.CourseFile
    digest: str
    questions: Mapping[str, m.Question]
    tables: Mapping[str, c.NamedTable]
    derived: Mapping[str, c.CourseFact]
    rules: Mapping[str, c.CourseRule]
    own_thresholds: Mapping[str, m.Threshold]
    thresholds: Mapping[str, m.Threshold]
    changed: frozenset[str]
    instruments: Mapping[str, c.CourseInstrument]
    schedule: c.ScheduleFile
    worksheet: papers.WorksheetFile | None
    going_home: papers.GoingHomeFile | None
    local_rules: frozenset[str] = frozenset()
    origins: Mapping[tuple[str, str], Origin] = field(default_factory=dict)

    @cached_property
    def threshold_values(self) -> dict[str, Decimal]:
        """Value of every threshold, as in force."""
        return {name: threshold.value for name, threshold in self.thresholds.items()}

    @cached_property
    def decisions(self) -> dict[str, c.CourseDecision]:
        """The decisions by id, in order."""
        return {item.id: item for item in self.info.decisions}

    @cached_property
    def bases(self) -> dict[str, c.CourseBasis]:
        """What a course can run under, by id, in order."""
        return {item.id: item for item in self.info.bases}

    def decision_of(self, role: c.Role) -> str:
        """Return the decision that has a role; each role is given once."""
        return next(item.id for item in self.info.decisions if item.role == role)

    def problem(self, kind: str, ident: str, message: str, *keys: str) -> Problem:
        """Return a problem of something that has an id, located in the file that defines it."""
        origin = self.origins[kind, ident]
        return problem_in(self.folder, origin.file, (*origin.path, *keys), ident, message)

    def problem_in(self, file: str, key: str, message: str, *place: str | int) -> Problem:
        """Return a problem of a table without an id that others know, located in its file."""
        return problem_in(self.folder, file, (*place, key), "", f"{key}: {message}")

    def threshold_text(self, text: str) -> str:
        """Fill ``{threshold_name}`` in a wording with the value in force."""
        return with_thresholds(text, self.threshold_values)
