"""Programs for Node, installed once into a folder of their own."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PLACE = HERE.parent / ".node-interop"


def run_node(script: str, *arguments: Path | str) -> Any:
    """Run a script of this folder where the packages are, and read its JSON.

    Raises:
        subprocess.CalledProcessError: It failed; its errors were shown.
    """
    shutil.copy(HERE / script, PLACE / script)
    done = subprocess.run(
        ["node", script, *map(str, arguments)], cwd=PLACE, check=True, stdout=subprocess.PIPE
    )
    return json.loads(done.stdout)
