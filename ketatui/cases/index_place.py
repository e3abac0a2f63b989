"""Where the index of a folder of cases is kept, and the version of its tables."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from ketatui.cases.encryption.state import is_secret
from ketatui.paths import user_folder

VERSION = 12
"""Of the tables and what fills them; an index of another version is made anew."""


def index_path(folder: Path) -> Path | None:
    """Return where the index of a folder is kept: among the caches, never beside the cases.

    Args:
        folder: The folder of saved cases.

    Returns:
        A file of its own for each folder; None for an encrypted one, of which nothing readable
        is written, and where there is no place for it.
    """
    try:
        return None if is_secret(folder) else index_file(folder)
    except OSError:
        return None  # There is no place for it: it is then made anew each time.


def index_file(folder: Path) -> Path:
    """Return the file of a folder's index, whatever may be written there."""
    named = hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:16]
    return caches() / f"library-{named}.sqlite"


def caches() -> Path:
    """Return the folder that all indexes are in."""
    return user_folder("cache")


def folder_written(folder: Path) -> str:
    """Return a folder as it can stand in its index, whatever it was called from where one stands.

    A name that is no UTF-8 is written out.
    """
    return os.fsencode(folder.absolute()).decode(errors="backslashreplace")
