"""`FormEntry`: what is being typed on the focused line of a form, key by key."""

from __future__ import annotations

from string import digits

from textual import events
from textual.reactive import var
from textual.timer import Timer

from ketatui.tui.actions import plain_key
from ketatui.tui.views.forms import FormItem, Typing
from ketatui.tui.views.lines import Span, shortened
from ketatui.tui.widgets.form_owner import FormOwner
from ketatui.tui.widgets.line_view import LineView

PAUSE = 1.2
"""Seconds after which an option's first digit is taken, if no other digit has come."""

_UNDO = ("ctrl+z", "ctrl+y")
_LONGEST_PASTE = 200
"""Characters of a pasted text that an entry takes."""


class FormEntry(LineView):
    """An entry on the focused line: a text, a number, or an option's number of two digits."""

    typing: var[Typing | None] = var(None)

    def __init__(
        self, owner: FormOwner, pause: float, *, id: str | None, classes: str | None
    ) -> None:
        """Begin without an entry.

        Args:
            owner: Told at once what was typed.
            pause: Seconds after which the first digit of an option's number is taken.
            id: The widget's id.
            classes: Its CSS classes.
        """
        super().__init__(id=id, classes=classes)
        self.owner = owner
        self.message: Span | None = None
        self._pause = pause
        self._waiting: Timer | None = None

    @property
    def item(self) -> FormItem | None:
        """The focused item."""
        raise NotImplementedError

    def draw(self) -> None:
        """Show the form as it is."""
        raise NotImplementedError

    def say(self, text: str, role: str = "info") -> None:
        """Show a remark under the focused item until the cursor moves."""
        self.message = (text, role) if text else None
        self.draw()

    # --- for the owner --------------------------------------------------------------------------

    def begin_typing(self) -> None:
        """Open the entry of the focused item, as Enter does."""
        if self.item is not None and self.item.takes_text:
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

    def keeps_open(self) -> bool:
        """Keep an entry that has a text in it where something would move on; return whether."""
        item, typing = self.item, self.typing
        if item is None or typing is None or typing.picking:
            return False
        if not typing.text.strip() or typing.text == item.entry:
            return False
        self.refuse(problem="Not accepted yet: Enter accepts it, Esc cancels.")
        return True

    def take_paste(self, text: str) -> bool:
        """Take pasted text into an open entry, or begin one; return whether there is one."""
        item, typing = self.item, self.typing
        if item is None or not item.takes_text or item.opens:
            return False
        several = len(text.strip().splitlines()) > 1
        if several and self.owner.form_pasted(item.key, text):
            return True
        if typing is None and several:
            return False
        before = "" if typing is None or typing.picking else typing.text
        joined = " ".join(text.split())
        self._type(before + joined[:_LONGEST_PASTE])
        if len(joined) > _LONGEST_PASTE:
            self.refuse(problem=f"Only the first {_LONGEST_PASTE} characters are taken.")
        return True

    # --- keys -----------------------------------------------------------------------------------

    def take(self, event: events.Key) -> bool:
        """Let an open entry, or a line that takes text, have a key; return whether it did."""
        typing, item = self.typing, self.item
        if item is None:
            return False
        if typing is None:
            return self._begins_text(item, event)
        if typing.picking:
            return self._goes_on_picking(item, typing, event)
        if event.key == "enter":
            text = typing.text if typing.picked is None else typing.suggestions[typing.picked]
            self.owner.form_typed(item.key, text, confirmed=bool(typing.check))
        elif event.key == "escape":
            self._leave(item, typing)
        elif event.key == "backspace":
            self._type(typing.text[:-1])
        elif event.key in ("down", "up", "tab") and typing.suggestions:
            self._suggest(typing, -1 if event.key == "up" else 1)
        elif event.is_printable and event.character:
            self._type(typing.text + event.character)
        elif event.key in _UNDO and self.keeps_open():
            # Undoing would change answers under a text that is not among them yet.
            pass
        else:
            # In an empty entry they have nothing to move over: they move the cursor of the form.
            return bool(typing.text) and event.key in ("left", "right", "home", "end", "delete")
        return True

    def _leave(self, item: FormItem, typing: Typing) -> None:
        self.stop_typing()
        if typing.text.strip() and typing.text != item.entry:
            self.say(f"Not taken: “{shortened(typing.text)}”", "caution")
        else:
            self.owner.form_left(item.key)

    def _begins_text(self, item: FormItem, event: events.Key) -> bool:
        """On a line that takes text a letter or digit begins the text; it is no command there."""
        character = event.character or ""
        if len(character) != 1 or item.opens:
            return False
        begins = item.kind == "text" and character.isalnum()
        if begins or (item.fraction and character == "."):
            self._type(character)
            return True
        return False

    def _type(self, text: str) -> None:
        item = self.item
        suggestions = tuple(item.suggest(text)) if item and item.suggest else ()
        remark = ""
        if item is not None and item.kind == "text":
            remark = self.owner.form_remark(item.key, text)
        elif item is not None and item.kind == "number":
            remark = self.owner.form_number_remark(item.key, text)
        self.typing = Typing(text, suggestions=suggestions, remark=remark)
        self.message = None
        self.draw()

    def _suggest(self, typing: Typing, step: int) -> None:
        count = min(len(typing.suggestions), 5)
        picked = (0 if step > 0 else count - 1) if typing.picked is None else typing.picked + step
        self.typing = typing.replaced(picked=picked if 0 <= picked < count else None)
        self.draw()

    # --- an option by its number ----------------------------------------------------------------

    def pick(self, item: FormItem, digits: str) -> None:
        """Pick an option by number; wait for a second digit while there could be one."""
        last = item.first + len(item.options) - 1
        number = int(digits)
        if 0 < number * 10 <= last:
            self._wait_for_more(item, number, last)
        elif item.first <= number <= last:
            self._choose(item, number)
        else:
            self.typing = None
            self.say(f"choose {item.first} to {last}", "problem")

    def _wait_for_more(self, item: FormItem, number: int, last: int) -> None:
        more = min(last - number * 10, 9)
        longer = f"0 to {more} makes it {number}0 to {number * 10 + more}" if more else "0 makes 10"
        _, label = item.options[number - item.first]
        self.typing = Typing(
            str(number), picking=True, check=f"Enter or a pause takes {number}, {label}; {longer}."
        )
        self.message = None
        self.draw()
        self._waiting = self.set_timer(self._pause, self._pause_over)

    def _pause_over(self) -> None:
        self._waiting = None
        item, typing = self.item, self.typing
        if item is not None and typing is not None and typing.picking:
            self._choose(item, int(typing.text))

    def _goes_on_picking(self, item: FormItem, typing: Typing, event: events.Key) -> bool:
        """Take what a key says about the digit that waits; return whether that was all of it."""
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None
        if event.key in ("escape", "backspace"):
            self.stop_typing()
            self.say(f"Not taken: {typing.text}", "caution")
            return True
        if (digit := plain_key(event.character or " ")) in digits:
            self.pick(item, typing.text + digit)
            return True
        self._choose(item, int(typing.text))
        # Any other key is meant for what comes next.
        return event.key in ("enter", "down", "tab")

    def _choose(self, item: FormItem, number: int) -> None:
        self.typing = None
        code, _ = item.options[number - item.first]
        self.owner.form_answered(item.key, code)
