"""A table that only the criteria know is filled in like the others."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.tui.screens.consultation import ConsultationScreen
from tests.further import INFUSIONS, with_infusions
from tests.tui.keys import joined
from tests.tui.support import SitDown


@pytest.fixture(scope="module")
def knowledge(pack: Pack) -> Knowledge:
    return compile_pack(with_infusions(pack))


async def test_rows_are_added_filled_opened_and_deleted(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.go_to(INFUSIONS)
        await hand.press(*joined("enter h a r b o r enter 4 0 enter 6 enter 1 y"))
        (row,) = hand.consultation.case.tables[INFUSIONS]
        assert row == {
            "clinic": "harbor",
            "dose_mg": Decimal(40),
            "number": 6,
            "route": "iv",
            "helped": True,
        }
        assert "1. harbor, 40 mg, 6, Vein, helped: yes filled in" in hand.form_words
        await hand.press(*joined("x y enter"))
        assert "2. xy 3 to fill in" in hand.form_words
        await hand.press("escape")
        await hand.press("ctrl+z")
        assert len(hand.consultation.case.tables[INFUSIONS]) == 1
