"""`EntryLine`: one line that is always ready to be typed into."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events

from ketatui.tui.views.lines import Line, line
from ketatui.tui.widgets.line_view import LineView

_MARK = " ▸ "


class EntryLine(LineView, can_focus=True):
    """A line of text with a cursor; the screen hands it keys and takes what was typed.

    Attributes:
        text: What is typed.
        place: Where the next letter goes.
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None, most: int) -> None:
        """Begin empty.

        Args:
            id: As of every widget.
            classes: Likewise.
            most: Letters that it takes.
        """
        super().__init__(id=id, classes=classes)
        self.text = ""
        self.place = 0
        self._most = most
        self._empty = ""

    def draw(self, empty: str | None = None) -> None:
        """Show the line; while nothing is typed, what can be."""
        self._empty = self._empty if empty is None else empty
        self.show([self._line()], 0)

    def _line(self) -> Line:
        if not self.text:
            return line((_MARK, "key"), (self._empty, "muted"), cursor=cell_len(_MARK))
        before, after = self.text[: self.place], self.text[self.place :]
        column = cell_len(_MARK + before)
        width = max(self.content_size.width, 20)
        if column >= width - 1:
            # The end that is typed at stays in sight; what is before it is still there.
            before = before[-(width // 2) :]
            return line((_MARK, "key"), ("…", "muted"), (before + after, "entry"),
                        cursor=cell_len(_MARK) + 1 + cell_len(before))  # fmt: skip
        return line((_MARK, "key"), (before + after, "entry"), cursor=column)

    def set(self, text: str) -> None:
        """Put another text into the line."""
        self.text = text[: self._most]
        self.place = len(self.text)
        self.draw()

    def take(self, event: events.Key) -> bool:
        """Do what a key means to the text; return False for one that means nothing to it."""
        key, before = event.key, (self.text, self.place)
        if event.is_printable and event.character:
            if self.text or event.character != "?":
                self.insert(event.character)
                return True
            return False
        if key == "backspace":
            if self.place:
                self.text = self.text[: self.place - 1] + self.text[self.place :]
                self.place -= 1
        elif key == "ctrl+u":
            # As in a shell: away with what stands before the cursor.
            self.text, self.place = self.text[self.place :], 0
        elif key in ("left", "right", "home", "end") and self.text:
            ends = {"left": self.place - 1, "right": self.place + 1, "home": 0}
            self.place = max(0, min(ends.get(key, len(self.text)), len(self.text)))
        else:
            return False
        if before != (self.text, self.place):
            self.draw()
        return True

    def insert(self, text: str) -> bool:
        """Put text where the cursor stands; return False when there is no room for all of it."""
        if len(self.text) + len(text) > self._most:
            return False
        self.text = self.text[: self.place] + text + self.text[self.place :]
        self.place += len(text)
        self.draw()
        return True
