"""The course of a pack: read when asked for, with a digest and faults of its own."""

from __future__ import annotations

import re
import shutil
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.problems import PackError
from tests.criteria.test_consent_items import school_grade
from tests.processes import run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "criteria"
    shutil.copytree(default_folder(), copied)
    return copied


def policy(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "policy.toml"
    text = "\n".join(lines)
    path.write_text(f'id = "clinic"\ntitle = "Our clinic"\n[thresholds]\n{text}\n')
    return path


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def test_a_patient_can_read_what_is_taken_home() -> None:
    page = load_pack().course.going_home
    assert page is not None
    said = " ".join(line.text for line in page.lines)
    assert school_grade(said) <= 7
    for line in page.lines:
        assert school_grade(line.text) <= 10, line.id


def test_no_rule_tells_a_clinician_to_give_a_dose() -> None:
    pack = load_pack()
    told = {item.id: item.do for item in pack.rules.values()}
    told |= {item.id: item.do for item in pack.course.rules.values()}
    assert [ident for ident, do in told.items() if re.search(r"(?i)\bgive \d", do)] == []


def test_it_says_what_is_decided_and_by_which_rules() -> None:
    course = load_pack().course
    assert list(course.decisions) == ["gate", "dose", "leave", "report", "continue"]
    assert {rule.decision for rule in course.rules.values()} == set(course.decisions)
    assert course.info.words["fits"].title == "Nothing against it"


def test_a_rule_that_changes_leaves_the_digest_of_the_screening(folder: Path) -> None:
    before = load_pack(folder)
    digest = before.course.digest
    replace(folder / "course/rules/1-gate.toml", "course.sessions_today > 0", "false")
    after = load_pack(folder)
    assert after.digest == before.digest
    assert after.course.digest != digest


def test_it_is_not_read_for_a_screening(folder: Path) -> None:
    (folder / "course/rules/1-gate.toml").write_text("[[rules")
    pack = load_pack(folder)
    with pytest.raises(PackError, match=r"course/rules/1-gate\.toml"):
        _ = pack.course


def test_a_pack_without_one_says_so(folder: Path) -> None:
    shutil.rmtree(folder / "course")
    with pytest.raises(PackError, match="has no course of treatment"):
        _ = load_pack(folder).course


def test_a_missing_part_is_noticed(folder: Path) -> None:
    (folder / "course/rules/3-leave.toml").unlink()
    with pytest.raises(PackError, match=r"course/rules/3-leave\.toml: is named as a part"):
        _ = load_pack(folder).course


def test_a_part_nobody_named_is_noticed(folder: Path) -> None:
    (folder / "course/rules/6-more.toml").write_text("rules = []\n")
    with pytest.raises(PackError, match="not named in 'parts'"):
        _ = load_pack(folder).course


def test_a_threshold_of_the_screening_is_not_said_twice(folder: Path) -> None:
    replace(folder / "course/thresholds.toml", '"fasting_hours"', '"bp_hold_systolic"')
    with pytest.raises(PackError, match="bp_hold_systolic: the screening has a threshold"):
        _ = load_pack(folder).course


def test_a_local_policy_changes_its_thresholds(tmp_path: Path) -> None:
    plain, changed = load_pack(), load_pack(policy=policy(tmp_path, "lapse_days = 42"))
    threshold = changed.course.thresholds["lapse_days"]
    assert (threshold.value, threshold.authority) == (Decimal(42), "local")
    assert changed.course.changed == {"lapse_days"}
    assert changed.course.digest != plain.course.digest


def test_a_policy_about_the_course_alone_says_the_same_of_a_screening_whatever_it_says(
    tmp_path: Path,
) -> None:
    one = load_pack(policy=policy(tmp_path, "lapse_days = 42")).digest
    assert load_pack(policy=policy(tmp_path, "lapse_days = 43")).digest == one


def test_a_policy_that_changes_a_threshold_of_the_screening_changes_it_here_too(
    tmp_path: Path,
) -> None:
    pack = load_pack(policy=policy(tmp_path, "bp_hold_systolic = 155"))
    assert pack.course.threshold_values["bp_hold_systolic"] == 155
    assert pack.course.changed == {"bp_hold_systolic"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("lapse_days = 5", "lapse_days: 5 is out of range; allowed: 14 to 90 days"),
        ("lapse_days = 28.5", "lapse_days: 28.5 is no whole number; allowed: "),
        ("lapse_dayz = 28", "unknown threshold; allowed: .*lapse_days"),
        ("spo2_usual = 92", "spo2_leave: 93 is above spo2_usual"),
        ("lapse_days = nan", "no number|out of range"),
    ],
)
def test_a_policy_cannot_set_what_makes_no_sense(line: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(PackError, match=message):
        load_pack(policy=policy(tmp_path, line))


def test_who_only_screens_does_not_load_it() -> None:
    code = (
        "import sys\nfrom ketatui.criteria.loading import load_pack\nload_pack()\n"
        "sys.exit('ketatui.criteria.course' in sys.modules)"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0


def check(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    from ketatui.cli import main

    status = main(["criteria", "check", str(folder), "--on", "2026-11-27"])
    return status, capsys.readouterr().out


def test_the_course_that_ships_is_sound(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out = check(folder, capsys)
    assert status == 0
    assert "ok: 41 questions of a visit, 97 rules, 6 scales" in out


MISTAKES = [
    ("rules/1-gate.toml", "visit.capacity", "visit.capasity", "unknown id 'visit.capasity'"),
    ("rules/1-gate.toml", "'known'", "'maybe'", "unknown choice code 'maybe'"),
    ("rules/1-gate.toml", "threshold.spo2_hold", "threshold.spo2_holt", "unknown threshold"),
    ("rules/1-gate.toml", "visit.spo2 <", "visit.mania <", "compares numbers, not yes/no"),
    ("rules/1-gate.toml", '"gate"', '"door"', "there is no decision 'door'; allowed: gate"),
    ("rules/1-gate.toml", "{spo2_hold}", "{spo2_hald}", "{spo2_hald} names no threshold"),
    ("rules/1-gate.toml", '"fda-2023"]', '"fda-2032"]', "missing source 'fda-2032'"),
    ("rules/1-gate.toml", "spravato = ", "nasal = ", "unknown pathway 'nasal'; allowed:"),
    (
        "rules/1-gate.toml",
        'when = "not visit.capacity"',
        "when = \"not visit.capacity and course.site = 'home_telehealth' "
        "and course.site = 'inpatient_unit'\"",
        "gate-capacity: can never be true",
    ),
    ("rules/1-gate.toml", "visit.systolic < threshold.bp_low_hold_systolic",
     "visit.systolic < 50", "gate-bp-low-hold: can never be true"),
    ("rules/1-gate.toml", "visit.minutes_since_liquid < 30",
     "course.pathway = 'spravato' and visit.swallow = 'spit'", "gate-liquid: can never be true"),
    ("questions.toml", "course.session > 6", "visit.mg_per_kg > 6", "calculated from answers"),
    ("questions.toml", 'else = "none"', 'else = "nothing"', "is no answer to this question"),
    ("derived.toml", '"score.worse"', '"score.worst"', "no calculation of this name"),
    ("thresholds.toml", '"worse_points_pain"', '"worse_points_pane"', "needs the threshold"),
    ("schedule.toml", '"beyond"', '"behind"', "course.phase has no code 'behind'"),
    ("worksheet.toml", '"visit.end_minute"', '"visit.end"', "there is no 'visit.end' to show"),
    ("worksheet.toml", "contains 'maoi'", "contains 'mao'", "unknown choice code 'mao'"),
    ("worksheet.toml", "chart = true", "", "needs one of chart, shows, when"),
    ("going-home.toml", 'id = "usual"', 'id = "often"', "unknown section 'usual'; allowed:"),
    ("going-home.toml", "visit.swallow", "visit.swalow", "unknown id 'visit.swalow'"),
    ("going-home.toml", "had {medicine}", "had {drug}", "in braces: {medicine}, {date}"),
    ("going-home.toml", 'im = "', 'imm = "', "medicines"),
    ("going-home.toml", '"worsening-2024"', '"worsening-2042"', "missing source"),
    ("course.toml", "[words.fits]", "[words.caution]", "course/course.toml"),
]  # fmt: skip
"""A file of the course, what stands there, what is put in its place, and what is said of it."""


def test_each_mistake_is_found_with_its_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # A check tells of all that is wrong at once, so mistakes are made together. One that hides
    # others is told of first, and left out when the hidden ones are made once more.
    left = list(MISTAKES)
    while left:
        shutil.rmtree(folder / "course")
        shutil.copytree(default_folder() / "course", folder / "course")
        made = []
        for mistake in left:
            file, old, changed, _ = mistake
            if old in (folder / "course" / file).read_text():
                replace(folder / "course" / file, old, changed)
                made.append(mistake)
        status, out = check(folder, capsys)
        assert status == 1
        lines = [line for line in out.splitlines() if "course/" in line]
        found = [it for it in made if any(it[3] in line for line in lines)]
        assert found, f"not told of: {made}: {out}"
        left = [it for it in left if it not in found]


def test_a_threshold_that_nothing_reads_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    replace(folder / "course/rules/1-gate.toml", "threshold.fasting_hours", "5")
    replace(folder / "course/rules/1-gate.toml", "{fasting_hours}", "5")
    status, out = check(folder, capsys)
    assert (status, "fasting_hours: unused threshold" in out) == (1, True)


def test_a_pack_for_screening_only_is_checked_without_a_course(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(folder / "course")
    shutil.rmtree(folder / "practice")
    _, out = check(folder, capsys)
    # Sources that only the course, and practice of it, name are left over then.
    assert {line.partition(": ")[2].partition(":")[2].strip() for line in out.splitlines()} == {
        "unused source: nothing refers to it"
    }
