"""Answers that are too old to count when a saved case is looked at again."""

from __future__ import annotations

import datetime as dt

import pytest

from ketatui.cases.model import Case, Record
from ketatui.cases.revisions import drafted, with_revision
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess
from ketatui.engine.staleness import stale_words, without_stale
from tests.each import each
from tests.engine.clean import ON, WOMAN, clean
from tests.strategies import shipped

NOON = dt.datetime.combine(ON, dt.time(12), dt.UTC)


def from_day(case: Case, day: dt.date | None) -> Case:
    assessment = {"on": day.isoformat()} if day else None
    return case.replaced(assessment=assessment)


def stale(knowledge: Knowledge, case: Case, days: int) -> set[str]:
    _, found = without_stale(knowledge, from_day(case, ON), ON + dt.timedelta(days=days))
    return {item.question for item in found}


@each(
    ("question", "days"),
    [
        ("vitals.systolic", 1),
        ("vitals.diastolic", 1),
        ("vitals.heart_rate", 1),
        ("vitals.spo2", 1),
        ("logistics.transport", 1),
        ("substance.intoxicated_today", 1),
        ("depression.acute_suicidality", 1),
        ("psych.mania_current", 7),
        ("scales.phq9", 14),
        ("scales.madrs", 14),
        ("labs.liver", 90),
        ("labs.ecg", 365),
        ("labs.pregnancy_test", 7),
        ("substance.pdmp_checked", 30),
        ("substance.urine_drug_screen", 30),
    ],
)
def test_an_answer_counts_for_its_days_and_no_longer(
    knowledge: Knowledge, question: str, days: int
) -> None:
    case = clean({**WOMAN, "vitals.heart_rate": 70, "substance.urine_drug_screen": "negative"})
    assert question in case.answers
    assert question not in stale(knowledge, case, days - 1)
    assert question in stale(knowledge, case, days)


def test_a_stale_answer_is_taken_away_and_the_case_itself_left_alone(knowledge: Knowledge) -> None:
    case = from_day(clean(), ON)
    fresh, found = without_stale(knowledge, case, ON + dt.timedelta(days=1))
    assert "vitals.systolic" in case.answers
    assert "vitals.systolic" not in fresh.answers
    assert {item.since for item in found} == {ON}
    assert fresh.answers["patient.age"] == case.answers["patient.age"]


def test_a_question_marked_unknown_that_day_is_asked_again(knowledge: Knowledge) -> None:
    case = clean({"vitals.spo2": None}, unknown=["vitals.spo2", "medical.avm"])
    fresh, _ = without_stale(knowledge, from_day(case, ON), ON + dt.timedelta(days=1))
    assert fresh.unknown == {"medical.avm"}


def test_what_was_never_answered_is_not_too_old(knowledge: Knowledge) -> None:
    assert stale(knowledge, Case(), 999) == set()
    half = clean({"vitals.spo2": None, "vitals.systolic": None}, unknown=["vitals.systolic"])
    old = stale(knowledge, half, 999)
    assert "vitals.spo2" not in old
    assert {"vitals.systolic", "vitals.diastolic"} <= old <= {*half.answers, *half.unknown}


def test_without_a_date_nothing_is_stale(knowledge: Knowledge) -> None:
    fresh, found = without_stale(knowledge, from_day(clean(), None), ON + dt.timedelta(days=999))
    assert (found, fresh) == ((), from_day(clean(), None))


def test_the_moment_of_saving_counts_where_no_day_was_assessed_for(knowledge: Knowledge) -> None:
    at = dt.datetime(2026, 11, 21, 9, tzinfo=dt.UTC)
    case = clean().replaced(record=Record(saved_at=at))
    _, found = without_stale(knowledge, case, ON + dt.timedelta(days=1))
    assert "vitals.systolic" in {item.question for item in found}


def test_the_day_assessed_for_counts_before_the_moment_of_saving(knowledge: Knowledge) -> None:
    saved_at = dt.datetime(2026, 11, 23, 9, tzinfo=dt.UTC)
    case = from_day(clean(), ON).replaced(record=Record(saved_at=saved_at))
    _, found = without_stale(knowledge, case, ON + dt.timedelta(days=2))
    assert {item.since for item in found} == {ON}


def test_items_of_a_scale_that_still_counts_stay(knowledge: Knowledge) -> None:
    items = {"scales.phq9": {"1": 2}}
    case = from_day(clean(), ON).replaced(scale_items=items)
    fresh, found = without_stale(knowledge, case, ON + dt.timedelta(days=1))
    assert found
    assert fresh.scale_items == items


