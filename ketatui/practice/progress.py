"""How practice goes: over time, by topic, and which case comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ketatui.practice.attempts import Attempt
from ketatui.practice.loading import PracticeCase, PracticeLibrary
from ketatui.structs import Frozen

_AGAIN_AFTER = ((50, 2), (80, 7), (101, 30))
"""A last score below so many percent is due again after so many days."""
_UNTRIED = 0.6
"""What an untried case counts, between a case done badly (1) and one done well (0)."""
_PER_LEVEL = 0.15
_MISSED_RULE = 0.2


class Standing(Frozen, frozen=True):
    """How often a case or topic was tried, and how well.

    Attributes:
        tried: Attempts.
        best: The best score in percent; None before the first.
        last: The latest score in percent.
        last_at: When that was.
    """

    tried: int = 0
    best: int | None = None
    last: int | None = None
    last_at: dt.datetime | None = None


class Suggestion(Frozen, frozen=True):
    """The case to take next, and why."""

    case: str
    because: str


class Missed(Frozen, frozen=True):
    """Something that was missed more than once or lately."""

    what: str
    times: int
    last_at: dt.datetime


def standing(attempts: Sequence[Attempt]) -> Standing:
    """Sum up attempts, oldest first."""
    if not attempts:
        return Standing()
    last = attempts[-1]
    best = max(attempt.percent for attempt in attempts)
    return Standing(len(attempts), best, last.percent, last.ended_at)


def by_case(attempts: Sequence[Attempt]) -> dict[str, Standing]:
    """Sum up attempts by practice case."""
    ids = dict.fromkeys(attempt.case for attempt in attempts)
    return {ident: standing([a for a in attempts if a.case == ident]) for ident in ids}


def by_topic(attempts: Sequence[Attempt]) -> dict[str, Standing]:
    """Sum up attempts by topic; the last score is the mean over the latest try of each case."""
    found = {}
    for topic in dict.fromkeys(attempt.topic for attempt in attempts):
        mine = [attempt for attempt in attempts if attempt.topic == topic]
        latest = {attempt.case: attempt for attempt in mine}.values()
        mean = round(sum(attempt.percent for attempt in latest) / len(latest))
        whole = standing(mine)
        found[topic] = Standing(whole.tried, whole.best, mean, whole.last_at)
    return found


def missed_most(attempts: Sequence[Attempt]) -> list[Missed]:
    """Return the decisive facts that were missed, those missed most often first."""
    times: dict[str, list[dt.datetime]] = {}
    for attempt in attempts:
        for ident in attempt.missed:
            times.setdefault(ident, []).append(attempt.ended_at)
    found = [Missed(ident, len(when), max(when)) for ident, when in times.items()]
    return sorted(found, key=lambda item: (-item.times, -item.last_at.timestamp(), item.what))


def suggest(
    library: PracticeLibrary, attempts: Sequence[Attempt], now: dt.datetime
) -> Suggestion | None:
    """Suggest the case to take next.

    A case that went badly comes back: the worse and the longer ago, the sooner (after two days
    below half of the points, a week below four fifths, a month otherwise). A case not tried
    yet goes before one that went well; among those, first what is weakest by topic, what asks
    for a reason that was missed, and what is easy.

    Args:
        library: The practice cases.
        attempts: What was done, oldest first.
        now: The moment.

    Returns:
        The case and why; None without cases.
    """
    cases = list(library.cases.values())
    if not cases:
        return None
    done, topics = by_case(attempts), by_topic(attempts)
    latest = {attempt.case: attempt for attempt in attempts}
    missed = {rule for attempt in latest.values() for rule in attempt.missed_rules}

    def weight(case: PracticeCase) -> float:
        known = done.get(case.id)
        if known is not None and known.last is not None and known.last_at is not None:
            days = max((now - known.last_at).total_seconds() / 86400, 0.0)
            return (1 - known.last / 100) * min(days / _due_after(known.last), 2.0)
        topic = topics.get(case.file.topic)
        weakness = 0.0 if topic is None or topic.last is None else (1 - topic.last / 100) / 2
        again = _MISSED_RULE if case.named_rules & missed else 0.0
        return _UNTRIED + weakness + again - _PER_LEVEL * (case.file.difficulty - 1)

    # The library is ordered, easy ones first, and max keeps the first of equals.
    chosen = max(cases, key=weight)
    return Suggestion(chosen.id, _because(chosen, done.get(chosen.id), topics, now))


def _due_after(percent: int) -> int:
    return next(days for below, days in _AGAIN_AFTER if percent < below)


def _because(
    case: PracticeCase,
    known: Standing | None,
    topics: dict[str, Standing],
    now: dt.datetime,
) -> str:
    if known is not None and known.last_at is not None:
        days = max((now - known.last_at).days, 0)
        ago = "today" if days == 0 else f"{days} day{'s' if days > 1 else ''} ago"
        return f"{known.last} % {ago}: time to try it again"
    topic = topics.get(case.file.topic)
    if topic is not None and topic.last is not None:
        # Which topic it is would tell what to look for.
        return f"not tried yet; its topic stands at {topic.last} %"
    return "not tried yet; nothing on its topic so far"
