"""The page that a patient takes along: ``patient-page.toml``, read when it is wanted.

It is no part of the digest: it decides nothing, and says in few words what the consent items say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ketatui.criteria.models.patient_page import PatientPageFile
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import Problem
from ketatui.criteria.side_file import Fault, check_file, load_file

FILE = "patient-page.toml"


def load_patient_page(pack: Pack) -> PatientPageFile:
    """Read the page, and check it against the consent items.

    Args:
        pack: The pack.

    Raises:
        PackError: There is no such file, or it cannot be used; says every problem.
    """
    return load_file(
        pack, FILE, PatientPageFile, _faults, "this pack words no page for the patient"
    )


def check_patient_page(pack: Pack) -> tuple[Problem, ...]:
    """Find everything that is wrong with the file; nothing where a pack has none."""
    return check_file(pack, FILE, load_patient_page)


def _faults(pack: Pack, file: PatientPageFile) -> Iterator[Fault]:
    sections = {section.id for section in file.sections}
    for number, line in enumerate(file.lines):
        if line.section not in sections:
            yield ("lines", number, "section"), line.section, "unknown section"
        item = pack.consent.get(line.item)
        if item is None:
            yield ("lines", number, "item"), line.item, "unknown consent item"
            continue
        for pathway in line.pathways:
            if pathway not in item.pathways:
                message = f"the item is not of this pathway; allowed: {', '.join(item.pathways)}"
                yield ("lines", number, "pathways"), pathway, message
    for pathway in pack.pathways:
        if pathway not in file.medicines:
            yield ("medicines",), pathway, "no word for what is given"
    for pathway, sources in file.only.items():
        if pathway not in pack.pathways:
            yield ("only", pathway), pathway, "unknown pathway"
        for source in sources:
            if source not in pack.sources:
                yield ("only", pathway), source, "unknown source"


def sources_for(
    file: PatientPageFile | None, sources: Sequence[str], pathways: Collection[str]
) -> tuple[str, ...]:
    """Return the references that speak of some pathways; all where none would be left.

    Args:
        file: Says which documents speak of one pathway alone; None for nothing.
        sources: References, ``document §section``.
        pathways: The pathways talked about.
    """
    if file is None:
        return tuple(sources)
    others = {
        source for ident, found in file.only.items() if ident not in pathways for source in found
    }
    ours = {source for ident in pathways for source in file.only.get(ident, ())}
    kept = tuple(
        reference
        for reference in sources
        if (document := reference.partition(" §")[0]) in ours or document not in others
    )
    return kept or tuple(sources)
