"""Reading practice cases, topics and the rubric; what is wrong is said with file, line and id."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from ketatui.cases.answers import ROWS
from ketatui.cases.atomic import read_bytes_limited
from ketatui.cases.digest import content_digest
from ketatui.cases.errors import CaseError, Problem, nearest, shown
from ketatui.cases.model import Case
from ketatui.cases.reading import read_case
from ketatui.cases.toml_text import LARGEST_FILE, decode, parse
from ketatui.criteria.pack import Pack
from ketatui.practice.models import (
    Assignment,
    CaseRubric,
    LineId,
    PracticeBase,
    PracticeFile,
    RubricFile,
    RubricLine,
    StoryPart,
    Topic,
    TopicFile,
)
from ketatui.printable import printable
from ketatui.structs import Frozen
from ketatui.toml_lines import locate
from ketatui.toml_structs import FaultyTableError, Table, field_names, read_table

FOLDER = "practice"
"""Of a pack: its practice cases, and two files about all of them."""
TOPICS, RUBRIC = "topics.toml", "rubric.toml"
UNDECIDED = "undecided.toml"
"""In it too: rules that no practice case can turn on, and why not."""
BASES = "bases"
"""Of a pack's practice folder: what short cases share."""
ASSIGNMENT = "assignment.toml"
"""In a folder of a teacher's own cases."""
_NO_CASES = (TOPICS, RUBRIC, UNDECIDED, ASSIGNMENT)

_ANSWERING = ("answers", "unknown", "scale_items", "tables", *ROWS)
"""What a practice case shares with a case file, and is read as there."""
GAINS: tuple[LineId, ...] = ("decisive_fact", "decisive_reason", "verdict", "choice", "plan")
"""Lines of the rubric with points to gain; all others only lose."""
_Model = TypeVar("_Model", bound=Table)


class PracticeCase(Frozen, frozen=True):
    """A practice case as loaded.

    Attributes:
        file: Story, plans, teaching, and what the author expects.
        right: The right answers, as a case.
        digest: ``sha256:…`` over the whole content.
        path: Where it stands.
        text: The file's text, to find lines in.
    """

    file: PracticeFile
    right: Case
    digest: str
    path: Path
    text: str

    @property
    def id(self) -> str:
        """The case's id, which is its file's name too."""
        return self.file.id

    @property
    def name(self) -> str:
        """What it is called before it was done: its id in words; the title may tell too much."""
        return self.id.replace("-", " ").capitalize()

    def line_of(self, *place: str | int) -> int | None:
        """Return the line on which something stands in the file."""
        return locate(self.text, place)

    def problem(self, where: str, message: str, *place: str | int) -> Problem:
        """Return a problem of this file, located."""
        return Problem(self.line_of(*place), where, message)


class Rubric(Frozen, frozen=True):
    """How runs are scored, before a case says otherwise."""

    file: RubricFile

    def line(self, ident: LineId) -> RubricLine:
        """Return a line of the rubric."""
        return next(line for line in self.file.lines if line.id == ident)

    def points(self, ident: LineId, changed: CaseRubric) -> int:
        """Return the points of a line for a case."""
        own: int | None = getattr(changed, ident)
        return self.line(ident).points if own is None else own


class PracticeLibrary(Frozen, frozen=True):
    """All practice cases of a pack.

    Attributes:
        cases: By id, easy ones first.
        topics: By id, in the order of the file.
        rubric: The points.
        problems: A line for each file that could not be read; the others are there all the same.
        assignment: What a teacher's folder sets.
    """

    cases: Mapping[str, PracticeCase]
    topics: Mapping[str, Topic]
    rubric: Rubric
    problems: tuple[str, ...]
    assignment: Assignment | None = None

    def assigned(self, ident: str) -> Assignment | None:
        """Return the assignment, where a case belongs to it."""
        known = self.assignment
        return known if known is not None and ident in known.cases else None

    def topic_title(self, ident: str) -> str:
        """Return what a topic is called; its id where it is not known any more."""
        return self.topics[ident].title if ident in self.topics else ident


def practice_folder(pack: Pack) -> Path:
    """Return the folder of a pack's practice cases."""
    return pack.folder / FOLDER


