"""The table pages of the consultation: what their keys mean as edits."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

from ketatui.cases.model import Medication, Trial
from ketatui.consultation.edits import SetItem, SetMedications, SetTrials
from ketatui.consultation.numbers import parse_number
from ketatui.consultation.suggest import suggest
from ketatui.criteria.models import Column
from ketatui.engine.facts import MEDICATIONS, TRIALS
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.tables import ADD, DONE, medication_items, scale_items, trial_items

if TYPE_CHECKING:
    from ketatui.tui.screens.panes import ConsultationPanes

_Row = TypeVar("_Row")


class TableEditor:
    """Edits one table or scale on the consultation screen."""

    def __init__(self, screen: ConsultationPanes, ident: str) -> None:
        """Args: the screen it works on, and the question's id."""
        self.screen = screen
        self.consultation = screen.consultation
        self.question = screen.consultation.pack.questions[ident]
        self.open_row: int | None = None
        medicines = self.consultation.knowledge.medicines
        self._names: Sequence[str] = (
            tuple(sorted(medicines.antidepressants)) if ident == TRIALS else medicines.known()
        )

    def items(self) -> list[FormItem]:
        """Return the page."""
        if self.question.id == TRIALS:
            return trial_items(self.consultation, self.open_row, self._suggest)
        if self.question.id == MEDICATIONS:
            return medication_items(self.consultation, self._suggest)
        return scale_items(self.consultation, self.question)

    def start(self) -> None:
        """Put the cursor where one most likely begins."""
        if self.question.kind != "rows":
            return
        judged = self.consultation.assessment.trials.judgements if self._trials else ()
        for row, judgement in enumerate(judged):
            if judgement.counts is None:
                self.open_row = row
                self.screen.redraw()
                self.screen.form.focus_on(f"field:{row}:{self._first_empty(row)}")
                return
        self._ready_to_add()

    @property
    def _trials(self) -> bool:
        return self.question.id == TRIALS

    def _first_empty(self, row: int) -> str:
        trial = self.consultation.case.trials[row]
        filled = (c.id for c in self.question.columns if c.id != "kind")
        return next(ident for ident in filled if getattr(trial, ident) in (None, ""))

    def _ready_to_add(self) -> None:
        self.screen.form.focus_on(ADD)
        self.screen.form.begin_typing()

    def _suggest(self, text: str) -> Sequence[str]:
        return suggest(self._names, text)

    # --- what the form says -----------------------------------------------------------------

    def answered(self, key: str, value: bool | str | None) -> None:
        """Take a choice or yes/no."""
        if self.question.kind == "scale" and isinstance(value, str):
            edit = SetItem(question=self.question.id, item=key, score=int(value))
            if self.screen.do(edit):
                self.screen.form.advance()
        elif key.startswith("field:") and value is not None:
            self._set_field(key, value)

    def typed(self, key: str, text: str, *, confirmed: bool) -> None:
        """Take a typed text: a new row's name, or a field."""
        text = text.strip()
        form = self.screen.form
        if key == ADD and not text:
            form.stop_typing()
            self.screen.close_table()
        elif self._is_name(key) and not confirmed and self._doubtful(text):
            return
        elif key == ADD:
            form.stop_typing()
            self._add(text)
        elif not text and not key.startswith("dose:"):
            form.stop_typing()
        elif key.startswith("field:"):
            self._typed_field(key, text)
        elif key.startswith(("row:", "dose:")):
            form.stop_typing()
            self._set_medicine(key, text)

    def pasted(self, key: str, text: str) -> bool:
        """Take pasted lines as rows; return whether they are any."""
        return False

    def _is_name(self, key: str) -> bool:
        return key == ADD or key.startswith("row:") or key.endswith(":drug")

    def _doubtful(self, text: str) -> bool:
        """Ask before a name is kept that is not known while a known one resembles it."""
        near = self._suggest(text)
        if self._known(text) or not near:
            return False
        self.screen.form.refuse(
            check=f"“{text}” is not a known name. ↓ picks {near[0]}; Enter keeps it as typed."
        )
        return True

    def _known(self, text: str) -> bool:
        medicines = self.consultation.knowledge.medicines
        if self.question.id == TRIALS:
            return medicines.antidepressant(text) is not None
        return medicines.classes(text) is not None

    def cleared(self, key: str) -> None:
        """Delete a row, or empty a field or an item."""
        kind, _, rest = key.partition(":")
        if self.question.kind == "scale":
            self.screen.do(SetItem(question=self.question.id, item=key, score=None))
        elif kind == "row":
            self._delete(int(rest))
        elif kind == "field":
            self._set_field(key, None, advance=False)
        elif kind == "dose":
            self._set_medicine(key, "")

    def activated(self, key: str) -> None:
        """Open or close a row, or leave the page."""
        if key == DONE:
            self.screen.close_table()
        elif key.startswith("row:"):
            row = int(key.partition(":")[2])
            self.open_row = None if self.open_row == row else row
            self.screen.redraw()

    # --- rows ---------------------------------------------------------------------------------

    def _add(self, name: str) -> None:
        case = self.consultation.case
        form = self.screen.form
        if self.question.id == TRIALS:
            row = len(case.trials)
            self.open_row = row
            if self.screen.do(SetTrials(rows=(*case.trials, Trial(drug=name)))):
                # An antidepressant where nothing else is said: the kind is one line up.
                first = next(c for c in self.question.columns if c.id not in ("drug", "kind"))
                form.focus_on(f"field:{row}:{first.id}")
        else:
            rows = (*case.medications, Medication(name=name))
            if self.screen.do(SetMedications(rows=rows)):
                self._ready_to_add()

    def _delete(self, row: int) -> None:
        case = self.consultation.case
        self.open_row = None
        if self.question.id == TRIALS:
            done = self.screen.do(SetTrials(rows=_without(case.trials, row)))
        else:
            done = self.screen.do(SetMedications(rows=_without(case.medications, row)))
        if done:
            self.screen.say("Row deleted; Ctrl+Z brings it back.")

    def _set_medicine(self, key: str, text: str) -> None:
        kind, _, number = key.partition(":")
        rows = list(self.consultation.case.medications)
        field = "name" if kind == "row" else "dose"
        rows[int(number)] = rows[int(number)].replaced(**{field: text})
        if self.screen.do(SetMedications(rows=tuple(rows))):
            self.screen.form.advance()

    def _typed_field(self, key: str, text: str) -> None:
        _, _, name = key.split(":")
        column = next(c for c in self.question.columns if c.id == name)
        form = self.screen.form
        if column.kind == "text":
            form.stop_typing()
            self._set_field(key, text)
            return
        value, problem = _number(column, text)
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
        rows[int(number)] = rows[int(number)].replaced(**{name: value})
        if self.screen.do(SetTrials(rows=tuple(rows))) and advance:
            self._onward(int(number), name)

    def _onward(self, row: int, name: str) -> None:
        """Move to the next field; after the last one to "Add a trial"."""
        form = self.screen.form
        form.advance()
        item = form.item
        if item is None or not item.key.startswith(f"field:{row}:"):
            self.open_row = None
            self.screen.redraw()
            self._ready_to_add()


def _without(rows: tuple[_Row, ...], index: int) -> tuple[_Row, ...]:
    return rows[:index] + rows[index + 1 :]


def _number(column: Column, text: str) -> tuple[Decimal | None, str]:
    whole = column.kind == "int"
    value, problem = parse_number(
        text, whole=whole, low=column.min, high=column.max, unit=column.unit
    )
    return value, problem or ""
