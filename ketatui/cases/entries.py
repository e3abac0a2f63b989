"""One line of the library: what the list, its filters and its counts need of a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.encryption.sealing import read_and_told
from ketatui.cases.errors import CaseError
from ketatui.cases.integrity import Seal, integrity_lines, reading_of
from ketatui.cases.model import Answer, Case
from ketatui.cases.reading import NO_CASE, AsSaved, is_no_case, read_as_saved
from ketatui.cases.saved_assessment import SavedAssessment, worst_of
from ketatui.cases.signatures import last_reviewer
from ketatui.cases.toml_text import LARGEST_FILE, decode
from ketatui.cases.treatment_state import CourseReader, Treated
from ketatui.criteria.models import Effect
from ketatui.criteria.vocabulary import AGE, DIAGNOSIS, SEX
from ketatui.structs import Frozen

_EFFECTS: tuple[str, ...] = get_args(Effect)


class Entry(Frozen, frozen=True):
    """A saved case as the list shows it, or a file that cannot be read and why."""

    path: Path
    changed_at: dt.datetime
    """When the file was last changed, as the disk says."""
    id: str = ""
    label: str = ""
    diagnosis: str = ""
    """The choice code."""
    age: int | None = None
    """In years, on the day it was answered."""
    sex: str = ""
    """The choice code."""
    state: str = ""
    practice: bool = False
    pathway: str = ""
    """What was decided; empty where nothing is."""
    standing: str = ""
    verdict: str = ""
    """The saved verdict for the decided pathway, else for the best-ranked one."""
    worst_effect: str = ""
    """The worst effect among that pathway's findings."""
    worst_rule: str = ""
    """The rule that has it."""
    overrides: tuple[tuple[str, str, str], ...] = ()
    """Pathway, rule and reason of each finding that was set aside."""
    pack_version: str = ""
    saved_at: dt.datetime | None = None
    sound: bool = False
    """Whether the file is what the program last saved, its history whole."""
    seal: Seal = "never_sealed"
    """Whether the content is what the program saved last."""
    warnings: tuple[str, ...] = ()
    """What keeps the content from standing as it is, a sentence each; the worst first."""
    problem: str | None = None
    """Why the file cannot be opened; None for a case."""
    reviewer: str = ""
    """Who reviewed or signed last."""
    agreed: int = 0
    """How many reviewers agreed with the decision."""
    disagreed: int = 0
    """How many did not."""
    passing: bool = False
    """Whether the problem may be gone next time though the file is the same."""
    text: str = ""
    """What searching looks through: label, diagnosis, rules, drugs, notes, reasons."""
    again: str = ""
    """How it comes out today: ``same``, ``differs``, ``stale`` (differs only because answers are
    too old to count); empty if nobody looked."""
    twin: str = ""
    """Another file of the folder with the same id."""
    treatment: Treated = Treated()
    """How treatment stands, and what is due in it."""
    encrypted: bool = False
    """Whether it was read from an encrypted file: nothing of it may be kept where all can read."""

    @property
    def answers(self) -> dict[str, Answer]:
        """The answers it was made with that say who a case is about."""
        known: dict[str, Answer | None] = {
            AGE: self.age,
            SEX: self.sex or None,
            DIAGNOSIS: self.diagnosis or None,
        }
        return {ident: value for ident, value in known.items() if value is not None}

    @property
    def when(self) -> dt.datetime:
        """The moment the list sorts by."""
        return self.saved_at or self.changed_at


def problem_entry(path: Path, problem: str) -> Entry:
    """Make the line of a file that cannot even be looked at.

    Args:
        path: The file.
        problem: Why.
    """
    said = f"{path.name}: {problem}"
    return Entry(path, dt.datetime.fromtimestamp(0, dt.UTC), problem=said, text=said)


