"""The help page, made from the table of actions and the pack's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ketatui.tui.actions import KEY_NAMES, Action
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Line, line, pad, wrap

if TYPE_CHECKING:
    from ketatui.criteria.pack import Pack

ACTION = "action:"
"""What the target of a line has before the id of the action that it tells of."""
NOTHING_MOVED: Mapping[str, str] = {}
_KEYS = 14


def help_lines(
    about: str,
    actions: Sequence[Action],
    item: FormItem | None,
    pack: Pack | None,
    width: int,
    keymap: Mapping[str, str] = NOTHING_MOVED,
) -> list[Line]:
    """Return the help page of a screen.

    Args:
        about: What the screen is for.
        actions: What can be done there.
        item: What is focused there, if anything is.
        pack: For the words of the verdicts.
        width: Cells available.
        keymap: Keys that were moved, by the action's id.
    """
    lines = wrap(about, width)
    if item is not None and item.detail:
        lines += [Line(), line(("Focused: ", "muted"), (item.label.strip(), "strong"))]
        for text, role in item.detail:
            lines += wrap(text, width, role=role, indent=2)
    lines += [Line(), line(("Keys", "title"))]
    lines += _keys(actions, width, keymap)
    if pack is not None:
        from ketatui.tui.views.verdicts import ROLE

        lines += [Line(), line(("How to read a verdict", "title"))]
        for code, words in pack.wording.verdicts.items():
            head = f"{words.symbol} {words.title}"
            lines += wrap(head, width, role=ROLE[code])
            lines += wrap(words.meaning, width, indent=4)
    return lines


def _keys(actions: Sequence[Action], width: int, keymap: Mapping[str, str]) -> list[Line]:
    lines: list[Line] = []
    digits = False
    for action in actions:
        if action.is_digit:
            if digits:
                continue
            digits = True
            keys = "0 … 9"
        else:
            named = keymap.get(action.id, action.keys).split(",")
            keys = " ".join(KEY_NAMES.get(key, key) for key in named)
        first = ((pad(f"  {keys}", _KEYS), "key"),)
        # Ten keys on one line: there is no telling which one a click means.
        target = None if action.is_digit else f"{ACTION}{action.id}"
        lines += wrap(action.help, width, indent=_KEYS, first=first, target=target)
    return lines
