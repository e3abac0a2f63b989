"""Files of a pack beside its criteria, read when they are wanted.

They are no part of the digest, for they decide nothing about a patient.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError, Problem
from ketatui.criteria.reader import Reader
from ketatui.toml_lines import locate
from ketatui.toml_structs import Table

_Model = TypeVar("_Model", bound=Table)
Fault = tuple[tuple[str | int, ...], str, str]
"""Where in the file something is wrong, its id, and what is wrong with it."""


def has_file(pack: Pack, name: str) -> bool:
    """Tell whether a pack has a file."""
    return (pack.folder / name).exists()


def load_file(
    pack: Pack,
    name: str,
    model: type[_Model],
    faults: Callable[[Pack, _Model], Iterable[Fault]],
    absent: str,
) -> _Model:
    """Read a file, and check it against the criteria.

    Args:
        pack: The pack.
        name: Of the file in its folder.
        model: What it holds.
        faults: Finds what is wrong with it.
        absent: What to say where there is no such file.

    Raises:
        PackError: There is no such file, or it cannot be used; says every problem.
    """
    if not has_file(pack, name):
        raise PackError((Problem(name, None, pack.info.id, absent),))
    reader = Reader(pack.folder)
    file = reader.one(name, model)
    if file is None:
        raise PackError(tuple(reader.problems))
    text = reader.texts[name]
    problems = tuple(
        Problem(name, locate(text, place), where, message)
        for place, where, message in faults(pack, file)
    )
    if problems:
        raise PackError(problems)
    return file


def check_file(pack: Pack, name: str, load: Callable[[Pack], object]) -> tuple[Problem, ...]:
    """Find everything that is wrong with a file; nothing where a pack has none.

    Args:
        pack: The pack.
        name: Of the file in its folder.
        load: Reads it, or raises PackError.
    """
    if not has_file(pack, name):
        return ()
    try:
        load(pack)
    except PackError as error:
        return tuple(error.problems)
    return ()
