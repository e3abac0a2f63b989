"""Attempts: practice runs that were finished, one TOML file each, apart from clinical cases.

The file is a case file with ``practice = true`` and a table ``[attempt]``, so that whatever reads
cases can read it too and marks it as practice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from msgspec import field

from ketatui.cases.atomic import read_bytes_limited, write_atomically
from ketatui.cases.base import Answer, Answers
from ketatui.cases.digest import content_digest
from ketatui.cases.errors import CaseError, Problem, shown
from ketatui.cases.folders import prepare_folder
from ketatui.cases.identifiers import file_name
from ketatui.cases.model import Case, CaseModel, Moment
from ketatui.cases.reading import check_schema, read_case
from ketatui.cases.toml_text import LARGEST_FILE, decode, parse
from ketatui.cases.values import RefusedError, checked
from ketatui.cases.writing import write_checked
from ketatui.criteria.models import Verdict
from ketatui.criteria.pack import Pack
from ketatui.practice.loading import Rubric
from ketatui.practice.scoring import SCORING, Judgment
from ketatui.practice.stages import Part
from ketatui.practice.whole import Appraisals, Done
from ketatui.structs import Frozen
from ketatui.toml_lines import locate
from ketatui.toml_structs import FaultyTableError, plain, read_table

TABLE = "attempt"


class AttemptLine(CaseModel, frozen=True, kw_only=True):
    """A line of the score, as it was given."""

    kind: str
    about: str = ""
    points: Decimal
    most: int = 0
    said: str = ""


class StageAttempt(CaseModel, frozen=True, kw_only=True):
    """What is recorded of one stage: its answers, by question of the visit, and the rest."""

    id: str
    answers: Answers = field(default_factory=dict)
    unknown: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    hints: int = 0
    plan: str = ""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def judgment(self) -> Judgment:
        """What was committed to."""
        return Judgment(self.verdicts, self.reasons, "", self.plan)


class Attempt(CaseModel, frozen=True, kw_only=True):
    """What is recorded of a finished run beside its answers.

    Attributes:
        case: The practice case's id.
        case_digest: Of the practice case as it was.
        pack: Id and version of the criteria.
        pack_digest: Of the criteria as they were.
        seconds: Time at the keyboard; None where it was not taken.
        points: The score.
        most: What could be reached.
        told: Reveals that were asked for, in order.
        asked: Questions at which something was asked for, in order.
        missed: Decisive facts that were not found.
        missed_rules: Decisive reasons that were not named.
        stages: What was done in each stage, where the case has some; the rest of the table, and
            the answers of the file, are of the screening.
        scoring: How it was scored: the version of the scoring, and the digest of the rubric.
        seal: The digest of all else in the file. It shows that something was changed; it does
            not keep somebody from making a new one.
    """

    case: str
    case_digest: str
    title: str
    topic: str
    difficulty: int
    pack: str
    pack_digest: str
    by: str = ""
    began_at: Moment
    ended_at: Moment
    seconds: int | None = None
    points: Decimal
    most: int
    harm: int = 0
    hints: int = 0
    told: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    missed_rules: tuple[str, ...] = ()
    choice: str = ""
    plan: str = ""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    reasons: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stages: tuple[StageAttempt, ...] = ()
    lines: tuple[AttemptLine, ...] = ()
    scoring: str = ""
    seal: str = ""

    @property
    def judgment(self) -> Judgment:
        """What was committed to."""
        return Judgment(self.verdicts, self.reasons, self.choice, self.plan)

    @property
    def share(self) -> Decimal:
        """The score as a share of what could be reached, 0 to 1."""
        if self.most <= 0:
            return Decimal(0)
        return max(Decimal(0), min(self.points / self.most, Decimal(1)))

    @property
    def percent(self) -> int:
        """The same in percent."""
        return round(self.share * 100)


class AttemptEntry(Frozen, frozen=True):
    """An attempt in a folder, or why its file cannot be read."""

    path: Path
    attempt: Attempt | None = None
    problem: str = ""


def line_rows(appraisal: Appraisals) -> tuple[AttemptLine, ...]:
    """Return an appraisal's lines as an attempt records them."""
    return tuple(
        AttemptLine(
            kind=line.kind, about=line.about, points=line.points, most=line.most, said=line.said
        )
        for line in appraisal.lines
    )


def save_attempt(folder: Path, case: Case, attempt: Attempt, pack: Pack) -> Path:
    """Write an attempt as a new file.

    Args:
        folder: The folder of attempts.
        case: The answers; marked as practice.
        attempt: What else is recorded.
        pack: The questions, for their order.

    Returns:
        The file, for its owner's eyes only.

    Raises:
        CaseError: It could not be read back, or the folder cannot be used.
        OSError: The disk refuses.
    """
    if not case.practice:
        raise ValueError("an attempt is always marked as practice")
    data = {key: value for key, value in _plain(attempt).items() if value not in (None, [], {})}
    data.pop("seal", None)
    path = folder / file_name(case.id)
    prepare_folder(folder, ours=True)
    bare = write_checked(case.replaced(extra={**case.extra, TABLE: data}), pack, str(path))
    data["seal"] = _seal(parse(decode(bare, str(path)), str(path)))
    whole = case.replaced(extra={**case.extra, TABLE: data})
    write_atomically(path, write_checked(whole, pack, str(path)))
    return path


def scoring_of(rubric: Rubric) -> str:
    """Return how attempts are scored now."""
    return f"{SCORING} {content_digest(plain(rubric.file))}"


