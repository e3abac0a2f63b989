"""The table pages of the consultation: what their keys mean as edits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

from ketatui.cases.model import DoseStep, Trial
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.dose_steps import DOSE, steps_in, with_cell, with_steps
from ketatui.consultation.edits import Edit, SetItem, SetTrials
from ketatui.consultation.numbers import parse_number
from ketatui.consultation.rows import completed, next_field, trial_of, trials_of
from ketatui.consultation.suggest import suggest
from ketatui.criteria.models import Column
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.rows import ADD, DONE
from ketatui.tui.views.table_pages import pending_trials, scale_items, trial_items
from ketatui.tui.widgets.form_list import FormList

_Row = TypeVar("_Row")


class EditorOwner(Protocol):
    """The screen an editor works on."""

    consultation: Consultation

    @property
    def form(self) -> FormList:
        """The form that shows the page."""

    def do(self, edit: Edit) -> bool:
        """Make an edit and draw what changed; return whether it is on disk."""

    def say(self, text: str) -> None:
        """Say something on the hint line until the next change."""

    def redraw(self) -> None:
        """Draw everything from the state."""

    def close_table(self) -> None:
        """Return from the table to its line among the questions."""


class TableEditor:
    """Edits one table or scale on the consultation screen."""

    def __init__(self, screen: EditorOwner, ident: str) -> None:
        """Args: the screen it works on, and the question's id."""
        self.screen = screen
        self.consultation = screen.consultation
        self.question = screen.consultation.pack.questions[ident]
        self.index = self.consultation.knowledge.medicines

    def items(self) -> list[FormItem]:
        """Return the page."""
        raise NotImplementedError

    def start(self) -> None:
        """Put the cursor where one most likely begins."""

    def answered(self, key: str, value: bool | str | None) -> None:
        """Take a choice or yes/no."""

    def typed(self, key: str, text: str, *, confirmed: bool) -> None:
        """Take a typed text: a new row, or a field."""

    def pasted(self, key: str, text: str) -> bool:
        """Take pasted lines as rows; return whether they are any."""
        return False

    def cleared(self, key: str) -> None:
        """Delete a row, or empty a field or an item."""

    def activated(self, key: str) -> None:
        """Open or close a row, or leave the page."""
        if key == DONE:
            self.screen.close_table()

    def left(self, key: str) -> None:
        """Esc where nothing was typed: the table is done."""
        if key == ADD:
            self.screen.close_table()

    def back(self) -> bool:
        """Go back one step within the table; return whether there was one."""
        return False

    def refuse_nothing(self) -> None:
        """Say on the line that adds that nothing is typed."""
        self.screen.form.refuse(problem="Nothing is typed. Esc goes back to the questions.")

    def ready_to_add(self) -> None:
        """Stand on the line that adds, with letters being text."""
        self.screen.form.focus_on(ADD)
        self.screen.form.begin_typing()

    def deleted(self) -> None:
        """Say that a row is gone, and how it comes back."""
        self.screen.say("Row deleted; Ctrl+Z brings it back.")


class OpeningEditor(TableEditor):
    """An editor of rows of which one is open at the most."""

    def __init__(self, screen: EditorOwner, ident: str) -> None:
        """Args: the screen it works on, and the question's id."""
        super().__init__(screen, ident)
        self.open_row: int | None = None

    def activated(self, key: str) -> None:
        """Open or close a row, or leave the page."""
        super().activated(key)
        if key.startswith("row:"):
            row = int(key.partition(":")[2])
            self.open_row = None if self.open_row == row else row
            self.screen.redraw()


class ScaleEditor(TableEditor):
    """Takes a rating scale item by item."""

    def items(self) -> list[FormItem]:
        """Return the items."""
        return scale_items(self.consultation, self.question)

    def answered(self, key: str, value: bool | str | None) -> None:
        """Score an item."""
        if isinstance(value, str):
            edit = SetItem(question=self.question.id, item=key, score=int(value))
            if self.screen.do(edit):
                self.screen.form.advance()

    def cleared(self, key: str) -> None:
        """Take a score away."""
        self.screen.do(SetItem(question=self.question.id, item=key, score=None))


