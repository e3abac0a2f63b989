"""``ketatui course due``: what has to be done by when in all courses of a folder."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path

from ketatui.cases.encryption.sealing import read_sealed
from ketatui.cases.errors import CaseError
from ketatui.cases.reading import read_case
from ketatui.cases.store import CaseStore
from ketatui.cases.toml_text import LARGEST_FILE, decode
from ketatui.commands.inputs import (
    Unusable,
    case_name,
    course_of,
    folder_of,
    named_files,
    say_errors,
)
from ketatui.course import CourseKnowledge
from ketatui.course.due import Due, due_in, soonest_first
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
    folder = folder_of(args) if args.folder is None else Path(args.folder)
    if args.folder is not None and not folder.is_dir():
        raise Unusable(f"{folder}: no such folder; course due takes a folder of cases")
    knowledge = course_of(args)
    on = args.on or dt.date.today()
    found, status = _found(knowledge, folder, on)
    if args.within is not None:
        found = [item for item in found if (item.by - on).days <= args.within]
    if args.json:
        for item in found:
            print(json.dumps(item.to_data(on)))
        return status
    if not found:
        print(f"Nothing is due in {printable(str(folder))}")
    for item in found:
        print(printable(_line(item, on)))
    return status


def _found(knowledge: CourseKnowledge, folder: Path, on: dt.date) -> tuple[list[Due], int]:
    pack = knowledge.screening.pack
    found: list[Due] = []
    status = 0
    for path in named_files(CaseStore(folder, pack), [str(folder)] if folder.exists() else []):
        try:
            text = decode(read_sealed(path, LARGEST_FILE), str(path))
            # Most cases have no course, and reading one takes far longer than looking for it.
            if "courses" not in text:
                continue
            case = read_case(text, path=str(path), pack=pack)
        except CaseError as error:
            say_errors(str(error).splitlines()[:1])
            status = 2
            continue
        if not case.practice:
            found += due_in(knowledge, case, on, case_name(case, str(path)))
    return soonest_first(found), status


def _line(item: Due, on: dt.date) -> str:
    days = (item.by - on).days
    when = f"{-days} d overdue" if days < 0 else "today" if days == 0 else f"in {days} d"
    visit = f", visit {item.for_visit}" if item.for_visit is not None else ""
    return f"{item.by}  {when:>12}  {_WORDS[item.what]:<28}  {item.case} ({item.course}{visit})"
