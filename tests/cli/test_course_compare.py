"""``ketatui course compare``: two packs held against each other, and the visits under both."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ketatui.cases.writing import write_case
from ketatui.criteria.default import default_folder
from tests.cli.support import Command
from tests.course.support import DAY, course_of, earlier, screened, screening_knowledge, visit_of

POLICY = """
id = "north"
title = "North Clinic"
[thresholds]
bp_hold_systolic = 150
[visit_effects]
gate-heart-rate = "unmet"
"""


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    """Two sessions: one at 155 mmHg, which holds only at North Clinic, and one at 128."""
    visits = [*earlier("spravato", 3), visit_of("spravato", number=2, systolic=155)]
    case = screened().replaced(id="20270104-080000-k3f9", courses=(course_of("spravato", visits),))
    path = tmp_path / "cases" / "20270104-080000-k3f9.toml"
    path.parent.mkdir()
    path.write_text(write_case(case, screening_knowledge().pack), "utf-8")
    return path


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "north.toml"
    path.write_text(POLICY, "utf-8")
    return path


def copied_pack(tmp_path: Path) -> Path:
    """The criteria as a folder of one's own."""
    to = tmp_path / "criteria"
    return Path(shutil.copytree(default_folder({}), to, ignore=shutil.ignore_patterns("practice")))


def altered(pack: Path, file: str, old: str, new: str) -> None:
    path = pack / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def documents(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_a_policy_changes_the_visits_over_its_limit_and_says_by_which_rule(
    ketatui: Command, case_file: Path, policy: Path
) -> None:
    done = ketatui("course", "compare", case_file, "--with-policy", policy, "--on", DAY)
    assert (done.status, done.err) == (0, "")
    said = " ".join(done.out.split())
    assert "~ rule gate-heart-rate" in said
    assert "effects.spravato: caution -> unmet" in said
    assert 'value: "160" -> "150"' in said
    assert "Visit 2 of 2027-01-04 (c1)" in said
    assert "[gate-bp-hold]: now not yet" in said
    assert (
        "local policy “North Clinic” sets “Systolic pressure from which a session is held”" in said
    )
    assert "Visit 1 of" not in said
    assert "2 visits of 1 case judged under both: 1 differs" in said
    assert "By rule: gate-bp-hold 1" in said


def test_as_json_the_packs_come_first_and_then_each_case_that_differs(
    ketatui: Command, case_file: Path, policy: Path
) -> None:
    done = ketatui("course", "compare", case_file, "--with-policy", policy, "--on", DAY, "--json")
    packs, case = documents(done.out)
    assert (packs["from"]["policy"], packs["to"]["policy"]) == (None, "North Clinic")
    changed = {(item["kind"], item["id"]): item for item in packs["changes"]}
    assert changed["threshold", "bp_hold_systolic"]["parts"][0] == {
        "part": "value",
        "from": "160",
        "to": "150",
    }
    assert (case["case"], case["judged"], case["changed"]) == ("20270104-080000-k3f9", 2, True)
    [visit] = case["visits"]
    gate = visit["decisions"][0]
    assert (gate["then"]["verdict"], gate["now"]["verdict"]) == ("caution", "unmet")
    [rule] = gate["rules"]
    assert rule["rule"] == "gate-bp-hold"
    assert [cause["kind"] for cause in rule["causes"]] == ["local_policy"]


def test_the_first_pack_may_have_a_policy_and_the_second_be_without(
    ketatui: Command, case_file: Path, policy: Path
) -> None:
    back = ("--policy", policy, "--with-criteria", default_folder({}), "--on", DAY)
    done = ketatui("course", "compare", case_file, *back)
    said = " ".join(done.out.split())
    assert "From: ketamine-us" in said
    assert "with local policy “North Clinic” To:" in said
    assert "local policy “North Clinic” is not in force" in said


def test_packs_differ_in_rules_questions_days_and_words(
    ketatui: Command, case_file: Path, tmp_path: Path
) -> None:
    pack = copied_pack(tmp_path)
    altered(pack, "course/schedule.toml", "days = 90", "days = 60")
    altered(pack, "course/rules/1-gate.toml", 'id = "gate-liquid"', 'id = "gate-drink"')
    altered(
        pack, "course/rules/1-gate.toml", "visit.hours_since_food < 2", "visit.hours_since_food < 4"
    )
    done = ketatui("course", "compare", case_file, "--with-criteria", pack, "--on", DAY, "--json")
    assert done.err == ""
    changed = {
        (item["kind"], item["id"], item["change"]): [
            (part["part"], part["from"], part["to"]) for part in item["parts"]
        ]
        for item in documents(done.out)[0]["changes"]
    }
    assert changed == {
        ("rule", "gate-drink", "added"): [],
        ("rule", "gate-liquid", "removed"): [],
        ("rule", "gate-food", "changed"): [
            ("when", "visit.hours_since_food < 2", "visit.hours_since_food < 4")
        ],
        ("check", "liver", "changed"): [("days", 90, 60)],
    }


def test_a_screening_that_comes_out_otherwise_is_told_where_a_visit_reads_it(
    ketatui: Command, case_file: Path, tmp_path: Path
) -> None:
    strict = tmp_path / "strict.toml"
    strict.write_text(
        'id = "s"\ntitle = "Strict"\n[[rules]]\nid = "strict-age"\n'
        'title = "Not before 99"\nwhen = "patient.age < 99"\nbecause = "A rule of the house."\n'
        'do = "Wait."\nauthority = "local"\nconfidence = "high"\nsources = ["spravato-pi"]\n'
        'effects = { spravato = "contraindicated" }\n',
        "utf-8",
    )
    done = ketatui("course", "compare", case_file, "--with-policy", strict, "--on", DAY)
    said = " ".join(done.out.split())
    assert "The criteria of visits say the same." in said
    assert "[gate-screening-stop]" in said
    assert "because the screening said “Criteria met" in said
    assert "2 differ" in said


def test_the_same_criteria_judge_every_visit_alike(ketatui: Command, case_file: Path) -> None:
    done = ketatui("course", "compare", case_file, "--with-criteria", default_folder({}))
    assert "The criteria of visits say the same." in done.out
    assert "2 visits of 1 case judged under both: none differs" in " ".join(done.out.split())


def test_what_cannot_be_used_is_said_in_a_line(
    ketatui: Command, case_file: Path, policy: Path, tmp_path: Path
) -> None:
    done = ketatui("course", "compare", case_file)
    assert done.status == 2
    assert "--with-criteria DIR or --with-policy FILE" in done.err
    broken = tmp_path / "broken.toml"
    broken.write_text("answers = 3\n", "utf-8")
    done = ketatui("course", "compare", broken, case_file, "--with-policy", policy, "--on", DAY)
    assert done.status == 2
    assert str(broken) in done.err
    assert "1 differs" in done.out
