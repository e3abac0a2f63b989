"""A class: scored again, altered attempts named, copies counted once, first tries summed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from ketatui.consultation.edits import SetAnswer
from ketatui.engine import Knowledge
from ketatui.practice.attempts_csv import (
    COLUMNS,
    attempts_csv,
    attempts_table,
    sums_csv,
    sums_table,
)
from ketatui.practice.class_models import Assignment
from ketatui.practice.class_report import (
    ClassReport,
    by_case,
    by_fact,
    by_rule,
    by_trainee,
    class_report,
)
from ketatui.practice.drafts import begin
from ketatui.practice.loading import PracticeLibrary, load_library
from tests.practice.support import NOW, RED, TWO, answer_all, commit_to, perfect, text_of

PEOPLE = ("ann", "bob", "cho", "dee")


@dataclass
class Room:
    """A folder that collects the attempts of a class."""

    folder: Path
    knowledge: Knowledge
    library: PracticeLibrary
    minute: int = 0

    def attempt(self, by: str, name: str, *, badly: bool = False, hints: int = 0) -> Path:
        self.minute += 10
        now = NOW + dt.timedelta(minutes=self.minute)
        case = self.library.cases[name]
        folder = self.folder / by
        run = begin(folder, self.library, case, self.knowledge, now=now)
        answer_all(run, case.right)
        for _ in range(hints):
            run.take_hint()
        judged = perfect(self.knowledge, case)
        if badly:
            run.consultation.do(SetAnswer(question="medical.aneurysmal_disease", value=False))
            wrong = next(item.rule for item in run.offered["iv"] if not item.holds)
            judged = judged.replaced(
                verdicts=dict.fromkeys(judged.verdicts, "fits"), reasons={"iv": (wrong,)}
            )
        commit_to(run, judged)
        return run.finish(folder, by=by, now=now + dt.timedelta(minutes=7)).path

    def report(
        self, assignment: Assignment | None = None, *, anonymous: bool = False
    ) -> ClassReport:
        library = self.library.replaced(assignment=assignment)
        return class_report(self.knowledge, library, self.folder, anonymous=anonymous)


@pytest.fixture
def room(tmp_path: Path, knowledge: Knowledge, library: PracticeLibrary) -> Room:
    return Room(tmp_path / "class", knowledge, library)


def altered(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text, text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_class_of_twelve_attempts_with_three_altered_is_reported_right(room: Room) -> None:
    files = {(by, name): room.attempt(by, name) for by in PEOPLE for name in (RED, TWO)}
    files |= {(by, "again"): room.attempt(by, RED, badly=True) for by in PEOPLE[:3]}
    bad = room.attempt("eve", RED, badly=True)
    # More points than there are; another plan; the seal taken away with better points.
    altered(files["ann", RED], "points = 20", "points = 999")
    altered(files["bob", TWO], 'plan = "', 'plan = "x')
    altered(bad, "seal = ", "zeal = ")
    shutil.copy(files["dee", RED], room.folder / "dee" / "once-more.toml")
    report = room.report()
    states = {(item.file, item.state) for item in report.attempts if item.state != "ok"}
    assert states == {
        (f"ann/{files['ann', RED].name}", "altered"),
        (f"bob/{files['bob', TWO].name}", "altered"),
        (f"eve/{bad.name}", "altered"),
        ("dee/once-more.toml", "copy"),
    }
    assert len(report.attempts) == 13
    assert "says 999" not in "".join(
        item.why for item in report.attempts
    )  # The seal says it first.
    first = next(item for item in report.attempts if item.file.startswith("ann/"))
    assert first.found is not None
    assert first.percent == 100
    assert first.found.points == 20
    sums = {item.what: (item.tried, item.right, item.mean) for item in by_trainee(report)}
    assert sums == {
        "ann": (1, 1, 100),
        "bob": (1, 1, 100),
        "cho": (2, 2, 100),
        "dee": (2, 2, 100),
    }
    assert {item.what: item.tried for item in by_case(report)} == {RED: 3, TWO: 3}


def test_points_that_the_answers_do_not_come_to_are_named_also_under_a_new_seal(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = room.attempt("ann", RED)
    text = path.read_text("utf-8").replace("points = 20", "points = 19", 1)
    path.write_text(text, "utf-8")
    from ketatui.practice.attempts import seal_of

    seal = text.partition('seal = "')[2].partition('"')[0]
    altered(path, seal, seal_of(path))
    [item] = room.report().attempts
    assert (item.state, item.why) == (
        "altered",
        "says 19 of 20 points; its answers come to 20 of 20",
    )
    assert not item.counts


def test_attempts_of_before_are_read_and_scored_as_things_are_now(room: Room) -> None:
    path = room.attempt("ann", RED)
    text = path.read_text("utf-8")
    kept = [line for line in text.splitlines() if not line.startswith(("seal = ", "scoring = "))]
    path.write_text("\n".join(kept) + "\n", "utf-8")
    [item] = room.report().attempts
    assert (item.state, item.percent, item.counts) == ("another version", 100, True)
    assert item.why == "another scoring then; scored as they are now"


def test_facts_and_rules_are_counted_over_first_tries(room: Room) -> None:
    room.attempt("ann", RED, badly=True)
    room.attempt("ann", RED)
    room.attempt("bob", RED)
    report = room.report()
    [fact] = by_fact(report)
    assert (fact.what, fact.tried, fact.right) == ("medical.aneurysmal_disease", 2, 1)
    rules = {item.what: item for item in by_rule(report, room.knowledge.pack.rules)}
    vessel = rules.pop("aneurysmal-disease")
    assert (vessel.tried, vessel.right, vessel.wrong) == (2, 1, 0)
    [wrong] = rules.values()
    assert (wrong.tried, wrong.wrong) == (0, 1)
    text = "\n".join(sums_table("By rule", [vessel, wrong]))
    assert "1 of 2" in text
    assert "named once where it does not apply" in text
    assert "again" in "\n".join(attempts_table(report))


def test_codes_tell_no_name_and_no_cell_is_a_formula(room: Room) -> None:
    room.attempt("=cmd", RED, badly=True)
    room.attempt("bob", RED)
    rows = list(csv.DictReader(io.StringIO(attempts_csv(room.report()))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["by"] == "'=cmd"
    assert rows[0]["file"].startswith("'=cmd/")
    report = room.report(anonymous=True)
    told = attempts_csv(report) + "\n".join(attempts_table(report)) + sums_csv(by_trainee(report))
    assert "bob" not in told
    assert "cmd" not in told
    assert {item.trainee for item in report.attempts} == {"T01", "T02"}


def test_an_assignment_says_what_is_late_too_many_hinted_and_missing(room: Room) -> None:
    room.attempt("ann", RED)
    room.attempt("ann", RED, hints=1)
    room.attempt("bob", TWO)
    after = Assignment(title="Week 1", cases=(RED,), due=NOW.date(), hints=False, tries=1)
    report = room.report(after)
    assert [item.against for item in report.attempts] == ["", "hints taken, one try too many"]
    # Who sent nothing for it is not known from files that are about something else.
    assert report.missing == ()
    both = Assignment(title="Week 1", cases=(RED, TWO), due=NOW.date() - dt.timedelta(days=1))
    report = room.report(both)
    assert {item.against for item in report.attempts} == {"late"}
    assert report.missing == (("ann", TWO), ("bob", RED))


def test_a_teacher_s_folder_stands_beside_the_pack_s(
    tmp_path: Path, knowledge: Knowledge, library: PracticeLibrary
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / f"{RED}.toml").write_text(text_of(RED), "utf-8")
    (own / "piano-tuner.toml").write_text(
        text_of(RED).replace(f'id = "{RED}"', 'id = "piano-tuner"'), "utf-8"
    )
    (own / "assignment.toml").write_text(
        f'title = "Week 1"\ncases = ["{RED}"]\ndue = 2026-12-04\nhints = false\ntries = 1\n'
    )
    found = load_library(knowledge.pack, own)
    assert RED in found.cases
    assert "piano-tuner is there already" in found.problems[0]
    assert found.cases["piano-tuner"].path.parent != own
    set_for = found.assigned(RED)
    assert set_for is not None
    assert (set_for.cases, set_for.due) == ((RED,), dt.date(2026, 12, 4))
    assert found.assigned("piano-tuner") is None
    (own / "assignment.toml").write_text('title = "Week 1"\ncases = []\ntrys = 1\n', "utf-8")
    wrong = load_library(knowledge.pack, own)
    assert wrong.assignment is None
    assert any("assignment.toml" in item and "trys" in item for item in wrong.problems)
