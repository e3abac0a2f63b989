"""Tables and scales: trials with live adequacy, medicines, PHQ-9 item by item."""

from __future__ import annotations

from decimal import Decimal

from ketatui.tui.screens.consultation import ConsultationScreen
from tests.tui.keys import SERTRALINE, VENLAFAXINE, joined
from tests.tui.support import Hand, SitDown

ROWS = (
    ("2 5 enter 1 0 enter 1 y y", "dose below the minimum"),
    ("1 5 0 enter 5 enter 1 y y", "too few weeks"),
    ("1 5 0 enter 1 0 enter 3 y y", "not a failure"),
    ("1 5 0 enter 1 0 enter 1 n y", "not taken as prescribed"),
    ("1 5 0 enter 1 0 enter 1 y n", "not in this episode"),
    ("1 5 0 enter 1 0 enter 2 y y", "counts"),
)
"""The fields of a row, and what it says then."""


async def with_depression(hand: Hand, question: str) -> ConsultationScreen:
    """Begin a consultation about depression, on one of its questions."""
    await hand.press("n")
    screen = await hand.on(ConsultationScreen)
    await hand.go_to("indication.diagnosis")
    await hand.press("1", "enter")
    await hand.go_to(question)
    return screen


def answer_at(hand: Hand, text: str) -> str:
    """Return the answer on the form's line that holds a text."""
    found = next(line.text for line in hand.form.lines if text in line.text)
    return " ".join(found.partition(text)[2].split())


def listed(hand: Hand) -> list[str]:
    """Return the names in both tables."""
    case = hand.consultation.case
    return [*(row.drug for row in case.trials), *(item.name for item in case.medications)]


async def test_a_trial_says_at_every_field_whether_it_counts(desk: SitDown) -> None:
    async with desk() as hand:
        await with_depression(hand, "antidepressant_trials")
        await hand.press(*joined("enter s e r t down enter"))
        assert answer_at(hand, "1. sertraline").endswith("? wk 5 to fill in")
        await hand.press(*joined("2 5 enter"))
        assert answer_at(hand, "1. sertraline").endswith("dose below the minimum")
        await hand.press("up", "enter", *["backspace"] * 2, *joined("1 5 0 enter"))
        assert answer_at(hand, "1. sertraline").endswith("150 mg ? wk 4 to fill in")
        await hand.press(*joined("3 enter"))
        assert answer_at(hand, "1. sertraline").endswith("3 wk too few weeks")
        await hand.press(*joined("up enter backspace 1 0 enter 1 y y"))
        assert answer_at(hand, "1. sertraline").endswith("10 wk counts")
        assert "(rows come to 1, at most 1" in hand.form_words
        assert "3.0× minimum" in hand.form_words


async def test_a_finished_row_says_that_it_counts_or_which_part_fails(desk: SitDown) -> None:
    async with desk() as hand:
        await with_depression(hand, "antidepressant_trials")
        await hand.press("enter")
        for row, (fields, said) in enumerate(ROWS, start=1):
            await hand.press(*joined("s e r t down enter", fields))
            assert answer_at(hand, f"{row}. sertraline").endswith(said)


async def test_a_deleted_row_comes_back_with_undo(desk: SitDown) -> None:
    async with desk() as hand:
        await with_depression(hand, "antidepressant_trials")
        await hand.press(*joined(SERTRALINE, "escape"))
        before = hand.consultation.case.trials
        await hand.go_to("antidepressant_trials")
        await hand.press("enter", "escape", "home", "backspace")
        assert hand.consultation.case.trials == ()
        assert "Row deleted; Ctrl+Z brings it back." in hand.hint
        await hand.press("ctrl+z")
        assert hand.consultation.case.trials == before


async def test_a_misspelt_drug_is_suggested_and_taken_only_when_picked(desk: SitDown) -> None:
    async with desk() as hand:
        await with_depression(hand, "antidepressant_trials")
        await hand.press("enter", *"venlafaxin")
        assert "venlafaxine" in hand.text
        await hand.press("enter")
        assert "“venlafaxin” is not a known name. ↓ picks venlafaxine;" in hand.form_words
        assert listed(hand) == []
        await hand.press("enter")
        assert listed(hand) == ["venlafaxin"]
        await hand.press("ctrl+z")
        assert listed(hand) == []
        await hand.go_to("antidepressant_trials")
        await hand.press("enter", *"venlafaxin", "enter", "down", "enter")
        assert listed(hand) == ["venlafaxine"]


async def test_a_dose_outside_its_limits_is_refused(desk: SitDown) -> None:
    async with desk() as hand:
        await with_depression(hand, "antidepressant_trials")
        await hand.press(*joined("enter s e r t down enter"), *"99999", "enter")
        assert "outside the limits, 0 to 2000 mg" in hand.form_words
        assert hand.consultation.case.trials[0].daily_dose_mg is None


