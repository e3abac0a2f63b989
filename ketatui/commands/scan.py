"""``ketatui cases scan``: what in saved cases and drafts looks like an identifier of a person."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ketatui.cases.drafts import list_drafts
from ketatui.cases.errors import CaseError
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore
from ketatui.commands.inputs import (
    folder_of,
    knowledge_of,
    named_files,
    say_errors,
    scanner_for,
    there,
)
from ketatui.commands.progress import Progress
from ketatui.consultation.saving import states_of
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from ketatui.printable import printable
from ketatui.privacy import Place, Scanner, Sighting, key_of, look_through, place_text
from ketatui.structs import Frozen

DRAFT = ".jsonl"


def run(args: argparse.Namespace) -> int:
    """Look the cases through.

    Returns:
        0; 1 if anything was seen; 2 if a case cannot be read.

    Raises:
        Unusable: The criteria cannot be used, or there is no such folder.
        CaseError: A folder cannot be read.
    """
    knowledge = knowledge_of(args)
    pack = knowledge.pack
    scanner = scanner_for(knowledge, args)
    folder = folder_of(args)
    store = CaseStore(folder if args.names else there(folder), pack)
    files = list(named_files(store, args.names))
    paths = list(dict.fromkeys([*files, *_drafts(store, args.names)]))
    progress = Progress(len(paths))
    total = _Total()
    for done, path in enumerate(paths, start=1):
        try:
            found = _seen(knowledge, scanner, store, path)
        except CaseError as error:
            progress.clear()
            say_errors(str(error).splitlines())
            total.unreadable += 1
            continue
        total.take(path, found)
        if found:
            progress.make_way()
        for item in found:
            print(_data(path, item) if args.json else _line(pack, path, item))
        progress.say(done)
    progress.clear()
    if not args.json:
        print(total.said())
    return 2 if total.unreadable else min(total.seen, 1)


class _Found(Frozen, frozen=True):
    """Something seen, and the case as it was then; what only a draft's past holds is over."""

    item: Sighting
    case: Case
    over: bool = False

    @property
    def stays(self) -> bool:
        return self.over or self.item.sealed


def _drafts(store: CaseStore, names: list[str]) -> Iterator[Path]:
    """Yield the drafts of the folders that are looked through."""
    for folder in map(Path, names) if names else [store.folder]:
        if folder.is_dir():
            yield from (item.path for item in list_drafts(folder) if not item.practice)


def _seen(knowledge: Knowledge, scanner: Scanner, store: CaseStore, path: Path) -> list[_Found]:
    if path.suffix != DRAFT:
        case = store.load(path).case
        return [_Found(item, case) for item in look_through(scanner, case)]
    states = states_of(path, knowledge)
    found: dict[tuple[object, ...], _Found] = {}
    # The present state comes first, so that what it holds is not told once more as over.
    for case in reversed(states):
        for item in look_through(scanner, case):
            key = (item.place, item.seen.kind, item.seen.text)
            found.setdefault(key, _Found(item, case, over=case is not states[-1]))
    return list(found.values())


@dataclass
class _Total:
    cases: int = 0
    drafts: int = 0
    seen: int = 0
    stay: int = 0
    unreadable: int = 0

    def take(self, path: Path, found: list[_Found]) -> None:
        if path.suffix == DRAFT:
            self.drafts += 1
        else:
            self.cases += 1
        self.seen += len(found)
        self.stay += sum(item.stays for item in found)

    def said(self) -> str:
        what = "1 case" if self.cases == 1 else f"{self.cases} cases"
        if self.drafts:
            what += f" and {'1 draft' if self.drafts == 1 else f'{self.drafts} drafts'}"
        what += " looked through"
        if self.unreadable:
            what += f", {self.unreadable} could not be read"
        if not self.seen:
            read = self.cases + self.drafts or not self.unreadable
            return f"{what}; nothing looks like an identifier" if read else what
        kept = f", {self.stay} of them only in history or reviews" if self.stay else ""
        return f"{what}; {self.seen} {'place' if self.seen == 1 else 'places'} to check{kept}"


def _line(pack: Pack, path: Path, found: _Found) -> str:
    item = found.item
    where = place_text(pack, found.case, item.place)
    over = ", before it was changed" if found.over else ""
    return printable(f"{path}: {where}{over}: “{item.seen.text}” looks like: {item.seen.title}")


def _place(place: Place) -> list[str | int]:
    return list(place) if key_of(place) is None else [*place[:-1], "a key"]


def _data(path: Path, found: _Found) -> str:
    item = found.item
    return json.dumps(
        {
            "path": str(path),
            "place": _place(item.place),
            "kind": item.seen.kind,
            "text": item.seen.text,
            "start": item.seen.start,
            "end": item.seen.end,
            "replacement": item.seen.replacement,
            "history": found.stays,
        }
    )
