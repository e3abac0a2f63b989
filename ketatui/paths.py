"""Paths as somebody types them."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Literal


def full_path(named: str | Path) -> Path:
    """Write a path out: from the root, with the home folder for ``~``; links stay links.

    Args:
        named: What was typed. A ``~`` of somebody who is not known here is a name like any other.
    """
    return Path(os.path.abspath(os.path.expanduser(named)))  # noqa: PTH100, PTH111


def user_folder(kind: Literal["config", "data", "cache"]) -> Path:
    """Return where the program keeps something of the person who uses it.

    Args:
        kind: What: the settings, the cases, or what can be made anew.

    Raises:
        OSError: There is no such place: no HOME is set, and the user is in no list of users.
    """
    import platformdirs

    find = {
        "config": platformdirs.user_config_path,
        "data": platformdirs.user_data_path,
        "cache": platformdirs.user_cache_path,
    }[kind]
    try:
        return find("ketatui", appauthor=False)
    except (RuntimeError, KeyError):
        message = "there is no home folder here: set HOME, or name the folder of cases with --cases"
        raise OSError(errno.ENOENT, message) from None
