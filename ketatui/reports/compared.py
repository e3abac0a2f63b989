"""Two cases, or two revisions of one, as plain text and as data: only what differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from ketatui.cases.comparing import AnswerDiffers, CaseDifference, Differs, Recorded
from ketatui.cases.json_form import to_json
from ketatui.cases.model import Review, Signature
from ketatui.consultation.review_words import review_text, signature_text
from ketatui.consultation.words import UNANSWERED, UNKNOWN, value_text
from ketatui.criteria.pack import Pack
from ketatui.engine.assessment import plain as plain_value
from ketatui.reports.record import trial_text
from ketatui.reports.summary import WIDTH, wrapped

_NAMES = {
    "ended_at": "ended",
    "copy_given": "copy given",
    "by": "by",
    "at": "decided",
}


def recorded_lines(pack: Pack, found: CaseDifference, width: int = WIDTH) -> Iterator[str]:
    """Write what two cases record otherwise.

    Args:
        pack: The criteria, for the words of questions.
        found: What differs.
        width: Columns available.

    Yields:
        Lines under a heading for each part that differs.
    """
    parts: tuple[tuple[str, list[str]], ...] = (
        ("Case", _lines(pack, found.head, width)),
        ("Answers", [line for item in found.answers for line in _answer(pack, item, width)]),
        ("Items of scales", _lines(pack, found.scales, width)),
        ("Notes", _lines(pack, found.notes, width)),
        (
            "Antidepressant trials",
            _rows([[trial_text(pack, row) for row in side] for side in found.trials], width),
        ),
        (
            "Medicines",
            _rows(
                [
                    [", ".join(filter(None, (row.name, row.dose))) for row in side]
                    for side in found.medications
                ],
                width,
            ),
        ),
        ("Consent", _lines(pack, found.consent, width)),
        ("Decision", _lines(pack, found.decision, width)),
        (
            "Reviews",
            _rows([[_review(pack, row) for row in side] for side in found.reviews], width),
        ),
        (
            "Signatures",
            _rows([[_signature(row) for row in side] for side in found.signatures], width),
        ),
    )
    for title, lines in parts:
        if lines:
            yield ""
            yield title
            yield from lines


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
    }


def _answer(pack: Pack, item: AnswerDiffers, width: int) -> list[str]:
    label = pack.questions[item.question].label
    a, b = (_recorded(pack, item.question, side) for side in (item.a, item.b))
    return wrapped(f"{label}: {a} -> {b}", width, "  ", "    ")


def _recorded(pack: Pack, ident: str, side: Recorded) -> str:
    if side.unknown:
        return UNKNOWN
    return UNANSWERED if side.value is None else value_text(pack, ident, side.value)


def _lines(pack: Pack, rows: Sequence[Differs], width: int) -> list[str]:
    return [
        line
        for row in rows
        for line in wrapped(
            f"{_name(pack, row.what)}: {_value(pack, row.what, row.a)} -> "
            f"{_value(pack, row.what, row.b)}",
            width,
            "  ",
            "    ",
        )
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


def _rows(sides: Sequence[Sequence[str]], width: int) -> list[str]:
    return [
        line
        for mark, side in zip("-+", sides, strict=True)
        for text in side
        for line in wrapped(text, width, f"  {mark} ", "    ")
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
    return value.isoformat() if isinstance(value, dt.datetime) else to_json(value)


def _rows_data(sides: tuple[Sequence[Any], Sequence[Any]]) -> dict[str, list[Any]]:
    only = [[row.model_dump(mode="json", exclude_none=True) for row in side] for side in sides]
    return {"only_a": only[0], "only_b": only[1]}
