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


def differing(pack: Pack, today: dt.date, paths: Sequence[Path]) -> Iterator[tuple[Path, str]]:
    """Assess saved cases again, on all processors where there are many.

    Args:
        pack: The criteria of today.
        today: The day.
        paths: The files.

    Yields:
        Each file, and how it comes out: ``differs`` where a verdict is another under today's
        criteria, ``stale`` where that is only so because answers are too old to count, else
        ``same``. A file that can not be read any more, and a case that was saved without an
        assessment, differ from nothing.
    """
    yield from zip(paths, spread(_prepared, (pack, today), _differs, paths), strict=True)


def _prepared(about: tuple[Pack, dt.date]) -> tuple[Knowledge, dt.date]:
    pack, today = about
    return compile_pack(pack), today


def _differs(state: tuple[Knowledge, dt.date], path: Path) -> str:
    knowledge, today = state
    try:
        case = CaseStore(path.parent, knowledge.pack).load(path).case
    except CaseError:
        return "same"
    if assess_again(knowledge, case, today, keep_stale=True).difference.verdict_changed:
        return "differs"
    again = assess_again(knowledge, case, today)
    return "stale" if again.stale and again.difference.verdict_changed else "same"
