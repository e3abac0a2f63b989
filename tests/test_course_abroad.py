"""A course of treatment under criteria of an invented country: nothing of the program changes.

Its decisions, bases, phases, scale, form and check are its own, and so are the limits by which a
screen marks what was seen. It has no worksheet and no page to take home.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ketatui.cases.base import Answer
from ketatui.cases.courses import Course, Observation, Score, Visit
from ketatui.cases.model import Case, Decision
from ketatui.cases.reading import read_case
from ketatui.cases.store import CaseStore
from ketatui.cases.writing import write_case
from ketatui.cli import main
from ketatui.consultation.saving import amend
from ketatui.contract.assessment import Due, VisitAssessment
from ketatui.contract.schemas import json_schema
from ketatui.course import assess_visit, compile_course
from ketatui.course.assessment import VisitAssessment as Assessed
from ketatui.course.due import due_in
from ketatui.course.grouping import decided_at, groups_of
from ketatui.course.marks import limits_of
from ketatui.course.naming import visit_name
from ketatui.course.planning import possible_bases
from ketatui.course.schedule import next_session
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.privacy import scanner_of
from ketatui.walk import Talk
from ketatui.walk.visit import VisitWalk
from ketatui.walk.visit_opening import opened_visit
from tests.test_other_country import FOLDER
from tests.walk.support import Screen

DAY = dt.date(2026, 11, 21)
NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.UTC)
WITH_IT = ["--criteria", str(FOLDER)]


@pytest.fixture(scope="module")
def norland() -> Knowledge:
    return compile_pack(load_pack(FOLDER))


def decided() -> Case:
    answers: dict[str, Answer] = {
        "person.age": 40,
        "person.registered": True,
        "person.condition": "low_mood",
        "person.place": "ward",
        "medications.reviewed": True,
    }
    return Case(
        id="20261114-090000-n0r1", answers=answers, decision=Decision(pathway="spray", by="Dr B")
    )


def session(number: int, days_ago: int, **more: Any) -> Visit:
    answers = {
        "visit.slept_hours": 7,
        "visit.companion": True,
        "visit.dose_mg": Decimal(28),
        "visit.warmth": "warm",
        "visit.end_minute": 75,
    }
    seen = (Observation(minute=10, spo2=97),)
    visit = Visit(number=number, date=DAY - dt.timedelta(days_ago), observations=seen)
    sent = {"visit.card_sent": True, "visit.eyes_tested": True}
    said = {**answers, **sent, **more}
    return visit.replaced(answers={key: value for key, value in said.items() if value is not None})


def treated(*visits: Visit, pathway: str = "spray", **more: Any) -> Case:
    course = Course(
        id="c1", pathway=pathway, basis="mood", site="ward", visits=visits, instrument="gloom"
    )
    return decided().replaced(courses=(course.replaced(**more),))


def verdicts(norland: Knowledge, case: Case) -> dict[str, str]:
    course = case.courses[0]
    found = assess_visit(compile_course(norland), case, course, course.visits[-1], DAY)
    return {item.id: item.verdict for item in found.decisions}


@pytest.fixture
def walked(norland: Knowledge, tmp_path: Path) -> Path:
    """A case whose first session was walked through, and closed."""
    store = CaseStore(tmp_path / "cases", norland.pack)
    saved = store.save(decided(), base=None, by="Dr B", why="w", now=NOW)
    consultation, journal = amend(store, saved, norland, now=NOW, today=lambda: DAY)
    lines = ["7", "y", "start", "= 90", "28", "1", "75", "n", "n", "e", "y", "nurse c"]
    screen = Screen(lines, replies=(("", "y"),))
    talk = Talk(screen.read, screen.write)
    treatment = opened_visit(consultation, "today", talk)
    walk = VisitWalk(
        treatment, store, journal, saved.stamp, talk, scanner_of(norland.pack), lambda: NOW
    )
    path = walk.run()
    assert path is not None, screen.text[-1500:]
    for words in ("A course was begun: Low mood.", "May it begin", "The dose at", "Oxygen was low"):
        assert words in screen.text
    return path


def test_a_session_is_walked_closed_and_read_again(norland: Knowledge, walked: Path) -> None:
    store = CaseStore(walked.parent, norland.pack)
    case = store.load(walked).case
    assert store.verify(walked) == []
    [course] = case.courses
    assert (course.pathway, course.basis, course.site) == ("spray", "mood", "ward")
    assert course.visits[0].closed_by == "nurse c"
    again = read_case(write_case(case, norland.pack), path="again", pack=norland.pack)
    assert again == case


def test_its_own_decisions_are_judged_by_its_own_rules(norland: Knowledge) -> None:
    scores = (
        Score(instrument="gloom", date=DAY - dt.timedelta(9), value=Decimal(20)),
        Score(instrument="gloom", date=DAY, value=Decimal(22)),
    )
    case = treated(session(1, 8), session(2, 0), scores=scores)
    assert set(verdicts(norland, case).values()) == {"fits"}
    scores = (scores[0], scores[1].replaced(value=Decimal(23)))
    alone = session(2, 0, **{"visit.companion": False, "visit.warmth": "cold"})
    case = treated(session(1, 8), alone, scores=scores)
    assert verdicts(norland, case) == {
        "before": "contraindicated",
        "after": "caution",
        "post": "fits",
        "onward": "not_recommended",
    }
    case = treated(session(1, 8), alone, pathway="drip")
    assert verdicts(norland, case)["before"] == "not_recommended"


def test_a_review_without_a_dose_is_asked_and_told_only_whether_treatment_goes_on(
    norland: Knowledge,
) -> None:
    at_first = Score(instrument="gloom", date=DAY - dt.timedelta(23), value=Decimal(20))
    review = Visit(number=3, date=DAY, kind="review")
    tested = review.replaced(answers={"visit.eyes_tested": True})
    sessions = (session(1, 22), session(2, 15))
    compiled = compile_course(norland)

    def found(visit: Visit, *scores: Score) -> tuple[Assessed, Case]:
        case = treated(*sessions, visit, scores=(at_first, *scores))
        return assess_visit(compiled, case, case.courses[0], visit, DAY), case

    before, case = found(review)
    asked = groups_of(compiled, "spray", review, tuple(compiled.pack.questions.values()))
    assert {key: [item.id for item in rows] for key, rows in asked.items()} == {
        "onward": ["visit.eyes_tested"]
    }
    [onward] = decided_at(compiled.pack, review, before.decisions)
    assert (onward.id, onward.verdict) == ("onward", "incomplete")
    assert before.next is not None, "without a score nobody knows whether it got worse"
    assert (before.next.question, before.next.decision) == ("courses.scores", "onward")
    assert visit_name(case.courses[0], review) == "review"
    for value, verdict in ((22, "fits"), (23, "not_recommended")):
        today = at_first.replaced(date=DAY, value=Decimal(value))
        assessed, case = found(tested, today)
        [onward] = decided_at(compiled.pack, tested, assessed.decisions)
        assert (onward.id, onward.verdict) == ("onward", verdict)
        assert assessed.next is None
    # Looked at today: it is looked at next after as many days as a look counts for.
    due = {item.what: item.by for item in due_in(compiled, case, DAY)}
    counts_for = int(compiled.pack.threshold_values["look_back_days"])
    assert due["review"] == DAY + dt.timedelta(counts_for)


def test_it_runs_under_its_own_bases(norland: Knowledge) -> None:
    assert possible_bases(norland, decided()) == ("mood",)
    other = decided().replaced(answers={**decided().answers, "person.condition": "other"})
    assert possible_bases(norland, other) == ("trial_use",)


def test_its_own_form_and_check_fall_due_and_the_next_session_is_proposed(
    norland: Knowledge,
) -> None:
    case = treated(session(1, 7, **{"visit.card_sent": False, "visit.eyes_tested": None}))
    compiled = compile_course(norland)
    assert [(item.what, (item.by - DAY).days) for item in due_in(compiled, case, DAY)] == [
        ("ministry-card", -4),
        ("session", 0),
        ("review", 7),
        ("eyes", 23),
    ]
    drip = treated(session(1, 7), pathway="drip")
    what = {item.what for item in due_in(compiled, drip, DAY)}
    assert what == set(), "a drip has no test of the eyes, and no interval before one is planned"
    proposal = next_session(compiled.pack, case.courses[0], DAY)
    assert proposal is not None
    assert (proposal.latest, proposal.phase) == (DAY, "beginning")


def test_a_screen_marks_what_its_own_limits_say(norland: Knowledge) -> None:
    limits = limits_of(compile_course(norland).pack)
    assert [limits.spo2.mark(value) for value in (91, 90)] == [None, "very_low"]
    assert limits.systolic.mark(220) is None


def test_it_is_told_and_exported_in_every_form(
    norland: Knowledge, walked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["course", "assess", "--json", "--on", "2026-11-21", str(walked), *WITH_IT]) == 0
    told = json.loads(capsys.readouterr().out)
    assert VisitAssessment.model_validate(told).basis == "mood"
    assert [item["id"] for item in told["decisions"]] == ["before", "after", "post", "onward"]
    due = ["course", "due", "--cases", str(walked.parent), "--on", "2026-11-21", *WITH_IT]
    assert main(due) == 0
    assert "Card to the ministry" in capsys.readouterr().out
    assert main([*due, "--json"]) == 0
    rows = [Due.model_validate_json(row) for row in capsys.readouterr().out.splitlines()]
    assert rows[0].what == "ministry-card"
    for form, words in (
        ("md", "May the person go home"),
        ("txt", "low mood"),
        ("csv", walked.stem),
        ("visits", "visit.slept_hours"),
        ("fhir", '"code":"IMP"'),
        ("pdf", "%PDF-"),
    ):
        path = tmp_path / f"out.{form}"
        export = ["cases", "export", str(walked), "--format", form, "--out", str(path)]
        assert main([*export, *WITH_IT]) == 0, form
        out = path.read_bytes().decode("utf-8", "replace")
        assert words in out, f"{form}: {out[:800]}"
    assert main(["course", "line", str(walked), *WITH_IT]) == 0
    assert "Lowest SpO2 90 %" in capsys.readouterr().out
    schema = json.dumps(json_schema("case", norland.pack))
    assert "trial_use" in schema
    assert "mdsi" not in schema


def test_a_review_is_walked_without_a_question_that_only_a_session_has(
    norland: Knowledge, tmp_path: Path
) -> None:
    at_first = Score(instrument="gloom", date=DAY - dt.timedelta(23), value=Decimal(20))
    store = CaseStore(tmp_path / "cases", norland.pack)
    scores = (at_first, at_first.replaced(date=DAY, value=Decimal(23)))
    case = treated(session(1, 22), session(2, 15), scores=scores)
    saved = store.save(case, base=None, by="Dr B", why="w", now=NOW)
    consultation, journal = amend(store, saved, norland, now=NOW, today=lambda: DAY)
    screen = Screen(["y", "y", "dr b"], replies=(("", "y"),))
    talk = Talk(screen.read, screen.write)
    treatment = opened_visit(consultation, "review", talk)
    scanner = scanner_of(norland.pack)
    path = VisitWalk(treatment, store, journal, saved.stamp, talk, scanner, lambda: NOW).run()
    assert path is not None, screen.text[-1500:]
    [course] = store.load(path).case.courses
    assert (course.visits[-1].kind, course.visits[-1].closed_by) == ("review", "dr b")
    assert course.visits[-1].answers == {"visit.eyes_tested": True}
    assert "Worse than at first" in screen.text
    for words in ("Hours slept", "Dose given", "May the person go home"):
        assert words not in screen.text


@pytest.mark.parametrize(
    ("paper", "said"),
    [
        ("worksheet", "no form is sent for a session"),
        ("going-home", "there is no page to take home"),
    ],
)
def test_a_paper_that_it_does_not_have_is_said_so(
    paper: str, said: str, walked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["course", paper, str(walked), *WITH_IT]) == 2
    assert f"norland-course: {said}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "right", "wrong", "said"),
    [
        ("course.toml", 'role = "leave"', 'role = "gate"', "one decision has the role 'leave'"),
        ("course.toml", '"person.place"', '"person.pace"', "there is no 'person.pace'"),
        ("course.toml", "ward =", "wart =", "there is no 'wart'; allowed: hut, ward"),
        ("course.toml", "'low_mood'", "'low'", "unknown choice code 'low'"),
        ("schedule.toml", '"look_back_days"', '"look_days"', "there is no 'look_days'"),
        ("schedule.toml", '"oxygen_alarm"', '"oxygen"', "there is no 'oxygen'"),
        ("schedule.toml", '"visit.card_sent"', '"visit.card"', "there is no 'visit.card'"),
        ("derived.toml", "'sedative'", "'sedation'", "'sedation'"),
        ("derived.toml", '"visit.lowest_spo2"', '"visit.coldest"', "no calculation of this name"),
    ],
)
def test_a_name_that_nothing_has_is_a_mistake_with_file_and_line(
    file: str,
    right: str,
    wrong: str,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(FOLDER, folder)
    path = folder / "course" / file
    text = path.read_text("utf-8")
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    assert main(["criteria", "check", str(folder), "--on", "2026-11-21"]) == 1
    [line] = [row for row in capsys.readouterr().out.splitlines() if said in row][:1]
    assert f"course/{file}:" in line


def test_a_table_of_its_visits_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    head = "id,course,number,date,kind,pathway,basis,site,visit.dose_mg,visit.card_sent\n"
    rows = [
        f"p{patient},c1,1,2026-11-01,session,spray,mood,ward,28,{str(patient < 15).lower()}\n"
        for patient in range(30)
    ]
    path = tmp_path / "visits.csv"
    path.write_text(head + "".join(rows), "utf-8")
    command = ["cohort", "visits", str(path), "--on", "2026-11-21", *WITH_IT]
    assert main(command) == 0
    [line] = [row for row in capsys.readouterr().out.splitlines() if "Card not sent" in row]
    assert line.split()[-2:] == ["15", "0"]
    path.write_text(head + rows[0].replace("mood", "trd"), "utf-8")
    assert main(command) == 2
    assert "column basis: 1 cannot be read; allowed: mood, trial_use" in capsys.readouterr().err
