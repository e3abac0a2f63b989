"""``ketatui assess``: case files in, verdicts with reasons out."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from types import FrameType

import pytest

from ketatui.cases.toml_text import parse
from ketatui.parallel import MANY
from tests.cli.support import CASE, Command

SHARED = Path(__file__).resolve().parents[3] / "shared" / "cases"
SHARED_CASES = sorted(SHARED.glob("*.toml")) if SHARED.is_dir() else []

SAVED = Path(__file__).resolve().parents[2] / "saved_cases" / "20261121-084000-example02.toml"

POLICY = """\
id = "clinic"
title = "Northside clinic"
[thresholds]
bp_hold_systolic = 150
"""


@pytest.mark.skipif(not SHARED_CASES, reason="the shared cases are not here")
@pytest.mark.parametrize("path", SHARED_CASES, ids=lambda path: path.stem)
def test_the_shared_cases_come_out_as_they_say(path: Path, ketatui: Command) -> None:
    done = ketatui("assess", "--json", "--on", "2026-11-21", path)
    assert (done.status, done.err) == (0, "")
    found = {item["id"]: item for item in json.loads(done.out)["pathways"]}
    for pathway, wanted in tomllib.loads(path.read_text("utf-8"))["expect"].items():
        got = found[pathway]
        assert got["verdict"] == wanted["verdict"]
        assert sorted(item["rule"] for item in got["findings"]) == sorted(wanted["findings"])
        assert sorted(item["rule"] for item in got["open"]) == sorted(wanted["open"])


def test_json_is_one_document_a_line_and_nothing_else(ketatui: Command, case_file: Path) -> None:
    done = ketatui("assess", "--json", case_file, case_file)
    lines = done.out.splitlines()
    assert len(lines) == 2
    data = json.loads(lines[0])
    assert data["schema"] == 1
    assert data["case"] == "CRPS of the left arm"
    assert data["pack"]["id"] == "ketamine-us"
    assert data["pack"]["digest"].startswith("sha256:")
    assert data["derived"]["bmi"] == 24.1
    assert data["unrecognised_medications"] == ["Blue pills"]
    assert data["coverage"] == {"profile": "none", "verdict": "unknown", "rules": []}


def test_the_case_is_called_by_its_id_then_its_label_then_its_file(
    ketatui: Command, tmp_path: Path
) -> None:
    answers = "[answers.patient]\nage = 40\n"
    for head, name in (
        ('id = "20261121-210143-k3f9"\nlabel = "l"\n', "20261121-210143-k3f9"),
        ('label = "l"\n', "l"),
        ("", "some.toml"),
    ):
        path = tmp_path / "some.toml"
        path.write_text(head + answers, "utf-8")
        assert json.loads(ketatui("assess", "--json", path).out)["case"] == name


def test_what_nobody_reads_and_what_has_no_effect_is_named_and_keeps_nothing_back(
    ketatui: Command,
) -> None:
    unread = """
[[antidepressant_trials]]
drug = "venlafaxine"
type = "ect"

[[meds]]
name = "lorazepam"

[[decision.overrides]]
pathway = "iv"
rule = "avm"
reason = "r"
by = "b"
at = 2026-11-21T10:00:00Z

[expect.iv]
verdict = "caution"

[[proposals]]
question = "patient.age"

