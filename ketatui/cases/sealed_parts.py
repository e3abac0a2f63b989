"""A digest for each part of a case, so that a change of the file can be told where it is.

The seal of a revision is one digest over everything, and says only that something is different.
These say what. They are short: they locate a change, and prove nothing beside the seal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.digest import content_digest
from ketatui.cases.model import Case, SealedParts
from ketatui.cases.toml_text import key_text
from ketatui.cases.writing import file_data

_LENGTH = 8
"""Hexadecimal digits of each digest."""
_ONE = re.compile(rf"(.+?) ([0-9a-f]{{{_LENGTH}}})(?:; |$)")
_NOT_PARTS = ("schema", "revisions")
"""The version of the file is not content, and each revision has a digest of its own."""
_DEPTH = {"assessment": 2}
"""Where tables are taken as wholes from this depth on; elsewhere each value is a part."""


def sealed_parts(case: Case, number: int, pack: QuestionCatalog) -> SealedParts:
    """Digest each part of a case.

    Args:
        case: The case as it is to be saved.
        number: The revision that seals it.
        pack: The questions, for their order.

    Returns:
        A digest for each part, by its path in the file.
    """
    said = "; ".join(f"{path} {digest}" for path, digest in _digests(case, pack).items())
    return SealedParts(revision=number, digests=said)


def altered_parts(case: Case, pack: QuestionCatalog) -> tuple[str, ...] | None:
    """Tell which parts of a case are not what was sealed last.

    Args:
        case: A case as read.
        pack: The questions.

    Returns:
        Their paths in the file, such as ``answers.vitals.systolic``, those that were added or
        removed included; None where the file keeps no digests of the parts of its last revision.
    """
    kept = case.record.parts
    if kept is None or not case.revisions or kept.revision != case.revisions[-1].number:
        return None
    now, then = _digests(case, pack), dict(_ONE.findall(kept.digests))
    return tuple(path for path in {**now, **then} if now.get(path) != then.get(path))


def contradicted_parts(case: Case, pack: QuestionCatalog) -> tuple[str, ...]:
    """Tell which parts are not what the history says they last became.

    Args:
        case: A case as read, of a file that keeps no digests of its parts.
        pack: The questions.

    Returns:
        Paths of what some revision recorded as new and which is something else now. What was
        never changed since the first save cannot be told this way.
    """
    last: dict[str, Any] = {}
    for revision in case.revisions:
        for change in revision.changes:
            if isinstance(change.get("what"), str):
                last[change["what"]] = change.get("new")
    data = file_data(case, pack)
    return tuple(
        path
        for path, value in last.items()
        # Of the assessment the history keeps a shorter form, and of days those too that the file
        # leaves to the assessment; rows may have moved since.
        if not path.startswith(("assessment.", "dates."))
        and "[" not in path
        and not isinstance(value, list | tuple)
        and _digest(_at(data, path)) != _digest(value)
    )


def _digests(case: Case, pack: QuestionCatalog) -> dict[str, str]:
    data = file_data(case.replaced(record=case.record.replaced(parts=None)), pack)
    data["unknown"] = sorted(case.unknown)
    found = {}
    for key, value in data.items():
        if key not in _NOT_PARTS:
            for path, part in _parts(key_text(key), value, _DEPTH.get(key, 50), 1):
                found[path] = _digest(part)
    return found


def _parts(path: str, value: Any, deepest: int, depth: int) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value and depth < deepest:
        for key, inside in value.items():
            yield from _parts(f"{path}.{key_text(key)}", inside, deepest, depth + 1)
    elif _are_rows(value):
        yield from ((f"{path}[{index}]", row) for index, row in enumerate(value))
    else:
        yield path, value


def _are_rows(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and bool(value)
        and all(isinstance(row, Mapping) for row in value)
    )


def _digest(value: Any) -> str:
    return content_digest({"": value}).removeprefix("sha256:")[:_LENGTH]


def _at(data: Mapping[str, Any], path: str) -> Any:
    """Follow a path of plain keys; None where it leads nowhere."""
    here: Any = data
    for quoted, bare in re.findall(r'"([^"]*)"|([^."]+)', path):
        here = here.get(quoted or bare) if isinstance(here, Mapping) else None
    return here
