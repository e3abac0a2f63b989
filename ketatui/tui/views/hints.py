"""The line at the foot of a screen: which keys work, each of them to be clicked too."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rich.cells import cell_len

from ketatui.tui.actions import keys_in
from ketatui.tui.views.lines import Line, Span, clickable, fit, line, safe, wrap

KEY = "key:"
"""What the target of a hint has before the name of its key."""
Spot = tuple[str, str, str]
_NARROW = 100
"""Cells below which the hint line is set closer, and yes, no, unknown share one hint."""
_ALL = "? keys "
_LEAST = 40
"""Cells of a line that something told shares with the way to the keys."""
_GAP = 3
"""Cells between hints, where there is room."""
_MORE = len("99 more") - len("keys")
_YES_NO_UNKNOWN = ("y yes", "n no", "u unknown")


KEYS = "keys"
"""The target of a remark: the keys are to be shown again."""


def hint_line(hints: Sequence[str], width: int) -> Line:
    """Return as many hints as fit, each key set off.

    The last one ("? keys") always stays, and says how many there were no room for ("? 9 more").
    """
    return _hint_line(tuple(hints), width)


_MOST = 4
"""Lines that a fault or a warning takes at most."""


def remark_lines(
    said: Span, width: int, *, typing: bool, offers: Sequence[str] = ()
) -> Sequence[Line]:
    """Return something said where the keys stand; a fault or warning as a whole, on some lines.

    Args:
        said: What is said, and how it looks.
        width: Cells available.
        typing: Whether a question mark is text now: nothing then moves under what is typed.
        offers: Hints that stand beside what is said.
    """
    text, role = said
    cut = cell_len(safe(text)) >= width
    if not cut or role not in _WHOLE or typing or offers:
        return [remark_line(said, width, typing=typing, offers=offers)]
    lines = wrap(text, width - 1, role=role, indent=1, target=KEYS)
    if len(lines) > _MOST:
        rest = " ".join(item.text.strip() for item in lines[_MOST - 1 :])
        lines[_MOST - 1 :] = [line((fit(f" {rest}", width), role), target=KEYS)]
    return lines


_WHOLE = ("problem", "caution")
"""What is not cut to one line."""


def remark_line(said: Span, width: int, *, typing: bool, offers: Sequence[str] = ()) -> Line:
    """Return something said where the keys stand; a click on it brings them back.

    Args:
        said: What is said, and how it looks.
        width: Cells available.
        typing: Whether a question mark is text now, and does not list the keys.
        offers: Hints that stand beside what is said, each to be clicked.
    """
    if offers:
        parts = [part for hint in (*offers, _ALL.strip()) for part in _hint_parts(hint, _GAP)]
        room = width - sum(cell_len(part[0]) for part in parts) - _GAP
        text = fit(f" {safe(said[0])}", max(room, 1))
        return clickable((text + " " * _GAP, said[1], KEYS), *parts)
    text = fit(f" {safe(said[0])}", width)
    if said[1] == "info" and not typing and width > _LEAST:
        # What is only told gives way; a warning is not cut for it.
        text = fit(text, width - len(_ALL) - 2)
    room = width - cell_len(text) - len(_ALL)
    if typing or room < 2:
        return line((text, said[1]), target=KEYS)
    key, word = _ALL[:1], _ALL[1:]
    target = f"{KEY}question_mark"
    left: Spot = (text + " " * room, said[1], KEYS)
    return clickable(left, (key, "key", target), (word, "muted", target))


@lru_cache(maxsize=64)
def _hint_line(hints: tuple[str, ...], width: int) -> Line:
    shown = [hint for hint in hints if hint]
    gap = _GAP
    if width < _NARROW:
        gap = 2
        if tuple(shown[:3]) == _YES_NO_UNKNOWN:
            shown = ["y n u answer", *shown[3:]]
    parts: list[Span | Spot] = []
    # Who has only a mouse has to find the way back.
    back = [hint for hint in shown[:-1] if hint.startswith("Esc ")][-1:]
    kept = [*back, *shown[-1:]]
    used = 1 + sum(len(hint) + gap for hint in kept)
    if used - gap > width:
        kept, used = shown[-1:], 1 + sum(len(hint) + gap for hint in shown[-1:])
    others = [hint for hint in shown[:-1] if hint not in back]
    left = len(others)
    for hint in others:
        # The last one says how many are left, in some cells more.
        if used + len(hint) + (_MORE if left > 1 else 0) > width:
            break
        used += len(hint) + gap
        left -= 1
        parts += _hint_parts(hint, gap)
    if left and used + _MORE <= width + gap:
        kept[-1] = f"{kept[-1].split(' ')[0]} {left} more"
    for hint in kept:
        parts += _hint_parts(hint, gap)
    return clickable(" ", *parts)


def _hint_parts(hint: str, gap: int) -> list[Span | Spot]:
    """Set the keys off from what they do, each to be clicked; several stand before the word."""
    keys = keys_in(hint)
    if not keys:
        key, _, text = hint.partition(" ")
        return [(key, "key"), (f" {text}{' ' * gap}", "muted")]
    parts: list[Span | Spot] = []
    for written, key in keys:
        parts.append((f"{' ' if parts else ''}{written}", "key", f"{KEY}{key}"))
    text = hint[sum(len(written) + 1 for written, _ in keys) :]
    parts.append((f" {text}", "muted", f"{KEY}{keys[-1][1]}"))
    parts.append((" " * gap, "muted"))
    return parts
