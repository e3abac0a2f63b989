"""The two tables of the consultation, row by row: antidepressant trials and medicines."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal

from ketatui.cases.model import DoseStep, Medication, Trial
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.dose_steps import DOSE, steps_in, with_cell, with_steps
from ketatui.consultation.edits import Edit, SetMedications, SetTrials
from ketatui.consultation.medicine_words import said_of
from ketatui.consultation.numbers import parse_number, range_text
from ketatui.consultation.rows import completed, medicines_of, next_field, trial_of, trials_of
from ketatui.consultation.words import amounts_of, cell_text, shortfall_text
from ketatui.criteria.models import Column, Question
from ketatui.engine import establish
from ketatui.engine.trials import TrialJudgment
from ketatui.reports.record import trial_text
from ketatui.walk.settling import settle
from ketatui.walk.talk import Back, Talk

Do = Callable[[Edit], bool]
COMMANDS = frozenset({"?", "u", "s", "b", "c", "f", ".", "a", "z", "e", "h", "o"})
"""What is a command at the beginning of a row, and no name of a medicine."""

_HOW_TRIALS = (
    "A drug adds a row, a number changes one, Enter ends the table. On the line with it: dose and "
    "weeks (sertraline 100 x10wk 200 x2wk), what came of it, “as augmentation”."
)
_PARTS = {
    "kind": "not an antidepressant trial",
    "current_episode": "not in the present episode",
    "adherent": "not taken as prescribed",
    "outcome": "it helped, or was not tolerated",
    "dose": "dose below the minimum, or not marked adequate",
    "weeks": "not long enough at that dose",
}


def ask_trials(talk: Talk, consultation: Consultation, question: Question, do: Do) -> str:
    """Let the clinician fill the table of antidepressant trials.

    Returns:
        A command that was typed instead of a drug; empty when the table is done.

    Raises:
        Leave: The clinician stops.
    """
    while True:
        _list_trials(talk, consultation)
        text = "\n".join(lines := talk.ask_rows(_HOW_TRIALS))
        if len(lines) == 1 and (not text or is_command(text)):
            return text
        before = consultation.case.trials
        place = row_number(text, len(before))
        try:
            if len(lines) > 1:
                _add_trials(talk, consultation, question, do, text)
            elif place is None:
                _fill_trial(talk, consultation, question, do, len(before), text)
            else:
                _change_trial(talk, consultation, question, do, place)
        except Back:
            do(SetTrials(rows=before))
            talk.say("The table is as it was.")


def ask_medications(talk: Talk, consultation: Consultation, question: Question, do: Do) -> str:
    """Let the clinician fill the list of medicines.

    Returns:
        A command that was typed instead of a name; empty when the list is done.

    Raises:
        Leave: The clinician stops.
    """
    while True:
        rows = consultation.case.medications
        for number, item in enumerate(rows, start=1):
            talk.say(f"{_line(item)}: {said_of(consultation.knowledge, item)}", f"  {number} ")
        lines = talk.ask_rows(
            "Name, dose and times on one line add a row, a number changes one, Enter ends the list."
        )
        text = "\n".join(lines)
        if len(lines) == 1 and (not text or is_command(text)):
            return text
        place = row_number(text, len(rows))
        try:
            if place is None:
                _add_medicines(talk, consultation, do, text)
            else:
                _change_medicine(talk, consultation, do, place)
        except Back:
            talk.say("The row stays as it is.")


def _add_trials(
    talk: Talk, consultation: Consultation, question: Question, do: Do, text: str
) -> None:
    """Add a row for each of several lines, after one question; what they lack stays open."""
    added = trials_of(consultation.knowledge.medicines, question, text)
    for row in added:
        talk.say(trial_text(consultation.pack, row), "  - ")
    if talk.ask_yes(f"Add these {len(added)} trials? y or n"):
        do(SetTrials(rows=(*consultation.case.trials, *added)))
        talk.say("A number fills in what a row still lacks.")
    else:
        talk.say("Nothing was added.")


def _add_medicines(talk: Talk, consultation: Consultation, do: Do, text: str) -> None:
    """Add what a line names, each kept before anything is asked about it."""
    index = consultation.knowledge.medicines
    several = "\n" in text
    added = medicines_of(index, text if several else completed(index, text))
    for row in added:
        talk.say(f"{_line(row)}: {said_of(consultation.knowledge, row)}.")
    if several and not talk.ask_yes(f"Add these {len(added)} medicines? y or n"):
        talk.say("Nothing was added.")
        return
    before = len(consultation.case.medications)
    # All are kept before anything is asked about one: going back from it loses no other.
    if not do(SetMedications(rows=(*consultation.case.medications, *added))):
        return
    for place, row in reversed([*enumerate(added, start=before)]):
        if not index.recognize(row.name).known:
            with suppress(Back):
                settle(talk, consultation, do, place)


def _change_medicine(talk: Talk, consultation: Consultation, do: Do, place: int) -> None:
    rows = consultation.case.medications
    if talk.ask_yes(f"Remove {rows[place].name}? y or n"):
        do(SetMedications(rows=(*rows[:place], *rows[place + 1 :])))
    elif not consultation.knowledge.medicines.recognize(rows[place].name).known:
        settle(talk, consultation, do, place)


def _line(row: Medication) -> str:
    return f"{row.name} {row.dose}".strip()


def is_command(text: str) -> bool:
    """Tell whether a line is a command of the walk, and no row."""
    return text.lower() in COMMANDS or text.startswith(("o ", "/"))


def row_number(text: str, count: int) -> int | None:
    """Return the place of a row that is meant by its number."""
    return int(text) - 1 if text.isdecimal() and 1 <= int(text) <= count else None


def _list_trials(talk: Talk, consultation: Consultation) -> None:
    judged = establish(consultation.knowledge, consultation.case).trials.judgments
    rows = zip(consultation.case.trials, judged, strict=True)
    for number, (trial, judgment) in enumerate(rows, start=1):
        said = trial_text(consultation.pack, trial)
        talk.say(f"{said}. {_counts(judgment)}".strip(), f"  {number} ")


def _counts(judgment: TrialJudgment) -> str:
    if judgment.counts:
        return "Counts as a failed adequate trial."
    if judgment.counts is None:
        return "Not finished: it can still count."
    failing = []
    for part in judgment.failing:
        short = shortfall_text(judgment, part)
        failing.append(f"{_PARTS[part]} ({short})" if short else _PARTS[part])
    if not failing:
        return ""  # Under these criteria no trial counts.
    return f"Does not count: {'; '.join(failing)}."


def _fill_trial(
    talk: Talk, consultation: Consultation, question: Question, do: Do, place: int, typed: str
) -> None:
    """Ask for what a typed row still needs; each is kept before the next is asked for."""
    index = consultation.knowledge.medicines
    whole = completed(index, typed, tuple(sorted(index.antidepressants)))
    trial = trial_of(index, question, whole)
    _keep_row(consultation, do, place, trial)
    talk.say(trial_text(consultation.pack, trial))
    asked: set[str] = set()
    while True:
        judged = establish(consultation.knowledge, consultation.case).trials.judgments[place]
        left = question.replaced(columns=tuple(c for c in question.columns if c.id not in asked))
        column = next_field(left, trial, judged)
        if column is None:
            return
        asked.add(column.id)  # Once: an empty line leaves it open.
        trial = _changed(talk, question, trial, column)
        _keep_row(consultation, do, place, trial)


def _change_trial(
    talk: Talk, consultation: Consultation, question: Question, do: Do, place: int
) -> None:
    """Change one cell of a row after the other, or remove the row."""
    while True:
        trial = consultation.case.trials[place]
        labels = [_cell_said(column, trial) for column in question.columns]
        said = f"Row {place + 1}: {trial_text(consultation.pack, trial)}. What is to change?"
        chosen = talk.ask_one(said, [*labels, "Remove the row"], none="nothing more")
        if chosen is None:
            return
        if chosen == len(labels):
            rows = consultation.case.trials
            do(SetTrials(rows=rows[:place] + rows[place + 1 :]))
            return
        changed = _changed(talk, question, trial, question.columns[chosen])
        _keep_row(consultation, do, place, changed)


def _changed(talk: Talk, question: Question, trial: Trial, column: Column) -> Trial:
    if column.id == DOSE:
        steps, value = _ask_dose(talk, question, column)
        return with_steps(trial, steps) if steps else with_cell(trial, column.id, value)
    cell = ask_cell(talk, column)
    # A row without its drug is none.
    return trial if column.id == "drug" and not cell else with_cell(trial, column.id, cell)


def _cell_said(column: Column, trial: Trial) -> str:
    if column.id == DOSE and trial.steps:
        return f"{column.label}: {'; '.join(amounts_of(trial))}"
    said = cell_text(column, getattr(trial, column.id))
    # Of yes and no the label is part of what is said.
    return said.capitalize() if column.kind == "bool" and said else f"{column.label}: {said or '·'}"


def _keep_row(consultation: Consultation, do: Do, place: int, trial: Trial) -> None:
    rows = consultation.case.trials
    do(SetTrials(rows=(*rows[:place], trial, *rows[place + 1 :])))


def _ask_dose(
    talk: Talk, question: Question, column: Column
) -> tuple[tuple[DoseStep, ...], Decimal | None]:
    """Ask for a dose, or several in turn with their weeks; neither where it is left open."""
    how = f"{range_text(column.min, column.max, column.unit)}, or several: 100 x10wk 200 x2wk"
    while True:
        text = talk.ask_text(f"{column.label}? {how}; Enter leaves it open; b: back.")
        steps, left = steps_in(question.columns, text)
        if not text or (steps and not left.strip(" ,.")):
            return steps, None
        value = _number(column, text)
        if value is not None:
            return (), value
        talk.say(f"Not understood: {how}.")


def ask_cell(talk: Talk, column: Column) -> bool | str | Decimal | None:
    """Ask for one cell; None where it is left open."""
    if column.kind == "choice":
        labels = [option.label for option in column.options]
        place = talk.ask_one(f"{column.label}?", labels, none="leave it open")
        return None if place is None else column.options[place].code
    if column.kind == "bool":
        how = "y or n; Enter leaves it open"
    elif column.kind == "text":
        how = "Enter leaves it open"
    else:
        how = f"{range_text(column.min, column.max, column.unit)}; Enter leaves it open"
    while True:
        text = talk.ask_text(f"{column.label}? {how}; b: back.")
        if not text:
            return None
        if column.kind == "text":
            return text
        value = _yes(text) if column.kind == "bool" else _number(column, text)
        if value is not None:
            return value
        talk.say(f"Not understood: {how}.")


def _yes(text: str) -> bool | None:
    return {"y": True, "yes": True, "n": False, "no": False}.get(text.casefold())


def _number(column: Column, text: str) -> Decimal | None:
    whole = column.kind == "int"
    value, _ = parse_number(text, whole=whole, low=column.min, high=column.max, unit=column.unit)
    return value