def load_library(pack: Pack, own: Path | None = None) -> PracticeLibrary:
    """Read every practice case of a pack, and those of a teacher beside them.

    Args:
        pack: The pack.
        own: A folder of a teacher's own cases. One whose id the pack has too is left out, and
            told among the problems: an attempt has to name one case only.

    Raises:
        CaseError: The topics or the rubric cannot be used.
    """
    folder = practice_folder(pack)
    topics, rubric = load_topics(folder), load_rubric(folder)
    cases: list[PracticeCase] = []
    problems: list[str] = []
    mine = case_files(own) if own is not None else []
    for path in (*case_files(folder), *mine):
        try:
            case = load_practice_case(path, pack)
        except CaseError as error:
            problems += str(error).splitlines()
            continue
        if any(case.id == other.id for other in cases):
            problems.append(f"{path}: a practice case {case.id} is there already; not used")
        else:
            cases.append(case)
    cases.sort(key=lambda case: (case.file.difficulty, case.id))
    known = {case.id: case for case in cases}
    assignment = None
    if own is not None and (own / ASSIGNMENT).is_file():
        try:
            assignment = load_table(own / ASSIGNMENT, Assignment)
        except CaseError as error:
            problems += str(error).splitlines()
    if assignment is not None:
        gone = [ident for ident in assignment.cases if ident not in known]
        problems += [f"{own}/{ASSIGNMENT}: there is no practice case {ident}" for ident in gone]
    return PracticeLibrary(known, topics, rubric, tuple(problems), assignment)


def case_files(folder: Path) -> list[Path]:
    """Return the files of a folder that are practice cases."""
    return sorted(path for path in folder.glob("*.toml") if path.name not in _NO_CASES)


def load_topics(folder: Path) -> dict[str, Topic]:
    """Read the topics.

    Raises:
        CaseError: With every problem of the file.
    """
    found = load_table(folder / TOPICS, TopicFile)
    return {topic.id: topic for topic in found.topics}


def load_rubric(folder: Path) -> Rubric:
    """Read the rubric.

    Raises:
        CaseError: With every problem of the file.
    """
    path = folder / RUBRIC
    found = load_table(path, RubricFile)
    wanted = field_names(CaseRubric)
    have = [line.id for line in found.lines]
    problems = [
        Problem(None, name, "the rubric has no line of this id")
        for name in wanted
        if name not in have
    ]
    for number, line in enumerate(found.lines):
        gains = line.id in GAINS
        if (line.points < 0) if gains else (line.points > 0):
            allowed = "0 or more" if gains else "0 or less"
            problems.append(Problem(None, line.id, f"{line.points} points; allowed: {allowed}"))
        if line.id in have[:number]:
            problems.append(Problem(None, line.id, "a second line of this id"))
    if problems:
        raise CaseError(str(path), problems)
    return Rubric(found)


def load_practice_case(path: Path, pack: Pack) -> PracticeCase:
    """Read one practice case from its file.

    Args:
        path: The file.
        pack: The questions that exist.

    Returns:
        The case; that its key agrees with the engine is for `ketatui.practice.checking`.

    Raises:
        CaseError: With every problem of the file.
    """
    text = decode(read_bytes_limited(path, LARGEST_FILE), str(path))
    return read_practice_case(text, path, pack)


def read_practice_case(text: str, path: Path, pack: Pack) -> PracticeCase:
    """Read one practice case from text.

    Args:
        text: The whole file.
        path: Its file, for errors.
        pack: The questions that exist.

    Returns:
        The case.

    Raises:
        CaseError: With every problem of the text.
    """
    data = parse(text, str(path))
    problems: list[Problem] = []
    known = {"schema", *_ANSWERING, *field_names(PracticeFile)}
    for key in data.keys() - known:
        hint = nearest(key, known) or "; a practice case has no such key"
        problems.append(Problem(locate(text, (key,)), key, f"unknown key{hint}"))
    right = Case()
    try:
        answering = {key: data[key] for key in ("schema", *_ANSWERING) if key in data}
        right = _answers(text, answering, str(path), pack)
    except CaseError as error:
        problems += error.problems
    own = {key: value for key, value in data.items() if key in field_names(PracticeFile)}
    file = _validated(own, PracticeFile, text, problems)
    if problems or file is None:
        raise CaseError(str(path), problems)
    if file.base is None:
        return PracticeCase(file, right, content_digest(data), path, text)
    try:
        based = load_base(pack, file.base)
    except CaseError as error:
        where = Problem(locate(text, ("base",)), "base", error.problems[0].message)
        raise CaseError(str(path), [where]) from error
    file, right = based.under(file, right, data)
    digest = content_digest({"case": data, "base": based.data})
    return PracticeCase(file, right, digest, path, text)


