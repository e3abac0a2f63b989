"""Each disk call of a draft and a save fails once; the next attempt succeeds, nothing is lost."""

from __future__ import annotations

import datetime as dt
import errno
import os
import stat
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ketatui.cases.drafts import list_drafts
from ketatui.cases.errors import CaseError
from ketatui.cases.folders import open_to_others, prepare_folder
from ketatui.cases.journal import Journal, draft_path
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore, Loaded
from tests.cases.support import CASE_ID, NOW, Catalog

LATER = NOW + dt.timedelta(minutes=1)
EVENTS: list[dict[str, Any]] = [{"n": number, "text": "é" * 50} for number in range(3)]
CASE = Case(id=CASE_ID, label="52 m", answers={"vitals.systolic": 152})
AGAIN = {"vitals.systolic": 128}


class Failing:
    """The calls of ``os``, of which one fails."""

    def __init__(self, patch: pytest.MonkeyPatch, place: int, number: int) -> None:
        self.place, self.number = place, number
        self.count = 0
        for name in "open write fsync replace unlink mkdir ftruncate".split():
            patch.setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **more: Any) -> Any:
            self.count += 1
            if self.count == self.place:
                raise OSError(self.number, os.strerror(self.number))
            return real(*args, **more)

        return call


def until_done(what: Callable[[], Any]) -> Any:
    for _ in range(2):
        try:
            return what()
        except OSError as error:
            refused: OSError | CaseError = error
        except CaseError as error:
            refused = error
    raise AssertionError(f"refused twice: {refused}")


def visit(folder: Path, catalog: Catalog) -> Loaded:
    """Draft, save, draft again, save again; each step a second time if the disk refused."""
    store = CaseStore(folder, catalog)
    journal: Journal = until_done(
        lambda: Journal.create(folder, CASE, pack="p", base=None, now=NOW)
    )
    for number, event in enumerate(EVENTS):
        until_done(partial(journal.append, event))
        # Not by the reader, whose own calls would be counted.
        assert journal.path.read_bytes().count(b"\n") == number + 2
    saved: Loaded = until_done(lambda: store.save(CASE, base=None, by="ab", why="", now=NOW))
    until_done(journal.discard)
    changed = saved.case.replaced(answers=AGAIN)
    again: Loaded = until_done(
        lambda: store.save(changed, base=saved.stamp, by="ab", why="", now=LATER)
    )
    return again


