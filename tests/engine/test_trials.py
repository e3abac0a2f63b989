"""Failed adequate trials: what counts as one, and the number in every branch of the dictionary."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ketatui.cases.integrity import reading_of
from ketatui.cases.model import Case, DoseStep, Trial
from ketatui.consultation.words import judged_name, trial_name
from ketatui.engine import Knowledge, assess, establish
from ketatui.reports.cases_csv import row as row_of
from ketatui.reports.record import trial_text
from tests.each import each
from tests.engine.clean import ON, TWO_FAILED, clean, diagnosed, trial


def counted(
    knowledge: Knowledge,
    *trials: Trial,
    complete: bool | None = True,
    reported: int | None = None,
) -> int | None:
    case = _case(trials, complete, reported)
    values = establish(knowledge, case).values
    failed, resistant = values["derived.failed_trials"], values["derived.trd"]
    assert resistant == (None if failed is None else failed >= 2)  # type: ignore[operator]
    assert failed is None or isinstance(failed, int)
    return failed


def _case(trials: tuple[Trial, ...], complete: bool | None, reported: int | None) -> Case:
    changes = {"trials.rows_complete": complete, "trials.reported_count": reported}
    return clean(changes, trials=trials)


@each(
    ("fields", "counts"),
    [
        ({}, 1),
        ({"outcome": "partial_response"}, 1),
        ({"outcome": "response"}, 0),
        ({"outcome": "not_tolerated"}, 0),
        ({"adherent": False}, 0),
        ({"current_episode": False}, 0),
        ({"weeks": Decimal("5.9")}, 0),
        ({"weeks": Decimal(6)}, 1),
        ({"weeks": Decimal("6.1")}, 1),
        ({"daily_dose_mg": Decimal("49.9")}, 0),
        ({"daily_dose_mg": Decimal(50)}, 1),
        ({"daily_dose_mg": Decimal(51)}, 1),
        # The clinician's mark is asked only for a drug without a tabled minimum.
        ({"daily_dose_mg": Decimal(25), "dose_adequate": True}, 0),
        ({"dose_adequate": False}, 1),
    ],
)
def test_a_trial_of_sertraline_counts_only_if_every_part_holds(
    knowledge: Knowledge, fields: dict[str, Any], counts: int
) -> None:
    assert counted(knowledge, trial("sertraline", **fields)) == counts


@pytest.mark.parametrize(
    ("mark", "dose", "counts"), [(True, 1, 1), (True, None, 1), (False, 900, 0), (None, 900, None)]
)
def test_a_drug_without_a_tabled_minimum_counts_only_when_marked(
    knowledge: Knowledge, mark: bool | None, dose: int | None, counts: int | None
) -> None:
    amount = None if dose is None else Decimal(dose)
    row = trial("novelazine", daily_dose_mg=amount, dose_adequate=mark)
    assert counted(knowledge, row) == counts


@pytest.mark.parametrize(
    "names",
    [
        ("sertraline", "sertraline"),
        ("sertraline", "Sertraline  HCl"),
        ("Sertraline", "sertraline hydrochloride"),
        (" SERTRALINE ", "sertraline"),
    ],
)
def test_two_rows_of_one_drug_count_once(knowledge: Knowledge, names: tuple[str, str]) -> None:
    assert counted(knowledge, *(trial(name) for name in names)) == 1


@pytest.mark.parametrize("kind", ["augmentation", "ect", "tms", "psychotherapy"])
def test_only_antidepressants_count(knowledge: Knowledge, kind: str) -> None:
    row = trial("venlafaxine", kind=kind)
    assert counted(knowledge, trial("sertraline"), row) == 1
    unfinished = trial("quetiapine", kind=kind, weeks=None, outcome=None, daily_dose_mg=None)
    assert counted(knowledge, trial("sertraline"), unfinished) == 1


@pytest.mark.parametrize("marked", [True, None])
def test_a_drug_known_for_something_else_is_not_taken_for_an_antidepressant_unasked(
    knowledge: Knowledge, marked: bool | None
) -> None:
    row = trial("aripiprazole", daily_dose_mg=Decimal(5), dose_adequate=marked)
    assert counted(knowledge, trial("sertraline"), row) is None
    for kind, number in (("augmentation", 1), ("antidepressant", 2 if marked else None)):
        said = row.replaced(kind=kind)
        assert counted(knowledge, trial("sertraline"), said) == number


def test_a_history_that_cannot_be_established_is_no_empty_one_whatever_was_ticked(
    knowledge: Knowledge,
) -> None:
    for reported, trd in ((None, None), (1, False), (2, True)):
        answers = {"trials.rows_complete": True, "trials.reported_count": reported}
        case = clean(answers, trials=[], unknown=["antidepressant_trials"])
        found = assess(knowledge, case, ON)
        assert found.values["derived.trd"] is trd
        if trd is None:
            (opened,) = found.pathway("spravato").open
            assert opened.needs == ("antidepressant_trials", "trials.reported_count")


def test_a_row_without_a_drug_is_open(knowledge: Knowledge) -> None:
    assert counted(knowledge, trial("sertraline"), trial(" ", dose_adequate=True)) is None
    # So is one that says nothing of a drug at all; of what is no drug nothing need be said.
    said = Trial(outcome="no_response", adherent=True, current_episode=True, weeks=Decimal(8))
    assert counted(knowledge, trial("sertraline"), said) is None
    assert counted(knowledge, trial("sertraline"), said.replaced(kind="ect")) == 1
    assert trial_text(knowledge.pack, said).startswith("no drug named, 8 weeks")
    assert trial_text(knowledge.pack, said.replaced(kind="ect")).startswith("8 weeks, ECT")
    # Two rows without a drug may be of two.
    case = clean(trials=[said, said, said.replaced(kind="ect")])
    trials = assess(knowledge, case, ON).trials
    assert [*map(judged_name, trials.judgments)] == ["no drug named", "no drug named", "not a drug"]
    assert (trials.certain, trials.possible) == (0, 2)
    assert [trial_name(row) for row in case.trials] == ["no drug named", "no drug named", "ect"]
    named = "no drug named, 8 weeks, no_response; no drug named, 8 weeks, no_response"
    written = row_of(knowledge, reading_of(case, knowledge.pack), ON)
    assert f"{named}; 8 weeks, ect, no_response" in written


def _steps(*steps: tuple[int | None, int | None]) -> tuple[DoseStep, ...]:
    return tuple(
        DoseStep(
            daily_dose_mg=None if dose is None else Decimal(dose),
            weeks=None if weeks is None else Decimal(weeks),
        )
        for dose, weeks in steps
    )


@each(
    ("steps", "dose", "weeks", "counts"),
    [
        # The weeks at or above the minimum (50 mg) are added up.
        ([(25, 4), (50, 3), (200, 3)], True, True, True),
        ([(25, 9), (100, 5)], True, False, False),
        ([(25, 20), (40, 20)], False, False, False),
        ([(100, 6), (200, None)], True, True, True),
        ([(100, 5), (200, None)], True, None, None),
        ([(100, 5), (None, 2)], True, None, None),
        ([(100, 3), (None, 2)], True, False, False),
        ([(None, 8)], None, None, None),
    ],
)
def test_several_doses_of_one_drug_come_to_one_trial(
    knowledge: Knowledge,
    steps: list[tuple[int | None, int | None]],
    dose: bool | None,
    weeks: bool | None,
    counts: bool | None,
) -> None:
    row = trial("sertraline", daily_dose_mg=None, weeks=None, steps=_steps(*steps))
    (judged,) = establish(knowledge, clean(trials=[row])).trials.judgments
    assert (judged.parts["dose"], judged.parts["weeks"], judged.counts) == (dose, weeks, counts)


def test_dose_and_weeks_of_the_row_stand_before_its_steps(knowledge: Knowledge) -> None:
    row = trial("sertraline", weeks=Decimal(12), steps=_steps((25, 1)))
    assert counted(knowledge, row) == 1


def test_a_row_says_by_how_much_it_falls_short(knowledge: Knowledge) -> None:
    row = trial("bupropion xl", daily_dose_mg=Decimal(150), weeks=Decimal(5))
    (judged,) = establish(knowledge, clean(trials=[row])).trials.judgments
    assert [(item.part, item.present, item.needed) for item in judged.shortfalls] == [
        ("dose", Decimal(150), Decimal(300)),
        ("weeks", Decimal(5), Decimal(6)),
    ]
    assert judged.nearly
    helped = row.replaced(outcome="response")
    (judged,) = establish(knowledge, clean(trials=[helped])).trials.judgments
    assert not judged.nearly


def test_two_rows_of_an_untabled_drug_count_once(knowledge: Knowledge) -> None:
    rows = [trial(name, dose_adequate=True) for name in ("Novelazine", "novelazine ")]
    assert counted(knowledge, *rows) == 1


def test_a_release_form_with_a_minimum_of_its_own_is_judged_by_it(knowledge: Knowledge) -> None:
    assert counted(knowledge, trial("paroxetine cr", daily_dose_mg=Decimal(20))) == 0
    assert counted(knowledge, trial("paroxetine", daily_dose_mg=Decimal(20))) == 1


@each(
    ("rows", "complete", "reported", "number"),
    [
        (0, True, None, 0),
        (1, True, None, 1),
        (2, True, None, 2),
        (3, True, None, 3),
        (1, True, 3, 1),
        (2, True, 1, 2),
        (0, True, 2, 2),
        (0, False, 2, 2),
        (0, None, 2, 2),
        (0, None, 0, 0),
        (1, None, 3, 3),
        (3, None, 1, 3),
        (1, False, 1, 1),
        (0, None, None, None),
        (1, None, None, None),
        (1, False, None, None),
        (0, False, None, None),
        (2, None, None, 2),
        (2, False, None, 2),
        (3, None, None, 3),
    ],
)
def test_the_number_in_every_branch(
    knowledge: Knowledge, rows: int, complete: bool | None, reported: int | None, number: int | None
) -> None:
    drugs = ("sertraline", "venlafaxine", "bupropion")[:rows]
    trials = [trial(drug) for drug in drugs]
    assert counted(knowledge, *trials, complete=complete, reported=reported) == number


@pytest.mark.parametrize("field", ["weeks", "outcome", "adherent", "current_episode"])
def test_an_unfinished_row_of_a_complete_history_leaves_the_number_open(
    knowledge: Knowledge, field: str
) -> None:
    rows = (trial("sertraline"), trial("venlafaxine", **{field: None}))
    assert counted(knowledge, *rows) is None
    assert counted(knowledge, *rows, trial("bupropion")) == 2
    found = assess(knowledge, _case(rows, True, None), ON)
    spray = found.pathway("spravato")
    assert spray.verdict == "incomplete"
    needs = {item.rule: item.needs for item in spray.open}["indication"]
    assert "antidepressant_trials" in needs


def test_an_unfinished_row_that_already_fails_counts_as_not_counting(knowledge: Knowledge) -> None:
    row = trial("venlafaxine", weeks=Decimal(2), outcome=None)
    assert counted(knowledge, trial("sertraline"), row) == 1


def test_an_unfinished_row_in_a_complete_history_leaves_the_number_open(
    knowledge: Knowledge,
) -> None:
    row = trial("sertraline", outcome=None)
    for reported in (None, 1, 2, 3):
        assert counted(knowledge, row, complete=True, reported=reported) is None
    found = assess(knowledge, _case((row,), True, 2), ON).contradictions
    assert [item.id for item in found] == ["reported-and-counted-differ"]


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("sertralin", "sertraline"),
        ("venlafaxine hcl retard", "venlafaxine"),
        ("fluoxetine forte", "fluoxetine"),
    ],
)
def test_an_unknown_name_that_resembles_a_known_one_is_a_contradiction(
    knowledge: Knowledge, name: str, known: str
) -> None:
    rows = (trial("sertraline"), trial(name, dose_adequate=True))
    (found,) = assess(knowledge, _case(rows, True, None), ON).contradictions
    assert found.id == "drug-resembles-a-known-one"
    assert f"“{name}” is not a known name and resembles {known}." in found.because


def test_a_brand_of_several_drugs_is_said_to_be_one_and_not_an_unknown_name(
    knowledge: Knowledge,
) -> None:
    rows = (trial("sertraline"), trial("Symbyax", dose_adequate=True))
    (found,) = assess(knowledge, _case(rows, True, None), ON).contradictions
    assert found.id == "drug-resembles-a-known-one"
    assert found.because.startswith("“fluoxetine + olanzapine” is a combination that holds fluox")


def test_trials_of_a_diagnosis_that_does_not_ask_for_them_are_not_used(
    knowledge: Knowledge,
) -> None:
    found = assess(knowledge, clean(diagnosed("ptsd"), trials=TWO_FAILED), ON)
    assert found.values["derived.failed_trials"] is None
    assert found.values["derived.trd"] is None
    hidden = [item.questions[0] for item in found.contradictions]
    assert hidden == ["antidepressant_trials"]


@each(
    ("rows", "complete", "reported", "contradicts"),
    [
        (2, True, 2, False),
        (2, None, 1, True),
        (1, True, 2, True),
        (1, None, 2, False),
        (0, True, 2, True),
        (0, True, 1, True),
        (0, True, 0, False),
        (0, None, 2, False),
    ],
)
def test_counts_that_differ_are_shown_as_a_contradiction(
    knowledge: Knowledge, rows: int, complete: bool | None, reported: int, contradicts: bool
) -> None:
    found = assess(knowledge, _case(TWO_FAILED[:rows], complete, reported), ON)
    ids = [item.id for item in found.contradictions]
    assert ids == (["reported-and-counted-differ"] if contradicts else [])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("sertraline", "Zoloft"),
        ("Effexor XR", "venlafaxine hydrochloride"),
        ("paroxetine", "Paxil CR"),
        ("EMSAM", "selegiline transdermal"),
    ],
)
def test_one_drug_under_two_names_counts_once(
    knowledge: Knowledge, first: str, second: str
) -> None:
    enough = {"daily_dose_mg": Decimal(300)}
    assert counted(knowledge, trial(first, **enough), trial(second, **enough)) == 1


def test_a_brand_name_has_the_minimum_dose_of_its_drug(knowledge: Knowledge) -> None:
    assert counted(knowledge, trial("Effexor XR", daily_dose_mg=Decimal("149.9"))) == 0
    assert counted(knowledge, trial("Effexor XR", daily_dose_mg=Decimal(150))) == 1


@pytest.mark.parametrize(
    ("rows", "complete", "reported", "said"),
    [
        (TWO_FAILED, None, 1, "Reported failed trials: 1, but the table shows 2"),
        (TWO_FAILED[:1], True, 2, "The table is marked as the whole history and shows 1"),
        ((), True, 2, "marked complete and is empty, but 2 failed trials are reported"),
        (
            (trial(weeks=None),),
            True,
            None,
            "but 1 row lacks an answer that decides",
        ),
        ((trial(weeks=None),), None, None, None),
        (TWO_FAILED, True, None, None),
    ],
)
def test_the_contradiction_says_what_does_not_fit(
    knowledge: Knowledge,
    rows: tuple[Trial, ...],
    complete: bool | None,
    reported: int | None,
    said: str | None,
) -> None:
    found = assess(knowledge, _case(rows, complete, reported), ON).contradictions
    assert [item.because for item in found if said and said in item.because] == [
        item.because for item in found
    ]
    assert len(found) == (said is not None)


@pytest.mark.parametrize(
    ("fields", "failing"),
    [
        ({}, ()),
        ({"weeks": Decimal(2)}, ("weeks",)),
        ({"daily_dose_mg": Decimal(1), "adherent": False}, ("adherent", "dose")),
        ({"outcome": "response", "current_episode": False}, ("current_episode", "outcome")),
        # What is not known yet does not fail.
        ({"outcome": None, "weeks": None, "daily_dose_mg": None}, ()),
    ],
)
def test_the_parts_that_fail_are_told_in_the_order_they_are_shown(
    knowledge: Knowledge, fields: dict[str, Any], failing: tuple[str, ...]
) -> None:
    (judged,) = establish(knowledge, clean(trials=[trial(**fields)])).trials.judgments
    assert judged.failing == failing
