"""Antidepressant trials: which count as failed and adequate, and which part fails.

Source of the definition: the data dictionary (current episode, taken as prescribed, at most
49 % better, at least the minimum dose for at least the adequate number of weeks).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from ketatui.cases.model import Trial
from ketatui.structs import Frozen

PARTS = ("current_episode", "adherent", "outcome", "dose", "weeks")
"""The parts a trial is judged by, in the order they are shown."""


class TrialJudgement(Frozen, frozen=True):
    """Whether a trial counts as a failed adequate trial.

    Attributes:
        drug: The folded name that two rows of one drug share.
        minimum_mg: The drug's minimum adequate daily dose; None where none is tabled.
        parts: For each of `PARTS`: it holds, it fails, or it is not known yet.
        counts: All parts hold (True), one fails (False), or it is still open (None).
    """

    drug: str
    minimum_mg: Decimal | None
    parts: Mapping[str, bool | None]
    counts: bool | None

    @property
    def failing(self) -> tuple[str, ...]:
        """The parts that fail."""
        return tuple(part for part in PARTS if self.parts[part] is False)


class TrialCount(Frozen, frozen=True):
    """How many different drugs failed an adequate trial.

    Attributes:
        judgements: One for each row, in order.
        certain: Drugs that count for certain.
        possible: Drugs that count if every unfinished row turns out to count.
    """

    judgements: tuple[TrialJudgement, ...]
    certain: int
    possible: int


def judge(
    trial: Trial, drug: str, minimum_mg: Decimal | None, adequate_weeks: Decimal
) -> TrialJudgement:
    """Judge one trial.

    Args:
        trial: The row.
        drug: The name under which the drug is known, however the row writes it.
        minimum_mg: Minimum adequate dose in mg a day, None where none is tabled.
        adequate_weeks: Weeks at that dose from which a trial is long enough.

    Returns:
        The judgement, part by part.
    """
    failed = trial.outcome in ("no_response", "partial_response")
    if minimum_mg is None:
        # Without a tabled minimum only the clinician's mark makes the dose adequate.
        dose: bool | None = trial.dose_adequate is True
    else:
        dose = None if trial.daily_dose_mg is None else trial.daily_dose_mg >= minimum_mg
    parts = {
        "current_episode": trial.current_episode,
        "adherent": trial.adherent,
        "outcome": None if trial.outcome is None else failed,
        "dose": dose,
        "weeks": None if trial.weeks is None else trial.weeks >= adequate_weeks,
    }
    if False in parts.values():
        counts: bool | None = False
    else:
        counts = None if None in parts.values() else True
    return TrialJudgement(drug, minimum_mg, parts, counts)


def count(judgements: Sequence[TrialJudgement]) -> TrialCount:
    """Count drugs, not rows: two rows of one drug count once."""
    certain = {item.drug for item in judgements if item.counts is True}
    possible = {item.drug for item in judgements if item.counts is not False}
    return TrialCount(tuple(judgements), len(certain), len(possible))


def failed_trials(
    counted: TrialCount, *, rows_complete: bool | None, reported: int | None, enough: int
) -> int | None:
    """Settle the number of failed adequate trials in this episode.

    With the history complete it is the number counted. Without any row a reported count stands
    in even then: ticking "complete" beside an empty table must not silence it. Otherwise it is
    the larger of counted and reported; otherwise nothing is known, unless enough are certain.

    Rows still unfinished under a complete history leave the number open, whatever was reported:
    that the history is complete and a row is not are answers that contradict each other.

    Args:
        counted: What the rows come to.
        rows_complete: Whether the rows are the whole history.
        reported: Failed adequate trials as reported, where no rows can be had.
        enough: Number from which further trials change nothing (treatment resistance).

    Returns:
        The number, or None while it is not known.
    """
    least, most = counted.certain, counted.possible
    if rows_complete and (counted.judgements or reported is None):
        return least if least == most or least >= enough else None
    if reported is not None:
        return max(least, reported)
    return least if least >= enough else None
