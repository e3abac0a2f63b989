"""When the next session would be, what was missed, and what falls due."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from ketatui.cases.courses import Course, Visit
from ketatui.cases.model import Revision
from ketatui.course.due import due_in
from ketatui.course.missed import intervals_before
from ketatui.course.naming import visit_name
from ketatui.course.schedule import StepBack, late_from, next_session, step_back, timeline
from tests.course.support import DAY, course_of, earlier, knowledge, score, screened, visit_of
from tests.each import each

PACK = knowledge().pack


def on_days(pathway: str, *days: int, **more: Any) -> Course:
    """A course with doses on some days of it; day 1 is a Monday."""
    visits = [
        visit_of(pathway, number=n, date=DAY + dt.timedelta(day - 1))
        for n, day in enumerate(days, start=1)
    ]
    return course_of(pathway, visits, **more)


def proposed(course: Course) -> tuple[int, int] | None:
    """The days of the course that the next session is proposed for."""
    last = max(visit.date for visit in course.visits)
    found = next_session(PACK, course, last)
    if found is None:
        return None
    return (found.earliest - DAY).days + 1, (found.latest - DAY).days + 1


@each(
    ("days", "expected"),
    [
        ([1], (4, 5)),
        ([1, 4], (8, 8)),  # Day 7 is still in week 1, which had its two.
        ([1, 5], (8, 9)),
        ([1, 4, 8], (11, 12)),
        ([1, 4, 8, 11, 15, 18, 22, 25], (32, 32)),
        ([1, 8], (11, 12)),  # The session of day 4 was missed and is not caught up.
        ([1, 4, 8, 11, 15, 18, 22, 25, 32], (39, 39)),
        ([1, 25, 50], (64, 64)),  # In week 9 and later every two weeks.
    ],
)
def test_the_next_session_of_spravato(days: list[int], expected: tuple[int, int]) -> None:
    assert proposed(on_days("spravato", *days)) == expected


def test_maintenance_goes_by_the_interval_of_the_plan() -> None:
    assert proposed(on_days("spravato", 1, 60, interval_days=7)) == (67, 67)


def test_beyond_four_weeks_of_acute_suicidality_nothing_is_proposed() -> None:
    days = (1, 4, 8, 11, 15, 18, 22, 25)
    assert proposed(on_days("spravato", *days, basis="mdsi")) is None


@pytest.mark.parametrize(("interval", "expected"), [(3, (4, 4)), (None, None)])
def test_racemic_sessions_go_by_the_plan(interval: int | None, expected: Any) -> None:
    assert proposed(on_days("iv", 1, interval_days=interval)) == expected


def test_a_stopped_course_has_no_next_session() -> None:
    assert next_session(PACK, on_days("spravato", 1, stopped=DAY), DAY) is None


def test_a_held_session_moves_nothing() -> None:
    held = visit_of("spravato", number=2, date=DAY + dt.timedelta(3), dose_mg=0)
    course = on_days("spravato", 1)
    assert proposed(course.replaced(visits=(*course.visits, held))) == (4, 5)


def test_the_timeline_says_what_was_what_was_missed_and_what_comes() -> None:
    held = visit_of("spravato", number=3, date=DAY + dt.timedelta(10), dose_mg=0)
    review = visit_of(
        "spravato", number=4, date=DAY + dt.timedelta(11), kind="review", dose_mg=None
    )
    course = on_days("spravato", 1, 8)
    course = course.replaced(visits=(*course.visits, held, review))
    found = timeline(PACK, course, DAY + dt.timedelta(14))
    assert [(entry.kind, (entry.date - DAY).days + 1, entry.week) for entry in found] == [
        ("given", 1, 1),
        ("missed", 7, 1),
        ("given", 8, 2),
        ("held", 11, 2),
        ("review", 12, 2),
        ("proposed", 12, 2),
        ("missed", 14, 2),
    ]


def test_a_session_that_is_planned_takes_the_place_of_a_proposal() -> None:
    planned = visit_of("spravato", number=2, date=DAY + dt.timedelta(4), dose_mg=None)
    course = on_days("spravato", 1)
    course = course.replaced(visits=(*course.visits, planned))
    kinds = [entry.kind for entry in timeline(PACK, course, DAY + dt.timedelta(1))]
    assert kinds == ["given", "planned"]
    later = [entry.kind for entry in timeline(PACK, course, DAY + dt.timedelta(6))]
    assert later == ["given", "not_recorded", "proposed"]


INDUCED = (1, 4, 8, 11, 15, 18, 22, 25, 29, 36, 43, 50)
"""Doses of eight weeks as the label has them; day 57 is the first of maintenance."""


def missed(course: Course, day: int, *before: tuple[int, int | None]) -> list[tuple[int, int]]:
    """The sessions missed up to a day: the last day they stand for, and how many."""
    known = tuple((DAY + dt.timedelta(until - 1), days) for until, days in before)
    found = timeline(PACK, course, DAY + dt.timedelta(day - 1), known)
    rows = [item for item in found if item.kind == "missed"]
    assert all(item.phase == "maintenance" for item in rows)
    return [((item.date - DAY).days + 1, item.count) for item in rows]


@each(
    ("interval", "doses", "day", "expected"),
    [
        (7, (57, 64), 71, []),
        (7, (57,), 70, []),  # Late, and due until the one after it is due as well.
        (7, (57,), 71, [(64, 1)]),
        (7, (57, 70), 70, []),
        (7, (57, 71), 71, [(64, 1)]),
        (7, (), 64, [(57, 1)]),  # The first of maintenance, after the last of week 8.
        (14, (64,), 91, []),
        (14, (64,), 92, [(78, 1)]),
        (14, (64, 120), 120, [(106, 3)]),
        (None, (64, 92), 92, [(78, 1)]),  # Every two weeks where the plan says nothing.
    ],
)
def test_a_session_is_missed_in_maintenance_once_the_one_after_it_is_due(
    interval: int | None, doses: tuple[int, ...], day: int, expected: list[tuple[int, int]]
) -> None:
    assert missed(on_days("spravato", *INDUCED, *doses, interval_days=interval), day) == expected


def test_what_was_missed_goes_by_the_interval_planned_at_the_time() -> None:
    course = on_days("spravato", *INDUCED, 64, 78, 92, 99, interval_days=7)
    assert missed(course, 99) == [(57, 1), (71, 1), (85, 1)]
    assert missed(course, 99, (92, 14)) == []
    assert missed(course, 99, (70, 7), (92, 14)) == [(57, 1), (71, 1)]


def test_a_session_whose_dose_was_not_recorded_is_not_missed() -> None:
    course = on_days("spravato", *INDUCED, 57, interval_days=7)
    unknown = visit_of("spravato", number=20, date=DAY + dt.timedelta(63), dose_mg=None)
    assert missed(course.replaced(visits=(*course.visits, unknown)), 71) == []
    held = visit_of("spravato", number=20, date=DAY + dt.timedelta(63), dose_mg=0)
    assert missed(course.replaced(visits=(*course.visits, held)), 71) == [(64, 1)]


def test_nothing_is_missed_after_the_course_was_stopped_or_without_a_schedule() -> None:
    assert missed(on_days("spravato", *INDUCED, 57, stopped=DAY + dt.timedelta(60)), 200) == []
    assert missed(on_days("iv", 1, 4, 7, 10, 13, 16, interval_days=7), 200) == []


def test_nothing_is_missed_while_the_clock_stands_before_the_first_dose() -> None:
    course = on_days("spravato", *INDUCED, 57)
    for day in (0, -200):
        assert timeline(PACK, course, DAY + dt.timedelta(day - 1))[0].kind == "given"
        assert missed(course, day) == []


def test_the_history_tells_which_interval_was_planned_when() -> None:
    course = on_days("spravato", 1, interval_days=7)
    changes = ({"what": "courses[0].interval_days", "old": 14, "new": 7}, {"what": "label"})
    at = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
    case = screened().replaced(
        courses=(course,), revisions=(Revision(number=1, at=at, changes=changes),)
    )
    assert intervals_before(case, course, DAY) == ((at.date(), 14),)
    unsaved = course.replaced(interval_days=14)
    assert intervals_before(case, unsaved, DAY) == ((at.date(), 14), (DAY, 7))
    assert intervals_before(case, course.replaced(id="c2"), DAY) == ()


def maintained(last: int, *values: tuple[int, int]) -> Course:
    """A course in maintenance every two weeks, with scores on some days."""
    course = on_days("spravato", 1, 60, last)
    rows = [score("madrs", 1 - day, value) for day, value in values]
    return course.replaced(scores=tuple(rows))


def test_after_a_missed_session_and_a_worse_score_one_step_back_is_offered() -> None:
    worse = maintained(74, (1, 30), (30, 10), (88, 15))
    assert step_back(PACK, worse, DAY + dt.timedelta(88)) == StepBack(14, (7,))


def test_after_one_step_back_no_second_is_offered_for_the_same_session() -> None:
    stepped = maintained(74, (1, 30), (30, 10), (88, 15)).replaced(interval_days=7)
    on = DAY + dt.timedelta(88)
    assert step_back(PACK, stepped, on, ((on, 14),)) is None
    # None: the plan said nothing of it, and every two weeks is usual.
    assert step_back(PACK, stepped, on, ((on, None),)) is None
    # Weekly since before the last dose: the next step is twice a week.
    assert step_back(PACK, stepped, on, ((DAY, 14),)) == StepBack(7, (3, 4))


@each(
    ("days", "changed", "late"),
    [
        (14, (), 14),
        (7, ((10, 14),), 10),  # Shortened while it was in time.
        (7, ((3, 14),), 7),  # Shortened before it would have been due either way.
        (7, ((20, 14),), 14),  # Shortened when it was late.
        (14, ((10, 7),), 14),  # Lengthened when it was late.
        (14, ((10, 14), (12, 7)), 14),  # Shortened, and back.
        (7, ((10, None),), 10),  # The usual interval, as nothing was planned.
    ],
)
def test_a_session_is_late_by_what_was_planned_at_the_time(
    days: int, changed: tuple[tuple[int, int | None], ...], late: int
) -> None:
    course = on_days("spravato", 1, 60, interval_days=days)
    last = DAY + dt.timedelta(59)
    before = tuple((last + dt.timedelta(day), old) for day, old in changed)
    assert late_from(PACK, course, last + dt.timedelta(30), before) == last + dt.timedelta(late)


def test_what_is_due_goes_by_what_was_planned_at_the_time() -> None:
    course = on_days("spravato", 1, 60, interval_days=7)
    last = DAY + dt.timedelta(59)
    at = dt.datetime.combine(last + dt.timedelta(10), dt.time(12), dt.UTC)
    change = {"what": "courses[0].interval_days", "old": 14, "new": 7}
    saved = Revision(number=2, at=at, by="A", why="w", changes=(change,))
    case = screened().replaced(courses=(course,))
    on = last + dt.timedelta(30)
    for revisions, days in (((), 7), ((saved,), 10)):
        found = due_in(knowledge(), case.replaced(revisions=revisions), on)
        assert [item.by for item in found if item.what == "session"] == [last + dt.timedelta(days)]


def test_no_step_back_is_offered_without_either() -> None:
    worse = maintained(74, (1, 30), (30, 10), (88, 15))
    assert step_back(PACK, worse, DAY + dt.timedelta(87)) is None
    better = maintained(74, (1, 30), (30, 10), (88, 14))
    assert step_back(PACK, better, DAY + dt.timedelta(88)) is None


def due(course: Course, days: int, *before: Course) -> dict[str, int]:
    """What is due of a course so many days after day 1, by the day of the course."""
    case = screened().replaced(courses=(*before, course))
    found = due_in(knowledge(), case, DAY + dt.timedelta(days))
    assert found == sorted(found, key=lambda item: item.by)
    return {item.what: (item.by - DAY).days + 1 for item in found}


def test_a_form_is_due_seven_days_after_each_session_of_an_outpatient() -> None:
    unsent = visit_of("spravato", number=1, rems_form_sent=False)
    assert due(course_of("spravato", [unsent]), 0)["rems-form"] == 8
    assert "rems-form" not in due(on_days("spravato", 1), 0)
    ward = course_of("spravato", [unsent], site="inpatient_unit")
    assert "rems-form" not in due(ward, 0)
    held = visit_of("spravato", number=1, rems_form_sent=False, dose_mg=0)
    assert "rems-form" not in due(course_of("spravato", [held]), 0)
    assert "rems-form" not in due(course_of("iv", [visit_of("iv", rems_form_sent=False)]), 0)


def test_it_stays_due_after_the_course_was_stopped_and_in_an_earlier_course() -> None:
    unsent = visit_of("spravato", number=1, rems_form_sent=False)
    stopped = course_of("spravato", [unsent], stopped=DAY)
    assert due(stopped, 30) == {"rems-form": 8}
    later = course_of("iv", [], id="c2", basis="other")
    assert due(later, 30, stopped) == {"rems-form": 8}


def test_until_the_day_on_which_it_stops_what_comes_before_that_stays_due() -> None:
    course = on_days("spravato", 1)
    to_stop = course.replaced(stopped=DAY + dt.timedelta(20))
    assert due(course, 2) == {"session": 5, "review": 28, "urinary": 91}
    assert due(to_stop, 2) == due(to_stop, 19) == {"session": 5}
    assert due(to_stop, 20) == {}
    assert next_session(PACK, to_stop, DAY + dt.timedelta(19)) is not None
    assert next_session(PACK, to_stop, DAY + dt.timedelta(20)) is None


def test_a_serious_event_is_due_the_day_itself() -> None:
    visit = visit_of("iv", number=1, events=[{"serious": True}])
    assert due(course_of("iv", [visit]), 3)["serious-event"] == 1
    told = visit_of("iv", number=1, events=[{"serious": True, "reported_on": DAY}])
    assert "serious-event" not in due(course_of("iv", [told]), 3)


def test_benefit_is_reviewed_on_day_28_and_then_every_90_days() -> None:
    course = on_days("spravato", 1)
    assert due(course, 5)["review"] == 28
    early = course.replaced(scores=(score("madrs", -20, 10),))  # Day 21 is too early to say.
    assert due(early, 40)["review"] == 28
    scored = course.replaced(scores=(score("madrs", -21, 10),))
    assert due(scored, 40)["review"] == 22 + 90


def test_a_racemic_course_is_reviewed_after_the_sixth_session() -> None:
    assert "review" not in due(on_days("iv", 1, 4, 7, 10, 13), 13)
    assert due(on_days("iv", 1, 4, 7, 10, 13, 16), 16)["review"] == 16


def test_liver_tests_are_due_every_90_days_of_a_racemic_course() -> None:
    course = course_of("iv", [visit_of("iv", number=1, liver_tests=None)])
    assert due(course, 5)["liver"] == 91
    assert "liver" not in due(on_days("spravato", 1), 5)
    done = visit_of("iv", number=2, date=DAY + dt.timedelta(20), liver_tests="abnormal")
    assert due(course.replaced(visits=(*course.visits, done)), 21)["liver"] == 21 + 90
    not_done = done.replaced(answers={**done.answers, "visit.liver_tests": "overdue"})
    assert due(course.replaced(visits=(*course.visits, not_done)), 21)["liver"] == 91


def test_the_bladder_is_asked_about_every_90_days() -> None:
    assert due(on_days("spravato", 1, 4), 5)["urinary"] == 4 + 90


def test_a_session_without_a_dose_is_due_on_its_day() -> None:
    waiting: list[Visit] = [*earlier("spravato", 3), visit_of("spravato", number=2, dose_mg=None)]
    case = screened().replaced(courses=(course_of("spravato", waiting),))
    found = [item for item in due_in(knowledge(), case, DAY) if item.what == "session"]
    assert [(item.for_visit, item.by) for item in found] == [(2, DAY)]


@pytest.mark.parametrize(
    ("pathway", "interval", "latest"),
    [("spravato", None, 4), ("iv", 3, 3), ("iv", None, 7)],
)
def test_after_a_first_session_that_was_held_the_next_one_is_due(
    pathway: str, interval: int | None, latest: int
) -> None:
    held = visit_of(pathway, number=1, dose_mg=Decimal(0))
    course = course_of(pathway, [held], interval_days=interval)
    found = next_session(knowledge().pack, course, DAY)
    assert found is not None
    assert (found.earliest, found.latest) == (
        DAY + dt.timedelta(1),
        DAY + dt.timedelta(latest),
    )
    assert due(course, 1)["session"] == 1 + latest
    assert step_back(knowledge().pack, course, DAY + dt.timedelta(30)) is None
    entries = timeline(knowledge().pack, course, DAY)
    assert [item.kind for item in entries] == ["held", "proposed"]
    assert next_session(knowledge().pack, course.replaced(stopped=DAY), DAY) is None


def test_a_session_is_named_by_its_place_among_the_doses_and_a_review_as_one() -> None:
    held = visit_of("spravato", number=2, date=DAY + dt.timedelta(3), dose_mg=0)
    review = visit_of("spravato", number=3, date=DAY + dt.timedelta(4), kind="review", dose_mg=None)
    open_ = visit_of("spravato", number=4, date=DAY + dt.timedelta(7), dose_mg=None)
    after = visit_of("spravato", number=5, date=DAY + dt.timedelta(10))
    course = on_days("spravato", 1)
    course = course.replaced(visits=(*course.visits, held, review, open_, after))
    named = [visit_name(course, visit) for visit in course.in_order]
    # The fourth may have been a dose: what comes after it has no number yet.
    assert named == ["session 1", "session 2", "review", "session 2", "session"]
