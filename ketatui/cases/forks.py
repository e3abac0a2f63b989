"""Other files of the same case, as programs that keep folders in step leave them.

They put the name of the file into the name of the copy: ``ID (conflicted copy).toml``,
``ID.sync-conflict-20261121.toml``, ``Copy of ID.toml``.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ketatui.cases.identifiers import case_ids_in, is_case_file, stem_of

_HEAD = 400
"""Bytes of a file in which the program writes the id."""
_SETTLED = 2_000_000_000
"""Nanoseconds after which a folder's time of change tells every later change."""


def forks_of(path: Path, case_id: str) -> tuple[str, ...]:
    """Find the other files of a folder that are named after the same case.

    Args:
        path: The file that was read.
        case_id: The id of the case in it.

    Returns:
        Their names in order; none where the folder cannot be looked at. Two forms of one file,
        plain and encrypted, are two files of one case.
    """
    if not case_id:
        return ()
    try:
        changed = path.parent.stat().st_mtime_ns
        settled = time.time_ns() - changed > _SETTLED
        names = (_named if settled else _named.__wrapped__)(path.parent, changed)
    except OSError:
        return ()
    return tuple(name for name in names.get(case_id, ()) if name != path.name)


def named_otherwise(folder: Path, case_id: str) -> Path | None:
    """Find the file of a case that is not called as the program calls it.

    Args:
        folder: The folder of cases.
        case_id: The case's id.

    Returns:
        A file whose name holds the id, such as ``ID.TOML``, else one that begins by naming it;
        None where no file or more than one does.
    """
    try:
        names = sorted(path.name for path in folder.iterdir() if is_case_file(path.name))
    except OSError:
        return None
    found = [name for name in names if case_id in case_ids_in(stem_of(name))]
    found = found or [name for name in names if _begins_with_id(folder / name, case_id)]
    return folder / found[0] if len(found) == 1 else None


def _begins_with_id(path: Path, case_id: str) -> bool:
    try:
        with path.open("rb") as file:
            return f'id = "{case_id}"'.encode() in file.read(_HEAD)
    except OSError:
        return False


@lru_cache(maxsize=4)
def _named(folder: Path, _changed: int) -> Mapping[str, tuple[str, ...]]:
    """Return the case files of a folder by the ids in their names, read once until it changes."""
    found: dict[str, list[str]] = {}
    for name in sorted(path.name for path in folder.iterdir()):
        if is_case_file(name):
            for case_id in case_ids_in(stem_of(name)):
                found.setdefault(case_id, []).append(name)
    return {case_id: tuple(names) for case_id, names in found.items()}
