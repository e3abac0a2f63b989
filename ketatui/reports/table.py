"""Many cases as one table (CSV), a row each, for a registry."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from decimal import Decimal

from ketatui.cases.errors import printable
from ketatui.cases.model import Case, Trial
from ketatui.cases.standing import reviewed_by
from ketatui.consultation.review_words import fit_of
from ketatui.consultation.words import number_text
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, establish
from ketatui.engine.facts import MEDICATIONS, TRIALS
from ketatui.reports.as_saved import Seen, seen

UNKNOWN = "unknown"
"""Asked, and can not be established; an empty cell was never answered, or not asked."""

_FIRST = (
    "id",
    "label",
    "state",
    "practice",
    "day",
    "criteria_id",
    "criteria_version",
    "criteria_digest",
    "local_policy",
    "assessment",
    "diagnosis",
)
_PATHWAY = ("verdict", "basis", "grade", "worst_finding")
_LAST = (
    "decision",
    "standing",
    "overrides",
    "consent",
    "reviewed_by",
    "signatures",
    "disagreements",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
"""What spreadsheets take for a formula, full-width forms included."""

Row = tuple[str, ...]


def header(pack: Pack) -> Row:
    """Return the names of the columns; they depend on the criteria only."""
    pathways = [f"{ident}_{what}" for ident in pack.pathways for what in _PATHWAY]
    return (*_FIRST, *pathways, *_LAST, *pack.questions)


def row(knowledge: Knowledge, case: Case, today: dt.date) -> Row:
    """Return a case as a row.

    Args:
        knowledge: The criteria of today; their questions are the columns.
        case: The case.
        today: The day a fresh assessment is made for, where the case holds none.

    Returns:
        As many cells as `header` has names.
    """
    found = seen(knowledge, case, today)
    diagnosis = case.answers.get("indication.diagnosis")
    first = (
        case.id,
        case.label,
        case.state,
        _yes_or_no(case.practice),
        found.on,
        found.pack_id,
        found.version,
        found.digest,
        found.policy,
        "fresh" if found.fresh else "as_saved",
        _cell(diagnosis),
    )
    pack = knowledge.pack
    pathways = [cell for ident in pack.pathways for cell in _pathway(found, ident)]
    decision = case.decision
    last = (
        decision.pathway or "",
        decision.standing or "",
        "; ".join(f"{item.pathway}:{item.rule}" for item in decision.overrides),
        case.consent.outcome or "",
        *_reviews(case),
    )
    return (*first, *pathways, *last, *_answers(knowledge, case))


def table(pack: Pack, rows: Iterable[Row]) -> str:
    """Write rows as CSV.

    Args:
        pack: The criteria, for the names of the columns.
        rows: As made by `row`.

    Returns:
        The table with its header. No cell is a formula, or holds terminal control.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header(pack))
    for cells in rows:
        writer.writerow(guarded(cell) for cell in cells)
    return text.getvalue()


def guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return ("'" if cell.startswith(_FORMULA) else "") + printable(cell)


def _pathway(found: Seen, ident: str) -> Row:
    pathway = found.pathway(ident)
    if pathway is None:
        return ("",) * len(_PATHWAY)
    worst = pathway.worst_finding
    return (
        pathway.verdict,
        pathway.basis,
        pathway.grade,
        f"{worst.effect}:{worst.rule}" if worst else "",
    )


def _reviews(case: Case) -> Row:
    """Who reviewed the content as it stands, every signature with its revision, disagreements."""
    views = [item for item in case.reviews if item.kind != "comment"]
    signatures = [
        f"{item.meaning}:{item.revision}:{fit_of(case, item)}:{item.by}" for item in case.signatures
    ]
    disagreements = sum(item.kind == "disagree" for item in views)
    return (
        "; ".join(reviewed_by(case)),
        "; ".join(signatures),
        str(disagreements) if views else "",
    )


def _answers(knowledge: Knowledge, case: Case) -> Iterable[str]:
    asked = establish(knowledge, case).asked
    for ident in knowledge.pack.questions:
        if asked.get(ident) is False:
            # A stored answer to what is not asked counts nowhere, so it does not here.
            yield ""
        elif ident in case.unknown:
            yield UNKNOWN
        elif ident == TRIALS:
            yield "; ".join(_trial(item) for item in case.trials)
        elif ident == MEDICATIONS:
            yield "; ".join(
                f"{item.name}, {item.dose}" if item.dose else item.name for item in case.medications
            )
        else:
            yield _cell(case.answers.get(ident))


def _trial(trial: Trial) -> str:
    parts = [trial.drug]
    if trial.daily_dose_mg is not None:
        parts.append(f"{number_text(trial.daily_dose_mg)} mg")
    if trial.weeks is not None:
        parts.append(f"{number_text(trial.weeks)} weeks")
    if trial.outcome is not None:
        parts.append(trial.outcome)
    return ", ".join(parts)


def _cell(value: bool | int | Decimal | str | None) -> str:
    match value:
        case None:
            return ""
        case bool():
            return _yes_or_no(value)
        case str():
            return value
        case _:
            return number_text(value)


def _yes_or_no(value: bool) -> str:
    return "true" if value else "false"
