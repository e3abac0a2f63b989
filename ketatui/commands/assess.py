"""``ketatui assess``: case files assessed without the app."""

from __future__ import annotations

import argparse
import datetime as dt
import json

from ketatui.cases.errors import CaseError
from ketatui.commands.sharing import STDIN, Unusable, case_name, knowledge_of, read_case_file
from ketatui.commands.sharing import say_errors as _say
from ketatui.engine import Knowledge, assess
from ketatui.reports.summary import summary
from ketatui.starting import collect_garbage


def run(args: argparse.Namespace) -> int:
    """Assess each file; those that can be read are printed even if others can not.

    Returns:
        0, or 2 if a file could not be used.

    Raises:
        Unusable: The criteria or the arguments can not be used.
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
    case = read_case_file(file, knowledge.pack)
    assessment = assess(knowledge, case, on).replaced(case=case_name(case, file))
    if as_json:
        # ASCII only: no character of a file can then act on a terminal.
        marked = {"practice": True} if case.practice else {}
        return json.dumps({**assessment.to_data(), **marked})
    return summary(knowledge.pack, case, assessment)
