"""When something goes wrong: a full disk, a file changed meanwhile, hostile text, a crash."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ketatui.cases.drafts import list_drafts
from ketatui.cases.model import Case, Medication
from ketatui.cases.store import CaseStore
from ketatui.tui.crash import report_text, write_report
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.consent import ConsentScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.decide import DecideScreen
from ketatui.tui.screens.explain import ExplainScreen
from ketatui.tui.screens.home import HomeScreen
from tests.tui.support import Hand, SitDown, in_turn, toml_files

ReadCase = Callable[[str], Case]
LeaveDraft = Callable[..., Path]

HOSTILE = "[bold red]x[/] [/] $y \x1b[31mred\x1b[0m \u202egnp\u202c \x07 a\tb"
SHOWN = "[bold red]x[/] [/] $y \\x1b[31mred\\x1b[0m \\u202egnp\\u202c \\x07 a b"


def break_the_disk(hand: Hand) -> int:
    """Make the draft's file descriptor refuse writes; return a copy of the good one."""
    file = hand.opened.journal._file
    good = os.dup(file)
    read_only = os.open(hand.opened.journal.path, os.O_RDONLY)
    os.dup2(read_only, file)
    os.close(read_only)
    return good


def mend_the_disk(hand: Hand, good: int) -> None:
    """Put the good file descriptor back."""
    os.dup2(good, hand.opened.journal._file)
    os.close(good)


async def test_an_answer_that_can_not_be_written_is_not_taken_and_says_so(
    desk: SitDown, folder: Path
) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press("1")
        before = hand.consultation.case
        on_disk = hand.opened.journal.path.read_bytes()
        good = break_the_disk(hand)
        await hand.press("y")
        assert "NOT KEPT" in hand.lines[0]
        assert "could not be written to disk" in hand.hint
        assert hand.consultation.case == before
        assert hand.focused == "setting.dea_ciii"
        await hand.press("ctrl+z")
        assert hand.consultation.case == before
        assert hand.opened.journal.path.read_bytes() == on_disk
        # A text that was refused is offered again, and a single Esc does not drop it.
        for key, kept in (("o", "notes"), ("l", "label")):
            await hand.press(key, *"word", "enter", "escape")
            assert "word" in hand.lines[-2]
            assert "Esc again drops it" in hand.lines[-2]
            await hand.press("escape")
            assert getattr(hand.consultation.case, kept) == getattr(before, kept)
        mend_the_disk(hand, good)
        await hand.press("y")
        assert "NOT KEPT" not in hand.text
        assert hand.answers["setting.dea_ciii"] is True
        await hand.press("escape")
        await hand.on(HomeScreen)
        (entry,) = list_drafts(folder)
        assert (entry.count, entry.problem) == (2, None)
        # Where somebody else wrote to the draft, one small line says what still keeps it.
        await hand.press("r")
        await hand.on(ConsultationScreen)
        await hand.resize(80, 24)
        with hand.opened.journal.path.open("ab") as file:
            file.write(b"{}\n")
        await hand.press("1")
        assert "NOT KEPT: the draft's file was changed by another window" in hand.lines[0]
        said = "Not taken: this draft's file is another's now. s saves what stands here."
        assert hand.hint.startswith(said)
        await hand.press("s")
        await hand.on(HomeScreen)
    assert len(list(toml_files(folder))) == 1


