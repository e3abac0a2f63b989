"""What in a free text looks like an identifier of a person."""

import re
from typing import Annotated

from msgspec import Meta

from ketatui.criteria.models.base import Code, PackModel, ShortText, SourceRef

_LITERAL = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
"""What means itself in a pattern: an escaped letter, and a class in brackets."""
_ENDLESS = re.compile(r"[*+]|\{\d*,\}")
_MOST = 4000


Pattern = Annotated[str, Meta(min_length=1, max_length=_MOST)]
"""A regular expression; it is compiled when texts are first looked through."""


class IdentifierKind(PackModel, frozen=True, kw_only=True):
    """One kind of identifier and the patterns it is recognized by."""

    id: Code
    title: ShortText
    """Read as "looks like a …"."""
    paragraph: ShortText | None = None
    """Where the rule that asks for it lists it: a letter, a section."""
    replacement: Annotated[str, Meta(pattern=r"^\[[^\[\]]+\]\Z", max_length=44)]
    patterns: Annotated[tuple[Pattern, ...], Meta(min_length=1)]
    """A group named ``it`` is what is replaced; without one the whole match is."""
    unless: tuple[str, ...] = ()
    """In lower case: what is none although a pattern takes it for one."""
    examples: Annotated[tuple[str, ...], Meta(min_length=1)]
    """Texts in which it is found."""
    others: Annotated[tuple[str, ...], Meta(min_length=1)]
    """Texts that resemble one, in which nothing of this kind is found."""
    sources: Annotated[tuple[SourceRef, ...], Meta(min_length=1)]

    def __post_init__(self) -> None:
        """Refuse repetitions without an upper bound: on a long text they can take forever."""
        for pattern in self.patterns:
            if _ENDLESS.search(_LITERAL.sub("", pattern)):
                message = "a repetition without an upper bound; allowed: {0,9}, {3} and ?"
                raise ValueError(f"patterns: {pattern[:60]!r}: {message}")


class IdentifierFile(PackModel, frozen=True, kw_only=True):
    """``privacy.toml``."""

    identifiers: tuple[IdentifierKind, ...]
