"""``ketatui cases review``: what is added, what is shown of it, and what is refused."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
from pathlib import Path

import pytest

from ketatui.cases.store import CaseStore
from ketatui.consultation.edits import SetAnswer
from ketatui.consultation.saving import amend, save
from ketatui.engine import Knowledge
from tests.cli.support import Command, Done

ROOT = Path(__file__).resolve().parents[2]
NAME = "20261121-084000-example02"
DRAFT = "20261121-140000-example10"
WHO = ("--by", "Dr B", "--role", "pharmacist")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in ROOT.glob("saved_cases/*-example*.toml"):
        shutil.copy(path, tmp_path)
    return tmp_path


@pytest.fixture
def cases(ketatui: Command, folder: Path) -> Command:
    """``ketatui cases`` on the examples."""

    def run(command: str, *more: object) -> Done:
        return ketatui("cases", command, *more, "--cases", folder)

    return run  # type: ignore[return-value]


def test_a_review_is_saved_listed_shown_compared_and_verified(cases: Command) -> None:
    on = "finding:spravato/cns-depressants"
    done = cases("review", NAME, "--comment", "Which dose?", "--on", on, *WHO)
    assert (done.status, done.err) == (0, "")
    assert done.out == f"Saved as revision 2: commented on {on}\nState: final\n"
    done = cases("review", NAME, "--disagree", "Not yet", "--sign", "reviewed", "--request", *WHO)
    assert "State: awaiting review" in done.out
    shown = " ".join(cases("show", NAME).out.split())
    for words in (
        "State: awaiting review",
        "r1 Dr B (pharmacist) comments on the finding “Takes sedating medicines or alcohol” for "
        "Spravato",
        "Which dose?",
        "r2 Dr B (pharmacist) DISAGREES with the decision",
        "of revision 2, whose content stands Not yet",
        "Signatures - reviewed: Dr B (pharmacist)",
        "3. ",
        "disagreed with the decision; signed as reviewed; review requested",
    ):
        assert words in shown
    assert cases("verify", NAME).out.splitlines()[0].endswith("example02.toml: ok")
    compared = cases("diff", f"{NAME}@1", NAME).out
    assert "state: final -> awaiting review" in compared
    assert "+ r2 Dr B (pharmacist) DISAGREES with the decision (revision 2): Not yet" in compared
    assert "+ reviewed: Dr B (pharmacist), revision 2" in compared
    found = json.loads(cases("diff", f"{NAME}@2", NAME, "--json").out)
    assert found["recorded"]["reviews"]["only_b"][0]["text"] == "Not yet"
    assert found["recorded"]["signatures"]["only_b"][0]["meaning"] == "reviewed"
    assert not found["same"]


def test_a_revision_that_was_amended_is_not_reviewed_and_the_text_is_given_back(
    cases: Command, folder: Path, knowledge: Knowledge
) -> None:
    assert cases("review", NAME, "--sign", "reviewed", *WHO).status == 0
    store = CaseStore(folder, knowledge.pack)
    base = store.load(NAME)
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    consultation, journal = amend(store, base, knowledge, now=now)
    consultation.do(SetAnswer(question="patient.age", value=42))
    save(consultation, store, journal, by="Dr A", why="", now=now, base=base.stamp)
    refused = cases("review", NAME, "--agree", "Fine by me", "--revision", 2, *WHO)
    assert (refused.status, refused.out) == (1, "")
    assert "was amended by Dr A, " in refused.err
    assert "(revision 3), since it was opened; nothing written" in refused.err
    assert "not kept (agree): Fine by me" in refused.err
    shown = " ".join(cases("show", NAME).out.split())
    assert "State: amended" in shown
    assert "belongs to revision 1; amended since (revision 3)" in shown
    assert cases("review", NAME, "--agree", "Fine by me", "--revision", 3, *WHO).status == 0
    assert cases("verify", NAME).status == 0


def test_what_others_said_meanwhile_is_told(cases: Command) -> None:
    cases("review", NAME, "--comment", "one", *WHO)
    done = cases("review", NAME, "--comment", "two", "--revision", 1, *WHO)
    assert done.out.startswith("Meanwhile Dr B: commented (revision 2)\nSaved as revision 3")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([DRAFT, "--comment", "x"], "a draft is not reviewed or signed"),
        ([NAME, "--sign", "amended"], "nothing was amended"),
        ([NAME, "--agree", " "], "to agree needs a reason"),
        ([NAME, "--comment", "x", "--on", "answer:nope"], "there is no such question"),
        ([NAME, "--comment", "x", "--on", "finding:iv/nope"], "allowed: cns-depressants"),
    ],
)
def test_what_a_case_does_not_allow_is_said_in_one_line_with_status_1(
    cases: Command, folder: Path, arguments: list[str], said: str
) -> None:
    before = (folder / f"{arguments[0]}.toml").read_bytes()
    done = cases("review", *arguments, *WHO)
    assert (done.status, done.out) == (1, "")
    assert said in done.err.splitlines()[0]
    assert done.err.splitlines()[0].endswith("; nothing written")
    assert (folder / f"{arguments[0]}.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([NAME], "nothing to do: say --comment"),
        ([NAME, "--on", "case", "--request"], "--on goes with --comment"),
        ([NAME, "--agree", "x", "--disagree", "y"], "not allowed with"),
        ([NAME, "--sign", "perhaps"], "invalid choice"),
        ([NAME, "--request", "--revision", "7"], "there is no such revision; the last is 1"),
        (["20200101-000000-aaaa", "--request"], "No such file"),
    ],
)
def test_arguments_that_can_not_be_used_are_said_with_status_2(
    cases: Command, arguments: list[str], said: str
) -> None:
    done = cases("review", *arguments, *WHO)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1


def test_who_it_is_has_to_be_said(cases: Command) -> None:
    done = cases("review", NAME, "--request", "--by", "Dr B")
    assert done.status == 2
    assert "--role" in done.err


def test_a_case_that_does_not_verify_is_not_reviewed(cases: Command, folder: Path) -> None:
    path = folder / f"{NAME}.toml"
    path.write_text(path.read_text("utf-8").replace("age = 41", "age = 40"), "utf-8")
    done = cases("review", NAME, "--comment", "kept for me", *WHO)
    assert done.status == 1
    assert "changed outside the program" in done.err
    assert "not kept (comment): kept for me" in done.err


def test_verify_says_which_signature_does_not_fit(cases: Command, folder: Path) -> None:
    cases("review", NAME, "--sign", "co-signed", *WHO)
    path = folder / f"{NAME}.toml"
    head, mark, rest = path.read_text("utf-8").partition("[[signatures]]")
    path.write_text(head + mark + rest.replace("revision = 1", "revision = 2", 1), "utf-8")
    done = cases("verify", NAME)
    assert done.status == 1
    assert "signature 1: by Dr B does not carry the digest of revision 2" in done.out
    assert "does NOT fit revision 2" in " ".join(cases("show", NAME).out.split())


def test_the_exports_hold_reviews_and_signatures(cases: Command) -> None:
    cases("review", NAME, "--disagree", "Not yet", "--sign", "reviewed", *WHO)
    (row,) = csv.DictReader(io.StringIO(cases("export", NAME, "--format", "csv").out))
    assert row["reviewed_by"] == "Dr B"
    assert row["signatures"] == "reviewed:1:current:Dr B"
    assert row["disagreements"] == "1"
    kinds = [
        entry["resource"]["resourceType"]
        for entry in json.loads(cases("export", NAME, "--format", "fhir").out)["entry"]
    ]
    assert kinds == ["Questionnaire", "QuestionnaireResponse", "Consent", "Provenance"]
    note = cases("export", NAME, "--format", "md").out
    assert "## Reviews and signatures" in note
