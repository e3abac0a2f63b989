"""One way to use the app, in a terminal or in a browser: keys in, a screen out."""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

import pyte

from interop.node import node

_PATIENCE = 120.0
"""Seconds after which a text that was waited for is taken never to come."""
_KEYS = {"\r": "Enter", "\x1b": "Escape", "\x1b[B": "ArrowDown", "\x1b[20~": "F9"}


class Screen(Protocol):
    """What shows the app."""

    def press(self, *keys: str) -> None:
        """Press keys, or type texts."""

    def wait_for(self, text: str) -> str:
        """Wait until a text is on the screen; return the whole screen."""


class Page:
    """The app in a page of Chromium, as the terminal that the page emulates."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        """Take over a page that is being opened."""
        assert process.stdin is not None and process.stdout is not None
        self._input, self._output = process.stdin, process.stdout.fileno()
        self._read = b""
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        self._done = 0
        self.status = 0
        self.size = (0, 0)

    def press(self, *keys: str) -> None:
        """Press keys, or type texts."""
        for key in keys:
            self._tell({"press": _KEYS[key]} if key in _KEYS else {"type": key})

    def picture(self, path: Path) -> None:
        """Take a picture of the page."""
        self._tell({"picture": str(path)})

    def wait_for(self, text: str) -> str:
        """Wait until a text is on the screen; return the whole screen.

        Raises:
            TimeoutError: It never came.
        """
        limit = monotonic() + _PATIENCE
        while text not in self._text():
            if monotonic() > limit:
                raise TimeoutError(f"{text!r} never came; the page shows\n{self._text()}")
            self._take(0.2)
        return self._text()

    def _text(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display)

    def _tell(self, command: dict[str, str]) -> None:
        done, limit = self._done, monotonic() + _PATIENCE
        self._input.write(f"{json.dumps(command)}\n")
        self._input.flush()
        while self._done == done:
            if monotonic() > limit:
                raise TimeoutError(f"the page does nothing: {command}")
            self._take(0.2)

    def _take(self, seconds: float) -> None:
        ready, _, _ = select.select([self._output], [], [], seconds)
        if not ready:
            return
        part = os.read(self._output, 65536)
        if not part:
            raise TimeoutError("the browser has ended")
        *lines, self._read = (self._read + part).split(b"\n")
        for line in lines:
            self._told(json.loads(line))

    def _told(self, said: dict[str, Any]) -> None:
        match said:
            case {"drawn": text}:
                self._stream.feed(base64.b64decode(text))
            case {"size": [width, height]}:
                self.size = (width, height)
                self._screen.resize(height, width)
            case {"opened": status}:
                self.status = status
            case {"done": _}:
                self._done += 1


@contextmanager
def page(browser: str, *addresses: str) -> Iterator[Page]:
    """Open addresses in Chromium, one after the other; the last one shows the app."""
    with node("page.mjs", browser, *addresses) as process:
        yield Page(process)
