"""The actions of running sessions and their board: rows of the table of actions."""

from __future__ import annotations

from ketatui.tui.action_table import Row

# One row an action, so that the table can be read as one.
# fmt: off
ROWS: tuple[Row, ...] = (
    ("session.take", "enter", "take", "Take the line",
     "Take what was typed: 141/88 97 4 mod, or nausea 25 mild.",
     "session", 'Enter accepts'),
    ("session.start", "f3", "start", "Start the clock",
     "The first device, the infusion, the injection or the dose: now, or at the time typed (9:12).",
     "session", 'F3 start'),
    ("session.last", "f4", "last", "Last device",
     "The last device, or the end of the infusion: now, or at the time typed (9:17).",
     "session", 'F4 last device'),
    ("session.leave_list", "tab", "leave_list", "Questions for leaving",
     "Go through what leaving waits for, or back to the line.",
     "session", 'Tab leaving'),
    ("session.left", "f8", "left", "Patient leaves",
     "Write down the minute at which the patient leaves, after asking.",
     "session", 'F8 leaves'),
    ("session.board", "f5", "board", "Board",
     "All running sessions.", "session", 'F5 board'),
    ("session.undo", "ctrl+z", "undo", "Undo", "Take back the last entry.",
     "session", 'Ctrl+Z undo'),
    ("session.redo", "ctrl+y", "redo", "Redo", "Make it again.", "session", ""),
    ("session.yes", "y", "answer(True)", "Yes", "Answer yes.", "session", 'y yes'),
    ("session.no", "n", "answer(False)", "No", "Answer no.", "session", 'n no'),
    ("session.unknown", "u", "unknown", "Unknown", "Asked, and cannot be established.",
     "session", 'u unknown'),
    ("session.clear", "backspace", "clear", "Clear", "Take the answer away.", "session", ""),
    ("session.up", "up,k", "move(-1)", "Up",
     "The question or row before: a row is corrected with Enter, struck out with Backspace.",
     "session", "↑ correct"),
    ("session.down", "down,j", "move(1)", "Down", "The next question or row.", "session", ""),
    ("session.page_up", "pageup", "page(-1)", "Page up", "Earlier entries.", "session", ""),
    ("session.page_down", "pagedown", "page(1)", "Page down", "Later entries.", "session", ""),
    ("session.back", "escape", "back", "Back",
     "Back to the visit. The draft stays on disk, and the clock runs.",
     "session", 'Esc visit'),
    ("board.open", "enter", "open", "Open", "Go to the session under the cursor.",
     "board", 'Enter opens'),
    ("board.up", "up,k", "move(-1)", "Up", "One session up.", "board", ""),
    ("board.down", "down,j", "move(1)", "Down", "One session down.", "board", ""),
    ("board.back", "escape,q", "back", "Back", "Home.", "board", "Esc back"),
)
# fmt: on
