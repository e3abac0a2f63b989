"""Where a case is kept, so that nothing else is ever written there."""

from __future__ import annotations

from pathlib import Path

from ketatui.cases.encryption.age import is_encrypted
from ketatui.cases.identifiers import is_case_file

_HEAD = 400
"""Bytes in which a case names itself."""
NEVER_OVER_A_CASE = "here a case is kept, or would be; an export never takes its place"


def is_kept_case(path: Path, folder: Path) -> bool:
    """Tell whether a case is kept in a file, or would be by its name and place.

    Args:
        path: Where something else is about to be written.
        folder: The folder of cases.

    Returns:
        True for a file that is named as a case in the folder of cases, and for any other file
        that holds a saved case of ours.
    """
    if not is_case_file(path.name):
        return False
    try:
        if path.resolve().parent == folder.resolve():
            return True
        if not path.is_file():
            return False
        with path.open("rb") as file:
            begin = file.read(_HEAD)
    except OSError:
        return True
    except ValueError:
        # No file can be called so; whoever writes it says that.
        return False
    return is_encrypted(begin) or (b"schema = " in begin and b"id = " in begin)
