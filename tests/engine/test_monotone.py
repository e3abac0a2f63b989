"""Random consistent cases: more answers never leave the interval shown, harms never help."""

from __future__ import annotations

import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.model import Case
from ketatui.cql.syntax import Binary, Name, Node, Unary, children
from ketatui.engine import Assessment, assess
from ketatui.engine.assessment import SEVERITY
from tests.effort import tries
from tests.engine.clean import CLEAN
from tests.strategies import ON, Thinned, changed, full_cases, shipped, thinned, without

SOME = settings(max_examples=tries(25), deadline=None)


def judge(case: Case) -> Assessment:
    return assess(shipped(), case, ON, with_changes=False)


MARKS = st.sets(st.sampled_from(sorted(CLEAN)), max_size=4)
"""Questions to mark as asked and not to be established."""


def marked(case: Case, marks: set[str]) -> Case:
    """Take the answers to some questions away and mark them; the mark counts as an answer."""
    return without(case, marks).replaced(unknown=frozenset(marks))


@given(drawn=thinned(CLEAN), marks=st.just(set[str]()) | MARKS)
@SOME
def test_another_answer_never_leaves_the_interval_that_was_shown(
    drawn: Thinned, marks: set[str]
) -> None:
    less = judge(marked(drawn.less, marks))
    for more in (drawn.more, drawn.full):
        then = judge(marked(more, marks))
        for before, after in zip(less.pathways, then.pathways, strict=True):
            best, worst = SEVERITY[before.best], SEVERITY[before.worst]
            assert best <= SEVERITY[after.best] <= SEVERITY[after.worst] <= worst
            if after.verdict != "incomplete":
                assert best <= SEVERITY[after.verdict] <= worst


@given(drawn=thinned(CLEAN), marks=st.just(set[str]()) | MARKS)
@SOME
def test_another_answer_never_improves_a_verdict_that_is_unmet_or_worse(
    drawn: Thinned, marks: set[str]
) -> None:
    less = judge(marked(drawn.less, marks))
    for more in (drawn.more, drawn.full):
        then = judge(marked(more, marks))
        for before, after in zip(less.pathways, then.pathways, strict=True):
            if SEVERITY[before.verdict] >= SEVERITY["unmet"]:
                assert SEVERITY[after.verdict] >= SEVERITY[before.verdict]


@given(drawn=thinned(CLEAN))
@SOME
def test_removing_answers_never_turns_a_bad_verdict_into_criteria_met(drawn: Thinned) -> None:
    full = judge(drawn.full)
    for less in (drawn.more, drawn.less):
        for before, after in zip(full.pathways, judge(less).pathways, strict=True):
            if SEVERITY[before.verdict] >= SEVERITY["unmet"]:
                assert after.verdict not in ("fits", "caution"), before.id


@given(drawn=thinned(CLEAN), marks=st.sets(st.sampled_from(sorted(CLEAN))))
@SOME
def test_every_pathway_has_one_verdict_that_its_own_lines_bear_out(
    drawn: Thinned, marks: set[str]
) -> None:
    case = drawn.less.replaced(unknown=frozenset(marks - set(drawn.less.answers)))
    found = judge(case)
    assert [item.id for item in found.pathways] == ["spravato", "iv", "im", "oral"]
    assert sorted(item.rank for item in found.pathways) == [1, 2, 3, 4]
    for item in found.pathways:
        worst = max((SEVERITY[line.counts_as] for line in item.findings), default=0)
        holding = [line for line in item.open if not line.optional and line.effect != "note"]
        if worst < SEVERITY["incomplete"] and holding:
            assert item.verdict == "incomplete"
        else:
            assert SEVERITY[item.verdict] == max(worst, 0)
        assert not (item.verdict == "fits" and holding)
        assert SEVERITY[item.best] == max(worst, 0)
        assert "incomplete" not in (item.best, item.worst)
        assert item.complete is (not item.open)
        if item.complete:
            assert item.best == item.worst == item.verdict
        assert not {line.rule for line in item.findings} & {line.rule for line in item.open}


@given(case=full_cases(CLEAN))
@SOME
def test_a_full_case_has_nothing_open_but_what_medicines_not_reviewed_block(case: Case) -> None:
    for item in judge(case).pathways:
        for line in item.open:
            assert (line.needs, line.blocked_by) == ((), ("medications.reviewed",))


@given(drawn=thinned(CLEAN))
@SOME
def test_assessing_is_repeatable_and_leaves_the_case_alone(drawn: Thinned) -> None:
    before = copy.deepcopy(drawn.less)
    assert assess(shipped(), drawn.less, ON) == assess(shipped(), drawn.less, ON)
    assert drawn.less == before


def polarities(node: Node, negative: bool = False) -> set[tuple[str, bool]]:
    """Tell how each yes/no fact of a condition counts: its name and whether it is negated."""
    if isinstance(node, Name):
        return {(node.id, negative)}
    if isinstance(node, Unary):
        return polarities(node.operand, not negative)
    if isinstance(node, Binary) and node.op not in ("and", "or"):
        return set()
    return {pair for child in children(node) for pair in polarities(child, negative)}


def harms() -> tuple[str, ...]:
    """List the yes/no questions that rules read only as they are, never negated."""
    knowledge = shipped()
    found = {pair for item in knowledge.conditions for pair in polarities(item.node)}
    support = {ident for item in knowledge.support.values() for ident in item.reads}
    adverse = {ident for ident, negative in found if not negative}
    wholesome = {ident for ident, negative in found if negative} | support
    questions = knowledge.pack.questions
    return tuple(
        sorted(
            ident
            for ident in adverse - wholesome
            if ident in questions and questions[ident].kind == "bool"
        )
    )


def test_the_harms_are_those_a_clinician_would_name() -> None:
    found = set(harms())
    bools = {
        ident
        for ident, question in shipped().pack.questions.items()
        if ident.startswith("medical.") and question.kind == "bool"
    }
    assert bools <= found
    assert {"psych.mania_current", "substance.intoxicated_today", "patient.pregnant"} <= found
    assert not {"depression.acute_suicidality", "consent.capacity"} & found


@given(drawn=thinned(CLEAN), harm=st.sampled_from(harms()))
@SOME
def test_making_a_harm_true_never_improves_a_verdict(drawn: Thinned, harm: str) -> None:
    for case in (drawn.full, drawn.less):
        # The answer "no" is put in first: from unanswered to "yes" may settle what was open.
        if judge(case).asked[harm] is not True:
            continue
        before = judge(changed(case, {harm: False}))
        after = judge(changed(case, {harm: True}))
        for was, becomes in zip(before.pathways, after.pathways, strict=True):
            assert SEVERITY[becomes.verdict] >= SEVERITY[was.verdict], (was.id, harm)
            assert SEVERITY[becomes.best] >= SEVERITY[was.best], (was.id, harm)
