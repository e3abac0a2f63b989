"""Paths as somebody types them."""

from __future__ import annotations

import os
from pathlib import Path


def full_path(named: str | Path) -> Path:
    """Write a path out: from the root, with the home folder for ``~``; links stay links.

    Args:
        named: What was typed. A ``~`` of somebody who is not known here is a name like any other.
    """
    return Path(os.path.abspath(os.path.expanduser(named)))  # noqa: PTH100, PTH111
