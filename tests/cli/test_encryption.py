"""``ketatui cases encrypt/decrypt/rekey``, and every other command on an encrypted folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ketatui.cases.encryption.age import opened
from ketatui.cases.encryption.keys import identities
from ketatui.cases.encryption.state import NAME
from tests.cli.support import Command
from tests.encrypting import Keys, PulledError, plug

ROOT = Path(__file__).resolve().parents[2]
ONE, TWO = "20261121-080000-example01", "20261121-084000-example02"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of some shipped examples, which the command line means."""
    cases = tmp_path / "cases"
    cases.mkdir()
    for name in (ONE, TWO):
        shutil.copy(ROOT / "saved_cases" / f"{name}.toml", cases)
    monkeypatch.setenv("KETATUI_CASES", str(cases))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("KETATUI_AGE_IDENTITY", raising=False)
    return cases


@pytest.fixture
def keys(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Keys:
    """Keys; nobody holds one yet."""
    return Keys(tmp_path / "keys", monkeypatch)


def test_a_folder_is_encrypted_rekeyed_and_decrypted(
    ketatui: Command, folder: Path, keys: Keys
) -> None:
    ann, bob = keys.public("ann"), keys.public("bob")
    before = {path.name: path.read_bytes() for path in folder.glob("*.toml")}
    done = ketatui("cases", "encrypt", "--recipient", ann)
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        f"{folder}: nothing done: your own key has to open the cases; "
        "no key: name your identity file in KETATUI_AGE_IDENTITY or the settings\n"
    )
    keys.hold("ann", "bob")
    (folder / "README.md").write_text("read me")
    done = ketatui("cases", "encrypt", "--recipient", ann)
    assert (done.status, done.err) == (0, "")
    assert done.out.splitlines() == [
        f"Encrypted: 2 files and 0 drafts in {folder}",
        f"  can be read with the key of {ann}",
        "No cases, left as they are: README.md",
    ]
    done = ketatui("cases", "rekey", folder, "--recipient", bob)
    assert done.out.splitlines()[:2] == [
        f"Encrypted anew: 2 files and 0 drafts in {folder}",
        f"  can be read with the key of {bob}",
    ]
    keys.hold("ann")
    done = ketatui("cases", "decrypt", "--cases", folder)
    assert (done.status, done.out) == (2, "")
    assert "your key does not open it" in done.err
    keys.hold("bob")
    done = ketatui("cases", "decrypt")
    assert done.out.splitlines()[0] == f"Decrypted: 2 files and 0 drafts in {folder}"
    assert {path.name: path.read_bytes() for path in folder.glob("*.toml")} == before


def test_what_was_interrupted_is_finished_first_and_can_be_turned_round(
    ketatui: Command, folder: Path, keys: Keys
) -> None:
    keys.hold("ann", "bob")
    ann, bob = keys.public("ann"), keys.public("bob")

    def cut_off(*arguments: object) -> None:
        with plug(10), pytest.raises(PulledError):
            ketatui("cases", *arguments)
        assert "converting" in (folder / NAME).read_text()

    cut_off("encrypt", "--recipient", ann)
    done = ketatui("cases", "list", "--json")
    assert {json.loads(line)["id"] for line in done.out.splitlines()} == {ONE, TWO}
    done = ketatui("cases", "encrypt")
    assert done.out.startswith("Finishing what was interrupted: encrypt\nEncrypted: 2 files")
    assert done.status == 0
    cut_off("rekey", "--recipient", bob)
    done = ketatui("cases", "decrypt")
    assert "Finishing what was interrupted: rekey\nEncrypted anew: 2 files" in done.out
    assert f"Decrypted: 2 files and 0 drafts in {folder}" in done.out
    cut_off("encrypt", "--recipient", ann)
    # Whoever thinks better of it does not have to encrypt the rest first.
    done = ketatui("cases", "decrypt")
    assert done.out.startswith("Decrypted: ")
    assert not (folder / NAME).exists()
    assert sorted(path.name for path in folder.glob("*.toml*")) == [f"{ONE}.toml", f"{TWO}.toml"]


def test_what_can_not_be_converted_is_named_with_status_1(
    ketatui: Command, folder: Path, keys: Keys
) -> None:
    keys.hold("ann")
    ketatui("cases", "encrypt", "--recipient", keys.public("ann"))
    path = folder / f"{ONE}.toml.age"
    path.write_bytes(path.read_bytes()[:-1])
    done = ketatui("cases", "decrypt")
    assert done.status == 1
    assert done.err.splitlines() == [
        f"{path}: encrypted; damaged or changed: it cannot be opened",
        "not finished: see to these, then run again: ketatui cases decrypt",
    ]
    done = ketatui("cases", "decrypt")
    assert (done.status, len(done.err.splitlines())) == (1, 2)


