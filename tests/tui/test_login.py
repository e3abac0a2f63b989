"""Logging in to a record system from within the app: a browser does it, and nothing is held up."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from ketatui.cases.reading import read_case
from ketatui.criteria.pack import Pack
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.proposals import ProposalsScreen
from tests.records.authority import Authority, authorizing
from tests.records.test_send import EXAMPLE
from tests.tui.support import Hand, SitDown
from tests.tui.test_case_view import Filed
from tests.tui.test_sending import to_the_line

SHOWN = re.compile(r"http://127\.0\.0\.1:\d+/(?= )")


@pytest.fixture
def authority() -> Iterator[Authority]:
    with authorizing() as held:
        yield held


def visit(page: str) -> None:
    """Open a page in a browser, and do what it says."""
    try:
        urlopen(page, timeout=60).read()
    except HTTPError as error:
        error.close()


async def to_the_login(hand: Hand) -> str:
    """Say who we are; return the address that is shown to log in at."""
    await hand.press("enter")
    await hand.paste("ketatui")
    await hand.press("enter")
    await hand.until(lambda: "Waiting for the login (Esc gives up)" in hand.words)
    assert "Log in with a browser, within 5 minutes" in hand.words
    (shown,) = SHOWN.findall(f"{hand.words} ")
    return str(shown)


async def to_the_record(hand: Hand, authority: Authority) -> str:
    await hand.press("n")
    await hand.on(ConsultationScreen)
    await hand.press("p")
    await hand.on(ProposalsScreen)
    await hand.paste(authority.address)
    await hand.press("enter")
    return await to_the_login(hand)


async def test_a_login_is_given_up_refused_and_leads_to_the_proposals_of_the_patient_chosen(
    desk: SitDown, authority: Authority
) -> None:
    async with desk() as hand:
        await to_the_record(hand, authority)
        await hand.press("escape")
        assert "Not logged in." in hand.words
        assert "Record (file, folder or server)" in hand.words
        # Nothing waits on.
        await hand.until(lambda: not any(item.is_running for item in hand.app.workers))
        assert authority.query == {}
        granted, authority.says = authority.says, {"error": "access_denied"}
        await hand.press("ctrl+u")
        await hand.paste(authority.address)
        await hand.press("enter")
        page = await to_the_login(hand)
        await asyncio.to_thread(visit, page)
        await hand.until(lambda: "the login was refused: access_denied" in hand.words)
        authority.says = granted
        await hand.press("ctrl+u")
        await hand.paste(authority.address)
        await hand.press("enter")
        page = await to_the_login(hand)
        # Whatever is typed meanwhile, it is still waited for.
        await hand.press("y", "enter", "backspace", "enter")
        await asyncio.to_thread(visit, page)
        await hand.until(lambda: "2 answers proposed" in hand.words)
        assert "Waiting for the login" not in hand.words
        assert "write" not in authority.query["scope"]


async def test_to_send_leave_to_write_is_asked_for_and_then_whether(
    desk: SitDown, filed: Filed, pack: Pack, authority: Authority
) -> None:
    filed(read_case(EXAMPLE.read_text("utf-8"), path=EXAMPLE.name, pack=pack))
    async with desk() as hand:
        await to_the_line(hand)
        await hand.paste(authority.address)
        await hand.press("enter")
        page = await to_the_login(hand)
        await asyncio.to_thread(visit, page)
        await hand.until(lambda: "Write both into that record? (y/n)" in hand.words)
        assert "Patient/p1" in hand.words
        assert "patient/DocumentReference.write" in authority.query["scope"]
        await hand.press("n", "enter")
        assert "Nothing was sent." in hand.words
