"""A saved case into a patient's record, from the page of exports: asked, confirmed, sent once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ketatui.cases.reading import read_case
from ketatui.criteria.pack import Pack
from ketatui.tui.screens.export import ExportScreen
from tests.records.record_server import Record, serving
from tests.records.test_send import EXAMPLE
from tests.tui.courses import to_case
from tests.tui.support import Hand, SitDown
from tests.tui.test_case_view import Filed, ReadCase


@pytest.fixture
def record() -> Iterator[Record]:
    with serving() as held:
        yield held


async def to_the_line(hand: Hand) -> None:
    await to_case(hand)
    await hand.press("x")
    await hand.on(ExportScreen)
    await hand.press("end", "enter")


async def test_it_says_what_goes_where_and_what_failed_and_sends_once_somebody_says_yes(
    desk: SitDown, filed: Filed, pack: Pack, record: Record
) -> None:
    filed(read_case(EXAMPLE.read_text("utf-8"), path=EXAMPLE.name, pack=pack))
    record.fails = {("GET", "Patient/p1"): 503}
    async with desk() as hand:
        await to_the_line(hand)
        await hand.paste("http://ehr.example.org/fhir")
        await hand.press("enter")
        assert "not encrypted" in hand.words
        await hand.press("ctrl+u")
        await hand.paste(record.address)
        await hand.press("enter", "p", "1", "enter")
        await hand.paste("/nowhere/token")
        await hand.press("enter")
        assert "/nowhere/token: No such file" in hand.words
        await hand.press("ctrl+u", "enter")
        assert (
            f"The note and the answers as a form, to {record.address}/, Patient/p1." in hand.words
        )
        assert record.asked == []
        await hand.press("n", "enter")
        assert "Nothing was sent." in hand.words
        assert record.asked == []
        for failure in (503, None):
            record.fails = {} if failure is None else record.fails
            await hand.press("enter")
            await hand.paste(record.address)
            await hand.press("enter", "p", "1", "enter", "enter", "y", "enter")
            if failure is None:
                assert "✓ Written: DocumentReference/n1, the note" in hand.words
                assert "✓ Written: QuestionnaireResponse/n2, the answers as a form" in hand.words
                assert len(record.held) == 2
            else:
                assert "✗" in hand.words
                assert f"the server says {failure}" in hand.words
                assert record.held == []


async def test_a_draft_has_no_such_line(desk: SitDown, filed: Filed, case_of: ReadCase) -> None:
    filed(case_of("01"))
    async with desk() as hand:
        await to_case(hand)
        await hand.press("x")
        await hand.on(ExportScreen)
        assert "Into a patient's record" not in hand.all_lines
