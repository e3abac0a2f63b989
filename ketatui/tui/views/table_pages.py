"""The tables of the consultation as forms: trials, medicines, and scales item by item."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ketatui.cases.model import ANTIDEPRESSANT, Trial
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.dose_steps import DOSE, WEEKS
from ketatui.consultation.words import amounts_of, scale_range, shortfall_text, trial_name
from ketatui.criteria.models import Column, Question
from ketatui.criteria.vocabulary import ADEQUATE_WEEKS, FAILED_COUNT, TRIALS
from ketatui.criteria.wording import number_text
from ketatui.engine.trials import PARTS, TrialJudgment
from ketatui.tui.views.forms import FormItem, ItemKind
from ketatui.tui.views.lines import Span
from ketatui.tui.views.medicines import confirm_items
from ketatui.tui.views.rows import Suggest, add_item, done_item
from ketatui.tui.views.trials_chart import trial_chart

KINDS: dict[str, ItemKind] = {
    "bool": "bool",
    "choice": "choice",
    "int": "number",
    "decimal": "number",
    "text": "text",
}
"""How a column of a table is taken."""
PART_TEXT = {
    "kind": "not an antidepressant",
    "current_episode": "not in this episode",
    "adherent": "not taken as prescribed",
    "outcome": "not a failure",
    "dose": "dose below the minimum",
    "weeks": "too few weeks",
}


def trial_items(
    consultation: Consultation, open_row: int | None, suggest: Suggest, width: int = 0
) -> list[FormItem]:
    """Return the antidepressant trials as a form; one row is open and shows its fields.

    Args:
        consultation: The consultation.
        open_row: Index of the row whose fields are shown.
        suggest: Completes drug names.
        width: Cells that there are to draw in; few say it in words alone.
    """
    case = consultation.case
    question = consultation.pack.questions[TRIALS]
    items = [FormItem("head", question.label, "heading")]
    rows = list(zip(case.trials, consultation.assessment.trials.judgments, strict=True))
    for index, (trial, judged) in enumerate(rows):
        row = _trial_row(index, trial, judged)
        fields = _trial_fields(question, index, trial, judged, suggest)
        if consultation.blind:
            row, fields = _blind_row(row, judged), [_blind(item) for item in fields]
        items.append(row)
        items += fields if index == open_row else []
    how = (
        "Drug, dose and weeks on one line: “Wellbutrin XL 300 for 8 weeks”, “sertraline 100"
        " x10wk 200 x2wk”, “aripiprazole 5 as augmentation”. ↓ picks a name."
    )
    items.append(add_item("Add a trial", how, suggest))
    items.append(done_item())
    items += [
        FormItem(f"info{n}", text, "info", answer=("", role))
        for n, (text, role) in enumerate(() if consultation.blind else _trial_summary(consultation))
    ]
    return items if consultation.blind else [*items, *_drawn(consultation, width)]


def pending_trials(rows: Sequence[Trial]) -> list[FormItem]:
    """Return pasted trials as they were understood, and the question whether to add them."""
    items = [
        FormItem(f"pending{number}", _trial_text(row), "info", answer=("", "text"))
        for number, row in enumerate(rows)
    ]
    return confirm_items(f"Add these {len(rows)} trials?", items)


def _trial_text(trial: Trial) -> str:
    if trial.steps:
        return "  ".join((trial_name(trial), *amounts_of(trial, "wk")))
    # Of what is no antidepressant dose and weeks are not wanted.
    open_mark = "?" if trial.kind in (None, ANTIDEPRESSANT) else ""
    amounts = ((trial.daily_dose_mg, "mg"), (trial.weeks, "wk"))
    known = [(open_mark if value is None else number_text(value), unit) for value, unit in amounts]
    return "  ".join((trial_name(trial), *(f"{value} {unit}" for value, unit in known if value)))


def _stepped_text(trial: Trial, judged: TrialJudgment) -> str:
    """Say the doses in turn, and the weeks that count; empty for a trial without steps."""
    if not trial.steps or trial.daily_dose_mg is not None:
        return ""
    doses = [step.daily_dose_mg for step in trial.steps]
    said = "→".join("?" if dose is None else number_text(dose) for dose in doses)
    weeks = "?" if judged.weeks is None else number_text(judged.weeks)
    return f"{trial_name(trial)}  {said} mg  {weeks} wk"


def _trial_row(index: int, trial: Trial, judged: TrialJudgment) -> FormItem:
    return FormItem(
        key=f"row:{index}",
        label=f"{index + 1}. {_stepped_text(trial, judged) or _trial_text(trial)}",
        kind="action",
        answer=judged_text(judged),
        mark=("✓", "good") if judged.counts else (" ", "text"),
        detail=(
            (
                "Enter opens the row; Backspace deletes it (Ctrl+Z brings it back).",
                "muted",
            ),
        ),
    )


def _blind_row(row: FormItem, judged: TrialJudgment) -> FormItem:
    """Return a trial's line that does not tell whether it counts."""
    missing = sum(judged.parts[part] is None for part in PARTS)
    left = (f"{missing} to fill in", "info") if missing else ("filled in", "text")
    return _blind(row).replaced(answer=left)


