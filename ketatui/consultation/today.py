"""Whether saved cases come out the same under today's criteria."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from ketatui.cases.encryption.sealing import read_sealed
from ketatui.cases.errors import CaseError
from ketatui.cases.model import Case
from ketatui.cases.reading import read_case
from ketatui.cases.toml_text import LARGEST_FILE, decode
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess, compile_pack
from ketatui.engine.difference import is_verdict_changed
from ketatui.engine.staleness import without_stale
from ketatui.parallel import map_in_parallel


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
        ``same``; empty for a file that these criteria cannot assess. A case that was saved
        without an assessment differs from nothing.
    """
    yield from zip(paths, map_in_parallel(_prepared, (pack, today), _differs, paths), strict=True)


def _prepared(about: tuple[Pack, dt.date]) -> tuple[Knowledge, dt.date]:
    pack, today = about
    return compile_pack(pack), today


def _differs(state: tuple[Knowledge, dt.date], path: Path) -> str:
    knowledge, today = state
    try:
        text = decode(read_sealed(path, LARGEST_FILE), path.name)
        case = read_case(text, path=path.name, pack=knowledge.pack)
    except CaseError:
        # Nobody can say how a case comes out of which these criteria do not know all.
        return ""
    if not case.assessment:
        return "same"
    if _comes_out_otherwise(knowledge, case, case, today):
        return "differs"
    fresh, stale = without_stale(knowledge, case, today)
    return "stale" if stale and _comes_out_otherwise(knowledge, case, fresh, today) else "same"


def _comes_out_otherwise(knowledge: Knowledge, saved: Case, case: Case, today: dt.date) -> bool:
    # Which verdicts, and no more: why they differ is worked out for a case that is looked at.
    assessment = assess(knowledge, case, today, with_changes=False)
    return is_verdict_changed(saved.assessment, assessment)
