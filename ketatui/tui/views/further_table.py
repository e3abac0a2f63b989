"""Any further table of the criteria as a form: a line for each row, its cells where it is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ketatui.consultation.consultation import Consultation
from ketatui.consultation.words import cell_text, row_text
from ketatui.criteria.models import Question
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.rows import add_item, done_item
from ketatui.tui.views.table_pages import KINDS, entry_of


def table_items(
    consultation: Consultation, question: Question, open_row: int | None
) -> list[FormItem]:
    """Return a table as a form; one row is open and shows its cells.

    Args:
        consultation: The consultation.
        question: The table.
        open_row: Index of the row whose cells are shown.
    """
    items = [FormItem("head", question.label, "heading")]
    for index, row in enumerate(consultation.case.tables.get(question.id, ())):
        how = "Enter opens the row; Backspace deletes it (Ctrl+Z brings it back)."
        missing = sum(column.required and column.id not in row for column in question.columns)
        items.append(
            FormItem(
                key=f"row:{index}",
                label=f"{index + 1}. {row_text(question, row)}",
                kind="action",
                answer=(f"{missing} to fill in", "info") if missing else ("filled in", "text"),
                detail=((how, "muted"),),
            )
        )
        items += _cells(question, index, row) if index == open_row else []
    first, *_ = question.columns
    items.append(add_item(f"Add: {first.label}", "Enter adds the row and opens it.", lambda _: ()))
    items.append(done_item())
    return items


def _cells(question: Question, index: int, row: Mapping[str, Any]) -> list[FormItem]:
    return [
        FormItem(
            key=f"field:{index}:{column.id}",
            label=f"    {column.label}",
            kind=KINDS[column.kind],
            fraction=column.kind == "decimal",
            answer=(cell_text(column, value), "strong") if value is not None else ("·", "muted"),
            options=tuple((option.code, option.label) for option in column.options),
            chosen=value if isinstance(value, str) else None,
            entry=entry_of(value),
        )
        for column in question.columns
        for value in (row.get(column.id),)
    ]
