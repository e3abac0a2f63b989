"""Fewer bytes to the terminal: a change of style says what changes, and nothing twice.

Textual writes each piece of text with its whole style before it and a reset behind it. Over a
slow connection those escapes are most of what is sent. Here they are followed piece by piece, and
only the difference to what the terminal has in force is written. What is seen stays the same.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.driver import Driver
from textual.strip import Strip

from ketatui.first_frame import Shown, take_over
from ketatui.tui.dots import BLOCKS, lacks_dots

_STYLE = re.compile(r"\x1b\[([0-9;]*)m")
_MOVES = re.compile(r"\n?(\x1b\[[0-9;]*H)")
"""To a place on the screen: shows nothing, so no style is needed, and no new line before it."""
_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27", "9": "29"}
"""What ends an attribute: bold, dim, italic, underline, reverse, strike."""

_SEEN_ON_SPACES = frozenset("479")
"""Attributes that show where there is no letter; of all others spaces have the paper only."""


class Style(NamedTuple):
    """What a terminal has in force; empty where it is the terminal's own."""

    attributes: frozenset[str] = frozenset()
    ink: str = ""
    paper: str = ""


_PLAIN = Style()


class Lean(str):
    """What is as short already as `lean` would make it; also with something behind it."""

    __slots__ = ()

    def __add__(self, more: str) -> Lean:
        """Return it with escapes behind it that change no style."""
        return Lean(f"{self}{more}")


