"""The states of a saved case, and what leads from one to another: one table, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from ketatui.cases.model import State

Act = Literal["save", "request", "comment", "agree", "disagree", "reviewed", "co-signed", "amended"]
"""What is done with a saved case; the last three are signatures, by their meaning."""

AFTER: Mapping[State, Mapping[Act, State]] = {
    "draft": {"save": "final"},
    "final": {
        "save": "amended",
        "request": "awaiting_review",
        "comment": "final",
        "agree": "reviewed",
        "disagree": "reviewed",
        "reviewed": "reviewed",
        "co-signed": "reviewed",
    },
    # A review that was asked for is still owed when the case is amended meanwhile.
    "awaiting_review": {
        "save": "awaiting_review",
        "comment": "awaiting_review",
        "agree": "reviewed",
        "disagree": "reviewed",
        "reviewed": "reviewed",
        "co-signed": "reviewed",
        "amended": "awaiting_review",
    },
    "reviewed": {
        "save": "amended",
        "request": "awaiting_review",
        "comment": "reviewed",
        "agree": "reviewed",
        "disagree": "reviewed",
        "reviewed": "reviewed",
        "co-signed": "reviewed",
        "amended": "reviewed",
    },
    "amended": {
        "save": "amended",
        "request": "awaiting_review",
        "comment": "amended",
        "agree": "reviewed",
        "disagree": "reviewed",
        "reviewed": "reviewed",
        "co-signed": "reviewed",
        "amended": "amended",
    },
}
"""What an act makes of a state. What is not here cannot be done."""


def saved_state(before: State, *, decided: bool) -> State:
    """Return the state of a case whose content is saved.

    Args:
        before: Its state so far.
        decided: Whether anything is decided; without that it is a draft, whatever it was.
    """
    return AFTER[before]["save"] if decided else "draft"
