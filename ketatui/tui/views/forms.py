"""Forms as lines: items with an answer each, of which the focused one opens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal, Self

from rich.cells import cell_len

from ketatui.structs import Frozen
from ketatui.tui.views.hints import KEY
from ketatui.tui.views.lines import (
    EMPTY,
    WIDEST,
    Line,
    Span,
    clickable,
    fit,
    line,
    pad,
    safe,
    wrap,
)

ItemKind = Literal["bool", "choice", "number", "text", "action", "tick", "heading", "info"]

SELECTABLE: frozenset[ItemKind] = frozenset({"bool", "choice", "number", "text", "action", "tick"})
_INDENT = 4
_LEAD = 3
"""Cells before a label: the pointer, a mark, a space."""
_COLUMN = 44
"""The column in which answers begin: behind the longest label of a question."""
_NARROW = 30
"""The same where labels and answers have to share less."""
_ROOM = 12
"""Cells that answers have at least, where the screen is not very narrow."""
_LINES = 3
"""Lines that an answer takes at most while it is not focused."""
_SUGGESTIONS = 5
_PAD = 56
"""Cells from which there are digits to click."""
SUGGESTED = "=suggested:"
"""What the target of a suggestion has between the key of its item and its number."""


@dataclass(frozen=True)
class FormItem:
    """One thing to answer, or a line between such things.

    A dataclass, because two items that differ only in how they complete a text are the same.

    Attributes:
        key: Identifies it; a question's id.
        label: What its line says.
        answer: The answer shown on its line, with a role.
        mark: One cell at the very left of the line.
        options: For a choice: code and label.
        first: Number of the first option; a scale's items count from 0.
        chosen: For a choice: the code that is the answer now.
        detail: Paragraphs shown while it is focused, each with a role.
        can_be_unknown: Whether "cannot be established" is an answer.
        entry: What editing starts from.
        opens: Whether Enter opens something instead of an entry.
        suggest: For a text: completions of what was typed so far.
        fraction: For a number: whether a point begins it.
        editable: For a choice or action: whether Enter edits a text instead.
        lines: What stands there as it is, in place of a label; something drawn.
    """

    key: str
    label: str
    kind: ItemKind
    answer: Span = ("", "text")
    mark: Span = (" ", "text")
    options: tuple[tuple[str, str], ...] = ()
    first: int = 1
    chosen: str | None = None
    detail: tuple[Span, ...] = ()
    can_be_unknown: bool = False
    entry: str = ""
    opens: bool = False
    suggest: Callable[[str], Sequence[str]] | None = field(default=None, compare=False)
    fraction: bool = False
    editable: bool = False
    lines: tuple[Line, ...] = ()

    @property
    def takes_text(self) -> bool:
        """Whether something can be typed on its line."""
        return self.kind in ("number", "text") or self.editable

    @property
    def selectable(self) -> bool:
        """Whether the cursor can stand on it."""
        return self.kind in SELECTABLE

    def replaced(self, **changes: Any) -> Self:
        """Return the same with some fields changed."""
        return replace(self, **changes)


class Typing(Frozen, frozen=True):
    """An entry in progress.

    Attributes:
        text: What was typed so far.
        problem: Why the last attempt was refused.
        check: A question to confirm before an unusual value is taken.
        suggestions: Completions on offer.
        picked: Which of them is picked, or None.
        remark: What there is to say about the text so far; nothing has to be done about it.
        picking: Whether it is the first digit of an option's number.
    """

    text: str
    problem: str = ""
    check: str = ""
    suggestions: tuple[str, ...] = ()
    picked: int | None = None
    remark: str = ""
    picking: bool = False


class Laid(Frozen, frozen=True):
    """A form laid out.

    Attributes:
        lines: Its lines.
        focus: Index of the focused item's own line.
        last: Index of the last line of the focused item.
    """

    lines: list[Line]
    focus: int | None
    last: int


def lay_out(
    items: Sequence[FormItem],
    cursor: int,
    width: int,
    typing: Typing | None,
    message: Span | None,
    *,
    alone: bool = False,
    room: int = 0,
) -> Laid:
    """Lay a form out.

    Args:
        items: The items, in order.
        cursor: Index of the focused item.
        width: Cells available.
        typing: The entry in progress on the focused item.
        message: A remark shown under the focused item ("please check").
        alone: Show the focused item only, for the smallest screens.
        room: Lines an opened item takes at least, so that what stands below it keeps its place
            when the cursor moves on.
    """
    width = min(width, WIDEST)
    if alone and cursor < len(items):
        return _one_at_a_time(items, cursor, width, typing, message)
    lines: list[Line] = []
    focus, last = None, 0
    column = answer_column(items, width)
    for index, item in enumerate(items):
        if item.kind == "heading":
            lines.append(EMPTY if lines else Line())
            lines.append(line((f" {fit(safe(item.label), width - 1)}", "title")))
        elif item.lines:
            lines.extend(item.lines)
        elif item.kind == "info":
            lines.extend(wrap(item.label, width, role=item.answer[1], indent=2))
        else:
            focused = index == cursor
            entry = typing.text if typing is not None and focused else None
            own = _lines_of(item, entry, column, width, focused)
            if focused:
                # What is being typed stands at the end of it, and the cursor with it.
                focus = len(lines) + (len(own) - 1 if entry is not None else 0)
            lines += own
            if focused:
                opened = _opened(item, width, typing, message)
                last = len(lines) + len(opened) - 1
                lines += opened + [EMPTY] * (room - len(opened))
    return Laid(lines, focus, last)


def _one_at_a_time(
    items: Sequence[FormItem],
    cursor: int,
    width: int,
    typing: Typing | None,
    message: Span | None,
) -> Laid:
    answerable = [index for index, item in enumerate(items) if item.selectable]
    place = answerable.index(cursor) + 1 if cursor in answerable else 0
    item = items[cursor]
    said = typing.text if typing else item.answer[0]
    lines = [
        line((f"{place} of {len(answerable)}", "muted")),
        *wrap(item.label.strip(), width, role="strong", target=item.key),
        line(("▸ ", "key"), (safe(said), item.answer[1]), ("▏" if typing else "", "entry")),
    ]
    focus = len(lines) - 1
    lines += _opened(item, width, typing, message)
    for following in items[cursor + 1 :]:
        # What is said below it belongs to it: the questions that one key would answer.
        if following.kind != "info" or following.lines:
            break
        lines += wrap(following.label, width, role=following.answer[1], indent=2)
    return Laid(lines, focus, len(lines) - 1)


def answer_column(items: Sequence[FormItem], width: int) -> int:
    """Return the column in which all answers of a form begin.

    Args:
        items: The items; one without an answer may be as long as the line.
        width: Cells available.
    """
    labels = [item.label for item in items if item.selectable and item.answer[0].strip()]
    longest = max([cell_len(safe(label)) for label in labels], default=0)
    room = max(min(_ROOM, width // 3), 10)
    usual = _COLUMN if width >= _COLUMN + 2 * _ROOM else _NARROW
    return max(min(max(usual, longest + _LEAD + 2), width - room), _LEAD + 1)


def _lines_of(
    item: FormItem, entry: str | None, column: int, width: int, focused: bool
) -> tuple[Line, ...]:
    place = column, width
    return _laid(item.key, item.label, item.mark, item.answer, entry, place, focused)


# Most lines of a form are what they were at the key before.
@lru_cache(maxsize=512)
def _laid(
    key: str,
    label: str,
    mark: Span,
    answer: Span,
    entry: str | None,
    place: tuple[int, int],
    focused: bool,
) -> tuple[Line, ...]:
    """Lay out an item's own lines: what does not fit beside its label goes on below."""
    column, width = place
    pointer: Span = ("▸", "key") if focused else (" ", "text")
    label, said = safe(label), safe(answer[0])
    name_role = "strong" if focused else "text"
    if entry is None and not said.strip():
        name = fit(label, width - _LEAD)
        return (Line((pointer, mark, (" ", "text"), (name, name_role)), target=key, cursor=_LEAD),)
    # An open answer has only what was last beside it: further left it takes no second line.
    own = width - cell_len(said)
    is_open = entry is None and answer[1] == "muted"
    if is_open and _LEAD + cell_len(label) + 2 <= own < column:
        column = own
    if entry is None:
        pieces, role, cursor = _pieces(said, width - column, focused=focused), answer[1], _LEAD
    else:
        pieces, role = _cut(f"{safe(entry)}▏", width - column), "entry"
        cursor = min(column + cell_len(pieces[-1]) - 1, width - 1)
    name = pad(label, max(column - _LEAD - 1, 0))
    first = Line(
        (pointer, mark, (" ", "text"), (name, name_role), (" ", "text"), (pieces[0], role)),
        target=key,
        cursor=cursor,
    )
    gap = (" " * column, "text")
    return (first, *(Line((gap, (piece, role)), target=key, cursor=cursor) for piece in pieces[1:]))


