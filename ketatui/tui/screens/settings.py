"""Settings: theme, who decides, folders, policy, payer."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.cases.encryption.age import NoKeyError
from ketatui.cases.encryption.keys import VARIABLE, identities, identity_file
from ketatui.consultation.numbers import parse_number
from ketatui.consultation.site import profile_of
from ketatui.settings import Settings
from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.aside import AsideScreen
from ketatui.tui.themes import TITLES
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Line
from ketatui.tui.views.setting_effects import setting_lines
from ketatui.tui.widgets.line_view import LineView

_WEIGHTS = {"ask": "kilograms; asks if pounds seem likelier", "kg": "kilograms", "lb": "pounds"}
_LONGEST = Decimal(240)
"""Minutes: no screen is to show a case for longer than an afternoon."""


class SettingsScreen(AsideScreen):
    """What the app remembers."""

    CONTEXTS = ("form", "settings")
    HELP_TITLE = "Settings"
    HELP_TEXT = (
        "Kept in a file of your own on this machine. Another cases folder or policy file is used "
        "from the next start on."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("settings"))

    def __init__(self, focus: str = "") -> None:
        """Args: the line to begin on; empty for the first."""
        super().__init__()
        self._focus = focus

    def compose(self) -> ComposeResult:
        """Lay out title, form and hints."""
        yield LineView(id="title", classes="bar")
        yield from self.compose_panes()
        yield LineView(id="hint", classes="bar")

    def begin(self) -> None:
        """Show the settings for the first time."""
        self.form.set_items(self.items(), fresh=True)
        self.form.focus_on(self._focus)

    def available(self, action: Action) -> bool:
        """Nothing here is answered yes or no."""
        return action.id not in ("form.yes", "form.no", "form.unknown")

    def aside_lines(self, width: int) -> Sequence[Line]:
        """Return what the setting changes."""
        return setting_lines(self.focused_key, self.keta.resources, width)

    def redraw(self) -> None:
        """Show the settings."""
        if self.is_mounted:
            self.show_title("Settings")
            self.form.set_items(self.items())
            self.draw_aside()
            self.show_hint()

    def items(self) -> Sequence[FormItem]:
        """Return the settings as a form."""
        return [*self._of_person(), *self._of_files()]

    def _of_person(self) -> Sequence[FormItem]:
        settings, knowledge = self.keta.resources.settings, self.keta.resources.knowledge
        payers = {"none": "None"}
        if knowledge is not None:
            payers |= {code: payer.title for code, payer in knowledge.pack.payers.items()}
        return [
            _choice(
                "theme",
                "Theme",
                TITLES,
                settings.theme,
                "How should it look?",
                "With NO_COLOR set, no color is used whatever is chosen here.",
            ),
            _text("by", "Your name or initials", settings.by, "Recorded with decisions and saves."),
            _text("role", "Your role", settings.role, "Recorded with reviews and signatures."),
            _choice(
                "payer",
                "Payer new consultations begin with",
                payers,
                settings.payer or "none",
                "Whose prior-authorization rules are shown?",
            ),
            _choice(
                "weight_unit",
                "A weight typed without a unit",
                _WEIGHTS,
                settings.weight_unit or "ask",
                "What is 172 in the field for the weight?",
                "172lb and 78kg are read as they say, whatever is chosen here.",
            ),
            _text(
                "blank_after",
                "Blank the screen after (minutes)",
                str(settings.blank_after) if settings.blank_after > 0 else "never",
                "Without a key for so long, nothing of a case is shown until Enter. 0 is never.",
                entry=str(settings.blank_after),
            ),
        ]

    def _of_files(self) -> Sequence[FormItem]:
        resources = self.keta.resources
        settings = resources.settings
        return [
            _text(
                "cases",
                "Cases folder",
                settings.cases,
                f"Empty for the default. In use now: {resources.cases}",
            ),
            _text(
                "practice",
                "Practice folder",
                settings.practice,
                "Attempts are kept there, apart from cases; empty for the default. "
                f"In use now: {resources.attempts_folder}",
            ),
            _text(
                "practice_cases",
                "Folder of a teacher's practice cases",
                settings.practice_cases,
                "They stand beside those of the criteria, with their assignment; empty for none.",
            ),
            self._site_item(),
            _text(
                "age_identity",
                "Key of encrypted cases",
                settings.age_identity,
                f"The file with your secret age key, outside the cases folder. {_key_in_use()}",
            ),
            _text(
                "policy",
                "Local policy file",
                settings.policy,
                "Changes thresholds and adds rules; both are marked “local policy” everywhere.",
            ),
        ]

    def _site_item(self) -> FormItem:
        count = len(self.keta.resources.settings.site)
        said = f"{count} answers" if count else "·"
        return FormItem(
            "site",
            "Site profile",
            "action",
            answer=(said, "strong" if count else "muted"),
            detail=(
                ("Enter takes over what the open case answers about the place.", "muted"),
                ("It is offered in each new consultation, and counts once confirmed.", "muted"),
                ("Backspace drops it.", "muted"),
            ),
        )

    def form_activated(self, key: str) -> None:
        """Make the open case's answers about the place the site profile."""
        if key != "site":
            return
        opened = self.keta.open_case
        profile = profile_of(opened.consultation.pack, opened.consultation.case) if opened else {}
        if profile:
            self._change("site", profile)
            self.show_hint((f"Site profile: {len(profile)} answers of the open case.", "good"))
        else:
            said = "Answer the setting in a consultation, then come here with Ctrl+P."
            self.show_hint((said, "caution"))

    def _change(self, key: str, value: str | int | dict[str, Any]) -> None:
        settings = self.keta.resources.settings.replaced(**{key: value})
        problem = self.keta.change_settings(settings)
        if key == "practice":
            self.keta.resources.attempts = None
        if key == "practice_cases":
            self.keta.resources.practice = None
        self.redraw()
        if problem:
            self.show_hint((problem, "problem"))
        elif key in ("cases", "policy"):
            self.show_hint(("Used from the next start on.", "info"))

    def form_answered(self, key: str, value: bool | str | None) -> None:
        """Take a choice."""
        default = {"payer": "none", "weight_unit": "ask"}.get(key)
        self._change(key, "" if value == default else str(value))

    def form_typed(self, key: str, text: str, *, confirmed: bool) -> None:
        """Take a text, or a number of minutes."""
        if key == "blank_after":
            minutes, problem = parse_number(
                text, whole=True, low=Decimal(0), high=_LONGEST, unit="minutes"
            )
            if minutes is None:
                self.form.refuse(problem=problem or "")
                return
            self.form.stop_typing()
            self._change(key, int(minutes))
            return
        self.form.stop_typing()
        self._change(key, text.strip())

    def form_remark(self, key: str, text: str) -> str:
        """Settings are no texts about a patient."""
        return ""

    def form_cleared(self, key: str) -> None:
        """Go back to the default."""
        if key == "blank_after":
            self._change(key, Settings().blank_after)
        elif key == "site":
            self._change(key, {})
        elif key != "theme":
            self._change(key, "")

    def action_back(self) -> None:
        """Go home."""
        self.dismiss()


def _key_in_use() -> str:
    """Say which key is in use, and what is wrong with it."""
    path = identity_file()
    if path is None:
        return "None is in use."
    try:
        identities(None)
    except NoKeyError as error:
        return f"It cannot be used: {error}"
    named = f" ({VARIABLE} names it)" if os.environ.get(VARIABLE) else ""
    return f"In use now: {path}{named}"


def _choice(key: str, label: str, titles: Mapping[str, str], chosen: str, *detail: str) -> FormItem:
    """Return a setting of several values; what is said of it begins with a question."""
    return FormItem(
        key,
        label,
        "choice",
        answer=(titles.get(chosen, chosen), "strong"),
        options=tuple(titles.items()),
        chosen=chosen,
        detail=tuple((text, "muted" if number else "strong") for number, text in enumerate(detail)),
    )


def _text(key: str, label: str, value: str, help_text: str, entry: str | None = None) -> FormItem:
    return FormItem(
        key,
        label,
        "text",
        answer=(value or "·", "strong" if value else "muted"),
        entry=value if entry is None else entry,
        detail=((help_text, "muted"),),
    )
