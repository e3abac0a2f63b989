from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from ketatui.cases.entries import Entry
from ketatui.cases.library import Query
from ketatui.cases.model import Case, Decision
from ketatui.cases.store import CaseStore
from ketatui.consultation.completing import completed
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import SetAnswer, SetDecision, SetLabel
from ketatui.engine import Knowledge
from ketatui.tui.screens.case import CaseScreen
from ketatui.tui.screens.cases import CasesScreen
from ketatui.tui.screens.filters import FiltersScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.overview import OverviewScreen
from ketatui.tui.views.cases import case_line, columns, head_line
from tests.each import each
from tests.tui.conftest import NOW
from tests.tui.support import Hand, SitDown

DAY = dt.date(2026, 11, 21)


@pytest.fixture(scope="module")
def shelved(
    tmp_path_factory: pytest.TempPathFactory,
    knowledge: Knowledge,
    case_of: Callable[[str], Case],
) -> list[Path]:
    """Six saved cases; the fourth is saved on another day, so that its answers are old by now."""
    store = CaseStore(tmp_path_factory.mktemp("shelf"), knowledge.pack)
    paths = []
    for number, (label, name, decided) in enumerate(
        (
            ("anna", "01", "spravato"),
            ("bert", "03", "none"),
            ("carl", "08", "iv"),
            ("dora", "01", "spravato"),
            ("emil", "03", None),
            ("frey", "08", "none"),
        )
    ):
        then = NOW - dt.timedelta(days=400 if label == "dora" else 0, minutes=10 - number)
        begun = case_of(name).replaced(id=f"{then:%Y%m%d-%H%M%S}-aaa{number}")
        consultation = Consultation(knowledge, begun, today=then.date)
        consultation.do(SetLabel(text=label))
        if decided is not None:
            decision = Decision(pathway=decided, reason="because", by="ab", at=then)
            consultation.do(SetDecision(decision=decision))
        case = completed(consultation)
        saved = store.save(case, base=None, by="ab", why="", now=then)
        paths.append(saved.stamp.path)
    return paths


@pytest.fixture
def shelf(shelved: list[Path], folder: Path) -> list[Path]:
    """Those cases, in the folder of the app."""
    folder.mkdir()
    return [Path(shutil.copy(path, folder)) for path in shelved]


async def open_list(hand: Hand) -> CasesScreen:
    await hand.press("c")
    return await hand.on(CasesScreen)


def labels(hand: Hand) -> list[str]:
    known = ("anna", "bert", "carl", "dora", "emil", "frey")
    return [name for line in hand.lines[2:] for name in known if line[2:].startswith(name)]


async def the_list_filters_as_one_types_and_sorts_by_key_and_click(hand: Hand) -> None:
    assert labels(hand) == ["frey", "emil", "carl", "bert", "anna", "dora"]
    await hand.press("slash", *"aneur")
    assert labels(hand) == ["emil", "bert"]
    assert "2 of 6, filter “aneur”" in hand.lines[0]
    await hand.press("enter", "1")
    assert labels(hand) == ["bert", "emil"]
    await hand.press("escape")
    assert labels(hand) == ["anna", "bert", "carl", "dora", "emil", "frey"]
    await hand.press("1")
    assert labels(hand)[0] == "frey"
    await hand.click("#columns", "3 Date")
    assert labels(hand) == ["frey", "emil", "carl", "bert", "anna", "dora"]
    await hand.click("#list", "bert")
    await hand.click("#list", "bert")
    await hand.on(CaseScreen)
    assert "bert" in hand.all_lines + hand.text


async def test_a_case_without_a_label_is_found_by_what_the_list_calls_it(
    desk: SitDown, filed: Callable[..., object], case_of: Callable[[str], Case]
) -> None:
    filed(case_of("01").replaced(label=""))
    async with desk() as hand:
        await open_list(hand)
        assert "52 M MDD" in hand.lines[2]
        for words, found in (
            ("52 m mdd", "1 of 1"),
            ("52 f mdd", "0 of 1"),
            ("53 m mdd", "0 of 1"),
        ):
            await hand.press("slash", *("space" if key == " " else key for key in words), "enter")
            assert found in hand.lines[0]
            await hand.press("escape")


