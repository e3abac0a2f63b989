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

from textual import events
from textual.binding import BindingType
from textual.reactive import var

from ketatui.tui.actions import bindings
from ketatui.tui.views.forms import FormItem, Typing, how_to, lay_out
from ketatui.tui.views.lines import Span, shortened
from ketatui.tui.widgets.form_owner import FormOwner
from ketatui.tui.widgets.line_view import LineView

GRACE = 0.5
"""Seconds in which a question that has just appeared takes no Enter."""

_LONGEST_PASTE = 200
"""Characters of a pasted text that an entry takes."""

SMALL = (60, 18)
"""Width and height of the screen below which one item is shown at a time."""


class FormList(LineView, can_focus=True):
    """A list of form items with a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = list(bindings("form"))

    typing: var[Typing | None] = var(None)

    def __init__(
        self,
        owner: FormOwner,
        *,
        id: str | None = None,
        classes: str | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin empty.

        Args:
            owner: Told at once, within the key press, what was answered.
            id: The widget's id.
            classes: Its CSS classes.
            clock: Measures the grace period, in seconds.
        """
        super().__init__(id=id, classes=classes)
        self.owner = owner
        self.items: Sequence[FormItem] = ()
        self.cursor = 0
        self.message: Span | None = None
        self.steady = False
        self._clock = clock
        self._appeared: dict[str, float] = {}
        self._held = self._wanted = False

    # --- items and cursor -----------------------------------------------------------------------

    @property
    def item(self) -> FormItem | None:
        """The focused item."""
        return self.items[self.cursor] if self.cursor < len(self.items) else None

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

    def draw(self) -> None:
        """Lay out and show the items as they are."""
        if self._held:
            self._wanted = True
            return
        screen, (width, height) = self.app.size, self.size
        alone = screen.width < SMALL[0] or screen.height < SMALL[1]
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
            self.top = 0
        elif laid.focus is not None and height:
            # Scrolled before it is shown, so that lines are painted once, where they end up.
            if laid.last >= self.top + height:
                self.top = laid.last - height + 1
            self.top = min(self.top, laid.focus)
            if self.cursor == self._selectable(0, 1):
                # What stands above the first item is a heading: show it with the item.
                self.top = 0 if laid.last < height else self.top
        self.show(laid.lines, laid.focus)

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

    def say(self, text: str, role: str = "info") -> None:
        """Show a remark under the focused item until the cursor moves."""
        self.message = (text, role) if text else None
        self.draw()

    def begin_typing(self) -> None:
        """Open the entry of the focused item, as Enter does."""
        if self.item is not None and self.item.kind in ("number", "text"):
            self._type(self.item.entry)

    def retype(self, text: str) -> None:
        """Put another text into the open entry."""
        if self.typing is not None:
            self._type(text)

    def refuse(self, problem: str = "", check: str = "") -> None:
        """Keep the entry open and say why it was not taken, or what to confirm."""
        if self.typing is not None:
            self.typing = self.typing.replaced(problem=problem, check=check)
            self.draw()

    def stop_typing(self) -> None:
        """Close the entry."""
        self.typing = None
        self.draw()

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
        """Move the cursor by about a screenful."""
        self.action_move(step * max(self.size.height // 2, 1))

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

    def action_digit(self, digit: int) -> None:
        """Pick an option, or start typing a number."""
        item = self.item
        if item is None:
            return
        if item.kind == "choice":
            self._pick(item, str(digit))
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
        elif item.kind in ("number", "text"):
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

    def _pick(self, item: FormItem, digits: str) -> None:
        """Pick an option by number; wait for a second digit while there could be one."""
        last = item.first + len(item.options) - 1
        number = int(digits)
        if 0 < number * 10 <= last:
            self._type(digits)
        elif item.first <= number <= last:
            self._choose(item, number)
        else:
            self.typing = None
            self.say(f"choose {item.first} to {last}", "problem")

    def _choose(self, item: FormItem, number: int) -> None:
        self.typing = None
        code, _ = item.options[number - item.first]
        self.owner.form_answered(item.key, code)

    # --- typing ---------------------------------------------------------------------------------

    def _type(self, text: str) -> None:
        item = self.item
        suggestions = tuple(item.suggest(text)) if item and item.suggest else ()
        remark = self.owner.form_remark(item.key, text) if item and item.kind == "text" else ""
        self.typing = Typing(text, suggestions=suggestions, remark=remark)
        self.message = None
        self.draw()

    def take(self, event: events.Key) -> bool:
        """Let an open entry, or a line that takes text, have a key; return whether it did."""
        typing, item = self.typing, self.item
        if item is None:
            return False
        if typing is None:
            return self._begins_text(item, event)
        if event.key == "enter":
            self._enter(item, typing)
        elif event.key == "escape":
            self.stop_typing()
            if typing.text.strip() and typing.text != item.entry and item.kind != "choice":
                self.say(f"Not taken: “{shortened(typing.text)}”", "caution")
        elif event.key == "backspace":
            if item.kind == "choice":
                self.stop_typing()
            else:
                self._type(typing.text[:-1])
        elif event.key in ("down", "up", "tab") and typing.suggestions:
            self._suggest(typing, -1 if event.key == "up" else 1)
        elif event.is_printable and event.character:
            self._more(item, typing.text + event.character)
        else:
            return event.key in ("left", "right", "home", "end", "delete")
        return True

    def _begins_text(self, item: FormItem, event: events.Key) -> bool:
        """On a line that takes text a letter or digit begins the text; it is no command there."""
        character = event.character or ""
        if item.kind != "text" or item.opens or not (len(character) == 1 and character.isalnum()):
            return False
        self._type(character)
        return True

    def _more(self, item: FormItem, text: str) -> None:
        if item.kind == "choice":
            if text.isdigit():
                self._pick(item, text)
        else:
            self._type(text)

    def _enter(self, item: FormItem, typing: Typing) -> None:
        if item.kind == "choice":
            self._choose(item, int(typing.text))
            return
        text = typing.text if typing.picked is None else typing.suggestions[typing.picked]
        self.owner.form_typed(item.key, text, confirmed=bool(typing.check))

    def _suggest(self, typing: Typing, step: int) -> None:
        count = min(len(typing.suggestions), 5)
        picked = (0 if step > 0 else count - 1) if typing.picked is None else typing.picked + step
        self.typing = typing.replaced(picked=picked if 0 <= picked < count else None)
        self.draw()

    def take_paste(self, text: str) -> bool:
        """Take pasted text into an open entry, or begin one; return whether there is one."""
        item, typing = self.item, self.typing
        if item is None or item.kind not in ("number", "text") or item.opens:
            return False
        several = len(text.strip().splitlines()) > 1
        if several and self.owner.form_pasted(item.key, text):
            return True
        if typing is None and several:
            return False
        before = "" if typing is None else typing.text
        joined = " ".join(text.split())
        self._type(before + joined[:_LONGEST_PASTE])
        if len(joined) > _LONGEST_PASTE:
            self.refuse(problem=f"Only the first {_LONGEST_PASTE} characters are taken.")
        return True

    def on_blur(self) -> None:
        """Draw without focus."""
        self.refresh()

    def on_line_view_pressed(self, event: LineView.Pressed) -> None:
        """Turn a click into what the keys would do: focus an item, pick an option."""
        event.stop()
        self.focus()
        key, _, code = event.target.partition("=")
        item = self.item
        if item is not None and item.key == key and code:
            self.owner.form_answered(key, code)
        elif item is not None and item.key == key:
            if item.kind in ("action", "number", "text", "tick"):
                self.action_enter()
        else:
            self.focus_on(key)
