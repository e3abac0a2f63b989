"""Progress as lines: scores over time as columns, by topic as bars, and what is missed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from ketatui.practice.attempts import Attempt
from ketatui.practice.drill_session import due_text
from ketatui.practice.drilling import RuleStanding
from ketatui.practice.loading import PracticeLibrary
from ketatui.practice.progress import Standing, by_topic, missed_most, suggest
from ketatui.tui.views.home import ago
from ketatui.tui.views.lines import EMPTY, Line, fit, line, pad, safe, wrap
from ketatui.tui.views.plots import bar, columns

_ROWS = 8
"""Lines of the chart over time."""
_BAR = 20
_MOST_MISSED = 8
_AXIS = 7
"""Cells of the scale at the left."""


def progress_lines(
    library: PracticeLibrary,
    attempts: Sequence[Attempt],
    label: Callable[[str], str],
    now: dt.datetime,
    width: int,
    standing: Sequence[RuleStanding] = (),
) -> list[Line]:
    """Return the progress page.

    Args:
        library: The practice cases.
        attempts: What was done, oldest first.
        label: Names a question, or a rule.
        now: The moment.
        width: Cells available.
        standing: How rules stand that were drilled, what is due first.
    """
    if not attempts:
        none = [EMPTY, line(("No case has been done yet.", "muted"))]
        return [*none, *_rules(standing, label, now, width)]
    lines = [line(("Over time", "title")), *_chart(attempts, width), EMPTY]
    lines.append(line(("By topic, the latest try of each case", "title")))
    topics = by_topic(attempts)
    for ident in library.topics:
        if ident in topics:
            lines.append(_topic(library.topic_title(ident), topics[ident], now, width))
    for ident in topics.keys() - library.topics.keys():
        lines.append(_topic(ident, topics[ident], now, width))
    untried = [topic.title for ident, topic in library.topics.items() if ident not in topics]
    if untried:
        lines += wrap(f"Not tried yet: {', '.join(untried)}", width, role="muted", indent=2)
    lines += _missed(attempts, label, now, width)
    lines += _rules(standing, label, now, width)
    following = suggest(library, attempts, now)
    if following is not None:
        done = any(attempt.case == following.case for attempt in attempts)
        title = library.cases[following.case].titled(done=done)
        lines += [EMPTY, line(("Next", "title"))]
        lines += wrap(f"{title}: {following.because}.", width, indent=2)
    return lines


def _role(percent: int) -> str:
    return "good" if percent >= 80 else "caution" if percent >= 50 else "bad"


def _chart(attempts: Sequence[Attempt], width: int) -> list[Line]:
    """Draw the latest attempts as columns, the newest at the right."""
    shown = list(attempts)[-max((width - _AXIS) // 3, 1) :]
    # The line under the chart stands for nothing at all; a score of 0 shows a trace.
    values = [max(attempt.percent, 1) for attempt in shown]
    roles = [_role(attempt.percent) for attempt in shown]
    lines = []
    for row, spans in enumerate(columns(values, roles, 100, 2, _ROWS)):
        scale = {0: "100 % ", _ROWS // 2: " 50 % "}.get(row, "      ")
        lines.append(line((f"{scale}│", "muted"), *spans))
    lines.append(line((f"      └{'─' * (3 * len(shown))}", "muted")))
    first, last = shown[0].ended_at, shown[-1].ended_at
    said = f"{first.astimezone():%Y-%m-%d}"
    if len(shown) > 1:
        said += f" to {last.astimezone():%Y-%m-%d}, {len(shown)} of {len(attempts)} attempts"
    lines.append(line((f"{' ' * _AXIS}{fit(said, width - _AXIS)}", "muted")))
    latest = ", ".join(f"{attempt.percent} %" for attempt in shown[-5:])
    lines.append(line((f"{' ' * _AXIS}latest: {latest}", "text")))
    return lines


def _topic(title: str, known: Standing, now: dt.datetime, width: int) -> Line:
    percent = known.last or 0
    when = "" if known.last_at is None else f", {ago(known.last_at, now)}"
    tries = f"{known.tried} {'try' if known.tried == 1 else 'tries'}{when}"
    return line(
        (f"  {pad(safe(title), 26)} ", "text"),
        (pad(bar(percent / 100, _BAR), _BAR), _role(percent)),
        (f" {percent:>3} %  ", "text"),
        (fit(tries, max(width - 57, 0)), "muted"),
    )


def _rules(
    standing: Sequence[RuleStanding], label: Callable[[str], str], now: dt.datetime, width: int
) -> list[Line]:
    """Return how each rule stands that was drilled, what is due first."""
    if not standing:
        return []
    lines = [EMPTY, line(("Rules, what is due first", "title"))]
    for item in standing:
        recall = round(item.recall * 100)
        text = f"{label(item.rule)}: {item.right} of {item.asked} right, recall {recall} %, "
        lines += wrap(f"{text}{due_text(item.due, now)}", width, role=_role(recall), indent=2)
    return lines


def _missed(
    attempts: Sequence[Attempt], label: Callable[[str], str], now: dt.datetime, width: int
) -> list[Line]:
    missed = missed_most(attempts)[:_MOST_MISSED]
    if not missed:
        return []
    lines = [EMPTY, line(("Decisive facts missed", "title"))]
    for item in missed:
        times = "once" if item.times == 1 else f"{item.times} times"
        text = f"{label(item.what)}: {times}, last {ago(item.last_at, now)}"
        lines += wrap(text, width, indent=2)
    return lines