@each("width", [80, 95, 96, 104, 116, 120, 150, 190, 240])
def test_no_title_of_a_column_is_cut(width: int) -> None:
    for name, _ in columns(width):
        assert "…" not in head_line(width, Query(sort=name)).text


@each("width", [96, 104, 116, 120, 150, 190, 240])
def test_of_a_verdict_is_seen_that_criteria_are_met_and_that_it_is_not_all(
    knowledge: Knowledge, width: int
) -> None:
    for verdict, said in (
        ("fits", "✓ Criteria met "),
        ("caution", "! Criteria met…"),
        ("unmet", "◌ Requirements"),
        ("incomplete", "? More info"),
    ):
        entry = Entry(Path("a.toml"), dt.datetime.now(dt.UTC), verdict=verdict)
        row = case_line(knowledge.pack, entry, width, dt.date(2027, 1, 4)).text
        assert said in row, verdict
        assert cell_len(row) <= width + 1


async def filters_narrow_the_list_and_count_what_they_leave(hand: Hand) -> None:
    await hand.press("f")
    await hand.on(FiltersScreen)
    assert "6 cases are left" in hand.text
    assert "[ ] nothing decided 1" in hand.words
    await hand.press("down", "space")
    assert "[x] draft 1" in hand.words
    assert "1 case is left" in hand.words
    await hand.press("backspace")
    await hand.click("#list", "no pathway")
    await hand.click("#list", "Spravato")
    assert "4 cases are left" in hand.text
    await hand.press("escape")
    await hand.on(CasesScreen)
    assert labels(hand) == ["frey", "bert", "anna", "dora"]
    assert "decision: no pathway or Spravato" in hand.lines[0]
    await hand.press("v")
    await hand.on(OverviewScreen)
    assert "4 cases of the filter decision" in hand.words
    assert "no pathway 2 50%" in hand.words
    await hand.press("escape", "escape")
    await hand.on(CasesScreen)
    assert len(labels(hand)) == 6


async def what_would_be_different_today_is_found_on_a_key(hand: Hand) -> None:
    await hand.press("w")
    await hand.until(lambda: labels(hand) == ["dora"])
    assert "≠ dora" in hand.text
    assert "different today, only because answers are too old" in hand.hint
    await hand.press("f")
    await hand.on(FiltersScreen)
    assert "[x] different, only because answers are too old 1" in hand.words
    await hand.press("escape")
    await hand.on(CasesScreen)
    await hand.press("w")
    assert len(labels(hand)) == 6


async def test_what_happens_in_the_folder_meanwhile_is_seen_and_nothing_hidden(
    desk: SitDown, shelf: list[Path], store: CaseStore
) -> None:
    async with desk() as hand:
        await open_list(hand)
        await hand.press("down")
        assert "emil" in hand.lines[3]
        shelf[4].unlink()
        await hand.press("enter")
        await hand.until(lambda: len(labels(hand)) == 5)
        shelf[5].write_text("broken [", "utf-8")
        shelf[1].write_text(shelf[1].read_text("utf-8") + "# by hand\n", "utf-8")
        changed = shelf[2].read_text("utf-8").replace('label = "carl"', 'label = "karl"')
        shelf[2].write_text(changed, "utf-8")
        await hand.press("escape")
        await hand.on(HomeScreen)
        await open_list(hand)
        await hand.until(lambda: "✗ " + shelf[5].name in hand.text)
        assert "x karl" in hand.text
        assert "  bert" in hand.text  # A remark changes nothing that is sealed.
        saved = store.load(shelf[0])
        renamed = saved.case.replaced(label="anna again")
        store.save(renamed, base=saved.stamp, by="cd", why="", now=NOW + dt.timedelta(minutes=1))
        await hand.press("f", "escape")
        await hand.until(lambda: "anna again" in hand.text)


