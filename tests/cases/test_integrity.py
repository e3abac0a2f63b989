"""What reading a case tells of its integrity: sealed, altered and where, never sealed, forked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from ketatui.cases.digest import written_seal
from ketatui.cases.integrity import integrity_lines, reading_of
from ketatui.cases.model import Case, Medication, Signature
from ketatui.cases.store import CaseStore, Loaded
from ketatui.cases.toml_text import parse
from tests.cases.support import CASE_ID, NOW

CONTENT = Case(
    id=CASE_ID,
    label="52 f",
    answers={"vitals.systolic": 128, "medical.avm": False},
    notes={"medical.avm": "asked twice"},
    medications=(Medication(name="lorazepam", dose="0.5 mg"),),
    assessment={"on": "2026-11-21", "pathways": [{"id": "iv", "verdict": "fits"}]},
)


@pytest.fixture
def signed(store: CaseStore) -> Loaded:
    """Two revisions, the second a signature of the first."""
    first = store.save(CONTENT, base=None, by="M.O.", why="first", now=NOW)
    seal = first.case.revisions[0].digest
    mark = Signature(
        at=NOW, by="T.W.", role="pharmacist", meaning="reviewed", revision=1, digest=seal
    )
    later = NOW + dt.timedelta(hours=1)

    def sign(case: Case) -> Case:
        return case.replaced(signatures=(mark,))

    return store.revise(first, sign, by="T.W.", why="review", now=later)


def edited(store: CaseStore, loaded: Loaded, old: str, new: str) -> Loaded:
    """The same file, edited by hand."""
    path = loaded.stamp.path
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return store.load(path)


def test_the_seal_is_that_of_the_file_as_it_stands_or_of_what_it_says(
    store: CaseStore, signed: Loaded
) -> None:
    path = signed.stamp.path
    seal = signed.case.revisions[-1].digest
    assert written_seal(parse(path.read_text(), "x")) == seal
    short = edited(store, signed, "practice = false\n", "")
    assert written_seal(parse(path.read_text(), "x")) != seal
    assert short.integrity.seal == "sealed"
    unsealed = edited(store, signed, f'digest = "{seal}"\n', "")
    assert unsealed.integrity.seal == "altered"
    of_no_program: tuple[dict[str, Any], ...] = (
        {},
        {"revisions": [3]},
        {"revisions": []},
        {"unknown": [1, "a"], "revisions": [{"digest": ""}]},
    )
    assert {written_seal(tables) for tables in of_no_program} == {""}


def test_what_was_saved_is_sealed_and_its_signature_current(
    store: CaseStore, signed: Loaded
) -> None:
    loaded = store.load(CASE_ID)
    assert loaded.integrity.seal == "sealed"
    assert loaded.integrity.stands
    assert integrity_lines(loaded.reading) == ()
    assert loaded.integrity.fit(loaded.case, loaded.case.signatures[0]) == "current"


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("systolic = 128", "systolic = 120", "answers.vitals.systolic"),
        ("systolic = 128\n", "", "answers.vitals.systolic"),
        ("avm = false", "avm = false\nrenal = 'none'", "answers.medical.renal"),
        ("asked twice", "asked once", 'notes."medical.avm"'),
        ("52 f", "53 f", "label"),
        ("0.5 mg", "5 mg", "medications[0]"),
        ('verdict = "fits"', 'verdict = "caution"', "assessment.pathways[0]"),
        ('by = "T.W."\nrole', 'by = "W.T."\nrole', "signatures[0]"),
        ('why = "first"', 'why = "last"', "revisions[0]"),
    ],
)
def test_a_part_that_was_altered_is_named_and_no_signature_is_current(
    store: CaseStore, signed: Loaded, old: str, new: str, path: str
) -> None:
    found = edited(store, signed, old, new)
    assert found.integrity.seal == "altered"
    assert found.integrity.altered_paths == (path,)
    assert {item.revision for item in found.integrity.alterations} <= {1, 2}
    assert not found.integrity.stands
    (signature,) = found.case.signatures
    assert found.integrity.fit(found.case, signature) == "altered"
    said = " ".join(integrity_lines(found.reading))
    assert said.startswith("ALTERED outside the program: this is not what was saved in revision 2")
    pathway = " (iv)" if path.startswith("assessment.pathways") else ""
    assert f"Altered: {path}{pathway}." in said
    assert f"reviewed by {signature.by}, revision 1" in said
    assert found.integrity.assessment_altered == path.startswith("assessment")


def test_a_seal_that_was_replaced_by_another_does_not_tell_the_part(
    store: CaseStore, signed: Loaded
) -> None:
    found = edited(store, signed, f'\ndigest = "{signed.case.revisions[1].digest}"', "")
    assert found.integrity.seal == "altered"
    assert found.integrity.altered_paths == ()
    assert found.integrity.assessment_altered
    said = " ".join(integrity_lines(found.reading))
    assert "Which part was altered cannot be told from this file." in said


def test_without_digests_of_parts_the_history_tells_what_it_can(store: CaseStore) -> None:
    first = store.save(CONTENT, base=None, by="M.O.", why="first", now=NOW)
    amended = CONTENT.replaced(answers={"vitals.systolic": 152, "medical.avm": False})
    store.save(amended, base=first.stamp, by="M.O.", why="again", now=NOW + dt.timedelta(hours=1))
    case = store.load(CASE_ID).case
    older = case.replaced(record=case.record.replaced(parts=None), answers={"vitals.systolic": 120})
    assert reading_of(older, store.catalog).integrity.altered_paths == ("answers.vitals.systolic",)


def test_digests_of_another_revision_say_nothing(store: CaseStore, signed: Loaded) -> None:
    found = edited(store, signed, "[record.parts]\nrevision = 2", "[record.parts]\nrevision = 1")
    assert found.integrity.seal == "altered"
    assert found.integrity.altered_paths == ()


def test_what_was_never_saved_is_not_sealed(store: CaseStore, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[answers.vitals]\nsystolic = 128\n")
    loaded = store.load(path)
    assert loaded.integrity.seal == "never_sealed"
    assert integrity_lines(loaded.reading)[0].startswith("Not sealed: ")


@pytest.mark.parametrize(
    "name",
    [
        f"{CASE_ID} (conflicted copy 2026-11-21).toml",
        f"{CASE_ID}.sync-conflict-20261121-210143-ABCDEFG.toml",
        f"Copy of {CASE_ID}.toml",
        f"{CASE_ID}-DESKTOP.TOML",
    ],
)
def test_copies_of_programs_that_keep_folders_in_step_are_forks(
    store: CaseStore, signed: Loaded, name: str
) -> None:
    path = signed.stamp.path
    (path.parent / name).write_bytes(path.read_bytes())
    for other, named in ((path, name), (path.parent / name, path.name)):
        loaded = store.load(other)
        assert loaded.integrity.forks == (named,)
        assert not loaded.integrity.stands
        assert integrity_lines(loaded.reading) == (
            f"FORKED: the same case stands in {named} too; neither replaces the other.",
        )


def test_a_file_of_another_case_is_no_fork(store: CaseStore, signed: Loaded) -> None:
    path = signed.stamp.path
    (path.parent / f"{CASE_ID}x.toml").write_text("")
    (path.parent / "notes.txt").write_text(CASE_ID)
    assert store.load(path).integrity.forks == ()


def test_a_revision_dated_before_the_one_it_follows_is_named(store: CaseStore) -> None:
    first = store.save(CONTENT, base=None, by="M.O.", why="first", now=NOW)
    earlier = NOW - dt.timedelta(days=3)
    second = store.save(CONTENT, base=first.stamp, by="M.O.", why="again", now=earlier)
    assert second.integrity.seal == "sealed"
    assert integrity_lines(second.reading) == (
        "Revision 2: is dated before revision 1: a clock was wrong.",
    )


def test_a_case_saved_under_a_clock_ahead_of_ours_is_named(store: CaseStore) -> None:
    saved = store.save(CONTENT, base=None, by="M.O.", why="first", now=NOW)
    before = reading_of(saved.case, store.catalog, now=NOW - dt.timedelta(days=1))
    assert integrity_lines(before) == (
        "Revision 1: is dated in the future: the clock is wrong, or was when it was saved.",
    )
    assert integrity_lines(reading_of(saved.case, store.catalog, now=NOW)) == ()
    case = saved.case.replaced(revisions=saved.case.revisions * 3)
    assert len(reading_of(case, store.catalog, now=NOW - dt.timedelta(days=1)).integrity.clock) == 1


def test_saving_over_an_altered_case_leaves_older_signatures_behind(
    store: CaseStore, signed: Loaded
) -> None:
    found = edited(store, signed, "systolic = 128", "systolic = 120")
    saved = store.save(
        found.case, base=found.stamp, by="M.O.", why="taken over", now=NOW + dt.timedelta(hours=2)
    )
    assert saved.integrity.seal == "sealed"
    assert saved.integrity.outside == (3,)
    assert not saved.integrity.stands
    assert saved.integrity.fit(saved.case, saved.case.signatures[0]) == "old"
