"""What several tests of the cohort need."""

from __future__ import annotations

import hashlib
from pathlib import Path


def digests(out: Path) -> dict[str, str]:
    """Every file of a folder of results, by its digest."""
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }
