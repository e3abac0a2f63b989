"""An app that makes its screens so that each is styled and painted once."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.await_remove import AwaitRemove
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import AwaitMount, Widget

from ketatui.tui.widgets.painting import PaintingScreen


class PaintingApp(App[int]):
    """An app whose screens are painted once when they come up or come back."""

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew; the app itself is styled at its start, before any screen."""
        if self.screen_stack:
            super().refresh_css(animate)

    def fitted(self, screen: Screen[Any]) -> Screen[Any]:
        """Return a screen that is about to be made, with the looks that it has at this size."""
        if isinstance(screen, PaintingScreen) and not screen.is_running:
            screen.fit_to(self.size)
        return screen

    def _get_screen(self, screen: Screen[Any] | str) -> tuple[Screen[Any], AwaitMount]:
        """Mount a screen, if it is not."""
        return super()._get_screen(self.fitted(self.get_screen(screen)))

    def _prune(self, *nodes: Widget, parent: DOMNode | None = None) -> AwaitRemove:
        """Take widgets away; below a screen that goes another one is up already."""
        if parent is self and all(isinstance(node, Screen) for node in nodes):
            parent = None
        return super()._prune(*nodes, parent=parent)
