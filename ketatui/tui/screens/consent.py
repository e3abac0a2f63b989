"""Consent: the items of the pathways being considered, to be read aloud and ticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.cases.model import ConsentMark
from ketatui.consultation.edits import MarkAllConsent, MarkConsent, SetAnswer, SetConsent
from ketatui.consultation.reach import overtaken_items, with_what_it_is_about
from ketatui.criteria.models import ConsentItem
from ketatui.criteria.vocabulary import CAPACITY
from ketatui.reports.patient_page import patient_report
from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.forms import FormScreen
from ketatui.tui.session import OpenCase, now
from ketatui.tui.views.consent import (
    ABOUT,
    ALL_DISCUSSED,
    all_discussed_items,
    consent_items,
    considered,
    hidden_items,
    items_to_discuss,
)
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Line
from ketatui.tui.views.pathway_summary import fit_lines
from ketatui.tui.views.patient_page import page_lines

_ON_ITEMS = ("consent.note", "consent.teach_back")
_FIT = 40
"""Lines for how the pathways stand."""


class ConsentScreen(FormScreen):
    """The consent conversation."""

    CONTEXTS = ("form", "consent")
    HELP_TITLE = "Consent"
    HELP_TEXT = (
        "The focused item is worded to be read aloud. y or Enter marks it as discussed, with the "
        "time; b records the patient's own words, o a note. A list is not a conversation: tick "
        "what was understood, not what was read. x writes the page that the patient takes along, "
        "as PDF in large print and as text, and shows it."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("consent"))

    def __init__(self, opened: OpenCase) -> None:
        """Args: the open case."""
        super().__init__(opened)
        self._only: str | None = None
        self._confirming = False

    def begin(self) -> None:
        """Begin with the first item that was not discussed yet."""
        super().begin()
        self.form.advance()

    def _hints(self) -> list[str]:
        """While a list waits for a yes, commands have no place."""
        if self._confirming:
            return ["y marks them", "n leaves them", "Esc back", "? keys"]
        return super()._hints()

    def available(self, action: Action) -> bool:
        """Write only on what is talked about, not on how it ended."""
        return action.id not in _ON_ITEMS or self._on_item

    @property
    def _on_item(self) -> bool:
        """Whether the cursor stands on something to discuss."""
        return self.form.item is not None and self.form.item.kind == "tick"

    def items(self) -> Sequence[FormItem]:
        """Return the conversation, or the question whether all of it was held."""
        if self._confirming:
            return all_discussed_items(self._left())
        words = self.keta.resources.patient_page
        return consent_items(self.consultation, self._only, words)

    def aside_lines(self, width: int) -> Sequence[Line]:
        """Return the page that the patient can take along; of several pathways how they stand."""
        words = self.keta.resources.patient_page
        pathways = considered(self.consultation, self._only)
        if words is None or len(pathways) != 1:
            return fit_lines(self.consultation, width, _FIT)
        practice, hidden = self.consultation.case.practice, hidden_items(self.consultation)
        pack = self.consultation.pack
        report = patient_report(pack, words, pathways, hidden=hidden, practice=practice)
        return page_lines(report.blocks, ("The page for the patient; x writes it", "title"), width)

    def _left(self) -> tuple[ConsentItem, ...]:
        """Return the items that were not discussed yet, or not since an answer changed."""
        todo = items_to_discuss(self.consultation, considered(self.consultation, self._only))
        again, done = self._again(), self.consultation.case.consent.items
        return tuple(item for item in todo if item.id not in done or item.id in again)

    def action_all(self) -> None:
        """List what is left to discuss, and ask whether it was."""
        if self._left():
            self._confirming = True
            self.form.set_items(self.items(), fresh=True)
            self.show_hint()
        else:
            self.show_hint(("Everything here was discussed.", "info"))

    def _end_asking(self) -> None:
        self._confirming = False
        self.form.set_items(self.items(), fresh=True)

    def _all_discussed(self) -> None:
        """Mark all that is left as discussed, each with the time, as one change."""
        consent, left, moment = self.consultation.case.consent, self._left(), now()
        marks = {
            item.id: consent.items.get(item.id, ConsentMark(discussed_at=moment)).replaced(
                discussed_at=moment
            )
            for item in left
        }
        self._end_asking()
        if self.do(MarkAllConsent(marks=marks)):
            for key in ("capacity", "present"):
                if self.form.focus_on(key):
                    break
            self.show_hint((f"{len(left)} discussed; Ctrl+Z undoes them all.", "info"))

    def action_back(self) -> None:
        """Leave the question open; else go back to the questions."""
        if self._confirming:
            self._end_asking()
            self.redraw()
        else:
            super().action_back()

    def form_answered(self, key: str, value: bool | str | None) -> None:
        """Tick an item, or answer how the conversation ended."""
        consent = self.consultation.case.consent
        if key == ALL_DISCUSSED:
            if value:
                self._all_discussed()
            else:
                self.action_back()
            return
        if key == ABOUT:
            self._only = None if value == "all" else str(value)
            self.redraw()
            done = True
        elif key == "capacity":
            answer = SetAnswer(question=CAPACITY, value=value, unknown=value is None)
            done = self.do(answer)
        elif key == "copy":
            changed = consent.replaced(copy_given=value)
            done = self.do(SetConsent(consent=changed))
        elif key == "outcome":
            ended = {"outcome": value, "ended_at": now()}
            told = with_what_it_is_about(self.consultation, consent.replaced(**ended))
            done = self.do(SetConsent(consent=told))
        else:
            present = consent.items.get(key) or ConsentMark(discussed_at=now())
            if key in self._again():
                present = present.replaced(discussed_at=now())
            mark = present if value else None
            done = self.do(MarkConsent(item=key, mark=mark))
        if done:
            self.form.advance()

    def _again(self) -> set[str]:
        """Return the items that were talked about before an answer they speak of changed."""
        known = tuple(self.consultation.pack.consent.values())
        return {item.id for item in overtaken_items(self.consultation, known)}

    def form_typed(self, key: str, text: str, *, confirmed: bool) -> None:
        """Take who was present, or the interpreter."""
        self.form.stop_typing()
        consent = self.consultation.case.consent
        changed = consent.replaced(**{key: text.strip()})
        if self.do(SetConsent(consent=changed)):
            self.form.advance()
        else:
            self.typed_again(key, text)

    def form_cleared(self, key: str) -> None:
        """Take a tick or an answer away."""
        consent = self.consultation.case.consent
        empty: dict[str, dict[str, object]] = {
            "present": {"present": ""},
            "interpreter": {"interpreter": ""},
            "copy": {"copy_given": None},
            "outcome": {"outcome": None, "ended_at": None, "pathway": "", "verdict": ""},
        }
        if key == ABOUT:
            self._only = None
            self.redraw()
        elif key == "capacity":
            self.do(SetAnswer(question=CAPACITY))
        elif key in empty:
            self.do(SetConsent(consent=consent.replaced(**empty[key])))
        else:
            self.do(MarkConsent(item=key, mark=None))

    def form_activated(self, key: str) -> None:
        """Go on from the lines at the end."""
        if key == "page":
            self.action_patient_page()
        elif key == "decide":
            self.action_decide()

    def action_note(self) -> None:
        """Write a note on the focused item."""
        self._write("Note", "note")

    def action_teach_back(self) -> None:
        """Record the patient's own words."""
        self._write("In the patient's words", "teach_back")

    def _write(self, title: str, field: str) -> None:
        item = self.form.item
        if item is None or not self._on_item:
            self.show_hint(("It is written on an item that is discussed: go to one first.", "info"))
            return
        key = item.key
        mark = self.consultation.case.consent.items.get(key)

        def done(text: str) -> bool:
            present = mark or ConsentMark(discussed_at=now())
            return self.do(MarkConsent(item=key, mark=present.replaced(**{field: text})))

        self.ask(title, getattr(mark, field, "") if mark else "", done)

    def action_patient_page(self) -> None:
        """Write the page for the patient, and show it."""
        pathways = considered(self.consultation, self._only)
        if len(pathways) == 1:
            self.keta.go("patient_page", self.consultation, pathways)
            return
        # What is approved, and for what, is another thing for each of them.
        self.form.focus_on(ABOUT)
        self.show_hint(("A page is about one pathway: pick it here, then x writes it.", "caution"))

    def action_decide(self) -> None:
        """Go on to the decision."""
        self.keta.switch("decide", self.opened)
