"""What the tables of the consultation have in common: the line that adds, the line that ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ketatui.tui.views.forms import FormItem

Suggest = Callable[[str], Sequence[str]]
ADD = "add"
DONE = "done"


def add_item(label: str, how: str, suggest: Suggest) -> FormItem:
    """Return the line on which a new row is typed."""
    return FormItem(
        ADD,
        label,
        "text",
        answer=("type, Enter", "muted"),
        suggest=suggest,
        detail=((how, "muted"), ("Esc goes back to the questions.", "muted")),
    )


def done_item(label: str = "Back to the questions") -> FormItem:
    """Return the line that ends a table."""
    return FormItem(DONE, label, "action", answer=("Esc", "key"))
