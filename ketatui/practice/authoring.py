"""What a pack says to whoever writes practice cases: ``practice/authoring.toml``."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Annotated, Literal

from msgspec import Meta

from ketatui.criteria.models import Id, LineText, PackModel, ShortText
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from ketatui.practice.models import Part
from ketatui.practice.tables import load_table, practice_folder
from ketatui.structs import Frozen

FILE = "authoring.toml"
TODO = "TODO"
"""Marks a place that its author has still to write."""
_FILLED_IN = {"id", "topic", "base", "on"}


class ChartPlace(PackModel, frozen=True, kw_only=True):
    """Where in the chart answers of a saved case are told."""

    of: tuple[str, ...]
    """Sections, or first parts of ids of questions; none for all others."""
    part: Part
    title: ShortText


class ToldNumber(PackModel, frozen=True, kw_only=True):
    """How a number is told in a story."""

    questions: Annotated[tuple[Id, ...], Meta(min_length=1)]
    title: ShortText
    """What it is, with its article."""
    pattern: LineText
    """A regular expression of Python; its one group is the number, and case does not count."""

    def __post_init__(self) -> None:
        """Refuse a pattern that is none, or has not one group."""
        try:
            groups = re.compile(self.pattern).groups
        except re.error as error:
            raise ValueError(f"pattern: {error}") from None
        if groups != 1:
            raise ValueError("pattern: the number is its one group")


class AuthoringFile(PackModel, frozen=True, kw_only=True):
    """``practice/authoring.toml``."""

    places: Annotated[tuple[ChartPlace, ...], Meta(min_length=1)]
    numbers: tuple[ToldNumber, ...] = ()
    templates: dict[Literal["short", "staged"], str]
    """What a new case begins with; ``$id``, ``$topic``, ``$base`` and ``$on`` are filled in."""

    def __post_init__(self) -> None:
        """Refuse a last place that names something, and templates that cannot be filled in."""
        if self.places[-1].of:
            raise ValueError("the last of places is for all others: its of is empty")
        for text in self.templates.values():
            named = set(string.Template(text).get_identifiers())
            if named != _FILLED_IN:
                raise ValueError(f"a template fills in {', '.join(sorted(_FILLED_IN))}, each")


class Authoring(Frozen, frozen=True, dict=True):
    """The same, ready for use."""

    file: AuthoringFile

    @cached_property
    def patterns(self) -> Mapping[str, tuple[str, re.Pattern[str]]]:
        """By question what a number is, and how it is told."""
        return {
            question: (item.title, re.compile(item.pattern, re.IGNORECASE))
            for item in self.file.numbers
            for question in item.questions
        }

    def place(self, question: str, section: str) -> tuple[str, str]:
        """Return the part of the chart that a question belongs in, and its title there."""
        for named in (question.partition(".")[0], section):
            for item in self.file.places:
                if named in item.of:
                    return item.part, item.title
        last = self.file.places[-1]
        return last.part, last.title


def load_authoring(pack: Pack) -> Authoring:
    """Read it.

    Raises:
        CaseError: With every problem of the file.
    """
    return Authoring(load_table(practice_folder(pack) / FILE, AuthoringFile))


@lru_cache(maxsize=4)
def authoring_of(knowledge: Knowledge) -> Authoring:
    """Read it once for a compiled pack; raises as `load_authoring` does."""
    return load_authoring(knowledge.pack)
