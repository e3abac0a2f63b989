"""What goes to the terminal is less than Textual writes, and looks the same."""

from __future__ import annotations

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.tui.terminal_output import lean
from ketatui.tui.views.lines import ROLES, Line
from ketatui.tui.widgets.line_view import _VISIBLE_SPACES, _same_end
from tests.effort import tries

WIDTH, HEIGHT = 24, 12

colors = st.sampled_from(
    ("31", "97", "39", "38;5;9", "38;2;1;2;3", "41", "104", "49", "48;5;9", "48;2;1;2;3")
)
attributes = st.sampled_from(("", "0", "1", "3", "4", "7", "9"))
codes = st.lists(colors | attributes, max_size=4).map(";".join)
pieces = st.builds(
    lambda code, text, reset: f"\x1b[{code}m{text}" + ("\x1b[0m" if reset else ""),
    codes,
    st.sampled_from(("a", "no  ", "   ", " ", "ü✓", "漢字", "")),
    st.booleans(),
)
moves = st.builds(
    lambda x, y, begun: f"{begun}\x1b[{y};{x}H",
    st.integers(1, WIDTH),
    st.integers(1, HEIGHT // 2),  # a new line on the last row would scroll; Textual writes none
    st.sampled_from(("", "\n")),
)
others = st.sampled_from(("\x1b[K", "\x1b[?25l", "\x1b[2J"))
writes = st.lists(st.one_of(pieces, pieces, moves, others), max_size=20).map("".join)


def looks_of(screen: pyte.Screen) -> list[tuple[object, ...]]:
    """Each cell as it is seen: of a space only what shows without a letter."""
    found: list[tuple[object, ...]] = [(screen.cursor.x, screen.cursor.y)]
    for y in range(screen.lines):
        for x in range(screen.columns):
            cell = screen.buffer[y][x]
            shown = (cell.data, cell.bg, cell.underscore, cell.reverse, cell.strikethrough)
            bare = cell.data == " " and not any(shown[2:])
            found.append(shown if bare else (*shown, cell.fg, cell.bold, cell.italics))
    return found


@settings(max_examples=tries(300))
@given(st.lists(writes, max_size=3))
def test_the_terminal_shows_the_same(data: list[str]) -> None:
    screens = []
    for change in (str, lean):
        screen = pyte.Screen(WIDTH, HEIGHT)
        stream = pyte.Stream(screen)
        for written in data:
            stream.feed(change(f"{written}\x1b[0m"))
        screens.append(looks_of(screen))
    assert screens[0] == screens[1]


def test_what_is_the_same_is_said_once() -> None:
    style = "\x1b[1;38;2;214;218;224;48;2;20;23;28m"
    written = f"\x1b[4;24H{style}Heart\x1b[0m\n\x1b[5;24H{style}Liver\x1b[0m\x1b[1;1H"
    assert lean(written) == f"\x1b[4;24H{style}Heart\x1b[5;24HLiver\x1b[1;1H\x1b[0m"


def test_a_style_that_is_not_known_is_passed_on() -> None:
    written = "\x1b[4:3m\x1b[58;5;1mwavy\x1b[0m"
    assert lean(written) == written


spans = st.tuples(st.sampled_from(("", " ", "  ", "a", "no", " b ", "漢")), st.sampled_from(ROLES))
lines = st.lists(spans, max_size=5).map(lambda found: Line(tuple(found)))


def cells(shown: Line) -> list[tuple[str, str]]:
    """The line cell by cell; a space has a look of its own only in some roles."""
    found = []
    for text, role in (*shown.spans, (" " * (WIDTH - shown.width), "text")):
        for character in text:
            plain = character == " " and role not in _VISIBLE_SPACES
            found.append((character, "" if plain else role))
            found += [("", role)] * (character == "漢")
    return found


@settings(max_examples=tries(300))
@given(lines, lines, st.booleans())
def test_only_what_looks_the_same_is_left_unpainted(old: Line, new: Line, focused: bool) -> None:
    same = _same_end((old, focused, ""), (new, focused, ""), WIDTH)
    assert cells(old)[WIDTH - same :] == cells(new)[WIDTH - same :]
    assert same == WIDTH or old != new
    assert _same_end((old, True, ""), (new, False, ""), WIDTH) == 0
