"""Whether a case that is open still stands in its file as it was read."""

from __future__ import annotations

import hashlib
from typing import Literal

from ketatui.cases.encryption.sealing import read_sealed
from ketatui.cases.errors import CaseError
from ketatui.cases.store import Stamp
from ketatui.cases.toml_text import LARGEST_FILE

State = Literal["same", "changed", "gone"]


class Watch:
    """Looks at the file of an open case; reads it only where the disk says that it is another."""

    def __init__(self, stamp: Stamp) -> None:
        """Args: which file, and what it held when it was read."""
        self.stamp = stamp
        self._mark: tuple[int, int, int] | None = None
        self._found: State = "same"

    def look(self) -> State:
        """Look once.

        Returns:
            Whether the file holds what was read, something else, or is not there.
        """
        try:
            found = self.stamp.path.stat()
        except OSError:
            self._mark = None
            return "gone"
        mark = (found.st_mtime_ns, found.st_size, found.st_ino)
        if mark != self._mark:
            self._found = "same" if self._content() == self.stamp.sha256 else "changed"
            self._mark = mark
        return self._found

    def _content(self) -> str:
        try:
            return hashlib.sha256(read_sealed(self.stamp.path, LARGEST_FILE)).hexdigest()
        except CaseError:
            return ""
