"""`Index`: the file of the index, opened, asked and changed, and begun anew where it is damaged."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ketatui.cases.index_place import VERSION, folder_written
from ketatui.cases.library.index_tables import TABLES
from ketatui.first_keys import forget_lists

_BUSY = 5.0
"""Seconds to wait for another window that writes to the index."""
_PAGES = 4
"""Pages of the index of words that are written before others are let in: some milliseconds."""
_PAUSE = 0.001
"""Seconds in which others are let in."""


class Index:
    """A connection to the index. May be used from several threads."""

    def __init__(self, folder: Path, stamp: str, path: Path | None) -> None:
        """Open the index, or an empty one where it is missing, foreign or damaged.

        Args:
            folder: The folder it is of.
            stamp: Names the criteria; under others every file is read once more.
            path: The index's file; None keeps it in memory.
        """
        self._folder = folder_written(folder)
        self._stamp = stamp
        self._path = path
        self._lock = threading.RLock()
        self.losses = 0
        """How often it had to be begun anew; what was read before is then to be read again."""
        self._base = self._opened()

    def ask(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """Ask the index.

        Args:
            sql: A query.
            values: Its parameters.

        Returns:
            The rows.
        """
        with self._lock:
            try:
                return self._base.execute(sql, values).fetchall()
            except sqlite3.Error as error:
                self._begin_anew(error)
                return self._base.execute(sql, values).fetchall()

    def ask_by_name(self, sql: str, values: Sequence[Any]) -> list[sqlite3.Row]:
        """Ask the index for rows whose values have names; the same as `ask` otherwise."""
        with self._lock:
            self._base.row_factory = sqlite3.Row
            try:
                return self.ask(sql, values)
            finally:
                self._base.row_factory = None

    @property
    def version(self) -> tuple[int, int, int]:
        """Is another one as soon as anybody has changed the index, another program too."""
        with self._lock:
            try:
                others = int(self._base.execute("pragma data_version").fetchone()[0])
            except sqlite3.Error as error:
                self._begin_anew(error)
                others = 0
            return self.losses, self._base.total_changes, others

    @contextlib.contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """Do everything within it or nothing of it.

        Yields:
            The connection, in a transaction.
        """
        with self._lock:
            if self._path is not None:
                forget_lists(self._path.parent)
            try:
                with self._base:
                    self._base.execute("begin immediate")
                    yield self._base
            except sqlite3.Error as error:
                self._begin_anew(error)

    def keep_mark(self, mark: str, titles: Mapping[str, str]) -> None:
        """Keep what names the files of the criteria that it is made by.

        Args:
            mark: As `ketatui.cases.warm_index.criteria_mark` has it.
            titles: What they call what can be due.
        """
        # Another program may have gone on with the index under other criteria.
        sql = (
            "insert or replace into about select ?, ? "
            "where exists (select 1 from about where name = 'criteria' and value = ?)"
        )
        with self.changing() as base:
            for name, value in (("due_titles", json.dumps(titles)), ("criteria_mark", mark)):
                base.execute(sql, [name, value, self._stamp])

    def begin_day(self, today: dt.date) -> None:
        """Have read once more what held on another day alone, or holds from a later day on.

        Args:
            today: The day from now on.
        """
        day = today.isoformat()
        if self.ask("select 1 from about where name = 'day' and value = ?", [day]):
            return
        with self.changing() as base:
            base.execute("update cases set mark = '' where settled > ?", [day])
            base.execute("insert or replace into about values ('day', ?)", [day])

    def join_words(self, goes_on: Callable[[], bool]) -> None:
        """Join what was taken in at different times: in one piece, words are counted sooner.

        It is done a little at a time, so that others can ask the index in between.

        Args:
            goes_on: Asked each time whether to go on.
        """
        # A negative number takes all pieces on, whatever their sizes.
        pages = -_PAGES
        while goes_on():
            with self.changing() as base:
                before = base.total_changes
                base.execute("insert into found (found, rank) values ('merge', ?)", [pages])
                if base.total_changes - before < 2:
                    return
            pages = _PAGES
            time.sleep(_PAUSE)

    def settled(self) -> Path | None:
        """Have all that was written in the file itself, and nothing in the log beside it.

        Whether the index changes after that can be told by its files alone.

        Returns:
            The file; None where it is in memory, or another window is at work on it.
        """
        with self._lock:
            if self._path is None:
                return None
            try:
                self._base.execute("pragma busy_timeout = 0")
                busy, _, _ = self._base.execute("pragma wal_checkpoint(truncate)").fetchone()
                self._base.execute(f"pragma busy_timeout = {_BUSY * 1000:.0f}")
            except sqlite3.Error as error:
                self._begin_anew(error)
                return None
            return None if busy else self._path

    def close(self) -> None:
        """Close the index."""
        with self._lock:
            self._base.close()

    def leave_disk(self) -> None:
        """Go on in memory, and leave nothing of the cases on disk."""
        with self._lock:
            if self._path is None:
                return
            self._base.close()
            remove_files(self._path)
            self._path = None
            self.losses += 1
            self._base = self._opened()

    def _begin_anew(self, error: sqlite3.Error) -> None:
        """Go on with an empty index: a damaged one costs time, and never hides a case.

        One that cannot be written (a full disk, another program that holds it) is left as it
        is; the index then lives in memory, as long as the program.
        """
        self.losses += 1
        with contextlib.suppress(sqlite3.Error):
            self._base.close()
        if isinstance(error, sqlite3.OperationalError):
            self._path = None
        else:
            self._remove()
        self._base = self._opened()

    def _remove(self) -> None:
        """Remove the index; one that cannot be removed is left, and the next one is in memory."""
        if self._path is not None:
            try:
                remove_files(self._path)
            except OSError:
                self._path = None

    def _opened(self) -> sqlite3.Connection:
        while self._path is not None:
            try:
                return self._prepared(self._connected(self._path))
            except (OSError, sqlite3.OperationalError):
                # A cache that cannot be written: the index then lives as long as the program.
                self._path = None
            except sqlite3.DatabaseError:
                self._remove()
        return self._prepared(self._connected(None))

    def _connected(self, path: Path | None) -> sqlite3.Connection:
        if path is not None:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # It holds labels and notes: as private as the cases.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600))
            path.chmod(0o600)
        return sqlite3.connect(
            path or ":memory:", timeout=_BUSY, check_same_thread=False, isolation_level=None
        )

    def _prepared(self, base: sqlite3.Connection) -> sqlite3.Connection:
        """Make the tables where there are none.

        Raises:
            DatabaseError: If the file is damaged, or of another version or folder.
        """
        if self._path is None:
            # Sorting much would otherwise write what is sorted to a file.
            base.execute("pragma temp_store = memory")
        base.execute("pragma journal_mode = wal")
        base.execute("pragma synchronous = normal")
        version = base.execute("pragma user_version").fetchone()[0]
        if version == 0:
            if self._path is not None:
                forget_lists(self._path.parent)
            base.executescript(f"begin; {TABLES}; pragma user_version = {VERSION}; commit")
        elif version != VERSION:
            base.close()
            raise sqlite3.DatabaseError("another version")
        about = dict(base.execute("select name, value from about"))
        if about.get("folder", self._folder) != self._folder:
            base.close()
            raise sqlite3.DatabaseError("another folder")
        if about.get("criteria") != self._stamp:
            rows = [("folder", self._folder), ("criteria", self._stamp), ("criteria_mark", "")]
            base.executemany("insert or replace into about values (?, ?)", rows)
            # Shown as they are until each has been read again.
            base.execute("update cases set mark = ''")
        base.execute("create virtual table temp.words using fts5vocab(main, found, row)")
        return base


def log_of(path: Path) -> Path:
    """Return the file in which SQLite keeps what is not in the index itself yet."""
    return path.with_name(f"{path.name}-wal")


def remove_files(path: Path) -> None:
    """Remove an index from the disk, and what is kept of a list of its cases.

    Args:
        path: Its file; SQLite keeps others beside it.

    Raises:
        OSError: If one of them cannot be removed.
    """
    forget_lists(path.parent)
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)
