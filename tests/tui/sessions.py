"""Running sessions: a clock that is moved by hand, and the ways to the screens."""

from __future__ import annotations

import datetime as dt
import functools
import sys
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Case
from ketatui.tui.screens.board import BoardScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.session import SessionScreen
from ketatui.tui.screens.visit import VisitScreen
from tests.course.support import FINE
from tests.tui.courses import TODAY, decided, go_to_line, to_course
from tests.tui.support import Hand, in_turn

OnVisit = Callable[[Hand], Awaitable[None]]

START = dt.datetime.combine(TODAY, dt.time(9, 12), dt.UTC)


class Wall:
    """The wall clock, and the one that nobody sets; both move when somebody says so."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Show the start."""
        self.now = START
        self.counted = 1000.0

    def pass_by(self, minutes: float) -> None:
        """Let time pass."""
        self.now += dt.timedelta(minutes=minutes)
        self.counted += minutes * 60

    def set_to(self, moment: dt.datetime) -> None:
        """Set the wall clock, as somebody does in the settings of the computer."""
        self.now = moment


def on_the_wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    """Let every screen read a clock that is moved by hand."""
    wall = Wall()
    for name, module in list(sys.modules.items()):
        if name.startswith("ketatui.tui.") and hasattr(module, "now"):
            monkeypatch.setattr(module, "now", lambda: wall.now)
    defaults: Any = SessionScreen.__init__.__defaults__
    monkeypatch.setattr(
        SessionScreen.__init__, "__defaults__", (*defaults[:-1], lambda: wall.counted)
    )
    return wall


def before_the_dose(
    pathway: str = "spravato", label: str = "low mood 14 months", **more: Any
) -> Case:
    """A saved case with a session of today of which all before the dose is answered."""
    leaving = ("walks_safely", "escort_present", "driving_told", "clinician_agrees")
    later = (*leaving, "end_minute", "minutes_dosing", "events_reviewed", "rems_form_sent")
    kept = {key: value for key, value in {**FINE, **more}.items() if key not in later}
    kept["dose_mg"] = Decimal(56 if pathway == "spravato" else 40)
    answers = {f"visit.{key}": value for key, value in kept.items() if value is not None}
    visit = Visit(number=1, date=TODAY, answers=answers)
    course = Course(
        id="c1", pathway=pathway, basis="trd", site="outpatient_clinic", visits=(visit,)
    )
    return decided(pathway).replaced(label=label, courses=(course,))


async def to_visit_of_today(hand: Hand) -> None:
    """Go to the visit of today, from home, with keys."""
    await to_course(hand)
    await go_to_line(hand, "visit:1")
    await hand.press("enter")
    await hand.on(VisitScreen)


async def to_session(hand: Hand) -> SessionScreen:
    """Go to the session of today, from home or from its visit, with keys."""
    if not isinstance(hand.app.screen, VisitScreen):
        await to_visit_of_today(hand)
    await hand.press("m")
    return await hand.on(SessionScreen)


async def from_before_the_dose(
    hand: Hand, wall: Wall, *laws: Callable[[Hand, Wall], Awaitable[None]]
) -> None:
    """Look at laws that begin on a visit of which all before the dose is answered.

    The clocks go back to the start for each.
    """

    def on_the_visit(law: Callable[[Hand, Wall], Awaitable[None]]) -> OnVisit:
        @functools.wraps(law)
        async def whole(hand: Hand) -> None:
            wall.begin()
            await law(hand, wall)
            while isinstance(hand.app.screen, SessionScreen):
                await hand.press("escape")

        return whole

    await to_visit_of_today(hand)
    await in_turn(hand, *map(on_the_visit, laws))


async def typed(hand: Hand, text: str) -> None:
    """Type a line and take it."""
    await hand.press(*(("space" if letter == " " else letter) for letter in text), "enter")


async def run_for(hand: Hand, wall: Wall, minutes: float) -> None:
    """Let time pass, and the screen look at the clock."""
    wall.pass_by(minutes)
    look(hand)
    await hand.settle()


def look(hand: Hand) -> None:
    """Let the screen do what its timer does."""
    screen = hand.app.screen
    assert isinstance(screen, SessionScreen | BoardScreen)
    screen.look()


def counted_paints(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each time that something is written to the terminal."""
    painted: list[str] = []
    display = hand.app._display

    def counting(screen: Any, renderable: Any) -> None:
        painted.append(type(renderable).__name__)
        display(screen, renderable)

    monkeypatch.setattr(hand.app, "_display", counting)
    return painted


async def begun(hand: Hand, wall: Wall) -> None:
    """Start the clock, and give the last device five minutes later."""
    await to_session(hand)
    await started(hand, wall)


async def started(hand: Hand, wall: Wall) -> None:
    """Start the clock, and give the last device five minutes later."""
    await hand.press("f3")
    wall.pass_by(5)
    await hand.press("f4")


async def half_way(hand: Hand, wall: Wall) -> None:
    """A session at minute 71, with a spike, low oxygen and an event."""
    await begun(hand, wall)
    await run_for(hand, wall, 36)
    await entered(hand, wall)


async def entered(hand: Hand, wall: Wall) -> None:
    """Enter a spike and an event, and half an hour later low oxygen."""
    await typed(hand, "171/88 97 4 mod")
    await typed(hand, "nausea 25 mild")
    await run_for(hand, wall, 30)
    await typed(hand, "142/88 91 5 mild hr 72")


def walk(wall: Wall) -> dict[str, Callable[[Hand], Awaitable[object]]]:
    """Return a walk past the screens of a running session: the way to each."""

    async def fresh(hand: Hand) -> None:
        await to_session(hand)

    async def refused(hand: Hand) -> None:
        await started(hand, wall)
        await run_for(hand, wall, 36)
        await typed(hand, "88/141 97")

    async def session(hand: Hand) -> None:
        await hand.press("ctrl+u")
        await entered(hand, wall)

    async def board(hand: Hand) -> None:
        await hand.press("f5")
        await hand.on(BoardScreen)

    async def home(hand: Hand) -> None:
        await hand.press("escape")
        await hand.on(HomeScreen)

    async def leaving(hand: Hand) -> None:
        await hand.press("b", "enter")
        await hand.on(SessionScreen)
        await run_for(hand, wall, 55)
        await hand.press("tab", "y")

    return {
        "session-fresh": fresh,
        "session-refused": refused,
        "session": session,
        "board": board,
        "home-running": home,
        "session-leaving": leaving,
    }
