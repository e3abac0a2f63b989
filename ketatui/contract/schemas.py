"""JSON Schema of everything in the contract, by name."""

from __future__ import annotations

from typing import Any, NamedTuple

from pydantic import BaseModel

from ketatui.contract import (
    assessment,
    authoring,
    case,
    comparison,
    course,
    course_pack,
    listings,
    packs,
    policy,
    practice,
    questions,
    record_map,
    records,
    reference,
    rules,
)
from ketatui.contract.answers import with_answers, with_courses, with_visit_answers
from ketatui.criteria.pack import Pack

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Kind(NamedTuple):
    """One kind of file or output: its model, and what it is."""

    model: type[BaseModel]
    about: str
    files: tuple[str, ...] = ()
    """Patterns of the files of a pack's folder that are of this kind."""


KINDS: dict[str, Kind] = {
    "case": Kind(case.Case, "a case file"),
    "visit": Kind(course.Visit, "a visit: a row of [[courses.visits]] in a case file"),
    "practice-case": Kind(practice.PracticeFile, "a practice case", ("practice/*.toml",)),
    "practice-base": Kind(
        practice.PracticeBase, "what short practice cases share", ("practice/bases/*.toml",)
    ),
    "assignment": Kind(practice.Assignment, "assignment.toml of a teacher's practice cases"),
    "peers": Kind(practice.PeersFile, "peers.toml of a teacher's practice cases"),
    "practice-topics": Kind(practice.TopicFile, "practice/topics.toml", ("practice/topics.toml",)),
    "practice-undecided": Kind(
        practice.UndecidedFile, "practice/undecided.toml", ("practice/undecided.toml",)
    ),
    "practice-drills": Kind(practice.DrillFile, "practice/drills.toml", ("practice/drills.toml",)),
    "practice-authoring": Kind(
        authoring.AuthoringFile, "practice/authoring.toml", ("practice/authoring.toml",)
    ),
    "practice-rubric": Kind(practice.RubricFile, "practice/rubric.toml", ("practice/rubric.toml",)),
    "pack": Kind(packs.PackFile, "pack.toml", ("pack.toml",)),
    "policy": Kind(policy.PolicyFile, "a local policy"),
    "questions": Kind(questions.QuestionFile, "questions/*.toml", ("questions/*.toml",)),
    "derived": Kind(questions.DerivedFile, "derived.toml", ("derived.toml",)),
    "contradictions": Kind(
        questions.ContradictionFile, "contradictions.toml", ("contradictions.toml",)
    ),
    "instrument": Kind(questions.Instrument, "instruments/*.toml", ("instruments/*.toml",)),
    "rules": Kind(rules.RuleFile, "rules/*.toml", ("rules/*.toml",)),
    "thresholds": Kind(
        rules.ThresholdFile, "thresholds.toml", ("thresholds.toml", "course/thresholds.toml")
    ),
    "support": Kind(rules.SupportFile, "support.toml", ("support.toml",)),
    "pathways": Kind(reference.PathwayFile, "pathways.toml", ("pathways.toml",)),
    "consent": Kind(reference.ConsentFile, "consent.toml", ("consent.toml",)),
    "payer": Kind(reference.Payer, "payers/*.toml", ("payers/*.toml",)),
    "sources": Kind(reference.SourceFile, "sources.toml", ("sources.toml",)),
    "medicines": Kind(packs.MedicineFile, "drugs/medicines.toml", ("drugs/medicines.toml",)),
    "medicine-names": Kind(packs.NameFile, "drugs/names.toml", ("drugs/names.toml",)),
    "vocabulary": Kind(packs.Vocabulary, "drugs/vocabulary.toml", ("drugs/vocabulary.toml",)),
    "antidepressants": Kind(
        packs.AntidepressantFile, "drugs/antidepressants.toml", ("drugs/antidepressants.toml",)
    ),
    "wording": Kind(packs.WordingFile, "wording.toml", ("wording.toml",)),
    "privacy": Kind(packs.IdentifierFile, "privacy.toml", ("privacy.toml",)),
    "records": Kind(record_map.RecordFile, "records.toml", ("records.toml",)),
    "patient-page": Kind(packs.PatientPageFile, "patient-page.toml", ("patient-page.toml",)),
    "site": Kind(packs.SiteFile, "site.toml", ("site.toml",)),
    "palette": Kind(packs.PaletteFile, "palette.toml", ("palette.toml",)),
    "course": Kind(course_pack.CourseFile, "course/course.toml", ("course/course.toml",)),
    "course-questions": Kind(
        course_pack.CourseQuestionFile, "course/questions.toml", ("course/questions.toml",)
    ),
    "course-derived": Kind(
        course_pack.CourseFactFile, "course/derived.toml", ("course/derived.toml",)
    ),
    "course-rules": Kind(
        course_pack.CourseRuleFile, "course/rules/*.toml", ("course/rules/*.toml",)
    ),
    "course-instruments": Kind(
        course_pack.CourseInstrumentFile, "course/instruments.toml", ("course/instruments.toml",)
    ),
    "course-going-home": Kind(
        course_pack.GoingHomeFile, "course/going-home.toml", ("course/going-home.toml",)
    ),
    "course-worksheet": Kind(
        course_pack.WorksheetFile, "course/worksheet.toml", ("course/worksheet.toml",)
    ),
    "course-schedule": Kind(
        course_pack.ScheduleFile, "course/schedule.toml", ("course/schedule.toml",)
    ),
    "assessment": Kind(assessment.Assessment, "assess --json"),
    "visit-assessment": Kind(assessment.VisitAssessment, "course assess --json"),
    "due": Kind(assessment.Due, "course due --json"),
    "proposals": Kind(records.Proposals, "prefill --json"),
    "case-line": Kind(listings.CaseLine, "cases list --json"),
    "draft-line": Kind(listings.DraftLine, "cases list --json, a draft"),
    "reassessment": Kind(listings.Reassessment, "cases reassess --json"),
    "case-difference": Kind(listings.CaseDifference, "cases diff --json"),
    "pack-comparison": Kind(comparison.PackComparison, "course compare --json, the packs"),
    "visit-comparison": Kind(comparison.VisitComparison, "course compare --json, a case"),
    "identifier": Kind(listings.IdentifierFound, "cases scan --json"),
    "attempt": Kind(listings.Attempt, "practice report --json"),
}
"""Every kind, by the name that `ketatui criteria schema` takes."""


