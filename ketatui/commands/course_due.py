"""``ketatui course due``: what has to be done by when in all courses of a folder."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Iterator
from itertools import groupby
from json.encoder import encode_basestring_ascii
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from ketatui.cases.due_index import DueOf, order_told
from ketatui.cases.folders import folder_to_use
from ketatui.cases.warm_index import Told, criteria_mark, told_by_index
from ketatui.criteria.default import default_folder
from ketatui.printable import printable

if TYPE_CHECKING:
    from ketatui.criteria.pack import Pack

_day = itemgetter(0)


def run(args: argparse.Namespace) -> int:
    """Print what is due, soonest first; files that cannot be read are named and passed over.

    Returns:
        0, or 2 if a file could not be used.

    Raises:
        Unusable: The criteria or the folder cannot be used.
    """
    on = args.on or dt.date.today()
    last = dt.date.max if args.within is None else on + dt.timedelta(days=args.within)
    folder = folder_to_use(args.cases, os.environ) if args.folder is None else args.folder
    told = _by_index(args, folder, on, last) or _by_library(args, folder, on, last)
    for said in told.problems:
        print(printable(said), file=sys.stderr)
    for path in told.altered:
        # What is due follows from the file all the same: nothing is left out for it.
        said = f"{path}: ALTERED outside the program; due is what it says now"
        print(printable(said), file=sys.stderr)
    _say_begun(folder)
    if not told.due and not args.json:
        print(f"Nothing is due in {printable(str(folder))}")
    # At once: a stream that is not buffered would be written to once a line.
    lines = json_lines(told.due, on) if args.json else _lines(told, on)
    sys.stdout.write("".join(lines))
    return 2 if told.problems else 0


def _say_begun(folder: Path) -> None:
    """Say on standard error where a session was begun in a draft: it is in no saved case yet."""
    if not (folder / "drafts").is_dir():
        return
    # Imported only where there may be a draft.
    from ketatui.cases.drafts import list_drafts

    for item in list_drafts(folder):
        if item.timed:
            said = (
                f"{item.path}: a session was begun in this draft, which is not counted: open "
                "it in ketatui"
            )
            print(printable(said), file=sys.stderr)


def _by_index(args: argparse.Namespace, folder: Path, on: dt.date, last: dt.date) -> Told | None:
    """Ask the index alone; None where more is needed, or something is to be said of the rest."""
    mark = _mark(args)
    return told_by_index(folder, mark, on, last) if mark and folder.is_dir() else None


def _mark(args: argparse.Namespace) -> str:
    """Name the criteria's files; empty where one cannot be read, which reading them says."""
    try:
        return criteria_mark(args.criteria or default_folder(), args.policy)
    except OSError:
        return ""


def _by_library(args: argparse.Namespace, folder: Path, on: dt.date, last: dt.date) -> Told:
    """Read what is new; of cases with something after today their files tell what is due.

    Raises:
        Unusable: The criteria or the folder cannot be used.
    """
    # Imported only where the index alone does not tell: it takes longer than asking the index.
    from ketatui.commands.inputs import Unusable, pack_with_course, there
    from ketatui.commands.library import keep_up, library_of
    from ketatui.course.due import due_titles

    if args.folder is None:
        there(folder)
    elif not folder.is_dir():
        raise Unusable(f"{folder}: no such folder; course due takes a folder of cases")
    mark = _mark(args)
    pack = pack_with_course(args)
    titles = due_titles(pack.course)
    library = library_of(folder, pack, on)
    try:
        keep_up(library)
        if mark == _mark(args):
            # What was read lies between the two.
            library.keep_mark(mark, titles)
        due = library.due.until(on, last)
        if later := library.due.not_settled(on):
            due += _by_files(pack, folder, later, on, last)
            due.sort(key=order_told)
        return Told(due, library.due.altered(), library.due.problems(), titles)
    finally:
        library.close()


def _by_files(
    pack: Pack, folder: Path, paths: list[Path], on: dt.date, last: dt.date
) -> Iterator[DueOf]:
    from ketatui.cases.store import CaseStore
    from ketatui.commands.inputs import case_name
    from ketatui.course.due import due_rows

    store = CaseStore(folder, pack)
    for path in paths:
        case = store.load(path).reading.counted
        for item in due_rows(pack.course, case, on, case_name(case, str(path))):
            if item.by <= last:
                yield item.as_told()


def _lines(told: Told, on: dt.date) -> Iterator[str]:
    """Yield a line each; what many of tens of thousands share is put together once."""
    shown: dict[str, str] = {}
    for by, same_day in groupby(told.due, _day):
        heads = {what: _head(by, title, on) for what, title in told.titles.items()}
        for _, case, course, what, visit in same_day:
            name = shown.get(case)
            if name is None:
                name = shown[case] = printable(case)
            about = "" if visit is None else f", visit {visit}"
            yield f"{heads[what]}{name} ({course}{about})\n"


def _head(by: str, title: str, on: dt.date) -> str:
    days = (dt.date.fromisoformat(by) - on).days
    when = f"{-days} d overdue" if days < 0 else "today" if days == 0 else f"in {days} d"
    return f"{by}  {when:>12}  {title:<28}  "


def json_lines(found: list[DueOf], on: dt.date) -> Iterator[str]:
    """Yield the JSON form of the public contract, in ASCII, put together by hand for its speed."""
    text, today = encode_basestring_ascii, on.isoformat()
    for by, case, course, what, visit in found:
        yield (
            f'{{"case": {text(case)}, "course": {text(course)}, "what": "{what}", '
            f'"for_visit": {"null" if visit is None else visit}, "by": "{by}", '
            f'"overdue": {"true" if by < today else "false"}}}\n'
        )
