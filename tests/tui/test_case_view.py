"""A saved case in the app: opened, searched, checked, compared, handed on."""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ketatui.cases.folders import EXPORTS
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore, Loaded
from ketatui.engine import Knowledge, compile_pack
from ketatui.reports.plain_text import plain_text
from ketatui.reports.short_note import short_note
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.case_comparison import CaseComparisonScreen
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.choose import ChooseScreen
from ketatui.tui.screens.export import ExportScreen
from ketatui.tui.screens.reassessment import ReassessmentScreen
from tests.tui.conftest import DRAFT_ID, NOW
from tests.tui.courses import to_case
from tests.tui.support import Hand, SitDown
from tests.tui.test_case_pages import with_thresholds

Filed = Callable[..., Loaded]
ReadCase = Callable[[str], Case]
OTHER = "20261121-190000-b2b2"


def higher(case: Case, systolic: int = 168) -> Case:
    return case.replaced(answers={**case.answers, "vitals.systolic": systolic})


async def every_line_opens_by_key_and_by_mouse_and_can_be_found(hand: Hand) -> None:
    screen = await hand.on(CaseScreen)
    assert screen.section == "summary"
    await hand.press("5", "enter")
    assert screen.section == "findings"
    assert "Values read: Aneurysm (aorta, brain, limbs) = yes" in hand.all_lines
    assert "Source: SPRAVATO (esketamine) nasal spray" in hand.all_lines
    await hand.press("enter")
    assert "Values read" not in hand.all_lines
    await hand.press("right_square_bracket", "right_square_bracket")
    assert screen.section == "contradictions"
    await hand.click("#sections", "2 Answers")
    assert screen.section == "answers"
    await hand.click("#body", "Psychiatrist")
    assert "from site profile; confirmed by Dr Q; answered otherwise since" in hand.all_lines
    assert "Read by:" in hand.all_lines
    await hand.press("slash", *"aneurysm", "enter")
    assert "find “aneurysm”" in hand.text
    assert "Copy given" not in hand.all_lines
    await hand.press("escape")
    assert "find" not in hand.lines[0]
    await hand.press("0", "z")
    assert "The first save: everything in it was new." in hand.all_lines
    await hand.press("home")
    assert (screen.section, screen.body.top) == ("summary", 0)
    seen = [screen.section]
    for _ in range(12):
        await hand.press("space")
        seen.append(screen.section)
    assert seen[-1] == "history"
    assert seen == sorted(seen, key=list(dict.fromkeys(seen)).index)


async def an_export_never_takes_the_place_of_a_file_unasked(hand: Hand, path: Path) -> None:
    folder = path.parent
    exports = folder / EXPORTS
    await hand.press("x")
    await hand.on(ExportScreen)
    for digit in "66":
        await hand.press(digit, "enter")
    first = exports / f"{DRAFT_ID}.csv"
    assert sorted(item.name for item in exports.iterdir()) == [f"{DRAFT_ID}-2.csv", first.name]
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(exports.stat().st_mode) == 0o700
    first.write_text("mine", "utf-8")
    await hand.press("5", "ctrl+u")
    await hand.paste(str(first))
    await hand.press("enter")
    assert "is there already" in hand.words
    await hand.press("n", "enter", "escape")
    assert first.read_text("utf-8") == "mine"
    await hand.press("5", "ctrl+u")
    await hand.paste(str(first))
    await hand.press("enter", "y", "enter")
    assert first.read_text("utf-8").startswith('{"resourceType":"Bundle"')
    await hand.press("4", "ctrl+u")
    await hand.paste(str(folder / "nowhere" / "consent.pdf"))
    await hand.press("enter")
    assert "✗ Not written:" in hand.text
    assert "No such file or directory" in hand.words
    path.write_text("changed meanwhile", "utf-8")
    await hand.press("2")
    assert "has changed since it was opened. What stands here" in hand.words
    await hand.press("escape", "5", "ctrl+u", *"~nobody-here/x", "enter")
    assert "~nobody-here/x: No such file or directory" in hand.words
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "typst", None)
        await hand.press("3", "enter")
    assert 'PDF needs the extra "pdf": pip install' in hand.text
    assert not (exports / f"{DRAFT_ID}.pdf").exists()


