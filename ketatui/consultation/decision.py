"""Deciding: how a decision stands to the criteria, and what it still needs."""

from __future__ import annotations

from typing import Literal

from ketatui.cases.model import Decision
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.reach import overtaken, overtaken_text
from ketatui.engine import Assessment

DecisionStanding = Literal["within_criteria", "provisional", "against_criteria"]
NO_PATHWAY = "none"


def decision_standing(assessment: Assessment, decision: Decision) -> DecisionStanding | None:
    """Return how a decision stands to the criteria.

    Returns:
        ``within_criteria`` for a usable pathway or none, ``provisional`` while information is
        missing, ``against_criteria`` for a verdict that could not be overridden or was not;
        None while nothing is decided.
    """
    if decision.pathway is None:
        return None
    if decision.pathway == NO_PATHWAY:
        return "within_criteria"
    pathway = assessment.pathway(decision.pathway)
    if pathway.usable:
        return "within_criteria"
    return "provisional" if pathway.verdict == "incomplete" else "against_criteria"


def what_is_missing(consultation: Consultation) -> tuple[str, ...]:
    """Return what the decision still needs before the case can be saved as final.

    Returns:
        Sentences for the clinician; empty when the case can be saved, also as a draft.
    """
    decision = consultation.case.decision
    if decision.pathway is None:
        return ()
    missing = []
    found = overtaken(consultation)
    if found is not None:
        # A reason that was given for something else is none.
        missing.append(f"to decide anew ({overtaken_text(consultation, found)})")
    standing = decision_standing(consultation.assessment, decision)
    if standing == "against_criteria" and not decision.reason.strip():
        missing.append("a reason for going against the criteria")
    if not decision.by.strip():
        missing.append("who decides")
    return tuple(missing)
