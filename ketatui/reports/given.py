"""What answers and consent go back to: the day an answer was given, what was consented to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ketatui.cases.ages import assessed_on, days_of
from ketatui.cases.lenient import day_of
from ketatui.cases.model import Case
from ketatui.consultation.words import answer_text
from ketatui.criteria.pack import Pack
from ketatui.engine.staleness import counts_on
from ketatui.reports.words import pathway_title
from ketatui.structs import Frozen

OTHER_DAYS = "Answers of another day than the assessment"


class OtherDay(Frozen, frozen=True):
    """An answer that was not given on the day a case was assessed for.

    Attributes:
        question: Its id.
        day: When it was given.
        counts: Whether it counted on the day of the assessment.
    """

    question: str
    day: dt.date
    counts: bool


def other_days(pack: Pack, case: Case, on: str = "") -> tuple[OtherDay, ...]:
    """Find the answers that are of another day than the assessment.

    Args:
        pack: The criteria at hand, which say how long an answer counts.
        case: The case.
        on: The day of an assessment made for this page, where the case holds none.

    Returns:
        Them, the oldest first; those of one day in the order of the file.
    """
    assessed = assessed_on(case) or day_of(on)
    if assessed is None:
        return ()
    found = (
        OtherDay(ident, day, _counts(pack, ident, day, assessed))
        for ident, day in days_of(case).items()
        if day != assessed
    )
    return tuple(sorted(found, key=lambda item: item.day))


def _counts(pack: Pack, ident: str, day: dt.date, on: dt.date) -> bool:
    return ident not in pack.questions or counts_on(pack.questions[ident], day, on)


def other_day_lines(pack: Pack, case: Case, on: str = "") -> Iterator[tuple[dt.date, str]]:
    """Say the answers of another day than the assessment.

    Args:
        pack: The criteria at hand.
        case: The case.
        on: The day of an assessment made for this page.

    Yields:
        A day, and what was answered on it.
    """
    for item in other_days(pack, case, on):
        question = pack.questions.get(item.question)
        said = item.question
        if question is not None:
            said = f"{question.label}: {answer_text(pack, question, case)}"
        yield item.day, said + ("" if item.counts else ", which did not count")


def consented_to(pack: Pack, case: Case) -> str:
    """Say what the patient's answer was given to; empty where the file does not tell.

    Args:
        pack: The criteria at hand, for words.
        case: The case.
    """
    consent, decision = case.consent, case.decision
    if not consent.pathway:
        return ""
    words = {str(code): word.title for code, word in pack.wording.verdicts.items()}
    said = pathway_title(pack, consent.pathway)
    if consent.verdict:
        said += f", “{words.get(consent.verdict, consent.verdict)}”"
    if decision.pathway and decision.pathway != consent.pathway:
        return f"{said}: not what was decided, {pathway_title(pack, decision.pathway)}"
    if decision.verdict and consent.verdict and decision.verdict != consent.verdict:
        now = words.get(decision.verdict, decision.verdict)
        return f"{said}: the decision was made on another verdict, “{now}”"
    return said
