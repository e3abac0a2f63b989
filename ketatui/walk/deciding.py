"""The decision: a pathway or none, with the reasons it takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from ketatui.cases.model import Decision, Override
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.decision import NO_PATHWAY, decision_standing
from ketatui.consultation.edits import Edit, SetDecision
from ketatui.consultation.reach import Overtaken, deciding, overtaken, overtaken_text
from ketatui.walk.talk import Talk

Do = Callable[[Edit], bool]
Now = Callable[[], dt.datetime]

_STANDING = {
    "within_criteria": "within the criteria",
    "provisional": "provisional, because more information is needed",
    "against_criteria": "against the criteria",
}


def ask_decision(talk: Talk, consultation: Consultation, do: Do, now: Now) -> str:
    """Ask for the decision and record it.

    Returns:
        Who decided, as typed; empty without a decision.

    Raises:
        Back: Back to the questions.
        Leave: The clinician stops.
    """
    # By their place in the criteria: one number a pathway, whatever the verdicts.
    pack, listed = consultation.pack, consultation.assessment.pathways
    talk.say()
    found = _say_decided(talk, consultation)
    options = [
        f"{pack.pathways[item.id].title} ({pack.wording.verdicts[item.verdict].title})"
        for item in listed
    ]
    options.append("None of them")
    decided = consultation.case.decision.pathway is not None
    if decided:
        options.append("Take the decision back")
    later = "leave it as it is" if decided else "decide later"
    while True:
        place = talk.ask_one("Decision", options, none=later)
        if place is not None or found is None:
            break
        talk.say("It cannot be left as it is: decide again, or take it back.")
    if place is None:
        return ""
    if place > len(listed):
        do(SetDecision(decision=Decision(overrides=consultation.case.decision.overrides)))
        return ""
    by = talk.ask_needed("Decided by: your role or initials, no patient's name.")
    if place == len(listed):
        chosen, overrides = NO_PATHWAY, consultation.case.decision.overrides
    else:
        chosen = listed[place].id
        overrides = _overrides(talk, consultation, chosen, by, do, now)
    decision = Decision(pathway=chosen, by=by, at=now(), overrides=overrides)
    for edit in deciding(consultation, _with_reason(talk, consultation, decision)):
        do(edit)
    return by


def _with_reason(talk: Talk, consultation: Consultation, decision: Decision) -> Decision:
    """Say how a decision stands to the criteria, and ask for its reason."""
    standing = decision_standing(consultation.assessment, decision)
    assert standing is not None  # something is decided
    talk.say(f"This decision is {_STANDING[standing]}.")
    if standing != "against_criteria":
        reason = talk.ask_text("Reason? Enter leaves it out.")
    else:
        reason = talk.ask_needed("It needs a reason, which stays visible with it.")
    return decision.replaced(standing=standing, reason=reason)


def _say_decided(talk: Talk, consultation: Consultation) -> Overtaken | None:
    """Say what was decided so far, and whether that still stands."""
    decision, pack = consultation.case.decision, consultation.pack
    if decision.pathway is None:
        return None
    title = pack.pathways[decision.pathway].title if decision.pathway in pack.pathways else "none"
    by = f", by {decision.by}" if decision.by else ""
    day = f", {decision.at.astimezone():%Y-%m-%d}" if decision.at else ""
    talk.say(f"Decided so far: {title}{by}{day}.")
    if decision.reason:
        talk.say(decision.reason, "Reason: ", "  ")
    found = overtaken(consultation)
    if found is not None:
        talk.say(f"{overtaken_text(consultation, found)}: it has to be decided again.")
    return found


def _overrides(
    talk: Talk, consultation: Consultation, pathway: str, by: str, do: Do, now: Now
) -> tuple[Override, ...]:
    """Offer to set aside what is not recommended; the assessment then takes it into account.

    Overrides of other pathways, recorded earlier, stay.
    """
    overrides = consultation.case.decision.overrides
    for finding in consultation.assessment.pathway(pathway).findings:
        # A caution is no obstacle, and anything worse cannot be set aside in the tool.
        if finding.effect != "not_recommended" or finding.overridden:
            continue
        talk.say()
        talk.say(f"Not recommended: {finding.title}. {finding.because}")
        talk.say(finding.do, "Do: ", "  ")
        reason = talk.ask_text("To set it aside, write the reason; Enter leaves it standing.")
        if reason:
            overrides += (
                Override(pathway=pathway, rule=finding.rule, reason=reason, by=by, at=now()),
            )
    if overrides != consultation.case.decision.overrides:
        decision = consultation.case.decision.replaced(overrides=overrides)
        do(SetDecision(decision=decision))
    return overrides
