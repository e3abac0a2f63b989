"""What two packs say otherwise about the course of treatment, item by item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct, to_builtins

from ketatui.course.knowledge import CourseKnowledge
from ketatui.criteria.course import CoursePack
from ketatui.engine.fingerprints import roots_of
from ketatui.structs import Frozen

Kind = Literal[
    "decision",
    "rule",
    "threshold",
    "question",
    "fact",
    "instrument",
    "phase",
    "clock",
    "watch",
    "schedule",
    "basis",
    "form",
    "check",
    "contradiction",
    "worksheet",
    "page",
]


class PartChange(Frozen, frozen=True):
    """One part of an item that differs.

    Attributes:
        part: Its key in the pack's file; of a table of keys the inner one: ``effects.iv``.
        before: What the first pack has; None where it has nothing.
        after: What the second has.
    """

    part: str
    before: Any
    after: Any


class PackChange(Frozen, frozen=True):
    """One item that differs between two packs.

    Attributes:
        kind: What it is.
        id: Its id; what is without one, such as the days when something is due, has its key.
        title: What it is called, in the second pack if it is there.
        change: Whether it is only in the second, only in the first, or differs.
        parts: What differs in an item that both have.
    """

    kind: Kind
    id: str
    title: str
    change: Literal["added", "removed", "changed"]
    parts: tuple[PartChange, ...] = ()


def pack_changes(before: CourseKnowledge, after: CourseKnowledge) -> tuple[PackChange, ...]:
    """Find what differs between two packs' courses of treatment.

    Args:
        before: The first, compiled, with its local policy.
        after: The second.

    Returns:
        Every item that differs, rules and thresholds first; of the thresholds that the screening
        has too, those that a rule of a visit reads.
    """
    found: list[PackChange] = []
    earlier, later = _items(before), _items(after)
    for kind in later:
        known, now = earlier[kind], later[kind]
        for ident in dict.fromkeys((*now, *known)):
            change = _compared(kind, ident, known.get(ident), now.get(ident))
            if change is not None:
                found.append(change)
    return tuple(found)


def _items(knowledge: CourseKnowledge) -> dict[Kind, Mapping[str, Struct]]:
    pack = knowledge.pack
    schedule, sheet, page = pack.schedule, pack.worksheet, pack.going_home
    return {
        "rule": pack.rules,
        "threshold": {name: pack.thresholds[name] for name in _read_thresholds(knowledge)},
        "decision": pack.decisions,
        "question": pack.questions,
        "fact": pack.derived,
        "contradiction": {item.id: item for item in pack.info.contradictions},
        "instrument": pack.instruments,
        "phase": {item.id: item for item in schedule.phases},
        "clock": {"-".join(item.pathways): item for item in schedule.clocks},
        "watch": {item.id: item for item in schedule.watch},
        "schedule": {
            "due": schedule.due,
            "benefit": schedule.benefit,
            **{f"marks-{part}": item for part, item in schedule.marks.items()},
        },
        "basis": pack.bases,
        "form": {item.id: item for item in schedule.forms},
        "check": {item.id: item for item in schedule.checks},
        "worksheet": {item.id: item for item in sheet.fields} if sheet else {},
        "page": {
            **{item.id: item for item in (page.sections if page else ())},
            **{item.id: item for item in (page.lines if page else ())},
        },
    }


def _read_thresholds(knowledge: CourseKnowledge) -> list[str]:
    pack: CoursePack = knowledge.pack
    read = set(pack.own_thresholds)
    for compiled in knowledge.pathways.values():
        for behind in roots_of(compiled).rules.values():
            read |= behind.thresholds
    return [name for name in pack.thresholds if name in read]


def _compared(
    kind: Kind, ident: str, known: Struct | None, now: Struct | None
) -> PackChange | None:
    if known == now:
        return None
    title = str(getattr(now or known, "title", "") or getattr(now or known, "label", ""))
    if known is None or now is None:
        return PackChange(kind, ident, title, "removed" if now is None else "added")
    parts = tuple(_parts(_plain(known), _plain(now)))
    return PackChange(kind, ident, title, "changed", parts) if parts else None


def _plain(item: Struct) -> dict[str, Any]:
    found: dict[str, Any] = to_builtins(item, builtin_types=(Decimal,), str_keys=True)
    return found


def _parts(
    known: Mapping[str, Any], now: Mapping[str, Any], inside: str = ""
) -> Iterator[PartChange]:
    for key in dict.fromkeys((*now, *known)):
        before, after = known.get(key), now.get(key)
        if before == after:
            continue
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _parts(before, after, f"{inside}{key}.")
        else:
            yield PartChange(f"{inside}{key}", before, after)
