"""What a record proposes, and what in it proposes nothing."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from msgspec import field

from ketatui.structs import Frozen

Value = bool | int | Decimal | str
_SHOWN = 3
"""Names of what is left out for one reason that stand in its line."""
_RESOURCE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}")


class Proposal(Frozen, frozen=True):
    """An answer that a record suggests; it counts once a person has confirmed it.

    Attributes:
        question: Its id.
        value: In the unit of the question; of a medicine, its text in the record.
        resource: ``Observation/…``: where it stands.
        code: ``system|code`` that was read there.
        stale: Too old to count, or of an age that the record does not tell.
        date: The day or moment it is from, as written; None where the record gives none.
        items: Of a scale that was taken item by item.
        recognized: Of a medicine: the name it was recognized as, None while that is open.
        old: Not stale, but old: whoever confirms it has to say that it still holds.
        also: Further resources that it rests on, where one alone does not say it.
    """

    question: str
    value: Value
    resource: str
    code: str
    stale: bool = False
    date: str | None = None
    items: dict[str, int] = field(default_factory=dict)
    recognized: str | None = None
    also: tuple[str, ...] = ()
    old: bool = False

    def to_data(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        value = float(self.value) if isinstance(self.value, Decimal) else self.value
        if isinstance(self.value, Decimal) and self.value.as_tuple().exponent == 0:
            value = int(self.value)
        data: dict[str, Any] = {
            "question": self.question,
            "value": value,
            "date": self.date,
            "resource": self.resource,
            "code": self.code,
            "stale": self.stale,
        }
        if self.old:
            data["old"] = True
        if self.items:
            data["items"] = dict(self.items)
        if self.recognized is not None:
            data["recognized"] = self.recognized
        if self.also:
            data["also"] = list(self.also)
        return data


class KeptOut(Frozen, frozen=True):
    """Questions of which something was measured or asked, and cannot be taken.

    Attributes:
        questions: Their ids.
        date: When, as written: an older answer would say that nothing was since.
    """

    questions: tuple[str, ...]
    date: str


class NotUsed(Frozen, frozen=True):
    """Something that was looked at and proposes nothing.

    Attributes:
        resource: Where it stands.
        because: Why.
        spare: Whether it is only an older value, or a repetition, of what is proposed.
        ask: Whether it bears on a question and leaves it open.
        keeps_out: What it keeps from being answered by something older; None for nothing.
    """

    resource: str
    because: str
    spare: bool = False
    ask: bool = False
    keeps_out: KeptOut | None = None

    def to_data(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {"resource": self.resource, "because": self.because}


class Left(Frozen, frozen=True):
    """What is left out for one reason.

    Attributes:
        because: The reason, in which resources are called as the record calls them.
        names: What the record calls them, each once.
        first: The first resource.
        count: How many there are.
    """

    because: str
    names: tuple[str, ...]
    first: str
    count: int

    @property
    def title(self) -> str:
        """Name some of them, and say how many there are."""
        shown = [f"“{name}”" for name in self.names[:_SHOWN]]
        if not shown:
            return f"{self.first} and {self.count - 1} more" if self.count > 1 else self.first
        more = len(self.names) - len(shown)
        said = f"{', '.join(shown)} and {more} more" if more else ", ".join(shown)
        return f"{said} ({self.count} times)" if self.count > len(self.names) else said


class Proposals(Frozen, frozen=True):
    """What one patient's record proposes.

    Attributes:
        patient: ``Patient/…``.
        proposed: What it proposes.
        not_used: What was looked at and proposes nothing.
        names: What the record calls the resources of these; those that it gives a name.
    """

    patient: str
    proposed: tuple[Proposal, ...] = ()
    not_used: tuple[NotUsed, ...] = ()
    names: dict[str, str] = field(default_factory=dict)

    @property
    def spare(self) -> int:
        """Return how many older values and repetitions are left out."""
        return sum(item.spare for item in self.not_used)

    @property
    def spare_text(self) -> str:
        """Say how many older values and repetitions are left out."""
        what = "older value or repetition" if self.spare == 1 else "older values and repetitions"
        return f"{self.spare:,} {what} of what is proposed"

    def left(self, *, to_ask: bool = False) -> tuple[Left, ...]:
        """Return what is left out beside these, by reason; what has to be asked about first.

        Args:
            to_ask: Only that.
        """
        groups: dict[str, list[str]] = {}
        asked = [item for item in self.not_used if item.ask]
        others = [] if to_ask else [item for item in self.not_used if not item.ask]
        for item in (*asked, *others):
            if not item.spare:
                groups.setdefault(_RESOURCE.sub(self._called, item.because), []).append(
                    item.resource
                )
        return tuple(
            Left(
                because,
                tuple(dict.fromkeys(self.names[key] for key in keys if key in self.names)),
                keys[0],
                len(keys),
            )
            for because, keys in groups.items()
        )

    def _called(self, match: re.Match[str]) -> str:
        name = self.names.get(match[0])
        return f"“{name}”" if name else match[0]

    def to_data(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "schema": 1,
            "patient": self.patient,
            "proposed": [item.to_data() for item in self.proposed],
            "not_used": [item.to_data() for item in self.not_used],
        }
