"""Lines of text with roles: what every view returns and every widget draws.

A role says what a piece of text means (``good``, ``caution``, ``muted`` …); a theme says how
that looks. Text from outside goes through `safe`, never through markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import zip_longest

from msgspec.structs import force_setattr
from rich.cells import cell_len, set_cell_size

from ketatui.criteria.who import BETWEEN
from ketatui.printable import printable
from ketatui.structs import Frozen

Span = tuple[str, str]
"""A piece of text and its role."""

ROLES = (
    "text",
    "muted",
    "strong",
    "title",
    "key",
    "good",
    "caution",
    "info",
    "unmet",
    "advised",
    "outside",
    "bad",
    "local",
    "entry",
    "problem",
)
"""All roles; the stylesheet gives each a look."""


WIDEST = 90
"""Cells of the widest line of a text: longer ones are hard to read."""


class Line(Frozen, frozen=True):
    """One line on the screen.

    Attributes:
        spans: Its pieces, left to right.
        target: What selecting it means; None for a line that cannot be selected.
        cursor: Column where the terminal's cursor stands while the line is focused.
        spots: Parts that mean something of their own when they are clicked: the first cell of
            each, the one behind it, and its target.
        width: Cells it takes; counted, whatever is given.
    """

    spans: tuple[Span, ...] = ()
    target: str | None = None
    cursor: int = 0
    width: int = 0
    spots: tuple[tuple[int, int, str], ...] = ()

    def __post_init__(self) -> None:
        """Let nothing through that a terminal would act on, whoever forgot `safe`."""
        texts = [text for text, _ in self.spans]
        if not "".join(texts).isprintable():
            spans = tuple((safe(text), role) for text, role in self.spans)
            force_setattr(self, "spans", spans)
            texts = [text for text, _ in spans]
        force_setattr(self, "width", sum(map(cell_len, texts)))

    @property
    def text(self) -> str:
        """The line without roles."""
        return "".join(text for text, _ in self.spans)

    def target_at(self, x: int) -> str | None:
        """Return what a click on a cell means: the part that is there, else the line."""
        found = (target for start, end, target in self.spots if start <= x < end)
        return next(found, self.target)


EMPTY = Line()


@lru_cache(maxsize=4096)
def safe(text: str) -> str:
    """Make text from outside harmless: one line, nothing a terminal would act on."""
    return printable(" ".join(text.split()) if "\n" in text or "\t" in text else text)


def line(*parts: str | Span, target: str | None = None, cursor: int = 0) -> Line:
    """Build a line; a bare string has the role ``text``."""
    spans = [(part, "text") if isinstance(part, str) else part for part in parts]
    return Line(tuple(spans), target, cursor)


def clickable(*parts: str | Span | tuple[str, str, str], target: str | None = None) -> Line:
    """Build a line of parts, of which those with a third member can be clicked by themselves.

    Args:
        parts: A bare string has the role ``text``; the third member is what a click means.
        target: What a click anywhere else on it means.
    """
    spans: list[Span] = []
    spots = []
    at = 0
    for part in parts:
        text, role, *own = (part, "text") if isinstance(part, str) else part
        end = at + cell_len(text)
        spots += [(at, end, name) for name in own]
        spans.append((text, role))
        at = end
    return Line(tuple(spans), target, spots=tuple(spots))


def fit(text: str, width: int) -> str:
    """Cut text to a width, with an ellipsis where something is missing.

    It ends with a whole word, unless much of the room would be left empty for that.
    """
    if cell_len(text) <= width:
        return text
    if width <= 0:
        return ""
    kept = set_cell_size(text, width - 1)
    if text[len(kept) : len(kept) + 1] != " ":
        words = kept.rpartition(" ")[0]
        kept = words if cell_len(words) >= width * _WORTHWHILE else kept
    return kept.rstrip(_NO_END) + "…"


_WORTHWHILE = 0.6
"""What part of the room whole words have to fill for the rest of one to be left out."""
_NO_END = " ,;:·("
"""What a text that is cut does not end with."""
_LEAST_WHO, _LEAST_NAME = 8, 12
"""Cells that the line which says who, and a label, have in any case."""


def in_room(who: str, name: str, room: int) -> tuple[str, str]:
    """Cut the line that says who, and what a screen is called, to the room they share.

    Args:
        who: Age, sex, diagnosis and more; it gives way first, a part at a time from its end.
        name: The label of a case, or the screen's title with it.
        room: Cells.
    """
    while BETWEEN in who and cell_len(who) + cell_len(name) > room:
        who = who.rpartition(BETWEEN)[0]
    name = fit(name, max(room - min(cell_len(who), _LEAST_WHO), _LEAST_NAME))
    return fit(who, max(room - cell_len(name), _LEAST_WHO)), name


@lru_cache(maxsize=4096)
def pad(text: str, width: int) -> str:
    """Cut or fill text to exactly a width."""
    return set_cell_size(fit(text, width), width)


def sides(
    left: Sequence[Span],
    right: Sequence[Span],
    width: int,
    *,
    target: str | None = None,
    cursor: int = 0,
) -> Line:
    """Put spans at both ends of a line; the left side gives way when they do not both fit."""
    return _sides(tuple(left), tuple(right), width, target, cursor)


# Most of what is laid out at a key was laid out at the key before.
@lru_cache(maxsize=512)
def _sides(
    left: tuple[Span, ...], right: tuple[Span, ...], width: int, target: str | None, cursor: int
) -> Line:
    taken = sum(cell_len(text) for text, _ in right)
    room = max(width - taken - (1 if right else 0), 0)
    kept: list[Span] = []
    for text, role in left:
        piece = fit(text, room)
        kept.append((piece, role))
        room -= cell_len(piece)
        if piece != text:
            break
    gap = " " * (room + (1 if right else 0))
    return Line((*kept, (gap, "text"), *right), target, cursor)


def wrap(
    text: str,
    width: int,
    *,
    role: str = "text",
    indent: int = 0,
    first: Sequence[Span] = (),
    target: str | None = None,
) -> list[Line]:
    """Break text at spaces into lines of at most a width, and of at most `WIDEST`.

    Args:
        text: The text; made safe here.
        width: Cells available, indent included; a word that is longer than the widest line, as
            addresses and paths are, takes as many as there are.
        role: Role of the text.
        indent: Cells left free at the start of each line.
        first: Spans to put into the indent of the first line ("· ", a symbol).
        target: Given to every line.
    """
    return list(_wrap(text, width, role, indent, tuple(first), target))


@lru_cache(maxsize=512)
def _wrap(
    text: str, width: int, role: str, indent: int, first: tuple[Span, ...], target: str | None
) -> tuple[Line, ...]:
    most = max(width - indent, 8)
    room = min(most, max(WIDEST - indent, 8))
    rows: list[str] = []
    row = ""
    for word in safe(text).split(" "):
        rest = word
        if row and cell_len(row) + 1 + cell_len(rest) <= room:
            row = f"{row} {rest}"
            continue
        if row:
            rows.append(row)
        while cell_len(rest) > most:
            head = set_cell_size(rest, most)
            rows.append(head)
            rest = rest[len(head) :]
        row = rest
    rows.append(row)
    used = sum(cell_len(piece) for piece, _ in first)
    opening: tuple[Span, ...] = (*first, (" " * max(indent - used, 0), "text"))
    lines = [Line((*opening, (rows[0], role)), target)]
    blank = (" " * indent, "text")
    lines += [Line((blank, (row, role)), target) for row in rows[1:]]
    return tuple(lines)


def beside_end(
    text: str,
    right: Sequence[Span],
    width: int,
    *,
    indent: int = 0,
    first: Sequence[Span] = (),
    target: str | None = None,
) -> list[Line]:
    """Break a text where it does not fit beside what stands at the end of its first line.

    Args:
        text: The text; made safe here.
        right: What stands at the end.
        width: Cells available.
        indent: Cells left free at the start of each line.
        first: Spans to put into the indent of the first line.
        target: Given to every line.
    """
    room = width - sum(cell_len(piece) for piece, _ in right) - bool(right)
    head, *more = wrap(text, room, indent=indent, first=first, target=target)
    return [sides(head.spans, right, width, target=target), *more]


def beside(left: Sequence[Line], right: Sequence[Line], at: int) -> list[Line]:
    """Put lines beside each other; what can be clicked in them still can.

    Args:
        left: What stands at the left, none wider than the place of the others.
        right: What stands at the right.
        at: The column in which that begins.
    """
    found = []
    for one, other in zip_longest(left, right, fillvalue=EMPTY):
        gap = (" " * max(at - one.width, 0), "text")
        spots = (*one.spots, *((start + at, end + at, to) for start, end, to in other.spots))
        found.append(Line((*one.spans, gap, *other.spans), one.target, one.cursor, 0, spots))
    return found


def rule(width: int) -> Line:
    """Return a thin horizontal line."""
    return line(("─" * width, "muted"))


def shortened(text: str, most: int = 40) -> str:
    """Return the beginning of a text from outside, to name it by in a remark."""
    return fit(safe(" ".join(text.split())), most)
