"""`FormList`: a form of many items in one widget, answered from the keyboard.

One widget for the whole form, however long: a widget a question would cost a second to mount
and tens of kilobytes a key press. It knows keys and text entry; it never knows what an answer
means.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar

from textual.binding import BindingType

from ketatui.tui.actions import bindings, key_press
from ketatui.tui.views.answer_keys import how_to
from ketatui.tui.views.forms import SUGGESTED, FormItem, Typing, lay_out
from ketatui.tui.views.hints import KEY
from ketatui.tui.views.lines import WIDEST, shortened
from ketatui.tui.widgets.form_entry import PAUSE, FormEntry
from ketatui.tui.widgets.form_owner import FormOwner
from ketatui.tui.widgets.line_view import LineView

GRACE = 0.5
"""Seconds in which a question that has just appeared takes no Enter."""

SMALL = (60, 18)
"""Width and height of the screen below which one item is shown at a time."""
_ROOMY = 30
"""Lines of the screen from which something is drawn below a form."""


class FormList(FormEntry, can_focus=True):
    """A list of form items with a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("form"))

    def __init__(
        self,
        owner: FormOwner,
        *,
        id: str | None = None,
        classes: str | None = None,
        clock: Callable[[], float] = time.monotonic,
        pause: float = PAUSE,
    ) -> None:
        """Begin empty.

        Args:
            owner: Told at once, within the key press, what was answered.
            id: The widget's id.
            classes: Its CSS classes.
            clock: Measures the grace period, in seconds.
            pause: Seconds after which a digit that could have had another behind it is taken.
        """
        super().__init__(owner, pause, id=id, classes=classes)
        self.items: Sequence[FormItem] = ()
        self.cursor = 0
        self.steady = False
        self._clock = clock
        self._appeared: dict[str, float] = {}
        self._held = self._wanted = False
        self._scrolled, self._scrolled_of = 0, ""

    # --- items and cursor -----------------------------------------------------------------------

    def now(self) -> float:
        """Return the moment by the clock of the form, in seconds."""
        return self._clock()

    @property
    def item(self) -> FormItem | None:
        """The focused item."""
        return self.items[self.cursor] if self.cursor < len(self.items) else None

    @property
    def room_to_draw(self) -> int:
        """Cells across that there are for a drawing; none where lines are few."""
        roomy = self.app.size.height >= _ROOMY
        return min(self.content_size.width, WIDEST) if roomy else 0

    def set_items(self, items: Sequence[FormItem], *, fresh: bool = False) -> None:
        """Show items; the cursor stays on its item while that is there.

        Args:
            items: All items.
            fresh: Another form altogether: nothing of the old one is remembered.
        """
        focused = self.item.key if self.item and not fresh else None
        now = self._clock()
        known = {} if fresh else self._appeared
        # What was there from the start needs no grace; what an answer brought up does.
        first = 0.0 if not known else now
        self._appeared = {item.key: known.get(item.key, first) for item in items}
        self.items = items
        keys = [item.key for item in items]
        if focused in keys:
            self.cursor = keys.index(focused)
        elif fresh:
            self.cursor = 0
        elif self.typing is not None:
            # Its line is gone: what was typed there is no part of the line in its place.
            lost, self.typing = self.typing.text, None
            self.message = (f"Not taken: “{shortened(lost)}”", "caution") if lost else None
        if fresh:
            self.top = 0
            self.typing = None
            self.message = None
        self.cursor = self._selectable(self.cursor, 1)
        self.draw()

    def watch_typing(self, before: Typing | None, after: Typing | None) -> None:
        """Tell the screen when the keys change their meaning."""
        if (before is None) != (after is None) and self.item is not None and self.is_attached:
            self.owner.form_entry_changed()

    @contextmanager
    def drawn_once(self) -> Iterator[None]:
        """Draw at the end what is drawn meanwhile: an answer changes the form, then moves on."""
        if self._held:
            yield
            return
        self._held, self._wanted = True, False
        try:
            yield
        finally:
            self._held = False
            if self._wanted:
                self.draw()

    @property
    def _is_alone(self) -> bool:
        """Whether the screen is so small that one item is shown at a time."""
        return self.app.size.width < SMALL[0] or self.app.size.height < SMALL[1]

    def draw(self) -> None:
        """Lay out and show the items as they are."""
        if self._held:
            self._wanted = True
            return
        width, height = self.size
        alone = self._is_alone
        laid = lay_out(
            self.items,
            self.cursor,
            # The last column is left to the marks that say there is more.
            max(width - 1, 20),
            self.typing if self.has_focus or self.typing else None,
            self.message,
            alone=alone,
            # An opened item takes so many lines at least: the others keep their place.
            room=max(4, min(height // 5, 7)) if self.steady else 0,
        )
        if alone:
            at = self.item.key if self.item else ""
            self._scrolled = self._scrolled if at == self._scrolled_of else 0
            self._scrolled_of = at
            self.top = max(min(self._scrolled, len(laid.lines) - height), 0)
        elif laid.focus is not None and height:
            # Scrolled before it is shown, so that lines are painted once, where they end up.
            if laid.last >= self.top + height:
                self.top = laid.last - height + 1
            self.top = min(self.top, laid.focus)
            if self.cursor == self._selectable(0, 1):
                # What stands above the first item is a heading: show it with the item.
                self.top = 0 if laid.last < height else self.top
        self.show(laid.lines, laid.focus)
        if self.is_attached:
            self.owner.form_drawn()

    def focus_on(self, key: str) -> bool:
        """Put the cursor on an item; return whether it is there."""
        for index, item in enumerate(self.items):
            if item.key == key and item.selectable:
                self._move_to(index)
                return True
        return False

    def advance(self) -> bool:
        """Move to the next item; return False at the end."""
        following = self._selectable(self.cursor + 1, 1)
        if following <= self.cursor or following >= len(self.items):
            return False
        self._move_to(following)
        return True

    def _selectable(self, index: int, step: int) -> int:
        """Return the nearest item the cursor can stand on, first in the direction of ``step``."""
        for way in (step, -step):
            place = max(0, min(index, len(self.items) - 1))
            while 0 <= place < len(self.items):
                if self.items[place].selectable:
                    return place
                place += way
        return 0

    def _move_to(self, index: int) -> None:
        if index != self.cursor or self.typing is not None:
            self.typing = None
            self.message = None
            self.cursor = index
            self.draw()

    def _moved_to(self, index: int) -> None:
        """Move because a key or the mouse said so, and tell."""
        if self.keeps_open():
            return
        before = self.cursor
        self._move_to(index)
        if self.cursor != before and self.item is not None:
            self.owner.form_moved(self.item.key)

    def on_resize(self) -> None:
        """Lay out anew for another width."""
        super().on_resize()
        self.draw()

    # --- keys -----------------------------------------------------------------------------------

    def action_move(self, step: int) -> None:
        """Move the cursor by items."""
        place = self._selectable(self.cursor + step, 1 if step > 0 else -1)
        self._moved_to(place)

    def action_page(self, step: int) -> None:
        """Move the cursor by about a screenful; a line shown alone is scrolled to its end first."""
        top, height = self.top, max(self.size.height, 1)
        if self._is_alone and (top + height < len(self.lines) if step > 0 else top > 0):
            self._scrolled = max(top + step * max(height - 1, 1), 0)
            self.draw()
            return
        self.action_move(step if self._is_alone else step * max(height // 2, 1))

    def action_edge(self, step: int) -> None:
        """Move to the first or last item."""
        self._moved_to(self._selectable(0 if step < 0 else len(self.items) - 1, -step))

    def action_answer(self, value: bool) -> None:
        """Answer yes or no."""
        item = self.item
        if item is not None and item.kind in ("bool", "tick"):
            self.owner.form_answered(item.key, value)
        elif item is not None:
            self.say(how_to(item))

    def action_unknown(self) -> None:
        """Mark as asked, and impossible to establish."""
        item = self.item
        if item is not None and item.can_be_unknown:
            self.owner.form_answered(item.key, None)
        elif item is not None:
            self.say(how_to(item))

    def action_digit(self, digit: int) -> None:
        """Pick an option, or start typing a number."""
        item = self.item
        if item is None:
            return
        if item.kind == "choice":
            self.pick(item, str(digit))
        elif item.kind in ("number", "text"):
            self._type(str(digit))
        elif item.kind == "bool":
            self.say(how_to(item))

    def action_enter(self) -> None:
        """Edit or open the focused item."""
        item = self.item
        if item is None or self._clock() - self._appeared.get(item.key, 0.0) < GRACE:
            return
        if item.opens:
            self.owner.form_activated(item.key)
        elif item.takes_text:
            self._type(item.entry)
        elif item.kind == "tick":
            self.owner.form_answered(item.key, True)
        elif item.kind == "action":
            self.owner.form_activated(item.key)
        else:
            self.say(how_to(item))

    def action_clear(self) -> None:
        """Take the answer away."""
        if self.item is not None:
            self.owner.form_cleared(self.item.key)

    def on_blur(self) -> None:
        """Draw without focus."""
        self.refresh()

    def on_line_view_pressed(self, event: LineView.Pressed) -> None:
        """Turn a click into what the keys would do: focus an item, pick an option."""
        event.stop()
        self.focus()
        if event.target.startswith(KEY):
            self.app.post_message(key_press(event.target.removeprefix(KEY)))
            return
        key, _, number = event.target.partition(SUGGESTED)
        if number and self.typing is not None:
            text = self.typing.suggestions[int(number)]
            self.owner.form_typed(key, text, confirmed=bool(self.typing.check))
            return
        key, _, code = event.target.partition("=")
        item = self.item
        if item is not None and item.key == key and code:
            self.owner.form_answered(key, code)
        elif item is not None and item.key == key:
            # A double click presses a button once: it may ask whether one is sure.
            if (item.takes_text or item.kind in ("action", "tick")) and not (
                event.again and self._is_button()
            ):
                self.action_enter()
        elif not self.keeps_open() and self.focus_on(key) and self._is_button():
            self.action_enter()

    def _is_button(self) -> bool:
        """Tell whether the line shows the key that does it: a click does it, too."""
        item = self.item
        return item is not None and item.kind == "action" and item.answer[1] == "key"
