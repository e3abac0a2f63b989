"""Answers, facts and verdicts in words; nothing here decides anything."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ketatui.cases.model import ANTIDEPRESSANT, Case, DoseStep, Trial
from ketatui.cql import Value
from ketatui.criteria.models import Column, Question
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.criteria.wording import number_text
from ketatui.engine import Assessment
from ketatui.engine.staleness import StaleAnswer
from ketatui.engine.trials import TrialJudgment

UNANSWERED = "·"
UNKNOWN = "unknown"


def value_text(pack: Pack, ident: str, value: Value) -> str:
    """Say the value of a question or derived fact as a person reads it."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        titles = [pack.drug_classes[item].title for item in value if item in pack.drug_classes]
        return ", ".join(titles) or "none"
    question = pack.questions.get(ident)
    if isinstance(value, str):
        return _label(pack, question, ident, value)
    unit = question.unit if question else pack.derived[ident].unit if ident in pack.derived else ""
    return f"{number_text(value)} {unit}".strip()


def _label(pack: Pack, question: Question | None, ident: str, code: str) -> str:
    if question is not None:
        return next((o.label for o in question.options if o.code == code), code)
    fact = pack.derived.get(ident)
    for instrument in pack.instruments.values():
        if fact is not None and instrument.question == fact.of:
            return next((b.label for b in instrument.bands if b.code == code), code)
    return code


def too_old_text(pack: Pack, question: Question, case: Case, item: StaleAnswer) -> str:
    """Say an answer that does not count any more, its day, and what to do about it.

    Args:
        pack: The criteria.
        question: The question.
        case: The case that holds the answer.
        item: Why it does not count.
    """
    why = "a day still to come" if item.ahead else "too old"
    return f"{answer_text(pack, question, case)}, {item.since}: {why}, take again"


def fact_title(pack: Pack, ident: str) -> str:
    """Return the label of a question or the title of a derived fact."""
    if ident in pack.questions:
        return pack.questions[ident].label
    return pack.derived[ident].title if ident in pack.derived else ident


def answer_text(
    pack: Pack, question: Question, case: Case, assessment: Assessment | None = None
) -> str:
    """Say the answer to a question in one short line: ``no``, ``128 mmHg``, ``2 trials``."""
    ident = question.id
    if ident in case.unknown:
        return UNKNOWN
    if ident == TRIALS:
        if not case.trials:
            return UNANSWERED
        plural = "s" if len(case.trials) > 1 else ""
        listed = f"{len(case.trials)} trial{plural}"
        left = 0 if assessment is None else unfinished(assessment)
        # Short, so that what is unfinished is never cut off on a narrow pane.
        return f"{listed}, {left} unfinished" if left else f"{listed} listed"
    if ident == MEDICATIONS:
        if not case.medications:
            return UNANSWERED
        return ", ".join(item.name for item in case.medications)
    if question.kind == "rows":
        rows = case.tables.get(ident, ())
        return f"{len(rows)} listed" if rows else UNANSWERED
    if question.kind == "scale":
        return _scale_text(pack, question, case)
    value = case.answers.get(ident)
    return UNANSWERED if value is None else value_text(pack, ident, value)


def row_text(question: Question, row: Mapping[str, Any]) -> str:
    """Say a row of a further table in a line: its cells, in the order of the columns."""
    return ", ".join(
        text for column in question.columns if (text := cell_text(column, row.get(column.id)))
    )


def cell_text(column: Column, value: object) -> str:
    """Say one cell of a table; empty for one that is not filled in."""
    match value:
        case None | "":
            return ""
        case bool():
            return f"{column.label.lower()}: {'yes' if value else 'no'}"
        case int() | Decimal():
            return f"{number_text(Decimal(value))} {column.unit}".strip()
        case _:
            return next((o.label for o in column.options if o.code == value), str(value))


def drug_text(trial: Trial) -> str:
    """Name the drug of a trial, or say that nobody did; empty for what is no drug."""
    unnamed = "no drug named" if trial.kind in (None, ANTIDEPRESSANT) else ""
    return trial.drug.strip() or unnamed


def trial_name(trial: Trial) -> str:
    """Name what was tried: the drug, or of what is no drug its kind."""
    return drug_text(trial) or str(trial.kind).replace("_", " ")


def judged_name(judged: TrialJudgment) -> str:
    """Name the drug of a trial that was judged, or say that nobody did, or that it is none."""
    is_none = judged.parts.get("kind") is False
    return judged.drug or ("not a drug" if is_none else "no drug named")


def amounts_of(trial: Trial, weeks: str = "weeks") -> tuple[str, ...]:
    """Say dose and weeks of a trial, as far as they are known; each of its steps has both.

    Args:
        trial: The row.
        weeks: What weeks are called.
    """
    steps = [" for ".join(_amounts(step, weeks)) or "not given" for step in trial.steps]
    said = (", then ".join(steps),) if steps else ()
    return (*_amounts(trial, weeks), *said)


def _amounts(of: Trial | DoseStep, weeks: str) -> tuple[str, ...]:
    dose = () if of.daily_dose_mg is None else (f"{number_text(of.daily_dose_mg)} mg",)
    return dose if of.weeks is None else (*dose, f"{number_text(of.weeks)} {weeks}")


