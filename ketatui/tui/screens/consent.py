"""Consent: the items of the pathways being considered, to be read aloud and ticked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType

from ketatui.cases.model import ConsentMark
from ketatui.consultation.edits import MarkConsent, SetAnswer, SetConsent
from ketatui.tui.actions import bindings
from ketatui.tui.screens.forms import FormScreen
from ketatui.tui.session import now
from ketatui.tui.views.consent import consent_items
from ketatui.tui.views.forms import FormItem
from ketatui.tui.widgets.form_list import FormList


class ConsentScreen(FormScreen):
    """The consent conversation."""

    CONTEXTS = ("form", "consent")
    HELP_TITLE = "Consent"
    HELP_TEXT = (
        "The focused item is worded to be read aloud. y or Enter marks it as discussed, with the "
        "time; b records the patient's own words, o a note. A list is not a conversation: tick "
        "what was understood, not what was read."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("consent"))

    def items(self) -> Sequence[FormItem]:
        """Return the conversation."""
        return consent_items(self.consultation)

    @on(FormList.Answered)
    def _answered(self, event: FormList.Answered) -> None:
        event.stop()
        consent = self.consultation.case.consent
        value = event.value
        if event.key == "capacity":
            answer = SetAnswer(question="consent.capacity", value=value, unknown=value is None)
            done = self.do(answer)
        elif event.key == "copy":
            changed = consent.model_copy(update={"copy_given": value})
            done = self.do(SetConsent(consent=changed))
        elif event.key == "outcome":
            ended = {"outcome": value, "ended_at": now()}
            done = self.do(SetConsent(consent=consent.model_copy(update=ended)))
        else:
            present = consent.items.get(event.key) or ConsentMark(discussed_at=now())
            mark = present if value else None
            done = self.do(MarkConsent(item=event.key, mark=mark))
        if done:
            self.form.advance()

    @on(FormList.Typed)
    def _typed(self, event: FormList.Typed) -> None:
        event.stop()
        self.form.stop_typing()
        consent = self.consultation.case.consent
        changed = consent.model_copy(update={event.key: event.text.strip()})
        if self.do(SetConsent(consent=changed)):
            self.form.advance()

    @on(FormList.Cleared)
    def _cleared(self, event: FormList.Cleared) -> None:
        event.stop()
        consent = self.consultation.case.consent
        empty: dict[str, dict[str, object]] = {
            "present": {"present": ""},
            "interpreter": {"interpreter": ""},
            "copy": {"copy_given": None},
            "outcome": {"outcome": None, "ended_at": None},
        }
        if event.key == "capacity":
            self.do(SetAnswer(question="consent.capacity"))
        elif event.key in empty:
            self.do(SetConsent(consent=consent.model_copy(update=empty[event.key])))
        else:
            self.do(MarkConsent(item=event.key, mark=None))

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
            self.do(MarkConsent(item=key, mark=present.model_copy(update={field: text})))

        self.ask(title, getattr(mark, field, "") if mark else "", done)

    def action_decide(self) -> None:
        """Go on to the decision."""
        from ketatui.tui.screens.decide import DecideScreen

        self.app.switch_screen(DecideScreen(self.opened))
