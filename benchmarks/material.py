"""What is measured on: the shipped examples, and invented cases kept in a cache folder.

The ten thousand invented cases are real files, made by ``scripts/demo_cases.py`` (about a minute on
two processors) and kept for the next run. A hundred thousand are ten hard links to each of them,
and an index in which each has an id and a moment of its own: made directly, not read from files.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import platformdirs

from benchmarks.terminal import ROOT
from ketatui.cases.library import Library
from ketatui.cases.model import Case
from ketatui.cases.scanning import look
from ketatui.cases.toml_form import read_case
from ketatui.course.indexing import index_stamp, treated
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack
from scripts import demo_cases

DAY = dt.date(2026, 11, 21)
_BATCH = 1000


@cache
def knowledge() -> Knowledge:
    """Return the shipped pack, compiled."""
    return compile_pack(load_pack(ROOT / "criteria"))


@cache
def examples() -> tuple[tuple[Path, Case], ...]:
    """Return the shipped example cases."""
    pack = knowledge().pack
    paths = sorted((ROOT / "saved_cases").glob("*-example??.toml"))
    return tuple(
        (path, read_case(path.read_text(encoding="utf-8"), path=path.name, pack=pack))
        for path in paths
    )


def said(text: str) -> None:
    """Say what is going on."""
    print(f"  {text} …", file=sys.stderr, flush=True)


def home(number: int) -> Path:
    """Return a home folder with so many invented cases; made where it is missing.

    Args:
        number: How many cases: up to 10,000 real files, beyond that links to those.

    Returns:
        A folder with ``cases`` and a place for caches.
    """
    pack = knowledge().pack
    place = platformdirs.user_cache_path("ketatui-bench", appauthor=False)
    found = place / f"{number}-{pack.digest[-12:]}"
    done = found / "complete"
    if not done.exists():
        shutil.rmtree(found, ignore_errors=True)
        (found / "cases").mkdir(parents=True, mode=0o700)
        if number <= 10_000:
            said(f"writing {number:,} invented cases into {found}")
            demo_cases.main([str(number), "--folder", str(found / "cases")])
        else:
            _link(home(10_000) / "cases", found / "cases", number)
        done.touch()
    return found


def _link(originals: Path, folder: Path, number: int) -> None:
    said(f"linking {number:,} files")
    names = sorted(path.name for path in originals.iterdir() if path.suffix == ".toml")
    for at in range(number):
        copy, name = divmod(at, len(names))
        stem = names[name].removesuffix(".toml")
        os.link(originals / names[name], folder / f"{stem}{copy}.toml")


def library_of(cases: Path, index: Path | None) -> Library:
    """Open the library of a folder as the app does: under another stamp it would read all anew."""
    pack = knowledge().pack
    return Library(cases, pack, stamp=index_stamp(pack), index=index, courses=treated)


def fill(target: Library, source: Library) -> None:
    """Take every file of a folder into its index without reading it.

    Args:
        target: The library of a folder of links, its index empty.
        source: The library of the files they are linked to, ready.
    """
    said("making the index")
    # The words an entry is found by stay in the index when it is read.
    sql = "select name, text from cases join texts using (key)"
    texts = dict(source._index.ask(sql))
    entries = {
        entry.path.stem: entry.replaced(text=texts[entry.path.name]) for entry in source.all()
    }

    def rows() -> Iterator[tuple[object, object]]:
        for name, item in look(target.folder).items():
            stem = name.removesuffix(".toml")
            entry, copy = entries[stem[:-1]], int(stem[-1])
            moment = entry.saved_at and entry.saved_at - dt.timedelta(days=copy)
            path = target.folder / name
            yield item, entry.replaced(path=path, id=stem, saved_at=moment)

    waiting = rows()
    while batch := list(islice(waiting, _BATCH)):
        # The way in is not public: everybody else goes by the files.
        target._change(take=batch)  # type: ignore[arg-type]
    target._index.join_words(lambda: True)
