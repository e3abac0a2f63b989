"""What reviewers do with a case: what is allowed, what becomes of it, two of them at once."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ketatui.cases.errors import ChangedOnDisk
from ketatui.cases.model import Case, Decision, Review, Revision, Signature, State
from ketatui.cases.signatures import content_revision, is_current
from ketatui.cases.states import AFTER, Act, saved_state
from ketatui.cases.store import CaseStore, Loaded
from ketatui.consultation.completing import completed
from ketatui.consultation.edits import SetAnswer, SetDecision
from ketatui.consultation.reviewing import (
    Reviewer,
    ReviewRefusedError,
    Step,
    refusal,
    review,
    with_steps,
)
from ketatui.consultation.saving import amend, begin, save
from ketatui.engine import Knowledge
from tests.cases.support import CASE_ID, Catalog, hand_made
from tests.each import each
from tests.effort import tries
from tests.processes import run

NOW = dt.datetime(2026, 11, 21, 21, 1, 43, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)
B, C = Reviewer("Dr B", "pharmacist"), Reviewer("Dr C", "psychiatrist")
DECIDED = Case(
    id=CASE_ID,
    state="final",
    answers={"vitals.systolic": 152},
    decision=Decision(pathway="iv", by="Dr A", at=NOW),
    assessment={
        "pathways": [
            {"id": "iv", "findings": [{"rule": "bp-hold"}], "open": [{"rule": "avm"}]},
            {"id": "oral", "findings": []},
        ]
    },
)
STATES: tuple[State, ...] = get_args(State)
REVIEWS: tuple[Act, ...] = tuple(act for act in get_args(Act) if act != "save")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return hand_made()


@pytest.fixture
def store(tmp_path: Path, catalog: Catalog) -> CaseStore:
    return CaseStore(tmp_path / "cases", catalog)


@pytest.fixture
def saved(store: CaseStore) -> Loaded:
    return store.save(DECIDED, base=None, by="Dr A", why="", now=NOW)


def marks(case: Case) -> list[Review | Signature]:
    """Everything that is bound to a revision."""
    return [*case.reviews, *case.signatures]


def step(act: Act) -> Step:
    return Step(act, "because")


def done(store: CaseStore, seen: Loaded, *acts: Act, who: Reviewer = B) -> Loaded:
    return review(store, seen, [step(act) for act in acts], who=who, now=LATER).loaded


def amended(store: CaseStore, base: Loaded, systolic: int) -> Loaded:
    update = {
        "answers": {"vitals.systolic": systolic},
        "state": saved_state(base.case.state, decided=True),
    }
    case = base.case.replaced(**update)
    return store.save(case, base=base.stamp, by="Dr A", why="amended", now=LATER)


# --- states -----------------------------------------------------------------------------------


def after_amending(state: State) -> Case:
    """A case in a state that was finished, and amended afterwards."""
    revisions = (
        Revision(number=1, at=NOW),
        Revision(number=2, at=NOW, changes=({"what": "label", "new": "x"},)),
    )
    return DECIDED.replaced(state=state, revisions=revisions)


@each(("state", "act"), list(product(STATES, REVIEWS)))
def test_what_a_state_allows_is_done_and_leads_where_the_table_says(
    state: State, act: Act, catalog: Catalog
) -> None:
    case = after_amending(state)
    seen = case.revisions[-1]
    refused = refusal(case, step(act), B, catalog)
    assert bool(refused) == (act not in AFTER[state])
    if refused:
        with pytest.raises(ReviewRefusedError, match=refused[:30]):
            with_steps(case, [step(act)], B, NOW, seen, catalog)
    else:
        found = with_steps(case, [step(act)], B, NOW, seen, catalog)
        assert found.state == AFTER[state][act]
        said = [(item.revision, item.by) for item in marks(found)]
        assert said == ([] if act == "request" else [(2, "Dr B")])


def test_the_table_holds_to_what_a_clinic_expects() -> None:
    assert set(AFTER) == set(STATES)
    assert AFTER["draft"] == {"save": "final"}
    for state in STATES[1:]:
        table = AFTER[state]
        assert table["comment"] == state
        views: tuple[Act, ...] = ("agree", "disagree", "reviewed", "co-signed")
        assert {table[act] for act in views} == {"reviewed"}
        assert table.get("amended", state) == state
        assert table.get("request", "awaiting_review") == "awaiting_review"
        assert saved_state(state, decided=False) == "draft"
        owed = state == "awaiting_review"
        assert saved_state(state, decided=True) == ("awaiting_review" if owed else "amended")
    assert "amended" not in AFTER["final"]
    assert "request" not in AFTER["awaiting_review"]


def test_a_practice_case_is_not_reviewed(catalog: Catalog) -> None:
    practice = after_amending("final").replaced(practice=True)
    for act in REVIEWS:
        assert "practice" in refusal(practice, step(act), B, catalog)


def test_what_was_never_amended_is_not_signed_as_amended(store: CaseStore, saved: Loaded) -> None:
    reviewed = done(store, saved, "reviewed")
    with pytest.raises(ReviewRefusedError, match="nothing was amended"):
        done(store, reviewed, "amended")


@pytest.mark.parametrize(
    ("what", "who", "said"),
    [
        (Step("comment", " "), B, "a comment needs a text"),
        (Step("agree"), B, "to agree needs a reason"),
        (Step("disagree", "\t"), B, "to disagree needs a reason"),
        (Step("reviewed"), Reviewer("Dr B", " "), "a name and a role"),
        (Step("comment", "a\udcff"), B, "cannot be stored"),
        (Step("reviewed"), Reviewer("Dr \udcff", "nurse"), "cannot be stored"),
        (Step("request"), Reviewer("", "nurse"), "a name and a role"),
        (Step("comment", "x", "answer:vitals.sistolic"), B, "did you mean vitals.systolic"),
        (Step("comment", "x", "finding:iv/other"), B, "allowed: bp-hold, avm"),
        (Step("comment", "x", "finding:oral/avm"), B, "allowed: none"),
        (Step("comment", "x", "finding:nowhere/avm"), B, "is no pathway"),
        (Step("comment", "x", "everything"), B, "nothing a review can be about"),
    ],
)
def test_what_says_nothing_or_is_on_nothing_is_refused_and_nothing_is_written(
    store: CaseStore, saved: Loaded, what: Step, who: Reviewer, said: str
) -> None:
    before = saved.stamp.path.read_bytes()
    with pytest.raises(ReviewRefusedError, match=said):
        review(store, saved, [Step("comment", "first"), what], who=who, now=LATER)
    assert saved.stamp.path.read_bytes() == before


@pytest.mark.parametrize(
    "on", ["case", "decision", "answer:medical.avm", "finding:iv/bp-hold", "finding:iv/avm"]
)
def test_a_comment_is_on_the_case_the_decision_an_answer_or_a_finding(
    store: CaseStore, saved: Loaded, on: str
) -> None:
    found = review(store, saved, [Step("comment", "hm", on)], who=B, now=LATER).loaded.case
    (item,) = found.reviews
    assert (item.id, item.on, item.text, item.by, item.role) == ("r1", on, "hm", B.name, B.role)
    assert (item.revision, item.digest) == (1, saved.case.revisions[0].digest)


def test_one_review_is_one_revision_that_says_what_was_done(
    store: CaseStore, saved: Loaded
) -> None:
    found = done(store, saved, "comment", "disagree", "reviewed", "request").case
    assert [item.number for item in found.revisions] == [1, 2]
    assert found.revisions[-1].by == "Dr B"
    assert found.revisions[-1].why == (
        "commented; disagreed with the decision; signed as reviewed; review requested"
    )
    assert found.state == "awaiting_review"


def test_nobody_signs_twice_until_the_case_was_amended(store: CaseStore, saved: Loaded) -> None:
    loaded = done(store, saved, "reviewed")
    for name in ("Dr B", " dr b "):
        with pytest.raises(ReviewRefusedError, match="already"):
            done(store, loaded, "reviewed", who=Reviewer(name, "nurse"))
    loaded = done(store, loaded, "co-signed")
    loaded = amended(store, loaded, 128)
    loaded = done(store, loaded, "reviewed", "amended")
    assert [is_current(loaded.case, item) for item in loaded.case.signatures] == [
        False,
        False,
        True,
        True,
    ]
    assert loaded.case.state == "reviewed"


# --- the real consultation --------------------------------------------------------------------


def test_a_consultation_is_saved_requested_reviewed_amended_and_signed_again(
    tmp_path: Path, knowledge: Knowledge
) -> None:
    store = CaseStore(tmp_path, knowledge.pack)
    consultation, journal = begin(store.folder, knowledge, now=NOW)
    decision = Decision(pathway="none", reason="later", by="Dr A", at=NOW)
    consultation.do(SetDecision(decision=decision))
    loaded = save(consultation, store, journal, by="Dr A", why="", now=NOW)
    states = [loaded.case.state]
    for acts in (["request"], ["agree", "reviewed"]):
        loaded = done(store, loaded, *acts)  # type: ignore[arg-type]
        states.append(loaded.case.state)
    consultation, journal = amend(store, loaded, knowledge, now=LATER)
    consultation.do(SetAnswer(question="patient.age", value=46))
    assert completed(consultation).state == "amended"
    loaded = save(consultation, store, journal, by="Dr A", why="", now=LATER, base=loaded.stamp)
    states.append(loaded.case.state)
    loaded = done(store, loaded, "amended", who=Reviewer("Dr A", "psychiatrist"))
    states.append(loaded.case.state)
    assert states == ["final", "awaiting_review", "reviewed", "amended", "amended"]
    assert [is_current(loaded.case, item) for item in loaded.case.signatures] == [False, True]
    assert store.verify(loaded.stamp.path) == []


# --- two at once ------------------------------------------------------------------------------


def test_two_reviewers_at_once_lose_nothing_and_the_second_is_told(
    store: CaseStore, saved: Loaded, catalog: Catalog
) -> None:
    other = CaseStore(store.folder, catalog)
    theirs = other.load(CASE_ID)
    done(store, saved, "comment", "reviewed")
    second = review(other, theirs, [Step("disagree", "no"), Step("reviewed")], who=C, now=LATER)
    case = second.loaded.case
    assert [item.number for item in second.meanwhile] == [2]
    assert [(item.id, item.by) for item in case.reviews] == [("r1", "Dr B"), ("r2", "Dr C")]
    assert [item.by for item in case.signatures] == ["Dr B", "Dr C"]
    # Both had the first revision before them, and say so.
    assert {item.revision for item in marks(case)} == {1}
    assert all(is_current(case, item) for item in case.signatures)
    assert store.verify(saved.stamp.path) == []


def test_a_review_of_what_was_amended_meanwhile_writes_nothing(
    store: CaseStore, saved: Loaded, catalog: Catalog
) -> None:
    other = CaseStore(store.folder, catalog)
    theirs = other.load(CASE_ID)
    now = amended(store, done(store, saved, "comment"), 128)
    before = now.stamp.path.read_bytes()
    with pytest.raises(ChangedOnDisk, match=r"amended by Dr A, .*\(revision 3\)"):
        done(other, theirs, "reviewed", who=C)
    assert now.stamp.path.read_bytes() == before


RACE = """
import datetime as dt, multiprocessing, sys
from pathlib import Path
from ketatui.cases.store import CaseStore
from ketatui.consultation.reviewing import Reviewer, Step, review
from tests.cases.support import CASE_ID, hand_made

