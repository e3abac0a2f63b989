"""A consultation from its draft to its file: begun, left, killed, resumed, saved."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from ketatui.cases.drafts import list_drafts
from ketatui.cases.errors import CaseError, ChangedOnDisk, DraftInUseError
from ketatui.cases.model import Decision
from ketatui.cases.store import CaseStore
from ketatui.consultation.completing import completed
from ketatui.consultation.edits import SetAnswer, SetDecision, SetLabel
from ketatui.consultation.saving import (
    amend,
    begin,
    leave,
    resume,
    save,
    save_copy,
)
from ketatui.engine import Knowledge

NOW = dt.datetime(2026, 11, 21, 21, 1, 43, tzinfo=dt.UTC)
AGE = SetAnswer(question="patient.age", value=46)
WEIGHT = SetAnswer(question="patient.weight_kg", value="71.5")
HEIGHT = SetAnswer(question="patient.height_cm", value="172")
DECIDED = SetDecision(
    decision=Decision(pathway="none", standing="within_criteria", by="Dr B", at=NOW)
)


@pytest.fixture
def store(tmp_path: Path, knowledge: Knowledge) -> CaseStore:
    return CaseStore(tmp_path / "cases", knowledge.pack)


def test_a_draft_is_on_disk_before_the_first_answer(store: CaseStore, knowledge: Knowledge) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOW, label="low mood")
    assert journal.path.exists()
    assert consultation.case.label == "low mood"
    assert consultation.case.id.startswith("20261121-210143-")
    journal.close()


def test_a_killed_consultation_is_resumed_with_nothing_lost(
    store: CaseStore, knowledge: Knowledge
) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOW)
    for edit in (AGE, WEIGHT, HEIGHT):
        consultation.do(edit)
    consultation.undo()
    wanted = consultation.case
    journal.close()  # All a dying process does is give up its lock.
    found = resume(list_drafts(store.folder)[0].path, knowledge)
    assert found.consultation.case == wanted
    assert found.notices == ()
    assert found.consultation.can_redo
    found.consultation.redo()
    assert found.consultation.assessment.values["derived.bmi"] is not None
    found.journal.close()


def test_a_torn_last_line_loses_that_answer_only_and_says_so(
    store: CaseStore, knowledge: Knowledge
) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOW)
    consultation.do(AGE)
    consultation.do(WEIGHT)
    journal.close()
    journal.path.write_bytes(journal.path.read_bytes()[:-9])
    found = resume(journal.path, knowledge)
    assert found.consultation.case.answers == {"patient.age": 46}
    assert "cut off" in found.notices[0]
    found.journal.close()


@pytest.mark.usefixtures("impatient")
def test_an_open_draft_can_not_be_opened_twice(store: CaseStore, knowledge: Knowledge) -> None:
    _, journal = begin(store.folder, knowledge, now=NOW)
    with pytest.raises(DraftInUseError):
        resume(journal.path, knowledge)
    journal.close()


def test_a_draft_that_does_not_fit_the_criteria_is_left_as_it_is(
    store: CaseStore, knowledge: Knowledge
) -> None:
    _, journal = begin(store.folder, knowledge, now=NOW)
    journal.append({"edit": {"do": "answer", "question": "gone.away", "value": True}})
    journal.close()
    before = journal.path.read_bytes()
    with pytest.raises(CaseError, match="change 1 does not fit"):
        resume(journal.path, knowledge)
    assert journal.path.read_bytes() == before
    resumable = list_drafts(store.folder)[0]
    assert not resumable.in_use


def test_criteria_that_changed_meanwhile_are_mentioned(
    store: CaseStore, knowledge: Knowledge
) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOW)
    consultation.do(AGE)
    journal.close()
    newer = knowledge.replaced(pack=knowledge.pack.replaced(digest="sha256:other"))
    found = resume(journal.path, newer)
    assert "criteria have changed" in found.notices[0]
    found.journal.close()


def test_saving_writes_the_assessment_and_ends_the_draft(
    store: CaseStore, knowledge: Knowledge
) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOW)
    for edit in (AGE, WEIGHT, HEIGHT, DECIDED):
        consultation.do(edit)
    loaded = save(consultation, store, journal, by="Dr B", why="first", now=NOW)
    assert list_drafts(store.folder) == []
    assert loaded.case.state == "final"
    assert store.load(loaded.case.id).case == loaded.case
    assert store.verify(loaded.stamp.path) == []
    saved = json.loads(json.dumps(loaded.case.assessment, default=float))
    assert saved["derived"]["bmi"] == 24.2
    assert saved["pack"]["digest"] == knowledge.pack.digest
    assert loaded.case.record.program.startswith("ketatui ")


def test_without_a_decision_the_saved_case_stays_a_draft(
    store: CaseStore, knowledge: Knowledge
) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOW)
    consultation.do(AGE)
    assert completed(consultation).state == "draft"
    loaded = save(consultation, store, journal, by="", why="", now=NOW)
    assert loaded.case.state == "draft"


def test_a_final_case_that_is_changed_is_amended(store: CaseStore, knowledge: Knowledge) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOW)
    consultation.do(DECIDED)
    first = save(consultation, store, journal, by="Dr B", why="first", now=NOW)
    consultation, journal = amend(store, store.load(first.case.id), knowledge, now=NOW)
    consultation.do(AGE)
    second = save(consultation, store, journal, by="C", why="age", now=NOW, base=first.stamp)
    assert second.case.state == "amended"
    assert [item.number for item in second.case.revisions] == [1, 2]
    assert second.stamp.path == first.stamp.path


def test_a_case_that_changed_on_disk_keeps_the_draft_and_can_be_saved_as_a_copy(
    store: CaseStore, knowledge: Knowledge
) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOW)
    consultation.do(DECIDED)
    first = save(consultation, store, journal, by="Dr B", why="first", now=NOW)
    consultation, journal = amend(store, first, knowledge, now=NOW)
    consultation.do(AGE)
    theirs = first.stamp.path.read_bytes() + b"\n# theirs\n"
    first.stamp.path.write_bytes(theirs)
    with pytest.raises(ChangedOnDisk):
        save(consultation, store, journal, by="C", why="", now=NOW, base=first.stamp)
    assert journal.path.exists()
    consultation.do(SetLabel(text="still open for writing"))
    copy = save_copy(consultation, store, journal, by="C", why="copy", now=NOW)
    assert copy.stamp.path != first.stamp.path
    assert first.stamp.path.read_bytes() == theirs
    assert list_drafts(store.folder) == []


def test_leaving_keeps_a_draft_only_if_something_was_entered(
    store: CaseStore, knowledge: Knowledge
) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOW)
    assert leave(consultation, journal) is False
    assert list_drafts(store.folder) == []
    consultation, journal = begin(store.folder, knowledge, now=NOW)
    consultation.do(AGE)
    assert leave(consultation, journal) is True
    assert len(list_drafts(store.folder)) == 1


def test_leaving_a_saved_case_unchanged_keeps_no_draft(
    store: CaseStore, knowledge: Knowledge
) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOW)
    consultation.do(AGE)
    loaded = save(consultation, store, journal, by="", why="", now=NOW)
    consultation, journal = amend(store, loaded, knowledge, now=NOW)
    assert leave(consultation, journal) is False
    assert list_drafts(store.folder) == []


def test_a_draft_that_can_not_be_removed_does_not_undo_the_save(
    store: CaseStore, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOW)
    consultation.do(DECIDED)

    def refused() -> None:
        raise OSError("injected")

    monkeypatch.setattr(journal, "discard", refused)
    loaded = save(consultation, store, journal, by="", why="", now=NOW)
    assert loaded.stamp.path.exists()
    assert not list_drafts(store.folder)[0].in_use


def test_a_copy_under_another_name_is_saved_without_what_the_history_kept(
    store: CaseStore, knowledge: Knowledge
) -> None:
    consultation, journal = begin(store.folder, knowledge, now=NOW, label="Mrs Quill")
    one = save(consultation, store, journal, by="ab", why="", now=NOW)
    consultation, journal = amend(store, one, knowledge, now=NOW)
    consultation.do(SetLabel(text="low mood"))
    two = save(consultation, store, journal, by="ab", why="", now=NOW, base=one.stamp)
    assert b"Quill" in two.stamp.path.read_bytes()
    copy = store.folder / "copy.toml"
    copy.write_bytes(two.stamp.path.read_bytes())
    consultation, journal = amend(store, store.load(copy), knowledge, now=NOW)
    three = save(consultation, store, journal, by="ab", why="", now=NOW)
    assert three.case.label == "low mood"
    assert three.case.id != two.case.id
    assert b"Quill" not in three.stamp.path.read_bytes()
