"""What a terminal sends, as keys: Esc and what follows are two, whatever joins them."""

from __future__ import annotations

import inspect
from collections.abc import Sequence

import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from ketatui.tui.key_parser import KeyParser, PastedKeys, PastedLine, parse_keys
from tests.each import each

BEHIND_ESCAPE = {
    "\r": "enter",
    "\t": "tab",
    ".": "full_stop",
    "/": "slash",
    "-": "minus",
    "\x7f": "backspace",
    "[": "left_square_bracket",
    "O": "O",
    **{character: character for character in "0123456789abfynuoYN"},
}
"""What may be pressed right behind Esc, and the key that it is."""

OTHER_KEYS = {
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1bOA": "up",
    "\x1b[5~": "pageup",
    "\x1bOP": "f1",
    "\x1b[12~": "f2",
    "\x1b[Z": "shift+tab",
    "\x1b[H": "home",
    "\x1b[27u": "escape",
    "\x1b[57409u": "full_stop",
    "\x1b[57410;1;47u": "slash",
    "\x1bOn": "full_stop",
    "\x1bOo": "slash",
    "\x1bOs": "3",
}


def parsed(*reads: str) -> list[events.Event]:
    """Return the events of what came read by read, with nothing after it for a while."""
    parser = KeyParser()
    found = [event for read in reads for event in parser.feed(read)]
    if parser._timeout_time is not None:
        parser._timeout_time = 0.0
    return [event for event in (*found, *parser.tick()) if isinstance(event, events.Event)]


def keys(*reads: str) -> list[str]:
    """Return the names of the keys."""
    return [event.key for event in parsed(*reads) if isinstance(event, events.Key)]


@each(("sent", "key"), BEHIND_ESCAPE.items())
def test_escape_and_what_follows_are_two_keys_however_they_come(sent: str, key: str) -> None:
    assert keys(f"\x1b{sent}") == ["escape", key]
    assert keys("\x1b", sent) == ["escape", key]


@each(("sent", "key"), OTHER_KEYS.items())
def test_other_keys_are_what_they_were_wherever_a_read_ends(sent: str, key: str) -> None:
    for cut in range(len(sent)):
        assert keys(sent[:cut], sent[cut:]) == [key] if cut else keys(sent) == [key]
    if sent != "\x1b[27u":
        assert keys(f"\x1b{sent}") == ["escape", key]


@pytest.mark.parametrize("sent", ["\x1b[99;1x", "\x1b[?64;1;2c", "\x1b[1;2z"])
def test_a_sequence_that_nobody_knows_is_no_key_at_all(sent: str) -> None:
    assert keys(sent) == []


def test_several_lines_at_once_are_a_paste_and_quick_keys_are_keys() -> None:
    lines = "sertraline 50 mg\rlithium\r"
    (event,) = parsed(lines)
    assert isinstance(event, PastedKeys)
    assert event.text == lines
    for typed in ("148/92\r76\r98\r", "yynny\r\r", "/apnea\ry", "jjjjjjjjjjjj", "ynnyuyynny1"):
        assert len(keys(typed)) == len(typed)


@pytest.mark.parametrize("text", ["lorazepam 1 mg qhs", "sertraline 100 mg daily\r"])
def test_a_line_at_once_is_a_paste_that_knows_the_keys_it_would_be(text: str) -> None:
    (event,) = parsed(text)
    assert isinstance(event, PastedLine)
    assert event.text == text
    assert [key.key for key in event.keys][:4] == list(text[:4])
    assert len(event.keys) == len(text)
    assert len(keys("\x1b[200~", text, "\x1b[201~")) == 0


def test_a_line_some_while_behind_escape_is_a_line_and_right_behind_it_keys() -> None:
    parser = KeyParser()
    assert list(parser.feed("\x1b")) == []
    parser._timeout_time = 0.0
    (escape,) = parser.tick()
    assert isinstance(escape, events.Key)
    (line,) = parser.feed("lorazepam 1 mg qhs")
    assert isinstance(line, PastedLine)
    both = parsed("\x1blorazepam 1 mg qhs\r")
    assert [type(event) for event in both] == [events.Key, PastedLine]
    assert keys("\x1b", "lorazepam 1 mg")[:2] == ["escape", "l"]


def test_what_a_terminal_marks_as_pasted_is_one_paste_however_it_is_read() -> None:
    reads = ("\x1b[200~sertraline\rlith", "ium 300\rzolpidem\r", "buspirone\x1b[20", "1~y")
    paste, key = parsed(*reads)
    assert isinstance(paste, events.Paste)
    assert not isinstance(paste, PastedKeys)
    assert paste.text == "sertraline\rlithium 300\rzolpidem\rbuspirone"
    assert isinstance(key, events.Key)


def test_the_parts_of_textual_that_this_stands_on_are_there() -> None:
    parse_keys(LinuxDriver)
    assert LinuxDriver.run_input_thread.__globals__["XTermParser"] is KeyParser
    wanted: Sequence[str] = ("self", "sequence", "alt")
    assert tuple(inspect.signature(XTermParser._sequence_to_key_events).parameters) == wanted
    assert "_sequence_to_key_events" in inspect.getsource(XTermParser.parse)
