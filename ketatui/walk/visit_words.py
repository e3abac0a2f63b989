"""How a visit stands, in words: its decisions, and what an answer has made worse."""

from __future__ import annotations

import datetime as dt

from ketatui.consultation.treatment import Treatment
from ketatui.course.assessment import DecisionAssessment, VisitAssessment
from ketatui.course.grouping import decided_at
from ketatui.course.running import is_running
from ketatui.engine.assessment import SEVERITY
from ketatui.walk.talk import Talk
from ketatui.walk.visit_session import SessionTalk


def say_decisions(talk: Talk, treatment: Treatment, now: dt.datetime) -> None:
    """Say each decision with its findings, then what is next, and how a running session stands."""
    found, visit = treatment.assessment, treatment.the_visit()
    talk.say()
    talk.say("Decisions so far:")
    for item in decided_at(treatment.pack, visit, found.decisions):
        talk.say(_verdict(treatment, item), "  ")
        for finding in item.findings:
            word = treatment.criteria.wording.effects[finding.effect].title
            aside = ", set aside" if finding.overridden else ""
            talk.say(f"{word}: {finding.title} [{finding.rule}]{aside}", "    - ")
        if item.open:
            talk.say(
                f"{len(item.open)} {'rule' if len(item.open) == 1 else 'rules'} still open", "    "
            )
    for contradiction in found.contradictions:
        talk.say(contradiction.because, "  Contradiction: ", "    ")
    if found.next is not None:
        label = treatment.criteria.questions[found.next.question].label
        talk.say(f"{label} ({found.next.because}). Go there with a point.", "  Next: ", "    ")
    if is_running(visit):
        SessionTalk(treatment, talk, lambda: now).say_clock()


def _verdict(treatment: Treatment, item: DecisionAssessment) -> str:
    words = treatment.pack.info.words[item.verdict]
    return f"{treatment.pack.decisions[item.id].title}: {words.symbol} {words.title}"


def say_worse(talk: Talk, treatment: Treatment, before: VisitAssessment) -> None:
    """Say which decisions the last entry has made worse, and contradictions that are new."""
    now = treatment.assessment
    for item in decided_at(treatment.pack, treatment.the_visit(), now.decisions):
        then = before.decision(item.id)
        worse = SEVERITY[item.verdict] > SEVERITY[then.verdict]
        if worse and item.verdict != "incomplete" and item.findings:
            talk.say(f"{_verdict(treatment, item)} ({item.findings[0].title})", "Now: ", "  ")
    known = {(item.id, item.questions) for item in before.contradictions}
    for found in now.contradictions:
        if (found.id, found.questions) not in known:
            talk.say(found.because, "Contradiction: ", "  ")
