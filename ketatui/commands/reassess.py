"""``ketatui cases reassess``: saved cases under the criteria at hand, then and now."""

from __future__ import annotations

import argparse
import datetime as dt

from ketatui.cases.store import CaseStore
from ketatui.commands.inputs import folder_of, full, knowledge_of, named_files, say_errors, there
from ketatui.commands.job import Job
from ketatui.commands.many_cases import outcomes
from ketatui.commands.progress import Progress
from ketatui.criteria.default import default_folder
from ketatui.printable import printable


def run(args: argparse.Namespace) -> int:
    """Assess the cases again; those that can be read are printed even if others cannot.

    Returns:
        0, or 2 if a file could not be used.

    Raises:
        Unusable: The criteria cannot be used, or the folder named is not there.
        CaseError: A folder cannot be read.
    """
    knowledge = knowledge_of(args)
    folder = folder_of(args) if args.names else there(folder_of(args))
    store = CaseStore(folder, knowledge.pack)
    paths = list(dict.fromkeys(named_files(store, args.names)))
    if not paths and not args.json:
        print(f"No cases in {printable(', '.join(args.names) or str(store.folder))}")
    job = Job(
        criteria=(args.criteria or default_folder()).absolute(),
        policy=full(args.policy),
        on=args.on or dt.date.today(),
        as_json=args.json,
        keep_stale=args.keep_stale,
    )
    progress = Progress(len(paths))
    changed = unusable = shown = 0
    for done, found in enumerate(outcomes(job, knowledge, paths), start=1):
        changed += found.changed
        unusable += bool(found.problems)
        if found.problems:
            progress.clear()
            say_errors(found.problems)
        elif found.changed or not args.changed:
            progress.make_way()
            print(f"\n{found.text}" if shown and not args.json else found.text)
            shown += 1
        progress.say(done)
    progress.clear()
    if len(paths) > 1 and not args.json:
        print(f"{chr(10) if shown else ''}{_total(len(paths) - unusable, changed)}")
    return 2 if unusable else 0


def _total(cases: int, changed: int) -> str:
    what = "1 case" if cases == 1 else f"{cases} cases"
    return f"{what} assessed again; " + (
        "no verdict changed" if not changed else f"{changed} with a verdict that changed"
    )