def _blind(item: FormItem) -> FormItem:
    """Return a field that does not tell whether it holds, nor what would."""
    return item.replaced(mark=(" ", "text"), detail=item.detail if item.kind == "action" else ())


def judged_text(judged: TrialJudgment) -> Span:
    """Say whether a trial counts and, if not, which part fails first."""
    if judged.counts:
        return "counts", "good"
    if judged.failing:
        first = judged.failing[0]
        unmarked = first == "dose" and judged.minimum_mg is None
        said = shortfall_text(judged, first) or PART_TEXT[first]
        return "dose not marked adequate" if unmarked else said, "caution"
    missing = len(judged.missing)
    return (f"{missing} to fill in", "info") if missing else ("kept", "text")


def _trial_fields(
    question: Question, index: int, trial: Trial, judged: TrialJudgment, suggest: Suggest
) -> list[FormItem]:
    items = []
    for column in question.columns:
        if column.id == "dose_adequate" and judged.minimum_mg is not None:
            continue
        value = getattr(trial, column.id)
        items.append(
            FormItem(
                key=f"field:{index}:{column.id}",
                label=f"    {column.label}",
                kind=KINDS[column.kind],
                fraction=column.kind == "decimal",
                answer=_steps_answer(column, trial, judged) or _field_answer(column, value),
                mark=_field_mark(column, judged),
                options=tuple((option.code, option.label) for option in column.options),
                chosen=value if isinstance(value, str) else None,
                detail=_field_detail(column, judged),
                entry=entry_of(value),
                suggest=suggest if column.id == "drug" else None,
            )
        )
    return items


def _steps_answer(column: Column, trial: Trial, judged: TrialJudgment) -> Span | None:
    """Return what the steps say where a column itself says nothing."""
    if not trial.steps or getattr(trial, column.id) is not None:
        return None
    if column.id == DOSE:
        return (", then ".join(amounts_of(trial, "wk")), "strong")
    if column.id == WEEKS and judged.weeks is not None:
        return (f"{number_text(judged.weeks)} {column.unit}", "strong")
    return None


def entry_of(value: object) -> str:
    """Return what editing a cell starts from."""
    if isinstance(value, Decimal):
        return number_text(value)
    return value if isinstance(value, str) else ""


def _field_answer(column: Column, value: object) -> Span:
    if value is None or value == "":
        return ("·", "muted")
    if isinstance(value, bool):
        return ("yes" if value else "no", "strong")
    if isinstance(value, Decimal):
        return (f"{number_text(value)} {column.unit}".strip(), "strong")
    label = next((o.label for o in column.options if o.code == value), str(value))
    return (label, "strong")


_PART_OF_COLUMN = {
    DOSE: "dose",
    "dose_adequate": "dose",
    "weeks": "weeks",
    "outcome": "outcome",
    "adherent": "adherent",
    "current_episode": "current_episode",
}


def _field_mark(column: Column, judged: TrialJudgment) -> Span:
    holds = judged.parts.get(_PART_OF_COLUMN.get(column.id, ""))
    if holds is None:
        return (" ", "text")
    return ("✓", "good") if holds else ("✗", "caution")


