"""What a change reaches: a decision made on another verdict, a consent given to something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ketatui.cases.model import Case, Consent, Decision
from ketatui.cases.saved_assessment import read_assessment
from ketatui.cases.store import Stamp
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import Edit, SetConsent, SetDecision
from ketatui.criteria.models import ConsentItem
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.structs import Frozen


class Overtaken(Frozen, frozen=True):
    """A decision that was made on another verdict than the criteria give now.

    Attributes:
        pathway: What was decided.
        was: The verdict it was made on.
        now: The verdict now.
    """

    pathway: str
    was: str
    now: str


def overtaken(consultation: Consultation) -> Overtaken | None:
    """Tell whether the decision has to be made anew.

    Args:
        consultation: The consultation.

    Returns:
        What changed under it; None for a decision that stands, or where nothing is decided. An
        older file does not say what a decision was made on: there its saved assessment counts.
    """
    case = consultation.case
    pathway = case.decision.pathway
    if pathway not in consultation.pack.pathways:
        return None
    was = case.decision.verdict or saved_verdict(case, str(pathway))
    now = consultation.assessment.pathway(str(pathway)).verdict
    return Overtaken(str(pathway), was, now) if was and was != now else None


def verdict_decided_on(consultation: Consultation) -> str:
    """Return the verdict that the decision was made on; empty where no pathway is chosen."""
    decision = consultation.case.decision
    if decision.pathway not in consultation.pack.pathways:
        return ""
    found = overtaken(consultation)
    now = consultation.assessment.pathway(str(decision.pathway)).verdict
    return found.was if found else now


def decider(consultation: Consultation) -> str:
    """Return who decides here: not whoever decided what was only opened.

    Args:
        consultation: The consultation.

    Returns:
        The name; empty where it has to be said.
    """
    begun, decision = consultation.states()[0].decision, consultation.case.decision
    inherited = begun.pathway is not None and (begun.at, begun.by) == (decision.at, decision.by)
    return "" if inherited else decision.by


def is_amendment(consultation: Consultation, base: Stamp | None) -> bool:
    """Tell whether saving changes a case that was finished before: an act of its own.

    Args:
        consultation: The consultation.
        base: The file it came from; None for a new case.
    """
    return base is not None and consultation.states()[0].state != "draft"


def overtaken_text(consultation: Consultation, found: Overtaken) -> str:
    """Say what changed under a decision.

    Args:
        consultation: The consultation.
        found: What changed.
    """
    words = {str(code): word.title for code, word in consultation.pack.wording.verdicts.items()}
    title = consultation.pack.pathways[found.pathway].title
    was, now = words.get(found.was, found.was), words.get(found.now, found.now)
    return f"{title}: was “{was}”, is now “{now}”"


def deciding(consultation: Consultation, decision: Decision) -> tuple[Edit, ...]:
    """Return the edits that a decision takes, with the verdict it is made on.

    Args:
        consultation: The consultation.
        decision: The decision as it is to be, where a pathway is chosen or a finding set aside; a
            reason or a name alone makes no old decision new.

    Returns:
        Edits to make one after the other.
    """
    consent = consultation.case.consent
    found = overtaken(consultation)
    edits: list[Edit] = []
    if found is not None and consent.outcome and not consent.verdict:
        # The patient agreed to what was decided then, and not to what is decided now.
        known = consent.replaced(pathway=found.pathway, verdict=found.was)
        edits.append(SetConsent(consent=known))
    verdict = ""
    if decision.pathway in consultation.pack.pathways:
        verdict = consultation.with_decision(decision).pathway(str(decision.pathway)).verdict
    return (*edits, SetDecision(decision=decision.replaced(verdict=verdict)))


def with_what_it_is_about(consultation: Consultation, consent: Consent) -> Consent:
    """Return a consent that has just ended with what was chosen and judged then."""
    pathway = consultation.case.decision.pathway
    if pathway not in consultation.pack.pathways:
        return consent.replaced(pathway="", verdict="")
    verdict = consultation.assessment.pathway(str(pathway)).verdict
    return consent.replaced(pathway=pathway, verdict=verdict)


def is_consent_overtaken(consultation: Consultation) -> bool:
    """Tell whether a consent was given to something else than what is decided now."""
    case = consultation.case
    consent, pathway = case.consent, case.decision.pathway
    if consent.outcome is None or pathway not in consultation.pack.pathways:
        return False
    if consent.verdict:
        now = consultation.assessment.pathway(str(pathway)).verdict
        return (consent.pathway, consent.verdict) != (pathway, now)
    return overtaken(consultation) is not None


def overtaken_items(
    consultation: Consultation, items: Sequence[ConsentItem]
) -> tuple[ConsentItem, ...]:
    """Return the consent items that were talked about before an answer they speak of changed.

    Args:
        consultation: The consultation.
        items: The items that belong to what is decided, or considered.
    """
    states = consultation.states()
    marks = consultation.case.consent.items
    return tuple(
        item
        for item in items
        if item.about and item.id in marks and _moved(item, marks[item.id], states)
    )


def consent_words(consultation: Consultation, items: Sequence[ConsentItem]) -> str:
    """Say what a change means for the consent; empty where it reaches nothing of it.

    Args:
        consultation: The consultation.
        items: The items that belong to what is decided.
    """
    again = [item.title for item in overtaken_items(consultation, items)]
    marks = consultation.case.consent.items
    parts = [f"talk again about {', '.join(again)}"] if again else []
    if is_consent_overtaken(consultation):
        missing = [item.title for item in items if item.id not in marks]
        parts += [f"not talked about yet: {', '.join(missing)}"] if missing else []
        parts.append("how it ended has to be recorded anew")
        return f"Consent was given before this changed; {'; '.join(parts)}"
    return f"Consent: {parts[0]}, which an answer has changed since" if parts else ""


def _moved(item: ConsentItem, mark: Any, states: Sequence[Case]) -> bool:
    """Tell whether an answer an item speaks of is not what it was when the item was ticked."""
    then = states[-1]
    for state in reversed(states):
        if state.consent.items.get(item.id) != mark:
            break
        then = state
    if then is states[0] and _moved_since_saved(item, then):
        return True
    return list(_answers(item, then)) != list(_answers(item, states[-1]))


def _moved_since_saved(item: ConsentItem, case: Case) -> bool:
    """Tell whether a later revision than the one it was ticked in changed an answer it speaks of.

    Ticked anew since then, it is no longer of the state the case was opened in.
    """
    name = f'consent.items."{item.id}"'
    told = [
        index
        for index, revision in enumerate(case.revisions)
        if any(str(change.get("what")).startswith(name) for change in revision.changes)
    ]
    first: dict[str, Any] = {}
    for revision in case.revisions[max(told, default=0) + 1 :]:
        for change in revision.changes:
            first.setdefault(str(change.get("what")), change.get("old"))
    return any(_differs(ident, first, case) for ident in item.about)


def _differs(ident: str, first: Mapping[str, Any], case: Case) -> bool:
    """Tell whether an answer is another one than before the first of some changes."""
    if ident in (MEDICATIONS, TRIALS):
        return any(what.partition("[")[0] == ident for what in first)
    known = case.answers.get(ident)
    before = first.get(f"answers.{ident}", known)
    was_unknown = ident in (first.get("unknown", case.unknown) or ())
    return before != known or was_unknown != (ident in case.unknown)


def _answers(item: ConsentItem, case: Case) -> Iterator[Any]:
    for ident in item.about:
        if ident == MEDICATIONS:
            yield case.medications
        elif ident == TRIALS:
            yield case.trials
        yield case.answers.get(ident), ident in case.unknown


def saved_verdict(case: Case, pathway: str) -> str:
    """Return what a saved case says of a pathway; empty where it says nothing."""
    saved = read_assessment(case.assessment).pathway(pathway)
    return saved.verdict if saved else ""