def test_an_answer_of_a_day_still_to_come_does_not_count_and_says_so(knowledge: Knowledge) -> None:
    case = from_day(clean(), ON)
    _, found = without_stale(knowledge, case, ON - dt.timedelta(days=5))
    systolic = next(item for item in found if item.question == "vitals.systolic")
    assert (systolic.since, systolic.ahead) == (ON, True)
    assert "still to come" in stale_words(systolic)
    # What does not age is not asked again for a wrong clock.
    assert "patient.age" not in {item.question for item in found}


@pytest.mark.parametrize(("days", "counts"), [(0, True), (1, False), (-1, False), (400, False)])
def test_the_day_in_the_file_counts_before_that_of_the_assessment(
    knowledge: Knowledge, days: int, counts: bool
) -> None:
    on = ON + dt.timedelta(days=30)
    case = from_day(clean(), on).replaced(dates={"vitals.systolic": on - dt.timedelta(days=days)})
    fresh, found = without_stale(knowledge, case, on)
    assert ("vitals.systolic" in fresh.answers) == counts
    assert {item.question for item in found} == (set() if counts else {"vitals.systolic"})


def test_a_file_with_a_day_and_no_assessment_is_read_on_the_day_asked_for(
    knowledge: Knowledge,
) -> None:
    case = clean({**WOMAN}).replaced(dates={"labs.pregnancy_test": ON})
    for days, stale in ((6, False), (7, True)):
        _, found = without_stale(knowledge, case, ON + dt.timedelta(days=days))
        assert [item.question for item in found] == ["labs.pregnancy_test"] * stale


def test_a_plain_assessment_knows_no_staleness(knowledge: Knowledge) -> None:
    case = from_day(clean(), ON)
    found = assess(knowledge, case, ON + dt.timedelta(days=20))
    assert found.pathway("spravato").verdict == "fits"


def test_no_table_goes_stale(pack: Pack) -> None:
    assert all(item.stale_after is None for item in pack.questions.values() if item.kind == "rows")


def amended(case: Case, days: int, **changed: int) -> Case:
    """Save a case, go on with it some days later, and save it again."""
    first = with_revision(from_day(case, ON), None, drafted(NOON, "ab", ""), shipped().pack)
    later = NOON + dt.timedelta(days=days)
    answers = {f"vitals.{name}": value for name, value in changed.items()}
    second = from_day(first, later.date()).replaced(answers={**first.answers, **answers})
    return with_revision(second, first, drafted(later, "ab", ""), shipped().pack)


def test_amending_a_case_makes_no_old_answer_new(knowledge: Knowledge) -> None:
    case = amended(clean({"vitals.heart_rate": 70}), 40, systolic=118)
    _, found = without_stale(knowledge, case, ON + dt.timedelta(days=40))
    since = {item.question: item.since for item in found}
    assert "vitals.systolic" not in since
    assert since["vitals.diastolic"] == since["substance.pdmp_checked"] == ON
    _, found = without_stale(knowledge, case, ON + dt.timedelta(days=41))
    assert {item.since for item in found if item.question == "vitals.systolic"} == {
        ON + dt.timedelta(days=40)
    }


def test_a_first_revision_without_a_day_is_as_old_as_the_next(knowledge: Knowledge) -> None:
    first = with_revision(from_day(clean(), None), None, drafted(NOON, "ab", ""), knowledge.pack)
    later = NOON + dt.timedelta(days=5)
    second = from_day(first, later.date())
    case = with_revision(second, first, drafted(later, "ab", ""), knowledge.pack)
    assert "assessment.on" in {change["what"] for item in case.revisions for change in item.changes}
    _, found = without_stale(knowledge, case, later.date() + dt.timedelta(days=1))
    assert {item.since for item in found} == {later.date()}


def test_each_of_several_visits_dates_what_it_changed(knowledge: Knowledge) -> None:
    case = amended(clean({"vitals.heart_rate": 70}), 10, systolic=118)
    third = NOON + dt.timedelta(days=20)
    later = from_day(case, third.date()).replaced(answers={**case.answers, "vitals.diastolic": 71})
    case = with_revision(later, case, drafted(third, "ab", ""), knowledge.pack)
    _, found = without_stale(knowledge, case, third.date())
    since = {item.question: (item.since - ON).days for item in found}
    assert "vitals.diastolic" not in since
    assert (since["vitals.systolic"], since["vitals.heart_rate"]) == (10, 0)