def json_schema(what: str, pack: Pack) -> dict[str, Any]:
    """Return the JSON Schema of a kind.

    Args:
        what: A name of `KINDS`.
        pack: The criteria whose questions a case answers.

    Raises:
        KeyError: There is no such kind.
        PackError: The course of the criteria cannot be used.
    """
    kind = KINDS[what]
    model = kind.model
    if issubclass(model, case.Answered):
        model = with_courses(with_answers(model, pack), pack)
    elif model is course.Visit:
        model = with_visit_answers(pack)
    schema = model.model_json_schema(mode="validation")
    return {"$schema": DIALECT, "title": f"KetaTUI: {kind.about}", **_without_titles(schema)}


def _without_titles(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave out the titles made of names: an editor shows them before what a key is for."""
    return {key: _bare(value) for key, value in schema.items() if key != "title"}


def _bare(value: Any) -> Any:
    if isinstance(value, list):
        return [_bare(item) for item in value]
    if not isinstance(value, dict):
        return value
    value = _closed_keys(value)
    return {
        key: {name: _bare(field) for name, field in item.items()}
        if key in ("properties", "$defs") and isinstance(item, dict)
        else _bare(item)
        for key, item in value.items()
        if not (key == "title" and isinstance(item, str))
    }


def _closed_keys(schema: dict[str, Any]) -> dict[str, Any]:
    """Say of a table by pattern that no other key may stand in it, which pydantic leaves out."""
    patterns = schema.get("patternProperties")
    if not patterns or len(patterns) > 1 or "additionalProperties" in schema:
        return schema
    ((pattern, inside),) = patterns.items()
    rest = {key: value for key, value in schema.items() if key != "patternProperties"}
    return rest | {"propertyNames": {"pattern": pattern}, "additionalProperties": inside}
