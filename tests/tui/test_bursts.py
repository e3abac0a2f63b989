"""Keys that come all at once, as over a slow line: each belongs to what the one before opened."""

from __future__ import annotations

from ketatui.tui.screens.consultation import ConsultationScreen
from tests.tui.support import SitDown


async def test_a_search_and_its_answer_in_one_burst_answer_that_question_and_no_other(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.burst("slash", *"patient.age", "enter", *"52", "enter")
        assert hand.answers == {"patient.age": 52}
        await hand.burst("slash", *"avm", "enter", "n", "slash", *"cystitis", "enter", "y")
        assert hand.answers == {
            "patient.age": 52,
            "medical.avm": False,
            "medical.cystitis": True,
        }


async def test_a_note_and_a_label_in_one_burst_are_text_and_never_answers(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.burst(*"oyes", "enter", *"lnun", "enter", *"1y")
        case = hand.consultation.case
        assert case.notes == {"setting.prescriber": "yes"}
        assert case.label == "nun"
        assert case.answers == {"setting.prescriber": "psychiatrist", "setting.dea_ciii": True}
