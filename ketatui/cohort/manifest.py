"""What a folder of results says of itself: by what, when, of whom, and how far it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ketatui.cases import atomic
from ketatui.cohort.errors import CohortError
from ketatui.cohort.judging import Lowered
from ketatui.cohort.names import digest_of
from ketatui.cohort.sources import Source
from ketatui.criteria.pack import Pack

NAME = "manifest.json"
PARTS = "parts"
SCHEMA = 1
NO_OVERRIDES = "Overrides do not apply: nobody sets a finding aside for a cohort."


def described(
    pack: Pack,
    source: Source,
    lowered: Lowered,
    sql: str,
    engine: str,
    rows: Sequence[int],
) -> dict[str, Any]:
    """Return what tells one screening from another.

    Args:
        pack: The criteria.
        source: The table.
        lowered: The lowered pack.
        sql: What the engine runs.
        engine: Its name and version.
        rows: Number of patients, by file.

    Returns:
        A table without times: the same screening gives the same.
    """
    files = [
        {"name": path.name, "bytes": path.stat().st_size, "rows": count}
        for path, count in zip(source.files, rows, strict=True)
    ]
    return {
        "schema": SCHEMA,
        "pack": {
            "id": pack.info.id,
            "version": pack.info.version,
            "digest": pack.digest,
            "policy": pack.policy.title if pack.policy else None,
        },
        "on": lowered.on.isoformat(),
        "engine": engine,
        "sql": _digest(sql),
        "names": digest_of(lowered.program.lookups),
        "input": {"files": files, "rows": sum(rows), "columns": sorted(source.cells)},
        "constants": {k: _plain(v) for k, v in sorted(source.given.constants.items())},
        "overrides": NO_OVERRIDES,
        "columns": {
            "rules": {pathway: dict(rules) for pathway, rules in lowered.rules.items()},
            "effects": {pathway: dict(found) for pathway, found in lowered.effects.items()},
            "payers": {payer: dict(rules) for payer, rules in lowered.payers.items()},
        },
    }


def _digest(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | str) else float(str(value))


def write(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest, whole or not at all."""
    data = json.dumps(manifest, indent=1, ensure_ascii=False).encode() + b"\n"
    atomic.write_new(folder / NAME, data, force=True)


def read(folder: Path) -> dict[str, Any]:
    """Read the manifest of a folder of results.

    Raises:
        CohortError: There is none, or it is not of this program.
    """
    path = folder / NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CohortError(
            f"{folder}: no results; allowed: a folder that 'ketatui cohort screen' wrote"
        ) from None
    except (OSError, ValueError) as error:
        raise CohortError(f"{path}: cannot be read: {error}") from None
    if not isinstance(found, dict) or found.get("schema") != SCHEMA:
        raise CohortError(f"{path}: not a manifest of version {SCHEMA}")
    return found


def finished(folder: Path) -> dict[str, Any]:
    """Read the manifest of a screening that came to its end.

    Raises:
        CohortError: There is none, or it did not.
    """
    found = read(folder)
    if not found.get("finished"):
        raise CohortError(f"{folder}: the screening is not finished; run it again to go on")
    return found
