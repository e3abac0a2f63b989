"""What a case can be compared with: its own revisions, then the other cases."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ketatui.cases.entries import Entry
from ketatui.cases.model import Case
from ketatui.criteria.pack import Pack
from ketatui.reports.words import pathway_title
from ketatui.tui.views.case_history import REVISION, moment
from ketatui.tui.views.lines import line, safe, sides
from ketatui.tui.views.pages import MARK, Row, Section, pair

FILE = "file:"
"""What the key of another case's row begins with; its path follows."""


def revision_rows(case: Case, shown: int, width: int) -> tuple[Row, ...]:
    """Return the revisions of a case but the one that is shown, newest first."""
    rows = []
    for item in reversed(case.revisions):
        if item.number != shown:
            by = f" by {item.by}" if item.by else ""
            text = f"{item.why or 'saved'}{by}"
            key = f"{REVISION}{item.number}"
            name = f"Revision {item.number}, {moment(item.at)}"
            rows.append(pair(key, name, text, width, role="muted", label_width=32))
    return tuple(rows)


def entry_row(pack: Pack, entry: Entry, width: int) -> Row:
    """Return a case of the folder: label, decision, when."""
    name = safe(entry.label) or entry.id or entry.path.name
    decided = safe(pathway_title(pack, entry.pathway)) if entry.pathway else "nothing decided"
    marks = [(f" {decided}", "text"), (f"  {moment(entry.when)}", "muted")]
    if width < 70:
        marks = marks[1:]
    practice = (("PRACTICE ", "caution"),) if entry.practice else ()
    head = sides((*practice, (name, "strong")), marks, width - MARK)
    search = f"{entry.label} {entry.id} {entry.path.name} {decided}"
    return Row(f"{FILE}{entry.path}", (head,), search=search)


def choice_sections(
    revisions: tuple[Row, ...], cases: Iterable[Row], *, reading: bool
) -> tuple[Section, ...]:
    """Return what can be chosen as a page.

    Args:
        revisions: Rows of the case's own revisions.
        cases: Rows of other cases read so far.
        reading: Whether more are still being read.
    """
    others = tuple(cases)
    sections = []
    if revisions:
        sections.append(Section("revisions", "Revisions of this case", revisions))
    if others:
        count = (str(len(others)), "muted")
        sections.append(Section("cases", "Other cases", others, count))
    if not sections:
        text = "Reading the folder …" if reading else "There is no other case, and no revision."
        sections.append(Section("none", "Nothing yet", (Row("none", (line((text, "muted")),)),)))
    return tuple(sections)


def path_of(key: str) -> Path:
    """Return the file that a row's key names."""
    return Path(key.removeprefix(FILE))
