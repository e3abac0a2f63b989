"""``ketatui practice drill``: drills of single rules in plain text."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys

from ketatui.commands.inputs import Unusable, knowledge_of
from ketatui.commands.walk import more_waits, write
from ketatui.practice.drill_session import Drilling
from ketatui.practice.drilling import NoSchedulerError
from ketatui.practice.loading import load_rubric
from ketatui.practice.screening_and_visits import rules_of
from ketatui.practice.tables import practice_folder
from ketatui.settings import practice_folder_to_use
from ketatui.walk import Talk
from ketatui.walk.drilling import drill, say_standing


def run(args: argparse.Namespace) -> int:
    """Drill rules on standard input and output, or say how they stand.

    Returns:
        0.

    Raises:
        Unusable: The criteria cannot be used, or the library that schedules is not installed.
        CaseError: The pack's drills cannot be used.
    """
    knowledge = knowledge_of(args)
    folder = practice_folder_to_use(args.attempts, os.environ)
    rubric = load_rubric(practice_folder(knowledge.pack))
    try:
        sitting = Drilling.begin(knowledge, rubric, folder, _now())
    except NoSchedulerError as error:
        raise Unusable(str(error)) from None
    talk = Talk(sys.stdin.readline, write, more_waits if sys.stdin.isatty() else None)
    if args.standing:
        rules = rules_of(knowledge.pack)
        say_standing(talk, sitting, lambda rule: rules[rule].title if rule in rules else rule)
    else:
        drill(talk, sitting, _now)
    return 0


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
