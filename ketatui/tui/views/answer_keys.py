"""Which keys answer the focused line of a form, for the hint line and where a key does nothing."""

from __future__ import annotations

from collections.abc import Iterable

from ketatui.tui.views.forms import FormItem


def line_hints(item: FormItem | None, hints: Iterable[tuple[str, str]]) -> list[str]:
    """Return the hints of what does something on the focused line.

    Args:
        item: The focused item, if a form is on the screen.
        hints: Action ids with their hints, in the order of the hint line.
    """
    if item is None:
        return [hint for _, hint in hints]
    return own_hints(item) + [hint for ident, hint in hints if _answers(item, ident)]


def _answers(item: FormItem, action: str) -> bool:
    """Tell whether an action does something on an item; true of those that answer none.

    Args:
        item: The focused item.
        action: An action's id.
    """
    if action in ("form.yes", "form.no"):
        return item.kind in ("bool", "tick")
    return item.can_be_unknown if action == "form.unknown" else True


def own_hints(item: FormItem) -> list[str]:
    """Return the hints for Enter and the digits, where they open or answer an item."""
    if item.opens:
        return ["Enter opens", *(["0-9 number"] if item.kind == "number" else [])]
    shown, role = item.answer
    # A button says itself what it does, or by which key.
    if item.kind == "action" and shown and role != "key" and not item.editable:
        return ["Enter selects"]
    if item.kind == "choice" and item.options:
        first, last = item.first, item.first + len(item.options) - 1
        return [f"{first}-{last} picks" if last > first else f"{first} picks"]
    return ["0-9 number"] if item.kind == "number" else []


def how_to(item: FormItem) -> str:
    """Say which keys answer an item.

    Args:
        item: Any item the cursor can stand on.
    """
    match item.kind:
        case "bool":
            return "y yes · n no" + (" · u unknown" if item.can_be_unknown else "")
        case "choice":
            return " · ".join(own_hints(item)) + (" · u unknown" if item.can_be_unknown else "")
        case "action":
            return "Enter opens"
        case _:
            return "type, then Enter"
