"""Screens that change the open case: a change goes to disk first, and is said if it cannot."""

from __future__ import annotations

from collections.abc import Callable

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


class SpeakingScreen(KetaScreen):
    """A screen that says what came of a change until the next one.

    Attributes:
        opened: The open case.
    """

    opened: OpenCase
    _notice: Span | None

    def say(self, text: str, role: str = "info") -> None:
        """Say something on the hint line until the next change."""
        self._notice = (text, role) if text else None
        self.show_hint(self._notice)

    def on_disk(self, change: Callable[[], object]) -> bool:
        """Make a change that goes to disk first; where it cannot, say so and draw what stands."""
        if self.opened.keep(change):
            return True
        self.say(
            f"This entry could not be written to disk ({self.opened.failed}); it was not taken. "
            "Make room or check the folder, then enter it again.",
            "problem",
        )
        self.redraw()
        return False
