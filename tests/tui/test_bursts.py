"""Keys that come all at once, as over a slow line: each belongs to what the one before opened."""

from __future__ import annotations

from ketatui.tui.key_parser import KeyParser, PastedLine
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.explain import ExplainScreen
from ketatui.tui.widgets.prompt import Prompt
from tests.tui.support import Hand, SitDown, in_turn, key_event


async def a_search_and_its_answer_in_one_burst_answer_that_question_alone(
    hand: Hand,
) -> None:
    await hand.burst("slash", *"patient.age", "enter", *"52", "enter")
    assert hand.answers == {"patient.age": 52}
    await hand.burst("slash", *"avm", "enter", "n", "slash", *"cystitis", "enter", "y")
    assert hand.answers == {
        "patient.age": 52,
        "medical.avm": False,
        "medical.cystitis": True,
    }


async def a_note_and_a_label_in_one_burst_are_text_and_never_answers(hand: Hand) -> None:
    await hand.burst(*"oyes", "enter", *"lnun", "enter", *"1y")
    case = hand.consultation.case
    assert case.notes == {"setting.prescriber": "yes"}
    assert case.label == "nun"
    assert case.answers == {"setting.prescriber": "psychiatrist", "setting.dea_ciii": True}


async def letters_that_wait_behind_one_another_are_one_change_of_a_text(hand: Hand) -> None:
    prompt, heard, done = hand.app.screen.query_one(Prompt), list[str](), list[str | None]()
    prompt.ask("A text", "ab", done.append, limit=12, remark=heard.append)
    # Looked at as a whole, and what is no letter keeps its turn among them.
    await hand.burst("left", *"12", "space", *"3", "backspace", *"4y", "escape", *"5", "enter")
    assert heard == ["ab", "a12 3b", "a12 b", "a12 4yb", "a12 4y5b", ""]
    assert done == ["a12 4y5b"]
    assert hand.answers == {}
    # The same of a line that came at once; of both as much as there is room for.
    heard.clear()
    prompt.ask("A text", "", done.append, limit=12, remark=heard.append)
    await hand.send(line_of("slept well and long\r"))
    prompt.ask("A text", "", done.append, limit=12, remark=heard.append)
    await hand.burst(*"sleptwellandlong", "enter")
    assert heard == ["slept well a", "", "sleptwelland", ""]
    assert done[1:] == ["slept well a", "sleptwelland"]
    # A search is told of every letter.
    prompt.ask("Find", "", done.append, typing=heard.append)
    await hand.burst(*"avm", "escape")
    assert heard[4:] == ["a", "av", "avm"]


LINES = "sertraline 50 mg\rlorazepam 1 mg\ryes no\r"


async def lines_pasted_outside_a_field_are_asked_about_and_answer_nothing(hand: Hand) -> None:
    await hand.paste(LINES)
    assert "3 lines came in at once ▸ What is it for? Nothing of it was" in hand.form_words
    await hand.press("enter", "escape")
    assert hand.answers == {}
    assert hand.focused == "setting.prescriber"
    await hand.paste(LINES)
    await hand.press("2", "enter")
    note = "sertraline 50 mg lorazepam 1 mg yes no"
    assert hand.consultation.case.notes == {"setting.prescriber": note}
    await hand.paste(LINES)
    await hand.press("3")
    assert "The pasted text was dropped." in hand.hint
    assert (hand.answers, hand.consultation.case.label) == ({}, "")


def line_of(text: str) -> PastedLine:
    """Return a line as a terminal hands it over that does not say that it pastes."""
    (event,) = KeyParser().feed(text)
    assert isinstance(event, PastedLine)
    return event


async def one_line_pasted_outside_a_field_is_asked_about_and_answers_nothing(hand: Hand) -> None:
    await hand.send(line_of("lorazepam 1 mg qhs\r"))
    assert "A text came in at once ▸ What is it for? Nothing of it was" in hand.form_words
    assert (hand.answers, hand.consultation.case.label) == ({}, "")
    await hand.press("1")
    await hand.press("enter")
    rows = hand.consultation.case.medications
    assert [(row.name, row.dose) for row in rows] == [("lorazepam", "1 mg qhs")]


