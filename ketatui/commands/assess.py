"""``ketatui assess``: case files assessed without the app."""

from __future__ import annotations

import argparse
import datetime as dt
import json

from ketatui.cases.errors import CaseError
from ketatui.commands.inputs import STDIN, Unusable, case_name, knowledge_of, read_case_file
from ketatui.commands.inputs import say_errors as _say
from ketatui.engine import Knowledge, assess
from ketatui.engine.staleness import stale_data, without_stale
from ketatui.garbage import collect_garbage
from ketatui.reports.stale import stale_lines
from ketatui.reports.summary import plain, summary


def run(args: argparse.Namespace) -> int:
    """Assess each file; those that can be read are printed even if others cannot.

    Returns:
        0, or 2 if a file could not be used.

    Raises:
        Unusable: The criteria or the arguments cannot be used.
    """
    if args.files.count(STDIN) > 1:
        raise Unusable("ketatui assess: standard input can be read only once")
    knowledge = knowledge_of(args)
    collect_garbage()
    on = args.on or dt.date.today()
    status = 0
    printed = False
    for file in args.files:
        try:
            text = _assessed(knowledge, file, on, as_json=args.json)
        except CaseError as error:
            _say(str(error).splitlines())
            status = 2
            continue
        if printed and not args.json:
            print("\n" + "=" * 80 + "\n")
        print(text)
        printed = True
    return status


def _assessed(knowledge: Knowledge, file: str, on: dt.date, *, as_json: bool) -> str:
    read = read_case_file(file, knowledge.pack)
    # A practice case is of the one day it was written for.
    case, stale = (read, ()) if read.practice else without_stale(knowledge, read, on)
    assessment = assess(knowledge, case, on).replaced(case=case_name(case, file))
    if as_json:
        # ASCII only: no character of a file can then act on a terminal.
        marked: dict[str, object] = {"practice": True} if case.practice else {}
        marked |= {"stale": stale_data(stale)} if stale else {}
        return json.dumps({**assessment.to_data(), **marked})
    old = [*stale_lines(knowledge.pack, stale), ""] if stale else []
    return plain(old) + "\n" * bool(old) + summary(knowledge.pack, case, assessment)
