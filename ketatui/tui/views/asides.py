"""What stands beside a form on a wide screen: what speaks for and against, and the note."""

from __future__ import annotations

from collections.abc import Iterator

from ketatui.consultation.consultation import Consultation
from ketatui.criteria.pack import Pack
from ketatui.engine import Finding, PathwayAssessment
from ketatui.reports.blocks import Report
from ketatui.reports.plain_text import plain_text
from ketatui.tui.views.explain import clear_lines, open_lines, support_lines, verdict_lines
from ketatui.tui.views.lines import EMPTY, Line, line, wrap
from ketatui.tui.views.verdicts import ROLE, finding_title


def pathway_lines(consultation: Consultation, pathway: str, width: int) -> list[Line]:
    """Return what speaks for a pathway and against it in short, and what is open.

    Args:
        consultation: The consultation.
        pathway: Its id.
        width: Cells available.
    """
    pack, assessment = consultation.pack, consultation.assessment
    judged = assessment.pathway(pathway)
    lines = [*verdict_lines(pack, assessment, judged, width), EMPTY]
    # Its heading and what the grade means; what it rests on comes last.
    lines += support_lines(pack, judged, width)[1:3]
    lines += _findings(pack, judged, width)
    return lines + open_lines(pack, judged, width)


def basis_lines(consultation: Consultation, pathway: str, width: int) -> list[Line]:
    """Return what the evidence for a pathway is, and what was looked at and does not apply."""
    judged = consultation.assessment.pathway(pathway)
    lines = support_lines(consultation.pack, judged, width)
    return lines + clear_lines(consultation.knowledge, judged, width)


def _findings(pack: Pack, judged: PathwayAssessment, width: int) -> Iterator[Line]:
    against = [item for item in judged.findings if item.effect != "note"]
    known = [item for item in judged.findings if item.effect == "note"]
    for title, found in (("Against", against), ("To be known", known)):
        if found:
            yield EMPTY
            yield line((f"{title} ({len(found)})", "title"))
            for item in found:
                yield from _finding(pack, item, width)
    if not against:
        yield EMPTY
        yield line(("Nothing speaks against it.", "good"))


def _finding(pack: Pack, finding: Finding, width: int) -> Iterator[Line]:
    symbol = pack.wording.effects[finding.effect].symbol
    mark = ((f"  {symbol} ", ROLE[finding.effect]),)
    aside = " (set aside)" if finding.overridden else ""
    yield from wrap(f"{finding_title(finding)}{aside}", width, role="strong", indent=4, first=mark)
    yield from wrap(finding.because, width, indent=4)
    if finding.do:
        yield from wrap(f"Do: {finding.do}", width, role="muted", indent=4)


def note_lines(title: str, report: Report, width: int) -> list[Line]:
    """Return a note as it would be read elsewhere.

    Args:
        title: What is said above it.
        report: The note.
        width: Cells available.
    """
    text = plain_text(report.blocks, width=width - 2)
    said = (line((f"  {row}".rstrip(), "text")) for row in text.splitlines())
    return [line((title, "title")), EMPTY, *said]
