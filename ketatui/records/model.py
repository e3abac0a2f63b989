"""What a record proposes, and what in it proposes nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from msgspec import field

from ketatui.structs import Frozen

Value = bool | int | Decimal | str


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


class NotUsed(Frozen, frozen=True):
    """Something that was looked at and proposes nothing."""

    resource: str
    because: str

    def to_data(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {"resource": self.resource, "because": self.because}


class Proposals(Frozen, frozen=True):
    """What one patient's record proposes."""

    patient: str
    proposed: tuple[Proposal, ...] = ()
    not_used: tuple[NotUsed, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "schema": 1,
            "patient": self.patient,
            "proposed": [item.to_data() for item in self.proposed],
            "not_used": [item.to_data() for item in self.not_used],
        }
