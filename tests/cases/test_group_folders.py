"""Folders of a group, and drives without locks."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ketatui.cases import folders, locks
from ketatui.cases.atomic import write_atomically
from ketatui.cases.errors import CaseError, DraftInUseError
from ketatui.cases.group_folders import group_of
from ketatui.cases.journal import Journal
from ketatui.cases.locks import Lock
from ketatui.cases.model import Case
from ketatui.cases.store import LOCK, CaseStore, saving
from tests.cases.support import CASE_ID, NOW
from tests.processes import running

CASE = Case(id=CASE_ID, answers={"patient.age": 44})
GROUP, ANN, BEN, STRANGER = 60100, 60001, 60002, 60003
ROOT = Path(__file__).resolve().parents[2]
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can be two users in turn"
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def shared(store: CaseStore) -> CaseStore:
    """A store whose folder is one of a group."""
    store.folder.mkdir()
    store.folder.chmod(0o2770)
    return store


def test_what_is_made_in_the_folder_of_a_group_is_the_groups(shared: CaseStore) -> None:
    held = os.umask(0o077)
    try:
        one = shared.save(CASE, base=None, by="ab", why="", now=NOW)
        draft = Journal.create(shared.folder, one.case, pack="p", base=one.stamp, now=NOW)
        two = shared.revise(one, lambda case: case, by="cd", why="", now=NOW)
    finally:
        os.umask(held)
    assert mode(two.stamp.path) == mode(draft.path) == mode(shared.folder / LOCK) == 0o660
    assert mode(draft.path.with_suffix(".lock")) == 0o660
    assert mode(draft.path.parent) == mode(shared.folder) == 0o2770
    group = shared.folder.stat().st_gid
    found = [path.stat().st_gid for path in shared.folder.rglob("*")]
    assert set(found) == {group}
    draft.close()
    assert not folders.open_to_others(shared.folder)
    assert mode(draft.path.parent) == 0o2770
    shared.folder.chmod(0o2775)
    assert folders.open_to_others(shared.folder)


def test_what_was_closed_to_the_group_is_opened_to_it_by_the_next_save(shared: CaseStore) -> None:
    one = shared.save(CASE, base=None, by="ab", why="", now=NOW)
    one.stamp.path.chmod(0o600)
    (shared.folder / "drafts").mkdir(mode=0o700)
    two = shared.save(one.case, base=one.stamp, by="ab", why="", now=NOW)
    assert mode(two.stamp.path) == 0o660
    Journal.create(shared.folder, one.case, pack="p", base=one.stamp, now=NOW).close()
    assert mode(shared.folder / "drafts") == 0o2770


@pytest.mark.parametrize("bits", [0o700, 0o755, 0o1777])
def test_any_other_folder_keeps_its_cases_for_their_owner(store: CaseStore, bits: int) -> None:
    store.folder.mkdir()
    store.folder.chmod(bits)
    assert group_of(store.folder) is None
    one = store.save(CASE, base=None, by="ab", why="", now=NOW)
    assert mode(one.stamp.path) == 0o600


def test_a_group_that_can_not_be_kept_is_refused_with_its_reason(
    shared: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "fchmod", refused)
    with pytest.raises(OSError, match="would be closed to the others"):
        write_atomically(shared.folder / "x.toml", b"x")
    assert list(shared.folder.iterdir()) == []


# --- two people ----------------------------------------------------------------------------------


@pytest.fixture
def ward() -> Iterator[Path]:
    """A folder of a group, where others can get to."""
    home = Path(tempfile.mkdtemp(prefix="ketatui-"))
    try:
        home.chmod(0o755)
        folder = home / "cases"
        folder.mkdir()
        os.chown(folder, 0, GROUP)
        folder.chmod(0o2770)
        yield folder
    finally:
        shutil.rmtree(home)


Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    """Run a command as somebody else."""
    command, pipe = [sys.executable, "-m", "tests.as_user"], subprocess.PIPE
    with running(command, patience=600, stdin=pipe, stdout=pipe, cwd=ROOT) as process:

        def run_as(
            user: int, *words: object, group: int = GROUP, said: str = ""
        ) -> tuple[int, str]:
            call = {"user": user, "group": group, "words": [*map(str, words)], "said": said}
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(f"{json.dumps(call)}\n")
            process.stdin.flush()
            done = json.loads(process.stdout.readline())
            return done["status"], done["out"]

        yield run_as


@as_root
def test_two_people_of_a_group_work_in_one_folder(ward: Path, run: Run) -> None:
    there = ("--cases", ward)
    begun = "low mood\n1\ny\ny\nq\n"
    assert run(ANN, "walk", "--new", *there, said=begun)[0] == 0
    status, listed = run(BEN, "cases", "list", *there)
    assert (status, "low mood" in listed) == (0, True)
    # Ben goes on with Ann's draft and saves it; Ann reads, comments, and goes on.
    end = "1\ne\ns\ns\n\ny\nben\n\n"
    status, said = run(BEN, "walk", *there, said=end)
    assert (status, "Saved: " in said) == (0, True), said[-1500:]
    (path,) = ward.glob("*.toml")
    comment = ("--comment", "seen", "--by", "ann", "--role", "nurse")
    status, said = run(ANN, "cases", "review", path.stem, *comment, *there)
    assert (status, "draft" in said) == (1, True), said  # A draft is not reviewed: and it was read.
    status, said = run(ANN, "walk", "--case", path.stem, *there, said="b\nq\n")
    assert status == 0, said
    for found in ward.rglob("*"):
        owner, bits = found.stat(), mode(found)
        assert owner.st_gid == GROUP, found
        assert bits == (0o2770 if found.is_dir() else 0o660), found
    assert run(ANN, "cases", "verify", *there)[0] == run(BEN, "cases", "verify", *there)[0] == 0


@as_root
@pytest.mark.long
def test_a_folder_of_drafts_of_one_alone_is_named_to_the_others(ward: Path, run: Run) -> None:
    (ward / "drafts").mkdir(mode=0o700)
    os.chown(ward / "drafts", ANN, GROUP)
    (ward / "drafts").chmod(0o700)
    status, said = run(BEN, "walk", "--new", "--cases", ward, said="x\n")
    assert status == 2
    assert f"drafts/ belongs to {ANN} alone" in said
    assert "chmod 2770 drafts" in said
    status, said = run(BEN, "cases", "list", "--cases", ward)
    assert (status, f"drafts/ belongs to {ANN} alone" in said) == (0, True)
    # Whose it is opens it by going on.
    assert run(ANN, "walk", "--new", "--cases", ward, said="x\n1\nq\n")[0] == 0
    assert mode(ward / "drafts") == 0o2770


@as_root
def test_without_a_home_and_a_name_a_line_says_so(run: Run) -> None:
    status, said = run(STRANGER, "practice", "list", group=STRANGER)
    assert (status, len(said.splitlines())) == (2, 1)
    assert "there is no home folder here: set HOME" in said


# --- drives without locks ------------------------------------------------------------------------


@pytest.fixture(params=["ENOLCK", "EOPNOTSUPP", "ENOSYS"])
def no_locks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    number = getattr(errno, request.param)

    def flock(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", flock)


@pytest.mark.usefixtures("impatient")
def test_where_there_are_no_locks_a_file_stands_for_one(store: CaseStore, no_locks: None) -> None:
    one = store.save(CASE, base=None, by="ab", why="", now=NOW)
    draft = Journal.create(store.folder, one.case, pack="p", base=one.stamp, now=NOW)
    with pytest.raises(DraftInUseError):
        Journal.resume(draft.path)
    draft.close()
    again, _ = Journal.resume(draft.path)
    again.discard()
    assert not list(store.folder.rglob("*.held"))


def test_whoever_waits_for_such_a_file_is_told_which(
    store: CaseStore, no_locks: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.folder.mkdir()
    monkeypatch.setattr("ketatui.cases.store._PATIENCE", 0.05)
    with saving(store.folder):
        held = Lock(store.folder / LOCK, 0).stand_in
        assert held.exists()
        with pytest.raises(CaseError, match=r"if no program has it open any more, remove \.keta"):
            store.save(CASE, base=None, by="", why="", now=NOW)
    assert not held.exists()


def test_any_other_refusal_of_a_lock_is_told(
    store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        store.save(CASE, base=None, by="", why="", now=NOW)
    assert locks.HELD == ".held"
