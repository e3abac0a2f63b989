"""Reading practice cases, topics and the rubric; what is wrong is said with file, line and id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import field

from ketatui.cases.atomic import read_bytes_limited
from ketatui.cases.digest import content_digest
from ketatui.cases.errors import CaseError, Problem, nearest
from ketatui.cases.model import Case
from ketatui.cases.toml_text import LARGEST_FILE, decode, parse
from ketatui.criteria.pack import Pack
from ketatui.practice.bases import Base, load_base
from ketatui.practice.class_models import Assignment, PeersFile, PeersOf
from ketatui.practice.models import (
    CaseRubric,
    Key,
    LineId,
    PracticeFile,
    RubricFile,
    RubricLine,
    Topic,
    TopicFile,
)
from ketatui.practice.tables import (
    ANSWERING,
    load_table,
    practice_folder,
    read_answers,
    validated,
)
from ketatui.structs import Frozen
from ketatui.toml_lines import locate
from ketatui.toml_structs import field_names

TOPICS, RUBRIC = "topics.toml", "rubric.toml"
UNDECIDED = "undecided.toml"
"""In it too: rules that no practice case can turn on, and why not."""
ASSIGNMENT = "assignment.toml"
"""In a folder of a teacher's own cases."""
DRILLS = "drills.toml"
"""In it too: where drills of one rule begin."""
PEERS = "peers.toml"
"""There too: what others chose, as `practice report --peers` counts it."""
AUTHORING = "authoring.toml"
"""In it too: what helps whoever writes cases."""
_NO_CASES = (TOPICS, RUBRIC, UNDECIDED, DRILLS, AUTHORING, ASSIGNMENT, PEERS)
_FEWEST_PLANS = 2

GAINS: tuple[LineId, ...] = ("decisive_fact", "decisive_reason", "verdict", "choice", "plan")
"""Lines of the rubric with points to gain; all others only lose."""


