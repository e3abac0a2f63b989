"""Older revisions worked out backwards from what each save recorded."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from ketatui.cases.case_diff import differences
from ketatui.cases.changes import changes_between
from ketatui.cases.errors import CaseError
from ketatui.cases.history import revision_of
from ketatui.cases.model import Case, Medication
from ketatui.cases.reading import read_case
from ketatui.cases.revisions import drafted, with_revision
from ketatui.cases.store import CaseStore, Loaded
from ketatui.cases.writing import write_case
from tests.cases.support import CASE_ID, CASES, NOW, hand_made
from tests.effort import tries

FIRST = Case(
    id=CASE_ID,
    label="52 m",
    unknown=frozenset({"medical.renal"}),
    answers={"vitals.systolic": 152, "indication.diagnosis": "mdd"},
    notes={"vitals.systolic": "left arm"},
    medications=(Medication(name="lorazepam"),),
    assessment={"on": "2026-11-21", "pathways": [{"id": "iv", "verdict": "fits"}]},
)
SECOND = FIRST.replaced(
    label="",
    unknown=frozenset(),
    answers={"vitals.systolic": 128, "medical.avm": False},
    notes={},
    medications=(Medication(name="lorazepam", dose="1 mg"),),
    assessment={"on": "2026-11-22", "pathways": [{"id": "iv", "verdict": "unmet"}]},
)
THIRD = SECOND.replaced(medications=(), assessment=None)


def saved(store: CaseStore, *cases: Case) -> Case:
    loaded: Loaded | None = None
    for number, case in enumerate(cases):
        now = NOW + dt.timedelta(days=number)
        base = loaded.stamp if loaded else None
        loaded = store.save(case, base=base, by=f"by {number}", why="", now=now)
    assert loaded is not None
    return store.load(CASE_ID).case


def test_every_revision_can_be_reconstructed(store: CaseStore) -> None:
    case = saved(store, FIRST, SECOND, THIRD)
    for number, then in enumerate((FIRST, SECOND, THIRD), start=1):
        found = revision_of(case, number, store.catalog, "it")
        assert differences(then, found, store.catalog).same
        assert len(found.revisions) == number
        assert found.record.saved_by == f"by {number - 1}"
    first = revision_of(case, 1, store.catalog, "it")
    assert first.assessment == {"on": "2026-11-21", "verdicts": {"iv": "fits"}}


def test_the_case_itself_is_left_as_it_is(store: CaseStore) -> None:
    case = saved(store, FIRST, SECOND, THIRD)
    before = write_case(case, store.catalog)
    revision_of(case, 1, store.catalog, "it")
    assert write_case(case, store.catalog) == before


def test_a_revision_that_does_not_exist_is_refused_in_one_line(store: CaseStore) -> None:
    with pytest.raises(CaseError) as caught:
        revision_of(saved(store, FIRST, SECOND), 3, store.catalog, "it")
    assert str(caught.value) == "it: there is no revision 3; there are: 1, 2"


@pytest.mark.parametrize(
    "change",
    [
        {"what": "answers.vitals.systolic", "old": 1, "new": 129},
        {"what": "answers.nowhere.at.all", "new": 1},
        {"what": "medications[7].dose", "old": "", "new": "1 mg"},
        {"what": "a..b", "new": 1},
        {"what": '"\\q"', "new": 1},
        {"what": 7},
        {},
    ],
)
def test_a_history_that_does_not_fit_says_so_and_reconstructs_nothing(
    store: CaseStore, change: dict[str, object]
) -> None:
    case = saved(store, FIRST, SECOND)
    last = case.revisions[-1].replaced(changes=(change,))
    broken = case.replaced(revisions=(case.revisions[0], last))
    with pytest.raises(CaseError) as caught:
        revision_of(broken, 1, store.catalog, "it")
    assert "revision 1 cannot be reconstructed: revision 2 says" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_revision_that_today_would_be_refused_is_told_as_that(store: CaseStore) -> None:
    case = saved(store, FIRST, SECOND)
    change = {"what": "answers.vitals.systolic", "old": 999, "new": 128}
    last = case.revisions[-1].replaced(changes=(change,))
    broken = case.replaced(revisions=(case.revisions[0], last))
    with pytest.raises(CaseError, match="does not fit these criteria"):
        revision_of(broken, 1, store.catalog, "it")


@settings(
    max_examples=tries(20),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.generate,),
)
@given(CASES, CASES)
def test_any_two_saves_lead_back_to_the_first(old: Case, new: Case) -> None:
    catalog = hand_made()
    old, new = (case.replaced(revisions=()) for case in (old, new))
    first = with_revision(old, None, drafted(NOW, "a", ""), catalog)
    second = with_revision(new, first, drafted(NOW, "b", ""), catalog)
    again = read_case(write_case(second, catalog), path="it", pack=catalog)
    found = revision_of(again, 1, catalog, "it")
    left = {"revisions": (), "record": old.record}
    one, other = (case.replaced(**left) for case in (first, found))
    # Of an assessment the history keeps day, criteria and verdicts; of a foreign table that was
    # empty, nothing.
    changed = [
        item["what"]
        for item in changes_between(one, other, catalog)
        if {} not in (item.get("old"), item.get("new"))
    ]
    assert not [what for what in changed if not what.startswith("assessment")]
    assert differences(old, found, catalog).same