class TrialsEditor(OpeningEditor):
    """Edits the table of what was tried."""

    def __init__(self, screen: EditorOwner, ident: str) -> None:
        """Args: the screen it works on, and the question's id."""
        super().__init__(screen, ident)
        self.pending: tuple[Trial, ...] = ()
        self._names: Sequence[str] = tuple(sorted(self.index.antidepressants))

    def items(self) -> list[FormItem]:
        """Return the page."""
        if self.pending:
            return pending_trials(self.pending)
        width = self.screen.form.room_to_draw
        return trial_items(self.consultation, self.open_row, self._suggest, width)

    def _suggest(self, text: str) -> Sequence[str]:
        return suggest(self._names, text) or suggest(self.index.known(), text)

    def start(self) -> None:
        """Go to the first field that is open, else to the line that adds."""
        for row, judgment in enumerate(self.consultation.assessment.trials.judgments):
            if judgment.counts is None:
                self._go_on(row)
                return
        self.ready_to_add()

    def _go_on(self, row: int) -> None:
        """Go to a field that a row still needs, else to the line that adds."""
        trial = self.consultation.case.trials[row]
        judged = self.consultation.assessment.trials.judgments[row]
        column = next_field(self.question, trial, judged)
        self.open_row = None if column is None else row
        self.screen.redraw()
        if column is None:
            self.ready_to_add()
        else:
            self.screen.form.focus_on(f"field:{row}:{column.id}")

    # --- what the form says -----------------------------------------------------------------

    def answered(self, key: str, value: bool | str | None) -> None:
        """Take a choice or yes/no."""
        if key == "confirm":
            self._confirmed(add=bool(value))
        elif key.startswith("field:") and value is not None:
            self._set_field(key, value)

    def typed(self, key: str, text: str, *, confirmed: bool) -> None:
        """Take a typed text: a new row, or a field."""
        text = text.strip()
        form = self.screen.form
        if key == ADD and not text:
            self.refuse_nothing()
        elif not text:
            form.stop_typing()
        elif (key == ADD or key.endswith(":drug")) and not confirmed and self._doubtful(text):
            return
        elif key == ADD:
            form.stop_typing()
            self._add(text)
        elif key.startswith("field:"):
            self._typed_field(key, text)

    def _doubtful(self, text: str) -> bool:
        """Ask before a drug is kept that nobody knows while a known one is nearly so written."""
        whole = completed(self.index, text, self._names)
        drug = trial_of(self.index, self.question, whole).drug
        near = self._suggest(drug)
        if not near or self.index.recognize(drug).standing != "unknown":
            return False
        self.screen.form.refuse(
            check=f"“{drug}” is not a known name. ↓ picks {near[0]}; Enter keeps it as typed."
        )
        return True

    def pasted(self, key: str, text: str) -> bool:
        """Show pasted lines as the rows they would be."""
        if key != ADD:
            return False
        self.pending = trials_of(self.index, self.question, text)
        self.screen.form.set_items(self.items(), fresh=True)
        return True

    def back(self) -> bool:
        """Drop pasted rows that were not added."""
        if not self.pending:
            return False
        self._confirmed(add=False)
        return True

    def cleared(self, key: str) -> None:
        """Delete a row, or empty a field."""
        kind, _, rest = key.partition(":")
        if kind == "row":
            self.open_row = None
            rows = without(self.consultation.case.trials, int(rest))
            if self.screen.do(SetTrials(rows=rows)):
                self.deleted()
        elif kind == "field":
            self._set_field(key, None, advance=False)

    # --- rows ---------------------------------------------------------------------------------

    def _confirmed(self, *, add: bool) -> None:
        rows = self.pending
        said = "Nothing was added."
        if add:
            if not self.screen.do(SetTrials(rows=(*self.consultation.case.trials, *rows))):
                return  # They wait to be added once more.
            said = f"{len(rows)} rows added; Ctrl+Z undoes them."
        self.pending = ()
        self.screen.form.set_items(self.items(), fresh=True)
        self.start()
        self.screen.say(said)

    def _add(self, text: str) -> None:
        trials = self.consultation.case.trials
        whole = completed(self.index, text, self._names)
        trial = trial_of(self.index, self.question, whole)
        self.open_row = len(trials)
        if self.screen.do(SetTrials(rows=(*trials, trial))):
            self._go_on(self.open_row)
            if whole != text:
                self.screen.say(f"“{text}” was taken for {trial.drug}; Ctrl+Z undoes it.")

    def _typed_field(self, key: str, text: str) -> None:
        _, _, name = key.split(":")
        column = next(c for c in self.question.columns if c.id == name)
        form = self.screen.form
        if column.kind == "text":
            form.stop_typing()
            self._set_field(key, text)
            return
        steps, left = steps_in(self.question.columns, text) if name == DOSE else ((), text)
        if steps and not left.strip(" ,."):
            form.stop_typing()
            self._set_steps(int(key.split(":")[1]), steps)
            return
        value, problem = number_of(column, text)
        if problem:
            form.refuse(problem=problem)
        else:
            form.stop_typing()
            self._set_field(key, value)

    def _set_field(
        self, key: str, value: bool | str | Decimal | None, *, advance: bool = True
    ) -> None:
        _, number, name = key.split(":")
        rows = list(self.consultation.case.trials)
        if name == "drug" and value is None:
            return
        rows[int(number)] = with_cell(rows[int(number)], name, value)
        if self.screen.do(SetTrials(rows=tuple(rows))) and advance:
            self._onward(int(number))

    def _set_steps(self, row: int, steps: tuple[DoseStep, ...]) -> None:
        rows = list(self.consultation.case.trials)
        rows[row] = with_steps(rows[row], steps)
        if self.screen.do(SetTrials(rows=tuple(rows))):
            self._go_on(row)

    def _onward(self, row: int) -> None:
        """Move to the next field; from the last one to what is needed, or the line that adds."""
        form = self.screen.form
        form.advance()
        item = form.item
        if item is None or not item.key.startswith(f"field:{row}:"):
            self._go_on(row)


def without(rows: tuple[_Row, ...], index: int) -> tuple[_Row, ...]:
    """Return rows without one of them."""
    return rows[:index] + rows[index + 1 :]


def number_of(column: Column, text: str) -> tuple[Decimal | None, str]:
    """Read a number for a column; return it, or what is wrong with the text."""
    whole = column.kind == "int"
    value, problem = parse_number(
        text, whole=whole, low=column.min, high=column.max, unit=column.unit
    )
    return value, problem or ""