def _field_detail(column: Column, judged: TrialJudgment) -> tuple[Span, ...]:
    if column.id == DOSE:
        how = "Several in turn: “100 x10wk 200 x2wk”."
        if judged.minimum_mg is not None:
            how = f"Adequate from {number_text(judged.minimum_mg)} mg a day. {how}"
        return ((how, "muted"),)
    if column.id == "dose_adequate":
        return (("No minimum is tabled for this drug: your judgment counts.", "caution"),)
    return ()


def _trial_summary(consultation: Consultation) -> list[Span]:
    """Say how many failed adequate trials the table shows."""
    counted = consultation.assessment.trials
    if not counted.is_counted:
        return [("", "text"), ("The criteria at hand do not count trials.", "muted")]
    number = consultation.assessment.values.get(FAILED_COUNT)
    said = "not settled" if number is None else str(number)
    weeks = number_text(consultation.pack.threshold_values[ADEQUATE_WEEKS])
    unsure = counted.possible - counted.certain
    more = f", {unsure} more possible" if unsure else ""
    lines: list[Span] = [
        ("", "text"),
        (
            f"Failed adequate trials in this episode: {said}"
            f" ({counted.certain} in the table{more}; at least {weeks} weeks each)",
            "strong",
        ),
    ]
    return lines


def _drawn(consultation: Consultation, width: int) -> list[FormItem]:
    """Return the trials drawn against their minimums."""
    counted = consultation.assessment.trials
    if not counted.is_counted:
        return []
    needed = consultation.pack.threshold_values[ADEQUATE_WEEKS]
    lines = trial_chart(consultation.case.trials, counted.judgments, needed, width)
    return [FormItem("drawn", "", "info", lines=tuple(lines))] if lines else []


def _at_once(consultation: Consultation, scale: Question) -> list[FormItem]:
    """Return what an item of a scale means by itself: it does not wait for the total."""
    pack, assessment = consultation.pack, consultation.assessment
    read = {fact.id for fact in pack.derived.values() if fact.of == scale.id and fact.item}
    said = {
        question.text: f"! Asked now: {question.text}"
        for question in pack.questions.values()
        if assessment.asked[question.id]
        and any(ident in (question.asked_when or "") for ident in read)
    }
    said |= {
        found.id: f"! {found.because}"
        for found in assessment.contradictions
        if scale.id in found.questions
    }
    if not consultation.blind:
        said |= {
            finding.rule: f"! {finding.title}. {finding.do}".strip()
            for pathway in assessment.pathways
            for finding in pathway.findings
            if read & {ident for ident, value in finding.facts.items() if value is not None}
        }
    return [
        FormItem(f"said{number}", text, "info", answer=("", "bad"))
        for number, text in enumerate(said.values())
    ]


def scale_items(consultation: Consultation, question: Question) -> list[FormItem]:
    """Return a rating scale item by item."""
    instrument = consultation.pack.instrument_of(question)
    scores = consultation.fresh.scale_items.get(question.id, {})
    items = [
        FormItem("head", instrument.title, "heading"),
        FormItem("intro", instrument.intro, "info", answer=("", "muted")),
    ]
    for number, item in enumerate(instrument.items, start=1):
        score = scores.get(item.id)
        items.append(
            FormItem(
                key=item.id,
                label=f"{number}. {item.text}",
                kind="choice",
                answer=("·", "muted") if score is None else (str(score), "strong"),
                options=tuple((str(n), text) for n, text in enumerate(item.options)),
                first=0,
                chosen=None if score is None else str(score),
                detail=((item.text, "strong"),),
            )
        )
    items += _at_once(consultation, question)
    items.append(done_item())
    total = consultation.fresh.answers.get(question.id)
    if isinstance(total, int):
        band = next((b.label for b in instrument.bands if b.min <= total <= b.max), "")
        said = f"Total {total} of {instrument.max}" + (f": {band}" if band else "")
        items.append(FormItem("total", said, "info", answer=("", "strong")))
    elif scores:
        low, high = scale_range(consultation.pack, question, scores)
        left = len(instrument.items) - len(scores)
        items.append(
            FormItem(
                "total",
                f"No total yet: {left} to go; it can still end between {low} and {high}.",
                "info",
                answer=("", "info"),
            )
        )
    return items
