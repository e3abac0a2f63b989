"""The actions of the palette and of what it opens: rows of the table of actions."""

from __future__ import annotations

from ketatui.tui.action_table import Row

# One row an action, so that the table can be read as one.
# fmt: off
ROWS: tuple[Row, ...] = (
    ("palette.pick", "enter", "pick", "Go", "Go to the line.", "palette", "Enter goes there"),
    ("palette.up", "up", "move(-1)", "Up", "One line up.", "palette", ""),
    ("palette.down", "down,tab", "move(1)", "Down", "One line down.", "palette", "↑ ↓ moves"),
    ("palette.page_up", "pageup", "move(-8)", "Page up", "Some lines up.", "palette", ""),
    ("palette.page_down", "pagedown", "move(8)", "Page down", "Some lines down.", "palette", ""),
    ("palette.back", "escape", "back", "Back", "Back to where you were.", "palette", "Esc back"),
)
# fmt: on
