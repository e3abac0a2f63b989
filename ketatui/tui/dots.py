"""Blocks in the place of dots, for terminals whose letters have no dots.

Plots are drawn with the signs of braille. The console of Linux and old terminals have at most
512 letters and none of these, but the blocks of halves of a cell: a drawing gets coarser there
and stays a drawing. The words beside it say the values, here as everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping

_FIRST = 0x2800
_SIGNS = 256
_ROWS = (0x01 | 0x08, 0x02 | 0x10, 0x04 | 0x20, 0x40 | 0x80)
"""Of a sign of braille, what says that there is a dot in each of its rows, from the top."""
_WITHOUT = ("linux", "cons", "vt", "ansi")
"""How the names of terminals begin that have no dots."""
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def lacks_dots(environment: Mapping[str, str]) -> bool:
    """Return whether the terminal is one that shows no dots, by its name."""
    return environment.get("TERM", "").startswith(_WITHOUT)


def _block(sign: int) -> str:
    top, high, low, bottom = (bool(sign & row) for row in _ROWS)
    # A bar leaves its lowest row free: it is to stay apart from the one below it.
    return _BLOCKS[top or high, bottom or (low and not high)]


BLOCKS = {_FIRST + sign: _block(sign) for sign in range(_SIGNS)}
"""What stands for each sign of braille, for `str.translate`."""
