"""The vocabulary in the form the recognizer looks words up in."""

from __future__ import annotations

import re
from enum import IntEnum

from ketatui.criteria.models import Vocabulary
from ketatui.engine.medicines.folding import keys_of
from ketatui.structs import Frozen


class Kind(IntEnum):
    """What a stretch of words is."""

    NAME = 1
    SALT = 2
    RELEASE = 3
    ROUTE = 4
    DOSE = 5
    NEED = 6
    """"prn", "for": a purpose may follow."""
    PURPOSE = 7
    PURPOSE_AFTER = 8
    """Counts as a purpose only after `NEED` or another purpose."""
    TAKING = 9
    JOINING = 10
    JUNK = 11


class Phrase(Frozen, frozen=True):
    """A stretch of words that may stand beside a name.

    Attributes:
        kind: What it is.
        form: The release form or route it is one way to write, as the table writes it.
    """

    kind: Kind
    form: str = ""


_NEEDS = ("prn", "as needed", "when needed", "if needed", "as required", "for", "to help")
_TIMES = frozenset(
    (
        "h hr hrs hour hours d day days w wk wks week weeks mo mos month months yr yrs year years "
        "min mins x am pm a p xday xdaily xd xwk xweek"
    ).split()
)
_NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+|\d*\u2044\d+)"
_AMOUNT = re.compile(_NUMBER + r"([a-zμ%]*)")
_NOTHING = re.compile(r"0(?:\.0*)?[a-zμ%]*|\.0+[a-zμ%]*")
_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d")
_OFTEN = re.compile(r"(?:q|x)\d+([a-z]*)|#\d\d+|q\d+[a-z]*prn")
_DIGITS = re.compile(_NUMBER)


class Words(Frozen, frozen=True):
    """The vocabulary, compiled.

    Attributes:
        phrases: What each stretch of words is; a number in it is "#".
        longest: How many words the longest has.
        salts: Words that count only directly after a name.
        units: What may follow a number without a space.
        not_taken: Words that say that something is not taken.
        endings: Words that can be a drug of their own when they follow a name directly.
    """

    phrases: dict[str, Phrase]
    longest: int
    salts: frozenset[str]
    units: frozenset[str]
    not_taken: frozenset[str]
    endings: frozenset[str]

    def is_amount(self, word: str) -> bool:
        """Tell whether one word is a strength, an amount or how often ("5mg", "q6h", "x3")."""
        found = _AMOUNT.fullmatch(word)
        if found:
            if _NOTHING.fullmatch(word):
                return False
            if not found[1]:
                # "lithium 2019" tells of the past; a strength of 2000 is round.
                return not _YEAR.fullmatch(word) or word.endswith(("00", "50"))
            return found[1] in self.units
        often = _OFTEN.fullmatch(word)
        return often is not None and (not often[1] or often[1] in self.units)


def numbered(word: str) -> str:
    """Put "#" for the number a word begins with."""
    return _DIGITS.sub("#", word, count=1) if word[:1] in "0123456789.\u2044" else word


def compile_words(vocabulary: Vocabulary) -> Words:
    """Put the vocabulary into the form in which words are looked up."""
    phrases: dict[str, Phrase] = {}

    def add(texts: tuple[str, ...], kind: Kind, form: str = "") -> None:
        phrase = Phrase(kind, form)
        phrases.update(dict.fromkeys(keys_of(texts), phrase))

    said = vocabulary.words
    add(vocabulary.purposes.more, Kind.PURPOSE_AFTER)
    add(vocabulary.purposes.alone, Kind.PURPOSE)
    for texts in (said.forms, said.units, said.numbers, said.when):
        add(texts, Kind.DOSE)
    add(said.taking, Kind.TAKING)
    add(said.joining, Kind.JOINING)
    add(_NEEDS, Kind.NEED)
    for form, texts in vocabulary.releases.items():
        add(texts, Kind.RELEASE, form)
    for form, texts in vocabulary.routes.items():
        add(texts, Kind.ROUTE, form)
    single = {text for text in (*said.units, *said.forms) if " " not in text}
    return Words(
        phrases=phrases,
        longest=max([text.count(" ") + 1 for text in phrases], default=1),
        salts=frozenset(vocabulary.salts),
        units=frozenset(single) | _TIMES,
        not_taken=frozenset(vocabulary.not_taken.words),
        endings=frozenset(vocabulary.endings),
    )
