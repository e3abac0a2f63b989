"""A saved case turned into a practice case: a draft of one, for its author to finish.

Nothing is carried over that could name somebody: neither label, id, dates, reasons, nor who
wrote it. Notes become parts of the story with their dates said as distances; what still looks
like an identifier is told to the author, and `practice check` refuses it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from ketatui.cases.model import ANTIDEPRESSANT, Case, Medication, Trial
from ketatui.cases.toml_text import render
from ketatui.cases.writing import file_data
from ketatui.consultation.words import amounts_of, drug_text, fact_title, row_text, value_text
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine import Assessment, Knowledge, assess, establish
from ketatui.engine.decisive import setting_the_verdict
from ketatui.practice.authoring import TODO, authoring_of
from ketatui.practice.loading import PracticeLibrary
from ketatui.practice.lookalikes import look_alikes, relative
from ketatui.practice.models import NONE
from ketatui.structs import Frozen
from ketatui.toml_structs import field_names

_QUIET = (False, "none", "normal")
"""Answers a story passes over: what is not mentioned is "no"."""
_LONGEST = 1700
_MOST_TEACHING = 3


class Named(Frozen, frozen=True):
    """What the author says about a practice case to be made.

    Attributes:
        id: Its id, and its file's name.
        title: What it is called; it should not tell the answer.
        topic: One of the topics.
        author: Who makes it.
    """

    id: str
    title: str
    topic: str
    author: str = ""


def make(
    knowledge: Knowledge, library: PracticeLibrary, case: Case, named: Named, on: dt.date
) -> str:
    """Draft a practice case from a saved one.

    Args:
        knowledge: The compiled pack.
        library: The pack's topics.
        case: The saved case.
        named: What its author calls it.
        on: The day it plays.

    Returns:
        The text of the file. Its story is a draft from answers and notes; what its author has to
        write anew is marked, and `practice check` refuses the mark.

    Raises:
        ValueError: There is no such topic.
    """
    if named.topic not in library.topics:
        allowed = ", ".join(library.topics)
        raise ValueError(f"there is no topic {named.topic!r}; allowed: {allowed}")
    bare = _bare(case, on)
    assessment = assess(knowledge, bare, on, with_changes=False)
    answering = file_data(bare, knowledge.pack)
    data: dict[str, Any] = {
        "schema": 1,
        "id": named.id,
        "title": named.title,
        "topic": named.topic,
        "difficulty": 1,
        "minutes": 8,
        "invented": "Made from a changed and shortened case; names nobody.",
        "author": named.author,
        "on": on,
        "unknown": answering.get("unknown", []),
        "source_case": {
            "pack": knowledge.pack.info.id,
            "version": knowledge.pack.info.version,
            "made_on": on,
        },
        "story": list(_story(knowledge, case, bare, on)),
        "key": _key(assessment),
        "plans": _plans(assessment),
        "teaching": _teaching(knowledge, assessment),
    }
    for key in ("answers", "scale_items", TRIALS, MEDICATIONS, "tables"):
        data[key] = answering.get(key, {})
    return render({key: value for key, value in data.items() if value not in ("", [], {})})


def _bare(case: Case, on: dt.date) -> Case:
    """Return the answers alone, free text with its dates as distances."""
    trials = tuple(_trial(row, on) for row in case.trials)
    medicines = tuple(
        Medication(name=relative(row.name, on), dose=relative(row.dose, on), classes=row.classes)
        for row in case.medications
    )
    return Case(
        practice=True,
        unknown=case.unknown,
        answers=case.answers,
        scale_items=case.scale_items,
        trials=trials,
        medications=medicines,
        tables={ident: tuple(_row(row, on) for row in rows) for ident, rows in case.tables.items()},
    )


def _row(row: dict[str, Any], on: dt.date) -> dict[str, Any]:
    return {
        name: relative(value, on) if isinstance(value, str) else value
        for name, value in row.items()
    }


def _trial(row: Trial, on: dt.date) -> Trial:
    fields = {name: getattr(row, name) for name in field_names(Trial)}
    return Trial(**{**fields, "drug": relative(row.drug, on)})


def told_by(text: str) -> list[str]:
    """Return what in a drafted file the author has to look at before anybody else does."""
    return look_alikes(text.partition("[key]")[0].partition("[[story]]")[2])


def _story(knowledge: Knowledge, case: Case, bare: Case, on: dt.date) -> Iterator[dict[str, str]]:
    pack = knowledge.pack
    told: dict[tuple[str, str], list[str]] = {}
    authoring = authoring_of(knowledge)
    asked = establish(knowledge, bare).asked
    for question in pack.questions.values():
        value = bare.answers.get(question.id)
        part = authoring.place(question.id, pack.section_of[question.id])
        if value is not None and value not in _QUIET and asked[question.id] is not False:
            said = f"{fact_title(pack, question.id)}: {value_text(pack, question.id, value)}."
            told.setdefault(part, []).append(said)
        note = case.notes.get(question.id)
        if note:
            told.setdefault(part, []).append(f"({relative(note, on)})")
    medicines = authoring.place(MEDICATIONS, pack.section_of.get(MEDICATIONS, ""))
    if bare.medications:
        listed = ", ".join(f"{row.name} {row.dose}".strip() for row in bare.medications)
        told.setdefault(medicines, []).append(f"Now: {listed}.")
    for row in bare.trials:
        told.setdefault(medicines, []).append(_trial_text(row))
    for ident, rows in bare.tables.items():
        asked_for = pack.questions[ident]
        part = authoring.place(ident, pack.section_of[ident])
        said = "; ".join(row_text(asked_for, row) for row in rows)
        told.setdefault(part, []).append(f"{asked_for.label}: {said}.")
    for (kind, title), lines in told.items():
        for text in _chunks(lines):
            marked = f"{TODO}: say this in your own words.\n{text}\n"
            yield {"part": kind, "title": title, "text": marked}


def _chunks(lines: Iterable[str]) -> Iterator[str]:
    """Join lines into texts that fit a part of the story."""
    text = ""
    for line in lines:
        if text and len(text) + len(line) > _LONGEST:
            yield text
            text = ""
        text = f"{text}\n{line}" if text else line
    yield text


def _trial_text(row: Trial) -> str:
    drug, *parts = " ".join((drug_text(row), *amounts_of(row)[:1])), *amounts_of(row)[1:]
    if row.kind not in (None, ANTIDEPRESSANT):
        parts.append(row.kind)
    if row.outcome:
        parts.append(row.outcome.replace("_", " "))
    return f"- {', '.join(part for part in (drug.strip(), *parts) if part)}"


def _key(assessment: Assessment) -> dict[str, Any]:
    first = assessment.ranked[0]
    reasons = {item.id: list(setting_the_verdict(item)) for item in assessment.pathways}
    return {
        "best": first.id if first.usable else NONE,
        "verdicts": {item.id: item.verdict for item in assessment.pathways},
        "reasons": {ident: rules for ident, rules in reasons.items() if rules},
    }


def _plans(assessment: Assessment) -> list[dict[str, Any]]:
    """Return plans to begin with: what the pathway ranked first asks for, and doing otherwise."""
    first = assessment.ranked[0]
    steps = [item.do for item in first.findings if item.effect != "note"]
    right = " ".join(steps[:2]) or "Go on with the pathway that ranks first, after consent."
    plans: list[dict[str, Any]] = [
        {"id": "by-the-criteria", "text": f"{TODO}: {right}"[:240], "right": True},
        {"id": "wait", "text": f"{TODO}: leave things as they are, and see the patient again."},
    ]
    worst = assessment.ranked[-1]
    stops = [item for item in worst.findings if item.effect == "contraindicated"]
    if stops:
        text = f"{TODO}: go on all the same, and watch closely."
        plans.append({"id": "all-the-same", "text": text, "harm": stops[0].because})
    return plans


def _teaching(knowledge: Knowledge, assessment: Assessment) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for pathway in assessment.ranked:
        for rule in setting_the_verdict(pathway):
            known = next(item for item in knowledge.rules[pathway.id] if item.rule == rule)
            found.setdefault(
                rule, {"text": known.because, "rules": [rule], "sources": list(known.sources)}
            )
    if not found:
        row = knowledge.pack.support.get(assessment.ranked[0].support_row or "")
        cell = row.on[assessment.ranked[0].id] if row else None
        if cell is not None:
            found["support"] = {"text": cell.reason, "sources": list(cell.sources)}
    return list(found.values())[:_MOST_TEACHING]
