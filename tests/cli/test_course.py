"""``ketatui course``: a visit assessed, and what is due, from the command line."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path

import pytest

from ketatui.cases.due_index import DueOf
from ketatui.cases.reading import read_case
from ketatui.cases.store import CaseStore
from ketatui.cases.warm_index import criteria_mark, told_by_index
from ketatui.cases.writing import write_case
from ketatui.consultation.saving import amend
from ketatui.consultation.session_clock import first_device
from ketatui.consultation.treatment import Treatment
from ketatui.criteria.default import default_folder
from tests.cli.support import Command
from tests.course.support import (
    DAY,
    course_of,
    earlier,
    screened,
    screening_knowledge,
    visit_of,
)

SHARED = Path(__file__).resolve().parents[3] / "shared" / "cases" / "visits"
SHARED_VISITS = sorted(SHARED.glob("*.toml")) if SHARED.is_dir() else []


@pytest.fixture
def visits(tmp_path: Path) -> Path:
    """Two courses: a stopped one by infusion, and one of Spravato at its second session."""
    first = course_of("iv", earlier("iv", 90, 80), id="c0", basis="other")
    second = course_of("spravato", [*earlier("spravato", 3), visit_of("spravato", number=2)])
    case = screened().replaced(id="20270104-080000-k3f9", courses=(first, second))
    path = tmp_path / "20270104-080000-k3f9.toml"
    path.write_text(write_case(case, screening_knowledge().pack), "utf-8")
    return path


@pytest.mark.skipif(not SHARED_VISITS, reason="the shared visits are not here")
@pytest.mark.parametrize("path", SHARED_VISITS, ids=lambda path: path.stem)
def test_the_shared_visits_come_out_as_they_say(path: Path, ketatui: Command) -> None:
    said = tomllib.loads(path.read_text("utf-8"))
    wanted = ("--visit", said["visit"], "--on", said["on"])
    done = ketatui("course", "assess", "--json", *wanted, path)
    assert (done.status, done.err) == (0, "")
    found = {item["id"]: item for item in json.loads(done.out)["decisions"]}
    for decision, expected in said["expect"].items():
        got = found[decision]
        assert got["verdict"] == expected["verdict"]
        assert sorted(item["rule"] for item in got["findings"]) == sorted(expected["findings"])
        assert sorted(item["rule"] for item in got["open"]) == sorted(expected["open"])


def test_json_says_what_the_contract_says(visits: Path, ketatui: Command) -> None:
    done = ketatui("course", "assess", "--json", "--on", DAY, visits)
    data = json.loads(done.out)
    assert (data["case"], data["course"], data["visit"]) == ("20270104-080000-k3f9", "c1", 2)
    assert (data["on"], data["pathway"], data["basis"]) == ("2027-01-04", "spravato", "trd")
    assert data["derived"]["course.day"] == 4
    assert data["derived"]["course.phase"] == "induction"
    assert data["derived"]["score.change_percent"] is None
    decisions = ["gate", "dose", "leave", "report", "continue"]
    assert [item["id"] for item in data["decisions"]] == decisions


def test_the_last_visit_of_the_last_course_is_meant_unless_told_otherwise(
    visits: Path, ketatui: Command
) -> None:
    done = ketatui("course", "assess", "--json", "--course", "c0", "--visit", "1", visits)
    data = json.loads(done.out)
    assert (data["course"], data["visit"], data["pathway"]) == ("c0", 1, "iv")


def test_for_people_it_is_words_and_never_advice_to_give_a_dose(
    visits: Path, ketatui: Command
) -> None:
    out = ketatui("course", "assess", "--on", DAY, visits).out
    assert "Spravato, course c1, visit 2 (session) of 2027-01-04" in out
    assert "✓ May a dose be given today: Nothing against it" in out
    assert "Phase of the course: Induction, twice a week" in " ".join(out.split())
    assert all(len(line) <= 80 for line in out.splitlines())


def test_answers_of_the_screening_that_are_old_count_and_are_named(
    visits: Path, ketatui: Command
) -> None:
    dated = '\n[dates]\n"vitals.systolic" = 2026-12-01\n'
    visits.write_text(visits.read_text("utf-8") + dated, "utf-8")
    data = json.loads(ketatui("course", "assess", "--json", "--on", DAY, visits).out)
    assert [item["question"] for item in data["stale"]] == ["vitals.systolic"]
    assert data["derived"]["course.screening"] == "fits"
    out = ketatui("course", "assess", "--on", DAY, visits).out
    assert "too old on that day, which count all the same" in out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--course", "c9"), "there is no course 'c9'; allowed: c0, c1"),
        (("--visit", "9"), "c1 has no visit 9; allowed: 1, 2"),
        (("--visit", "0"), "no number from 1 on"),
        (("--on", "Monday"), "is no day; it is written like 2026-11-21"),
    ],
)
def test_what_is_not_there_is_said_in_a_line(
    options: tuple[str, ...], message: str, visits: Path, ketatui: Command
) -> None:
    done = ketatui("course", "assess", *options, visits)
    assert (done.status, done.out) == (2, "")
    assert message in done.err
    assert len(done.err.splitlines()) == 1


def test_a_case_without_a_course_is_said_so(case_file: Path, ketatui: Command) -> None:
    done = ketatui("course", "assess", case_file)
    assert done.status == 2
    assert done.err == f"{case_file}: courses: the case has no course of treatment\n"


def test_one_unusable_file_keeps_no_other_back(visits: Path, ketatui: Command) -> None:
    done = ketatui("course", "assess", "--json", "gone.toml", visits)
    assert done.status == 2
    assert json.loads(done.out)["course"] == "c1"


def test_what_may_be_meant_otherwise_is_told_beside_the_visit(
    visits: Path, ketatui: Command
) -> None:
    text = visits.read_text("utf-8")
    lead = text.index("[[courses.visits]]", text.index('id = "c1"')) + len("[[courses.visits]]\n")
    for moment, told in (
        ("2027-01-01 21:30:00-05:00", False),
        ("2027-01-02T02:30:00Z", False),
        ("2027-01-05 09:12:00-05:00", True),
    ):
        line = f'type = "review"\nfirst_dose_at = {moment}\n'
        visits.write_text(text[:lead] + line + text[lead:], "utf-8")
        done = ketatui("course", "assess", visits)
        assert done.status == 0
        assert "courses row 2 visits row 1 type: there is no such key" in done.err
        assert ("first_dose_at: is of another day than the visit" in done.err) is told
    rows = """
