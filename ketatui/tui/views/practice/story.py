"""The story of a practice case as lines: what lies there, what was told, which hints were taken."""

from __future__ import annotations

from ketatui.practice.run import PracticeRun
from ketatui.tui.actions import named
from ketatui.tui.views.lines import EMPTY, Line, line, wrap


def story_lines(run: PracticeRun, width: int) -> list[Line]:
    """Return the story as far as it is known."""
    file = run.case.file
    lines: list[Line] = []
    for part in file.story:
        lines += _titled(part.title, part.text, width)
    reveals = {reveal.id: reveal for reveal in file.reveal}
    told = [reveals[ident] for ident in run.told if ident in reveals]
    if told:
        lines += [EMPTY, line((" TOLD WHEN ASKED", "key"))]
        for reveal in told:
            lines += wrap(reveal.ask, width, role="strong", indent=1)
            lines += wrap(reveal.text, width, indent=1)
    if run.hints:
        lines += [EMPTY, line((" HINTS", "key"))]
        for hint in file.hint[: run.hints]:
            lines += wrap(hint.text, width, role="info", indent=1)
    lines.append(EMPTY)
    (ask,) = named("practice.ask")
    asking = f"What is not here may be told when asked: {ask.shown_key} on a question. Else it is "
    asking += "no, or normal."
    lines += wrap(asking, width, role="muted", indent=1)
    return lines


def _titled(title: str, text: str, width: int) -> list[Line]:
    lines = [line((f" {title}", "title"))]
    for paragraph in text.strip().splitlines():
        lines += wrap(paragraph, width, indent=1) if paragraph.strip() else [EMPTY]
    return [*lines, EMPTY]


def time_text(run: PracticeRun) -> str:
    """Say how long the run has taken so far, and how long it usually takes."""
    if not run.timed:
        return "timer off"
    return f"{run.seconds // 60} of about {run.case.file.minutes} min"
