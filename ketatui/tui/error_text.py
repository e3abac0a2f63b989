"""What went wrong, said so that it fits the hint line."""

from __future__ import annotations

from pathlib import Path

from ketatui.cases.errors import CaseError, DraftInUseError
from ketatui.printable import printable


def said_of(error: Exception) -> str:
    """Say in one line what went wrong; of a file only its name, or a path leaves no room.

    Where a draft cannot be begun, its folder is named: that is what has to be mended.

    Args:
        error: Reading or writing failed with it.

    Returns:
        The file's name and the first problem.
    """
    if isinstance(error, DraftInUseError):
        return "this draft is open in another window: close it there first"
    if isinstance(error, CaseError):
        name = Path(error.path).name or error.path
        return error.problems[0].said_of(printable(name))
    if isinstance(error, OSError) and error.strerror:
        named = isinstance(error.filename, str) and error.filename
        name = f"{printable(Path(str(error.filename)).name)}: " if named else ""
        if name.endswith(".lock: "):
            folder = printable(str(Path(str(error.filename)).parent))
            name = f"{folder} cannot be written to: "
        return f"{name}{error.strerror}"
    return (str(error).splitlines() or [type(error).__name__])[0]
