"""Typed lines become rows: name and dose, drug and weeks, and nothing typed is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ketatui.consultation.rows import completed, medicines_of, next_field, trial_of, trials_of
from ketatui.consultation.words import shortfall_text
from ketatui.criteria.vocabulary import TRIALS
from ketatui.engine import Knowledge
from ketatui.engine.trials import Shortfall, TrialJudgment
from tests.each import each


@each(
    ("text", "drug", "dose", "weeks", "outcome"),
    [
        ("Wellbutrin XL 300", "Wellbutrin XL", "300", None, None),
        ("venlafaxine XR 150 for 5 weeks", "venlafaxine XR", "150", "5", None),
        ("bupropion XL 300 mg x 8 wk", "bupropion XL", "300", "8", None),
        (
            "sertraline 200 mg daily, 2 months, no response",
            "sertraline",
            "200",
            "8.7",
            "no_response",
        ),
        ("sertraline 200 x8wk", "sertraline", "200", "8", None),
        ("Zoloft 200x8 weeks", "Zoloft", "200", "8", None),
        ("bupropion XL 300 ×10wk", "bupropion XL", "300", "10", None),
        ("lithium 600 bid", "lithium", "1200", None, None),
        ("zoloft", "zoloft", None, None, None),
        ("sertraline 50-100 mg", "sertraline 50-100 mg", None, None, None),
    ],
)
def test_a_trial_typed_on_one_line(
    knowledge: Knowledge,
    text: str,
    drug: str,
    dose: str | None,
    weeks: str | None,
    outcome: str | None,
) -> None:
    question = knowledge.pack.questions[TRIALS]
    trial = trial_of(knowledge.medicines, question, text)
    assert trial.drug == drug
    assert trial.daily_dose_mg == (None if dose is None else Decimal(dose))
    assert trial.weeks == (None if weeks is None else Decimal(weeks))
    assert trial.outcome == outcome


@pytest.mark.parametrize(
    ("text", "kind", "drug"),
    [
        ("aripiprazole 5 mg as augmentation", "augmentation", "aripiprazole"),
        ("ECT", "ect", "ECT"),
        ("TMS 30 sessions", "tms", "TMS 30 sessions"),
        ("CBT psychotherapy", "psychotherapy", "CBT psychotherapy"),
        ("sertraline", None, "sertraline"),
    ],
)
def test_what_kind_of_treatment_it_was(
    knowledge: Knowledge, text: str, kind: str | None, drug: str
) -> None:
    trial = trial_of(knowledge.medicines, knowledge.pack.questions[TRIALS], text)
    assert (trial.kind, trial.drug) == (kind, drug)


def test_pasted_trials_are_a_row_a_line(knowledge: Knowledge) -> None:
    question = knowledge.pack.questions[TRIALS]
    rows = trials_of(knowledge.medicines, question, "- sertraline 200\n\n- Effexor XR 225 x 8 wk\n")
    assert [(row.drug, row.daily_dose_mg) for row in rows] == [
        ("sertraline", Decimal(200)),
        ("Effexor XR", Decimal(225)),
    ]


def test_a_pasted_list_of_medicines_keeps_every_word(knowledge: Knowledge) -> None:
    text = "lorazepam 1 mg qhs\ngabapentin 600 mg tid; bluepill twice\nlosartan/HCTZ, Ozempic"
    rows = medicines_of(knowledge.medicines, text)
    words = " ".join(f"{row.name} {row.dose}" for row in rows).split()
    assert words == text.replace(";", " ").replace(",", " ").split()
    assert [row.name for row in rows][:2] == ["lorazepam", "gabapentin"]


@each(
    ("text", "whole"),
    [
        ("sertr", "sertraline"),
        ("loraz 1 mg", "lorazepam 1 mg"),
        ("sertraline", "sertraline"),
        ("ven", "ven"),
        ("cann", "cann"),
        ("blue", "blue"),
        ("blue pills", "blue pills"),
        ("zzz", "zzz"),
        ("se", "se"),
    ],
)
def test_only_a_name_that_can_be_no_other_is_completed(
    knowledge: Knowledge, text: str, whole: str
) -> None:
    assert completed(knowledge.medicines, text) == whole


def test_a_row_asks_for_what_it_needs_and_for_nothing_where_it_is_no_antidepressant(
    knowledge: Knowledge,
) -> None:
    question = knowledge.pack.questions[TRIALS]
    trial = trial_of(knowledge.medicines, question, "sertraline 150")
    parts: dict[str, bool | None] = dict.fromkeys(
        ("current_episode", "adherent", "outcome", "dose", "weeks")
    )
    judged = TrialJudgment("sertraline", Decimal(50), {"kind": True, **parts}, None)
    column = next_field(question, trial, judged)
    assert column is not None
    assert column.id == "weeks"
    other = TrialJudgment("ect", None, {"kind": False, **parts}, False)
    assert next_field(question, trial, other) is None


def test_by_how_much_a_trial_falls_short() -> None:
    short = (
        Shortfall("weeks", Decimal(5), Decimal(6)),
        Shortfall("dose", Decimal(150), Decimal(300)),
    )
    judged = TrialJudgment("bupropion", Decimal(300), {}, False, shortfalls=short)
    assert shortfall_text(judged, "weeks") == "short by 1 week"
    assert shortfall_text(judged, "dose") == "below 300 mg"
    assert shortfall_text(judged, "outcome") == ""
