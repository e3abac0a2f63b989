"""What a practice case's text gives away or contradicts: read as a careful colleague would."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from ketatui.cases.errors import Problem
from ketatui.engine import Assessment, Knowledge
from ketatui.engine.decisive import setting_the_verdict
from ketatui.practice.authoring import TODO, Authoring
from ketatui.practice.loading import PracticeCase

_LONG_WORD = re.compile(r"[a-z]{6,}")
_ORDINARY = frozenset({"active", "history", "patient", "severe", "recent", "missing", "today"})


def contradictions(authoring: Authoring, case: PracticeCase) -> Iterator[Problem]:
    """Yield values of the story that are not those of the answers.

    Several values of a kind may stand in a story, as of last year and of today: one of them has
    to be the answer.
    """
    told = "\n".join(
        (
            *(part.text for part in case.file.story),
            *(reveal.text for reveal in case.file.reveal),
        )
    )
    for ident, (what, pattern) in authoring.patterns.items():
        answer = case.right.answers.get(ident)
        found = [Decimal(value) for value in pattern.findall(told)]
        if not isinstance(answer, int | Decimal) or isinstance(answer, bool) or not found:
            continue
        if Decimal(answer) not in found:
            values = ", ".join(f"{value}" for value in dict.fromkeys(found))
            message = f"the answer is {answer}, and the story tells {what} of {values}"
            place = ident.split(".")[1:] if case.at else ident.split(".")
            yield case.problem(ident, message, "answers", *place)


def unfinished(
    case: PracticeCase, texts: Iterator[tuple[tuple[str | int, ...], str]]
) -> Iterator[Problem]:
    """Yield the places that are still marked to be written."""
    for place, text in texts:
        if TODO in text:
            yield case.problem(str(place[0]), f"is still to be written ({TODO})", *place)


def telling_titles(
    case: PracticeCase, knowledge: Knowledge, assessment: Assessment
) -> Iterator[Problem]:
    """Yield title and id where they use a word of what decides the case."""
    pack = knowledge.pack
    rules = {rule for pathway in assessment.pathways for rule in setting_the_verdict(pathway)}
    words: dict[str, str] = {}
    for rule in rules:
        for word in _LONG_WORD.findall(pack.rules[rule].title.casefold()):
            words.setdefault(word[:7], pack.rules[rule].title)
    for row in case.right.medications:
        for word in _LONG_WORD.findall(row.name.casefold()):
            words.setdefault(word[:7], row.name)
    for key, text in (("title", case.file.title), ("id", case.id)):
        for word in _LONG_WORD.findall(text.casefold()):
            if word in _ORDINARY or word[:7] not in words:
                continue
            message = f"“{word}” tells what decides the case ({words[word[:7]]})"
            yield case.problem(key, message, key)
