"""A typed line as a row of a table: ``Wellbutrin XL 300 for 8 weeks`` is drug, dose and weeks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ketatui.cases.model import Medication, Trial
from ketatui.consultation.dose_steps import DOSE, WEEKS, steps_in
from ketatui.consultation.numbers import number_in
from ketatui.consultation.suggest import suggest
from ketatui.criteria.models import Column, Question
from ketatui.engine.medicines import MedicineIndex
from ketatui.engine.medicines.lines import split_line, split_list
from ketatui.engine.trials import TrialJudgment

_SHORTEST = 3
"""Letters from which the one name that begins so is taken for what was meant."""
_LASTED = re.compile(
    r"[ ,]*(?:(?<![^\W\d_])(?:x|for|over) *|× *|\b)([0-9]+(?:[.,][0-9]+)? *"
    r"(?:weeks?|wks?|w|months?|mths?|mos?|years?|yrs?|days?))\b\.?",
    re.IGNORECASE,
)
_LEFT_OVER = re.compile(r"(?:[ ,;:(-]+(?:as|an|the|for|with)?)+$", re.IGNORECASE)


def medicine_of(index: MedicineIndex, text: str) -> Medication:
    """Return a typed medicine as a row, its dose split off.

    Args:
        index: The names the pack knows.
        text: One line; what is not understood stays with the name.
    """
    found = split_line(index, text)
    return Medication(name=found.name, dose=found.dose)


def medicines_of(index: MedicineIndex, text: str) -> tuple[Medication, ...]:
    """Return a typed or pasted list as rows."""
    return tuple(Medication(name=item.name, dose=item.dose) for item in split_list(index, text))


def trial_of(index: MedicineIndex, question: Question, text: str) -> Trial:
    """Return a typed trial as a row; what is not understood stays with the drug.

    Args:
        index: The names the pack knows.
        question: The table of trials.
        text: One line: a drug, and where typed with it dose, weeks, kind and outcome; several
            doses one after the other are steps.
    """
    values: dict[str, Any] = {}
    steps, left = steps_in(question.columns, " ".join(text.split()))
    if steps:
        values["steps"] = steps
    for column in question.columns:
        if column.kind == "choice":
            code, without = _option_in(column, left)
            values |= {column.id: code} if code else {}
            # Of a treatment that is no drug the word is its name: "TMS 30 sessions".
            if column.id != "kind" or index.recognize(without).known:
                left = without
        elif column.unit == "weeks" and not steps and (lasted := _LASTED.search(left)):
            weeks = number_in(column, lasted[1])
            if weeks is not None:
                values[column.id] = weeks
                left = left[: lasted.start()] + left[lasted.end() :]
    found = split_line(index, left)
    name = found.name
    for column in question.columns:
        if column.unit == "mg" and found.dose:
            dose = None if steps else number_in(column, found.dose)
            # A dose that cannot be read stays with the name: nothing typed is lost.
            values |= {column.id: dose} if dose is not None else {}
            name = name if dose is not None else f"{name} {found.dose}"
    return Trial(drug=name.strip() or text.strip(), **values)


def next_field(question: Question, trial: Trial, judged: TrialJudgment) -> Column | None:
    """Return the first column that a row of trials still needs; None where it needs none.

    Args:
        question: The table of trials.
        trial: The row.
        judged: What is made of it: what is no antidepressant needs nothing more.
    """
    if judged.parts["kind"] is False:
        return None
    for column in question.columns:
        if getattr(trial, column.id) in (None, "") and _is_wanted(column, trial, judged):
            return column
    return None


def _is_wanted(column: Column, trial: Trial, judged: TrialJudgment) -> bool:
    if trial.steps and column.id in (DOSE, WEEKS):
        # The steps say it, unless one of them in a file lacks its dose or its weeks.
        part = "dose" if column.id == DOSE else "weeks"
        return judged.parts.get(part, True) is None and judged.minimum_mg is not None
    if column.id == "dose_adequate":
        # Only without a tabled minimum does the clinician's word on the dose count.
        return judged.minimum_mg is None
    return column.required or judged.parts.get(column.id, True) is None


def trials_of(index: MedicineIndex, question: Question, text: str) -> tuple[Trial, ...]:
    """Return a typed or pasted list of trials as rows, one a line."""
    lines = (line.strip(" \t-*•") for line in re.split(r"[\r\n;]+", text))
    return tuple(trial_of(index, question, line) for line in lines if line)


def completed(index: MedicineIndex, text: str, names: Sequence[str] = ()) -> str:
    """Complete a name that only one drug begins with, in whatever forms it comes.

    Args:
        index: The names the pack knows.
        text: As typed, perhaps with a dose behind it.
        names: The names to complete from; all known ones where none are given.

    Returns:
        The text with the whole name; the text itself where nothing or more than one thing fits.
    """
    typed, space, rest = text.strip().partition(" ")
    if len(typed) < _SHORTEST or index.recognize(text).standing != "unknown":
        return text
    found = [name for name in suggest(names or index.known(), typed, 50) if _begins(name, typed)]
    drugs = {index.recognize(name).ingredients for name in found}
    # One word is no beginning of two: "blue" is not "blue lotus".
    if len(drugs) != 1 or " " in found[0]:
        return text
    whole = f"{found[0]}{space}{rest}"
    return whole if not rest or index.recognize(whole).known else text


def _begins(name: str, typed: str) -> bool:
    return name.casefold().startswith(typed.casefold())


def _option_in(column: Column, text: str) -> tuple[str, str]:
    """Return the option that a text names, and the text without its name."""
    spelled = [
        (word, option.code)
        for option in column.options
        for word in (option.code.replace("_", " "), option.label.partition(" (")[0], *option.also)
    ]
    for word, code in sorted(spelled, key=lambda item: -len(item[0])):
        found = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
        if found is not None:
            left = (text[: found.start()] + text[found.end() :]).strip(" ,;")
            return code, _LEFT_OVER.sub("", left) or text
    return "", text
