"""What is due, by an index that is as its folder is now: no case is read, and no criteria are.

Reading the criteria takes longer than all that is asked here. They need not be read where each of
their files is, byte for byte, what the index was made by (`criteria_mark`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import ketatui
from ketatui.cases.due_index import DueIndex, DueOf
from ketatui.cases.errors import CaseError
from ketatui.cases.index_place import VERSION, folder_written, index_path
from ketatui.cases.scanning import differing
from ketatui.garbage import without_collecting


class Told(NamedTuple):
    """What an index tells of a folder.

    Attributes:
        due: What is due, soonest first.
        altered: The files that are not what was saved.
        problems: Why files cannot be read.
        titles: What everything is called that can be due.
    """

    due: list[DueOf]
    altered: list[Path]
    problems: list[str]
    titles: dict[str, str]


def criteria_mark(folder: Path, policy: Path | None) -> str:
    """Name the files of criteria as they are, and the program that reads them.

    Args:
        folder: The pack's folder.
        policy: A local policy file.

    Raises:
        OSError: One of them cannot be read.
    """
    found = hashlib.sha256(ketatui.__version__.encode())
    for path in (*sorted(folder.rglob("*.toml")), *([policy] if policy else [])):
        data = path.read_bytes()
        found.update(os.fsencode(path) + f" {len(data)}\n".encode())
        found.update(data)
    return found.hexdigest()


def told_by_index(folder: Path, mark: str, on: dt.date, last: dt.date) -> Told | None:
    """Ask the index of a folder what is due, if nothing has changed since it was made.

    Args:
        folder: The folder of saved cases.
        mark: Names the criteria's files, as `criteria_mark` does.
        on: Today.
        last: The last day that is of interest.

    Returns:
        None where the folder, a case, the criteria or today ask for more than the index has.
    """
    path = index_path(folder)
    if path is None or not path.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            # All that is asked is of one moment, whoever writes to the index meanwhile.
            base.execute("begin")
            with without_collecting():
                return _told(base, folder, mark, on, last)
    except (sqlite3.Error, CaseError):
        return None


def _told(
    base: sqlite3.Connection, folder: Path, mark: str, on: dt.date, last: dt.date
) -> Told | None:
    def ask(sql: str, values: Sequence[Any] = ()) -> list[Any]:
        return base.execute(sql, values).fetchall()

    if ask("pragma user_version") != [(VERSION,)]:
        return None
    about = dict(ask("select name, value from about"))
    if about.get("criteria_mark") != mark or about.get("folder") != folder_written(folder):
        return None
    known = {name: hash(written) for name, written in ask("select name, mark from cases")}
    if differing(folder, known) or known:
        return None
    due = DueIndex(ask, folder)
    if due.not_settled(on):
        return None
    titles = json.loads(about["due_titles"])
    return Told(due.until(on, last), due.altered(), due.problems(), titles)
