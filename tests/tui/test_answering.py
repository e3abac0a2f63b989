"""Answering on the consultation screen: keys, limits, notes, search, taking back."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from ketatui.tui.screens.consent import ConsentScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.explain import ExplainScreen
from ketatui.tui.screens.home import HomeScreen
from ketatui.tui.screens.pathway_comparison import PathwayComparisonScreen
from ketatui.tui.widgets.form_list import FormList
from ketatui.tui.widgets.prompt import Prompt
from tests.tui.conftest import defaults_of
from tests.tui.support import Hand, SitDown, in_turn


async def answering_moves_on_to_the_next_question(hand: Hand) -> None:
    assert hand.focused == "setting.prescriber"
    assert hand.hint.startswith("1-7 picks   u unknown   a rest")
    await hand.press("1")
    assert hand.focused == "setting.dea_ciii"
    assert hand.hint.startswith("y yes   n no   u unknown")
    await hand.press("n")
    assert hand.focused == "setting.site"
    assert hand.answers == {"setting.prescriber": "psychiatrist", "setting.dea_ciii": False}


async def unknown_is_marked_as_unknown_and_never_reads_as_no(hand: Hand) -> None:
    await hand.go_to("medical.avm")
    await hand.press("u")
    assert hand.consultation.case.unknown == {"medical.avm"}
    assert "medical.avm" not in hand.answers
    row = next(line for line in hand.lines if "Arteriovenous malformation" in line)
    assert "unknown" in row
    verdicts = [item.verdict for item in hand.consultation.assessment.pathways]
    assert "fits" not in verdicts
    # What counts only because nobody knows is not shown as if it had been found.
    await hand.go_to("substance.urine_drug_screen")
    await hand.press("u")
    rows = [line.partition("FIT")[2] or line[80:] for line in hand.lines]
    told = [f"{row}{below}" for row, below in pairwise(rows) if "! Unexpected drug" in row]
    assert len(told) == 4
    assert all("unknown" in text for text in told)


async def backspace_takes_an_answer_away(hand: Hand) -> None:
    await hand.press("1", "up", "backspace")
    assert hand.answers == {}
    assert hand.focused == "setting.prescriber"


async def j_and_k_move_like_the_arrows(hand: Hand) -> None:
    await hand.press("j", "j", "k", "down", "up")
    assert hand.focused == "setting.dea_ciii"
    await hand.press("end", "home")
    assert hand.focused == "setting.prescriber"


async def the_cursor_stays_within_the_section(hand: Hand) -> None:
    await hand.press("up", "pageup", "home")
    assert hand.focused == "setting.prescriber"
    last = hand.consultation.asked("setting")[-1].id
    await hand.press("end", "down", "pagedown", "pagedown")
    assert hand.focused == last


async def brackets_turn_through_the_sections_and_around(hand: Hand) -> None:
    screen = await hand.on(ConsultationScreen)
    sections = [section.id for section in hand.consultation.pack.sections]
    seen = []
    for _ in sections:
        seen.append(screen.section)
        await hand.press("]")
    assert seen == sections
    assert screen.section == sections[0]
    await hand.press("[")
    assert screen.section == sections[-1]


async def g_lists_the_sections_and_enter_goes_to_one(hand: Hand) -> None:
    screen = await hand.on(ConsultationScreen)
    await hand.press("g", "end", "enter")
    assert screen.section == hand.consultation.pack.sections[-1].id
    assert screen.page == "section"


async def a_value_outside_the_limits_is_refused_with_the_allowed_range(hand: Hand) -> None:
    await hand.go_to("patient.age")
    await hand.press("1", "2", "1", "enter")
    assert "is out of range; allowed: 0 to 120" in hand.form_words
    assert hand.answers == {}
    await hand.press("backspace", "enter")
    assert hand.answers == {"patient.age": 12}


async def a_letter_behind_a_number_that_would_be_a_command_says_how_to_reach_it(hand: Hand) -> None:
    await hand.go_to("patient.age")
    await hand.press("4", "5", "s")
    accepts = "Here s is text. Backspace and Enter accept the number; then s: save."
    assert accepts in hand.form_words
    await hand.press("enter")
    assert "“s” is no unit here; allowed: 0 to 120 years" in hand.form_words
    await hand.press("backspace", "enter")
    assert hand.answers == {"patient.age": 45}
    # What may become a unit is none: 82kg.
    await hand.go_to("patient.weight_kg")
    await hand.press("8", "2", "k")
    assert "is text" not in hand.form_words


async def an_unusual_value_has_to_be_confirmed(hand: Hand) -> None:
    await hand.go_to("patient.weight_kg")
    await hand.press("3", "0", "0", "enter")
    assert "unusually high: above 200 kg, please check;" in hand.form_words
    assert "Enter accepts it anyway" in hand.form_words
    assert hand.answers == {}
    await hand.press("enter")
    assert hand.answers == {"patient.weight_kg": Decimal(300)}


async def a_confirmation_does_not_outlive_the_value_it_was_asked_for(hand: Hand) -> None:
    await hand.go_to("patient.weight_kg")
    await hand.press("3", "0", "0", "enter", "backspace", "1", "enter")
    assert hand.answers == {}
    assert "please check" in hand.form_words
    await hand.press("escape")
    assert hand.answers == {}
    assert "please check" not in hand.form_words


async def a_decimal_comma_is_read_as_a_point(hand: Hand) -> None:
    await hand.go_to("patient.weight_kg")
    await hand.press("7", "1", ",", "5", "enter")
    assert hand.answers == {"patient.weight_kg": Decimal("71.5")}


async def of_more_than_nine_options_one_digit_waits_and_two_pick(hand: Hand) -> None:
    await hand.go_to("indication.diagnosis")
    options = [o.code for o in hand.consultation.pack.questions["indication.diagnosis"].options]
    assert len(options) > 9
    await hand.press("1")
    assert hand.answers == {}
    await hand.press("1")
    assert hand.answers == {"indication.diagnosis": options[10]}
    await hand.go_to("indication.diagnosis")
    await hand.press("1", "enter")
    assert hand.answers == {"indication.diagnosis": options[0]}
    await hand.go_to("indication.diagnosis")
    await hand.press("7")
    assert hand.answers == {"indication.diagnosis": options[6]}


async def a_digit_beyond_the_options_says_what_can_be_chosen(hand: Hand) -> None:
    await hand.press("9")
    assert "choose 1 to 7" in hand.form_words
    assert hand.answers == {}


async def a_new_question_takes_no_enter_for_half_a_second(hand: Hand) -> None:
    await hand.go_to("indication.diagnosis")
    await hand.press("7", "up")  # CRPS: no PHQ-9 any more.
    assert "PHQ-9 total" not in hand.words
    hand.clock.pace = 0.0
    await hand.press("1", "enter")
    assert hand.answers == {"indication.diagnosis": "mdd"}
    assert hand.form.focus_on("scales.phq9")
    await hand.press("enter")
    assert "PHQ-9 total" in hand.words
    hand.clock.seconds += 0.49
    await hand.press("enter")
    assert "PHQ-9 total" in hand.words
    hand.clock.seconds += 0.02
    await hand.press("enter")
    assert "PHQ-9 total" not in hand.words


async def a_question_that_was_always_there_takes_enter_at_once(hand: Hand) -> None:
    await hand.go_to("patient.age")
    hand.clock.pace = 0.0
    await hand.press("enter")
    assert hand.form.typing is not None


async def the_rest_of_a_section_is_listed_before_it_is_answered_no(hand: Hand) -> None:
    screen = await hand.on(ConsultationScreen)
    await hand.go_to("medical.avm")
    await hand.press("y", "a")
    remaining = hand.consultation.remaining_no("medical")
    below = hand.consultation.asked("medical")[2].id
    assert f"Answer these {len(remaining)} “no” or “none”?" in hand.form_words
    for question, _ in remaining:
        assert question.label in hand.form_words
    assert "counts against" not in hand.form_words  # "No" is harmless here.
    assert hand.answers == {"medical.avm": True}
    await hand.press("n")
    assert hand.answers == {"medical.avm": True}
    assert hand.focused == below  # Where the cursor was.
    await hand.press("a", "y")
    assert f"{len(remaining)} answered no or none" in hand.hint
    assert screen.section == "psychiatric"  # The section is finished: on to the next.
    assert len(hand.answers) == 1 + len(remaining)
    assert hand.answers["medical.avm"] is True
    assert hand.answers["medical.heart_failure"] == "none"
    await hand.press("ctrl+z")
    assert hand.answers == {"medical.avm": True}
    await hand.press("ctrl+y")
    assert len(hand.answers) == 1 + len(remaining)


async def all_remaining_no_has_nothing_to_do_with_measurements(hand: Hand) -> None:
    await hand.go_to("vitals.systolic")
    await hand.press("a")
    assert "Nothing in this section is left to answer no or none." in hand.hint
    assert hand.answers == {}


async def find_follows_what_is_typed_and_goes_to_the_first(hand: Hand) -> None:
    await hand.press("slash", *"systolic")
    assert "Systolic blood pressure" in hand.text
    assert "Heart rate" not in hand.text
    await hand.press("enter")
    assert hand.focused == "vitals.systolic"
    await hand.press("slash", *"zzzz")
    assert "No question is called so." in hand.text
    await hand.press("escape")
    assert hand.focused.startswith("vitals.")


async def find_says_why_a_question_is_not_asked_and_goes_to_what_decides_it(hand: Hand) -> None:
    await hand.go_to("patient.sex")
    await hand.press("2", "slash", *"breastfeeding")
    said = "asked unless male, from 10 to 60 years of age"
    told = f"It is {said}. Enter goes to “Sex”, which decides it."
    assert f"Breastfeeding not asked now {told}" in hand.form_words
    await hand.press("enter")
    assert hand.focused == "patient.sex"
    assert f"“Breastfeeding” is {said}: this question decides it." in hand.hint


async def find_knows_other_words_and_forgives_slips(hand: Hand) -> None:
    for text, question in (
        ("osa cpap", "medical.respiratory"),
        ("htn", "medical.hypertensive_encephalopathy"),
        ("EKG", "labs.ecg"),
        ("wieght", "patient.weight_kg"),
    ):
        await hand.press("slash")
        await hand.paste(text)
        await hand.press("enter")
        assert hand.focused == question, text


async def a_note_right_after_an_answer_is_on_that_answer(hand: Hand) -> None:
    await hand.go_to("medical.respiratory")
    await hand.press("y", "o")
    assert "Note on “Sleep apnea" in hand.text
    await hand.press(*"CPAP", "enter")
    assert hand.consultation.case.notes == {"medical.respiratory": "CPAP"}
    await hand.go_to("medical.respiratory")
    await hand.press("y", "down", "up", "o", *"x", "enter")
    assert list(hand.consultation.case.notes) == ["medical.respiratory", "medical.hepatic"]


async def a_digit_that_may_have_another_behind_it_says_that_it_waits(hand: Hand) -> None:
    await hand.go_to("indication.diagnosis")
    await hand.press("1")
    assert "Enter or a pause takes 1, Major depressive disorder; 0 to 3" in hand.form_words
    await hand.press("escape")
    assert hand.answers == {}
    assert "Not taken: 1" in hand.form_words
    await hand.press("1", "2")
    assert hand.answers == {"indication.diagnosis": "anesthesia"}
    await hand.go_to("indication.diagnosis")
    await hand.press("1", "y")  # No digit: it is meant for what comes next.
    assert hand.answers == {"indication.diagnosis": "mdd", "indication.confirmed": True}


async def test_a_digit_is_taken_after_a_pause(
    desk: SitDown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(defaults_of(FormList.__init__), "pause", 0.01)
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.go_to("indication.diagnosis")
        await hand.press("1")
        await hand.until(lambda: hand.answers == {"indication.diagnosis": "mdd"})
        assert hand.focused == "indication.confirmed"


async def a_note_is_kept_with_its_question_and_shown_there(hand: Hand) -> None:
    await hand.press("o", *"moves in March", "enter")
    assert hand.consultation.case.notes == {"setting.prescriber": "moves in March"}
    assert "* moves in March" in hand.words
    await hand.press("o", "escape", "o")
    size = hand.app.size
    # A small screen shows less of the question, and always a part of what is typed.
    await hand.resize(40, 12)
    assert "…: moves in M" in hand.lines[-2]
    await hand.resize(*size)
    assert "(no names): moves in March" in hand.lines[-2]
    await hand.press("x", "escape")
    await hand.until(lambda: "Esc again drops it, Enter goes on" in hand.text)
    await hand.press("escape")
    assert "Note on" not in hand.text
    assert hand.consultation.case.notes == {"setting.prescriber": "moves in March"}
    await hand.press("o", *["backspace"] * 14, "enter")
    assert hand.consultation.case.notes == {}


async def a_label_stands_in_the_title(hand: Hand) -> None:
    await hand.press("l", *"52 m", "enter")
    assert hand.consultation.case.label == "52 m"
    assert "52 m" in hand.lines[0]


async def why_shows_the_reason_and_the_sources_until_the_cursor_moves(hand: Hand) -> None:
    why = hand.consultation.pack.questions["setting.prescriber"].why
    assert "Why:" not in hand.text
    await hand.press("i")
    assert "Why:" in hand.text
    assert why.split()[0] in hand.text
    await hand.press("down")
    assert "Why:" not in hand.text


async def the_point_jumps_to_the_question_that_matters_next(hand: Hand) -> None:
    for _ in range(3):
        upcoming = hand.consultation.assessment.next
        assert upcoming is not None
        await hand.press(".")
        assert hand.focused == upcoming.question
        await hand.press("n")


async def no_that_counts_against_a_pathway_is_told_apart_in_the_list(hand: Hand) -> None:
    await hand.press("1", "a")
    against = next(item.label for item in hand.form.items if item.key == "against")
    others = next((item.label for item in hand.form.items if item.key == "others"), "")
    assert against.startswith("! No here counts against a pathway: ")
    for question, _ in hand.consultation.remaining_no("setting"):
        assert (question.label in against) != (question.label in others)
    # On the smallest screen, too, nothing is answered that is not listed there.
    await hand.resize(40, 12)
    assert against in hand.form_words
    seen = hand.text
    while "▾" in hand.text:
        await hand.press("pagedown")
        assert hand.focused == "confirm"
        seen += hand.text
    assert all(word in " ".join(seen.split()) for word in against.split())
    await hand.resize(120, 40)


# --- quick keys ---------------------------------------------------------------------------------


async def keys_without_a_pause_answer_one_question_each_in_order(hand: Hand) -> None:
    await hand.go_to("medical.avm")
    ids = [question.id for question in hand.consultation.asked("medical")]
    first = ids.index("medical.avm")
    await hand.burst("y", "y", "n")
    assert list(hand.answers.items()) == list(
        zip(ids[first : first + 3], (True, True, False), strict=True)
    )
    assert hand.focused == ids[first + 3]


async def test_keys_before_the_screen_is_up_wait_for_it_and_escape_does_not_quit_from_home(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        await hand.press("escape", "escape")
        assert hand.app.return_code is None
        await hand.burst("n", "1", "y", "2")
        await hand.on(ConsultationScreen)
        await hand.until(lambda: len(hand.answers) == 3)
        assert hand.answers == {
            "setting.prescriber": "psychiatrist",
            "setting.dea_ciii": True,
            "setting.site": "inpatient_unit",
        }


async def test_escape_and_a_quick_second_key_mean_both(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.press("e")
        await hand.on(ExplainScreen)
        await hand.burst("escape", "t")  # Back to the questions, then compare.
        await hand.on(PathwayComparisonScreen)
        await hand.burst("escape", "1")
        await hand.on(ConsultationScreen)
        assert hand.answers == {"setting.prescriber": "psychiatrist"}
        await hand.go_to("patient.age")
        await hand.press("5")
        await hand.burst("escape", "k")  # The entry is left, then the cursor moves.
        assert hand.form.typing is None
        await hand.burst("escape", "q")  # Home, then quit.
        await hand.until(lambda: hand.app.return_code is not None)
    assert hand.app.return_code == 0


async def escape_and_a_quick_second_key_close_a_prompt_too(hand: Hand) -> None:
    await hand.press("o")
    await hand.burst("escape", "1")
    assert hand.answers == {"setting.prescriber": "psychiatrist"}
    await hand.press("o", *"abc")
    await hand.burst("escape", "y")  # A text would be lost: asked about, and y goes on with it.
    assert hand.answers == {"setting.prescriber": "psychiatrist"}
    assert hand.app.screen.query_one(Prompt).text == "abcy"
    # Enter right behind an Esc that was to drop the text keeps nothing.
    await hand.burst("escape", "enter")
    assert hand.consultation.case.notes == {}
    assert "(Enter keeps it)" in hand.text
    await hand.press("enter")
    assert hand.consultation.case.notes == {"setting.prescriber": "abcy"}


async def a_long_note_is_gone_on_with_at_its_end(hand: Hand) -> None:
    await hand.press("o")
    await hand.paste("first words, " + "and more of them, " * 8 + "the last one")
    await hand.press("enter", "l", "escape", "o")
    assert hand.lines[-2].rstrip().endswith("the last one")
    assert "first words" not in hand.lines[-2]
    await hand.press("escape")


async def escape_twice_drops_a_text(hand: Hand) -> None:
    await hand.press("o", *"abc", "escape")
    assert "Esc again drops it" in hand.text
    await hand.press("escape")
    assert not hand.app.screen.query_one(Prompt).is_open
    assert hand.consultation.case.notes == {}


async def no_enter_answers_the_rest_of_a_section(hand: Hand) -> None:
    screen = await hand.on(ConsultationScreen)
    await hand.go_to("medical.aneurysmal_disease")
    await hand.press("a", "enter", "enter")
    assert hand.answers == {}
    assert "y answers them so" in hand.form_words
    await hand.burst("escape", "enter")
    assert (hand.answers, screen.page) == ({}, "section")
    await hand.press("a", "y")
    assert hand.answers["medical.aneurysmal_disease"] is False


# --- units --------------------------------------------------------------------------------------


async def numbers_can_be_typed_in_other_units(hand: Hand) -> None:
    await hand.go_to("patient.weight_kg")
    await hand.press(*"172lb", "enter")
    await hand.press(*"5ft10in", "enter")
    assert hand.answers == {
        "patient.weight_kg": Decimal("78.0"),
        "patient.height_cm": Decimal("177.8"),
    }
    assert "177.8 cm" in hand.form_words


async def a_blood_pressure_in_one_field_answers_both_and_is_taken_back_as_one(hand: Hand) -> None:
    for field in ("vitals.systolic", "vitals.diastolic"):
        await hand.go_to(field)
        await hand.press(*"148/92", "enter")
        assert hand.answers == {"vitals.systolic": 148, "vitals.diastolic": 92}, field
        assert hand.focused == "vitals.heart_rate"
        assert "Read as 148/92 mmHg, upper and lower value. Ctrl+Z undoes it." in hand.hint
        await hand.press("ctrl+z")
        assert hand.answers == {}


async def a_weight_that_is_likelier_in_pounds_is_asked_about_once(hand: Hand) -> None:
    await hand.go_to("patient.weight_kg")
    await hand.press(*"172", "enter")
    assert hand.answers == {}
    assert "as 172 lb it is 78 kg: type 172lb; Enter accepts it anyway" in hand.form_words
    await hand.press(*"lb", "enter")
    assert hand.answers == {"patient.weight_kg": Decimal("78.0")}
    assert "Read as 78 kg (172 lb). Ctrl+Z undoes it." in hand.hint
    await hand.press(*"5'5", "enter", "up", "up")
    assert "2 to 400 kg · now 78 kg (172 lb)" in hand.form_words


async def test_a_weight_is_in_pounds_where_the_settings_say_so(desk: SitDown) -> None:
    async with desk(weight_unit="lb") as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.go_to("patient.weight_kg")
        await hand.press(*"172", "enter")
        assert hand.answers == {"patient.weight_kg": Decimal("78.0")}


async def another_kind_of_unit_is_told_and_the_text_stays(hand: Hand) -> None:
    await hand.go_to("vitals.heart_rate")
    await hand.press(*"98.6", "space", "F", "enter")
    assert hand.answers == {}
    assert "“f” is a temperature; allowed: " in hand.form_words
    assert hand.form.typing is not None
    assert hand.form.typing.text == "98.6 F"


# --- sections -----------------------------------------------------------------------------------


async def a_section_with_nothing_asked_is_passed_over(hand: Hand) -> None:
    screen = await hand.on(ConsultationScreen)
    await hand.go_to("indication.diagnosis")
    await hand.press("7", "end")  # CRPS: no antidepressant trials.
    assert hand.consultation.asked("trials") == ()
    await hand.press("]")
    assert screen.section == "medical"
    await hand.press("[")
    assert screen.section == "indication"


async def test_on_a_small_screen_a_verdict_that_gets_worse_is_said(desk: SitDown) -> None:
    async with desk(80, 24) as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.go_to("medical.aneurysmal_disease")
        assert hand.hint.startswith("y n u answer")
        await hand.press("y")
        assert "Contraindicated" in hand.hint
        await hand.press("n")
        assert "Contraindicated" not in hand.hint
        await hand.go_to("consent.capacity")
        await hand.press("y")
        # Behind the last question stands what follows, to be clicked.
        assert hand.hint == "That was the last question.   c consent   d decide"
        await hand.click("#hint", "c consent")
        await hand.on(ConsentScreen)
        await hand.press("escape")
        await hand.go_to("medical.aneurysmal_disease")
        await hand.press("backspace")
        await hand.go_to("consent.capacity")
        await hand.press("y")
        assert "End of the list; still open: “Aneurysm" in hand.hint
        await hand.click("#hint", ". next")
        assert hand.focused == "medical.aneurysmal_disease"


async def moving_on_never_drops_what_is_typed(hand: Hand) -> None:
    for key in ("down", "up", "pagedown"):
        await hand.go_to("patient.age")
        await hand.press("3", "4", key)
        assert hand.focused == "patient.age"
        assert "Not accepted yet: Enter accepts it, Esc cancels." in "\n".join(hand.lines)
        await hand.press("enter")
        assert hand.answers == {"patient.age": 34}, key
        await hand.press("ctrl+z")
        assert hand.answers == {}


async def the_rest_is_answered_yes_only_where_that_counts_against_nothing(
    hand: Hand,
) -> None:
    screen = await hand.on(ConsultationScreen)
    await hand.press("1", "down", "1", "a")
    listed = hand.consultation.remaining_yes("setting")
    assert f"Or answer these {len(listed)} “yes”?" in hand.form_words
    assert all(question.label in hand.form_words for question, _ in listed)
    before = dict(hand.answers)
    await hand.press("down", "n")
    assert hand.answers == before
    await hand.press("a", "down", "y")
    assert hand.answers == before | {question.id: True for question, _ in listed}
    assert f"{len(listed)} answered yes; Ctrl+Z undoes them all." in hand.hint
    await hand.press("ctrl+z")
    assert hand.answers == before
    screen.go_to_section("medical")
    await hand.press("a")
    assert hand.consultation.remaining_yes("medical") == ()
    assert "“yes”?" not in hand.form_words


async def a_blood_pressure_is_found_and_taken_as_it_is_typed(hand: Hand) -> None:
    await hand.press("slash", *"148/92")
    assert "Systolic blood pressure Enter takes 148/92" in hand.form_words
    await hand.press("enter")
    assert hand.answers == {"vitals.systolic": 148, "vitals.diastolic": 92}
    await hand.press("slash", *"148/192", "enter")
    # What cannot be is not taken, and stays to be put right.
    assert hand.answers == {"vitals.systolic": 148, "vitals.diastolic": 92}
    assert hand.form.typing is not None


async def a_table_that_is_looked_for_is_opened(hand: Hand) -> None:
    screen = await hand.on(ConsultationScreen)
    await hand.press("slash", *"rx", "enter", *"lorazepam", "enter")
    assert screen.page == "table"
    assert [row.name for row in hand.consultation.case.medications] == ["lorazepam"]


async def test_a_draft_is_resumed_behind_the_last_answer(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await hand.go_to("vitals.systolic")
        await hand.press(*"148/92", "enter")
        left = hand.focused
        await hand.press("l", *"a label", "enter", "escape")
        await hand.on(HomeScreen)
        await hand.press("r")
        screen = await hand.on(ConsultationScreen)
        assert (screen.section, hand.focused) == ("vitals", left)
        await hand.go_to("patient.age")
        await hand.press("5", "2", "enter", "ctrl+z", "escape")
        await hand.on(HomeScreen)
        await hand.press("r")
        await hand.on(ConsultationScreen)
        # What was taken back is nowhere to go on from.
        assert hand.focused == left
        await hand.press("ctrl+c")
        assert hand.hint == "Ctrl+Q quits; a draft stays on disk."


# --- on one consultation ------------------------------------------------------------------------


async def test_keys_answer_move_and_are_taken_back(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await in_turn(
            hand,
            answering_moves_on_to_the_next_question,
            unknown_is_marked_as_unknown_and_never_reads_as_no,
            backspace_takes_an_answer_away,
            j_and_k_move_like_the_arrows,
            the_cursor_stays_within_the_section,
            brackets_turn_through_the_sections_and_around,
            g_lists_the_sections_and_enter_goes_to_one,
            a_section_with_nothing_asked_is_passed_over,
            the_point_jumps_to_the_question_that_matters_next,
            why_shows_the_reason_and_the_sources_until_the_cursor_moves,
            keys_without_a_pause_answer_one_question_each_in_order,
        )


async def test_a_number_is_taken_only_as_it_was_meant(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await in_turn(
            hand,
            a_value_outside_the_limits_is_refused_with_the_allowed_range,
            a_letter_behind_a_number_that_would_be_a_command_says_how_to_reach_it,
            an_unusual_value_has_to_be_confirmed,
            a_confirmation_does_not_outlive_the_value_it_was_asked_for,
            a_decimal_comma_is_read_as_a_point,
            moving_on_never_drops_what_is_typed,
            numbers_can_be_typed_in_other_units,
            a_blood_pressure_in_one_field_answers_both_and_is_taken_back_as_one,
            a_weight_that_is_likelier_in_pounds_is_asked_about_once,
            another_kind_of_unit_is_told_and_the_text_stays,
        )


async def test_an_option_is_picked_and_a_text_is_kept_only_as_it_was_meant(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await in_turn(
            hand,
            of_more_than_nine_options_one_digit_waits_and_two_pick,
            a_digit_beyond_the_options_says_what_can_be_chosen,
            a_digit_that_may_have_another_behind_it_says_that_it_waits,
            a_new_question_takes_no_enter_for_half_a_second,
            a_question_that_was_always_there_takes_enter_at_once,
            a_label_stands_in_the_title,
            a_note_is_kept_with_its_question_and_shown_there,
            a_note_right_after_an_answer_is_on_that_answer,
            escape_and_a_quick_second_key_close_a_prompt_too,
            a_long_note_is_gone_on_with_at_its_end,
            escape_twice_drops_a_text,
        )


async def test_the_rest_of_a_section_is_answered_only_as_it_was_listed(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await in_turn(
            hand,
            the_rest_of_a_section_is_listed_before_it_is_answered_no,
            all_remaining_no_has_nothing_to_do_with_measurements,
            no_that_counts_against_a_pathway_is_told_apart_in_the_list,
            no_enter_answers_the_rest_of_a_section,
            the_rest_is_answered_yes_only_where_that_counts_against_nothing,
        )


async def test_what_is_looked_for_is_gone_to(desk: SitDown) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await in_turn(
            hand,
            find_follows_what_is_typed_and_goes_to_the_first,
            find_says_why_a_question_is_not_asked_and_goes_to_what_decides_it,
            find_knows_other_words_and_forgives_slips,
            a_blood_pressure_is_found_and_taken_as_it_is_typed,
            a_table_that_is_looked_for_is_opened,
        )
