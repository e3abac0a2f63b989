"""A folder that is moved, copied, renamed or encrypted keeps its drafts, and keeps to itself."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ketatui.cases.encryption.converting import convert
from ketatui.cases.encryption.state import NAME
from ketatui.cases.errors import CaseError
from ketatui.cases.index_place import index_path
from ketatui.cases.journal import Journal
from ketatui.cases.journal_file import read_journal
from ketatui.cases.library import Library
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore, Loaded
from tests.cases.support import CASE_ID, NOW, hand_made
from tests.encrypting import Keys, found_on_disk

LABEL = "zebra"
CASE = Case(id=CASE_ID, answers={"patient.age": 44})
AMENDED = CASE.replaced(label=LABEL)
catalog = hand_made()


def saved(store: CaseStore, case: Case = CASE) -> Loaded:
    return store.save(case, base=None, by="ab", why="", now=NOW)


def left(store: CaseStore, loaded: Loaded) -> Path:
    """A draft that amends a case, left."""
    made = Journal.create(store.folder, loaded.case, pack="p", base=loaded.stamp, now=NOW)
    with made as journal:
        journal.append({"edit": {"do": "label", "text": LABEL}})
    return journal.path


def resumed_and_saved(folder: Path) -> Loaded:
    """Resume the draft of a folder, and save what it came to."""
    journal, content = Journal.resume(folder / "drafts" / f"{CASE_ID}.jsonl")
    assert content.header is not None
    store = CaseStore(folder, catalog)
    case = content.header.snapshot.replaced(label=LABEL)
    done = store.save(case, base=content.header.base, by="cd", why="", now=NOW)
    journal.discard()
    return done


@pytest.mark.parametrize("how", ["moved", "copied"])
def test_a_draft_is_saved_into_the_folder_it_lies_in(store: CaseStore, how: str) -> None:
    one = saved(store)
    left(store, one)
    before = one.stamp.path.read_bytes()
    elsewhere = store.folder.with_name("elsewhere")
    if how == "moved":
        store.folder.rename(elsewhere)
    else:
        shutil.copytree(store.folder, elsewhere)
    done = resumed_and_saved(elsewhere)
    assert done.stamp.path == elsewhere / f"{CASE_ID}.toml"
    assert len(done.case.revisions) == 2
    if how == "moved":
        assert not store.folder.exists()
    else:
        assert one.stamp.path.read_bytes() == before


def test_a_draft_names_its_case_and_no_folder(store: CaseStore) -> None:
    path = left(store, saved(store))
    first = json.loads(path.read_text("utf-8").splitlines()[0])
    assert str(store.folder) not in path.read_text("utf-8")
    assert (first["case_id"], set(first["base"])) == (CASE_ID, {"sha256"})


@pytest.mark.parametrize("name", ["/somewhere/else/20261121-080000-abcd.toml", "../../x.toml", ""])
def test_a_draft_from_before_that_names_a_path_keeps_to_its_own_folder(
    store: CaseStore, name: str
) -> None:
    one = saved(store)
    path = left(store, one)
    lines = path.read_text("utf-8").splitlines()
    first = json.loads(lines[0])
    first["base"]["path"] = name
    path.write_text("\n".join([json.dumps(first), *lines[1:]]) + "\n", "utf-8")
    header = read_journal(path).header
    assert header is not None
    assert header.base == one.stamp
    assert resumed_and_saved(store.folder).stamp.path == one.stamp.path


def test_a_draft_of_a_copied_folder_that_was_encrypted_then_is_saved_encrypted(
    store: CaseStore, keys: Keys
) -> None:
    left(store, saved(store))
    elsewhere = store.folder.with_name("elsewhere")
    shutil.copytree(store.folder, elsewhere)
    keys.hold("ann")
    convert(elsewhere, "encrypt", [keys.public("ann")])
    done = resumed_and_saved(elsewhere)
    assert done.stamp.path == elsewhere / f"{CASE_ID}.toml.age"
    assert found_on_disk(elsewhere, LABEL) == []


def test_a_case_of_another_folder_is_not_saved_there(store: CaseStore, tmp_path: Path) -> None:
    one = saved(store)
    before = one.stamp.path.read_bytes()
    other = CaseStore(tmp_path / "other", catalog)
    with pytest.raises(CaseError, match="kept in another folder"):
        other.save(AMENDED, base=one.stamp, by="", why="", now=NOW)
    assert one.stamp.path.read_bytes() == before
    assert not other.folder.exists()


@pytest.fixture
def copied(store: CaseStore, keys: Keys, tmp_path: Path) -> Path:
    """A folder to which encrypted cases and drafts were copied, without what says so."""
    keys.hold("ann")
    left(store, saved(store, AMENDED))
    convert(store.folder, "encrypt", [keys.public("ann")])
    folder = tmp_path / "copied"
    shutil.copytree(store.folder, folder, ignore=shutil.ignore_patterns(NAME))
    shutil.rmtree(store.folder)
    return folder


def test_nothing_of_an_encrypted_file_gets_into_an_index_on_the_disk(
    copied: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert index_path(copied) is None
    # An index that was opened before the first of them came.
    index = tmp_path / "cache" / "index.sqlite"
    library = Library(copied, catalog, stamp="x", index=index)
    library.update()
    assert [entry.label for entry in library.all()] == [LABEL]
    library.close()
    assert found_on_disk(tmp_path, LABEL) == []
    assert not index.exists()


def test_an_encrypted_file_under_a_plain_name_is_no_exception(copied: Path, tmp_path: Path) -> None:
    (copied / f"{CASE_ID}.toml.age").rename(copied / f"{CASE_ID}.toml")
    index = tmp_path / "cache" / "index.sqlite"
    library = Library(copied, catalog, stamp="x", index=index)
    library.update()
    assert [entry.label for entry in library.all()] == [LABEL]
    library.note(copied / f"{CASE_ID}.toml")
    library.close()
    assert found_on_disk(tmp_path, LABEL) == []
    assert not index.exists()


def test_an_encrypted_file_is_never_saved_over_in_plain(copied: Path) -> None:
    path = copied / f"{CASE_ID}.toml"
    (copied / f"{CASE_ID}.toml.age").rename(path)
    before = path.read_bytes()
    store = CaseStore(copied, catalog)
    one = store.load(CASE_ID)
    with pytest.raises(CaseError, match="would be saved for everybody to read"):
        store.save(AMENDED, base=one.stamp, by="", why="", now=NOW)
    assert path.read_bytes() == before


def test_an_encrypted_draft_does_not_go_on_in_plain(copied: Path) -> None:
    path = copied / "drafts" / f"{CASE_ID}.jsonl"
    (copied / f"{CASE_ID}.toml.age").unlink()
    before = path.read_bytes()
    with pytest.raises(CaseError, match="nothing of it may go on in plain"):
        Journal.resume(path)
    assert path.read_bytes() == before
