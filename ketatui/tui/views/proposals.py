"""What a record proposes, as a page: by section, each with its date, age and source."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ketatui.cases.model import Case
from ketatui.consultation.confirming import PROPOSALS
from ketatui.consultation.words import value_text
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import AGE, MEDICATIONS
from ketatui.tui.views.lines import Line, safe
from ketatui.tui.views.pages import Row, Section, pair, remark, said

if TYPE_CHECKING:
    from ketatui.records import Left, Proposal, Proposals

NOT_USED = "not_used"
_YEAR = 365
_YEARS = 2
"""From so many on an age is told in years."""
ALL = "all:"
"""What the key of the line for a whole section begins with."""


def key_of(number: int) -> str:
    """Return the key of a proposal's row, by its place."""
    return f"proposal:{number}"


def number_of(key: str) -> int | None:
    """Return the place of the proposal that a row shows; None for any other row."""
    start, _, number = key.partition(":")
    return int(number) if start == "proposal" and number.isdigit() else None


def section_of(pack: Pack, item: Proposal) -> str:
    """Return the section of the consultation that a proposal belongs to."""
    return next(
        section.id
        for section in pack.sections
        if any(question.id == item.question for question in pack.by_section[section.id])
    )


def proposal_sections(
    pack: Pack, case: Case, found: Proposals, why_not: Sequence[str], on: dt.date, width: int
) -> list[Section]:
    """Return the page.

    Args:
        pack: The criteria.
        case: The case, which says what was confirmed and by whom.
        found: What the record proposes, and what in it proposes nothing.
        why_not: Of each proposal, why it cannot be confirmed now; empty if it can.
        on: The day that ages are counted to.
        width: Cells available.
    """
    rows: dict[str, list[Row]] = {section.id: [] for section in pack.sections}
    left = Counter[str]()
    whole = Counter[str]()
    for number, item in enumerate(found.proposed):
        section = section_of(pack, item)
        by = _confirmed_by(case, item)
        rows[section].append(_row(pack, found, number, by, why_not[number], on, width))
        left[section] += not (by or why_not[number])
        whole[section] += not (by or why_not[number] or item.old)
    sections = [
        Section(
            item.id,
            item.title,
            (*_whole(item.id, whole[item.id], width), *rows[item.id]),
            _count(left[item.id]),
        )
        for item in pack.sections
        if rows[item.id]
    ]
    if not sections:
        text = "The record proposes nothing." if found.patient else "No record was read."
        nothing = remark("nothing", text, width, "text")
        sections = [Section("nothing", "Proposed", (nothing,))]
    rest = tuple(_not_used(found, width))
    return [*sections, Section(NOT_USED, "Not used", rest)] if rest else sections


def _whole(section: str, left: int, width: int) -> Iterator[Row]:
    """Yield the line that stands for all of a section, where several wait in it."""
    if left > 1:
        yield remark(f"{ALL}{section}", f"y confirms all {left} of this section", width, "info")


def _count(left: int) -> tuple[str, str]:
    return (str(left), "strong") if left else ("✓", "muted")


def _confirmed_by(case: Case, item: Proposal) -> str:
    """Return who confirmed a proposal, where its value is in the case; empty for nobody."""
    rows = case.extra.get(PROPOSALS)
    resource = "Patient" if item.resource.startswith("Patient/") else item.resource
    wanted = (item.question, resource, item.code)
    for row in rows if isinstance(rows, list) else ():
        same = tuple(row.get(key) for key in ("question", "resource", "code")) == wanted
        if same and row.get("confirmed_by"):
            return str(row["confirmed_by"])
    return ""


def _row(
    pack: Pack, found: Proposals, number: int, by: str, why_not: str, on: dt.date, width: int
) -> Row:
    item = found.proposed[number]
    value = value_text(pack, item.question, item.value)
    label, lead = pack.questions[item.question].label, f"{value}, "
    if item.question == MEDICATIONS:
        # Of a list each row is told apart by its name, not by what is asked.
        label, lead = safe(value), ""
    if by:
        text, role = f"✓ {lead}confirmed by {by}", "good"
    elif why_not:
        text, role = f"– {lead}{_when(item, on)}: {why_not}", "muted"
    elif item.old:
        text, role = f"? {lead}old: {_when(item, on)}", "caution"
    else:
        text, role = f"? {lead}{_when(item, on)}", "strong"
    detail = tuple(_detail(item, found.names.get(item.resource, ""), width))
    return pair(key_of(number), label, text, width, role=role, detail=detail)


def _when(item: Proposal, on: dt.date) -> str:
    if item.date is None:
        return "today, by the birth date" if item.question == AGE else "undated"
    day = dt.date.fromisoformat(item.date[:10])
    days = (on - day).days
    if days >= _YEARS * _YEAR:
        return f"{day}, {days // _YEAR} years old"
    return f"{day}, {'today' if days == 0 else '1 day old' if days == 1 else f'{days} days old'}"


def _detail(item: Proposal, name: str, width: int) -> Iterator[Line]:
    if name and item.question != MEDICATIONS:
        yield from said(name, width, first="In the record: ")
    yield from said(item.resource, width, first="Source: ")
    if item.also:
        yield from said(", ".join(item.also), width, first="With: ")
    yield from said(item.code or "none", width, first="Code: ")
    yield from said(item.date or "the record gives none", width, first="Date: ")
    if item.items:
        scores = ", ".join(f"{name} {score}" for name, score in item.items.items())
        yield from said(scores, width, first="Items: ")
    if item.question == MEDICATIONS:
        known = item.recognized or "no; it stays open until it is settled in the list"
        yield from said(known, width, first="Recognized as: ")


def _not_used(found: Proposals, width: int) -> Iterator[Row]:
    for number, left in enumerate(found.left()):
        head = remark(f"not:{number}", safe(f"{left.title}: {left.because}"), width)
        yield Row(head.key, head.head, tuple(_left(left, width)))
    if found.spare:
        yield remark("not:spare", found.spare_text, width)


def _left(left: Left, width: int) -> Iterator[Line]:
    more = f" and {left.count - 1:,} more" if left.count > 1 else ""
    yield from said(f"{left.first}{more}", width, first="Source: ")
    if left.names:
        yield from said("; ".join(left.names), width, first="In the record: ")
