"""Calculated facts of a visit, each as the table of the course says it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from ketatui.cases.courses import Visit
from tests.course.support import (
    DAY,
    assessed,
    course_of,
    earlier,
    score,
    screened,
    visit_of,
)
from tests.each import each

FROM_DOSES = (
    "course.day",
    "course.week",
    "course.session",
    "course.earlier_doses",
    "course.days_since_last",
    "course.sessions_today",
    "course.sessions_this_week",
    "course.phase",
)


def fact(ident: str, pathway: str = "spravato", **more: Any) -> Any:
    return assessed(pathway, **more).values[ident]


def test_the_first_session_is_day_1_of_week_1() -> None:
    values = assessed("spravato").values
    assert [values[ident] for ident in FROM_DOSES] == [1, 1, 1, 0, 0, 0, 0, "induction"]


@pytest.mark.parametrize(
    ("days", "day", "week"), [(0, 1, 1), (6, 7, 1), (7, 8, 2), (27, 28, 4), (28, 29, 5)]
)
def test_weeks_begin_with_the_day_of_the_first_dose(days: int, day: int, week: int) -> None:
    values = assessed("spravato", before=earlier("spravato", days)).values
    assert (values["course.day"], values["course.week"]) == (day, week)


def test_a_held_session_is_neither_a_session_nor_day_1() -> None:
    before = [*earlier("spravato", 10, dose=0), *earlier("spravato", 3)]
    before[1] = before[1].replaced(number=2)
    values = assessed("spravato", before=before).values
    assert [values[ident] for ident in FROM_DOSES[:5]] == [4, 1, 2, 1, 3]


def test_a_review_is_no_session() -> None:
    review = visit_of("spravato", number=1, date=DAY - dt.timedelta(9), kind="review", dose_mg=None)
    assert fact("course.session", before=[review]) == 1


def test_a_session_without_a_dose_keeps_open_what_hangs_on_it() -> None:
    before = earlier("spravato", 7, 3)
    before[1] = visit_of("spravato", number=2, date=before[1].date, dose_mg=None)
    assessment = assessed("spravato", before=before, scores=[score("madrs", 8, 30)])
    unknown = [*FROM_DOSES, "course.benefit_reviewed", "score.baseline", "score.now"]
    assert [assessment.values[ident] for ident in unknown] == [None] * len(unknown)
    opened = {rule.rule: rule.needs for item in assessment.decisions for rule in item.open}
    assert opened["gate-same-day"] == ("courses.visits",)


def test_a_later_session_without_a_dose_changes_nothing() -> None:
    later = visit_of("spravato", number=3, date=DAY + dt.timedelta(3), dose_mg=None)
    now = visit_of("spravato", number=2)
    course = course_of("spravato", [*earlier("spravato", 3), now, later])
    assert (
        assessed("spravato", now, before=[*earlier("spravato", 3), later]).values["course.session"]
        == 2
    )
    assert len(course.visits) == 3


def test_of_one_date_the_smaller_number_is_earlier() -> None:
    before = [visit_of("spravato", number=1), visit_of("spravato", number=2)]
    assert fact("course.sessions_today", visit=visit_of("spravato", number=3), before=before) == 2
    assert fact("course.sessions_today", visit=before[0], before=[visit_of("spravato")]) == 0


def test_doses_of_another_course_count_as_earlier_doses_and_not_as_sessions() -> None:
    other = course_of("iv", earlier("iv", 0, 40), id="c0", basis="other")
    values = assessed("spravato", others=[other]).values
    assert values["course.session"] == 1
    assert values["course.earlier_doses"] == 2
    assert values["course.days_since_last"] == 0
    assert values["course.sessions_today"] == 1


def test_a_dose_of_today_in_a_course_before_counts_whatever_its_number() -> None:
    former = course_of("iv", [visit_of("iv", number=8)], id="c0", basis="other")
    first = visit_of("spravato", number=1)
    assert fact("course.sessions_today", visit=first, others=[former]) == 1
    assert fact("course.days_since_last", visit=first, others=[former]) == 0
    former = former.replaced(visits=(former.visits[0].replaced(date=DAY - dt.timedelta(1)),))
    assert fact("course.sessions_today", visit=first, others=[former]) == 0


def test_an_undosed_session_of_another_course_leaves_this_course_known() -> None:
    gap = visit_of("iv", number=1, date=DAY - dt.timedelta(40), dose_mg=None)
    other = course_of("iv", [gap], id="c0", basis="other")
    values = assessed("spravato", others=[other]).values
    assert values["course.session"] == 1
    assert values["course.earlier_doses"] is None
    assert values["course.days_since_last"] is None


@each(
    ("pathway", "basis", "days", "phase"),
    [
        ("spravato", "trd", 27, "induction"),
        ("spravato", "trd", 28, "weekly"),
        ("spravato", "trd", 55, "weekly"),
        ("spravato", "trd", 56, "maintenance"),
        ("spravato", "mdsi", 27, "induction"),
        ("spravato", "mdsi", 28, "beyond"),
        ("spravato", "other", 100, "beyond"),
        ("iv", "trd", 100, "acute"),
    ],
)
def test_phases_go_by_the_week_of_the_course(
    pathway: str, basis: str, days: int, phase: str
) -> None:
    assert fact("course.phase", pathway, before=earlier(pathway, days), basis=basis) == phase


@pytest.mark.parametrize(
    ("sessions", "planned", "phase"),
    [(5, None, "acute"), (6, None, "maintenance"), (7, 8, "acute"), (8, 8, "maintenance")],
)
def test_racemic_phases_go_by_the_number_of_sessions(
    sessions: int, planned: int | None, phase: str
) -> None:
    before = earlier("im", *range(1, sessions + 1))
    assert fact("course.phase", "im", before=before, planned_sessions=planned) == phase


@pytest.mark.parametrize(
    ("begun", "scored", "expected"),
    [
        (30, 9, True),  # day 22
        (30, 10, False),  # day 21
        (30, 0, True),  # today
        (30, -1, False),  # tomorrow
        (200, 90, True),
        (200, 91, False),
    ],
)
def test_benefit_counts_from_day_22_for_90_days(begun: int, scored: int, expected: bool) -> None:
    scores = [score("madrs", scored, 20)]
    before = earlier("spravato", begun)
    assert fact("course.benefit_reviewed", before=before, scores=scores) is expected


def test_a_review_visit_counts_as_well_and_this_one_itself() -> None:
    review = visit_of("spravato", kind="review", dose_mg=None)
    before = earlier("spravato", 30)
    assert fact("course.benefit_reviewed", visit=review, before=before) is True


@pytest.mark.parametrize(("scored", "expected"), [(3, False), (2, True)])
def test_racemic_benefit_counts_after_the_third_session(scored: int, expected: bool) -> None:
    before = earlier("iv", 9, 6, 3)
    scores = [score("phq9", scored, 9)]
    assert fact("course.benefit_reviewed", "iv", before=before, scores=scores) is expected


def test_the_last_dose_is_that_of_the_last_dosed_session() -> None:
    before = [
        *earlier("oral", 9, dose=100, swallow="spit"),
        visit_of("oral", number=2, date=DAY - dt.timedelta(2), dose_mg=0, swallow="swallow"),
    ]
    values = assessed("oral", before=before).values
    assert (values["course.last_dose_mg"], values["course.last_swallow"]) == (100, "spit")


def test_a_session_without_a_recorded_dose_is_not_the_last_dosed_one() -> None:
    # It keeps sums of doses open; "the last dosed session" is the last with a dose above 0.
    before = [
        *earlier("oral", 9, dose=100, swallow="spit"),
        visit_of("oral", number=2, date=DAY - dt.timedelta(2), dose_mg=None),
    ]
    values = assessed("oral", before=before).values
    assert (values["course.last_dose_mg"], values["course.last_swallow"]) == (100, "spit")
    assert values["course.session"] is None


@pytest.mark.parametrize(
    ("dose", "weight", "expected"),
    [("40.5", 81, "0.50"), ("40", 81, "0.49"), ("0.4", 80, "0.01"), ("0.36", 80, "0.00")],
)
def test_the_dose_for_the_weight_has_two_decimals_half_up(
    dose: str, weight: int, expected: str
) -> None:
    case = screened({"patient.weight_kg": Decimal(weight)})
    found = fact("visit.mg_per_kg", "iv", visit=visit_of("iv", dose_mg=dose), case=case)
    assert found == Decimal(expected)


def test_a_weight_taken_anew_counts_from_then_on() -> None:
    first = earlier("iv", 3)[0].replaced(weight_kg=Decimal(100))
    assert fact("course.weight_kg", "iv", before=[first]) == 100
    assert fact("course.weight_kg", "iv") == 80
    # So does one that was taken in the course before, until it is taken again.
    former = course_of("oral", [earlier("oral", 60)[0].replaced(weight_kg=Decimal(90))], id="c0")
    assert fact("course.weight_kg", "iv", others=[former]) == 90
    assert fact("course.weight_kg", "iv", before=[first], others=[former]) == 100
    # Of one day the earlier course was before this one, whatever its numbers.
    today = visit_of("oral", number=8).replaced(weight_kg=Decimal(90))
    former = course_of("oral", [today], id="c0")
    for number in (2, 99):
        more = {"visit": visit_of("iv", number=number), "others": [former]}
        weighed = visit_of("iv", number=1)
        assert fact("course.weight_kg", "iv", before=[weighed], **more) == 90
        weighed = weighed.replaced(weight_kg=Decimal(100))
        assert fact("course.weight_kg", "iv", before=[weighed], **more) == 100


@each(
    ("days_before", "counts"),
    [(None, 100), (4, 100), (3, 100), (2, 80), (0, 80), (-1, 100)],
)
def test_a_weight_that_the_screening_took_later_counts(
    days_before: int | None, counts: int
) -> None:
    first = earlier("iv", 3)[0].replaced(weight_kg=Decimal(100))
    dates = {} if days_before is None else {"patient.weight_kg": DAY - dt.timedelta(days_before)}
    case = screened().replaced(dates=dates)
    assert fact("course.weight_kg", "iv", before=[first], case=case) == counts


@pytest.mark.parametrize(
    ("pathway", "minutes"), [("spravato", 175), ("iv", 140), ("im", 180), ("oral", 180)]
)
def test_minutes_count_from_when_the_dose_was_complete(pathway: str, minutes: int) -> None:
    assert fact("visit.minutes_after_last", pathway) == minutes


def test_they_are_not_known_without_one_of_the_clocks() -> None:
    visit = visit_of("iv", infusion_minutes=None)
    assert fact("visit.minutes_after_last", "iv", visit=visit) is None


@pytest.mark.parametrize(("minute", "expected"), [(29, False), (30, True), (50, True), (51, False)])
def test_a_pressure_between_30_and_50_minutes_is_the_one_at_40(minute: int, expected: bool) -> None:
    visit = visit_of("spravato", watched=[{"minute": minute, "systolic": 130}])
    assert fact("visit.bp_at_40", visit=visit) is expected


def test_without_a_systolic_value_it_is_none() -> None:
    visit = visit_of("spravato", watched=[{"minute": 40, "diastolic": 80, "spo2": 97}])
    assert fact("visit.bp_at_40", visit=visit) is False


@pytest.mark.parametrize(("minute", "expected"), [(150, 97), (149, None)])
def test_the_last_value_counts_if_it_is_recent_enough(minute: int, expected: int | None) -> None:
    visit = visit_of("spravato", watched=[{"minute": minute, "spo2": 97}], end_minute=180)
    assert fact("visit.last_spo2", visit=visit) == expected


def test_each_part_has_a_last_value_of_its_own_whatever_the_order_of_rows() -> None:
    rows: list[dict[str, Any]] = [
        {"minute": 175, "systolic": 130},
        {"minute": 160, "systolic": 150, "diastolic": 95, "sedation": 4},
        {"minute": 40, "dissociation": "severe"},
    ]
    values = assessed("spravato", visit_of("spravato", watched=rows)).values
    assert values["visit.last_systolic"] == 130
    assert values["visit.previous_systolic"] == 150
    assert values["visit.last_diastolic"] == 95
    assert values["visit.last_sedation"] == 4
    assert values["visit.last_dissociation"] is None


def test_of_one_minute_the_later_row_is_the_last() -> None:
    rows = [{"minute": 170, "systolic": 150}, {"minute": 170, "systolic": 130}]
    values = assessed("spravato", visit_of("spravato", watched=rows)).values
    assert (values["visit.last_systolic"], values["visit.previous_systolic"]) == (130, 150)


def test_nothing_is_the_last_value_before_anybody_would_leave() -> None:
    assert fact("visit.last_systolic", visit=visit_of("spravato", end_minute=None)) is None


def test_extremes_are_over_all_observations_and_null_without_one() -> None:
    values = assessed("spravato").values
    assert values["visit.lowest_spo2"] == 97
    assert values["visit.lowest_sedation"] == 4
    assert (values["visit.highest_systolic"], values["visit.highest_diastolic"]) == (138, 86)
    assert fact("visit.lowest_spo2", visit=visit_of("spravato", watched=[])) is None


SERIOUS, MILD = {"serious": True}, {"serious": False}
UNSAID: dict[str, Any] = {}
SENT = {"reported_on": DAY}


@each(
    ("events", "reviewed", "expected"),
    [
        ([], True, (False, False, False)),
        ([], False, (None, None, None)),
        ([], None, (None, None, None)),
        ([MILD], None, (True, True, False)),
        ([UNSAID], True, (True, True, None)),
        ([SERIOUS, UNSAID], True, (True, True, True)),
        ([{**SERIOUS, **SENT}], True, (True, False, False)),
        ([{**UNSAID, **SENT}], True, (True, False, False)),
        ([{**SERIOUS, **SENT}, MILD], True, (True, True, False)),
    ],
)
def test_what_nobody_said_about_events_is_not_known(
    events: list[dict[str, Any]], reviewed: bool | None, expected: tuple[bool | None, ...]
) -> None:
    visit = visit_of("spravato", events=events, events_reviewed=reviewed)
    values = assessed("spravato", visit).values
    found = ("visit.any_event", "visit.event_unreported", "visit.serious_unreported")
    assert tuple(values[ident] for ident in found) == expected


def test_days_since_the_visit_count_to_today() -> None:
    assert fact("visit.days_since", on=DAY + dt.timedelta(9)) == 9


def test_facts_of_the_screening_are_read_from_it() -> None:
    woman = screened({"patient.sex": "female", "patient.can_become_pregnant": True})
    values = assessed("spravato", case=woman).values
    assert values["course.can_become_pregnant"] is True
    assert values["course.maoi"] is False
    taking = assessed("spravato", case=screened(medications=["phenelzine"])).values
    assert taking["course.maoi"] is True


def test_the_screening_is_judged_as_its_answers_stand() -> None:
    assert fact("course.screening") == "fits"
    assert fact("course.screening", case=screened({"medical.avm": True})) == "contraindicated"
    case = screened()
    open_ = case.replaced(answers={k: v for k, v in case.answers.items() if k != "medical.avm"})
    assert fact("course.screening", case=open_) == "incomplete"


def test_a_visit_that_comes_before_all_others_has_nothing_before_it() -> None:
    first = visit_of("spravato", number=1, date=DAY - dt.timedelta(5))
    later: list[Visit] = earlier("spravato", 3)
    later[0] = later[0].replaced(number=2)
    assert fact("course.session", visit=first, before=later) == 1
