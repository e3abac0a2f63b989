from __future__ import annotations

import datetime as dt
import errno
import os
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from ketatui.cases.changes import changes_between
from ketatui.cases.errors import CaseError, ChangedOnDisk
from ketatui.cases.model import Case, Decision, Medication
from ketatui.cases.revisions import broken_links, drafted, with_revision
from ketatui.cases.store import CaseStore, Loaded
from tests.cases.support import CASE_ID, CASES, NOW, hand_made
from tests.effort import tries

LATER = NOW + dt.timedelta(minutes=5)
CASE = Case(
    id=CASE_ID,
    label="52 m",
    answers={"vitals.systolic": 152, "indication.diagnosis": "mdd"},
    medications=(Medication(name="lorazepam"),),
)


def first(store: CaseStore, case: Case = CASE) -> Loaded:
    return store.save(case, base=None, by="ab", why="", now=NOW)


def names(store: CaseStore) -> list[str]:
    return sorted(path.name for path in store.folder.iterdir() if path.suffix != ".lock")


def test_a_saved_case_is_opened_as_it_was_saved(store: CaseStore) -> None:
    saved = first(store)
    assert store.load(CASE_ID) == saved
    assert store.load(saved.stamp.path) == saved
    assert saved.case.record.saved_at == NOW
    assert names(store) == [f"{CASE_ID}.toml"]


def test_others_can_not_read_the_cases(store: CaseStore) -> None:
    path = first(store).stamp.path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_each_save_adds_a_revision_that_says_what_changed(store: CaseStore) -> None:
    saved = first(store)
    changed = saved.case.replaced(
        answers={**CASE.answers, "vitals.systolic": 128, "patient.age": 52},
        medications=(Medication(name="lorazepam", dose="1 mg"),),
        decision=Decision(pathway="iv"),
    )
    again = store.save(changed, base=saved.stamp, by="cd", why="repeated", now=LATER)
    one, two = again.case.revisions
    assert (one.number, two.number, two.by, two.why) == (1, 2, "cd", "repeated")
    assert two.previous == one.digest != two.digest
    assert list(two.changes) == [
        {"what": "answers.patient.age", "new": 52},
        {"what": "answers.vitals.systolic", "old": 152, "new": 128},
        {"what": "medications[0].dose", "new": "1 mg"},
        {"what": "decision.pathway", "new": "iv"},
    ]
    assert store.verify(again.stamp.path) == []


def test_a_file_changed_meanwhile_is_never_overwritten(store: CaseStore) -> None:
    saved = first(store)
    path = saved.stamp.path
    path.write_bytes(path.read_bytes() + b"# a hand was here\n")
    before = path.read_bytes()
    with pytest.raises(ChangedOnDisk, match="changed by somebody else"):
        store.save(saved.case, base=saved.stamp, by="ab", why="", now=LATER)
    assert path.read_bytes() == before
    path.unlink()
    with pytest.raises(ChangedOnDisk, match="was removed"):
        store.save(saved.case, base=saved.stamp, by="ab", why="", now=LATER)
    assert not path.exists()


def test_two_windows_saving_one_case_do_not_overwrite_each_other(store: CaseStore) -> None:
    saved = first(store)
    other = CaseStore(store.folder, store.catalog)
    store.save(saved.case, base=saved.stamp, by="ab", why="", now=LATER)
    with pytest.raises(ChangedOnDisk):
        other.save(saved.case, base=saved.stamp, by="cd", why="", now=LATER)


@pytest.mark.parametrize("content", [b"not toml [", b"\xff", b"schema = 99\n"])
def test_a_file_that_can_not_be_read_is_refused_and_not_overwritten(
    store: CaseStore, content: bytes
) -> None:
    store.folder.mkdir()
    path = store.path_of(CASE_ID)
    path.write_bytes(content)
    with pytest.raises(CaseError):
        store.load(path)
    with pytest.raises(ChangedOnDisk):
        first(store)
    assert path.read_bytes() == content


def test_the_conflict_can_be_saved_as_a_copy(store: CaseStore) -> None:
    saved = first(store)
    copy = store.save_as_copy(saved.case, by="ab", why="changed meanwhile", now=LATER)
    assert copy.case.id != CASE_ID
    assert copy.case.answers == CASE.answers
    (revision,) = copy.case.revisions
    assert revision.extra == {"copied_from": CASE_ID}
    assert store.verify(copy.stamp.path) == []
    assert len(names(store)) == 2


def test_a_case_that_could_not_be_read_back_is_not_written(store: CaseStore) -> None:
    for answers in ({"no.such": True}, {"vitals.systolic": 9}):
        with pytest.raises(CaseError):
            first(store, CASE.replaced(answers=answers))
    with pytest.raises(CaseError, match="UTF-8"):
        first(store, CASE.replaced(label="\ud800"))
    assert names(store) == []


