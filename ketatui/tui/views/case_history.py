"""A saved case: its revisions, who saved when and why, and what each changed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ketatui.cases.model import Case, Revision
from ketatui.consultation.words import value_text
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.reports.words import pathway_title, rule_title
from ketatui.tui.views.case_findings import verdict_of
from ketatui.tui.views.lines import Line, safe
from ketatui.tui.views.pages import Row, Section, pair, remark, said

REVISION = "revision:"
"""What the key of a revision's row begins with."""
_NOTHING = "nothing"
_DIGEST = len("sha256:") + 16
"""Characters of a digest that are shown; `v` compares all of it."""
_PART = re.compile(r'"([^"]*)"|\[(\d+)\]|([^."\[\]]+)')
_NAMES = {
    "state": "State",
    "label": "Label",
    "practice": "Practice",
    "unknown": "Could not be established",
    "assessment.on": "Assessed for",
    "assessment.headline": "In short",
    "assessment.pack.id": "Criteria",
    "assessment.pack.version": "Criteria, version",
    "assessment.pack.digest": "Criteria, digest",
    "assessment.pack.policy": "Local policy",
    "decision.pathway": "Decision",
    "decision.verdict": "Decided on the verdict",
    "decision.standing": "Decision, standing",
    "decision.reason": "Decision, reason",
    "decision.by": "Decided by",
    "decision.at": "Decided",
    "decision.overrides": "Overrides",
    "consent.outcome": "Consent, outcome",
    "consent.ended_at": "Consent, ended",
    "consent.pathway": "Consent, given to",
    "consent.verdict": "Consent, given on the verdict",
    "consent.present": "Consent, present",
    "consent.interpreter": "Consent, interpreter",
    "consent.copy_given": "Consent, copy given",
    "record.created_at": "Created",
    "record.created_by": "Created by",
    "record.program": "Program",
    TRIALS: "Antidepressant trials",
    MEDICATIONS: "Medicines",
}


def history(pack: Pack, case: Case, width: int, *, of: int) -> Section:
    """Return the revisions, newest first.

    Args:
        pack: The criteria, for words.
        case: The newest state of the case, with all its revisions.
        width: Cells available.
        of: The revision that is shown; 0 if none is.
    """
    rows = [_revision(pack, item, case, width, of) for item in reversed(case.revisions)]
    if not rows:
        text = "Never saved by the program: it has no revisions, and nothing seals it."
        return Section("history", "History", (remark("no-history", text, width),))
    return Section("history", "History", tuple(rows), (str(len(rows)), "muted"))


def _revision(pack: Pack, item: Revision, case: Case, width: int, of: int) -> Row:
    count = len(item.changes)
    what = item.why or "saved"
    parts = [f"{what} by {item.by}" if item.by else what]
    if item.number > 1:
        parts.append("nothing changed" if not count else f"{count} change{'s' * (count > 1)}")
    newest = item.number == case.revisions[-1].number
    if newest:
        parts.append("newest")
    if item.number == of:
        parts.append("shown here")
    detail: list[Line] = []
    if item.number == 1:
        detail += said("The first save: everything in it was new.", width, "muted")
    for change in item.changes:
        if str(change.get("what", "")).startswith(("reviews", "signatures")):
            continue  # The line above says who said what; Review shows all of it.
        name, old, new = change_words(pack, change)
        detail += said(f"{old} → {new}", width, first=f"{name}: ")
    if not newest:
        detail += said("g opens it as it stood; t compares.", width, "muted")
    detail += said(short_digest(item.digest), width, "muted", first="Digest: ")
    return pair(
        f"{REVISION}{item.number}",
        f"{item.number}. {moment(item.at)}",
        ", ".join(parts),
        width,
        role="strong" if item.number == of else "text",
        detail=detail,
        label_width=24,
    )


def short_digest(digest: str) -> str:
    """Return as much of a digest as two people need to compare it."""
    return f"{safe(digest[:_DIGEST])}…" if digest else "none"


def moment(at: dt.datetime) -> str:
    """Write a moment in local time."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def change_words(pack: Pack, change: Mapping[str, Any]) -> tuple[str, str, str]:
    """Say one recorded change: what it was about, the old value and the new.

    Args:
        pack: The criteria, for the words of questions, pathways and consent items.
        change: ``{"what": path, "old": value, "new": value}``; a missing side is left out.

    Returns:
        Three texts, free of anything a terminal would act on.
    """
    path = str(change.get("what", ""))
    ident = _question_of(pack, path)
    sides = [
        _value(pack, path, ident, change[key]) if key in change else _NOTHING
        for key in ("old", "new")
    ]
    return safe(_name(pack, path, ident)), sides[0], sides[1]


def _question_of(pack: Pack, path: str) -> str:
    for prefix in ("answers.", "notes.", "scale_items.", "dates."):
        if path.startswith(prefix):
            rest = path.removeprefix(prefix).replace('"', "")
            # A score of a scale names its item behind the question.
            for ident in (rest, rest.rpartition(".")[0]):
                if ident in pack.questions:
                    return ident
    return ""


def _name(pack: Pack, path: str, ident: str) -> str:
    if ident:
        label = pack.questions[ident].label
        if path.startswith("notes."):
            return f"Note on {label}"
        if path.startswith("dates."):
            return f"{label}, taken"
        return f"{label}, {path.rpartition('.')[2]}" if path.startswith("scale") else label
    if path in _NAMES:
        return _NAMES[path]
    parts = [next(filter(None, found)) for found in _PART.findall(path)]
    match parts:
        case ["assessment", "verdicts", pathway]:
            return f"Verdict, {pathway_title(pack, pathway)}"
        case ["consent", "items", item, *rest] if item in pack.consent:
            last = f", {rest[-1].replace('_', ' ')}" if rest else ""
            return f"Consent, {pack.consent[item].title}{last}"
        case [table, place, *rest] if table in _NAMES and place.isdigit():
            column = f", {rest[-1].replace('_', ' ')}" if rest else ""
            return f"{_NAMES[table]}, row {int(place) + 1}{column}"
        case _:
            return path


def _value(pack: Pack, path: str, ident: str, value: Any) -> str:
    match value:
        case dt.datetime():
            return moment(value)
        case list() | tuple():
            return _rows(pack, value)
        case Mapping():
            return "; ".join(f"{key} {_value(pack, '', '', item)}" for key, item in value.items())
        case str() if path == "assessment.pack.digest":
            return short_digest(value)
        case str() if path.startswith("assessment.verdicts") or path.endswith(".verdict"):
            return verdict_of(pack, value)[0]
        case str() if path in ("decision.pathway", "consent.pathway"):
            return safe(pathway_title(pack, value))
        case str() if path in ("decision.standing", "state"):
            return safe(value.replace("_", " "))
        case bool():
            return "yes" if value else "no"
        case _ if ident and path.startswith("answers."):
            return safe(value_text(pack, ident, value))
        case _:
            return safe(str(value)) or _NOTHING


def _rows(pack: Pack, values: Sequence[Any]) -> str:
    said_of = [
        pack.questions[item].label
        if isinstance(item, str) and item in pack.questions
        else rule_title(pack, item)
        if isinstance(item, str)
        else _value(pack, "", "", item)
        for item in values
    ]
    return safe(" · ".join(said_of)) or _NOTHING
