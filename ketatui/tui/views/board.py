"""The board: every session that runs, the one that is due soonest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len

from ketatui.cases.courses import Observation
from ketatui.consultation.running import RunningSession
from ketatui.course.entry_line import observation_text
from ketatui.course.marks import SeenLimits, limits_of
from ketatui.course.naming import visit_name
from ketatui.course.running import clocks, dosing_minutes
from ketatui.criteria.course import CoursePack
from ketatui.criteria.pack import Pack
from ketatui.tui.views.lines import EMPTY, Line, Span, fit, line, pad, safe
from ketatui.tui.views.session import (
    COVERED,
    clock_text,
)
from ketatui.tui.views.session_table import oxygen_spans, pressure_spans, sedation_span

LINES = 4
"""Lines of a session on the board."""
_LONG = 12 * 60
"""Minutes after which a session that was not closed is told to be an old one."""


def board_lines(
    pack: Pack,
    sessions: Sequence[RunningSession],
    now: dt.datetime,
    cursor: int,
    width: int,
    *,
    covered: bool = False,
) -> list[Line]:
    """Return the board.

    Args:
        pack: The criteria.
        sessions: Soonest due first.
        now: The moment.
        cursor: Place of the session under the cursor.
        width: Cells.
        covered: Whether the labels are hidden, while nobody is at the keyboard.
    """
    if not sessions:
        return [EMPTY, line(("  No session runs in this folder.", "muted"))]
    lines: list[Line] = []
    for number, row in enumerate(sessions):
        key = str(number + 1) if number < 9 else " "
        lines += _session(pack, row, now, (key, number == cursor), width, covered=covered)
    return lines


def _session(
    pack: Pack,
    row: RunningSession,
    now: dt.datetime,
    key: tuple[str, bool],
    width: int,
    *,
    covered: bool,
) -> list[Line]:
    mark: Span = (" ▸ " if key[1] else "   ", "key")
    target = str(row.path)
    name = fit(COVERED if covered else safe(row.label), max(width - 60, 24))
    if row.course is None or row.visit is None:
        return [
            line(mark, (key[0], "key"), ("  ? ", "bad"), (name, "strong"), target=target),
            line((f"      cannot be read: {safe(row.problem)}", "problem"), target=target),
            EMPTY,
            EMPTY,
        ]
    minute = clocks(pack.course, row.course, row.visit, now).minute
    pathway = pack.pathways[row.course.pathway].short
    said, wanted = _due(pack.course, row, now, minute)
    clock = "no minute" if minute is None else f"minute {minute}"
    open_elsewhere: Span = ("  open in another window", "caution") if row.in_use else ("", "text")
    first = line(
        mark,
        (f"{key[0]}  ", "key"),
        (pad(said[0], 13), said[1]),
        (pad(clock, 12), "title"),
        (name, "strong"),
        (f"  {pathway}, {visit_name(row.course, row.visit)}", "muted"),
        target=target,
    )
    second = line("       ", wanted, target=target)
    room = width - 8 - len(open_elsewhere[0])
    third = line(
        "       ", *_cut(_last_seen(pack.course, row), room), open_elsewhere, target=target
    )
    return [first, second, third, EMPTY]


def _cut(spans: Sequence[Span], width: int) -> list[Span]:
    """Return as much of spans as there is room for; words give way before values do."""
    if sum(cell_len(text) for text, _ in spans) > width:
        spans = [(_shortened(text), role) for text, role in spans]
    found: list[Span] = []
    for text, role in spans:
        shown = fit(text, width)
        width -= cell_len(shown)
        found.append((shown, role))
        if shown != text:
            break
    return found


def _shortened(text: str) -> str:
    return text.replace("pressure ", "").replace("dissociation ", "dissoc. ")


def _due(
    course: CoursePack, row: RunningSession, now: dt.datetime, minute: int | None
) -> tuple[Span, Span]:
    assert row.visit is not None
    first = row.visit.first_dose_at
    if minute is None or first is None:
        return ("! clock", "bad"), (f"the clock stands before the start {clock_text(first)}",
                                    "caution")  # fmt: skip
    if minute > _LONG:
        return ("x not closed", "caution"), (f"begun {first.astimezone():%Y-%m-%d %H:%M}",
                                             "caution")  # fmt: skip
    due = row.due(course, now)
    if due is None:
        return ("  watching", "muted"), ("nothing is due", "muted")
    wait = due.minute - minute
    if wait > 0:
        return (f"  in {wait} min", "info"), (f"{due.watch.title}, minute {due.minute}", "text")
    late = f", {-wait} min late" if wait else ""
    return ("! DUE NOW", "bad"), (f"{due.watch.title}{late}", "caution")


def _last_seen(course: CoursePack, row: RunningSession) -> list[Span]:
    assert row.visit is not None
    said = _latest(row.visit.observations, limits_of(course))
    first, last = row.visit.first_dose_at, row.visit.last_dose_at
    if said or first is None:
        return said
    dosing = f", dosing {dosing_minutes(first, last)} min" if last and last >= first else ""
    return [(f"begun {clock_text(first)}{dosing}", "muted")]


_PARTS = (
    ("systolic", "diastolic"),
    ("spo2",),
    ("sedation",),
    ("dissociation",),
    ("heart_rate",),
    ("respiratory_rate",),
)
"""What is seen together: a row without a pressure does not hide the pressure before it."""


def _latest(observations: Sequence[Observation], limits: SeenLimits) -> list[Span]:
    """Say what was seen last of each thing, and when where that was earlier."""
    rows = sorted(observations, key=lambda item: item.minute)
    if not rows:
        return []
    last = rows[-1].minute
    spans: list[Span] = [(f"last: minute {last}", "muted")]
    for names in _PARTS:
        seen = [row for row in rows if any(getattr(row, name) is not None for name in names)]
        if not seen:
            continue
        values: dict[str, Any] = {name: getattr(seen[-1], name) for name in names}
        alone = Observation(minute=last, **values)
        said = observation_text(alone).removeprefix(f"minute {last}, ")
        mark, role = _marked(alone, limits)
        then = "" if seen[-1].minute == last else f" ({seen[-1].minute})"
        spans += [(", ", "muted"), (f"{said}{f' {mark}' if mark else ''}{then}", role)]
    return spans


def _marked(seen: Observation, limits: SeenLimits) -> Span:
    """Return the word and the color that mark one thing that was seen."""
    if seen.systolic is not None:
        return _as_marked(pressure_spans(seen, limits)[1])
    if seen.spo2 is not None:
        return _as_marked(oxygen_spans(seen, limits)[1])
    if seen.sedation is not None:
        return _as_marked(sedation_span(seen))
    return "", {"moderate": "caution", "severe": "bad"}.get(seen.dissociation or "", "muted")


def _as_marked(span: Span) -> Span:
    """Leave what is unremarkable in the background."""
    word, role = span
    return ("", "muted") if role == "text" else (word if word.isalpha() else "", role)
