"""``ketatui course due``: what has to be done by when in all courses of a folder."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

from ketatui.cases.store import CaseStore
from ketatui.commands.inputs import (
    Unusable,
    case_name,
    folder_of,
    pack_with_course,
    say_errors,
    there,
)
from ketatui.commands.listing import keep_up, library_of
from ketatui.course.due import Due, What, due_rows, soonest_first
from ketatui.criteria.pack import Pack
from ketatui.printable import printable

_WORDS = {
    "rems-form": "REMS monitoring form",
    "serious-event": "Serious event to be reported",
    "session": "Session",
    "review": "Review of benefit",
    "liver": "Liver tests",
    "urinary": "Bladder questions",
}


def run(args: argparse.Namespace) -> int:
    """Print what is due, soonest first; files that cannot be read are named and passed over.

    Returns:
        0, or 2 if a file could not be used.

    Raises:
        Unusable: The criteria or the folder cannot be used.
    """
    folder = there(folder_of(args)) if args.folder is None else Path(args.folder)
    if args.folder is not None and not folder.is_dir():
        raise Unusable(f"{folder}: no such folder; course due takes a folder of cases")
    pack = pack_with_course(args)
    on = args.on or dt.date.today()
    last = dt.date.max if args.within is None else on + dt.timedelta(days=args.within)
    found, status = _found(pack, folder, on, last)
    _say_begun(folder)
    if args.json:
        sys.stdout.writelines(f"{item.to_json(on)}\n" for item in found)
        return status
    if not found:
        print(f"Nothing is due in {printable(str(folder))}")
    sys.stdout.writelines(_lines(found, on))
    return status


def _say_begun(folder: Path) -> None:
    """Say on standard error where a session was begun in a draft: it is in no saved case yet."""
    if not (folder / "drafts").is_dir():
        return
    # Imported only where there may be a draft.
    from ketatui.cases.drafts import list_drafts

    begun = [item for item in list_drafts(folder) if item.timed]
    say_errors(
        f"{item.path}: a session was begun in this draft, which is not counted: ketatui goes on "
        "with it"
        for item in begun
    )


def _found(pack: Pack, folder: Path, on: dt.date, last: dt.date) -> tuple[list[Due], int]:
    """Find what is due by the index; of cases with something after today by their files."""
    library = library_of(folder, pack)
    try:
        keep_up(library)
        problems, altered = library.due.problems(), library.due.altered()
        day = dt.date.fromisoformat
        found = [
            Due(case, course, what, visit, day(by))
            for case, course, what, visit, by in library.due.until(on, last)
        ]
        for path in library.due.not_settled(on):
            case = CaseStore(folder, pack).load(path).reading.counted
            rows = due_rows(pack.course, case, on, case_name(case, str(path)))
            found += [item for item in rows if item.by <= last]
    finally:
        library.close()
    say_errors(problems)
    # What is due follows from the file all the same: nothing is left out for it.
    say_errors(f"{path}: ALTERED outside the program; due is what it says now" for path in altered)
    return soonest_first(found), 2 if problems else 0


def _lines(found: list[Due], on: dt.date) -> Iterator[str]:
    """Yield a line each; what many of tens of thousands share is put together once."""
    heads: dict[tuple[dt.date, What], str] = {}
    names: dict[str, str] = {}
    for item in found:
        by, what, case = item.by, item.what, item.case
        head = heads.get((by, what))
        if head is None:
            head = heads[by, what] = _head(by, what, on)
        name = names.get(case)
        if name is None:
            name = names[case] = printable(case)
        visit = "" if item.for_visit is None else f", visit {item.for_visit}"
        yield f"{head}{name} ({item.course}{visit})\n"


def _head(by: dt.date, what: What, on: dt.date) -> str:
    days = (by - on).days
    when = f"{-days} d overdue" if days < 0 else "today" if days == 0 else f"in {days} d"
    return f"{by}  {when:>12}  {_WORDS[what]:<28}  "
