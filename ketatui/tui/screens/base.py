"""What all screens share: a title, a hint line, and the way back."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import ClassVar, TypeGuard

from rich.cells import cell_len
from textual import events, on
from textual.css.query import NoMatches
from textual.message import Message
from textual.message_pump import MessagePumpClosed

from ketatui.tui.actions import Action, in_context, is_text, key_press, meant, named
from ketatui.tui.bound_keys import act_on_key
from ketatui.tui.key_parser import PastedLine
from ketatui.tui.screens.hooks import Typed
from ketatui.tui.screens.typing_screen import TypingScreen
from ketatui.tui.views.answer_keys import keys_of, line_hints
from ketatui.tui.views.hints import KEY, KEYS, hint_line, remark_lines
from ketatui.tui.views.lines import Span, in_room, safe, shortened, sides
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.prompt import Prompt, letters_of

_F1 = "F1 keys"
"""What lists the keys where a question mark is text."""


class KetaScreen(TypingScreen):
    """A screen with a title bar and a hint line.

    Attributes:
        CONTEXTS: Contexts of the action table that work here, in the order of the hint line.
        HELP_TITLE: What the help page calls the screen.
        HELP_TEXT: What the screen is for, in a few sentences.
    """

    AUTO_FOCUS = ""
    CONTEXTS: ClassVar[tuple[str, ...]] = ()
    HELP_TITLE: ClassVar[str] = ""
    HELP_TEXT: ClassVar[str] = ""
    # Textual declares it as a list.
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-tiny"), (60, "-narrow"), (100, "-medium"),
        (120, "-wide"), (160, "-broad"), (200, "-vast"),
    ]  # fmt: skip

    def __init__(self) -> None:
        """Begin without taking keys: they wait until the screen is up."""
        super().__init__()
        self._ready_for_keys = False
        self._revealed = False
        self._early_keys: list[Typed] = []
        self._remark: Span | None = None
        self._keys_shown_of: tuple[object, ...] | None = None
        self.covered = False

    @property
    def stays_up(self) -> bool:
        """Whether it has to be seen though nobody uses it: a clock runs on it."""
        return False

    def cover(self, covered: bool) -> None:
        """Hide, or show again, whose case it is, where the screen itself stays up."""
        if self.covered != covered:
            self.covered = covered
            self._redraw_if_up()

    def available(self, action: Action) -> bool:
        """Tell whether an action can do something now; a pure function of state."""
        return True

    def actions(self) -> Sequence[Action]:
        """Return the actions that work here now, for hint line, help and palette."""
        return [action for action in self.every_action() if self.available(action)]

    def every_action(self) -> Sequence[Action]:
        """Return the actions of the screen as it stands, whether they can do something or not."""
        typing = ("typing",) if self._takes_text() else ()
        return in_context(*self.CONTEXTS, *typing, "app")

    def who(self) -> str:
        """Say in one line whom the screen is about; empty where it is about nobody."""
        return ""

    def show_title(self, text: str, right: Sequence[Span] = ()) -> None:
        """Show the title bar: whom the screen is about, and what it is."""
        width = self.app.size.width
        room = width - sum(cell_len(piece) for piece, _ in right) - 4  # Blanks around the parts.
        who, title = in_room(safe(self.who()) or "KetaTUI", safe(text), room)
        left: Span = (f" {who}  {title}", "title")
        self.query_one("#title", LineView).show([sides((left,), right, width)])

    # --- keys -----------------------------------------------------------------------------

    async def take_key(self, event: Typed) -> None:
        """Do at once what a key means here, or a text that came at once.

        Keys are handled one after the other, in the order they were pressed, before the next
        one is looked at: a quick second key must find the state the first one left. What comes
        before the screen is ready waits for it.
        """
        self._remark = None
        if not self._ready_for_keys:
            self._early_keys.append(event)
        else:
            await self._take_all((event,))

    async def with_letters_behind(self, event: Typed) -> Typed:
        """Return a letter of a text as one key with those that already wait behind it.

        A text is looked at as a whole at each change: on a busy machine the letters of a quick
        hand would else wait longer, the longer the text is.
        """
        with suppress(MessagePumpClosed):
            while self._ready_for_keys and self._is_letter(event):
                # Textual itself looks ahead so for messages that stand for one another.
                behind = self.app._peek_message()
                if behind is None or not self._is_letter(behind):
                    break
                event = letters_of(event, await self.app._get_message())
        return event

    def _is_letter(self, event: Message) -> TypeGuard[events.Key]:
        """Tell whether it only adds to the text that is typed here: it ends no typing."""
        prompt = next((prompt for prompt in self._prompts if prompt.is_open), None)
        return isinstance(event, events.Key) and prompt is not None and prompt.is_letter(event)

    async def _take_all(self, typed: Sequence[Typed]) -> None:
        waiting = deque(typed)
        while waiting:
            event, top = waiting.popleft(), self.app.screen
            if top is not self:
                if isinstance(top, KetaScreen):
                    await top.take_key(event)
            elif self.keeps_for_later(event):
                pass
            elif isinstance(event, events.Key):
                while self._is_letter(event) and waiting and self._is_letter(waiting[0]):
                    event = letters_of(event, waiting.popleft())
                await self._act_on(event)
            elif isinstance(event, PastedLine) and self.types_text():
                await self._take_all(event.keys)
            else:
                self.take_paste(event.text)

    def _mode_changed(self) -> None:
        """Show the keys of a text while one is typed, and of the screen when it is done."""
        with suppress(NoMatches):
            self.show_hint(self._remark)

    def pasted_outside(self, text: str) -> None:
        """Say that nothing takes it: none of it is taken for keys."""
        self.show_hint((f"Nothing here takes a text; not taken: “{shortened(text)}”", "caution"))

    async def _act_on(self, event: events.Key) -> None:
        for prompt in self._prompts:
            if prompt.is_open:
                await prompt.take(event)
                return
        if self.goes_on_holding(event):
            return
        if any(form.take(event) for form in self._forms):
            return
        if self.holds_back(event):
            return
        # A screen that a quick second key has closed already has nothing left to act on.
        with suppress(NoMatches):
            for key in meant(event.key):
                if await act_on_key(self.app, key):
                    return

    def on_mount(self) -> None:
        """Focus what answers keys, and take keys once the screen's own beginning is done."""
        for view in self.query(".takes-keys"):
            if self.app.screen is self:
                view.has_focus = True  # In time for the first paint: a message may come later.
                self.set_focus(view)
            else:
                view.focus()  # Put together while another is up: painted when it comes up.
        for prompt in self.query(Prompt):
            prompt.changed = self._mode_changed
        self.call_after_refresh(self._begin_if_up)
        self.call_after_refresh(self.app.call_next, self._take_early_keys)  # No key overtakes.

    def _begin_if_up(self) -> None:
        with suppress(NoMatches):
            self.begin()
            self.redraw()
        self._revealed = True
        self.refresh()
        if self.is_current:
            self.paint_now()
        self.shown()

    def _compositor_refresh(self) -> None:
        """Paint, but not before there is something on the screen: it then comes up as a whole."""
        if self._revealed:
            super()._compositor_refresh()

    async def _take_early_keys(self) -> None:
        while self._early_keys:
            await self._take_all((self._early_keys.pop(0),))
        self._ready_for_keys = True

    # --- the mouse ----------------------------------------------------------------------------

    def press(self, key: str) -> None:
        """Do what a key does, as if it had come from the keyboard.

        Args:
            key: Its name, as in the table of actions.
        """
        self.app.post_message(key_press(key))

    async def perform(self, ident: str) -> None:
        """Do an action that somebody picked by its name.

        Where letters are text, its key would be text, too: the action is then done without it.

        Args:
            ident: The action's id.
        """
        (action,) = named(ident)
        key = self.keta.resources.settings.keymap.get(ident, action.keys).split(",")[0]
        if not (is_text(key) and self.types_text()):
            self.press(key)
        elif not any(prompt.is_open for prompt in self._prompts) and not any(
            form.keeps_open() for form in self._forms
        ):
            self._remark = None
            doer = {"form": self._forms[0] if self._forms else self, "app": self.app}
            with self.painted_at_once():
                await self.app.run_action(action.call, doer.get(action.context, self))

    def on_mouse_down(self) -> None:
        """Let go of what was said, as at a key: what is clicked may say something else."""
        self._remark = None

    @on(LineView.Pressed, "#hint")
    def _hint_pressed(self, event: LineView.Pressed) -> None:
        event.stop()
        if event.target == KEYS:
            self._remark = None
            self.show_hint()
        else:
            self.press(event.target.removeprefix(KEY))

    @on(LineView.Widened)
    def _pane_widened(self, event: LineView.Widened) -> None:
        event.stop()
        self.call_after_refresh(self._redraw_if_up)

    def show_remark_on(self, text: str) -> None:
        """Show it in the hint line, while a prompt asks for a text."""
        said = self.remark_on(text)
        self.show_hint((said, "caution") if said else None)

    # What a form tells its screen; the rest stands in `ScreenHooks`.
    def form_remark(self, key: str, text: str) -> str:
        """Say what in a text looks like an identifier of a person."""
        return self.remark_on(text)

    def form_moved(self, key: str) -> None:
        """Say what works on the line to which a person moved the cursor."""
        self.show_hint()

    def form_drawn(self) -> None:
        """Say what keys answer the line on which the cursor may stand now."""
        if self._keys_shown_of not in (None, self._keys_of(self.types_text())):
            self.show_hint()

    def _keys_of(self, typing: bool) -> tuple[object, ...]:
        """Return what the keys depend on: whether a text is typed, and what answers the line."""
        return typing, *[keys_of(form.item) for form in self._forms if form.item]

    def form_entry_changed(self) -> None:
        """While something is typed, other keys work."""
        self.show_hint()

    # --- what the app tells its screens; screens take what concerns them ----------------------

    def criteria_loaded(self) -> None:
        """Go on: the criteria are there, or cannot be used."""
        self.redraw()

    # --- drawing ----------------------------------------------------------------------------

    def _hints(self) -> list[str]:
        prompts, forms = self._taking_text()
        for prompt in prompts:
            if prompt.is_open:
                answers = ["y yes", "n no"] if prompt.asks_yes_or_no else []
                return [*answers, "Enter accepts", "Backspace deletes", "Esc cancels", _F1]
        for form in forms:
            if form.typing is not None:
                more = ["↓ suggestions"] if form.typing.suggestions else []
                return ["Enter accepts", *more, "Backspace deletes", "Esc cancels", _F1]
            if form.item is not None and form.item.kind == "text":
                return ["Letters begin the text", "Enter edits it", "↓ next line", "Esc back", _F1]
        moved = self.keta.resources.settings.keymap
        said = [action for action in self.every_action() if action.hint and self.available(action)]
        hints = {action.id: action.hint_with(moved) for action in said}
        return line_hints(forms[0].item if forms else None, hints)

    def show_hint(self, remark: Span | None = None, *, stays: bool = True) -> None:
        """Show the hint line: a remark, else the keys that work here.

        Args:
            remark: What to say.
            stays: Whether it holds until the next key, whatever is drawn anew meanwhile; not so
                for what is said of a state that may change by itself.
        """
        width = self.app.size.width
        bar = self.query_one("#hint", LineView)
        typing = self.types_text()
        bar.set_class(typing, "-typing")
        if remark is None:
            self._keys_shown_of = self._keys_of(typing)
            bar.show_whole([hint_line(self._hints(), width)])
            return
        self._remark, self._keys_shown_of = remark if stays else self._remark, None
        offers = self.offered(remark[0])
        bar.show_whole(remark_lines(remark, width, typing=typing, offers=offers))

    def on_screen_resume(self) -> None:
        """Draw anew when the screen comes back to the top."""
        self._redraw_if_up()

    def draw_to_size(self) -> None:
        """Draw for the new size."""
        self._redraw_if_up()

    def _redraw_if_up(self) -> None:
        """Draw, unless the screen is just coming up or going: then there is nothing to draw on."""
        if not self._revealed:
            return  # It is drawn when it begins, for the size that it has then.
        with suppress(NoMatches):
            said = self._remark
            self.redraw()
            # What a key has said stays until the next one, whatever else was waiting to be drawn.
            if said is not None:
                self.show_hint(said)

    def redraw(self) -> None:
        """Draw everything from the state; screens add their own part."""
        if self.is_mounted:
            self.show_hint()
