"""Whether saved cases come out the same under today's criteria."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from ketatui.cases.errors import CaseError
from ketatui.cases.store import CaseStore
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.engine.again import assess_again
from ketatui.spread import spread


def under(knowledge: Knowledge, today: dt.date) -> str:
    """Name what a comparison with today rests on: the same name, the same outcome.

    Args:
        knowledge: The compiled pack.
        today: The day; answers go stale from one to the next.

    Returns:
        A name for the library to remember.
    """
    return f"{knowledge.pack.digest} {today.isoformat()}"


def differing(pack: Pack, today: dt.date, paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """Assess saved cases again, on all processors where there are many.

    Args:
        pack: The criteria of today.
        today: The day.
        paths: The files.

    Yields:
        Each file, and whether a verdict is another than the saved one. A file that can not be
        read any more, and a case that was saved without an assessment, differ from nothing.
    """
    yield from zip(paths, spread(_prepared, (pack, today), _differs, paths), strict=True)


def _prepared(about: tuple[Pack, dt.date]) -> tuple[Knowledge, dt.date]:
    pack, today = about
    return compile_pack(pack), today


def _differs(state: tuple[Knowledge, dt.date], path: Path) -> bool:
    knowledge, today = state
    try:
        case = CaseStore(path.parent, knowledge.pack).load(path).case
    except CaseError:
        return False
    return assess_again(knowledge, case, today).difference.verdict_changed
