"""The first frame: on the screen before the program that draws it has been loaded.

Most of a start is Python loading what draws. What the first screen showed the last time, while the
criteria were loading and before a case was known, is kept among the person's caches and written to
the terminal at once. Keys typed meanwhile wait in the terminal, as they would for a program that is
there. The app then takes over the screen as it is; whatever happens before that, the terminal is
given back as it was.

Nothing is shown where anything is different from what was kept: the size, the colors of the
terminal, the arguments, the version.
"""

from __future__ import annotations

import os
import signal
import termios
import time
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple

import ketatui
from ketatui.first_keys import FOLDER, LIST, QUESTION, Watch, unchanged
from ketatui.paths import user_folder

_KEPT = 48
"""How many are kept: three for a size of terminal."""
_LARGEST = 100_000
"""Bytes a frame may have; a larger one is none of ours."""
_PATHS = ("--cases", "--criteria", "--policy")
"""Options of the app; each has a value."""
_PLACES = ("KETATUI_CASES", "KETATUI_CRITERIA")
"""Variables of the environment that name a folder; it may be named from where one stands."""
_SEEN_BY = ("TERM", "COLORTERM", "NO_COLOR", "TERM_PROGRAM", "LANG", "LC_ALL", "TZ", "HOME",
            "XDG_CONFIG_HOME", "XDG_DATA_HOME", *_PLACES)  # fmt: skip
"""Variables on which hangs what is shown."""
_ENTER, _LEAVE = b"\x1b[?1049h\x1b[?25l", b"\x1b[0m\x1b[?1049l\x1b[?25h"
_INPUT, _OUTPUT, _ERRORS = 0, 1, 2
"""The terminal itself: the app puts something of its own in the place of Python's streams."""
_STOPPED_BY = (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM))


class Shown(NamedTuple):
    """A frame that is on the screen.

    Attributes:
        text: What was written, as the terminal was given it.
        attributes: The terminal's own modes, to be restored.
        handlers: What signals did before.
        typed: What was read from the terminal meanwhile.
    """

    text: str
    attributes: list[Any]
    handlers: dict[int, Any]
    typed: bytes = b""


class _State:
    """What is on the screen; there is one terminal, so there is one of these."""

    shown: Shown | None = None
    watch: Watch | None = None
    is_ahead = False


def opens_app(words: list[str]) -> bool:
    """Tell whether these arguments open the app: nothing but its own options."""
    at = 0
    while at < len(words):
        option, equals, _ = words[at].partition("=")
        if option not in _PATHS:
            return False
        at += 1 if equals else 2
    return at == len(words)


def show_first_frame(words: list[str]) -> None:
    """Write the frame that was kept for this terminal, if there is one.

    Args:
        words: The arguments of the process.
    """
    try:
        frame = _kept(words) if opens_app(words) else None
        if frame is not None:
            _show(frame)
            _watch(words)
    except (OSError, ValueError, termios.error):
        # The app says what is wrong with the terminal, if it is.
        leave()


def _show(frame: bytes) -> None:
    terminal = _INPUT
    quiet = termios.tcgetattr(terminal)
    # Keys wait unseen, each by itself; Ctrl+C still ends the start.
    quiet[3] &= ~(termios.ECHO | termios.ICANON)
    quiet[0] &= ~(termios.ICRNL | termios.IXON)
    handlers = {number: signal.getsignal(number) for number in _STOPPED_BY}
    _State.shown = Shown(frame.decode(), termios.tcgetattr(terminal), handlers)
    for number in _STOPPED_BY:
        signal.signal(number, _stop)
    termios.tcsetattr(terminal, termios.TCSANOW, quiet)
    os.write(_OUTPUT, _ENTER + frame)


def _watch(words: list[str]) -> None:
    """Wait for the first key, where it is known what comes at it."""
    path = _path()
    if path is None:
        return
    heading = _heading(words)
    today = time.strftime("%Y-%m-%d")
    seen: dict[str, str] = {}
    frames = {}
    for ending in (QUESTION, LIST):
        content = _content(path.with_name(path.name + ending))
        if content.startswith(heading):
            key, _, frame = (unchanged(content[len(heading) :], today, seen) or b"").partition(
                b"\n"
            )
            if frame:
                frames[key] = frame
    if frames:
        _State.watch = Watch(frames)


def take_over() -> Shown | None:
    """Take the screen as it is: from now on whoever asked restores the terminal."""
    shown, _State.shown = _State.shown, None
    watch, _State.watch = _State.watch, None
    if shown is not None:
        if watch is not None:
            watch.stop()
            _State.is_ahead = bool(watch.shown)
            shown = shown._replace(text=watch.shown.decode() or shown.text, typed=watch.typed)
        _handle_as_before(shown)
    return shown


