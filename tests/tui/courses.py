"""Saved cases with courses, and the ways to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal

from ketatui.cases.courses import Course, Score, Visit
from ketatui.cases.model import Case, Consent, Decision
from ketatui.cases.store import Loaded
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.course import CourseScreen
from ketatui.tui.screens.course_status import CourseStatusScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.visit import VisitScreen
from ketatui.tui.screens.visit_explain import VisitExplainScreen
from tests.course.support import screened
from tests.tui.conftest import NOW
from tests.tui.support import Hand

TODAY = NOW.date()


def decided(pathway: str = "spravato", answers: dict[str, object] | None = None) -> Case:
    """A screening with nothing against any pathway, and a decision."""
    return screened(answers).replaced(
        label="low mood 14 months",
        decision=Decision(pathway=pathway, by="Dr A", at=NOW, reason="as discussed"),
    )


def treated(pathway: str = "spravato", *days: int, **more: object) -> Case:
    """The same with dosed sessions so many days ago, each closed."""
    visits = tuple(
        Visit(
            number=number,
            date=TODAY - dt.timedelta(days=ago),
            answers={
                "visit.systolic": 128,
                "visit.diastolic": 82,
                "visit.dose_mg": Decimal(56),
                "visit.devices_used": 2,
                "visit.rems_form_sent": True,
            },
            closed_at=NOW,
            closed_by="Dr A",
        )
        for number, ago in enumerate(days, start=1)
    )
    said: dict[str, object] = {"basis": "trd", "site": "outpatient_clinic", **more}
    course = Course(id="c1", pathway=pathway, visits=visits, **said)  # type: ignore[arg-type]
    return decided(pathway).replaced(courses=(course,))


async def to_case(hand: Hand) -> CaseScreen:
    """Open the case that is saved, as the palette does."""
    store = hand.app.resources.store
    assert store is not None
    [path] = store.folder.glob("*.toml")
    hand.app.go("case", store.load(path))
    return await hand.on(CaseScreen)


async def to_course(hand: Hand) -> CourseScreen:
    await to_case(hand)
    await hand.press("m")
    return await hand.on(CourseScreen)


async def to_visit(hand: Hand) -> VisitScreen:
    await to_course(hand)
    return await to_session(hand)


async def to_session(hand: Hand) -> VisitScreen:
    """Open the session of today from its course."""
    await go_to_line(hand, "session")
    await hand.press("enter")
    return await hand.on(VisitScreen)


async def in_turn_from_course(
    hand: Hand, filed: Callable[..., Loaded], laws: Mapping[Callable[[Hand], Awaitable[None]], Case]
) -> None:
    """Look at laws one behind the other, each on the course of a case of its own."""
    for number, (law, case) in enumerate(laws.items(), start=1):
        hand.app.go("case", filed(case, ident=f"{TODAY:%Y%m%d}-2000{number:02}-d7f3"))
        await hand.on(CaseScreen)
        await hand.press("m")
        await hand.on(CourseScreen)
        try:
            await law(hand)
        except BaseException as error:
            error.add_note(f"at this law: {getattr(law, '__name__', law)}")
            raise
        while not isinstance(hand.app.screen, CaseScreen):
            await hand.press("escape")


async def go_to_line(hand: Hand, key: str) -> None:
    assert hand.form.focus_on(key), f"{key} is not among {[it.key for it in hand.form.items]}"
    await hand.settle()


def at_week_five() -> Case:
    """A course of Spravato in week 5, with scores that fell to remission."""
    falls = ((30, 32), (20, 28), (13, 22), (6, 15), (0, 11))
    scores = tuple(
        Score(instrument="madrs", date=TODAY - dt.timedelta(days=ago), value=Decimal(value))
        for ago, value in falls
    )
    case = treated("spravato", 28, 25, 21, 14, 10, 7, instrument="madrs", scores=scores)
    return case.replaced(consent=Consent(outcome="agreed", ended_at=NOW - dt.timedelta(days=30)))


async def _course(hand: Hand) -> None:
    await to_course(hand)


async def _visit(hand: Hand) -> None:
    await hand.press("escape")
    await hand.on(CourseScreen)
    await go_to_line(hand, "session")
    await hand.press("enter")
    await hand.on(VisitScreen)


async def _remaining(hand: Hand) -> None:
    await hand.press("a")


async def _pressure(hand: Hand) -> None:
    await hand.press("escape", *"165/88", "enter")


async def _explained(hand: Hand) -> None:
    await hand.press("e")
    await hand.on(VisitExplainScreen)


async def _standing(hand: Hand) -> None:
    await hand.press("e")
    await hand.on(CourseStatusScreen)


async def _planned(hand: Hand) -> None:
    await to_course(hand)
    await hand.press("enter", "right")


async def _home(hand: Hand) -> None:
    await hand.on(HomeScreen)


Steps = Mapping[str, Callable[[Hand], Awaitable[object]]]

WALKS: dict[str, tuple[Callable[[], Case], Steps]] = {
    "begun": (decided, {"course-begin": _course}),
    "planned": (lambda: treated("spravato", 8, 1), {"course-planned": _planned}),
    "week five": (
        at_week_five,
        {
            "home-due": _home,
            "course": _course,
            "course-standing": _standing,
            "visit": _visit,
            "visit-remaining": _remaining,
            "visit-pressure": _pressure,
            "visit-explain": _explained,
        },
    ),
}
"""Walks past the screens of a course: the saved case, and the way to each screen."""
