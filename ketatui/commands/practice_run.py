"""``ketatui practice run``: does a practice case in plain text."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import shlex
import sys

from ketatui.commands.inputs import Unusable, knowledge_of, say_errors
from ketatui.commands.walk import more_waits, write
from ketatui.practice.attempts import finished, list_attempts
from ketatui.practice.drafts import begin, resume, unfinished
from ketatui.practice.loading import PracticeCase, PracticeLibrary, load_library
from ketatui.practice.progress import Suggestion, suggest
from ketatui.privacy import scanner_of
from ketatui.settings import load_settings, own_cases_folder, practice_folder_to_use
from ketatui.walk import Talk
from ketatui.walk.practicing import PracticeWalk


def _case(library: PracticeLibrary, name: str | None, next_one: Suggestion | None) -> PracticeCase:
    if name is None and next_one is not None:
        return library.cases[next_one.case]
    if name is None or name not in library.cases:
        raise Unusable(f"there is no practice case {name!r}; ketatui practice list names them")
    return library.cases[name]


def _again(args: argparse.Namespace, ident: str) -> str:
    parts = ["ketatui", "practice", "run", ident]
    for option in ("attempts", "own", "criteria", "policy"):
        value = getattr(args, option)
        if value is not None:
            parts += [f"--{option}", str(value)]
    return shlex.join(parts)


def run(args: argparse.Namespace) -> int:
    """Do a practice case on standard input and output.

    Returns:
        0, whether it was committed to or left.

    Raises:
        Unusable: The criteria or the arguments cannot be used, or no try is left.
        CaseError: A file cannot be read.
        DraftInUseError: The run is open in another window.
    """
    knowledge = knowledge_of(args)
    library = load_library(knowledge.pack, own_cases_folder(args.own, os.environ))
    say_errors(library.problems)
    folder = practice_folder_to_use(args.attempts, os.environ)
    attempts = finished(list_attempts(folder))
    now = dt.datetime.now(dt.UTC)
    case = _case(library, args.name, suggest(library, attempts, now))
    draft = unfinished(folder).get(case.id)
    settings = load_settings()
    talk = Talk(sys.stdin.readline, write, more_waits if sys.stdin.isatty() else None)
    if draft is not None:
        work, notices = resume(draft.path, library, knowledge)
        for notice in ("The run that was left goes on.", *notices):
            talk.say(notice)
    else:
        due = library.assigned(case.id)
        tried = sum(item.case == case.id for item in attempts)
        if due is not None and due.tries is not None and tried >= due.tries:
            raise Unusable(f"{case.id} is assigned, and no try is left")
        timed = settings.practice_timer
        work = begin(folder, library, case, knowledge, now=now, timed=timed)
    walk = PracticeWalk(
        work,
        talk,
        scanner_of(knowledge.pack),
        folder,
        settings.by,
        lambda: dt.datetime.now(dt.UTC),
        _again(args, case.id),
        settings.weight_unit,
    )
    walk.go()
    return 0
