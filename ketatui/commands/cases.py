"""``ketatui cases show/verify``: saved cases without the app."""

from __future__ import annotations

import argparse
from pathlib import Path

from ketatui.cases.errors import CaseError, printable
from ketatui.cases.library import look
from ketatui.cases.store import CaseStore
from ketatui.commands.sharing import (
    folder_of,
    knowledge_of,
    path_of,
    say_errors,
    say_plain_files,
)
from ketatui.criteria.pack import Pack
from ketatui.reports.record import record


def run(args: argparse.Namespace) -> int:
    """Run one of the two.

    Returns:
        0; 1 if a case that was verified is not sound; 2 if a case can not be read.

    Raises:
        Unusable: The criteria can not be used.
        CaseError: The folder can not be read.
    """
    pack = knowledge_of(args).pack
    store = CaseStore(folder_of(args), pack)
    if args.action == "show":
        return _show(store, args.names)
    return _verify(store, args.names)


def _show(store: CaseStore, names: list[str]) -> int:
    status = 0
    printed = False
    for name in names:
        try:
            loaded = store.load(path_of(store, name))
        except CaseError as error:
            say_errors(str(error).splitlines())
            status = 2
            continue
        if printed:
            print("\n" + "=" * 80 + "\n")
        assert isinstance(store.catalog, Pack)
        print(record(store.catalog, loaded.reading))
        printed = True
    return status


def _verify(store: CaseStore, names: list[str]) -> int:
    paths = [path_of(store, name) for name in names]
    if not names:
        paths = [store.folder / name for name in sorted(look(store.folder), reverse=True)]
        say_plain_files(store.folder)
    status = 0
    for path in paths:
        if not path.exists():
            say_errors([f"{path}: no such file"])
            status = 2
            continue
        problems = store.verify(path)
        if not problems:
            print(printable(f"{_shown(path)}: ok"))
        for problem in problems:
            print(printable(problem.said_of(_shown(path))))
        if problems:
            status = max(status, 1)
    return status


def _shown(path: Path) -> str:
    return str(path)
