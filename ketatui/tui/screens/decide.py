"""Decide: choose a pathway or none, override with reasons, save."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.cases.model import Case, Override
from ketatui.consultation.decision import decision_standing, what_is_missing
from ketatui.consultation.edits import SetDecision
from ketatui.consultation.reach import decider, deciding, overtaken
from ketatui.criteria.models import SET_ASIDE
from ketatui.engine import Assessment
from ketatui.reports.blocks import Report
from ketatui.reports.short_note import note_to_be
from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.forms import FormScreen
from ketatui.tui.screens.saving import save_case
from ketatui.tui.session import OpenCase, now
from ketatui.tui.views.asides import basis_lines, note_lines, pathway_lines
from ketatui.tui.views.consent import consent_reached, count_text
from ketatui.tui.views.decide import decide_items
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import EMPTY, Line
from ketatui.tui.views.pathway_summary import fit_lines
from ketatui.tui.widgets.prompt import Prompt

_FIT = 26
"""Lines for how all pathways stand, while none is chosen."""


class DecideScreen(FormScreen):
    """The decision."""

    CONTEXTS = ("form", "decide")
    HELP_TITLE = "Decide"
    HELP_TEXT = (
        "Choose a pathway or none. A finding “not recommended” or “caution” can be overridden "
        "with a reason; the others cannot: going ahead anyway is recorded as against the "
        "criteria, with a reason. A pathway that needs more information can only be chosen as "
        "provisional."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("decide"))

    def __init__(self, opened: OpenCase) -> None:
        """Args: the open case."""
        super().__init__(opened)
        self._asked_about_consent = False
        self._reasons: dict[str, str] = {}
        self._noted: tuple[tuple[Case, Assessment], Report] | None = None

    def items(self) -> Sequence[FormItem]:
        """Return the decision."""
        return decide_items(self.consultation, self.keta.resources.settings.by, self._reasons)

    def available(self, action: Action) -> bool:
        """Nothing here is answered yes or no."""
        return action.id not in ("form.yes", "form.no", "form.unknown")

    def aside_lines(self, width: int) -> Sequence[Line]:
        """Return what speaks for and against what is chosen, and the note it comes to."""
        consultation = self.consultation
        state = (consultation.case, consultation.assessment)
        if self._noted is None or self._noted[0] != state:
            self._noted = (state, note_to_be(consultation))
        note = note_lines("The note, if it is saved now", self._noted[1], width)
        pathway = consultation.case.decision.pathway
        if pathway in consultation.pack.pathways:
            found = pathway_lines(consultation, str(pathway), width)
            return [*found, EMPTY, *note, *basis_lines(consultation, str(pathway), width)]
        return [*fit_lines(consultation, width, _FIT), EMPTY, *note]

    def _change(self, **update: object) -> bool:
        decision = self.consultation.case.decision.replaced(**update)
        return self.do(SetDecision(decision=decision))

    def _decide(self, **update: object) -> bool:
        """Make the decision anew, on what the criteria say now."""
        update = {"at": now(), "by": decider(self.consultation), **update}
        if "pathway" in update and overtaken(self.consultation) is not None:
            # A reason that was given for something else is none.
            update["reason"] = ""
        decision = self.consultation.case.decision.replaced(**update)
        return all(self.do(edit) for edit in deciding(self.consultation, decision))

    def form_answered(self, key: str, value: bool | str | None) -> None:
        """Take the pathway."""
        if key == "pathway" and self._decide(pathway=value):
            self.form.focus_on(self._wanted_next())

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
        else:
            self.typed_again(key, text)

    def form_remark(self, key: str, text: str) -> str:
        """Who decides is named on purpose."""
        return "" if key == "by" else super().form_remark(key, text)

    def _remember(self, by: str) -> None:

        settings = self.keta.resources.settings
        if by and not settings.by:
            self.keta.change_settings(settings.replaced(by=by))

    def _override(self, rule: str, reason: str) -> None:
        if not reason:
            self.form.refuse(problem="an override needs a reason")
            return
        self.form.stop_typing()
        # The reason waits where it was typed until it is kept, and the name is there.
        self._reasons[rule] = reason
        by = decider(self.consultation)
        if by:
            self._set_aside(rule, reason, by)
            return
        self.form.set_items(self.items())
        title = "Who decides? (your name or initials; an override carries it)"

        def named(text: str | None) -> None:
            self.form.focus()
            name = (text or "").strip()
            if name:
                self._set_aside(rule, reason, name)
                self._remember(name)
            else:
                said = "Not set aside yet: it carries a name. The reason is kept; Enter twice."
                self.form.say(said, "problem")

        usual = self.keta.resources.settings.by
        self.query_one(Prompt).ask(title, usual, named)

    def _set_aside(self, rule: str, reason: str, by: str) -> None:
        pathway = str(self.consultation.case.decision.pathway)
        made = Override(pathway=pathway, rule=rule, reason=reason, by=by, at=now())
        if self._decide(by=by, overrides=(*self._without(rule), made)):
            self._reasons.pop(rule, None)
            self.form.set_items(self.items())
            self.form.focus_on(self._wanted_next())

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
            self._decide(overrides=self._without(key.removeprefix("override:")))
        elif key == "pathway":
            self._change(pathway=None, at=None, verdict="")
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
        reached = consent_reached(self.consultation)
        missing = bool(what_is_missing(self.consultation))
        if (
            decided
            and not (agreed and not reached)
            and not missing
            and not self._asked_about_consent
        ):
            self._asked_about_consent = True
            said = reached or count_text(self.consultation)
            again = "s again saves anyway, c opens consent"
            self.show_hint((f"{again}: {said[:1].lower()}{said[1:]}", "caution"))
            return
        save_case(self, self.opened)
        if missing:
            self.form.focus_on(self._needed_first())

    def _needed_first(self) -> str:
        """Return the line that has to be filled in before the case can be saved."""
        decision = self.consultation.case.decision
        if overtaken(self.consultation) is not None:
            return "pathway"
        standing = decision_standing(self.consultation.assessment, decision)
        against = standing == "against_criteria" and not decision.reason.strip()
        return "reason" if against else "by"

    def _wanted_next(self) -> str:
        """Return the line to go to after a choice: an override that it needs, else the reason.

        Each caution has a line on which it can be set aside. Whoever goes on typing must not
        land there by itself: a stray letter would begin a reason that stays in the record.
        """
        decision = self.consultation.case.decision
        if decision_standing(self.consultation.assessment, decision) == "against_criteria":
            pathway = self.consultation.assessment.pathway(str(decision.pathway))
            against = [item for item in pathway.findings if item.counts_as == pathway.verdict]
            if against and all(item.effect in SET_ASIDE for item in against):
                return f"override:{against[0].rule}"
        return "reason"

    def action_consent(self) -> None:
        """Go to the consent conversation."""
        self.keta.switch("consent", self.opened)
