"""A session that is running: its clocks, what is due when, and from when the patient may leave.

The moment is an argument. A session is timed by the wall clock from the moment that is stored with
it, so that a program that was killed and a machine that slept come to the same minute; where that
clock was changed meanwhile, it is said and not guessed at.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ketatui.cases.courses import Course, Observation, Visit
from ketatui.cases.model import Case
from ketatui.course.assessment import DecisionAssessment
from ketatui.course.facts import visit_input
from ketatui.course.judging import VisitJudge
from ketatui.course.knowledge import CourseKnowledge
from ketatui.course.screening import Screening
from ketatui.course.sessions import AFTER_LAST, LAST_SEEN, LEAVE_WINDOW, by_minute
from ketatui.course.vocabulary import DOSE, END, OBSERVATIONS
from ketatui.criteria.course import CoursePack
from ketatui.criteria.models.course import Watch
from ketatui.structs import Frozen

_LONGEST_WAIT = 600
"""Minutes; a rule that waiting does not meet by then is not one of time."""
_DRIFT = dt.timedelta(seconds=60)
"""By how much the wall clock may run apart from time that passed before it is named."""


class Clocks(Frozen, frozen=True):
    """What the clocks of a session say.

    Attributes:
        minute: Whole minutes from the first device or the start; None before it, and while the
            wall clock stands before it.
        after_last: Whole minutes from the last device or the end of the infusion, as the rules
            count them; None while that is not known.
        backward: Since when the wall clock stands behind what is recorded already; None if not.
    """

    minute: int | None
    after_last: int | None
    backward: dt.datetime | None = None


class DueWatch(Frozen, frozen=True):
    """Something to be watched for, and when.

    Attributes:
        watch: What the pack says of it.
        minute: When it is due.
        missed: Whether its time is over and nothing was recorded in it.
    """

    watch: Watch
    minute: int
    missed: bool = False


class LeaveGate(Frozen, frozen=True):
    """Whether the patient may leave at a minute, and from when.

    Attributes:
        decision: The decision at that minute.
        minute: The minute.
        from_minute: The first minute at which no rule of time stands against it; None where
            that cannot be told yet.
        questions: Questions without an answer that it waits for, in order.
        parts: Parts of an observation that are missing, or too old by that minute.
    """

    decision: DecisionAssessment
    minute: int
    from_minute: int | None
    questions: tuple[str, ...]
    parts: tuple[str, ...]


def is_running(visit: Visit) -> bool:
    """Tell whether a session's clock runs: it was begun and the patient has not left."""
    begun = visit.kind == "session" and visit.first_dose_at is not None
    return begun and visit.closed_at is None and visit.answers.get(END) is None


def clocks(pack: CoursePack, course: Course, visit: Visit, now: dt.datetime) -> Clocks:
    """Read the clocks of a session.

    Args:
        pack: The course of the pack.
        course: The course.
        visit: Its visit.
        now: The moment, with its time zone.
    """
    first = visit.first_dose_at
    if first is None:
        return Clocks(None, None)
    backward = latest(visit)
    if backward is not None and now < backward:
        minute = whole_minutes(first, now) if now >= first else None
    else:
        minute, backward = whole_minutes(first, now), None
    complete = pack.schedule.clock(course.pathway).minutes
    dosing: object = visit.answers.get(complete) if complete else 0
    if minute is None or not isinstance(dosing, int) or isinstance(dosing, bool):
        return Clocks(minute, None, backward)
    after = minute - dosing
    if after < 0:
        # Begun minutes of dosing count, so right after the last device fewer than none are over.
        return Clocks(minute, 0 if visit.last_dose_at else None, backward)
    return Clocks(minute, after, backward)


def latest(visit: Visit) -> dt.datetime | None:
    """Return the last moment that is recorded of a session: now cannot be before it."""
    moments = [visit.first_dose_at, visit.last_dose_at, *(row.at for row in visit.observations)]
    known = [moment for moment in moments if moment is not None]
    return max(known, default=None)


