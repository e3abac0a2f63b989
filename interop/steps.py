"""What a clinician does with a record in the app: the same by terminal and in a browser."""

from __future__ import annotations

import json
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from interop.screens import Screen

BY = "Dr Q"
_PATIENCE = 60.0
ENTER, ESCAPE, F9 = "\r", "\x1b", "\x1b[20~"
BY_HAND = {"vitals.systolic": 128, "vitals.diastolic": 82}
"""What is asked of the patient beside the record."""
UNKNOWN = "vitals.heart_rate"
NOTE = ("vitals.systolic", "after rest")


def confirm(screen: Screen, record: Path, cases: Path, count: int) -> int:
    """Begin a consultation, open a record, and confirm all that can be.

    Args:
        screen: Where the app is.
        record: The file.
        cases: The folder of cases, whose draft says what was confirmed.
        count: How many proposals count.

    Returns:
        How many were confirmed, as the draft on disk has them.
    """
    screen.press("n")
    screen.wait_for("new consultation")
    screen.press("p")
    screen.wait_for("Record (file")
    screen.press(str(record), ENTER)
    screen.wait_for("proposed. None counts until it is confirmed")
    return _confirm_all(screen, cases, count)


def confirm_waiting(screen: Screen, cases: Path, count: int) -> int:
    """Confirm what a draft holds that is on the screen as a saved case; as `confirm` does."""
    screen.wait_for("answers wait: F9, then p")
    screen.press(F9)
    screen.wait_for("Amending: saving makes a new revision")
    screen.press("p")
    screen.wait_for("kept in this draft")
    return _confirm_all(screen, cases, count)


def _confirm_all(screen: Screen, cases: Path, count: int) -> int:
    screen.press("y")
    screen.wait_for("Confirmed by:")
    screen.press(BY, ENTER)
    screen.wait_for("taken, confirmed by")
    known = _confirmed(cases, 1)
    # Each press takes a line or a section, and moves on to the next that waits.
    for _ in range(count):
        if known >= count:
            break
        screen.press("y")
        known = _confirmed(cases, known + 1)
    screen.press(ESCAPE)
    screen.wait_for("draft, on disk")
    return known


def answer_by_hand(screen: Screen) -> None:
    """Measure a pressure, note how, and say that the heart rate cannot be established."""
    screen.press("/")
    screen.wait_for("Find:")
    screen.press("systolic", ENTER)
    screen.wait_for("Let me measure your blood pressure. (Upper value)")
    screen.press("128", ENTER)
    screen.wait_for("128 mmHg")
    screen.press("o")
    screen.wait_for("Note on")
    screen.press(NOTE[1], ENTER)
    screen.wait_for("* Systolic")
    screen.press("82", ENTER)
    screen.wait_for("82 mmHg")
    screen.press("u")
    screen.wait_for("unknown")


def save(screen: Screen, cases: Path) -> Path:
    """Save, and return the file.

    Raises:
        TimeoutError: It does not appear.
    """
    screen.press("s")
    screen.wait_for("Saved:")
    (path,) = cases.glob("*.toml")
    return path


def _confirmed(cases: Path, least: int) -> int:
    """Return how many proposals the draft holds as confirmed, once they are so many."""
    limit = monotonic() + _PATIENCE
    while monotonic() < limit:
        known = sum(len(rows) for rows in _rows(cases))
        if known >= least:
            return known
        sleep(0.1)
    raise TimeoutError(f"of {least} answers confirmed, the draft has {known}")


def _rows(cases: Path) -> list[list[Any]]:
    found = []
    for path in (cases / "drafts").glob("*.jsonl"):
        for line in path.read_text("utf-8").splitlines():
            said = json.loads(line)
            edit = said.get("edit", said)
            if edit.get("do") == "confirm":
                found.append(edit["rows"])
    return found
