"""What the palette reaches, found by words: an index that answers within a key press.

Its entries are questions, answers, sections, medicines, documents and whatever a program adds
(screens, settings, actions); by which other words they are found, the criteria say.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from ketatui.consultation.question_search import fold
from ketatui.criteria.pack import Pack
from ketatui.structs import Frozen

_WORDS = re.compile(r"[^\W_]+")
_INSIDE = 3
"""Letters from which a word is also looked for within others."""
_FORGIVEN = ((8, 2), (4, 1))
"""Letters that a word has at least, and slips of typing forgiven in it."""
KINDS = ("action", "screen", "question", "answer", "setting", "section", "case", "drug", "source")
"""What can be reached, what is likelier meant before what is less."""
_EXACT, _BEGINS, _WITHIN, _BESIDE, _RESEMBLES = range(5)


class Place(Frozen, frozen=True):
    """Something that can be reached.

    Attributes:
        kind: One of `KINDS`.
        key: What it is, within its kind: a question's id, a file, the name of a setting.
        title: What its line says.
        beside: Said beside it: the section, the key, the publisher.
    """

    kind: str
    key: str
    title: str
    beside: str = ""

    @property
    def name(self) -> str:
        """Kind and key together, unique among all."""
        return f"{self.kind}:{self.key}"


Words = Mapping[str, Sequence[str]]
"""By which other words something is found, by its name."""


class Known(Frozen, frozen=True):
    """A place with what it is found by.

    Attributes:
        place: The place.
        names: Other names for it.
        beside: Texts about it: their words find it where no name does better.
    """

    place: Place
    names: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


class PaletteIndex:
    """Places by the beginnings of their words."""

    def __init__(self, known: Iterable[Known]) -> None:
        """Index places."""
        self.places: list[Place] = []
        self._titles: list[str] = []
        found: dict[str, list[int]] = {}
        beside: dict[str, list[int]] = {}
        for number, item in enumerate(known):
            title = fold(item.place.title)
            self.places.append(item.place)
            self._titles.append(title)
            for word in _all_words((title, *item.names)):
                found.setdefault(word, []).append(number)
            for word in _all_words(item.beside):
                beside.setdefault(word, []).append(number)
        self._words, self._of = _sorted(found)
        self._beside, self._of_beside = _sorted(beside)

    def find(
        self, text: str, most: int, recent: Sequence[str] = (), *, forgiving: bool = True
    ) -> list[Place]:
        """Find places of which every word that was typed begins a word.

        Args:
            text: As typed; nothing finds what was gone to last.
            most: How many to return at most.
            recent: Names of what was gone to before, the latest first: these come first.
            forgiving: Whether slips of typing are forgiven where nothing else is found.

        Returns:
            The best first.
        """
        typed = fold(text).strip()
        words = _split(typed)
        if not words:
            return self._named(recent, most)
        ranks = self._ranked(words, _INSIDE)
        if not ranks and forgiving:
            ranks = self._ranked(words, _INSIDE, forgiving=True)
        before = {name: number for number, name in enumerate(recent)}

        def order(number: int) -> tuple[object, ...]:
            place, title = self.places[number], self._titles[number]
            when = before.get(place.name, len(before))
            kind = KINDS.index(place.kind)
            begins = not title.startswith(typed)
            rank = ranks[number]
            if place.kind == "source":
                # That a word of a document's name is complete says little: "press" means pressure.
                rank = max(rank, _BEGINS * len(words))
            return when, rank, title != typed, kind, begins, len(title), title

        return [self.places[number] for number in islice(sorted(ranks, key=order), most)]

    def _named(self, names: Sequence[str], most: int) -> list[Place]:
        known = {place.name: place for place in self.places}
        return [known[name] for name in names if name in known][:most]

    def _ranked(
        self, words: Sequence[str], inside: int, *, forgiving: bool = False
    ) -> dict[int, int]:
        """Return how well each place fits that all words fit."""
        total: dict[int, int] | None = None
        for word in words:
            fits = self._fits(word, inside)
            if forgiving:
                for number, rank in self._resembling(word).items():
                    fits.setdefault(number, rank)
            if total is None:
                total = fits
            else:
                total = {
                    number: rank + fits[number] for number, rank in total.items() if number in fits
                }
            if not total:
                return {}
        return total or {}

    def _fits(self, word: str, inside: int) -> dict[int, int]:
        fits: dict[int, int] = {}
        for at in _beginning(self._words, word):
            rank = _EXACT if self._words[at] == word else _BEGINS
            for number in self._of[at]:
                fits[number] = min(rank, fits.get(number, rank))
        if len(word) >= inside:
            for known, numbers in zip(self._words, self._of, strict=True):
                if word in known:
                    for number in numbers:
                        fits.setdefault(number, _WITHIN)
        for at in _beginning(self._beside, word):
            for number in self._of_beside[at]:
                fits.setdefault(number, _BESIDE)
        return fits

    def _resembling(self, word: str) -> dict[int, int]:
        most = next((slips for letters, slips in _FORGIVEN if len(word) >= letters), 0)
        if not most:
            return {}
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        # One more than allowed: not every version takes its own limit in.
        close = process.extract(
            word, self._words, scorer=OSA.distance, limit=None, score_cutoff=most + 1
        )
        fits: dict[int, int] = {}
        for _, far, at in close:
            if far <= most:
                for number in self._of[at]:
                    rank = _RESEMBLES + int(far)
                    fits[number] = min(rank, fits.get(number, rank))
        return fits


def pack_places(pack: Pack, drugs: Sequence[str], words: Words) -> list[Known]:
    """Return what the criteria hold that can be gone to, each with other names for it.

    Args:
        pack: The criteria.
        drugs: Names of medicines.
        words: By which other words something is found, by its name.
    """
    found: list[Known] = []
    titles = {section.id: section.title for section in pack.sections}
    for section in pack.sections:
        place = Place("section", section.id, section.title, "section")
        found.append(Known(place, (*section.find, *words.get(place.name, ()))))
    for question in pack.questions.values():
        beside = titles[pack.section_of[question.id]]
        place = Place("question", question.id, question.label, beside)
        names = (*question.find, question.id, *words.get(place.name, ()))
        found.append(Known(place, names, (question.text, question.help)))
        for option in question.options:
            key = f"{question.id}={option.code}"
            answer = Place("answer", key, option.label, question.label)
            found.append(Known(answer, tuple(words.get(answer.name, ())), (question.label,)))
    found += [Known(Place("drug", name, name, "medicine")) for name in drugs]
    for source in pack.sources.values():
        place = Place("source", source.id, source.title, f"{source.publisher}, {source.date}")
        names = (source.id, source.publisher, *words.get(place.name, ()))
        found.append(Known(place, names))
    return found


def _split(text: str) -> list[str]:
    return _WORDS.findall(text)


def _all_words(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in _split(fold(name))}


def _sorted(found: Mapping[str, list[int]]) -> tuple[list[str], list[list[int]]]:
    words = sorted(found)
    return words, [found[word] for word in words]


def _beginning(words: Sequence[str], word: str) -> Iterator[int]:
    """Yield the places of the words that begin with one."""
    at = bisect_left(words, word)
    while at < len(words) and words[at].startswith(word):
        yield at
        at += 1
