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
from textual.color import Color
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.strip import Strip

from ketatui.tui.views.lines import EMPTY, ROLES, Line
from ketatui.tui.widgets.painting import PaintingScreen, PaintsLines

LOOKS = {f"line--{role}" for role in ROLES} | {"line--focus", "line--more"}
"""Component classes of the app: each widget with its own would cost a style sheet a role."""

_NARROWEST = 14
"""Cells that a pane keeps, however it is dragged."""
_LEFT_TO_OTHERS = 50
"""Cells that a dragged pane leaves to those beside it."""

_VISIBLE_SPACES = ("local", "entry")
"""Roles whose look shows on spaces too: a background, an underline."""


class LineView(PaintsLines):
    """Lines of text that scroll; some of them can be clicked.

    Attributes:
        lines: What is shown. Set it through `show`.
        top: Index of the first line on the screen.
    """

    class Widened(Message):
        """The line beside a pane was dragged: what stands there has another width."""

    class Pressed(Message):
        """A line that means something was clicked."""

        def __init__(self, view: LineView, target: str, x: int, again: bool = False) -> None:
            """Args: the view, the line's target, the cell within the line, a second click."""
            super().__init__()
            self.view = view
            self.target = target
            self.x = x
            self.again = again

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
        self._looks: dict[tuple[str, bool], Style] = {}
        self._ground: tuple[Style, Color] | None = None
        self._drawn: dict[int, tuple[tuple[object, ...], list[Segment]]] = {}
        self._painted: list[tuple[Line, bool, str]] = []
        self._held: int | None = None
        self._dragged = False

    # --- what is shown ----------------------------------------------------------------------

    def show(self, lines: Sequence[Line], focus_line: int | None = None) -> None:
        """Show lines, refreshing only those that differ from what is on the screen.

        Args:
            lines: All lines, also those scrolled out of sight.
            focus_line: The line that is highlighted and carries the terminal's cursor.
        """
        self.lines = lines
        self.focus_line = focus_line
        place = self.content_region
        self.top = max(0, min(self.top, len(lines) - place.height))
        self._refresh_changes(place.size)
        self.place_cursor(place)

    def show_whole(self, lines: Sequence[Line]) -> None:
        """Show lines in a bar, which is as high as they are."""
        if len(lines) != len(self.lines):
            self.styles.height = len(lines)
        self.show(lines)

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
        place = self.content_region
        top = max(0, min(top, len(self.lines) - place.height))
        if top != self.top:
            self.top = top
            self._refresh_changes(place.size)
            self.place_cursor(place)

    # Asking Textual for a size takes as long as drawing half a line: it is handed on.

    def _visible(self, height: int) -> list[tuple[Line, bool, str]]:
        """Return what `_line_at` does for each line of the visible part."""
        top, count = self.top, len(self.lines)
        shown = [(line, False, "") for line in self.lines[top : top + height]]
        shown += [(EMPTY, False, "")] * (height - len(shown))
        places = {0, height - 1} if top or count > top + height else set[int]()
        if self.focus_line is not None:
            places.add(self.focus_line - top)
        for y in places:
            if 0 <= y < height:
                shown[y] = self._line_at(y, height)
        return shown

    def _line_at(self, y: int, height: int) -> tuple[Line, bool, str]:
        index = self.top + y
        shown = self.lines[index] if index < len(self.lines) else EMPTY
        more = ""
        if y == 0 and self.top > 0:
            more = "▴"
        elif y == height - 1 and index < len(self.lines) - 1:
            more = "▾"
        return shown, index == self.focus_line, more

    def _refresh_changes(self, size: Size) -> None:
        """Repaint the lines that are not on the screen yet."""
        width, height = size
        before = self._painted
        self._painted = self._visible(height)
        if len(before) != height:
            self.refresh()
            return
        changed = [
            Region(0, y, width - _same_end(old, new, width), 1)
            for y, (old, new) in enumerate(zip(before, self._painted, strict=True))
            if old != new
        ]
        if not changed:
            return
        screen = self.screen
        if self.is_mounted and isinstance(screen, PaintingScreen) and screen.collects(self):
            self._set_dirty(*changed)
        else:
            self.refresh(*changed)

    def place_cursor(self, place: Region | None = None) -> None:
        """Put the terminal's own cursor on the focused line; magnifiers and braille follow it.

        Args:
            place: Where the content stands, for who knows it already.
        """
        if self.focus_line is None or not self.has_focus or not self.is_attached:
            return
        self.app.cursor_position = self.cursor_place(place)

    def cursor_place(self, place: Region | None = None) -> Offset:
        """Return where on the screen the focused line begins; the corner where there is none.

        Args:
            place: Where the content stands, for who knows it already.
        """
        at = self.focus_line
        if at is None:
            return Offset()
        column = self.lines[at].cursor if at < len(self.lines) else 0
        return (place or self.content_region).offset + Offset(column, at - self.top)

    # --- drawing ------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """Forget computed styles when the theme changes."""
        self._looks.clear()
        self._ground = None
        self._drawn.clear()
        super().notify_style_update()

    def style_of(self, role: str) -> Style:
        """Return how a role looks.

        Args:
            role: One of `ROLES`, or ``focus``, or ``more``.

        Returns:
            What it adds to the line's own look.
        """
        return self.app.get_component_styles(f"line--{role}").partial_rich_style

    def _look_of(self, role: str, *, focused: bool) -> Style:
        """Return the whole look of a piece of text, as this terminal can show it."""
        look = self._looks.get((role, focused))
        if look is None:
            if self._ground is None:
                # Asked of all that the widget stands in, and the same for each of its looks.
                self._ground = self.rich_style, self.background_colors[1]
            look, background = self._ground
            for name in ("focus", role) if focused else (role,):
                look += self.style_of(name)
            for change in self.get_line_filters():
                look = change.apply([Segment("x", look)], background)[0].style or look
            self._looks[role, focused] = look
        return look

    def render_line(self, y: int) -> Strip:
        """Draw one line of the visible part."""
        size = self.size
        return Strip(self.content_line(y, size), size.width)

    def content_line(self, y: int, size: Size) -> list[Segment]:
        """Return a line of the visible part as the terminal is to show it."""
        width, height = size
        shown, focused, more = self._line_at(y, height)
        focused = focused and self.has_focus
        key = (shown, focused, more, width)
        known = self._drawn.get(y)
        if known is not None and known[0] == key:
            return known[1]
        segments = self._segments(shown, width, focused=focused)
        if shown.width > width:
            look = self._look_of("text", focused=focused)
            segments = list(Strip(segments).adjust_cell_length(width, look))
        if more and width > 1:
            mark = Segment(more, self._look_of("more", focused=focused))
            segments = [*Strip(segments, width).crop(0, width - 1), mark]
        self._drawn[y] = (key, segments)
        return segments

    def _segments(self, shown: Line, width: int, *, focused: bool) -> list[Segment]:
        """Return a line in pieces, spaces joined to what stands before them.

        Every change of style costs some forty bytes on the way to the terminal, and spaces
        look the same in all of them.
        """
        segments: list[Segment] = []
        looks = self._looks
        piece, role = "", ""
        for text, next_role in (*shown.spans, (" " * (width - shown.width), "text"), ("", "")):
            if next_role:
                if not text:
                    continue
                if role == next_role or (role and role not in _VISIBLE_SPACES and text.isspace()):
                    piece += text
                    continue
            if piece:
                look = looks.get((role, focused))
                if look is None:
                    look = self._look_of(role, focused=focused)
                segments.append(Segment(piece, look))
            piece, role = text, next_role
        return segments

    # --- input ----------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Keep the scroll position within bounds."""
        size = self.size
        top = max(0, min(self.top, len(self.lines) - size.height))
        if top == self.top:
            # Laid out anew it has been painted as it stands.
            self._painted = self._visible(size.height)
        else:
            self.top = top
            self._refresh_changes(size)

    def on_focus(self) -> None:
        """Draw the focused line as such."""
        self.refresh()
        # Only when the message has been handled has it the focus.
        self.call_after_refresh(self._take_cursor)

    def _take_cursor(self) -> None:
        self.place_cursor()
        self.refresh(Region(0, 0, 1, 1))  # The terminal's cursor goes along with what is painted.

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
        dragged, self._dragged = self._dragged, False
        if index < len(self.lines) and not dragged:
            target = self.lines[index].target_at(event.x - self.gutter.left)
            if target is not None:
                event.stop()
                self.post_message(self.Pressed(self, target, event.x, event.chain > 1))

    # What a mouse drags: the mark at the right, as a scrollbar, and the line beside a pane.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of the line beside the pane, or of the marks that say there is more."""
        edges = self.styles.border_left[0], self.styles.border_right[0]
        if edges[0] and event.x == 0:
            self._held = -1
        elif edges[1] and event.x == self.outer_size.width - 1:
            self._held = 1
        elif event.x == self.outer_size.width - 1 and len(self.lines) > self.size.height:
            self._held = 0
        else:
            return
        event.stop()
        self._dragged = False
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Scroll to where the mark is dragged, or make the pane as wide."""
        if self._held is None or not event.button:
            return
        event.stop()
        self._dragged = True
        if self._held == 0:
            hidden = len(self.lines) - self.size.height
            self.scroll_lines_to(round(event.y / max(self.size.height - 1, 1) * hidden))
            return
        place = self.region
        wide = place.right - event.screen_x if self._held < 0 else event.screen_x - place.x + 1
        most = max(self.screen.size.width - _LEFT_TO_OTHERS, _NARROWEST)
        self.styles.width = max(_NARROWEST, min(int(wide), most))
        self.post_message(self.Widened())

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go of it."""
        if self._held is not None:
            event.stop()
            self._held = None
            self.release_mouse()


def _same_end(old: tuple[Line, bool, str], new: tuple[Line, bool, str], width: int) -> int:
    """Count the cells at the end of a line that look the same before and after."""
    was, now = old[0], new[0]
    if old[1:] != new[1:] or new[2] or max(was.width, now.width) > width:
        return 0
    left, right = was.spans, now.spans
    at, at_other = len(left), len(right)
    text, role = " " * (width - was.width), "text"
    other, other_role = " " * (width - now.width), "text"
    same = 0
    while True:
        if text == other and role == other_role:
            same += cell_len(text)
            text = other = ""
        elif role in _VISIBLE_SPACES or other_role in _VISIBLE_SPACES:
            if text and other:
                return same
        else:
            # Spaces look the same in all other roles, however they are cut into pieces.
            gap = min(len(text) - len(text.rstrip(" ")), len(other) - len(other.rstrip(" ")))
            if not gap and text and other:
                return same
            same += gap
            text, other = text[: len(text) - gap], other[: len(other) - gap]
        if not text:
            if not at:
                return same
            at -= 1
            text, role = left[at]
        if not other:
            if not at_other:
                return same
            at_other -= 1
            other, other_role = right[at_other]
