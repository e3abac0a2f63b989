"""Which visit is walked through: one there is, or a session or review of today."""

from __future__ import annotations

from ketatui.consultation.consultation import Consultation
from ketatui.consultation.treatment import Treatment
from ketatui.course.planning import first_plan, possible_bases
from ketatui.walk.talk import Back, Leave, Talk


def opened_visit(consultation: Consultation, wanted: str, talk: Talk) -> Treatment:
    """Open a visit of the last course; without a course one is begun as decided.

    Args:
        consultation: The open case.
        wanted: A number, ``today`` for the session of today, or ``review``.
        talk: Asks what a course runs under, where there are several.

    Raises:
        ValueError: There is no such visit, or no course can be begun; the text says why.
        PackError: The criteria have no course of treatment, or it cannot be used.
        Leave: The clinician stops.
    """
    treatment = Treatment(consultation)
    if wanted.isdecimal():
        course = treatment.course
        visit = course.visit(int(wanted)) if course else None
        if course is None or visit is None:
            known = ", ".join(str(item.number) for item in course.in_order) if course else ""
            raise ValueError(f"there is no visit {wanted}; allowed: {known or 'today, review'}")
        return Treatment(consultation, course.id, visit.number)
    if wanted not in ("today", "review"):
        raise ValueError(f"--visit {wanted}: allowed are a number, today and review")
    if treatment.course is None:
        _begin(treatment, talk)
    today, kind = consultation.today, "review" if wanted == "review" else "session"
    for item in treatment.the_course().in_order:
        if item.date == today and item.kind == kind and item.closed_at is None:
            return Treatment(consultation, treatment.the_course().id, item.number)
    if treatment.the_course().has_ended(today):
        raise ValueError("the last course was stopped; another one is begun in the app")
    treatment.add_visit(today, "review" if kind == "review" else "session")
    return treatment


def _begin(treatment: Treatment, talk: Talk) -> None:
    consultation = treatment.consultation
    case, pathway = consultation.case, str(consultation.case.decision.pathway)
    if pathway not in consultation.pack.pathways:
        raise ValueError("no pathway was decided for this case: nothing to treat by")
    site = case.answers.get(treatment.pack.info.site)
    if not isinstance(site, str):
        raise ValueError("where it is given is not known: answer it in the screening first")
    bases = possible_bases(consultation.knowledge, case)
    titles = [treatment.pack.bases[item].title for item in bases]
    chosen = 0 if len(bases) == 1 else _asked(talk, titles)
    treatment.begin_course(first_plan(case, pathway, bases[chosen], site))
    talk.say(f"A course was begun: {titles[chosen]}.")


def _asked(talk: Talk, titles: list[str]) -> int:
    """Ask until somebody says what a course runs under: the clinician does, and nobody else."""
    chosen = None
    while chosen is None:
        try:
            chosen = talk.ask_one("What does it run under?", titles, none="ask again")
        except Back:
            raise Leave from None
    return chosen
