"""One line of the list of saved cases, read without checking the whole file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from ketatui.cases.atomic import read_bytes_limited
from ketatui.cases.errors import CaseError
from ketatui.cases.reading import check_schema
from ketatui.cases.toml_text import LARGEST_FILE, decode, parse
from ketatui.criteria.models import Effect

_EFFECTS: tuple[str, ...] = get_args(Effect)


@dataclass(frozen=True)
class Entry:
    """A saved case as the list shows it, or a file that can not be read and why."""

    path: Path
    changed_at: dt.datetime
    """When the file was last changed, as the disk says."""
    id: str = ""
    label: str = ""
    diagnosis: str = ""
    """The choice code."""
    state: str = ""
    practice: bool = False
    pathway: str = ""
    """What was decided; empty where nothing is."""
    standing: str = ""
    verdict: str = ""
    """The saved verdict for the decided pathway, else for the best-ranked one."""
    worst_effect: str = ""
    """The worst effect among that pathway's findings."""
    worst_rule: str = ""
    """The rule that has it."""
    pack_version: str = ""
    saved_at: dt.datetime | None = None
    problem: str | None = None
    """Why the file can not be opened; None for one that looks like a case."""

    @property
    def when(self) -> dt.datetime:
        """The moment the list sorts by."""
        return self.saved_at or self.changed_at


def read_entry(path: Path, changed_at: dt.datetime) -> Entry:
    """Reads what the list shows of a file.

    Args:
        path: The file.
        changed_at: Its time on disk.

    Returns:
        The entry; one with a problem for a file that is no readable case.
    """
    try:
        text = decode(read_bytes_limited(path, LARGEST_FILE), path.name)
        data = parse(text, path.name)
        answers = data.get("answers")
        if not isinstance(answers, dict) and not ("schema" in data and "id" in data):
            return Entry(path, changed_at, problem="not a case: it has no answers")
        check_schema(text, data, path.name)
    except CaseError as error:
        return Entry(path, changed_at, problem=error.problems[0].said_of(path.name))
    saved_at = _inside(data, "record", "saved_at")
    pathway = _text(data, "decision", "pathway")
    verdict, effect, rule = _worst(data, pathway)
    return Entry(
        path,
        changed_at,
        id=_text(data, "id"),
        label=_text(data, "label"),
        diagnosis=_text(data, "answers", "indication", "diagnosis"),
        state=_text(data, "state") or "draft",
        practice=data.get("practice") is True,
        pathway=pathway,
        standing=_text(data, "decision", "standing"),
        verdict=verdict,
        worst_effect=effect,
        worst_rule=rule,
        pack_version=_text(data, "assessment", "pack", "version"),
        saved_at=saved_at if isinstance(saved_at, dt.datetime) and saved_at.tzinfo else None,
    )


def _inside(data: Any, *keys: str) -> Any:
    for key in keys:
        if not isinstance(data, dict):
            return None
        data = data.get(key)
    return data


def _text(data: Any, *keys: str) -> str:
    value = _inside(data, *keys)
    return value if isinstance(value, str) else ""


def _tables(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        yield from (row for row in value if isinstance(row, dict))


def _worst(data: dict[str, Any], decided: str) -> tuple[str, str, str]:
    """Verdict, worst effect and its rule, of the decided pathway, else of the best-ranked one."""
    pathways = list(_tables(_inside(data, "assessment", "pathways")))
    chosen = [row for row in pathways if decided and row.get("id") == decided]
    chosen = chosen or [row for row in pathways if row.get("rank") == 1]
    verdict = _text(chosen[0], "verdict") if chosen else ""
    findings = [
        (_EFFECTS.index(effect), _text(finding, "rule"))
        for row in chosen or pathways
        for finding in _tables(row.get("findings"))
        if (effect := _text(finding, "effect")) in _EFFECTS
    ]
    if not findings:
        return verdict, "", ""
    place, rule = min(findings, key=lambda found: found[0])
    return verdict, _EFFECTS[place], rule
