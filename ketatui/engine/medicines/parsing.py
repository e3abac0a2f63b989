"""Cutting typed words into names, what may stand beside them, and what nobody understands."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import pairwise
from typing import NamedTuple

from ketatui.engine.medicines.folding import APART, JOINED, SOFT, Word, words_of
from ketatui.engine.medicines.words import Kind, Words, numbered

_MOST_WORDS = 7
"""Words of the longest name that is looked up."""
_BARE = frozenset({"of", "the", "a", "an", "in", "per", "to", "is", "also"})
_GLUED = re.compile(r"([a-z]{3,})(\d[\d.]*[a-z%]*)")
_GLUED_FORMS = ("xr", "xl", "sr", "odt")


class Part(NamedTuple):
    """One stretch of words.

    Attributes:
        kind: What it is.
        first: Number of its first word.
        end: Number of the word after its last.
        value: Key of the name, or the form of a release form or route.
    """

    kind: Kind
    first: int
    end: int
    value: str


class Parser:
    """Cuts one typed text into parts; every word is in one of them."""

    def __init__(self, keys: Container[str], words: Words, typed: str) -> None:
        """Args: the forms in which names are looked up, the vocabulary, and what was typed."""
        self._keys = keys
        self._vocabulary = words
        self._text = typed
        self.words = words_of(typed)
        self.parts: list[Part] = []

    def parse(self) -> list[Part]:
        """Return the parts, in the order they were typed."""
        at = 0
        while at < len(self.words):
            part = self._next(at)
            if part is None and self._unglue(at):
                continue
            part = part or Part(Kind.JUNK, at, at + 1, self.words[at].text)
            self.parts.append(part)
            at = part.end
        return self.parts

    def typed(self, part: Part) -> str:
        """Return a part as it was typed, in small letters."""
        return self._text[self.words[part.first].start : self.words[part.end - 1].end].lower()

    def mark_before(self, part: Part) -> str:
        """Return what parts a part from the word before it: a sign or word, ", ", or nothing."""
        word = self.words[part.first]
        if word.before == SOFT or part.first == 0:
            return ""
        if word.before == APART:
            return ", "
        return self._text[self.words[part.first - 1].end : word.start].strip()

    def says_who(self, part: Part) -> bool:
        """Tell whether a word of taking stands between two names: "mom takes lorazepam"."""
        if part.kind is not Kind.TAKING:
            return False
        at = self.parts.index(part)
        around = self.parts[max(at - 1, 0) : at + 2]
        said = self.words[part.first].before == SOFT and self.typed(part) not in _BARE
        return said and [one.kind for one in around] == [Kind.NAME, Kind.TAKING, Kind.NAME]

    def switches(self) -> bool:
        """Tell whether an arrow stands between names: of "lithium -> valproate" one is taken."""
        names = [part for part in self.parts if part.kind is Kind.NAME]
        between = (
            self._text[self.words[one.end - 1].end : self.words[other.first].start]
            for one, other in pairwise(names)
        )
        return any(mark in text for text in between for mark in ">→")

    def _next(self, at: int) -> Part | None:
        words = self.words
        previous = self.parts[-1].kind if self.parts else None
        word = words[at]
        phrase = self._phrase(at, previous)
        if phrase is not None and self._is_bare_letter(phrase, previous):
            phrase = None
        if (
            word.text in self._vocabulary.salts
            and word.before == SOFT
            and previous in (Kind.NAME, Kind.SALT)
            and not (phrase and phrase.end > at + 1)
        ):
            longer = self._name(at)
            if longer is None or longer.end == at + 1:
                return Part(Kind.SALT, at, at + 1, word.text)
        if previous is Kind.DOSE and word.text in self._vocabulary.units:
            # "25 mcg/h", "24 h": rather no heroin.
            counted = word.before == JOINED or words[at - 1].text.isdigit()
            if counted and word.before < APART:
                if phrase is not None and phrase.end > at + 1:
                    return phrase
                return Part(Kind.DOSE, at, at + 1, "")
        name = self._name(at)
        if self._is_ending(at, previous) and not any(
            part and part.end > at + 1 for part in (name, phrase)
        ):
            words[at] = word._replace(before=JOINED)
            return None
        if name and phrase:
            return phrase if self._rather(phrase, name) else name
        if name or phrase:
            return name or phrase
        if self._vocabulary.is_amount(word.text):
            return Part(Kind.DOSE, at, at + 1, "")
        return None

    def _is_bare_letter(self, phrase: Part, previous: Kind | None) -> bool:
        """Tell whether a letter that can be a unit stands beside no number ("X U")."""
        said = " ".join(word.text for word in self.words[phrase.first : phrase.end])
        if phrase.kind is not Kind.DOSE or len(said) > 1 or not said.isalpha():
            return False
        following = self.words[phrase.end : phrase.end + 1]
        return previous is not Kind.DOSE and not any(word.text.isdigit() for word in following)

    def _is_ending(self, at: int, previous: Kind | None) -> bool:
        """Tell whether a word can be a drug that ends a name: "promethazine-d", "motrin pm"."""
        word = self.words[at]
        follows = word.before == SOFT and previous in (Kind.NAME, Kind.SALT, Kind.RELEASE)
        return follows and word.text in self._vocabulary.endings

    def _rather(self, phrase: Part, name: Part) -> bool:
        """Tell whether words are rather no name, where they could be one."""
        if not any(part.kind is Kind.NAME for part in self.parts):
            return phrase.kind is Kind.PURPOSE_AFTER
        if phrase.end != name.end:
            return phrase.end > name.end
        if phrase.kind is Kind.PURPOSE_AFTER:
            return True
        return phrase.kind is Kind.ROUTE and self.words[phrase.first].before == SOFT

    def _name(self, at: int) -> Part | None:
        """Return the longest name that begins here."""
        words, keys = self.words, self._keys
        stop = at + 1
        while stop < len(words) and stop < at + _MOST_WORDS and words[stop].before < APART:
            stop += 1
        key = " ".join(word.text for word in words[at:stop])
        for end in range(stop, at, -1):
            if key in keys and not (end > at + 1 and self._counts(end)):
                return Part(Kind.NAME, at, end, key)
            key = key[: -len(words[end - 1].text) - 1]
        return None

    def _counts(self, end: int) -> bool:
        """Tell whether the last word is a number that counts what follows ("tylenol 3 tabs")."""
        words = self.words
        if end >= len(words) or not words[end - 1].text.isdigit():
            return False
        following = words[end]
        return following.before == SOFT and (
            following.text in self._vocabulary.units or following.text == "times"
        )

    def _phrase(self, at: int, previous: Kind | None) -> Part | None:
        """Return the longest stretch of the vocabulary that begins here."""
        words, phrases = self.words, self._vocabulary.phrases
        first = numbered(words[at].text)
        stop = min(len(words), at + self._vocabulary.longest)
        texts = [first, *(numbered(word.text) for word in words[at + 1 : stop])]
        purposes = (Kind.NEED, Kind.PURPOSE, Kind.PURPOSE_AFTER)
        for count in range(len(texts), 0, -1):
            phrase = phrases.get(" ".join(texts[:count]))
            if phrase is None:
                continue
            if phrase.kind is Kind.PURPOSE_AFTER and previous not in purposes:
                continue
            if not self._are_amounts(at, at + count):
                continue
            return Part(phrase.kind, at, at + count, phrase.form)
        return None

    def _are_amounts(self, at: int, end: int) -> bool:
        """Tell whether numbers in a phrase are amounts: neither nothing nor a bare year."""
        words = [word.text for word in self.words[at:end]]
        numbers = [word for word in words if word[0].isdigit() or word[0] == "."]
        return words[0] == "since" or all(map(self._vocabulary.is_amount, numbers))

    def _unglue(self, at: int) -> bool:
        """Part a name from what is written onto it: "lorazepam1mg", "effexorxr"."""
        word = self.words[at]
        found = _GLUED.fullmatch(word.text)
        head, tail = found.groups() if found else (word.text[:-2], word.text[-2:])
        if not found and tail not in _GLUED_FORMS:
            head, tail = word.text[:-3], word.text[-3:]
            if tail not in _GLUED_FORMS:
                return False
        if len(head) < 3 or head not in self._keys:
            return False
        cut = word.end - len(tail)
        self.words[at : at + 1] = [
            Word(head, word.start, cut, word.before),
            Word(tail, cut, word.end, SOFT),
        ]
        return True
