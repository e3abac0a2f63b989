"""Reviews and signatures in the file: read and written, bound to revisions, never taken back."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ketatui.cases.entries import read_entry
from ketatui.cases.errors import CaseError, ChangedOnDisk
from ketatui.cases.history import revision_of
from ketatui.cases.model import Case, Decision, Review, Signature
from ketatui.cases.reading import read_case
from ketatui.cases.signatures import content_revision, is_current, was_amended
from ketatui.cases.store import CaseStore, Loaded
from ketatui.cases.subjects import Subject, subject_of
from ketatui.cases.toml_form import write_case
from ketatui.toml_structs import read_table
from tests.cases.support import CASE_ID, NOW, hand_made
from tests.each import each

DECIDED = Case(
    id=CASE_ID,
    state="final",
    answers={"vitals.systolic": 152},
    decision=Decision(pathway="iv", by="Dr A", at=NOW),
)


def at(minutes: int) -> dt.datetime:
    return NOW + dt.timedelta(minutes=minutes)


def comment(case: Case, text: str = "Which arm?", **more: Any) -> Case:
    """The case with a comment on its last revision."""
    last = case.revisions[-1]
    made = {
        "id": f"r{len(case.reviews) + 1}",
        "at": at(len(case.revisions)),
        "by": "Dr B",
        "role": "pharmacist",
        "kind": "comment",
        "text": text,
        "revision": last.number,
        "digest": last.digest,
    }
    review = read_table(made | more, Review)
    return case.replaced(reviews=(*case.reviews, review))


def signed(case: Case) -> Case:
    """The case with a signature on its last revision."""
    last = case.revisions[-1]
    made = Signature(
        at=at(len(case.revisions)),
        by="Dr B",
        role="psychiatrist",
        meaning="reviewed",
        revision=last.number,
        digest=last.digest,
    )
    return case.replaced(signatures=(*case.signatures, made), state="reviewed")


def saved(store: CaseStore) -> Loaded:
    return store.save(DECIDED, base=None, by="Dr A", why="", now=NOW)


def revised(store: CaseStore, seen: Loaded, change: Any = comment) -> Loaded:
    minute = at(len(seen.case.revisions))
    return store.revise(seen, change, by="Dr B", why="reviewed", now=minute)


def amended(store: CaseStore, base: Loaded, **update: Any) -> Loaded:
    case = base.case.replaced(**{"state": "amended", **update})
    return store.save(case, base=base.stamp, by="Dr A", why="amended", now=at(50))


@each(
    ("on", "subject"),
    [
        ("case", Subject("case")),
        ("decision", Subject("decision")),
        ("answer:vitals.systolic", Subject("answer", question="vitals.systolic")),
        ("finding:iv/avm", Subject("finding", pathway="iv", rule="avm")),
        ("answer:", None),
        ("finding:iv", None),
        ("finding:/avm", None),
        ("Case", None),
        ("", None),
    ],
)
def test_a_subject_is_one_of_four(on: str, subject: Subject | None) -> None:
    assert subject_of(on) == subject


def test_reviews_come_back_from_the_file_with_keys_nobody_knows(store: CaseStore) -> None:
    loaded = revised(store, saved(store), lambda case: comment(case, **{"x-tone": "kind"}))
    loaded = revised(store, loaded, signed)
    again = store.load(CASE_ID)
    assert again == loaded
    assert again.case.reviews[0].extra == {"x-tone": "kind"}
    assert write_case(again.case, store.catalog) == loaded.stamp.path.read_text("utf-8")


REVIEW = """\
id = "x"
[answers.vitals]
systolic = 152

