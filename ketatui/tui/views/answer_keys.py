"""Which keys answer the focused line of a form, for the hint line and where a key does nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ketatui.tui.actions import Action
from ketatui.tui.views.forms import FormItem


def line_hints(item: FormItem | None, hints: Mapping[str, str]) -> list[str]:
    """Return the hints of what does something on the focused line.

    Args:
        item: The focused item, if a form is on the screen.
        hints: Hints by the ids of their actions, in the order of the hint line.
    """
    if item is None:
        return [*hints.values()]
    idle = set() if item.kind in ("bool", "tick") else {"form.yes", "form.no"}
    if not item.can_be_unknown:
        idle.add("form.unknown")
    return own_hints(item) + [hint for ident, hint in hints.items() if ident not in idle]


def keys_of(item: FormItem) -> tuple[object, ...]:
    """Return all that the hint line hangs on of an item: alike, it says the same on both lines.

    Args:
        item: The focused item.
    """
    return item.kind, item.can_be_unknown, item.editable, *own_hints(item)


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


def letter_is_text(letter: str, actions: Iterable[Action], keymap: Mapping[str, str]) -> str:
    """Say that a letter behind a number is text there, and how its command is reached.

    Args:
        letter: The letter; empty for none.
        actions: What works on the screen.
        keymap: Keys that were moved, by the action's id.

    Returns:
        The sentence; empty where the letter is no command.
    """
    moved = (action for action in actions if letter and action.key_with(keymap) == letter)
    found = next(moved, None)
    if found is None:
        return ""
    title = found.title.lower()
    return f"Here {letter} is text. Backspace and Enter accept the number; then {letter}: {title}."


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
            return "Enter opens" if item.opens else "Enter selects"
        case _:
            return "type, then Enter"
