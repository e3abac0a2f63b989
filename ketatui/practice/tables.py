"""Reading the tables of practice files; what is wrong is said with file, line and id."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from ketatui.cases.answers import ROWS
from ketatui.cases.atomic import read_bytes_limited
from ketatui.cases.errors import CaseError, Problem, shown
from ketatui.cases.model import Case
from ketatui.cases.reading import read_case
from ketatui.cases.toml_text import LARGEST_FILE, decode, parse
from ketatui.criteria.pack import Pack
from ketatui.printable import printable
from ketatui.toml_lines import locate
from ketatui.toml_structs import FaultyTableError, Table, read_table

FOLDER = "practice"
"""Of a pack: its practice cases, and two files about all of them."""
ANSWERING = ("answers", "unknown", "scale_items", "tables", *ROWS)
"""What a practice case shares with a case file, and is read as there."""
_Model = TypeVar("_Model", bound=Table)


def practice_folder(pack: Pack) -> Path:
    """Return the folder of a pack's practice cases."""
    return pack.folder / FOLDER


def read_answers(text: str, answering: Mapping[str, Any], path: str, pack: Pack) -> Case:
    """Read what a practice case shares with a case file, with the lines of the whole text.

    Raises:
        CaseError: With every problem of it.
    """
    if "answers" not in answering:
        message = "a practice case needs its right answers; allowed: tables like [answers.patient]"
        raise CaseError(path, [Problem(None, "answers", message)])
    case = read_case(text, path=path, pack=pack, parsed=dict(answering))
    fields = ("unknown", "answers", "scale_items", "trials", "medications", "tables")
    return Case(practice=True, **{name: getattr(case, name) for name in fields})


def load_table(path: Path, model: type[_Model]) -> _Model:
    """Read one file of a single model.

    Raises:
        CaseError: With every problem of the file.
    """
    text = decode(read_bytes_limited(path, LARGEST_FILE), str(path))
    problems: list[Problem] = []
    found = validated(parse(text, str(path)), model, text, problems)
    if problems or found is None:
        raise CaseError(str(path), problems)
    return found


def validated(
    data: Mapping[str, Any], model: type[_Model], text: str, problems: list[Problem]
) -> _Model | None:
    """Read a table; None where it is faulty, its faults added to the problems."""
    try:
        return read_table(data, model)
    except FaultyTableError as error:
        for fault in error.faults:
            line, where = locate(text, fault.place), _called(fault.place, data)
            problems.append(Problem(line, where, fault.said(shown)))
        return None


def _called(place: tuple[str | int, ...], data: Mapping[str, Any]) -> str:
    """Name a place by the ids on the way to it: ``plans refer text``."""
    parts: list[str] = []
    here: Any = data
    for key in place:
        try:
            here = here[key]
        except (KeyError, IndexError, TypeError):
            here = None
        if not isinstance(key, int):
            parts.append(str(key))
        elif isinstance(here, dict) and isinstance(here.get("id"), str):
            parts.append(here["id"])
        else:
            parts.append(str(key + 1))
    return printable(" ".join(parts))
