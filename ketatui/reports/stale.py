"""The answers of a case that are too old to count, as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from ketatui.criteria.pack import Pack
from ketatui.engine.staleness import StaleAnswer, stale_words
from ketatui.reports.summary import WIDTH, wrapped


def stale_lines(pack: Pack, stale: tuple[StaleAnswer, ...], width: int = WIDTH) -> Iterator[str]:
    """List the answers that count no longer.

    Args:
        pack: The criteria pack.
        stale: The answers.
        width: Columns available.

    Yields:
        Lines; none without any.
    """
    for words in dict.fromkeys(map(stale_words, sorted(stale, key=lambda item: item.days))):
        found = [item for item in stale if stale_words(item) == words]
        labels = ", ".join(pack.questions[item.question].label for item in found)
        said = f"{labels} ({words})"
        yield from wrapped(said, "Too old to count: ", "  ", width=width)