def is_ahead() -> bool:
    """Tell whether a screen is shown already that the app has still to open over home."""
    return _State.is_ahead


def catch_up() -> bool:
    """Show what the app has come to; return whether something else was on the screen."""
    was, _State.is_ahead = _State.is_ahead, False
    return was


def leave() -> None:
    """Give the terminal back as it was, if a frame is shown that nobody has taken over."""
    shown = _State.shown
    if shown is None:
        return
    watch, _State.watch = _State.watch, None
    if watch is not None:
        watch.stop()
    try:
        termios.tcsetattr(_INPUT, termios.TCSANOW, shown.attributes)
        os.write(_OUTPUT, _LEAVE)
    except (OSError, termios.error):
        # There is no terminal any more that could be given back.
        pass
    # Only now: a signal that comes meanwhile gives it back once more, and ends the process.
    take_over()


def keep_first_frame(words: list[str], frame: str, size: tuple[int, int]) -> None:
    """Keep a frame for the next start.

    Args:
        words: The arguments of the process.
        frame: What was written to the terminal; it may hold nothing of a case.
        size: Columns and rows that it was painted for.

    Raises:
        OSError: It cannot be kept.
    """
    _keep("", size, _heading(words) + frame.encode())


def keep_at_key(
    ending: str, words: list[str], size: tuple[int, int], key: str, holds: bytes, frame: str
) -> None:
    """Keep what comes at a key that is pressed at the first frame, for the next start.

    Args:
        ending: What it is: `ketatui.first_keys.QUESTION` or `LIST`.
        words: The arguments of the process.
        size: Columns and rows that it was painted for.
        key: The character at which it comes.
        holds: For how long it may be shown: `ketatui.first_keys.stamps`.
        frame: What was written to the terminal. A list may hold what the index on disk holds, and
            a consultation nothing of a case.

    Raises:
        OSError: It cannot be kept.
    """
    _keep(ending, size, _heading(words) + holds + f"{key}\n{frame}".encode())


def is_kept(ending: str, words: list[str], size: tuple[int, int], key: str, holds: bytes) -> bool:
    """Tell whether there is what `keep_at_key` would keep, whatever it looks like.

    Raises:
        OSError: It is not known where such things are kept.
    """
    path = _path()
    if path is None or path.name != _name(size):
        return False
    wanted = b"%b%b%b\n" % (_heading(words), holds, key.encode())
    return _content(path.with_name(path.name + ending)).startswith(wanted)


def _keep(ending: str, size: tuple[int, int], content: bytes) -> None:
    import tempfile

    path = _path()
    if path is None or path.name != _name(size):
        return
    path = path.with_name(path.name + ending)
    if _content(path) == content:
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)
    kept = sorted(path.parent.iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for old in kept[_KEPT:]:
        old.unlink(missing_ok=True)


def forget_first_frames() -> None:
    """Drop what was kept: the next first screen will look different."""
    try:
        for file in (user_folder("cache") / FOLDER).iterdir():
            file.unlink(missing_ok=True)
    except OSError:
        # What cannot be dropped is shown once more, for a moment, and replaced then.
        return


def _kept(words: list[str]) -> bytes | None:
    if os.environ.get("TERM", "dumb") == "dumb":
        return None
    # Without any of them the app does not open: it says why.
    if not all(os.isatty(number) for number in (_INPUT, _OUTPUT, _ERRORS)):
        return None
    try:
        path = _path()
        content = _content(path) if path else b""
    except OSError:
        return None
    heading = _heading(words)
    return content[len(heading) :] if content.startswith(heading) else None


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError:
        return b""
    return content if len(content) <= _LARGEST else b""


def _path() -> Path | None:
    """Return where the frame for a terminal of this size is; None where it has no size."""
    if "COLUMNS" in os.environ or "LINES" in os.environ:
        # They overrule the size of the terminal, and only the app knows how.
        return None
    size = os.get_terminal_size(_OUTPUT)
    return user_folder("cache") / FOLDER / _name(size) if all(size) else None


def _name(size: tuple[int, int]) -> str:
    width, height = size
    return f"{width}x{height}"


def _heading(words: list[str]) -> bytes:
    told = [
        ketatui.__version__,
        *ketatui.__path__,
        *(os.environ.get(name, "") for name in _SEEN_BY),
        *words,
        # What is named may be named from where one stands.
        os.getcwd() if words or any(map(os.environ.get, _PLACES)) else "",  # noqa: PTH109
    ]
    return repr(told).encode("utf-8", "backslashreplace") + b"\n"


def _stop(number: int, _frame: FrameType | None) -> None:
    leave()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def _handle_as_before(shown: Shown) -> None:
    for number, handler in shown.handlers.items():
        # The app may have put its own in the place of ours already.
        if signal.getsignal(number) is _stop:
            signal.signal(number, handler)
