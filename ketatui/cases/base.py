"""What all tables of a case share: answers, moments, and keys that are not known."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta

from ketatui.toml_structs import SAYS_SOMETHING, OpenTable

Answer = bool | int | Decimal | str
"""A stored answer: yes/no, a whole number, a measurement, or a choice code."""

if TYPE_CHECKING:
    Answers = dict[str, Answer]
else:
    # A reader cannot tell a number from a text by its type alone, as in JSON both may be text;
    # `ketatui.cases.answers` holds each answer against its question instead.
    Answers = dict[str, Any]

Said = Annotated[str, Meta(pattern=SAYS_SOMETHING)]
"""Text that has to say something."""
Moment = Annotated[dt.datetime, Meta(tz=True)]
"""A date and time that knows its offset."""


class CaseModel(OpenTable, frozen=True):
    """Base of every table of a case: immutable, and tolerant of keys it does not know."""
