"""Points: what decides counts, harm costs, what is beside the point does neither."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ketatui.cases.model import Answer, Case, Medication
from ketatui.engine import Knowledge, assess
from ketatui.engine.decisive import fact_roles, without
from ketatui.practice.loading import PracticeCase, PracticeLibrary
from ketatui.practice.reasons import OFFERED, reasons_for
from ketatui.practice.scoring import Appraisal, Judgment, appraise, points_text
from tests.each import each
from tests.effort import tries
from tests.practice.support import RED, TWO, perfect


def score(
    knowledge: Knowledge,
    library: PracticeLibrary,
    name: str,
    mine: Case | None = None,
    judgment: Judgment | None = None,
    hints: int = 0,
) -> Appraisal:
    case = library.cases[name]
    judgment = perfect(knowledge, case) if judgment is None else judgment
    mine = case.right if mine is None else mine
    return appraise(knowledge, library.rubric, case, mine, judgment, hints)


def changed(case: PracticeCase, answers: Mapping[str, Answer | None]) -> Case:
    kept = {**case.right.answers, **answers}
    return case.right.replaced(answers={k: v for k, v in kept.items() if v is not None})


@each("name", [RED, TWO])
def test_knowing_everything_earns_everything(
    knowledge: Knowledge, library: PracticeLibrary, name: str
) -> None:
    found = score(knowledge, library, name)
    assert found.points == found.most > 0
    assert not found.harm


@each("name", [RED, TWO])
def test_nothing_done_earns_nothing(
    knowledge: Knowledge, library: PracticeLibrary, name: str
) -> None:
    found = score(knowledge, library, name, Case(), Judgment())
    assert all(line.points <= 0 for line in found.lines)
    assert found.points == (-4 if name == RED else 0)


ByHand = tuple[str, dict[str, Answer | None], dict[str, object], int, int]
BY_HAND: dict[str, ByHand] = {
    # One decisive fact, four verdicts, four reasons, the choice and the plan.
    "all of the harbor pilot": (RED, {}, {}, 0, 2 + 4 * 2 + 4 * 1 + 2 + 4),
    "the vessel overlooked": (
        RED,
        {"medical.aneurysmal_disease": False},
        {},
        0,
        # Verdicts, reasons and choice without an answer behind them are guesses.
        0 + 0 + 0 + 0 + 4 - 4,
    ),
    "the spray chosen": (RED, {}, {"choice": "spravato"}, 0, 2 + 8 + 4 + 0 + 4 - 6),
    "the spray planned": (RED, {}, {"plan": "spray"}, 0, 2 + 8 + 4 + 2 + 0 - 8),
    "a neutral plan": (RED, {}, {"plan": "wait"}, 0, 2 + 8 + 4 + 2 + 0),
    "two hints": (RED, {}, {}, 2, 20 - 2),
    # Half a verdict each for "not recommended" where it is contraindicated.
    "the way right, the words not": (
        RED,
        {},
        {"verdicts": dict.fromkeys(("spravato", "iv", "im", "oral"), "not_recommended")},
        0,
        1 + 4 * 1 + 4 + 2 + 4,
    ),
    "all four let through": (
        RED,
        {},
        {"verdicts": dict.fromkeys(("spravato", "iv", "im", "oral"), "caution")},
        0,
        # The vessel was noted, and not understood.
        0 + 0 + 4 + 0 + 4 - 4 * 6,
    ),
    # The case's own rubric: 6 for the plan, 2 off for a hint. Diagnosis, suicidality, trials and
    # "the whole history" decide; blood pressure and lorazepam set no verdict here.
    "all of the night baker": (TWO, {}, {}, 0, 4 * 2 + 4 * 2 + 4 * 1 + 2 + 6),
    "with a hint": (TWO, {}, {}, 1, 28 - 2),
    "another blood pressure": (TWO, {"vitals.systolic": 128}, {}, 0, 28),
    "suicidal by mistake": (TWO, {"depression.acute_suicidality": True}, {}, 0, 28 - 14),
    "a reason that does not apply": (TWO, {}, {"reasons": {"iv": ("avm",)}}, 0, 28 - 4 - 1),
    "the vessel never asked about": (
        RED,
        {"medical.aneurysmal_disease": None},
        {"verdicts": dict.fromkeys(("spravato", "iv", "im", "oral"), "fits")},
        0,
        # Missed, four times let through, and once not ruled out.
        0 + 0 + 0 + 0 + 4 - 4 - 4 * 6 - 6,
    ),
}


@each("what", BY_HAND)
def test_the_score_is_what_the_rubric_says_by_hand(
    knowledge: Knowledge, library: PracticeLibrary, what: str
) -> None:
    name, answers, judged, hints, wanted = BY_HAND[what]
    case = library.cases[name]
    judgment = perfect(knowledge, case).replaced(**judged)
    found = score(knowledge, library, name, changed(case, answers), judgment, hints)
    assert found.points == wanted, [(line.kind, line.points, line.said) for line in found.lines]


def test_a_table_of_which_a_row_is_right_earns_half(
    knowledge: Knowledge, library: PracticeLibrary
) -> None:
    case = library.cases[TWO]
    low, full = case.right.trials
    for rows, wanted in (
        ((low, full), "found"),
        # In another order, and with another dose that does not count either.
        ((full, low.replaced(daily_dose_mg=Decimal(30))), "found"),
        ((low.replaced(daily_dose_mg=Decimal(200)), full), "partly"),
        ((), "missed"),
        # A row that leads to the same findings and is none of his.
        ((low.replaced(drug="bupropion", outcome="remission"),), "missed"),
    ):
        mine = case.right.replaced(trials=rows)
        found = score(knowledge, library, TWO, mine)
        assert found.found["antidepressant_trials"] == wanted
        line = next(item for item in found.lines if item.about == "antidepressant_trials")
        assert line.points == {"found": 2, "partly": 1, "missed": 0}[wanted]


def test_an_answer_that_the_own_answers_hide_is_not_found(
    knowledge: Knowledge, library: PracticeLibrary
) -> None:
    case = library.cases[TWO]
    mine = changed(case, {"indication.diagnosis": "crps"})
    assert score(knowledge, library, TWO, mine).found["antidepressant_trials"] == "missed"


@pytest.mark.long
@given(data=st.data())
@settings(
    max_examples=tries(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_is_beside_the_point_neither_gains_nor_loses(
    knowledge: Knowledge, library: PracticeLibrary, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from([RED, TWO]))
    case = library.cases[name]
    roles = fact_roles(knowledge, case.right, case.file.on)
    beside = [ident for ident, role in roles.items() if not role.decisive]
    # Not the ones that say which questions are asked at all.
    left_out = data.draw(st.sets(st.sampled_from(beside), max_size=10)) - {"setting.site"}
    mine = without(case.right, left_out)
    full = perfect(knowledge, case)
    pathway = data.draw(st.sampled_from(sorted(full.reasons)))
    found = assess(knowledge, case.right, case.file.on, with_changes=False).pathway(pathway)
    spare = [r.rule for r in reasons_for(knowledge, case, found) if not r.decisive]
    extra = data.draw(st.sampled_from(spare))
    reasons = {**full.reasons, pathway: (*full.reasons[pathway][:2], extra)}
    judged = full.replaced(reasons=reasons)
    with_extras = score(knowledge, library, name, mine, judged)
    cost = sum(line.points for line in with_extras.lines if line.kind == "wrong_reason")
    holds = next(r.holds for r in reasons_for(knowledge, case, found) if r.rule == extra)
    assert cost == (0 if holds else -1)
    assert with_extras.points == score(knowledge, library, name).points + cost


@each("name", [RED, TWO])
def test_the_reasons_offered_are_the_same_every_time_and_some_do_not_apply(
    knowledge: Knowledge, library: PracticeLibrary, name: str
) -> None:
    case = library.cases[name]
    found = assess(knowledge, case.right, case.file.on, with_changes=False)
    for pathway in found.pathways:
        offered = reasons_for(knowledge, case, pathway)
        assert offered == reasons_for(knowledge, case, pathway)
        assert len(offered) == len({reason.rule for reason in offered}) == OFFERED
        holding = {item.rule for item in pathway.findings}
        assert all(reason.holds == (reason.rule in holding) for reason in offered)
        assert sum(not reason.holds for reason in offered) >= 4
        assert any(reason.decisive for reason in offered)


def test_a_medicine_spelt_otherwise_is_found(
    knowledge: Knowledge, library: PracticeLibrary
) -> None:
    case = library.cases[TWO]
    right = case.right.replaced(medications=(Medication(name="theophylline"),))
    other = case.replaced(right=right)
    mine = right.replaced(medications=(Medication(name="  THEOPHYLLINE"),))
    found = appraise(knowledge, library.rubric, other, mine, perfect(knowledge, other), 0)
    assert found.found["medications"] == "found"
    none = right.replaced(medications=())
    found = appraise(knowledge, library.rubric, other, none, perfect(knowledge, other), 0)
    assert found.found["medications"] == "missed"


def test_points_are_written_with_their_sign() -> None:
    said = [points_text(Decimal(text)) for text in ("2", "-1.5", "0", "-6", "10")]
    assert said == ["+2", "−1.5", "0", "−6", "+10"]
