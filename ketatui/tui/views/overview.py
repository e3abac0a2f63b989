"""The overview as lines: counts drawn as bars, and the months as columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ketatui.criteria.pack import Pack
from ketatui.tui.views.filters import chosen_words, words
from ketatui.tui.views.lines import EMPTY, Line, fit, line, pad, safe
from ketatui.tui.views.verdicts import ROLE

if TYPE_CHECKING:
    from ketatui.cases.library import Overview, Query

_MOST = 8
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_TALL = 5
"""Lines of the drawing of months."""


def overview_lines(pack: Pack, found: Overview, query: Query, width: int) -> list[Line]:
    """Draw the counts.

    Args:
        pack: For the words.
        found: The counts.
        query: Which cases they are of; said at the top.
        width: Cells available.

    Returns:
        A block for each way of counting.
    """
    said = [f"“{query.text}”"] if query.text else []
    said += chosen_words(pack, query)
    about = f" of the filter {'; '.join(said)}" if said else " of this folder"
    many = "1 case" if found.cases == 1 else f"{found.cases:,} cases"
    unread = f", {found.unreadable:,} of them unreadable" if found.unreadable else ""
    lines = [EMPTY, line((fit(f"  {many}{safe(about)}{unread}", width), "strong"))]
    lines += _block("Decision", _named(pack, "decision", found.decisions), found.cases, width)
    verdicts = [
        (words(pack, "verdict", code), count, ROLE.get(code, "muted"))
        for code, count in found.verdicts
    ]
    lines += _block("Verdict of the chosen pathway", verdicts, found.cases, width)
    lines += _block("Worst finding", _named(pack, "worst", found.worst), found.cases, width)
    overridden = _named(pack, "worst", found.overridden)
    lines += _block("Findings that were overridden", overridden, found.cases, width)
    reasons = [(safe(reason), count, "bad") for reason, count in found.reasons]
    lines += _block("Reasons for overriding", reasons, found.cases, width)
    lines += _reviews(found)
    lines += _months(found, width)
    return lines


def _named(
    pack: Pack, facet: str, counted: tuple[tuple[str, int], ...]
) -> list[tuple[str, int, str]]:
    return [(words(pack, facet, code), count, "info") for code, count in counted]


def _block(title: str, rows: list[tuple[str, int, str]], cases: int, width: int) -> Iterator[Line]:
    """Draw the most frequent values as bars; the longest bar is the whole."""
    if not rows:
        return
    yield EMPTY
    yield line((f"  {title}", "title"))
    size = min(max(len(name) for name, _, _ in rows[:_MOST]), max(width // 2 - 10, 16))
    room = max(width - size - 22, 8)
    for name, count, role in rows[:_MOST]:
        share = count / cases if cases else 0
        bar = "█" * round(share * room) or "▏"
        yield line(
            (f"    {pad(fit(name, size), size)} ", "text"),
            (f"{count:>7,} ", "strong"),
            (f"{share:>4.0%} ", "muted"),
            (bar, role),
        )
    left = sum(count for _, count, _ in rows[_MOST:])
    if left:
        yield line((f"    {pad(f'{len(rows) - _MOST} more', size)} {left:>7,}", "muted"))


def _reviews(found: Overview) -> Iterator[Line]:
    yield EMPTY
    yield line(("  Reviews", "title"))
    both = found.agreed + found.disagreed
    if not both:
        yield line(("    No case with an agreement or disagreement.", "muted"))
        return
    yield line(f"    agreed on {found.agreed:,} cases, disagreed on {found.disagreed:,}")


def _months(found: Overview, width: int) -> Iterator[Line]:
    """Draw cases a month as columns, the newest at the right."""
    shown = found.months[-max((width - 12) // 2, 1) :]
    if not shown:
        return
    yield EMPTY
    yield line(("  Saved in each month", "title"))
    most = max(count for _, count in shown)
    for row in range(_TALL - 1, -1, -1):
        columns = ""
        for _, count in shown:
            filled = round(count / most * _TALL * 8) - row * 8 if most else 0
            columns += _EIGHTHS[max(0, min(filled, 8))] + " "
        scale = f"{most:>7,} " if row == _TALL - 1 else " " * 8
        yield line((scale, "muted"), (columns, "info"))
    first, last = shown[0][0], shown[-1][0]
    gap = " " * max(len(shown) * 2 - 1 - len(first) - len(last), 1)
    yield line((f"        {first}{gap}{last}" if len(shown) > 1 else f"        {first}", "muted"))