async def test_the_list_opens_anew_each_time_at_the_newest_case_and_as_wide_as_the_screen(
    desk: SitDown, shelf: list[Path], store: CaseStore
) -> None:
    async with desk() as hand:
        await open_list(hand)
        first = hand.rows
        dark = first[2][0].style
        await hand.press("1", "down", "slash", *"ann")
        assert labels(hand) == ["anna"]
        await hand.press("backspace", "backspace", "backspace", *"bert")
        assert labels(hand) == ["bert"]
        await hand.click("#list", "bert")
        await hand.on(CaseScreen)
        hand.app.go_home()
        await hand.on(HomeScreen)
        await open_list(hand)
        assert hand.rows == first
        await hand.press("down", "down", "escape")
        saved = store.load(shelf[0])
        anew = saved.case.replaced(id="20261122-000000-bbb0", label="gina")
        later = NOW + dt.timedelta(hours=3)
        store.save(anew.replaced(revisions=()), base=None, by="cd", why="", now=later)
        await hand.on(HomeScreen)
        await open_list(hand)
        await hand.until(lambda: "7" in hand.lines[0] and "gina" in hand.text)
        await hand.press("escape")
        await hand.on(HomeScreen)
        await hand.resize(80, 24)
        hand.app.theme = "ketatui-light"
        again = await open_list(hand)
        assert again.picked is not None and again.picked.path.stem == "20261122-000000-bbb0"
        assert "Criteria" not in hand.lines[1] and "gina" in hand.lines[2]
        assert hand.rows[2][0].style != dark


async def a_saved_answer_is_in_the_list_at_once(hand: Hand) -> None:
    await hand.press("end", "enter")
    await hand.on(CaseScreen)
    await hand.press("f9")
    await hand.until(lambda: hand.app.open_case is not None)
    hand.consultation.do(SetAnswer(question="patient.age", value=47))
    # What was assessed 400 days ago is too old: the decision is taken back.
    hand.consultation.do(SetDecision(decision=Decision()))
    await hand.press("s", *"cd", "enter", *"a year on", "enter")
    await hand.on(HomeScreen)
    assert "Saved: " in hand.hint
    await open_list(hand)
    assert labels(hand)[0] == "dora"


async def test_a_folder_that_can_not_be_read_is_told(desk: SitDown, folder: Path) -> None:
    folder.write_text("in the way", "utf-8")
    async with desk() as hand:
        await hand.until(lambda: "Not a directory" in hand.text)


async def a_folder_that_is_away_is_not_taken_for_an_empty_one(hand: Hand) -> None:
    folder = hand.app.resources.cases
    folder.rename(folder.with_name("away"))
    await hand.press("f", "escape")
    await hand.until(lambda: "there is no folder" in hand.words)
    assert "its disk or share is away" in hand.words
    folder.with_name("away").rename(folder)
    await hand.press("f", "escape")
    await hand.until(lambda: len(labels(hand)) == 6)


async def test_what_is_said_of_a_file_goes_when_it_is_mended(
    desk: SitDown, shelf: list[Path]
) -> None:
    sound = shelf[5].read_bytes()
    shelf[5].write_text("broken [", "utf-8")
    async with desk() as hand:
        await open_list(hand)
        await hand.press("home")
        assert "not readable as TOML" in hand.lines[2]
        assert "not readable as TOML" in hand.hint
        told = hand.hint
        # Where a line has no room for all of the reason, the foot takes some.
        await hand.resize(60, 20)
        assert hand.lines[2].rstrip().endswith("…")
        assert hand.hint == told
        shelf[5].write_bytes(sound)
        hand.app.library_work.follow()
        await hand.until(lambda: "Enter open" in hand.hint)
        assert labels(hand)[0] == "frey"


@pytest.mark.usefixtures("shelf")
async def test_a_list_is_narrowed_sorted_compared_with_today_and_kept_up_with(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        assert "6 saved cases" in hand.text
        await open_list(hand)
        await filters_narrow_the_list_and_count_what_they_leave(hand)
        await what_would_be_different_today_is_found_on_a_key(hand)
        await a_folder_that_is_away_is_not_taken_for_an_empty_one(hand)
        await the_list_filters_as_one_types_and_sorts_by_key_and_click(hand)
        await hand.press("escape")
        await a_saved_answer_is_in_the_list_at_once(hand)
