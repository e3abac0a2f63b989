"""The schemas that files name in their first line, as taplo reads them in an editor."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from interop.node import PLACE
from interop.tally import Tally
from scripts.schemas import FOLDER, ROOT, files

_WRONG = '#:schema {schema}\n[[thresholds]]\nname = "bp hold"\nvalue = "160"\n'
_REFUSED = re.compile(r'invalid file error=[^"]* path="([^"]+)"')


def check() -> Tally:
    """Let taplo check every file that names a schema, and one that is wrong.

    Returns:
        The files tried, and those that it refuses, or should have.
    """
    tally = Tally("Files that taplo finds in keeping with their schemas")
    program = PLACE / "node_modules" / ".bin" / "taplo"
    if shutil.which(str(program)) is None:
        tally.left_out = "taplo is not installed"
        return tally
    wrong = PLACE / "wrong.toml"
    wrong.write_text(_WRONG.format(schema=(FOLDER / "thresholds.schema.json").as_uri()), "utf-8")
    paths = [path for path, _ in files()]
    tally.tried = len(paths) + 1
    command = [str(program), "check", *map(str, paths), str(wrong)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    refused = {Path(path) for path in _REFUSED.findall(done.stderr)}
    for path in sorted(refused - {wrong}):
        tally.differs(f"{path.name} is refused")
    if wrong not in refused:
        tally.differs("a wrong name and a text for a number are not refused")
    return tally
