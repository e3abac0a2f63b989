"""What a review is said of: the case, the decision, one answer or one finding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from ketatui.cases.errors import shown
from ketatui.structs import Frozen

SubjectKind = Literal["case", "decision", "answer", "finding"]
FORMS = "case, decision, answer:QUESTION, finding:PATHWAY/RULE"


class Subject(Frozen, frozen=True):
    """What a review is said of, taken apart.

    Attributes:
        kind: Which of the four.
        question: Of an answer: the question's id.
        pathway: Of a finding: its pathway.
        rule: Of a finding: its rule, which the criteria of today may no longer have.
    """

    kind: SubjectKind
    question: str = ""
    pathway: str = ""
    rule: str = ""


def subject_of(on: str) -> Subject | None:
    """Take a subject apart.

    Args:
        on: As a review has it.

    Returns:
        The subject; None if it is of no form there is.
    """
    if on in ("case", "decision"):
        return Subject("case" if on == "case" else "decision")
    kind, _, name = on.partition(":")
    if kind == "answer" and name:
        return Subject("answer", question=name)
    pathway, _, rule = name.partition("/")
    if kind == "finding" and pathway and rule:
        return Subject("finding", pathway=pathway, rule=rule)
    return None


def subject_problem(on: str, pathways: Iterable[str]) -> str:
    """Say what is wrong with a subject, the ids of questions and rules apart.

    Args:
        on: As a review has it.
        pathways: Those that exist.

    Returns:
        What is wrong and what is allowed; empty if nothing is.
    """
    subject = subject_of(on)
    if subject is None:
        return f"{shown(on)} is nothing a review can be about; allowed: {FORMS}"
    allowed = list(pathways)
    if subject.kind == "finding" and subject.pathway not in allowed:
        return f"{shown(subject.pathway)} is no pathway; allowed: {', '.join(allowed)}"
    return ""
