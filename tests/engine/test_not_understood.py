"""Never "criteria met" on what was not understood: a law over random junk."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.model import NONE_OF_THESE, NOT_ESTABLISHED, Case, Medication, Trial
from ketatui.cql import PartialList
from ketatui.engine import Knowledge, assess, establish
from tests.effort import tries
from tests.engine.clean import ON, clean, trial
from tests.strategies import shipped

JUNK = st.text(max_size=24) | st.sampled_from(
    ["lorazepam", "blue tablet", "lorazepan", "  ", "no opioids", "sertraline", "stopped lithium"]
)
ITEMS = ("interest", "mood", "sleep", "energy", "appetite", "worth", "concentration")
NOTHING_ELSE = st.sampled_from([(), (NONE_OF_THESE,), (NOT_ESTABLISHED,), ("opioid",)])


@st.composite
def trials(draw: st.DrawFn) -> Trial:
    """A failed adequate trial of any drug, with any of its parts missing."""
    whole = trial(
        draw(JUNK | st.sampled_from(["venlafaxine", "aripiprazole", "gepirone"])),
        dose_adequate=draw(st.sampled_from([True, False, None])),
        kind=draw(st.sampled_from([None, "antidepressant", "augmentation"])),
    )
    gone = draw(
        st.sets(
            st.sampled_from(["daily_dose_mg", "weeks", "outcome", "adherent", "current_episode"]),
            max_size=2,
        )
    )
    return whole.replaced(**dict.fromkeys(gone))


@st.composite
def messy(draw: st.DrawFn) -> Case:
    """The clean case with junk in its free texts, and any answers missing."""
    case = clean()
    gone = draw(st.sets(st.sampled_from(sorted(case.answers)), max_size=2))
    answers = {key: value for key, value in case.answers.items() if key not in gone}
    medicines = st.builds(
        lambda name, said: Medication(name=name, classes=said), JUNK, NOTHING_ELSE
    )
    return case.replaced(
        answers=answers,
        medications=tuple(draw(st.lists(medicines, max_size=3))),
        trials=(trial("sertraline"), *draw(st.lists(trials(), max_size=2))),
    )


@given(case=messy())
@settings(max_examples=tries(150), deadline=None)
def test_nothing_is_met_while_something_that_is_read_was_not_understood(case: Case) -> None:
    knowledge = shipped()
    facts = establish(knowledge, case)
    found = assess(knowledge, case, ON, with_changes=False)
    not_settled = [item for item in facts.medicines if not item.settled]
    asked_about = [item for item in not_settled if not item.not_established]
    for pathway in found.pathways:
        if not pathway.usable:
            continue
        assert not asked_about
        # What cannot be established is said of each rule that waits for it.
        waiting = {finding.rule for finding in pathway.findings if finding.not_excluded}
        assert bool(not_settled) == bool(waiting)
        assert facts.values["derived.trd"] is True
        assert facts.trials.certain >= 2
        assert all(facts.values[ident] is not None for ident in ("scales.phq9",) if pathway.open)


@given(case=messy())
@settings(max_examples=tries(50), deadline=None)
def test_no_medicine_is_dropped_and_none_is_invented(case: Case) -> None:
    facts = establish(shipped(), case)
    assert [item.name for item in facts.medicines] == [row.name for row in case.medications]
    value = facts.values["derived.drug_classes"]
    known = {code for item in facts.medicines for code in item.classes}
    assert value is None or isinstance(value, tuple)
    assert set(value or ()) == known
    open_ended = value is None or isinstance(value, PartialList)
    reviewed = facts.values["medications.reviewed"] is True
    assert open_ended == (not reviewed or any(not item.settled for item in facts.medicines))


def test_a_name_nobody_knows_keeps_open_what_reads_it(knowledge: Knowledge) -> None:
    case = clean(takes=["lorazepam", "blue tablet from Mexico"])
    found = assess(knowledge, case, ON)
    spray = found.pathway("spravato")
    assert spray.verdict == "incomplete"
    (depressants,) = [item for item in spray.findings if item.rule == "cns-depressants"]
    assert depressants.medicines == ("lorazepam",)
    waiting = {rule.rule: rule for rule in spray.open}
    assert waiting["maoi"].needs == ("medications",)
    assert waiting["maoi"].unknown == ()
    assert found.next is not None
    assert found.next.question == "medications"


def said(*classes: str) -> Case:
    row = Medication(name="blue tablet from Mexico", classes=classes)
    return clean().replaced(medications=(row,))


def test_what_the_clinician_says_it_is_settles_it(knowledge: Knowledge) -> None:
    found = assess(knowledge, said("opioid"), ON)
    spray = found.pathway("spravato")
    assert spray.verdict == "caution"
    assert not spray.open
    assert [item.medicines for item in spray.findings] == [("blue tablet from Mexico",)]
    assert found.unrecognised == ()
    assert assess(knowledge, said(NONE_OF_THESE), ON).pathway("spravato").verdict == "fits"


def test_what_cannot_be_established_becomes_the_caution_that_says_so(knowledge: Knowledge) -> None:
    found = assess(knowledge, said(NOT_ESTABLISHED), ON)
    spray = found.pathway("spravato")
    maoi = spray.finding("maoi")
    assert maoi is not None
    assert maoi.not_excluded
    assert maoi.medicines == ("blue tablet from Mexico",)
    oral = {rule.rule: rule for rule in found.pathway("oral").open}
    assert oral["cyp-inducers"].unknown == ("medications",)
    assert found.unrecognised == ("blue tablet from Mexico",)
    assert found.to_data()["derived"]["drug_classes"] is None
    assert found.next is None


def test_one_that_cannot_be_established_beside_one_that_can_waits(knowledge: Knowledge) -> None:
    rows = (Medication(name="pill", classes=(NOT_ESTABLISHED,)), Medication(name="drops"))
    found = assess(knowledge, clean().replaced(medications=rows), ON)
    maoi = next(rule for rule in found.pathway("spravato").open if rule.rule == "maoi")
    assert (maoi.needs, maoi.unknown) == (("medications",), ())


@pytest.mark.parametrize(
    ("items", "item9", "total"),
    [
        ({"self_harm": 2}, 2, None),
        ({"interest": 1}, None, None),
        ({}, None, None),
    ],
)
def test_item_9_is_read_where_the_scale_was_taken_item_by_item(
    knowledge: Knowledge, items: dict[str, int], item9: int | None, total: int | None
) -> None:
    case = clean({"scales.phq9": None}).replaced(scale_items={"scales.phq9": items})
    facts = establish(knowledge, case)
    assert facts.values["derived.phq9_item9"] == item9
    assert facts.values["scales.phq9"] == total


def test_nine_items_have_their_total(knowledge: Knowledge) -> None:
    items = {item.id: 1 for item in knowledge.pack.instruments["phq9"].items}
    case = clean({"scales.phq9": None}).replaced(scale_items={"scales.phq9": items})
    facts = establish(knowledge, case)
    assert facts.values["scales.phq9"] == 9
    assert facts.values["derived.phq9_band"] == "mild"
    unknown = case.replaced(unknown=frozenset({"scales.phq9"}))
    assert establish(knowledge, unknown).values["scales.phq9"] is None


@pytest.mark.parametrize(("score", "contradicts"), [(0, False), (1, False), (2, True), (3, True)])
def test_item_9_beside_no_suicidality_is_a_contradiction_from_2_on(
    knowledge: Knowledge, score: int, contradicts: bool
) -> None:
    case = clean().replaced(scale_items={"scales.phq9": {"self_harm": score}})
    ids = [item.id for item in assess(knowledge, case, ON).contradictions]
    assert ("item-9-no-suicidality" in ids) is contradicts


def test_an_empty_list_beside_an_antidepressant_taken_is_a_contradiction(
    knowledge: Knowledge,
) -> None:
    ids = [item.id for item in assess(knowledge, clean(takes=()), ON).contradictions]
    assert ids == ["nothing-listed-antidepressant-taken"]


def test_a_dose_is_never_taken_for_adequate(knowledge: Knowledge) -> None:
    rows = (trial("sertraline"), trial("gepirone", daily_dose_mg=Decimal("54.6")))
    found = assess(knowledge, clean(trials=rows), ON)
    opened = {rule.rule: rule for rule in found.pathway("spravato").open}
    assert opened["indication"].needs == ("antidepressant_trials",)


def test_item_9_counts_where_the_scale_is_not_asked_for_the_diagnosis(
    knowledge: Knowledge,
) -> None:
    case = clean({"indication.diagnosis": "neuropathic_pain"}).replaced(
        scale_items={"scales.phq9": {"self_harm": 3}}
    )

    found = assess(knowledge, case, ON)

    assert found.values["derived.phq9_item9"] == 3
    assert "phq9-item-9" in {rule.rule for rule in found.pathway("iv").open}
