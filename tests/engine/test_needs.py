"""What an open rule needs is enough to close it, and nothing else ever does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from ketatui.cases.model import Case, Trial
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess, compile_pack, establish
from ketatui.engine.needs import Needs, NeedsFinder
from tests.effort import tries
from tests.engine.clean import CLEAN, ON, WOMAN, clean, trial
from tests.strategies import ROWS, Thinned, shipped, thinned

BLOCKED: tuple[set[str], set[str]] = (set(), {"medications.reviewed"})
SOME = settings(max_examples=tries(25), deadline=None)


def opened(case: Case) -> dict[tuple[str, str], tuple[set[str], set[str]]]:
    """Return needs and blocks of every open rule, by pathway and rule."""
    return {
        (pathway.id, rule.rule): (set(rule.needs), set(rule.blocked_by))
        for pathway in assess(shipped(), case, ON, with_changes=False).pathways
        for rule in pathway.open
    }


def filled(case: Case, full: Case, idents: set[str]) -> Case:
    """Give a case the answers that the full case has to some questions."""
    answers = {ident: full.answers[ident] for ident in idents if ident in full.answers}
    update: dict[str, object] = {"answers": {**case.answers, **answers}}
    if "antidepressant_trials" in idents:
        update["trials"] = full.trials
    if "medications" in idents:
        update["medications"] = full.medications
    return case.replaced(**update)


@given(drawn=thinned(CLEAN))
@SOME
def test_answering_all_it_needs_closes_a_rule(drawn: Thinned) -> None:
    for key, (needs, blocked) in opened(drawn.less).items():
        if not blocked:
            # Those the full case hides are settled by the answer that hides them.
            then = opened(filled(drawn.less, drawn.full, needs))
            # "No, not reviewed" is an answer too, and it blocks.
            assert then.get(key, BLOCKED) == BLOCKED, needs


@given(drawn=thinned(CLEAN))
@SOME
def test_what_is_told_of_an_open_rule_hangs_on_no_case_before(drawn: Thinned) -> None:
    """Rules are told alike for many cases; each time as if it were the first."""
    knowledge = shipped()
    for case in (drawn.full, drawn.less):
        finder = NeedsFinder(knowledge, establish(knowledge, case))
        for pathway in assess(knowledge, case, ON, with_changes=False).pathways:
            rules = {rule.rule: rule for rule in knowledge.rules[pathway.id]}
            for told in pathway.open:
                condition = rules[told.rule].condition
                if condition is not None:
                    needs = finder.of([knowledge.conditions[condition]])
                    assert told.needs == needs.questions
                    assert told.unknown == needs.unknown
                    assert told.blocked_by == needs.blocked_by


@given(drawn=thinned(CLEAN))
@SOME
def test_answering_anything_else_never_closes_a_rule(drawn: Thinned) -> None:
    for key, (needs, _) in opened(drawn.less).items():
        others = {*drawn.full.answers, *ROWS} - needs - set(drawn.less.answers)
        if drawn.less.trials:
            others -= {"antidepressant_trials"}
        assert key in opened(filled(drawn.less, drawn.full, others)), needs


@given(drawn=thinned(CLEAN))
@SOME
def test_it_needs_only_what_has_no_answer_and_may_be_asked(drawn: Thinned) -> None:
    found = assess(shipped(), drawn.less, ON, with_changes=False)
    for pathway in found.pathways:
        for rule in pathway.open:
            assert rule.needs or rule.blocked_by
            assert not set(rule.needs) & set(drawn.less.answers)
            assert all(found.asked[ident] is not False for ident in rule.needs)
            assert set(rule.unknown) <= set(rule.needs)
            ranks = [shipped().rank_of_question[ident] for ident in rule.needs]
            assert ranks == sorted(ranks)


@given(drawn=thinned(CLEAN))
@SOME
def test_the_next_question_is_one_that_can_still_change_a_verdict(
    drawn: Thinned,
) -> None:
    found = assess(shipped(), drawn.less, ON, with_changes=False)
    verdicts = {item.id: item.verdict for item in found.pathways}
    if found.next is None:
        full = assess(shipped(), drawn.full, ON, with_changes=False)
        assert {item.id: item.verdict for item in full.pathways} == verdicts
        return
    assert found.next.question not in drawn.less.answers
    assert found.asked[found.next.question] is not False
    assert found.next.pathways
    for ident in found.next.pathways:
        pathway = found.pathway(ident)
        asking = [rule for rule in pathway.open if found.next.question in rule.needs]
        assert asking
        assert pathway.verdict == "incomplete" or pathway.best != pathway.worst


def test_a_hidden_question_is_needed_through_what_hides_it(knowledge: Knowledge) -> None:
    case = clean({**dict.fromkeys(WOMAN), "patient.age": 30})
    found = assess(knowledge, case, ON).pathway("iv")
    needs = {rule.rule: set(rule.needs) for rule in found.open}
    asked = {"patient.sex", "patient.can_become_pregnant", "patient.pregnant"}
    assert needs["contraception"] == asked | {"patient.contraception"}
    assert needs["breastfeeding"] == {"patient.sex", "patient.breastfeeding"}


def test_medicines_not_reviewed_block_and_are_not_asked_again(knowledge: Knowledge) -> None:
    found = assess(knowledge, clean({"medications.reviewed": False}), ON).pathway("oral")
    rule = next(rule for rule in found.open if rule.rule == "cyp-inducers")
    assert (rule.needs, rule.blocked_by) == ((), ("medications.reviewed",))
    assert found.verdict == "unmet"


TRIALS = ("antidepressant_trials", "trials.rows_complete", "trials.reported_count")


@pytest.mark.parametrize(
    ("rows", "complete", "needs"),
    [
        ((), None, set(TRIALS)),
        ((trial(),), None, set(TRIALS[1:])),
        ((trial(weeks=None),), None, set(TRIALS)),
        ((trial(), trial(weeks=None)), None, set(TRIALS)),
        # Beside a history that is complete, what is reported counts no longer.
        ((trial(), trial("venlafaxine", weeks=None)), True, {TRIALS[0]}),
    ],
)
def test_the_number_of_failed_trials_needs_what_is_not_settled(
    knowledge: Knowledge, rows: tuple[Trial, ...], complete: bool | None, needs: set[str]
) -> None:
    case = clean({TRIALS[1]: complete, TRIALS[2]: None}, trials=rows)
    rule = next(
        item
        for item in assess(knowledge, case, ON).pathway("iv").open
        if item.rule == "mdd-not-resistant"
    )
    assert set(rule.needs) & set(TRIALS) == needs
    assert not set(rule.blocked_by) & needs


def test_a_band_needs_its_scale(pack: Pack) -> None:
    rule = pack.rules["avm"].replaced(when="derived.phq9_band = 'severe'", on={})
    knowledge = compile_pack(pack.replaced(rules={**pack.rules, "avm": rule}))
    found = assess(knowledge, clean({"scales.phq9": None}), ON).pathway("iv")
    assert [item.needs for item in found.open if item.rule == "avm"] == [("scales.phq9",)]
    assert not assess(knowledge, clean({"scales.phq9": 9}), ON).pathway("iv").open


@pytest.mark.parametrize(
    ("questions", "unknown", "blocked", "wanted"),
    [
        (("a",), ("a",), (), True),
        (("a", "b"), ("a", "b"), (), True),
        (("a", "b"), ("a",), (), False),
        (("a",), ("a",), ("b",), False),
        ((), (), (), False),
        ((), (), ("b",), False),
    ],
)
def test_all_is_unknown_where_nothing_else_is_waited_for(
    questions: tuple[str, ...], unknown: tuple[str, ...], blocked: tuple[str, ...], wanted: bool
) -> None:
    assert Needs(questions, unknown, blocked).all_unknown is wanted