def whole_minutes(since: dt.datetime, now: dt.datetime) -> int:
    """Return the whole minutes that have passed; never more than have."""
    return int((now - since).total_seconds() // 60)


_TIME_OF_DAY = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])\Z")


def moment_of(text: str, now: dt.datetime, since: dt.datetime) -> dt.datetime | None:
    """Read a time of day, such as ``9:12``, as the last one that is not later than now.

    Args:
        text: As typed.
        now: The moment, with the time zone the day is told in.
        since: From when a time of yesterday can be meant: over midnight a session goes on.

    Returns:
        The moment; None for anything else.
    """
    found = _TIME_OF_DAY.match(text.strip())
    if found is None:
        return None
    time, today = dt.time(int(found[1]), int(found[2])), now.date()
    told = [item for item in _told(today, time, now) if item <= now]
    if not told:
        yesterday = _told(today - dt.timedelta(days=1), time, now)
        told = [item for item in yesterday if since <= item <= now]
    return max(told, default=None)


def midnight_before(day: dt.date) -> dt.datetime:
    """Return when a day begins, where the computer stands."""
    return dt.datetime.combine(day, dt.time()).astimezone()


def _told(day: dt.date, time: dt.time, now: dt.datetime) -> list[dt.datetime]:
    """Return what a time of day can mean: two moments or none where summer time ends or begins."""
    plain = dt.datetime.combine(day, time)
    if now.astimezone().utcoffset() != now.utcoffset():
        # Told in another zone than the computer's: nothing is known of its summer time.
        return [plain.replace(tzinfo=now.tzinfo)]
    both = [plain.replace(fold=fold).astimezone() for fold in (0, 1)]
    return [item for item in both if item.time() == time]


