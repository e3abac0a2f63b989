"""Blocks as plain text, for a record that shows no markup: nothing is escaped but control."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ketatui.reports.blocks import (
    Banner,
    Blank,
    Block,
    Bullet,
    Heading,
    Paragraph,
    Quote,
    Signature,
    spaced,
)
from ketatui.reports.summary import WIDTH, plain, wrapped

_LINE = {1: "=", 2: "-"}
"""What headings are underlined with, by their level."""


def plain_text(blocks: Iterable[Block], *, width: int = WIDTH) -> str:
    """Write blocks as plain text.

    Args:
        blocks: The content.
        width: Columns available.

    Returns:
        The text, with a line feed at its end and nothing a terminal could act on.
    """
    lines = spaced((block, _lines(block, width)) for block in blocks)
    return plain(lines) + "\n"


def _lines(block: Block, width: int) -> Iterator[str]:
    match block:
        case Banner():
            yield from wrapped(block.text, "*** ", "    ", width=width)
        case Heading():
            said = list(wrapped(block.text, width=width))
            yield from said
            if block.level in _LINE:
                yield _LINE[block.level] * min(max(map(len, said), default=0), width)
        case Paragraph():
            yield from wrapped(block.text, width=width)
        case Quote():
            yield from wrapped(block.text, "    ", "    ", width=width)
        case Bullet():
            indent = "  " * block.depth
            label = f"{block.label}: " if block.label else ""
            yield from wrapped(f"{label}{block.text}", f"{indent}- ", f"{indent}  ", width=width)
        case Blank():
            yield f"{block.label}: {'_' * 30}"
        case Signature():
            yield from (f"{block.who}:", f"  {'_' * 40}  Date, time: {'_' * 18}")
