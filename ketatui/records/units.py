"""Whether what people read of a quantity's unit is what programs read of it."""

from __future__ import annotations

from ketatui.criteria.models.records import RecordFile
from ketatui.criteria.records import units_by_word
from ketatui.printable import printable
from ketatui.records.resources import Quantity
from ketatui.records.values import Refused


class UnitWords:
    """Holds the text of a unit against its code: who wrote it may have meant either."""

    def __init__(self, mapping: RecordFile) -> None:
        """Prepare.

        Args:
            mapping: Says how people write each unit.
        """
        self._meant = units_by_word(mapping)

    def against(self, quantity: Quantity | None) -> Refused | None:
        """Say that the text of a unit is another unit's; a text that is not known says nothing."""
        if quantity is None or quantity.unit is None or quantity.code is None:
            return None
        said = self._meant.get(quantity.unit.strip().lower())
        if said is None or said == self._meant.get(quantity.code.lower(), quantity.code):
            return None
        text = printable(f"{quantity.unit.strip()} and {quantity.code}")
        return Refused(f"its unit is written as two ({text})")