def not_in_criteria(pack: Pack, case: Case) -> tuple[tuple[str, str], ...]:
    """List what a case holds of questions that the criteria at hand do not have.

    Args:
        pack: The criteria at hand.
        case: A case saved under others.

    Returns:
        Each id and what the file holds of it, as it stands there.
    """
    found: list[tuple[str, str]] = []
    for ident in sorted({*case.answers, *case.unknown, *case.notes, *case.scale_items}):
        if ident in pack.questions:
            continue
        value = UNKNOWN if ident in case.unknown else case.answers.get(ident)
        scores = case.scale_items.get(ident, {})
        parts = [
            "" if value is None else f"{value}",
            ", ".join(f"{item} {score}" for item, score in scores.items()),
            f"note: {case.notes[ident]}" if case.notes.get(ident) else "",
        ]
        found.append((ident, "; ".join(filter(None, parts))))
    return tuple(found)


def shortfall_text(judged: TrialJudgment, part: str) -> str:
    """Say by how much a trial misses what counts: ``short by 1 week``, ``below 300 mg``.

    Args:
        judged: A trial.
        part: ``dose`` or ``weeks``.

    Returns:
        Empty where the part holds, is open, or is no number.
    """
    found = next((item for item in judged.shortfalls if item.part == part), None)
    if found is None:
        return ""
    if part == "dose":
        return f"below {number_text(found.needed)} mg"
    missing = found.needed - found.present
    return f"short by {number_text(missing)} week{'' if missing == 1 else 's'}"


_PARTS = {
    "kind": "not an antidepressant",
    "current_episode": "not in this episode",
    "adherent": "not taken as prescribed",
    "outcome": "helped, or not tolerated",
    "dose": "dose not marked adequate",
    "weeks": "too few weeks",
}
_MISSING = {
    "kind": "what it was given for",
    "current_episode": "whether in this episode",
    "adherent": "whether taken as prescribed",
    "outcome": "the outcome",
    "dose": "the dose, or whether it was adequate",
    "weeks": "the weeks",
}


def why_not(judged: TrialJudgment) -> str:
    """Say why a trial does not count as failed and adequate, or what it still needs.

    Args:
        judged: A trial.

    Returns:
        Empty for one that counts.
    """
    if judged.counts:
        return ""
    if judged.failing or not judged.missing:
        return ", ".join(shortfall_text(judged, part) or _PARTS[part] for part in judged.failing)
    return f"open: {', '.join(_MISSING[part] for part in judged.missing)}"


def unfinished(assessment: Assessment) -> int:
    """Count the trials of which it is not known yet whether they count."""
    return sum(item.counts is None for item in assessment.trials.judgments)


def _scale_text(pack: Pack, question: Question, case: Case) -> str:
    total = case.answers.get(question.id)
    instrument = pack.instrument_of(question)
    if isinstance(total, int):
        band = next((b.label for b in instrument.bands if b.min <= total <= b.max), "")
        return f"{total} of {instrument.max}" + (f", {band.lower()}" if band else "")
    scores = case.scale_items.get(question.id)
    if not scores:
        return UNANSWERED
    low, high = scale_range(pack, question, scores)
    return f"{len(scores)}/{len(instrument.items)} items, ends in {low}–{high}"


def lone_items(pack: Pack, question: Question, case: Case) -> tuple[str, ...]:
    """Say the items that count by themselves of a scale that was taken item by item.

    An item that was not asked is said, too: the last item of a PHQ-9 that stopped before it.
    """
    scores = case.scale_items.get(question.id)
    if not scores or question.kind != "scale":
        return ()
    found = []
    for number, item in enumerate(pack.instrument_of(question).items, start=1):
        if item.above_zero is not None:
            score = scores.get(item.id)
            said = "not answered" if score is None else f"{score}, {item.options[score].lower()}"
            found.append(f"Item {number}, {item.text.rstrip('?.')}: {said}")
    return tuple(found)


def half_filled(pack: Pack, case: Case) -> tuple[str, ...]:
    """Say which scales were begun item by item and not ended."""
    return tuple(
        f"{question.label} is half filled: {_scale_text(pack, question, case)}"
        for question in pack.questions.values()
        if question.kind == "scale"
        and case.scale_items.get(question.id)
        and not isinstance(case.answers.get(question.id), int)
    )


def scale_range(pack: Pack, question: Question, scores: dict[str, int]) -> tuple[int, int]:
    """Return the totals a half-filled scale can still end in."""
    items = pack.instrument_of(question).items
    low = sum(scores.values())
    return low, low + sum(len(item.options) - 1 for item in items if item.id not in scores)


def discussed_text(pack: Pack, case: Case) -> str:
    """Say how many consent items were discussed: ``28 items discussed, 24 of them for Spravato``.

    A conversation may have been about more pathways than the one that was decided on.

    Args:
        pack: The criteria, which say whom an item is for.
        case: The case.
    """
    count = len(case.consent.items)
    said = f"{count} item{'' if count == 1 else 's'} discussed"
    chosen = case.decision.pathway
    if chosen is None or chosen not in pack.pathways:
        return said
    known = [pack.consent[ident] for ident in case.consent.items if ident in pack.consent]
    own = sum(chosen in item.pathways for item in known)
    return said if own == count else f"{said}, {own} of them for {pack.pathways[chosen].title}"
