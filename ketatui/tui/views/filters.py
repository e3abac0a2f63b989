"""Filters of the library as lines: what can be chosen, and how many cases that leaves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import DIAGNOSIS
from ketatui.structs import Frozen
from ketatui.tui.views.lines import EMPTY, Line, fit, line, pad, safe

if TYPE_CHECKING:
    from ketatui.cases.library import Query

TITLES = {
    "state": "State",
    "decision": "Decision",
    "standing": "Standing of the decision",
    "verdict": "Verdict of the chosen pathway",
    "diagnosis": "Diagnosis",
    "worst": "Worst finding",
    "criteria": "Criteria",
    "reviewer": "Reviewer",
    "today": "Today",
    "file": "File",
    "treatment": "Treatment",
    "due": "Due in treatment",
    "stopped": "Why treatment was stopped",
}
_WORDS = {
    "awaiting_review": "awaiting review",
    "within_criteria": "within criteria",
    "against_criteria": "against criteria",
    "differs": "different under today's criteria",
    "stale": "different, only because answers are too old",
    "same": "the same",
    "sound": "as it was saved",
    "changed": "changed outside the program",
    "in_treatment": "in treatment",
    "due": "within a week",
}
_NONE = {
    "decision": "nothing decided",
    "today": "not looked at yet",
    "reviewer": "nobody",
    "treatment": "no course",
    "due": "nothing",
    "stopped": "not stopped",
}


class Choice(Frozen, frozen=True):
    """A value that can be chosen.

    Attributes:
        facet: What it is a value of.
        code: The value.
        count: How many cases have it, of those the other filters leave.
        chosen: Whether it is wanted.
    """

    facet: str
    code: str
    count: int
    chosen: bool


def words(pack: Pack, facet: str, code: str) -> str:
    """Write a value as people say it."""
    if not code:
        return _NONE.get(facet, "none recorded")
    found = code
    if facet == "decision":
        pathway = pack.pathways.get(code)
        found = pathway.title if pathway else "no pathway" if code == "none" else code
    elif facet == "verdict":
        found = next((w.title for key, w in pack.wording.verdicts.items() if key == code), code)
    elif facet == "worst":
        rule = pack.rules.get(code)
        found = rule.title if rule else code
    elif facet == "diagnosis":
        question = pack.questions.get(DIAGNOSIS)
        options = question.options if question else ()
        found = next((option.label for option in options if option.code == code), code)
    return safe(_WORDS.get(found, found))


def chosen_words(pack: Pack, query: Query) -> Iterator[str]:
    """Write what is chosen, a text a facet.

    Args:
        pack: For the words.
        query: The filters.

    Yields:
        Such as ``state: final or amended``.
    """
    for facet, codes in query.chosen.items():
        if codes:
            said = " or ".join(words(pack, facet, code) for code in sorted(codes))
            yield f"{TITLES[facet].split()[0].casefold()}: {said}"


def filter_lines(pack: Pack, choices: Sequence[Choice], width: int) -> list[Line]:
    """Return the choices under a heading for each facet; a choice's target is its index."""
    lines: list[Line] = []
    size = min(width - 18, 60)
    facet = ""
    for index, choice in enumerate(choices):
        if choice.facet != facet:
            facet = choice.facet
            lines += [EMPTY, line(f"  {TITLES[facet]}")] if lines else [line(f"  {TITLES[facet]}")]
            lines[-1] = line((lines[-1].text, "title"))
        mark = ("[x] ", "key") if choice.chosen else ("[ ] ", "muted")
        text = pad(fit(words(pack, facet, choice.code), size), size)
        shown = line(
            "    ",
            mark,
            (text, "strong" if choice.chosen else "text"),
            (f"{choice.count:>8,}", "muted"),
            target=str(index),
            cursor=5,
        )
        lines.append(shown)
    return lines
