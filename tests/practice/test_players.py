"""What a run is worth to who knows, who asks too little, and who reads nothing; and to a class."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from ketatui.consultation.edits import SetAnswer
from ketatui.engine import Knowledge
from ketatui.practice.class_models import PeersFile, PeersOf
from ketatui.practice.class_report import ClassReport, by_trainee, class_report
from ketatui.practice.debrief_text import debrief_text
from ketatui.practice.drafts import begin
from ketatui.practice.loading import PracticeLibrary, load_library
from ketatui.practice.peers import peers_of, peers_text, plan_said, verdicts_said
from ketatui.practice.stages import parts_of
from ketatui.practice.tables import load_table
from ketatui.practice.whole import Done, appraise_run
from ketatui.practice.xapi import statements
from tests.each import each
from tests.practice.players import PLAYERS
from tests.practice.support import NOW, RED, TRAM, TWO, answer_all, commit_to, staged_library


@pytest.fixture(scope="module")
def staged(knowledge: Knowledge) -> PracticeLibrary:
    return staged_library(knowledge.pack)


def played(
    folder: Path,
    knowledge: Knowledge,
    library: PracticeLibrary,
    name: str,
    player: str,
    by: str,
    at: dt.datetime = NOW,
) -> Path:
    """Play a whole case, lock by lock, as somebody does."""
    run = begin(folder / by, library, library.cases[name], knowledge, now=at)
    while True:
        done: Done = PLAYERS[player](run.part)
        there = run.consultation.case.answers
        new = {key: value for key, value in done.answers.answers.items() if key not in there}
        answer_all(run, done.answers.replaced(answers=new))
        commit_to(run, done.judgment)
        if run.last:
            return run.finish(folder / by, by=by, now=at + dt.timedelta(minutes=9)).path
        run.go_on()


@each("name", [TWO, TRAM])
def test_who_knows_is_before_who_asks_too_little_and_who_reads_nothing_is_last(
    knowledge: Knowledge, staged: PracticeLibrary, name: str
) -> None:
    parts = parts_of(knowledge, staged.cases[name])
    points = {
        who: appraise_run(staged.rubric, parts, [play(part) for part in parts])
        for who, play in PLAYERS.items()
    }
    assert points["strong"].points == points["strong"].most
    assert points["strong"].points > points["weak"].points > points["cheating"].points
    assert not points["strong"].harm


@pytest.mark.long
def test_ten_cases_rank_three_trainees(tmp_path: Path, knowledge: Knowledge) -> None:
    library = load_library(knowledge.pack)
    screened = [case.id for case in library.cases.values() if not case.file.stages]
    in_stages = [case.id for case in library.cases.values() if case.file.stages]
    names = (*screened[::13][:5], *in_stages[::5][:5])
    assert len(names) == 10
    for name in names:
        for hour, who in enumerate(PLAYERS):
            played(tmp_path, knowledge, library, name, who, who, NOW + dt.timedelta(hours=hour))
    report = class_report(knowledge, library, tmp_path)
    assert {item.state for item in report.attempts} == {"ok"}
    mean = {item.what: item.mean or 0 for item in by_trainee(report)}
    assert mean["strong"] == 100
    assert mean["strong"] - 30 > mean["weak"] > mean["cheating"] + 5
    assert mean["cheating"] <= 5


def twelve(folder: Path, knowledge: Knowledge, library: PracticeLibrary) -> ClassReport:
    """Six trainees with two cases each; three files are altered afterwards."""
    paths = []
    for number, by in enumerate(("ann", "bob", "cho", "dee", "eve", "fay")):
        who = ("strong", "weak", "cheating")[number % 3]
        for place, name in enumerate((RED, TRAM)):
            at = NOW + dt.timedelta(hours=2 * number + place)
            paths.append(played(folder, knowledge, library, name, who, by, at))
    for path, old, new in (
        (paths[2], "most = ", "most = 9"),
        (paths[5], 'gate = "not_recommended"', 'gate = "unmet"'),
        (paths[10], "seconds = ", "seconds = 9"),
    ):
        text = path.read_text("utf-8")
        assert old in text, path
        path.write_text(text.replace(old, new, 1), "utf-8")
    return class_report(knowledge, library, folder)


@pytest.mark.long
def test_a_class_of_twelve_with_three_altered_files(
    tmp_path: Path, knowledge: Knowledge, staged: PracticeLibrary
) -> None:
    report = twelve(tmp_path, knowledge, staged)
    assert len(report.attempts) == 12
    altered = [(item.trainee, item.attempt.case) for item in report.attempts if item.state != "ok"]
    assert altered == [("bob", RED), ("cho", TRAM), ("fay", RED)]
    assert {item.state for item in report.attempts} == {"ok", "altered"}
    means = {item.what: (item.tried, item.mean) for item in by_trainee(report)}
    assert means["ann"] == means["dee"] == (2, 100)
    assert {who: tried for who, (tried, _) in means.items()} == {
        "ann": 2,
        "bob": 1,
        "cho": 1,
        "dee": 2,
        "eve": 2,
        "fay": 1,
    }
    sent = list(statements(report))
    assert len(sent) == 9
    assert len({row["id"] for row in sent}) == 9


def test_statements_are_valid_and_the_same_each_time(
    tmp_path: Path, knowledge: Knowledge, staged: PracticeLibrary
) -> None:
    played(tmp_path, knowledge, staged, TRAM, "cheating", "ann")
    report = class_report(knowledge, staged, tmp_path)
    (row,) = statements(report)
    assert row == next(statements(class_report(knowledge, staged, tmp_path)))
    assert json.loads(json.dumps(row)) == row
    assert row["actor"]["account"]["name"] == "ann"
    assert row["verb"]["id"] == "http://adlnet.gov/expapi/verbs/completed"
    assert row["object"]["id"] == "urn:ketatui:practice:night-tram"
    score = row["result"]["score"]
    assert -1 <= score["scaled"] < 0.5
    assert score["raw"] <= score["max"]
    assert row["result"]["success"] is False
    assert row["result"]["extensions"]["urn:ketatui:practice:missed"]
    assert dt.datetime.fromisoformat(row["timestamp"]).tzinfo is not None
    # Every key of an extension is an IRI.
    for place in (row["result"], row["context"]):
        assert all(key.startswith("urn:") for key in place["extensions"])


def test_what_others_chose_is_counted_from_five_on_and_names_nobody(
    tmp_path: Path, knowledge: Knowledge, staged: PracticeLibrary
) -> None:
    for number in range(5):
        who = "strong" if number < 3 else "cheating"
        at = NOW + dt.timedelta(hours=number)
        played(tmp_path, knowledge, staged, TRAM, who, f"t{number}", at)
        if number == 3:
            assert not peers_of(class_report(knowledge, staged, tmp_path)).peers
    found = peers_of(class_report(knowledge, staged, tmp_path))
    rows = {row.part: row for row in found.peers}
    assert rows.keys() == {"tuesday-one", "thursday", "four-weeks"}
    gate = rows["tuesday-one"]
    assert gate.verdicts == {"gate": {"unmet": 3, "not_recommended": 2}}
    assert gate.plans["hold"] >= 3
    assert verdicts_said(gate, "gate", {"unmet": "Not yet"}) == (
        "Of 5 others: Not yet 3, not_recommended 2."
    )
    assert plan_said(gate, "half") == "0 of 5 others chose it."
    text = peers_text(found)
    assert "t1" not in text
    (tmp_path / "peers.toml").write_text(text, "utf-8")
    assert load_table(tmp_path / "peers.toml", PeersFile) == found


def test_an_altered_stage_is_named(
    tmp_path: Path, knowledge: Knowledge, staged: PracticeLibrary
) -> None:
    path = played(tmp_path, knowledge, staged, TRAM, "cheating", "ann")
    text = path.read_text("utf-8")
    path.write_text(text.replace('gate = "not_recommended"', 'gate = "unmet"', 1), "utf-8")
    (item,) = class_report(knowledge, staged, tmp_path).attempts
    assert (item.state, item.counts) == ("altered", False)


def test_an_answer_of_a_stage_that_is_none_counts_as_none(
    tmp_path: Path, knowledge: Knowledge, staged: PracticeLibrary
) -> None:
    run = begin(tmp_path, staged, staged.cases[TRAM], knowledge, now=NOW)
    run.consultation.do(SetAnswer(question="visit.systolic", value=166))
    while True:
        commit_to(run, PLAYERS["strong"](run.part).judgment)
        if run.last:
            break
        run.go_on()
    path = run.finish(tmp_path, by="", now=NOW).path
    text = path.read_text("utf-8")
    path.write_text(text.replace('"visit.systolic" = 166', '"visit.systolic" = "much"'), "utf-8")
    (item,) = class_report(knowledge, staged, tmp_path).attempts
    assert item.state == "altered"
    assert item.found is not None
    assert item.found.parts[0].found["visit.systolic"] == "missed"


def test_the_debrief_tells_what_others_chose(knowledge: Knowledge, staged: PracticeLibrary) -> None:
    others = PeersOf(
        case=RED, attempts=7, plans={"spray": 5}, verdicts={"spravato": {"fits": 5, "caution": 2}}
    )
    library = staged.replaced(peers={(RED, ""): others})
    parts = parts_of(knowledge, staged.cases[RED])
    done = [PLAYERS["cheating"](part) for part in parts]
    found = appraise_run(library.rubric, parts, done)
    said = " ".join(text for _, text in debrief_text(library, RED, parts, done, found))
    assert "Of 7 others: Criteria met 5, Criteria met, with cautions 2." in said
    assert "of 7 others chose it." in said
    assert "others" not in " ".join(t for _, t in debrief_text(staged, RED, parts, done, found))


def test_a_case_with_a_faulty_stage_ends_no_report(
    tmp_path: Path, knowledge: Knowledge, staged: PracticeLibrary
) -> None:
    played(tmp_path, knowledge, staged, TRAM, "strong", "ann")
    case = staged.cases[TRAM]
    assert case.file.course is not None
    gone = case.file.replaced(course=case.file.course.replaced(pathway="nasal"))
    library = staged.replaced(cases={TRAM: case.replaced(file=gone)})
    (item,) = class_report(knowledge, library, tmp_path).attempts
    assert item.state == "case not there"
    assert "there is no such pathway" in item.why
    assert not item.counts
