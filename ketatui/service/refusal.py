"""Why a request gets no answer, as ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import Field

from ketatui.contract.base import Open

PROBLEM = "application/problem+json"


class ProblemPart(Open):
    """One thing that is wrong with what was sent."""

    where: str
    """The key, by its path; empty for the whole."""
    message: str


class ProblemReport(Open):
    """Why a request gets no answer."""

    title: str
    status: int
    detail: str
    problems: list[ProblemPart] = Field(default_factory=list)


class Refusal(Exception):  # noqa: N818  (a request that is refused is no fault of the program)
    """A request that gets no answer."""

    def __init__(self, status: int, detail: str, problems: Sequence[tuple[str, str]] = ()) -> None:
        """Refuse.

        Args:
            status: Of HTTP.
            detail: One sentence for whoever sent it.
            problems: Where and what, of each thing that is wrong.
        """
        super().__init__(detail)
        self.status, self.detail, self.problems = status, detail, tuple(problems)

    def __reduce__(self) -> tuple[Any, ...]:
        """Cross from one process to another."""
        return Refusal, (self.status, self.detail, self.problems)

    @property
    def title(self) -> str:
        """What its status means, in some words."""
        return _TITLES.get(self.status, "Refused")

    def body(self) -> bytes:
        """Return it as JSON, in ASCII: what was sent may hold anything."""
        data = {
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "problems": [{"where": where, "message": text} for where, text in self.problems],
        }
        return json.dumps(data).encode("ascii")


_TITLES = {
    400: "Not understood",
    401: "Not known",
    403: "Not allowed",
    404: "Not there",
    405: "Not this way",
    412: "Something is missing",
    413: "Too large",
    415: "Not JSON",
    422: "Not usable",
    500: "The service failed",
    502: "The record system did not answer as it should",
    503: "Busy",
}