async def test_a_text_that_can_not_be_written_waits_where_it_was_typed(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("03"))
    async with desk(by="dr b") as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        await hand.press("d", "2")
        await hand.on(DecideScreen)
        rule = next(item.key for item in hand.form.items if item.key.startswith("override:"))
        for key in ("by", "reason", rule):
            hand.form.focus_on(key)
            await hand.paste(f"text of {key}")
            good = break_the_disk(hand)
            await hand.press("enter")
            assert "ould not be written to disk" in hand.hint
            mend_the_disk(hand, good)
            if hand.form.typing is None:
                await hand.press("enter")
            assert hand.form.typing is not None
            assert hand.form.typing.text == f"text of {key}"
            await hand.press("enter")
        decision = hand.consultation.case.decision
        assert (decision.by, decision.reason) == ("text of by", "text of reason")
        assert [item.reason for item in decision.overrides] == [f"text of {rule}"]
        await hand.press("escape", "c")
        await hand.on(ConsentScreen)
        await hand.press("b")
        await hand.paste("it may not last")
        good = break_the_disk(hand)
        await hand.press("enter")
        assert "ould not be written to disk" in hand.hint
        mend_the_disk(hand, good)
        await hand.press("enter")
        marks = hand.consultation.case.consent.items.values()
        assert [mark.teach_back for mark in marks] == ["it may not last"]


async def test_a_cases_folder_that_can_not_be_made_is_named_and_nothing_begins(
    desk: SitDown, folder: Path
) -> None:
    folder.write_text("a file where the folder should be")
    async with desk() as hand:
        await hand.until(lambda: "Not a directory" in hand.hint)
        await hand.press("n")
        assert isinstance(hand.app.screen, HomeScreen)
        assert "cannot begin" in hand.hint


async def amend(hand: Hand) -> None:
    await hand.press("c")
    await hand.on(CasesScreen)
    await hand.press("enter")
    await hand.on(CaseScreen)
    await hand.press("f9")
    await hand.on(ConsultationScreen)


async def test_amending_makes_revisions_of_one_file_and_keeps_what_somebody_else_made_of_it(
    desk: SitDown, folder: Path, store: CaseStore
) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press("1", "s")
        await hand.on(HomeScreen)
        (path,) = toml_files(folder)

        await amend(hand)
        await hand.press("y", "s")
        await hand.on(HomeScreen)
        assert list(toml_files(folder)) == [path]
        case = store.load(path).case
        assert [item.number for item in case.revisions] == [1, 2]
        assert case.answers["setting.dea_ciii"] is True

        # Amending a case that has a draft goes on with the draft.
        await amend(hand)
        await hand.press("2", "escape")
        await hand.on(CasesScreen)
        assert "draft, 1 change" in hand.text
        assert "1 changes" not in hand.text
        await hand.press("down", "enter")  # The draft is the first line, the case the second.
        await hand.on(CaseScreen)
        await hand.press("f9")
        await hand.on(ConsultationScreen)
        assert hand.answers["setting.site"] == "inpatient_unit"
        await hand.press("y", "s")
        await hand.on(HomeScreen)
        assert list(toml_files(folder)) == [path]
        case = store.load(path).case
        assert [item.number for item in case.revisions] == [1, 2, 3]
        assert case.answers["setting.site"] == "inpatient_unit"
        assert list_drafts(folder) == []

        # A file that changed meanwhile is asked about, and both are kept.
        await amend(hand)
        hand.form.focus_on("setting.dea_ciii")
        await hand.press("n")
        theirs = path.read_bytes() + b"\n# somebody else\n"
        path.write_bytes(theirs)
        await hand.press("s")
        assert "Keep both" in hand.text
        await hand.press("n", "enter")
        assert "Not saved. The draft is still on disk." in hand.hint
        assert path.read_bytes() == theirs
        await hand.press("s", "y", "enter")
        await hand.on(HomeScreen)
    both = list(toml_files(folder))
    assert len(both) == 2
    assert path.read_bytes() == theirs
    (mine,) = (store.load(item).case for item in both if item != path)
    assert mine.answers["setting.dea_ciii"] is False
    assert list_drafts(folder) == []


