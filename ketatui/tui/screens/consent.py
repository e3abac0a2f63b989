"""Consent: the items of the pathways being considered, to be read aloud and ticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.cases.model import ConsentMark
from ketatui.consultation.edits import MarkConsent, SetAnswer, SetConsent
from ketatui.consultation.reach import overtaken_items, with_what_it_is_about
from ketatui.tui.actions import bindings
from ketatui.tui.screens.forms import FormScreen
from ketatui.tui.session import OpenCase, now
from ketatui.tui.views.consent import ABOUT, consent_items, considered
from ketatui.tui.views.forms import FormItem


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

    def begin(self) -> None:
        """Begin with the first item that was not discussed yet."""
        super().begin()
        self.form.advance()

    def items(self) -> Sequence[FormItem]:
        """Return the conversation."""
        words = self.keta.resources.patient_page
        return consent_items(self.consultation, self._only, words)

    def form_answered(self, key: str, value: bool | str | None) -> None:
        """Tick an item, or answer how the conversation ended."""
        consent = self.consultation.case.consent
        if key == ABOUT:
            self._only = None if value == "all" else str(value)
            self.redraw()
            done = True
        elif key == "capacity":
            answer = SetAnswer(question="consent.capacity", value=value, unknown=value is None)
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
            self.do(SetAnswer(question="consent.capacity"))
        elif key in empty:
            self.do(SetConsent(consent=consent.replaced(**empty[key])))
        else:
            self.do(MarkConsent(item=key, mark=None))

    def action_note(self) -> None:
        """Write a note on the focused item."""
        self._write("Note", "note")

    def action_teach_back(self) -> None:
        """Record the patient's own words."""
        self._write("In the patient's words", "teach_back")

    def _write(self, title: str, field: str) -> None:
        item = self.form.item
        if item is None or item.kind != "tick":
            return
        key = item.key
        mark = self.consultation.case.consent.items.get(key)

        def done(text: str) -> None:
            present = mark or ConsentMark(discussed_at=now())
            self.do(MarkConsent(item=key, mark=present.replaced(**{field: text})))

        self.ask(title, getattr(mark, field, "") if mark else "", done)

    def action_patient_page(self) -> None:
        """Write the page for the patient, and show it."""
        pathways = considered(self.consultation, self._only)
        self.keta.go("patient_page", self.consultation, pathways)

    def action_decide(self) -> None:
        """Go on to the decision."""
        self.keta.switch("decide", self.opened)
