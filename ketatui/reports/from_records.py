"""Which answers a record or the site profile proposed, and who confirmed them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from ketatui.cases.model import Case
from ketatui.consultation.confirming import PROPOSALS
from ketatui.consultation.words import value_text
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS
from ketatui.structs import Frozen

CONFIRMED = "Proposed by a record or the site profile, and confirmed"


class FromRecord(Frozen, frozen=True):
    """An answer that somebody confirmed.

    Attributes:
        question: Its id.
        value: What was confirmed, as people read it.
        source: Where it stands, of which day it is, who confirmed it and when.
        stands: Whether it is the answer of the case still.
    """

    question: str
    value: str
    source: str
    stands: bool

    @property
    def text(self) -> str:
        """Return it in a line, without the question."""
        return f"{self.value}, {self.source}{'' if self.stands else '; answered otherwise since'}"


def from_records(pack: Pack, case: Case) -> tuple[FromRecord, ...]:
    """Find what was proposed and confirmed, in the order of the file.

    Args:
        pack: The criteria at hand, for words.
        case: The case, whose further tables may hold anything.
    """
    rows = case.extra.get(PROPOSALS)
    return tuple(
        _read(pack, case, row)
        for row in (rows if isinstance(rows, list) else ())
        if isinstance(row, Mapping) and isinstance(row.get("confirmed_by"), str)
    )


def from_record_lines(pack: Pack, case: Case) -> Iterator[tuple[str, str]]:
    """Say them.

    Yields:
        What is asked, and what was confirmed.
    """
    for item in from_records(pack, case):
        question = pack.questions.get(item.question)
        yield (question.label if question else item.question), item.text


def _read(pack: Pack, case: Case, row: Mapping[str, Any]) -> FromRecord:
    ident, value = str(row.get("question", "?")), row.get("value")
    said = _said(pack, ident, value)
    if ident == MEDICATIONS:
        stands = any(item.name == value for item in case.medications)
    else:
        stands = ident in case.answers and _said(pack, ident, case.answers[ident]) == said
    return FromRecord(ident, said, _source(row), stands)


def _said(pack: Pack, ident: str, value: object) -> str:
    known = isinstance(value, bool | int | Decimal | str)
    return value_text(pack, ident, value) if known else str(value)  # type: ignore[arg-type]


def _source(row: Mapping[str, Any]) -> str:
    date, at = row.get("date"), row.get("confirmed_at")
    of = f" of {date[:10]}" if isinstance(date, str) and date else ""
    when = f", {at.astimezone():%Y-%m-%d %H:%M}" if isinstance(at, dt.datetime) else ""
    return f"from {row.get('resource', '?')}{of}; confirmed by {row['confirmed_by']}{when}"
