"""`Prompt`: one line at the foot of a screen to type a text into: a note, a label, a search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input

from ketatui.tui.actions import plain_key
from ketatui.tui.bound_keys import act_on_key
from ketatui.tui.views.lines import fit, line, safe
from ketatui.tui.widgets.line_view import LineView

Done = Callable[[str | None], None]
"""Called with the text, or None when it was called off."""
Remark = Callable[[str], None]


class OneLine(Input):
    """A field that takes pasted lines as one, and as much of them as there is room for."""

    # A text scrolls within the field: at a letter the screen is not laid out anew.
    virtual_size = Reactive(Size(0, 0))

    def on_resize(self) -> None:
        """Have the cursor followed: before it was laid out the field had no place and no width."""
        if self.has_focus:
            before = cell_len(self.value[: self.cursor_position])
            self.scroll_to_region(Region(before, 0, 1, 1), force=True, animate=False)
            self.app.cursor_position = self.cursor_screen_offset
            # The cursor goes along with what is painted.
            self.query_ancestor(Prompt).query_one(LineView).refresh(Region(0, 0, 1, 1))

    def insert_pasted(self, text: str) -> None:
        """Take what fits of a pasted text."""
        room = (self.max_length or 0) - len(self.value)
        self.insert_text_at_cursor(safe(" ".join(text.split()))[: max(room, 0)])


def letters_of(first: events.Key, second: Message) -> events.Key:
    """Return two keys that are letters of a text as one key."""
    assert isinstance(second, events.Key)
    return events.Key(first.key, f"{first.character or ''}{second.character or ''}")


class Prompt(Horizontal):
    """Asks for one line of text without covering the screen."""

    def __init__(self, *, id: str | None = None) -> None:
        """Begin closed."""
        super().__init__(id=id)
        self._done: Done | None = None
        self._typing: Callable[[str], None] | None = None
        self._remark: Remark | None = None
        self._question = self._begun_as = ""
        self._shown = "", "title"
        self._warned = self._searches = self._yes_or_no = False
        self._left: Widget | None = None
        self.changed: Callable[[], None] | None = None
        """Called when it begins to ask, and when it has ended."""

    def compose(self) -> ComposeResult:
        """Lay out the question and the field."""
        yield LineView(classes="bar")
        # Disabled while closed, so that the focus never strays into it.
        field = OneLine(select_on_focus=False, disabled=True)
        field.cursor_blink = False
        yield field

    @property
    def is_open(self) -> bool:
        """Whether it is asking."""
        return self.has_class("-open")

    def ask(
        self,
        question: str,
        text: str,
        done: Done,
        *,
        typing: Callable[[str], None] | None = None,
        limit: int = 2000,
        remark: Remark | None = None,
        kept: str | None = None,
    ) -> None:
        """Ask for a text.

        Args:
            question: What is asked, in two or three words.
            text: What the field begins with.
            done: Called with the text on Enter, with None on Esc.
            typing: Called at every change, for searches that follow.
            limit: Most characters taken.
            remark: Called with the text as it stands at every change; shows what there is to say.
            kept: What is kept already: any other text Esc has to drop twice. Where it is not
                given, what the field begins with.
        """
        # The field draws its text as it is: what a file holds must not act on the terminal.
        text = safe(text)
        self._done, self._typing, self._remark = done, typing, remark
        self._question, self._begun_as = question, text if kept is None else safe(kept)
        self._warned, self._searches, self._yes_or_no = False, typing is not None, False
        self._show_question(question, "title")
        self.add_class("-open")
        field = self.query_one(Input)
        field.disabled = False
        field.max_length = limit
        with field.prevent(Input.Changed):
            field.value = text
        field.cursor_position = len(text)
        self._left = self.screen.focused
        # At once, not with the next message: the next key belongs here already.
        self.screen.set_focus(field)
        self._tell_changed()
        if remark is not None and text:
            remark(text)

    def _tell_changed(self) -> None:
        if self.changed is not None:
            self.changed()

    def ask_yes_or_no(self, question: str, done: Callable[[bool], None]) -> None:
        """Ask for yes or no; no other letter is taken.

        Args:
            question: What is asked.
            done: Called with whether it was yes; Esc and nothing typed are no.
        """
        self.ask(f"{question} (y/n)", "", lambda text: done(text == "y"), limit=1)
        self._yes_or_no = True
        self._tell_changed()

    @property
    def asks_yes_or_no(self) -> bool:
        """Whether all it takes is yes or no."""
        return self.is_open and self._yes_or_no

    @property
    def text(self) -> str:
        """What the field holds."""
        return self.query_one(Input).value

    def retype(self, text: str) -> None:
        """Put another text into the field."""
        field = self.query_one(Input)
        field.value = safe(text)
        field.cursor_position = len(field.value)

    @property
    def is_remarked(self) -> bool:
        """Whether what is typed is a free text, about which there may be something to say."""
        return self.is_open and self._remark is not None

    def _show_question(self, question: str, role: str) -> None:
        self._shown = question, role
        label = self.query_one(LineView)
        # A small screen shows less of it: a third is for what is typed.
        text = fit(question, self.app.size.width * 2 // 3 - 3)
        label.styles.width = cell_len(text) + 3
        label.show([line((f" {text}: ", role))])

    def on_resize(self) -> None:
        """Share the room anew."""
        if self.is_open:
            self._show_question(*self._shown)

    def close(self, text: str | None) -> None:
        """Stop asking and hand the text over."""
        if self._remark is not None:
            self._remark("")  # What was said about the text goes with it.
        done, self._done = self._done, None
        self._typing = self._remark = None
        self.remove_class("-open")
        self.screen.set_focus(self._left)
        self.query_one(Input).disabled = True
        self._tell_changed()
        if done is not None:
            done(text)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.close(event.value.strip())

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._tell(event.value)

    def _tell(self, text: str) -> None:
        if self._typing is not None:
            self._typing(text)
        if self._remark is not None:
            self._remark(text)

    @contextmanager
    def _telling_at_once(self, field: Input) -> Iterator[None]:
        """Tell of a change before the next message: what follows it is painted with the field."""
        before = field.value
        with field.prevent(Input.Changed):
            yield
        if field.value != before:
            self._tell(field.value)

    async def take(self, event: events.Key) -> None:
        """Do what a key means to the field, before the next one is looked at.

        Were it sent on to the field as a message, keys typed faster than messages are handled
        would still go to the field after the Enter that closes it.
        """
        field = self.query_one(Input)
        if self.screen.focused is not field:
            # Asked again at once: closing took the focus away a moment later.
            self.screen.set_focus(field)
        if event.key == "escape":
            self.call_off()
        elif self._warned and event.key == "enter":
            # Pressed right behind the Esc that was to drop the text: that keeps nothing yet.
            self._go_on(" (Enter keeps it)")
        elif event.key == "enter":
            if self._typing is not None:
                self._typing(field.value)
            self.close(field.value.strip())
        elif event.is_printable and event.character and self._yes_or_no:
            said = plain_key(event.character).lower()
            if said in ("y", "n"):
                self.retype(said)
        elif event.is_printable and event.character:
            self._go_on()
            with self._telling_at_once(field):
                self._insert(field, event.character)
        elif event.key == "backspace":
            with self._telling_at_once(field):
                field.action_delete_left()
        elif not await act_on_key(self.app, event.key, priority=True):
            await act_on_key(self.app, event.key)

    def is_letter(self, event: events.Key) -> bool:
        """Tell whether a key only adds to a text, so that several of them may come as one.

        A search is told of each letter, and yes or no is one letter.
        """
        plain = event.is_printable and bool(event.character) and not event.is_forwarded
        return self.is_open and plain and self._typing is None and not self._yes_or_no

    @staticmethod
    def _insert(field: Input, text: str) -> None:
        start, end = sorted(field.selection)
        room = max((field.max_length or 0) - len(field.value) + end - start, 0)
        if text[:room]:
            field.replace(text[:room], start, end)
        if text[room:]:
            field.restricted()

    def paste(self, text: str) -> None:
        """Take pasted text, in its turn among the keys; yes or no is said by a key."""
        if not self._yes_or_no:
            self.query_one(OneLine).insert_pasted(text)

    def call_off(self) -> None:
        """Do what Esc does: close; a text that would be lost has to be dropped twice."""
        if self._warned or self._searches or self._yes_or_no or self.text == self._begun_as:
            self.close(None)
        else:
            self._warned = True
            # Without the question: on a small screen there is room for one of them and the text.
            self._show_question("Esc again drops it, Enter goes on", "caution")

    def _go_on(self, remark: str = "") -> None:
        """Go on writing after an Esc that was not meant so."""
        if self._warned:
            self._warned = False
            self._show_question(f"{self._question}{remark}", "title")
