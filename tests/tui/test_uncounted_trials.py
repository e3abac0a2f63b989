"""Criteria may ask for the antidepressant trials and count none: the table is then only kept."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ketatui.cases.model import Case, Trial
from ketatui.consultation.consultation import Consultation
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.walk import Talk
from ketatui.walk.table_rows import ask_trials
from tests.further import without_count_of_trials
from tests.tui.keys import joined
from tests.tui.support import SitDown
from tests.tui.test_case_pages import opened, page, text_of
from tests.tui.test_tables import answer_at, consultation
from tests.walk.support import TODAY, Screen

QUESTION = "antidepressant_trials"


@pytest.fixture(scope="module")
def knowledge(pack: Pack) -> Knowledge:
    return compile_pack(without_count_of_trials(pack))


async def test_trials_are_kept_and_none_is_judged(desk: SitDown) -> None:
    async with consultation(desk, "1", "enter") as hand:
        await hand.go_to(QUESTION)
        await hand.press(*joined("enter s e r t down enter"))
        (row,) = hand.consultation.case.trials
        assert row.drug == "sertraline"
        assert answer_at(hand, "1. sertraline").endswith("kept")
        assert "The criteria at hand do not count trials." in hand.form_words
        assert hand.consultation.status(QUESTION) == "answered"
        assert not hand.consultation.assessment.contradictions


def test_the_walk_keeps_them_too(knowledge: Knowledge) -> None:
    begun = Consultation(knowledge, Case(), today=lambda: TODAY)
    # A line of text that is open in none of the rows: every field is left with Enter.
    screen = Screen(["sertraline 100 mg 8 weeks", *[""] * 12])

    def do(edit: object) -> bool:
        begun.do(edit)  # type: ignore[arg-type]
        return True

    question = knowledge.pack.questions[QUESTION]
    assert ask_trials(Talk(screen.read, screen.write), begun, question, do) == ""
    (row,) = begun.case.trials
    assert (row.drug, row.weeks) == ("sertraline", Decimal(8))
    assert "count" not in screen.text


def test_the_page_of_a_saved_case_lists_them_without_a_count(knowledge: Knowledge) -> None:
    case = Case(answers={"indication.diagnosis": "mdd"}, trials=(Trial(drug="sertraline"),))
    said = text_of(opened(page(knowledge, case)))
    assert "sertraline No criteria at hand judge this trial" in said
    assert "Failed adequate trials, as saved" not in said
