"""What differs between two versions of a case, told by the keys of its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from ketatui.cases.ages import assessed_on, days_of, given_on
from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.model import Case
from ketatui.cases.saved_assessment import in_short, visit_in_short
from ketatui.cases.toml_text import key_text
from ketatui.cases.writing import file_data

_OF_EACH_SAVE = ("saved_at", "saved_by", "parts")
"""What every save writes anew."""


def changes_between(
    old: Case, new: Case, pack: QuestionCatalog, *, taken: bool = False
) -> tuple[dict[str, Any], ...]:
    """List the differences, in the order of the file.

    The revisions themselves are left out, and so is who saved last and when: each revision
    says that of itself.

    Args:
        old: The case before.
        new: The case now.
        pack: The questions, for their order.
        taken: Whether the new one comes from a consultation, which knows the day of each answer.

    Returns:
        Tables ``{"what": "answers.vitals.systolic", "old": 152, "new": 128}``; a side that had
        no value is left out. Rows are counted from 0, as in ``medications[0].dose``; one that was
        added at the end is one change.
    """
    if taken and assessed_on(new) is not None:
        days = _days(old), given_on(new)
    else:
        days = old.dates, new.dates
    before, after = _followed(old, days[0], pack), _followed(new, days[1], pack)
    known = {f"dates.{key_text(ident)}" for ident in days[0]}
    # That an answer is of the day on which it came says nothing more.
    came = {f"dates.{key_text(ident)}" for ident in days[1]} - known
    return tuple(item for item in _tables("", before, after) if item["what"] not in came)


def compared(case: Case, pack: QuestionCatalog) -> dict[str, Any]:
    """Return the data of a case's file that its history follows.

    Args:
        case: The case.
        pack: The questions, for their order.

    Returns:
        All but the revisions and who saved last; the assessment as day, criteria and verdicts;
        each answer with its day, so that one that was taken again is a change, equal or not.
    """
    return _followed(case, _days(case), pack)


def _days(case: Case) -> dict[str, dt.date]:
    return case.dates if assessed_on(case) is None else days_of(case)


def _followed(case: Case, days: Mapping[str, dt.date], pack: QuestionCatalog) -> dict[str, Any]:
    data = file_data(case.replaced(dates=dict(days)), pack)
    data.pop("revisions", None)
    record = data.get("record", {})
    data["record"] = {key: value for key, value in record.items() if key not in _OF_EACH_SAVE}
    if isinstance(data.get("assessment"), Mapping):
        data["assessment"] = in_short(data["assessment"])
    for course in _rows_of(data, "courses"):
        # They say why a judgment would be another one, and no change of the case.
        course.pop("criteria", None)
        for visit in _rows_of(course, "visits"):
            if isinstance(visit.get("assessment"), Mapping):
                visit["assessment"] = visit_in_short(visit["assessment"])
    return data


def _rows_of(table: Mapping[str, Any], key: str) -> list[Any]:
    rows = table.get(key)
    return rows if isinstance(rows, list) and _are_rows(rows) else []


def _tables(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for key in [*new, *(key for key in old if key not in new)]:
        name = f"{path}.{key_text(key)}" if path else key_text(key)
        if key not in old:
            yield from _appeared(name, new[key], "new")
        elif key not in new:
            yield from _appeared(name, old[key], "old")
        else:
            yield from _values(name, old[key], new[key])


def _appeared(path: str, value: Any, side: str) -> Iterator[dict[str, Any]]:
    """Yield a change for each value of a table that came or went, so that both ways read alike."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _appeared(f"{path}.{key_text(key)}", item, side)
    else:
        yield {"what": path, side: value}


def _values(path: str, old: Any, new: Any) -> Iterator[dict[str, Any]]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _tables(path, old, new)
    elif _are_rows(old) and _are_rows(new) and len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from _tables(f"{path}[{index}]", before, after)
    elif _are_rows(old) and _are_rows(new) and _begins_with(new, old):
        for index in range(len(old), len(new)):
            yield {"what": f"{path}[{index}]", "new": new[index]}
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        yield {"what": path, "old": old, "new": new}


def _begins_with(rows: list[Any], first: list[Any]) -> bool:
    """Tell whether rows were only added: each is then a change of its own, none told twice."""
    if not 0 < len(first) < len(rows):
        return False
    pairs = zip(first, rows, strict=False)
    return not any(True for old, new in pairs for _ in _tables("", old, new))


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)
