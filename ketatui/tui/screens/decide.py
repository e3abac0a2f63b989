"""Decide: choose a pathway or none, override with reasons, save."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.cases.model import Decision, Override
from ketatui.consultation.decision import what_is_missing
from ketatui.consultation.edits import SetDecision
from ketatui.tui.actions import bindings
from ketatui.tui.screens.forms import FormScreen
from ketatui.tui.screens.saving import save_case
from ketatui.tui.session import OpenCase, now
from ketatui.tui.views.consent import count_text
from ketatui.tui.views.decide import decide_items
from ketatui.tui.views.forms import FormItem


class DecideScreen(FormScreen):
    """The decision."""

    CONTEXTS = ("form", "decide")
    HELP_TITLE = "Decide"
    HELP_TEXT = (
        "Choose a pathway or none. A finding “not recommended” or “caution” can be overridden "
        "with a reason; the others can not: going ahead all the same is recorded as against the "
        "criteria, with a reason. A pathway that needs more information can only be chosen as "
        "provisional."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("decide"))

    def __init__(self, opened: OpenCase) -> None:
        """Args: the open case."""
        super().__init__(opened)
        self._asked_about_consent = False

    def items(self) -> Sequence[FormItem]:
        """Return the decision."""
        return decide_items(self.consultation, self.keta.resources.settings.by)

    def _change(self, **update: object) -> bool:
        decision = self.consultation.case.decision.replaced(**update)
        return self.do(SetDecision(decision=decision))

    def form_answered(self, key: str, value: bool | str | None) -> None:
        """Take the pathway."""
        if key == "pathway" and self._change(pathway=value, at=now()):
            self.form.advance()

    def form_typed(self, key: str, text: str, *, confirmed: bool) -> None:
        """Take a reason, who decides, or why a finding is overridden."""
        text = text.strip()
        if key.startswith("override:"):
            self._override(key.removeprefix("override:"), text)
            return
        self.form.stop_typing()
        if self._change(**{key: text}):
            if key == "by":
                self._remember(text)
            self.form.advance()

    def form_remark(self, key: str, text: str) -> str:
        """Who decides is named on purpose."""
        return "" if key == "by" else super().form_remark(key, text)

    def _remember(self, by: str) -> None:

        settings = self.keta.resources.settings
        if by and not settings.by:
            self.keta.change_settings(settings.replaced(by=by))

    def _override(self, rule: str, reason: str) -> None:
        decision: Decision = self.consultation.case.decision
        if not reason:
            self.form.refuse(problem="an override needs a reason")
            return
        if not decision.by:
            self.form.stop_typing()
            self.form.say("First say who decides: an override carries a name.", "problem")
            return
        kept = self._without(rule)
        made = Override(
            pathway=str(decision.pathway), rule=rule, reason=reason, by=decision.by, at=now()
        )
        self.form.stop_typing()
        if self._change(overrides=(*kept, made)):
            self.form.advance()

    def _without(self, rule: str) -> tuple[Override, ...]:
        decision = self.consultation.case.decision
        return tuple(
            item
            for item in decision.overrides
            if (item.pathway, item.rule) != (decision.pathway, rule)
        )

    def form_cleared(self, key: str) -> None:
        """Take a part of the decision back."""
        if key.startswith("override:"):
            self._change(overrides=self._without(key.removeprefix("override:")))
        elif key == "pathway":
            self._change(pathway=None, at=None)
        elif key in ("reason", "by"):
            self._change(**{key: ""})

    def form_activated(self, key: str) -> None:
        """Save."""
        if key == "save":
            self.action_save()

    def action_save(self) -> None:
        """Save the case; without a finished consent conversation only when asked twice."""
        decided = self.consultation.case.decision.pathway in self.consultation.pack.pathways
        agreed = self.consultation.case.consent.outcome == "agreed"
        missing = bool(what_is_missing(self.consultation))
        if decided and not agreed and not missing and not self._asked_about_consent:
            self._asked_about_consent = True
            said = count_text(self.consultation)
            self.show_hint((f"Consent: {said}. s again saves all the same; c opens it.", "caution"))
            return
        save_case(self, self.opened)

    def action_consent(self) -> None:
        """Go to the consent conversation."""
        from ketatui.tui.screens.consent import ConsentScreen

        self.app.switch_screen(ConsentScreen(self.opened))
