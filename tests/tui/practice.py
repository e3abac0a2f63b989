"""Practice at the keyboard: the cases of the tests, and the way to each screen."""

from __future__ import annotations

from ketatui.practice.run import PracticeRun
from ketatui.tui.screens.practice.cases import PracticeCasesScreen
from ketatui.tui.screens.practice.commit import CommitScreen
from ketatui.tui.screens.practice.debrief import DebriefScreen
from ketatui.tui.screens.practice.run import PracticeScreen
from ketatui.tui.screens.practice.story import StoryScreen
from tests.practice.support import RED, answer_all, fixture_library
from tests.tui.support import Hand


async def opened_list(hand: Hand) -> PracticeCasesScreen:
    """Open the list, with the cases of the tests."""
    knowledge = hand.app.resources.knowledge
    assert knowledge is not None
    hand.app.resources.practice = fixture_library(knowledge.pack)
    await hand.press("p")
    return await hand.on(PracticeCasesScreen)


async def begun(hand: Hand, name: str = RED) -> PracticeRun:
    """Begin a run, or go on with it."""
    screen = await opened_list(hand)
    places = [case.id for case in screen._shown]
    await hand.press(*["down"] * places.index(name), "enter")
    await past_the_story(hand)
    return run_of(hand)


async def past_the_story(hand: Hand) -> None:
    """Leave the story: it comes first where it has no room beside the questions."""
    if isinstance(hand.app.screen, StoryScreen):
        assert hand.app.size.width < 100
        await hand.press("escape")
    await hand.on(PracticeScreen)


def run_of(hand: Hand) -> PracticeRun:
    """Return the run being worked on."""
    assert hand.app.open_run is not None
    return hand.app.open_run


async def answered(hand: Hand, name: str = RED) -> PracticeRun:
    """Begin a run and answer all of it, behind the screen's back."""
    run = await begun(hand, name)
    answer_all(run, run.case.right)
    screen = await hand.on(PracticeScreen)
    screen.redraw()
    await hand.settle()
    return run


async def locked(hand: Hand, name: str = RED) -> PracticeRun:
    """Answer all of it, and lock the facts."""
    run = await answered(hand, name)
    await hand.press("d", "d")
    await hand.on(CommitScreen)
    return run


async def asked(hand: Hand) -> None:
    """A run with something told and a hint taken."""
    await begun(hand)
    await ask(hand)


async def ask(hand: Hand) -> None:
    """Have something told, and take a hint."""
    await hand.go_to("medical.aneurysmal_disease")
    await hand.press("b", "y", "h", "h")


async def debriefed(hand: Hand) -> None:
    """A run that went badly: the vessel overlooked, the spray chosen."""
    run = await answered(hand)
    await hand.go_to("medical.aneurysmal_disease")
    await hand.press("n", "h", "h", "d", "d")
    screen = await hand.on(CommitScreen)
    assert screen.run is run
    for pathway in run.offered:
        run.judge(pathway, "caution")
    wrong = next(item.rule for item in run.offered["spravato"] if not item.holds)
    run.name_reason("spravato", wrong, True)
    run.choose("spravato")
    run.plan("spray")
    screen.redraw()
    await hand.press("end", "enter", "enter")
    await hand.on(DebriefScreen)
    await hand.press("down")
