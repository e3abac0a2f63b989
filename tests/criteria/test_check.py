"""``ketatui criteria check`` finds each kind of mistake, with file and line."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ketatui.cli import main
from ketatui.criteria.default import default_folder

Row = tuple[str, str, str, str, str, str]
Check = Callable[..., tuple[int, list[str], str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "pack"
    shutil.copytree(default_folder({}), copy)
    return copy


@pytest.fixture
def check(folder: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    def run(*options: str) -> tuple[int, list[str], str]:
        status = main(["criteria", "check", str(folder), "--on", "2026-11-21", *options])
        found = capsys.readouterr()
        return status, found.out.splitlines(), found.err

    return run


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text, f"{old!r} is not in {file} any more: mend the test"
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_pack_that_ships_is_sound(check: Check) -> None:
    status, lines, errors = check()
    assert (status, errors) == (0, "")
    assert len(lines) == 2
    assert re.match(r"ok: \d+ questions, \d+ rules, \d+ sources", lines[0])


AVM = 'when = "medical.avm"'
MISTAKES = [
    (
        "record's question",
        "records.toml",
        'question = "patient.weight_kg"',
        'question = "patient.wait"',
        "patient.wait",
        "unknown question",
    ),
    (
        "record's unit",
        "records.toml",
        "units = { kg = 1,",
        "units = { kg = 2,",
        "weight",
        "its factor has to be 1",
    ),
    (
        "record's words",
        "records.toml",
        'kg = ["kgs", ',
        'kg = ["kgs", "Lbs", ',
        "[lb_av]",
        "'lbs' is kg already",
    ),
    ("record's source", "records.toml", '"loinc §89204-2"', '"loinx"', "", "missing source"),
    (
        "record's option",
        "records.toml",
        'F = "female"',
        'F = "woman"',
        "patient.sex",
        "no option 'woman'",
    ),
    (
        "record's code",
        "records.toml",
        'codes = ["8302-2"]',
        'codes = ["29463-7"]',
        "height",
        "29463-7 stands twice",
    ),
    (
        "record's digit",
        "records.toml",
        'codes = ["8302-2"]',
        'codes = ["8302-3"]',
        "height",
        "check digit",
    ),
    (
        "check digit",
        "questions/7-vitals.toml",
        'loinc = "8480-6"',
        'loinc = "8480-5"',
        "vitals.systolic",
        "check digit",
    ),
    (
        "codes of answers",
        "instruments/phq9.toml",
        '"LA6570-1", "LA6571-9"]',
        '"LA6570-1"]',
        "phq9",
        "3 codes for 4 answers",
    ),
    ("no pattern", "privacy.toml", "\\(01\\)", "(01\\)(", "device", "no regular expression"),
    ("endless", "privacy.toml", "{4,20}", "{4,}", "record", "without an upper bound"),
    ("not found", "privacy.toml", '"aged 97"', '"aged 79"', "age", "not found in its example"),
    ("found", "privacy.toml", '"89-year-old"', '"98-year-old"', "age", "should not be"),
    ("unknown id", "rules/medical.toml", AVM, 'when = "medical.avn"', "avm", "unknown id"),
    ("type error", "rules/medical.toml", AVM, 'when = "medical.avm > 3"', "avm", "compares"),
    (
        "unknown code",
        "rules/medical.toml",
        "medical.heart_failure = 'compensated'",
        "medical.heart_failure = 'compensate'",
        "heart-failure-compensated",
        "unknown choice code",
    ),
    ("syntax", "rules/medical.toml", AVM, 'when = "medical.avm and"', "avm", "value expected"),
    ("no yes/no", "rules/vitals.toml", "vitals.spo2 <", "vitals.spo2 +", "spo2-low", "yes/no"),
    (
        "unknown threshold",
        "rules/vitals.toml",
        "threshold.spo2_caution",
        "threshold.spo2_cautious",
        "spo2-low",
        "unknown threshold",
    ),
    (
        "missing source",
        "rules/medical.toml",
        'sources = ["',
        'sources = ["no-such-source §4", "',
        "aneurysmal-disease",
        "missing source",
    ),
    (
        "unused source",
        "sources.toml",
        "[[sources]]",
        '[[sources]]\nid = "a-new-one"\ntitle = "t"\npublisher = "p"\ndate = "2026"\n'
        'address = "a"\nverified = "abstract"\n\n[[sources]]',
        "a-new-one",
        "unused source",
    ),
    (
        "never true",
        "rules/medical.toml",
        AVM,
        'when = "medical.avm and not medical.avm"',
        "avm",
        "can never be true",
    ),
    (
        "never true beyond the limits",
        "rules/vitals.toml",
        "vitals.spo2 < threshold.spo2_caution",
        "vitals.spo2 > 100",
        "spo2-low",
        "can never be true",
    ),
    (
        "never true by a class without medicines",
        "rules/medications.toml",
        "derived.drug_classes contains 'maoi'",
        "derived.drug_classes contains 'maoi' and derived.medicines_listed = 0",
        "maoi",
        "can never be true",
    ),
    (
        "null decides a rule",
        "rules/medical.toml",
        AVM,
        'when = "medical.avm is not false"',
        "avm",
        "unanswered question decide",
    ),
    (
        "null decides what is asked",
        "questions/2-patient.toml",
        "patient.can_become_pregnant and not patient.pregnant",
        "patient.pregnant is null",
        "patient.contraception",
        "unanswered question decide",
    ),
    (
        "duplicate rule",
        "rules/medical.toml",
        'id = "avm"',
        'id = "aneurysmal-disease"',
        "aneurysmal-disease",
        "a second rule of this id",
    ),
    (
        "placeholder",
        "rules/medical.toml",
        'because = "',
        'because = "Above {bp_nonsense} mmHg. ',
        "aneurysmal-disease",
        "names no threshold",
    ),
    (
        "a table that goes stale",
        "questions/8-medications.toml",
        'kind = "rows"',
        'kind = "rows"\nstale_after = 7',
        "medications",
        "a table does not go stale",
    ),
    (
        "unused threshold",
        "thresholds.toml",
        "[[thresholds]]",
        '[[thresholds]]\nname = "idle"\nvalue = 1\nmin = 0\nmax = 2\ntitle = "t"\n'
        'authority = "local"\n'
        'confidence = "medium"\nsources = ["asa-ketamine"]\n\n[[thresholds]]',
        "idle",
        "unused threshold",
    ),
    (
        "unknown class",
        "drugs/names.toml",
        '"nardil" = { is = ["phenelzine"], classes = ["maoi"]',
        '"nardil" = { is = ["phenelzine"], classes = ["maoy"]',
        "nardil",
        "unknown drug class 'maoy'",
    ),
    (
        "ingredient without a line",
        "drugs/names.toml",
        '"nardil" = { is = ["phenelzine"]',
        '"nardil" = { is = ["phenelzin"]',
        "nardil",
        "ingredient 'phenelzin' has no line of its own",
    ),
    (
        "a name twice",
        "drugs/names.toml",
        "\n[ambiguous]\n",
        '\n[ambiguous]\n"nardil" = { may_mean = ["phenelzine"] }\n',
        "nardil",
        "this medicine stands twice; first in line",
    ),
    (
        "a name in another form",
        "drugs/names.toml",
        '"nardil" = {',
        "nardil = {",
        "nardil = {",
        "each line has the form",
    ),
    (
        "a name with a key nobody knows",
        "drugs/names.toml",
        '"nardil" = { is',
        '"nardil" = { it',
        "nardil",
        "unknown key",
    ),
    (
        "a name in capitals",
        "drugs/names.toml",
        '"nardil" = {',
        '"Nardil" = {',
        "Nardil",
        "small letters",
    ),
    (
        "unknown pathway",
        "rules/medical.toml",
        'spravato = "contraindicated", racemic',
        'nasal = "contraindicated", racemic',
        "aneurysmal-disease",
        "unknown pathway 'nasal'",
    ),
    (
        "support row without a cell",
        "support.toml",
        "[rows.on.oral]",
        "[rows.on.oral_spray]",
        "mdd-resistant",
        "no cell for oral",
    ),
    (
        "option without a payer",
        "questions/9-logistics.toml",
        '{ code = "cigna"',
        '{ code = "acme", label = "Acme" },\n    { code = "cigna"',
        "logistics.payer",
        "has no profile",
    ),
    (
        "instrument without a question",
        "instruments/madrs.toml",
        'question = "scales.madrs"',
        'question = "scales.madr"',
        "madrs",
        "no question",
    ),
    (
        "scale without an instrument",
        "questions/3-indication.toml",
        'instrument = "madrs"',
        'instrument = "madrass"',
        "scales.madrs",
        "no instrument",
    ),
    (
        "wording",
        "wording.toml",
        'local = "Local policy"\n',
        "",
        "authorities",
        "no words for 'local'",
    ),
    (
        "a word to find by, twice",
        "questions/7-vitals.toml",
        '"ecg", "ekg"',
        '"ecg", "ekg", "ecg"',
        "labs.ecg",
        "'ecg' stands twice",
    ),
    (
        "a word to find a section by, twice",
        "questions/7-vitals.toml",
        'find = ["vs"',
        'find = ["vs", "vs"',
        "vitals",
        "'vs' stands twice",
    ),
    (
        "a word to find by with a capital",
        "questions/7-vitals.toml",
        '"ecg", "ekg"',
        '"ECG", "ekg"',
        "",
        "find",
    ),
    ("misspelled key", "rules/medical.toml", 'because = "', 'becuase = "', "", "unknown key"),
    ("not TOML", "rules/medical.toml", "[[rules]]", "[[rules]", "", "not TOML"),
    (
        "a threshold outside its own limits",
        "thresholds.toml",
        'name = "spo2_caution"\nvalue = ',
        'name = "spo2_caution"\nvalue = 1',
        "spo2_caution",
        " is out of range; allowed: 85 to 99",
    ),
    (
        "text too long",
        "rules/medical.toml",
        'title = "',
        'title = "' + "x" * 60,
        "",
        "allowed: 44",
    ),
]


def told(folder: Path, lines: list[str], row: Row) -> bool:
    """Whether a mistake is told of, with the file it is in and a line."""
    _, file, _, _, ident, words = row
    place = re.compile(rf"{re.escape(str(folder / file))}:\d+: ")
    return any(words in line and f": {ident}" in line and place.match(line) for line in lines)


def make_of(folder: Path, rows: list[Row], in_a_file: int) -> list[Row]:
    """Make the mistakes in a copy of the pack that can be made together; return those."""
    for file in {row[1] for row in MISTAKES}:
        shutil.copy(default_folder({}) / file, folder / file)
    made: list[Row] = []
    for row in rows:
        _, file, old, new, _, _ = row
        before = sum(other[1] == file for other in made)
        # What one mistake has changed, another cannot.
        there = not before or old in (folder / file).read_text("utf-8")
        if before < in_a_file and there:
            edit(folder, file, old, new)
            made.append(row)
    return made


def test_each_mistake_is_found_with_its_file_and_line(folder: Path, check: Check) -> None:
    # A check tells of all that is wrong at once, so mistakes are made together, three in a file.
    # What is wrong in the form of a file hides what is wrong in the meaning of all: mistakes
    # that were hidden are made once more without those that were told of, one in a file.
    left, in_a_file = list(MISTAKES), 3
    while left:
        made = make_of(folder, left, in_a_file)
        status, lines, _ = check()
        assert status == 1
        found = [row for row in made if told(folder, lines, row)]
        assert found or in_a_file > 1, f"not told of: {[row[0] for row in made]}: {lines}"
        in_a_file = 3 if found else 1
        left = [row for row in left if row not in found]


def test_a_payer_profile_that_no_option_names_is_found(folder: Path, check: Check) -> None:
    edit(folder, "questions/9-logistics.toml", '    { code = "cigna", label = "Cigna" },\n', "")
    status, lines, _ = check()
    assert status == 1
    assert lines == [f"{folder}/payers/cigna.toml:2: cigna: logistics.payer has no option 'cigna'"]


def test_a_question_that_a_payer_rule_reads_needs_no_other_reason(
    folder: Path, check: Check
) -> None:
    edit(folder, "questions/1-setting.toml", "informs = ", "# informs = ")
    status, lines, _ = check()
    assert (status, len(lines)) == (0, 2)


def test_support_rows_that_overlap_are_found(folder: Path, check: Check) -> None:
    edit(folder, "support.toml", "= 'mdd' and derived.trd", "in {'mdd','ptsd'}")
    status, lines, _ = check()
    assert status == 1
    assert "mdd-resistant: holds together with ptsd" in "\n".join(lines)


def test_a_support_row_that_stays_undecided_is_found(folder: Path, check: Check) -> None:
    # No trials are asked for this diagnosis, so that resistance can never be known.
    edit(folder, "support.toml", "= 'mdd' and derived.trd", "in {'mdd','ptsd'} and derived.trd")
    status, lines, _ = check()
    assert status == 1
    assert "mdd-resistant: stays undecided" in "\n".join(lines)


def test_a_question_that_nothing_uses_is_named(folder: Path, check: Check) -> None:
    edit(folder, "questions/9-logistics.toml", "informs = ", "# informs = ")
    status, lines, _ = check()
    assert status == 1
    assert ["nothing uses this question" in line for line in lines] == [True]
    assert "logistics.payer" in lines[0]


def test_a_gap_in_the_support_table_is_shown_with_an_example(folder: Path, check: Check) -> None:
    edit(folder, "support.toml", "indication.diagnosis = 'ptsd'", "indication.diagnosis = 'ocd'")
    status, lines, _ = check()
    text = "\n".join(lines)
    assert status == 1
    assert "no row holds, for example with indication.diagnosis = ptsd" in text
    assert "holds together with ocd" in text


def test_problems_come_in_the_order_of_files_and_lines(folder: Path, check: Check) -> None:
    edit(folder, "rules/vitals.toml", "threshold.spo2_caution", "90")
    edit(folder, "rules/medical.toml", AVM, 'when = "medical.avm is true"')
    edit(folder, "rules/medical.toml", 'because = "', 'because = "{nope} ')
    status, lines, _ = check()
    assert status == 1
    places = [re.match(r"(.*?):(\d+): ", line) for line in lines]
    found = [(place[1], int(place[2])) for place in places if place]
    assert found == sorted(found)
    assert len(found) == len(lines) >= 3


def test_what_has_run_out_is_a_warning_only(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["criteria", "check", str(folder), "--on", "2030-01-01"])
    found = capsys.readouterr()
    assert status == 0
    assert found.out.startswith("ok: ")
    assert "pack.toml:" in found.err
    assert "telehealth-flexibility" in found.err


def test_a_local_policy_is_checked_too(folder: Path, check: Check, tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(
        'id = "clinic"\ntitle = "Clinic"\n\n[[rules]]\nid = "local-rule"\ntitle = "t"\n'
        'when = "medical.avm is null"\nbecause = "b"\ndo = "d"\nauthority = "local"\n'
        'confidence = "medium"\nsources = ["nope"]\neffects = { iv = "unmet" }\n',
        "utf-8",
    )
    status, lines, _ = check("--policy", str(policy))
    assert status == 1
    assert f"{policy}:7: local-rule: 'is null'" in "\n".join(lines)
    assert f"{policy}:12: local-rule: missing source 'nope'" in "\n".join(lines)


def test_a_folder_that_is_not_there_is_unusable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["criteria", "check", str(tmp_path / "nowhere")])
    found = capsys.readouterr()
    assert (status, found.out) == (2, "")
    assert found.err.count("\n") == 1


def test_a_file_that_is_no_utf_8_is_named_with_its_line(folder: Path, check: Check) -> None:
    path = folder / "thresholds.toml"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], b"# caf\xe9\n", *lines[2:]]))
    status, found, _ = check()
    assert status == 1
    assert f"{path}:3: this is not UTF-8 text; save the file as UTF-8" in found


def test_a_file_that_ends_too_soon_is_named_with_its_last_line(folder: Path, check: Check) -> None:
    path = folder / "thresholds.toml"
    path.write_text("[[thresholds]]\nname = 'a'\nvalue = [", "utf-8")
    status, found, _ = check()
    assert status == 1
    assert any(line.startswith(f"{path}:3: not TOML: ") for line in found)


def test_an_empty_folder_is_a_pack_with_problems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["criteria", "check", str(tmp_path)]) == 1
    assert "no such file" in capsys.readouterr().out


@pytest.mark.parametrize("part", ["rules/medical.toml", "payers/cigna.toml", "derived.toml"])
def test_a_pack_with_a_part_missing_is_refused_and_never_assessed_with(
    folder: Path, part: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / part).unlink()
    case = tmp_path / "case.toml"
    case.write_text("[answers.medical]\navm = true\n", "utf-8")
    assert main(["assess", "--criteria", str(folder), str(case)]) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert part in found.err


def test_a_file_the_pack_does_not_name_is_refused(folder: Path, check: Check) -> None:
    shutil.copy(folder / "rules/vitals.toml", folder / "rules/more.toml")
    status, lines, _ = check()
    assert status == 1
    assert any("rules/more.toml" in line for line in lines)
