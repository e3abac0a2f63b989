"""`LineView`: the one widget text is drawn with.

It draws `Line` values through Textual's line API and refreshes only the lines that changed:
a whole pane costs kilobytes over a slow connection, a line a few dozen bytes.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from ketatui.tui.views.lines import EMPTY, ROLES, Line

LOOKS = {f"line--{role}" for role in ROLES} | {"line--focus", "line--more"}
"""Component classes of the app: each widget with its own would cost a style sheet a role."""

_VISIBLE_SPACES = ("local", "entry")
"""Roles whose look shows on spaces too: a background, an underline."""


class LineView(Widget):
    """Lines of text that scroll; some of them can be clicked.

    Attributes:
        lines: What is shown. Set it through `show`.
        top: Index of the first line on the screen.
    """

    class Pressed(Message):
        """A line that means something was clicked."""

        def __init__(self, view: LineView, target: str, x: int) -> None:
            """Args: the view, the line's target, and the cell within the line."""
            super().__init__()
            self.view = view
            self.target = target
            self.x = x

        @property
        def control(self) -> LineView:
            """The view, for ``@on`` selectors."""
            return self.view

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        """Begin empty."""
        super().__init__(id=id, classes=classes)
        self.lines: Sequence[Line] = ()
        self.top = 0
        self.focus_line: int | None = None
        self._styles_of: dict[str, Style] = {}
        self._painted: list[tuple[Line, bool, str]] = []

    # --- what is shown ----------------------------------------------------------------------

    def show(self, lines: Sequence[Line], focus_line: int | None = None) -> None:
        """Show lines, refreshing only those that differ from what is on the screen.

        Args:
            lines: All lines, also those scrolled out of sight.
            focus_line: The line that is highlighted and carries the terminal's cursor.
        """
        self.lines = lines
        self.focus_line = focus_line
        self.top = max(0, min(self.top, len(lines) - self.size.height))
        self._refresh_changes()
        self.place_cursor()

    def keep_in_sight(self, first: int, last: int) -> None:
        """Scroll as little as possible so that lines ``first`` to ``last`` are seen."""
        height = max(self.size.height, 1)
        top = self.top
        if last >= top + height:
            top = last - height + 1
        top = min(top, first)
        self.scroll_lines_to(top)

    def scroll_lines_to(self, top: int) -> None:
        """Scroll to a line, within bounds."""
        top = max(0, min(top, len(self.lines) - self.size.height))
        if top != self.top:
            self.top = top
            self._refresh_changes()
            self.place_cursor()

    def _visible(self) -> list[tuple[Line, bool, str]]:
        height = self.size.height
        return [self._line_at(y, height) for y in range(height)]

    def _line_at(self, y: int, height: int) -> tuple[Line, bool, str]:
        index = self.top + y
        shown = self.lines[index] if index < len(self.lines) else EMPTY
        more = ""
        if y == 0 and self.top > 0:
            more = "▴"
        elif y == height - 1 and index < len(self.lines) - 1:
            more = "▾"
        return shown, index == self.focus_line, more

    def _refresh_changes(self) -> None:
        """Repaint the lines that are not on the screen yet."""
        before, self._painted = self._painted, self._visible()
        if len(before) != len(self._painted):
            self.refresh()
            return
        width = self.size.width
        changed = [
            Region(0, y, width - _same_end(old, new, width), 1)
            for y, (old, new) in enumerate(zip(before, self._painted, strict=True))
            if old != new
        ]
        if changed:
            self.refresh(*changed)

    def place_cursor(self) -> None:
        """Put the terminal's own cursor on the focused line; magnifiers and braille follow it."""
        if self.focus_line is None or not self.has_focus or not self.is_attached:
            return
        column = self.lines[self.focus_line].cursor if self.focus_line < len(self.lines) else 0
        self.app.cursor_position = self.content_region.offset + Offset(
            column, self.focus_line - self.top
        )

    # --- drawing ------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """Forget computed styles when the theme changes."""
        self._styles_of.clear()
        super().notify_style_update()

    def style_of(self, role: str) -> Style:
        """Return how a role looks here.

        Args:
            role: One of `ROLES`, or ``focus``, or ``more``.

        Returns:
            What it adds to the line's own look.
        """
        style = self._styles_of.get(role)
        if style is None:
            style = self.app.get_component_styles(f"line--{role}").partial_rich_style
            self._styles_of[role] = style
        return style

    def render_line(self, y: int) -> Strip:
        """Draw one line of the visible part."""
        width, height = self.size
        shown, focused, more = self._line_at(y, height)
        base = self._styles_of.get("")
        if base is None:
            # Asked for anew it would be put together from all that is around, for every line.
            base = self._styles_of[""] = self.rich_style
        if focused and self.has_focus:
            base += self.style_of("focus")
        taken = shown.width
        segments = self._segments(shown, width - taken, base)
        strip = Strip(segments, max(taken, width)).adjust_cell_length(width, base)
        if more and width > 1:
            mark = Strip([Segment(more, base + self.style_of("more"))], 1)
            strip = Strip.join([strip.crop(0, width - 1), mark])
        return strip

    def _segments(self, shown: Line, left: int, base: Style) -> list[Segment]:
        """Return the line's segments, spaces joined to what stands before them.

        Every change of style costs some forty bytes on the way to the terminal, and spaces
        look the same in all of them.
        """
        pieces: list[list[str]] = []
        for text, role in (*shown.spans, (" " * left, "text")):
            if (pieces and text.isspace() and pieces[-1][1] not in _VISIBLE_SPACES) or (
                pieces and pieces[-1][1] == role
            ):
                pieces[-1][0] += text
            elif text:
                pieces.append([text, role])
        return [Segment(text, base + self.style_of(role)) for text, role in pieces]

    # --- input ----------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Keep the scroll position within bounds."""
        top = max(0, min(self.top, len(self.lines) - self.size.height))
        if top == self.top:
            # Laid out anew it has been painted as it stands.
            self._painted = self._visible()
        else:
            self.top = top
            self._refresh_changes()

    def on_focus(self) -> None:
        """Draw the focused line as such."""
        self.refresh()
        self.place_cursor()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll three lines down."""
        event.stop()
        self.scroll_lines_to(self.top + 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll three lines up."""
        event.stop()
        self.scroll_lines_to(self.top - 3)

    def on_click(self, event: events.Click) -> None:
        """Send the target of the line that was clicked."""
        index = self.top + event.y
        if index < len(self.lines):
            target = self.lines[index].target
            if target is not None:
                event.stop()
                self.post_message(self.Pressed(self, target, event.x))


def _same_end(old: tuple[Line, bool, str], new: tuple[Line, bool, str], width: int) -> int:
    """Count the cells at the end of a line that look the same before and after."""
    (was, *old_marks), (now, *new_marks) = old, new
    if old_marks != new_marks or new_marks[1] or max(was.width, now.width) > width:
        return 0
    left = [*was.spans, (" " * (width - was.width), "text")]
    right = [*now.spans, (" " * (width - now.width), "text")]
    same = 0
    while left and right:
        (text, role), (other, other_role) = left.pop(), right.pop()
        if (text, role) == (other, other_role):
            same += cell_len(text)
            continue
        if role in _VISIBLE_SPACES or other_role in _VISIBLE_SPACES:
            break
        # Spaces look the same in all other roles, however they are cut into pieces.
        gap = min(_spaces_behind(text), _spaces_behind(other))
        if not gap and text and other:
            break
        same += gap
        for pieces, rest in ((left, (text, role)), (right, (other, other_role))):
            if len(rest[0]) > gap:
                pieces.append((rest[0][: len(rest[0]) - gap], rest[1]))
    return same


def _spaces_behind(text: str) -> int:
    return len(text) - len(text.rstrip(" "))
