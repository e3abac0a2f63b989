"""The list of practice cases as lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container

from ketatui.practice.class_models import Assignment
from ketatui.practice.loading import PracticeCase, PracticeLibrary
from ketatui.practice.progress import Standing, Suggestion
from ketatui.structs import Frozen
from ketatui.tui.views.home import ago
from ketatui.tui.views.lines import Line, Span, fit, line, pad, safe, wrap

_TOPIC = 24
_DONE_WELL = 80
"""Percent from which a score is shown as a good one."""


class CasesState(Frozen, frozen=True):
    """What the list tells.

    Attributes:
        library: The practice cases.
        done: How each was done, by id.
        begun: Ids of those with a run that waits to be resumed.
        suggestion: The case to take next.
        now: The moment.
    """

    library: PracticeLibrary
    done: dict[str, Standing]
    begun: Container[str]
    suggestion: Suggestion | None
    now: dt.datetime


def ordered(state: CasesState) -> list[PracticeCase]:
    """Return the cases in the order of the list: begun, assigned, suggested, then by difficulty."""

    def place(case: PracticeCase) -> tuple[bool, bool, bool]:
        first = state.suggestion is not None and state.suggestion.case == case.id
        assigned = state.library.assigned(case.id) is not None and case.id not in state.done
        return case.id not in state.begun, not assigned, not first

    return sorted(state.library.cases.values(), key=place)


def head_line(width: int) -> Line:
    """Return the heading of the columns."""
    title = _title_width(width)
    text = f"  {pad('Case', title)} {_topic('Topic', width)}Level  Best  Last"
    return line((fit(text, width), "muted"))


def case_line(state: CasesState, case: PracticeCase, width: int) -> Line:
    """Return one case as a line."""
    known = state.done.get(case.id, Standing())
    suggested = state.suggestion is not None and state.suggestion.case == case.id
    mark: Span = ("  ", "text")
    if case.id in state.begun:
        mark = ("~ ", "caution")
    elif suggested:
        mark = ("→ ", "key")
    best: Span = ("   –  ", "muted")
    if known.best is not None:
        best = (f"{known.best:>3} % ", "good" if known.best >= _DONE_WELL else "text")
    last = "begun, not finished" if case.id in state.begun else ""
    if not last and known.last_at is not None:
        last = f"{known.last} %, {ago(known.last_at, state.now)}"
    elif not last and suggested:
        last = "suggested"
    level = "●" * case.file.difficulty + "○" * (3 - case.file.difficulty)
    title = _title_width(width)
    used = 2 + title + 1 + len(_topic("", width)) + 7 + 6
    return line(
        mark,
        (f"{pad(safe(case.titled(done=bool(known.tried))), title)} ", "text"),
        (_topic(_told_topic(state, case) or "–", width), "muted"),
        (f"{level}    ", "text"),
        best,
        (fit(last, max(width - used, 0)), "muted"),
        target=case.id,
    )


def _told_topic(state: CasesState, case: PracticeCase) -> str:
    """Say what a case is about once it was done; before, it would tell what to look for."""
    done = state.done.get(case.id, Standing()).tried
    return state.library.topic_title(case.file.topic) if done else ""


def _title_width(width: int) -> int:
    return max(min(width - len(_topic("", width)) - 36, 60), 20)


def _topic(text: str, width: int) -> str:
    return f"{pad(text, _TOPIC)} " if width >= 100 else ""


def _assigned_text(assignment: Assignment) -> str:
    parts = [f"Assigned: {assignment.title}"]
    if assignment.due is not None:
        parts.append(f"due {assignment.due}")
    if not assignment.hints:
        parts.append("without hints")
    if assignment.tries is not None:
        parts.append("one try" if assignment.tries == 1 else f"{assignment.tries} tries")
    return ", ".join(parts) + "."


def foot_lines(state: CasesState, case: PracticeCase, width: int) -> list[Line]:
    """Return what is said about the focused case."""
    file = case.file
    topic = _told_topic(state, case)
    about = f"{topic}. " if topic else ""
    about += f"About {file.minutes} minutes. {file.invented}"
    if file.author:
        about += f" By {file.author}."
    lines = wrap(about, width, role="muted", indent=2)
    due = state.library.assigned(case.id)
    if due is not None:
        lines += wrap(_assigned_text(due), width, role="key", indent=2)
    if state.suggestion is not None and state.suggestion.case == case.id:
        lines += wrap(f"Suggested: {state.suggestion.because}.", width, role="info", indent=2)
    return lines
