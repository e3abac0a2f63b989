"""The library of saved cases: opened, filtered, rebuilt, assessed again; in the app and without."""

from __future__ import annotations

import os
import sqlite3
import tomllib
from collections.abc import Collection, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from time import perf_counter

from benchmarks.bare import READY, command
from benchmarks.clock import in_turn, times
from benchmarks.material import DAY, fill, home, knowledge, library_of, said
from benchmarks.start import LISTED, started, started_before
from benchmarks.table import Row
from benchmarks.terminal import APP, Terminal
from ketatui.cases.library import Query
from ketatui.cases.library.index import remove_files
from ketatui.cases.scanning import differing as differing_files
from ketatui.consultation.today import differing
from ketatui.tui.views.library import LibraryLines

SIZES = (10_000, 100_000)
_RUNS = 5
_SITTINGS = 3
_WORDS = ("loss", "mood", "afraid", "pain", "tired", "sleep", "third", "house")
_EACH = 16
"""Every so many files are read by tomllib; the time of all is that many times as long."""
_AGAIN = 4
"""Every so many cases are assessed again, and likewise."""
_DOWN = b"\x1b[B"
_BARE = "a bare Textual app with one Static"
_ONE_CORE = f"tomllib over every {_EACH}th of the files, time × {_EACH}, one processor"


def index_of(place: Path) -> Path:
    """Return where the app keeps the index of ``cases`` when it is at home there."""
    from ketatui.cases.index_place import index_path

    # The name of the file depends on the folder of cases only.
    named = index_path(place / "cases")
    assert named is not None
    return place / "cache" / "ketatui" / named.name


@cache
def ready(number: int) -> Path:
    """Return a home with so many cases whose index is ready: the app has nothing to read.

    The folder is looked through once for all who ask: nothing changes in it while it is measured.
    """
    place = home(number)
    index = index_of(place)
    with closing(library_of(place / "cases", index)) as library:
        if number <= SIZES[0]:
            # Whoever made links to the files since has changed them in the eyes of the index.
            library.update()
            return place
        is_ready = not differing_files(place / "cases", library._marks())
    if not is_ready:
        remove_files(index)
        with (
            closing(library_of(*_cases_and_index(ready(SIZES[0])))) as source,
            closing(library_of(place / "cases", index)) as library,
        ):
            fill(library, source)
    return place


def _cases_and_index(place: Path) -> tuple[Path, Path]:
    return place / "cases", index_of(place)


def measure(sizes: Collection[int] = SIZES, *, cold: bool = False) -> list[Row]:
    """Measure everything that grows with the number of cases.

    Args:
        sizes: How many cases; may be more than one number.
        cold: Make the index anew also of so many that it takes minutes.

    Returns:
        The figures.
    """
    rows: list[Row] = []
    for number in sizes:
        # All links to files are made before there is an index of those files.
        home(number)
    for number in sizes:
        place = ready(number)
        rows += [*_opened(number, place), *_filtered(number, place), *_listed(number, place)]
    for number in sizes:
        few = number <= SIZES[0]
        if few or cold:
            paths = sorted((home(number) / "cases").glob("*.toml"))
            said(f"reading {number:,} cases")
            plainly = _parsed(paths[::_EACH]) * _EACH
            rows.append(_made_anew(number, plainly))
            rows += _assessed(number, paths, plainly) if few and number == min(sizes) else []
    return rows


def _opened(number: int, place: Path) -> list[Row]:
    said(f"opening {number:,} cases")
    ours, bare = [], []
    started_before(place)
    for _ in range(_RUNS):
        bare.append(started(command("static"), READY))
        with Terminal(APP, home=place) as terminal:
            terminal.until("New consultation")
            terminal.send(b"c")
            ours.append(terminal.until(LISTED))
    group = f"Library of {number:,} cases"
    what = "exec to the list (c pressed at once)"
    return [Row(f"library.open.{number}", group, what, ours, _BARE, bare, aim=1.2)]


def _filtered(number: int, place: Path) -> list[Row]:
    """Type a key into the filter: count, first page and its lines, without the screen.

    No text twice: how many cases a text finds is remembered until a case changes.
    """
    cases, index = _cases_and_index(place)
    pack = knowledge().pack
    typed = [word[:end] for word in _WORDS for end in range(1, 5)]
    sql = "select rowid from found where found match ? order by rowid desc limit 64"
    with (
        closing(library_of(cases, index)) as library,
        closing(sqlite3.connect(index)) as base,
    ):
        mine, theirs = iter(typed), iter(typed)
        ours, query = in_turn(
            lambda: LibraryLines(pack, library, Query(next(mine)), (), 120, DAY)[:40],
            lambda: base.execute(sql, [f'"{next(theirs)}"*']).fetchall(),
            len(typed) - 1,
        )
    group = f"Library of {number:,} cases"
    reference = "the FTS5 query alone, first 64 rows"
    return [
        Row(
            f"library.filter.{number}",
            group,
            "filter at a key: found, counted, 40 lines",
            ours,
            reference,
            query,
            p95_aim=8,
        )
    ]


