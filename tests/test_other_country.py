"""Criteria of an invented country: nothing of the program has to change for them.

It has authorities of its own, two pathways and a group of both, outcomes of trials, weights of
the next question and kinds of identifiers of its own, and a third table. It has no payers, no
scales, and none of the questions of the pack that ships. Its course is in `test_course_abroad`.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ketatui.cases.errors import CaseError
from ketatui.cases.model import Case, Trial
from ketatui.cases.reading import read_case
from ketatui.cases.store import CaseStore
from ketatui.cases.writing import write_case
from ketatui.cli import main
from ketatui.criteria.loading import load_pack
from ketatui.criteria.models import Column, Option
from ketatui.engine import Knowledge, assess, compile_pack
from ketatui.privacy import scanner_of
from reliability.cohort_rows import Maker
from reliability.cohorts import ENOUGH, compare
from tests.walk.support import TO_THE_END, walk_with

FOLDER = Path(__file__).parent / "data" / "packs" / "norland"
TODAY = dt.date(2026, 11, 21)
ANSWERS = ["40", "y", "1", "1"]
TRIAL = ["sertraline", "100", "5", "2", "y", "y", ""]
LIGHT = ["Up north", "12", "1", ""]
MEDICINES = ["diazepam", "", "y"]
SAID = [*ANSWERS, *TRIAL, "s", "y", *LIGHT, *MEDICINES]


@pytest.fixture(scope="module")
def norland() -> Knowledge:
    return compile_pack(load_pack(FOLDER))


@pytest.fixture
def saved(norland: Knowledge, tmp_path: Path) -> Path:
    """A case that was walked to the end, and saved."""
    walk, screen = walk_with(tmp_path / "cases", norland, SAID, replies=TO_THE_END)
    path = walk.run()
    assert path is not None, screen.text[-2000:]
    return path


def case_with(**changed: Any) -> Case:
    return Case(answers={"person.age": 40, "trials.rows_complete": True}).replaced(**changed)


def test_its_criteria_are_sound(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["criteria", "check", str(FOLDER), "--on", "2026-11-21"]) == 0
    assert capsys.readouterr().out.startswith("ok: 10 questions, 6 rules")


def test_what_is_said_of_a_group_holds_for_each_member_and_less_than_what_is_said_of_one(
    norland: Knowledge,
) -> None:
    rules = norland.pack.rules
    assert rules["not-adult"].effects == {"spray": "contraindicated", "drip": "contraindicated"}
    assert rules["not-registered"].effects == {"spray": "unmet", "drip": "caution"}
    assert set(norland.pack.support["another"].on) == {"spray", "drip"}
    assert norland.pack.consent["consent.purpose"].pathways == ("spray", "drip")


def test_its_own_outcomes_say_what_counts_as_failed(norland: Knowledge) -> None:
    for outcome, failed in (("worse", 1), ("same", 1), ("better", 0)):
        trial = Trial(
            drug="sertraline",
            daily_dose_mg=Decimal(100),
            weeks=Decimal(5),
            outcome=outcome,
            adherent=True,
            current_episode=True,
        )
        found = assess(norland, case_with(trials=(trial,)), TODAY)
        assert found.values["derived.failed_trials"] == failed, outcome


def test_its_own_kinds_of_treatment_are_read_and_only_an_antidepressant_counts(
    norland: Knowledge,
) -> None:
    kinds = (Option(code="antidepressant", label="Drug"), Option(code="spa", label="Spa"))
    column = Column(id="kind", label="Kind", kind="choice", required=False, options=kinds)
    asked = norland.pack.questions["antidepressant_trials"]
    questions = {
        **norland.pack.questions,
        asked.id: asked.replaced(columns=(*asked.columns, column)),
    }
    pack = norland.pack.replaced(questions=questions)
    for kind, failed in (("antidepressant", 1), ("spa", 0)):
        trial = Trial(
            kind=kind,
            drug="sertraline",
            daily_dose_mg=Decimal(100),
            weeks=Decimal(5),
            outcome="worse",
            adherent=True,
            current_episode=True,
        )
        case = case_with(id="x", trials=(trial,))
        assert read_case(write_case(case, pack), path="kinds", pack=pack) == case
        found = assess(compile_pack(pack), case, TODAY)
        assert found.values["derived.failed_trials"] == failed, kind
    with pytest.raises(CaseError, match="allowed: antidepressant, spa"):
        read_case(write_case(case, pack).replace('"spa"', '"tms"'), path="kinds", pack=pack)


def test_its_own_weights_choose_the_next_question(norland: Knowledge) -> None:
    # What is lacking weighs most here; with the usual weights the age would come first.
    upcoming = assess(norland, Case(), TODAY).next
    assert upcoming is not None
    assert upcoming.question == "person.registered"
    usual = {**norland.pack.info.weights, "unmet": 15, "contraindicated": 1000}
    pack = norland.pack.replaced(info=norland.pack.info.replaced(weights=usual))
    upcoming = assess(compile_pack(pack), Case(), TODAY).next
    assert upcoming is not None
    assert upcoming.question == "person.age"


def test_its_own_kind_of_identifier_is_seen(norland: Knowledge) -> None:
    scanner = scanner_of(norland.pack)
    assert [item.text for item in scanner.scan("she is NO-4821-KX")] == ["NO-4821-KX"]
    assert not list(scanner.scan("SSN 219-09-9999"))


def test_a_case_is_walked_saved_and_read_again(norland: Knowledge, saved: Path) -> None:
    store = CaseStore(saved.parent, norland.pack)
    case = store.load(saved).case
    assert store.verify(saved) == []
    assert case.tables["history.light"] == (
        {"place": "Up north", "sessions": 12, "season": "dark"},
    )
    again = read_case(write_case(case, norland.pack), path="again", pack=norland.pack)
    assert again == case
    assert {item.id: item.verdict for item in assess(norland, case, TODAY).pathways} == {
        "spray": "caution",
        "drip": "caution",
    }


def test_it_is_assessed_and_exported_in_every_form(
    saved: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_it = ["--criteria", str(FOLDER)]
    assert main(["assess", str(saved), "--json", *with_it]) == 0
    told = json.loads(capsys.readouterr().out)
    findings = [item for pathway in told["pathways"] for item in pathway["findings"]]
    assert {item["authority"] for item in findings} == {"agency_label"}
    for form, words in (
        ("md", "Agency label"),
        ("txt", "Bright"),
        ("csv", "caution"),
        ("fhir", "history.light"),
        ("pdf", "%PDF-"),
        ("visits", "id,integrity"),
    ):
        path = saved.parent.parent / f"out.{form}"
        done = main(["cases", "export", str(saved), "--format", form, "--out", str(path), *with_it])
        out = path.read_bytes().decode("utf-8", "replace") if done == 0 else ""
        assert done == 0, form
        assert words.lower() in out.lower(), f"{form}: {out[:600]}"
    assert main(["criteria", "export", "--format", "cql", *with_it]) == 0
    assert "courses_of_light" in capsys.readouterr().out
    packages = saved.parent.parent / "packages"
    assert main(["criteria", "export", "--format", "fhir", "--out", str(packages), *with_it]) == 0
    assert [item.name for item in packages.iterdir()] == ["ketatui.norland-1.0.0.tgz"]


def test_a_table_of_patients_is_judged_as_the_engine_judges_each(norland: Knowledge) -> None:
    found = compare(norland, Maker(norland, seed=5), 200)
    assert found.differing == []
    assert min(found.true.values()) >= ENOUGH // 2


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["practice", "list"], "norland: this pack has no practice cases"),
        (["prefill", "x.json"], "norland: this pack does not say how a patient's record is read"),
    ],
)
def test_what_it_does_not_have_is_said(
    command: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--criteria", str(FOLDER)]) == 2
    assert said in capsys.readouterr().err


def test_an_authority_that_nobody_named_is_a_mistake_with_file_and_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(FOLDER, folder)
    rules = folder / "rules" / "all.toml"
    text = rules.read_text("utf-8").replace('"ministry_rule"', '"us_label"', 1)
    rules.write_text(text, "utf-8")
    assert main(["criteria", "check", str(folder), "--on", "2026-11-21"]) == 1
    said = capsys.readouterr().out
    line = text[: text.index('"us_label"')].count("\n") + 1
    assert f"all.toml:{line}: not-registered: unknown authority 'us_label'" in said
    assert "allowed: agency_label, ministry_rule, college, local" in said
