"""``ketatui cases diff``: two cases, or two revisions of one, side against side."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ketatui.cases.case_diff import CaseDifference, differences
from ketatui.cases.history import revision_of
from ketatui.cases.integrity import CaseReading, integrity_data, integrity_lines
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore
from ketatui.commands.inputs import case_name, folder_of, knowledge_of, path_of, read_reading
from ketatui.criteria.pack import Pack
from ketatui.engine.difference import Difference
from ketatui.engine.difference_data import difference_data
from ketatui.reports.case_diff import assessed, recorded_data, recorded_lines
from ketatui.reports.reassessment import difference_lines, head_line
from ketatui.reports.summary import WIDTH, plain, wrapped
from ketatui.structs import Frozen

SCHEMA = 1
"""Version of the JSON form."""

_AT_REVISION = re.compile(r"(.+)@([0-9]{1,9})")


class _Side(Frozen, frozen=True):
    """One of the two.

    Attributes:
        revision: Its number; None for a case that was never saved by the program.
    """

    name: str
    path: Path
    reading: CaseReading
    revision: int | None

    @property
    def case(self) -> Case:
        """The content."""
        return self.reading.case


def run(args: argparse.Namespace) -> int:
    """Compare, and print only what differs.

    Returns:
        0.

    Raises:
        Unusable: The criteria cannot be used.
        CaseError: A case cannot be read, or a revision cannot be reconstructed.
    """
    knowledge = knowledge_of(args)
    store = CaseStore(folder_of(args), knowledge.pack)
    a, b = (_side(store, knowledge.pack, name) for name in (args.a, args.b))
    recorded = differences(a.case, b.case, knowledge.pack)
    known = not (a.reading.unknown_here or b.reading.unknown_here)
    on = args.on or dt.date.today()
    found = assessed(knowledge, a.case, b.case, recorded, on, known_here=known)
    if args.json:
        print(json.dumps(_data(a, b, recorded, *found)))
    else:
        print(plain(_lines(knowledge.pack, a, b, recorded, *found)))
    return 0


def _side(store: CaseStore, pack: Pack, name: str) -> _Side:
    found = _AT_REVISION.fullmatch(name)
    number = None
    if found and not Path(name).exists():
        name, number = found[1], int(found[2])
    path = path_of(store, name)
    reading = read_reading(str(path), pack)
    case = reading.case
    if number is not None:
        unknown = bool(reading.unknown_here)
        case = revision_of(case, number, pack, str(path), as_saved=unknown)
    revision = case.revisions[-1].number if case.revisions else None
    return _Side(case_name(case, str(path)), path, reading.of(case), revision)


def _lines(
    pack: Pack,
    a: _Side,
    b: _Side,
    recorded: CaseDifference,
    found: Difference,
    today: Difference | None,
) -> Iterator[str]:
    for mark, side in (("A", a), ("B", b)):
        for text in integrity_lines(side.reading):
            yield from wrapped(text, f"! {mark}: ", "     ")
    yield from _head("A", a)
    yield from _head("B", b)
    yield from recorded_lines(pack, recorded)
    parts = [("As assessed when saved", found)]
    if today is not None:
        note = "Under the criteria at hand (not all reasons of then were kept)"
        parts.append((note, today))
    differ = not recorded.same
    for title, part in parts:
        recorded_then = part.then.is_recorded or part.now.is_recorded
        lines = list(difference_lines(pack, part, only_changed=True, width=WIDTH - 2))
        if lines and recorded_then:
            differ = True
            yield ""
            yield title
            if part is found and part.then.is_recorded:
                yield from wrapped(head_line(part), "  ")
            yield from (f"  {line}" for line in lines)
    if not differ:
        yield ""
        yield "Nothing differs."


def _head(mark: str, side: _Side) -> Iterator[str]:
    parts = [side.name]
    if side.revision is not None:
        last = side.case.revisions[-1]
        by = f" by {last.by}" if last.by else ""
        parts.append(f"revision {side.revision}, {last.at.astimezone():%Y-%m-%d %H:%M}{by}")
    if side.case.label and side.case.label != side.name:
        parts.append(side.case.label)
    yield from wrapped("; ".join(parts), f"{mark}: ", "   ")


def _data(
    a: _Side, b: _Side, recorded: CaseDifference, found: Difference, today: Difference | None
) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "a": _side_data(a),
        "b": _side_data(b),
        "same": recorded.same and found.same and (today is None or today.same),
        "recorded": recorded_data(recorded),
        "assessed": difference_data(found),
        "at_hand": None if today is None else difference_data(today),
    }


def _side_data(side: _Side) -> dict[str, Any]:
    return {
        "case": side.name,
        "path": str(side.path),
        "revision": side.revision,
        "label": side.case.label,
        "integrity": integrity_data(side.reading),
    }