def race(folder, name, ready):
    store = CaseStore(Path(folder), hand_made())
    seen = store.load(CASE_ID)
    ready.wait()
    for number in range(5):
        steps = [Step("comment", f"{name} {number}")]
        review(store, seen, steps, who=Reviewer(name, "nurse"), now=dt.datetime.now(dt.UTC))

folder, *names = sys.argv[1:]
several = multiprocessing.get_context("fork")
ready = several.Barrier(len(names), timeout=30.0)
racers = [
    several.Process(target=race, args=(folder, name, ready), daemon=True) for name in names
]
for racer in racers:
    racer.start()
for racer in racers:
    racer.join(30.0)
print([racer.exitcode for racer in racers])
"""


def test_processes_that_review_one_case_at_the_same_time_lose_nothing(
    store: CaseStore, saved: Loaded
) -> None:
    names = ("one", "two", "three")
    # What they need is imported once, before they are several.
    ended = run([sys.executable, "-c", RACE, store.folder, *names])
    assert ended.stdout == "[0, 0, 0]\n", ended.stderr
    case = store.load(CASE_ID).case
    said = sorted(item.text for item in case.reviews)
    assert said == sorted(f"{name} {number}" for name in names for number in range(5))
    assert [item.id for item in case.reviews] == [f"r{n}" for n in range(1, 16)]
    assert store.verify(saved.stamp.path) == []


# --- whatever they do -------------------------------------------------------------------------

CONTENT = ("answers", "unknown", "notes", "decision", "consent", "assessment", "trials", "label")
MOVES = st.one_of(
    st.tuples(st.just("amend"), st.integers(151, 300)),
    st.tuples(st.sampled_from(REVIEWS), st.sampled_from([B, C])),
)


@settings(
    max_examples=tries(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(MOVES, max_size=8), st.integers(0, 3))
def test_whatever_is_done_content_chain_and_signatures_hold(
    tmp_path_factory: pytest.TempPathFactory, moves: Sequence[tuple[str, object]], stale: int
) -> None:
    store = CaseStore(tmp_path_factory.mktemp("cases"), hand_made())
    loaded = store.save(DECIDED, base=None, by="Dr A", why="", now=NOW)
    opened = [loaded]
    kinds = ["amend"]
    for what, more in moves:
        before = loaded.case
        if isinstance(more, int):
            loaded = amended(store, loaded, more)
        else:
            assert isinstance(more, Reviewer)
            # Somebody who opened the case a while ago.
            place = max(len(opened) - 1 - stale, 0)
            seen = opened[place]
            try:
                loaded = done(store, seen, what, who=more)  # type: ignore[arg-type]
            except ReviewRefusedError:
                continue
            except ChangedOnDisk:
                # Amended since, if only by saving it again as it was: to be looked at anew.
                assert "amend" in kinds[place + 1 :]
                continue
            assert all(getattr(before, key) == getattr(loaded.case, key) for key in CONTENT)
            assert content_revision(loaded.case) == content_revision(before)
        opened.append(loaded)
        kinds.append(what)
        case = loaded.case
        assert case.reviews[: len(before.reviews)] == before.reviews
        assert case.signatures[: len(before.signatures)] == before.signatures
        assert store.verify(loaded.stamp.path) == []
        assert store.load(CASE_ID).case == case
        last = max(
            item.number
            for item in case.revisions
            if item.number == 1 or any(c["what"].startswith("answers") for c in item.changes)
        )
        for item in marks(case):
            assert is_current(case, item) == (item.revision >= last)
