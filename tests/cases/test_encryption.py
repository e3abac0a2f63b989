"""Cases and drafts of an encrypted folder: written for its keys, read with one of them."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.drafts import list_drafts
from ketatui.cases.encryption import age
from ketatui.cases.encryption.converting import convert
from ketatui.cases.encryption.keys import VARIABLE
from ketatui.cases.encryption.sealing import problem_of, unsealed
from ketatui.cases.encryption.state import NAME
from ketatui.cases.errors import CaseError, ChangedOnDisk
from ketatui.cases.index_place import index_path
from ketatui.cases.journal import Journal, draft_path, read_journal
from ketatui.cases.library import Library
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore, Loaded
from tests.cases.support import CASE_ID, NOW, Catalog
from tests.effort import tries
from tests.encrypting import Keys, found_on_disk
from tests.processes import run

CASE = Case(id=CASE_ID, label="zebra", answers={"patient.age": 44}, notes={"patient.age": "quince"})
OTHER_ID = "20261121-210144-m7q2"
EVENTS: list[dict[str, Any]] = [{"do": "note", "text": f"quince {number}"} for number in range(4)]


@pytest.fixture
def locked(store: CaseStore, keys: Keys) -> CaseStore:
    """A store whose folder is encrypted for somebody who is here."""
    keys.hold("ann")
    store.folder.mkdir(mode=0o700)
    convert(store.folder, "encrypt", [keys.public("ann")])
    return store


def saved(store: CaseStore, case: Case = CASE) -> Loaded:
    return store.save(case, base=None, by="ab", why="", now=NOW)


def drafted(folder: Path, case: Case = CASE, events: list[dict[str, Any]] = EVENTS) -> Path:
    with Journal.create(folder, case, pack="p", base=None, now=NOW) as journal:
        for event in events:
            journal.append(event)
    return journal.path


def refusal(store: CaseStore) -> str:
    with pytest.raises(CaseError) as caught:
        store.load(CASE_ID)
    (line,) = str(caught.value).splitlines()
    return line


def test_a_case_is_kept_encrypted_and_read_as_it_was_saved(locked: CaseStore) -> None:
    one = saved(locked)
    assert one.stamp.path.name == f"{CASE_ID}.toml.age"
    assert locked.load(CASE_ID) == one
    changed = one.case.replaced(label="giraffe")
    two = locked.save(changed, base=one.stamp, by="ab", why="typing", now=NOW)
    assert [row.number for row in locked.load(CASE_ID).case.revisions] == [1, 2]
    assert locked.verify(two.stamp.path) == []
    with pytest.raises(ChangedOnDisk):
        locked.save(changed, base=one.stamp, by="ab", why="", now=NOW)
    with pytest.raises(ChangedOnDisk):
        saved(locked)
    copy = locked.save_as_copy(changed, by="ab", why="", now=NOW)
    assert locked.load(copy.case.id).case.label == "giraffe"
    assert found_on_disk(locked.folder, "zebra", "giraffe", "quince") == []


def test_what_is_written_is_an_age_file_like_any_other(locked: CaseStore, keys: Keys) -> None:
    path = saved(locked).stamp.path
    key = Path(os.environ[VARIABLE])
    secret = pyrage.x25519.Identity.from_str(key.read_text().splitlines()[1])
    text = pyrage.decrypt(path.read_bytes(), [secret])
    assert b'label = "zebra"' in text
    if shutil.which("age"):
        made = run(["age", "-d", "-i", key, path])
        assert made.stdout.encode() == text
    # And what such a tool writes is read, also in its form for e-mail.
    foreign = pyrage.encrypt(text, [secret.to_public()], armored=True)
    elsewhere = locked.folder.parent / "sent.toml.age"
    elsewhere.write_bytes(foreign)
    assert locked.load(elsewhere).case == locked.load(CASE_ID).case


def test_a_draft_is_encrypted_line_by_line_and_resumed(locked: CaseStore) -> None:
    path = drafted(locked.folder)
    assert read_journal(path).events == tuple(EVENTS)
    journal, content = Journal.resume(path)
    with journal:
        assert content.header is not None
        assert content.header.snapshot == CASE
        journal.append({"do": "note", "text": "last"})
    assert [event["text"] for event in read_journal(path).events][-2:] == ["quince 3", "last"]
    (entry,) = list_drafts(locked.folder)
    assert (entry.label, entry.count, entry.problem) == ("zebra", 5, None)
    assert found_on_disk(locked.folder, "zebra", "quince", "patient.age") == []


def test_a_draft_cut_anywhere_gives_back_every_whole_line(locked: CaseStore) -> None:
    path = drafted(locked.folder)
    whole = path.read_bytes()
    ends = [place + 1 for place, byte in enumerate(whole) if byte == 10]
    for cut in (*range(ends[0], len(whole), 97), *(end - 1 for end in ends[1:]), *ends[1:]):
        path.write_bytes(whole[:cut])
        content = read_journal(path)
        # A line that lacks nothing but its line feed is whole.
        complete = sum(end <= cut + 1 for end in ends) - 1
        assert content.events == tuple(EVENTS[:complete]), cut
        assert content.torn == (cut not in ends and cut + 1 not in ends)
        assert content.problem is None
    path.write_bytes(whole[: ends[3] - 200])
    journal, _ = Journal.resume(path)
    with journal:
        journal.append(EVENTS[3])
    assert read_journal(path).events == (*EVENTS[:2], EVENTS[3])


def test_a_damaged_line_keeps_what_was_before_it_and_stays_secret(locked: CaseStore) -> None:
    path = drafted(locked.folder)
    lines = path.read_bytes().split(b"\n")
    for place in (40, 150, len(lines[3]) - 5):
        damaged = bytearray(lines[3])
        damaged[place] = ord("A") if damaged[place] != ord("A") else ord("B")
        path.write_bytes(b"\n".join([*lines[:3], bytes(damaged), *lines[4:]]))
        content = read_journal(path)
        assert content.events == tuple(EVENTS[:2])
        assert content.problem == "line 4 of 5 is damaged; everything before it was kept"
    Journal.resume(path)[0].close()
    assert read_journal(path).problem is None
    assert len(list(path.parent.glob("*.damaged-1"))) == 1
    assert found_on_disk(locked.folder, "zebra", "quince") == []


def test_without_the_key_nothing_is_read_or_begun_and_the_reason_is_one_line(
    locked: CaseStore, keys: Keys, tmp_path: Path
) -> None:
    path = saved(locked).stamp.path
    other = CASE.replaced(id=OTHER_ID)
    draft = drafted(locked.folder, other)
    before = {item: item.read_bytes() for item in locked.folder.rglob("*") if item.is_file()}
    held = Path(os.environ[VARIABLE])

    def expect(why: str) -> None:
        assert refusal(locked) == f"{path}: encrypted; {why}"
        assert [problem.message for problem in locked.verify(path)] == [f"encrypted; {why}"]
        assert problem_of(locked.folder) == f"encrypted; {why}"
        assert read_journal(draft).problem == f"encrypted; {why}"
        (listed,) = list_drafts(locked.folder)
        assert (listed.problem, listed.label) == (f"encrypted; {why}", "")
        third = CASE.replaced(id="20261121-210145-abcd")
        for attempt in (
            lambda: Journal.resume(draft),
            lambda: drafted(locked.folder, third),
            lambda: saved(locked, third),
        ):
            with pytest.raises(CaseError, match="encrypted") as caught:
                attempt()
            assert why in str(caught.value)
            assert "\n" not in str(caught.value)
        kept = {item: item.read_bytes() for item in before}
        assert kept == before

    keys.lose()
    expect("no key: name your identity file in KETATUI_AGE_IDENTITY or the settings")
    keys.hold("eve")
    expect("your key does not open it")
    gone = tmp_path / "gone"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, str(gone))
        expect(f"{gone}: No such file or directory")
        patch.setenv(VARIABLE, str(held))
        held.chmod(0o640)
        expect(f"{held}: others can read this key; run: chmod 600 {held}")
        held.chmod(0o600)
        inside = shutil.copy2(held, locked.folder / "key.txt")
        patch.setenv(VARIABLE, str(inside))
        expect(f"{inside}: the key lies in the folder that it locks; move it elsewhere")
        Path(inside).unlink()
        patch.setenv(VARIABLE, str(held))
        patch.setitem(__import__("sys").modules, "pyrage", None)
        expect('age takes one more library: pip install "ketatui[encryption]"')
    keys.hold("ann")
    assert problem_of(locked.folder) == ""
    assert locked.load(CASE_ID).case.label == "zebra"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "there is no key in this file"),
        ("# a comment\n\nAGE-SECRET-KEY-1NONSENSE\n", ":3: this is no secret key; allowed:"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nx\n", "this SSH key cannot be used"),
        ("age-encryption.org/v1\n-> scrypt x 18\n", "is itself locked with a passphrase"),
    ],
)
def test_an_identity_file_that_can_not_be_used_is_named_and_never_shown(
    locked: CaseStore, keys: Keys, content: str, why: str
) -> None:
    saved(locked)
    path = keys.hold("ann")
    path.write_text(content)
    assert why in refusal(locked)
    assert str(path) in refusal(locked)
    assert "NONSENSE" not in refusal(locked)


def test_the_settings_may_name_the_key(locked: CaseStore, keys: Keys, tmp_path: Path) -> None:
    saved(locked)
    path = keys.hold("ann")
    keys.lose()
    written = tmp_path / "config" / "ketatui" / "settings.toml"
    written.parent.mkdir(parents=True)
    written.write_text(f'age_identity = "{path}"\n')
    assert locked.load(CASE_ID).case.label == "zebra"


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="nothing here makes an SSH key")
def test_an_ssh_key_opens_what_was_encrypted_for_it(
    store: CaseStore, keys: Keys, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = tmp_path / "id_ed25519"
    run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
    monkeypatch.setenv(VARIABLE, str(key))
    store.folder.mkdir(mode=0o700)
    public = key.with_suffix(".pub").read_text().strip()
    convert(store.folder, "encrypt", [public, keys.public("ann")])
    saved(store)
    keys.hold("ann")
    assert store.load(CASE_ID).case.label == "zebra"
    monkeypatch.setenv(VARIABLE, str(key))
    assert store.load(CASE_ID).case.label == "zebra"
    run(["ssh-keygen", "-q", "-p", "-P", "", "-N", "secret", "-f", key])
    assert "this SSH key has a passphrase" in refusal(store)


@settings(max_examples=tries(150), deadline=None)
@given(st.data())
def test_a_changed_file_is_refused_in_one_line_whatever_was_changed(data: st.DataObject) -> None:
    secret = pyrage.x25519.Identity.generate()
    whole = age.encrypted(b"label = 'zebra'\n" * 20, [str(secret.to_public())])
    # Its length is chance: a header holds some noise.
    place = data.draw(st.integers(0, 10_000)) % len(whole)
    new = data.draw(st.binary(max_size=3).filter(lambda cut: whole[place : place + 1] != cut))
    changed = whole[:place] + new + (whole[place + 1 :] if data.draw(st.booleans()) else b"")
    if changed == whole:
        return
    with pytest.raises(age.SealError) as caught:
        age.opened(changed, [secret])
    assert "\n" not in str(caught.value)


def test_a_changed_file_says_so_and_stays(locked: CaseStore) -> None:
    path = saved(locked).stamp.path
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert refusal(locked) == f"{path}: encrypted; damaged or changed: it cannot be opened"
    path.write_bytes(b"label = 'forged'\n")
    assert refusal(locked) == f"{path}: is not encrypted, though its name says so"


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (None, "is missing, though cases here are encrypted"),
        (
            "schema = 1\nrecipients = []\n",
            "recipients is no list of keys; allowed: public keys in quotes",
        ),
        ('schema = 2\nrecipients = ["age1"]\n', "2 is no version known here"),
        ('schema = 1\nrecipients = ["age1"]\n', "'age1' is no public key"),
        ('schema = 1\nrecipients = ["a"]\nconverting = "x"\n', '"x" is not known; allowed: enc'),
        ("recipients = [", "not readable as TOML"),
    ],
)
def test_where_nobody_knows_for_whom_nothing_is_written_in_plain(
    locked: CaseStore, state: str | None, why: str
) -> None:
    one = saved(locked)
    path = locked.folder / NAME
    path.unlink()
    if state is not None:
        path.write_text(state)
    other = CASE.replaced(id=OTHER_ID)
    for attempt in (
        lambda: saved(locked, other),
        lambda: locked.save(one.case, base=one.stamp, by="", why="", now=NOW),
        lambda: drafted(locked.folder, other),
    ):
        with pytest.raises(CaseError, match=why.replace("[", r"\[")):
            attempt()
    assert not draft_path(locked.folder, OTHER_ID).exists()
    assert found_on_disk(locked.folder, "zebra", "quince") == []
    # What is there can still be read: that goes by the file alone.
    assert locked.load(CASE_ID).case.label == "zebra"


def test_the_library_finds_encrypted_cases_and_leaves_nothing_on_the_disk(
    locked: CaseStore, catalog: Catalog, keys: Keys, tmp_path: Path
) -> None:
    saved(locked)
    (locked.folder / "plain.toml").write_text('label = "okapi"\n[answers.patient]\nage = 3\n')
    assert index_path(locked.folder) is None
    library = Library(locked.folder, catalog, stamp="x", index=index_path(locked.folder))
    library.update()
    assert sorted(entry.label for entry in library.all()) == ["okapi", "zebra"]
    library.close()
    keys.lose()
    library = Library(locked.folder, catalog, stamp="x", index=None)
    library.update()
    problems = [entry.problem for entry in library.all() if entry.problem]
    assert len(problems) == 1
    assert problems[0].startswith(f"{CASE_ID}.toml.age: encrypted; no key")
    library.close()


def test_a_library_that_is_open_when_its_folder_is_encrypted_leaves_the_disk(
    store: CaseStore, catalog: Catalog, keys: Keys, tmp_path: Path
) -> None:
    saved(store)
    index = tmp_path / "cache" / "index.sqlite"
    library = Library(store.folder, catalog, stamp="x", index=index)
    library.update()
    assert index.exists()
    keys.hold("ann")
    convert(store.folder, "encrypt", [keys.public("ann")])
    library.update()
    assert [entry.path.name for entry in library.all()] == [f"{CASE_ID}.toml.age"]
    assert found_on_disk(tmp_path, "zebra", "quince") == []
    library.close()


def test_a_draft_begun_before_is_saved_into_the_encrypted_folder(
    store: CaseStore, keys: Keys
) -> None:
    one = saved(store)
    with Journal.create(store.folder, one.case, pack="p", base=one.stamp, now=NOW) as journal:
        journal.append(EVENTS[0])
    touched = dt.datetime(2026, 1, 2, tzinfo=dt.UTC).timestamp()
    os.utime(journal.path, (touched, touched))
    keys.hold("ann")
    convert(store.folder, "encrypt", [keys.public("ann")])
    (entry,) = list_drafts(store.folder)
    assert entry.last_at.timestamp() == touched
    content = read_journal(journal.path)
    assert content.header is not None
    assert content.header.base == one.stamp
    two = store.save(one.case, base=content.header.base, by="", why="", now=NOW)
    assert two.stamp.path.name.endswith(".age")
    assert len(two.case.revisions) == 2
    # And back again: the draft still knows what it began with.
    convert(store.folder, "decrypt")
    three = store.save(two.case, base=two.stamp, by="", why="", now=NOW)
    assert three.stamp.path == one.stamp.path


def test_what_is_not_encrypted_is_passed_on_untouched(tmp_path: Path) -> None:
    assert unsealed(b"label = 1\n", tmp_path / "x.toml") == b"label = 1\n"


def test_an_encrypted_folder_that_is_away_is_not_begun_anew_in_plain(locked: CaseStore) -> None:
    one = saved(locked)
    draft = drafted(locked.folder, CASE.replaced(id=OTHER_ID))
    other = CASE.replaced(id="20261121-210145-abcd")
    away = locked.folder.rename(locked.folder.with_name("away"))
    attempts: list[Callable[[], object]] = [
        lambda: saved(locked, other),
        lambda: drafted(locked.folder, other),
        lambda: locked.save(one.case, base=one.stamp, by="", why="", now=NOW),
    ]
    for attempt in attempts:
        with pytest.raises(CaseError, match="is its disk or share away"):
            attempt()
    with pytest.raises(CaseError, match="this draft is not there any more"):
        Journal.resume(draft)
    with pytest.raises(CaseError, match="this folder is not there"):
        locked.revise(one, lambda case: case, by="", why="", now=NOW)
    assert not locked.folder.exists()
    # As where something was mounted.
    locked.folder.mkdir()
    for attempt in attempts:
        with pytest.raises(CaseError, match="is its disk or share away"):
            attempt()
    assert "is its disk or share away" in problem_of(locked.folder)
    assert found_on_disk(locked.folder, "zebra", "quince") == []
    shutil.rmtree(locked.folder)
    away.rename(locked.folder)
    assert saved(locked, other).stamp.path.suffix == ".age"
    convert(locked.folder, "decrypt")
    assert locked.load(CASE_ID).stamp.path.suffix == ".toml"
    assert locked.save(one.case, base=one.stamp, by="", why="", now=NOW).stamp.path.exists()


def test_a_key_that_only_begins_like_a_later_one_is_taken() -> None:
    age.recipient("age1pqznl2pcc5ruvnjcuaa3pcfrnfczvfzcsavh3wst529kkel5kuhqvajjfg")
    with pytest.raises(age.SealError, match="post-quantum"):
        age.recipient("age1pq1qqqqqqqqqqqqq")
