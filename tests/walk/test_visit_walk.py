"""A visit line by line in plain text: the same questions, the same disk, the same saved case."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from ketatui.cases.courses import Visit
from ketatui.cases.model import Case, Decision
from ketatui.cases.store import CaseStore
from ketatui.consultation.saving import amend, resume
from ketatui.consultation.treatment import Treatment
from ketatui.privacy import scanner_of
from ketatui.walk import Talk
from ketatui.walk.visit import VisitWalk
from ketatui.walk.visit_opening import opened_visit
from tests.course.support import DAY, course_of, screened, screening_knowledge, visit_of
from tests.walk.support import Screen

NOW = dt.datetime(2027, 1, 4, 14, 0, tzinfo=dt.UTC)
KNOWLEDGE = screening_knowledge()


def case_of(*visits: Visit, pathway: str = "spravato") -> Case:
    return screened().replaced(
        courses=(course_of(pathway, visits),), decision=Decision(pathway=pathway)
    )


class Desk:
    """A folder with one case, and the visit walked through with the lines of a script."""

    def __init__(self, folder: Path, case: Case) -> None:
        self.store = CaseStore(folder, KNOWLEDGE.pack)
        self.saved = self.store.save(case, base=None, by="b", why="w", now=NOW)
        self.moment = NOW

    def walk(self, lines: list[str], wanted: str = "1") -> tuple[str, Path | None]:
        consultation, journal = amend(self.store, self.saved, KNOWLEDGE, now=NOW, today=lambda: DAY)
        screen = Screen(lines)
        talk = Talk(screen.read, screen.write)
        treatment = opened_visit(consultation, wanted, talk)
        walk = VisitWalk(
            treatment, self.store, journal, self.saved.stamp, talk,
            scanner_of(KNOWLEDGE.pack), self._now,
        )  # fmt: skip
        path = walk.run()
        return " ".join(screen.text.split()), path

    def _now(self) -> dt.datetime:
        self.moment += dt.timedelta(minutes=1)
        return self.moment

    @property
    def visit(self) -> Visit:
        return self.store.load(self.saved.case.id).case.courses[0].visits[-1]

    @property
    def draft(self) -> Visit:
        [path] = (self.store.folder / "drafts").glob("*.jsonl")
        found = resume(path, KNOWLEDGE, today=lambda: DAY)
        found.journal.close()
        return Treatment(found.consultation).the_visit()


def answered(**more: object) -> Visit:
    given: dict[str, object] = {"number": 1, "watched": (), **more}
    return visit_of("spravato", **given)  # type: ignore[arg-type]


def test_open_questions_are_asked_in_order_and_the_visit_is_closed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, case_of(answered(systolic=None, diastolic=None, capacity=None)))
    said, path = desk.walk(["164/96", "y", "e", "y", "nurse b"])
    assert "May a dose be given today" in said
    assert "Now: May a dose be given today: ◌ Not yet (Blood pressure" in said
    assert path is not None
    visit = desk.visit
    assert (visit.answers["visit.systolic"], visit.answers["visit.diastolic"]) == (164, 96)
    assert visit.answers["visit.capacity"] is True
    assert (visit.closed_by, visit.assessment is not None) == ("nurse b", True)


def test_what_was_measured_last_time_is_told_and_never_taken(tmp_path: Path) -> None:
    earlier = answered(date=DAY - dt.timedelta(7), systolic=133)
    desk = Desk(tmp_path, case_of(earlier, answered(number=2, systolic=None)))
    said, path = desk.walk(["", "s", "q"], "2")
    assert "Last time, 2026-12-28: 133 mmHg. It is not carried forward." in said
    assert "Nothing was entered. s skips" in said
    assert path is None


def test_every_answer_is_on_disk_and_leaving_keeps_the_draft(tmp_path: Path) -> None:
    desk = Desk(tmp_path, case_of(answered(spo2=None, cns_depressant=None, mania=None)))
    said, _ = desk.walk(["97", "7", "3", "o slept badly", "?", "b", "c", "u", "q"])
    assert "A number from 1 to 5" in said
    assert "The draft is kept" in said
    visit = desk.draft
    assert visit.answers["visit.spo2"] == 97
    assert "visit.cns_depressant" in visit.unknown
    assert visit.notes == {"visit.mania": "slept badly"}


def test_a_session_is_watched_with_the_same_line_as_in_the_app(tmp_path: Path) -> None:
    visit = answered(end_minute=None, minutes_dosing=None, walks_safely=None)
    desk = Desk(tmp_path, case_of(visit))
    lines = ["= 97", "start", "last", "= 171/102 97 4 mod", "= 88/141", "= nausea mild", "y",
             "w", "left", "n", "q"]  # fmt: skip
    said, _ = desk.walk(lines)
    assert "The clock is not running yet: start begins it. Nothing was taken." in said
    assert "First device at" in said and "Last device at" in said
    assert "Not taken. 88/141: the upper value comes first." in said
    assert re.search(r"Due in \d minutes: Blood pressure again: it was high", said)
    assert "May the patient leave: Not yet." in said
    draft = desk.draft
    assert [row.systolic for row in draft.observations] == [171]
    assert [(event.term, event.serious) for event in draft.events] == [("nausea", True)]
    assert "visit.end_minute" not in draft.answers


def test_a_session_of_today_is_begun_and_a_course_with_it(tmp_path: Path) -> None:
    case = screened().replaced(decision=Decision(pathway="iv"))
    desk = Desk(tmp_path, case)
    said, _ = desk.walk(["128/82", "q"], "today")
    assert "A course was begun: Treatment-resistant depression." in said
    assert "session 1, 2027-01-04." in said
    assert desk.draft.answers["visit.systolic"] == 128


def test_a_review_asks_what_a_review_decides(tmp_path: Path) -> None:
    desk = Desk(tmp_path, case_of(answered(date=DAY - dt.timedelta(7))))
    said, _ = desk.walk(["n", "1", "n", "e", "y", "dr b"], "review")
    assert "Does the course go on as planned" in said
    assert "May a dose be given today" not in said
    assert desk.visit.kind == "review"
    assert "visit.dose_mg" not in desk.visit.answers


@pytest.mark.parametrize(
    ("wanted", "why"),
    [("7", "there is no visit 7; allowed: 1"), ("soon", "allowed are a number, today and review")],
)
def test_what_is_no_visit_says_what_is_allowed(tmp_path: Path, wanted: str, why: str) -> None:
    desk = Desk(tmp_path, case_of(answered()))
    with pytest.raises(ValueError, match=why):
        desk.walk([], wanted)
