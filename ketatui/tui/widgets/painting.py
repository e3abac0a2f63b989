"""Painting what a key has changed: at once, and nothing but the lines that changed.

Textual tells a screen of each changed widget by messages and then composes the whole screen anew,
of which most is thrown away again. Here the lines that a key has changed are painted when the key
has been dealt with, each by itself. Everything else (a layout, a whole widget, what another
widget covers) is painted by Textual as always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from operator import itemgetter
from typing import NamedTuple

from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from textual import events
from textual._compositor import ChopsUpdate, Compositor, CompositorUpdate, LayoutUpdate
from textual.containers import Horizontal
from textual.geometry import Offset, Region, Size
from textual.reactive import Reactive
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from ketatui.tui.terminal_output import lean_lines


class PaintsLines(Widget):
    """A widget whose content is painted line by line.

    Of looks it has what its lines have, a ground, a frame and a padding; no outline, no tint, no
    hatch, no title, and nothing shines through it.
    """

    _sides: tuple[Strip, Strip] | None = None
    """What stands beside each line of the content: frame and padding."""
    _strips: dict[int, tuple[list[Segment], Strip]]
    """What was painted of each line; a strip remembers how it was divided."""

    def content_line(self, y: int, size: Size) -> list[Segment]:
        """Return one line of the content as it is to be seen.

        Args:
            y: Its place on the screen, from the top of the content.
            size: Columns and lines of the content.
        """
        raise NotImplementedError

    def notify_style_update(self) -> None:
        """Forget what stands beside the lines when the theme or a class changes."""
        self._sides = None
        super().notify_style_update()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint a part of the widget.

        Textual asks for each line all the looks that a widget can have, and filters it once more.

        Args:
            crop: The part, in cells from the widget's corner.

        Returns:
            Its lines.
        """
        place, size = self.region.size, self.content_region.size
        top = self.styles.gutter.top
        left, right = self._beside(place)
        if left.cell_length + size.width + right.cell_length != place.width:
            self._sides = None
            return super().render_lines(crop)
        strips = []
        for y in crop.line_range:
            if top <= y < top + size.height:
                line = self.content_line(y - top, size)
                kept = self._strips.get(y)
                if kept is None or kept[0] is not line:
                    kept = self._strips[y] = line, Strip([*left, *line, *right], place.width)
                strips.append(kept[1])
            else:
                strips += super().render_lines(Region(0, y, place.width, 1))
        if crop.column_span != (0, place.width):
            return [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def _beside(self, place: Size) -> tuple[Strip, Strip]:
        if self._sides is None:
            gutter = self.styles.gutter
            (line,) = super().render_lines(Region(0, gutter.top, place.width, 1))
            self._strips = {}
            self._sides = line.crop(0, gutter.left), line.crop(place.width - gutter.right)
        return self._sides


def _ground(paint: Callable[[Region], list[Strip]], crop: Region) -> list[Strip]:
    """Paint a part of a widget of which its ground alone is seen: all of its lines look alike."""
    return paint(crop.crop_size((crop.width, 1))) * crop.height


class Panes(Horizontal):
    """Widgets beside each other that cover it."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint a part of what is behind the widgets."""
        return _ground(super().render_lines, crop)


class _Piece(NamedTuple):
    """The beginning of a line of a widget: so many cells of it."""

    y: int
    x: int
    line: list[Segment]
    cells: int


class _PiecesUpdate(CompositorUpdate):
    """Parts of lines, ready to be written."""

    def __init__(self, pieces: Iterable[_Piece]) -> None:
        self.pieces = sorted(pieces, key=itemgetter(0, 1))

    def render_segments(self, console: Console) -> str:
        """Return what is written to the terminal."""
        placed = [(f"\x1b[{y + 1};{x + 1}H", line, cells) for y, x, line, cells in self.pieces]
        shown = lean_lines(placed, console._color_system or ColorSystem.TRUECOLOR)
        if shown is None:
            return "".join(
                f"{move}{Strip(line).crop(0, cells).render(console)}"
                for move, line, cells in placed
            )
        return shown


class LineCompositor(Compositor):
    """Composes what is on the screen; lines of text that changed need no composing.

    Attributes:
        wholes: How often it has composed all of the screen, at once or in parts.
    """

    def __init__(self) -> None:
        """Begin with nothing composed."""
        super().__init__()
        self.wholes = 0

    def render_full_update(self, simplify: bool = False) -> LayoutUpdate:
        """Return what repaints all of the screen."""
        self.wholes += 1
        return super().render_full_update(simplify)

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return what repaints the regions that changed."""
        pieces = self._pieces()
        if pieces is None:
            update = super().render_partial_update()
            cells = sum(end - begin for _, begin, end in update.spans) if update else 0
            self.wholes += cells == self.size.area
            return update
        self._dirty_regions.clear()
        return _PiecesUpdate(pieces)  # type: ignore[return-value]

    def _pieces(self) -> list[_Piece] | None:
        """Return the changed lines; None where something else has changed as well."""
        found: dict[tuple[PaintsLines, int], int] = {}
        places: dict[Widget, Region] = {}
        layers = self.layers_visible
        for x, y, width, height in self._dirty_regions:
            if height != 1 or not 0 <= y < len(layers):
                return None
            view = _view_at(layers[y], places, (x, y, x + width))
            if view is None:
                return None
            found[view, y] = max(found.get((view, y), 0), x + width - places[view].x)
        pieces = []
        for (view, y), cells in found.items():
            place = places[view]
            line = view.content_line(y - place.y, place.size)
            pieces.append(_Piece(y, place.x, line, cells))
        return pieces or None


def _view_at(
    layers: Iterable[tuple[Widget, Region, Region]],
    places: dict[Widget, Region],
    piece: tuple[int, int, int],
) -> PaintsLines | None:
    """Return the widget in whose content a piece of a line lies, if nothing covers it.

    Args:
        layers: What lies on the line, from the front to the back, each with its clipping.
        places: Where the contents of widgets lie, as far as it is known; added to.
        piece: The piece: its first column, its line, and the column behind it.
    """
    x1, y, x2 = piece
    for widget, (x, _, width, _), clip in layers:
        if x < x2 and x1 < x + width:
            if not isinstance(widget, PaintsLines):
                return None
            place = places.get(widget)
            if place is None:
                place = widget.content_region
                if not clip.contains_region(place):
                    return None
                places[widget] = place
            inside = place.x <= x1 and x2 <= place.right and place.y <= y < place.bottom
            return widget if inside else None
    return None


class PaintingScreen(Screen[None]):
    """A screen that paints what a key has changed when it has been dealt with."""

    # Widgets show that they have the focus; the screen behind them is as it was.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    def __init__(self) -> None:
        """Begin with nothing to paint."""
        super().__init__()
        self._compositor: LineCompositor = LineCompositor()
        self._collected: set[Widget] | None = None
        self._theme = ""
        self._sized_to: Size | None = None
        self._drawn_to_size = True

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint a part of what is behind the widgets."""
        return _ground(super().render_lines, crop)

    def fit_to(self, size: Size) -> None:
        """Take on the classes for a size before anything is styled: else all of it is twice."""
        self.update_classes(self._fitting(size), update=False)
        self._theme = self.app.theme

    def _fitting(self, size: Size) -> dict[str, bool]:
        """Return of each class for a size whether it is one for this size."""
        across, down = self.HORIZONTAL_BREAKPOINTS or [], self.VERTICAL_BREAKPOINTS or []
        fits = {
            *self._get_breakpoint_classes(size.width, across),
            *self._get_breakpoint_classes(size.height, down),
        }
        return {name: name in fits for _, name in (*across, *down)}

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        """Come up; styled already, unless the theme has become another since."""
        event.prevent_default()
        event.refresh_styles = event.refresh_styles and self._theme != self.app.theme
        self._theme = self.app.theme
        super()._on_screen_resume(event)

    async def _on_resize(self, event: events.Resize) -> None:
        """Take on a size, once: each layout tells the screen anew which size it has.

        It is styled for the size before it is laid out, drawn to it as soon as it is, and not
        painted before: what was drawn for another size fits nowhere.
        """
        event.prevent_default()
        before, self._sized_to = self._sized_to, event.size
        if before is None:
            # It is just coming up, and says itself when there is something to paint.
            await super()._on_resize(event)
            self.call_after_refresh(self.draw_to_size)
        elif before != event.size:
            await self._take_on(event)

    async def _take_on(self, event: events.Resize) -> None:
        self._drawn_to_size = False
        self.update_classes(self._fitting(event.size))
        await super()._on_resize(event)
        # Each widget that got another size asks for a layout, and has just had it.
        for widget in self.walk_children(Widget, with_self=True):
            widget._layout_required = False
        if self._is_on_top():
            self.draw_to_size()
        self.call_after_refresh(self._paint_sized)

    def _is_on_top(self) -> bool:
        # To Textual the screen below is current as well: it might be seen through the one on top.
        return self.is_current and self.app.screen is self

    def _paint_sized(self) -> None:
        self._drawn_to_size = True
        if self._is_on_top():
            self.refresh()
            if self._can_paint():
                self.paint_now()

    def draw_to_size(self) -> None:
        """Draw for a new size, now that all is laid out in it; screens say what."""

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        """Lay out anew; what has all been painted then is not painted once more."""
        wholes = self._compositor.wholes
        super()._refresh_layout(size, scroll)
        if self._compositor.wholes != wholes:
            self._repaint_required = False

    def _compositor_refresh(self) -> None:
        """Paint; what waited to be painted has been, once all of the screen is.

        A screen below another one is not seen: it is painted when it comes back.
        """
        if not (self._drawn_to_size and self._is_on_top()):
            return
        wholes = self._compositor.wholes
        super()._compositor_refresh()
        if self._compositor.wholes != wholes:
            for widget in self.walk_children(Widget):
                widget._repaint_required = False
                widget._exchange_repaint_regions()

    def collects(self, widget: Widget) -> bool:
        """Take note that a widget has changed; return False when nobody will paint it then."""
        if self._collected is None:
            return False
        self._collected.add(widget)
        return True

    @contextmanager
    def painted_at_once(self) -> Iterator[None]:
        """Paint what changes meanwhile at the end, together."""
        if self._collected is not None:
            yield
            return
        self._collected = set()
        done = False
        try:
            yield
            self.draw_waiting()
            done = True
        finally:
            changed, self._collected = self._collected, None
            self._dirty_widgets.update(changed)
            if done and changed and self._can_paint():
                self.paint_now()
            else:
                self.check_idle()

    @property
    def is_painted_later(self) -> bool:
        """Whether something goes on at whose end what has changed is painted together."""
        return self._collected is not None

    def paint_now(self) -> None:
        """Paint what has changed without waiting for the next frame."""
        self._on_timer_update()

    def lay_out_ahead(self) -> None:
        """Be laid out, and the clock of the frames running, before the screen is opened."""
        self._refresh_layout(self.app.size)
        self._layout_required = False
        # The first frame comes late, each other one at once.
        self._update_timer.resume()
        self.call_later(self._draw_ahead)

    def _draw_ahead(self) -> None:
        """Be drawn, with the focus where it will be: widgets keep what they look like."""
        if self.is_attached and not self.is_current:
            self._refresh_layout(self.app.size)
            self._layout_required = False
            self._compositor.render_full_update()

    def painted_ahead(self, cursor: Offset) -> str:
        """Return what will paint all of it when it is opened as it stands.

        Args:
            cursor: Where the terminal's cursor will be.

        Returns:
            Text and escapes; empty where it has still to be laid out.
        """
        if not self.is_current:
            self._refresh_layout(self.app.size)
            self._layout_required = False
        if self.size != self.app.size or _wants_layout(self):
            return ""
        update = self._compositor.render_full_update()
        return f"{update.render_segments(self.app.console)}{Control.move_to(*cursor).segment.text}"

    def draw_waiting(self) -> None:
        """Draw what waits until all else of a key has been done; screens say what."""

    def _can_paint(self) -> bool:
        """Tell whether to paint now; else Textual paints all of it once, when it is idle."""
        # While more keys wait, what this one has changed may soon be other again.
        return self.is_current and not self.app.message_queue_size and not _wants_layout(self)


def _wants_layout(widget: Widget) -> bool:
    return widget._layout_required or any(map(_wants_layout, widget.children))