@pytest.mark.parametrize("name", ["", "../outside", "20261121-210143-k3f9/../x", "/etc/passwd"])
def test_an_id_is_never_trusted_as_a_path(store: CaseStore, name: str) -> None:
    with pytest.raises(CaseError):
        first(store, CASE.replaced(id=name))
    with pytest.raises(CaseError):
        store.load(name)


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_disk_that_refuses_leaves_the_case_as_it_was(
    store: CaseStore, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    saved = first(store)
    before = saved.stamp.path.read_bytes()

    def refuse(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, step, refuse)
        with pytest.raises(OSError, match="No space"):
            store.save(saved.case, base=saved.stamp, by="ab", why="", now=LATER)
    assert saved.stamp.path.read_bytes() == before
    assert names(store) == [f"{CASE_ID}.toml"]
    store.save(saved.case, base=saved.stamp, by="ab", why="", now=LATER)


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "cases").write_text("in the way")
    store = CaseStore(tmp_path / "cases", hand_made())
    with pytest.raises(CaseError, match="not a folder"):
        first(store)


def test_a_change_by_hand_breaks_the_seal_and_a_new_spelling_does_not(store: CaseStore) -> None:
    saved = first(store, CASE.replaced(answers={"patient.weight_kg": Decimal("78")}))
    path = saved.stamp.path
    path.write_text(
        path.read_text().replace("weight_kg = 78", "weight_kg = 78.00") + "# a remark\n"
    )
    assert store.verify(path) == []
    path.write_text(path.read_text().replace("= 78.00", "= 79"))
    (problem,) = store.verify(path)
    assert "not what was saved" in problem.message


def test_a_revision_removed_or_rewritten_breaks_the_chain(store: CaseStore) -> None:
    loaded = first(store)
    for _ in range(2):
        loaded = store.save(loaded.case, base=loaded.stamp, by="ab", why="", now=LATER)
    one, two, three = loaded.case.revisions
    for history in ((one, three), (two, three), (one, two.replaced(digest="x"))):
        broken = loaded.case.replaced(revisions=history)
        assert broken_links(broken, store.catalog)
    rewritten = one.replaced(by="somebody else")
    broken = loaded.case.replaced(revisions=(rewritten, two, three))
    assert broken_links(broken, store.catalog)
    assert broken_links(loaded.case, store.catalog) == []


def test_a_file_never_saved_by_the_program_is_not_called_sound(store: CaseStore) -> None:
    store.folder.mkdir()
    path = store.folder / "x.toml"
    path.write_text("[answers.medical]\navm = false\n")
    assert "never saved" in store.verify(path)[0].message
    path.write_text("[answers]\n")
    assert "not a case" in store.verify(path)[0].message
    path.write_text("[answers\n")
    assert "not readable" in store.verify(path)[0].message


@settings(max_examples=tries(20), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CASES, CASES)
def test_any_change_is_told_and_any_sealed_case_is_sound(old: Case, new: Case) -> None:
    catalog = hand_made()
    sealed = with_revision(old, None, drafted(NOW, "ab", ""), catalog)
    links = broken_links(sealed, catalog)
    assert not [row for row in links if "content" in row.message]
    assert changes_between(old, old, catalog) == ()
    # What earlier saves said of themselves is sealed by their own digests, and is no change.
    both = new.replaced(record=old.record, revisions=old.revisions)
    # By what is sealed: to Python, no and 0 are equal.
    other = with_revision(both, None, drafted(NOW, "ab", ""), catalog)
    differ = sealed.revisions[-1].digest != other.revisions[-1].digest
    assert bool(changes_between(old, both, catalog)) == differ


def test_the_history_tells_a_changed_assessment_by_its_verdicts(store: CaseStore) -> None:
    before = {"on": "2026-11-21", "pathways": [{"id": "iv", "verdict": "fits", "findings": []}]}
    after = {"on": "2026-11-22", "pathways": [{"id": "iv", "verdict": "caution", "open": [1, 2]}]}
    old = CASE.replaced(assessment=before)
    new = CASE.replaced(assessment=after)
    told = {item["what"]: item["new"] for item in changes_between(old, new, store.catalog)}
    assert told == {"assessment.on": "2026-11-22", "assessment.verdicts.iv": "caution"}


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize(
    "change",
    [{"by": "zz"}, {"why": "other"}, {"at": NOW}, {"changes": ()}, {"outside": True}],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_an_old_revision_is_found_there(
    store: CaseStore, number: int, change: dict[str, Any]
) -> None:
    saved = first(store)
    for turn in (1, 2):
        renamed = saved.case.replaced(label=f"visit {turn}")
        now = LATER + dt.timedelta(minutes=turn)
        saved = store.save(renamed, base=saved.stamp, by="ab", why="again", now=now)
    rows = list(saved.case.revisions)
    rows[number - 1] = rows[number - 1].replaced(**change)
    if rows == list(saved.case.revisions):
        return  # The first row has no changes to take away, and was saved at that moment.
    forged = saved.case.replaced(revisions=tuple(rows))
    assert {p.where for p in broken_links(forged, store.catalog)} == {f"revision {number}"}
