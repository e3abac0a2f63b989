"""Tables and scales: trials with live adequacy, medicines, PHQ-9 item by item."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

from ketatui.tui.screens.consultation import ConsultationScreen
from tests.tui.keys import SERTRALINE, VENLAFAXINE, joined
from tests.tui.support import Hand, SitDown, in_turn

ROWS = (
    ("2 5 enter 1 0 enter 1 y y", "below 50 mg"),
    ("1 5 0 enter 5 enter 1 y y", "short by 1 week"),
    ("1 5 0 enter 1 0 enter 3 y y", "not a failure"),
    ("1 5 0 enter 1 0 enter 1 n y", "not taken as prescribed"),
    ("1 5 0 enter 1 0 enter 1 y n", "not in this episode"),
    ("1 5 0 enter 1 0 enter 2 y y", "counts"),
)
"""The fields of a row, and what it says then."""


@asynccontextmanager
async def consultation(desk: SitDown, *pressed: str) -> AsyncIterator[Hand]:
    """Begin a consultation, about what is picked as the diagnosis."""
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.go_to("indication.diagnosis")
        await hand.press(*pressed)
        yield hand


def answer_at(hand: Hand, text: str) -> str:
    """Return the answer on the form's line that holds a text."""
    lines = iter(hand.form.lines)
    first = next(line for line in lines if text in line.text)
    said = first.text.partition(text)[2]
    # What does not fit beside the label goes on below, in the same column.
    for line in lines:
        if line.target != first.target or not line.text.startswith(" " * 20):
            break
        said += line.text
    return " ".join(said.split())


def listed(hand: Hand) -> list[str]:
    """Return the names in both tables."""
    case = hand.consultation.case
    return [*(row.drug for row in case.trials), *(item.name for item in case.medications)]


async def a_trial_says_at_every_field_whether_it_counts(hand: Hand) -> None:
    await hand.go_to("antidepressant_trials")
    await hand.press(*joined("enter s e r t down enter"))
    assert answer_at(hand, "1. sertraline").endswith("? wk 5 to fill in")
    assert hand.hint.startswith("Enter changes it")
    await hand.press(*joined("2 5 enter"))
    assert answer_at(hand, "1. sertraline").endswith("below 50 mg")
    await hand.press("up", "enter", *["backspace"] * 2, *joined("1 5 0 enter"))
    assert answer_at(hand, "1. sertraline").endswith("150 mg ? wk 4 to fill in")
    await hand.press(*joined("3 enter"))
    assert answer_at(hand, "1. sertraline").endswith("3 wk short by 3 weeks")
    await hand.press(*joined("up enter backspace 1 0 enter"))
    assert hand.hint.startswith("1-4 picks")
    await hand.press("1")
    assert hand.hint.startswith("y yes   n no   Backspace")
    await hand.press("y", "y")
    assert answer_at(hand, "1. sertraline").endswith("10 wk counts")
    assert "(1 in the table; at least" in hand.form_words
    assert hand.form_words.endswith("✓ 3.0×")


async def a_finished_row_says_that_it_counts_or_which_part_fails(hand: Hand) -> None:
    await hand.go_to("antidepressant_trials")
    await hand.press("enter")
    for row, (fields, said) in enumerate(ROWS, start=1):
        await hand.press(*joined("s e r t down enter", fields))
        assert answer_at(hand, f"{row}. sertraline").endswith(said)


async def a_deleted_row_comes_back_with_undo(hand: Hand) -> None:
    await hand.go_to("antidepressant_trials")
    await hand.press(*joined(SERTRALINE, "escape"))
    before = hand.consultation.case.trials
    await hand.go_to("antidepressant_trials")
    await hand.press("enter", "home", "backspace")
    assert listed(hand) == []
    assert "Row deleted; Ctrl+Z brings it back." in hand.hint
    await hand.press("ctrl+z")
    assert hand.consultation.case.trials == before


async def a_misspelled_drug_is_suggested_and_taken_only_when_picked(hand: Hand) -> None:
    await hand.go_to("antidepressant_trials")
    await hand.press("enter", *"venlafaxen")
    assert "venlafaxine" in hand.text
    await hand.press("enter")
    assert "“venlafaxen” is not a known name. ↓ picks venlafaxine;" in hand.form_words
    assert listed(hand) == []
    await hand.press("enter")
    assert listed(hand) == ["venlafaxen"]
    await hand.press("ctrl+z", "escape")
    assert listed(hand) == []
    await hand.go_to("antidepressant_trials")
    await hand.press("enter", *"venlafaxen", "enter", "down", "enter")
    assert listed(hand) == ["venlafaxine"]


