"""``ketatui cases show/verify``: saved cases without the app."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path

from ketatui.cases.errors import CaseError, said_of_all
from ketatui.cases.integrity import integrity_lines
from ketatui.cases.store import CaseStore
from ketatui.commands.inputs import (
    Unusable,
    folder_of,
    knowledge_of,
    named_files,
    path_of,
    say_errors,
    say_plain_files,
)
from ketatui.criteria.pack import Pack
from ketatui.printable import printable
from ketatui.reports.record import record


def run(args: argparse.Namespace) -> int:
    """Run one of the two.

    Returns:
        0; 1 if a case that was verified is not sound; 2 if a case cannot be read, or there is
        no such folder.

    Raises:
        Unusable: The criteria cannot be used.
        CaseError: The folder cannot be read.
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
    if not names:
        if not store.folder.is_dir():
            raise Unusable(f"{store.folder}: there is no such folder of cases")
        say_plain_files(store.folder)
    status = sound = 0
    paths = list(dict.fromkeys(named_files(store, names)))
    for path in paths:
        found, lines = _verified(store, path)
        status = max(status, found)
        sound += not found
        say = say_errors if found == 2 else _print
        say(lines)
    wrong = len(paths) - sound
    count = "1 case" if len(paths) == 1 else f"{len(paths)} cases"
    print(f"{count} verified: {sound} sound" + (f", {wrong} with problems" if wrong else ""))
    return status


def _verified(store: CaseStore, path: Path) -> tuple[int, list[str]]:
    """Verify a file; return the exit status it asks for, and what there is to say."""
    if not path.exists():
        return 2, [f"{path}: no such file"]
    problems = store.verify(path)
    try:
        reading = store.load(path).reading
    except CaseError as error:
        return 1, [*said_of_all(str(path), problems, error.more)]
    lines = [*said_of_all(str(path), problems)]
    # The first sentence of an altered case says what the problems have said.
    more = integrity_lines(reading)[1 if reading.integrity.seal != "sealed" else 0 :]
    if problems or reading.integrity.forks:
        return 1, [*lines, *(f"{path}: {text}" for text in more)]
    return 0, [f"{path}: ok", *(f"{path}: {text}" for text in more)]


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(printable(line))
