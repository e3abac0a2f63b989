"""Work on the library that takes longer than a key press: done in a thread, shown, stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.message import Message
from textual.worker import get_current_worker

if TYPE_CHECKING:
    from textual.app import App
    from textual.worker import Worker

    from ketatui.tui.session import Resources

_EVERY = 0.15
"""Seconds between two signs of progress."""
_FEW = 50
"""Fewer files are read before progress could be."""


class LibraryMoved(Message):
    """The library changed, or the work on it came further."""


class LibraryWork:
    """Keeps the library up with its folder, and looks whether cases come out the same today.

    Attributes:
        said: How far it is; empty while nothing runs.
        problem: Why the folder cannot be read; empty while it can.
    """

    def __init__(self, app: App[int], resources: Resources) -> None:
        """Args: the app whose threads are used, and the resources that hold the library."""
        self._app = app
        self._resources = resources
        self._worker: Worker[None] | None = None
        self._told = 0.0
        self.said = ""
        self.problem = ""

    @property
    def busy(self) -> bool:
        """Whether something runs."""
        return self._worker is not None and not self._worker.is_finished

    def follow(self) -> None:
        """Take in what changed in the folder."""
        if not self.busy and self._resources.library is not None:
            self._begin(self._update)

    def look_at_today(self) -> None:
        """Assess every case again under today's criteria, and remember which come out other."""
        if self._resources.library is not None:
            self.stop()
            self._begin(self._look)

    def stop(self) -> None:
        """Call it off; what was done is kept."""
        if self._worker is not None:
            self._worker.cancel()
            self._worker = None
        self.said = ""

    def _begin(self, work: Callable[[], None]) -> None:
        self._worker = self._app.run_worker(work, thread=True, group="library")

    # --- in the thread ------------------------------------------------------------------------

    def _update(self) -> None:
        from ketatui.cases.errors import CaseError

        library = self._resources.library
        assert library is not None
        try:
            done = library.update(lambda done, of: self._report("reading", done, of))
            self.problem = ""
        except CaseError as error:
            self.problem = str(error).splitlines()[0]
            done = None
        if done is None or done.read or done.removed:
            self._tell()
        self._end()

    def _look(self) -> None:
        from ketatui.consultation.today import differing, under
        from ketatui.tui.session import now

        self._update()
        library, knowledge = self._resources.library, self._resources.knowledge
        assert library is not None
        assert knowledge is not None
        today = now().date()
        name = under(knowledge, today)
        library.forget_today(name)
        waiting = library.not_looked_at(name)
        batch = []
        for done, found in enumerate(differing(knowledge.pack, today, waiting), start=1):
            batch.append(found)
            if len(batch) == _FEW or done == len(waiting):
                library.looked_at(name, batch)
                batch = []
                if not self._report("assessing", done, len(waiting)):
                    break
        self._end()

    def _report(self, what: str, done: int, of: int) -> bool:
        if get_current_worker().is_cancelled:
            return False
        if of > _FEW and time.monotonic() - self._told >= _EVERY:
            self._told = time.monotonic()
            self.said = f"{what} {done:,} of {of:,}"
            self._tell()
        return True

    def _end(self) -> None:
        if not get_current_worker().is_cancelled:
            self.said = ""
        self._tell()

    def _tell(self) -> None:
        # Posted, never waited for: the app may be leaving.
        self._app.post_message(LibraryMoved())
