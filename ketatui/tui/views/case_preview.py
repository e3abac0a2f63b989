"""What is known of the focused case of the list, without opening it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ketatui.cases.drafts import DraftEntry
from ketatui.cases.entries import Entry
from ketatui.criteria.pack import Pack
from ketatui.tui.views.cases import (
    age_and_sex,
    called,
    decision_span,
    diagnosis_name,
    mark_words,
    treatment_span,
    verdict_span_of,
    worst_span,
)
from ketatui.tui.views.lines import EMPTY, Line, Span, line, safe, wrap

_NAMES = 11
"""Cells for what a line is about."""


def preview_lines(pack: Pack, entry: Entry, width: int, on: dt.date) -> list[Line]:
    """Return a saved case in some lines: who, what was decided and why, how treatment stands.

    Args:
        pack: For the words.
        entry: The case, as the index has it.
        width: Cells available.
        on: Today, by which something is overdue.
    """
    if entry.problem is not None:
        return wrap(entry.problem, width, role="problem", indent=1)
    label, role = called(pack, entry)
    lines = wrap(label, width, role="strong" if role == "text" else "title", indent=1)
    if words := mark_words(entry):
        lines += wrap(words, width, role="caution", indent=1)
    lines.append(EMPTY)
    for name, (text, role) in _told(pack, entry, on):
        if text and text != "·":
            lines += wrap(
                text, width, role=role, indent=_NAMES + 1, first=((f" {name:<{_NAMES}}", "muted"),)
            )
    return lines


def _told(pack: Pack, entry: Entry, on: dt.date) -> Iterator[tuple[str, Span]]:
    yield "Who", (age_and_sex(pack, entry), "text")
    yield "Diagnosis", (diagnosis_name(pack, entry.diagnosis), "text")
    yield "Decision", decision_span(pack, entry)
    yield "Verdict", verdict_span_of(pack, entry)
    yield "Finding", worst_span(pack, entry)
    for _, rule, reason in entry.overrides:
        known = pack.rules.get(rule)
        yield "Set aside", (f"{known.title if known else safe(rule)}: {safe(reason)}", "caution")
    yield "Treatment", treatment_span(entry, on)
    if entry.treatment.stop_reason:
        yield "Stopped", (safe(entry.treatment.stop_reason), "text")
    for row in entry.treatment.due:
        late = row.by < on
        said = f"{row.what} by {row.by}" if row.what else f"by {row.by}"
        yield ("Overdue" if late else "Due"), (said, "bad" if late else "key")
    yield "State", (entry.state.replace("_", " "), "text")
    if entry.agreed or entry.disagreed:
        yield "Reviews", (f"{entry.agreed} agree, {entry.disagreed} disagree", "text")
    yield "Reviewer", (safe(entry.reviewer), "text")
    yield "Saved", (f"{entry.when.astimezone():%Y-%m-%d %H:%M}", "muted")
    yield "Criteria", (safe(entry.pack_version), "muted")
    yield "File", (safe(entry.path.name), "muted")


def draft_preview(entry: DraftEntry, width: int) -> list[Line]:
    """Return a draft in some lines.

    Args:
        entry: The draft.
        width: Cells available.
    """
    changes = "1 change" if entry.count == 1 else f"{entry.count} changes"
    lines = wrap(entry.called, width, role="strong", indent=1)
    lines.append(EMPTY)
    if entry.problem:
        lines += wrap(f"Damaged: {entry.problem}", width, role="problem", indent=1)
    where = "open elsewhere" if entry.in_use else "not saved yet"
    lines += wrap(f"Draft, {changes}, {where}", width, role="caution", indent=1)
    last = f"Last change {entry.last_at.astimezone():%Y-%m-%d %H:%M}"
    lines.append(line((f" {last}", "muted")))
    return [*lines, EMPTY, line((" Enter", "key"), " resumes it where you left off")]
