"""The course of treatment of a pack: ``course/``, read when a case has a course, and not before.

It has a digest of its own: a rule of a visit that changes leaves every saved screening as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from ketatui.criteria import models as m
from ketatui.criteria.course_pack import CoursePack as CoursePack
from ketatui.criteria.course_references import lost_references
from ketatui.criteria.models import course as c
from ketatui.criteria.models import course_papers as papers
from ketatui.criteria.pack import Pack, VisitPolicy
from ketatui.criteria.pathway_groups import elsewhere, with_members
from ketatui.criteria.problems import PackError, Problem
from ketatui.criteria.reader import Index, Origin, Reader, content_digest
from ketatui.toml_lines import locate
from ketatui.toml_structs import Table

FOLDER = "course"
"""Folder of the course within a pack."""
_INFO = f"{FOLDER}/course.toml"
_Model = TypeVar("_Model", bound=Table)


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
        PackError: Its file cannot be used.
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
    if course is not None:
        reader.problems += lost_references(pack, course)
    if reader.problems or course is None:
        raise PackError(tuple(sorted(reader.problems, key=lambda p: (p.file, p.line or 0))))
    return course


def _assemble(reader: Reader, pack: Pack) -> CoursePack | None:
    index = Index(reader.problems, reader.texts)

    info = reader.one(_INFO, c.CourseFile)
    schedule = reader.one(f"{FOLDER}/schedule.toml", c.ScheduleFile)
    worksheet = _if_there(reader, "worksheet.toml", papers.WorksheetFile)
    going_home = _if_there(reader, "going-home.toml", papers.GoingHomeFile)
    tables = _tables(reader, index, pack)
    named = reader.single(f"{FOLDER}/thresholds.toml", m.ThresholdFile)
    own = index.collect("threshold", named, "thresholds", "name")
    if info is None or schedule is None:
        return None
    for number, item in enumerate(info.contradictions):
        index.add("contradiction", item.id, item, {}, Origin(_INFO, ("contradictions", number)))
    reader.compare_parts(info.parts, _INFO)
    own = _with_own_values(reader, index, pack, own)
    changed = pack.policy.of_course if pack.policy else {}
    thresholds = {**pack.thresholds, **own}
    digest = content_digest(reader.content)
    visits = pack.policy.visits if pack.policy else None
    if visits is not None:
        tables["rules"] = _with_visit_policy(reader, index, tables["rules"], visits, pack)
        digest = content_digest([digest, visits.content])
    return CoursePack(
        folder=pack.folder,
        info=info,
        # Rules of a visit read thresholds of the screening too, and a local policy sets either.
        digest=content_digest([digest, {name: item.value for name, item in thresholds.items()}]),
        own_thresholds=own,
        thresholds=thresholds,
        changed=(pack.policy.thresholds if pack.policy else frozenset()) | changed.keys(),
        local_rules=frozenset([*visits.effects, *(rule.id for rule in visits.rules)])
        if visits
        else frozenset(),
        schedule=schedule,
        worksheet=worksheet,
        going_home=going_home,
        origins=index.origins,
        **tables,
    )


def _tables(reader: Reader, index: Index, pack: Pack) -> dict[str, Any]:
    """Read what is found by id, by the field of the course that it goes into."""
    questions = reader.single(f"{FOLDER}/questions.toml", c.CourseQuestionFile)
    rules = reader.many(f"{FOLDER}/rules/*.toml", c.CourseRuleFile)
    derived = reader.single(f"{FOLDER}/derived.toml", c.CourseFactFile)
    scales = reader.single(f"{FOLDER}/instruments.toml", c.CourseInstrumentFile)
    return {
        "questions": index.collect("question", questions, "questions"),
        "tables": index.collect("table", questions, "tables"),
        "derived": index.collect("derived fact", derived, "derived"),
        "rules": with_members(index.collect("rule", rules, "rules"), pack.groups),
        "instruments": index.collect("instrument", scales, "instruments"),
    }


def _with_own_values(
    reader: Reader, index: Index, pack: Pack, own: dict[str, m.Threshold]
) -> dict[str, m.Threshold]:
    """Return the thresholds that only the course has, with the values of a local policy."""
    for name in own.keys() & pack.thresholds.keys():
        origin = index.origins["threshold", name]
        line = locate(reader.texts[origin.file], origin.path)
        message = "the screening has a threshold of this name; it counts here as well"
        reader.problems.append(Problem(origin.file, line, name, message))
    changed = pack.policy.of_course if pack.policy else {}
    return own | {
        name: own[name].replaced(value=value, authority=m.LOCAL)
        for name, value in changed.items()
        if name in own
    }


def _if_there(reader: Reader, name: str, model: type[_Model]) -> _Model | None:
    """Read a file that not every course has; one that is a part and missing is found as such."""
    files = reader.many(f"{FOLDER}/{name}", model, needed=False)
    return files[0][1] if files else None


_EFFECTS: tuple[m.Effect, ...] = get_args(m.Effect)
"""Worst first."""


def _with_visit_policy(
    reader: Reader,
    index: Index,
    rules: Mapping[str, c.CourseRule],
    visits: VisitPolicy,
    pack: Pack,
) -> dict[str, c.CourseRule]:
    """Return the rules of visits with what a local policy adds, and holds to be graver."""
    found = dict(rules)

    def problem(place: tuple[str | int, ...], ident: str, message: str) -> None:
        line = locate(visits.text, place)
        reader.problems.append(Problem(visits.file, line, ident, message))

    for ident, effect in visits.effects.items():
        place = ("visit_effects", ident)
        if ident not in rules:
            problem(place, ident, f"there is no such rule of visits; allowed: {', '.join(rules)}")
            continue
        gravest = min(map(_EFFECTS.index, rules[ident].effects.values()))
        if _EFFECTS.index(effect) >= gravest:
            graver = ", ".join(_EFFECTS[:gravest]) or "none"
            problem(place, ident, f"a policy makes a rule graver, never milder; allowed: {graver}")
            continue
        found[ident] = rules[ident].replaced(effects=dict.fromkeys(rules[ident].effects, effect))
    for number, rule in enumerate(visits.rules):
        at = ("visit_rules", number)
        if rule.id in rules:
            problem(at, rule.id, "a policy adds rules, it does not replace one")
            continue
        for inner, message in elsewhere(rule, pack.pathways, pack.groups):
            problem((*at, *inner), rule.id, message)
        index.add("rule", rule.id, rule, found, Origin(visits.file, at))
    return with_members(found, pack.groups)
