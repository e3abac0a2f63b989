"""Walks past every screen: what is seen on the way, and the keys from one to the next."""

from __future__ import annotations

import shutil
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from ketatui.engine import compile_pack
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.case_comparison import CaseComparisonScreen
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.choose import ChooseScreen
from ketatui.tui.screens.consent import ConsentScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.criteria import CriteriaScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.explain import ExplainScreen
from ketatui.tui.screens.export import ExportScreen
from ketatui.tui.screens.filters import FiltersScreen
from ketatui.tui.screens.help import HelpScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.identifiers import IdentifiersScreen
from ketatui.tui.screens.overview import OverviewScreen
from ketatui.tui.screens.palette import PaletteScreen
from ketatui.tui.screens.pathway_comparison import PathwayComparisonScreen
from ketatui.tui.screens.paused import PausedScreen
from ketatui.tui.screens.practice.cases import PracticeCasesScreen
from ketatui.tui.screens.practice.commit import CommitScreen
from ketatui.tui.screens.practice.progress import ProgressScreen
from ketatui.tui.screens.practice.run import PracticeScreen
from ketatui.tui.screens.practice.story import StoryScreen
from ketatui.tui.screens.reassessment import ReassessmentScreen
from ketatui.tui.screens.review import ReviewScreen
from ketatui.tui.screens.settings import SettingsScreen
from tests.practice.support import RED, answer_all, commit_to, perfect
from tests.tui.keys import DECIDED, joined
from tests.tui.practice import ask, debriefed, opened_list, past_the_story, run_of
from tests.tui.support import Hand
from tests.tui.test_case_pages import with_thresholds

Step = Callable[[Hand], Awaitable[object]]
Steps = Mapping[str, Step]

EXAMPLE = Path(__file__).resolve().parents[2] / "saved_cases" / "20261121-160000-example13.toml"


class Walk(NamedTuple):
    """A walk from home.

    Attributes:
        begins: The draft that is there before the app starts; empty for none.
        steps: Of each screen its name, and the way to it from the one before.
    """

    begins: str
    steps: Steps


def keys(pressed: str, screen: type[KetaScreen]) -> Step:
    """Press keys and wait for a screen."""

    async def step(hand: Hand) -> None:
        await hand.press(*pressed.split())
        await hand.on(screen)

    return step


def within(pressed: str) -> Step:
    """Press keys in a consultation."""
    return keys(pressed, ConsultationScreen)


async def phq9(hand: Hand) -> None:
    await within("escape ] 1 enter")(hand)
    await hand.go_to("scales.phq9")
    await hand.press("enter", "3", "2")


async def trials(hand: Hand) -> None:
    await hand.press("escape")
    await hand.go_to("antidepressant_trials")
    await hand.press(*joined("enter s e r t down enter 1 5 0 enter 1 0 enter 1 y y"))
    await hand.press(*joined("v e n l down enter 2 5 enter"))


async def medicines(hand: Hand) -> None:
    await hand.press("escape")
    await hand.go_to("medications")
    await hand.press("enter", *"loraz", "down", "enter", *"bluepill", "enter", *"ke")


async def identifiers(hand: Hand) -> None:
    """Save a case whose texts hold what looks like identifiers."""
    await hand.press("escape", "escape", "l")
    await hand.paste("52 m, wife Tamsin drives")
    await hand.press("enter", "o")
    await hand.paste("low since March 2019, cell 555-0188")
    await hand.press("enter", "s")
    await hand.on(IdentifiersScreen)


async def paused(hand: Hand) -> None:
    """Leave a consultation alone for ten minutes."""
    hand.clock.seconds += 600
    hand.app.pause_if_idle()
    await hand.on(PausedScreen)


async def cases(hand: Hand) -> None:
    """Save the case, and look at it with an unreadable file beside it."""
    await keys("enter d", DecideScreen)(hand)
    await hand.press(*DECIDED, "s", "s")
    await hand.on(HomeScreen)
    (hand.app.resources.cases / "broken.toml").write_text("schema = \n", "utf-8")
    await keys("c", CasesScreen)(hand)


async def open_first(hand: Hand) -> None:
    """Open the first case of the list, once the list has been read."""
    await hand.press("c")
    listed = await hand.on(CasesScreen)
    await hand.until(lambda: listed.picked is not None)
    await keys("enter", CaseScreen)(hand)


async def case_view(hand: Hand) -> None:
    (hand.app.resources.cases / "broken.toml").unlink()
    await keys("escape escape", HomeScreen)(hand)
    await open_first(hand)


class AnotherDay:
    """A saved case again, under a threshold of another height."""

    async def begin(self, hand: Hand) -> None:
        """Change the criteria, and look."""
        resources = hand.app.resources
        assert resources.knowledge is not None
        self.known = resources.knowledge
        stricter = with_thresholds(self.known.pack, {"bp_caution_systolic": 120})
        resources.knowledge = compile_pack(stricter)
        await keys("w", ReassessmentScreen)(hand)
        await hand.press("2", "enter")

    async def end(self, hand: Hand) -> None:
        """Take the criteria of before."""
        hand.app.resources.knowledge = self.known
        await keys("escape", CaseScreen)(hand)


