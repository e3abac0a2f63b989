"""Screens that change the open case: a change goes to disk first, and is said if it cannot."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.session import OpenCase
from ketatui.tui.views.lines import Span


class ChangingScreen(KetaScreen):
    """A screen that is drawn anew after each change.

    Attributes:
        opened: The open case.
    """

    opened: OpenCase

    def keep(self, change: Callable[[], object]) -> bool:
        """Make a change that goes to disk; say so when it could not."""
        kept = self.opened.keep(change)
        self.redraw()
        if not kept:
            self.show_hint((f"Could not be written to disk: {self.opened.failed}", "problem"))
        return kept


_NOT_KEPT = "Not taken: could not be written to disk. Mend that, then enter it again."
_NOT_OURS = "Not taken: this draft's file is another's now. s saves what stands here."
"""What the title bar gives the reason of, in the room of a small screen."""


class SpeakingScreen(KetaScreen):
    """A screen that says what came of a change until the next one.

    Attributes:
        opened: The open case.
    """

    opened: OpenCase
    saves_apart: ClassVar[bool] = True
    """Whether what stands here can be saved though the draft's file is gone or another's."""
    _notice: Span | None

    def say(self, text: str, role: str = "info") -> None:
        """Say something on the hint line until the next change."""
        self._notice = (text, role) if text else None
        self.show_hint(self._notice)

    def on_disk(self, change: Callable[[], object]) -> bool:
        """Make a change that goes to disk first; where it cannot, say so and draw what stands."""
        if self.opened.keep(change):
            return True
        apart = self.opened.lost and self.saves_apart
        self.say(_NOT_OURS if apart else _NOT_KEPT, "problem")
        self.redraw()
        return False
