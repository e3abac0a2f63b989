"""What in a free text looks like an identifier of a person."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from ketatui.criteria.models.base import Code, PackModel, ShortText, SourceRef

_LITERAL = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
"""What means itself in a pattern: an escaped letter, and a class in brackets."""
_ENDLESS = re.compile(r"[*+]|\{\d*,\}")
_MOST = 4000


def _bounded(pattern: str) -> str:
    """Refuse repetitions without an upper bound: on a long text they can take for ever."""
    if _ENDLESS.search(_LITERAL.sub("", pattern)):
        raise ValueError("a repetition without an upper bound; allowed: {0,9}, {3} and ?")
    return pattern


Pattern = Annotated[
    str, StringConstraints(min_length=1, max_length=_MOST), AfterValidator(_bounded)
]
"""A regular expression; it is compiled when texts are first looked through."""


class IdentifierKind(PackModel):
    """One kind of identifier and the patterns it is recognized by."""

    id: Code
    title: ShortText
    """Read as "looks like a …"."""
    paragraph: Annotated[str, StringConstraints(pattern=r"^[A-R]$")]
    """The letter under which the rule lists it."""
    replacement: Annotated[str, StringConstraints(pattern=r"^\[[^\[\]]+\]$", max_length=44)]
    patterns: tuple[Pattern, ...] = Field(min_length=1)
    """A group named ``it`` is what is replaced; without one the whole match is."""
    unless: tuple[str, ...] = ()
    """In lower case: what is none although a pattern takes it for one."""
    examples: tuple[str, ...] = Field(min_length=1)
    """Texts in which it is found."""
    others: tuple[str, ...] = Field(min_length=1)
    """Texts that resemble one, in which nothing of this kind is found."""
    sources: tuple[SourceRef, ...] = Field(min_length=1)


class IdentifierFile(PackModel):
    """``privacy.toml``."""

    identifiers: tuple[IdentifierKind, ...]
