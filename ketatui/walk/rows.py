"""Any further table of the criteria, row by row and column by column."""

from __future__ import annotations

from typing import Any

from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import SetRows
from ketatui.consultation.words import row_text
from ketatui.criteria.models import Question
from ketatui.walk.table_rows import Do, ask_cell, is_command, row_number
from ketatui.walk.talk import Back, Talk


def ask_rows(talk: Talk, consultation: Consultation, question: Question, do: Do) -> str:
    """Let the clinician fill a table.

    Returns:
        A command that was typed instead of a row; empty when the table is done.

    Raises:
        Leave: The clinician stops.
    """
    first, *_ = question.columns
    ask = f"{first.label} adds a row, a number changes one, Enter ends the table."
    while True:
        rows = consultation.case.tables.get(question.id, ())
        for number, row in enumerate(rows, start=1):
            talk.say(row_text(question, row), f"  {number} ")
        text = talk.ask_text_raw(ask)
        if not text or is_command(text):
            return text
        place = row_number(text, len(rows))
        try:
            if place is None and first.kind == "text":
                kept = (*rows, _filled(talk, question, {first.id: text}))
            elif place is None:
                kept = (*rows, _filled(talk, question, {}))
            elif talk.ask_yes(f"Remove row {place + 1}? y or n (n: fill anew)"):
                kept = (*rows[:place], *rows[place + 1 :])
            else:
                kept = (*rows[:place], _filled(talk, question, {}), *rows[place + 1 :])
        except Back:
            talk.say("The table is as it was.")
            continue
        do(SetRows(question=question.id, rows=kept))


def _filled(talk: Talk, question: Question, row: dict[str, Any]) -> dict[str, Any]:
    asked = {
        column.id: ask_cell(talk, column) for column in question.columns if column.id not in row
    }
    return {name: value for name, value in (row | asked).items() if value is not None}