[[courses.visits.events]]
term = "nausea"
reported_on = 2026-12-01

[[courses.visits.events]]
term = "headache"
reported_on = 2027-01-06

[[courses.visits.overrides]]
decision = "gate"
rule = "gate-food"
reason = "r"
by = "b"
at = 2026-11-21T10:00:00Z
"""
    visits.write_text(text + rows, "utf-8")
    command = ("course", "assess", visits, "--on")
    later = "courses row 2 visits row 2 events row 2 reported_on: 2027-01-06 is after today"
    assert f" {later}, 2027-01-05; the event counts" in ketatui(*command, "2027-01-05").err
    assert later not in ketatui(*command, "2027-01-06").err
    assert json.loads(ketatui(*command, "2027-01-05", "--json").out)["remarks"] == [
        "courses row 2 visits row 2 events row 1 reported_on: "
        "2026-12-01 is before the visit, which is of 2027-01-04",
        f"{later}, 2027-01-05; the event counts as reported",
        "courses row 2 visits row 2 overrides row 1 rule: "
        "'gate-food' is unmet for spravato, which cannot be set aside",
    ]
    visits.write_text(text.replace("dose_mg = 56", "dose_mg = nan"), "utf-8")
    done = ketatui("course", "assess", visits)
    assert (done.status, done.out) == (2, "")
    assert (
        ": visit.dose_mg: NaN is not a number that can be used; allowed: 0 to 2000 mg" in done.err
    )


def test_standard_input_is_read(visits: Path, ketatui: Command) -> None:
    done = ketatui("course", "assess", "--json", "-", stdin=visits.read_bytes())
    assert json.loads(done.out)["course"] == "c1"


def test_a_local_policy_counts_and_is_shown(visits: Path, tmp_path: Path, ketatui: Command) -> None:
    policy = tmp_path / "local" / "policy.toml"
    policy.parent.mkdir()
    policy.write_text('id = "p"\ntitle = "Strict"\n[thresholds]\nspo2_usual = 98\n', "utf-8")
    text = visits.read_text("utf-8").replace("spo2 = 98\nsedation", "spo2 = 95\nsedation")
    visits.write_text(text, "utf-8")
    done = ketatui("course", "assess", "--json", "--policy", policy, "--on", DAY, visits)
    data = json.loads(done.out)
    leave = data["decisions"][2]
    assert [(item["rule"], item["local_policy"]) for item in leave["findings"]] == [
        ("leave-spo2", True)
    ]
    assert data["pack"]["policy"] == "Strict"


def test_due_says_what_comes_first(visits: Path, ketatui: Command) -> None:
    text = visits.read_text("utf-8").replace("rems_form_sent = true", "rems_form_sent = false")
    visits.write_text(text, "utf-8")
    done = ketatui("course", "due", visits.parent, "--on", "2027-01-09", "--json")
    assert done.status == 0
    found = [json.loads(line) for line in done.out.splitlines()]
    assert [(item["what"], item["for_visit"], item["by"], item["overdue"]) for item in found] == [
        ("rems-form", 1, "2027-01-08", True),
        ("session", None, "2027-01-08", True),
        ("rems-form", 2, "2027-01-11", False),
        ("review", None, "2027-01-28", False),
        ("urinary", None, "2027-04-04", False),
    ]


def test_due_within_some_days(visits: Path, ketatui: Command) -> None:
    done = ketatui("course", "due", visits.parent, "--on", "2027-01-09", "--within", "0", "--json")
    assert [json.loads(line)["what"] for line in done.out.splitlines()] == ["session"]


def test_due_for_people(visits: Path, ketatui: Command) -> None:
    out = ketatui("course", "due", visits.parent, "--on", "2027-01-09").out
    assert "2027-01-08   1 d overdue  Session" in out


def test_nothing_due_is_said(tmp_path: Path, ketatui: Command) -> None:
    done = ketatui("course", "due", tmp_path)
    assert (done.status, done.out) == (0, f"Nothing is due in {tmp_path}\n")


def test_a_folder_that_is_not_there_is_unusable(tmp_path: Path, ketatui: Command) -> None:
    for where in ([tmp_path / "typo"], ["--cases", tmp_path / "typo"]):
        done = ketatui("course", "due", *where)
        assert (done.status, done.out) == (2, "")
        assert f"{tmp_path / 'typo'}: " in done.err
        assert "no such folder" in done.err


def test_a_file_that_cannot_be_read_is_named_and_passed_over(
    visits: Path, ketatui: Command
) -> None:
    (visits.parent / "20270104-090000-aaaa.toml").write_text("[[courses", "utf-8")
    done = ketatui("course", "due", visits.parent, "--on", "2027-01-09", "--json")
    assert done.status == 2
    assert "20270104-090000-aaaa.toml" in done.err
    assert len(done.out.splitlines()) == 3


@pytest.mark.parametrize("command", [(), ("assess",), ("due",), ("compare",)])
def test_help_has_an_example(command: tuple[str, ...], ketatui: Command) -> None:
    done = ketatui("course", *command, "--help")
    assert done.status == 0
    assert "example" in done.out


def test_due_comes_from_the_index_and_follows_the_files(visits: Path, ketatui: Command) -> None:
    command = ("course", "due", visits.parent, "--on", "2027-01-09", "--json")
    first = ketatui(*command)
    assert ketatui(*command).out == first.out
    text = visits.read_text("utf-8").replace('id = "c1"', 'id = "c1"\nstopped = 2027-01-08')
    visits.write_text(text, "utf-8")
    assert ketatui(*command).out == ""


def test_the_index_alone_tells_what_is_due_while_nothing_has_changed(
    visits: Path, tmp_path: Path, ketatui: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, on = visits.parent, dt.date(2027, 1, 9)
    policy = tmp_path / "local" / "policy.toml"
    policy.parent.mkdir()
    policy.write_text('id = "p"\ntitle = "P"\n[thresholds]\nreview_days = 60\n')

    def told(on: dt.date = on, policy: Path | None = None) -> list[DueOf] | None:
        mark = criteria_mark(default_folder(), policy)
        found = told_by_index(folder, mark, on, dt.date.max)
        return None if found is None else found.due

    assert told() is None  # There is no index.
    command = ("course", "due", folder, "--on", on.isoformat(), "--json")
    found = [json.loads(line) for line in ketatui(*command).out.splitlines()]
    assert told() == [
        (item["by"], item["case"], item["course"], item["what"], item["for_visit"])
        for item in found
    ]
    assert told(dt.date(2026, 12, 1)) is None  # Something recorded has not happened yet.
    monkeypatch.chdir(folder.parent)
    assert ketatui("course", "due", folder.name, "--on", on.isoformat(), "--json").out
    assert told() is not None  # By another name it is the same folder.
    # Other criteria, whoever asked by them last.
    assert told(policy=policy) is None
    ketatui(*command, "--policy", policy)
    assert told() is None and told(policy=policy) is not None
    ketatui(*command)
    assert told() is not None and told(policy=policy) is None
    assert ketatui("cases", "list", "--cases", folder, "--policy", policy).status == 0
    assert told() is None and told(policy=policy) is None
    # Another file, the same one written again, and one that is gone.
    for change in (
        lambda: (folder / "20270104-080000-bbbb.toml").write_text(visits.read_text("utf-8")),
        lambda: visits.write_text(visits.read_text("utf-8"), "utf-8"),
        visits.unlink,
    ):
        ketatui(*command)
        assert told() is not None
        change()
        assert told() is None


def test_due_names_drafts_with_a_session_and_files_that_were_altered(
    tmp_path: Path, ketatui: Command
) -> None:
    given = visit_of("spravato", number=1, rems_form_sent=False)
    case = screened().replaced(id="20270104-080000-k3f9", courses=(course_of("spravato", [given]),))
    now = dt.datetime(2027, 1, 4, 12, tzinfo=dt.UTC)
    store = CaseStore(tmp_path, screening_knowledge().pack)
    path = store.save(case, base=None, by="A", why="w", now=now).stamp.path
    command = ("course", "due", tmp_path, "--on", "2027-01-20", "--within", "0", "--json")
    first = ketatui(*command)
    assert '"what": "rems-form"' in first.out and "ALTERED" not in first.err
    assert "session was begun" not in first.err
    consultation, journal = amend(store, store.load(path), screening_knowledge(), now=now)
    first_device(Treatment(consultation), now)
    journal.close()
    done = ketatui(*command)
    assert done.out == first.out
    assert f"{case.id}.jsonl: a session was begun in this draft" in done.err
    text = path.read_text("utf-8")
    assert text.count("dose_mg = 56") == 1
    path.write_text(text.replace("dose_mg = 56", "dose_mg = 0"), "utf-8")
    done = ketatui(*command)
    assert done.status == 0 and '"what": "rems-form"' not in done.out
    assert f"{path}: ALTERED outside the program" in done.err
    assert ketatui(*command) == done  # Told by the index alone.


def test_the_list_says_how_treatment_stands_and_asks_for_it(visits: Path, ketatui: Command) -> None:
    # What is told is told of today: a session that is still to come has not been given yet.
    text = visits.read_text("utf-8")
    visits.write_text(text.replace("date = 2027-01-", "date = 2026-01-"), "utf-8")
    folder = ("--cases", visits.parent)
    (line,) = ketatui("cases", "list", "--json", *folder).out.splitlines()
    data = json.loads(line)
    assert (data["treatment"], data["stop_reason"]) == ("in_treatment", "")
    assert data["due_by"] == "2026-01-08"
    assert "in treatment, next due by 2026-01-08" in ketatui("cases", "list", *folder).out
    for expression, count in (
        ("case.treatment = 'in_treatment'", 1),
        ("case.treatment = 'stopped'", 0),
        ("case.due < '2026-01-09'", 1),
        ("case.overdue and case.due > '2026-01-09'", 0),
    ):
        found = ketatui("cases", "list", "--json", "--where", expression, *folder).out
        assert len(found.splitlines()) == count, expression


def test_a_visit_of_an_altered_case_is_judged_and_the_alteration_said_first(
    visits: Path, ketatui: Command
) -> None:
    pack = screening_knowledge().pack
    store = CaseStore(visits.parent / "saved", pack)
    case = read_case(visits.read_text("utf-8"), path=str(visits), pack=pack)
    now = dt.datetime(2027, 1, 4, 9, tzinfo=dt.UTC)
    path = store.save(case, base=None, by="K.L.", why="", now=now).stamp.path
    command = ("course", "assess", "--on", DAY)
    assert not ketatui(*command, path).out.startswith("!")
    assert "integrity" not in json.loads(ketatui(*command, "--json", path).out)
    path.write_text(path.read_text("utf-8").replace("dose_mg = 56", "dose_mg = 84"), "utf-8")
    assert ketatui(*command, path).out.startswith("! ALTERED outside the program")
    assert json.loads(ketatui(*command, "--json", path).out)["integrity"]["seal"] == "altered"
