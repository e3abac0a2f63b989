"""Locks beside what they lock: the system's own, or, where a drive has none, a file that is there.

Some network drives refuse locks of the system. There a file that only one can make stands for the
lock; it names the machine and the process, so that one of a process that died is free again.
"""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from filelock import FileLock, Timeout

from ketatui.cases.group_folders import group_of

if TYPE_CHECKING:
    from filelock import SoftFileLock

__all__ = ["Lock", "Timeout"]

_NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS}
"""How drives say that they know no locks."""
_POLL = 0.02
HELD = ".held"
"""How the file that stands for a lock ends."""


class Lock:
    """One lock, not yet acquired."""

    def __init__(self, path: Path, patience: float) -> None:
        """Begin; nothing is read or written yet.

        Args:
            path: The file of the lock.
            patience: Seconds to wait for somebody who holds it.
        """
        self.path = path
        self._patience = patience
        self._held: FileLock | SoftFileLock | None = None

    @property
    def stand_in(self) -> Path:
        """The file whose being there is the lock, where the drive knows no other."""
        return self.path.with_name(f"{self.path.name}{HELD}")

    def acquire(self, *, blocking: bool = True) -> Self:
        """Take the lock.

        Args:
            blocking: Whether to wait for it.

        Returns:
            This lock, which ``with`` gives up again.

        Raises:
            Timeout: Somebody else holds it.
            OSError: The disk refuses.
        """
        # Colleagues have to be able to open what a colleague has left.
        mode = 0o600 if group_of(self.path.parent) is None else 0o660
        # Not one a thread: the app closes from another thread than it opened in.
        how: dict[str, Any] = {"timeout": self._patience, "mode": mode, "thread_local": False}
        lock = FileLock(self.path, fallback_to_soft=False, **how)
        try:
            lock.acquire(blocking=blocking, poll_interval=_POLL)
            self._held = lock
        except OSError as error:
            if isinstance(error, Timeout) or error.errno not in _NO_LOCKS:
                raise
            # Few drives need it, and filelock imports three modules more for it.
            from filelock import SoftFileLock

            soft = SoftFileLock(self.stand_in, **how)
            soft.acquire(blocking=blocking, poll_interval=_POLL)
            self._held = soft
        return self

    def release(self) -> None:
        """Give it up; do nothing where it is not held."""
        held, self._held = self._held, None
        if held is not None:
            held.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def waits_for(self) -> str:
        """Say what to do where a file stands for the lock and whoever made it may be gone.

        Returns:
            A part of a sentence; empty where the system tells itself who is gone.
        """
        if not self.stand_in.exists():
            return ""
        return f"; if no program has it open any more, remove {self.stand_in.name}"
