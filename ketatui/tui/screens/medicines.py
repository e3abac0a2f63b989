"""The list of medicines: a line a medicine, and what is to be settled about each."""

from __future__ import annotations

from collections.abc import Sequence

from ketatui.cases.model import NONE_OF_THESE, NOT_ESTABLISHED, Medication
from ketatui.consultation.edits import SetMedications
from ketatui.consultation.rows import completed, medicine_of, medicines_of
from ketatui.consultation.suggest import suggest
from ketatui.tui.screens.table_editors import EditorOwner, TableEditor, without
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.medicines import (
    CLASSES,
    MEANT,
    REMOVE,
    class_items,
    medication_items,
    pending_items,
)
from ketatui.tui.views.rows import ADD, DONE

_MARKS = (NONE_OF_THESE, NOT_ESTABLISHED)


class MedicinesEditor(TableEditor):
    """Edits the list of medicines."""

    def __init__(self, screen: EditorOwner, ident: str) -> None:
        """Args: the screen it works on, and the question's id."""
        super().__init__(screen, ident)
        self.pending: tuple[Medication, ...] = ()
        self.classed: int | None = None
        """The row whose classes are being picked."""

    @property
    def rows(self) -> tuple[Medication, ...]:
        """The list."""
        return self.consultation.case.medications

    def items(self) -> list[FormItem]:
        """Return the page: pasted rows, the classes of one, or the list."""
        if self.pending:
            return pending_items(self.consultation, self.pending)
        if self.classed is not None and self.classed < len(self.rows):
            return class_items(self.consultation, self.rows[self.classed])
        return medication_items(self.consultation, self._suggest)

    def _suggest(self, text: str) -> Sequence[str]:
        return suggest(self.index.known(), text)

    def start(self) -> None:
        """Begin with a medicine."""
        self.ready_to_add()

    def typed(self, key: str, text: str, *, confirmed: bool) -> None:
        """Take a typed line: a new row, or another text for one."""
        text = text.strip()
        form = self.screen.form
        if key == ADD and not text:
            self.refuse_nothing()
            return
        form.stop_typing()
        whole = completed(self.index, text)
        row = medicine_of(self.index, whole)
        if key == ADD:
            if not self._keep((*self.rows, row)):
                return
            self.ready_to_add()
        elif text:
            self._change(int(key.partition(":")[2]), row)
        self._say_what(text, whole, row)

    def _say_what(self, text: str, whole: str, row: Medication) -> None:
        """Say what a line was understood as, where that is more than what was typed."""
        if whole != text:
            self.screen.say(f"“{text}” was taken for {row.name}; Ctrl+Z undoes it.")
        elif text and not self.index.recognize(row.name).known:
            self.screen.say(f"“{row.name}” is not settled: ↑ goes there, a digit says what it is.")

    def pasted(self, key: str, text: str) -> bool:
        """Show pasted lines as the rows they would be."""
        if key != ADD:
            return False
        self.pending = medicines_of(self.index, text)
        self.screen.form.set_items(self.items(), fresh=True)
        return bool(self.pending)

    def answered(self, key: str, value: bool | str | None) -> None:
        """Take what a row is, a class of it, or that pasted rows are to be added."""
        kind, _, rest = key.partition(":")
        if key == "confirm":
            self._confirmed(add=bool(value))
        elif kind == "class" and self.classed is not None and value is not None:
            self._set_class(self.classed, rest, picked=bool(value))
        elif kind == "row" and isinstance(value, str):
            self._settle(int(rest), value)

    def _confirmed(self, *, add: bool) -> None:
        rows = self.pending
        said = "Nothing was added."
        if add:
            if not self._keep((*self.rows, *rows)):
                return  # They wait to be added once more.
            said = f"{len(rows)} rows added; Ctrl+Z undoes them."
        self.pending = ()
        self.screen.form.set_items(self.items(), fresh=True)
        if not self._to_open_row():
            self.ready_to_add()
        self.screen.say(said)

    def _to_open_row(self) -> bool:
        """Go to the first row that is not settled."""
        for number, row in enumerate(self.rows):
            if not row.classes and not self.index.recognize(row.name).known:
                return self.screen.form.focus_on(f"row:{number}")
        return False

    def _settle(self, number: int, way: str) -> None:
        row = self.rows[number]
        if way == CLASSES:
            self.classed = number
            self.screen.form.set_items(self.items(), fresh=True)
        elif way == REMOVE:
            self.cleared(f"row:{number}")
        elif way.startswith(MEANT):
            self._change(number, row.replaced(name=way.removeprefix(MEANT), classes=()))
        else:
            self._change(number, row.replaced(classes=(way,)))

    def _change(self, number: int, row: Medication) -> None:
        before = self.rows[number]
        if row.name == before.name and not row.classes:
            row = row.replaced(classes=before.classes)
        rows = (*self.rows[:number], row, *self.rows[number + 1 :])
        if self._keep(rows) and not self._to_open_row():
            self.ready_to_add()

    def _set_class(self, number: int, code: str, *, picked: bool) -> None:
        row = self.rows[number]
        codes = {item for item in row.classes if item not in _MARKS} - {code}
        codes |= {code} if picked else set()
        self._keep(
            (
                *self.rows[:number],
                row.replaced(classes=tuple(sorted(codes))),
                *self.rows[number + 1 :],
            )
        )
        self.screen.form.advance()

    def cleared(self, key: str) -> None:
        """Delete a row, or take a class back."""
        kind, _, rest = key.partition(":")
        if kind == "class" and self.classed is not None:
            self._set_class(self.classed, rest, picked=False)
        elif kind == "row" and self._keep(without(self.rows, int(rest))):
            self.deleted()

    def activated(self, key: str) -> None:
        """Leave the classes of a row, or the page."""
        if key == DONE and self.classed is not None:
            self.back()
        else:
            super().activated(key)

    def back(self) -> bool:
        """Drop pasted rows that were not added, or leave the classes of one."""
        if self.pending:
            self._confirmed(add=False)
            return True
        if self.classed is None:
            return False
        number, self.classed = self.classed, None
        self.screen.form.set_items(self.items(), fresh=True)
        self.screen.form.focus_on(f"row:{number}")
        return True

    def _keep(self, rows: tuple[Medication, ...]) -> bool:
        return self.screen.do(SetMedications(rows=rows))
