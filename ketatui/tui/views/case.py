"""A saved case as it stood, read-only: the summary, and the page it begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ketatui.cases.integrity import CaseReading, integrity_lines, seal_words
from ketatui.cases.model import Case, Override, Review, Revision, Signature
from ketatui.cases.saved_assessment import SavedPathway
from ketatui.consultation.confirming import waiting
from ketatui.consultation.review_words import fit_of, fit_text, review_text, signature_text
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, establish
from ketatui.engine.reassessment import Reassessment
from ketatui.reports.assessment_shown import Seen, as_saved
from ketatui.reports.changes_since import Since
from ketatui.reports.reassessment import verdicts
from ketatui.reports.words import coded, rule_title
from ketatui.structs import Frozen
from ketatui.tui.views import case_answers, case_findings
from ketatui.tui.views.case_findings import finding_detail, verdict_of
from ketatui.tui.views.case_history import history, moment, short_digest
from ketatui.tui.views.lines import Line, safe
from ketatui.tui.views.pages import MARK, Row, Section, heading, pair, remark, said
from ketatui.tui.views.reassessment import sameness

_STANDING = {
    "within_criteria": ("within the criteria", "good"),
    "provisional": ("provisional: information was missing", "info"),
    "against_criteria": ("AGAINST the criteria", "bad"),
}
_STATES = {
    "draft": ("draft: nothing is decided", "info"),
    "final": ("final", "text"),
    "awaiting_review": ("awaiting review", "info"),
    "reviewed": ("reviewed", "good"),
    "amended": ("amended", "text"),
}
_LABEL = 18
TODAY = "today"
"""Key of the row that says how the case stands today."""


class Shown(Frozen, frozen=True):
    """What the page is about.

    Attributes:
        reading: The case as it is shown, and what is known of its file.
        newest: Its newest state, which has every revision; the same unless an older is shown.
        again: The case assessed again, for the line that says how it stands today; None where
            the criteria at hand do not know all of it.
        kept: The same with answers counted however old they are.
    """

    knowledge: Knowledge
    reading: CaseReading
    newest: Case
    again: Reassessment | None
    kept: Reassessment | None

    @property
    def case(self) -> Case:
        """The case as it is shown."""
        return self.reading.case

    @property
    def revision(self) -> Revision | None:
        """The revision that is shown."""
        return self.case.revisions[-1] if self.case.revisions else None


def case_sections(shown: Shown, width: int) -> tuple[Section, ...]:
    """Return a saved case as a page.

    Reasons are those saved with the case, in the words of the criteria of that day; only the
    line about today is assessed anew, and says so.
    """
    knowledge, case = shown.knowledge, shown.case
    since = Since(knowledge, shown.reading.saved)
    seen = as_saved(shown.reading, knowledge.pack.digest)
    facts = establish(knowledge, shown.reading.counted)
    number = shown.revision.number if shown.revision else 0
    return (
        Section("summary", "Summary", tuple(_summary(shown, since, seen, width))),
        case_answers.answers(since, case, seen, facts, width),
        case_answers.trials(since, case, seen, facts, width),
        case_answers.medicines(since, case, seen, width),
        case_findings.by_pathway(since, seen, width),
        case_findings.by_authority(since, seen, width),
        case_findings.contradictions(seen, width),
        case_findings.coverage(since, seen, width),
        case_answers.consent(knowledge.pack, case, width),
        history(knowledge.pack, shown.newest, width, of=number),
    )


def _summary(shown: Shown, since: Since, seen: Seen, width: int) -> Iterator[Row]:
    case, pack = shown.case, shown.knowledge.pack
    for place, text in enumerate(integrity_lines(shown.reading)):
        yield remark(f"integrity:{place}", text, width, "problem")
    if case.practice:
        text = "PRACTICE: an invented case for learning, not a patient"
        yield remark("practice", text, width, "caution")
    yield _decision(since, case, seen, width)
    for place, item in enumerate(case.decision.overrides):
        yield _override(since, seen, place, item, width)
    why = case.decision.reason or ("no reason given" if case.decision.pathway else "·")
    yield _row("why", "Why", why, width, role="text")
    yield _row("consented", "Consent", case_answers.consent_words(pack, case), width, role="text")
    yield _open_points(pack, seen, width)
    state, role = _STATES.get(case.state, (safe(case.state), "text"))
    yield _row("state", "State", state, width, role=role)
    if case.state == "draft" and (count := waiting(case)):
        what = "1 answer waits" if count == 1 else f"{count} answers wait"
        yield _row("proposed", "From a record", f"{what}: F9, then p", width, role="info")
    yield _sealed(shown.reading, width)
    yield from _reviewed(shown.reading, pack, width)
    yield _saved(shown, width)
    yield _criteria(since, seen, width)
    if seen.foreign:
        said = ", ".join(seen.foreign)
        yield _row("foreign", "Cannot be read", f"of the assessment: {said}", width, role="caution")
    yield _today(shown, width)
    yield heading("Verdicts as saved")
    for pathway in seen.pathways:
        yield _verdict(since, case, pathway, width)
    if not seen.pathways:
        yield remark("no-verdicts", "The file holds no assessment.", width)


def _row(
    key: str,
    label: str,
    value: str,
    width: int,
    *,
    role: str = "strong",
    detail: Sequence[Line] = (),
) -> Row:
    return pair(
        key,
        (label, "muted"),
        value,
        width,
        role=role,
        detail=detail,
        label_width=_LABEL if width >= 60 else 12,
    )


def _decision(since: Since, case: Case, seen: Seen, width: int) -> Row:
    decision = case.decision
    if decision.pathway is None:
        detail = said(seen.headline, width) if seen.headline else []
        return _row("decision", "Decision", "nothing decided", width, role="info", detail=detail)
    title = since.pathway_words(decision.pathway)
    text, role = _STANDING.get(decision.standing or "", (safe(decision.standing or ""), "text"))
    detail = []
    if seen.headline:
        detail += said(seen.headline, width, first="In short: ")
    when = f", {moment(decision.at)}" if decision.at else ""
    detail += said(f"{decision.by or 'not recorded'}{when}", width, first="By: ")
    pathway = seen.pathway(decision.pathway)
    if pathway is not None:
        verdict = verdict_of(since.knowledge.pack, pathway.verdict)[0]
        detail += said(f"{verdict}, as saved", width, first="Verdict: ")
    value = f"{title}, {text}" if text else title
    shown_as = "strong" if role == "good" else role
    return _row("decision", "Decision", value, width, role=shown_as, detail=detail)


def _override(since: Since, seen: Seen, place: int, item: Override, width: int) -> Row:
    pack = since.knowledge.pack
    where = since.pathway_words(item.pathway)
    detail = said(f"{item.by}, {moment(item.at)}", width, first="By: ")
    pathway = seen.pathway(item.pathway)
    for finding in pathway.findings if pathway else ():
        if finding.rule == item.rule:
            detail += finding_detail(since, finding, width)
    value = f"{rule_title(pack, item.rule)}, for {where}: {item.reason}"
    return _row(f"override:{place}", "OVERRIDDEN", value, width, role="caution", detail=detail)


def _open_points(pack: Pack, seen: Seen, width: int) -> Row:
    rules = {item.rule: item for pathway in seen.pathways for item in pathway.open}
    parts = []
    detail: list[Line] = []
    if rules:
        parts.append(f"{len(rules)} rule{'s' if len(rules) > 1 else ''} open")
        titles = "; ".join(rule_title(pack, rule) for rule in rules)
        detail += said(titles, width, first="Open: ")
    if seen.contradictions:
        count = len(seen.contradictions)
        parts.append(f"{count} contradiction{'s' if count > 1 else ''}")
        for text in (item.because for item in seen.contradictions):
            detail += said(text, width, "caution", first="! ")
    if seen.unrecognised:
        parts.append("medicines not recognized: " + ", ".join(seen.unrecognised))
    recorded = any(pathway.reasons for pathway in seen.pathways)
    nothing = "nothing was open" if recorded else "not recorded"
    role = "info" if parts else "text"
    return _row("open", "Open points", "; ".join(parts) or nothing, width, role=role, detail=detail)


def _sealed(reading: CaseReading, width: int) -> Row:
    role = "text" if reading.integrity.seal == "sealed" else "problem"
    return _row("integrity", "Integrity", seal_words(reading), width, role=role)


def _reviewed(reading: CaseReading, pack: Pack, width: int) -> Iterator[Row]:
    """Say what reviewers said and signed; the screen for that shows all of it."""
    case = reading.case
    if not case.reviews and not case.signatures:
        return
    detail: list[Line] = []
    for item in case.reviews:
        about = f"{review_text(pack, item)} ({fit_text(reading, item)})"
        detail += said(f"{about}: {item.text}" if item.text else about, width)
    for mark in case.signatures:
        text = f"{signature_text(mark)} ({fit_text(reading, mark)})"
        detail += said(text, width, first="Signed: ")
    value = f"{len(case.reviews)} said, {len(case.signatures)} signed; r shows them"
    said_of: tuple[Review | Signature, ...] = (*case.reviews, *case.signatures)
    stands = all(fit_of(reading, item) == "current" for item in said_of)
    value += "" if stands else "; not all of this content"
    role = "text" if stands else "caution"
    yield _row("reviewed", "Review", value, width, role=role, detail=detail)


def _saved(shown: Shown, width: int) -> Row:
    record, revision = shown.case.record, shown.revision
    if record.saved_at is None:
        return _row("saved", "Saved", "never saved by the program", width, role="caution")
    by = f" by {record.saved_by}" if record.saved_by else ""
    number = ""
    detail: list[Line] = []
    if revision is not None:
        number = f", revision {revision.number} of {shown.newest.revisions[-1].number}"
        detail += said(revision.why or "no reason given", width, first="Why: ")
        detail += said(short_digest(revision.digest), width, "muted", first="Digest: ")
    if record.created_at is not None:
        created = f"{moment(record.created_at)} {record.created_by}".rstrip()
        detail += said(created, width, "muted", first="Created: ")
    if record.program:
        detail += said(record.program, width, "muted", first="Program: ")
    value = f"{moment(record.saved_at)}{by}{number}"
    return _row("saved", "Saved", value, width, role="text", detail=detail)


def _criteria(since: Since, seen: Seen, width: int) -> Row:
    name = f"{seen.pack_id} {seen.version}".strip()
    if not name:
        return _row("criteria", "Criteria", "not recorded", width, role="muted")
    policy = f", local policy “{seen.policy}”" if seen.policy else ""
    now = f"changed since; now {since.now}" if seen.other_pack else "the same today"
    detail = said(short_digest(seen.digest), width, "muted", first="Digest then: ")
    detail += said(short_digest(since.knowledge.pack.digest), width, "muted", first="Digest now:  ")
    value = f"{name}{policy}, for {seen.on or '?'}; {now}"
    role = "caution" if seen.other_pack else "text"
    return _row("criteria", "Criteria", value, width, role=role, detail=detail)


def _today(shown: Shown, width: int) -> Row:
    """Say in a line whether it would be the same today; the screen for that says the rest."""
    again, kept, pack = shown.again, shown.kept, shown.knowledge.pack
    if again is None or kept is None:
        text = "not assessed: the criteria at hand do not know all of it"
        detail = [
            part for item in shown.reading.unknown_here for part in said(item.said_of(""), width)
        ]
        return _row(TODAY, "Today", text, width, role="caution", detail=detail)
    value, role = sameness(again.difference)
    if again.stale:
        count = len(again.stale)
        old = f"{count} answer{'s are' if count > 1 else ' is'} too old to count, so {value}"
        otherwise = sameness(kept.difference)[0]
        value = f"{old}; counted all the same: {otherwise}"
    detail = []
    for item in again.difference.pathways:
        name = pack.pathways[item.id].title if item.id in pack.pathways else safe(item.id)
        text = verdicts(pack, item).replace("->", "→")
        detail += said(text, width, first=f"{name}: ")
    detail += said("w shows every change with its cause.", width, "muted")
    return _row(TODAY, "Today", value, width, role=role, detail=detail)


def _verdict(since: Since, case: Case, pathway: SavedPathway, width: int) -> Row:
    pack = since.knowledge.pack
    text, role = verdict_of(pack, pathway.verdict)
    decided = ", decided" if pathway.id == case.decision.pathway else ""
    detail: list[Line] = []
    for code, words in pack.wording.verdicts.items():
        if code == pathway.verdict:
            detail += said(words.meaning, width, "muted")
    if pathway.basis and pathway.grade:
        grade = coded(pack.wording.grades, pathway.grade)
        basis = coded(pack.wording.bases, pathway.basis)
        detail += said(f"{basis}; evidence {grade}", width, first="Basis: ")
    if pathway.open and pathway.best != pathway.worst:
        ends = [verdict_of(pack, code)[0] for code in (pathway.best, pathway.worst)]
        detail += said(f"from {ends[0]} to {ends[1]}", width, first="Still possible: ")
    worst = pathway.worst_finding
    if worst is not None:
        name = rule_title(pack, worst.rule)
        detail += said(f"{name}: {worst.because}", width, first="Worst finding: ")
    if not pathway.reasons:
        detail += said("Its reasons were not kept with this revision.", width, "muted")
    basis_and_grade = ""
    if pathway.basis and pathway.grade and width - MARK >= 70:
        basis_and_grade = f"   {coded(pack.wording.bases, pathway.basis)} {pathway.grade}"
    return _row(
        f"verdict:{pathway.id}",
        since.pathway_words(pathway.id),
        f"{text}{decided}{basis_and_grade}",
        width,
        role=role,
        detail=detail,
    )