async def a_dose_outside_its_limits_is_refused(hand: Hand) -> None:
    await hand.go_to("antidepressant_trials")
    await hand.press(*joined("enter s e r t down enter"), *"99999", "enter")
    assert "is out of range; allowed: 0 to 2000 mg" in hand.form_words
    assert hand.consultation.case.trials[0].daily_dose_mg is None


async def the_finished_history_counts_its_trials(hand: Hand) -> None:
    await hand.go_to("antidepressant_trials")
    await hand.press(*joined(SERTRALINE, "escape"))
    assert hand.focused == "trials.reported_count"
    await hand.press("down", "y")
    assert hand.consultation.assessment.values["derived.failed_trials"] == 1


async def a_medicine_of_the_pack_shows_its_class_and_an_unknown_one_is_kept(hand: Hand) -> None:
    await hand.go_to("medications")
    await hand.press("enter", *"loraz", "down", "enter")
    assert answer_at(hand, "lorazepam") == "Benzodiazepines"
    await hand.press(*"blue pills", "enter")
    assert answer_at(hand, "blue pills") == "not recognized"
    assert [item.name for item in hand.consultation.case.medications] == [
        "lorazepam",
        "blue pills",
    ]
    await hand.press("escape")
    assert hand.focused == "medications.reviewed"


async def with_medicines(hand: Hand) -> ConsultationScreen:
    """Open the list of medicines."""
    await hand.go_to("medications")
    await hand.press("enter")
    return await hand.on(ConsultationScreen)


async def typed(hand: Hand, *lines: str) -> None:
    """Type lines, each with one Enter."""
    for line in lines:
        keys = ["space" if character == " " else character for character in line]
        await hand.press(*keys, "enter")


def medicines(hand: Hand) -> list[tuple[str, str]]:
    """Return name and dose of every medicine."""
    return [(item.name, item.dose) for item in hand.consultation.case.medications]


async def one_line_is_name_and_dose_and_one_enter_adds_it(hand: Hand) -> None:
    await with_medicines(hand)
    await typed(hand, "lorazepam 1 mg qhs", "losartan/HCTZ", "Ozempic", "loraz 600 tid", "zzyx")
    assert medicines(hand) == [
        ("lorazepam", "1 mg qhs"),
        ("losartan/HCTZ", ""),
        ("Ozempic", ""),
        ("lorazepam", "600 tid"),
        ("zzyx", ""),
    ]
    assert answer_at(hand, "lorazepam 1 mg qhs") == "Benzodiazepines"
    assert hand.focused == "add"
    assert hand.form.typing is not None


async def a_row_is_changed_as_the_line_that_it_was_typed_as(hand: Hand) -> None:
    await with_medicines(hand)
    await typed(hand, "lithium")
    await hand.press("up", "enter")
    await typed(hand, " 300 mg bid")
    assert medicines(hand) == [("lithium", "300 mg bid")]


async def the_only_name_that_begins_so_is_taken_and_told(hand: Hand) -> None:
    await with_medicines(hand)
    await typed(hand, "sertr 50")
    assert medicines(hand) == [("sertraline", "50")]
    assert "“sertr 50” was taken for sertraline; Ctrl+Z undoes it." in hand.hint
    await typed(hand, "ven")  # Two drugs begin so: neither is taken.
    assert medicines(hand)[1] == ("ven", "")


async def while_a_table_is_filled_letters_are_text_until_escape(hand: Hand) -> None:
    screen = await with_medicines(hand)
    await typed(hand, "lithium", "", "losartan", "cannabis", "")
    assert [name for name, _ in medicines(hand)] == ["lithium", "losartan", "cannabis"]
    assert "Nothing is typed. Esc goes back to the questions." in hand.form_words
    await hand.press("up", *"sld./c")  # On a row: no command of the consultation.
    assert "No text is asked for here; not taken: “sld./c”." in hand.hint
    assert (screen.page, hand.answers, hand.consultation.case.label) == ("table", {}, "")
    await hand.press("escape")
    assert screen.page == "section"


