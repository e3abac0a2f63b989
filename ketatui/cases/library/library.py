"""`Library`: the index kept up with the folder, and asked."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.due_index import DueIndex
from ketatui.cases.encryption.state import is_secret
from ketatui.cases.entries import Entry, problem_entry, read_entry
from ketatui.cases.index_place import caches, index_file
from ketatui.cases.library.counts import Overview, overview
from ketatui.cases.library.index import Index, remove_files
from ketatui.cases.library.index_tables import (
    COLUMNS,
    READ,
    due_of,
    entry_from,
    free_key,
    moment_of,
    row_of,
)
from ketatui.cases.library.query import FACETS, Query
from ketatui.cases.scanning import Found, differing, look
from ketatui.cases.treatment_state import CourseReader
from ketatui.first_keys import forget_lists
from ketatui.parallel import map_in_parallel
from ketatui.structs import Frozen

Report = Callable[[int, int], bool]
"""Told how many of how many files are read; says whether to go on."""

_About = tuple[Path, QuestionCatalog, CourseReader | None, dt.date]

_BATCH = 100
_MARKS = 500


class Update(Frozen, frozen=True):
    """What became of an update.

    Attributes:
        read: Files that were new or had changed.
        removed: Files that are gone.
        stopped: Whether it was called off before all was read.
    """

    read: int = 0
    removed: int = 0
    stopped: bool = False


def forget_index(folder: Path) -> None:
    """Remove the index of a folder from the disk; it is made anew when it is needed.

    Args:
        folder: The folder of saved cases.

    Raises:
        OSError: If it cannot be removed.
    """
    for name in {folder.absolute(), folder.resolve()}:
        remove_files(index_file(name))


def forget_every_index() -> None:
    """Remove the indexes of all folders from the disk; each is made anew when it is needed.

    Raises:
        OSError: If one of them cannot be removed.
    """
    forget_lists(caches())
    for path in caches().glob("library-*.sqlite"):
        remove_files(path)


class Library:
    """The saved cases of a folder. May be used from several threads."""

    def __init__(
        self,
        folder: Path,
        catalog: QuestionCatalog,
        *,
        stamp: str,
        index: Path | None,
        courses: CourseReader | None = None,
        today: Callable[[], dt.date] = dt.date.today,
    ) -> None:
        """Open the index, or an empty one where it is missing, foreign or damaged.

        Args:
            folder: Where the case files are.
            catalog: The questions that exist.
            stamp: Names the criteria; under others every file is read once more.
            index: The index's file; None keeps it in memory.
            courses: Works out how treatment stands; without it nothing is ever due.
            today: Tells the day, on which treatment stands as it is told.
        """
        self.folder = folder
        self._catalog, self._courses, self._today = catalog, courses, today
        self._updating = threading.Lock()
        self._index = Index(folder, stamp, index)
        self.due = DueIndex(self._index.ask, folder)
        self._counts: dict[tuple[str, ...], int] = {}
        self._counted: tuple[int, int, int] | None = None

    # --- asking -----------------------------------------------------------------------------

    @property
    def version(self) -> tuple[int, int, int]:
        """Stays the same as long as every question has the same answer."""
        return self._index.version

    def count(self, query: Query | None = None) -> int:
        """Count cases.

        Args:
            query: Which; None for all.

        Returns:
            How many.
        """
        version = self.version
        if version != self._counted:
            # What is counted below may be newer than that, and is then counted once more.
            self._counted, self._counts = version, {}
        counts = self._counts
        counted, values = (query or Query()).counted()
        asked = (counted, *values)
        if asked not in counts:
            counts[asked] = int(self._index.ask(f"select count(*) from {counted}", values)[0][0])
        return counts[asked]

    def page(self, query: Query, start: int, size: int) -> list[Entry]:
        """Read some of the cases, in the query's order.

        Args:
            query: Which cases.
            start: How many to pass over.
            size: At most so many.

        Returns:
            The entries.
        """
        source, values = query.source()
        sql = f"select {READ} from {source} limit ? offset ?"
        rows = self._index.ask_by_name(sql, [*values, size, start])
        return [entry_from(row, self.folder) for row in rows]

    def all(self, query: Query | None = None) -> Iterator[Entry]:
        """Read all cases of a query, a page at a time.

        Args:
            query: Which; None for all, newest first.

        Yields:
            The entries.
        """
        query = query or Query()
        start = 0
        while page := self.page(query, start, 500):
            yield from page
            start += len(page)

    def position(self, query: Query, path: Path) -> int | None:
        """Find a case among those of a query.

        Args:
            query: Which cases.
            path: The file.

        Returns:
            Its place from 0; None if it is not among them.
        """
        where, values = query.where()
        and_ = f"{where} and" if where else " where"
        if query.sort == "date":
            found = self._index.ask(f"select key from cases{and_} name = ?", [*values, path.name])
            if not found:
                return None
            before = ">" if query.falling else "<"
            sql = f"select count(*) from cases{and_} key {before} ?"
            return int(self._index.ask(sql, [*values, found[0][0]])[0][0])
        sql = (
            f"select place from (select name, row_number() over ({query.order().strip()}) - 1 "
            f"as place from cases{where}) where name = ?"
        )
        rows = self._index.ask(sql, [*values, path.name])
        return int(rows[0][0]) if rows else None

    def facet(self, name: str, query: Query) -> list[tuple[str, int]]:
        """Count the values of a facet among the cases that the other filters leave.

        Args:
            name: A key of `FACETS`.
            query: The filters.

        Returns:
            Each value and its count, the most frequent first.
        """
        chosen = {facet: wanted for facet, wanted in query.chosen.items() if facet != name}
        where, values = Query(query.text, chosen).where()
        column = FACETS[name]
        sql = f"select {column}, count(*) from cases{where} group by 1 order by 2 desc, 1"
        return [(row[0] or "", int(row[1])) for row in self._index.ask(sql, values)]

    def overview(self, query: Query) -> Overview:
        """Count the cases of a query in many ways.

        Args:
            query: Which cases.

        Returns:
            The counts.
        """
        return overview(self._index.ask, query)

    # --- keeping up -------------------------------------------------------------------------

    def update(self, report: Report | None = None) -> Update:
        """Read what is new or has changed in the folder, and forget what is gone.

        Args:
            report: Told how far it is.

        Returns:
            What was done.

        Raises:
            CaseError: If the folder cannot be read.
        """
        with self._updating:
            while True:
                losses = self._index.losses
                done = self._updated(report)
                if losses == self._index.losses:
                    return done

    def _updated(self, report: Report | None) -> Update:
        if is_secret(self.folder):
            # It may have been encrypted meanwhile, from another window.
            self._index.leave_disk()
            # Nor what somebody else's program has left, who has not opened it since.
            with contextlib.suppress(OSError):
                forget_index(self.folder)
        self._index.begin_day(self._today())
        known = self._marks()
        changed = differing(self.folder, known)
        gone = list(known)
        for start in range(0, len(gone), _BATCH):
            self._change(forget=gone[start : start + _BATCH])
        done = self._read(changed, report)
        if done == len(changed) > _BATCH:
            self._index.join_words(lambda: report is None or report(done, done))
        return Update(done, len(gone), stopped=done < len(changed))

    def _marks(self) -> dict[str, int]:
        """Return the hash of each file's mark, read some at a time, so that others can ask too.

        What is changed meanwhile may be missed, and is then taken for new and read once more.
        """
        found: dict[str, int] = {}
        sql = "select key, name, mark from cases where key > ? order by key limit ?"
        last = -sys.maxsize
        while rows := self._index.ask(sql, [last, _MARKS]):
            last = rows[-1][0]
            found.update([(name, hash(mark)) for _, name, mark in rows])
        return found

    def note(self, path: Path) -> None:
        """Read one file of the folder again: it has just been saved.

        Args:
            path: The file; one that is gone is forgotten.
        """
        found = look(self.folder, {path.name})
        if found:
            self._read(list(found.values()), None)
        else:
            self._change(forget=[path.name])

    def _read(self, changed: Sequence[Found], report: Report | None) -> int:
        """Read files, newest name first, and take them in; say how many."""
        changed = sorted(changed, key=lambda item: item.name, reverse=True)
        about = self.folder, self._catalog, self._courses, self._today()
        read = map_in_parallel(_same, about, _entry, changed)
        done = 0
        batch: list[tuple[Found, Entry]] = []
        with contextlib.closing(read):
            for item, entry in zip(changed, read, strict=True):
                batch.append((item, entry))
                if len(batch) == _BATCH or done + len(batch) == len(changed):
                    self._change(take=batch)
                    done += len(batch)
                    batch = []
                    if report is not None and not report(done, len(changed)):
                        break
        return done

    def _change(
        self, *, forget: Collection[str] = (), take: Iterable[tuple[Found, Entry]] = ()
    ) -> None:
        """Take files in and out, all or none of them."""
        take = list(take)
        if any(entry.encrypted for _, entry in take):
            # Whatever its name says: from here on the index is in memory.
            self._index.leave_disk()
        with self._index.changing() as base:
            for name in forget:
                base.execute("delete from cases where name = ?", [name])
            for item, entry in take:
                base.execute("delete from cases where name = ?", [item.name])
                key = free_key(base, moment_of(entry))
                row = row_of(entry, key, "" if entry.passing else item.mark)
                marks = ", ".join("?" for _ in row)
                base.execute(f"insert into cases ({COLUMNS}) values ({marks})", row)
                base.execute("insert into texts values (?, ?)", [key, entry.text])
                base.executemany("insert into due values (?, ?, ?, ?, ?, ?, ?)", due_of(entry, key))

    # --- what is said of today --------------------------------------------------------------

    def not_looked_at(self, under: str) -> list[Path]:
        """List the cases of which nobody knows yet whether they come out the same today.

        Args:
            under: Names the criteria and the day.

        Returns:
            Their files.
        """
        sql = "select name from cases where problem is null and again_under <> ? order by key desc"
        return [self.folder / row[0] for row in self._index.ask(sql, [under])]

    def looked_at(self, under: str, found: Iterable[tuple[Path, str]]) -> None:
        """Remember whether cases come out the same today.

        Args:
            under: Names the criteria and the day.
            found: Each file, and how it comes out: ``same``, ``differs`` or ``stale``.
        """
        rows = [(again, under, path.name) for path, again in found]
        with self._index.changing() as base:
            sql = "update cases set again = ?, again_under = ? where name = ?"
            base.executemany(sql, rows)

    def forget_today(self, under: str) -> None:
        """Forget what was found under other criteria or on another day.

        Args:
            under: Names the criteria and the day.
        """
        with self._index.changing() as base:
            sql = "update cases set again = '', again_under = '' where again_under not in ('', ?)"
            base.execute(sql, [under])

    def keep_mark(self, mark: str, titles: Mapping[str, str]) -> None:
        """Keep what names the files of the criteria, and how they call what can be due."""
        self._index.keep_mark(mark, titles)

    def settled(self) -> Path | None:
        """Return the index's file when all of it is there: see `Index.settled`."""
        return self._index.settled()

    def close(self) -> None:
        """Close the index."""
        self._index.close()


def _same(about: _About) -> _About:
    return about


def _entry(state: _About, item: Found) -> Entry:
    folder, catalog, courses, today = state
    if item.problem:
        return problem_entry(folder / item.name, item.problem)
    changed_at = dt.datetime.fromtimestamp(item.changed_ns / 1e9, dt.UTC)
    return read_entry(folder / item.name, changed_at, catalog, courses, today)
