"""What differs between two cases, or two revisions of one: what was recorded, not what it means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.course_facts import recorded_courses
from ketatui.cases.model import (
    Answer,
    Case,
    Consent,
    Decision,
    Medication,
    Review,
    Signature,
    Trial,
)
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.structs import Frozen

_HEAD = ("label", "state", "practice")


class Recorded(Frozen, frozen=True):
    """One side of a question: its answer, or that it was asked and could not be established."""

    value: Answer | None = None
    unknown: bool = False


class AnswerDiffers(Frozen, frozen=True):
    """A question that is answered otherwise."""

    question: str
    a: Recorded
    b: Recorded


class Differs(Frozen, frozen=True):
    """Something else that differs; an absent side is None."""

    what: str
    a: Any
    b: Any


class CaseDifference(Frozen, frozen=True):
    """What differs in what two cases record.

    Attributes:
        head: Label, state, practice.
        answers: Questions, in the order of the consultation.
        scales: Item scores of scales, as ``scales.phq9.sleep``.
        notes: Notes by question id.
        trials: Rows that only one of the two has.
        medications: Likewise.
        consent: How it ended and what was discussed.
        decision: Pathway, standing, reason, by whom, overrides.
        reviews: Rows that only one of the two has.
        signatures: Likewise.
        courses: What is recorded of courses and their visits, as ``c1 visit 2 visit.systolic``.
    """

    head: tuple[Differs, ...]
    answers: tuple[AnswerDiffers, ...]
    scales: tuple[Differs, ...]
    tables: tuple[Differs, ...]
    notes: tuple[Differs, ...]
    trials: tuple[tuple[Trial, ...], tuple[Trial, ...]]
    medications: tuple[tuple[Medication, ...], tuple[Medication, ...]]
    consent: tuple[Differs, ...]
    decision: tuple[Differs, ...]
    reviews: tuple[tuple[Review, ...], tuple[Review, ...]]
    signatures: tuple[tuple[Signature, ...], tuple[Signature, ...]]
    courses: tuple[Differs, ...] = ()

    @property
    def questions(self) -> frozenset[str]:
        """Ids of the questions whose answer differs, the two tables included."""
        rows = {TRIALS: self.trials, MEDICATIONS: self.medications}
        tables = {ident for ident, (a, b) in rows.items() if a or b}
        further = {item.what for item in self.tables}
        return frozenset({item.question for item in self.answers} | tables | further)

    @property
    def same(self) -> bool:
        """Whether nothing that is recorded differs."""
        lists = (self.head, self.answers, self.scales, self.tables, self.notes, self.consent)
        rows = (self.trials, self.medications, self.reviews, self.signatures)
        return not (any(lists) or self.decision or self.courses or any(map(any, rows)))


def differences(a: Case, b: Case, pack: QuestionCatalog) -> CaseDifference:
    """Compare what two cases record.

    Args:
        a: One case.
        b: The other.
        pack: The questions, for their order.

    Returns:
        Only what differs.
    """
    return CaseDifference(
        head=_fields({key: (getattr(a, key), getattr(b, key)) for key in _HEAD}),
        answers=tuple(
            AnswerDiffers(ident, one, other)
            for ident in (*pack.questions, *_others(a, b, pack))
            if (one := _recorded(a, ident)) != (other := _recorded(b, ident))
            or isinstance(one.value, bool) != isinstance(other.value, bool)
        ),
        scales=_tables(_scores(a), _scores(b), pack),
        tables=_tables(a.tables, b.tables, pack),
        notes=_tables(a.notes, b.notes, pack),
        trials=_rows(a.trials, b.trials),
        medications=_rows(a.medications, b.medications),
        consent=_tables(_consent(a.consent), _consent(b.consent), pack),
        decision=_tables(_decision(a.decision), _decision(b.decision), pack),
        reviews=_rows(a.reviews, b.reviews),
        signatures=_rows(a.signatures, b.signatures),
        courses=_tables(recorded_courses(a.courses), recorded_courses(b.courses), pack),
    )


def _others(a: Case, b: Case, pack: QuestionCatalog) -> list[str]:
    """Return what only other criteria asked."""
    return sorted({*a.answers, *b.answers, *a.unknown, *b.unknown} - set(pack.questions))


def _recorded(case: Case, ident: str) -> Recorded:
    return Recorded(case.answers.get(ident), ident in case.unknown)


def _scores(case: Case) -> dict[str, int]:
    return {
        f"{scale}.{item}": score
        for scale, items in case.scale_items.items()
        for item, score in items.items()
    }


def _consent(consent: Consent) -> dict[str, Any]:
    found: dict[str, Any] = {
        "outcome": consent.outcome,
        "ended_at": consent.ended_at,
        "present": consent.present or None,
        "interpreter": consent.interpreter or None,
        "copy_given": consent.copy_given,
    }
    for ident, mark in consent.items.items():
        # When an item was discussed is the conversation's own; that it was is what is compared.
        said = "; ".join(text for text in (mark.teach_back, mark.note) if text)
        found[ident] = said or True
    return found


def _decision(decision: Decision) -> dict[str, Any]:
    found: dict[str, Any] = {
        "pathway": decision.pathway,
        "standing": decision.standing,
        "reason": decision.reason or None,
        "by": decision.by or None,
        "at": decision.at,
    }
    for item in decision.overrides:
        found[f"override {item.pathway} {item.rule}"] = f"{item.reason} ({item.by})"
    return found


def _tables(
    a: Mapping[str, Any], b: Mapping[str, Any], pack: QuestionCatalog
) -> tuple[Differs, ...]:
    place = {ident: number for number, ident in enumerate(pack.questions)}
    keys = list(dict.fromkeys((*a, *b)))
    keys.sort(key=lambda key: place.get(key, len(place)))
    return _fields({key: (a.get(key), b.get(key)) for key in keys})


def _fields(pairs: Mapping[str, tuple[Any, Any]]) -> tuple[Differs, ...]:
    return tuple(Differs(key, one, other) for key, (one, other) in pairs.items() if one != other)


def _rows(a: Iterable[Any], b: Iterable[Any]) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Return the rows that only one has; two equal rows count as two."""
    a, b = tuple(a), tuple(b)
    return _beyond(a, b), _beyond(b, a)


def _beyond(rows: tuple[Any, ...], others: tuple[Any, ...]) -> tuple[Any, ...]:
    left = Counter(others)
    found = []
    for row in rows:
        if left[row]:
            left[row] -= 1
        else:
            found.append(row)
    return tuple(found)