async def a_file_that_vanishes_stays_on_the_screen_and_can_still_be_handed_on(
    hand: Hand, path: Path
) -> None:
    path.unlink()
    # Nobody has to press anything: the screen looks by itself.
    await hand.later(2.0)
    assert "is not there any more" in hand.text
    assert "What stands here is what was read" in hand.words
    assert "Aneurysm" in hand.all_lines
    await hand.press("f7")
    assert "Not verified: the file is not there." in hand.text
    await hand.press("x")
    await hand.on(ExportScreen)
    exported = path.parent / EXPORTS / f"{DRAFT_ID}.md"
    assert not exported.exists()
    await hand.press("2", "enter")
    assert "Record as a file, written to" in hand.words
    assert exported.exists()


async def test_a_case_is_read_handed_on_and_kept_on_the_screen_when_its_file_vanishes(
    desk: SitDown, filed: Filed, case_of: ReadCase
) -> None:
    proposed = {
        "question": "setting.prescriber",
        "resource": "site profile",
        "confirmed_by": "Dr Q",
    }
    path = filed(case_of("03").replaced(extra={"proposals": [proposed]})).stamp.path
    async with desk() as hand:
        await to_case(hand)
        await every_line_opens_by_key_and_by_mouse_and_can_be_found(hand)
        await an_export_never_takes_the_place_of_a_file_unasked(hand, path)
        await hand.press("escape")
        await hand.on(CaseScreen)
        await a_file_that_vanishes_stays_on_the_screen_and_can_still_be_handed_on(hand, path)


async def test_a_file_that_is_replaced_is_read_again_only_when_it_can_be_and_verified(
    desk: SitDown, filed: Filed, case_of: ReadCase, store: CaseStore
) -> None:
    loaded = filed(case_of("01"))
    path, good = loaded.stamp.path, loaded.stamp.path.read_bytes()
    async with desk() as hand:
        screen = await to_case(hand)
        assert "F6 read again" not in hand.hint
        path.write_bytes(good.replace(b"[answers.patient]", b"[answers.patient"))
        await hand.press("down")
        await hand.later(2.0)
        assert "has changed since it was opened" in hand.text
        await hand.press("f6")
        assert f"✗ Not read: {path.name}:" in hand.text
        assert screen.case == loaded.case
        assert "52 years" in hand.all_lines
        path.write_bytes(good)
        store.save(higher(loaded.case), base=loaded.stamp, by="n", why="later", now=NOW)
        await hand.press("f6")
        assert "has changed" not in hand.text
        assert "revision 2 of 2" in hand.all_lines
        assert "168 mmHg" in hand.all_lines
        # Which revision was changed by hand is said.
        await hand.press("f7")
        assert "✓ Verified: revisions 1 to 2 are as sealed" in hand.text
        path.write_bytes(path.read_bytes().replace(b'why = "end of', b'why = "End of'))
        await hand.press("f7")
        assert "✗" in hand.text
        assert "revision 1: was changed outside the program after it was saved" in hand.words
        assert "has changed since it was opened" in hand.words


async def test_an_older_revision_opens_as_it_stood_and_is_compared(
    desk: SitDown, filed: Filed, case_of: ReadCase
) -> None:
    case = case_of("01")
    filed(case, higher(case), higher(case, 150))
    async with desk() as hand:
        await to_case(hand)
        assert "150 mmHg" in hand.all_lines
        await hand.press("0", "end", "g")
        await hand.until(lambda: "revision 1 of 3, not the newest" in hand.lines[0])
        screen = await hand.on(CaseScreen)
        assert "! Revision 1 of 3, not the newest." in hand.text
        assert "124 mmHg" in hand.all_lines
        assert "150 mmHg" not in hand.all_lines.partition("0 History")[0]
        assert "F9 amend" not in hand.hint
        await hand.press("f9", "x")
        assert hand.app.screen is screen
        await hand.press("0", "down", "t")
        await hand.on(CaseComparisonScreen)
        assert "revision 1 (A), 2 (B)" in hand.lines[0]
        answers = hand.all_lines.partition("2 Answers")[2].partition("3 Verdicts")[0]
        assert "Systolic blood pressure 124 mmHg → 168 mmHg" in answers
        assert answers.count("→") == 1
        await hand.press("v")
        assert "Systolic blood pressure 168 mmHg → 124 mmHg" in hand.all_lines
        await hand.press("escape")
        assert hand.app.screen is screen
        await hand.press("escape")
        assert "not the newest" not in hand.text


