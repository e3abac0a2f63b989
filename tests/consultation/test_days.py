"""Every answer has its day: in drafts, saved cases, amendments and copies, whatever clocks do."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ketatui.cases.journal_file import read_journal
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore, Loaded
from ketatui.cases.writing import write_case
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import SetAnswer, SetItem, SetLabel, SetTrials, Together
from ketatui.consultation.saving import amend, begin, resume, save, save_copy
from ketatui.engine import Knowledge
from ketatui.engine.staleness import stale_answers
from tests.engine.clean import ON, clean

NOON = dt.datetime.combine(ON, dt.time(12), dt.UTC)
DAY = dt.timedelta(days=1)
SYSTOLIC = SetAnswer(question="vitals.systolic", value=124)


class Calendar:
    """A day that can be turned, forth and back."""

    def __init__(self, day: dt.date = ON) -> None:
        self.day = day

    def __call__(self) -> dt.date:
        return self.day


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def store(tmp_path: Path, knowledge: Knowledge) -> CaseStore:
    return CaseStore(tmp_path / "cases", knowledge.pack)


def answered(consultation: Consultation, case: Case) -> None:
    said = {
        ident: str(value) if isinstance(value, Decimal) else value
        for ident, value in case.answers.items()
    }
    edits = (SetAnswer(question=ident, value=value) for ident, value in said.items())
    consultation.do(Together(edits=tuple(edits)))
    consultation.do(SetTrials(rows=case.trials))


def verdict(consultation: Consultation) -> str:
    return consultation.assessment.pathway("iv").verdict


@pytest.fixture
def finished(store: CaseStore, knowledge: Knowledge, calendar: Calendar) -> Loaded:
    """A clean case, saved on the first day."""
    consultation, journal = begin(store.folder, knowledge, now=NOON, today=calendar)
    answered(consultation, clean({"vitals.heart_rate": 70}))
    assert verdict(consultation) == "fits"
    return save(consultation, store, journal, by="ab", why="first", now=NOON)


@pytest.fixture
def again(
    store: CaseStore, knowledge: Knowledge, finished: Loaded, calendar: Calendar
) -> Callable[..., Loaded]:
    """Amends the case some days later, and saves it."""

    def amended(days: int, *edits: SetAnswer, on: Loaded = finished) -> Loaded:
        calendar.day = ON + days * DAY
        now = NOON + days * DAY
        consultation, journal = amend(store, on, knowledge, now=now, today=calendar)
        for edit in edits:
            consultation.do(edit)
        return save(consultation, store, journal, by="cd", why="later", now=now, base=on.stamp)

    return amended


# --- a draft that is gone on with on another day -------------------------------------------------


def test_a_draft_resumed_next_day_asks_for_the_measurements_again(
    store: CaseStore, knowledge: Knowledge, calendar: Calendar
) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOON, today=calendar)
    answered(consultation, clean())
    assert verdict(consultation) == "fits"
    journal.close()
    calendar.day = ON + 7 * DAY
    found = resume(journal.path, knowledge, today=calendar)
    assert verdict(found.consultation) == "incomplete"
    assert found.consultation.stale["vitals.systolic"].since == ON
    assert found.consultation.status("vitals.systolic") == "open"
    assert found.consultation.assessment.next is not None
    needs = {n for row in found.consultation.assessment.pathways for o in row.open for n in o.needs}
    assert {"vitals.systolic", "vitals.diastolic", "substance.intoxicated_today"} <= needs
    found.journal.close()


def test_a_midnight_passes_while_the_case_is_open(knowledge: Knowledge, calendar: Calendar) -> None:
    consultation = Consultation(knowledge, Case(), today=calendar)
    answered(consultation, clean())
    assert verdict(consultation) == "fits"
    calendar.day += DAY
    assert verdict(consultation) == "incomplete"
    assert consultation.status("vitals.systolic") == "open"
    calendar.day += DAY
    assert consultation.stale["vitals.systolic"].since == ON
    for ident in list(consultation.stale):
        consultation.do(SetAnswer(question=ident, value=clean().answers[ident]))  # type: ignore[arg-type]
    assert verdict(consultation) == "fits"
    assert consultation.case.dates["vitals.systolic"] == ON + 2 * DAY
    assert consultation.case.dates["patient.age"] == ON


def test_taking_an_equal_value_again_dates_it_and_can_be_undone(
    knowledge: Knowledge, calendar: Calendar
) -> None:
    events: list[object] = []
    consultation = Consultation(knowledge, Case(), today=calendar, keep=events.append)
    consultation.do(SYSTOLIC)
    consultation.do(SYSTOLIC)
    assert len(events) == 1
    calendar.day += DAY
    consultation.do(SYSTOLIC)
    assert len(events) == 2
    assert (consultation.case.dates, dict(consultation.stale)) == (
        {"vitals.systolic": calendar.day},
        {},
    )
    consultation.undo()
    assert consultation.case.dates == {"vitals.systolic": ON}
    assert "vitals.systolic" in consultation.stale


def test_the_day_is_in_the_draft_with_each_answer(
    store: CaseStore, knowledge: Knowledge, calendar: Calendar
) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOON, today=calendar)
    consultation.do(SYSTOLIC)
    calendar.day += 3 * DAY
    consultation.do(SetAnswer(question="patient.age", value=52))
    journal.close()
    lines = [json.loads(line) for line in journal.path.read_text("utf-8").splitlines()[1:]]
    assert [line["on"] for line in lines] == ["2026-11-21", "2026-11-24"]
    found = resume(journal.path, knowledge, today=calendar)
    assert found.consultation.case == consultation.case
    found.journal.close()


def test_a_draft_from_before_answers_had_days_is_as_old_as_its_beginning(
    store: CaseStore, knowledge: Knowledge, calendar: Calendar
) -> None:
    _, journal = begin(store.folder, knowledge, now=NOON, today=calendar)
    old = {"do": "answer", "question": "vitals.systolic", "value": 124, "unknown": False}
    journal.append({"edit": old})
    journal.close()
    calendar.day += DAY
    found = resume(journal.path, knowledge, today=calendar)
    assert found.consultation.case.answers == {"vitals.systolic": 124}
    assert found.consultation.stale["vitals.systolic"].since == NOON.astimezone().date()
    found.journal.close()


def test_what_is_cleared_and_what_is_no_answer_has_no_day(
    knowledge: Knowledge, calendar: Calendar
) -> None:
    consultation = Consultation(knowledge, Case(), today=calendar)
    consultation.do(SYSTOLIC)
    consultation.do(SetLabel(text="low mood"))
    consultation.do(SetAnswer(question="vitals.systolic"))
    assert consultation.case.dates == {}
    both = Together(edits=(SYSTOLIC, SetAnswer(question="medical.avm", unknown=True)))
    consultation.do(both)
    assert consultation.case.dates == {"vitals.systolic": ON, "medical.avm": ON}


def test_a_scale_is_as_old_as_the_oldest_of_its_items(
    knowledge: Knowledge, calendar: Calendar
) -> None:
    consultation = Consultation(knowledge, Case(), today=calendar)
    items = [item.id for item in knowledge.pack.instruments["phq9"].items]
    consultation.do(SetItem(question="scales.phq9", item=items[0], score=2))
    calendar.day += DAY
    for item in items[1:]:
        consultation.do(SetItem(question="scales.phq9", item=item, score=1))
    assert consultation.case.answers["scales.phq9"] == 2 + len(items) - 1
    assert consultation.case.dates["scales.phq9"] == ON
    consultation.do(SetAnswer(question="scales.phq9", value=10))
    assert consultation.case.dates["scales.phq9"] == calendar.day


def test_a_scale_taken_again_item_by_item_is_of_the_day_its_last_old_item_was_taken_again(
    knowledge: Knowledge, calendar: Calendar
) -> None:
    consultation = Consultation(knowledge, Case(), today=calendar)
    items = [item.id for item in knowledge.pack.instruments["phq9"].items]
    for item in items:
        consultation.do(SetItem(question="scales.phq9", item=item, score=1))
    assert consultation.case.dates == {"scales.phq9": ON}
    calendar.day += DAY
    for item in reversed(items[1:]):
        consultation.do(SetItem(question="scales.phq9", item=item, score=1))
    assert consultation.case.dates["scales.phq9"] == ON
    consultation.do(SetItem(question="scales.phq9", item=items[0], score=1))
    assert consultation.case.dates == {"scales.phq9": calendar.day}
    consultation.undo()
    assert consultation.case.dates["scales.phq9"] == ON
    consultation.do(SetItem(question="scales.phq9", item=items[0], score=None))
    assert consultation.case.dates["scales.phq9"] == calendar.day
    consultation.do(SetAnswer(question="scales.phq9", value=10))
    assert consultation.case.dates == {"scales.phq9": calendar.day}


# --- in the file ---------------------------------------------------------------------------------


def test_a_case_of_one_day_says_the_day_once(finished: Loaded, knowledge: Knowledge) -> None:
    assert finished.case.dates == {}
    assert finished.case.assessment is not None
    assert finished.case.assessment["on"] == ON.isoformat()
    assert "[dates]" not in write_case(finished.case, knowledge.pack)


def test_an_amended_case_says_the_day_of_what_was_not_taken_again(
    again: Callable[..., Loaded], store: CaseStore, knowledge: Knowledge
) -> None:
    saved = again(7, SYSTOLIC, SetAnswer(question="vitals.diastolic", value=79)).case
    assert saved.dates["vitals.heart_rate"] == saved.dates["patient.age"] == ON
    assert not {"vitals.systolic", "vitals.diastolic"} & saved.dates.keys()
    text = write_case(saved, knowledge.pack)
    assert "[dates]\n" in text
    assert '"vitals.heart_rate" = 2026-11-21\n' in text
    assert store.load(saved.id).case == saved
    # Assessed that day, it was more information that was needed, and so it stands in the file.
    assert saved.assessment is not None
    verdicts = {row["id"]: row["verdict"] for row in saved.assessment["pathways"]}
    assert verdicts["iv"] == "incomplete"


def test_an_equal_value_taken_again_is_a_change_of_its_revision(
    again: Callable[..., Loaded],
) -> None:
    saved = again(7, SYSTOLIC)
    told = {item["what"]: item for item in saved.case.revisions[-1].changes}
    assert told['dates."vitals.systolic"']["old"] == ON
    assert told['dates."vitals.systolic"']["new"] == ON + 7 * DAY
    assert 'dates."vitals.heart_rate"' not in told
    assert not {"answers.vitals.systolic", 'dates."patient.age"'} & told.keys()


def test_what_is_taken_again_twice_keeps_the_days_apart(
    again: Callable[..., Loaded], knowledge: Knowledge
) -> None:
    second = again(7, SYSTOLIC)
    third = again(9, SetAnswer(question="vitals.diastolic", value=78), on=second)
    since = {
        item.question: (item.since - ON).days
        for item in stale_answers(knowledge, third.case, ON + 10 * DAY)
    }
    expected = {"vitals.systolic": 7, "vitals.diastolic": 9, "vitals.heart_rate": 0}
    assert {ident: since[ident] for ident in expected} == expected


def test_a_copy_keeps_the_days(
    store: CaseStore, knowledge: Knowledge, finished: Loaded, calendar: Calendar
) -> None:
    calendar.day += 7 * DAY
    now = NOON + 7 * DAY
    consultation, journal = amend(store, finished, knowledge, now=now, today=calendar)
    copy = save_copy(consultation, store, journal, by="cd", why="kept both", now=now).case
    assert copy.dates["vitals.systolic"] == ON
    assert {item.since for item in stale_answers(knowledge, copy, calendar.day)} == {ON}


def test_a_case_from_elsewhere_keeps_the_days_that_its_file_says(
    tmp_path: Path, store: CaseStore, knowledge: Knowledge, calendar: Calendar
) -> None:
    path = tmp_path / "sent.toml"
    path.write_text(
        "[answers.vitals]\nsystolic = 124\ndiastolic = 80\n"
        '[dates]\n"vitals.systolic" = 2026-11-20\n',
        "utf-8",
    )
    loaded = store.load(path)
    consultation, journal = amend(store, loaded, knowledge, now=NOON, today=calendar)
    assert {**consultation.stale}.keys() == {"vitals.systolic"}
    # What says no day is of the day it was taken over, and ages from there.
    calendar.day += DAY
    assert {**consultation.stale}.keys() == {"vitals.systolic", "vitals.diastolic"}
    journal.close()
    header = read_journal(journal.path).header
    assert header is not None
    assert header.snapshot.dates["vitals.diastolic"] == ON


def test_two_values_of_different_days_are_not_held_against_each_other(
    store: CaseStore, knowledge: Knowledge, calendar: Calendar, again: Callable[..., Loaded]
) -> None:
    # 124/78 a week ago; today the lower value alone is known yet, and above the old upper one.
    saved = again(7, SetAnswer(question="vitals.diastolic", value=130))
    assert store.load(saved.case.id).case.answers["vitals.diastolic"] == 130


# --- clocks --------------------------------------------------------------------------------------


def test_a_case_saved_under_a_future_clock_is_named_and_does_not_count(
    store: CaseStore, knowledge: Knowledge, calendar: Calendar
) -> None:
    calendar.day = ON + 400 * DAY
    consultation, journal = begin(store.folder, knowledge, now=NOON + 400 * DAY, today=calendar)
    answered(consultation, clean())
    saved = save(consultation, store, journal, by="ab", why="", now=NOON + 400 * DAY)
    for days in (0, 7, 399):
        found = stale_answers(knowledge, saved.case, ON + days * DAY)
        assert {item.question for item in found} > {"vitals.systolic", "substance.pdmp_checked"}
        assert all(item.ahead for item in found)
    assert not stale_answers(knowledge, saved.case, ON + 400 * DAY)


def test_a_clock_set_back_makes_what_was_taken_under_it_count_no_more(
    knowledge: Knowledge, calendar: Calendar
) -> None:
    consultation = Consultation(knowledge, Case(), today=calendar)
    answered(consultation, clean())
    calendar.day -= 3 * DAY
    assert verdict(consultation) == "incomplete"
    assert consultation.stale["vitals.systolic"].ahead
    consultation.do(SYSTOLIC)
    assert "vitals.systolic" not in consultation.stale
    assert consultation.case.dates["vitals.systolic"] == ON - 3 * DAY


@pytest.mark.parametrize(
    ("begun", "later", "fresh"),
    [
        # Clocks go back at two: the day has 25 hours, and is one day.
        ((2026, 11, 1, 0, 30), (2026, 11, 1, 23, 30), True),
        ((2026, 11, 1, 23, 59), (2026, 11, 2, 0, 1), False),
        # They go forward at two: the day has 23 hours.
        ((2027, 3, 14, 0, 5), (2027, 3, 14, 23, 55), True),
        ((2027, 3, 13, 23, 30), (2027, 3, 14, 3, 30), False),
    ],
)
def test_a_day_is_the_one_on_the_wall_when_the_clocks_change(
    knowledge: Knowledge,
    begun: tuple[int, int, int, int, int],
    later: tuple[int, int, int, int, int],
    fresh: bool,
) -> None:
    zone = ZoneInfo("America/New_York")
    moment = [dt.datetime(*begun, tzinfo=zone)]
    consultation = Consultation(knowledge, Case(), today=lambda: moment[0].date())
    consultation.do(SYSTOLIC)
    moment[0] = dt.datetime(*later, tzinfo=zone)
    assert ("vitals.systolic" not in consultation.stale) == fresh


def test_a_practice_case_is_of_one_day(knowledge: Knowledge, calendar: Calendar) -> None:
    consultation = Consultation(knowledge, Case(practice=True), today=calendar, blind=True)
    consultation.do(SYSTOLIC)
    calendar.day += 30 * DAY
    assert consultation.status("vitals.systolic") == "answered"
    assert consultation.case.dates == {}
