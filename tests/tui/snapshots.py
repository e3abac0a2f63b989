"""Screens as plain text: what is written, and in which roles.

A snapshot is the screen's text, then the runs of style of every line that is not plain
throughout. Colors are named by what they mean in the theme, so that a snapshot reads like the
screen and a change of palette does not touch it. ``UPDATE_SNAPSHOTS=1`` writes them anew.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Sequence
from difflib import unified_diff
from itertools import groupby
from pathlib import Path

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.theme import Theme

from tests.tui.support import Hand

FOLDER = Path(__file__).parent / "snapshots"
UPDATE = "UPDATE_SNAPSHOTS"
PLAIN = "text"

_DIGEST = re.compile(r"(?<=sha256:)[0-9a-f]+")


def roles(theme: Theme) -> dict[str, str]:
    """Return what each color of a theme means."""
    named = {
        theme.background: "ground",
        theme.panel: "panel",
        theme.foreground: PLAIN,
        theme.primary: "title",
        theme.accent: "key",
        theme.success: "good",
        theme.warning: "caution",
        theme.error: "bad",
    }
    named |= {value: name.removeprefix("keta-") for name, value in theme.variables.items()}
    return {str(color).lower(): name for color, name in named.items()}


def snapshot(hand: Hand) -> str:
    """Write down the screen."""
    meaning = roles(hand.app.current_theme)
    text = [line.rstrip() for line in hand.lines]
    styles = []
    look = functools.cache(lambda style: _look(style, meaning))
    for number, row in enumerate(hand.rows, start=1):
        runs = _runs(row, look)
        if any(not run.startswith(f"{PLAIN} ") for run in runs):
            styles.append(f"{number:>2}: {', '.join(runs)}")
    # The digest changes with every comma of the criteria; everything else counts.
    shown = [_DIGEST.sub(lambda found: "0" * len(found[0]), line) for line in text]
    return "\n".join([*shown, "-" * 8, *styles, ""])


def _runs(row: Sequence[Segment], look: Callable[[Style | None], str]) -> list[str]:
    named = ((look(piece.style), piece.cell_length) for piece in row)
    grouped = groupby(named, key=lambda item: item[0])
    return [f"{seen} {sum(length for _, length in items)}" for seen, items in grouped]


def _look(style: Style | None, meaning: dict[str, str]) -> str:
    if style is None:
        return PLAIN
    ink = _name(style.color, meaning, PLAIN)
    ground = _name(style.bgcolor, meaning, "ground")
    marks = (style.bold, "*"), (style.dim, "-"), (style.underline, "_"), (style.reverse, "~")
    return (
        ink
        + "".join(mark for on, mark in marks if on)
        + ("" if ground == "ground" else f"@{ground}")
    )


def _name(color: Color | None, meaning: dict[str, str], default: str) -> str:
    if color is None or color.is_default:
        return default
    shown = color.get_truecolor()
    for said, name in meaning.items():
        if said.startswith("#") and _same(shown, Color.parse(said).get_truecolor()):
            return name
    return shown.hex


def _same(one: ColorTriplet, other: ColorTriplet) -> bool:
    # Textual's own arithmetic rounds a part up or down by one.
    return all(abs(a - b) <= 1 for a, b in zip(one, other, strict=True))


def compare(hand: Hand, name: str) -> None:
    """Fail with the difference if the screen is not what it was.

    Args:
        hand: Whose screen.
        name: Which snapshot; the size is added to it.
    """
    size = hand.app.size
    path = FOLDER / f"{name}-{size.width}x{size.height}.txt"
    found = snapshot(hand)
    if os.environ.get(UPDATE):
        path.write_text(found, "utf-8")
    wanted = path.read_text("utf-8") if path.exists() else ""
    if found != wanted:
        changes = unified_diff(
            wanted.splitlines(), found.splitlines(), "as it was", "as it is", lineterm="", n=1
        )
        said = "\n".join(changes)
        raise AssertionError(f"{path.name} ({UPDATE}=1 accepts it):\n{said}")
