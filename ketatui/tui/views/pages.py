"""Pages of rows that open: sections, rows with their details, and how they lie below each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ketatui.structs import Frozen
from ketatui.tui.views.lines import EMPTY, Line, Span, fit, line, pad, safe, sides, wrap

MARK = 2
"""Cells before a row, for the sign that it opens."""
DETAIL = 4
"""Cells before what a row opens to."""
_LABEL = 42
_LONG_LABEL = 24
_LEAST = 14
"""Cells a text needs beside its label; with less it stands below."""


class Row(Frozen, frozen=True):
    """Something on a page.

    Attributes:
        key: Identifies it on its page; empty for a heading, on which the cursor cannot stand.
        head: What is always shown, for a width less `MARK`.
        detail: What it opens to, for a width less `DETAIL`.
    """

    key: str
    head: tuple[Line, ...]
    detail: tuple[Line, ...] = ()

    @property
    def text(self) -> str:
        """All of it, for finding."""
        shown = " ".join(item.text for item in (*self.head, *self.detail))
        # Lines are broken anywhere; white space is not what one looks for.
        return " ".join(shown.casefold().split())


class Section(Frozen, frozen=True):
    """A part of a page.

    Attributes:
        count: What stands beside its title in the list of sections.
    """

    id: str
    title: str
    rows: tuple[Row, ...]
    count: Span = ("", "muted")


class Laid(Frozen, frozen=True):
    """A page as lines.

    Attributes:
        lines: From top to bottom.
        places: First and last line of every row the cursor can stand on, in order.
        sections: The section of each of those rows.
        heads: The line a section begins at.
    """

    lines: tuple[Line, ...]
    places: Mapping[str, tuple[int, int]]
    sections: Mapping[str, str]
    heads: Mapping[str, int]


def lay_out(
    sections: Sequence[Section],
    opened: Collection[str],
    width: int,
    words: str = "",
    *,
    numbered: bool = True,
) -> Laid:
    """Lay a page out.

    Args:
        sections: Its parts; the first nine are reached by 1 to 9, the tenth by 0.
        opened: Keys of the rows that are open.
        width: Cells available.
        words: Only rows that contain all of these are shown.
        numbered: Whether the sections show the number they are reached by.
    """
    lines: list[Line] = []
    places: dict[str, tuple[int, int]] = {}
    owners: dict[str, str] = {}
    heads: dict[str, int] = {}
    wanted = words.casefold().split()
    for number, section in enumerate(sections, start=1):
        rows = list(_matching(section.rows, wanted))
        if not rows:
            continue
        if lines:
            lines.append(EMPTY)
        heads[section.id] = len(lines)
        lines.append(_heading(f"{number % 10} " if numbered else "", section.title, width))
        for row in rows:
            first = len(lines)
            lines += _row_lines(row, row.key in opened)
            if row.key:
                places[row.key] = (first, len(lines) - 1)
                owners[row.key] = section.id
    if not lines:
        lines = [EMPTY, line(("  Nothing here contains that.", "muted"))]
    return Laid(tuple(lines), places, owners, heads)


def _matching(rows: Iterable[Row], wanted: Sequence[str]) -> Iterator[Row]:
    """Yield the rows that contain every word, each heading once one of its rows does."""
    heading: Row | None = None
    for row in rows:
        if not wanted:
            yield row
        elif not row.key:
            heading = row
        elif all(word in row.text for word in wanted):
            if heading is not None:
                yield heading
                heading = None
            yield row


def _heading(number: str, title: str, width: int) -> Line:
    said = f"{number}{title} "
    return line((said, "title"), ("─" * max(width - len(said), 0), "muted"))


def _row_lines(row: Row, is_open: bool) -> Iterator[Line]:
    if not row.key:
        yield from row.head
        return
    sign = ("▾ " if is_open else "▸ ") if row.detail else "  "
    for number, item in enumerate(row.head):
        lead = (sign if number == 0 else "  ", "key")
        yield Line((lead, *item.spans), row.key)
    if is_open:
        yield from (Line(((" " * DETAIL, "text"), *item.spans)) for item in row.detail)


def heading(text: str) -> Row:
    """Return a heading between rows."""
    return Row("", (line((safe(text), "muted")),))


def remark(key: str, text: str, width: int, role: str = "muted") -> Row:
    """Return a row that says something and does not open."""
    return Row(key, tuple(wrap(text, width - MARK, role=role)))


def pair(
    key: str,
    label: str | Span,
    value: str,
    width: int,
    *,
    role: str = "strong",
    detail: Sequence[Line] = (),
    label_width: int | None = None,
) -> Row:
    """Return a row of a label and a value beside it; a long value goes on below itself."""
    label, label_role = (label, "text") if isinstance(label, str) else label
    inner = width - MARK
    column = min(label_width or _LABEL, max(inner * 9 // 16, 12))
    name = safe(label)
    if inner - column < _LEAST:
        head = [*wrap(name, inner, role=label_role), *wrap(value, inner, role=role, indent=2)]
    elif len(name) < column:
        head = wrap(
            value, inner, role=role, indent=column, first=((pad(name, column), label_role),)
        )
    elif len(name) + 1 + len(value) <= inner:
        head = [line((f"{name} ", label_role), (safe(value), role))]
    else:
        head = [line((fit(name, inner), label_role)), *wrap(value, inner, role=role, indent=column)]
    return Row(key, tuple(head), tuple(detail))


def said(text: str, width: int, role: str = "text", first: str = "") -> list[Line]:
    """Return a paragraph of a detail, with a label before it if it has one."""
    room = width - DETAIL
    label = safe(first)
    long = len(label) > _LONG_LABEL or room - len(label) < _LEAST
    if label and long and len(label) + len(safe(text)) > room:
        # Below a long label a text would have a narrow column to itself.
        return [*wrap(label, room, role="muted"), *wrap(text, room, role=role, indent=2)]
    lead = ((label, "muted"),) if label else ()
    return wrap(text, room, role=role, indent=len(label), first=lead)


def list_of_sections(sections: Sequence[Section], current: str, width: int) -> list[Line]:
    """Return the sections as a list for the side of the screen."""
    lines = []
    for number, section in enumerate(sections, start=1):
        here = section.id == current
        left = (
            ("▸" if here else " ", "key"),
            (f"{number % 10} ", "key"),
            (section.title, "strong" if here else "text"),
        )
        count = section.count if section.count[0] else ("", "text")
        lines.append(sides(left, (count,), width, target=section.id))
    return lines


def crumb_of_sections(sections: Sequence[Section], current: str, width: int) -> Line:
    """Return where one is among the sections, in one line; selecting it goes to the next."""
    ids = [section.id for section in sections]
    place = ids.index(current) if current in ids else 0
    following = (place + 1) % len(sections)
    then = ((f"next {sections[following].title} ", "muted"), ("] ", "key"))
    return sides(
        (
            (f" {place + 1}/{len(sections)} ", "muted"),
            (sections[place].title, "title"),
            (f" {sections[place].count[0]}", sections[place].count[1]),
        ),
        then if len(sections) > 1 else (),
        width,
        target=ids[following],
    )