class _Pen:
    """Writes pieces of text, and between them only what changes in their style."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.present = _PLAIN

    def write(self, text: str, wanted: Style) -> None:
        present = self.present
        if present != wanted:
            if not (text.strip(" ") or _SEEN_ON_SPACES & (present.attributes | wanted.attributes)):
                wanted = present._replace(paper=wanted.paper)
            self.written.append(_turn(present, wanted))
            self.present = wanted
        self.written.append(text)

    def end(self, wanted: Style) -> str:
        """Return all of it; a style set for what comes in the next write is kept for it."""
        self.written.append(_turn(self.present, wanted))
        return "".join(self.written)


def lean_lines(
    placed: Iterable[tuple[str, Iterable[Segment], int]], colors: ColorSystem
) -> str | None:
    """Write the beginnings of lines to the terminal, in few bytes from the start.

    Args:
        placed: Of each the escape that goes to its place, the whole line, and how many cells of
            it are written.
        colors: What the terminal can show.

    Returns:
        What shows them and leaves the terminal's own style in force; None where a style is not
        understood.
    """
    pen = _Pen()
    for move, line, room in placed:
        pen.written.append(move)
        for text, look, _ in line:
            cells = len(text) if text.isascii() else cell_len(text)
            style = _style_of(look, colors) if look is not None else _PLAIN
            if style is None:
                return None
            if cells:
                pen.write(text if cells <= room else set_cell_size(text, room), style)
                room -= cells
            if room <= 0:
                break
    return Lean(pen.end(_PLAIN))


@lru_cache(maxsize=256)
def _style_of(look: RichStyle, colors: ColorSystem) -> Style | None:
    if look.link:
        return None
    codes = Strip.render_ansi(look, colors)
    return _changed(_PLAIN, codes) if codes else _PLAIN


def lean(data: str) -> str:
    """Write the same to the terminal in fewer bytes.

    Args:
        data: Text and escapes; the terminal's own style is in force before it.

    Returns:
        What shows the same and leaves the terminal's own style in force. A style that is not
        understood leaves all of it as it was.
    """
    pieces = _STYLE.split(data)
    if len(pieces) == 1:
        return data
    pen = _Pen()
    wanted = _PLAIN
    for place, piece in enumerate(pieces):
        if place % 2:
            found = _changed(wanted, piece)
            if found is None:
                return data
            wanted = found
        elif move := _MOVES.fullmatch(piece):
            pen.written.append(move[1])
        elif piece:
            pen.write(piece, wanted)
    return pen.end(wanted)


@lru_cache(maxsize=1024)
def _changed(style: Style, codes: str) -> Style | None:
    """Return the style after a sequence; None where a code is not one of those known here."""
    attributes, ink, paper = style
    parts = codes.split(";")
    at = 0
    while at < len(parts):
        code = parts[at] or "0"
        if code == "0":
            attributes, ink, paper = _PLAIN
        elif code in _OFF:
            attributes |= {code}
        elif code in ("38", "48"):
            size = {"2": 5, "5": 3}.get(parts[at + 1] if at + 1 < len(parts) else "", 0)
            if not size or at + size > len(parts):
                return None
            color = ";".join(parts[at : at + size])
            ink, paper = (color, paper) if code == "38" else (ink, color)
            at += size - 1
        elif len(code) == 2 and code[0] in "39" and code[1] in "01234567":
            ink = code
        elif (len(code) == 2 and code[0] == "4" and code[1] in "01234567") or (
            len(code) == 3 and code[:2] == "10" and code[2] in "01234567"
        ):
            paper = code
        elif code in ("39", "49"):
            ink, paper = ("", paper) if code == "39" else (ink, "")
        else:
            return None
        at += 1
    return Style(attributes, ink, paper)


@lru_cache(maxsize=1024)
def _turn(present: Style, wanted: Style) -> str:
    """Return the shorter of two ways from one style to another: step by step, or from plain."""
    if present == wanted:
        return ""
    if wanted == _PLAIN:
        return "\x1b[0m"
    ended = {_OFF[code] for code in present.attributes - wanted.attributes}
    # One code ends both bold and dim: what stays of them is begun again.
    begun = {
        code for code in wanted.attributes if code not in present.attributes or _OFF[code] in ended
    }
    steps = [*sorted(ended), *sorted(begun)]
    if present.ink != wanted.ink:
        steps.append(wanted.ink or "39")
    if present.paper != wanted.paper:
        steps.append(wanted.paper or "49")
    anew = ["0", *sorted(wanted.attributes), *filter(None, (wanted.ink, wanted.paper))]
    return f"\x1b[{min(';'.join(steps), ';'.join(anew), key=len)}m"


def as_written(data: str) -> str:
    """Return what this terminal is given for something that is to be written to it.

    Args:
        data: Text and escapes, as for `lean`.
    """
    data = data if isinstance(data, Lean) else lean(data)
    return data.translate(BLOCKS) if lacks_dots(os.environ) else data


_SHOWS_NOTHING = re.compile(
    r"(?:\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|2004|2026|2048)(?:[hl]|\$p)"
    r"|\x1b\[>\d*u|\x1b\]22;[a-z-]*\x07)*"
)
"""Modes and questions: none of them changes what is on the screen."""
_ALTERNATE_SCREEN = "\x1b[?1049h"
_WHOLE_SCREEN = "\x1b[1;1H"
"""What a paint of the whole screen begins with."""


class _Start:
    """What has been painted while the program started; the same once more changes nothing."""

    def __init__(self) -> None:
        self.shown: Shown | None = take_over()
        self.first = ""
        self._painted = self.shown.text if self.shown is not None else ""
        self.is_over = False

    def needs(self, data: str) -> bool:
        """Tell whether something has to be written."""
        if data == _ALTERNATE_SCREEN:
            # A frame that was there before us is on it.
            return self.shown is None
        if _SHOWS_NOTHING.fullmatch(data):
            return True
        if not data.startswith(_WHOLE_SCREEN) or (self._painted not in ("", data) and self.first):
            self.is_over = True
            return True
        self.first = self.first or data
        known, self._painted = self._painted, data
        return known != data


def lean_driver(driver: type[Driver], painted: Callable[[str], None]) -> type[Driver]:
    """Make a terminal's driver write in fewer bytes, and take over the first frame.

    Args:
        driver: The driver for this machine.
        painted: Is given what paints the whole screen, each time.

    Returns:
        The same driver otherwise.
    """

    class LeanDriver(driver):  # type: ignore[valid-type,misc]
        """Follows what is written, and writes what it comes to."""

        _start: _Start | None = None

        def start_application_mode(self) -> None:
            """Begin on the screen as it is, and restore the terminal as it was before that."""
            self._start = _Start()
            shown = self._start.shown
            if shown is not None:
                self.typed_before = shown.typed
            super().start_application_mode()
            if shown is not None:
                self.attrs_before = shown.attributes

        def write(self, data: str) -> None:
            """Write to the terminal."""
            data = as_written(data)
            if data.startswith(_WHOLE_SCREEN):
                painted(data)
            start = self._start
            if start is None or start.is_over or start.needs(data):
                super().write(data)

    return LeanDriver
