"""`Scanner`: finds what looks like an identifier in a text, by the patterns of a pack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ketatui.criteria.models import IdentifierKind
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError, Problem
from ketatui.privacy.leads import Lead, LongText, lead_of
from ketatui.privacy.plain import plain
from ketatui.structs import Frozen

_LONG = 20_000
"""Letters from which on it pays to look for where a pattern can begin before trying it."""

_SHORT = 80
"""Texts up to this length come again and again: names of questions, titles, codes."""
_REMEMBERED = 5000
"""What was seen in so many short texts is remembered."""


class Seen(Frozen, frozen=True):
    """Something in a text that looks like an identifier.

    Attributes:
        kind: Id of its kind.
        title: What such a thing is called.
        start: Where it begins.
        end: Where it ends.
        text: What it says.
        replacement: What can stand in its place.
    """

    kind: str
    title: str
    start: int
    end: int
    text: str
    replacement: str


class _Pattern(Frozen, frozen=True):
    kind: IdentifierKind
    expression: re.Pattern[str]
    unless: frozenset[str]

    def found(self, text: str, starts: Iterable[int] | None = None) -> Iterable[Seen]:
        """Yield what it finds; where ``starts`` are given, no match begins anywhere else."""
        group = "it" if "it" in self.expression.groupindex else 0
        matches = self.expression.finditer(text) if starts is None else self._at(text, starts)
        for match in matches:
            start, end = match.span(group)
            said = text[start:end]
            if self.unless and self._is_none(said):
                continue
            kind = self.kind
            yield Seen(kind.id, kind.title, start, end, said, kind.replacement)

    def _at(self, text: str, starts: Iterable[int]) -> Iterable[re.Match[str]]:
        match, end = self.expression.match, 0
        for start in starts:
            if start >= end and (found := match(text, start)):
                yield found
                end = found.end()

    def _is_none(self, said: str) -> bool:
        low = said.lower()
        return low in self.unless or low.split(" ", 1)[0] in self.unless


class Scanner:
    """Looks texts through. The same text always gives the same result."""

    def __init__(self, kinds: Iterable[IdentifierKind]) -> None:
        """Compile the patterns.

        Args:
            kinds: What to look for; where two overlap to the letter, the first one counts.

        Raises:
            ValueError: A pattern is no regular expression; names its kind.
        """
        self._patterns: list[_Pattern] = []
        self._leads: list[Lead | None] | None = None
        self._short: dict[str, tuple[Seen, ...]] = {}
        for kind in kinds:
            for pattern in kind.patterns:
                try:
                    expression = re.compile(pattern)
                except re.error as error:
                    raise ValueError(f"{kind.id}: no regular expression: {error}") from error
                self._patterns.append(_Pattern(kind, expression, frozenset(kind.unless)))

    def scan(self, text: str) -> tuple[Seen, ...]:
        """Return what a text holds, in its order, no two overlapping.

        Args:
            text: Anything somebody typed.
        """
        if len(text) > _SHORT:
            return self._scanned(text)
        if text not in self._short:
            if len(self._short) >= _REMEMBERED:
                self._short.clear()
            self._short[text] = self._scanned(text)
        return self._short[text]

    def _scanned(self, text: str) -> tuple[Seen, ...]:
        read, places = plain(text)
        found = list(self._found(read))
        # Sorting is stable: of two alike the kind that stands first in the pack comes first.
        found.sort(key=lambda seen: (seen.start, -seen.end))
        kept: list[Seen] = []
        for seen in found:
            if seen.end > seen.start and (not kept or seen.start >= kept[-1].end):
                kept.append(seen)
        return tuple(_in(text, places, seen) for seen in kept)

    def _found(self, text: str) -> Iterable[Seen]:
        if len(text) < _LONG:
            for pattern in self._patterns:
                yield from pattern.found(text)
            return
        if self._leads is None:
            self._leads = [lead_of(pattern.expression) for pattern in self._patterns]
        long = LongText(text)
        for pattern, lead in zip(self._patterns, self._leads, strict=True):
            yield from pattern.found(text, long.starts(lead) if lead else None)

    def replaced(self, text: str) -> str:
        """Return a text with everything replaced that looks like an identifier.

        Args:
            text: Anything somebody typed.
        """
        return without(text, self.scan(text))


def _in(text: str, places: Sequence[int], seen: Seen) -> Seen:
    """Say of the text as it was given what was seen in it as it is read."""
    start, end = places[seen.start], places[seen.end - 1] + 1
    return seen.replaced(start=start, end=end, text=text[start:end])


def without(text: str, found: Sequence[Seen]) -> str:
    """Return a text with what was seen in it replaced.

    Args:
        text: The text.
        found: Of what `Scanner.scan` found in it, what is to be replaced, in order.
    """
    pieces, at = [], 0
    for seen in found:
        pieces += [text[at : seen.start], seen.replacement]
        at = seen.end
    return "".join((*pieces, text[at:]))


def scanner_of(pack: Pack) -> Scanner:
    """Return the scanner of a pack; compiling takes some tens of milliseconds.

    Raises:
        PackError: A pattern is no regular expression.
    """
    try:
        return Scanner(pack.identifiers.values())
    except ValueError as error:
        ident, _, said = str(error).partition(": ")
        file = pack.origins["identifier", ident].file
        raise PackError((Problem(file, None, ident, said),)) from error


def remark(found: Sequence[Seen]) -> str:
    """Say in a line what a text looks like it holds.

    Args:
        found: What was seen.

    Returns:
        The remark; empty if nothing was seen.
    """
    if not found:
        return ""
    first = found[0]
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return f"“{first.text}” looks like {article(first.title)}{more}"


def article(title: str) -> str:
    """Put the indefinite article before a kind's title.

    Args:
        title: As the pack has it.
    """
    vowel = title[:1].lower() in "aeiou" or title.startswith("IP")
    return f"{'an' if vowel else 'a'} {title}"