async def a_pasted_list_becomes_rows_after_one_question(hand: Hand) -> None:
    await with_medicines(hand)
    await hand.paste("- lorazepam 1 mg qhs\n- gabapentin 600 mg tid\n- bluepill\n")
    assert "Add these 3 medicines?" in hand.form_words
    assert "lorazepam · 1 mg qhs → Benzodiazepines" in hand.form_words
    assert "bluepill → not recognized" in hand.form_words
    await hand.press("enter", "enter")
    assert medicines(hand) == []
    await hand.press("y")
    assert medicines(hand) == [
        ("lorazepam", "1 mg qhs"),
        ("gabapentin", "600 mg tid"),
        ("bluepill", ""),
    ]
    assert hand.focused == "row:2"  # What is not settled comes first.
    await hand.press("ctrl+z")
    assert medicines(hand) == []


async def a_pasted_list_that_is_not_wanted_adds_nothing(hand: Hand) -> None:
    screen = await with_medicines(hand)
    await hand.paste("lorazepam\nlithium\n")
    await hand.press("escape")
    assert (medicines(hand), screen.page) == ([], "table")
    assert "Nothing was added." in hand.hint


async def lines_pasted_outside_become_medicines_when_one_says_so(hand: Hand) -> None:
    await hand.paste("lorazepam 1 mg qhs\nlithium 300 bid\n")
    await hand.press("1", "y")
    assert medicines(hand) == [("lorazepam", "1 mg qhs"), ("lithium", "300 bid")]


async def a_name_that_nobody_knows_is_settled_with_one_key(hand: Hand) -> None:
    await with_medicines(hand)
    for row, (key, classes) in enumerate((("1", "none_of_these"), ("3", "cannot_be_established"))):
        await typed(hand, f"bluepill{row}")
        assert f"“bluepill{row}” is not settled: ↑ goes there, a digit says" in hand.hint
        await hand.press("up")
        assert f"! “bluepill{row}” is not recognized. It keeps" in hand.form_words
        await hand.press(key)
        assert hand.consultation.case.medications[row].classes == (classes,)
        assert hand.focused == "add"


async def the_classes_of_a_name_can_be_picked(hand: Hand) -> None:
    await with_medicines(hand)
    await typed(hand, "bluepill")
    await hand.press("up", "2")
    assert "Classes of “bluepill”" in hand.form_words
    hand.form.focus_on("class:opioid")
    await hand.press("y", "escape")
    assert hand.focused == "row:0"
    assert hand.consultation.case.medications[0].classes == ("opioid",)
    assert answer_at(hand, "bluepill") == "Opioids"


async def a_name_that_stands_for_several_is_asked_about(hand: Hand) -> None:
    await with_medicines(hand)
    await typed(hand, "T3")
    assert answer_at(hand, "T3") == "which one?"
    await hand.press("up", "2")
    assert medicines(hand) == [("tylenol #3", "")]


async def a_suggestion_for_a_slip_is_the_first_way_to_settle_it(hand: Hand) -> None:
    await with_medicines(hand)
    await typed(hand, "lorazepan 1 mg")
    await hand.press("up", "1")
    assert medicines(hand) == [("lorazepam", "1 mg")]


async def the_list_comes_first_in_its_section(hand: Hand) -> None:
    screen = await hand.on(ConsultationScreen)
    screen.go_to_section("medications")
    assert hand.focused == "medications"
    await hand.press("down", "y")
    screen.go_to_section("medications")
    assert hand.consultation.case.answers == {"medications.reviewed": True}


async def a_trial_on_one_line_is_drug_dose_and_weeks(hand: Hand) -> None:
    await hand.go_to("antidepressant_trials")
    await hand.press("enter")
    await typed(hand, "venlafaxine XR 150 for 5 weeks")
    (trial,) = hand.consultation.case.trials
    assert (trial.drug, trial.daily_dose_mg, trial.weeks) == (
        "venlafaxine XR",
        Decimal(150),
        Decimal(5),
    )
    assert answer_at(hand, "1. venlafaxine XR").endswith("5 wk short by 1 week")
    assert hand.focused == "field:0:outcome"
    await hand.press("1", "y", "y")
    assert hand.focused == "add"
    await typed(hand, "Wellbutrin XL 300")
    assert hand.consultation.case.trials[1].daily_dose_mg == 300
    assert hand.focused == "field:1:weeks"
    await typed(hand, "2 months")
    assert hand.consultation.case.trials[1].weeks == Decimal("8.7")


