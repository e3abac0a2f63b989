"""What is too old says so where it stands, at both sizes, and is taken again by an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from ketatui.cases.model import Case
from ketatui.consultation import saving
from ketatui.tui.screens.consultation import ConsultationScreen
from tests.engine.clean import clean
from tests.tui.conftest import NOW, defaults_of
from tests.tui.support import SitDown

LATER = (NOW + dt.timedelta(days=7)).date()


@pytest.fixture
def next_week(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(defaults_of(saving.resume), "today", lambda: LATER)


async def test_an_old_answer_matters_next_and_says_so_on_its_line_until_it_is_taken_again(
    desk: SitDown, draft: Callable[[Case], Path], next_week: None
) -> None:
    draft(clean())
    async with desk() as hand:
        await hand.press("r", "enter")
        await hand.on(ConsultationScreen)
        await hand.press(".")
        assert hand.focused in hand.consultation.stale
        assert "More information needed" in hand.text
        for size in ((120, 40), (80, 24)):
            await hand.resize(*size)
            await hand.go_to("vitals.diastolic")
            row = next(line for line in hand.lines if "Diastolic" in line)
            assert "78 mmHg" in row
            assert "Nov 21: too old" in row
            told = "too old, take again (from 2026-11-21, counts for that day)"
            assert f"! 78 mmHg, 2026-11-21: {told}" in hand.form_words
            assert hand.consultation.status("vitals.diastolic") == "open"
            # Nothing of it is offered to be confirmed.
            await hand.press("enter")
            assert hand.form.typing is not None
            assert hand.form.typing.text == ""
            await hand.press("7", "8", "enter")
            assert "vitals.diastolic" not in hand.consultation.stale
            assert hand.consultation.case.dates["vitals.diastolic"] == LATER
            row = next(line for line in hand.lines if "Diastolic" in line)
            assert "too old" not in row
            await hand.press("ctrl+z")
