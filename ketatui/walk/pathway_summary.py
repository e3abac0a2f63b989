"""What fits so far, and what an answer changed, in words."""

from __future__ import annotations

from ketatui.consultation.consultation import Consultation
from ketatui.consultation.medicine_words import open_names
from ketatui.consultation.words import fact_title
from ketatui.engine import Assessment, PathwayAssessment
from ketatui.reports.summary import still_possible, support_line, verdict_line
from ketatui.walk.talk import Talk


def say_fit(talk: Talk, consultation: Consultation) -> None:
    """Say each pathway's verdict with its worst finding, then what to ask next."""
    pack, assessment = consultation.pack, consultation.assessment
    talk.say()
    talk.say("Fit so far:")
    for pathway in assessment.ranked:
        talk.say(verdict_line(pack, pathway), f"  {pathway.rank}. ")
        talk.say(support_line(pack, pathway), "     ")
        talk.say(still_possible(pack, pathway), "     ")
        for finding in pathway.findings:
            word = pack.wording.effects[finding.effect].title
            mark = ", overridden" if finding.overridden else ""
            local = ", local policy" if finding.local else ""
            talk.say(f"{word}: {finding.title} [{finding.rule}]{mark}{local}", "     - ")
    for item in assessment.contradictions:
        talk.say(item.because, "  Contradiction: ", "    ")
    if assessment.unrecognised:
        talk.say(open_names(assessment.unrecognised), "  ", "    ")
    coverage = assessment.coverage
    if coverage.profile in pack.payers:
        verdict = coverage.verdict.replace("_", " ")
        talk.say(f"  {pack.payers[coverage.profile].title}: {verdict}")
    if assessment.next is not None:
        title = fact_title(pack, assessment.next.question)
        talk.say(f"{title} ({assessment.next.because}). Go there with a point.", "  Next: ", "    ")


def say_changes(talk: Talk, consultation: Consultation, before: Assessment) -> None:
    """Say which verdicts the last answer changed, and contradictions that are new.

    While practicing nothing is told of it.
    """
    if consultation.blind:
        return
    pack, now = consultation.pack, consultation.assessment
    for pathway in now.pathways:
        if pathway.verdict != before.pathway(pathway.id).verdict:
            talk.say(f"{verdict_line(pack, pathway)}{_because(pathway)}", "Now: ", "  ")
    known = {(item.id, item.questions) for item in before.contradictions}
    for item in now.contradictions:
        if (item.id, item.questions) not in known:
            talk.say(item.because, "Contradiction: ", "  ")


def _because(pathway: PathwayAssessment) -> str:
    worst = next((item for item in pathway.findings if item.counts_as == pathway.verdict), None)
    return f" ({worst.title})" if worst else ""
