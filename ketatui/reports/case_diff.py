"""Two cases, or two revisions of one, as plain text and as data: only what differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import to_builtins

from ketatui.cases.case_diff import AnswerDiffers, CaseDifference, Differs, Recorded
from ketatui.cases.json_form import to_json
from ketatui.cases.model import Case, Review, Signature
from ketatui.consultation.review_words import review_text, signature_text
from ketatui.consultation.words import UNANSWERED, UNKNOWN, value_text
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess
from ketatui.engine.assessment import plain as plain_value
from ketatui.engine.case_status import CaseStatus, read_case_status
from ketatui.engine.causes import Circumstances
from ketatui.engine.difference import Difference, compare
from ketatui.reports.record import trial_text
from ketatui.reports.summary import wrapped
from ketatui.structs import Frozen
from ketatui.toml_structs import Table, plain

_NAMES = {
    "ended_at": "ended",
    "copy_given": "copy given",
    "by": "by",
    "at": "decided",
}


class Compared(Frozen, frozen=True):
    """Something that two cases record otherwise, in words.

    Attributes:
        name: What it is; empty for a row of a table.
        a: What the one says; None where only the other has such a row.
        b: What the other says, likewise.
    """

    name: str
    a: str | None
    b: str | None


def recorded_parts(pack: Pack, found: CaseDifference) -> Iterator[tuple[str, tuple[Compared, ...]]]:
    """Say part by part what two cases record otherwise.

    Args:
        pack: The criteria, for the words of questions.
        found: What differs.

    Yields:
        The title of each part that differs, and what differs in it.
    """
    trials = [[trial_text(pack, row) for row in side] for side in found.trials]
    medicines = [
        [", ".join(filter(None, (row.name, row.dose))) for row in side]
        for side in found.medications
    ]
    parts = (
        ("Case", _named(pack, found.head)),
        ("Answers", [_answer(pack, item) for item in found.answers]),
        ("Items of scales", _named(pack, found.scales)),
        ("Notes", _named(pack, found.notes)),
        ("Antidepressant trials", _rows(trials)),
        ("Medicines", _rows(medicines)),
        ("Consent", _named(pack, found.consent)),
        ("Decision", _named(pack, found.decision)),
        ("Reviews", _rows([[_review(pack, row) for row in side] for side in found.reviews])),
        ("Courses of treatment", _named(pack, found.courses)),
        ("Signatures", _rows([[_signature(row) for row in side] for side in found.signatures])),
    )
    for title, rows in parts:
        if rows:
            yield title, tuple(rows)


def recorded_lines(pack: Pack, found: CaseDifference) -> Iterator[str]:
    """Write what two cases record otherwise.

    Args:
        pack: The criteria, for the words of questions.
        found: What differs.

    Yields:
        Lines under a heading for each part that differs.
    """
    for title, rows in recorded_parts(pack, found):
        yield ""
        yield title
        for row in rows:
            if row.a is None or row.b is None:
                mark = "+" if row.a is None else "-"
                yield from wrapped(row.a or row.b or "", f"  {mark} ", "    ")
            else:
                yield from wrapped(f"{row.name}: {row.a} -> {row.b}", "  ", "    ")


def assessed(
    knowledge: Knowledge,
    a: Case,
    b: Case,
    recorded: CaseDifference,
    on: dt.date,
    *,
    known_here: bool = True,
) -> tuple[Difference, Difference | None]:
    """Compare the verdicts of two cases, or of two revisions of one.

    Args:
        knowledge: The criteria at hand.
        a: One case.
        b: The other.
        recorded: What they record otherwise.
        on: The day, for the second comparison.
        known_here: Whether the criteria at hand know all of both, so that they can be assessed.

    Returns:
        As recorded; and as the criteria at hand see both, where not all reasons were kept.
    """
    known = Circumstances(knowledge=knowledge, answers=recorded.questions)
    then, now = read_case_status(a.assessment), read_case_status(b.assessment)
    as_recorded = compare(then, now, known)
    if (_has_reasons(then) and _has_reasons(now)) or not known_here:
        return as_recorded, None
    one, other = (assess(knowledge, case, on, with_changes=False) for case in (a, b))
    return as_recorded, compare(one, other, known)


def _has_reasons(standing: CaseStatus) -> bool:
    rows = standing.pathways.values()
    return bool(rows) and all(row.rules is not None for row in rows)


def recorded_data(found: CaseDifference) -> dict[str, Any]:
    """Return what two cases record otherwise as JSON data."""
    return {
        "case": _differs_data(found.head),
        "answers": [
            {
                "question": item.question,
                "a": _recorded_data(item.a),
                "b": _recorded_data(item.b),
            }
            for item in found.answers
        ],
        "scales": _differs_data(found.scales),
        "notes": _differs_data(found.notes),
        "trials": _rows_data(found.trials),
        "medications": _rows_data(found.medications),
        "consent": _differs_data(found.consent),
        "decision": _differs_data(found.decision),
        "reviews": _rows_data(found.reviews),
        "signatures": _rows_data(found.signatures),
        "courses": _differs_data(found.courses),
    }


def _answer(pack: Pack, item: AnswerDiffers) -> Compared:
    a, b = (_recorded(pack, item.question, side) for side in (item.a, item.b))
    known = pack.questions.get(item.question)
    return Compared(known.label if known else item.question, a, b)


def _recorded(pack: Pack, ident: str, side: Recorded) -> str:
    if side.unknown:
        return UNKNOWN
    return UNANSWERED if side.value is None else value_text(pack, ident, side.value)


def _named(pack: Pack, rows: Sequence[Differs]) -> list[Compared]:
    return [
        Compared(
            _name(pack, row.what), _value(pack, row.what, row.a), _value(pack, row.what, row.b)
        )
        for row in rows
    ]


def _name(pack: Pack, what: str) -> str:
    if what in pack.questions:
        return pack.questions[what].label
    if what in pack.consent:
        return pack.consent[what].title
    return _NAMES.get(what, what)


def _value(pack: Pack, what: str, value: Any) -> str:
    match value:
        case None:
            return "nothing"
        case True if what in pack.consent:
            return "discussed"
        case bool():
            return "yes" if value else "no"
        case dt.datetime():
            return f"{value.astimezone():%Y-%m-%d %H:%M}"
        case str() if what == "pathway" and value in pack.pathways:
            return pack.pathways[value].title
        case str() if what in ("standing", "state"):
            return value.replace("_", " ")
        case _:
            return str(value) or "nothing"


def _rows(sides: Sequence[Sequence[str]]) -> list[Compared]:
    return [
        *(Compared("", text, None) for text in sides[0]),
        *(Compared("", None, text) for text in sides[1]),
    ]


def _review(pack: Pack, row: Review) -> str:
    return f"{row.id} {review_text(pack, row)} (revision {row.revision}): {row.text}"


def _signature(row: Signature) -> str:
    return f"{signature_text(row)}, revision {row.revision}"


def _recorded_data(side: Recorded) -> dict[str, Any] | None:
    if side.unknown:
        return {"unknown": True}
    return None if side.value is None else {"value": plain_value(side.value)}


def _differs_data(rows: Sequence[Differs]) -> list[dict[str, Any]]:
    return [{"what": row.what, "a": _json(row.a), "b": _json(row.b)} for row in rows]


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else to_json(value)


def _rows_data(sides: tuple[Sequence[Any], Sequence[Any]]) -> dict[str, list[Any]]:
    only = [[_row_data(row) for row in side] for side in sides]
    return {"only_a": only[0], "only_b": only[1]}


def _row_data(row: Table) -> dict[str, Any]:
    return {key: value for key, value in to_builtins(plain(row)).items() if value is not None}
