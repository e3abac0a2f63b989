"""``ketatui practice``: cases and attempts without the app."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
from pathlib import Path

import pytest

from ketatui.criteria.default import default_folder
from ketatui.engine import Knowledge
from ketatui.practice.drafts import begin
from ketatui.practice.loading import PracticeLibrary, case_files
from tests.cli.support import Command
from tests.practice.support import (
    CASES,
    NOW,
    RED,
    TWO,
    answer_all,
    commit_to,
    fixture_library,
    perfect,
    text_of,
)


@pytest.fixture
def criteria(tmp_path: Path) -> Path:
    """The pack, with the cases of the tests for its practice cases."""
    folder = tmp_path / "criteria"
    shutil.copytree(default_folder({}), folder)
    for path in case_files(folder / "practice"):
        path.unlink()
    (folder / "practice" / "undecided.toml").unlink()
    for name in (RED, TWO):
        shutil.copy(CASES / f"{name}.toml", folder / "practice")
    return folder


@pytest.fixture
def library(knowledge: Knowledge) -> PracticeLibrary:
    return fixture_library(knowledge.pack)


def attempted(
    folder: Path, knowledge: Knowledge, library: PracticeLibrary, by: str, minutes: int = 0
) -> Path:
    now = NOW + dt.timedelta(minutes=minutes)
    run = begin(folder, library, library.cases[RED], knowledge, now=now)
    answer_all(run, run.case.right)
    commit_to(run, perfect(knowledge, run.case))
    return run.finish(folder, by=by, now=now).path


def test_the_list_says_what_was_done_and_what_comes_next(
    ketatui: Command, criteria: Path, tmp_path: Path, knowledge: Knowledge, library: PracticeLibrary
) -> None:
    attempts = tmp_path / "attempts"
    arguments = ("practice", "list", "--criteria", criteria, "--attempts", attempts)
    before = ketatui(*arguments)
    assert (before.status, before.err) == (0, "")
    assert "→ next: harbor-pilot (not tried yet" in before.out
    assert not attempts.exists()
    attempted(attempts, knowledge, library, "T")
    after = ketatui(*arguments)
    assert "100%  harbor-pilot" in after.out
    assert "→ next: night-baker" in after.out


def test_check_names_the_rules_without_a_case_where_the_pack_says_which_may_be(
    ketatui: Command, criteria: Path
) -> None:
    said = '[[undecided]]\nrules = ["lithium", "aneurysmal-disease"]\nbecause = "A note."\n'
    (criteria / "practice" / "undecided.toml").write_text(said, "utf-8")
    found = ketatui("practice", "check", "--criteria", criteria)
    assert found.status == 1
    lines = found.out.splitlines()
    assert "rule avm decides no practice case; write one, or say why in undecided.toml" in lines
    needless = "undecided.toml: aneurysmal-disease decides a practice case; take it out"
    assert needless in lines
    assert not any(" lithium " in line for line in lines)


def test_check_finds_mistakes_and_names_file_and_line(
    ketatui: Command, criteria: Path, tmp_path: Path
) -> None:
    assert ketatui("practice", "check", "--criteria", criteria).out == "ok: 2 practice cases\n"
    assert ketatui("practice", "check", CASES).out == "ok: 2 practice cases\n"
    bad = tmp_path / "wrong.toml"
    bad.write_text(text_of(RED).replace('best = "none"', 'best = "iv"'), "utf-8")
    done = ketatui("practice", "check", bad, CASES / f"{TWO}.toml")
    assert done.status == 1
    assert f"{bad}:2: harbor-pilot: the file is called wrong.toml" in done.out
    assert "key best: the best is said to be iv" in done.out
    gone = ketatui("practice", "check", tmp_path / "gone.toml")
    assert (gone.status, gone.out) == (2, "")
    assert gone.err == f"{tmp_path}/gone.toml: no such file or folder\n"
    empty = tmp_path / "empty"
    empty.mkdir()
    none = ketatui("practice", "check", empty)
    assert (none.status, none.out) == (2, "")
    assert none.err == f"{empty}: no practice case is in this folder\n"


def test_show_previews_story_and_key(ketatui: Command, criteria: Path) -> None:
    done = ketatui("practice", "show", RED, CASES / f"{TWO}.toml", "--criteria", criteria)
    assert done.status == 0
    assert done.out.startswith("PRACTICE  A harbor pilot who saw a surgeon\n")
    assert "* Aneurysmal vascular disease" in done.out
    assert "Aneurysm (aorta, brain, limbs): yes (aneurysmal-disease)" in done.out
    assert "PRACTICE  A night baker and two tablets" in done.out
    assert all(len(line) <= 80 for line in done.out.splitlines())
    missing = ketatui("practice", "show", "nobody", "--criteria", criteria)
    assert (missing.status, missing.err) == (2, "nobody: No such file or directory\n")


def test_a_teacher_sees_a_folder_of_attempts(
    ketatui: Command, tmp_path: Path, knowledge: Knowledge, library: PracticeLibrary
) -> None:
    for minutes, name in enumerate(("ann", "bob")):
        attempted(tmp_path / name, knowledge, library, name, minutes)
    (tmp_path / "notes.toml").write_text("a = 1\n", "utf-8")
    text = ketatui("practice", "report", "--own", CASES, tmp_path)
    assert text.status == 2
    assert text.out.startswith(f"PRACTICE attempts in {tmp_path}: 2\n")
    assert "100 %     20/20" in text.out
    title = library.cases[RED].file.title
    assert [line.split("  ")[-1] for line in text.out.splitlines()[1:3]] == [f"{title} ({RED})"] * 2
    assert f"2 of 2    mean 100 %  {title} ({RED})" in text.out
    assert "2 of 2    Aneurysm (aorta, brain, limbs) (medical.aneurysmal_disease)" in text.out
    assert "notes.toml: attempt: not a practice attempt" in text.err
    (tmp_path / "notes.toml").unlink()
    rows = list(
        csv.DictReader(
            io.StringIO(ketatui("practice", "report", "--own", CASES, tmp_path, "--csv").out)
        )
    )
    assert [(row["by"], row["case"], row["percent"]) for row in rows] == [
        ("ann", RED, "100"),
        ("bob", RED, "100"),
    ]
    told = ketatui("practice", "report", "--own", CASES, tmp_path, "--json").out.splitlines()
    assert [json.loads(line)["practice"] for line in told] == [True, True]
    facts = ketatui("practice", "report", "--own", CASES, tmp_path, "--by", "fact", "--csv").out
    assert facts.splitlines()[1] == "medical.aneurysmal_disease,2,2,,0,0"
    coded = ketatui("practice", "report", "--own", CASES, tmp_path, "--anonymous").out
    assert "ann" not in coded.partition("\n")[2]
    gone = ketatui("practice", "report", "--own", CASES, tmp_path / "gone")
    assert gone.status == 2
    assert "no such folder" in gone.err


def test_an_attempt_is_marked_as_practice_wherever_it_is_read(
    ketatui: Command, tmp_path: Path, knowledge: Knowledge, library: PracticeLibrary
) -> None:
    path = attempted(tmp_path / "attempts", knowledge, library, "T")
    folder = tmp_path / "cases"
    note = ketatui("cases", "export", path, "--format", "md", "--cases", folder)
    assert note.out.startswith("**PRACTICE: ")
    rows = csv.DictReader(
        io.StringIO(ketatui("cases", "export", path, "--format", "csv", "--cases", folder).out)
    )
    assert [row["practice"] for row in rows] == ["true"]
    bundle = ketatui("cases", "export", path, "--format", "fhir", "--cases", folder)
    assert '"practice"' in bundle.out
    assert "practice" in ketatui("cases", "show", path, "--cases", folder).out
    assert ketatui("assess", path).out.startswith("PRACTICE: ")
    assert json.loads(ketatui("assess", path, "--json").out)["practice"] is True


def test_a_saved_case_becomes_a_draft_of_a_practice_case(ketatui: Command, tmp_path: Path) -> None:
    [saved, *_] = sorted((Path(__file__).parents[2] / "saved_cases").glob("*-example*.toml"))
    out = tmp_path / "made-from-one.toml"
    make = ("practice", "make", saved, "--title", "Made from one", "--topic", "pathway_choice")
    done = ketatui(*make, "--out", out, "--author", "A. T.")
    assert done.status == 0, done.err
    assert "a draft" in done.out
    refused = ketatui("practice", "check", out)
    assert refused.status == 1
    assert refused.out.count("still to be written (TODO)") >= 3
    out.write_text(out.read_text("utf-8").replace("TODO: ", ""), "utf-8")
    assert ketatui("practice", "check", out).out == "ok: 1 practice case\n"
    assert "By A. T." in ketatui("practice", "show", out).out
    again = ketatui(*make, "--out", out)
    assert (again.status, "--force" in again.err) == (2, True)
    for wrong, said in (
        (tmp_path / "Made One.toml", "lower-case words with hyphens"),
        (tmp_path / "made.txt", ".toml"),
    ):
        refused = ketatui(*make, "--out", wrong)
        assert refused.status == 2
        assert said in refused.err
    topic = ketatui(*make[:-1], "mood", "--out", tmp_path / "x.toml")
    assert "there is no topic 'mood'; allowed: pathway_choice" in topic.err


def test_a_case_to_fill_in_is_short_and_refused_until_it_is_written(
    ketatui: Command, tmp_path: Path
) -> None:
    out = tmp_path / "night-watch.toml"
    done = ketatui("practice", "new", out, "--topic", "vulnerable_health")
    assert (done.status, "marked TODO" in done.out) == (0, True)
    text = out.read_text("utf-8")
    assert len(text.splitlines()) <= 41
    schema = Path(__file__).parents[2] / "docs" / "schemas" / "practice-case.schema.json"
    named = text.splitlines()[0].removeprefix("#:schema ")
    assert (tmp_path / named).resolve() == schema
    refused = ketatui("practice", "check", out)
    assert refused.status == 1
    lines = refused.out.splitlines()
    assert len(lines) >= 8
    assert all("is still to be written (TODO)" in line for line in lines)
    out.write_text(text.replace("TODO: ", ""), "utf-8")
    assert ketatui("practice", "check", out).out == "ok: 1 practice case\n"
    wrong = ketatui("practice", "new", tmp_path / "other.toml", "--topic", "mood")
    assert "no topic 'mood'; allowed: pathway_choice" in wrong.err
