"""Reading a case gives its content and what is known of its integrity, as one value.

Whoever shows, exports, compares or assesses a case starts from a `CaseReading`, and says what its
`Integrity` says before anything else.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Literal

from ketatui.cases.ages import days_of
from ketatui.cases.catalog import QuestionCatalog
from ketatui.cases.errors import Problem
from ketatui.cases.model import Case, Review, Revision, Signature
from ketatui.cases.reading import AsSaved
from ketatui.cases.revisions import broken_links, row_seal
from ketatui.cases.saved_assessment import SavedAssessment, pathway_at, read_assessment
from ketatui.cases.sealed_parts import altered_parts, contradicted_parts
from ketatui.cases.signatures import broken_reviews, content_revision, is_bound
from ketatui.structs import Frozen

Seal = Literal["sealed", "altered", "never_sealed"]
"""Whether the content is what the program saved last."""
Fit = Literal["current", "old", "altered", "broken"]
"""How a review or signature stands to the content that is read: of it; of an older revision; of
content that is not what was sealed; or of no revision of this case."""

_JUDGED = {"agree": "agreed with", "disagree": "disagreed with"}
_MANY = 6
"""More altered parts than these are counted and not named."""


class Alteration(Frozen, frozen=True):
    """A part of a case that is not what was sealed.

    Attributes:
        path: Its path in the file; empty where the file does not tell which part it is.
        revision: The revision that sealed it.
    """

    path: str
    revision: int


class Integrity(Frozen, frozen=True):
    """What is known of a case's content beside the content.

    Attributes:
        seal: Whether the content is what was saved last.
        last: The revision that sealed it last; None where none did.
        alterations: What is not as sealed; empty unless altered.
        outside: Numbers of revisions that were saved over content changed by other means.
        unbound: What is wrong with reviews and signatures.
        clock: What is wrong with the times of saving.
        forks: Names of other files that hold the same case.
        content: Number of the last revision that changed more than reviews and state.
    """

    seal: Seal
    last: Revision | None = None
    alterations: tuple[Alteration, ...] = ()
    outside: tuple[int, ...] = ()
    unbound: tuple[Problem, ...] = ()
    clock: tuple[Problem, ...] = ()
    forks: tuple[str, ...] = ()
    content: int = 0

    @property
    def stands(self) -> bool:
        """Whether the content is sealed, its history whole, and it is the only one."""
        return self.seal == "sealed" and not (self.outside or self.unbound or self.forks)

    @property
    def altered_paths(self) -> tuple[str, ...]:
        """The parts that are not as sealed, as far as they can be told."""
        return tuple(item.path for item in self.alterations if item.path)

    @property
    def assessment_altered(self) -> bool:
        """Whether the saved assessment may not be the one that was saved."""
        if self.seal != "altered":
            return False
        paths = self.altered_paths
        named = any(path.partition(".")[0].partition("[")[0] == "assessment" for path in paths)
        return named or any(not item.path for item in self.alterations)

    @property
    def visits_altered(self) -> bool:
        """Whether the judgments of visits may not be those that were saved."""
        return self.seal == "altered" and any(
            path.partition("[")[0] == "courses" or not path
            for path in (item.path for item in self.alterations)
        )

    def fit(self, case: Case, said: Review | Signature) -> Fit:
        """Tell how a review or signature stands to the content.

        Args:
            case: The case that was read.
            said: One of its reviews or signatures.

        Returns:
            Never ``current`` over content that is not sealed.
        """
        if not is_bound(case, said):
            return "broken"
        if said.revision < content_revision(case):
            return "old"
        return "current" if self.seal == "sealed" else "altered"


class CaseReading(Frozen, frozen=True, dict=True):
    """A case as read: the one value that everything shown or exported starts from.

    Attributes:
        case: The content.
        integrity: What is known of it.
        unknown_here: What the criteria at hand do not know of it, so that it cannot be assessed
            under them; it is shown as it stands.
        not_counted: Questions whose answer they would refuse.
    """

    case: Case
    integrity: Integrity
    unknown_here: tuple[Problem, ...] = ()
    not_counted: frozenset[str] = frozenset()

    @cached_property
    def saved(self) -> SavedAssessment:
        """What the file holds of an assessment, read once."""
        return read_assessment(self.case.assessment)

    @property
    def counted(self) -> Case:
        """The case without answers that the criteria at hand would refuse; they count as none."""
        if not self.not_counted:
            return self.case
        kept = {k: v for k, v in self.case.answers.items() if k not in self.not_counted}
        return self.case.replaced(answers=kept)

    @property
    def days(self) -> Mapping[str, dt.date]:
        """The day each answer was given, by question id, where it is known.

        Which of them are too old the criteria say (`ketatui.engine.staleness`).
        """
        return days_of(self.case)

    def of(self, case: Case) -> CaseReading:
        """Return the reading of another state of the same file.

        Args:
            case: An older revision of it, or the content without identifiers.
        """
        return self.replaced(case=case)


def reading_of(
    found: Case | AsSaved,
    pack: QuestionCatalog,
    *,
    now: dt.datetime | None = None,
    forks: Collection[str] = (),
) -> CaseReading:
    """Join a case that was read with what is known of its integrity.

    Args:
        found: A case as read from a file.
        pack: The questions.
        now: The moment, with its time zone; this one unless given.
        forks: Names of other files that hold the same case.

    Returns:
        The reading.
    """
    saved = AsSaved(found) if isinstance(found, Case) else found
    integrity = integrity_of(saved.case, pack, now=now, forks=forks, written=saved.written)
    return CaseReading(saved.case, integrity, saved.unknown_here, saved.not_counted)


def integrity_of(
    case: Case,
    pack: QuestionCatalog,
    *,
    now: dt.datetime | None = None,
    forks: Collection[str] = (),
    written: str = "",
) -> Integrity:
    """Check a case and its whole history.

    Args:
        case: A case as read from a file.
        pack: The questions.
        now: The moment, with its time zone; this one unless given.
        forks: Names of other files that hold the same case.
        written: The digest of its file as it stands, where it is known.

    Returns:
        What is known of it.
    """
    if not case.revisions:
        return Integrity("never_sealed", forks=tuple(forks), unbound=tuple(broken_reviews(case)))
    altered = bool(broken_links(case, pack, written))
    return Integrity(
        "altered" if altered else "sealed",
        last=case.revisions[-1],
        alterations=tuple(_alterations(case, pack)) if altered else (),
        outside=tuple(item.number for item in case.revisions if item.outside),
        unbound=tuple(broken_reviews(case)),
        clock=tuple(_clock(case, now or dt.datetime.now(dt.UTC))),
        forks=tuple(forks),
        content=content_revision(case),
    )


def _alterations(case: Case, pack: QuestionCatalog) -> Iterator[Alteration]:
    last = case.revisions[-1].number
    found = [*_altered_rows(case)]
    parts = altered_parts(case, pack)
    if parts is None:
        parts = contradicted_parts(case, pack)
    found += [Alteration(path, last) for path in parts]
    yield from found or [Alteration("", last)]


def _altered_rows(case: Case) -> Iterator[Alteration]:
    """Return rows of the history that are not as sealed, are missing, or stand elsewhere."""
    previous = ""
    for index, item in enumerate(case.revisions):
        moved = item.number != index + 1 or item.previous != previous
        if moved or (item.row and item.row != row_seal(item)):
            yield Alteration(f"revisions[{index}]", item.number)
        previous = item.digest


def _clock(case: Case, now: dt.datetime) -> Iterator[Problem]:
    before: Revision | None = None
    for item in case.revisions:
        if before is not None and item.at < before.at:
            message = f"is dated before revision {before.number}: a clock was wrong"
            yield Problem(None, f"revision {item.number}", message)
        before = item
    ahead = [item.number for item in case.revisions if item.at > now + dt.timedelta(minutes=5)]
    if ahead:
        # One sentence for all: a case may have a hundred of them, for the one reason.
        many = f"revisions {', '.join(map(str, ahead[:_MANY]))}"
        more = f" and {len(ahead) - _MANY} more" if len(ahead) > _MANY else ""
        where = f"revision {ahead[0]}" if len(ahead) == 1 else f"{many}{more}"
        is_dated = "is dated" if len(ahead) == 1 else "are dated"
        message = f"{is_dated} in the future: the clock is wrong, or was when it was saved"
        yield Problem(None, where, message)


def seal_words(reading: CaseReading) -> str:
    """Say in a sentence whether the content is what was saved.

    Args:
        reading: The case as read.

    Returns:
        The sentence, in which an altered case is named so first.
    """
    integrity = reading.integrity
    last = integrity.last
    if last is None:
        return "Not sealed: this file was never saved by the program"
    saved = f"revision {last.number}, {last.at.astimezone():%Y-%m-%d %H:%M}"
    saved += f", {last.by.rstrip('.')}" if last.by else ""
    if integrity.seal == "sealed":
        return f"Sealed: as saved in {saved}"
    return f"ALTERED outside the program: this is not what was saved in {saved}"


def integrity_data(reading: CaseReading) -> dict[str, object]:
    """Return what is known of a case's integrity as JSON data.

    Args:
        reading: The case as read.
    """
    found = reading.integrity
    return {
        "seal": found.seal,
        "revision": found.last.number if found.last else None,
        "altered": [{"path": item.path or None, "of": item.revision} for item in found.alterations],
        "saved_over_outside_changes": list(found.outside),
        "same_id_in": list(found.forks),
        "said": list(integrity_lines(reading)),
    }


def integrity_lines(reading: CaseReading) -> tuple[str, ...]:
    """Say what keeps a case from standing as it is; the worst first.

    Args:
        reading: The case as read.

    Returns:
        A sentence each; none for a sealed case with a whole history and no other file of it.
    """
    return tuple(_lines(reading))


def _lines(reading: CaseReading) -> Iterator[str]:
    integrity, case = reading.integrity, reading.case
    if integrity.seal != "sealed":
        yield f"{seal_words(reading)}."
    if integrity.seal == "altered":
        yield _where(integrity, case)
        if integrity.assessment_altered:
            yield "The verdicts and reasons of then may be altered with it."
        if integrity.visits_altered and any(_judged_visits(case)):
            yield "How visits were judged may be altered with it."
        yield _signed_before(case)
    if integrity.outside:
        numbers = ", ".join(map(str, integrity.outside))
        yield (
            f"Revision {numbers} was saved over content that had been changed outside the program."
        )
    yield from (f"{item.where[:1].upper()}{item.said_of('')[1:]}." for item in integrity.unbound)
    yield from (f"{item.where[:1].upper()}{item.said_of('')[1:]}." for item in integrity.clock)
    if integrity.forks:
        names = ", ".join(integrity.forks)
        yield f"FORKED: the same case stands in {names} too; neither replaces the other."
    if reading.unknown_here:
        count = len(reading.unknown_here)
        first = reading.unknown_here[0].said_of("")
        more = f"; and {count - 1} more" if count > 1 else ""
        yield f"Shown as it stands; the criteria at hand do not know all of it: {first}{more}."


def _where(integrity: Integrity, case: Case) -> str:
    paths = [_named_path(path, case) for path in integrity.altered_paths]
    if not paths:
        return "Which part was altered cannot be told from this file."
    named = ", ".join(paths[:_MANY])
    more = f" and {len(paths) - _MANY} more" if len(paths) > _MANY else ""
    return f"Altered: {named}{more}."


def _judged_visits(case: Case) -> Iterator[bool]:
    return (visit.assessment is not None for course in case.courses for visit in course.visits)


def _named_path(path: str, case: Case) -> str:
    """Say of which pathway a row of the saved assessment is."""
    number = re.fullmatch(r"assessment\.pathways\[(\d+)\]", path)
    ident = "" if number is None else pathway_at(case.assessment, int(number[1]))
    return f"{path} ({ident})" if ident else path


def _signed_before(case: Case) -> str:
    """Say who had signed or judged what, before the content was altered."""
    said = [
        *(f"{item.meaning} by {item.by}, revision {item.revision}" for item in case.signatures),
        *(
            f"{_JUDGED[item.kind]} by {item.by}, revision {item.revision}"
            for item in case.reviews
            if item.kind != "comment"
        ),
    ]
    if not said:
        return "Nobody had signed it."
    return f"Signed before, and not as it stands now: {'; '.join(said)}."
