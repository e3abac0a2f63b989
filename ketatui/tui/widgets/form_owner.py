"""`FormOwner`: what a form tells the screen that it stands on."""

from __future__ import annotations

from typing import Protocol


class FormOwner(Protocol):
    """What a form tells its screen.

    These are calls, not messages: a message would be handled after the next key, and a quick
    second key would then answer the same question again.
    """

    def form_answered(self, key: str, value: bool | str | None) -> None:
        """Take an answer that was chosen: yes, no, an option's code, or None for unknown."""

    def form_typed(self, key: str, text: str, *, confirmed: bool) -> None:
        """Take a text that was entered; ``confirmed`` after a warning was shown for it."""

    def form_remark(self, key: str, text: str) -> str:
        """Return what there is to say about a text while it is typed."""

    def form_number_remark(self, key: str, text: str) -> str:
        """Return what there is to say about a number while it is typed."""

    def form_pasted(self, key: str, text: str) -> bool:
        """Several lines were pasted into a text; return whether they were taken as such."""

    def form_cleared(self, key: str) -> None:
        """Take the answer away."""

    def form_activated(self, key: str) -> None:
        """Enter on an item that opens something."""

    def form_left(self, key: str) -> None:
        """Esc on an entry in which nothing was typed that would be lost."""

    def form_moved(self, key: str) -> None:
        """Hear that a person moved the cursor; answering and jumping move it without this."""

    def form_entry_changed(self) -> None:
        """Typing has begun or ended: other keys work now."""

    def form_drawn(self) -> None:
        """Hear that the form was drawn, perhaps with its cursor on another line."""
