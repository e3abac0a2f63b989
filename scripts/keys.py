"""Write docs/keyboard.md from the one table of actions.

Run it after a change of ``ketatui/tui/action_table.py``: ``.venv/bin/python scripts/keys.py``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ketatui.tui.actions import ACTIONS, KEY_NAMES, Action  # noqa: E402

PAGE = ROOT / "docs" / "keyboard.md"

_HEAD = """\
# Keyboard

Everything works from the keyboard; the mouse works everywhere too. This page is made by
`scripts/keys.py` from the table that the program takes its keys from.

In the app, `?` or `F1` shows the keys of the screen in front of you, and `Ctrl+P` finds any of
them by name. While text is typed, letters are text: Enter accepts it, Esc cancels, `↓` goes to
suggestions. A key can be changed by its id: [keys of your own](accessibility.md#keys-of-your-own).
"""

CONTEXTS = {
    "app": "Everywhere",
    "palette": "Palette",
    "typing": "While a text is typed",
    "form": "Questions and other forms",
    "consultation": "Consultation",
    "explain": "Explain",
    "visit_explain": "Explain a visit",
    "compare": "Compare",
    "consent": "Consent",
    "decide": "Decide",
    "home": "Home",
    "cases": "Saved cases",
    "filters": "Filters of the saved cases",
    "overview": "Overview of the saved cases",
    "list": "Lists (saved cases, filters)",
    "case": "One saved case",
    "course": "Course of treatment",
    "visit": "Visit",
    "session": "Running session",
    "board": "Running sessions (board)",
    "proposals": "From a record",
    "review": "Review",
    "again": "Again, today",
    "comparison": "Two cases compared",
    "choose": "Compare with",
    "export": "Export",
    "page": "Pages whose lines open (a saved case, Again today, Compare, Export)",
    "page_only": "Again today, Compare, Export",
    "practice_cases": "Practice cases",
    "practice": "Practice run (and the keys of the consultation that answer and find)",
    "commit": "Committing",
    "debrief": "Debrief",
    "drill": "Practice rules",
    "criteria": "Criteria",
    "settings": "Settings",
    "identifiers": "Identifiers seen before a save or an export",
    "paused": "Paused screen",
    "reader": "Pages to read (Explain, Compare, Overview, Criteria, Help)",
    "reader_page": "Help",
}
"""Contexts in the order of the page, and what they are called."""


def keyboard_page() -> str:
    """Return the page as the table of actions says it.

    Raises:
        KeyError: An action belongs to a context this page has no heading for.
    """
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield _HEAD
    known = [*CONTEXTS, *sorted({action.context for action in ACTIONS} - set(CONTEXTS))]
    for context in known:
        rows = [action for action in ACTIONS if action.context == context]
        if not rows:
            continue
        yield f"## {CONTEXTS[context]}"
        yield ""
        yield "| key | does | id |"
        yield "|---|---|---|"
        digits = [action for action in rows if action.is_digit]
        for action in rows:
            if action not in digits:
                yield f"| {_keys(action)} | **{action.title}.** {action.help} | `{action.id}` |"
        if digits:
            yield f"| `0` to `9` | {digits[0].help} | `{digits[0].id}` to `{digits[-1].id}` |"
        yield ""


def _keys(action: Action) -> str:
    return " ".join(f"`{KEY_NAMES.get(key, key)}`" for key in action.keys.split(","))


def main() -> None:
    """Write the page."""
    PAGE.write_text(keyboard_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
