"""The rows of a running session: going to one, correcting it, striking it out."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Callable

from textual import on

from ketatui.consultation.session_rows import (
    RowPlace,
    correct,
    corrected_row,
    line_of,
    row_at,
    rows_in_order,
)
from ketatui.course.entry_line import Entry
from ketatui.tui.screens.session_panes import SessionPanes
from ketatui.tui.session import now
from ketatui.tui.views.session_table import row_target, row_text
from ketatui.tui.widgets.line_view import LineView


class SessionRows(SessionPanes):
    """Panes whose rows can be gone to."""

    @abstractmethod
    def keep(self, change: Callable[[], object]) -> bool:
        """Make a change that goes to disk first; say so when it could not."""

    @abstractmethod
    def confirmed(self, what: str, question: str) -> bool:
        """Tell whether it was pressed a second time; else ask."""

    def go_to_row(self, step: int) -> None:
        """Go to another row; below the last one is the line again."""
        rows = rows_in_order(self.treatment.the_visit())
        if not rows or self.entry.text:
            return
        place = rows.index(self.row) if self.row in rows else len(rows)
        self._at(rows[max(place + step, 0)] if place + step < len(rows) else None)

    def _at(self, row: RowPlace | None) -> None:
        self.row, self.correcting = row, False
        if row is None:
            self.say("")
        else:
            text = row_text(self.treatment.the_visit(), row)
            self.say(f"{text}. Enter corrects it, Backspace strikes it out, Esc leaves it.")
        self.redraw()

    @on(LineView.Pressed, "#watch")
    def _row_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        rows = rows_in_order(self.treatment.the_visit())
        found = next((item for item in rows if row_target(item) == event.target), None)
        if found is None or self.entry.text or self.asking:
            return
        if found == self.row:
            self.edit_row()
        else:
            self._at(found)

    def edit_row(self) -> None:
        """Put the row into the line, so that it can be corrected."""
        if self.row is None:
            return
        text = line_of(row_at(self.treatment.the_visit(), self.row))
        if text is None:
            self.say(
                "This row cannot be edited as one line: strike it out and enter it again.",
                "problem",
            )
            return
        self.correcting = True
        self.entry.set(text)
        self.say("Correct it: Enter takes it, and the row as it stood stays on record. Esc leaves "
                 "it as it is.")  # fmt: skip

    def correct_row(self, found: Entry, moment: dt.datetime) -> None:
        """Put what the line says in the place of the row."""
        where = self.row
        assert where is not None
        before = row_at(self.treatment.the_visit(), where)
        after = corrected_row(before, found)
        by = self.keta.resources.settings.by
        if after is None:
            what = "an event" if where.event else "an observation"
            self.say(f"Not taken. This row is {what}, and the line says another thing.", "problem")
        elif after == before:
            self.leave_row()
            self.say("Nothing was changed.")
        elif self.keep(lambda: correct(self.treatment, where, after, at=moment, by=by)):
            self.leave_row()
            self.say(f"Corrected: {found.said}. What stood there stays on record.", "good")

    def strike_row(self) -> None:
        """Strike the row out, after asking."""
        where, moment = self.row, now()
        if where is None:
            return
        text = row_text(self.treatment.the_visit(), where)
        asked = f"Strike out {text}? Backspace again does; it stays on record as struck out."
        by = self.keta.resources.settings.by
        if self.confirmed(f"strike {where}", asked) and self.keep(
            lambda: correct(self.treatment, where, None, at=moment, by=by)
        ):
            self.leave_row()
            self.say(f"Struck out: {text}. Ctrl+Z undoes it.", "good")

    def leave_row(self) -> None:
        """Go back to the line."""
        self.row, self.correcting = None, False
        self.entry.set("")
        self.redraw()
