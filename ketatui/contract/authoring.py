"""What a pack says to whoever writes practice cases."""

from typing import Annotated, Literal

from pydantic import Field

from ketatui.contract.base import Closed, Id, LineText, ShortText
from ketatui.contract.practice import Part


class ChartPlace(Closed):
    """Where in the chart answers of a saved case are told."""

    of: list[str]
    """Sections, or first parts of ids of questions; none for all others."""
    part: Part
    title: ShortText


class ToldNumber(Closed):
    """How a number is told in a story."""

    questions: Annotated[list[Id], Field(min_length=1)]
    title: ShortText
    """What it is, with its article."""
    pattern: LineText
    """A regular expression of Python; its one group is the number, and case does not count."""


class AuthoringFile(Closed):
    """``practice/authoring.toml``."""

    places: Annotated[list[ChartPlace], Field(min_length=1)]
    numbers: list[ToldNumber] = Field(default_factory=list)
    templates: dict[Literal["short", "staged"], str]
    """What a new case begins with; ``$id``, ``$topic``, ``$base`` and ``$on`` are filled in."""