async def test_hostile_text_in_a_draft_shows_as_text_everywhere(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    case = case_of("01").replaced(
        notes={"medications": HOSTILE}, medications=(Medication(name=HOSTILE, dose=HOSTILE),)
    )
    draft(case, label=HOSTILE)
    async with desk() as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        assert SHOWN[:20] in hand.lines[0]
        await hand.go_to("medications")
        assert SHOWN[:20] in hand.text
        await hand.press("enter")
        assert SHOWN[:20] in hand.text
        for keys, screen in (("escape e", ExplainScreen), ("escape s", HomeScreen)):
            await hand.press(*keys.split())
            await hand.on(screen)
            assert_harmless(hand)
        await hand.press("c")
        await hand.on(CasesScreen)
        assert "[bold red]x[/]"[:8] in hand.text
        assert_harmless(hand)
        await hand.press("enter")
        await hand.on(CaseScreen)
        assert SHOWN[:20] in hand.text
        assert_harmless(hand)


def assert_harmless(hand: Hand) -> None:
    """Nothing on the screen is anything but a printable character."""
    odd = {letter for line in hand.lines for letter in line if not letter.isprintable()}
    assert odd == set()


async def a_label_typed_with_markup_is_kept_letter_by_letter(hand: Hand) -> None:
    for text in ("[/]", "[red]p < 0.05 [n=3]", "$error {x} \\[", "x" * 80):
        await hand.press("l")
        await hand.paste(text)
        await hand.press("enter")
        assert hand.consultation.case.label == text
        assert text[:40] in hand.lines[0]
        await hand.press("ctrl+z")
        assert hand.consultation.case.label == ""


async def control_characters_can_not_be_pasted_into_an_entry(hand: Hand) -> None:
    await hand.go_to("medications")
    await hand.press("enter")
    await hand.paste("aspirin\x1b[31m\nlithium")
    assert_harmless(hand)
    await hand.press("y")
    assert_harmless(hand)
    assert len(hand.consultation.case.medications) == 2


async def pasted_rows_that_can_not_be_written_wait_to_be_added_once_more(hand: Hand) -> None:
    await hand.go_to("indication.diagnosis")
    await hand.press("1", "enter")
    tables = {"medications": "aspirin\nlithium", "antidepressant_trials": "sertraline\nbupropion"}
    for question, lines in tables.items():
        await hand.go_to(question)
        await hand.press("enter")
        await hand.paste(lines)
        good = break_the_disk(hand)
        await hand.press("y")
        assert "could not be written to disk" in hand.hint
        assert "Add these 2" in hand.form_words
        mend_the_disk(hand, good)
        await hand.press("y")
        assert "2 rows added; Ctrl+Z undoes them." in hand.hint
        await hand.press("escape")
    case = hand.consultation.case
    assert (len(case.medications), len(case.trials)) == (2, 2)


async def test_what_is_typed_or_pasted_is_text(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await in_turn(
            hand,
            a_label_typed_with_markup_is_kept_letter_by_letter,
            control_characters_can_not_be_pasted_into_an_entry,
            pasted_rows_that_can_not_be_written_wait_to_be_added_once_more,
        )


def failing(secret: str) -> None:
    private = secret
    raise ValueError(f"a message that quotes {private}")


def test_a_crash_report_holds_no_message_and_no_local_variable(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="quotes") as caught:
        failing("anna lives here")
    text = report_text(caught.value)
    assert "anna" not in text
    assert "quotes" not in text
    assert "ValueError" in text
    assert "in failing" in text
    path = write_report(caught.value, tmp_path)
    assert path.read_text().splitlines()[2:] == text.splitlines()[2:]


async def test_an_error_in_the_app_keeps_the_draft_and_ends_with_status_one(
    desk: SitDown, folder: Path
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with desk() as hand:
            await hand.press("n")
            screen = await hand.on(ConsultationScreen)
            await hand.press("1")
            screen.call_later(lambda: 1 // 0)
            await hand.until(lambda: False)
    assert hand.app.return_code == 1
    (entry,) = list_drafts(folder)
    assert (entry.count, entry.in_use) == (1, False)
    assert len(list((folder / "drafts").glob("crash-*.txt"))) == 1
