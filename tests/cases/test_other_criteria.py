"""Cases saved under criteria that are not at hand: read as they stood, and assessed by nobody."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from ketatui.cases.entries import read_entry
from ketatui.cases.errors import CaseError
from ketatui.cases.integrity import integrity_lines
from ketatui.cases.model import Case, Decision, Review
from ketatui.cases.reading import read_as_saved, read_case
from ketatui.cases.store import CaseStore
from tests.cases.support import CASE_ID, NOW, Catalog, question

CONTENT = Case(
    id=CASE_ID,
    label="52 f",
    unknown=frozenset({"old.unknown"}),
    answers={
        "vitals.systolic": 128,
        "patient.weight_kg": Decimal("70.5"),
        "indication.diagnosis": "mdd",
        "old.section.question": "yes",
        "old.plain": True,
    },
    scale_items={"scales.phq2": {"interest": 1, "mood": 2}, "old.scale": {"a": 3}},
    notes={"old.plain": "as told"},
    decision=Decision(pathway="iv", reason="as discussed"),
)


@pytest.fixture
def then(catalog: Catalog) -> Catalog:
    """The criteria of then: with questions that today's do not have."""
    more = [
        question("old.section.question", "choice", options=[{"code": "yes", "label": "yes"}]),
        question("old.plain", "bool"),
        question("old.unknown", "bool"),
        question("old.scale", "scale", instrument="old"),
    ]
    scale = catalog.instruments["phq2"]
    (first, *_) = scale.items
    old = scale.replaced(id="old", question="old.scale", items=(first.replaced(id="a"),))
    return replace(
        catalog,
        questions={**catalog.questions, **{item.id: item for item in more}},
        instruments={**catalog.instruments, "old": old},
    )


@pytest.fixture
def now(catalog: Catalog) -> Catalog:
    """The criteria at hand: questions, choices, limits and a pathway of then are gone."""
    diagnosis = catalog.questions["indication.diagnosis"]
    systolic = catalog.questions["vitals.systolic"]
    return replace(
        catalog,
        questions={
            **catalog.questions,
            "indication.diagnosis": diagnosis.replaced(options=diagnosis.options[1:]),
            "vitals.systolic": systolic.replaced(max=Decimal(120)),
        },
        pathway_ids=("spravato",),
    )


def test_a_case_of_other_criteria_opens_whole_and_sealed(
    store: CaseStore, then: Catalog, now: Catalog
) -> None:
    saved = CaseStore(store.folder, then).save(CONTENT, base=None, by="M.O.", why="first", now=NOW)
    loaded = CaseStore(store.folder, now).load(CASE_ID)
    assert loaded.case == saved.case
    assert loaded.integrity.seal == "sealed"
    assert loaded.integrity.stands
    named = {item.where for item in loaded.reading.unknown_here}
    assert named == {
        "vitals.systolic",
        "indication.diagnosis",
        "old.section.question",
        "old.plain",
        "old.unknown",
        "old.scale",
        "decision.pathway",
    }
    assert loaded.reading.not_counted == {"vitals.systolic", "indication.diagnosis"}
    assert "vitals.systolic" not in loaded.reading.counted.answers
    (said,) = integrity_lines(loaded.reading)
    assert said.startswith("Shown as it stands; the criteria at hand do not know all of it: line ")
    entry = read_entry(loaded.stamp.path, NOW, now)
    assert (entry.problem, entry.seal, entry.sound) == (None, "sealed", True)


def test_where_it_is_to_be_assessed_every_unknown_thing_is_an_error(
    store: CaseStore, then: Catalog, now: Catalog
) -> None:
    path = (
        CaseStore(store.folder, then)
        .save(CONTENT, base=None, by="M.O.", why="first", now=NOW)
        .stamp.path
    )
    with pytest.raises(CaseError, match="there is no such question"):
        read_case(path.read_text(), path="x", pack=now)


def test_what_was_never_saved_is_read_strictly(catalog: Catalog) -> None:
    with pytest.raises(CaseError, match="there is no such question"):
        read_as_saved("[answers.vitals]\nsystolicc = 128\n", path="x", pack=catalog)


def test_a_review_can_be_added_and_keeps_all_of_it(
    store: CaseStore, then: Catalog, now: Catalog
) -> None:
    CaseStore(store.folder, then).save(CONTENT, base=None, by="M.O.", why="first", now=NOW)
    today = CaseStore(store.folder, now)
    seen = today.load(CASE_ID)
    said = Review(
        id="r1", at=NOW, by="T.W.", role="nurse", kind="comment", text="seen", revision=1,
        digest=seen.case.revisions[0].digest,
    )  # fmt: skip
    done = today.revise(
        seen, lambda case: case.replaced(reviews=(said,)), by="T.W.", why="review", now=NOW
    )
    assert done.case.answers == CONTENT.answers
    assert done.reading.unknown_here
    assert CaseStore(store.folder, then).load(CASE_ID).integrity.stands


def test_a_file_of_very_many_mistakes_gives_a_bounded_list_and_a_count(catalog: Catalog) -> None:
    keys = "".join(f"k{number} = {number}\n" for number in range(20_000))
    with pytest.raises(CaseError) as caught:
        read_case(f"[answers.vitals]\n{keys}", path="x", pack=catalog)
    lines = str(caught.value).splitlines()
    assert len(lines) == 51
    assert lines[-1] == "x: and 19,950 more problems"


@pytest.mark.parametrize(
    "moment", ["0001-01-01 00:00:00+14:00", "9999-12-31 23:59:59-12:00", "0001-01-01"]
)
def test_a_date_at_the_edge_of_the_calendar_is_refused_with_its_line(
    catalog: Catalog, moment: str
) -> None:
    with pytest.raises(
        CaseError, match=r"x:3: record\.saved_at: .* is not a date that can be used"
    ):
        read_case(f"schema = 1\n[record]\nsaved_at = {moment}\n", path="x", pack=catalog)
