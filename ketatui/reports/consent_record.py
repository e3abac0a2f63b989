"""The consent record: what was said, what the patient said, how it ended, room to sign."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ketatui.cases.integrity import CaseReading
from ketatui.cases.model import Case, ConsentMark
from ketatui.criteria.models import ConsentItem
from ketatui.criteria.pack import Pack
from ketatui.criteria.patient_page import load_patient_page
from ketatui.engine import Knowledge, establish
from ketatui.reports.assessment_shown import Seen, seen
from ketatui.reports.blocks import (
    Block,
    Bullet,
    Heading,
    Paragraph,
    Quote,
    Report,
    Signature,
    moment_text,
)
from ketatui.reports.given import consented_to
from ketatui.reports.note import head, report_of
from ketatui.reports.patient_page import patient_report
from ketatui.reports.pdf import NoPdfError
from ketatui.reports.words import pathway_title, yes_or_no

_RULED_OUT = ("contraindicated", "not_indicated")
_READ = "What follows was worded to be read aloud, in the words of {criteria}."
_MARKS = "A check mark stands before what was discussed, a cross before what was not."
SIGNATURES = ("Patient", "Clinician", "Interpreter or witness")


def consent_report(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> Report:
    """Return the consent record of a case as blocks.

    Args:
        knowledge: The criteria of today.
        reading: The case as read.
        today: The day a fresh assessment is made for.

    Returns:
        The report, whatever it is drawn as.
    """
    case = reading.case
    found = seen(knowledge, reading, today)
    blocks = [
        *head(knowledge.pack, reading, found, "Consent record of case"),
        *_ending(knowledge.pack, case, found),
        *_items(knowledge, reading, found),
        Heading("Signatures"),
        *(Signature(who) for who in SIGNATURES),
    ]
    return report_of(reading, found, "Consent record", blocks)


def page_report(knowledge: Knowledge, reading: CaseReading, today: dt.date) -> Report:
    """Return the page for the patient, about what was talked about.

    Raises:
        PackError: The criteria word none.
        NoPdfError: It would be about several pathways, of which each is approved otherwise.
    """
    pack, case = knowledge.pack, reading.case
    pathways = _considered(pack, case, seen(knowledge, reading, today))
    if len(pathways) != 1:
        raise NoPdfError("the page for the patient is about one pathway, and none is decided on")
    values = establish(knowledge, reading.counted).values
    hidden = [
        ident
        for ident, condition in knowledge.consent_hidden.items()
        if condition.value(values) is True
    ]
    words = load_patient_page(pack)
    return patient_report(pack, words, pathways, hidden=hidden, practice=case.practice)


def _considered(pack: Pack, case: Case, found: Seen) -> tuple[str, ...]:
    """Return the pathway decided on; before that, all that were not ruled out."""
    chosen = case.decision.pathway
    if chosen in pack.pathways:
        return (str(chosen),)
    left = tuple(
        item.id
        for item in found.pathways
        if item.id in pack.pathways and item.verdict not in _RULED_OUT
    )
    return left or tuple(pack.pathways)


def _ending(pack: Pack, case: Case, found: Seen) -> Iterator[Block]:
    consent = case.consent
    about = ", ".join(pathway_title(pack, ident) for ident in _considered(pack, case, found))
    ended = f", {moment_text(consent.ended_at)}" if consent.ended_at else ""
    given = "not recorded" if consent.copy_given is None else yes_or_no(consent.copy_given)
    yield Heading("How it ended")
    yield Bullet(about, "About")
    yield Bullet(f"{consent.outcome or 'no outcome recorded'}{ended}", "Outcome")
    if consent.outcome:
        yield Bullet(consented_to(pack, case) or "not recorded", "Given to")
    yield Bullet(consent.present or "not recorded", "Present")
    yield Bullet(consent.interpreter or "not recorded", "Interpreter")
    yield Bullet(given, "Copy given")
    by = case.decision.by or case.record.saved_by
    yield Bullet(by or "not recorded", "Clinician")


def _items(knowledge: Knowledge, reading: CaseReading, found: Seen) -> Iterator[Block]:
    case = reading.case
    pack = knowledge.pack
    pathways = _considered(pack, case, found)
    values = establish(knowledge, reading.counted).values
    hidden = {
        ident
        for ident, condition in knowledge.consent_hidden.items()
        if condition.value(values) is True
    }
    yield Heading("What was discussed")
    yield Paragraph(_READ.format(criteria=f"{pack.info.id} {pack.info.version}"))
    yield Paragraph(_MARKS)
    for item in pack.consent.values():
        mark = case.consent.items.get(item.id)
        if mark or (item.id not in hidden and set(item.pathways) & set(pathways)):
            yield from _item(pack, item, mark, pathways)


def _item(
    pack: Pack, item: ConsentItem, mark: ConsentMark | None, pathways: tuple[str, ...]
) -> Iterator[Block]:
    yield Heading(f"{'✓' if mark else '✗'} {item.title}", 3)
    said = [item.text, *(item.on[ident] for ident in pathways if ident in item.on)]
    yield Quote(" ".join(said))
    if mark is None:
        yield Bullet("not discussed", "Recorded")
    else:
        yield Bullet(moment_text(mark.discussed_at), "Discussed")
        if mark.teach_back:
            yield Bullet(f"“{mark.teach_back}”", "In the patient's words")
        if mark.note:
            yield Bullet(mark.note, "Note")
    yield Bullet("; ".join(pack.source_text(source) for source in item.sources), "Source")
