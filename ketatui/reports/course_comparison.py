"""Two packs' courses of treatment side against side, and visits under both: text and JSON data."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ketatui.course.comparison import VisitUnderBoth
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.pack_changes import PackChange, PartChange
from ketatui.reports.course_words import dose_text
from ketatui.reports.reassessment import difference_lines
from ketatui.reports.summary import WIDTH, wrapped
from ketatui.reports.visits_again import visit_difference_data

SCHEMA = 1
"""Version of the JSON form."""
_LONG = 60
"""Characters up to which a part is written out, before and after."""
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_HAPPENED = {"added": "only in the second", "removed": "only in the first", "changed": ""}


def pack_name(knowledge: CourseKnowledge) -> str:
    """Call the criteria of visits as people do: the pack, its course, the local policy."""
    screening, course = knowledge.screening.pack, knowledge.pack.info
    policy = f" with local policy “{screening.policy.title}”" if screening.policy else ""
    return f"{screening.info.id} {screening.info.version}, course {course.version}{policy}"


def change_lines(changes: Sequence[PackChange], width: int = WIDTH) -> Iterator[str]:
    """Write what two packs say otherwise.

    Args:
        changes: What differs.
        width: Columns available.

    Yields:
        An item a line, and below it each part that differs.
    """
    if not changes:
        yield "The criteria of visits say the same."
    for item in changes:
        title = f" ({item.title})" if item.title else ""
        happened = f": {_HAPPENED[item.change]}" if _HAPPENED[item.change] else ""
        said = f"{item.kind} {item.id}{title}{happened}"
        yield from wrapped(said, f"{_SIGNS[item.change]} ", "  ", width=width)
        for part in item.parts:
            yield from wrapped(_part_words(part), "    ", "      ", width=width)


def _part_words(item: PartChange) -> str:
    before, after = (_value(value) for value in (item.before, item.after))
    if len(before) > _LONG or len(after) > _LONG:
        return f"{item.part}: worded differently"
    return f"{item.part}: {before} -> {after}"


def _value(value: Any) -> str:
    if value in (None, "", [], {}):
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def comparison_lines(
    knowledge: CourseKnowledge, visits: Sequence[VisitUnderBoth], width: int
) -> Iterator[str]:
    """Write the visits of a case that come out otherwise, each with the rules behind it.

    Args:
        knowledge: The second pack's course.
        visits: Every visit, judged under both.
        width: Columns available.
    """
    for item in visits:
        if item.difference.same:
            continue
        visit = item.visit
        said = f"Visit {visit.number} of {visit.date} ({item.course.id}), {dose_text(visit)}"
        yield from wrapped(said, "", "  ", width=width)
        pack = knowledge.pathways[item.course.pathway].pack
        for text in difference_lines(pack, item.difference, only_changed=True, width=width - 2):
            yield f"  {text}"


def packs_data(
    before: CourseKnowledge, after: CourseKnowledge, changes: Sequence[PackChange]
) -> dict[str, Any]:
    """Return two packs and what differs between them as JSON data."""
    return {
        "schema": SCHEMA,
        "from": _pack_data(before),
        "to": _pack_data(after),
        "changes": [
            {
                "kind": item.kind,
                "id": item.id,
                "change": item.change,
                "parts": [
                    {"part": part.part, "from": _plain(part.before), "to": _plain(part.after)}
                    for part in item.parts
                ],
            }
            for item in changes
        ],
    }


def _pack_data(knowledge: CourseKnowledge) -> dict[str, Any]:
    policy = knowledge.screening.pack.policy
    return {
        "id": knowledge.screening.pack.info.id,
        "version": knowledge.pack.info.version,
        "digest": knowledge.pack.digest,
        "policy": policy.title if policy else None,
    }


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: a number exact to the digit, as text."""
    return json.loads(json.dumps(value, default=str))


def comparison_data(case: str, path: str, visits: Sequence[VisitUnderBoth]) -> dict[str, Any]:
    """Return the visits of a case that come out otherwise as JSON data.

    Args:
        case: What the case is called.
        path: Its file.
        visits: Every visit, judged under both.
    """
    differ = [item for item in visits if not item.difference.same]
    return {
        "schema": SCHEMA,
        "case": case,
        "path": path,
        "judged": len(visits),
        "changed": any(item.difference.verdict_changed for item in differ),
        "visits": [
            visit_difference_data(item.course, item.visit, item.difference) for item in differ
        ],
    }
