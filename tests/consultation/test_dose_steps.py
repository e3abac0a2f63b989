"""Doses one after the other, as they are typed, and what they come to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ketatui.cases.model import DoseStep, Trial
from ketatui.consultation.dose_steps import steps_in, with_cell, with_steps
from ketatui.consultation.rows import next_field, trial_of
from ketatui.consultation.words import amounts_of
from ketatui.criteria.vocabulary import TRIALS
from ketatui.engine import Knowledge
from ketatui.engine.trials import Drug, judge
from ketatui.reports.record import trial_text


def steps(*pairs: tuple[str, str]) -> tuple[DoseStep, ...]:
    return tuple(DoseStep(daily_dose_mg=Decimal(d), weeks=Decimal(w)) for d, w in pairs)


@pytest.mark.parametrize(
    ("text", "drug", "found"),
    [
        ("sertraline 100 x10wk 200 x2wk", "sertraline", [("100", "10"), ("200", "2")]),
        (
            "Zoloft 50mg 4wk -> 100mg for 8 weeks, then 200 mg daily x 6 wks",
            "Zoloft",
            [("50", "4"), ("100", "8"), ("200", "6")],
        ),
        ("fluoxetine 20x4wk/40x8wk", "fluoxetine", [("20", "4"), ("40", "8")]),
        (
            "Effexor XR 150 for 4 weeks increased to 225 for 6 weeks",
            "Effexor XR",
            [("150", "4"), ("225", "6")],
        ),
        ("bupropion SR 150 bid x2wk, 200 bid x8wk", "bupropion SR", [("300", "2"), ("400", "8")]),
    ],
)
def test_doses_in_turn_typed_on_one_line(
    knowledge: Knowledge, text: str, drug: str, found: list[tuple[str, str]]
) -> None:
    trial = trial_of(knowledge.medicines, knowledge.pack.questions[TRIALS], text)
    assert (trial.drug, trial.daily_dose_mg, trial.weeks) == (drug, None, None)
    assert trial.steps == steps(*found)


@pytest.mark.parametrize(
    "text",
    [
        "sertraline 200 x8wk",
        "sertraline 50-100 x6wk 200 x2wk",
        "sertraline 100 x10 200 x2",
        "sertraline 9000 x10wk 200 x2wk",
        "sertraline 100 x10wk, lexapro 20 x8wk",
    ],
)
def test_what_is_not_wholly_read_is_no_step_and_stays_typed(
    knowledge: Knowledge, text: str
) -> None:
    question = knowledge.pack.questions[TRIALS]
    assert steps_in(question.columns, text) == ((), text)
    trial = trial_of(knowledge.medicines, question, text)
    said = f"{trial.drug} {trial.daily_dose_mg} {trial.weeks}"
    assert trial.steps == ()
    assert all(number in said for number in text.replace("x", " ").split() if number.isdecimal())


def test_only_weeks_at_or_above_the_minimum_add_up_and_a_row_asks_for_no_other(
    knowledge: Knowledge,
) -> None:
    question = knowledge.pack.questions[TRIALS]
    trial = trial_of(knowledge.medicines, question, "sertraline 25 x3wk 50 x4wk 200 x2wk")
    judged = judge(trial, Drug("sertraline", Decimal(50)), Decimal(6), ("no_response",))
    assert (judged.dose_mg, judged.weeks) == (Decimal(200), Decimal(6))
    assert (judged.parts["dose"], judged.parts["weeks"]) == (True, True)
    column = next_field(question, trial, judged)
    assert column is not None
    assert column.id == "outcome"


def test_a_dose_for_the_whole_trial_takes_the_place_of_its_steps() -> None:
    stepped = with_steps(
        Trial(drug="sertraline", daily_dose_mg=Decimal(50), weeks=Decimal(1)),
        steps(("100", "10"), ("200", "2")),
    )
    assert (stepped.daily_dose_mg, stepped.weeks) == (None, None)
    assert with_cell(stepped, "adherent", True).steps == stepped.steps
    whole = with_cell(stepped, "daily_dose_mg", Decimal(150))
    assert (whole.steps, whole.daily_dose_mg, whole.weeks) == ((), Decimal(150), None)


def test_steps_and_the_kind_of_treatment_are_said(knowledge: Knowledge) -> None:
    stepped = Trial(drug="sertraline", steps=steps(("100", "10"), ("200", "2")))
    assert amounts_of(stepped) == ("100 mg for 10 weeks, then 200 mg for 2 weeks",)
    added = Trial(drug="mirtazapine", kind="augmentation", daily_dose_mg=Decimal(15))
    said = trial_text(knowledge.pack, added)
    assert said == "mirtazapine, 15 mg, added to an antidepressant"
    assert trial_text(knowledge.pack, Trial(drug="ECT", kind="ect")) == "ECT, ECT"
