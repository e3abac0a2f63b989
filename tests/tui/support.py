"""Somebody at the keyboard: the real app, real keys, real files, and a clock of its own."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from rich.segment import Segment
from textual import events
from textual.geometry import Offset
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.worker import Worker

import ketatui.tui
from ketatui.consultation.consultation import Consultation
from ketatui.tui.app import KetaApp
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.screens.logging_in import LOGIN
from ketatui.tui.session import OpenCase
from ketatui.tui.widgets.form_list import FormList
from ketatui.tui.widgets.line_view import LineView
from tests.tui.stillness import put_forward, still

PATIENCE = 30.0
"""Seconds until something that should have come is given up."""

_Screen = TypeVar("_Screen", bound=Screen[None])


class WatchedApp(KetaApp):
    """The app; an error in it fails the test instead of only ending the app."""

    # A style path is relative to the class that names it.
    CSS_PATH = str(Path(ketatui.tui.__file__).parent / "styles" / "app.tcss")

    broken: Exception | None = None

    def _handle_exception(self, error: Exception) -> None:
        if self.broken is None:
            self.broken = error
        # Or the pilot waits half a minute for a screen that is gone.
        noticed: Any = self._exception_event
        noticed.set()
        super()._handle_exception(error)


@dataclass
class Clock:
    """A monotonic clock that moves when somebody says so."""

    seconds: float = 1000.0
    pace: float = 1.0
    """Seconds between two keys."""

    def __call__(self) -> float:
        return self.seconds


class StillPilot(Pilot[int]):
    """Textual's pilot, with the tests' own way to tell that nothing is left to be done.

    Textual sleeps until the processor has been idle for a fiftieth of a second, four times a click.
    """

    async def pause(self, delay: float | None = None) -> None:
        """Wait until every message is handled and every frame drawn."""
        await still()


@dataclass
class Hand:
    """Presses keys and reads the screen.

    Attributes:
        app: The running app.
        clock: What the forms measure their grace period with.
        presses: Keys pressed so far.
        pilot: What moves the mouse and the edge of the terminal.
    """

    app: WatchedApp
    clock: Clock
    presses: int = field(default=0)
    pilot: StillPilot = field(init=False)

    def __post_init__(self) -> None:
        """Take the mouse."""
        self.pilot = StillPilot(self.app)

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other; wait until all is drawn only after the last one.

        In between only what handles the key is waited for, as with somebody who types faster
        than the screen is drawn.
        """
        for left, key in zip(range(len(keys) - 1, -1, -1), keys, strict=True):
            self.clock.seconds += self.clock.pace
            self.presses += 1
            self.app.post_message(key_event(key))
            if left and self._takes_keys_itself():
                await still(drawn=False)
            else:
                await self.settle()
            self.check()

    async def settle(self) -> None:
        """Wait until nothing is left to be done: no message, no worker, no frame."""
        given_up = time.monotonic() + PATIENCE
        await still()
        while self.app.return_code is None and (at_work := self._at_work()):
            self.check()
            assert time.monotonic() < given_up, f"no end of {at_work}"
            ends = asyncio.gather(*map(Worker.wait, at_work), return_exceptions=True)
            await asyncio.wait([ends], timeout=PATIENCE)
            await still()

    def _at_work(self) -> list[Worker[Any]]:
        # A login waits for somebody in front of a browser, which is none of the app's work.
        working = [worker for worker in self.app.workers if worker.group != LOGIN]
        return [worker for worker in working if not worker.is_finished]

    def _takes_keys_itself(self) -> bool:
        """Whether keys are handled by the screen and not, some messages later, by a prompt."""
        top = self.app.screen
        ready = isinstance(top, KetaScreen) and top._ready_for_keys
        return ready

    async def burst(self, *keys: str) -> None:
        """Press keys without waiting for anything between them."""
        for key in keys:
            self.presses += 1
            self.app.post_message(key_event(key))
        await self.settle()
        self.check()

    async def paste(self, text: str) -> None:
        """Paste a text, as a terminal with bracketed paste hands it over."""
        await self.send(events.Paste(text))

    async def send(self, event: events.Event) -> None:
        """Hand over what a terminal sent."""
        self.app.post_message(event)
        await self.settle()
        self.check()

    def check(self) -> None:
        """Fail with the app's own error if there was one."""
        if self.app.broken is not None:
            raise self.app.broken

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something that comes by itself; the only place that waits."""
        given_up = time.monotonic() + PATIENCE
        await self.settle()
        while not holds():
            self.check()
            assert time.monotonic() < given_up, f"never came:\n{self.text}"
            await asyncio.sleep(0.002)
            await self.settle()

    async def later(self, seconds: float) -> None:
        """Come back after a while: what is due by then happens now."""
        put_forward(seconds)
        await self.settle()
        self.check()

    async def on(self, screen: type[_Screen]) -> _Screen:
        """Wait until a screen is on top and drawn; return it."""

        def drawn() -> bool:
            top = self.app.screen
            views = [*top.query(FormList), *top.query("#body").results(LineView)]
            return isinstance(top, screen) and all(view.lines for view in views)

        await self.until(drawn)
        found = self.app.screen
        assert isinstance(found, screen)
        return found

    async def resize(self, width: int, height: int) -> None:
        """Make the terminal another size, if it is."""
        if self.app.size == (width, height):
            return
        await self.pilot.resize_terminal(width, height)
        await self.until(lambda: self.app.screen._compositor.size == (width, height))

    async def click(self, view: str, text: str) -> None:
        """Click on a text within a widget."""
        widget = self.app.screen.query_one(view, LineView)
        for y, shown in enumerate(widget.lines[widget.top :]):
            if text in shown.text:
                at = Offset(*widget.content_region.offset) + Offset(shown.text.index(text), y)
                await self.pilot.click(offset=at)
                await self.settle()
                self.check()
                return
        raise AssertionError(f"{text!r} is not in {view}:\n{self.text}")

    # --- what is seen -------------------------------------------------------------------------

    @property
    def rows(self) -> list[list[Segment]]:
        """The screen as styled pieces, a list a line."""
        return [list(strip) for strip in self.app.screen._compositor.render_strips()]

    @property
    def lines(self) -> list[str]:
        """The screen as text, a string a line."""
        return ["".join(piece.text for piece in row) for row in self.rows]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(line.rstrip() for line in self.lines)

    @property
    def words(self) -> str:
        """The whole screen on one line, white space run together."""
        return " ".join(self.text.split())

    @property
    def hint(self) -> str:
        """What the foot says, on one line; without the way to the keys beside a remark."""
        high = max((bar.size.height for bar in self.app.screen.query("#hint")), default=1)
        return re.sub(r" +\? keys$", "", " ".join(line.strip() for line in self.lines[-high:]))

    @property
    def form_words(self) -> str:
        """The form on one line, without the panes beside it."""
        return " ".join(" ".join(line.text for line in self.form.lines).split())

    @property
    def all_lines(self) -> str:
        """All lines of a reader's page, also those out of sight, on one line."""
        view = self.app.screen.query_one("#body", LineView)
        return " ".join(" ".join(line.text for line in view.lines).split())

    # --- where one is -------------------------------------------------------------------------

    @property
    def form(self) -> FormList:
        """The form on the screen."""
        return self.app.screen.query_one(FormList)

    @property
    def focused(self) -> str:
        """Key of the focused item: a question's id."""
        item = self.form.item
        return item.key if item else ""

    @property
    def opened(self) -> OpenCase:
        """The case being worked on."""
        assert self.app.open_case is not None
        return self.app.open_case

    @property
    def consultation(self) -> Consultation:
        """Its consultation."""
        return self.opened.consultation

    @property
    def answers(self) -> dict[str, object]:
        """Its answers."""
        return dict(self.consultation.case.answers)

    async def go_to(self, question: str) -> None:
        """Go to a question, as what was looked for is gone to; tests of that press its keys."""
        screen: Any = self.app.screen
        screen.go_to(question)
        await self.settle()
        assert self.focused == question, f"{self.focused} instead of {question}"


