"""Which criteria are used where none are named."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

ENVIRONMENT = "KETATUI_CRITERIA"
"""Environment variable that points at another pack."""


def default_folder(environ: Mapping[str, str] | None = None) -> Path:
    """Return the folder of the pack to use when none is named.

    The environment variable first; then the pack the wheel carries; then ``criteria/`` of the
    checkout this package was imported from.
    """
    named = (os.environ if environ is None else environ).get(ENVIRONMENT)
    if named:
        return Path(named)
    package = Path(__file__).resolve().parents[1]
    carried = package / "pack"
    return carried if (carried / "pack.toml").is_file() else package.parent / "criteria"