async def pasted_trials_become_rows_after_one_question(hand: Hand) -> None:
    await hand.go_to("antidepressant_trials")
    await hand.press("enter")
    lines = "sertraline 200 mg x 8 weeks\nEffexor XR 225 partial response\n"
    await hand.paste(lines)
    assert "Add these 2 trials?" in hand.form_words
    await hand.press("escape")
    assert "Nothing was added." in hand.hint
    assert "Add these 2 trials?" not in hand.form_words
    assert listed(hand) == []
    await hand.paste(lines)
    await hand.press("y")
    assert "2 rows added; Ctrl+Z undoes them." in hand.hint
    first, second = hand.consultation.case.trials
    assert (first.drug, first.daily_dose_mg, first.weeks) == (
        "sertraline",
        Decimal(200),
        Decimal(8),
    )
    assert (second.drug, second.daily_dose_mg) == ("Effexor XR", Decimal(225))
    assert second.outcome == "partial_response"


async def a_scale_shows_the_range_it_can_end_in_and_a_total_only_at_the_end(hand: Hand) -> None:
    await hand.go_to("scales.phq9")
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


async def a_total_can_be_typed_instead_of_items(hand: Hand) -> None:
    await hand.go_to("scales.phq9")
    await hand.press("2", "8", "enter")
    assert "is out of range; allowed: 0 to 27" in hand.form_words
    await hand.press("escape")
    assert hand.hint.startswith("Enter opens   0-9 number")
    await hand.press("2", "1", "enter")
    # The next scale has no items that could be opened.
    assert hand.form.item is not None and hand.form.item.key == "scales.madrs"
    assert hand.hint.startswith("0-9 number")
    assert hand.answers["scales.phq9"] == 21
    assert hand.consultation.case.scale_items == {}


async def the_escape_key_leaves_a_table_and_keeps_what_is_in_it(hand: Hand) -> None:
    screen = await hand.on(ConsultationScreen)
    await hand.go_to("antidepressant_trials")
    await hand.press(*joined("enter s e r t down enter 5 0 enter escape"))
    assert screen.page == "section"
    (trial,) = hand.consultation.case.trials
    assert trial.daily_dose_mg == Decimal(50)


async def on_a_line_that_takes_text_a_letter_begins_the_text(hand: Hand) -> None:
    screen = await hand.on(ConsultationScreen)
    await hand.go_to("antidepressant_trials")
    await hand.press("enter", "down", "up")  # The cursor is on "Add a trial".
    assert hand.focused == "add"
    said = " ".join(hand.hint.split())
    assert said == "Letters begin the text Enter edits it ↓ next line Esc back F1 keys"
    before = hand.consultation.case
    await hand.press("n", "e", "9", "y")
    assert hand.form.typing is not None
    assert hand.form.typing.text == "ne9y"
    assert hand.consultation.case == before
    await hand.press("escape", "down")
    assert hand.focused == "done"
    await hand.press("enter")
    assert screen.page == "section"


async def an_unfinished_row_opens_at_its_first_empty_field(hand: Hand) -> None:
    await hand.go_to("antidepressant_trials")
    await hand.press(*joined(SERTRALINE, VENLAFAXINE.partition("9")[0], "escape"))
    assert hand.consultation.status("antidepressant_trials") == "partial"
    assert "1 unfinished" in answer_at(hand, "Antidepressants tried")
    await hand.press("enter")
    assert hand.focused == "field:1:weeks"
    await hand.press(*joined("9 enter 2 y y escape"))
    assert hand.consultation.status("antidepressant_trials") == "answered"


async def item_9_of_the_phq_9_speaks_at_once(hand: Hand) -> None:
    await hand.go_to("scales.phq9")
    await hand.press("enter")
    hand.form.focus_on("self_harm")
    assert "Asked now" not in hand.form_words
    await hand.press("1")
    text = hand.consultation.pack.questions["depression.suicidality_interviewed"].text
    assert f"! Asked now: {text}" in hand.form_words
    assert "it can still end between 1 and 25" in hand.form_words