async def test_another_case_is_chosen_by_typing_part_of_its_label(
    desk: SitDown, filed: Filed, case_of: ReadCase, folder: Path
) -> None:
    filed(case_of("03").replaced(label="aneurysm, invented"), ident=OTHER)
    filed(case_of("08").replaced(label="crps, invented"), ident=OTHER[:-1] + "3")
    filed(case_of("01"), higher(case_of("01")))
    (folder / "broken.toml").write_text("schema = ", "utf-8")
    (folder / "broken.toml").touch()
    async with desk(80, 24) as hand:
        await hand.press("c")
        await hand.on(CasesScreen)
        await hand.press("slash", *DRAFT_ID[-4:], "enter", "enter")
        await hand.on(CaseScreen)
        await hand.press("t")
        await hand.on(ChooseScreen)
        await hand.until(lambda: "aneurysm, invented" in hand.text)
        assert "Revision 1" in hand.text
        assert "broken" not in hand.text
        await hand.press(*"zzz")
        await hand.press("enter")
        assert isinstance(hand.app.screen, ChooseScreen)
        await hand.press(*["backspace"] * 3, *"aneurysm")
        await hand.press("enter")
        await hand.on(CaseComparisonScreen)
        assert f"{DRAFT_ID} (A), {OTHER} (B)" in hand.lines[0]
        assert "Aneurysm (aorta, brain, limbs) no → yes" in hand.all_lines
        await hand.press("escape")
        await hand.on(CaseScreen)
        await hand.press("t")
        await hand.on(ChooseScreen)
        await hand.press("escape")
        await hand.on(CaseScreen)


async def test_again_today_under_changed_criteria_names_threshold_and_source(
    desk: SitDown, filed: Filed, case_of: ReadCase, knowledge: Knowledge
) -> None:
    filed(higher(case_of("01"), 150))
    async with desk() as hand:
        hand.app.resources.knowledge = compile_pack(
            with_thresholds(knowledge.pack, {"bp_caution_systolic": 152})
        )
        await to_case(hand)
        assert "Today 2 of 4 verdicts differ" in hand.all_lines
        await hand.press("w")
        await hand.on(ReassessmentScreen)
        assert "Spravato (decided)" not in hand.all_lines
        assert "! Criteria met, with cautions → ✓ Criteria met" in hand.all_lines
        await hand.press("2", "enter")
        assert "was changed from 140 to 152" in hand.all_lines
        assert "Threshold:" in hand.all_lines
        assert "Source:" in hand.all_lines
        await hand.press("escape")
        await hand.on(CaseScreen)


async def test_the_note_goes_to_the_clipboard_as_it_would_to_a_file(
    desk: SitDown,
    filed: Filed,
    case_of: ReadCase,
    knowledge: Knowledge,
    store: CaseStore,
    folder: Path,
) -> None:
    evil = case_of("01").replaced(label="\x1b]52;c;eA==\x07")
    path = filed(evil).stamp.path
    # Nothing here saves practice as a case; somebody may put such a file there all the same.
    text = path.read_text("utf-8")
    path.write_text(text.replace("practice = false", "practice = true"), "utf-8")
    loaded = store.load(path)
    async with desk() as hand:
        await to_case(hand)
        assert "PRACTICE" in hand.lines[0]
        await hand.press("x")
        await hand.on(ExportScreen)
        assert "Marked on every export: practice and draft." in hand.text
        await hand.press("1")
        text = hand.app.clipboard
        assert text == plain_text(short_note(knowledge, loaded.reading, NOW.date()).blocks)
        assert all(letter.isprintable() for letter in text.replace("\n", ""))
        assert "PRACTICE" in text
        assert "Sent to the terminal for its clipboard" in hand.words
        await hand.press("enter", "enter")
        written = (folder / EXPORTS / f"{DRAFT_ID}-note.txt").read_text("utf-8")
        assert written == text
