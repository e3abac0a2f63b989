"""The lines of the palette: what was found, with what it is."""

from __future__ import annotations

from collections.abc import Sequence

from ketatui.consultation.palette import Place
from ketatui.tui.views.lines import EMPTY, Line, line, pad, safe, sides

KIND_TITLES = {
    "action": "do",
    "screen": "screen",
    "question": "question",
    "answer": "answer",
    "setting": "setting",
    "section": "section",
    "case": "case",
    "drug": "medicine",
    "source": "source",
}
_KIND = 10
HINT = "a question, an answer, a case, a medicine, a source, a screen, a setting"


def palette_lines(places: Sequence[Place], cursor: int, width: int, text: str) -> list[Line]:
    """Return what was found, a line each.

    Args:
        places: What was found, the best first.
        cursor: Which line is chosen.
        width: Cells available.
        text: What was typed.
    """
    if not places:
        said = f"Nothing is called “{safe(text)}”." if text.strip() else f"Type {HINT}."
        return [EMPTY, line((f"   {said}", "muted"))]
    lines = []
    for number, place in enumerate(places):
        here = number == cursor
        kind = KIND_TITLES[place.kind]
        beside = "" if place.beside in (kind, place.title) else safe(place.beside)
        left = (
            ("▸ " if here else "  ", "key"),
            (pad(kind, _KIND), "muted"),
            (safe(place.title), "strong" if here else "text"),
        )
        right = ((beside, "muted"),) if beside and len(beside) < width // 2 else ()
        lines.append(sides(left, right, width, target=str(number), cursor=2))
    return lines
