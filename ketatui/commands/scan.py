"""``ketatui cases scan``: what in saved cases looks like an identifier of a person."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ketatui.cases.errors import CaseError, printable
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore
from ketatui.commands.progress import Progress
from ketatui.commands.sharing import (
    folder_of,
    knowledge_of,
    named_files,
    say_errors,
    scanner_for,
)
from ketatui.criteria.pack import Pack
from ketatui.privacy import Sighting, look_through, place_text


def run(args: argparse.Namespace) -> int:
    """Look the cases through.

    Returns:
        0; 1 if anything was seen; 2 if a case can not be read.

    Raises:
        Unusable: The criteria can not be used.
        CaseError: A folder can not be read.
    """
    knowledge = knowledge_of(args)
    pack = knowledge.pack
    scanner = scanner_for(knowledge, args)
    store = CaseStore(folder_of(args), pack)
    paths = list(dict.fromkeys(named_files(store, args.names)))
    progress = Progress(len(paths))
    seen = unreadable = 0
    for done, path in enumerate(paths, start=1):
        try:
            case = store.load(path).case
        except CaseError as error:
            progress.clear()
            say_errors(str(error).splitlines())
            unreadable += 1
            continue
        found = look_through(scanner, case)
        seen += len(found)
        if found:
            progress.make_way()
        for item in found:
            said = _data(path, item) if args.json else _line(pack, case, path, item)
            print(said)
        progress.say(done)
    progress.clear()
    if not args.json:
        print(_total(len(paths) - unreadable, seen))
    return 2 if unreadable else min(seen, 1)


def _total(cases: int, seen: int) -> str:
    what = "1 case" if cases == 1 else f"{cases} cases"
    if not seen:
        return f"{what} looked through; nothing looks like an identifier"
    return f"{what} looked through; {seen} {'place' if seen == 1 else 'places'} to check"


def _line(pack: Pack, case: Case, path: Path, item: Sighting) -> str:
    where = place_text(pack, case, item.place)
    return printable(f"{path}: {where}: “{item.seen.text}” looks like: {item.seen.title}")


def _data(path: Path, item: Sighting) -> str:
    return json.dumps(
        {
            "path": str(path),
            "place": list(item.place),
            "kind": item.seen.kind,
            "text": item.seen.text,
            "start": item.seen.start,
            "end": item.seen.end,
            "replacement": item.seen.replacement,
            "history": item.sealed,
        }
    )
