"""Finding questions by what people call them, typing errors forgiven."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from ketatui.consultation.consultation import Consultation
from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack
from ketatui.structs import Frozen

_WORDS = re.compile(r"[^\W_]+")
_NAMES = re.compile(r"[a-z_]+\.[a-z0-9_]+")
_EXACT, _BEGINS, _WITHIN, _BESIDE, _RESEMBLES = range(5)
"""How well a word fits: a name, the beginning of one, within one, in its text, nearly one."""
_PART = 3
"""Letters from which a word is also looked for within others."""
_FORGIVEN = ((8, 2), (4, 1))
"""Letters that a word has at least, and slips of typing forgiven in it."""


class Found(Frozen, frozen=True):
    """A question that was found.

    Attributes:
        question: The question.
        hidden: Why it is not asked now; empty where it is.
        opener: The question whose answer would have it asked; empty where it is asked.
    """

    question: Question
    hidden: str = ""
    opener: str = ""


def find_questions(consultation: Consultation, text: str, most: int = 12) -> tuple[Found, ...]:
    """Find questions by words of their label, other names, id or text.

    Args:
        consultation: Says what is asked now; what is not asked is found as well.
        text: As typed.
        most: How many to return at most.

    Returns:
        The best first: a name or its beginning before what only resembles it.
    """
    pack = consultation.pack
    typed = fold(text).strip()
    if not typed:
        return ()
    ranked = _ranked(pack, typed, forgiving=False) or _ranked(pack, typed, forgiving=True)
    return tuple(_found(consultation, question) for question in ranked[:most])


class _Entry(Frozen, frozen=True):
    """What a question is looked up by.

    Attributes:
        question: The question.
        names: Its label, other words for it and its id, folded.
        words: The words of these.
        beside: Words of its text, and of its section where it is the first one there.
        words_run_on: ``words`` in one text, each behind a mark: a word that is looked for is
            found in it at once, and with the mark before it where one begins so.
        beside_run_on: ``beside`` likewise.
    """

    question: Question
    names: frozenset[str]
    words: frozenset[str]
    beside: frozenset[str]
    words_run_on: str
    beside_run_on: str


_MARK = "\0"
"""Stands in no word."""


_made: list[tuple[Pack, list[_Entry]]] = []
"""The entries last made, and of which pack: a key of a search finds them ready."""


def _entries(pack: Pack) -> list[_Entry]:
    if not _made or _made[0][0] is not pack:
        _made[:] = [(pack, [_entry(pack, question) for question in pack.questions.values()])]
    return _made[0][1]


def _entry(pack: Pack, question: Question) -> _Entry:
    short = question.id.partition(".")[2]
    names = {question.id, short, *(fold(name) for name in (question.label, *question.find))}
    said = (question.text, question.help, *(option.label for option in question.options))
    beside = set(_WORDS.findall(fold(" ".join(said))))
    for section in pack.sections:
        if pack.by_section[section.id][0].id == question.id:
            beside |= {fold(name) for name in section.find}
    words = {word for name in names for word in _WORDS.findall(name)}
    return _Entry(
        question,
        frozenset(names),
        frozenset(words),
        frozenset(beside),
        _run_on(words),
        _run_on(beside),
    )


def _run_on(words: Iterable[str]) -> str:
    return "".join(f"{_MARK}{word}" for word in sorted(words))


def _ranked(pack: Pack, typed: str, *, forgiving: bool) -> list[Question]:
    words = _WORDS.findall(typed)
    found: list[tuple[int, Question]] = []
    for entry in _entries(pack):
        if typed in entry.names:
            found.append((-1, entry.question))
        elif typed in entry.beside:
            found.append((_WITHIN, entry.question))
        else:
            fits = [_fit(word, entry, forgiving=forgiving) for word in words]
            if fits and None not in fits:
                found.append((sum(fit for fit in fits if fit is not None), entry.question))
    return [question for _, question in sorted(found, key=lambda item: item[0])]


def _fit(word: str, entry: _Entry, *, forgiving: bool) -> int | None:
    if word in entry.words:
        return _EXACT
    if _MARK + word in entry.words_run_on:
        return _BEGINS
    if len(word) >= _PART and word in entry.words_run_on:
        return _WITHIN
    if _MARK + word in entry.beside_run_on:
        return _BESIDE
    slips = _slips(word, entry.words) if forgiving else None
    return None if slips is None else _RESEMBLES + slips


def _slips(word: str, names: Iterable[str]) -> int | None:
    """Return with how few slips of typing a word is another one, or its beginning."""
    most = next((slips for letters, slips in _FORGIVEN if len(word) >= letters), 0)
    if not most:
        return None
    from rapidfuzz.distance import OSA

    parts = {part for name in names for part in (name, name[: len(word)])}
    least = min(
        (
            OSA.distance(word, part, score_cutoff=most)
            for part in parts
            if len(part) >= len(word) - most
        ),
        default=most + 1,
    )
    return least if least <= most else None


def _found(consultation: Consultation, question: Question) -> Found:
    if consultation.assessment.asked[question.id] is not False:
        return Found(question)
    return Found(
        question,
        hidden=question.asked_because or "not asked here",
        opener=_opener(consultation, question),
    )


def _opener(consultation: Consultation, question: Question) -> str:
    """Return the question that decides whether another one is asked, and is asked itself."""
    asked = consultation.assessment.asked
    named: Sequence[str] = _NAMES.findall(question.asked_when or "")
    known = [ident for ident in named if ident in consultation.pack.questions]
    for ident in known:
        if asked[ident] is not False:
            return ident
    for ident in known:
        if ident != question.id:
            return _opener(consultation, consultation.pack.questions[ident])
    return ""


def fold(text: str) -> str:
    """Fold case, width and accents."""
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in split if not unicodedata.combining(c))
