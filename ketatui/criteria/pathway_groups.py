"""Groups of pathways: what is said of a group is said of each of its members.

Where a table says something of a group and of one of its members, what it says of the member
counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeVar

from ketatui.criteria.models import ConsentItem, PathwayGroup, Payer, Rule, SupportRow

if TYPE_CHECKING:
    # A screening starts without the course.
    from ketatui.criteria.models.course import CourseRule

Groups = Mapping[str, tuple[str, ...]]
"""Members by the id of each group."""

_Value = TypeVar("_Value")
_Item = TypeVar("_Item", Rule, "CourseRule", ConsentItem, Payer, SupportRow)


def members_of(groups: Iterable[PathwayGroup]) -> Groups:
    """Return the members of each group, by its id."""
    return {group.id: group.members for group in groups}


def spelled_out(said: Mapping[str, _Value], groups: Groups) -> dict[str, _Value]:
    """Return what is said of each pathway, in the order of the table, groups taken apart."""
    whole: dict[str, _Value] = {}
    for ident, value in said.items():
        for member in groups.get(ident, (ident,)):
            if member == ident or member not in said:
                whole[member] = value
    return whole


def elsewhere(
    rule: Rule | CourseRule, pathways: Collection[str], groups: Groups
) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield where a rule speaks of a pathway that there is not, and what to say of it.

    Args:
        rule: A rule with ``effects`` and ``on``, of a screening or of visits.
        pathways: The pathways there are.
        groups: Groups of them, which may stand for their members.
    """
    allowed = ", ".join([*pathways, *groups])
    for key in ("effects", "on"):
        named: Mapping[str, object] = getattr(rule, key)
        for name in named:
            if name not in pathways and name not in groups:
                yield (key, name), f"unknown pathway {name!r}; allowed: {allowed}"


def with_members(items: Mapping[str, _Item], groups: Groups) -> dict[str, _Item]:
    """Return tables of a pack by id, each group they name replaced by its members.

    Args:
        items: Rules, consent items, payers or support rows.
        groups: Members by group; what is no group stays as it is.
    """
    return {ident: _spelled_out(item, groups) for ident, item in items.items()}


def _spelled_out(item: _Item, groups: Groups) -> _Item:
    changed = {}
    for name in ("effects", "on", "pathways"):
        said = getattr(item, name, None)
        if said and not groups.keys().isdisjoint(said):
            whole = spelled_out(dict.fromkeys(said) if name == "pathways" else said, groups)
            changed[name] = tuple(whole) if name == "pathways" else whole
    return item.replaced(**changed) if changed else item
