"""The library of saved cases: opened, filtered, rebuilt, assessed again; in the app and without."""

from __future__ import annotations

import os
import sqlite3
import tomllib
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from time import perf_counter

from benchmarks.bare import READY, command
from benchmarks.clock import in_turn
from benchmarks.material import DAY, fill, home, knowledge, library_of, said
from benchmarks.start import started
from benchmarks.table import Row
from benchmarks.terminal import APP, Terminal
from ketatui.cases.library import Query
from ketatui.consultation.today import differing
from ketatui.tui.views.library import LibraryLines

SIZES = (10_000, 100_000)
_RUNS = 15
_TYPED = ("l", "lo", "los", "loss")
_DOWN = b"\x1b[B"
_BARE = "a bare Textual app with one Static"
_ONE_CORE = "tomllib over the same files, one processor"


def index_of(place: Path) -> Path:
    """Where the app keeps the index of ``cases`` when it is at home there."""
    from ketatui.cases.library import index_path

    # The name of the file depends on the folder of cases only.
    return place / "cache" / "ketatui" / index_path(place / "cases").name


def ready(number: int) -> Path:
    """Return a home with so many cases whose index is ready."""
    place = home(number)
    index = index_of(place)
    with closing(library_of(place / "cases", index)) as library:
        if library.count() != number:
            if number > SIZES[0]:
                with closing(library_of(*_cases_and_index(ready(SIZES[0])))) as source:
                    fill(library, source)
            else:
                library.update()
    return place


def _cases_and_index(place: Path) -> tuple[Path, Path]:
    return place / "cases", index_of(place)


def measure(sizes: Iterable[int] = SIZES) -> list[Row]:
    """Measure everything that grows with the number of cases."""
    rows: list[Row] = []
    for number in sizes:
        place = ready(number)
        rows += [*_opened(number, place), *_filtered(number, place), *_listed(number, place)]
    smallest = min(sizes)
    if smallest <= SIZES[0]:
        rows += _read_and_assessed(smallest, home(smallest) / "cases")
    return rows


def _opened(number: int, place: Path) -> list[Row]:
    said(f"opening {number:,} cases")
    ours, bare = [], []
    for _ in range(_RUNS):
        bare.append(started(command("static"), READY))
        with Terminal(APP, home=place) as terminal:
            terminal.until("asked only where")
            terminal.send(b"c")
            ours.append(terminal.until("Deci"))
    group = f"Library of {number:,} cases"
    what = "exec to the list (c pressed once it can be)"
    return [Row(f"library.open.{number}", group, what, ours, _BARE, bare, aim=1.5)]


def _filtered(number: int, place: Path) -> list[Row]:
    """A key typed into the filter: count, first page and its lines, without the screen."""
    cases, index = _cases_and_index(place)
    pack = knowledge().pack
    ours: list[float] = []
    theirs: list[float] = []
    sql = "select rowid from found where found match ? order by rowid desc limit 64"
    with (
        closing(library_of(cases, index)) as library,
        closing(sqlite3.connect(index)) as base,
    ):
        for typed in _TYPED:
            mine, query = in_turn(
                lambda typed=typed: LibraryLines(  # type: ignore[misc]
                    pack, library, Query(typed), (), 120
                )[:40],
                lambda typed=typed: base.execute(sql, [f'"{typed}"*']).fetchall(),  # type: ignore[misc]
                8,
            )
            ours += mine
            theirs += query
    group = f"Library of {number:,} cases"
    reference = "the FTS5 query alone, first 64 rows"
    return [
        Row(
            f"library.filter.{number}",
            group,
            "filter at a key: found, counted, 40 lines",
            ours,
            reference,
            theirs,
            p95_aim=16,
        )
    ]


def _listed(number: int, place: Path) -> list[Row]:
    """The table in the app against a bare list over Python rows, by the same keys."""
    said(f"a table of {number:,} rows")
    found: dict[str, tuple[list[float], list[float]]] = {}
    for which, program in enumerate((APP, command("list", str(number)))):
        with Terminal(program, home=place) as terminal:
            if which == 0:
                terminal.until("asked only where")
            terminal.settle(1.0)
            for _ in range(6):
                found.setdefault("load", ([], []))[which].append(terminal.press(b"c")[0])
                terminal.settle(0.3)
                if which == 0:
                    terminal.press(b"\x1b")
                    terminal.settle(0.3)
            if which == 0:
                terminal.press(b"c")
                terminal.settle(1.0)
            for _ in range(30):
                found.setdefault("move", ([], []))[which].append(terminal.press(_DOWN)[0])
            terminal.press(b"/")
            for letter in _TYPED[-1]:
                taken = terminal.press(letter.encode())[0]
                found.setdefault("filter", ([], []))[which].append(taken)
    group = f"Library of {number:,} cases"
    titles = {
        "load": "table: key to painted",
        "move": "table: move",
        "filter": "table: filter, key to painted",
    }
    reference = f"a bare Line API list over {number:,} Python rows"
    return [
        Row(f"table.{name}.{number}", group, titles[name], *_versus(pair, reference), aim=2)
        for name, pair in found.items()
    ]


def _versus(
    pair: tuple[list[float], list[float]], reference: str
) -> tuple[list[float], str, list[float]]:
    return pair[0], reference, pair[1]


def _read_and_assessed(number: int, cases: Path) -> list[Row]:
    said(f"reading and assessing {number:,} cases")
    paths = sorted(cases.glob("*.toml"))
    begun = perf_counter()
    for path in paths:
        tomllib.loads(path.read_text(encoding="utf-8"))
    plainly = (perf_counter() - begun) * 1000
    begun = perf_counter()
    with closing(library_of(cases, None)) as library:
        library.update()
    rebuilt = (perf_counter() - begun) * 1000
    begun = perf_counter()
    for _ in differing(knowledge().pack, DAY, paths):
        pass
    again = (perf_counter() - begun) * 1000
    workers = os.cpu_count() or 1
    group = f"All of {number:,} cases"
    note = f"once, on {workers} processors"
    return [
        Row(
            f"library.cold.{number}",
            group,
            "index made anew",
            [rebuilt],
            _ONE_CORE,
            [plainly],
            note=note,
        ),
        Row(
            f"library.again.{number}",
            group,
            "assessed again: time",
            [again],
            _ONE_CORE,
            [plainly],
            note=note,
        ),
        Row(
            f"library.again.core.{number}",
            group,
            "assessed again: time × processors",
            [again * workers],
            _ONE_CORE,
            [plainly],
            aim=1.3,
        ),
    ]
