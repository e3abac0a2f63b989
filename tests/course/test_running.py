"""A running session: its clocks, what is due when, and from when the patient may leave."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.courses import Course, Observation, Visit
from ketatui.course.running import (
    Clocks,
    LeaveGate,
    Leaving,
    clock_change,
    dosing_minutes,
    due_watches,
    is_running,
    moment_of,
)
from ketatui.course.running import clocks as running_clocks
from ketatui.course.sessions import LAST_SEEN
from tests.course.support import DAY, course_of, knowledge, screened, visit_of
from tests.effort import tries


def clocks(course: Course, visit: Visit, now: dt.datetime) -> Clocks:
    return running_clocks(knowledge().pack, course, visit, now)


START = dt.datetime(2027, 1, 4, 9, 12, 30, tzinfo=dt.UTC)


def after(minutes: float) -> dt.datetime:
    return START + dt.timedelta(minutes=minutes)


def running(pathway: str = "spravato", **more: Any) -> Visit:
    changes = {"end_minute": None, **more}
    return visit_of(pathway, watched=(), **changes).replaced(first_dose_at=START)


# --- clocks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "shown"), [(0, 0), (0.99, 0), (1, 1), (39.99, 39), (40, 40), (180, 180)]
)
def test_a_minute_is_counted_when_it_is_over(minutes: float, shown: int) -> None:
    assert clocks(course_of("spravato", ()), running(), after(minutes)).minute == shown


def test_the_second_clock_is_the_one_that_the_rules_count() -> None:
    course = course_of("spravato", ())
    assert clocks(course, running(minutes_dosing=10), after(41)).after_last == 31
    assert clocks(course, running(minutes_dosing=None), after(41)).after_last is None
    assert clocks(course, running(minutes_dosing=10), after(4)).after_last is None
    infusion = course_of("iv", ())
    assert clocks(infusion, running("iv", infusion_minutes=40), after(55)).after_last == 15
    assert clocks(course_of("im", ()), running("im"), after(55)).after_last == 55


def test_right_after_the_last_device_no_minute_is_over() -> None:
    course, last = course_of("spravato", ()), after(0.5)
    visit = running(minutes_dosing=dosing_minutes(START, last)).replaced(last_dose_at=last)
    assert clocks(course, visit, after(0.6)).after_last == 0
    assert clocks(course, visit, after(2)).after_last == 1
    unknown = running(minutes_dosing=None).replaced(last_dose_at=last)
    assert clocks(course, unknown, after(2)).after_last is None


def test_another_time_zone_changes_no_clock() -> None:
    there = after(41).astimezone(dt.timezone(dt.timedelta(hours=-8)))
    assert clocks(course_of("spravato", ()), running(), there).minute == 41


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The computer stands in New York, where summer time ends on 2026-11-01 at 2:00."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("new_york")
@pytest.mark.parametrize(
    ("typed", "now", "told"),
    [
        ("9:12", "2027-01-04T14:30Z", "2027-01-04T14:12Z"),
        ("9:31", "2027-01-04T14:30Z", None),
        # Over midnight: of yesterday, since the session was begun.
        ("23:50", "2027-01-05T05:10Z", "2027-01-05T04:50Z"),
        ("23:29", "2027-01-05T05:10Z", None),
        ("0:05", "2027-01-05T05:10Z", "2027-01-05T05:05Z"),
        # Summer time ended meanwhile: the hour from 1 to 2 was there twice.
        ("0:50", "2026-11-01T06:30Z", "2026-11-01T04:50Z"),
        ("1:20", "2026-11-01T06:30Z", "2026-11-01T06:20Z"),
        ("1:40", "2026-11-01T06:30Z", "2026-11-01T05:40Z"),
        ("1:50", "2026-03-08T07:30Z", "2026-03-08T06:50Z"),
        ("2:10", "2026-03-08T07:30Z", None),  # There was no such time that night.
    ],
)
def test_a_time_of_day_that_is_typed_is_the_last_one_there_was(
    typed: str, now: str, told: str | None
) -> None:
    moment = dt.datetime.fromisoformat(now).astimezone()
    # The session was begun 40 minutes ago, at 23:30 on the evening before.
    found = moment_of(typed, moment, moment - dt.timedelta(minutes=40))
    assert found == (dt.datetime.fromisoformat(told) if told else None)


@pytest.mark.usefixtures("new_york")
def test_a_session_over_midnight_and_the_end_of_summer_time_counts_minutes_that_passed() -> None:
    begun = dt.datetime.fromisoformat("2026-11-01T03:40Z").astimezone()
    visit = running().replaced(date=begun.date(), first_dose_at=begun)
    for minutes in (19, 21, 140, 200):
        now = dt.datetime.fromtimestamp(begun.timestamp() + 60 * minutes).astimezone()
        assert clocks(course_of("spravato", ()), visit, now).minute == minutes
    assert begun.date() == dt.date(2026, 10, 31)


def test_a_clock_that_went_back_is_named_and_counts_nothing_before_the_start() -> None:
    course = course_of("spravato", ())
    visit = running().replaced(observations=(Observation(minute=40, spo2=97, at=after(40)),))
    found = clocks(course, visit, after(20))
    assert (found.minute, found.backward) == (20, after(40))
    found = clocks(course, visit, after(-30))
    assert (found.minute, found.backward) == (None, after(40))
    assert clocks(course, visit, after(40)).backward is None


def test_begun_minutes_of_dosing_count_so_that_waiting_is_never_shortened() -> None:
    assert dosing_minutes(START, after(5)) == 5
    assert dosing_minutes(START, after(5.01)) == 6
    assert dosing_minutes(START, START) == 0
    with pytest.raises(ValueError, match="before the first"):
        dosing_minutes(START, after(-1))


@settings(max_examples=tries(200))
@given(st.integers(0, 900), st.integers(0, 20_000))
def test_two_shown_minutes_are_never_more_than_have_passed(dosing: int, later: int) -> None:
    last = START + dt.timedelta(seconds=dosing)
    now = last + dt.timedelta(seconds=later)
    visit = running(minutes_dosing=dosing_minutes(START, last))
    shown = clocks(course_of("spravato", ()), visit, now).after_last
    assert (shown or 0) * 60 <= later


@pytest.mark.parametrize(
    ("wall", "passed", "said"),
    [(600, 600, None), (659, 600, None), (660, 600, 60), (-3000, 600, -3600), (4200, 600, 3600)],
)
def test_a_change_of_the_clock_is_told_from_time_that_passed(
    wall: int, passed: int, said: int | None
) -> None:
    changed = clock_change((START, 50.0), (START + dt.timedelta(seconds=wall), 50.0 + passed))
    assert changed == (None if said is None else dt.timedelta(seconds=said))


def test_a_session_runs_from_the_first_device_until_the_patient_leaves_or_it_is_closed() -> None:
    assert is_running(running())
    assert not is_running(running().replaced(first_dose_at=None))
    assert not is_running(running(end_minute=130))
    assert not is_running(running().replaced(closed_at=START))


# --- what is due --------------------------------------------------------------------------------

EVERYTHING = {"systolic": 130, "diastolic": 80, "spo2": 97, "sedation": 5, "dissociation": "none"}


def due(pathway: str, minute: int, *rows: Mapping[str, Any]) -> list[tuple[str, int, bool]]:
    seen = [Observation(**row) for row in rows]
    found = due_watches(knowledge().pack, pathway, seen, minute)
    return [(item.watch.id, item.minute, item.missed) for item in found]


def everything(*minutes: int) -> Sequence[Mapping[str, Any]]:
    return [{"minute": minute, **EVERYTHING} for minute in minutes]


def test_a_session_of_spravato_is_due_at_40_minutes_and_then_every_30() -> None:
    assert due("spravato", 0)[0] == ("pressure-at-40", 40, False)
    assert due("spravato", 41, *everything(40)) == [("watch-until-leaving", 70, False)]
    assert due("spravato", 41, *everything(40, 66)) == [("watch-until-leaving", 96, False)]


@pytest.mark.parametrize(("minute", "counts"), [(29, False), (30, True), (50, True), (51, False)])
def test_a_pressure_counts_as_the_one_at_40_from_30_to_50(minute: int, counts: bool) -> None:
    left = [item[0] for item in due("spravato", 52, {"minute": minute, **EVERYTHING})]
    assert ("pressure-at-40" not in left) == counts


def test_what_was_missed_is_said_and_no_longer_due_first() -> None:
    assert due("spravato", 50)[0] == ("pressure-at-40", 40, False)
    found = due("spravato", 51, {"minute": 20, **EVERYTHING})
    assert found == [("watch-until-leaving", 50, False), ("pressure-at-40", 40, True)]


def test_values_of_several_lines_count_together() -> None:
    rows = (
        {"minute": 40, "systolic": 130, "diastolic": 80},
        {"minute": 42, "spo2": 97, "sedation": 5, "dissociation": "none"},
    )
    assert due("spravato", 43, *rows) == [("watch-until-leaving", 70, False)]
    assert due("spravato", 43, rows[1])[0] == ("pressure-at-40", 40, False)


def test_an_infusion_is_watched_every_10_minutes_and_every_15_after_it() -> None:
    assert due("iv", 0)[0] == ("infusion-pressure", 10, False)
    assert due("iv", 12, *everything(11))[0] == ("infusion-pressure", 21, False)
    assert due("iv", 41, *everything(39)) == [("after-infusion", 55, False)]
    assert due("iv", 60, *everything(39, 56)) == [("after-infusion", 71, False)]


@pytest.mark.parametrize("pathway", ["spravato", "iv", "im", "oral"])
def test_a_high_pressure_is_taken_again_soon_until_it_has_come_down(pathway: str) -> None:
    def again(upper: int, lower: int) -> list[tuple[str, int, bool]]:
        rows = [*everything(30), {"minute": 41, "systolic": upper, "diastolic": lower}]
        return [item for item in due(pathway, 42, *rows) if item[0] == "pressure-high"]

    assert again(159, 99) == []
    assert again(160, 99) == [("pressure-high", 51, False)]
    assert again(159, 100) == [("pressure-high", 51, False)]
    high = {"minute": 41, "systolic": 182, "diastolic": 90}
    assert due(pathway, 42, *everything(41), high)[0] == ("pressure-high", 51, False)


def test_low_oxygen_is_looked_at_again_soon() -> None:
    rows = [*everything(40), {"minute": 44, "spo2": 92}]
    assert due("spravato", 45, *rows)[0] == ("oxygen-low", 49, False)
    assert due("spravato", 50, *rows, {"minute": 50, "spo2": 93})[0][0] == "watch-until-leaving"


@pytest.mark.parametrize(("pathway", "first"), [("im", 15), ("oral", 30)])
def test_every_pathway_is_watched_for_something(pathway: str, first: int) -> None:
    assert due(pathway, 0)[0][1] == first


# --- leaving ------------------------------------------------------------------------------------


def gate(visit: Visit, minute: int, pathway: str = "spravato", **case: Any) -> LeaveGate:
    course = course_of(pathway, (visit,))
    whole = screened(**case).replaced(courses=(course,))
    return Leaving(knowledge()).at(whole, course, visit, DAY, minute)


@pytest.mark.parametrize(
    ("pathway", "changes", "first"),
    [
        ("spravato", {"minutes_dosing": 5}, 125),
        ("spravato", {"minutes_dosing": 10}, 130),
        ("iv", {"infusion_minutes": 40}, 100),
        ("im", {}, 60),
        ("oral", {}, 120),
    ],
)
def test_it_says_from_which_minute_time_stands_against_leaving_no_more(
    pathway: str, changes: dict[str, Any], first: int
) -> None:
    visit = running(pathway, **changes)
    assert gate(visit, 41, pathway).from_minute == first
    stays = [item.rule for item in gate(visit, first - 1, pathway).decision.findings]
    goes = [item.rule for item in gate(visit, first, pathway).decision.findings]
    waiting = {"leave-two-hours", "leave-observed", "leave-observed-oral"}
    assert waiting & set(stays) and not waiting & set(goes)


def test_an_maoi_makes_it_two_hours_and_a_rising_pressure_does_not_move_the_minute() -> None:
    rising = running("im").replaced(
        observations=tuple(
            Observation(minute=minute, systolic=upper, diastolic=80)
            for minute, upper in ((100, 120), (119, 128))
        )
    )
    found = gate(rising, 119, "im", medications=("phenelzine",))
    assert found.from_minute == 120
    assert found.decision.finding("leave-maoi") is not None


def test_until_the_last_device_or_the_dose_is_known_nobody_can_say_from_when() -> None:
    assert gate(running(minutes_dosing=None), 41).from_minute is None
    assert gate(running(dose_mg=None), 41).from_minute is None


def test_it_names_what_is_missing_and_what_is_too_old() -> None:
    visit = running(minutes_dosing=5, walks_safely=None, clinician_agrees=None).replaced(
        observations=(
            Observation(minute=101, systolic=130, diastolic=80, spo2=97),
            Observation(minute=130, sedation=5, dissociation="none"),
        )
    )
    found = gate(visit, 131)
    assert found.parts == ()
    assert found.questions == ("visit.walks_safely", "visit.clinician_agrees")
    assert gate(visit, 132).parts == ("systolic", "diastolic", "spo2")
    assert gate(visit, 131).decision.verdict == "incomplete"


def test_values_of_30_minutes_ago_still_count_for_leaving() -> None:
    visit = running(minutes_dosing=5).replaced(
        observations=tuple(Observation(**row) for row in everything(40, 100))
    )
    assert gate(visit, 130).parts == ()
    assert gate(visit, 130).decision.verdict == "fits"
    assert gate(visit, 131).parts == tuple(LAST_SEEN.values())


def test_a_recorded_minute_of_leaving_counts_instead_of_the_clock() -> None:
    visit = running(minutes_dosing=5).replaced(
        observations=tuple(Observation(**row) for row in everything(40, 100))
    )
    left = visit.replaced(answers={**visit.answers, "visit.end_minute": 120})
    assert gate(left, 500).minute == 120
    assert gate(left, 500).decision.finding("leave-two-hours") is not None


def test_one_gate_asked_again_and_again_says_what_a_fresh_one_says() -> None:
    one = Leaving(knowledge())
    visits = [running(minutes_dosing=dosing) for dosing in (None, 5, 10)]
    visits += [
        visits[1].replaced(observations=(Observation(minute=40, spo2=90),)),
        running(minutes_dosing=5, dose_mg=None),
        visits[2].replaced(answers={**visits[2].answers, "visit.end_minute": 90}),
    ]
    for visit in (*visits, *reversed(visits)):
        course = course_of("spravato", (visit,))
        whole = screened().replaced(courses=(course,))
        found = one.at(whole, course, visit, DAY, 60)
        fresh = gate(visit, 60)
        assert found == fresh
