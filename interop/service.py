"""The service before programs of others: a fuzzer of its description, and a browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from interop.node import run_node
from interop.tally import Tally

HERE = Path(__file__).resolve().parent
FUZZER = HERE.parent / ".venv-interop" / "bin" / "schemathesis"


@contextmanager
def serving(folder: Path, *arguments: str) -> Iterator[str]:
    """Run the real service; yield what it said once it was ready.

    Args:
        folder: Its home.
        arguments: Further arguments of ``ketatui serve``.
    """
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "ketatui", "--cases", str(folder / "cases")),
            *("serve", "--port", "0", *arguments),
        ],
        env={**os.environ, "PYTHONPATH": str(HERE.parent), "HOME": str(folder)},
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        last = "services:" if "--no-browser" in arguments else "app:"
        said = ""
        for line in process.stdout:
            said += line
            if last in line:
                break
        yield said
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def found_in(said: str, pattern: str) -> str:
    """Return what a pattern finds in what the service said.

    Raises:
        ValueError: Nothing.
    """
    found = re.search(pattern, said)
    if found is None:
        raise ValueError(f"not said: {pattern}")
    return found[1]


def check_description(folder: Path, seed: int, examples: int = 100) -> Tally:
    """Let schemathesis call every address with what its description allows, and what it does not.

    Args:
        folder: Where files may be written.
        seed: Of what it makes up.
        examples: For each address.

    Returns:
        The calls it made; its own account of each that came out otherwise.
    """
    tally = Tally("Calls of the service, made up by schemathesis from its description")
    kept = folder / "feedback.jsonl"
    with serving(folder, "--no-browser", "--feedback", str(kept)) as said:
        address = found_in(said, r"answers at (\S+)")
        token = found_in(said, r"token: +(\S+)")
        done = subprocess.run(
            [
                *(str(FUZZER), "--config-file", str(HERE / "schemathesis.toml"), "run"),
                *(f"{address}/openapi.json", "--header", f"Authorization: Bearer {token}"),
                *("--max-examples", str(examples), "--seed", str(seed), "--no-color"),
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
    made = re.search(r"([\d,]+) generated", done.stdout)
    tally.tried = int(made[1].replace(",", "")) if made else 0
    if done.returncode or not tally.tried:
        lines = [line for line in done.stdout.splitlines() if line.strip()]
        tally.otherwise = lines[-60:] or [done.stderr[-400:]]
    return tally


def check_browser(folder: Path) -> Tally:
    """Open the app in Chromium: with keys, the mouse, and another size; its link opens once.

    Args:
        folder: Where files may be written; the picture stays beside the working folder.

    Returns:
        What was looked at, and what was not there.
    """
    tally = Tally("The app in Chromium: keys, mouse, size, a link that opens once")
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        tally.left_out = "Chromium is not installed"
        return tally
    with serving(folder) as said:
        link = found_in(said, r"app: +(\S+)")
        picture = folder / "browser.png"
        found = run_node("browser.mjs", link, browser, picture)
        address = found_in(said, r"answers at (\S+)")
    for name, there in found["seen"].items():
        tally.tried += 1
        if not there:
            tally.differs(name)
    tally.tried += 3
    for other in sorted(set(found["asked"]) - {address, "data:", "null"}):
        tally.differs(f"the page asks {other}")
    for text in found["refused"]:
        tally.differs(text)
    if picture.stat().st_size < 5000:
        tally.differs("the picture is empty")
    return tally