async def doses_in_turn_are_typed_on_the_line_or_into_the_dose(hand: Hand) -> None:
    await hand.go_to("antidepressant_trials")
    await hand.press("enter")
    line = "sertraline 25 x3wk 100 x4wk 200 x2wk"
    await hand.press(*("space" if letter == " " else letter for letter in line))
    await hand.press(*joined("enter 1 y y"))
    assert answer_at(hand, "1. sertraline") == "25→100→200 mg 6 wk counts"
    assert "✓ 1.0× 200 mg" in hand.form_words
    assert hand.form_words.endswith("✓ 4.0×")
    again = "venlafaxine 225"
    await hand.press(*("space" if letter == " " else letter for letter in again), "enter")
    await hand.press("up")
    await hand.press("enter", *["backspace"] * 3)
    steps = "75 x2wk, 150 x5wk"
    await hand.press(*("space" if letter == " " else letter for letter in steps))
    await hand.press(*joined("enter 1 y y"))
    assert answer_at(hand, "2. venlafaxine") == "75→150 mg 5 wk short by 1 week"


async def a_line_typed_late_leaves_none_of_its_digits_behind(hand: Hand) -> None:
    await hand.go_to("antidepressant_trials")
    await hand.press("enter")
    await typed(hand, "sertraline")
    await hand.press("2", "0", "0", "enter", "down")
    row = hand.consultation.case.trials[0]
    line = "gabapentin 600 mg"  # One line late, and on a choice.
    await hand.press(*("space" if letter == " " else letter for letter in line))
    assert "not taken: “gabapentin 600 mg”" in hand.hint
    await hand.press("enter")
    assert "Not taken: “gabapentin 600 mg”" in hand.hint
    assert hand.consultation.case.trials == (row,)
    await hand.press("1", "y", "y")  # The next line is taken again.
    assert hand.consultation.case.trials[0].outcome == "no_response"
    await hand.press("s")
    hand.clock.seconds += 5  # A slip, and not the beginning of a line.
    await hand.press("8", "enter")
    assert hand.consultation.case.trials[0].weeks == 8


async def test_a_trial_counts_for_what_its_row_says(desk: SitDown) -> None:
    async with consultation(desk, "1", "enter") as hand:
        await in_turn(
            hand,
            a_trial_says_at_every_field_whether_it_counts,
            a_finished_row_says_that_it_counts_or_which_part_fails,
            a_deleted_row_comes_back_with_undo,
            a_misspelled_drug_is_suggested_and_taken_only_when_picked,
            a_dose_outside_its_limits_is_refused,
            the_finished_history_counts_its_trials,
            a_trial_on_one_line_is_drug_dose_and_weeks,
            pasted_trials_become_rows_after_one_question,
            the_escape_key_leaves_a_table_and_keeps_what_is_in_it,
            on_a_line_that_takes_text_a_letter_begins_the_text,
            an_unfinished_row_opens_at_its_first_empty_field,
            doses_in_turn_are_typed_on_the_line_or_into_the_dose,
            a_line_typed_late_leaves_none_of_its_digits_behind,
        )


async def test_a_medicine_is_kept_as_it_was_typed_and_taken_for_what_it_is(desk: SitDown) -> None:
    async with consultation(desk) as hand:
        await in_turn(
            hand,
            a_medicine_of_the_pack_shows_its_class_and_an_unknown_one_is_kept,
            one_line_is_name_and_dose_and_one_enter_adds_it,
            a_row_is_changed_as_the_line_that_it_was_typed_as,
            the_only_name_that_begins_so_is_taken_and_told,
            while_a_table_is_filled_letters_are_text_until_escape,
            a_pasted_list_becomes_rows_after_one_question,
            a_pasted_list_that_is_not_wanted_adds_nothing,
            lines_pasted_outside_become_medicines_when_one_says_so,
            the_classes_of_a_name_can_be_picked,
            a_name_that_stands_for_several_is_asked_about,
            a_suggestion_for_a_slip_is_the_first_way_to_settle_it,
            the_list_comes_first_in_its_section,
            a_name_that_nobody_knows_is_settled_with_one_key,
        )


async def test_a_scale_is_filled_item_by_item_or_as_a_total(desk: SitDown) -> None:
    async with consultation(desk, "1", "enter") as hand:
        await in_turn(
            hand,
            a_scale_shows_the_range_it_can_end_in_and_a_total_only_at_the_end,
            a_total_can_be_typed_instead_of_items,
            item_9_of_the_phq_9_speaks_at_once,
        )
