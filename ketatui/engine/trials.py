"""Antidepressant trials: which count as failed and adequate, and which part fails.

Source of the definition: the data dictionary (an antidepressant, in the current episode, taken as
prescribed, at most 49 % better, for at least the adequate number of weeks at or above the
minimum dose).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ketatui.cases.model import ANTIDEPRESSANT, DoseStep, Trial
from ketatui.cql import Value
from ketatui.criteria.models import Derived
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import (
    ADEQUATE_WEEKS,
    TRD_FAILED_TRIALS,
    TRIALS,
    TRIALS_COMPLETE,
    TRIALS_REPORTED,
)
from ketatui.engine.calculations import Calculation, Compared, Tried, Working
from ketatui.engine.medicines import MedicineIndex, fold
from ketatui.structs import Frozen

NAME = "failed_trials"
"""Of the calculation."""

PARTS = ("kind", "current_episode", "adherent", "outcome", "dose", "weeks")
"""The parts a trial is judged by, in the order they are shown."""


class Shortfall(Frozen, frozen=True):
    """By how much a trial misses what counts.

    Attributes:
        part: ``dose`` (mg a day) or ``weeks``.
        present: What it came to.
        needed: From what it counts.
    """

    part: str
    present: Decimal
    needed: Decimal


class TrialJudgment(Frozen, frozen=True):
    """Whether a trial counts as a failed adequate trial.

    Attributes:
        drug: The folded name that two rows of one drug share.
        minimum_mg: The drug's minimum adequate daily dose; None where none is tabled.
        parts: For each of `PARTS`: it holds, it fails, or it is not known yet.
        counts: All parts hold (True), one fails (False), or it is still open (None).
        dose_mg: The highest daily dose, in mg, as it was judged.
        weeks: Weeks at or above the minimum, as they were judged.
        shortfalls: Where a number is below what counts, by how much.
    """

    drug: str
    minimum_mg: Decimal | None
    parts: Mapping[str, bool | None]
    counts: bool | None
    dose_mg: Decimal | None = None
    weeks: Decimal | None = None
    shortfalls: tuple[Shortfall, ...] = ()

    @property
    def failing(self) -> tuple[str, ...]:
        """The parts that fail."""
        return tuple(part for part in PARTS if self.parts[part] is False)

    @property
    def missing(self) -> tuple[str, ...]:
        """The parts that are not known yet."""
        return tuple(part for part in PARTS if self.parts[part] is None)

    @property
    def nearly(self) -> bool:
        """Whether nothing but dose or weeks keeps it from counting."""
        return self.counts is False and set(self.failing) <= {"dose", "weeks"}


class TrialCount(Frozen, frozen=True):
    """How many different drugs failed an adequate trial.

    Attributes:
        judgments: One for each row, in order.
        certain: Drugs that count for certain.
        possible: Drugs that count if every unfinished row turns out to count.
        is_counted: Whether these criteria count trials at all; else no row is judged.
    """

    judgments: tuple[TrialJudgment, ...]
    certain: int
    possible: int
    is_counted: bool = True


class Drug(Frozen, frozen=True):
    """What is known of the drug of a trial.

    Attributes:
        name: The name under which it is known, however the row writes it.
        minimum_mg: Minimum adequate dose in mg a day, None where none is tabled.
        other: It is known and is no antidepressant: what it was given for has to be said.
    """

    name: str
    minimum_mg: Decimal | None = None
    other: bool = False


def judge(
    trial: Trial, drug: Drug, adequate_weeks: Decimal, failures: Collection[str]
) -> TrialJudgment:
    """Judge one trial.

    Args:
        trial: The row.
        drug: What is known of its drug.
        adequate_weeks: Weeks at or above the minimum dose from which a trial is long enough.
        failures: Codes of the outcomes that count as failed.

    Returns:
        The judgment, part by part.
    """
    minimum = drug.minimum_mg
    doses = [step.daily_dose_mg for step in trial.steps]
    highest = trial.daily_dose_mg
    if highest is None and doses and None not in doses:
        highest = max(dose for dose in doses if dose is not None)
    weeks, is_long = _duration(trial, minimum, adequate_weeks)
    parts = {
        "kind": _is_antidepressant(trial, drug),
        "current_episode": trial.current_episode,
        "adherent": trial.adherent,
        "outcome": None if trial.outcome is None else trial.outcome in failures,
        "dose": _is_dose_adequate(trial, drug, highest),
        "weeks": is_long,
    }
    if False in parts.values():
        counts: bool | None = False
    else:
        counts = None if None in parts.values() else True
    short = []
    if parts["dose"] is False and highest is not None and minimum is not None:
        short.append(Shortfall("dose", highest, minimum))
    if parts["weeks"] is False and weeks is not None:
        short.append(Shortfall("weeks", weeks, adequate_weeks))
    return TrialJudgment(drug.name, minimum, parts, counts, highest, weeks, tuple(short))


def _is_antidepressant(trial: Trial, drug: Drug) -> bool | None:
    if trial.kind is not None:
        return trial.kind == ANTIDEPRESSANT
    # A drug known for something else is not taken for an antidepressant without being asked.
    return None if drug.other else True


def _is_dose_adequate(trial: Trial, drug: Drug, highest: Decimal | None) -> bool | None:
    if not drug.name:
        return None
    if drug.minimum_mg is None:
        # Without a tabled minimum only the clinician's mark makes the dose adequate.
        return trial.dose_adequate
    if highest is not None:
        return highest >= drug.minimum_mg
    # One step that is high enough will do, whatever the others were.
    reached = any(
        step.daily_dose_mg is not None and step.daily_dose_mg >= drug.minimum_mg
        for step in trial.steps
    )
    return True if reached else None


def _duration(
    trial: Trial, minimum: Decimal | None, adequate_weeks: Decimal
) -> tuple[Decimal | None, bool | None]:
    """Return the weeks at or above the minimum, and whether they are enough."""
    if trial.weeks is not None:
        return trial.weeks, trial.weeks >= adequate_weeks
    if not trial.steps:
        return None, None
    least = sum(
        (step.weeks or Decimal(0) for step in trial.steps if _high(step, minimum)), Decimal(0)
    )
    unsure = [step for step in trial.steps if _high(step, minimum) is None]
    endless = any(step.weeks is None and _high(step, minimum) is not False for step in trial.steps)
    most = least + sum((step.weeks or Decimal(0) for step in unsure), Decimal(0))
    if least >= adequate_weeks:
        return least, True
    if endless or most >= adequate_weeks:
        return None, None
    return most, False


def _high(step: DoseStep, minimum: Decimal | None) -> bool | None:
    """Tell whether a step was at or above the minimum; every step is where none is tabled."""
    if minimum is None:
        return True
    return None if step.daily_dose_mg is None else step.daily_dose_mg >= minimum


def count(judgments: Sequence[TrialJudgment]) -> TrialCount:
    """Count drugs, not rows: two rows of one drug count once, and rows of no name may be of two."""
    certain = {item.drug for item in judgments if item.counts is True}
    may_count = [item.drug for item in judgments if item.counts is not False]
    possible = len({drug for drug in may_count if drug}) + may_count.count("")
    return TrialCount(tuple(judgments), len(certain), possible)


def uncounted(rows: Sequence[Trial]) -> TrialCount:
    """Return rows under criteria that ask for trials and count none: nothing is open in them.

    Args:
        rows: The table of trials.

    Returns:
        A judgment for each row, of which no part fails and none is missing.
    """
    parts = dict.fromkeys(PARTS, True)
    judged = tuple(TrialJudgment(fold(row.drug), None, parts, counts=False) for row in rows)
    return TrialCount(judged, 0, 0, is_counted=False)


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
    if rows_complete and (counted.judgments or reported is None):
        return least if least == most or least >= enough else None
    if reported is not None:
        return max(least, reported)
    return least if least >= enough else None


def failing_outcomes(pack: Pack) -> tuple[str, ...]:
    """Return the codes of the outcomes that count as failed."""
    columns = pack.questions[TRIALS].columns
    outcomes = (column.options for column in columns if column.id == "outcome")
    return tuple(item.code for options in outcomes for item in options if item.counts_as_failed)


def drug_of(pack: Pack, medicines: MedicineIndex, name: str) -> Drug:
    """Return what is known of the drug of a trial, by the name a row gives it."""
    known = medicines.antidepressant(name)
    if known is not None:
        tabled = pack.antidepressants[known]
        return Drug(tabled.same_drug_as or known, tabled.minimum_mg)
    found = medicines.recognize(name)
    # Two names of one drug are one drug, tabled or not.
    return Drug(" + ".join(found.ingredients) or fold(name), other=found.other)


def _calculate(working: Working, _: Derived) -> tuple[Value, tuple[str, ...]]:
    thresholds = working.pack.threshold_values
    rows: Sequence[Trial] = working.given.tables.get(TRIALS, ())
    failures = failing_outcomes(working.pack) if rows else ()
    drugs = [drug_of(working.pack, working.medicines, row.drug) for row in rows]
    pairs = zip(rows, drugs, strict=True)
    judged = count([judge(row, drug, thresholds[ADEQUATE_WEEKS], failures) for row, drug in pairs])
    working.details[NAME] = judged
    if any(item.counts is None for item in judged.judgments):
        working.unfinished.add(TRIALS)
    # Rows that are not asked for this diagnosis are kept and not used, like any hidden answer.
    used = judged if working.asked.get(TRIALS) is not False else count(())
    complete, reported = working.values.get(TRIALS_COMPLETE), working.values.get(TRIALS_REPORTED)
    if TRIALS in working.given.unknown:
        # A history that cannot be established is no empty one, whatever was ticked.
        complete = None
    assert complete is None or isinstance(complete, bool)
    assert reported is None or isinstance(reported, int)
    number = failed_trials(
        used, rows_complete=complete, reported=reported, enough=int(thresholds[TRD_FAILED_TRIALS])
    )
    return number, () if number is not None else _waits(working, complete=complete is True)


def _waits(working: Working, *, complete: bool) -> tuple[str, ...]:
    # Null means: fewer rows count than are enough, and no reported count settles it.
    is_answered = working.given.tables.get(TRIALS) and TRIALS not in working.unfinished
    waits = [] if is_answered else [TRIALS]
    if complete:
        return tuple(waits)
    waits += [
        name for name in (TRIALS_REPORTED, TRIALS_COMPLETE) if working.values.get(name) is None
    ]
    return tuple(waits)


def _reads(_: Derived) -> tuple[str, ...]:
    return TRIALS, TRIALS_COMPLETE, TRIALS_REPORTED


def _tries(_: Derived, compared: Compared) -> Mapping[str, Sequence[Tried]]:
    """Return histories that come to each number of failed trials worth trying."""
    pack = compared.pack
    rows = tuple(
        Trial(
            drug=drug.name,
            daily_dose_mg=drug.minimum_mg,
            weeks=pack.threshold_values[ADEQUATE_WEEKS],
            outcome=next(iter(failing_outcomes(pack)), None),
            adherent=True,
            current_episode=True,
        )
        for drug in pack.antidepressants.values()
        # Two forms of one drug count once.
        if drug.same_drug_as is None
    )
    counts = sorted({0, 1, 2} | compared.counts)
    return {TRIALS: [rows[:number] for number in counts if 0 <= number <= len(rows)]}


FAILED_TRIALS = Calculation(
    NAME,
    _reads,
    _calculate,
    thresholds=(ADEQUATE_WEEKS, TRD_FAILED_TRIALS),
    tables=(TRIALS,),
    tries=_tries,
)


def trials_in(details: Mapping[str, Any]) -> TrialCount:
    """Return the trials a state of the facts was established with, judged."""
    found: TrialCount = details.get(NAME) or count(())
    return found