ANOTHER_DAY = AnotherDay()


async def review(hand: Hand) -> None:
    """Review a case that was signed and then amended."""
    hand.app.resources.cases.mkdir()
    shutil.copy(EXAMPLE, hand.app.resources.cases)
    await open_first(hand)
    await keys("r", ReviewScreen)(hand)
    hand.form.focus_on("view")
    await hand.press("2", *"why", "enter")
    for line, *pressed in (("sign", "1"), ("name", "enter", "B"), ("role", "enter", "C")):
        hand.form.focus_on(line)
        await hand.press(*pressed, *(("enter",) if len(pressed) > 1 else ()))


async def review_old(hand: Hand) -> None:
    await review(hand)
    hand.form.focus_on("signature:1")


async def review_about(hand: Hand) -> None:
    hand.form.focus_on("role")
    await hand.press("slash", *"mood")


async def review_ask(hand: Hand) -> None:
    await hand.press("escape", "s")


async def amended(hand: Hand) -> None:
    """Amend the saved case, and look at what it found."""
    await ANOTHER_DAY.end(hand)
    await keys("f9", ConsultationScreen)(hand)
    await hand.go_to("vitals.systolic")
    await hand.press(*"152", "enter", "d")
    await hand.on(DecideScreen)
    # The verdict is another: it is decided anew, and the amendment says why.
    for line, *taps in (("pathway", "1"), ("by", "enter", "enter"), ("save", "s", "s")):
        assert hand.form.focus_on(line)
        await hand.press(*taps)
    await hand.press("enter", *"measured again", "enter")
    await hand.on(HomeScreen)
    await open_first(hand)
    await keys("5 enter", CaseScreen)(hand)


async def practice_run(hand: Hand) -> None:
    """Begin a run from the list."""
    screen = await hand.on(PracticeCasesScreen)
    places = [case.id for case in screen._shown]
    await hand.press(*["down"] * places.index(RED), "enter")
    await past_the_story(hand)


async def practice_commit(hand: Hand) -> None:
    """Commit to everything but the plan."""
    await keys("escape", PracticeScreen)(hand)
    run = run_of(hand)
    answer_all(run, run.case.right)
    await hand.press("d", "d")
    screen = await hand.on(CommitScreen)
    commit_to(run, perfect(run.knowledge, run.case))
    screen.redraw()
    await hand.press("end", "up")


WALKS: dict[str, Walk] = {
    "beginning": Walk(
        "",
        {
            "home": keys("", HomeScreen),
            "criteria": keys("k", CriteriaScreen),
            "settings": keys("escape s", SettingsScreen),
            "consultation-fresh": within("escape n"),
            "help": keys("?", HelpScreen),
            "find": within("escape / p r e s s"),
            "consultation-why": within("escape down i"),
            "consultation-typing": within("i ] 5 2 1 enter"),
            "phq9": phq9,
            "trials": trials,
            "medicines": medicines,
            "identifiers": identifiers,
        },
    ),
    "half way": Walk(
        "half",
        {
            "home-draft": keys("", HomeScreen),
            "consultation-half": within("r"),
            "sections": within("g"),
            "palette": keys("escape ctrl+p p r e s s", PaletteScreen),
            "explain-open": keys("escape e", ExplainScreen),
            "remaining": within("escape a"),
        },
    ),
    "a vessel": Walk(
        "aneurysm",
        {
            "consultation-aneurysm": within("r g home down down down down enter"),
            "explain-effect": keys("e", ExplainScreen),
            "explain-authority": keys("v", ExplainScreen),
            "decide": keys("escape d 1", DecideScreen),
        },
    ),
    "saved": Walk(
        "clean",
        {
            "consultation-finished": within("r end"),
            "compare": keys("t", PathwayComparisonScreen),
            "consent": keys("escape c y", ConsentScreen),
            "paused": paused,
            "cases": cases,
            "cases-filters": keys("f", FiltersScreen),
            "cases-overview": keys("escape v", OverviewScreen),
            "case": case_view,
            "again": ANOTHER_DAY.begin,
            "case-findings": amended,
            "case-history": keys("5 0 z", CaseScreen),
            "case-revision": keys("z end g", CaseScreen),
            "comparison": keys("escape 0 end t", CaseComparisonScreen),
            "choose": keys("escape 1 t", ChooseScreen),
            "export": keys("escape x 1", ExportScreen),
        },
    ),
    "review": Walk(
        "", {"review-old": review_old, "review-about": review_about, "review-ask": review_ask}
    ),
    "practice": Walk(
        "",
        {
            "practice-cases": opened_list,
            "practice-run": practice_run,
            "practice-asked": ask,
            "practice-story": keys("v", StoryScreen),
            "practice-commit": practice_commit,
        },
    ),
    "a bad run": Walk(
        "",
        {"practice-debrief": debriefed, "practice-progress": keys("escape v", ProgressScreen)},
    ),
}
"""Walks past all screens but those of a course."""
