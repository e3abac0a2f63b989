"""What is judged: answers, tables and marks, whatever they were read from.

A case of the screening is one such input (`input_of`); a visit of a course is another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import field

from ketatui.cases.model import Answer, Case
from ketatui.cql import Value
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.structs import Frozen

ROWS = (TRIALS, MEDICATIONS)
"""Ids of the two tables of the consultation."""


class Input(Frozen, frozen=True):
    """What a set of criteria is applied to.

    Attributes:
        answers: Stored answers by question id; valid for the criteria.
        unknown: Questions that were asked and cannot be established.
        tables: The rows of each table that has some, by its question's id.
        scale_items: Scores of the scales taken item by item, by question id, then item id.
        overrides: Findings set aside by the clinician: decision (or pathway) and rule.
        given: Facts that whoever asks has worked out (calculation ``given``), by id.
        waits: For a fact in ``given`` that is null: the ids of what it waits for.
        elsewhere: Of these the ids that have an answer where they are asked, which keeps the
            fact null all the same.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    unknown: frozenset[str] = frozenset()
    tables: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    scale_items: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    overrides: frozenset[tuple[str, str]] = frozenset()
    given: Mapping[str, Value] = field(default_factory=dict)
    waits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    elsewhere: frozenset[str] = frozenset()

    def is_recorded(self, ident: str) -> bool:
        """Tell whether a question has an answer or rows, used or not."""
        return ident in self.answers or bool(self.tables.get(ident))

    def entries(self) -> Iterator[str]:
        """Yield the ids of all that it says something of; some of them several times."""
        yield from self.answers
        yield from self.unknown
        yield from [ident for ident, rows in self.tables.items() if rows]
        yield from self.scale_items
        # What such a fact waits for, and is answered elsewhere, is said of the fact.
        yield from self.given


def input_of(case: Case) -> Input:
    """Return what of a case is judged."""
    return Input(
        answers=case.answers,
        unknown=case.unknown,
        tables={**case.tables, TRIALS: case.trials, MEDICATIONS: case.medications},
        scale_items=case.scale_items,
        overrides=frozenset((item.pathway, item.rule) for item in case.decision.overrides),
    )
