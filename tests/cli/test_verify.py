"""``ketatui cases verify``: what it looks at, what it says of each, and a line for all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.support import Command
from tests.each import each

ONE = "20261121-080000-example01"
SIGNED = "20261121-152000-example12"
EXAMPLES = Path(__file__).resolve().parents[2] / "saved_cases"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three of the examples, in the folder that commands mean by themselves."""
    folder = tmp_path / "cases"
    folder.mkdir()
    for name in (ONE, SIGNED, "20261121-084000-example02"):
        shutil.copy(EXAMPLES / f"{name}.toml", folder)
    monkeypatch.setenv("KETATUI_CASES", str(folder))
    return folder


def test_a_folder_that_is_not_there_is_unusable(ketatui: Command, tmp_path: Path) -> None:
    done = ketatui("cases", "verify", "--cases", tmp_path / "typo")
    assert (done.status, done.out) == (2, "")
    assert done.err == f"{tmp_path / 'typo'}: there is no such folder of cases\n"
    again = ketatui("cases", "reassess", "--cases", tmp_path / "typo")
    assert (again.status, again.out, again.err) == (2, "", done.err)


@each(
    "words",
    ["cases verify,", "cases scan,", "cases reassess,", "cases show,", "cases verify --cases,",
     "course due,", "course due --cases,", "cases encrypt,", "practice report,", "criteria check,",
     "assess x.toml --policy,"],
)  # fmt: skip
def test_an_empty_name_is_never_the_folder_at_hand(
    ketatui: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    done = ketatui(*words.replace(",", " ").split(), "")
    assert (done.status, done.out) == (2, "")
    assert "'' names no " in done.err


def test_a_folder_can_be_named_and_ends_with_a_summary(ketatui: Command, folder: Path) -> None:
    done = ketatui("cases", "verify", folder)
    assert done.status == 0, done.out
    *each, last = done.out.splitlines()
    assert all(line.endswith(": ok") for line in each)
    assert last == f"{len(each)} cases verified: {len(each)} sound"


def test_what_was_altered_is_named_with_who_had_signed(ketatui: Command, folder: Path) -> None:
    path = folder / f"{SIGNED}.toml"
    path.write_text(path.read_text().replace("\nreason = ", "\nreason = 'x' # ", 1))
    done = ketatui("cases", "verify", SIGNED, ONE)
    assert done.status == 1
    assert f"{path}: Altered: decision.reason." in done.out
    assert f"{path}: Signed before, and not as it stands now: " in done.out
    assert done.out.splitlines()[-1] == "2 cases verified: 1 sound, 1 with problems"


def test_a_conflicted_copy_is_named_on_both_sides(ketatui: Command, folder: Path) -> None:
    path = folder / f"{ONE}.toml"
    copy = folder / f"{ONE} (conflicted copy).toml"
    copy.write_bytes(path.read_bytes())
    done = ketatui("cases", "verify", folder)
    assert done.status == 1
    assert f"{path}: FORKED: the same case stands in {copy.name} too" in done.out
    assert f"{copy}: FORKED: the same case stands in {path.name} too" in done.out


@pytest.mark.parametrize("name", [f"{ONE}.TOML", f"{ONE} from the clinic.toml", "renamed.toml"])
def test_a_file_of_another_name_is_found_by_the_id_in_it(
    ketatui: Command, folder: Path, name: str
) -> None:
    (folder / f"{ONE}.toml").rename(folder / name)
    done = ketatui("cases", "verify", ONE)
    assert done.out.splitlines()[0] == f"{folder / name}: ok"
    assert name.removesuffix(".TOML") in ketatui("cases", "list").out
    assert ONE in ketatui("cases", "show", ONE).out


def test_signing_twice_is_refused_before_anything_is_signed(ketatui: Command, folder: Path) -> None:
    before = (folder / f"{ONE}.toml").read_bytes()
    signs = ("--sign", "reviewed", "--sign", "co-signed")
    done = ketatui("cases", "review", ONE, *signs, "--by", "kl", "--role", "nurse")
    assert done.status == 2
    assert "--sign is given twice" in done.err
    assert (folder / f"{ONE}.toml").read_bytes() == before


def test_show_says_what_a_verdict_cannot_be_read_without(ketatui: Command, folder: Path) -> None:
    said = ketatui("cases", "show", ONE).out
    assert "  Local policy: none\n" in said
    assert "  Coverage: no payer was chosen, so it was not looked at\n" in said
    path = folder / f"{ONE}.toml"
    text = path.read_text()
    key = "unrecognised_medications = "
    path.write_text(text.replace(f"{key}[]", f'{key}["blue pills"]', 1))
    said = " ".join(ketatui("cases", "show", ONE).out.split())
    assert "Medicines not recognized, so what reads them stays open: blue pills" in said
