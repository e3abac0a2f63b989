"""Reading a draft's journal: JSON lines, the first a header, each further one an event.

In an encrypted folder each line is an age message of its own, in base64.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ketatui.cases.atomic import read_bytes_limited
from ketatui.cases.encryption.sealing import LineOpener, NoKeyError
from ketatui.cases.errors import CaseError
from ketatui.cases.identifiers import file_name, is_case_id
from ketatui.cases.json_form import case_from_data, case_to_data, from_json, to_json
from ketatui.cases.model import Case
from ketatui.cases.store import Stamp
from ketatui.structs import Frozen

FORMAT = 1
LARGEST_JOURNAL = 50_000_000
"""Bytes; hours of answering take some hundreds of thousands."""


class Header(Frozen, frozen=True):
    """What a draft began with."""

    case_id: str
    pack: str
    """The criteria pack, as its owner names it: id, version, digest."""
    started: dt.datetime
    base: Stamp | None
    """The saved case being amended; None for a new one."""
    snapshot: Case
    """The case before the first event."""


class JournalContent(Frozen, frozen=True):
    """What could be read of a journal."""

    header: Header | None
    """None only with a problem."""
    events: tuple[dict[str, Any], ...] = ()
    """Every event up to the end, or up to the damage."""
    torn: bool = False
    """Whether the last line was cut off, as by a power cut while it was written."""
    problem: str | None = None
    """What is damaged, for a journal that is more than torn."""
    size: int = 0
    """Bytes of the whole lines that were read."""


def header_line(header: Header) -> bytes:
    """Write a header.

    Args:
        header: What the draft begins with.

    Returns:
        One line of JSON with its line feed.
    """
    base = header.base
    return _line(
        {
            "format": FORMAT,
            "case_id": header.case_id,
            "pack": header.pack,
            "started": header.started.isoformat(),
            # Which file that is, the draft's own folder and the id say: the folder may move.
            "base": {"sha256": base.sha256} if base else None,
            "snapshot": case_to_data(header.snapshot),
        }
    )


def event_line(event: Mapping[str, Any]) -> bytes:
    """Write an event.

    Args:
        event: Values of a case: also Decimals, dates and moments.

    Returns:
        One line of JSON with its line feed.

    Raises:
        TypeError: If it holds something that has no JSON form.
    """
    return _line({key: to_json(value) for key, value in event.items()})


def read_journal(path: Path) -> JournalContent:
    """Read a journal, however it ended.

    Args:
        path: The journal.

    Returns:
        Header and events. A last line that was cut off is left out and reported; damage before
        that ends the reading, with the reason.
    """
    try:
        data = read_bytes_limited(path, LARGEST_JOURNAL)
    except CaseError as error:
        return JournalContent(None, problem=error.problems[0].message)
    lines = [line + b"\n" for line in data.split(b"\n")[:-1]]
    tail = data[sum(map(len, lines)) :]
    if not lines:
        return JournalContent(None, torn=bool(tail), problem="holds nothing that can be read")
    opener = LineOpener(folder_of_draft(path))
    try:
        header = _header(_parsed(lines[0], opener), path)
    except NoKeyError as error:
        return JournalContent(None, problem=f"encrypted; {error}")
    except ValueError as error:
        return JournalContent(None, problem=f"line 1 cannot be used: {error}")
    return _events(header, lines, tail, opener)


def folder_of_draft(path: Path) -> Path:
    """Return the folder of cases that a draft belongs to.

    Args:
        path: The draft.

    Returns:
        The folder in which ``drafts/`` is.
    """
    return path.absolute().parent.parent


def _case_file(path: Path) -> Path:
    """Return the file of the case that a draft changes: in the draft's own folder.

    What it is called once the folder is encrypted, saving knows.
    """
    return folder_of_draft(path) / file_name(path.stem)


def _events(header: Header, lines: list[bytes], tail: bytes, opener: LineOpener) -> JournalContent:
    events: list[dict[str, Any]] = []
    size = len(lines[0])
    for number, line in enumerate(lines[1:], start=2):
        try:
            events.append(_event(line, opener))
        except (ValueError, NoKeyError):
            problem = f"line {number} of {len(lines)} is damaged; everything before it was kept"
            return JournalContent(header, tuple(events), bool(tail), problem, size)
        size += len(line)
    try:
        # Only the line feed is missing: the event itself is whole.
        events.extend([_event(tail, opener)] if tail else [])
    except (ValueError, NoKeyError):
        return JournalContent(header, tuple(events), torn=True, size=size)
    return JournalContent(header, tuple(events), size=size)


def _line(table: Mapping[str, Any]) -> bytes:
    # ASCII only: no character of a note can then be cut in half or end a line.
    return json.dumps(table, separators=(",", ":"), allow_nan=False).encode("ascii") + b"\n"


def _parsed(line: bytes, opener: LineOpener) -> dict[str, Any]:
    try:
        table = json.loads(opener(line))
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(table, dict):
        raise ValueError("not a table")
    return table


def _event(line: bytes, opener: LineOpener) -> dict[str, Any]:
    return {key: from_json(value) for key, value in _parsed(line, opener).items()}


def _header(table: dict[str, Any], path: Path) -> Header:
    case_id = path.stem
    version = table.get("format")
    if version != FORMAT:
        newer = isinstance(version, int) and version > FORMAT
        raise ValueError("written by a newer version of the program" if newer else "no journal")
    if table.get("case_id") != case_id or not is_case_id(case_id):
        raise ValueError("the draft is of another case than its name says")
    base = table.get("base")
    try:
        return Header(
            case_id=case_id,
            pack=str(table["pack"]),
            started=dt.datetime.fromisoformat(table["started"]),
            # Drafts of before name an absolute path: it may lead to where the folder was once.
            base=Stamp(_case_file(path), str(base["sha256"])) if base else None,
            snapshot=case_from_data(table["snapshot"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"incomplete ({error})") from error
