"""Write docs/schemas/ from the public contract, and the line in each file that names its schema.

Run it after a change of ``ketatui/contract/`` or of the questions of the pack:
``.venv/bin/python scripts/schemas.py``.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ketatui.contract.schemas import KINDS, json_schema  # noqa: E402
from ketatui.criteria.default import default_folder  # noqa: E402
from ketatui.criteria.loading import load_pack  # noqa: E402
from ketatui.criteria.pack import Pack  # noqa: E402

FOLDER = ROOT / "docs" / "schemas"
MARK = "#:schema "
"""What taplo and the editors that use it take for the name of a schema."""
EXAMPLES = {
    "course.toml": "case",
    "policy.toml": "policy",
    "night-baker.toml": "practice-case",
    "practice/night-tram.toml": "practice-case",
}
"""Files in docs/examples, and what they are."""


def schema_text(what: str, pack: Pack) -> str:
    """Return the file of a kind."""
    return json.dumps(json_schema(what, pack), indent=1, ensure_ascii=False) + "\n"


def files() -> Iterator[tuple[Path, str]]:
    """Yield every TOML file that people edit, and the kind it is of."""
    criteria = ROOT / "criteria"
    found = {
        path: what
        for what, kind in KINDS.items()
        for pattern in kind.files
        for path in sorted(criteria.glob(pattern))
    }
    yield from found.items()
    yield from ((ROOT / "docs" / "examples" / name, what) for name, what in EXAMPLES.items())


def schema_line(path: Path, what: str) -> str:
    """Return the first line of a file."""
    there = os.path.relpath(FOLDER / f"{what}.schema.json", path.parent)
    return f"{MARK}{Path(there).as_posix()}\n"


def with_line(path: Path, what: str) -> str:
    """Return a file's text with its first line as it should be."""
    text = path.read_text("utf-8")
    rest = text.partition("\n")[2] if text.startswith(MARK) else text
    return schema_line(path, what) + rest


def main() -> None:
    """Write the schemas, and the first line of every file."""
    pack = load_pack(default_folder({}))
    FOLDER.mkdir(exist_ok=True)
    wanted = {f"{what}.schema.json": schema_text(what, pack) for what in KINDS}
    for path in FOLDER.glob("*.schema.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, "utf-8")
    for path, what in files():
        path.write_text(with_line(path, what), "utf-8")


if __name__ == "__main__":
    main()
