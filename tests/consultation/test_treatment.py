"""A course being worked on: edits, undo, killed and resumed, closed as a revision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.courses import Course, Event, Observation, VisitOverride
from ketatui.cases.encryption.converting import convert
from ketatui.cases.errors import ChangedOnDisk, DraftInUseError
from ketatui.cases.integrity import integrity_of
from ketatui.cases.model import Case, Decision
from ketatui.cases.store import CaseStore, Loaded
from ketatui.consultation.closing import close_visit, is_course_draft, save_course
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import SetAnswer, SetDecision
from ketatui.consultation.saving import amend, begin, resume, save
from ketatui.consultation.session_clock import first_device
from ketatui.consultation.treatment import Treatment
from ketatui.course import assess_visit
from ketatui.course import edits as e
from ketatui.engine import Knowledge
from tests.course.support import DAY, screened, screening_knowledge
from tests.effort import tries
from tests.encrypting import Keys, found_on_disk

NOW = dt.datetime(2027, 1, 4, 14, 0, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(minutes=20)
PLAN = Course(id="c1", pathway="spravato", basis="trd", site="outpatient_clinic")
BEGIN = e.AddCourse(course="c1", plan=PLAN)


def today() -> dt.date:
    return DAY


def treated(knowledge: Knowledge, case: Case | None = None) -> Treatment:
    """A course with its first visit, in memory."""
    treatment = Treatment(Consultation(knowledge, case or screened(), today=today))
    treatment.do(BEGIN)
    treatment.add_visit(DAY)
    return treatment


@pytest.fixture
def store(tmp_path: Path, knowledge: Knowledge) -> CaseStore:
    return CaseStore(tmp_path / "cases", knowledge.pack)


@pytest.fixture
def saved(store: CaseStore, knowledge: Knowledge) -> Loaded:
    """A screening that was decided and saved a week before."""
    then = NOW - dt.timedelta(days=7)
    consultation, journal = begin(store.folder, knowledge, now=then, today=lambda: then.date())
    for question, value in screened().answers.items():
        text = str(value) if isinstance(value, Decimal) else value
        consultation.do(SetAnswer(question=question, value=text))
    decided = Decision(pathway="spravato", standing="provisional", by="Dr B", at=then)
    consultation.do(SetDecision(decision=decided))
    return save(consultation, store, journal, by="Dr B", why="screened", now=then)


# --- editing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dose", "seen"), [(56, 1), (0, 0), (None, None)])
def test_a_dose_of_the_same_day_in_another_course_is_seen_by_the_gate(
    knowledge: Knowledge, dose: int | None, seen: int | None
) -> None:
    treatment = Treatment(Consultation(knowledge, screened(), today=today))
    treatment.do(BEGIN)
    for _ in range(3):
        treatment.add_visit(DAY - dt.timedelta(days=7), "review")
    treatment.add_visit(DAY)
    if dose is not None:
        treatment.answer("visit.dose_mg", dose, at=NOW)
    treatment.plan(stopped=DAY, stop_reason="side effects")
    infusion = Course(id="c2", pathway="iv", basis="trd", site="outpatient_clinic")
    treatment.do(e.AddCourse(course="c2", plan=infusion))
    treatment.look_at("c2")
    treatment.add_visit(DAY)
    assert treatment.assessment.values["course.sessions_today"] == seen
    gate = treatment.assessment.decision("gate")
    told = {*(item.rule for item in gate.findings), *(item.rule for item in gate.open)}
    assert ("gate-same-day" in told) == (seen != 0)


def test_a_visit_is_assessed_as_the_command_line_assesses_it(knowledge: Knowledge) -> None:
    treatment = treated(knowledge)
    treatment.answer("visit.systolic", 165, at=NOW)
    found = treatment.explained
    course, visit = treatment.the_course(), treatment.the_visit()
    alone = assess_visit(treatment.knowledge, treatment.case, course, visit, DAY)
    assert found.to_data() == alone.to_data()
    assert found.decision("gate").finding("gate-bp-hold") is not None


def test_an_answer_a_clearing_and_an_unknown_follow_each_other(knowledge: Knowledge) -> None:
    treatment = treated(knowledge)
    assert treatment.status("visit.spo2") == "open"
    treatment.answer("visit.spo2", 97, at=NOW)
    assert treatment.status("visit.spo2") == "answered"
    treatment.mark_unknown("visit.spo2", at=NOW)
    assert treatment.status("visit.spo2") == "unknown"
    assert "visit.spo2" not in treatment.the_visit().answers
    treatment.answer("visit.spo2", None, at=NOW)
    assert treatment.status("visit.spo2") == "open"


def test_a_pressure_taken_again_leaves_the_first_one_in_the_record(knowledge: Knowledge) -> None:
    treatment = treated(knowledge)
    treatment.answer("visit.systolic", 162, at=NOW)
    treatment.answer("visit.systolic", 138, at=LATER, by="nurse")
    visit = treatment.the_visit()
    assert visit.answers["visit.systolic"] == 138
    [first] = visit.readings
    assert (first.question, first.value, first.at, first.by) == (
        "visit.systolic",
        162,
        LATER,
        "nurse",
    )


def test_a_choice_that_is_changed_and_a_value_typed_twice_are_no_readings(
    knowledge: Knowledge,
) -> None:
    treatment = treated(knowledge)
    treatment.answer("visit.cns_depressant", "none", at=NOW)
    treatment.answer("visit.cns_depressant", "several", at=NOW)
    treatment.answer("visit.systolic", 128, at=NOW)
    treatment.answer("visit.systolic", 128, at=LATER)
    assert treatment.the_visit().readings == ()


def test_the_earlier_value_is_told_and_never_taken(knowledge: Knowledge) -> None:
    treatment = treated(knowledge)
    assert treatment.last_values().get("visit.systolic") is None
    treatment.answer("visit.systolic", 128, at=NOW)
    treatment.add_visit(DAY + dt.timedelta(days=3))
    earlier = treatment.last_values().get("visit.systolic")
    assert earlier is not None
    assert (earlier.value, earlier.date) == (128, DAY)
    assert treatment.the_visit().answers == {}
    assert treatment.status("visit.systolic") == "open"


def test_a_day_that_moves_keeps_the_day_it_was_planned_for(knowledge: Knowledge) -> None:
    treatment = treated(knowledge)
    for days in (2, 5):
        treatment.do(e.MoveVisit(course="c1", visit=1, date=DAY + dt.timedelta(days=days)))
    visit = treatment.the_visit()
    assert (visit.date, visit.planned_on) == (DAY + dt.timedelta(days=5), DAY)
    treatment.do(e.MoveVisit(course="c1", visit=1, date=DAY))
    assert treatment.the_visit().planned_on is None


def test_a_visit_with_something_in_it_is_not_removed(knowledge: Knowledge) -> None:
    treatment = treated(knowledge)
    treatment.note("visit.systolic", "left arm")
    with pytest.raises(ValueError, match="something is recorded of visit 1"):
        treatment.do(e.RemoveVisit(course="c1", visit=1))
    treatment.undo()
    treatment.do(e.RemoveVisit(course="c1", visit=1))
    assert treatment.visit is None


def test_answers_that_belong_together_are_undone_as_one(knowledge: Knowledge) -> None:
    treatment = treated(knowledge)
    before = treatment.case
    treatment.answer_all({"visit.systolic": 141, "visit.diastolic": 88}, at=NOW)
    assert treatment.the_visit().answers == {"visit.systolic": 141, "visit.diastolic": 88}
    treatment.undo()
    assert treatment.case == before


def test_a_finding_set_aside_counts_as_a_caution_until_it_is_taken_back(
    knowledge: Knowledge,
) -> None:
    treatment = treated(knowledge)
    treatment.answer("visit.misuse_signs", True, at=NOW)
    aside = VisitOverride(decision="gate", rule="gate-misuse", reason="R", by="Dr A", at=NOW)
    treatment.set_aside(aside)
    treatment.set_aside(aside.replaced(reason="better said"))
    assert [item.reason for item in treatment.the_visit().overrides] == ["better said"]
    found = treatment.assessment.decision("gate").finding("gate-misuse")
    assert found is not None and found.overridden
    treatment.take_back("gate", "gate-misuse")
    assert treatment.the_visit().overrides == ()


def _random_edits() -> st.SearchStrategy[list[Callable[[Treatment], object]]]:
    def answer(question: str, value: int) -> Callable[[Treatment], object]:
        return lambda of: of.answer(question, value, at=NOW)

    def unknown(question: str) -> Callable[[Treatment], object]:
        return lambda of: of.mark_unknown(question, at=NOW)

    def observe(minute: int) -> Callable[[Treatment], object]:
        return lambda of: of.observe(Observation(minute=minute, systolic=130))

    names = st.sampled_from(["visit.systolic", "visit.spo2", "visit.heart_rate"])
    return st.lists(
        st.one_of(
            st.builds(answer, names, st.integers(60, 90)),
            st.builds(unknown, names),
            st.builds(observe, st.integers(0, 180)),
            st.just(lambda of: first_device(of, NOW)),
            st.just(lambda of: of.add_event(Event(term="nausea"))),
            st.just(lambda of: of.note("visit.spo2", "cold hands")),
            st.just(lambda of: of.undo()),
            st.just(lambda of: of.redo()),
        ),
        max_size=12,
    )


@given(edits=_random_edits())
@settings(max_examples=tries(80), deadline=None)
def test_whatever_is_done_comes_back_from_the_journal_and_can_be_undone(
    edits: list[Callable[[Treatment], object]],
) -> None:
    kept: list[dict[str, object]] = []
    knowledge = screening_knowledge()
    begun = screened()
    consultation = Consultation(
        knowledge, begun, today=today, keep=lambda event: kept.append(dict(event))
    )
    treatment = Treatment(consultation)
    treatment.do(BEGIN)
    treatment.add_visit(DAY)
    for edit in edits:
        # Where the visit itself was undone, nothing of it can be answered.
        with suppress(LookupError):
            edit(treatment)
    again = Consultation(knowledge, begun, today=today)
    for event in kept:
        again.replay(event)
    assert again.case == treatment.case
    done = treatment.case
    while treatment.undo():
        pass
    assert treatment.case == begun
    while treatment.consultation.can_redo and treatment.case != done:
        treatment.redo()
    assert treatment.case == done


# --- on disk ------------------------------------------------------------------------------------


def test_an_edit_that_cannot_be_kept_is_not_shown(knowledge: Knowledge) -> None:
    def full(event: object) -> None:
        raise OSError("no space left")

    consultation = Consultation(knowledge, screened(), today=today, keep=full)
    with pytest.raises(OSError, match="no space"):
        Treatment(consultation).do(BEGIN)
    assert consultation.case.courses == ()


def test_a_session_killed_half_way_is_resumed_with_nothing_lost(
    store: CaseStore, knowledge: Knowledge, saved: Loaded
) -> None:
    consultation, journal = amend(store, saved, knowledge, now=NOW, today=today)
    treatment = Treatment(consultation)
    treatment.do(BEGIN)
    treatment.add_visit(DAY)
    treatment.answer("visit.hours_since_food", Decimal("2.5"), at=NOW)
    first_device(treatment, NOW)
    treatment.observe(Observation(minute=40, systolic=141, diastolic=88, spo2=97, at=LATER))
    treatment.add_event(Event(term="nausea", onset_minute=25, severity="mild"))
    wanted = treatment.case
    journal.close()  # All a dying process does is give up its lock.
    found = resume(journal.path, knowledge, today=today)
    assert found.consultation.case == wanted
    assert is_course_draft(found.consultation)
    again = Treatment(found.consultation)
    assert again.the_visit().first_dose_at == NOW
    assert again.assessment.to_data() == treatment.assessment.to_data()
    again.undo()
    assert again.the_visit().events == ()
    found.journal.close()


def test_a_visit_that_is_closed_is_a_revision_in_the_same_chain(
    store: CaseStore, knowledge: Knowledge, saved: Loaded
) -> None:
    consultation, journal = amend(store, saved, knowledge, now=NOW, today=today)
    treatment = Treatment(consultation)
    treatment.do(BEGIN)
    treatment.add_visit(DAY)
    treatment.answer("visit.dose_mg", Decimal(0), at=NOW)
    loaded = close_visit(
        treatment, store, journal, by="Dr B", why="visit 1", now=LATER, base=saved.stamp
    )
    case = store.load(loaded.case.id).case
    assert [item.why for item in case.revisions] == ["screened", "visit 1"]
    assert integrity_of(case, knowledge.pack, now=LATER).stands
    visit = case.courses[0].visits[0]
    assert (visit.closed_at, visit.closed_by) == (LATER, "Dr B")
    assert not journal.path.exists()
    # The screening stays what it was decided on, and of its day.
    assert case.assessment == saved.case.assessment
    assert case.replaced(courses=(), revisions=(), record=saved.case.record, state="final") == (
        saved.case.replaced(revisions=())
    )
    changed = {str(change["what"]) for change in case.revisions[-1].changes}
    assert changed and all(what.startswith(("courses", "state")) for what in changed)


@pytest.mark.usefixtures("impatient")
def test_of_two_windows_the_second_does_not_overwrite_the_first(
    store: CaseStore, knowledge: Knowledge, saved: Loaded
) -> None:
    consultation, journal = amend(store, saved, knowledge, now=NOW, today=today)
    treatment = Treatment(consultation)
    treatment.do(BEGIN)
    with pytest.raises(DraftInUseError):
        resume(journal.path, knowledge)
    path = journal.path
    other = CaseStore(store.folder, knowledge.pack)
    elsewhere = saved.case.replaced(label="changed elsewhere")
    other.save(elsewhere, base=saved.stamp, by="Dr C", why="label", now=NOW)
    with pytest.raises(ChangedOnDisk):
        save_course(treatment, store, journal, by="Dr B", why="plan", now=LATER, base=saved.stamp)
    assert path.exists()
    journal.close()


def test_in_an_encrypted_folder_no_entry_of_a_visit_is_readable_and_none_is_lost(
    store: CaseStore,
    knowledge: Knowledge,
    saved: Loaded,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = Keys(tmp_path / "keys", monkeypatch)
    keys.hold("ann")
    convert(store.folder, "encrypt", [keys.public("ann")])
    loaded = store.load(saved.case.id)
    consultation, journal = amend(store, loaded, knowledge, now=NOW, today=today)
    treatment = Treatment(consultation)
    treatment.do(BEGIN)
    treatment.add_visit(DAY)
    treatment.note("visit.systolic", "quince")
    journal.close()
    assert found_on_disk(store.folder, "quince") == []
    found = resume(journal.path, knowledge, today=today)
    again = Treatment(found.consultation)
    assert again.the_visit().notes == {"visit.systolic": "quince"}
    close_visit(again, store, found.journal, by="Dr B", why="visit", now=LATER, base=found.base)
    assert found_on_disk(store.folder, "quince") == []
    assert store.load(saved.case.id).case.courses[0].visits[0].closed_by == "Dr B"
