"""A saved case as plain text: what was answered and decided, and the verdict as it stood."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ketatui.cases.integrity import CaseReading, integrity_lines, seal_words
from ketatui.cases.model import ANTIDEPRESSANT, Case, Trial
from ketatui.cases.saved_assessment import SavedAssessment
from ketatui.consultation.medicine_words import medicine_text, open_names
from ketatui.consultation.review_words import fit_text, review_text, signature_text
from ketatui.consultation.words import (
    UNANSWERED,
    amounts_of,
    answer_text,
    drug_text,
    lone_items,
    not_in_criteria,
    row_text,
)
from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.reports.blocks import Bullet, Heading
from ketatui.reports.course_note import recorded_course, visit_answers
from ketatui.reports.course_words import dose_text, observation_text
from ketatui.reports.from_records import CONFIRMED, from_record_lines
from ketatui.reports.given import OTHER_DAYS, consented_to, other_day_lines
from ketatui.reports.summary import plain, wrapped

NOT_IN_CRITERIA = "Answered to questions that the criteria at hand do not have"


def record(pack: Pack, reading: CaseReading) -> str:
    """Write a case for people to read, as it stood when it was saved.

    Args:
        pack: The criteria of today, for the words of questions.
        reading: The case as read; its verdicts come from the assessment it was saved with.

    Returns:
        Lines of text without anything a terminal could act on.
    """
    return plain(_all(pack, reading))


def _all(pack: Pack, reading: CaseReading) -> Iterator[str]:
    case = reading.case
    for line in integrity_lines(reading):
        yield from wrapped(line, "! ", "  ")
    yield from _head(reading)
    for section in pack.sections:
        lines = list(_section(pack, case, section.id))
        if lines:
            yield ""
            yield section.title
            yield from lines
    yield from _days(pack, case)
    others = not_in_criteria(pack, case)
    if others:
        yield ""
        yield NOT_IN_CRITERIA
    for ident, said in others:
        yield from wrapped(f"{ident}: {said}", "  ", "    ")
    yield from _consent(pack, case)
    yield from _decision(pack, case)
    yield from _reviews(pack, reading)
    yield from _assessment(pack, reading)
    yield from _courses(pack, case)
    yield from _revisions(case)


def _courses(pack: Pack, case: Case) -> Iterator[str]:
    """Yield the courses as recorded: what was planned, given, seen and said in each visit."""
    for course in case.courses:
        yield ""
        for block in recorded_course(pack, case.courses, course):
            if isinstance(block, Heading):
                yield block.text
            elif isinstance(block, Bullet):
                yield from wrapped(f"{block.label}: {block.text}", "  ", "    ")
        for visit in course.in_order:
            head = f"Visit {visit.number}, {visit.date}: {dose_text(visit)}"
            yield from wrapped(head, "  - ", "    ")
            for said in visit_answers(pack, visit):
                yield from wrapped(said, "      ", "        ")
            for row in sorted(visit.observations, key=lambda item: item.minute):
                yield from wrapped(observation_text(row), "      ", "        ")


def _head(reading: CaseReading) -> Iterator[str]:
    case = reading.case
    yield from wrapped(case.id or "without an id", "Case: ")
    if case.label:
        yield from wrapped(case.label, "      ")
    marks = [case.state.replace("_", " "), *(["practice"] if case.practice else [])]
    if case.record.saved_at is not None:
        by = f" by {case.record.saved_by}" if case.record.saved_by else ""
        marks.append(f"saved {case.record.saved_at.astimezone():%Y-%m-%d %H:%M}{by}")
    yield from wrapped(", ".join(marks), "State: ")
    yield from wrapped(seal_words(reading), "Integrity: ", "  ")


def _section(pack: Pack, case: Case, section: str) -> Iterator[str]:
    for question in pack.by_section[section]:
        answer = _answer(pack, case, question)
        if answer is not None:
            yield from wrapped(f"{question.label}: {answer}", "  ", "    ")
        for said in lone_items(pack, question, case):
            yield from wrapped(said, "    - ")
        if question.id == TRIALS:
            for trial in case.trials:
                yield from wrapped(trial_text(pack, trial), "    - ")
        if question.id == MEDICATIONS:
            for item in case.medications:
                yield from wrapped(medicine_text(pack, item), "    - ")
        for row in case.tables.get(question.id, ()):
            yield from wrapped(row_text(question, row), "    - ")
        note = case.notes.get(question.id)
        if note:
            yield from wrapped(note, "    Note: ")


def _days(pack: Pack, case: Case) -> Iterator[str]:
    lines = list(other_day_lines(pack, case))
    if lines:
        yield ""
        yield OTHER_DAYS
    for day, said in lines:
        yield from wrapped(f"{day}: {said}", "  ", "    ")
    sources = list(from_record_lines(pack, case))
    if sources:
        yield ""
        yield CONFIRMED
    for label, said in sources:
        yield from wrapped(f"{label}: {said}", "  ", "    ")


def _answer(pack: Pack, case: Case, question: Question) -> str | None:
    text = answer_text(pack, question, case)
    if question.id == MEDICATIONS and case.medications:
        return f"{len(case.medications)} listed"
    return None if text == UNANSWERED else text


def trial_text(pack: Pack, trial: Trial) -> str:
    """Say a row of the table of antidepressant trials in a line."""
    columns = {column.id: column for column in pack.questions[TRIALS].columns}
    parts = [part for part in (drug_text(trial), *amounts_of(trial)) if part]
    for name, code in (("kind", trial.kind), ("outcome", trial.outcome)):
        # What every row is unless it says otherwise need not be said.
        if code is not None and code != ANTIDEPRESSANT and name in columns:
            labels = {option.code: option.label for option in columns[name].options}
            said = labels.get(code, code)
            parts.append(said if said.isupper() else said.lower())
    for name in ("adherent", "current_episode", "dose_adequate"):
        value = getattr(trial, name)
        if value is not None and name in columns:
            parts.append(f"{columns[name].label.lower()}: {'yes' if value else 'no'}")
    return ", ".join(parts)


def _consent(pack: Pack, case: Case) -> Iterator[str]:
    consent = case.consent
    if not consent.items and consent.outcome is None:
        return
    yield ""
    yield f"Consent: {consent.outcome or 'no outcome recorded'}"
    about = ("Given to", consented_to(pack, case))
    for label, text in (about, ("Present", consent.present), ("Interpreter", consent.interpreter)):
        if text:
            yield from wrapped(text, f"  {label}: ")
    if consent.copy_given is not None:
        yield f"  Copy given: {'yes' if consent.copy_given else 'no'}"
    for ident, mark in consent.items.items():
        item = pack.consent.get(ident)
        title = item.title if item else ident
        yield from wrapped(
            f"{title}, discussed {mark.discussed_at.astimezone():%Y-%m-%d %H:%M}", "  - "
        )
        for label, text in (("In the patient's words", mark.teach_back), ("Note", mark.note)):
            if text:
                yield from wrapped(text, f"    {label}: ")


def _decision(pack: Pack, case: Case) -> Iterator[str]:
    decision = case.decision
    if decision.pathway is None:
        return
    pathway = pack.pathways.get(decision.pathway)
    title = "no pathway" if decision.pathway == "none" else decision.pathway
    standing = f", {decision.standing.replace('_', ' ')}" if decision.standing else ""
    yield ""
    yield f"Decision: {pathway.title if pathway else title}{standing}"
    if decision.reason:
        yield from wrapped(decision.reason, "  Reason: ")
    if decision.by:
        yield from wrapped(decision.by, "  By: ")
    for item in decision.overrides:
        text = f"{item.rule} on {item.pathway} overridden by {item.by}: {item.reason}"
        yield from wrapped(text, "  - ")


def _reviews(pack: Pack, reading: CaseReading) -> Iterator[str]:
    case = reading.case
    if case.reviews:
        yield ""
        yield "Reviews"
    for item in case.reviews:
        head = f"{review_text(pack, item)}, {_moment(item.at)}; {fit_text(reading, item)}"
        yield from wrapped(head, f"  {item.id} ", "     ")
        yield from wrapped(item.text, "     ")
    if case.signatures:
        yield ""
        yield "Signatures"
    for signature in case.signatures:
        said = f"{signature_text(signature)}, {_moment(signature.at)}"
        yield from wrapped(f"{said}; {fit_text(reading, signature)}", "  - ")


def _moment(at: dt.datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def _assessment(pack: Pack, reading: CaseReading) -> Iterator[str]:
    """Say the assessment as it was saved, in the order of the file."""
    if not reading.case.assessment:
        return
    saved = reading.saved
    version = f"{saved.pack_id} {saved.version}".strip()
    yield ""
    yield from wrapped(saved.headline, f"As assessed on {saved.on or '?'}: ", "  ")
    yield from wrapped(f"Criteria: {version or 'not recorded'}", "  ")
    if saved.foreign:
        said = f"Parts of the assessment that cannot be read: {', '.join(saved.foreign)}"
        yield from wrapped(said, "  ! ", "    ")
    yield from _beside_the_verdicts(saved)
    words = {str(code): word for code, word in pack.wording.verdicts.items()}
    for row in saved.pathways:
        title = pack.pathways[row.id].title if row.id in pack.pathways else row.id
        word = words.get(row.verdict)
        shown = f"{word.symbol} {word.title}" if word else row.verdict
        yield from wrapped(f"{title}: {shown}", "  ")
        for finding in row.findings:
            mark = " (overridden)" if finding.overridden else ""
            local = " (local policy)" if finding.local else ""
            text = f"{finding.rule}{mark}{local}: {finding.because}"
            yield from wrapped(text, "    - ")
        opened = ", ".join(rule.rule for rule in row.open)
        if opened:
            yield from wrapped(opened, "    Open: ")


def _beside_the_verdicts(found: SavedAssessment) -> Iterator[str]:
    """Yield what a verdict is not read without: local rules, contradictions, odd medicines."""
    yield from wrapped(f"Local policy: {found.policy or 'none'}", "  ", "    ")
    for item in found.contradictions:
        text = f"These answers cannot all be right: {item.because}"
        yield from wrapped(text, "  ! ", "    ")
    if found.unrecognised:
        yield from wrapped(open_names(found.unrecognised), "  ! ", "    ")
    coverage = found.coverage
    if coverage is not None:
        payer = "" if coverage.profile == "none" else coverage.profile
        text = f"Coverage ({payer}): {coverage.verdict}"
        text = text if payer else "Coverage: no payer was chosen, so it was not looked at"
        yield from wrapped(text.replace("_", " "), "  ", "    ")
    for rule in coverage.rules if coverage is not None else ():
        said = f"{rule.title or rule.rule}: {rule.result}".replace("_", " ")
        yield from wrapped(said, "    - ", "      ")


def _revisions(case: Case) -> Iterator[str]:
    if case.revisions:
        yield ""
        yield "Revisions"
    for item in case.revisions:
        by, why = f" by {item.by}" if item.by else "", f": {item.why}" if item.why else ""
        text = f"{item.number}. {item.at.astimezone():%Y-%m-%d %H:%M}{by}{why}"
        yield from wrapped(text, "  ")
