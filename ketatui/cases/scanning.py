"""What is in the folder, as the disk says, without opening a file."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.identifiers import is_case_file
from ketatui.structs import Frozen


class Found(Frozen, frozen=True):
    """A file that should be a case.

    Attributes:
        name: Its name in the folder; where it is no UTF-8, how that is written out.
        mark: Changes when the file does.
        changed_ns: When it was changed, in nanoseconds since 1970.
        problem: Why it cannot even be looked at; empty for a file.
    """

    name: str
    mark: str
    changed_ns: int = 0
    problem: str = ""


def look(folder: Path, names: Collection[str] | None = None) -> dict[str, Found]:
    """List the case files of a folder.

    Args:
        folder: The folder; one that is missing holds nothing.
        names: Look at these only.

    Returns:
        The files by name.

    Raises:
        CaseError: If the folder cannot be read.
    """
    if names is not None:
        there = [_found(folder / name, name) for name in names if _there(folder / name)]
        return {item.name: item for item in there}
    return {item.name: item for item in differing(folder, {})}


def differing(folder: Path, known: dict[str, int]) -> list[Found]:
    """List the case files of a folder that are not what is known of them.

    Args:
        folder: The folder; one that is missing holds nothing.
        known: The hash of each file's mark; left in it is what is not in the folder any more. Of
            64 bits, it takes a third of a mark's memory; two marks in 2**64 share one, and a case
            that is opened is read in any case.

    Returns:
        The files that are new or have another mark.

    Raises:
        CaseError: If the folder cannot be read.
    """
    found = []
    try:
        with os.scandir(folder) as items:
            for item in items:
                name = item.name
                if not is_case_file(name):
                    continue
                # Most files are as they were: nothing is made of those, there may be many.
                try:
                    mark = _mark(item.stat())
                except OSError:
                    mark = ""
                if mark and known.get(name) == hash(mark):
                    del known[name]
                    continue
                file = _found(item, name)
                if hash(file.mark) != known.pop(file.name, None):
                    found.append(file)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise CaseError(str(folder), [Problem(None, "", error.strerror or str(error))]) from None
    return found


def _there(path: Path) -> bool:
    return os.path.lexists(path)


def _found(item: os.DirEntry[str] | Path, name: str) -> Found:
    try:
        name.encode()
    except UnicodeEncodeError:
        # No index can hold it, and no other machine may be able to show it.
        shown = os.fsencode(name).decode(errors="backslashreplace")
        return Found(shown, "", problem="the name of this file is no UTF-8; rename it")
    try:
        seen = item.stat()
    except FileNotFoundError:
        return Found(name, "", problem="a link to nothing")
    except OSError as error:
        return Found(name, "", problem=error.strerror or str(error))
    return Found(name, _mark(seen), seen.st_mtime_ns)


def _mark(seen: os.stat_result) -> str:
    # Whoever sets back the time of change cannot set back that of the inode.
    return f"{seen.st_mtime_ns} {seen.st_ctime_ns} {seen.st_size} {seen.st_ino}"
