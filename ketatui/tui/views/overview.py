"""The overview as lines: counts drawn as bars, and the months as columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ketatui.criteria.pack import Pack
from ketatui.tui.views.filters import chosen_words, words
from ketatui.tui.views.lines import EMPTY, WIDEST, Line, beside, fit, line, pad, safe, wrap
from ketatui.tui.views.plots import bar, columns
from ketatui.tui.views.verdicts import ROLE

if TYPE_CHECKING:
    from ketatui.cases.library import Overview, Query

_MOST = 8
_NAME = 36
"""Cells of what is counted."""
_TALL = 5
"""Lines of the drawing of months."""
_TWO = 130
"""Cells from which there are two columns."""
_BETWEEN = 4
"""Cells between them."""


def overview_lines(pack: Pack, found: Overview, query: Query, width: int) -> list[Line]:
    """Draw the counts.

    Args:
        pack: For the words.
        found: The counts.
        query: Which cases they are of; said at the top.
        width: Cells available.

    Returns:
        A block for each way of counting, in two columns where there is room for them.
    """
    said = [f"“{query.text}”"] if query.text else []
    said += chosen_words(pack, query)
    about = f" of the filter {'; '.join(said)}" if said else " of this folder"
    many = "1 case" if found.cases == 1 else f"{found.cases:,} cases"
    unread = f", {found.unreadable:,} of them unreadable" if found.unreadable else ""
    lines = [EMPTY, line((fit(f"  {many}{safe(about)}{unread}", width), "strong"))]
    half = (width - _BETWEEN) // 2 if width >= _TWO else width
    half = min(half, WIDEST)
    cases = [
        *_block("Decision", _named(pack, "decision", found.decisions), found.cases, half),
        *_block("Verdict of the chosen pathway", _verdicts(pack, found), found.cases, half),
        *_ages(found, half),
        *_block("Treatment", _named(pack, "treatment", found.treatment), found.cases, half),
        *_months(found, half),
    ]
    reasons = [(safe(reason), count, "bad") for reason, count in found.reasons]
    overridden = _named(pack, "worst", found.overridden)
    findings = [
        *_block("Worst finding", _named(pack, "worst", found.worst), found.cases, half),
        *_block("Findings that were overridden", overridden, found.cases, half),
        *_block("Reasons for overriding", reasons, found.cases, half),
        *_reviews(found, half),
    ]
    if width < _TWO:
        return [*lines, *cases, *findings]
    return [*lines, *beside(cases, findings, half + _BETWEEN)]


def _verdicts(pack: Pack, found: Overview) -> list[tuple[str, int, str]]:
    """Return the verdicts as they are shown everywhere: sign, words, color."""
    symbols = {str(code): said.symbol for code, said in pack.wording.verdicts.items()}
    return [
        (
            f"{symbols.get(code, ' ')} {words(pack, 'verdict', code)}",
            count,
            ROLE.get(code, "muted"),
        )
        for code, count in found.verdicts
    ]


def _ages(found: Overview, width: int) -> Iterator[Line]:
    """Draw how old patients are, youngest first; who has no age on record comes last."""
    counts = dict(found.ages)
    unknown = counts.pop("", 0)
    tens = [int(code) for code in counts]
    if not tens:
        return
    # A decade without anybody is a gap one should see.
    between = range(min(tens), max(tens) + 10, 10)
    rows = [(f"{ten} to {ten + 9}", counts.get(str(ten), 0), "info") for ten in between]
    if unknown:
        rows.append(("not recorded", unknown, "muted"))
    yield from _block("Age", rows, found.cases, width, most=len(rows))


def _named(
    pack: Pack, facet: str, counted: tuple[tuple[str, int], ...]
) -> list[tuple[str, int, str]]:
    return [(words(pack, facet, code), count, "info") for code, count in counted]


def _block(
    title: str, rows: list[tuple[str, int, str]], cases: int, width: int, most: int = _MOST
) -> Iterator[Line]:
    """Draw the most frequent values as bars, of which the whole is all cases."""
    if not rows:
        return
    yield EMPTY
    yield line((f"  {title}", "title"))
    # Bars of all blocks begin in one column, and of one length they say the same.
    size = max(min(width // 2 - 10, _NAME), 16)
    room = max(width - size - 22, 0)
    for name, count, role in rows[:most]:
        share = count / cases if cases else 0
        yield line(
            (f"    {pad(fit(name, size), size)} ", "text"),
            (f"{count:>7,} ", "strong"),
            (f"{share:>4.0%} ", "muted"),
            (bar(share, room), role),
        )
    left = sum(count for _, count, _ in rows[most:])
    if left:
        yield line((f"    {pad(f'{len(rows) - most} more', size)} {left:>7,}", "muted"))


def _reviews(found: Overview, width: int) -> Iterator[Line]:
    yield EMPTY
    yield line(("  Reviews", "title"))
    both = found.agreed + found.disagreed
    if not both:
        yield from wrap("No case with an agreement or disagreement.", width, role="muted", indent=4)
        return
    said = f"agreed on {found.agreed:,} cases, disagreed on {found.disagreed:,}"
    yield from wrap(said, width, indent=4)


def _months(found: Overview, width: int) -> Iterator[Line]:
    """Draw cases a month as columns, the newest at the right."""
    shown = found.months[-max((width - 12) // 2, 1) :]
    if not shown:
        return
    yield EMPTY
    yield line(("  Saved in each month", "title"))
    most = max(count for _, count in shown)
    drawn = columns([count for _, count in shown], ["info"] * len(shown), most, 1, _TALL)
    for row, spans in enumerate(drawn):
        yield line((f"{most:>7,} " if row == 0 else " " * 8, "muted"), *spans)
    first, last = shown[0][0], shown[-1][0]
    gap = " " * max(len(shown) * 2 - 1 - len(first) - len(last), 1)
    yield line((f"        {first}{gap}{last}" if len(shown) > 1 else f"        {first}", "muted"))
