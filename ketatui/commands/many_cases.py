"""Many saved cases assessed again, on all processors where there are enough of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ketatui.cases.encryption.sealing import read_sealed
from ketatui.cases.errors import CaseError
from ketatui.cases.forks import forks_of
from ketatui.cases.integrity import CaseReading, integrity_data, integrity_lines, reading_of
from ketatui.cases.reading import read_as_saved, read_case
from ketatui.cases.toml_text import LARGEST_FILE, decode
from ketatui.commands.inputs import case_name, read_case_file
from ketatui.commands.job import Job, prepared
from ketatui.course.reassessment import VisitAgain, reassess_visits
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from ketatui.engine.difference_data import difference_data
from ketatui.engine.reassessment import Reassessment, reassess
from ketatui.engine.staleness import stale_data
from ketatui.parallel import MANY, map_in_parallel
from ketatui.reports.reassessment import difference_lines, head_line
from ketatui.reports.stale import stale_lines
from ketatui.reports.summary import WIDTH, plain, wrapped
from ketatui.reports.visits_again import visit_again_lines, visit_difference_data
from ketatui.structs import Frozen

SCHEMA = 1
"""Version of the JSON form."""


class Outcome(Frozen, frozen=True):
    """What became of one file.

    Attributes:
        text: What to print.
        changed: Whether a verdict is another one than it was.
        problems: Why the file cannot be used; empty for a case.
    """

    text: str = ""
    changed: bool = False
    problems: tuple[str, ...] = ()


def outcomes(job: Job, knowledge: Knowledge, paths: Sequence[Path]) -> Iterator[Outcome]:
    """Assess files again, in their order, on all processors where there are many.

    Args:
        job: What is to be done.
        knowledge: The compiled pack that the job names.
        paths: The files.

    Yields:
        An outcome for each file.
    """
    if len(paths) <= MANY:
        for path in paths:
            yield outcome(job, knowledge, path)
    else:
        yield from map_in_parallel(prepared, job, _work, paths)


def _work(state: tuple[Job, Knowledge], path: Path) -> Outcome:
    return outcome(*state, path)


def outcome(job: Job, knowledge: Knowledge, path: Path) -> Outcome:
    """Assess one file again.

    Args:
        job: What is to be done.
        knowledge: The compiled pack.
        path: The file.

    Returns:
        What to print of it, or why it cannot be used.
    """
    try:
        reading = read_to_assess(path, knowledge.pack)
    except CaseError as error:
        return Outcome(problems=(*_altered(path, knowledge.pack), *str(error).splitlines()))
    again = reassess(knowledge, reading.case, job.on, keep_stale=job.keep_stale)
    visits = reassess_visits(knowledge, reading.counted, job.on)
    if job.as_json:
        text = _json(reading, path, again, visits)
    else:
        text = _text(knowledge, reading, path, again, visits)
    changed = again.difference.verdict_changed
    return Outcome(text, changed or any(item.difference.verdict_changed for item in visits))


def read_to_assess(path: Path, pack: Pack) -> CaseReading:
    """Read a case; a file without answers is looked at once more, whether it is one at all.

    Raises:
        CaseError: With every reason why it cannot be used.
    """
    text = decode(read_sealed(path, LARGEST_FILE), str(path))
    case = read_case(text, path=str(path), pack=pack)
    case = case if case.answers else read_case_file(str(path), pack)
    return reading_of(case, pack, forks=forks_of(path, case.id))


def _altered(path: Path, pack: Pack) -> Iterator[str]:
    """Say of a case that cannot be assessed whether it was altered, which comes first."""
    try:
        text = decode(read_sealed(path, LARGEST_FILE), str(path))
        found = read_as_saved(text, path=str(path), pack=pack)
    except CaseError:
        return
    reading = reading_of(found, pack, forks=forks_of(path, found.case.id))
    if not reading.integrity.stands and reading.case.revisions:
        yield from (f"{path}: {line}" for line in integrity_lines(reading))


def _json(
    reading: CaseReading, path: Path, again: Reassessment, visits: Sequence[VisitAgain]
) -> str:
    case = reading.case
    told = [visit_difference_data(item.course, item.visit, item.difference) for item in visits]
    data: dict[str, Any] = {
        "schema": SCHEMA,
        "case": case_name(case, str(path)),
        "path": str(path),
        "label": case.label,
        "state": case.state,
        "practice": case.practice,
        "integrity": integrity_data(reading),
        "decided": case.decision.pathway,
        "stale": stale_data(again.stale),
        **difference_data(again.difference),
        "headline": again.assessment.headline,
        **({"visits": told} if told else {}),
    }
    # ASCII only: no character of a file can then act on a terminal.
    return json.dumps(data)


def _text(
    knowledge: Knowledge,
    reading: CaseReading,
    path: Path,
    again: Reassessment,
    visits: Sequence[VisitAgain],
) -> str:
    case = reading.case
    pack, width = knowledge.pack, WIDTH - 2
    name = case_name(case, str(path))
    label = f"  {case.label}" if case.label and case.label != name else ""
    lines = [
        *(
            part
            for text in integrity_lines(reading)
            for part in wrapped(text, "! ", "  ", width=width)
        ),
        *wrapped(head_line(again.difference), width=width),
        *stale_lines(pack, again.stale, width),
        *difference_lines(pack, again.difference, decided=case.decision.pathway, width=width),
    ]
    for item in visits:
        lines += visit_again_lines(knowledge, item, width)
    head = wrapped(f"{name}{label}", "", "  ")
    return plain([*head, *(f"  {line}" for line in lines)])
