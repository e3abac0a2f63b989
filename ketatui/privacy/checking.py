"""Whether a pack's patterns do what its own examples say."""

from __future__ import annotations

from ketatui.criteria.pack import Pack
from ketatui.criteria.places import Notes
from ketatui.criteria.problems import Problem
from ketatui.privacy.backtracking import may_backtrack_for_ever
from ketatui.privacy.scanner import Scanner


def check_identifiers(pack: Pack) -> list[Problem]:
    """Try every kind on its examples, and on the texts that only resemble one.

    Args:
        pack: A pack that could be loaded.

    Returns:
        What does not hold, with file and line.
    """
    notes = Notes(pack)
    for kind in pack.identifiers.values():
        try:
            scanner = Scanner([kind])
        except ValueError as error:
            said = str(error).partition(": ")[2]
            notes.of("identifier", kind.id, said, "patterns")
            continue
        for number, pattern in enumerate(kind.patterns):
            if may_backtrack_for_ever(pattern):
                message = (
                    "a repetition inside a repetition can take endless time; write one of them"
                )
                notes.of("identifier", kind.id, f"{pattern!r}: {message}", "patterns", number)
                return notes.problems
        for number, text in enumerate(kind.examples):
            if not scanner.scan(text):
                message = f"is not found in its example {text!r}"
                notes.of("identifier", kind.id, message, "examples", number)
        for number, text in enumerate(kind.others):
            for seen in scanner.scan(text):
                message = f"is found in {text!r}, where it should not be: {seen.text!r}"
                notes.of("identifier", kind.id, message, "others", number)
    return notes.problems