def dosing_minutes(first: dt.datetime, last: dt.datetime) -> int:
    """Return the minutes from first to last dose, begun ones counted: waiting is never shortened.

    Raises:
        ValueError: The last is before the first.
    """
    if last < first:
        raise ValueError("the last dose is before the first")
    return -int(-(last - first).total_seconds() // 60)


def clock_change(
    before: tuple[dt.datetime, float], after: tuple[dt.datetime, float]
) -> dt.timedelta | None:
    """Return by how much the wall clock was changed between two looks at both clocks.

    Args:
        before: Wall clock and seconds of a clock that nobody sets and that counts while the
            machine sleeps.
        after: The same, later.

    Returns:
        Positive where it was put forward; None where both went on alike.
    """
    passed = dt.timedelta(seconds=after[1] - before[1])
    changed = (after[0] - before[0]) - passed
    return changed if abs(changed) >= _DRIFT else None


# --- what is due ----------------------------------------------------------------------------------


def due_watches(
    pack: CoursePack, pathway: str, observations: Sequence[Observation], minute: int
) -> tuple[DueWatch, ...]:
    """Find what a session is watched for next, soonest first; what was missed comes last.

    Args:
        pack: The course of the pack.
        pathway: Of the course.
        observations: Of the session, in any order.
        minute: What the clock says.
    """
    found = [
        due
        for watch in pack.schedule.watch
        if pathway in watch.pathways
        and (due := _due(pack, watch, observations, minute)) is not None
    ]
    # Of two at one minute the one that something seen calls for says why.
    return tuple(sorted(found, key=lambda item: (item.missed, item.minute, not item.watch.closer)))


def _due(
    pack: CoursePack, watch: Watch, observations: Sequence[Observation], minute: int
) -> DueWatch | None:
    limits = pack.threshold_values
    minutes = {part: [at for at, _ in by_minute(observations, part)] for part in watch.parts}
    if watch.within:
        low, high = (limits[name] for name in watch.within)
        if all(any(low <= at <= high for at in rows) for rows in minutes.values()):
            return None
        return DueWatch(watch, watch.minute, missed=minute > high)
    assert watch.every is not None
    if watch.closer and not _called_for(watch, observations, limits):
        return None
    last = min((max(rows, default=-1) for rows in minutes.values()), default=-1)
    due = watch.minute if last < 0 else max(watch.minute, last + watch.every)
    return None if watch.until is not None and due > watch.until else DueWatch(watch, due)


def _called_for(
    watch: Watch, observations: Sequence[Observation], limits: Mapping[str, Decimal]
) -> bool:
    """Tell whether something that was seen last calls for a closer watch."""

    def last(part: str) -> Any:
        rows = by_minute(observations, part)
        return rows[-1][1] if rows else None

    high = ((last(part), limits[name]) for part, name in watch.at_least.items())
    low = ((last(part), limits[name]) for part, name in watch.below.items())
    return any(seen is not None and seen >= limit for seen, limit in high) or any(
        seen is not None and seen < limit for seen, limit in low
    )


# --- leaving --------------------------------------------------------------------------------------


class Leaving:
    """The gate to leaving of one session, judged again and again while it runs.

    From when time stands against it no more hangs on no observation: it is worked out anew only
    when an answer has changed.
    """

    def __init__(self, knowledge: CourseKnowledge) -> None:
        """Args: the compiled course."""
        self._knowledge = knowledge
        self._known: tuple[tuple[object, ...], int | None] | None = None

    def at(
        self,
        case: Case,
        course: Course,
        visit: Visit,
        on: dt.date,
        minute: int,
        screening: Screening | None = None,
    ) -> LeaveGate:
        """Judge whether the patient may leave at a minute, and work out from when.

        Args:
            case: The case.
            course: One of its courses.
            visit: One of the course's visits.
            on: Today.
            minute: The minute of leaving that is asked about; one that is recorded counts instead.
            screening: What is read of the screening, if it is known already.
        """
        stored: Any = visit.answers.get(END)
        at = stored if isinstance(stored, int) else minute
        given = visit_input(self._knowledge, case, course, visit, on, screening)

        def judge_at(end: int, seen: Sequence[Observation]) -> VisitJudge:
            answers = {**given.answers, END: end}
            tables = {**given.tables, OBSERVATIONS: seen}
            asked = given.replaced(answers=answers, unknown=given.unknown - {END}, tables=tables)
            return VisitJudge(self._knowledge, course, visit, asked, on)

        pack = self._knowledge.pack
        leave = pack.decision_of("leave")
        decision = judge_at(at, visit.observations).decision(leave)
        needs = [need for rule in decision.open if not rule.optional for need in rule.needs]
        state = (given.answers, given.unknown, given.given, given.overrides, course.pathway)
        if self._known is None or self._known[0] != state:
            # Without what was seen, a rule that reads both time and values is one of time alone.
            self._known = state, _from_minute(lambda end: judge_at(end, ()), leave)
        return LeaveGate(
            decision,
            at,
            self._known[1],
            tuple(ident for ident in pack.questions if ident in needs),
            _missing_parts(pack, visit, at),
        )


def _from_minute(judge_at: Callable[[int], VisitJudge], leave: str) -> int | None:
    """Return the first minute without a rule of time against it; time only ever lifts those."""

    def clear(end: int) -> bool:
        judge = judge_at(end)
        if None in (judge.facts.values.get(AFTER_LAST), judge.facts.values.get(DOSE)):
            return False
        return not any(
            AFTER_LAST in finding.facts and finding.effect == "unmet"
            for finding in judge.decision(leave).findings
        )

    if not clear(_LONGEST_WAIT):
        return None
    low, high = -1, _LONGEST_WAIT
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if clear(middle) else (middle, high)
    return high


def _missing_parts(pack: CoursePack, visit: Visit, minute: int) -> tuple[str, ...]:
    """Return the parts that leaving is judged by and that nobody has looked at lately."""
    parts = [part for fact, part in LAST_SEEN.items() if fact in pack.derived]
    window = int(pack.threshold_values[LEAVE_WINDOW]) if parts else 0
    return tuple(
        part
        for part in parts
        if not (rows := by_minute(visit.observations, part)) or rows[-1][0] < minute - window
    )
