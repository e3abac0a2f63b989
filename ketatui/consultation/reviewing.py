"""Reviewing a saved case: saying something of it, asking for a review, signing it.

The same for the app and the command line. What is said is added, under the file's lock, to the
case as it stands then; a case whose content changed since it was looked at is left alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import get_args

from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.errors import nearest, shown
from ketatui.cases.model import Case, Meaning, Review, ReviewKind, Revision, Signature
from ketatui.cases.saved_assessment import read_assessment
from ketatui.cases.signatures import is_current, was_amended
from ketatui.cases.states import AFTER, Act
from ketatui.cases.store import CaseStore, Loaded
from ketatui.cases.subjects import subject_of, subject_problem
from ketatui.structs import Frozen
from ketatui.toml_structs import read_table

MEANINGS: tuple[Meaning, ...] = get_args(Meaning)
KINDS: tuple[ReviewKind, ...] = get_args(ReviewKind)
_DONE: Mapping[Act, str] = {
    "request": "review requested",
    "comment": "commented",
    "agree": "agreed with the decision",
    "disagree": "disagreed with the decision",
    "reviewed": "signed as reviewed",
    "co-signed": "signed as co-signed",
    "amended": "signed as amended",
}


class ReviewRefusedError(Exception):
    """The case, or what was said of it, does not allow that; says why in one line."""


class Reviewer(Frozen, frozen=True):
    """Who reviews, as typed: nothing proves it.

    Attributes:
        name: Name or initials.
        role: What they are in the clinic.
    """

    name: str
    role: str


class Step(Frozen, frozen=True):
    """One thing a reviewer does.

    Attributes:
        act: What: a comment, a view on the decision, a request, or a signature by its meaning.
        text: The comment, or the reason of the view.
        on: What a comment is on, as `Review.on` has it.
    """

    act: Act
    text: str = ""
    on: str = "case"


class Reviewed(Frozen, frozen=True):
    """A review that was saved.

    Attributes:
        loaded: The case with it.
        meanwhile: What others saved since the case was looked at.
    """

    loaded: Loaded
    meanwhile: tuple[Revision, ...]


def review(
    store: CaseStore,
    seen: Loaded,
    steps: Sequence[Step],
    *,
    who: Reviewer,
    now: dt.datetime,
) -> Reviewed:
    """Save a review as one revision, on top of what other reviewers saved meanwhile.

    Args:
        store: The folder of saved cases.
        seen: The case as the reviewer had it before them: that is what is reviewed and signed.
        steps: What they do, in this order.
        who: Who it is.
        now: The moment, with its time zone.

    Returns:
        The case as written, and what others saved meanwhile.

    Raises:
        ReviewRefusedError: The case or a step does not allow it; nothing is written.
        ChangedOnDisk: The content changed since it was looked at; nothing is written.
        CaseError: The case does not verify; nothing is written.
        OSError: The disk refuses.
    """
    if not seen.case.revisions:
        raise ReviewRefusedError("it was never saved by the program, so nothing seals it")

    def change(case: Case) -> Case:
        return with_steps(case, steps, who, now, seen.case.revisions[-1], store.catalog)

    why = "; ".join(said_of(step) for step in steps)
    loaded = store.revise(seen, change, by=who.name.strip(), why=why, now=now)
    return Reviewed(loaded, meanwhile(seen.case, loaded.case))


def said_of(step: Step) -> str:
    """Return what a step is called in the history: "signed as reviewed"."""
    return f"{_DONE[step.act]} on {step.on}" if _has_subject(step) else _DONE[step.act]


def _has_subject(step: Step) -> bool:
    return step.act == "comment" and step.on != "case"


def meanwhile(before: Case, saved: Case) -> tuple[Revision, ...]:
    """Return the revisions between a case as it was looked at and the one just saved."""
    return saved.revisions[len(before.revisions) : -1]


def meanwhile_text(revision: Revision) -> str:
    """Say what somebody saved meanwhile: "Meanwhile Dr B: commented (revision 2)"."""
    by = revision.by or "somebody"
    return f"Meanwhile {by}: {revision.why or 'saved'} (revision {revision.number})"


def refusal(case: Case, step: Step, who: Reviewer, catalog: QuestionCatalog) -> str:
    """Say why a step cannot be taken.

    Args:
        case: The case as it stands.
        step: What is to be done.
        who: Who does it.
        catalog: The questions and pathways that exist.

    Returns:
        One line; empty if it can.
    """
    act = step.act
    if case.practice:
        return "a practice case is not reviewed or signed"
    if case.state == "draft":
        return "a draft is not reviewed or signed: it has no decision yet"
    if not can(case, act):
        state = case.state.replace("_", " ")
        if act == "request":
            return f"a review is requested already: the case is {state}"
        return f"nothing was amended: the case is {state}; allowed: reviewed, co-signed"
    if act in KINDS and not step.text.strip():
        return "a comment needs a text" if act == "comment" else f"to {act} needs a reason"
    if not who.name.strip() or not who.role.strip():
        return "a review carries a name and a role; one of them is missing"
    if not all(map(_is_storable, (who.name, who.role, step.text))):
        return "it holds characters that cannot be stored as UTF-8"
    if act == "comment":
        return _subject_refusal(case, step.on, catalog)
    if act in MEANINGS and _is_signed(case, act, who):
        return f"{who.name.strip()} has signed this revision as {act} already"
    return ""


def _is_storable(text: str) -> bool:
    # A byte of a command line that is no UTF-8 comes as half a character.
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def can(case: Case, act: Act) -> bool:
    """Tell whether the state of a case allows an act; what it says may still be refused."""
    allowed = not case.practice and act in AFTER[case.state]
    return allowed and (act != "amended" or was_amended(case))


def _subject_refusal(case: Case, on: str, catalog: QuestionCatalog) -> str:
    if problem := subject_problem(on, catalog.pathway_ids):
        return problem
    subject = subject_of(on)
    assert subject is not None
    if subject.kind == "answer" and subject.question not in catalog.questions:
        hint = nearest(subject.question, catalog.questions)
        return f"{shown(subject.question)}: there is no such question{hint}"
    if subject.kind == "finding":
        rules = found_rules(case).get(subject.pathway, ())
        if subject.rule not in rules:
            allowed = ", ".join(rules) or "none, it has no findings"
            where = f"{shown(subject.rule)} is no finding for {subject.pathway}"
            return f"{where}; allowed: {allowed}"
    return ""


def found_rules(case: Case) -> dict[str, tuple[str, ...]]:
    """Return the rules that were found or open when a case was saved, by pathway."""
    found: dict[str, tuple[str, ...]] = {}
    for pathway in read_assessment(case.assessment).pathways:
        rules = [row.rule for rows in (pathway.findings, pathway.open) for row in rows if row.rule]
        found.setdefault(pathway.id, tuple(dict.fromkeys(rules)))
    return found


def _is_signed(case: Case, meaning: str, who: Reviewer) -> bool:
    name = who.name.strip().casefold()
    return any(
        item.meaning == meaning and item.by.casefold() == name and is_current(case, item)
        for item in case.signatures
    )


def with_steps(
    case: Case,
    steps: Sequence[Step],
    who: Reviewer,
    now: dt.datetime,
    seen: Revision,
    catalog: QuestionCatalog,
) -> Case:
    """Return the case with steps taken, in memory only.

    Args:
        case: The case as it stands.
        steps: What is done.
        who: Who does it.
        now: When.
        seen: The revision it is said of.
        catalog: The questions and pathways that exist.

    Returns:
        The case with the reviews and signatures added, and the state that follows.

    Raises:
        ReviewRefusedError: One cannot be taken.
    """
    for step in steps:
        if problem := refusal(case, step, who, catalog):
            raise ReviewRefusedError(problem)
        case = _with_step(case, step, who, now, seen)
    return case


def _with_step(case: Case, step: Step, who: Reviewer, now: dt.datetime, seen: Revision) -> Case:
    act = step.act
    state = AFTER[case.state][act]
    base = {
        "at": now,
        "by": who.name.strip(),
        "role": who.role.strip(),
        "revision": seen.number,
        "digest": seen.digest,
    }
    update: dict[str, object] = {"state": state}
    if act in KINDS:
        made = {
            "id": f"r{len(case.reviews) + 1}",
            "kind": act,
            "on": step.on if act == "comment" else "decision",
            "text": step.text,
        }
        update["reviews"] = (*case.reviews, read_table(made | base, Review))
    elif act in MEANINGS:
        signed = read_table({"meaning": act} | base, Signature)
        update["signatures"] = (*case.signatures, signed)
    return case.replaced(**update)
