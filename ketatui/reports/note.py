"""The note of a case: what was decided, on what basis, and who says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from ketatui.cases.integrity import CaseReading, integrity_lines, seal_words
from ketatui.cases.model import Case
from ketatui.cases.saved_assessment import SavedFinding, SavedOpenRule, SavedPathway
from ketatui.consultation.medicine_words import medicine_text, open_names
from ketatui.consultation.review_words import fit_text, review_text, signature_text
from ketatui.consultation.words import fact_title, not_in_criteria, row_text, value_text
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import DIAGNOSIS
from ketatui.engine import Knowledge
from ketatui.reports.assessment_shown import Seen, seen
from ketatui.reports.blocks import (
    Banner,
    Block,
    Bullet,
    Heading,
    Paragraph,
    Report,
    moment_text,
    report_on,
)
from ketatui.reports.course_note import course_blocks
from ketatui.reports.from_records import CONFIRMED, from_record_lines
from ketatui.reports.given import OTHER_DAYS, consented_to, other_day_lines
from ketatui.reports.record import NOT_IN_CRITERIA, trial_text
from ketatui.reports.words import (
    PRACTICE,
    coded,
    effect_words,
    pathway_title,
    rule_title,
    yes_or_no,
)

_CLINICIAN = "Decision support for professionals: the clinician decides. No names are kept."
_FRESH = (
    "ASSESSED FOR THIS EXPORT: the case holds no assessment of its own. What follows is what "
    "the criteria below say of its answers, and not what anybody saw when it was recorded."
)
_OTHER = (
    "The criteria have changed since: titles and sources are worded as in {now}, today's; the "
    "assessment itself is as it was saved."
)


def note_report(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> Report:
    """Return the note of a case as blocks.

    Args:
        knowledge: The criteria of today.
        reading: The case as read.
        today: The day a fresh assessment is made for.

    Returns:
        The report, whatever it is drawn as.
    """
    case = reading.case
    pack, found = knowledge.pack, seen(knowledge, reading, today)
    blocks = [
        *head(pack, reading, found, "Case"),
        *_decision(pack, case),
        *_reviews(pack, reading),
        *_pathways(pack, found),
        *_by_authority(pack, found),
        *_payer(pack, found),
        *_contradictions(found),
        *_days(pack, case, found),
        *_trials(pack, case),
        *_medicines(pack, case, found),
        *_further_tables(pack, case),
        *_others(pack, case),
        *_consent(pack, case),
        *course_blocks(knowledge, reading, today),
        *_history(case),
    ]
    return report_of(reading, found, "Case summary", blocks)


def report_of(reading: CaseReading, found: Seen, title: str, blocks: Iterable[Block]) -> Report:
    """Return a report with what stands on each of its pages."""
    return report_on(reading, title, f"{found.pack_id} {found.version}", found.on, blocks)


def head(pack: Pack, reading: CaseReading, found: Seen, title: str) -> Iterator[Block]:
    """Yield what every report begins with: how far it can be trusted, and what it is of."""
    case = reading.case
    if case.practice:
        yield Banner(PRACTICE)
    for line in integrity_lines(reading):
        yield Banner(line)
    yield Heading(f"{title} {case.id or 'without an id'}", 1)
    if case.label:
        yield Bullet(case.label, "Label")
    yield Bullet(seal_words(reading), "Integrity")
    yield Bullet(case.state.replace("_", " "), "State")
    diagnosis = case.answers.get(DIAGNOSIS)
    if diagnosis is not None:
        yield Bullet(value_text(pack, DIAGNOSIS, diagnosis), "Diagnosis")
    made = f"{found.pack_id} {found.version}".strip() or "not recorded"
    yield Bullet(made, "Criteria")
    yield Bullet(found.digest or "not recorded", "Digest", code=True)
    yield Bullet(found.on or "not recorded", "Assessed for")
    yield Bullet(found.policy or "none", "Local policy")
    if found.foreign:
        yield Bullet(", ".join(found.foreign), "Parts of the assessment that cannot be read")
    if found.fresh:
        yield Banner(_FRESH)
    elif found.other_pack:
        now = f"{pack.info.id} {pack.info.version}"
        if pack.policy:
            now += f" with the local policy {pack.policy.title}"
        yield Paragraph(_OTHER.format(now=now))
    yield Paragraph(_CLINICIAN)


def _decision(pack: Pack, case: Case) -> Iterator[Block]:
    decision = case.decision
    yield Heading("Decision")
    if decision.pathway is None:
        yield Bullet("not decided yet")
        return
    yield Bullet(pathway_title(pack, decision.pathway), "Pathway")
    if decision.standing:
        yield Bullet(decision.standing.replace("_", " "), "Standing")
    yield Bullet(decision.reason or "no reason given", "Why")
    at = f", {moment_text(decision.at)}" if decision.at else ""
    yield Bullet(f"{decision.by or 'not recorded'}{at}", "By")
    for item in decision.overrides:
        where = pathway_title(pack, item.pathway)
        yield Bullet(
            f"{rule_title(pack, item.rule)} (rule {item.rule}) for {where}, set aside by "
            f"{item.by}, {moment_text(item.at)}: {item.reason}",
            "OVERRIDDEN",
        )


def _reviews(pack: Pack, reading: CaseReading) -> Iterator[Block]:
    case = reading.case
    if case.reviews or case.signatures:
        yield Heading("Reviews and signatures")
    for item in case.reviews:
        said = f"{review_text(pack, item)}, {moment_text(item.at)}; {fit_text(reading, item)}"
        yield Bullet(said, item.id)
        yield Bullet(item.text, "Said", 1)
    for signature in case.signatures:
        signed = f"{signature_text(signature)}, {moment_text(signature.at)}"
        yield Bullet(f"{signed}; {fit_text(reading, signature)}", "Signed")
        yield Bullet(signature.digest, "Digest", 1, code=True)


def _pathways(pack: Pack, found: Seen) -> Iterator[Block]:
    yield Heading("Pathways")
    if found.headline:
        yield Paragraph(f"{found.headline.rstrip('.')}.")
    for number, pathway in enumerate(found.pathways, start=1):
        yield from _pathway(pack, pathway, number)


def _pathway(pack: Pack, pathway: SavedPathway, number: int) -> Iterator[Block]:
    verdicts = {str(code): words for code, words in pack.wording.verdicts.items()}
    words = verdicts.get(pathway.verdict)
    said = f"{words.symbol} {words.title}" if words else pathway.verdict
    yield Heading(f"{number}. {pathway_title(pack, pathway.id)}: {said}", 3)
    yield Bullet(_support(pack, pathway), "Basis")
    if pathway.open and pathway.best != pathway.worst:
        best, worst = (
            verdicts[code].title if code in verdicts else code
            for code in (pathway.best, pathway.worst)
        )
        yield Bullet(f"from {best} to {worst}", "Still possible")
    for finding in sorted(pathway.findings, key=lambda item: -_severity(item)):
        yield from _finding(pack, finding)
    if not pathway.findings:
        yield Bullet("no rule counts for or against it", "Findings")
    for rule in pathway.open:
        yield _open(pack, rule)


def _by_authority(pack: Pack, found: Seen) -> Iterator[Block]:
    """Yield the same findings by who says so: authorities that disagree are to be seen."""
    short = {ident: item.short for ident, item in pack.pathways.items()}
    said: dict[str, dict[tuple[str, str, bool], list[str]]] = {}
    for pathway in found.pathways:
        for finding in sorted(pathway.findings, key=lambda item: -_severity(item)):
            key = (finding.rule, finding.effect, finding.overridden)
            where = said.setdefault(finding.authority, {}).setdefault(key, [])
            where.append(short.get(pathway.id, pathway.id))
    if said:
        yield Heading("Findings by authority")
    order = [str(code) for code in pack.wording.authorities]
    for code in sorted(said, key=lambda item: order.index(item) if item in order else len(order)):
        yield Bullet(coded(pack.wording.authorities, code) or "not recorded", "Authority")
        for (rule, effect, overridden), pathways in said[code].items():
            mark = "; OVERRIDDEN" if overridden else ""
            title = f"{rule_title(pack, rule)} (rule {rule}{mark}): {', '.join(pathways)}"
            yield Bullet(title, effect_words(pack, effect), 1)


def _payer(pack: Pack, found: Seen) -> Iterator[Block]:
    """Yield what the payer asks for: beside the authorities, and never a verdict."""
    coverage = found.coverage
    if coverage is None or coverage.profile in ("", "none"):
        return
    payer = pack.payers.get(coverage.profile)
    title = payer.title if payer else coverage.profile
    yield Heading("Coverage, never a verdict")
    yield Bullet(coverage.verdict.replace("_", " "), title)
    for rule in coverage.rules:
        yield Bullet(rule.result.replace("_", " "), rule.title or rule.rule, 1)


def _severity(finding: SavedFinding) -> int:
    # `worst_finding` compares findings of a pathway; here each is compared by itself.
    order = ("note", "caution", "unmet", "not_recommended", "not_indicated", "contraindicated")
    return order.index(finding.effect) if finding.effect in order else -1


def _support(pack: Pack, pathway: SavedPathway) -> str:
    if not pathway.basis or not pathway.grade:
        return "not for this indication, or not settled"
    basis = coded(pack.wording.bases, pathway.basis)
    return f"{basis}, evidence grade {coded(pack.wording.grades, pathway.grade)}"


def _finding(pack: Pack, finding: SavedFinding) -> Iterator[Block]:
    marks = [
        mark
        for mark, holds in (
            ("OVERRIDDEN by the clinician, counts as a caution", finding.overridden),
            ("could not be excluded: what it asks is unknown", finding.not_excluded),
            ("local policy", finding.local),
        )
        if holds
    ]
    said = "; ".join([f"rule {finding.rule}", *marks])
    yield Bullet(f"{rule_title(pack, finding.rule)} ({said})", effect_words(pack, finding.effect))
    yield Bullet(finding.because, "Because", 1)
    if finding.do:
        yield Bullet(finding.do, "Do", 1)
    facts = ", ".join(
        f"{fact_title(pack, ident)}: {value_text(pack, ident, value)}"
        for ident, value in finding.facts.items()
    )
    if facts:
        yield Bullet(facts, "Read", 1)
    if finding.medicines:
        yield Bullet(", ".join(finding.medicines), "Medicines", 1)
    authority = coded(pack.wording.authorities, finding.authority)
    yield Bullet(f"{authority}, {finding.confidence} confidence", "Authority", 1)
    for source in finding.sources:
        yield Bullet(pack.source_text(source), "Source", 1)


def _open(pack: Pack, rule: SavedOpenRule) -> Bullet:
    optional = ", optional" if rule.optional else ""
    text = f"{rule_title(pack, rule.rule)} (rule {rule.rule})"
    needs = ", ".join(fact_title(pack, ident) for ident in rule.needs)
    blocked = ", ".join(fact_title(pack, ident) for ident in rule.blocked_by)
    text += f", would be: {effect_words(pack, rule.effect)}{optional}."
    text += f" Needs: {needs}." if needs else ""
    text += f" Kept open by: {blocked}." if blocked else ""
    return Bullet(text, "? Open")


def _contradictions(found: Seen) -> Iterator[Block]:
    if found.contradictions:
        yield Heading("Contradictions")
        yield Paragraph("These answers cannot all be right.")
        for item in found.contradictions:
            yield Bullet(item.because)


def _days(pack: Pack, case: Case, found: Seen) -> Iterator[Block]:
    lines = list(other_day_lines(pack, case, found.on))
    if lines:
        yield Heading(OTHER_DAYS)
    for day, said in lines:
        yield Bullet(said, f"{day}")
    sources = list(from_record_lines(pack, case))
    if sources:
        yield Heading(CONFIRMED)
    for label, said in sources:
        yield Bullet(said, label)


def _trials(pack: Pack, case: Case) -> Iterator[Block]:
    if case.trials:
        yield Heading("Antidepressant trials")
        for trial in case.trials:
            yield Bullet(trial_text(pack, trial))


def _medicines(pack: Pack, case: Case, found: Seen) -> Iterator[Block]:
    if case.medications:
        yield Heading("Medicines")
        for item in case.medications:
            yield Bullet(medicine_text(pack, item))
        if found.unrecognised:
            yield Bullet(open_names(found.unrecognised))


def _further_tables(pack: Pack, case: Case) -> Iterator[Block]:
    for ident, rows in case.tables.items():
        if ident in pack.questions:
            yield Heading(pack.questions[ident].label)
            for row in rows:
                yield Bullet(row_text(pack.questions[ident], row))


def _others(pack: Pack, case: Case) -> Iterator[Block]:
    others = not_in_criteria(pack, case)
    if others:
        yield Heading(NOT_IN_CRITERIA)
    for ident, said in others:
        yield Bullet(said, ident)


def _consent(pack: Pack, case: Case) -> Iterator[Block]:
    consent = case.consent
    yield Heading("Consent")
    ended = f", {moment_text(consent.ended_at)}" if consent.ended_at else ""
    yield Bullet(f"{consent.outcome or 'no outcome recorded'}{ended}", "Outcome")
    if given := consented_to(pack, case):
        yield Bullet(given, "Given to")
    if consent.present:
        yield Bullet(consent.present, "Present")
    if consent.interpreter:
        yield Bullet(consent.interpreter, "Interpreter")
    if consent.copy_given is not None:
        yield Bullet(yes_or_no(consent.copy_given), "Copy given")
    titles = {ident: item.title for ident, item in pack.consent.items()}
    if consent.items:
        said = "; ".join(titles.get(ident, ident) for ident in consent.items)
        yield Bullet(f"{len(consent.items)} items: {said}", "Discussed")
    for ident, mark in consent.items.items():
        if mark.teach_back:
            yield Bullet(
                f"{titles.get(ident, ident)}: “{mark.teach_back}”", "In the patient's words"
            )
        if mark.note:
            yield Bullet(f"{titles.get(ident, ident)}: {mark.note}", "Note")


def _history(case: Case) -> Iterator[Block]:
    yield Heading("Who and when")
    record = case.record
    for label, at, by in (
        ("Created", record.created_at, record.created_by),
        ("Saved", record.saved_at, record.saved_by),
    ):
        if at is not None:
            yield Bullet(moment_text(at) + (f", {by}" if by else ""), label)
    if record.program:
        yield Bullet(record.program, "Program")
    for item in case.revisions:
        by = f", {item.by}" if item.by else ""
        why = f": {item.why}" if item.why else ""
        yield Bullet(f"{moment_text(item.at)}{by}{why}", f"Revision {item.number}")
    if record.saved_at is None and not case.revisions:
        yield Bullet("not saved by the program")
