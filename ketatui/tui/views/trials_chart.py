"""Antidepressant trials drawn: weeks and dose of each against what makes them adequate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal

from ketatui.cases.model import Trial
from ketatui.consultation.words import trial_name
from ketatui.criteria.wording import number_text
from ketatui.engine.trials import TrialJudgment
from ketatui.tui.views.lines import Line, Span, fit, line, pad, safe
from ketatui.tui.views.plots import bar, joined_spans

NARROWEST = 50
"""Cells below which bars would say nothing: each trial is then one line of words."""
_NAME, _AMOUNT, _SAID = 13, 8, 11
_LEAST, _MOST = 2, 4
"""Multiples of the minimum that are drawn."""
_AT_MINIMUM = "│"


def trial_chart(
    trials: Sequence[Trial], judgments: Sequence[TrialJudgment], needed: Decimal, width: int
) -> list[Line]:
    """Draw trials, two bars each: the weeks and the dose, as multiples of their minimum.

    Args:
        trials: The trials.
        judgments: What the criteria make of each.
        needed: Weeks that make a trial long enough.
        width: Cells available.

    Returns:
        Lines that say in words what they draw; in less than `NARROWEST` cells words alone.
    """
    if not trials:
        return []
    if width < NARROWEST:
        pairs = zip(trials, judgments, strict=True)
        return [line((f"  {trial_words(*pair)}", _role(pair[1]))) for pair in pairs]
    shares = [_shares(judged, needed) for judged in judgments]
    found = [share for both in shares for share in both if share is not None]
    highest = int(max(found, default=Decimal(1)).to_integral_value(ROUND_CEILING))
    most = max(_LEAST, min(highest, _MOST))
    room = width - _NAME - _AMOUNT - _SAID - 7
    lines = [_head(room, most)]
    for trial, judged, both in zip(trials, judgments, shares, strict=True):
        lines += _trial(trial, judged, both, room, most)
    return lines


def trial_words(trial: Trial, judged: TrialJudgment) -> str:
    """Return a trial in words: drug, weeks, and the dose against the minimum."""
    weeks = "?" if judged.weeks is None else number_text(judged.weeks)
    share = _shares(judged, Decimal(1))[1]
    dose = "" if share is None else f"  {_times(share)} minimum dose"
    return f"{safe(trial_name(trial))}  {weeks} wk{dose}"


def _shares(judged: TrialJudgment, needed: Decimal) -> tuple[Decimal | None, Decimal | None]:
    weeks = None if judged.weeks is None or not needed else judged.weeks / needed
    known = judged.dose_mg is not None and judged.minimum_mg
    dose = judged.dose_mg / judged.minimum_mg if known else None  # type: ignore[operator]
    return weeks, dose


def _role(judged: TrialJudgment) -> str:
    return "good" if judged.counts else "muted"


def _times(share: Decimal) -> str:
    # Rounded down: what is not enough never reads as enough.
    return f"{int(share * 10) / 10:.1f}×"


def _head(room: int, most: int) -> Line:
    """Return the scale that all bars share."""
    cells = [" "] * (room + 2)
    for times in range(1, most + 1):
        said = f"{times}×"
        at = min(_column(times, room, most), room + 2 - len(said))
        cells[at : at + len(said)] = said
    title = pad(" AGAINST THE MINIMUM", _NAME + _AMOUNT + 4)
    return line((title, "title"), ("".join(cells), "muted"))


def _column(times: int, room: int, most: int) -> int:
    return min(round(times * room / most), room - 1)


def _trial(
    trial: Trial,
    judged: TrialJudgment,
    shares: tuple[Decimal | None, Decimal | None],
    room: int,
    most: int,
) -> Iterator[Line]:
    name = f"  {pad(safe(trial_name(trial)), _NAME)} "
    if judged.parts.get("kind") is False:
        yield line(
            (name, "text"), (" " * (_AMOUNT - 1), "text"), ("not an antidepressant", "muted")
        )
        return
    weeks = "? wk" if judged.weeks is None else f"{number_text(judged.weeks)} wk"
    dose = "? mg" if judged.dose_mg is None else f"{number_text(judged.dose_mg)} mg"
    tabled = judged.minimum_mg is not None
    for named, amount, share, part, said in (
        (name, weeks, shares[0], "weeks", "not known"),
        (" " * len(name), dose, shares[1], "dose", "not known" if tabled else "no minimum"),
    ):
        holds = judged.parts.get(part)
        yield line(
            (named, "strong" if judged.counts else "text"),
            (f"{fit(amount, _AMOUNT):>{_AMOUNT}} ", "text"),
            *_bar(share, holds, room, most),
            ("  ", "text"),
            _said(share, holds, said),
        )


def _bar(share: Decimal | None, holds: bool | None, room: int, most: int) -> tuple[Span, ...]:
    """Return a bar with a mark where the minimum is; it goes on to the edge beyond the scale."""
    drawn = pad("" if share is None else bar(float(share) / most, room), room)
    at = _column(1, room, most)
    role = {True: "good", False: "caution", None: "info"}[holds]
    return joined_spans(((drawn[:at], role), (_AT_MINIMUM, "strong"), (drawn[at + 1 :], role)))


def _said(share: Decimal | None, holds: bool | None, unknown: str) -> Span:
    mark, role = {True: ("✓", "good"), False: ("✗", "caution"), None: ("?", "info")}[holds]
    return (f"{mark} {unknown if share is None else _times(share)}", role)