def key_event(key: str) -> events.Key:
    """Return the event of a key, named as for the pilot: ``y``, ``.``, ``space``, ``alt+y``."""
    name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
    character = " " if key == "space" else key if len(key) == 1 else None
    return events.Key(name, character)


async def in_turn(hand: Hand, *laws: Callable[[Hand], Awaitable[None]]) -> None:
    """Look at laws that begin on the same screen of the same case, one behind the other.

    Each finds everything as the first one did: what the one before has entered is undone, which has
    to lead back to the case as it was.
    """
    screen: Any = hand.app.screen
    case, line = hand.consultation.case, hand.focused
    section = getattr(screen, "section", "")
    for law in laws:
        try:
            await law(hand)
            assert hand.app.screen == screen, f"ends on {hand.app.screen}"
            if hand.form.typing is not None:
                await hand.press("escape")
        except BaseException as error:
            error.add_note(f"at this law: {getattr(law, '__name__', law)}")
            raise
        while hand.consultation.case != case:
            assert hand.consultation.undo() is not None, f"{law} is not to be undone"
        screen.section = section
        screen.show_page(fresh=True)
        assert hand.form.focus_on(line)
        await hand.settle()
        hand.clock.pace = 1.0


class SitDown(Protocol):
    """Opens the app at a size; see the fixture ``desk``."""

    def __call__(
        self, width: int = 120, height: int = 40, **settings: object
    ) -> AbstractAsyncContextManager[Hand]: ...


def toml_files(folder: Path) -> Iterator[Path]:
    """Yield the saved cases of a folder."""
    yield from sorted(folder.glob("*.toml"))
