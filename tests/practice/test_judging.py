"""What runs of the pack's own cases are worth: guessing, screening, harm that is none."""

from __future__ import annotations

from ketatui.engine import Knowledge
from ketatui.engine.decisive import fact_roles
from ketatui.practice.loading import PracticeCase, PracticeLibrary
from ketatui.practice.scoring import Appraisal, Judgment, appraise
from tests.each import each
from tests.practice.support import perfect


def run_of(
    knowledge: Knowledge,
    packs: PracticeLibrary,
    case: PracticeCase,
    judgment: Judgment,
    *,
    only: set[str] | None = None,
    without: tuple[str, ...] = (),
) -> Appraisal:
    """Appraise a run with the right answers, or some of them."""
    right = case.right
    answers = {
        ident: value
        for ident, value in right.answers.items()
        if (only is None or ident in only) and ident not in without
    }
    mine = right.replaced(answers=answers)
    return appraise(knowledge, packs.rubric, case, mine, judgment, 0)


def test_to_answer_only_what_is_scored_is_no_safe_way_to_a_usable_pathway(
    knowledge: Knowledge, packs: PracticeLibrary
) -> None:
    case = packs.cases["piano-tuner"]
    roles = fact_roles(knowledge, case.right, case.file.on)
    decisive = {ident for ident, role in roles.items() if role.decisive}
    found = run_of(knowledge, packs, case, perfect(knowledge, case), only=decisive)
    assert found.points < 0
    opened = [line for line in found.lines if line.kind == "left_open"]
    assert len(opened) == 4
    assert all(line.points == -6 for line in opened)
    one = run_of(knowledge, packs, case, perfect(knowledge, case), without=("medical.avm",))
    assert [line.about for line in one.harm] == ["avm"]


def test_who_saw_the_danger_is_not_charged_for_where_it_was(
    knowledge: Knowledge, packs: PracticeLibrary
) -> None:
    case = packs.cases["parking-garage"]
    judgment = perfect(knowledge, case)
    assert not run_of(knowledge, packs, case, judgment, without=("setting.site",)).harm
    missed = run_of(knowledge, packs, case, judgment, without=("depression.imminent_risk",))
    assert [line.about for line in missed.harm] == ["depression.imminent_risk"]


@each("name", ["last-ferry", "ski-patrol", "ferry-captain"])
def test_the_choice_may_be_what_the_right_plan_goes_on_with(
    knowledge: Knowledge, packs: PracticeLibrary, name: str
) -> None:
    case = packs.cases[name]
    full = perfect(knowledge, case)
    for plan in case.file.plans:
        for choice in plan.choices:
            judged = full.replaced(plan=plan.id, choice=choice)
            found = run_of(knowledge, packs, case, judged)
            assert found.points == found.most, (plan.id, choice)
    away = next(plan for plan in case.file.plans if not plan.right)
    assert not away.choices


def test_a_fact_that_was_answered_and_not_understood_earns_nothing(
    knowledge: Knowledge, packs: PracticeLibrary
) -> None:
    case = packs.cases["town-clerk"]
    full = perfect(knowledge, case)
    judged = full.replaced(verdicts=dict.fromkeys(full.verdicts, "fits"))
    assert run_of(knowledge, packs, case, judged).found == {"vitals.systolic": "unused"}
    half = full.replaced(verdicts={**full.verdicts, "iv": "fits"})
    assert run_of(knowledge, packs, case, half).found == {"vitals.systolic": "partly"}
