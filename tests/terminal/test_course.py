"""A course in the real program: killed within a visit, found again there, closed and saved."""

from __future__ import annotations

import datetime as dt
import signal
from pathlib import Path

import pytest

from ketatui.cases.integrity import integrity_of
from ketatui.cases.model import Decision
from ketatui.cases.store import CaseStore
from ketatui.consultation.completing import completed
from ketatui.consultation.consultation import Consultation
from ketatui.engine import Knowledge
from tests.course.support import screened
from tests.terminal.program import ESCAPE, Program

pytestmark = pytest.mark.terminal

NOW = dt.datetime.now(dt.UTC)


def decided(folder: Path, knowledge: Knowledge) -> CaseStore:
    """A folder with one saved case: screened, and decided for Spravato."""
    store = CaseStore(folder, knowledge.pack)
    case = screened().replaced(
        label="low mood", decision=Decision(pathway="spravato", by="Dr A", at=NOW, reason="agreed")
    )
    consultation = Consultation(knowledge, case, today=lambda: NOW.date())
    store.save(completed(consultation), base=None, by="Dr A", why="decided", now=NOW)
    return store


@pytest.mark.parametrize("size", [(120, 40), pytest.param((80, 24), marks=pytest.mark.long)])
def test_a_visit_that_is_killed_is_gone_on_with_and_closed(
    tmp_path: Path, size: tuple[int, int], knowledge: Knowledge
) -> None:
    store = decided(tmp_path / "cases", knowledge)
    with Program(tmp_path, size=size) as first:
        first.wait_for("one saved case")
        first.press("c")
        first.wait_for("low mood")
        first.press("\r")
        first.wait_for("read-only")
        first.press("m")
        first.wait_for("Begin a course: Spravato")
        first.press("j", "j")
        first.wait_until(lambda: "Begin the course" in first.row, "the way to begin")
        first.press("\r")
        first.wait_until(lambda: "Add a session today" in first.row, "the way to a session")
        first.press("\r")
        first.wait_for("Let me measure your blood pressure")
        first.press(*"141/88", "\r", *"72", "\r", *"14", "\r")
        first.wait_for("Let me measure the oxygen")
        first.signal(signal.SIGKILL)
        assert first.ended() == 128 + signal.SIGKILL
    with Program(tmp_path, size=size) as second:
        second.wait_for("5 changes")
        second.press("r")
        for text in ("Let me measure the oxygen", "141 mmHg", "88 mmHg"):
            second.wait_for(text)
        second.press("s")
        second.wait_for("closed by")
        second.press(*"Dr B", "\r")
        second.wait_for("Saved: revision 2")
        second.press(ESCAPE)
        second.wait_until(lambda: "Saved: revision 2" not in second.text, "the way back")
        second.press("\x11")
        assert second.ended() == 0
    (path,) = store.folder.glob("*.toml")
    case = store.load(path).case
    assert integrity_of(case, knowledge.pack).stands
    assert case.courses[0].visits[0].answers == {
        "visit.systolic": 141,
        "visit.diastolic": 88,
        "visit.heart_rate": 72,
        "visit.respiratory_rate": 14,
    }
    assert case.revisions[-1].by == "Dr B"
