"""Where in a TOML file a key is written, so that an error can name its line.

``tomli`` gives values without positions. This scanner is only used once something is wrong:
it walks text that already parsed, notes where each key and table stands, and never fails.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

import tomli

Path = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)+")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
# Unrolled rather than possessive: Python before 3.11.5 gets possessive groups wrong.
_STRING = re.compile(
    r'"""[^"\\]*(?:(?:\\.|"{1,2}(?!"))[^"\\]*)*"{3,5}'
    r"|'''[^']*(?:'{1,2}(?!')[^']*)*'{3,5}"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]*")
_DEEPEST = 100
"""Values nested deeper than this are skipped: their line is that of the key around them."""


def locate(text: str, path: Sequence[str | int]) -> int | None:
    """Find the line on which a key or table is defined.

    Args:
        text: A TOML document.
        path: Keys as in the parsed data; an element of an array by its index.

    Returns:
        The 1-based line of the key, else of the closest enclosing key that can be found, else
        None.
    """
    lines = _index(text)
    wanted = tuple(path)
    while wanted:
        if wanted in lines:
            return lines[wanted]
        wanted = wanted[:-1]
    return None


@lru_cache(maxsize=4)
def _index(text: str) -> dict[Path, int]:
    scanner = _Scanner(text)
    scanner.scan()
    return {**scanner.implied, **scanner.defined}


class _Scanner:
    """One pass over a document."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self.defined: dict[Path, int] = {}
        self.implied: dict[Path, int] = {}
        """Tables that exist only because a longer name mentions them."""
        self.lengths: dict[Path, int] = {}
        """How many elements each array of tables has so far."""

    def scan(self) -> None:
        """Walk the document statement by statement."""
        table: Path = ()
        while self._skip_blank():
            before = self.at
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._pair(table, 0)
            if self.at == before:
                self._next_line()

    def _line(self) -> int:
        return bisect_right(self.starts, self.at)

    def _skip_blank(self) -> bool:
        found = _BLANK.match(self.text, self.at)
        if found:
            self.at = found.end()
        return self.at < len(self.text)

    def _next_line(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end + 1

    def _keys(self) -> list[str]:
        """Read a dotted key; an empty list where there is none."""
        keys: list[str] = []
        while True:
            self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
            found = _KEY.match(self.text, self.at)
            if not found:
                return keys
            keys.append(_plain(found.group()))
            self.at = _SPACE.match(self.text, found.end()).end()  # type: ignore[union-attr]
            if not self.text.startswith(".", self.at):
                return keys
            self.at += 1

    def _note(self, path: Path, line: int, base: int) -> None:
        self.defined.setdefault(path, line)
        for length in range(base + 1, min(len(path), base + _DEEPEST)):
            self.implied.setdefault(path[:length], line)

    def _header(self) -> Path:
        line = self._line()
        array = self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        keys = self._keys()
        self._next_line()
        path: Path = ()
        for key in keys[:-1]:
            path = (*path, key)
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
        path = (*path, *keys[-1:])
        if array:
            self.defined.setdefault(path, line)
            self.lengths[path] = self.lengths.get(path, 0) + 1
            path = (*path, self.lengths[path] - 1)
        self._note(path, line, 0)
        return path

    def _pair(self, table: Path, depth: int) -> None:
        line = self._line()
        keys = self._keys()
        if not keys or not self.text.startswith("=", self.at):
            return
        self.at = _SPACE.match(self.text, self.at + 1).end()  # type: ignore[union-attr]
        path = (*table, *keys)
        self._note(path, line, len(table))
        self._value(path, depth)

    def _value(self, path: Path, depth: int) -> None:
        found = _STRING.match(self.text, self.at)
        if found:
            self.at = found.end()
        elif self.text.startswith("[", self.at) and depth < _DEEPEST:
            self._array(path, depth)
        elif self.text.startswith("{", self.at) and depth < _DEEPEST:
            self._inline_table(path, depth)
        else:
            self.at = _SCALAR.match(self.text, self.at).end()  # type: ignore[union-attr]

    def _array(self, path: Path, depth: int) -> None:
        self.at += 1
        index = 0
        while self._skip_blank() and not self._closes("]"):
            before = self.at
            self.defined.setdefault((*path, index), self._line())
            self._value((*path, index), depth + 1)
            if not self._comma(before):
                return
            index += 1

    def _inline_table(self, path: Path, depth: int) -> None:
        self.at += 1
        while self._skip_blank() and not self._closes("}"):
            before = self.at
            self._pair(path, depth + 1)
            if not self._comma(before):
                return

    def _closes(self, bracket: str) -> bool:
        closed = self.text.startswith(bracket, self.at)
        if closed:
            self.at += 1
        return closed

    def _comma(self, before: int) -> bool:
        """Step over a comma; False where the scan would stand still."""
        self._skip_blank()
        if self.text.startswith(",", self.at):
            self.at += 1
        return self.at > before


def _plain(key: str) -> str:
    """Return a key without its quotes and escapes."""
    if key[0] == "'":
        return key[1:-1]
    if key[0] != '"':
        return key
    try:
        return str(tomli.loads(f"key = {key}")["key"])
    except tomli.TOMLDecodeError:
        return key[1:-1]
