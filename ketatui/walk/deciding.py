"""The decision: a pathway or none, with the reasons it takes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from ketatui.cases.model import Decision, Override
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.decision import NO_PATHWAY, standing_of
from ketatui.consultation.edits import Edit, SetDecision
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
    pack, ranked = consultation.pack, consultation.assessment.ranked
    talk.say()
    options = [
        f"{pack.pathways[item.id].title} ({pack.wording.verdicts[item.verdict].title})"
        for item in ranked
    ]
    place = talk.ask_one("Decision", [*options, "None of them"], none="decide later")
    if place is None:
        return ""
    by = _needed(talk, "Decided by: your role or initials, no patient's name.")
    if place == len(ranked):
        chosen, overrides = NO_PATHWAY, consultation.case.decision.overrides
    else:
        chosen = ranked[place].id
        overrides = _overrides(talk, consultation, chosen, by, do, now)
    decision = Decision(pathway=chosen, by=by, at=now(), overrides=overrides)
    standing = standing_of(consultation.assessment, decision)
    assert standing is not None  # something is decided
    talk.say(f"This decision is {_STANDING[standing]}.")
    if standing != "against_criteria":
        reason = talk.ask_text("Reason? Enter leaves it out.")
    else:
        reason = _needed(talk, "It needs a reason, which is shown with it for ever.")
    do(SetDecision(decision=decision.replaced(standing=standing, reason=reason)))
    return by


def _overrides(
    talk: Talk, consultation: Consultation, pathway: str, by: str, do: Do, now: Now
) -> tuple[Override, ...]:
    """Offer to set aside what is not recommended; the assessment then takes it into account.

    Overrides of other pathways, recorded earlier, stay.
    """
    overrides = consultation.case.decision.overrides
    for finding in consultation.assessment.pathway(pathway).findings:
        # A caution is no obstacle, and anything worse can not be set aside in the tool.
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


def _needed(talk: Talk, question: str) -> str:
    while True:
        text = talk.ask_text(question)
        if text:
            return text
        talk.say("This can not be left out; b goes back to the questions.")
