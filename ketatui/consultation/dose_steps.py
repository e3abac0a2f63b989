"""The doses of a trial one after the other: ``100 x10wk, then 200 x2wk`` is two steps."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ketatui.cases.model import DoseStep, Trial
from ketatui.consultation.numbers import number_in
from ketatui.criteria.models import Column

DOSE = "daily_dose_mg"
WEEKS = "weeks"
"""The columns that steps stand for."""

_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_TIMES = r"(?: ?(?:/d(?:ay)?|a day|per day|daily|nightly|qd|od|qhs|qam|qpm|hs|bid|tid|qid)\b)?"
_LASTED = r"(?:weeks?|wks?|w|months?|mths?|mos?|years?|yrs?|days?)\b\.?"
_STEP = re.compile(
    rf"(?P<dose>{_NUMBER} ?(?:mg\b)?{_TIMES})[ ,]*(?:(?<![a-z])(?:x|for|over)|×)? ?"
    rf"(?P<weeks>{_NUMBER} ?{_LASTED})",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"[ ,;/+>→-]*(?:\b(?:and|then|to|up|increased|raised|followed|by)\b[ ,]*)*", re.IGNORECASE
)

_RANGE = ("-", "–", "/", ".", ",")
"""Before a number these make it the second half of something."""


def steps_in(columns: Sequence[Column], text: str) -> tuple[tuple[DoseStep, ...], str]:
    """Find the dose steps of a trial in what was typed.

    Args:
        columns: The columns of the table: they say what a dose and a number of weeks may be.
        text: One line.

    Returns:
        Two or more steps and the text without them; none and the text itself where there are
        fewer, or where one of them cannot be read.
    """
    by_id = {column.id: column for column in columns}
    for first in _STEP.finditer(text):
        if text[: first.start()].endswith(_RANGE):
            continue  # "50-100 x 6 wk" is no dose of 100.
        found = [first]
        while (following := _next(text, found[-1].end())) is not None:
            found.append(following)
        if len(found) > 1:
            steps = tuple(_step(by_id[DOSE], by_id[WEEKS], match) for match in found)
            if None in steps:
                return (), text
            left = f"{text[: first.start()]} {text[found[-1].end() :]}"
            return tuple(step for step in steps if step), " ".join(left.split())
    return (), text


def _next(text: str, end: int) -> re.Match[str] | None:
    between = _BETWEEN.match(text, end)
    # A step needs something between itself and the one before, be it a space.
    if between is None or between.end() == end:
        return None
    return _STEP.match(text, between.end())


def _step(dose: Column, weeks: Column, match: re.Match[str]) -> DoseStep | None:
    milligrams, lasted = number_in(dose, match["dose"]), number_in(weeks, match["weeks"])
    if milligrams is None or lasted is None:
        return None
    return DoseStep(daily_dose_mg=milligrams, weeks=lasted)


def with_cell(trial: Trial, column: str, value: object) -> Trial:
    """Return a trial with another value in one column.

    A dose typed for the whole trial takes the place of its steps; what those came to in weeks is
    then to be said anew.
    """
    if column == DOSE and trial.steps:
        trial = trial.replaced(steps=())
    return trial.replaced(**{column: value})


def with_steps(trial: Trial, steps: tuple[DoseStep, ...]) -> Trial:
    """Return a trial whose dose and weeks are those of its steps."""
    return trial.replaced(steps=steps, daily_dose_mg=None, weeks=None)
