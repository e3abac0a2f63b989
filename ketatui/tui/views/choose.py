"""What a case can be compared with: its own revisions, then the other cases."""

from __future__ import annotations

from pathlib import Path

from ketatui.cases.entries import Entry
from ketatui.cases.model import Case
from ketatui.criteria.pack import Pack
from ketatui.reports.words import pathway_title
from ketatui.tui.views.case_history import REVISION, moment
from ketatui.tui.views.cases import called
from ketatui.tui.views.lines import line, safe, sides
from ketatui.tui.views.pages import MARK, Row, Section, pair

FILE = "file:"
"""What the key of another case's row begins with; its path follows."""


def revision_rows(case: Case, shown: int, text: str, width: int) -> tuple[Row, ...]:
    """Return the revisions of a case but the one that is shown, newest first.

    Args:
        case: The case.
        shown: Number of the one that is shown.
        text: Only rows that contain these words.
        width: Cells available.
    """
    rows = []
    for item in reversed(case.revisions):
        if item.number != shown:
            by = f" by {item.by}" if item.by else ""
            said = f"{item.why or 'saved'}{by}"
            key = f"{REVISION}{item.number}"
            name = f"Revision {item.number}, {moment(item.at)}"
            rows.append(pair(key, name, said, width, role="muted", label_width=32))
    words = text.casefold().split()
    return tuple(row for row in rows if all(word in row.text for word in words))


def entry_row(pack: Pack, entry: Entry, width: int) -> Row:
    """Return a case of the folder: label, decision, when."""
    name = called(pack, entry)[0] or safe(entry.path.name)
    decided = safe(pathway_title(pack, entry.pathway)) if entry.pathway else "nothing decided"
    marks = [(f" {decided}", "text"), (f"  {moment(entry.when)}", "muted")]
    if width < 70:
        marks = marks[1:]
    practice = (("PRACTICE ", "caution"),) if entry.practice else ()
    head = sides((*practice, (name, "strong")), marks, width - MARK)
    return Row(f"{FILE}{entry.path}", (head,))


def choice_sections(
    revisions: tuple[Row, ...], cases: tuple[Row, ...], more: int, *, filtered: bool
) -> tuple[Section, ...]:
    """Return what can be chosen as a page.

    Args:
        revisions: Rows of the case's own revisions.
        cases: Rows of other cases.
        more: How many cases are not among them.
        filtered: Whether something was typed.
    """
    sections = []
    if revisions:
        sections.append(Section("revisions", "Revisions of this case", revisions))
    if cases:
        rows = cases
        if more > 0:
            text = f"… and {more:,} more: type to narrow them down."
            rows = (*cases, Row("", (line((text, "muted")),)))
        sections.append(Section("cases", "Other cases", rows))
    if not sections:
        text = "No case matches." if filtered else "There is no other case, and no revision."
        sections.append(Section("none", "Nothing", (Row("none", (line((text, "muted")),)),)))
    return tuple(sections)


def path_of(key: str) -> Path:
    """Return the file that a row's key names."""
    return Path(key.removeprefix(FILE))
