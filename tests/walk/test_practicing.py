"""A practice run line by line: the same run, locks and attempt as in the app."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from ketatui.engine import Knowledge
from ketatui.practice.attempts import finished, list_attempts
from ketatui.practice.drafts import begin, resume
from ketatui.practice.drill_session import Drilling
from ketatui.practice.drilling import read_answers
from ketatui.practice.loading import PracticeLibrary
from ketatui.practice.reasons import plans_for
from ketatui.practice.run import Finished, PracticeRun
from ketatui.privacy import scanner_of
from ketatui.walk import Talk
from ketatui.walk.drilling import drill
from ketatui.walk.practicing import PracticeWalk
from tests.practice.support import NOW, RED, TRAM, answer_all, perfect, staged_library
from tests.walk.support import Screen


@pytest.fixture(scope="module")
def library(knowledge: Knowledge) -> PracticeLibrary:
    return staged_library(knowledge.pack)


def walked(
    folder: Path, knowledge: Knowledge, run: PracticeRun, lines: Iterable[str]
) -> tuple[Finished | None, str]:
    screen = Screen(lines, [("", "q")])
    talk = Talk(screen.read, screen.write)
    scanner = scanner_of(knowledge.pack)
    walk = PracticeWalk(run, talk, scanner, folder, "me", lambda: NOW, "ketatui practice run")
    return walk.go(), screen.text


def committing(run: PracticeRun) -> list[str]:
    """What somebody types behind the lock who knows everything."""
    judgment = perfect(run.knowledge, run.case)
    codes = list(run.knowledge.pack.wording.verdicts)
    lines = []
    for ident, offered in run.offered.items():
        lines.append(str(codes.index(judgment.verdicts[ident]) + 1))
        places = [n for n, r in enumerate(offered, 1) if r.rule in judgment.reasons[ident]]
        lines.append(" ".join(map(str, places)))
    if run.case.key.best:
        pathways = [*run.knowledge.pack.pathways, "none"]
        lines.append(str(pathways.index(judgment.choice) + 1))
    plans = [plan.id for plan in plans_for(run.case)]
    return [*lines, str(plans.index(judgment.plan) + 1), "y"]


def test_a_whole_case_in_plain_text(
    tmp_path: Path, knowledge: Knowledge, library: PracticeLibrary
) -> None:
    run = begin(tmp_path, library, library.cases[RED], knowledge, now=NOW)
    answer_all(run, run.case.right)
    done, text = walked(tmp_path, knowledge, run, ["e", "y", *committing(run)])
    assert done is not None
    assert done.appraisal.points == done.appraisal.most
    assert "have no answer. Lock the facts? Nothing leads back." in text
    assert f"Debrief: {done.appraisal.most} of {done.appraisal.most} points." in text
    assert [item.case for item in finished(list_attempts(tmp_path))] == [RED]


def test_nothing_is_told_of_the_rules_and_asking_tells_what_is_hidden(
    tmp_path: Path, knowledge: Knowledge, library: PracticeLibrary
) -> None:
    run = begin(tmp_path, library, library.cases[TRAM], knowledge, now=NOW)
    lines = ["166/96", "f", ".", "/medicines since", "1", "r", "1", "h", "q"]
    done, text = walked(tmp_path, knowledge, run, lines)
    assert done is None
    assert text.count("is told after you have committed") == 2
    assert "Not yet" not in text
    assert "Ask what was taken this morning: He left out his blood pressure tablet" in text
    assert "r       ask the patient" in text
    assert "Go on with: ketatui practice run" in text


def test_a_run_goes_on_behind_the_lock_and_through_its_stages(
    tmp_path: Path, knowledge: Knowledge, library: PracticeLibrary
) -> None:
    run = begin(tmp_path, library, library.cases[TRAM], knowledge, now=NOW)
    answer_all(run, run.case.right)
    _, text = walked(tmp_path, knowledge, run, ["y", "q"])
    assert "your verdict?" in text
    again, _ = resume(run.journal.path, library, knowledge)
    assert again.locked
    # Four reasons are too many, "b" begins once more, and the facts stay locked.
    lines = ["1", "1 2 3 4", "9 99", "b", *committing(again)]
    _, text = walked(tmp_path, knowledge, again, [*lines, "q"])
    assert "3 at most." in text
    assert "numbers from 1 to 9 are wanted" in text
    assert "The facts are locked; once more" in text
    third, _ = resume(run.journal.path, library, knowledge)
    assert third.part.id == "thursday"
    assert third.done[0].judgment.verdicts == {"gate": "unmet"}
    assert len(third.done[0].judgment.reasons["gate"]) == 1


def test_rules_are_drilled_line_by_line(
    tmp_path: Path, knowledge: Knowledge, library: PracticeLibrary
) -> None:
    sitting = Drilling.begin(knowledge, library.rubric, tmp_path, NOW)
    first = sitting.drill
    assert first is not None
    right = str(list(first.words).index(first.verdict) + 1)
    screen = Screen(["", "9", "b", right, "1", "q"])
    drill(Talk(screen.read, screen.write), sitting, lambda: NOW)
    assert f"But {first.fact}: {first.value}" in " ".join(screen.text.split())
    assert "Right." in screen.text
    assert "9 is none of them." in screen.text
    assert f"{sitting.right} of 2 right." in screen.text
    assert read_answers(tmp_path)[0].rule == first.rule
