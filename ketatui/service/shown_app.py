"""One app for one browser: a process of its own, with an environment of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from textual_serve.app_service import AppService
from textual_serve.download_manager import DownloadManager

from ketatui.service.settings import Settings
from ketatui.service.visitors import Visitor
from ketatui.settings import FIRST_CASE

_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "PYTHONPATH", "VIRTUAL_ENV", "SYSTEMROOT")
"""What of the service's environment an app gets; no token is ever in it."""
_DRIVER = "textual.drivers.web_driver:WebDriver"
_PATIENCE = 5.0
"""Seconds that an app has to end by itself once nobody looks at it."""


class ShownApp(AppService):
    """Runs the app for a browser, and ends with it."""

    def __init__(
        self,
        settings: Settings,
        visitor: Visitor,
        write_bytes: Callable[[bytes], Awaitable[None]],
        write_str: Callable[[str], Awaitable[None]],
        close: Callable[[], Awaitable[None]],
        case: str = "",
    ) -> None:
        """Prepare.

        Args:
            settings: How the service is run.
            visitor: Who looks at it.
            write_bytes: Sends what is drawn.
            write_str: Sends what the page is told.
            close: Tells the page that the app has ended.
            case: The id of the case that is opened first; empty for none.
        """
        super().__init__(
            "",
            write_bytes=write_bytes,
            write_str=write_str,
            close=close,
            download_manager=DownloadManager(),
        )
        self._settings, self._visitor, self._case = settings, visitor, case

    @property
    def arguments(self) -> list[str]:
        """The command line of the app."""
        found = [sys.executable, "-m", "ketatui", "--cases", str(self._visitor.cases)]
        for name, path in (
            ("--criteria", self._settings.criteria),
            ("--policy", self._settings.policy),
        ):
            found += [name, str(path)] if path else []
        return found

    def environment(self, width: int, height: int) -> dict[str, str]:
        """Return the environment of the app: a home of its own, and nothing of the service."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        home = self._visitor.home
        if home is None:
            own = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")
            kept |= {name: os.environ[name] for name in own if name in os.environ}
        else:
            kept |= {
                "HOME": str(home),
                "XDG_CONFIG_HOME": str(home / "config"),
                "XDG_DATA_HOME": str(home / "data"),
                "XDG_CACHE_HOME": str(home / "cache"),
            }
        kept |= {FIRST_CASE: self._case} if self._case else {}
        return kept | {
            "TEXTUAL_DRIVER": _DRIVER,
            "TEXTUAL_FPS": "60",
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "TERM_PROGRAM": "textual",
            "COLUMNS": str(width),
            "ROWS": str(height),
        }

    async def _open_app_process(self, width: int = 80, height: int = 24) -> Process:
        if self._visitor.home is not None:
            _make_private(self._visitor.home)
            _make_private(self._visitor.cases)
        self._process = process = await asyncio.create_subprocess_exec(
            *self.arguments,
            stdin=PIPE,
            stdout=PIPE,
            # What an app says of an error of its own is in a file of its user already.
            stderr=DEVNULL,
            env=self.environment(width, height),
            start_new_session=True,
        )
        nothing = asyncio.StreamReader()
        nothing.feed_eof()
        process.stderr = nothing
        assert process.stdin is not None
        self._stdin = process.stdin
        return process

    async def stop(self) -> None:
        """End the app: by its own means, so that a draft is closed; else at once."""
        process, task = self._process, self._task
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(_PATIENCE):
                await super().stop()
                if process is not None:
                    await process.wait()
        if process is not None and process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        if task is not None and not task.done():
            task.cancel()


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
