"""Crash reports: what broke, where in the code, and nothing of the case."""

from __future__ import annotations

import datetime as dt
import platform
import traceback
from contextlib import suppress
from pathlib import Path

import ketatui


def report_text(error: BaseException) -> str:
    """Describe an error by type and code locations only.

    Messages are left out: they can quote an answer, a note or a file's content.
    """
    lines = [
        f"ketatui {ketatui.__version__}, Python {platform.python_version()}, {platform.system()}",
        f"{dt.datetime.now(dt.UTC):%Y-%m-%d %H:%M:%S} UTC",
        "",
    ]
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__module__}.{type(seen).__name__}")
        for frame in traceback.extract_tb(seen.__traceback__):
            place = "/".join(Path(frame.filename).parts[-3:])
            lines.append(f"  {place}:{frame.lineno} in {frame.name}")
        # A worker's failure carries the error itself as an attribute.
        inner = getattr(seen, "error", None)
        seen = inner if isinstance(inner, BaseException) else seen.__cause__ or seen.__context__
    return "\n".join(lines) + "\n"


def write_report(error: BaseException, folder: Path) -> Path:
    """Write a report beside the drafts and return its path."""
    from ketatui.cases.atomic import write_atomically

    where = folder / "drafts"
    path = where / f"crash-{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}.txt"
    with suppress(OSError):
        where.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_atomically(path, report_text(error).encode())
    return path