async def a_pasted_text_waits_until_somebody_says_what_it_is_for(hand: Hand) -> None:
    await hand.send(line_of("lorazepam 1 mg qhs\r"))
    assert hand.hint.split() == "1-3 picks Esc drops it".split()
    # A second one is more of it, and a command would lose it.
    await hand.send(line_of("Ambien CR 12.5\r"))
    assert "2 lines came in at once" in hand.form_words
    await hand.press(".")
    assert "Say first what the text is for." in hand.hint
    await hand.press("2", "enter")
    note = "lorazepam 1 mg qhs Ambien CR 12.5"
    assert hand.consultation.case.notes == {"setting.prescriber": note}
    await hand.send(line_of("zolpidem 10\r"))
    await hand.press("escape")
    assert "The pasted text was dropped." in hand.hint


async def one_line_at_once_is_typed_where_text_is_typed(hand: Hand) -> None:
    await hand.press("o")
    await hand.send(line_of("CPAP nightly, tolerated\r"))
    assert hand.consultation.case.notes == {"setting.prescriber": "CPAP nightly, tolerated"}
    assert hand.answers == {}


async def a_paste_where_nothing_takes_text_is_told(hand: Hand) -> None:
    await hand.press("e")
    await hand.on(ExplainScreen)
    await hand.paste(LINES)
    assert "Nothing here takes a text; not taken: “sertraline 50 mg" in hand.hint
    await hand.press("escape")


async def with_caps_lock_letters_mean_the_same(hand: Hand) -> None:
    # What only resembles a digit or a letter is a key of its own: none of these answers.
    await hand.press(*"\u00b2\u2460\u0662\u00bd", "1", *"\u24e8\u02b8\u00aa\u00ba\u212a")
    assert hand.answers == {"setting.prescriber": "psychiatrist"}
    await hand.press("Y", "\uff12", "U")
    assert hand.answers == {
        "setting.prescriber": "psychiatrist",
        "setting.dea_ciii": True,
        "setting.site": "inpatient_unit",
    }
    assert hand.consultation.case.unknown == {"setting.rems_certified"}
    await hand.press("G")
    assert "Sections" in hand.form_words


async def a_text_that_escape_leaves_is_told(hand: Hand) -> None:
    await hand.go_to("patient.age")
    await hand.press(*"52", "escape")
    assert hand.answers == {}
    assert "Not taken: “52”" in hand.form_words


async def test_a_line_that_comes_before_its_screen_is_up_has_its_turn_behind_the_keys(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        for event in (key_event("n"), key_event("slash"), line_of("patient.age\r")):
            hand.app.post_message(event)
        await hand.settle()
        await hand.on(ConsultationScreen)
        assert hand.focused == "patient.age"
        assert hand.answers == {}


async def test_keys_and_lines_that_come_at_once_answer_what_they_were_meant_for(
    desk: SitDown,
) -> None:
    async with desk() as hand:
        await hand.press("n")
        await hand.on(ConsultationScreen)
        await in_turn(
            hand,
            a_search_and_its_answer_in_one_burst_answer_that_question_alone,
            a_note_and_a_label_in_one_burst_are_text_and_never_answers,
            letters_that_wait_behind_one_another_are_one_change_of_a_text,
            lines_pasted_outside_a_field_are_asked_about_and_answer_nothing,
            one_line_pasted_outside_a_field_is_asked_about_and_answers_nothing,
            a_pasted_text_waits_until_somebody_says_what_it_is_for,
            one_line_at_once_is_typed_where_text_is_typed,
            a_paste_where_nothing_takes_text_is_told,
            with_caps_lock_letters_mean_the_same,
            a_text_that_escape_leaves_is_told,
        )
