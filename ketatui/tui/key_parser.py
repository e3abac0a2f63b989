"""What a terminal sends, as keys: Esc and the key after it are two, and a paste is no typing.

Textual takes Esc and what follows within a tenth of a second for one key with Alt, and some of
these for others still: Esc and Enter become Enter alone, Esc and 2 become ™. tmux joins them
within half a second, and slow lines join them, too. No key here needs Alt, so what begins with
Esc and is no sequence of a terminal is Esc, and then the rest. This is told below the key event:
above it Esc and Enter are no longer to be told from Enter.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence

from textual import events
from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.keys import Keys
from textual.message import Message

_ESCAPE = "\x1b"
_INTRODUCERS = "[O"
"""What stands after Esc in the sequences of arrow, function and keypad keys and of the mouse."""
_PASTE_BEGINS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"
_KEYPAD = {
    "decimal": ".",
    "divide": "/",
    "multiply": "*",
    "subtract": "-",
    "add": "+",
    "equal": "=",
    "separator": ",",
}
"""Keys of the keypad as the kitty protocol names them, and what they type."""
_UNKNOWN = re.compile(r"\x1b\[(?!<)[0-9;:?>=]*[ -#%-/]*[@-LN-Z\\-~]")
"""A whole control sequence; not those of the mouse (``<``, ``M``) and reports of modes (``$``)."""
_BEGUN = re.compile(r"\x1b[\[O]?[0-9;?<]*\Z")
"""A sequence of which the rest is still to come."""
_LINE_ENDS = re.compile(r"[\r\n]+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FEW = 3
"""Characters from which a line is text; shorter ones are keys pressed quickly."""
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_LONG = 8
"""Characters from which a line alone may be text."""
_DIFFERENT = 4
"""Letters of a word that differ: keys held down, or yes and no in a row, are no word."""


class PastedKeys(events.Paste, bubble=True):
    """Several lines that came at once, from a terminal that does not say that it pastes."""


class PastedLine(PastedKeys, bubble=True):
    """One line of text that came at once: typed where text is typed, and pasted elsewhere."""

    def __init__(self, text: str, keys: Sequence[events.Key]) -> None:
        """Args: the text, and the keys it would be."""
        super().__init__(text)
        self.keys = keys


class KeyParser(XTermParser):
    """The parser of Textual, which takes nothing for a key with Alt."""

    def __init__(self, debug: bool = False) -> None:
        """Begin outside any paste."""
        self._pasting = False
        self._tail = ""
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Message]:
        """Parse what was read.

        Args:
            data: All that came at once; it may begin and end within a sequence.

        Returns:
            Keys and other events; one `PastedKeys` for several lines at once, and one
            `PastedLine` for what reads as a line of text.
        """
        if not self._pasting and data[:1] == _ESCAPE and _is_line(data[1:]) and data[1] != "O":
            # tmux hands over Esc together with what follows it within half a second.
            yield events.Key("escape", _ESCAPE)
            data = data[1:]
        if not self._pasting and _is_pasted(data):
            yield PastedKeys(data)
            return
        if not self._pasting and not _BEGUN.search(self._tail) and _is_line(data):
            self._tail = ""
            typed = list(super().feed(data))
            keys = [event for event in typed if isinstance(event, events.Key)]
            yield PastedLine(data, keys)
            yield from (event for event in typed if not isinstance(event, events.Key))
            return
        seen = self._tail + data
        begun, ended = seen.rfind(_PASTE_BEGINS), seen.rfind(_PASTE_ENDS)
        if begun != ended:
            self._pasting = begun > ended
        self._tail = seen[1 - len(_PASTE_BEGINS) :]
        yield from super().feed(data)

    def tick(self) -> Iterable[Message]:
        """Take what was begun and not gone on with for what it is: Esc alone is a key."""
        for message in super().tick():
            self._tail = ""
            yield message

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterator[events.Key]:
        """Return the keys of a sequence; Esc and a character that begins none are two."""
        rest = sequence[1:]
        two = sequence[:1] == _ESCAPE and len(rest) == 1 and rest not in _INTRODUCERS
        if alt or two:
            yield events.Key("escape", _ESCAPE)
            sequence = rest if two else sequence
        keys = list(super()._sequence_to_key_events(sequence))
        if not keys and _UNKNOWN.fullmatch(sequence):
            # A key that no key here is, or an answer of the terminal: its digits are no answers.
            yield events.Key(Keys.Ignore, sequence)
        for key in keys:
            if key.key in _KEYPAD:
                yield from super()._sequence_to_key_events(_KEYPAD[key.key])
            else:
                yield key


def _is_pasted(data: str) -> bool:
    """Tell whether what came at once is several lines of text: nobody types so quickly."""
    if _ESCAPE in data:
        return False
    lines = _LINE_ENDS.split(data)
    return sum(len(line) >= _FEW and _WORD.search(line) is not None for line in lines) > 1


def _is_line(data: str) -> bool:
    """Tell whether what came at once is one line that begins with a word and holds a long one."""
    text = data.strip()
    if len(text) < _LONG or not text.isprintable() or not text[0].isalnum():
        return False
    return any(len(set(word)) >= _DIFFERENT for word in _LONG_WORD.findall(text.casefold()))


def parse_keys(driver: type[Driver]) -> None:
    """Let a terminal's driver parse with `KeyParser`.

    Args:
        driver: The driver for this machine; the names of Textual's modules are looked up when
            it begins to read.
    """
    for name in (driver.__module__, "textual.drivers.win32"):
        module = sys.modules.get(name)
        if hasattr(module, "XTermParser"):
            setattr(module, "XTermParser", KeyParser)  # noqa: B010 (not ours to assign)
