"""The note: a case on one screen, as a colleague would write it. The record holds all of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from ketatui.cases.integrity import CaseReading, Integrity, integrity_lines
from ketatui.cases.model import Case
from ketatui.cases.saved_assessment import SavedFinding, SavedPathway
from ketatui.cases.states import saved_state
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.decision import decision_standing
from ketatui.consultation.medicine_words import medicine_text, open_names
from ketatui.consultation.nulls import without_nulls
from ketatui.consultation.who import saved_on, who_of
from ketatui.consultation.words import answer_text, discussed_text, row_text, why_not
from ketatui.course.due import due_in
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine import Knowledge, establish
from ketatui.engine.trials import trials_in
from ketatui.reports.assessment_shown import Seen, seen
from ketatui.reports.blocks import Banner, Block, Bullet, Heading, Paragraph, Report
from ketatui.reports.course_note import course_knowledge
from ketatui.reports.given import consented_to
from ketatui.reports.note import report_of
from ketatui.reports.record import trial_text
from ketatui.reports.words import PRACTICE, coded, pathway_title, rule_title

_MOST = 4
"""Findings of a pathway, trials, medicines and notes that are told; how many more is said."""
_FRESH = "Not saved with an assessment: this one was made for the note."
_WORSE = ("contraindicated", "not_indicated", "not_recommended", "unmet")


def short_note(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> Report:
    """Return the note of a case as blocks.

    Args:
        knowledge: The criteria of today.
        reading: The case as read.
        today: The day a fresh assessment is made for.

    Returns:
        The report, whatever it is drawn as. What there is no room for is counted, and the long
        record has it.
    """
    case, pack = reading.case, knowledge.pack
    found = seen(knowledge, reading, today)
    blocks = [
        *_head(knowledge, reading, found, today),
        *_measured(pack, case, found),
        *_trials(knowledge, reading),
        *_medicines(pack, case, found),
        *_further_tables(pack, case),
        *_pathways(pack, case, found),
        *_decision(pack, case, found),
        *_consent(pack, case),
        *_notes(pack, case),
        *_follow_up(knowledge, case, found, today),
    ]
    return report_of(reading, found, "Note", blocks)


def note_to_be(consultation: Consultation) -> Report:
    """Return the note of a case as it would be if it were saved now.

    Args:
        consultation: The consultation.

    Returns:
        The report.
    """
    case, assessment = consultation.case, consultation.assessment
    standing = decision_standing(assessment, case.decision)
    case = case.replaced(
        state=saved_state(case.state, decided=case.decision.pathway is not None),
        decision=case.decision.replaced(standing=standing),
        assessment=without_nulls(assessment.to_data()),
    )
    # Saving seals it: nothing is to be said of a seal that it has not yet.
    reading = CaseReading(case, Integrity("sealed"))
    return short_note(consultation.knowledge, reading, assessment.on)


def _head(
    knowledge: Knowledge, reading: CaseReading, found: Seen, today: dt.date
) -> Iterator[Block]:
    case = reading.case
    if case.practice:
        yield Banner(PRACTICE)
    for said in integrity_lines(reading):
        yield Banner(said)
    who = "" if reading.unknown_here else who_of(knowledge, case, saved_on(case, today))
    yield Heading(who or case.label or case.id or "A case", 1)
    made = f"{found.pack_id} {found.version}".strip() or "criteria not recorded"
    state = case.state.replace("_", " ")
    label = f"{case.label}; " if case.label else ""
    yield Paragraph(f"{label}{state}; assessed for {found.on or 'no day recorded'} by {made}.")
    if found.fresh:
        yield Banner(_FRESH)


def _measured(pack: Pack, case: Case, found: Seen) -> Iterator[Block]:
    """Tell scores, and what was measured, by the section it was asked in; and contradictions."""
    scales = {item.question for item in pack.instruments.values()}
    titles = {section.id: section.title for section in pack.sections}
    by_section: dict[str, list[str]] = {}
    for question in pack.questions.values():
        if question.id not in case.answers or question.kind not in ("int", "decimal", "scale"):
            continue
        title = "Scores" if question.id in scales else titles[pack.section_of[question.id]]
        value = f"{question.label} {answer_text(pack, question, case)}"
        by_section.setdefault(title, []).append(value)
    for title, values in by_section.items():
        yield Bullet(", ".join(values), title)
    for item in found.contradictions:
        yield Bullet(item.because, "Contradiction")


def _some(said: Sequence[str]) -> str:
    more = len(said) - _MOST
    shown = list(said[:_MOST])
    if more > 0:
        shown.append(f"and {more} more in the record")
    return "; ".join(shown)


def _trials(knowledge: Knowledge, reading: CaseReading) -> Iterator[Block]:
    pack, case = knowledge.pack, reading.case
    if not case.trials or TRIALS not in pack.questions:
        return
    counted = trials_in(establish(knowledge, reading.counted).details)
    told = [""] * len(case.trials)
    if counted.is_counted and len(counted.judgments) == len(told):
        told = [f" ({why_not(item) or 'counts'})" for item in counted.judgments]
    rows = [trial_text(pack, trial) for trial in case.trials]
    yield Bullet(_some([row + why for row, why in zip(rows, told, strict=True)]), "Trials")


def _medicines(pack: Pack, case: Case, found: Seen) -> Iterator[Block]:
    if not case.medications:
        if MEDICATIONS in case.answers:
            yield Bullet("none", "Medicines")
        return
    behind = {
        name.casefold()
        for pathway in found.pathways
        for finding in pathway.findings
        for name in finding.medicines
    }
    matter = [row for row in case.medications if row.name.casefold() in behind]
    others = [row.name for row in case.medications if row.name.casefold() not in behind]
    if matter:
        yield Bullet(_some([medicine_text(pack, row) for row in matter]), "Medicines that matter")
    if others:
        yield Bullet(_some(others), "Other medicines")
    if found.unrecognised:
        yield Bullet(open_names(found.unrecognised), "Open")


def _further_tables(pack: Pack, case: Case) -> Iterator[Block]:
    for ident, rows in case.tables.items():
        question = pack.questions.get(ident)
        if question is not None and rows:
            yield Bullet(_some([row_text(question, row) for row in rows]), question.label)


def _pathways(pack: Pack, case: Case, found: Seen) -> Iterator[Block]:
    chosen = case.decision.pathway
    for pathway in found.pathways:
        if pathway.id != chosen:
            yield Bullet(_verdict(pack, pathway, most=1), pathway_title(pack, pathway.id))


def _verdict(pack: Pack, pathway: SavedPathway, *, most: int) -> str:
    words = {str(code): word for code, word in pack.wording.verdicts.items()}
    word = words.get(pathway.verdict)
    said = f"{word.symbol} {word.title}" if word else pathway.verdict
    if pathway.basis and pathway.grade:
        said += f", {coded(pack.wording.bases, pathway.basis)} {pathway.grade}"
    told = [finding for finding in pathway.findings if finding.effect != "note"]
    told.sort(key=_place)
    if told:
        more = f", and {len(told) - most} more" if len(told) > most else ""
        named = "; ".join(_finding(pack, finding) for finding in told[:most])
        said += f": {named}{more}"
    if pathway.open:
        count = len(pathway.open)
        said += f"; {count} rule{'' if count == 1 else 's'} open"
    return said


def _place(finding: SavedFinding) -> int:
    return _WORSE.index(finding.effect) if finding.effect in _WORSE else len(_WORSE)


def _finding(pack: Pack, finding: SavedFinding) -> str:
    named = f" ({', '.join(finding.medicines)})" if finding.medicines else ""
    aside = ", set aside" if finding.overridden else ""
    return f"{rule_title(pack, finding.rule)}{named}{aside}"


def _decision(pack: Pack, case: Case, found: Seen) -> Iterator[Block]:
    decision = case.decision
    if decision.pathway is None:
        yield Bullet("not decided yet", "Decision")
        return
    standing = f", {decision.standing.replace('_', ' ')}" if decision.standing else ""
    day = f", {decision.at.astimezone():%Y-%m-%d}" if decision.at else ""
    by = decision.by or "nobody named"
    title = pathway_title(pack, decision.pathway)
    yield Bullet(f"{title}{standing}; {by}{day}", "Decision")
    pathway = found.pathway(decision.pathway)
    if pathway is not None:
        yield Bullet(_verdict(pack, pathway, most=_MOST), "Criteria", 1)
    yield Bullet(decision.reason or "no reason given", "Why", 1)
    for item in decision.overrides:
        yield Bullet(f"{rule_title(pack, item.rule)}, by {item.by}: {item.reason}", "Set aside", 1)


def _consent(pack: Pack, case: Case) -> Iterator[Block]:
    consent = case.consent
    if not consent.items and not consent.outcome:
        yield Bullet("no conversation recorded", "Consent")
        return
    day = f" {consent.ended_at.astimezone():%Y-%m-%d}" if consent.ended_at else ""
    said = [f"{consent.outcome or 'no outcome recorded'}{day}"]
    said += [f"to {given}"] if (given := consented_to(pack, case)) else []
    said.append(discussed_text(pack, case))
    said += [f"present: {consent.present}"] if consent.present else []
    said += [f"interpreter: {consent.interpreter}"] if consent.interpreter else []
    if consent.copy_given is not None:
        said.append("copy given" if consent.copy_given else "no copy given")
    yield Bullet("; ".join(said), "Consent")
    words = [f"“{mark.teach_back}”" for mark in consent.items.values() if mark.teach_back]
    if words:
        yield Bullet(_some(words), "In the patient's words", 1)


def _notes(pack: Pack, case: Case) -> Iterator[Block]:
    said = [
        f"{pack.questions[ident].label if ident in pack.questions else ident}: {text}"
        for ident, text in case.notes.items()
    ]
    if said:
        yield Bullet(_some(said), "Notes")


def _follow_up(knowledge: Knowledge, case: Case, found: Seen, today: dt.date) -> Iterator[Block]:
    """Tell what the criteria ask to be done for the pathway, and what is due in its course."""
    pathway = found.pathway(case.decision.pathway or "")
    todo = [item.do for item in pathway.findings if item.do] if pathway else []
    todo = list(dict.fromkeys(todo))
    if todo:
        yield Bullet(_some(todo), "To do")
    course = course_knowledge(knowledge) if case.courses else None
    if course is not None:
        due = due_in(course, case, today)
        said = [f"{item.what.replace('_', ' ')} by {item.by}" for item in due]
        if said:
            yield Bullet(_some(said), "Due")
