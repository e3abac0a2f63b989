"""A closed visit keeps how it was judged, and is judged again under the criteria at hand."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ketatui.cases.integrity import integrity_of, reading_of
from ketatui.cases.model import Case, Decision
from ketatui.cases.reading import read_case
from ketatui.cases.store import CaseStore, Loaded
from ketatui.cases.writing import write_case
from ketatui.commands.job import Job
from ketatui.commands.many_cases import outcome
from ketatui.consultation.closing import close_visit, save_course
from ketatui.consultation.edits import SetAnswer, SetDecision, SetTrials
from ketatui.consultation.saving import amend, begin, save
from ketatui.consultation.treatment import Treatment
from ketatui.course import compile_course
from ketatui.course import edits as e
from ketatui.course.reassessment import visits_again
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack
from tests.course.support import DAY, course_of, screened, screening_knowledge, visit_of

NOW = dt.datetime(2027, 1, 4, 14, 0, tzinfo=dt.UTC)


@pytest.fixture
def knowledge() -> Knowledge:
    return screening_knowledge()


@pytest.fixture(scope="module")
def decided(tmp_path_factory: pytest.TempPathFactory) -> CaseStore:
    """A decided case with a session that is answered, not closed yet; it is copied."""
    knowledge = screening_knowledge()
    store = CaseStore(tmp_path_factory.mktemp("decided"), knowledge.pack)
    consultation, journal = begin(store.folder, knowledge, now=NOW, today=lambda: DAY)
    for question, value in screened().answers.items():
        text = str(value) if isinstance(value, Decimal) else value
        consultation.do(SetAnswer(question=question, value=text))
    consultation.do(SetTrials(rows=screened().trials))
    decision = Decision(pathway="spravato", standing="provisional", by="Dr A", at=NOW)
    consultation.do(SetDecision(decision=decision))
    visit = visit_of("spravato", number=1, systolic=148)
    plan = course_of("spravato", [visit])
    consultation.do(e.AddCourse(course=plan.id, plan=plan))
    save(consultation, store, journal, by="Dr A", why="decided", now=NOW)
    return store


@pytest.fixture(scope="module")
def once_closed(decided: CaseStore, tmp_path_factory: pytest.TempPathFactory) -> CaseStore:
    """The same case with its session closed; it is copied."""
    knowledge = screening_knowledge()
    store = CaseStore(tmp_path_factory.mktemp("closed"), knowledge.pack)
    base = copied(decided, store)
    consultation, journal = amend(store, base, knowledge, now=NOW, today=lambda: DAY)
    treatment = Treatment(consultation)
    close_visit(treatment, store, journal, by="Dr B", why="v", now=NOW, base=base.stamp)
    return store


def copied(made: CaseStore, store: CaseStore) -> Loaded:
    [path] = made.folder.glob("*.toml")
    return store.load(Path(shutil.copy(path, store.folder)))


@pytest.fixture
def store(tmp_path: Path, knowledge: Knowledge) -> CaseStore:
    return CaseStore(tmp_path, knowledge.pack)


@pytest.fixture
def saved(store: CaseStore, decided: CaseStore) -> Loaded:
    """A decided case with a session that is answered, not closed yet."""
    return copied(decided, store)


@pytest.fixture
def closed(store: CaseStore, once_closed: CaseStore) -> Loaded:
    """The same with its session closed."""
    return copied(once_closed, store)


def judged(loaded: Loaded) -> dict[str, Any]:
    found = loaded.case.courses[0].visits[0].assessment
    assert found is not None
    return found


def test_closing_keeps_each_decision_with_its_reasons_and_the_criteria(
    store: CaseStore, knowledge: Knowledge, saved: Loaded
) -> None:
    assert saved.case.courses[0].visits[0].assessment is None
    consultation, journal = amend(store, saved, knowledge, now=NOW, today=lambda: DAY)
    treatment = Treatment(consultation)
    loaded = close_visit(treatment, store, journal, by="Dr B", why="v", now=NOW, base=saved.stamp)
    found = judged(loaded)
    assert found["on"] == DAY.isoformat()
    assert found["pack"]["digest"] == knowledge.pack.course.digest
    assert found["verdicts"]["gate"] == "caution"
    [row] = found["findings"]
    assert (row["decision"], row["rule"]) == ("gate", "gate-bp-elevated")
    assert row["facts"]["visit.systolic"] == 148
    # In the history it is told in short.
    change = next(
        item for item in loaded.case.revisions[-1].changes if "assessment" in str(item["what"])
    )
    assert "findings" not in json.dumps(change, default=str)


def test_what_another_program_adds_to_a_judgment_survives(
    store: CaseStore, knowledge: Knowledge, closed: Loaded
) -> None:
    case = closed.case
    text = write_case(case, knowledge.pack)
    mark = "[courses.visits.assessment]"
    assert mark in text
    text = text.replace(mark, f'{mark}\nseen_by = "elsewhere"')
    again = read_case(text, path="x.toml", pack=knowledge.pack)
    assert write_case(again, knowledge.pack).count('seen_by = "elsewhere"') == 1


def test_a_judgment_is_sealed_with_the_case(
    store: CaseStore, knowledge: Knowledge, closed: Loaded
) -> None:
    case = closed.case
    assert integrity_of(case, knowledge.pack, now=NOW).stands
    text = write_case(case, knowledge.pack).replace('gate = "caution"', 'gate = "fits"')
    altered = reading_of(read_case(text, path="x.toml", pack=knowledge.pack), knowledge.pack)
    assert altered.integrity.seal == "altered"
    assert altered.integrity.visits_altered


def test_a_closed_visit_that_is_changed_is_judged_anew_and_others_stay(
    store: CaseStore, knowledge: Knowledge, closed: Loaded
) -> None:
    consultation, journal = amend(store, closed, knowledge, now=NOW, today=lambda: DAY)
    treatment = Treatment(consultation)
    treatment.plan(reasons="as discussed")
    later = NOW + dt.timedelta(hours=1)
    same = save_course(treatment, store, journal, by="B", why="plan", now=later, base=closed.stamp)
    assert judged(same) == judged(closed)
    consultation, journal = amend(store, same, knowledge, now=later, today=lambda: DAY)
    treatment = Treatment(consultation)
    treatment.answer("visit.systolic", 120, at=later)
    changed = save_course(
        treatment, store, journal, by="B", why="again", now=later, base=same.stamp
    )
    assert judged(changed)["verdicts"]["gate"] == "fits"
    assert "findings" not in judged(changed)


def test_judged_again_it_says_what_changed_and_why(
    tmp_path: Path, store: CaseStore, knowledge: Knowledge, closed: Loaded
) -> None:
    course = compile_course(knowledge)
    [same] = visits_again(course, closed.case, DAY)
    assert same.difference.same and not same.difference.verdict_changed
    # A week later the form is overdue.
    case = closed.case
    visit = case.courses[0].visits[0]
    unsent = visit.replaced(answers={**visit.answers, "visit.rems_form_sent": False})
    case = case.replaced(courses=(case.courses[0].replaced(visits=(unsent,)),))
    [late] = visits_again(course, case, DAY + dt.timedelta(8))
    report = late.difference.pathway("report")
    assert report is not None
    assert report.verdict_changed
    [change] = report.rules
    assert change.rule == "report-rems-overdue"
    assert "8 days are over since the visit" in change.causes[0].words


@pytest.fixture(scope="module")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """The criteria with a session held from 145 mmHg on, and one rule of a visit off."""
    path = tmp_path_factory.mktemp("policy") / "policy.toml"
    text = 'id = "north"\ntitle = "North Clinic"\n[thresholds]\nbp_hold_systolic = 145\n'
    path.write_text(text, "utf-8")
    return compile_pack(load_pack(default_folder({}), path))


def test_the_rules_of_closed_visits_are_kept_once_and_name_the_cause_of_a_change(
    store: CaseStore, knowledge: Knowledge, strict: Knowledge, closed: Loaded
) -> None:
    [course] = closed.case.courses
    digest = knowledge.pack.course.digest
    assert list(course.criteria) == [digest] == [judged(closed)["pack"]["digest"]]
    assert "bp_hold_systolic" in course.criteria[digest]["thresholds"]
    assert not any("criteria" in str(item["what"]) for item in closed.case.revisions[-1].changes)
    [again] = visits_again(compile_course(strict), closed.case, DAY)
    [hold] = [change for change in again.difference.pathway("gate").rules if change.now]  # type: ignore[union-attr]
    assert hold.rule == "gate-bp-hold"
    [cause] = hold.causes
    assert (cause.kind, cause.subject) == ("local_policy", "bp_hold_systolic")
    assert "from 160 to 145" in cause.words


def test_without_the_rules_of_then_a_cause_is_not_guessed(
    store: CaseStore, knowledge: Knowledge, strict: Knowledge, closed: Loaded
) -> None:
    case = closed.case
    unreadable: list[dict[str, Any]] = [{}, {"other": {}}, {knowledge.pack.course.digest: 5}]
    for kept in unreadable:
        older = case.replaced(courses=(case.courses[0].replaced(criteria=kept),))
        [again] = visits_again(compile_course(strict), older, DAY)
        causes = again.difference.causes
        assert [item.kind for item in causes] == ["criteria"], kept
        assert "what differs was not recorded" in causes[0].words


def test_rules_are_kept_once_for_all_visits_of_one_digest(
    store: CaseStore, knowledge: Knowledge, strict: Knowledge, closed: Loaded
) -> None:
    text = write_case(closed.case, knowledge.pack)
    mark = f'[courses.criteria."{knowledge.pack.course.digest}"]'
    text = text.replace(mark, f"[courses.criteria.elsewhere]\nseen = 1\n\n{mark}\nmore = 2")
    kept = read_case(text, path="x", pack=knowledge.pack).courses[0].criteria
    assert kept["elsewhere"] == {"seen": 1}
    assert write_case(read_case(text, path="x", pack=knowledge.pack), knowledge.pack) == text
    for criteria, many in ((knowledge, 1), (strict, 2), (knowledge, 2)):
        loaded = store.load(closed.stamp.path)
        consultation, journal = amend(store, loaded, criteria, now=NOW, today=lambda: DAY)
        treatment = Treatment(consultation)
        treatment.answer("visit.systolic", 120 + many, at=NOW)
        treatment.answer("visit.diastolic", 70 + loaded.case.revisions[-1].number, at=NOW)
        done = save_course(treatment, store, journal, by="B", why="w", now=NOW, base=loaded.stamp)
        assert len(done.case.courses[0].criteria) == many
    assert strict.pack.course.digest in done.case.courses[0].criteria
    assert integrity_of(done.case, knowledge.pack, now=NOW).stands


def test_a_screening_that_comes_out_otherwise_is_named_as_the_cause(
    store: CaseStore, knowledge: Knowledge, closed: Loaded
) -> None:
    case = closed.case
    found = {**case.answers, "medical.aneurysmal_disease": True}
    [again] = visits_again(compile_course(knowledge), case.replaced(answers=found), DAY)
    gate = again.difference.pathway("gate")
    assert gate is not None
    [stop] = [change for change in gate.rules if change.rule == "gate-screening-stop"]
    assert stop.causes[0].subject == "course.screening"
    assert "says “Contraindicated”" in stop.causes[0].words


def job(**more: Any) -> Job:
    given = {"policy": None, "on": DAY, "as_json": False, "keep_stale": False, **more}
    return Job(criteria=default_folder({}), **given)


def test_cases_reassess_says_it_of_each_visit(
    tmp_path: Path, store: CaseStore, knowledge: Knowledge, closed: Loaded
) -> None:
    found = outcome(job(), knowledge, closed.stamp.path)
    assert "Visit 1 of 2027-01-04, 56 mg: as it was judged then" in found.text
    text = closed.stamp.path.read_text("utf-8")
    closed.stamp.path.write_text(text.replace('gate = "caution"', 'gate = "unmet"', 1))
    found = outcome(job(), knowledge, closed.stamp.path)
    assert "May a dose be given today: ◌ Not yet -> ! With cautions" in found.text
    [row] = json.loads(outcome(job(as_json=True), knowledge, closed.stamp.path).text)["visits"]
    assert (row["course"], row["visit"], row["changed"]) == ("c1", 1, True)
    assert row["decisions"][0]["then"] == {"verdict": "unmet"}


def test_a_file_without_judgments_says_nothing_of_its_visits(
    knowledge: Knowledge, saved: Loaded
) -> None:
    found = outcome(job(as_json=True), knowledge, saved.stamp.path)
    assert "visits" not in json.loads(found.text)
    assert visits_again(compile_course(knowledge), Case(id="x"), DAY) == ()


@pytest.mark.parametrize(
    "judgment",
    [
        {},
        {"verdicts": 5},
        {"verdicts": {"gate": 3}, "findings": [5, {"rule": 3}], "open": {}},
        {"pack": [], "on": 7},
    ],
)
def test_a_judgment_of_any_form_is_read(knowledge: Knowledge, judgment: dict[str, Any]) -> None:
    visit = visit_of("spravato", number=1).replaced(assessment=judgment)
    case = screened().replaced(courses=(course_of("spravato", [visit]),))
    [found] = visits_again(compile_course(knowledge), case, DAY)
    assert not found.difference.then.is_recorded
    assert not found.difference.verdict_changed
