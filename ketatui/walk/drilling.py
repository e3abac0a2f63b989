"""Drills of rules in plain text: one fact is otherwise, and which verdict now?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from ketatui.practice.drill_session import Drilling, due_text
from ketatui.practice.drills import Drill
from ketatui.walk.talk import Back, Leave, Talk


def drill(talk: Talk, sitting: Drilling, now: Callable[[], dt.datetime]) -> None:
    """Drill until nothing is due, or somebody leaves.

    Args:
        talk: Says and asks.
        sitting: The sitting, with its first drill.
        now: Tells the moment.
    """
    talk.say("PRACTICE  One thing is different: which verdict now? q leaves; all is kept.")
    try:
        while sitting.drill is not None:
            _one(talk, sitting, sitting.drill, now)
            sitting.go_on(now())
        talk.say(sitting.nothing_due(now()))
    except (Leave, KeyboardInterrupt):
        pass
    except OSError as error:
        talk.say(f"Not kept, so not taken: {error.strerror or error}")
    talk.say(f"{sitting.right} of {sitting.count} right.")


def _one(talk: Talk, sitting: Drilling, one: Drill, now: Callable[[], dt.datetime]) -> None:
    talk.say()
    talk.say(one.text)
    talk.say(f"But {one.fact}: {one.value} (not {one.before}).")
    talk.say(f"{one.decides}. Without it: {one.words[one.was]}.")
    verdicts = tuple(one.words)
    place = None
    while place is None:
        try:
            titles = [one.words[verdict] for verdict in verdicts]
            place = talk.ask_one("And now?", titles, none="asks again")
        except Back:
            continue
    right = sitting.answer(verdicts[place], now())
    talk.say("Right." if right else f"No: {one.words[one.verdict]}.")
    if one.finding is None:
        talk.say(f"“{one.title}” does not apply yet.")
    else:
        talk.say(f"{one.finding.title}. {one.finding.because}")
        talk.say(one.finding.do, "Do: ", "  ")
        for source in one.sources:
            talk.say(source, "Source: ", "  ")
    talk.say(sitting.came_to(now()))


def say_standing(talk: Talk, sitting: Drilling, titles: Callable[[str], str]) -> None:
    """Say how each rule stands that was drilled."""
    now = dt.datetime.now(dt.UTC)
    standing = sitting.schedule.standing(now)
    for item in standing:
        recall = round(item.recall * 100)
        talk.say(
            f"{item.right} of {item.asked} right, recall {recall} %, {due_text(item.due, now)}: "
            f"{titles(item.rule)} [{item.rule}]",
            "  ",
            "    ",
        )
    talk.say(f"{len(standing)} rules drilled so far; the criteria have {len(sitting.rules)}.")
