"""The app on an encrypted folder: with the key as ever, without it one calm line."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from ketatui.cases.encryption.age import opened
from ketatui.cases.encryption.converting import convert
from ketatui.cases.encryption.keys import identities
from ketatui.cases.folders import EXPORTS
from ketatui.cases.store import CaseStore
from ketatui.consultation.edits import SetAnswer, SetTrials
from ketatui.settings import load_settings
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.export import ExportScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.settings import SettingsScreen
from tests.encrypting import Keys, found_on_disk
from tests.tui.keys import DECIDED
from tests.tui.support import SitDown
from tests.tui.test_case_view import ReadCase


@pytest.fixture
def keys(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Keys:
    """Keys; the folder is encrypted for Ann, who is here."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    (tmp_path / "tmp").mkdir()
    keys = Keys(tmp_path / "keys", monkeypatch)
    keys.hold("ann")
    folder.mkdir(mode=0o700)
    convert(folder, "encrypt", [keys.public("ann")])
    return keys


async def test_a_case_is_begun_left_resumed_saved_and_amended_and_never_readable_on_the_disk(
    desk: SitDown, folder: Path, store: CaseStore, keys: Keys, tmp_path: Path, case_of: ReadCase
) -> None:
    wanted = case_of("01")
    async with desk() as hand:
        assert "0 saved cases in ~/" not in hand.text
        assert ", encrypted" in hand.words
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press("l", *"zebra", "enter", "o", *"quince", "enter", "1", "y")
        for question, value in wanted.answers.items():
            told = value if isinstance(value, bool | int | str) else str(value)
            hand.consultation.do(SetAnswer(question=question, value=told))
        hand.consultation.do(SetTrials(rows=wanted.trials))
        assert hand.answers == wanted.answers
        await hand.press("escape")
        await hand.on(HomeScreen)
    assert len(list((folder / "drafts").glob("*.jsonl"))) == 1
    async with desk() as hand:
        assert "zebra" in hand.text
        await hand.press("r")
        await hand.on(ConsultationScreen)
        await hand.press("d")
        await hand.on(DecideScreen)
        await hand.press(*DECIDED, "s", "s")
        await hand.on(HomeScreen)
        await hand.until(lambda: "Saved: " in hand.text)
        await hand.press("c")
        await hand.on(CasesScreen)
        assert "zebra" in hand.text
        await hand.press("enter")
        await hand.on(CaseScreen)
        assert "zebra" in hand.text
        await hand.press("x")
        await hand.on(ExportScreen)
        await hand.press("2", "enter")
        await hand.until(lambda: "Record as a file, written to" in hand.words)
        # A name that does not say so is asked about first, and "no" offers the other again.
        await hand.press("2", *["backspace"] * 4, "enter")
        assert "Not encrypted: only a name that ends in .age is." in hand.words
        await hand.press("n", "enter")
        assert "-2.md.age" in hand.text
        await hand.press("escape", "escape")
        await hand.on(CaseScreen)
        await hand.press("f9")
        await hand.on(ConsultationScreen)
        await hand.press("l", *["backspace"] * 5, *"okapi", "enter")
    (path,) = folder.glob("*.toml.age")
    (note,) = (folder / EXPORTS).iterdir()
    assert b"zebra" in opened(note.read_bytes(), identities(folder))
    assert store.verify(path) == []
    case = store.load(path).case
    assert (case.label, [*case.notes.values()]) == ("zebra", ["quince"])
    assert found_on_disk(tmp_path, "zebra", "quince", "okapi") == []
    assert found_on_disk(folder, "dr b", "spravato") == []


def written(folder: Path) -> dict[Path, bytes]:
    return {
        path: path.read_bytes() for path in folder.rglob("*") if path.suffix in (".jsonl", ".age")
    }


async def test_without_the_key_the_app_says_so_and_begins_nothing_until_the_settings_name_it(
    desk: SitDown, folder: Path, keys: Keys
) -> None:
    plain = folder / "late.toml"
    plain.write_text("label = 'zebra'\n")
    key = keys.hold("ann")
    async with desk() as hand:
        assert "1 file here is not encrypted (late.toml); encrypt with: " in hand.hint
        plain.unlink()
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press("l", *"zebra", "enter", "escape")
        await hand.on(HomeScreen)
    before = written(folder)
    keys.lose()
    said = "encrypted; no key: name your identity file in KETATUI_AGE_IDENTITY"
    async with desk() as hand:
        assert said in hand.hint
        assert "zebra" not in hand.text
        await hand.press("n")
        assert isinstance(hand.app.screen, HomeScreen)
        assert "encrypted; no key" in hand.hint
        await hand.press("r")
        assert isinstance(hand.app.screen, HomeScreen)
        assert "no key" in hand.hint
        await hand.press("s")
        await hand.on(SettingsScreen)
        assert hand.form.focus_on("age_identity")
        assert "None is in use." in hand.form_words
        await hand.press("enter", *"/none", "enter")
        assert "It cannot be used: /none: No such file" in hand.form_words
        await hand.press("enter", *["backspace"] * 5)
        await hand.paste(str(key))
        await hand.press("enter")
        assert f"In use now: {key}" in hand.form_words.replace("\n", "")
    assert load_settings().age_identity == str(key)
    assert written(folder) == before


async def test_home_says_so_where_there_is_a_key_and_nothing_is_encrypted(
    desk: SitDown, folder: Path, keys: Keys
) -> None:
    convert(folder, "decrypt")
    async with desk() as hand:
        assert ", not encrypted" in hand.words
    keys.lose()
    async with desk() as hand:
        assert "encrypted" not in hand.words
