"""``ketatui assess``: case files assessed without the app."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Iterator, Sequence

from ketatui.cases.errors import CaseError
from ketatui.cases.model import Case
from ketatui.cases.remarks import remarks_data
from ketatui.commands.altered import altered, altered_data, altered_text
from ketatui.commands.inputs import STDIN, Unusable, case_name, full, knowledge_of, read_and_look
from ketatui.commands.inputs import say_errors as _say
from ketatui.commands.job import Job, prepared
from ketatui.engine import Knowledge, assess
from ketatui.engine.staleness import stale_data, without_stale
from ketatui.garbage import collect_garbage
from ketatui.parallel import MANY, map_in_parallel
from ketatui.reports.stale import stale_lines
from ketatui.reports.summary import plain, summary
from ketatui.structs import Frozen


class Outcome(Frozen, frozen=True):
    """What became of one file.

    Attributes:
        text: What to print.
        problems: Why the file cannot be used; empty for a case.
        remarks: What is said of it on standard error all the same.
    """

    text: str = ""
    problems: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


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
    job = Job(
        criteria=knowledge.pack.folder,
        policy=full(args.policy),
        on=args.on or dt.date.today(),
        as_json=args.json,
    )
    status = 0
    printed = False
    for outcome in _outcomes(job, knowledge, args.files):
        if outcome.problems:
            _say(outcome.problems)
            status = 2
            continue
        _say(outcome.remarks)
        if printed and not args.json:
            print("\n" + "=" * 80 + "\n")
        print(outcome.text)
        printed = True
    return status


def _outcomes(job: Job, knowledge: Knowledge, files: Sequence[str]) -> Iterator[Outcome]:
    """Assess files in their order, on all processors where there are many."""
    if len(files) <= MANY or STDIN in files:
        # What standard input holds can be read here alone.
        yield from (_outcome((job, knowledge), file) for file in files)
    else:
        yield from map_in_parallel(prepared, job, _outcome, files)


def _outcome(state: tuple[Job, Knowledge], file: str) -> Outcome:
    job, knowledge = state
    try:
        read, remarks = read_and_look(file, knowledge.pack, job.on)
        text = _assessed(knowledge, read, file, job.on, as_json=job.as_json)
        return Outcome(text=text, remarks=remarks)
    except CaseError as error:
        return Outcome(problems=tuple(str(error).splitlines()))


def _assessed(knowledge: Knowledge, read: Case, file: str, on: dt.date, *, as_json: bool) -> str:
    # A practice case is of the one day it was written for.
    case, stale = (read, ()) if read.practice else without_stale(knowledge, read, on)
    assessment = assess(knowledge, case, on).replaced(case=case_name(case, file))
    reading = altered(read, knowledge.pack)
    if as_json:
        # ASCII only: no character of a file can then act on a terminal.
        marked: dict[str, object] = {"practice": True} if case.practice else {}
        marked |= {"stale": stale_data(stale)} if stale else {}
        marked |= remarks_data(read, knowledge.pack, on)
        return json.dumps({**assessment.to_data(), **marked, **altered_data(reading)})
    old = [*stale_lines(knowledge.pack, stale), ""] if stale else []
    first = altered_text(reading) + plain(old) + "\n" * bool(old)
    return first + summary(knowledge.pack, case, assessment)
