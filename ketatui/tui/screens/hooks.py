"""`ScreenHooks`: what a form and the app tell a screen, as long as it is not concerned by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from textual import events

from ketatui.tui.widgets.painting import PaintingScreen

Typed: TypeAlias = events.Key | events.Paste
"""What comes from the keyboard; pastes have their turn among the keys."""


class ScreenHooks(PaintingScreen):
    """What screens fill in as far as it concerns them."""

    def begin(self) -> None:
        """Do what the screen does once it is laid out and before it is drawn; screens say what."""

    def shown(self) -> None:
        """Do what waits until the screen has been painted; screens say what."""

    def holds_back(self, event: events.Key) -> bool:
        """Tell whether a key that could be a command is none here now; screens say when."""
        return False

    def goes_on_holding(self, event: events.Key) -> bool:
        """Tell whether a key is more of what is held back, whatever the form would make of it."""
        return False

    def offered(self, said: str) -> Sequence[str]:
        """Return the hints that something said is about, to stand beside it.

        Args:
            said: What is said on the hint line.
        """
        return ()

    def keeps_for_later(self, event: Typed) -> bool:
        """Keep what has to wait for something that is still loading; return whether it was."""
        return False

    def pasted_outside(self, text: str) -> None:
        """Hear that something was pasted where nothing takes a text."""

    def form_answered(self, key: str, value: bool | str | None) -> None:
        """Take an answer that was chosen."""

    def form_typed(self, key: str, text: str, *, confirmed: bool) -> None:
        """Take a text that was entered."""

    def form_number_remark(self, key: str, text: str) -> str:
        """Say of a letter behind a number that it is text, where it would be a command."""
        return ""

    def form_pasted(self, key: str, text: str) -> bool:
        """Several lines were pasted; return whether they were taken as such."""
        return False

    def form_cleared(self, key: str) -> None:
        """Take an answer away."""

    def form_activated(self, key: str) -> None:
        """Enter on an item that opens something."""

    def form_left(self, key: str) -> None:
        """Hear that an entry was left without a text."""

    def open_anew(self, *given: Any, **named: Any) -> None:
        """Get ready to be opened once more, as a screen that is kept for good."""

    def library_moved(self) -> None:
        """Draw what the library took in, on screens that show some of it."""