def _pieces(text: str, room: int, *, focused: bool) -> list[str]:
    """Break an answer at its spaces."""
    if cell_len(text) <= room:
        return [text]
    pieces = [row.text for row in wrap(text, room)]
    if focused or len(pieces) <= _LINES:
        return pieces
    return [*pieces[: _LINES - 1], fit(" ".join(pieces[_LINES - 1 :]), room)]


def _cut(text: str, room: int) -> list[str]:
    """Cut what is being typed at the edge: a space at its end counts."""
    pieces = [""]
    for character in text:
        if cell_len(pieces[-1] + character) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _opened(item: FormItem, width: int, typing: Typing | None, message: Span | None) -> list[Line]:
    lines: list[Line] = []
    if typing is not None:
        lines += _typing_lines(item.key, typing, width)
    elif item.kind in ("bool", "tick"):
        lines.append(_buttons(item))
    if message is not None:
        lines += wrap(message[0], width, role=message[1], indent=_INDENT, target=item.key)
    numbered = len(item.options) > 1
    for text, role in item.detail[:1] if numbered else ():
        lines += wrap(text, width, role=role, indent=_INDENT, target=item.key)
    for number, (code, label) in enumerate(item.options, start=item.first):
        chosen = code == item.chosen
        lines += wrap(
            label,
            width,
            role="strong" if chosen else "text",
            indent=_INDENT + 5,
            first=(
                (" " * _INDENT, "text"),
                (f"{number:>2} ", "key"),
                ("● " if chosen else "  ", "info"),
            ),
            target=f"{item.key}={code}",
        )
    for text, role in item.detail[1:] if numbered else item.detail:
        lines += wrap(text, width, role=role, indent=_INDENT, target=item.key)
    if item.kind == "number" and width >= _PAD:
        lines.append(_digits(item))
    return lines


