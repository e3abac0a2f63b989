"""`TypingScreen`: what takes a text on a screen, and identifiers of persons in what is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ketatui.tui.screens.hooks import ScreenHooks
from ketatui.tui.widgets.form_list import FormList
from ketatui.tui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from ketatui.tui.host import Host


class TypingScreen(ScreenHooks):
    """A screen whose prompts and forms may take what is typed as text."""

    def __init__(self) -> None:
        """Begin before it is known what there is to type into."""
        super().__init__()
        self._text_takers: tuple[tuple[Prompt, ...], tuple[FormList, ...]] | None = None

    @property
    def keta(self) -> Host:
        """What the screen may ask of the app."""
        return cast("Host", self.app)

    @property
    def _prompts(self) -> tuple[Prompt, ...]:
        return self._taking_text()[0]

    @property
    def _forms(self) -> tuple[FormList, ...]:
        return self._taking_text()[1]

    def _taking_text(self) -> tuple[tuple[Prompt, ...], tuple[FormList, ...]]:
        """Return what a key is for first; once the screen is mounted, it has all it will have."""
        if self._text_takers is None:
            found = tuple(self.query(Prompt)), tuple(self.query(FormList))
            if not self.is_mounted:
                return found
            self._text_takers = found
        return self._text_takers

    def _takes_text(self) -> bool:
        """Tell whether free text is typed here now: there may be something to replace in it."""
        prompts = any(prompt.is_remarked for prompt in self._prompts)
        return prompts or any(form.typing is not None for form in self._forms)

    def types_text(self) -> bool:
        """Tell whether a letter is text here now, and no command."""
        if any(prompt.is_open for prompt in self._prompts):
            return True
        return any(
            form.typing is not None or (form.item is not None and form.item.kind == "text")
            for form in self._forms
        )

    def take_paste(self, text: str) -> None:
        """Let what is being typed have a pasted text, else say that nothing takes it."""
        for prompt in self._prompts:
            if prompt.is_open:
                prompt.paste(text)
                return
        if text.strip() and not any(form.take_paste(text) for form in self._forms):
            self.pasted_outside(text)

    def look_at(self, text: str) -> str:
        """Return what in a text looks like an identifier."""
        from ketatui.privacy import remark

        scanner = self.keta.resources.scanner
        return f"{said}." if scanner and (said := remark(scanner.scan(text))) else ""

    def remark_on(self, text: str) -> str:
        """Return what in a text looks like an identifier, and the key that replaces it."""
        said = self.look_at(text).rstrip(".")
        return f"{said} · F2 replaces" if said else ""

    def replace_typed(self) -> None:
        """Replace what looks like an identifier in the text being typed."""
        scanner = self.keta.resources.scanner
        if scanner is None:
            return
        for prompt in self._prompts:
            if prompt.is_remarked:
                prompt.retype(scanner.replaced(prompt.text))
                return
        for form in self._forms:
            if form.typing is not None and form.typing.remark:
                form.retype(scanner.replaced(form.typing.text))
