"""The page for the patient, as it is read on the screen."""

from __future__ import annotations

from collections.abc import Iterable

from ketatui.reports.blocks import Banner, Blank, Block, Bullet, Heading, Paragraph
from ketatui.tui.views.lines import EMPTY, Line, Span, wrap

_WIDEST = 72


def page_lines(blocks: Iterable[Block], written: Span, width: int) -> list[Line]:
    """Return the page.

    Args:
        blocks: What it says.
        written: Where it was written to.
        width: Cells available.
    """
    wide = min(width, _WIDEST)
    lines = wrap(written[0], width, role=written[1]) if written[0] else []
    for block in blocks:
        match block:
            case Banner():
                lines += [EMPTY, *wrap(block.text, wide, role="caution")]
            case Heading():
                lines += [EMPTY, *wrap(block.text, wide, role="title")]
            case Bullet():
                lines += wrap(block.text, wide, indent=4, first=(("  · ", "muted"),))
            case Paragraph():
                lines += [EMPTY, *wrap(block.text, wide)]
            case Blank():
                lines += [EMPTY, *wrap(f"{block.label}: {'_' * 24}", wide)]
            case _:
                pass
    return lines
