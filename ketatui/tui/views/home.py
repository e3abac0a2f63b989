"""The home screen as lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ketatui.structs import Frozen
from ketatui.tui.actions import named
from ketatui.tui.views.lines import EMPTY, Line, Span, line, safe, wrap

if TYPE_CHECKING:
    from ketatui.cases.drafts import DraftEntry
    from ketatui.engine import Knowledge

_KEY_COLUMN = 6
_MAX_WIDTH = 92
_PROBLEMS_SHOWN = 12

WELCOME: tuple[tuple[str, str], ...] = (
    ("What it is", "title"),
    (
        "Decision support for professionals: it walks through screening and informed consent for "
        "Spravato under its REMS and for off-label racemic ketamine, shows at every answer which "
        "pathway the criteria support, why, and what is still missing, and saves the case.",
        "text",
    ),
    ("What it is not", "title"),
    (
        "It does not decide and does not replace the product labels, your training or the law of "
        "your state. “Criteria met” means that the rules it holds are met, no more. Every line "
        "opens to its rule, the values it read and its source: check them.",
        "text",
    ),
    ("Privacy", "title"),
    (
        "No names and no record numbers: label a case so that only you know whose it is. Nothing "
        "leaves this machine unless you send it. Every answer is written to disk as you give it.",
        "text",
    ),
)
"""The first-run screen: heading and text in turn."""


def welcome_lines(cases: str, width: int) -> list[Line]:
    """Return the first-run screen."""
    width = min(width, _MAX_WIDTH)
    lines: list[Line] = [Line()]
    for text, role in WELCOME:
        lines += wrap(text, width - 2, role=role, indent=2)
        if role == "text":
            lines.append(Line())
    lines += wrap(f"Cases are kept in {cases}", width - 2, role="muted", indent=2)
    lines += [Line(), line("  ", ("Enter", "key"), " continues", target="welcome")]
    return lines


class HomeState(Frozen, frozen=True):
    """What the home screen tells.

    Attributes:
        knowledge: The compiled criteria; None while they load or cannot be used.
        problems: Why they cannot be used, a line each.
        drafts: Drafts, last touched first.
        cases: How many cases are saved; None while nobody has looked.
        awaiting: How many of them await review.
        folder: Where they are.
        secrecy: What is said of their being encrypted, with a comma before it.
        now: The moment.
        practice: How many attempts there are, and runs not finished.
        due: How many things in courses of treatment are overdue, and due within a week.
        keymap: Keys that were moved, by the action's id.
    """

    knowledge: Knowledge | None
    problems: Sequence[str]
    drafts: Sequence[DraftEntry]
    cases: int | None
    awaiting: int
    folder: str
    secrecy: str
    now: dt.datetime
    practice: tuple[int, int] = (0, 0)
    due: tuple[int, int] = (0, 0)
    keymap: Mapping[str, str] = {}


def home_lines(state: HomeState, width: int, height: int = 0) -> list[Line]:
    """Return the home screen: what can be done, each with a line of state.

    Args:
        state: What is told.
        width: Cells available.
        height: Lines available; where they are too few, nothing is set apart by blank lines.
    """
    lines = _home_lines(state, width)
    if len(lines) > height > 0:
        close = [item for item in lines if item.spans]
        lines = [EMPTY, *close] if len(close) < height else close
    return lines


def _home_lines(state: HomeState, width: int) -> list[Line]:
    width = min(width, _MAX_WIDTH)
    waiting = [draft for draft in state.drafts if not draft.in_use]
    lines: list[Line] = [Line()]

    def entry(name: str, said: Span) -> None:
        (action,) = named(f"home.{name}")
        key = (action.key_with(state.keymap), "key")
        lines.append(line("   ", key, "  ", (action.title, "strong"), target=name))
        lines.extend(wrap(said[0], width, role=said[1], indent=_KEY_COLUMN, target=name))
        lines.append(Line())

    entry("new", _loading(state.knowledge, state.problems))
    if waiting:
        entry("resume", _draft_text(waiting[0], len(waiting), state.now))
    if timed := sum(draft.timed for draft in state.drafts):
        said = "one draft" if timed == 1 else f"{timed} drafts"
        entry("board", (f"{said} in which a session was begun; soonest due first", "caution"))
    if any(state.due):
        entry("due", _due_text(*state.due))
    entry("practice", _practice_text(*state.practice))
    saved = "one saved case" if state.cases == 1 else f"{state.cases} saved cases"
    if state.cases is None:
        saved = "being counted,"
    if state.awaiting:
        saved += f", {state.awaiting} awaiting review"
    if state.knowledge is None and state.problems:
        # Nothing was looked at: that is not the same as nothing being there.
        saved = "they open once the criteria can be used;"
    saved += f" in {state.folder}{state.secrecy}"
    entry("cases", (saved, "muted"))
    entry("criteria", _criteria_text(state.knowledge, state.problems, state.now))
    entry("settings", ("theme, folders, policy, payer", "muted"))
    entry("quit", ("drafts stay on disk", "muted"))
    for problem in state.problems[:_PROBLEMS_SHOWN]:
        lines += wrap(problem, width - 2, role="problem", indent=4)
    return lines


def _loading(knowledge: Knowledge | None, problems: Sequence[str]) -> Span:
    if problems:
        return "the criteria cannot be used; see below", "problem"
    if knowledge is None:
        return "loading the criteria …", "info"
    return f"{len(knowledge.pack.questions)} questions, asked only where they matter", "muted"


def _criteria_text(knowledge: Knowledge | None, problems: Sequence[str], now: dt.datetime) -> Span:
    if knowledge is None:
        return ("not usable", "problem") if problems else ("loading …", "info")
    info = knowledge.pack.info
    said = f"{info.title} ({info.id} {info.version}), to be reviewed by {info.review_by}"
    if knowledge.pack.policy is not None:
        said += f"; local policy: {knowledge.pack.policy.title}"
    if now.date() > info.review_by:
        return f"! {said}. That day is past: check for a newer version.", "caution"
    return said, "muted"


def _practice_text(attempts: int, begun: int) -> Span:
    said = "written cases to learn from, with a debrief"
    if attempts:
        said += f"; {attempts} attempt{'' if attempts == 1 else 's'}"
    if begun:
        said += f"; {'one run' if begun == 1 else f'{begun} runs'} to resume"
    return said, "muted"


def _due_text(late: int, soon: int) -> Span:
    """Say what is due in courses of treatment: forms, events, sessions, reviews, checks."""
    parts = [f"{late} overdue"] if late else []
    parts += [f"{soon} within a week"] if soon else []
    return f"{', '.join(parts)}; the cases they are in", "caution" if late else "muted"


def _draft_text(draft: DraftEntry, count: int, now: dt.datetime) -> Span:
    label = safe(draft.label) or f"no label yet, {draft.called}"
    changes = "1 change" if draft.count == 1 else f"{draft.count} changes"
    more = f"; {count - 1} more under Saved cases" if count > 1 else ""
    return f"{label}, {changes}, last {ago(draft.last_at, now)}{more}", "caution"


def none_waits(drafts: Sequence[DraftEntry]) -> str:
    """Say why there is no draft to resume."""
    return f"No draft waits to be resumed{': it is open in another window' if drafts else ''}."


def ago(then: dt.datetime, now: dt.datetime) -> str:
    """Say how long ago something was, roughly."""
    seconds = max(int((now - then).total_seconds()), 0)
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            count = seconds // size
            return f"{count} {word}{'s' if count > 1 else ''} ago"
    return "just now"


def short_folder(folder: Path) -> str:
    """Write a folder with ``~`` for the home folder."""
    try:
        return f"~/{folder.resolve().relative_to(Path.home())}"
    except (ValueError, RuntimeError, OSError):
        return str(folder)
