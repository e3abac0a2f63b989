"""Older revisions of a case, worked out backwards from the changes each save recorded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import tomli

from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.changes import compared
from ketatui.cases.errors import CaseError, Problem, shown
from ketatui.cases.lenient import day_of
from ketatui.cases.model import Case, Revision
from ketatui.cases.reading import read_as_saved, read_case
from ketatui.cases.toml_text import render
from ketatui.cases.writing import file_data

_PART = re.compile(r'(?:^|\.)([A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|\'[^\']*\')|\[(\d+)\]')
_NOTHING = object()


def revision_of(
    case: Case, number: int, pack: QuestionCatalog, path: str, *, as_saved: bool = False
) -> Case:
    """Work out a case as it stood at one of its revisions.

    Of the assessment the history keeps day, criteria, headline and verdicts; its reasons are
    not part of an older revision.

    Args:
        case: The case as it stands in its file.
        number: Which revision.
        pack: The questions that exist.
        path: How to call the file in an error.
        as_saved: Whether what the criteria at hand do not know is kept as it stands.

    Returns:
        The case then, with its history up to that revision.

    Raises:
        CaseError: There is no such revision, or the changes recorded since do not lead back to
            it.
    """
    numbers = [item.number for item in case.revisions]
    if number not in numbers:
        known = ", ".join(map(str, numbers)) or "none"
        _refuse(path, f"there is no revision {number}; there are: {known}")
    place = numbers.index(number)
    if place == len(numbers) - 1:
        return case
    # What is undone here must not reach the tables of the case itself.
    data = deepcopy(compared(case, pack))
    for later in reversed(case.revisions[place + 1 :]):
        for change in reversed(later.changes):
            problem = _undone(data, change)
            if problem:
                where = f"revision {number} cannot be reconstructed"
                _refuse(path, f"{where}: revision {later.number} says {problem}")
    return _as_case(data, case, case.revisions[: place + 1], pack, path, as_saved)


def _refuse(path: str, message: str) -> None:
    raise CaseError(path, [Problem(None, "", message)])


def _as_case(
    data: dict[str, Any],
    case: Case,
    history: tuple[Revision, ...],
    pack: QuestionCatalog,
    path: str,
    as_saved: bool,
) -> Case:
    _drop_later_days(data)
    own = file_data(case.replaced(revisions=history), pack)
    saved = {"saved_at": history[-1].at, "saved_by": history[-1].by}
    data["record"] = {**data.get("record", {}), **saved}
    data["revisions"] = own["revisions"]
    try:
        text = render(data)
        if as_saved:
            return read_as_saved(text, path=path, pack=pack).case
        return read_case(text, path=path, pack=pack)
    except CaseError as error:
        first = error.problems[0].said_of("it")
        message = f"revision {history[-1].number} does not fit these criteria: {first}"
        raise CaseError(path, [Problem(None, "", message)]) from None


def _drop_later_days(data: dict[str, Any]) -> None:
    """Leave out days that answers have only had since."""
    on = day_of(data.get("assessment", {}).get("on"))
    there = set(data.get("unknown", ())) | data.keys() | set(data.get("scale_items", {}))
    kept = {
        name: day
        for name, day in data.get("dates", {}).items()
        if (on is None or day < on)
        and (name in there or _down(data, ["answers", *name.split(".")], make=False) is not None)
    }
    data.pop("dates", None)
    if kept:
        data["dates"] = kept


def _undone(data: dict[str, Any], change: Mapping[str, Any]) -> str:
    """Undo one change in place; say what does not fit, if anything."""
    what = change.get("what")
    parts = _parts(what) if isinstance(what, str) else []
    if not parts:
        return f"that {shown(what)} changed, which names nothing"
    if parts[0] == "dates":
        # The day of the assessment stands for the days that are not written down.
        days = data.setdefault("dates", {})
        days.pop(parts[-1], None)
        days.update({parts[-1]: change["old"]} if "old" in change else {})
        return ""
    found = _down(data, parts, make="new" not in change)
    if found is None:
        return f"that {what} changed, which is not there"
    inside, last = found
    present = _at(inside, last)
    expected = change.get("new", _NOTHING)
    if not _equal(present, expected):
        said = "nothing" if expected is _NOTHING else shown(expected)
        holds = "nothing" if present is _NOTHING else shown(present)
        return f"that {what} became {said}, but it is {holds}"
    if "old" in change:
        inside[last] = deepcopy(change["old"])
    else:
        del inside[last]
        _prune(data, parts[:-1])
    return ""


def _parts(path: str) -> list[str | int]:
    """Split ``notes."vitals.systolic"`` or ``medications[0].dose`` into keys and indexes."""
    parts: list[str | int] = []
    end = 0
    for found in _PART.finditer(path):
        if found.start() != end:
            return []
        end = found.end()
        key, index = found.groups()
        if index is not None:
            parts.append(int(index))
        elif key[0] in "\"'":
            try:
                parts += tomli.loads(f"{key} = 0")
            except tomli.TOMLDecodeError:
                return []
        else:
            parts.append(key)
    return parts if end == len(path) else []


def _down(data: Any, parts: list[str | int], *, make: bool) -> tuple[Any, Any] | None:
    """Find the table or list that the last part is in; tables that went are made again."""
    for part in parts[:-1]:
        inside = _at(data, part)
        if inside is _NOTHING and make and isinstance(data, dict) and isinstance(part, str):
            inside = data[part] = {}
        if not isinstance(inside, dict | list):
            return None
        data = inside
    last = parts[-1]
    fits = isinstance(data, dict) if isinstance(last, str) else isinstance(data, list)
    return (data, last) if fits else None


def _at(inside: Any, part: str | int) -> Any:
    if isinstance(inside, dict) and isinstance(part, str):
        return inside.get(part, _NOTHING)
    if isinstance(inside, list) and isinstance(part, int) and part < len(inside):
        return inside[part]
    return _NOTHING


def _equal(one: Any, other: Any) -> bool:
    both = (one, other)
    if all(isinstance(side, list) and all(isinstance(x, str) for x in side) for side in both):
        # The list of unknown questions stands in the order of the criteria, which may change.
        return sorted(one) == sorted(other)
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _prune(data: dict[str, Any], parts: list[str | int]) -> None:
    """Take away the tables that undoing left empty; a row stays, an empty one is a row too."""
    while parts and isinstance(parts[-1], str):
        found = _down(data, parts, make=False)
        if found is None or found[0].get(found[1]) != {}:
            return
        del found[0][found[1]]
        parts = parts[:-1]
