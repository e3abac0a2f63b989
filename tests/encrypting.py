"""Keys to encrypt with, a plug to pull, and a look at everything on the disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pyrage import x25519

from ketatui.cases.encryption.keys import VARIABLE


class Keys:
    """Secret keys in a folder of their own; those chosen are the person's."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._patch = patch
        self._secret: dict[str, str] = {}
        folder.mkdir()

    def public(self, name: str) -> str:
        """Return the public key of somebody, who has one from now on."""
        if name not in self._secret:
            self._secret[name] = str(x25519.Identity.generate())
        return str(x25519.Identity.from_str(self._secret[name]).to_public())

    def hold(self, *names: str) -> Path:
        """Be somebody who has these keys."""
        for name in names:
            self.public(name)
        lines = ["# made for a test", *(self._secret[name] for name in names)]
        path = self._folder / "-".join(names)
        path.write_text("\n".join(lines) + "\n", "utf-8")
        path.chmod(0o600)
        self._patch.setenv(VARIABLE, str(path))
        return path

    def lose(self) -> None:
        """Be somebody who has none."""
        self._patch.delenv(VARIABLE, raising=False)


class PulledError(BaseException):
    """The power is gone. No error that anything could handle."""


TOUCHES = ("open", "fsync", "replace", "unlink", "utime", "write")


@contextmanager
def plug(at: int, failure: Callable[[], BaseException] | None = None) -> Iterator[list[str]]:
    """Fail at a touch of the disk.

    Args:
        at: Which one, from 1; what comes after it fails too, as nothing runs without power.
        failure: Makes the error of a disk that refuses once, and goes on then.

    Yields:
        What was touched so far.
    """
    touched: list[str] = []

    def guarded(name: str, do: Callable[..., Any]) -> Callable[..., Any]:
        def touch(*args: Any, **more: Any) -> Any:
            if name == "open" and not args[1] & os.O_CREAT:
                return do(*args, **more)
            touched.append(name)
            if failure is None and len(touched) >= at:
                raise PulledError
            if failure is not None and len(touched) == at:
                raise failure()
            return do(*args, **more)

        return touch

    with pytest.MonkeyPatch.context() as patch:
        for name in TOUCHES:
            patch.setattr(os, name, guarded(name, getattr(os, name)))
        yield touched


def found_on_disk(folder: Path, *texts: str) -> list[Path]:
    """Return the files below a folder that hold, or are called by, one of some texts."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and any(text.encode() in path.read_bytes() or text in path.name for text in texts)
    ]
