"""The page that a patient takes along from the consent conversation: plain words, large print."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ketatui.criteria.models.patient_page import PatientPageFile
from ketatui.criteria.pack import Pack
from ketatui.reports.blocks import Banner, Blank, Block, Bullet, Heading, Paragraph, Report
from ketatui.reports.words import PRACTICE


def patient_report(
    pack: Pack,
    page: PatientPageFile,
    pathways: Sequence[str],
    *,
    hidden: Collection[str] = (),
    practice: bool = False,
) -> Report:
    """Return the page as blocks: nothing on it identifies a case or a person.

    Args:
        pack: The criteria.
        page: How they word it.
        pathways: What was talked about.
        hidden: Consent items that cannot apply to this patient.
        practice: Whether the case is for practice.
    """
    named = [page.medicines[ident] for ident in pathways if ident in page.medicines]
    medicine = " or ".join(named)
    blocks: list[Block] = [Banner(PRACTICE)] if practice else []
    blocks += [Heading(page.title, 1), Paragraph(page.begin.format(medicine=medicine))]
    for section in page.sections:
        lines = [
            line.text
            for line in page.lines
            if line.section == section.id
            and line.item not in hidden
            and set(line.pathways or pack.consent[line.item].pathways) & set(pathways)
        ]
        if lines:
            blocks.append(Heading(section.title))
            blocks += [Bullet(text) for text in lines]
    blocks += [Blank(page.next_visit), Blank(page.telephone), Blank(page.after_hours)]
    return Report(
        title=page.title,
        practice=practice,
        blocks=tuple(blocks),
        for_patient=True,
    )
