"""``ketatui cases reassess``: saved cases under the criteria at hand, then and now."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from ketatui.cases.errors import CaseError, Problem, printable
from ketatui.cases.identifiers import is_case_file
from ketatui.cases.store import CaseStore
from ketatui.commands.again import Job, outcomes
from ketatui.commands.progress import Progress
from ketatui.commands.sharing import folder_of, full, knowledge_of, path_of, say_errors
from ketatui.criteria.loading import default_folder

_MANY = 20
"""Fewer cases are done before progress could be read."""
_EVERY = 0.1
"""Seconds between two signs of progress."""


def run(args: argparse.Namespace) -> int:
    """Assess the cases again; those that can be read are printed even if others can not.

    Returns:
        0, or 2 if a file could not be used.

    Raises:
        Unusable: The criteria can not be used.
        CaseError: A folder can not be read.
    """
    knowledge = knowledge_of(args)
    store = CaseStore(folder_of(args), knowledge.pack)
    paths = list(dict.fromkeys(_named(store, args.names)))
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


def _named(store: CaseStore, names: list[str]) -> Iterator[Path]:
    if not names:
        yield from _in_folder(store.folder) if store.folder.exists() else ()
    for name in names:
        path = path_of(store, name)
        if path.is_dir():
            yield from _in_folder(path)
        else:
            yield path


def _in_folder(folder: Path) -> Iterator[Path]:
    """The case files of a folder, newest first."""
    try:
        names = sorted((path.name for path in folder.iterdir()), reverse=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise CaseError(str(folder), [Problem(None, "", why)]) from None
    yield from (folder / name for name in names if is_case_file(name))
