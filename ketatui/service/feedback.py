"""What became of cards, as record systems report it (CDS Hooks 2.0, feedback).

It is kept in a file that whoever runs the service names, and nowhere else: a comment is free text.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from ketatui.contract.base import Open
from ketatui.service.hooks import Uuid
from ketatui.service.refusal import Refusal
from ketatui.service.settings import UnusableSettingError

_MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$"
_MODE = 0o600


class Accepted(Open):
    """A suggestion that was taken."""

    id: str


class Reason(Open):
    """A reason that was chosen from a list."""

    code: str
    system: str | None = None
    display: str | None = None


class OverrideReason(Open):
    """Why a card was dismissed."""

    reason: Reason | None = None
    userComment: str | None = None  # noqa: N815  (the standard's name)


class FeedbackEntry(Open):
    """What became of one card."""

    card: Uuid
    outcome: Literal["accepted", "overridden"]
    acceptedSuggestions: list[Accepted] = Field(default_factory=list)  # noqa: N815
    overrideReason: OverrideReason | None = None  # noqa: N815
    outcomeTimestamp: Annotated[str, Field(pattern=_MOMENT)]  # noqa: N815


class Feedback(Open):
    """What became of cards."""

    feedback: Annotated[list[FeedbackEntry], Field(min_length=1)]


class Kept(Open):
    """How many were kept."""

    kept: int


class Line(Open):
    """One line of the file."""

    received: str
    service: str
    card: str
    outcome: str
    outcomeTimestamp: str  # noqa: N815
    acceptedSuggestions: list[Accepted]  # noqa: N815
    overrideReason: OverrideReason | None  # noqa: N815


class FeedbackFile:
    """Where feedback is kept: a JSON object a line, for its owner's eyes only."""

    def __init__(self, path: Path, clock: Callable[[], dt.datetime]) -> None:
        """Open it, and make it where there is none.

        Args:
            path: The file.
            clock: Tells the time, with its zone.

        Raises:
            UnusableSettingError: It cannot be written.
        """
        self._path, self._clock = path, clock
        try:
            self._append(b"")
        except OSError as error:
            raise UnusableSettingError(f"{path}: {error.strerror}") from None

    def keep(self, service: str, said: Feedback) -> int:
        """Write what was said; return how many entries it had.

        Raises:
            Refusal: It could not be written.
        """
        received = f"{self._clock().astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"
        lines = [_line(received, service, entry) for entry in said.feedback]
        try:
            self._append("".join(lines).encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise Refusal(503, f"the feedback was not kept: {error.strerror}") from None
        return len(lines)

    def _append(self, data: bytes) -> None:
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _MODE)
        try:
            # One write: another process may append to it, too.
            written = os.write(handle, data)
            if written < len(data):
                raise OSError(0, "the disk is full")
            if data:
                os.fsync(handle)
        finally:
            os.close(handle)


def _line(received: str, service: str, entry: FeedbackEntry) -> str:
    """Write what the standard has of an entry; what else was sent is not kept."""
    reason = entry.overrideReason
    data: dict[str, Any] = {
        "received": received,
        "service": service,
        "card": entry.card,
        "outcome": entry.outcome,
        "outcomeTimestamp": entry.outcomeTimestamp,
        "acceptedSuggestions": [Accepted(id=item.id) for item in entry.acceptedSuggestions],
        "overrideReason": reason,
    }
    return f"{Line(**data).model_dump_json(exclude_none=True)}\n"
