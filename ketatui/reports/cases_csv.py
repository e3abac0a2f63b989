"""Many cases as one table (CSV), a row each, for a registry."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable
from decimal import Decimal

from ketatui.cases.integrity import CaseReading
from ketatui.cases.model import ANTIDEPRESSANT, Review, Signature, Trial
from ketatui.consultation.medicine_words import medicine_text
from ketatui.consultation.review_words import fit_of
from ketatui.consultation.words import amounts_of, drug_text, not_in_criteria, row_text
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import DIAGNOSIS, MEDICATIONS, TRIALS
from ketatui.criteria.wording import number_text
from ketatui.engine import Knowledge, establish
from ketatui.printable import printable
from ketatui.reports.assessment_shown import Seen, seen
from ketatui.reports.given import other_days

UNKNOWN = "unknown"
"""Asked, and cannot be established; an empty cell was asked and not answered."""
NOT_ASKED = "not_asked"
"""Not asked in this case."""

_FIRST = (
    "id",
    "integrity",
    "altered",
    "same_id",
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
    "consent_given_to",
    "reviewed_by",
    "signatures",
    "disagreements",
    "other_days",
    "not_in_criteria",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001
"""What spreadsheets take for a formula, full-width forms included."""

Row = tuple[str, ...]


def header(pack: Pack) -> Row:
    """Return the names of the columns; they depend on the criteria only."""
    pathways = [f"{ident}_{what}" for ident in pack.pathways for what in _PATHWAY]
    return (*_FIRST, *pathways, *_LAST, *pack.questions)


def row(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> Row:
    """Return a case as a row.

    Args:
        knowledge: The criteria of today; their questions are the columns.
        reading: The case as read.
        today: The day a fresh assessment is made for, where the case holds none.

    Returns:
        As many cells as `header` has names.
    """
    case, integrity = reading.case, reading.integrity
    found = seen(knowledge, reading, today)
    diagnosis = case.answers.get(DIAGNOSIS)
    first = (
        case.id,
        integrity.seal,
        listed(integrity.altered_paths),
        listed(integrity.forks),
        case.label,
        case.state,
        _yes_or_no(case.practice),
        found.on,
        found.pack_id,
        f"v{found.version}" if found.version else "",
        found.digest,
        found.policy,
        "fresh" if found.fresh else "as_saved",
        cell(diagnosis),
    )
    pack = knowledge.pack
    pathways = [cell for ident in pack.pathways for cell in _pathway(found, ident)]
    decision = case.decision
    last = (
        decision.pathway or "",
        decision.standing or "",
        listed(f"{item.pathway}:{item.rule}" for item in decision.overrides),
        case.consent.outcome or "",
        _given_to(reading),
        *_reviews(reading),
        listed(f"{item.question}:{item.day}" for item in other_days(pack, case, found.on)),
        listed(f"{ident}: {said}" for ident, said in not_in_criteria(pack, case)),
    )
    return (*first, *pathways, *last, *_answers(knowledge, reading))


def table(pack: Pack, rows: Iterable[Row]) -> str:
    """Write rows as CSV.

    Args:
        pack: The criteria, for the names of the columns.
        rows: As made by `row`.

    Returns:
        The table with its header. No cell is a formula, or holds terminal control.
    """
    return csv_text(header(pack), rows)


def cases_table(knowledge: Knowledge, readings: Iterable[CaseReading], today: dt.date) -> str:
    """Write cases as CSV, a row each; see `row` and `table`."""
    return table(knowledge.pack, (row(knowledge, reading, today) for reading in readings))


def csv_text(names: Row, rows: Iterable[Row]) -> str:
    """Write a table as CSV.

    Args:
        names: Of the columns.
        rows: A cell a column.

    Returns:
        The table with its header. No cell is a formula, or holds terminal control.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for cells in rows:
        writer.writerow(guarded(cell) for cell in cells)
    return text.getvalue()


def listed(parts: Iterable[str]) -> str:
    r"""Join texts to one cell; none of them can make a part of its own.

    Args:
        parts: Any texts.

    Returns:
        The parts with ``; `` between them; a backslash stands before one within a part.
    """
    return "; ".join(part.replace("\\", r"\\").replace(";", r"\;") for part in parts)


def parted(text: str) -> str:
    """Escape a text that stands as the last field of a part, colons included."""
    return text.replace("\\", r"\\").replace(";", r"\;").replace(":", r"\:")


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


def _given_to(reading: CaseReading) -> str:
    consent = reading.case.consent
    return f"{consent.pathway}:{consent.verdict}" if consent.pathway else ""


def _reviews(reading: CaseReading) -> Row:
    """Tell who reviewed the content as it stands, signatures with revisions, disagreements."""
    case = reading.case
    views = [item for item in case.reviews if item.kind != "comment"]
    judged: list[Review | Signature] = [*views]
    judged += [item for item in case.signatures if item.meaning != "amended"]
    stand = [item.by for item in judged if fit_of(reading, item) == "current"]
    signatures = [
        f"{item.meaning}:{item.revision}:{fit_of(reading, item)}:{parted(item.by)}"
        for item in case.signatures
    ]
    disagreements = sum(item.kind == "disagree" for item in views)
    return (
        listed(dict.fromkeys(stand)),
        "; ".join(signatures),
        str(disagreements) if views else "",
    )


def _answers(knowledge: Knowledge, reading: CaseReading) -> Iterable[str]:
    case, asked = reading.case, establish(knowledge, reading.counted).asked
    for ident in knowledge.pack.questions:
        if asked.get(ident) is False:
            # A stored answer to what is not asked counts nowhere, so it does not here.
            yield NOT_ASKED
        elif ident in case.unknown:
            yield UNKNOWN
        elif ident == TRIALS:
            yield listed(_trial(item) for item in case.trials)
        elif ident == MEDICATIONS:
            yield listed(medicine_text(knowledge.pack, item) for item in case.medications)
        elif ident in case.tables:
            question = knowledge.pack.questions[ident]
            yield listed(row_text(question, row) for row in case.tables[ident])
        else:
            yield cell(case.answers.get(ident))


def _trial(trial: Trial) -> str:
    parts = [part for part in (drug_text(trial), *amounts_of(trial)) if part]
    if trial.kind not in (None, ANTIDEPRESSANT):
        parts.append(trial.kind)
    if trial.outcome is not None:
        parts.append(trial.outcome)
    return ", ".join(parts)


def cell(value: bool | int | Decimal | str | None) -> str:
    """Return a value as a cell; one that is not known is empty."""
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
