"""Edits: every way a case can change, as data.

An edit goes to the journal before it is shown, and a killed consultation is rebuilt by applying
its edits again. That is why applying is a pure function and times come with the edit.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from msgspec import to_builtins

from ketatui.cases.ages import recorded
from ketatui.cases.base import Moment, Said
from ketatui.cases.model import Case, Consent, ConsentMark, Decision, Medication, Trial
from ketatui.consultation.confirming import Confirmed, confirmed
from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine.staleness import counts_on
from ketatui.toml_structs import ClosedTable, plain, read_table


class _Edit(ClosedTable, frozen=True):
    """Base of every edit; ``do`` says which it is."""


class SetAnswer(_Edit, frozen=True, kw_only=True):
    """Answer a question, clear it (value None), or mark it as impossible to establish."""

    do: Literal["answer"] = "answer"
    question: str
    value: bool | int | str | None = None
    """A measurement is kept as text, so that no digit is lost on the way."""
    unknown: bool = False


class SetItem(_Edit, frozen=True, kw_only=True):
    """Score one item of a scale, or clear it."""

    do: Literal["item"] = "item"
    question: str
    item: str
    score: int | None = None


class SetTrials(_Edit, frozen=True, kw_only=True):
    """Replace the table of antidepressant trials."""

    do: Literal["trials"] = "trials"
    rows: tuple[Trial, ...]


class SetMedications(_Edit, frozen=True, kw_only=True):
    """Replace the list of medicines."""

    do: Literal["medications"] = "medications"
    rows: tuple[Medication, ...]


class SetRows(_Edit, frozen=True, kw_only=True):
    """Replace the rows of a further table."""

    do: Literal["rows"] = "rows"
    question: str
    rows: tuple[dict[str, Any], ...]


class SetNote(_Edit, frozen=True, kw_only=True):
    """Write or (empty) remove the note on a question."""

    do: Literal["note"] = "note"
    question: str
    text: str


class SetLabel(_Edit, frozen=True, kw_only=True):
    """Call the case something."""

    do: Literal["label"] = "label"
    text: str


class MarkConsent(_Edit, frozen=True, kw_only=True):
    """Record a consent item as discussed, or (mark None) as not."""

    do: Literal["consent_item"] = "consent_item"
    item: str
    mark: ConsentMark | None


class MarkAllConsent(_Edit, frozen=True, kw_only=True):
    """Mark several items of the conversation as discussed, which is undone as one."""

    do: Literal["consent_items"] = "consent_items"
    marks: dict[str, ConsentMark]


class SetConsent(_Edit, frozen=True, kw_only=True):
    """Replace what is recorded about the conversation as a whole; items stay."""

    do: Literal["consent"] = "consent"
    consent: Consent


class SetDecision(_Edit, frozen=True, kw_only=True):
    """Replace the decision, overrides included."""

    do: Literal["decision"] = "decision"
    decision: Decision


class Together(_Edit, frozen=True, kw_only=True):
    """Several edits that are undone as one ("all remaining no")."""

    do: Literal["together"] = "together"
    edits: tuple[SetAnswer, ...]


class ConfirmProposals(_Edit, frozen=True, kw_only=True):
    """Take what a record proposes as answers."""

    do: Literal["confirm"] = "confirm"
    rows: tuple[Confirmed, ...]
    by: Said
    at: Moment


Edit = (
    SetAnswer
    | SetItem
    | SetTrials
    | SetMedications
    | SetRows
    | SetNote
    | SetLabel
    | MarkConsent
    | MarkAllConsent
    | SetConsent
    | SetDecision
    | Together
    | ConfirmProposals
)
_ITEM = "/"
"""Between a scale and its item in ``dates`` of a case that is being worked on."""
_KINDS: Mapping[str, type[Edit]] = {
    "answer": SetAnswer,
    "item": SetItem,
    "trials": SetTrials,
    "medications": SetMedications,
    "rows": SetRows,
    "note": SetNote,
    "label": SetLabel,
    "consent_item": MarkConsent,
    "consent_items": MarkAllConsent,
    "consent": SetConsent,
    "decision": SetDecision,
    "together": Together,
    "confirm": ConfirmProposals,
}


def to_data(edit: Edit) -> dict[str, Any]:
    """Return the JSON form of an edit."""
    data: dict[str, Any] = to_builtins(plain(edit))
    return data


def from_data(data: Mapping[str, Any]) -> Edit:
    """Read an edit back.

    Raises:
        ValueError: The data is no edit.
    """
    kind = _KINDS.get(data.get("do", ""))
    if kind is None:
        raise ValueError(f"no such edit: {data.get('do')!r}")
    return read_table(data, kind, times_as_text=True)


def apply(pack: Pack, case: Case, edit: Edit, on: dt.date | None = None) -> Case:
    """Return the case with an edit applied; the case itself stays as it is.

    Args:
        pack: The criteria.
        case: The case before.
        edit: What is done.
        on: The day it is done, which is then the day of what it answers, equal to what was there
            or not; None leaves an answer without a day of its own.
    """
    match edit:
        case SetAnswer():
            return _dated(_answer(pack, case, edit), edit.question, on)
        case SetItem():
            return _item(pack, case, edit, on)
        case SetTrials():
            return _dated(_known(case, TRIALS, trials=edit.rows), TRIALS, on)
        case SetMedications():
            return _dated(_known(case, MEDICATIONS, medications=edit.rows), MEDICATIONS, on)
        case SetRows():
            kept = {key: rows for key, rows in case.tables.items() if key != edit.question}
            rows = measured_rows(pack.questions[edit.question], edit.rows)
            tables = {**kept, edit.question: rows} if rows else kept
            return _dated(_known(case, edit.question, tables=tables), edit.question, on)
        case SetNote() | SetLabel() | SetDecision():
            return _said(case, edit)
        case MarkConsent() | MarkAllConsent() | SetConsent():
            return case.replaced(consent=_consent(case, edit))
        case Together():
            for part in edit.edits:
                case = _dated(_answer(pack, case, part), part.question, on)
            return case
        case ConfirmProposals():
            return confirmed(pack, case, edit.rows, edit.by, edit.at, on or edit.at.date())


def _said(case: Case, edit: SetNote | SetLabel | SetDecision) -> Case:
    match edit:
        case SetLabel():
            return case.replaced(label=edit.text)
        case SetDecision():
            return case.replaced(decision=edit.decision)
        case SetNote():
            notes = {key: text for key, text in case.notes.items() if key != edit.question}
            if edit.text:
                notes[edit.question] = edit.text
            return case.replaced(notes=notes)


def measured_rows(
    question: Question, rows: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, Any], ...]:
    """Return rows as a case keeps them: measurements as Decimals, cells without a value left out.

    Args:
        question: The table.
        rows: Valid values by column id.
    """
    kinds = {column.id: column.kind for column in question.columns}

    def cell(name: str, value: Any) -> Any:
        match kinds.get(name):
            case "decimal":
                return Decimal(str(value))
            case "int":
                return int(value)
            case _:
                return value

    return tuple(
        {name: cell(name, value) for name, value in row.items() if value is not None}
        for row in rows
    )


def _dated(case: Case, ident: str, on: dt.date | None) -> Case:
    """Write down, or leave out, the day of what was just answered as a whole."""
    dates = {key: day for key, day in case.dates.items() if key != ident and _of(key) != ident}
    if on is not None and ident in recorded(case):
        dates[ident] = on
    return case if dates == case.dates else case.replaced(dates=dates)


def _of(key: str) -> str:
    """Return the scale of which a key of ``dates`` is an item's; empty for a question's own."""
    return key.partition(_ITEM)[0] if _ITEM in key else ""


def _consent(case: Case, edit: MarkConsent | MarkAllConsent | SetConsent) -> Consent:
    if isinstance(edit, SetConsent):
        return edit.consent.replaced(items=case.consent.items)
    if isinstance(edit, MarkAllConsent):
        return case.consent.replaced(items={**case.consent.items, **edit.marks})
    items = {key: mark for key, mark in case.consent.items.items() if key != edit.item}
    if edit.mark is not None:
        items[edit.item] = edit.mark
    return case.consent.replaced(items=items)


def _answer(pack: Pack, case: Case, edit: SetAnswer) -> Case:
    ident = edit.question
    rows = {**case.tables, TRIALS: case.trials, MEDICATIONS: case.medications}
    if edit.unknown and rows.get(ident):
        # What is listed is known: a table with rows cannot be unknown as well.
        return case
    answers = {key: value for key, value in case.answers.items() if key != ident}
    unknown = case.unknown - {ident}
    if edit.unknown:
        unknown |= {ident}
    elif edit.value is not None:
        measured = pack.questions[ident].kind == "decimal"
        answers[ident] = Decimal(str(edit.value)) if measured else edit.value
    # A total that is typed in replaces the items it would have been the sum of.
    items = {key: value for key, value in case.scale_items.items() if key != ident}
    return case.replaced(answers=answers, unknown=unknown, scale_items=items)


def _item(pack: Pack, case: Case, edit: SetItem, on: dt.date | None) -> Case:
    since = case.dates.get(edit.question, on)
    kept = case.scale_items.get(edit.question, {})
    days = {item: case.dates.get(f"{edit.question}{_ITEM}{item}", since) for item in kept}
    if on and since and not counts_on(pack.questions[edit.question], since, on):
        # Taken again from the beginning: items of another day would make a total of no day.
        kept, days = {}, {}
    scores = dict(kept)
    scores.pop(edit.item, None)
    if edit.score is not None:
        scores[edit.item] = edit.score
    instrument = pack.instrument_of(pack.questions[edit.question])
    ordered = {item.id: scores[item.id] for item in instrument.items if item.id in scores}
    items = {key: value for key, value in case.scale_items.items() if key != edit.question}
    if ordered:
        items[edit.question] = ordered
    answers = {key: value for key, value in case.answers.items() if key != edit.question}
    if len(ordered) == len(instrument.items):
        answers[edit.question] = sum(ordered.values())
    unknown = case.unknown - {edit.question}
    changed = case.replaced(scale_items=items, answers=answers, unknown=unknown)
    if on is None:
        return _dated(changed, edit.question, None)
    # A scale is as old as the oldest of its items; a file says that only, a draft each of them.
    known = {item: days.get(item) or on for item in ordered} | (
        {edit.item: on} if edit.item in ordered else {}
    )
    dated = _dated(changed, edit.question, min(known.values(), default=on))
    apart = {f"{edit.question}{_ITEM}{item}": day for item, day in known.items()}
    return dated.replaced(dates={**dated.dates, **apart}) if len(set(known.values())) > 1 else dated


def _known(case: Case, ident: str, **rows: object) -> Case:
    return case.replaced(**rows, unknown=case.unknown - {ident})