[[reviews]]
id = "r1"
at = 2026-11-21T21:01:43Z
by = "Dr B"
role = "nurse"
kind = "comment"
on = "case"
text = "hm"
revision = 1
digest = "sha256:0"
"""


@each(
    ("old", "new", "said"),
    [
        ('on = "case"', 'on = "answer:vitals.sistolic"', "did you mean vitals.systolic"),
        ('on = "case"', 'on = "finding:nowhere/avm"', "is no pathway; allowed: spravato"),
        ('on = "case"', 'on = "the case"', "nothing a review can be about; allowed: case"),
        ('on = "case"', "on = 7", "allowed: text in quotes"),
        ('kind = "comment"', 'kind = "shout"', "allowed: comment, agree, disagree"),
        ('by = "Dr B"\n', "", "reviews row 1 by: is missing"),
        ('text = "hm"', 'text = " "', "reviews row 1 text"),
        ("[[reviews]]", "[reviews]", "allowed: a list"),
        ("[[reviews]]", "[[review]]", "did you mean reviews"),
    ],
)
def test_what_is_no_review_is_refused_with_its_line(old: str, new: str, said: str) -> None:
    assert REVIEW.count(old) == 1
    with pytest.raises(CaseError) as caught:
        read_case(REVIEW.replace(old, new), path="it", pack=hand_made())
    assert said in str(caught.value)
    assert str(caught.value).startswith("it:")


def test_each_review_is_told_once_in_the_history_and_every_revision_is_found_again(
    store: CaseStore,
) -> None:
    loaded = saved(store)
    for number in range(4):
        loaded = revised(store, loaded, lambda case, n=number: comment(case, f"no. {n}"))
    changes = [item.changes for item in loaded.case.revisions[1:]]
    assert [[change["what"] for change in found] for found in changes] == [
        ["reviews"],
        ["reviews[1]"],
        ["reviews[2]"],
        ["reviews[3]"],
    ]
    assert loaded.stamp.path.read_text("utf-8").count("no. 3") == 2
    for number in range(1, 6):
        then = revision_of(loaded.case, number, store.catalog, "it")
        assert [item.text for item in then.reviews] == [f"no. {n}" for n in range(number - 1)]


def test_only_content_makes_a_content_revision(store: CaseStore) -> None:
    loaded = revised(store, revised(store, saved(store)), signed)
    (signature,) = loaded.case.signatures
    assert content_revision(loaded.case) == 1
    assert is_current(loaded.case, signature)
    assert not was_amended(loaded.case)
    loaded = amended(store, loaded, notes={"medical.avm": "asked the family"})
    assert content_revision(loaded.case) == 4
    assert loaded.case.signatures == (signature,)
    assert not is_current(loaded.case, signature)
    assert was_amended(loaded.case)
    assert content_revision(DECIDED) == 0


def test_the_list_says_who_reviewed_last_and_how_many_disagreed(store: CaseStore) -> None:
    first = saved(store)
    entry = read_entry(first.stamp.path, NOW, store.catalog)
    assert (entry.reviewer, entry.agreed, entry.disagreed) == ("", 0, 0)
    loaded = revised(store, first, lambda case: comment(case, by="Dr Z", text="a pebble"))
    assert read_entry(loaded.stamp.path, NOW, store.catalog).reviewer == ""
    for kind, by in (("disagree", "Dr C"), ("agree", "Dr D"), ("disagree", "Dr E")):
        change = partial(comment, kind=kind, by=by, on="decision")
        loaded = revised(store, loaded, change)
    entry = read_entry(loaded.stamp.path, NOW, store.catalog)
    assert (entry.reviewer, entry.agreed, entry.disagreed) == ("Dr E", 1, 2)
    assert "a pebble" in entry.text
    loaded = revised(store, loaded, signed)
    assert read_entry(loaded.stamp.path, NOW, store.catalog).reviewer == "Dr B"


def test_a_draft_that_is_finished_was_not_amended(store: CaseStore) -> None:
    draft = DECIDED.replaced(state="draft", decision=Decision())
    first = store.save(draft, base=None, by="", why="", now=NOW)
    finished = amended(store, first, state="final", decision=DECIDED.decision)
    assert content_revision(finished.case) == 2
    assert not was_amended(finished.case)
    assert was_amended(amended(store, finished, label="again").case)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("digest = DIGEST", "digest = OTHER", "signature 1: by Dr B does not carry the digest"),
        ("revision = 2", "revision = 9", "signature 1: by Dr B is of revision 9, which does not"),
    ],
)
def test_verify_finds_a_signature_that_does_not_fit_and_says_which(
    store: CaseStore, old: str, new: str, said: str
) -> None:
    loaded = revised(store, revised(store, saved(store)), signed)
    path = loaded.stamp.path
    digest = loaded.case.revisions[1].digest
    words = {"DIGEST": f'"{digest}"', "OTHER": '"sha256:0"'}
    for word, value in words.items():
        old, new = old.replace(word, value), new.replace(word, value)
    head, mark, rest = path.read_text("utf-8").partition("[[signatures]]")
    assert old in rest
    path.write_text(head + mark + rest.replace(old, new, 1), "utf-8")
    problems = [problem.said_of("") for problem in store.verify(path)]
    assert any(problem.startswith(said) for problem in problems), problems
    assert not is_current(store.load(path).case, store.load(path).case.signatures[0])


def test_verify_finds_a_review_that_the_history_says_was_taken_back(store: CaseStore) -> None:
    # Sealed as the program seals, by somebody with the program's source.
    loaded = revised(store, revised(store, saved(store)))
    shorter = loaded.case.replaced(reviews=loaded.case.reviews[:1])
    loaded = store.revise(loaded, lambda _: shorter, by="", why="", now=at(9))
    (problem,) = store.verify(loaded.stamp.path)
    assert problem.where == "revision 4"
    assert "only ever added" in problem.message


def test_saving_content_never_drops_or_invents_a_review(store: CaseStore) -> None:
    first = saved(store)
    loaded = revised(store, first, signed)
    bare = loaded.case.replaced(reviews=(), signatures=(), label="x")
    kept = store.save(bare, base=loaded.stamp, by="", why="", now=at(9))
    assert kept.case.signatures == loaded.case.signatures


def test_a_copy_leaves_reviews_with_the_case_they_belong_to(store: CaseStore) -> None:
    loaded = revised(store, revised(store, saved(store)), signed)
    copy = store.save_as_copy(loaded.case, by="", why="", now=at(9))
    assert (copy.case.reviews, copy.case.signatures) == ((), ())
    assert store.verify(copy.stamp.path) == []


def test_an_amendment_is_saved_on_top_of_reviews_that_came_meanwhile(store: CaseStore) -> None:
    first = saved(store)
    revised(store, revised(store, first), signed)
    second = amended(store, first, label="amended meanwhile")
    assert [item.number for item in second.case.revisions] == [1, 2, 3, 4]
    assert second.case.label == "amended meanwhile"
    assert len(second.case.reviews) == len(second.case.signatures) == 1
    assert not is_current(second.case, second.case.signatures[0])
    assert store.verify(second.stamp.path) == []


def test_a_review_asked_for_while_a_case_is_amended_is_still_owed(store: CaseStore) -> None:
    first = saved(store)
    revised(store, first, lambda case: case.replaced(state="awaiting_review"))
    assert amended(store, first, label="x").case.state == "awaiting_review"


def test_a_review_is_not_added_to_what_was_amended_meanwhile(store: CaseStore) -> None:
    first = saved(store)
    second = amended(store, first, label="new")
    before = second.stamp.path.read_bytes()
    with pytest.raises(ChangedOnDisk) as caught:
        revised(store, first)
    assert "was amended by Dr A, " in str(caught.value)
    assert "(revision 2)" in str(caught.value)
    assert second.stamp.path.read_bytes() == before


@pytest.mark.parametrize("change", ["a remark", "another case", "broken"])
def test_a_review_is_not_added_to_what_the_program_did_not_write(
    store: CaseStore, change: str
) -> None:
    first = saved(store)
    path = first.stamp.path
    other = path.read_bytes() + b"# mine\n"
    if change == "another case":
        path.unlink()
        store.save(DECIDED, base=None, by="Dr Z", why="", now=at(9))
        other = path.read_bytes()
    elif change == "broken":
        other = b"schema = "
    path.write_bytes(other)
    with pytest.raises(ChangedOnDisk, match="changed by somebody else"):
        revised(store, first)
    assert path.read_bytes() == other


def test_a_case_changed_by_hand_is_not_sealed_again_by_a_review(store: CaseStore) -> None:
    path = saved(store).stamp.path
    path.write_text(path.read_text("utf-8").replace("152", "128"), "utf-8")
    before = path.read_bytes()
    with pytest.raises(CaseError, match="changed outside the program"):
        revised(store, store.load(CASE_ID))
    assert path.read_bytes() == before


def test_a_change_by_hand_makes_signatures_old_also_when_nothing_else_is_saved(
    store: CaseStore,
) -> None:
    path = revised(store, saved(store), signed).stamp.path
    path.write_text(path.read_text("utf-8").replace("= 152", "= 128"), "utf-8")
    loaded = store.load(CASE_ID)
    again = store.save(loaded.case, base=loaded.stamp, by="Dr A", why="", now=at(9))
    assert again.case.revisions[-1].changes == ()
    assert not is_current(again.case, again.case.signatures[0])
    (problem,) = store.verify(path)
    assert problem.said_of("") == (
        "revision 3: was saved over content that had been changed outside the program"
    )
    # From here on it is sealed again, and can be signed as it is.
    later = revised(store, again, signed)
    assert is_current(later.case, later.case.signatures[1])


def test_a_case_that_is_gone_is_not_made_again_by_a_review(store: CaseStore) -> None:
    first = saved(store)
    Path(first.stamp.path).unlink()
    with pytest.raises(ChangedOnDisk, match="was removed"):
        revised(store, first)
    assert not first.stamp.path.exists()
