"""Where in a long text a pattern can begin at all, so that it is tried there and nowhere else.

A pattern begins with one of some words, or with letters of some sets: both can be looked for much
faster than the pattern itself. What is not understood of a pattern gives no answer, and the whole
text is searched.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence

from ketatui.privacy.beginnings import Beginnings, element_sets, parsed, signs_in
from ketatui.structs import Frozen

_WIDE = 45
"""Letters of a set among which most of a text is: looking for them would find nearly all of it."""
_NUMBER = frozenset("(+0123456789")
"""How numbers begin, of which most texts hold few."""
_MANY = 20
"""Letters of a set that tells little of what follows."""
_WORD = re.compile("[A-Za-z]+")
_ALIKE = {0x130: "i", 0x131: "i", 0x17F: "s", 0x212A: "k"}
"""Letters that a pattern without regard to case takes for one of a keyboard."""


class Lead(Frozen, frozen=True):
    """How a pattern begins.

    Attributes:
        words: Texts of which one stands where the pattern begins; empty where `letters` says it.
        exact: Whether they stand there to the letter; else their case does not matter.
        bound: Whether they begin a word.
        letters: A quick pattern for the first letters; with no words either, it can be anywhere.
        signs: What a match holds somewhere, so that a text without it holds none.
    """

    words: tuple[str, ...] = ()
    exact: bool = False
    bound: bool = False
    letters: re.Pattern[str] | None = None
    signs: frozenset[str] = frozenset()


class _Searched:
    """A text in which words are looked for, each once."""

    def __init__(self, text: str, vocabulary: Iterable[str]) -> None:
        self.text = text
        self._vocabulary = sorted(vocabulary)
        self._places: dict[str, Sequence[int]] = {}

    def places(self, word: str) -> Sequence[int]:
        if word not in self._places:
            found, place = [], self.text.find(word)
            while place >= 0:
                found.append(place)
                place = self.text.find(word, place + 1)
            self._places[word] = found
        return self._places[word]

    def may_begin(self, word: str) -> bool:
        """Tell whether any word of the text begins as this one does."""
        head = re.match(r"[A-Za-z]*", word)
        begin = head[0] if head else ""
        index = bisect_left(self._vocabulary, begin)
        return index < len(self._vocabulary) and self._vocabulary[index].startswith(begin)


class LongText:
    """A text prepared for being looked through by many patterns."""

    def __init__(self, text: str) -> None:
        """Prepare a text.

        Args:
            text: As the patterns read it.
        """
        words = set(_WORD.findall(text))
        self._exact = _Searched(text, words)
        low = text.lower() if text.isascii() else text.translate(_ALIKE).lower()
        lower = {word.lower() for word in words} if text.isascii() else set(_WORD.findall(low))
        # Lower case of another length would put every place beside where it is.
        self._low = _Searched(low, lower) if len(low) == len(text) else None
        self._of_letters: dict[re.Pattern[str], Sequence[int]] = {}

    def starts(self, lead: Lead) -> Iterable[int] | None:
        """Return where a pattern can begin, in order; None for everywhere."""
        if any(sign not in self._exact.text for sign in lead.signs):
            return ()
        if lead.letters is not None:
            if lead.letters not in self._of_letters:
                found = lead.letters.finditer(self._exact.text)
                self._of_letters[lead.letters] = [match.start() for match in found]
            return self._of_letters[lead.letters]
        text = self._exact if lead.exact else self._low
        if text is None or not lead.words:
            return None
        words = [word for word in lead.words if not lead.bound or text.may_begin(word)]
        return sorted({place for word in words for place in text.places(word)})


def lead_of(expression: re.Pattern[str]) -> Lead | None:
    """Tell how a pattern begins.

    Args:
        expression: A compiled pattern.

    Returns:
        Its beginning; None where the whole text has to be searched.
    """
    pattern = parsed(expression)
    if pattern.shortest == 0:
        return None
    signs = signs_in(pattern.elements)
    begun = Beginnings()
    words = _shortest(begun.of(pattern.elements))
    if words and all(len(word) > 1 for word in words):
        exact = not (begun.any_case or pattern.any_case)
        found = words if exact else {word.lower() for word in words}
        bound = pattern.bound and all(word[0].isalpha() for word in words)
        return Lead(words=tuple(sorted(found)), exact=exact, bound=bound, signs=signs)
    sets, _ = element_sets(pattern.elements, any_case=pattern.any_case)
    if not sets or len(sets[0]) > _WIDE:
        return Lead(signs=signs)
    first, *rest = map(_one_of, _shared(sets))
    ahead = f"(?={''.join(rest)})" if rest else ""
    return Lead(letters=re.compile(first + ahead), signs=signs)


def _shortest(words: Iterable[str] | None) -> set[str]:
    """Leave out words that another one begins; none at all where they are not known."""
    kept: list[str] = []
    for word in sorted(words or ()):
        if not kept or not word.startswith(kept[-1]):
            kept.append(word)
    return set(kept)


def _shared(sets: Sequence[frozenset[str]]) -> Sequence[frozenset[str]]:
    """Widen sets that tell little, so that patterns that begin alike are looked for once."""
    first, *rest = sets
    if first <= _NUMBER and all(letters & _NUMBER for letters in rest):
        return [_NUMBER]
    while len(rest) > 2 and len(rest[-1]) > _MANY:
        rest.pop()
    return [first, *rest]


def _one_of(letters: frozenset[str]) -> str:
    """Write a set of ASCII letters as a pattern; a letter beyond ASCII may always be."""
    inside = "".join(re.escape(letter) for letter in sorted(letters))
    return f"[{inside}\x80-\U0010ffff]"