_TITLES = {
    "first": "table: first time, key to painted",
    "load": "table: again, key to painted",
    "move": "table: move",
    "filter": "table: filter, key to painted",
}


def _listed(number: int, place: Path) -> list[Row]:
    """Time the table in the app against a bare list over Python rows, by the same keys.

    Both are sat down to several times: a list can be opened for the first time only once.
    """
    said(f"a table of {number:,} rows")
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in _TITLES}
    for sitting in range(_SITTINGS):
        for which, program in enumerate((APP, command("list", str(number)))):
            with Terminal(program, home=place) as terminal:
                terminal.until("asked only where" if which == 0 else "the keys")
                whole = sitting < _SITTINGS - 1
                taken = _keys(terminal, leave=b"\x1b" if which == 0 else b"", whole=whole)
                for name, times in taken.items():
                    found[name][which].extend(times)
    group = f"Library of {number:,} cases"
    reference = f"a bare Line API list over {number:,} Python rows"
    return [
        Row(
            f"table.{name}.{number}",
            group,
            _TITLES[name],
            *_versus(pair, reference),
            aim=1.2 if name == "first" else 2,
        )
        for name, pair in found.items()
    ]


def _keys(terminal: Terminal, leave: bytes, *, whole: bool) -> dict[str, list[float]]:
    """Open the list three times, move in it, and filter it.

    Args:
        terminal: Where it runs, ready to be used.
        leave: The key that closes the list; none where it is loaded anew as it stands.
        whole: Whether more is measured than the first time, of which there is one in a sitting.
    """
    # The bare list does nothing unless it is asked to.
    long, short = (1.0, 0.3) if leave else (0.1, 0.1)
    terminal.settle(long)
    opened: list[float] = []
    for _ in range(3 if whole else 1):
        if opened and leave:
            terminal.press(leave)
            terminal.settle(short)
        opened.append(terminal.press(b"c")[0])
        terminal.settle(short)
    if not whole:
        return {"first": opened}
    # The folder is looked through once a list has been opened.
    terminal.settle(long)
    moves = [terminal.press(_DOWN)[0] for _ in range(8)]
    terminal.press(b"/")
    filtered = [terminal.press(letter.encode())[0] for letter in _WORDS[0]]
    return {"first": opened[:1], "load": opened[1:], "move": moves, "filter": filtered}


def _versus(
    pair: tuple[list[float], list[float]], reference: str
) -> tuple[list[float], str, list[float]]:
    return pair[0], reference, pair[1]


def _parsed(paths: Sequence[Path]) -> float:
    """Return the ms that tomllib takes for some files."""
    begun = perf_counter()
    for path in paths:
        tomllib.loads(path.read_text(encoding="utf-8"))
    return (perf_counter() - begun) * 1000


def _made_anew(number: int, plainly: float) -> Row:
    taken = indexed(number)["index"]
    group = f"All of {number:,} cases"
    what = "index made anew"
    return Row(f"library.cold.{number}", group, what, [taken], _ONE_CORE, [plainly], note=_note())


@cache
def indexed(number: int) -> dict[str, float]:
    """Make the index of so many cases anew, once for all who ask; return the times in ms."""
    said(f"making the index of {number:,} cases")
    with closing(library_of(home(number) / "cases", None)) as library:
        (made,) = times(library.update, 1)
        looked = times(library.update, 3)
        filtered = times(lambda: library.page(Query("loss"), 0, 64), 5)
    return {"index": made, "look": min(looked), "filter": min(filtered)}


def _assessed(number: int, paths: Sequence[Path], plainly: float) -> list[Row]:
    said(f"assessing {number:,} cases")
    begun = perf_counter()
    for _ in differing(knowledge().pack, DAY, paths[::_AGAIN]):
        pass
    again = (perf_counter() - begun) * 1000 * _AGAIN
    group = f"All of {number:,} cases"
    what = "assessed again: time"
    cores = what + " × processors"
    workers = os.cpu_count() or 1
    name = f"library.again.{number}"
    return [
        Row(name, group, what, [again], _ONE_CORE, [plainly], note=f"every {_AGAIN}th, × {_AGAIN}"),
        Row(
            f"library.again.core.{number}",
            group,
            cores,
            [again * workers],
            _ONE_CORE,
            [plainly],
            aim=1.3,
        ),
    ]


def _note() -> str:
    return f"once, on {os.cpu_count() or 1} processors"