def seal_of(path: Path) -> str:
    """Return the digest of what a file says beside its seal.

    Raises:
        CaseError: It cannot be read.
    """
    text = decode(read_bytes_limited(path, LARGEST_FILE), str(path))
    return _seal(parse(text, str(path)))


def _seal(data: dict[str, Any]) -> str:
    table = {key: value for key, value in data[TABLE].items() if key != "seal"}
    return content_digest({**data, TABLE: table})


def _plain(attempt: Attempt) -> dict[str, Any]:
    """Return an attempt as TOML has it: lists instead of tuples, no nulls."""
    data = plain(attempt)
    data["lines"] = [dict(row) for row in data["lines"]]
    data["reasons"] = _lists(data["reasons"])
    data["stages"] = [
        {key: value for key, value in row.items() if value not in (None, "", 0, (), {})}
        for row in ({**row, "reasons": _lists(row["reasons"])} for row in data["stages"])
    ]
    for row in data["stages"]:
        row.update({key: list(row[key]) for key in ("unknown", "told", "asked") if key in row})
    return {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}


def _lists(reasons: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    return {key: list(value) for key, value in reasons.items() if value}


def done_of(parts: Sequence[Part], case: Case, attempt: Attempt) -> tuple[Done, ...]:
    """Return what was done in each part of a case.

    Args:
        parts: The parts of the case.
        case: The answers of the attempt's file.
        attempt: The attempt.

    Returns:
        One for each part; a stage that the file says nothing of was left without anything. What
        is no answer to its question counts as none.
    """
    rows = {row.id: row for row in attempt.stages}
    found = []
    for part in parts:
        if part.stage is None:
            # Without stages there is one part, and all hints are its own.
            hints = attempt.hints - sum(row.hints for row in attempt.stages)
            done = Done(case, attempt.judgment, attempt.told, attempt.asked, hints)
        else:
            row = rows.get(part.id, StageAttempt(id=part.id))
            answers = Case(
                practice=True,
                answers=dict(_valid(part, row.answers)),
                unknown=frozenset(row.unknown) & part.knowledge.pack.questions.keys(),
            )
            done = Done(answers, row.judgment, row.told, row.asked, row.hints)
        found.append(done)
    return tuple(found)


def _valid(part: Part, answers: Mapping[str, Any]) -> Iterator[tuple[str, Answer]]:
    questions = part.knowledge.pack.questions
    for ident, value in answers.items():
        if ident in questions:
            with suppress(RefusedError):
                yield ident, checked(questions[ident], value)


def load_attempt(path: Path, pack: Pack) -> tuple[Case, Attempt]:
    """Open an attempt with its answers.

    Raises:
        CaseError: With every reason why the file cannot be used.
    """
    text = decode(read_bytes_limited(path, LARGEST_FILE), str(path))
    case = read_case(text, path=str(path), pack=pack)
    return case, _attempt(text, parse(text, str(path)), str(path))


def read_attempt(path: Path) -> Attempt:
    """Read what a list shows of an attempt, without its answers.

    Raises:
        CaseError: With every reason why the file cannot be used.
    """
    text = decode(read_bytes_limited(path, LARGEST_FILE), str(path))
    data = parse(text, str(path))
    check_schema(text, data, str(path))
    return _attempt(text, data, str(path))


def _attempt(text: str, data: dict[str, Any], path: str) -> Attempt:
    table = data.get(TABLE)
    if not isinstance(table, dict) or data.get("practice") is not True:
        message = "not a practice attempt: it has no [attempt], or no practice = true"
        raise CaseError(path, [Problem(None, TABLE, message)])
    try:
        return read_table(table, Attempt)
    except FaultyTableError as error:
        problems = []
        for fault in error.faults:
            place = (TABLE, *fault.place)
            where = ".".join(str(part) for part in place)
            problems.append(Problem(locate(text, place), where, fault.said(shown)))
        raise CaseError(path, problems) from None


def list_attempts(folder: Path) -> list[AttemptEntry]:
    """List the attempts of a folder, oldest first: a file's name begins with the moment.

    Args:
        folder: It need not exist.

    Raises:
        CaseError: The folder cannot be read.
    """
    entries = []
    for path in list_files(folder):
        try:
            entries.append(AttemptEntry(path, read_attempt(path)))
        except CaseError as error:
            entries.append(AttemptEntry(path, problem=str(error).splitlines()[0]))
    return entries


def list_files(folder: Path, *, deep: bool = False) -> list[Path]:
    """List the files of a folder that may be attempts.

    Args:
        folder: It need not exist.
        deep: Also those of the folders within, as a teacher collects them; folder by folder.

    Raises:
        CaseError: The folder cannot be read.
    """
    try:
        return sorted(_files(folder, deep=deep))
    except OSError as error:
        raise CaseError(str(folder), [Problem(None, "", error.strerror or str(error))]) from None


def _files(folder: Path, *, deep: bool) -> Iterator[Path]:
    if not folder.exists():
        return
    for path in folder.rglob("*.toml") if deep else folder.iterdir():
        if path.suffix == ".toml" and not path.name.startswith("."):
            yield path


def finished(entries: list[AttemptEntry]) -> list[Attempt]:
    """Return the attempts that could be read, oldest first."""
    found = [entry.attempt for entry in entries if entry.attempt is not None]
    return sorted(found, key=lambda attempt: attempt.ended_at)