[attempt]
case = "abc"
"""
    done = ketatui("assess", "--json", "-", stdin=(CASE + unread).encode())
    assert done.status == 0
    assert json.loads(done.out)["case"] == "CRPS of the left arm"
    said = "there is no such key: kept as it is, and not read"
    aside = "'avm' is contraindicated for iv, which cannot be set aside"
    assert json.loads(done.out)["remarks"] == [
        f"meds: {said}",
        f"antidepressant_trials row 1 type: {said}",
        f"decision overrides row 1 rule: {aside}",
    ]
    lines = CASE.count("\n")
    assert done.err.splitlines() == [
        f"<stdin>:{lines + 6}: meds: {said}",
        f"<stdin>:{lines + 4}: antidepressant_trials row 1 type: {said}",
        f"<stdin>:{lines + 11}: decision overrides row 1 rule: {aside}",
    ]
    told = 'title = "A practice case"\nstory = "She comes with her son."\n'
    assert ketatui("assess", "-", stdin=(told + CASE).encode()).err == ""


def test_a_dash_reads_standard_input(ketatui: Command) -> None:
    done = ketatui("assess", "--json", "-", stdin=CASE.encode())
    assert done.status == 0
    assert json.loads(done.out)["case"] == "CRPS of the left arm"


def test_a_case_is_parsed_once(ketatui: Command, case_file: Path) -> None:
    parsed: list[str] = []

    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is parse.__code__:
            parsed.append(str(frame.f_locals["path"]))

    sys.setprofile(watch)
    try:
        ketatui("assess", case_file)
    finally:
        sys.setprofile(None)
    assert parsed == [str(case_file)]


def test_standard_input_can_be_named_only_once(ketatui: Command) -> None:
    done = ketatui("assess", "-", "-", stdin=CASE.encode())
    assert (done.status, done.out) == (2, "")
    assert done.err.count("\n") == 1


def test_the_day_decides_about_dated_rules(ketatui: Command) -> None:
    text = b"[answers.setting]\nsite='home_telehealth'\nseen_in_person=false\n"
    effects = []
    for day in ("2026-12-31", "2027-01-01"):
        data = json.loads(ketatui("assess", "--json", "--on", day, "-", stdin=text).out)
        oral = next(item for item in data["pathways"] if item["id"] == "oral")
        effects += [f["effect"] for f in oral["findings"] if f["rule"] == "telehealth-flexibility"]
        assert data["on"] == day
    assert effects == ["caution", "unmet"]


def test_the_summary_names_everything_a_reader_needs(ketatui: Command, case_file: Path) -> None:
    done = ketatui("assess", "--on", "2026-11-21", case_file)
    assert done.status == 0
    text = " ".join(done.out.split())
    for words in (
        "Case: CRPS of the left arm",
        "Assessed for 2026-11-21 under ketamine-us",
        "∅ Spravato: Not indicated",
        "◌ IV infusion: Requirements unmet",
        "off-label, grade C",
        "[bp-hold]",
        "Do: ",
        "Read: ",
        "medium confidence: ",
        "Would lift the verdict",
        "? Open",
        "Needs: ",
        "Next question that matters: ",
        "Medicines not recognized, so what reads them stays open: Blue pills. To settle:",
    ):
        assert words in text
    assert max(len(line) for line in done.out.splitlines()) <= 80


def test_a_local_policy_is_marked_where_it_counts(
    ketatui: Command, case_file: Path, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY, "utf-8")
    done = ketatui("assess", "--policy", policy, case_file)
    assert "local policy: Northside clinic" in " ".join(done.out.split())
    assert "[bp-hold] (local policy)" in " ".join(done.out.split())
    data = json.loads(ketatui("assess", "--json", "--policy", policy, case_file).out)
    iv = next(item for item in data["pathways"] if item["id"] == "iv")
    hold = next(item for item in iv["findings"] if item["rule"] == "bp-hold")
    assert hold["local_policy"] is True
    assert data["pack"]["policy"] == "Northside clinic"


def test_a_payer_profile_and_contradictions_are_shown(ketatui: Command) -> None:
    text = b"""[answers.logistics]
payer = "cigna"
[answers.patient]
sex = "male"
pregnant = true
[answers.indication]
diagnosis = "mdd"
"""
    done = ketatui("assess", "-", stdin=text)
    said = " ".join(done.out.split())
    assert "Coverage (never a verdict): Cigna" in said
    assert "Contradictions: these answers cannot all be right" in said


def test_good_files_are_printed_although_others_are_bad(
    ketatui: Command, case_file: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('[answers.patient]\nage = 200\nsexx = "male"\n', "utf-8")
    done = ketatui("assess", "--json", bad, case_file, tmp_path / "missing.toml")
    assert done.status == 2
    assert len(done.out.splitlines()) == 1
    errors = done.err.splitlines()
    assert len(errors) == 3
    assert errors[0].startswith(f"{bad}:2: patient.age: 200")
    assert errors[1].startswith(f"{bad}:3: patient.sexx")
    assert "No such file" in errors[2]


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"answers = 3",
        b"\xff\xfe",
        b"[answers.patient]\nage = 'old'",
        b"[answers.patient\nage = 3",
        b"[project]\nname = 'ketatui'\n",
        b"schema = 99\n[answers.patient]\nage = 3\n",
        b"[answers.patient]\nage = 1e9999999999999999999999\n",
        b"a = " + b"[" * 5000,
    ],
)
def test_unusable_input_is_named_in_a_line_and_never_a_traceback(
    ketatui: Command, text: bytes
) -> None:
    done = ketatui("assess", "-", stdin=text)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("<stdin>")
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err


def test_terminal_control_in_a_file_never_reaches_the_terminal(ketatui: Command) -> None:
    text = (
        b'label = "\\u001b]0;owned\\u0007\\u009b31m\\u202e"\n[answers.patient]\nage = 40\n'
        b'[[medications]]\nname = "\\u001b[2Jpill"\n[answers.medications]\nreviewed = true\n'
    )
    bad = text.replace(b"age = 40", b'age = "\\u001b[31m"')
    for arguments, data in (
        (["assess", "-"], text),
        (["assess", "--json", "-"], text),
        (["assess", "-"], bad),
    ):
        done = ketatui(*arguments, stdin=data)
        shown = (done.out + done.err).replace("\n", "")
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202e]", shown)


def test_a_missing_criteria_folder_is_an_error_of_the_arguments(
    ketatui: Command, case_file: Path, tmp_path: Path
) -> None:
    done = ketatui("assess", case_file, "--criteria", tmp_path / "nowhere")
    assert (done.status, done.out) == (2, "")
    assert done.err == f"{tmp_path / 'nowhere'}: no such criteria folder\n"


def test_a_broken_policy_is_named_with_its_line(
    ketatui: Command, case_file: Path, tmp_path: Path
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY + "bp_holdd = 3\n", "utf-8")
    done = ketatui("assess", case_file, "--policy", policy)
    assert done.status == 2
    assert done.err.startswith(f"{policy}:5: bp_holdd: unknown threshold")


DATED = (
    CASE
    + """
