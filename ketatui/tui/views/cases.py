"""The list of saved cases and drafts as lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ketatui.cases.drafts import DraftEntry
from ketatui.cases.entries import Entry
from ketatui.criteria.models import Verdict
from ketatui.criteria.pack import Pack
from ketatui.tui.views.lines import Line, Span, fit, line, pad, safe
from ketatui.tui.views.verdicts import ROLE

_STATES = {
    "draft": "draft",
    "final": "final",
    "awaiting_review": "awaiting review",
    "reviewed": "reviewed",
    "amended": "amended",
}


@dataclass(frozen=True)
class Row:
    """A line of the list.

    Attributes:
        path: The file behind it.
        draft: Whether it is a draft, to be resumed instead of opened.
        line: What is shown.
        search: What filtering looks through.
    """

    path: Path
    draft: bool
    line: Line
    search: str


def columns(width: int) -> tuple[tuple[str, int], ...]:
    """Return the columns that fit, with their widths; the label takes what is left."""
    fixed: list[tuple[str, int]] = [("Date", 16)]
    if width >= 100:
        fixed += [("Diagnosis", 18)]
    fixed += [("Decision", 14), ("Worst finding", 20 if width < 100 else 26)]
    if width >= 110:
        fixed += [("Criteria", 9)]
    fixed += [("State", 10)]
    left = width - sum(size + 1 for _, size in fixed) - 2
    return (("Label", max(left, 12)), *fixed)


def head_line(width: int) -> Line:
    """Return the heading of the columns."""
    text = "  " + " ".join(pad(title, size) for title, size in columns(width))
    return line((fit(text, width), "muted"))


def draft_row(entry: DraftEntry, width: int) -> Row:
    """Return a draft that waits to be resumed."""
    label = safe(entry.label) or entry.case_id
    when = f"{entry.last_at.astimezone():%Y-%m-%d %H:%M}"
    changes = "1 change" if entry.count == 1 else f"{entry.count} changes"
    state = "open elsewhere" if entry.in_use else f"draft, {changes}"
    if entry.problem:
        state = f"damaged: {safe(entry.problem)}"
    label_width = columns(width)[0][1]
    shown = line(
        ("~ ", "caution"),
        (f"{pad(label, label_width)} {when} ", "text"),
        (fit(state, max(width - label_width - 20, 5)), "caution"),
        target=str(entry.path),
    )
    return Row(entry.path, True, shown, f"{label} {entry.case_id} draft".casefold())


def case_row(pack: Pack, entry: Entry, width: int) -> Row:
    """Return a saved case, or a file that can not be read with its reason."""
    if entry.problem is not None:
        named = entry.problem.startswith(entry.path.name)
        text = entry.problem if named else f"{entry.path.name}: {entry.problem}"
        shown = line(
            ("✗ ", "problem"), (fit(safe(text), width - 2), "problem"), target=str(entry.path)
        )
        return Row(entry.path, False, shown, text.casefold())
    values: dict[str, Span] = {
        "Label": (safe(entry.label) or entry.id, "text"),
        "Date": (f"{entry.when.astimezone():%Y-%m-%d %H:%M}", "muted"),
        "Diagnosis": (_diagnosis(pack, entry.diagnosis), "text"),
        "Decision": _decision(pack, entry),
        "Worst finding": _worst(pack, entry),
        "Criteria": (safe(entry.pack_version), "muted"),
        "State": (_STATES.get(entry.state, safe(entry.state)), "muted"),
    }
    spans: list[Span] = [("P " if entry.practice else "  ", "caution")]
    for title, size in columns(width):
        text, role = values[title]
        spans += [(pad(text, size), role), (" ", "text")]
    search = f"{entry.label} {entry.id} {entry.diagnosis} {values['Diagnosis'][0]} " + (
        f"{entry.pathway} {entry.standing} {entry.worst_rule} {entry.state} {entry.pack_version}"
    )
    return Row(entry.path, False, Line(tuple(spans), str(entry.path)), search.casefold())


def _diagnosis(pack: Pack, code: str) -> str:
    question = pack.questions.get("indication.diagnosis")
    options = question.options if question else ()
    return next((option.label for option in options if option.code == code), safe(code))


def _decision(pack: Pack, entry: Entry) -> Span:
    if not entry.pathway:
        return "·", "muted"
    known = pack.pathways.get(entry.pathway)
    short = known.short if known else safe(entry.pathway)
    if entry.standing == "against_criteria":
        return f"{short} against!", "bad"
    if entry.standing == "provisional":
        return f"{short} provis.", "info"
    return short, "strong"


def _worst(pack: Pack, entry: Entry) -> Span:
    if not entry.worst_rule or entry.verdict == "incomplete":
        return _verdict(pack, entry)
    rule = pack.rules.get(entry.worst_rule)
    effects = pack.wording.effects
    symbol = next(
        (words.symbol for code, words in effects.items() if code == entry.worst_effect), ""
    )
    title = rule.title if rule else safe(entry.worst_rule)
    return f"{symbol} {title}", ROLE.get(entry.worst_effect, "text")


def _verdict(pack: Pack, entry: Entry) -> Span:
    verdicts: dict[Verdict, object] = dict(pack.wording.verdicts)
    for code in verdicts:
        if code == entry.verdict:
            words = pack.wording.verdicts[code]
            return f"{words.symbol} {words.title}", ROLE[code]
    return "·", "muted"


def filtered(rows: Sequence[Row], text: str) -> list[Row]:
    """Return the rows that contain every word typed."""
    words = text.casefold().split()
    return [row for row in rows if all(word in row.search for word in words)]
