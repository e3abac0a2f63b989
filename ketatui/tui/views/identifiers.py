"""What was seen in the texts of a case, as lines."""

from __future__ import annotations

from collections.abc import Sequence

from ketatui.cases.model import Case
from ketatui.criteria.pack import Pack
from ketatui.privacy import Sighting, place_text
from ketatui.tui.views.lines import EMPTY, Line, line, safe, wrap


def identifier_lines(
    pack: Pack, case: Case, found: Sequence[Sighting], leaving: str, width: int
) -> list[Line]:
    """Return the page that lists what was seen.

    Args:
        pack: For the labels of questions.
        case: The case it was seen in.
        found: What was seen, in the order of the case.
        leaving: What is about to be done, as in "before it is saved".
        width: Cells available.
    """
    count = "1 place looks" if len(found) == 1 else f"{len(found)} places look"
    lines = [
        *wrap(
            f"{count} like an identifier of a person. Please check {leaving}:", width, role="strong"
        ),
        EMPTY,
    ]
    for item in found:
        lines += wrap(safe(place_text(pack, case, item.place)), width, role="muted")
        lines.append(
            line(
                ("    ", "text"),
                ("! ", "caution"),
                (safe(item.seen.text), "caution"),
                (f"  {item.seen.title}", "text"),
            )
        )
        lines += wrap(f"y replaces it with {item.seen.replacement}", width, role="muted", indent=6)
    lines += [
        EMPTY,
        *wrap("It may be no identifier at all: then n keeps it. Nothing is sent anywhere.", width),
    ]
    if case.revisions:
        kept = "The history of the case keeps what earlier revisions said, whatever is replaced."
        lines += wrap(kept, width)
    return lines