class PracticeCase(Frozen, frozen=True, eq=False):
    """A practice case as loaded; told apart by identity, so that what it comes to is kept.

    Attributes:
        file: Story, plans, teaching, and what the author expects.
        right: The right answers, as a case.
        digest: ``sha256:…`` over the whole content.
        path: Where it stands.
        text: The file's text, to find lines in.
        base: What it takes the rest from.
        at: Where in the file it stands, if it is a stage of one.
        called: What a stage is called.
        from_base: How many parts of its story, the last ones, are the base's.
    """

    file: PracticeFile
    right: Case
    digest: str
    path: Path
    text: str
    base: Base | None = None
    at: tuple[str | int, ...] = ()
    called: str = ""
    from_base: int = 0

    @property
    def id(self) -> str:
        """The case's id, which is its file's name too."""
        return self.file.id

    @property
    def name(self) -> str:
        """What it is called before it was done: its id in words; the title may tell too much."""
        return self.called or self.id.replace("-", " ").capitalize()

    def titled(self, *, done: bool) -> str:
        """Return what it is called in a list.

        Args:
            done: Whether it was done before: then its title tells nothing any more.
        """
        return self.file.title if done else self.name

    @property
    def key(self) -> Key:
        """What its author expects of the screening; nothing where it begins in treatment."""
        return self.file.key or Key(best="", verdicts={})

    @property
    def named_rules(self) -> frozenset[str]:
        """Every rule that its author names as a reason, those of its stages too."""
        named = (self.key.reasons, *(stage.reasons for stage in self.file.stages))
        return frozenset(rule for reasons in named for rules in reasons.values() for rule in rules)

    def line_of(self, *place: str | int) -> int | None:
        """Return the line on which something stands in the file."""
        if self.at and place[0] == "key":
            # A stage says its verdicts and reasons without a table around them.
            place = ("key", *place[2:]) if place[1:2] == ("verdicts",) else place[1:]
        return locate(self.text, (*self.at, *place))

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
        peers: What others chose, by case and part, where a teacher's folder tells.
    """

    cases: Mapping[str, PracticeCase]
    topics: Mapping[str, Topic]
    rubric: Rubric
    problems: tuple[str, ...]
    assignment: Assignment | None = None
    peers: Mapping[tuple[str, str], PeersOf] = field(default_factory=dict)

    def assigned(self, ident: str) -> Assignment | None:
        """Return the assignment, where a case belongs to it."""
        known = self.assignment
        return known if known is not None and ident in known.cases else None

    def topic_title(self, ident: str) -> str:
        """Return what a topic is called; its id where it is not known any more."""
        return self.topics[ident].title if ident in self.topics else ident


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
    if not folder.is_dir():
        problem = Problem(None, pack.info.id, "this pack has no practice cases")
        raise CaseError(str(folder), [problem])
    topics, rubric = load_topics(folder), load_rubric(folder)
    cases: list[PracticeCase] = []
    problems: list[str] = []
    bases: dict[str, Base] = {}
    mine = case_files(own) if own is not None else []
    for path in (*case_files(folder), *mine):
        try:
            case = load_practice_case(path, pack, bases)
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
    peers: tuple[PeersOf, ...] = ()
    if own is not None and (own / PEERS).is_file():
        try:
            peers = load_table(own / PEERS, PeersFile).peers
        except CaseError as error:
            problems += str(error).splitlines()
    others = {(item.case, item.part): item for item in peers}
    return PracticeLibrary(known, topics, rubric, tuple(problems), assignment, others)


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


def load_practice_case(
    path: Path, pack: Pack, bases: dict[str, Base] | None = None
) -> PracticeCase:
    """Read one practice case from its file.

    Args:
        path: The file.
        pack: The questions that exist.
        bases: Bases that were read already; one that is read now is added.

    Returns:
        The case; that its key agrees with the engine is for `ketatui.practice.checking`.

    Raises:
        CaseError: With every problem of the file.
    """
    text = decode(read_bytes_limited(path, LARGEST_FILE), str(path))
    return read_practice_case(text, path, pack, bases)


def read_practice_case(
    text: str, path: Path, pack: Pack, bases: dict[str, Base] | None = None
) -> PracticeCase:
    """Read one practice case from text.

    Args:
        text: The whole file.
        path: Its file, for errors.
        pack: The questions that exist.
        bases: Bases that were read already; one that is read now is added.

    Returns:
        The case.

    Raises:
        CaseError: With every problem of the text.
    """
    data = parse(text, str(path))
    problems: list[Problem] = []
    known = {"schema", *ANSWERING, *field_names(PracticeFile)}
    for key in data.keys() - known:
        hint = nearest(key, known) or "; a practice case has no such key"
        problems.append(Problem(locate(text, (key,)), key, f"unknown key{hint}"))
    right = Case()
    try:
        answering = {key: data[key] for key in ("schema", *ANSWERING) if key in data}
        right = read_answers(text, answering, str(path), pack)
    except CaseError as error:
        problems += error.problems
    table = {key: value for key, value in data.items() if key in field_names(PracticeFile)}
    file = validated(table, PracticeFile, text, problems)
    if file is not None:
        problems += _parts_missing(file, text)
    if problems or file is None:
        raise CaseError(str(path), problems)
    if file.base is None:
        return PracticeCase(file, right, content_digest(data), path, text)
    try:
        read = {} if bases is None else bases
        based = read[file.base] = read.get(file.base) or load_base(pack, file.base)
    except CaseError as error:
        where = Problem(locate(text, ("base",)), "base", error.problems[0].message)
        raise CaseError(str(path), [where]) from error
    own = len(file.story)
    file, right = based.under(file, right, data)
    digest = content_digest({"case": data, "base": based.data})
    more = len(file.story) - own
    return PracticeCase(file, right, digest, path, text, based, from_base=more)


def _parts_missing(file: PracticeFile, text: str) -> Iterator[Problem]:
    """Say what a case needs to be decided about: a screening, stages, or both."""

    def missing(key: str, message: str) -> Problem:
        return Problem(locate(text, (key,)), key, message)

    if file.key is None and not file.stages:
        yield missing("key", "is missing; a case has a [key], or [[stages]] of a course")
    if file.key is not None and len(file.plans) < _FEWEST_PLANS:
        yield missing("plans", f"{len(file.plans)} plans; at least {_FEWEST_PLANS} are needed")
    if file.key is None and file.plans:
        yield missing("plans", "belong to the screening, which has no [key]; allowed: in a stage")
    if not file.teaching and not any(stage.teaching for stage in file.stages):
        yield missing("teaching", "is missing; something has to be taken away")
    if file.stages and file.course is None:
        yield missing("course", "is missing; the stages are visits of one")
    if file.course is not None and not file.stages:
        yield missing("course", "has no [[stages]]")
