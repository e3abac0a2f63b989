"""The library of a folder for commands, taken in before it is asked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ketatui.cases.index_place import index_path
from ketatui.cases.library import Library
from ketatui.commands.progress import Progress
from ketatui.course.indexing import index_stamp, treated
from ketatui.criteria.pack import Pack


def library_of(folder: Path, pack: Pack, on: dt.date | None = None) -> Library:
    """Open the library of a folder, with what is due in its courses.

    Args:
        folder: The folder of saved cases.
        pack: The criteria.
        on: The day to tell it for; today when None.
    """
    stamp, index = index_stamp(pack), index_path(folder)
    day = on or dt.date.today()
    return Library(folder, pack, stamp=stamp, index=index, courses=treated, today=lambda: day)


def keep_up(library: Library) -> None:
    """Take in what changed in the folder; says how far it is if that takes long.

    Raises:
        CaseError: The folder cannot be read.
    """
    progress: list[Progress] = []

    def report(done: int, of: int) -> bool:
        if not progress:
            progress.append(Progress(of))
        progress[0].say(done)
        return True

    library.update(report)
    for item in progress:
        item.clear()
