"""A run: everything on disk before it counts, resumed wherever it was cut off, kept apart."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

import pytest

from ketatui.cases.drafts import list_drafts
from ketatui.cases.errors import CaseError, DraftInUseError
from ketatui.cases.journal_file import read_journal
from ketatui.cases.store import CaseStore
from ketatui.consultation import saving
from ketatui.consultation.edits import SetAnswer
from ketatui.engine import Knowledge
from ketatui.practice.attempts import finished, list_attempts, load_attempt, save_attempt, seal_of
from ketatui.practice.drafts import begin, resume, unfinished
from ketatui.practice.loading import PracticeLibrary
from ketatui.practice.run import LockedError, PracticeRun
from tests.practice.support import NOW, RED, TWO, Seconds, answer_all, commit_to, perfect


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "practice"


@pytest.fixture
def clock() -> Seconds:
    return Seconds()


@pytest.fixture
def run(
    folder: Path, library: PracticeLibrary, knowledge: Knowledge, clock: Seconds
) -> PracticeRun:
    return begin(folder, library, library.cases[RED], knowledge, now=NOW, clock=clock)


def done_well(run: PracticeRun) -> None:
    answer_all(run, run.case.right)
    commit_to(run, perfect(run.knowledge, run.case))


def state(run: PracticeRun) -> tuple[object, ...]:
    judged = run.judgment
    reasons = {key: value for key, value in judged.reasons.items() if value}
    return (
        run.consultation.case,
        run.told,
        run.asked,
        run.hints,
        run.timed,
        (
            judged.verdicts,
            reasons,
            judged.choice,
            judged.plan,
        ),
    )


def test_a_finished_run_is_a_file_of_its_own_marked_as_practice(
    run: PracticeRun, folder: Path, clock: Seconds, knowledge: Knowledge
) -> None:
    assert [item.id for item in run.ask("medical.aneurysmal_disease")] == ["vessels"]
    assert run.take_hint() == "What would a sudden rise in blood pressure do?"
    done_well(run)
    clock.now += 125
    done = run.finish(folder, by="T", now=NOW + dt.timedelta(minutes=3))
    assert done.path.parent == folder
    assert stat.S_IMODE(done.path.stat().st_mode) == 0o600
    assert not list_drafts(folder)
    assert "practice = true" in done.path.read_text("utf-8")
    case, attempt = load_attempt(done.path, knowledge.pack)
    assert case.practice
    assert case.answers == run.case.right.answers
    assert attempt.seal == seal_of(done.path)
    assert attempt.replaced(seal="") == done.attempt
    assert attempt.points == 19
    assert (attempt.most, attempt.hints, attempt.seconds) == (20, 1, 125)
    assert attempt.told == ("vessels",)
    assert sum(line.points for line in attempt.lines) == attempt.points
    assert attempt.case_digest == run.case.digest
    assert not attempt.missed


def test_it_goes_on_after_every_single_event(
    run: PracticeRun, folder: Path, library: PracticeLibrary, knowledge: Knowledge
) -> None:
    run.ask("medical.avm")
    run.ask("medical.aneurysmal_disease")
    run.consultation.do(SetAnswer(question="medical.avm", value=False))
    run.consultation.do(SetAnswer(question="medical.avm", unknown=True))
    run.consultation.undo()
    run.take_hint()
    run.lock()
    run.judge("iv", "fits")
    run.judge("iv", None)
    run.judge("im", "contraindicated")
    run.name_reason("im", "avm", True)
    run.name_reason("im", "aneurysmal-disease", True)
    run.name_reason("im", "avm", False)
    run.time_it(False)
    run.choose("none")
    run.plan("wait")
    before = state(run)
    run.journal.close()
    whole = run.journal.path.read_bytes().splitlines(keepends=True)
    assert len(whole) == 18  # The header, how it began, and sixteen events.
    for kept in range(2, len(whole) + 1):
        run.journal.path.write_bytes(b"".join(whole[:kept]))
        again, notices = resume(run.journal.path, library, knowledge)
        assert not notices
        assert len(read_journal(run.journal.path).events) == kept - 1
        again.journal.close()
        assert again.locked == (kept > 8)
    assert state(again) == before
    assert again.judgment.verdicts == {"im": "contraindicated"}
    assert again.told == ("boat", "vessels")


def test_time_is_counted_at_the_keyboard_only(
    run: PracticeRun, library: PracticeLibrary, knowledge: Knowledge, clock: Seconds
) -> None:
    clock.now += 60
    run.ask("medical.avm")
    run.leave()
    later = Seconds(clock.now + 100_000)
    again, _ = resume(run.journal.path, library, knowledge, clock=later)
    later.now += 30
    assert again.seconds == 90


def test_what_can_not_be_written_is_not_told(
    run: PracticeRun, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, kept = run.journal.path, run.journal.path.with_name("kept")
    answer_all(run, run.case.right)
    before = state(run)
    path.rename(kept)
    for act in (
        lambda: run.ask("medical.aneurysmal_disease"),
        run.take_hint,
        lambda: run.consultation.do(SetAnswer(question="medical.avm", value=True)),
        run.lock,
    ):
        with pytest.raises(OSError, match="gone"):
            act()
        assert state(run) == before
        assert not run.locked
    kept.rename(path)
    commit_to(run, perfect(run.knowledge, run.case))
    before = state(run)
    path.unlink()
    for act in (lambda: run.judge("iv", "fits"), lambda: run.plan("spray")):
        with pytest.raises(OSError, match="gone"):
            act()
        assert state(run) == before


def test_nothing_leads_back_over_the_lock_nor_is_judged_before_it(
    run: PracticeRun, folder: Path
) -> None:
    early = (
        lambda: run.judge("iv", "fits"),
        lambda: run.name_reason("iv", run.offered["iv"][0].rule, True),
        lambda: run.choose("iv"),
        lambda: run.plan("wait"),
        lambda: run.finish(folder, by="", now=NOW),
    )
    for act in early:
        with pytest.raises(LockedError, match="not locked yet"):
            act()
    run.consultation.do(SetAnswer(question="medical.avm", value=False))
    run.lock()
    before = state(run)
    late = (
        lambda: run.ask("medical.aneurysmal_disease"),
        run.take_hint,
        run.lock,
        lambda: run.consultation.do(SetAnswer(question="medical.avm", value=True)),
        run.consultation.undo,
    )
    for attempt in late:
        with pytest.raises(LockedError, match="the facts are locked"):
            attempt()
        assert state(run) == before


def test_a_draft_changed_behind_the_lock_is_refused_and_an_old_one_goes_on(
    run: PracticeRun, library: PracticeLibrary, knowledge: Knowledge
) -> None:
    run.consultation.do(SetAnswer(question="medical.avm", value=False))
    answer = read_journal(run.journal.path).events[-1]
    run.lock()
    run.journal.append(answer)
    run.journal.close()
    with pytest.raises(CaseError, match="change 4 does not fit"):
        resume(run.journal.path, library, knowledge)
    # Before there was a lock, one could judge and go back; such a draft is still open.
    lines = run.journal.path.read_bytes().splitlines(keepends=True)
    judged = lines[3].replace(b'"locked":true', b'"judged":"iv","verdict":"fits"')
    assert judged != lines[3]
    run.journal.path.write_bytes(b"".join((*lines[:3], judged, lines[4])))
    again, _ = resume(run.journal.path, library, knowledge)
    assert (again.locked, again.judgment.verdicts) == (False, {"iv": "fits"})
    again.leave()


def test_a_fourth_reason_is_refused_and_nothing_ends_unfinished(
    run: PracticeRun, folder: Path
) -> None:
    assert run.take_hint() and run.take_hint()
    assert run.take_hint() is None
    run.lock()
    rules = [reason.rule for reason in run.offered["iv"]]
    assert [run.name_reason("iv", rule, True) for rule in rules[:4]] == [True, True, True, False]
    assert len(run.missing()) == 6
    with pytest.raises(ValueError, match="a verdict for Spravato"):
        run.finish(folder, by="", now=NOW)


@pytest.mark.usefixtures("impatient")
def test_a_run_is_one_window_s_and_an_empty_one_leaves_nothing(
    run: PracticeRun, folder: Path, library: PracticeLibrary, knowledge: Knowledge
) -> None:
    with pytest.raises(DraftInUseError):
        resume(run.journal.path, library, knowledge)
    assert not run.leave()
    assert not unfinished(folder)
    other = begin(folder, library, library.cases[TWO], knowledge, now=NOW)
    other.take_hint()
    assert other.leave()
    assert list(unfinished(folder)) == [TWO]


def test_a_run_whose_case_is_gone_or_changed_says_so(
    run: PracticeRun, library: PracticeLibrary, knowledge: Knowledge
) -> None:
    run.take_hint()
    run.leave()
    gone = PracticeLibrary({TWO: library.cases[TWO]}, library.topics, library.rubric, ())
    with pytest.raises(CaseError, match="harbor-pilot is not there any more"):
        resume(run.journal.path, gone, knowledge)
    text = run.journal.path.read_text("utf-8")
    run.journal.path.write_text(text.replace(run.case.digest, "sha256:0"), "utf-8")
    again, notices = resume(run.journal.path, library, knowledge)
    assert notices == ("The case was changed since this run began.",)
    again.leave()


def test_practice_never_lands_among_the_clinical_cases(
    run: PracticeRun, folder: Path, tmp_path: Path, knowledge: Knowledge
) -> None:
    done_well(run)
    store = CaseStore(tmp_path / "cases", knowledge.pack)
    for save in (saving.save, saving.save_copy):
        with pytest.raises(CaseError, match="not kept among clinical cases"):
            save(run.consultation, store, run.journal, by="T", why="", now=NOW)
    done = run.finish(folder, by="T", now=NOW)
    loaded = store.load(done.path)
    with pytest.raises(CaseError, match="not kept among clinical cases"):
        store.save(loaded.case, base=loaded.stamp, by="T", why="", now=NOW)
    assert not list(store.folder.glob("*.toml"))
    plain = run.consultation.case.replaced(practice=False)
    with pytest.raises(ValueError, match="always marked"):
        save_attempt(folder, plain, done.attempt, knowledge.pack)


def test_a_file_that_is_no_attempt_is_listed_with_the_reason(
    run: PracticeRun, folder: Path
) -> None:
    done_well(run)
    done = run.finish(folder, by="T", now=NOW)
    text = done.path.read_text("utf-8")
    for name, bad in (
        ("a", text.replace("practice = true", "practice = false")),
        ("b", text.replace("hints = 0", 'hints = "many"')),
        ("c", "attempt = \n"),
    ):
        (folder / f"{name}.toml").write_text(bad, "utf-8")
    entries = list_attempts(folder)
    assert len(finished(entries)) == 1
    assert [bool(entry.problem) for entry in entries] == [False, True, True, True]
    assert "b.toml:" in entries[2].problem and "attempt.hints" in entries[2].problem


def test_what_another_version_added_survives(
    run: PracticeRun, folder: Path, knowledge: Knowledge
) -> None:
    done_well(run)
    path = run.finish(folder, by="T", now=NOW).path
    text = path.read_text("utf-8").replace("[attempt]", '[attempt]\nmood = "fine"', 1)
    path.write_text(text, "utf-8")
    case, attempt = load_attempt(path, knowledge.pack)
    assert attempt.extra == {"mood": "fine"}
    assert attempt.seal != seal_of(path)
    save_attempt(folder, case, attempt, knowledge.pack)
    assert 'mood = "fine"' in path.read_text("utf-8")