def test_whichever_disk_call_fails_once_nothing_is_lost_and_nothing_is_left_behind(
    tmp_path: Path, catalog: Catalog
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        counted = Failing(patch, 0, 0)
        wanted = visit(tmp_path / "0", catalog).case
    assert counted.count > 30
    for place in range(1, counted.count + 1):
        folder = tmp_path / str(place)
        with pytest.MonkeyPatch.context() as patch:
            Failing(patch, place, (errno.ENOSPC, errno.EIO)[place % 2])
            assert visit(folder, catalog).case == wanted, place
        store = CaseStore(folder, catalog)
        assert [store.verify(path) for path in folder.glob("*.toml")] == [[]], place
        left = [path for path in folder.rglob("*") if path.suffix in (".tmp", ".jsonl")]
        assert left == [], place


def test_a_save_cut_off_before_its_draft_was_removed_is_found_done(
    tmp_path: Path, catalog: Catalog
) -> None:
    store = CaseStore(tmp_path, catalog)
    saved = store.save(CASE, base=None, by="ab", why="", now=NOW)
    before = saved.stamp.path.read_bytes()
    assert store.save(CASE, base=None, by="ab", why="", now=LATER) == saved
    assert saved.stamp.path.read_bytes() == before
    changed = saved.case.replaced(answers=AGAIN)
    again = store.save(changed, base=saved.stamp, by="ab", why="", now=LATER)
    assert store.save(changed, base=saved.stamp, by="ab", why="", now=LATER) == again
    assert len(again.case.revisions) == 2


def test_what_a_killed_save_has_left_goes_with_the_next_save_and_nothing_else_does(
    tmp_path: Path, catalog: Catalog
) -> None:
    left = tmp_path / f".{CASE_ID}.toml.0123abcd.tmp"
    others = [tmp_path / name for name in (".other.toml.0123abcd.tmp", f".{CASE_ID}.toml.x.tmp")]
    for path in (left, *others):
        path.write_text("half")
    CaseStore(tmp_path, catalog).save(CASE, base=None, by="ab", why="", now=NOW)
    assert not left.exists()
    assert all(path.exists() for path in others)


# --- where nothing may be written ---------------------------------------------------------------


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A file of somebody else, outside the folder of cases."""
    path = tmp_path / "elsewhere"
    path.write_text("theirs")
    return path


def test_no_case_is_written_through_a_link(
    tmp_path: Path, elsewhere: Path, catalog: Catalog
) -> None:
    store = CaseStore(tmp_path / "cases", catalog)
    saved = store.save(CASE, base=None, by="ab", why="", now=NOW)
    content = saved.stamp.path.read_bytes()
    elsewhere.write_bytes(content)
    saved.stamp.path.unlink()
    saved.stamp.path.symlink_to(elsewhere)
    changed = saved.case.replaced(answers=AGAIN)
    with pytest.raises(OSError, match="symbolic link"):
        store.save(changed, base=saved.stamp, by="ab", why="", now=LATER)
    assert elsewhere.read_bytes() == content


def test_no_draft_is_kept_through_a_link(tmp_path: Path, elsewhere: Path) -> None:
    folder = tmp_path / "cases"
    path = draft_path(folder, CASE_ID)
    path.parent.mkdir(parents=True)
    path.symlink_to(elsewhere)
    with pytest.raises(CaseError):
        Journal.create(folder, CASE, pack="p", base=None, now=NOW)
    with pytest.raises(CaseError, match="symbolic link"):
        Journal.resume(path)
    path.unlink()
    path.with_suffix(".lock").unlink(missing_ok=True)
    path.parent.rmdir()
    (tmp_path / "away").mkdir()
    path.parent.symlink_to(tmp_path / "away")
    with pytest.raises(CaseError, match="symbolic link"):
        Journal.create(folder, CASE, pack="p", base=None, now=NOW)
    with pytest.raises(CaseError, match="symbolic link"):
        Journal.resume(path)
    assert elsewhere.read_text() == "theirs"
    assert list((tmp_path / "away").iterdir()) == []


def test_a_lock_that_is_a_link_is_not_written_through(
    tmp_path: Path, elsewhere: Path, catalog: Catalog
) -> None:
    folder = tmp_path / "cases"
    prepare_folder(folder)
    (folder / ".ketatui.lock").symlink_to(elsewhere)
    with pytest.raises(OSError):
        CaseStore(folder, catalog).save(CASE, base=None, by="ab", why="", now=NOW)
    assert elsewhere.read_text() == "theirs"


def test_whatever_the_umask_everything_is_for_its_owner_only(
    tmp_path: Path, catalog: Catalog
) -> None:
    before = os.umask(0)
    try:
        folder = tmp_path / "share" / "ketatui" / "cases"
        with Journal.create(folder, CASE, pack="p", base=None, now=NOW) as journal:
            journal.append(EVENTS[0])
            CaseStore(folder, catalog).save(CASE, base=None, by="ab", why="", now=NOW)
            made = list(tmp_path.rglob("*"))
    finally:
        os.umask(before)
    modes = {
        str(path.relative_to(tmp_path)): (stat.S_IMODE(path.stat().st_mode), path.is_dir())
        for path in made
    }
    assert len(modes) == 8
    loose = {name: mode for name, (mode, is_dir) in modes.items() if mode & 0o077}
    assert loose == {}


def test_a_named_folder_open_to_others_is_told_and_the_drafts_in_it_are_closed(
    tmp_path: Path,
) -> None:
    drafts = tmp_path / "drafts"
    drafts.mkdir(mode=0o755)
    for mode, told in ((0o700, False), (0o755, True), (0o750, True), (0o710, True)):
        tmp_path.chmod(mode)
        assert open_to_others(tmp_path) is told
        assert stat.S_IMODE(tmp_path.stat().st_mode) == mode
    assert stat.S_IMODE(drafts.stat().st_mode) == 0o700
    assert open_to_others(tmp_path / "not there") is False


def test_drafts_on_a_disk_that_can_only_be_read_are_still_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Journal.create(tmp_path, CASE, pack="p", base=None, now=NOW) as journal:
        journal.append(EVENTS[0])
    assert journal.path.with_suffix(".lock").exists()
    real = os.open

    def opens(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return real(path, flags, *rest, **more)

    monkeypatch.setattr(os, "open", opens)
    (entry,) = list_drafts(tmp_path)
    assert (entry.count, entry.in_use) == (1, False)
