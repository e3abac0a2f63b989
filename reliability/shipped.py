"""The criteria as they are shipped, compiled once in a process."""

from __future__ import annotations

from functools import cache

from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack


@cache
def shipped() -> Knowledge:
    """Return the compiled pack."""
    return compile_pack(load_pack(default_folder({})))
