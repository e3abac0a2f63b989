"""What looks like an identifier: said while it is typed, listed before a save."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.export import ExportScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.identifiers import IdentifiersScreen
from ketatui.tui.screens.review import ReviewScreen
from ketatui.tui.screens.sightings import before_export
from tests.tui.support import Hand, SitDown, in_turn, toml_files

EXAMPLES = Path(__file__).resolve().parents[2] / "saved_cases"
REMARK = "“555-0188” looks like a telephone number · F2 replaces"


async def begin(hand: Hand) -> None:
    await hand.press("n")
    await hand.on(ConsultationScreen)


async def note(hand: Hand, text: str) -> None:
    await hand.press("o")
    await hand.paste(text)


async def a_prompt_says_what_it_sees_and_f2_replaces_it(hand: Hand) -> None:
    await hand.press("l")
    await hand.paste("low mood, cell 555-018")
    assert "F2" not in hand.hint
    await hand.press("8")
    assert hand.hint == REMARK
    await hand.press("f2")
    assert "F2" not in hand.hint
    await hand.press("enter")
    assert hand.consultation.case.label == "low mood, cell [telephone removed]"
    # What is there already is looked at when it is opened again.
    await note(hand, "seen by Mr Quill")
    await hand.press("enter", "o")
    assert "“Quill” looks like a name of a person" in hand.hint
    await hand.press("escape")
    assert "F2" not in hand.hint


async def a_form_says_it_too_but_not_of_who_decides(hand: Hand) -> None:
    await hand.press("d")
    await hand.on(DecideScreen)
    hand.form.focus_on("reason")
    await hand.press("enter")
    await hand.paste("call 555-0188")
    assert REMARK in hand.form_words
    await hand.press("f2", "enter")
    assert hand.consultation.case.decision.reason == "call [telephone removed]"
    assert "looks like" not in hand.form_words
    hand.form.focus_on("by")
    await hand.press("enter")
    await hand.paste("Mr Quill 555-0188")
    assert "looks like" not in hand.form_words
    await hand.press("f2", "enter")
    assert hand.consultation.case.decision.by == "Mr Quill 555-0188"
    await hand.press("escape")
    await hand.on(ConsultationScreen)


async def before_a_save_everything_seen_is_listed_and_replaced_together(
    hand: Hand, folder: Path, store: CaseStore
) -> None:
    await note(hand, "wife Tamsin, since March 2019")
    await hand.press("enter", "l")
    await hand.paste("cell 555-0188")
    await hand.press("enter", "s")
    await hand.on(IdentifiersScreen)
    for said in ("3 places look like an identifier", "555-0188", "Tamsin", "March 2019"):
        assert said in hand.words
    # Going back changes nothing and saves nothing.
    await hand.press("escape")
    await hand.on(ConsultationScreen)
    assert not list(toml_files(folder))
    await hand.press("s")
    await hand.on(IdentifiersScreen)
    await hand.press("y")
    await hand.on(HomeScreen)
    assert "Saved: " in hand.hint
    (path,) = toml_files(folder)
    text = path.read_text("utf-8")
    assert 'label = "cell [telephone removed]"' in text
    assert "wife [name removed], since [date removed]" in text
    assert not any(said in text for said in ("555-0188", "Tamsin", "March 2019"))
    assert store.load(path).case.notes


async def test_what_was_kept_is_not_asked_about_again_and_an_ordinary_case_is_saved_without_a_word(
    desk: SitDown, folder: Path, case_of: Callable[[str], Case]
) -> None:
    case = case_of("01").replaced(label="cell 555-0188")
    async with desk() as hand:
        await an_export_goes_on_with_what_was_decided(hand, case)
        await begin(hand)
        await note(hand, "worse since March 2019")
        await hand.press("enter", "s")
        await hand.on(IdentifiersScreen)
        await hand.press("n")
        await hand.on(HomeScreen)
        (path,) = toml_files(folder)
        assert "worse since March 2019" in path.read_text("utf-8")
        await begin(hand)
        await note(hand, "since March 2019 and since April 2020")
        await hand.press("enter", "s")
        await hand.on(IdentifiersScreen)
        assert "1 place looks like" in hand.words
        assert "April 2020" in hand.words
        await hand.press("y")
        await hand.on(HomeScreen)
        await begin(hand)
        await note(hand, "BP 160/102, 50 mg since 2019")
        await hand.press("enter", "s")
        await hand.on(HomeScreen)
        assert len(list(toml_files(folder))) == 3
    texts = [path.read_text("utf-8") for path in toml_files(folder)]
    assert any("since March 2019 and since [date removed]" in text for text in texts)


async def a_disk_that_refuses_leaves_the_texts_and_saves_nothing(hand: Hand) -> None:
    saved = list(toml_files(hand.app.resources.cases))
    await note(hand, "cell 555-0188")
    await hand.press("enter", "s")
    await hand.on(IdentifiersScreen)

    def full(event: object) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hand.consultation, "_keep", full)
        await hand.press("y")
        await hand.on(ConsultationScreen)
    assert "No space left on device" in hand.hint
    assert list(hand.consultation.case.notes.values()) == ["cell 555-0188"]
    assert list(toml_files(hand.app.resources.cases)) == saved


async def an_export_goes_on_with_what_was_decided(hand: Hand, case: Case) -> None:
    exported: list[str] = []

    def write(decided: Case) -> None:
        exported.append(decided.label)

    home = await hand.on(HomeScreen)
    for key in ("escape", "y", "n"):
        before_export(home, case, write)
        await hand.on(IdentifiersScreen)
        assert "before it is exported" in hand.words
        await hand.press(key)
        await hand.on(HomeScreen)
    before_export(home, case, write)
    assert exported == ["cell [telephone removed]", "cell 555-0188", "cell 555-0188"]


async def saved_case(hand: Hand) -> None:
    """Save a case whose label is kept as it is, and open it among the saved cases."""
    await begin(hand)
    await hand.press("l")
    await hand.paste("cell 555-0188")
    await hand.press("enter", "s")
    await hand.on(IdentifiersScreen)
    await hand.press("n")
    await hand.on(HomeScreen)
    # As if the app had been opened anew.
    hand.app.kept_identifiers.clear()
    await hand.press("c")
    await hand.on(CasesScreen)
    await hand.until(lambda: "555-0188" in hand.text)
    await hand.press("enter")
    await hand.on(CaseScreen)


async def test_the_export_screen_asks_and_hands_on_what_was_decided(
    desk: SitDown, folder: Path
) -> None:
    async with desk() as hand:
        await saved_case(hand)
        await hand.press("x")
        await hand.on(ExportScreen)
        await hand.press("2")
        await hand.on(IdentifiersScreen)
        await hand.press("y")
        await hand.on(ExportScreen)
        await hand.press("enter")
        await hand.until(lambda: "written to" in hand.words)
    (note,) = (folder / "exports").glob("*.md")
    assert "[telephone removed]" in note.read_text("utf-8").replace("\\", "")
    assert "555-0188" not in note.read_text("utf-8")
    (path,) = toml_files(folder)
    assert "555-0188" in path.read_text("utf-8")


async def test_a_review_says_what_it_sees_before_it_is_kept_for_ever(
    desk: SitDown, folder: Path
) -> None:
    folder.mkdir()
    shutil.copy(next(EXAMPLES.glob("*-example01.toml")), folder)
    async with desk(by="B", role="nurse") as hand:
        await hand.press("c")
        await hand.on(CasesScreen)
        await hand.until(lambda: "final" in hand.text)
        await hand.press("enter")
        await hand.on(CaseScreen)
        await hand.press("r")
        await hand.on(ReviewScreen)
        await hand.press("o")
        await hand.paste("asked his wife Tamsin")
        assert "“Tamsin” looks like a name of a person · F2 replaces" in hand.hint
        await hand.press("enter", "s")
        assert "“Tamsin” looks like a name of a person." in hand.form_words


async def test_what_looks_like_an_identifier_is_said_while_it_is_typed_and_before_a_save(
    desk: SitDown, folder: Path, store: CaseStore
) -> None:
    async with desk() as hand:
        await begin(hand)
        await before_a_save_everything_seen_is_listed_and_replaced_together(hand, folder, store)
        await begin(hand)
        await in_turn(
            hand,
            a_prompt_says_what_it_sees_and_f2_replaces_it,
            a_form_says_it_too_but_not_of_who_decides,
            a_disk_that_refuses_leaves_the_texts_and_saves_nothing,
        )