def _digits(item: FormItem) -> Line:
    """Return the keys that a number is made of, for who has a mouse only."""
    keys = [*((str(digit), str(digit)) for digit in range(10))]
    keys += [(".", "full_stop")] if item.fraction else []
    keys += [("Backspace", "backspace"), ("Enter", "enter")]
    parts: list[str | Span | tuple[str, str, str]] = [" " * (_INDENT - 1)]
    parts += [(f" {shown} ", "muted", f"{KEY}{key}") for shown, key in keys]
    return clickable(*parts, target=item.key)


def _buttons(item: FormItem) -> Line:
    """Return the answers to a question of yes or no, to be clicked."""
    answers = ["y yes", "n no", *(["u unknown"] if item.can_be_unknown else [])]
    parts: list[str | Span | tuple[str, str, str]] = [" " * _INDENT]
    for answer in answers:
        key, word = answer[:1], answer[1:]
        parts += [(key, "key", f"{KEY}{key}"), (word, "muted", f"{KEY}{key}"), "   "]
    return clickable(*parts, target=item.key)


def _typing_lines(key: str, typing: Typing, width: int) -> list[Line]:
    lines = []
    said = ((typing.problem, "problem"), (typing.check, "caution"), (typing.remark, "caution"))
    for text, role in said:
        if text:
            lines += wrap(text, width, role=role, indent=_INDENT)
    for index, text in enumerate(typing.suggestions[:_SUGGESTIONS]):
        picked = index == typing.picked
        lines.append(
            line(
                (" " * _INDENT, "text"),
                ("▸ " if picked else "  ", "key"),
                (fit(safe(text), width - _INDENT - 2), "strong" if picked else "muted"),
                target=f"{key}{SUGGESTED}{index}",
            )
        )
    return lines