def read_entry(
    path: Path,
    changed_at: dt.datetime,
    catalog: QuestionCatalog,
    courses: CourseReader | None = None,
    on: dt.date | None = None,
) -> Entry:
    """Read what the list shows of a file; all of the file is checked.

    Args:
        path: The file.
        changed_at: Its time on disk.
        catalog: The questions that exist.
        courses: Works out how treatment stands; None where nobody asks for it.
        on: The day on which it stands so; today when None.

    Returns:
        The entry; one with a problem for a file that is no readable case.
    """
    try:
        data, encrypted = read_and_told(path, LARGEST_FILE)
    except CaseError as error:
        # The disk or the key, and not what is in the file: tried again at the next look.
        said = error.problems[0].said_of(path.name)
        return Entry(path, changed_at, problem=said, text=said, passing=True)
    try:
        text = decode(data, path.name)
        found = read_as_saved(text, path=path.name, pack=catalog)
    except CaseError as error:
        said = error.problems[0].said_of(path.name)
        return Entry(path, changed_at, problem=said, text=said, encrypted=encrypted)
    case = found.case
    if is_no_case(case):
        said = f"{path.name}: {NO_CASE}"
        return Entry(path, changed_at, problem=said, text=said, encrypted=encrypted)
    treatment = courses(catalog, case, on or dt.date.today()) if courses else Treated()
    made = entry_of(found, path, changed_at, catalog)
    return made.replaced(encrypted=encrypted, treatment=treatment)


def entry_of(
    found: AsSaved, path: Path, changed_at: dt.datetime, catalog: QuestionCatalog
) -> Entry:
    """Return what the list shows of a case.

    Args:
        found: The case as read.
        path: Its file.
        changed_at: The file's time on disk.
        catalog: The questions that exist.

    Returns:
        The entry.
    """
    case = found.case
    decided = case.decision.pathway or ""
    age = case.answers.get(AGE)
    reading = reading_of(found, catalog)
    saved = reading.saved
    verdict, effect, rule = _worst(saved, decided)
    return Entry(
        path,
        changed_at,
        id=case.id,
        label=case.label,
        diagnosis=str(case.answers.get(DIAGNOSIS) or ""),
        age=age if isinstance(age, int) else None,
        sex=str(case.answers.get(SEX) or ""),
        state=case.state,
        practice=case.practice,
        pathway=decided,
        standing=case.decision.standing or "",
        verdict=verdict,
        worst_effect=effect,
        worst_rule=rule,
        overrides=tuple((o.pathway, o.rule, o.reason) for o in case.decision.overrides),
        pack_version=saved.version,
        saved_at=case.record.saved_at,
        sound=reading.integrity.stands,
        seal=reading.integrity.seal,
        warnings=integrity_lines(reading),
        reviewer=last_reviewer(case),
        agreed=sum(item.kind == "agree" for item in case.reviews),
        disagreed=sum(item.kind == "disagree" for item in case.reviews),
        text="\n".join(_searchable(case, saved, catalog)),
    )


def _searchable(case: Case, saved: SavedAssessment, catalog: QuestionCatalog) -> Iterator[str]:
    """Yield what somebody may remember of a case."""
    yield from (case.label, case.id, case.state)
    # What a case is called until it has a label: age, sex and diagnosis.
    if isinstance(age := case.answers.get(AGE), int):
        yield str(age)
    for ident in (SEX, DIAGNOSIS):
        question = catalog.questions.get(ident)
        if isinstance(code := case.answers.get(ident), str):
            yield code
            yield from (o.label for o in (question.options if question else ()) if o.code == code)
    yield from (row.drug for row in case.trials)
    yield from (f"{row.name} {row.dose}" for row in case.medications)
    for rows in case.tables.values():
        yield from (cell for row in rows for cell in row.values() if isinstance(cell, str))
    yield from case.notes.values()
    decision, consent = case.decision, case.consent
    yield from (decision.pathway or "", decision.standing or "", decision.reason, decision.by)
    for override in decision.overrides:
        yield from (override.rule, override.reason, override.by)
    yield from (consent.outcome or "", consent.present, consent.interpreter)
    yield from (mark.note for mark in consent.items.values())
    yield from sorted({finding.rule for item in saved.pathways for finding in item.findings})
    yield from (f"{item.by} {item.text}" for item in case.reviews)
    yield from (item.by for item in case.signatures)
    yield from (revision.by for revision in case.revisions)
    yield from (revision.why for revision in case.revisions)


def _worst(saved: SavedAssessment, decided: str) -> tuple[str, str, str]:
    """Verdict, worst effect and its rule, of the decided pathway, else of the best-ranked one."""
    chosen = [item for item in saved.pathways if decided and item.id == decided]
    chosen = chosen or [item for item in saved.pathways if item.rank == 1]
    verdict = chosen[0].verdict if chosen else ""
    looked_at = chosen[:1] or saved.pathways
    worst = worst_of(finding for item in looked_at for finding in item.findings)
    if worst is None or worst.counts_as not in _EFFECTS:
        return verdict, "", ""
    return verdict, worst.counts_as, worst.rule
