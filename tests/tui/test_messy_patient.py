"""A patient as she is told, typed as people type: all is understood, and nothing goes astray."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ketatui.tui.screens.consultation import ConsultationScreen
from tests.tui.support import Hand, SitDown

MEDICINES = {
    "sert 200": ("sertraline", "200"),
    "bupropion XL 300": ("bupropion XL", "300"),
    "arip 5": ("aripiprazole", "5"),
    "loraz 1 qhs": ("lorazepam", "1 qhs"),
    "gabapentin 600 tid": ("gabapentin", "600 tid"),
    "losartan/HCTZ": ("losartan/HCTZ", ""),
    "ozemp": ("ozempic", ""),
    "cannabis": ("cannabis", ""),
}
"""Each line as it is typed, and the row it is to be."""

TRIALS = ("sert 200 8w", "venl XR 150 5w", "bupro XL 300 10w")
MOST_KEYS = 220
"""It was 328 where three of the medicines were not understood; one more row is typed besides."""


async def write(hand: Hand, text: str) -> None:
    """Press the keys of a text."""
    await hand.press(*("space" if character == " " else character for character in text))


async def line(hand: Hand, text: str) -> None:
    """Type a line and Enter."""
    await write(hand, text)
    await hand.press("enter")


async def find(hand: Hand, word: str) -> None:
    """Find a question by a word for it."""
    await hand.press("slash")
    await line(hand, word)


@pytest.mark.parametrize(
    ("width", "height"), [(120, 40), pytest.param(80, 24, marks=pytest.mark.long)]
)
async def test_a_messy_patient_is_understood_as_typed(
    desk: SitDown, width: int, height: int
) -> None:
    async with desk(width, height) as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await find(hand, "age")
        await line(hand, "58")
        await hand.press("1")
        await find(hand, "dx")
        await hand.press("1")
        await find(hand, "phq")
        await hand.press("enter", *"333322221")
        assert "! Asked now:" in hand.form_words
        await hand.press("escape")
        await find(hand, "trial")
        for text in TRIALS:
            await line(hand, text)
            await hand.press("1", "y", "y")
        assert hand.presses < MOST_KEYS - 105
        await hand.press("escape")
        await find(hand, "cpap")
        await hand.press("y", "o")
        await line(hand, "CPAP nightly")
        await find(hand, "148/92")
        await find(hand, "rx")
        for text in MEDICINES:
            await line(hand, text)
        await hand.press("escape")
        assert hand.presses <= MOST_KEYS
        await find(hand, "trials")
        await line(hand, "aripiprazole 5 mg as augmentation")
        await hand.press("escape")
        case, assessment = hand.consultation.case, hand.consultation.assessment
        assert {key: case.answers[key] for key in sorted(case.answers)} == {
            "indication.diagnosis": "mdd",
            "medical.respiratory": True,
            "patient.age": 58,
            "patient.sex": "female",
            "scales.phq9": 21,
            "vitals.diastolic": 92,
            "vitals.systolic": 148,
        }
        assert case.notes == {"medical.respiratory": "CPAP nightly"}
        assert case.label == ""
        rows = [(item.name, item.dose) for item in case.medications]
        assert rows == list(MEDICINES.values())
        assert assessment.unrecognised == ()
        trials = [(row.kind, row.drug, row.daily_dose_mg, row.weeks) for row in case.trials]
        assert trials == [
            (None, "sertraline", Decimal(200), Decimal(8)),
            (None, "venlafaxine XR", Decimal(150), Decimal(5)),
            (None, "bupropion XL", Decimal(300), Decimal(10)),
            ("augmentation", "aripiprazole", Decimal(5), None),
        ]
        assert [item.counts for item in assessment.trials.judgments] == [True, False, True, False]
