"""Two cases, or two revisions of one, side by side: only what differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from ketatui.cases.case_diff import CaseDifference, differences
from ketatui.cases.integrity import CaseReading, integrity_lines
from ketatui.cases.model import Case
from ketatui.cases.saved_assessment import read_assessment
from ketatui.engine import Knowledge
from ketatui.engine.difference import Difference
from ketatui.reports.case_diff import Compared, assessed, recorded_parts
from ketatui.reports.changes_since import Since
from ketatui.reports.reassessment import head_line
from ketatui.structs import Frozen
from ketatui.tui.views.case_history import moment
from ketatui.tui.views.lines import EMPTY, Line, line, pad, safe, wrap
from ketatui.tui.views.pages import MARK, Row, Section, pair, remark
from ketatui.tui.views.reassessment import change_rows, pathway_rows

_WIDE = 80
"""Cells from which both sides stand beside each other."""
_NAME = 42
"""Most cells for what differs."""
NOTHING = "Nothing differs."
_AT_HAND = (
    "Not all reasons of then were kept. So both were assessed under {now}, for today; neither "
    "is what was saved."
)


class Side(Frozen, frozen=True):
    """One of the two.

    Attributes:
        name: The case's id, or its file where it has none.
        label: What the clinician calls it.
        revision: Which revision, when and by whom; empty for a case never saved by the program.
        number: Its number; 0 without one.
        warnings: What keeps its content from standing as it is.
        known_here: Whether the criteria at hand know all of it.
    """

    case: Case
    name: str
    label: str
    revision: str
    number: int
    warnings: tuple[str, ...] = ()
    known_here: bool = True

    @classmethod
    def of(cls, reading: CaseReading, path: Path, newest: int) -> Side:
        """Describe a case.

        Args:
            reading: The case as read, or an older revision of it.
            path: Its file.
            newest: How many revisions the file has.
        """
        case, revision, number = reading.case, "", 0
        if case.revisions:
            last = case.revisions[-1]
            number = last.number
            by = f" by {last.by}" if last.by else ""
            revision = f"revision {number} of {newest}, {moment(last.at)}{by}"
        warnings, known = integrity_lines(reading), not reading.unknown_here
        name = safe(case.id or path.name)
        return cls(case, name, safe(case.label), safe(revision), number, warnings, known)

    @property
    def called(self) -> str:
        """Its label, and the id behind it."""
        return "; ".join(part for part in (self.label, self.name) if part)


def in_order(one: Side, other: Side) -> tuple[Side, Side]:
    """Return two revisions of a case, the older first."""
    older, newer = sorted((one, other), key=lambda side: side.number)
    return older, newer


def comparison_sections(
    knowledge: Knowledge, a: Side, b: Side, on: dt.date, width: int
) -> tuple[Section, ...]:
    """Return what differs between two cases as a page.

    Args:
        knowledge: The criteria at hand.
        a: One case.
        b: The other.
        on: The day, where they have to be assessed anew.
        width: Cells available.
    """
    recorded = differences(a.case, b.case, knowledge.pack)
    then, at_hand = assessed(
        knowledge, a.case, b.case, recorded, on, known_here=a.known_here and b.known_here
    )
    parts = [
        *_recorded(knowledge, recorded, width),
        *_verdicts(knowledge, b, then, at_hand, width),
    ]
    names = "".join(name for name, side in (("A", a), ("B", b)) if side.case.practice)
    head = [
        *(
            remark(f"integrity:{name}:{place}", f"{name}: {text}", width, "problem")
            for name, side in (("A", a), ("B", b))
            for place, text in enumerate(side.warnings)
        ),
        *_sides(a, b, width),
    ]
    if names:
        text = f"PRACTICE, not a patient: {' and '.join(names)}"
        head.append(remark("practice", text, width, "caution"))
    if not parts:
        head.append(remark("same", NOTHING, width, "good"))
    return (Section("sides", "Compared", tuple(head)), *parts)


def _sides(a: Side, b: Side, width: int) -> Iterator[Row]:
    """Say what is compared; two revisions have one name."""
    alike = a.called == b.called
    if alike:
        yield pair("side:both", "", a.called, width, role="strong", label_width=4)
    for name, side in (("A", a), ("B", b)):
        parts = ("" if alike else side.called, side.revision)
        said = "; ".join(part for part in parts if part)
        yield pair(f"side:{name.lower()}", name, said, width, role="strong", label_width=4)


def _recorded(knowledge: Knowledge, found: CaseDifference, width: int) -> Iterator[Section]:
    parts = list(recorded_parts(knowledge.pack, found))
    # One column on all of the page: what became of each thing stands below the other.
    both = (row for _, rows in parts for row in rows if None not in (row.a, row.b))
    column = min(max((len(row.name) for row in both), default=0) + 2, _NAME)
    for title, rows in parts:
        made = tuple(
            Row(f"{title}:{place}", tuple(_beside(row, column, width - MARK)))
            for place, row in enumerate(rows)
        )
        yield Section(title, title, made, (str(len(rows)), "muted"))


def _beside(row: Compared, column: int, width: int) -> Iterator[Line]:
    """Put both sides beside each other, below each other where there is no room."""
    if row.a is None or row.b is None:
        side, text = ("B", row.b) if row.a is None else ("A", row.a)
        yield from wrap(text or "", width, indent=8, first=((f"only {side}  ", "info"),))
        return
    if width < _WIDE:
        called = safe(_capital(row.name))
        short = line((f"{called}  ", "text"), (f"{safe(row.a)} → {safe(row.b)}", "strong"))
        if short.width <= width:
            yield short
            return
        yield line((called, "text"))
        for side, text in (("A", row.a), ("B", row.b)):
            yield from wrap(text, width, role="strong", indent=4, first=((f"  {side} ", "muted"),))
        return
    half = (width - column - 2) // 2
    names = wrap(_capital(row.name), column - 1)
    sides = [wrap(text, half - 1, role="strong") for text in (row.a, row.b)]
    for name, one, other in zip_longest(names, *sides, fillvalue=EMPTY):
        yield Line(
            (
                (pad(name.text, column), "text"),
                (pad(one.text, half), "strong"),
                ("→ " if name is names[0] and one is sides[0][0] else "  ", "muted"),
                *other.spans,
            )
        )


def _capital(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def _verdicts(
    knowledge: Knowledge, b: Side, then: Difference, at_hand: Difference | None, width: int
) -> Iterator[Section]:
    since = Since(knowledge, read_assessment(b.case.assessment))
    if then.then.is_recorded or then.now.is_recorded:
        rows = list(_difference(since, then, width, "saved:"))
        if rows:
            said = Row("saved:head", tuple(wrap(head_line(then), width - MARK, role="muted")))
            yield Section("saved", "Verdicts as saved", (said, *rows))
    if at_hand is not None:
        rows = list(_difference(since, at_hand, width, "now:"))
        if rows:
            text = _AT_HAND.format(now=since.now)
            said = Row("now:head", tuple(wrap(text, width - MARK, role="muted")))
            yield Section("now", "Today's criteria", (said, *rows))


def _difference(since: Since, found: Difference, width: int, prefix: str) -> Iterator[Row]:
    yield from pathway_rows(since, found, width, only_changed=True, prefix=prefix)
    yield from change_rows(since, found, width, prefix)