async def test_the_finished_history_counts_its_trials(desk: SitDown) -> None:
    async with desk() as hand:
        await with_depression(hand, "antidepressant_trials")
        await hand.press(*joined(SERTRALINE, "enter"))
        assert hand.focused == "trials.reported_count"
        await hand.press("down", "y")
        assert hand.consultation.assessment.values["derived.failed_trials"] == 1


async def test_a_medicine_of_the_pack_shows_its_class_and_an_unknown_one_is_kept(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.go_to("medications")
        await hand.press("enter", *"loraz", "down", "enter")
        assert answer_at(hand, "lorazepam") == "Benzodiazepines"
        await hand.press(*"blue pills", "enter")
        assert answer_at(hand, "blue pills") == "not recognised"
        assert [item.name for item in hand.consultation.case.medications] == [
            "lorazepam",
            "blue pills",
        ]
        assert "! Not recognised: blue pills" in hand.words
        await hand.press("enter")
        assert hand.focused == "medications.reviewed"


async def test_a_medicine_gets_its_dose(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.go_to("medications")
        await hand.press("enter", *"lithium", "enter")
        hand.form.stop_typing()
        hand.form.focus_on("dose:0")
        await hand.press("enter", *"300 mg", "enter")
        (medicine,) = hand.consultation.case.medications
        assert (medicine.name, medicine.dose) == ("lithium", "300 mg")


async def test_a_scale_shows_the_range_it_can_end_in_and_a_total_only_at_the_end(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        await with_depression(hand, "scales.phq9")
        await hand.press("enter", "3", "2")
        assert "No total yet: 7 to go; it can still end between 5 and 26." in hand.form_words
        assert "scales.phq9" not in hand.answers
        await hand.press("escape")
        assert "2/9 items, ends in 5–26" in hand.form_words
        assert hand.consultation.status("scales.phq9") == "partial"
        await hand.press("enter")
        hand.form.focus_on(hand.form.items[4].key)
        await hand.press(*"1111110")
        assert "Total 11 of 27: Moderate" in hand.form_words
        assert hand.answers["scales.phq9"] == 11
        await hand.press("up", "up", "backspace")
        assert "scales.phq9" not in hand.answers


async def test_a_total_can_be_typed_instead_of_items(desk: SitDown) -> None:
    async with desk() as hand:
        await with_depression(hand, "scales.phq9")
        await hand.press("2", "8", "enter")
        assert "outside the limits, 0 to 27" in hand.form_words
        await hand.press("backspace", "1", "enter")
        assert hand.answers["scales.phq9"] == 21
        assert hand.consultation.case.scale_items == {}


async def test_the_escape_key_leaves_a_table_and_keeps_what_is_in_it(desk: SitDown) -> None:
    async with desk() as hand:
        screen = await with_depression(hand, "antidepressant_trials")
        await hand.press(*joined("enter s e r t down enter 5 0 enter escape"))
        assert screen.page == "section"
        (trial,) = hand.consultation.case.trials
        assert trial.daily_dose_mg == Decimal(50)


async def test_on_a_line_that_takes_text_a_letter_begins_the_text(desk: SitDown) -> None:
    async with desk() as hand:
        screen = await with_depression(hand, "antidepressant_trials")
        await hand.press("enter", "escape")  # The entry is left; the cursor is on "Add a trial".
        assert hand.focused == "add"
        said = " ".join(hand.hint.split())
        assert said == "Letters begin the text Enter edits it ↓ goes on Esc back"
        before = hand.consultation.case
        await hand.press("n", "e", "9", "y")
        assert hand.form.typing is not None
        assert hand.form.typing.text == "ne9y"
        assert hand.consultation.case == before
        await hand.press("escape", "down")
        assert hand.focused == "done"
        await hand.press("enter")
        assert screen.page == "section"


async def test_an_unfinished_row_opens_at_its_first_empty_field(desk: SitDown) -> None:
    async with desk() as hand:
        await with_depression(hand, "antidepressant_trials")
        await hand.press(*joined(SERTRALINE, VENLAFAXINE.partition("9")[0], "escape"))
        assert hand.consultation.status("antidepressant_trials") == "partial"
        assert "1 unfinished" in answer_at(hand, "Antidepressants tried")
        await hand.press("enter")
        assert hand.focused == "field:1:weeks"
        await hand.press(*joined("9 enter 2 y y escape escape"))
        assert hand.consultation.status("antidepressant_trials") == "answered"


async def test_a_medicine_whose_name_resembles_a_known_one_is_asked_about_once(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.go_to("medications")
        await hand.press("enter", *"lorazepan", "enter")
        assert "“lorazepan” is not a known name. ↓ picks lorazepam;" in hand.form_words
        await hand.press("backspace", "enter")  # Changed: asked about anew.
        assert "“lorazepa” is not a known name." in hand.form_words
        assert listed(hand) == []
        await hand.press("down", "enter")
        assert listed(hand) == ["lorazepam"]
