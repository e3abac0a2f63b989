"""Writes the licenses of everything in the locks into ``docs/libraries.md``.

They come from the metadata of what is installed. What is in a lock for another system, and so
not installed here, keeps the line it has.
"""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "libraries.md"
MARKS = ("<!-- licenses: scripts/licenses.py -->", "<!-- end of licenses -->")
_HEAD = "| library | license, as its metadata says | installed to |\n|---|---|---|"
_PINNED = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==", re.MULTILINE)


def locked(name: str) -> set[str]:
    """Return the libraries of a lock."""
    return set(_PINNED.findall((ROOT / name).read_text("utf-8")))


def license_of(library: str) -> str:
    """Return what a library's metadata says of its license; empty when it is not installed."""
    try:
        found = metadata(library)
    except PackageNotFoundError:
        return ""
    expressions = found.get_all("License-Expression") or []
    if expressions:
        return str(expressions[0])
    classified = [
        text.rpartition(" :: ")[2]
        for text in found.get_all("Classifier") or []
        if text.startswith("License :: ") and not text.endswith("OSI Approved")
    ]
    said = "".join(found.get_all("License") or []).strip().splitlines()[:1]
    return ", ".join(classified) or "".join(said)[:60]


def kept(text: str) -> dict[str, str]:
    """Return the licenses that are in the document."""
    part = text.partition(MARKS[0])[2].partition(MARKS[1])[0]
    rows = [row.split("|") for row in part.strip().splitlines()[2:]]
    return {row[1].strip(): row[2].strip() for row in rows}


def table() -> str:
    """Return the table."""
    before = kept(TARGET.read_text("utf-8"))
    runs = locked("requirements.lock")
    lines = [_HEAD]
    for name in sorted(runs | locked("requirements-dev.lock")):
        said = license_of(name) or before.get(name, "")
        lines.append(f"| {name} | {said} | {'run' if name in runs else 'develop'} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the table between its marks."""
    text = TARGET.read_text("utf-8")
    head, _, rest = text.partition(MARKS[0])
    tail = rest.partition(MARKS[1])[2]
    TARGET.write_text(f"{head}{MARKS[0]}\n{table()}{MARKS[1]}{tail}", "utf-8")


if __name__ == "__main__":
    main()
