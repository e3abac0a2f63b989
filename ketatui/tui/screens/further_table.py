"""The page of any further table of the criteria: what its keys mean as edits."""

from __future__ import annotations

from typing import Any

from ketatui.consultation.edits import SetRows
from ketatui.tui.screens.table_editors import OpeningEditor, number_of, without
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.further_table import table_items
from ketatui.tui.views.rows import ADD


class RowsEditor(OpeningEditor):
    """Edits a table by its columns."""

    def items(self) -> list[FormItem]:
        """Return the page."""
        return table_items(self.consultation, self.question, self.open_row)

    def start(self) -> None:
        """Stand on the line that adds."""
        self.ready_to_add()

    @property
    def _rows(self) -> tuple[dict[str, Any], ...]:
        return self.consultation.case.tables.get(self.question.id, ())

    def _keep(self, rows: tuple[dict[str, Any], ...]) -> bool:
        return self.screen.do(SetRows(question=self.question.id, rows=rows))

    def answered(self, key: str, value: bool | str | None) -> None:
        """Take a choice or yes/no."""
        if key.startswith("field:") and value is not None:
            self._set_field(key, value)

    def typed(self, key: str, text: str, *, confirmed: bool) -> None:
        """Take a typed text: a new row, or a cell."""
        text = text.strip()
        form = self.screen.form
        if key == ADD and not text:
            self.refuse_nothing()
            return
        if not text:
            form.stop_typing()
            return
        name = self.question.columns[0].id if key == ADD else key.split(":")[2]
        value, problem = self._value(name, text)
        if problem:
            form.refuse(problem=problem)
            return
        form.stop_typing()
        if key != ADD:
            self._set_field(key, value)
        elif self._keep((*self._rows, {name: value})):
            self.open_row = len(self._rows) - 1
            self.screen.redraw()
            self._to_open_cell()

    def _value(self, name: str, text: str) -> tuple[Any, str]:
        column = next(item for item in self.question.columns if item.id == name)
        match column.kind:
            case "text":
                return text, ""
            case "int" | "decimal":
                return number_of(column, text)
            case "bool":
                found = {"y": True, "yes": True, "n": False, "no": False}.get(text.casefold())
                return found, "" if found is not None else "Type yes or no."
            case _:
                said = text.casefold()
                for option in column.options:
                    if said in (option.code, option.label.casefold()):
                        return option.code, ""
                labels = ", ".join(option.label for option in column.options)
                return None, f"Not one of the choices: {labels}."

    def _set_field(self, key: str, value: Any) -> None:
        _, number, name = key.split(":")
        rows = list(self._rows)
        rows[int(number)] = {**rows[int(number)], name: value}
        if self._keep(tuple(rows)):
            self._to_open_cell()

    def _to_open_cell(self) -> None:
        """Go to the next cell of the open row that is empty, else to the line that adds."""
        row = self.open_row
        columns = self.question.columns
        left = [] if row is None else [c for c in columns if c.id not in self._rows[row]]
        if left:
            self.screen.form.focus_on(f"field:{row}:{left[0].id}")
        else:
            self.open_row = None
            self.screen.redraw()
            self.ready_to_add()

    def cleared(self, key: str) -> None:
        """Delete a row, or empty a cell."""
        kind, _, rest = key.partition(":")
        if kind == "row":
            self.open_row = None
            if self._keep(without(self._rows, int(rest))):
                self.deleted()
        elif kind == "field":
            number, _, name = rest.partition(":")
            rows = list(self._rows)
            rows[int(number)] = {k: v for k, v in rows[int(number)].items() if k != name}
            self._keep(tuple(rows))