[dates]
"vitals.systolic" = 2026-11-20
"patient.weight_kg" = 2026-03-01
"""
)


def test_a_value_of_another_day_is_open_and_named(ketatui: Command, tmp_path: Path) -> None:
    path = tmp_path / "dated.toml"
    path.write_text(DATED, "utf-8")
    done = ketatui("assess", "--on", "2026-11-21", path)
    assert done.status == 0
    first = done.out.splitlines()[0]
    assert (
        first == "Too old to count: Systolic blood pressure (from 2026-11-20, counts for that day)"
    )
    data = json.loads(ketatui("assess", "--json", "--on", "2026-11-21", path).out)
    assert data["stale"] == [{"question": "vitals.systolic", "since": "2026-11-20", "days": 1}]
    needs = {n for row in data["pathways"] for rule in row["open"] for n in rule["needs"]}
    assert "vitals.systolic" in needs
    rules = {finding["rule"] for row in data["pathways"] for finding in row["findings"]}
    same_day = json.loads(ketatui("assess", "--json", "--on", "2026-11-20", path).out)
    assert "stale" not in same_day
    assert rules < {item["rule"] for row in same_day["pathways"] for item in row["findings"]}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('"vitals.systolik" = 2026-11-20', "vitals.systolik: there is no such question"),
        ('"vitals.systolic" = "2026-11-20"', "is no day; allowed: one like 2026-11-20, unquoted"),
        ('"vitals.systolic" = 2026-11-20T08:00:00Z', "is no day; allowed"),
        ('"vitals.systolic" = 3', "3 is no day; allowed"),
    ],
)
def test_a_day_that_is_none_is_refused_with_its_line(
    ketatui: Command, tmp_path: Path, line: str, said: str
) -> None:
    path = tmp_path / "dated.toml"
    path.write_text(f"{CASE}\n[dates]\n{line}\n", "utf-8")
    done = ketatui("assess", path)
    assert (done.status, done.out) == (2, "")
    number = path.read_text("utf-8").splitlines().index(line) + 1
    assert f"dated.toml:{number}: " in done.err
    assert said in done.err


@pytest.mark.long
def test_many_files_on_several_processors_come_out_in_order_and_alike(
    ketatui: Command, tmp_path: Path
) -> None:
    files = []
    for number in range(MANY + 1):
        files.append(tmp_path / f"{number:03}.toml")
        files[-1].write_text(f'label = "case {number:03}"\n[answers]\n', "utf-8")
    files[7].write_text("[answers", "utf-8")
    done = ketatui("assess", "--json", *map(str, files))
    found = [json.loads(line)["case"] for line in done.out.splitlines()]
    assert found == [f"case {number:03}" for number in range(MANY + 1) if number != 7]
    assert done.status == 2 and "007.toml" in done.err
    one = ketatui("assess", "--json", str(files[-1]))
    assert one.out == done.out.splitlines(keepends=True)[-1]


def test_a_saved_case_that_was_altered_is_called_so_first(tmp_path: Path, ketatui: Command) -> None:
    saved = SAVED.read_text("utf-8")
    path = tmp_path / SAVED.name
    for text, altered in ((saved, []), (saved.replace("systolic = 126", "systolic = 127"), [0])):
        path.write_text(text, "utf-8")
        done = ketatui("assess", "--on", "2026-11-21", path)
        assert (done.status, done.err) == (0, "")
        assert done.out.startswith("! ALTERED outside the program" if altered else "Case: ")
        data = json.loads(ketatui("assess", "--json", "--on", "2026-11-21", path).out)
        found = data.get("integrity", {"altered": []})["altered"]
        assert found == [{"path": "answers.vitals.systolic", "of": 1} for _ in altered]
