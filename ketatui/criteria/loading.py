"""Reading a pack from its folder: TOML to checked models, and a local policy on top."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ketatui.criteria import models as m
from ketatui.criteria.default import default_folder
from ketatui.criteria.pack import LocalPolicy, Pack, VisitPolicy
from ketatui.criteria.pathway_groups import elsewhere, members_of, with_members
from ketatui.criteria.problems import PackError, Problem
from ketatui.criteria.reader import Index, Origin, Reader, content_digest
from ketatui.toml_lines import locate
from ketatui.toml_structs import Table

if TYPE_CHECKING:
    from ketatui.criteria.course_pack import CoursePack
    from ketatui.criteria.models.policy import PolicyFile


def load_pack(folder: Path | None = None, policy: Path | None = None) -> Pack:
    """Read a criteria pack, and a local policy on top of it.

    Args:
        folder: The pack's folder; `default_folder` when None.
        policy: A local policy file that changes thresholds and adds rules.

    Returns:
        The pack. Structure is checked here; expressions are when the engine compiles it.

    Raises:
        PackError: Everything that is wrong with its files, each with file and line.
    """
    folder = default_folder() if folder is None else folder
    if not folder.is_dir():
        raise PackError((Problem(str(folder), None, "", "no such criteria folder"),))
    reader = Reader(folder)
    pack = _assemble(reader)
    if reader.problems or pack is None:
        raise PackError(tuple(sorted(reader.problems, key=_order)))
    return pack if policy is None else _with_policy(pack, policy)


def _order(problem: Problem) -> tuple[str, int, str]:
    return problem.file, problem.line or 0, problem.message


def _assemble(reader: Reader) -> Pack | None:
    index = Index(reader.problems, reader.texts)
    info = reader.one("pack.toml", m.PackFile)
    wording = reader.one("wording.toml", m.WordingFile)
    medicines = reader.one("drugs/medicines.toml", m.MedicineFile)
    vocabulary = reader.one("drugs/vocabulary.toml", m.Vocabulary)
    drug_names = reader.names(trusted=reader.folder == default_folder({}))
    questions = reader.many("questions/*.toml", m.QuestionFile)
    pathways = reader.single("pathways.toml", m.PathwayFile)
    scales = reader.many("instruments/*.toml", m.Instrument, needed=False)
    instruments = index.collect_files("instrument", scales)
    payers = index.collect_files("payer", reader.many("payers/*.toml", m.Payer, needed=False))
    tables = _tables(reader, index, questions, pathways)
    if info is None or wording is None:
        return None
    if medicines is None or vocabulary is None or drug_names is None:
        return None
    reader.compare_parts(info.parts)
    groups = members_of(group for _, file in pathways for group in file.groups)
    for name in ("rules", "support", "consent"):
        tables[name] = with_members(tables[name], groups)
    return Pack(
        groups=groups,
        load_course=_load_course,
        folder=reader.folder,
        info=info,
        digest=content_digest(reader.content),
        wording=wording,
        sections=tuple(file.section for _, file in questions),
        instruments=instruments,
        payers=with_members(payers, groups),
        drug_classes={item.id: item for item in medicines.classes},
        medicines=drug_names,
        vocabulary=vocabulary,
        section_of={
            question.id: file.section.id for _, file in questions for question in file.questions
        },
        origins=index.origins,
        **tables,
    )


class _ById(NamedTuple):
    """Tables that are found by id.

    Attributes:
        field: The field of the pack that they go into.
        kind: What they are, as errors call it.
        files: The file, or files, that they stand in.
        model: What each file holds.
        table: The key of the list in it.
        key: What a table is found by.
    """

    field: str
    kind: str
    files: str
    model: type[Table]
    table: str
    key: str = "id"


_BY_ID = (
    _ById("derived", "derived fact", "derived.toml", m.DerivedFile, "derived"),
    _ById(
        "contradictions",
        "contradiction",
        "contradictions.toml",
        m.ContradictionFile,
        "contradictions",
    ),
    _ById("thresholds", "threshold", "thresholds.toml", m.ThresholdFile, "thresholds", "name"),
    _ById("rules", "rule", "rules/*.toml", m.RuleFile, "rules"),
    _ById("support", "support row", "support.toml", m.SupportFile, "rows"),
    _ById("consent", "consent item", "consent.toml", m.ConsentFile, "items"),
    _ById("identifiers", "identifier", "privacy.toml", m.IdentifierFile, "identifiers"),
    _ById("sources", "source", "sources.toml", m.SourceFile, "sources"),
    _ById(
        "antidepressants",
        "antidepressant",
        "drugs/antidepressants.toml",
        m.AntidepressantFile,
        "antidepressants",
        "name",
    ),
)


def _tables(
    reader: Reader,
    index: Index,
    questions: list[tuple[str, m.QuestionFile]],
    pathways: list[tuple[str, m.PathwayFile]],
) -> dict[str, Any]:
    """Read what is found by id, by the field of the pack that it goes into."""
    found = {
        "questions": index.collect("question", questions, "questions"),
        "pathways": index.collect("pathway", pathways, "pathways"),
    }
    for of in _BY_ID:
        read = reader.many if "*" in of.files else reader.single
        found[of.field] = index.collect(of.kind, read(of.files, of.model), of.table, of.key)
    return found


def _with_policy(pack: Pack, path: Path) -> Pack:
    # Imported where there is a policy: it may add to the course, which a screening starts without.
    from ketatui.criteria.models.policy import PolicyFile

    reader = Reader(path.parent)
    policy = reader.one(path.name, PolicyFile)
    if policy is None:
        raise PackError(tuple(problem.replaced(file=str(path)) for problem in reader.problems))
    text, content = reader.texts[path.name], reader.content[path.name]
    problems = _of_thresholds(pack, policy, content, str(path), text)
    problems += _of_rules(pack, policy, str(path), text)
    if problems:
        raise PackError(tuple(problems))
    of_course = {k: v for k, v in policy.thresholds.items() if k not in pack.thresholds}
    changed = {
        name: pack.thresholds[name].replaced(value=value, authority=m.LOCAL)
        for name, value in policy.thresholds.items()
        if name in pack.thresholds
    }
    return pack.replaced(
        digest=content_digest([pack.digest, _of_screening(content, of_course)]),
        thresholds={**pack.thresholds, **changed},
        rules=with_members({**pack.rules, **{rule.id: rule for rule in policy.rules}}, pack.groups),
        origins={
            **pack.origins,
            **{
                ("rule", rule.id): Origin(str(path), ("rules", number))
                for number, rule in enumerate(policy.rules)
            },
        },
        policy=LocalPolicy(
            id=policy.id,
            title=policy.title,
            thresholds=frozenset(changed),
            rules=frozenset(rule.id for rule in policy.rules),
            of_course=of_course,
            visits=_of_visits(policy, content, path, text),
        ),
    )


def _of_rules(pack: Pack, policy: PolicyFile, file: str, text: str) -> list[Problem]:
    """Find what is wrong with the rules that a policy adds."""
    problems: list[Problem] = []
    known = set(pack.rules)
    for number, rule in enumerate(policy.rules):
        at = ("rules", number)
        if rule.id in known:
            said = "a policy adds rules, it does not replace one"
            problems.append(Problem(file, locate(text, at), rule.id, said))
        problems += [
            Problem(file, locate(text, (*at, *place)), rule.id, message)
            for place, message in elsewhere(rule, pack.pathways, pack.groups)
        ]
        known.add(rule.id)
    return problems


def _of_thresholds(
    pack: Pack, policy: PolicyFile, content: Mapping[str, Any], file: str, text: str
) -> list[Problem]:
    """Find what is wrong with the thresholds that a policy sets."""
    thresholds = dict(pack.thresholds)
    if not policy.thresholds.keys() <= thresholds.keys():
        thresholds |= _of_course(pack)
    known = ", ".join(sorted(thresholds))
    problems = [
        Problem(
            file,
            locate(text, ("thresholds", name)),
            name,
            f"unknown threshold; allowed: {known}",
        )
        for name in policy.thresholds
        if name not in thresholds
    ]
    problems += _implausible(thresholds, policy, file, text)
    return problems + _text_for_numbers(content, file, text)


_NO_NUMBER = "is no number; allowed: a number without quotes"


def _text_for_numbers(content: Mapping[str, Any], file: str, text: str) -> list[Problem]:
    """Find thresholds in quotes: what a typing error left there could be another number."""
    return [
        Problem(file, locate(text, ("thresholds", name)), name, f"'{value}' {_NO_NUMBER}")
        for name, value in content.get("thresholds", {}).items()
        if isinstance(value, str)
    ]


_OF_VISITS = ("visit_rules", "visit_effects")


def _of_visits(
    policy: PolicyFile, content: Mapping[str, Any], path: Path, text: str
) -> VisitPolicy | None:
    """Return what a policy says of visits; the course, when it is loaded, tells if it can be."""
    said = {key: content[key] for key in _OF_VISITS if key in content}
    if not said:
        return None
    return VisitPolicy(str(path), text, policy.visit_rules, policy.visit_effects, said)


def _load_course(pack: Pack) -> CoursePack:
    # Imported when it is asked for: a screening starts without the course.
    from ketatui.criteria.course import load_course

    return load_course(pack)


def _of_course(pack: Pack) -> dict[str, m.Threshold]:
    """Return the thresholds that only the course of treatment has."""
    # Imported for a policy that names one: a screening starts without the course.
    from ketatui.criteria.course import own_thresholds

    return own_thresholds(pack.folder)


def _of_screening(content: dict[str, Any], of_course: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a policy a screening can tell: its digest is not the course's."""
    own = {key: value for key, value in content.items() if key not in _OF_VISITS}
    if not of_course:
        return own
    thresholds = own["thresholds"]
    return {**own, "thresholds": {k: v for k, v in thresholds.items() if k not in of_course}}


def _implausible(
    thresholds: Mapping[str, m.Threshold], policy: PolicyFile, file: str, text: str
) -> list[Problem]:
    """Find values a policy may not set: a slip of the pen must not switch a rule off."""
    values = {name: item.value for name, item in thresholds.items()} | policy.thresholds
    found = []
    for name, value in policy.thresholds.items():
        known = thresholds.get(name)
        if known is None:
            continue
        allowed = f"allowed: {known.min} to {known.max} {known.unit}".rstrip()
        if not value.is_finite() or not known.min <= value <= known.max:
            found.append(f"{name}: {value} is out of range; {allowed}")
        elif known.whole and value != value.to_integral_value():
            found.append(f"{name}: {value} is no whole number; {allowed}")
    for name, known in thresholds.items():
        pair = (values[name], values[known.not_above]) if known.not_above else ()
        # What is no number has been named above, and compares with nothing.
        if pair and all(value.is_finite() for value in pair) and pair[0] > pair[1]:
            found.append(f"{name}: {values[name]} is above {known.not_above}")
    return [
        Problem(file, locate(text, ("thresholds", said.partition(":")[0])), "", said)
        for said in found
    ]