class Base(Frozen, frozen=True):
    """A base as loaded.

    Attributes:
        file: Its story.
        right: Its answers.
        data: All of its content.
    """

    file: PracticeBase
    right: Case
    data: Mapping[str, Any]

    def under(
        self, file: PracticeFile, right: Case, data: Mapping[str, Any]
    ) -> tuple[PracticeFile, Case]:
        """Return a case with what it leaves to the base.

        An answer, a table or the mark "unknown" of the case goes before that of the base. Of the
        base's story is told what is about facts that the case leaves alone.
        """
        own = {*right.answers, *right.unknown, *(name for name in ROWS if name in data)}
        answers = {k: v for k, v in self.right.answers.items() if k not in own}
        kept = {name: getattr(self.right, name) for name in _ROW_FIELDS}
        rows = {
            name: getattr(right, name) if table in own else kept[name]
            for name, table in _ROW_FIELDS.items()
        }
        story = tuple(
            StoryPart(part=item.part, title=item.title, text=item.text)
            for item in self.file.story
            if own.isdisjoint(item.facts)
        )
        whole = right.replaced(answers={**answers, **right.answers}, **rows)
        return file.replaced(story=(*file.story, *story)), whole


_ROW_FIELDS = {"trials": "antidepressant_trials", "medications": "medications"}


def load_base(pack: Pack, ident: str) -> Base:
    """Read a base of a pack.

    Raises:
        CaseError: There is none of this id, or it can not be read.
    """
    folder = practice_folder(pack) / BASES
    path = folder / f"{ident}.toml"
    if not path.is_file():
        allowed = ", ".join(sorted(item.stem for item in folder.glob("*.toml")))
        message = f"there is no base {ident!r}; allowed: {allowed}"
        raise CaseError(str(path), [Problem(None, "base", message)])
    text = decode(read_bytes_limited(path, LARGEST_FILE), str(path))
    data = parse(text, str(path))
    problems: list[Problem] = []
    own = {key: value for key, value in data.items() if key not in ("schema", *_ANSWERING)}
    file = _validated(own, PracticeBase, text, problems)
    right = _answers(text, data, str(path), pack)
    if problems or file is None:
        raise CaseError(str(path), problems)
    return Base(file, right, data)


def _answers(text: str, answering: Mapping[str, Any], path: str, pack: Pack) -> Case:
    """Read what a practice case shares with a case file, with the lines of the whole text."""
    if "answers" not in answering:
        message = "a practice case needs its right answers; allowed: tables like [answers.patient]"
        raise CaseError(path, [Problem(None, "answers", message)])
    case = read_case(text, path=path, pack=pack)
    fields = ("unknown", "answers", "scale_items", "trials", "medications")
    return Case(practice=True, **{name: getattr(case, name) for name in fields})


def load_table(path: Path, model: type[_Model]) -> _Model:
    """Read one file of a single model.

    Raises:
        CaseError: With every problem of the file.
    """
    text = decode(read_bytes_limited(path, LARGEST_FILE), str(path))
    problems: list[Problem] = []
    found = _validated(parse(text, str(path)), model, text, problems)
    if problems or found is None:
        raise CaseError(str(path), problems)
    return found


def _validated(
    data: Mapping[str, Any], model: type[_Model], text: str, problems: list[Problem]
) -> _Model | None:
    try:
        return read_table(data, model)
    except FaultyTableError as error:
        for fault in error.faults:
            line, where = locate(text, fault.place), _called(fault.place, data)
            problems.append(Problem(line, where, fault.said(shown)))
        return None


def _called(place: tuple[str | int, ...], data: Mapping[str, Any]) -> str:
    """Name a place by the ids on the way to it: ``plans refer text``."""
    parts: list[str] = []
    here: Any = data
    for key in place:
        try:
            here = here[key]
        except (KeyError, IndexError, TypeError):
            here = None
        if not isinstance(key, int):
            parts.append(str(key))
        elif isinstance(here, dict) and isinstance(here.get("id"), str):
            parts.append(here["id"])
        else:
            parts.append(str(key + 1))
    return printable(" ".join(parts))