def test_every_command_reads_an_encrypted_folder(
    ketatui: Command, folder: Path, keys: Keys
) -> None:
    asked = [
        ("cases", "list", "--json"),
        ("cases", "list", "--where", "vitals.systolic > 0"),
        ("cases", "show", ONE),
        ("cases", "verify"),
        ("cases", "reassess", "--on", "2026-11-22"),
        ("cases", "diff", ONE, TWO),
        ("assess", "--on", "2026-11-22", folder / f"{ONE}.toml"),
        ("criteria", "eval", "vitals.systolic", "--case", folder / f"{ONE}.toml"),
    ]
    before = [ketatui(*arguments) for arguments in asked]
    assert all(done.out for done in before)
    keys.hold("ann")
    ketatui("cases", "encrypt", "--recipient", keys.public("ann"))
    for arguments, plain in zip(asked, before, strict=True):
        done = ketatui(*(str(text).replace(".toml", ".toml.age") for text in arguments))
        assert done.out.replace(".toml.age", ".toml") == plain.out
        assert (done.status, done.err) == (plain.status, "")
    data = (folder / f"{ONE}.toml.age").read_bytes()
    assert ketatui("assess", "-", "--on", "2026-11-22", stdin=data).status == 0
    keys.lose()
    for arguments in asked[2:]:
        done = ketatui(*(str(text).replace(".toml", ".toml.age") for text in arguments))
        assert done.status in (1, 2)
        said = (done.err + done.out).splitlines()
        assert any("encrypted; no key: name your identity file" in line for line in said)
    assert "unreadable: " in ketatui("cases", "list").out
    assert ketatui("cases", "scan").out == "0 cases looked through, 2 could not be read\n"


def test_who_has_a_key_is_told_where_nothing_is_encrypted(
    ketatui: Command, folder: Path, keys: Keys
) -> None:
    said = "Cases here are not encrypted"
    assert said not in ketatui("walk", "--new", stdin=b"\nq\n").out
    keys.hold("ann")
    assert said in ketatui("walk", "--new", stdin=b"\nq\n").out
    ketatui("cases", "encrypt", "--recipient", keys.public("ann"))
    assert said not in ketatui("walk", "--new", stdin=b"\nq\n").out
    (folder / "late.toml").write_text("label = 'zebra'\n")
    for command in ("list", "verify"):
        assert "1 file here is not encrypted (late.toml)" in ketatui("cases", command).err


def test_an_export_of_encrypted_cases_says_whether_it_is_encrypted(
    ketatui: Command, folder: Path, keys: Keys, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    done = ketatui("cases", "export", ONE, "--format", "md", "--encrypt", "--out", out)
    assert (done.status, "an encrypted folder" in done.err) == (2, True)
    keys.hold("ann")
    ketatui("cases", "encrypt", "--recipient", keys.public("ann"))
    for where in ((), ("--out", out)):
        done = ketatui("cases", "export", ONE, TWO, "--format", "md", *where)
        assert (done.status, done.out) == (2, "")
        assert done.err.startswith("these cases are encrypted: say --encrypt ")
    assert list(out.iterdir()) == []
    assert ketatui("cases", "export", ONE, "--format", "md", "--plain").out.startswith("# Case ")
    assert ketatui("cases", "export", folder, "--format", "md", "--encrypt", "--out", out).out
    made = out / f"{ONE}.md.age"
    assert opened(made.read_bytes(), identities(None)).startswith(b"# Case ")
    assert sorted(path.suffix for path in out.iterdir()) == [".age", ".age"]
    done = ketatui("cases", "export", folder, "--format", "csv", "--encrypt", "--out", out / "c")
    assert done.err == f"{out / 'c'}: what is encrypted is called c.age\n"
    done = ketatui(
        "cases", "export", folder, "--format", "csv", "--encrypt", "--out", out / "c.age"
    )
    assert opened((out / "c.age").read_bytes(), identities(None)).startswith(b"id,integrity,")
    assert (out / "c.age").stat().st_mode & 0o077 == 0
    make = ("practice", "make", ONE, "--title", "T", "--topic", "pathway_choice", "--out")
    done = ketatui(*make, out / "made.toml")
    assert (done.status, done.out, "--plain" in done.err) == (2, "", True)
    assert not (out / "made.toml").exists()
    assert ketatui(*make, out / "made.toml", "--plain").status == 0
    done = ketatui("cases", "export", ONE, "--format", "md", "--encrypt")
    assert "not for the terminal" in done.err
