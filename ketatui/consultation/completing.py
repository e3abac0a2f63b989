"""The case as it is saved: with its state, its assessment and the program that wrote it."""

from __future__ import annotations

import ketatui
from ketatui.cases.ages import without_day
from ketatui.cases.model import Case
from ketatui.cases.states import saved_state
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.decision import decision_standing
from ketatui.consultation.nulls import without_nulls
from ketatui.consultation.reach import overtaken, verdict_decided_on, with_what_it_is_about
from ketatui.engine import Knowledge


def completed(consultation: Consultation) -> Case:
    """Return the case as it would be saved: with state, assessment and program."""
    # Imported only to save: a consultation begins without it.
    from ketatui.engine.fingerprints import criteria_data

    case = consultation.case
    state = saved_state(case.state, decided=case.decision.pathway is not None)
    consent = case.consent
    if consent.outcome and not consent.verdict and overtaken(consultation) is None:
        # From here on it is known what it was given to.
        consent = with_what_it_is_about(consultation, consent)
    decision = case.decision.replaced(
        standing=decision_standing(consultation.assessment, case.decision),
        verdict=verdict_decided_on(consultation),
    )
    assessment = without_nulls(consultation.explained.to_data())
    # So that a later assessment can tell what in the criteria changed meanwhile.
    assessment["criteria"] = criteria_data(consultation.knowledge)
    case = without_day(case, consultation.assessment.on)
    record = case.record.replaced(program=program())
    if case.courses:
        # A draft may hold visits that were closed beside the answers.
        from ketatui.consultation.visit_judgments import with_judgments

        case = with_judgments(consultation, case)
    update: dict[str, object] = {"state": state, "decision": decision, "consent": consent}
    return case.replaced(**update, assessment=assessment, record=record)


def is_empty(case: Case) -> bool:
    """Tell whether nothing at all was entered in a case."""
    return case == Case(id=case.id, record=case.record, practice=case.practice)


def program() -> str:
    """Name the program and its version, as a case records it."""
    return f"ketatui {ketatui.__version__}"


def pack_name(knowledge: Knowledge) -> str:
    """Name the criteria in use, as a draft records it."""
    info = knowledge.pack.info
    return f"{info.id} {info.version} {knowledge.pack.digest}"
