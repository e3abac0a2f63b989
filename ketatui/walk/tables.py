"""The two tables of the consultation, row by row: antidepressant trials and medicines."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from ketatui.cases.model import Medication, Trial
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import Edit, SetMedications, SetTrials
from ketatui.consultation.numbers import parse_number, range_text
from ketatui.consultation.suggest import suggest
from ketatui.consultation.words import number_text
from ketatui.criteria.models import Column, Question
from ketatui.engine import establish
from ketatui.engine.trials import TrialJudgement
from ketatui.reports.record import trial_text
from ketatui.walk.talk import Back, Talk

Do = Callable[[Edit], bool]
COMMANDS = frozenset({"?", "u", "s", "b", "c", "f", ".", "a", "z", "e", "h", "o"})
"""What is a command at the beginning of a row, and no name of a medicine."""

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
        text = talk.ask_text_raw("A drug adds a row, a number changes one, Enter ends the table.")
        if not text or _is_command(text):
            return text
        before = consultation.case.trials
        place = _row_number(text, len(before))
        try:
            if place is None:
                _fill_trial(talk, consultation, question, do, len(before), text)
            elif talk.ask_yes(
                f"Remove row {place + 1}, {before[place].drug}? y or n (n: fill anew)"
            ):
                do(SetTrials(rows=before[:place] + before[place + 1 :]))
            else:
                _fill_trial(talk, consultation, question, do, place, before[place].drug)
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
        rows = list(consultation.case.medications)
        for number, item in enumerate(rows, start=1):
            talk.say(
                f"{item.name} {item.dose}: {_classes(consultation, item.name)}", f"  {number} "
            )
        text = talk.ask_text_raw("A name adds a row, a number removes one, Enter ends the list.")
        if not text or _is_command(text):
            return text
        place = _row_number(text, len(rows))
        try:
            if place is None:
                name = _name(talk, consultation, text)
                rows.append(Medication(name=name, dose=talk.ask_text("Dose; Enter leaves it out.")))
            elif talk.ask_yes(f"Remove {rows[place].name}? y or n"):
                del rows[place]
        except Back:
            talk.say("The list is as it was.")
            continue
        do(SetMedications(rows=tuple(rows)))


def _is_command(text: str) -> bool:
    return text in COMMANDS or text.startswith("o ")


def _row_number(text: str, count: int) -> int | None:
    """Return the place of a row that is meant by its number."""
    return int(text) - 1 if text.isdecimal() and 1 <= int(text) <= count else None


def _list_trials(talk: Talk, consultation: Consultation) -> None:
    judged = establish(consultation.knowledge, consultation.case).trials.judgements
    rows = zip(consultation.case.trials, judged, strict=True)
    for number, (trial, judgement) in enumerate(rows, start=1):
        said = trial_text(consultation.pack, trial)
        talk.say(f"{said}. {_counts(judgement)}", f"  {number} ")


def _counts(judgement: TrialJudgement) -> str:
    if judgement.counts:
        return "Counts as a failed adequate trial."
    if judgement.counts is None:
        return "Not finished: it can still count."
    failing = "; ".join(_PARTS[part] for part in judgement.failing)
    minimum = judgement.minimum_mg
    least = (
        f" (minimum {number_text(minimum)} mg)" if minimum and "dose" in judgement.failing else ""
    )
    return f"Does not count: {failing}{least}."


def _classes(consultation: Consultation, name: str) -> str:
    classes = consultation.knowledge.medicines.classes(name)
    if classes is None:
        return "not recognised, checked by no rule"
    titles = [consultation.pack.drug_classes[code].title for code in classes]
    return ", ".join(titles) or "no class that a rule asks for"


def _name(talk: Talk, consultation: Consultation, typed: str) -> str:
    """Return the name as typed, or the known one that was meant."""
    index = consultation.knowledge.medicines
    if index.classes(typed) is not None:
        return typed
    near = suggest(index.known(), typed)
    if not near:
        talk.say(f"{typed} is not recognised; it is kept as written, and checked by no rule.")
        return typed
    meant = talk.ask_one(f"{typed} is not recognised. Meant is", near, none="keep it as written")
    return typed if meant is None else near[meant]


def _fill_trial(
    talk: Talk, consultation: Consultation, question: Question, do: Do, place: int, typed: str
) -> None:
    """Ask for one row, cell by cell; each is kept before the next is asked for."""
    name = _name(talk, consultation, typed)
    trial = Trial(drug=name)
    _keep_row(consultation, do, place, trial)
    index = consultation.knowledge.medicines
    tabled = consultation.pack.antidepressants.get(index.antidepressant(name) or "")
    for column in question.columns[1:]:
        # A drug with a tabled minimum is an antidepressant, and needs no word on its dose.
        if column.id in ("dose_adequate", "kind") and tabled is not None:
            continue
        trial = trial.replaced(**{column.id: _value(talk, column)})
        _keep_row(consultation, do, place, trial)


def _keep_row(consultation: Consultation, do: Do, place: int, trial: Trial) -> None:
    rows = consultation.case.trials
    do(SetTrials(rows=(*rows[:place], trial, *rows[place + 1 :])))


def _value(talk: Talk, column: Column) -> bool | str | Decimal | None:
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
