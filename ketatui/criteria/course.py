"""The course of treatment of a pack: ``course/``, read when a case has a course, and not before.

It has a digest of its own: a rule of a visit that changes leaves every saved screening as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from msgspec import field

from ketatui.criteria import models as m
from ketatui.criteria.models import course as c
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError, Problem
from ketatui.criteria.reader import Index, Origin, Reader, content_digest
from ketatui.structs import Frozen
from ketatui.tables import Table
from ketatui.toml_lines import locate

FOLDER = "course"
"""Folder of the course within a pack."""
_INFO = f"{FOLDER}/course.toml"
_Model = TypeVar("_Model", bound=Table)


class CoursePack(Frozen, frozen=True, dict=True):
    """What a pack says about the course of treatment.

    Attributes:
        folder: The pack's folder.
        info: Id, version, decisions and words.
        digest: ``sha256:…`` over the content of ``course/``, changed thresholds included.
        questions: Questions of a visit by id, in the order they are asked.
        tables: What needs may name beside questions, by id.
        derived: Calculated facts by id.
        rules: Rules by id, in the order of the decision table.
        own_thresholds: Thresholds that only the course has.
        thresholds: All that its rules may name, those of the screening included.
        changed: Names of the thresholds that a local policy changed.
        instruments: Scales by id, in the order that breaks ties.
        schedule: Phases, and what falls due.
        worksheet: What a form asks of a session, for transfer.
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
    worksheet: c.WorksheetFile
    origins: Mapping[tuple[str, str], Origin] = field(default_factory=dict)

    @cached_property
    def threshold_values(self) -> dict[str, Decimal]:
        """Value of every threshold, as in force."""
        return {name: threshold.value for name, threshold in self.thresholds.items()}

    @cached_property
    def decisions(self) -> dict[str, c.CourseDecision]:
        """The decisions by id, in order."""
        return {item.id: item for item in self.info.decisions}

    def problem(self, kind: str, ident: str, message: str, *keys: str) -> Problem:
        """Return a problem of something that has an id, located in the file that defines it."""
        origin = self.origins[kind, ident]
        try:
            text = (self.folder / origin.file).read_text(encoding="utf-8")
        except (OSError, ValueError):
            text = ""
        return Problem(origin.file, locate(text, (*origin.path, *keys)), ident, message)

    def problem_in(self, file: str, key: str, message: str, *place: str | int) -> Problem:
        """Return a problem of a table without an id that others know, located in its file."""
        try:
            text = (self.folder / file).read_text(encoding="utf-8")
        except (OSError, ValueError):
            text = ""
        return Problem(file, locate(text, (*place, key)), "", f"{key}: {message}")

    def threshold_text(self, text: str) -> str:
        """Fill ``{threshold_name}`` in a wording with the value in force."""
        if "{" not in text:
            return text
        for name, value in self.threshold_values.items():
            text = text.replace("{" + name + "}", f"{value.normalize():f}")
        return text


def has_course(pack: Pack) -> bool:
    """Tell whether a pack says anything about a course of treatment."""
    return (pack.folder / FOLDER).is_dir()


def own_thresholds(folder: Path) -> dict[str, m.Threshold]:
    """Return the thresholds that only the course of a pack has.

    Args:
        folder: The pack's folder.

    Returns:
        Them by name; none where the pack has no course.

    Raises:
        PackError: Its file can not be used.
    """
    reader = Reader(folder)
    if not (folder / FOLDER).is_dir():
        return {}
    file = reader.one(f"{FOLDER}/thresholds.toml", m.ThresholdFile)
    if file is None:
        raise PackError(tuple(reader.problems))
    return {item.name: item for item in file.thresholds}


def load_course(pack: Pack) -> CoursePack:
    """Read what a pack says about the course of treatment.

    Args:
        pack: The pack; its local policy counts here too.

    Returns:
        The course. Structure is checked here; expressions are when it is compiled.

    Raises:
        PackError: Everything that is wrong with its files, or that there is none.
    """
    if not has_course(pack):
        message = "this pack has no course of treatment; it is for screening only"
        raise PackError((Problem(FOLDER, None, pack.info.id, message),))
    reader = Reader(pack.folder)
    course = _assemble(reader, pack)
    if reader.problems or course is None:
        raise PackError(tuple(sorted(reader.problems, key=lambda p: (p.file, p.line or 0))))
    return course


def _assemble(reader: Reader, pack: Pack) -> CoursePack | None:
    index = Index(reader.problems, reader.texts)

    def single(name: str, model: type[_Model]) -> list[tuple[str, _Model]]:
        value = reader.one(f"{FOLDER}/{name}", model)
        return [] if value is None else [(f"{FOLDER}/{name}", value)]

    info = reader.one(_INFO, c.CourseFile)
    schedule = reader.one(f"{FOLDER}/schedule.toml", c.ScheduleFile)
    worksheet = reader.one(f"{FOLDER}/worksheet.toml", c.WorksheetFile)
    questions = single("questions.toml", c.CourseQuestionFile)
    rules = reader.many(f"{FOLDER}/rules/*.toml", c.CourseRuleFile)
    named = single("thresholds.toml", m.ThresholdFile)
    tables: dict[str, Any] = {
        "questions": index.collect("question", questions, "questions"),
        "tables": index.collect("table", questions, "tables"),
        "derived": index.collect(
            "derived fact", single("derived.toml", c.CourseFactFile), "derived"
        ),
        "rules": index.collect("rule", rules, "rules"),
        "instruments": index.collect(
            "instrument", single("instruments.toml", c.CourseInstrumentFile), "instruments"
        ),
    }
    own = index.collect("threshold", named, "thresholds", lambda item: str(item.name))
    if info is None or schedule is None or worksheet is None:
        return None
    for number, item in enumerate(info.contradictions):
        index.add("contradiction", item.id, item, {}, Origin(_INFO, ("contradictions", number)))
    reader.compare_parts(info.parts, _INFO)
    for name in own.keys() & pack.thresholds.keys():
        origin = index.origins["threshold", name]
        line = locate(reader.texts[origin.file], origin.path)
        message = "the screening has a threshold of this name; it counts here as well"
        reader.problems.append(Problem(origin.file, line, name, message))
    changed = pack.policy.of_course if pack.policy else {}
    own |= {
        name: own[name].replaced(value=value, authority="local")
        for name, value in changed.items()
        if name in own
    }
    digest = content_digest(reader.content)
    return CoursePack(
        folder=pack.folder,
        info=info,
        digest=content_digest([digest, changed]) if changed else digest,
        own_thresholds=own,
        thresholds={**pack.thresholds, **own},
        changed=(pack.policy.thresholds if pack.policy else frozenset()) | changed.keys(),
        schedule=schedule,
        worksheet=worksheet,
        origins=index.origins,
        **tables,
    )
