"""The floor: the least that Textual can do, run as programs of their own.

``python -m benchmarks.bare static`` shows one line. ``… list N`` shows a list of N lines in one
Line API widget (a plain widget with ``render_line``) that repaints the lines that changed: arrows
move, ``n`` changes a line and moves on, ``]`` shows other lines, ``c`` loads N rows anew, ``/`` and
letters filter.
"""

from __future__ import annotations

import sys
from typing import ClassVar

from rich.segment import Segment
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

READY = "bare screen"


class OneLine(App[None]):
    """A bare Textual app."""

    def compose(self) -> ComposeResult:
        """Show one line."""
        yield Static(READY)


class Lines(Widget, can_focus=True):
    """A list in one widget."""

    DEFAULT_CSS: ClassVar[str] = "Lines { width: 1fr; height: 1fr; }"

    def __init__(self, count: int) -> None:
        """Make the rows."""
        super().__init__()
        self.count = count
        self.text = ""
        self.filtering = False
        self.page = 0
        self.cursor = self.top = 0
        self.rows: list[str] = []
        self.shown: list[int] = []
        self.answers: dict[int, str] = {}

    def load(self) -> None:
        """Make the rows and show them."""
        self.rows = [
            f"{READY}, row {self.page} {number:06} low mood after a loss (invented)"
            for number in range(self.count)
        ]
        self.show(list(range(self.count)))

    def show(self, shown: list[int]) -> None:
        """Show some of the rows from the first on."""
        self.shown = shown
        self.cursor = self.top = 0
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw a line."""
        place = self.top + y
        text = ""
        if place < len(self.shown):
            row = self.shown[place]
            pointer = "▸" if place == self.cursor else " "
            text = f"{pointer} {self.rows[row]:<60}{self.answers.get(row, '·')}"
        width = self.size.width
        style = self.rich_style
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def move(self, step: int) -> None:
        """Move the cursor and repaint the two lines that changed."""
        before, height = self.cursor, self.size.height
        self.cursor = max(0, min(self.cursor + step, len(self.shown) - 1))
        top = min(max(self.top, self.cursor - height + 1), self.cursor)
        if top != self.top:
            self.top = top
            self.refresh()
            return
        width = self.size.width
        self.refresh(*(Region(0, at - top, width, 1) for at in {before, self.cursor}))

    def on_key(self, event: events.Key) -> None:
        """Do what a key says."""
        if self.filtering and event.character and event.character.isalpha():
            self.text += event.character
            self.show([at for at, row in enumerate(self.rows) if self.text in row])
        elif event.key in ("up", "down"):
            self.move(1 if event.key == "down" else -1)
        elif event.key == "n":
            self.answers[self.shown[self.cursor]] = "no"
            self.move(1)
        elif event.character == "]":
            self.page += 1
            self.load()
        elif event.key == "c":
            self.load()
        elif event.character == "/":
            self.filtering = True
            self.refresh(Region(0, 0, self.size.width, 1))


class Listing(App[None]):
    """A bare app with a list; empty until it is asked for, if it is long."""

    def __init__(self, count: int) -> None:
        """Args: how many rows."""
        super().__init__()
        self.count = count

    def compose(self) -> ComposeResult:
        """Show the list."""
        yield Lines(self.count)
        footer = Static("the keys")
        footer.styles.dock = "bottom"
        yield footer

    def on_mount(self) -> None:
        """Give the list the keys."""
        view = self.query_one(Lines)
        view.focus()
        if self.count < 1000:
            view.load()


def command(*arguments: str) -> tuple[str, ...]:
    """Return how to run one of these."""
    return (sys.executable, "-m", "benchmarks.bare", *arguments)


if __name__ == "__main__":
    if sys.argv[1] == "static":
        OneLine().run()
    else:
        Listing(int(sys.argv[2])).run()
