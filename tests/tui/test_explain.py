"""Explain: what was checked, what would lift a verdict, and answers that are not used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ketatui.cases.model import Case
from ketatui.consultation.edits import SetAnswer
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.explain import ExplainScreen
from tests.tui.support import SitDown

ReadCase = Callable[[str], Case]
LeaveDraft = Callable[..., Path]


async def test_explain_lists_what_was_checked_and_ranks_nothing_that_is_ruled_out(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("03"))
    async with desk() as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        await hand.press("e")
        await hand.on(ExplainScreen)
        for pathway in hand.consultation.assessment.pathways:
            said = hand.all_lines
            assert pathway.verdict == "contraindicated"
            assert "ranked" not in said
            assert "What would lift the verdict" not in said  # Nothing can undo an aneurysm.
            rules = {rule.rule for rule in hand.consultation.knowledge.rules[pathway.id]}
            rules -= {item.rule for item in pathway.findings}
            rules -= {item.rule for item in pathway.open}
            assert f"Checked, and does not apply ({len(rules)})" in said
            for rule in rules:
                assert hand.consultation.pack.rules[rule].title in said
            await hand.press("right")


async def test_explain_says_which_values_would_lift_a_verdict_and_which_answers_are_not_used(
    desk: SitDown, draft: LeaveDraft, case_of: ReadCase
) -> None:
    draft(case_of("01"))
    async with desk() as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        hand.consultation.do(SetAnswer(question="vitals.systolic", value=180))
        await hand.press("e")
        await hand.on(ExplainScreen)
        assert "What would lift the verdict" in hand.all_lines
        assert "Systolic blood pressure, for example " in hand.all_lines
        # Answers that are not used are told apart from contradictions.
        await hand.press("escape")
        await hand.on(ConsultationScreen)
        await hand.go_to("indication.diagnosis")
        await hand.press("7")  # CRPS: what was said about depression is kept and not used.
        unused = hand.consultation.assessment.contradictions
        said = f"{len(unused)} answers not used"
        assert len(unused) > 1
        assert said in hand.words
        assert "contradiction" not in hand.words
        await hand.resize(80, 24)
        assert said in hand.lines[2]
        await hand.press("e")
        await hand.on(ExplainScreen)
        assert "Answers kept but not used" in hand.all_lines
        assert "Answers that contradict each other" not in hand.all_lines
