"""Encrypting a folder and back, stopped at every step: each case is always there and readable."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ketatui.cases.encryption import state
from ketatui.cases.encryption.contents import plain_files, plain_remark
from ketatui.cases.encryption.converting import Conversion, convert, finish, interrupted
from ketatui.cases.encryption.sealing import problem_of
from ketatui.cases.encryption.state import NAME, Kind, read_state
from ketatui.cases.errors import CaseError
from ketatui.cases.identifiers import stem_of
from ketatui.cases.index_place import index_path
from ketatui.cases.journal import Journal, draft_path, read_journal
from ketatui.cases.library import Library
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore, Loaded
from ketatui.first_keys import FOLDER, LIST
from tests.cases.support import NOW, Catalog, hand_made
from tests.effort import EFFORT, tries
from tests.encrypting import Keys, PulledError, found_on_disk, plug

IDS = [f"20261121-21014{number}-k3f9" for number in range(4)]
STEP = 1 if EFFORT >= 1 else 2
"""Each so many-th touch of the disk is cut off; `make test-long` tries every one."""
SECRETS = ("zebra", "quince")
Event = dict[str, Any]


def event(number: int) -> Event:
    return {"do": "note", "text": f"quince {number}"}


class Desk:
    """A folder somebody works in, and what should be in it."""

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        self.store = CaseStore(folder, catalog)
        self.cases: dict[str, Loaded] = {}
        self.drafts: dict[str, list[Event]] = {}

    @property
    def folder(self) -> Path:
        return self.store.folder

    def save(self, case_id: str) -> None:
        """Save a case, as new or once more."""
        known = self.cases.get(case_id)
        case = known.case if known else Case(id=case_id, label="zebra")
        count = len(case.revisions)
        case = case.replaced(notes={"patient.age": f"quince {count}"})
        base = known.stamp if known else None
        self.cases[case_id] = self.store.save(case, base=base, by="ab", why="", now=NOW)

    def note(self, case_id: str) -> None:
        """Begin a draft, or go on with it."""
        if case_id in self.drafts:
            journal, _ = Journal.resume(draft_path(self.folder, case_id))
        else:
            case = Case(id=case_id, label="zebra")
            journal = Journal.create(self.folder, case, pack="p", base=None, now=NOW)
            self.drafts[case_id] = []
        with journal:
            journal.append(event(len(self.drafts[case_id])))
            self.drafts[case_id].append(event(len(self.drafts[case_id])))

    def check(self) -> None:
        """Everything is there, and is what it was."""
        for case_id, kept in self.cases.items():
            found = self.store.load(case_id)
            assert found.case == kept.case
            assert found.stamp.sha256 == kept.stamp.sha256
            assert self.store.verify(found.stamp.path) == []
        for case_id, events in self.drafts.items():
            content = read_journal(draft_path(self.folder, case_id))
            assert content.problem is None
            assert content.events == tuple(events)

    def is_encrypted(self) -> bool:
        """Tell the one form everything is in; fail if there are two."""
        names = {path.name for path in self.folder.iterdir() if not path.name.startswith(".")}
        sealed = {name for name in names if name.endswith(".age")}
        locked = (self.folder / NAME).exists()
        if locked:
            assert found_on_disk(self.folder, *SECRETS) == []
        assert sealed == names - {"drafts", "exports"} if locked else not sealed
        # What was cut off before anything began may leave a list of public keys, no more.
        leftovers = [path for path in self.folder.rglob(".*.tmp") if NAME not in path.name]
        assert leftovers == []
        return locked


@pytest.fixture
def desk(tmp_path: Path, catalog: Catalog) -> Desk:
    made = Desk(tmp_path / "cases", catalog)
    for case_id in IDS[:2]:
        made.save(case_id)
        made.note(case_id)
    made.note(IDS[2])
    return made


def half_way(desk: Desk, keys: Keys) -> None:
    """Encrypt one of the cases, and let the power fail before the next."""
    with plug(19), pytest.raises(PulledError):
        convert(desk.folder, "encrypt", [keys.public("ann")])
    assert interrupted(desk.folder) == "encrypt"
    assert len(list(desk.folder.glob("*.toml.age"))) == 1


def line_of(act: Callable[[], object]) -> str:
    with pytest.raises(CaseError) as caught:
        act()
    (line,) = str(caught.value).splitlines()
    return line


# --- one after the other ----------------------------------------------------------------------


def test_a_folder_goes_there_and_back_and_every_byte_is_as_it_was(desk: Desk, keys: Keys) -> None:
    keys.hold("ann")
    times = 1_700_000_000
    (desk.folder / "own.toml").write_bytes(b'\xef\xbb\xbflabel = "zebra"\r\n')
    (desk.folder / "broken.toml").write_bytes(b"zebra = [\xff")
    (desk.folder / "drafts" / f"{IDS[3]}.damaged-1").write_bytes(b"zebra {\n")
    (desk.folder / "exports").mkdir()
    (desk.folder / "exports" / "note.md").write_bytes(b"zebra\n")
    torn = draft_path(desk.folder, IDS[3])
    torn.write_bytes(draft_path(desk.folder, IDS[2]).read_bytes() + b'{"do": "zebra\n{"qu')
    before = {}
    for path in sorted(desk.folder.rglob("*")):
        if path.suffix in (".toml", ".jsonl", ".damaged-1", ".md"):
            os.utime(path, (times, times))
            before[path.relative_to(desk.folder)] = path.read_bytes()
    done = convert(desk.folder, "encrypt", [keys.public("ann"), keys.public("bob")])
    assert done == Conversion("encrypt", files=6, drafts=4)
    desk.check()
    assert desk.is_encrypted()
    keys.hold("bob")
    desk.check()
    assert convert(desk.folder, "rekey", [keys.public("bob")]).files == 6
    keys.hold("ann")
    assert "your key does not open it" in line_of(lambda: desk.store.load(IDS[0]))
    keys.hold("bob")
    assert convert(desk.folder, "decrypt") == Conversion("decrypt", files=6, drafts=4)
    assert not desk.is_encrypted()
    after = {
        path.relative_to(desk.folder): path.read_bytes()
        for path in sorted(desk.folder.rglob("*"))
        if path.suffix in (".toml", ".jsonl", ".damaged-1", ".md")
    }
    assert after == before
    assert {int((desk.folder / name).stat().st_mtime) for name in after} == {times}


def test_what_is_no_case_is_left_and_named(desk: Desk, keys: Keys, tmp_path: Path) -> None:
    keys.hold("ann")
    elsewhere = tmp_path / "elsewhere.toml"
    elsewhere.write_text("label = 'x'\n")
    (desk.folder / "link.toml").symlink_to(elsewhere)
    (desk.folder / "README.md").write_text("read me")
    (desk.folder / "folder.toml").mkdir()
    (desk.folder / ".a.toml.swp").write_text("an editor's")
    (desk.folder / "exports" / "more").mkdir(parents=True)
    (desk.folder / "drafts" / "notes").write_text("somebody's")
    done = convert(desk.folder, "encrypt", [keys.public("ann")])
    found = [".a.toml.swp", "README.md", "folder.toml", "link.toml", "drafts/notes", "exports/more"]
    assert done.left == found
    assert elsewhere.read_text() == "label = 'x'\n"
    assert done.problems == []


def test_encrypting_again_takes_in_what_was_put_there_since(desk: Desk, keys: Keys) -> None:
    keys.hold("ann")
    convert(desk.folder, "encrypt", [keys.public("ann")])
    (desk.folder / "late.toml").write_text("label = 'zebra'\n")
    done = convert(desk.folder, "encrypt")
    assert (done.files, done.problems) == (1, [])
    assert desk.is_encrypted()


def test_what_lies_in_plain_in_an_encrypted_folder_is_named(
    desk: Desk, keys: Keys, tmp_path: Path
) -> None:
    for name in ("late.toml", "drafts/20261121-210140-late.jsonl", "exports/note.md"):
        (desk.folder / name).parent.mkdir(exist_ok=True)
        (desk.folder / name).write_text("label = 'zebra'\n")
    assert plain_remark(desk.folder) == ""
    away = (desk.folder / "drafts" / "20261121-210140-late.jsonl").rename(tmp_path / "late.jsonl")
    keys.hold("ann")
    convert(desk.folder, "encrypt", [keys.public("ann")])
    assert plain_remark(desk.folder) == ""
    away.rename(desk.folder / "drafts" / "20261121-210140-late.jsonl")
    (desk.folder / "late.toml").write_text("label = 'zebra'\n")
    assert plain_files(desk.folder) == ["late.toml", "drafts/20261121-210140-late.jsonl"]
    assert plain_remark(desk.folder) == (
        "2 files here are not encrypted (late.toml, drafts/20261121-210140-late.jsonl); "
        "encrypt with: ketatui cases encrypt"
    )


def test_the_indexes_of_before_are_removed_and_what_was_kept_of_a_list(
    desk: Desk, keys: Keys, catalog: Catalog, tmp_path: Path
) -> None:
    keys.hold("ann")
    link = tmp_path / "link"
    link.symlink_to(desk.folder)
    indexes = [index_path(desk.folder), index_path(link)]

    def listed() -> list[Path]:
        for folder, index in zip((desk.folder, link), indexes, strict=True):
            library = Library(folder, catalog, stamp="x", index=index)
            library.update()
            library.close()
        assert indexes[0] is not None
        # What the list looks like, kept when the app is left.
        page = indexes[0].parent / FOLDER / f"120x40{LIST}"
        page.parent.mkdir(exist_ok=True)
        page.write_text("zebra", "utf-8")
        return [path for path in found_on_disk(page.parents[1], *SECRETS) if path != page]

    assert listed() == sorted(filter(None, indexes))
    assert len(set(indexes)) == 2
    convert(desk.folder, "encrypt", [keys.public("ann")])
    index = index_path(tmp_path)
    assert index is not None
    assert found_on_disk(index.parent, *SECRETS) == []
    # What a program left that did not know of it is gone as soon as the folder is opened.
    convert(desk.folder, "decrypt")
    assert len(listed()) == 2
    state.write_state(desk.folder, state.State((keys.public("ann"),)))
    indexes[:] = [None, None]
    for folder in (desk.folder, link):
        library = Library(folder, catalog, stamp="x", index=None)
        library.update()
        library.close()
    assert found_on_disk(index.parent, *SECRETS) == []


def test_what_can_not_be_begun_is_refused_before_anything_is_changed(
    desk: Desk, keys: Keys, tmp_path: Path
) -> None:
    ann, bob = keys.public("ann"), keys.public("bob")

    def refused(why: str, kind: Kind, *recipients: str) -> None:
        before = sorted(desk.folder.rglob("*"))
        assert why in line_of(lambda: convert(desk.folder, kind, recipients))
        assert sorted(desk.folder.rglob("*")) == before
        desk.check()

    refused("no key: name your", "encrypt", ann)
    inside = keys.hold("ann")
    refused("nobody to encrypt for", "encrypt")
    refused("'age1x' is no public key; allowed: age1…, ssh-", "encrypt", ann, "age1x")
    refused("a secret key was given", "encrypt", inside.read_text().splitlines()[1])
    refused("your key does not open it", "encrypt", bob)
    refused("is not encrypted", "decrypt")
    refused("is not encrypted; begin with", "rekey", ann)
    with Journal.resume(draft_path(desk.folder, IDS[0]))[0]:
        refused("this draft is open in a window", "encrypt", ann)
    (desk.folder / f"{IDS[0]}.toml.age").write_bytes(b"")
    refused("cases here are encrypted", "encrypt", ann)
    (desk.folder / f"{IDS[0]}.toml.age").unlink()
    assert "there is no such folder" in line_of(lambda: convert(tmp_path / "no", "encrypt", [ann]))
    convert(desk.folder, "encrypt", [ann])
    refused("is encrypted for others", "encrypt", bob)
    refused("your key does not open it", "rekey", bob)
    (desk.folder / f"{IDS[0]}.toml").write_bytes(b"")
    refused("stands here twice", "decrypt")
    (desk.folder / f"{IDS[0]}.toml").unlink()
    keys.hold("bob")
    before = sorted(desk.folder.rglob("*"))
    for kind, recipients in (("decrypt", []), ("rekey", [bob]), ("encrypt", [])):
        attempt = lambda kind=kind, recipients=recipients: convert(desk.folder, kind, recipients)  # noqa: E731
        assert "your key does not open it" in line_of(attempt)
    assert sorted(desk.folder.rglob("*")) == before


def test_a_lost_list_of_keys_is_written_anew(desk: Desk, keys: Keys) -> None:
    keys.hold("ann")
    convert(desk.folder, "encrypt", [keys.public("ann")])
    (desk.folder / NAME).unlink()
    assert "rekey" in line_of(lambda: convert(desk.folder, "decrypt"))
    convert(desk.folder, "rekey", [keys.public("ann")])
    desk.check()
    assert desk.is_encrypted()
    desk.save(IDS[0])


def test_a_case_that_can_not_be_opened_stops_nothing_else_and_is_named(
    desk: Desk, keys: Keys
) -> None:
    keys.hold("ann")
    convert(desk.folder, "encrypt", [keys.public("ann")])
    path = desk.cases[IDS[0]].stamp.path.with_name(f"{IDS[0]}.toml.age")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    done = convert(desk.folder, "decrypt")
    assert done.problems == [f"{path}: encrypted; damaged or changed: it cannot be opened"]
    assert done.files == 1
    assert path.read_bytes() == whole[:-1]
    # The folder is not settled: saving waits, and says how to go on.
    assert line_of(lambda: desk.save(IDS[1])).endswith("finish it with: ketatui cases decrypt")
    assert problem_of(desk.folder).endswith("finish it with: ketatui cases decrypt")
    desk.note(IDS[1])
    path.write_bytes(whole)
    assert finish(desk.folder).problems == []
    desk.check()
    assert not desk.is_encrypted()


def test_two_different_files_of_one_case_are_both_kept(desk: Desk, keys: Keys) -> None:
    keys.hold("ann")
    half_way(desk, keys)
    plain = desk.folder / f"{IDS[1]}.toml"
    sealed = desk.folder / f"{IDS[1]}.toml.age"
    assert plain.exists()
    shutil.copy(next(desk.folder.glob("*.toml.age")), sealed)
    before = (plain.read_bytes(), sealed.read_bytes())
    done = finish(desk.folder)
    why = f"{sealed.name} is there too, and differs; keep one of the two"
    assert done.problems == [f"{plain}: {why}"]
    assert (plain.read_bytes(), sealed.read_bytes()) == before
    sealed.unlink()
    assert finish(desk.folder).problems == []
    desk.check()
    assert desk.is_encrypted()


def test_a_draft_opened_meanwhile_is_waited_for(desk: Desk, keys: Keys) -> None:
    keys.hold("ann")
    half_way(desk, keys)
    with Journal.resume(draft_path(desk.folder, IDS[2]))[0] as journal:
        journal.append(event(1))
        assert "this draft is open in a window" in line_of(lambda: finish(desk.folder))
    desk.drafts[IDS[2]].append(event(1))
    desk.check()
    finish(desk.folder)
    desk.check()
    assert desk.is_encrypted()


# --- the power fails --------------------------------------------------------------------------


def prepared(desk: Desk, kind: Kind, keys: Keys) -> Callable[[Path], object]:
    """Bring the folder into the form it is converted from; return the conversion."""
    keys.hold("ann", "bob")
    ann, bob = keys.public("ann"), keys.public("bob")
    if kind != "encrypt":
        convert(desk.folder, "encrypt", [ann])
    recipients = {"encrypt": [ann], "rekey": [bob], "decrypt": []}[kind]
    return lambda folder: convert(folder, kind, recipients)


def disk_full() -> BaseException:
    return OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("failure", [None, disk_full], ids=["power", "disk"])
@pytest.mark.parametrize("kind", ["encrypt", "decrypt", "rekey"])
def test_stopped_at_any_step_every_case_is_readable_and_the_next_run_finishes(
    desk: Desk,
    keys: Keys,
    kind: Kind,
    failure: Callable[[], BaseException] | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for case_id in IDS[1:3]:
        draft_path(desk.folder, case_id).unlink()
        del desk.drafts[case_id]
    run = prepared(desk, kind, keys)
    whole = tmp_path / "whole"
    shutil.copytree(desk.folder, whole)
    with plug(10**9) as touched:
        run(desk.folder)
    assert len(touched) > 25
    for at in range(1, len(touched) + 1, STEP * (1 if failure is None else 3)):
        shutil.rmtree(desk.folder)
        shutil.copytree(whole, desk.folder)
        # Each time a program of its own, which has not met the folder.
        monkeypatch.setattr(state, "_MET", set())
        with plug(at, failure), pytest.raises((PulledError, OSError)):
            run(desk.folder)
        desk.check()
        if interrupted(desk.folder) is not None:
            # Another plug pulled while it is mended, somewhere else each time.
            with plug(at % 7 + 1, failure), pytest.raises((PulledError, OSError)):
                finish(desk.folder)
            desk.check()
        if interrupted(desk.folder) is not None:
            assert finish(desk.folder).problems == []
        elif desk.is_encrypted() == (kind == "decrypt") or (
            kind == "rekey" and keys.public("ann") in read_recipients(desk.folder)
        ):
            run(desk.folder)
        desk.check()
        assert desk.is_encrypted() == (kind != "decrypt")
    if kind == "rekey":
        keys.hold("bob")
        desk.check()


def read_recipients(folder: Path) -> tuple[str, ...]:
    found = read_state(folder)
    return found.recipients if found else ()


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["save", "note", "encrypt", "decrypt", "rekey", "turn"]),
        st.sampled_from(IDS),
        st.integers(0, 60),
    ),
    min_size=3,
    max_size=14,
)


@pytest.mark.long
@settings(
    max_examples=tries(40),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS)
def test_whatever_is_done_in_whatever_order_and_cut_off_nothing_is_lost(
    steps: list[tuple[str, str, int]],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = tmp_path_factory.mktemp("desk")
    keys = Keys(place / "keys", monkeypatch)
    keys.hold("ann", "bob")
    pair = [keys.public("ann"), keys.public("bob")]
    desk = Desk(place / "cases", hand_made())
    desk.save(IDS[0])
    for what, case_id, at in steps:
        try:
            if what in ("save", "note"):
                # A save that is cut off is looked at elsewhere; here the conversions are.
                getattr(desk, what)(case_id)
            else:
                with plug(at or 10**9):
                    converted(desk.folder, what, pair)
        except PulledError:
            pass
        except CaseError as error:
            assert "\n" not in str(error)
            assert "is not encrypted" in str(error) or "interrupted" in str(error)
        desk.check()
    pending = interrupted(desk.folder)
    if pending is not None:
        assert finish(desk.folder).problems == []
    desk.check()
    desk.is_encrypted()


def converted(folder: Path, what: str, pair: list[str]) -> None:
    """Do what the command does: finish first what has to be finished, then go on."""
    kind: Kind = {"encrypt": "encrypt", "decrypt": "decrypt"}.get(what, "rekey")  # type: ignore[assignment]
    pending = interrupted(folder)
    if pending is not None and (pending == kind or "rekey" in (pending, kind)):
        finish(folder)
    state = read_state(folder)
    known = list(state.recipients) if state else [pair[0]]
    convert(folder, kind, {"turn": pair, "rekey": [pair[1]]}.get(what, known))


def test_a_name_is_the_same_in_both_forms() -> None:
    assert [stem_of(name) for name in ("a.toml", "a.toml.age", "a.b")] == ["a", "a", "a.b"]
