"""What several commands need: the criteria, a case file, the folder of cases."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ketatui.cases.complaints import MOST_PROBLEMS, called
from ketatui.cases.encryption.sealing import read_sealed, unsealed
from ketatui.cases.errors import CaseError
from ketatui.cases.errors import Problem as CaseProblem
from ketatui.cases.forks import forks_of, named_otherwise
from ketatui.cases.identifiers import is_case_file, is_case_id
from ketatui.cases.integrity import CaseReading, reading_of
from ketatui.cases.model import Case
from ketatui.cases.reading import NO_CASE, lacks_answers, limits_in, read_as_saved, read_case
from ketatui.cases.remarks import remarks_on
from ketatui.cases.toml_text import LARGEST_FILE, decode, parse
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError, Problem
from ketatui.engine import Knowledge, compile_pack
from ketatui.printable import printable
from ketatui.toml_lines import locate

if TYPE_CHECKING:
    from ketatui.cases.store import CaseStore
    from ketatui.course import CourseKnowledge
    from ketatui.privacy import Scanner

STDIN = "-"
"""The file name that means standard input."""
_STDIN_SHOWN = "<stdin>"
_OF_MANY = ("schema", "id", "label", "answers")
_ANSWERS_ONLY = "answers that hold for every patient, in [answers.…] tables"


class Unusable(Exception):  # noqa: N818  (the state is the name)
    """Arguments or input that cannot be used; the text is what to say, a line each."""


def knowledge_of(args: argparse.Namespace) -> Knowledge:
    """Load and compile the criteria that a command line names.

    Raises:
        Unusable: They cannot be used; says every problem.
    """
    try:
        return compile_pack(load_pack(args.criteria, full(args.policy)))
    except PackError as error:
        lines = problem_lines(error.problems, args.criteria, args.policy)
        raise Unusable("\n".join(lines)) from error


def pack_with_course(args: argparse.Namespace) -> Pack:
    """Load the criteria that a command line names, and what they say about a course.

    Raises:
        Unusable: They cannot be used, or have no course; says every problem.
    """
    try:
        pack = load_pack(args.criteria, full(args.policy))
        # Read when first asked for: what is wrong with it is to be said now.
        _ = pack.course
    except PackError as error:
        lines = problem_lines(error.problems, args.criteria, args.policy)
        raise Unusable("\n".join(lines)) from error
    return pack


def course_of(args: argparse.Namespace) -> CourseKnowledge:
    """Load and compile the course of the criteria that a command line names.

    Raises:
        Unusable: They cannot be used, or have no course; says every problem.
    """
    from ketatui.course import compile_course

    knowledge = knowledge_of(args)
    try:
        return compile_course(knowledge)
    except PackError as error:
        lines = problem_lines(error.problems, args.criteria, args.policy)
        raise Unusable("\n".join(lines)) from error


def scanner_for(knowledge: Knowledge, args: argparse.Namespace) -> Scanner:
    """Return what looks for identifiers of persons, by the criteria in use.

    Raises:
        Unusable: A pattern cannot be used.
    """
    from ketatui.privacy import scanner_of

    try:
        return scanner_of(knowledge.pack)
    except PackError as error:
        lines = problem_lines(error.problems, args.criteria, args.policy)
        raise Unusable("\n".join(lines)) from error


def problem_lines(
    problems: Iterable[Problem], folder: Path | None, policy: Path | None
) -> list[str]:
    """Write problems of a pack so that their files can be opened from here.

    Args:
        problems: As found.
        folder: The pack as named on the command line.
        policy: The policy file as named there.

    Returns:
        A line each: ``file:line: id: message``.
    """
    root = default_folder() if folder is None else folder
    outside = {str(root), str(full(policy))}
    return [str(item) if item.file in outside else f"{root}/{item}" for item in problems]


def full(path: Path | None) -> Path | None:
    """Return a path that does not depend on where one stands: lines are found by it later."""
    return None if path is None else path.absolute()


def read_case_file(name: str, pack: Pack) -> Case:
    """Read a case file, or standard input for ``-``.

    Raises:
        CaseError: With every reason why it cannot be used.
    """
    return _read(name, pack)[2]


def read_and_look(name: str, pack: Pack, on: dt.date) -> tuple[Case, tuple[str, ...]]:
    """Read a case file as `read_case_file`, with remarks on what may be meant otherwise.

    Args:
        name: The file.
        pack: The criteria.
        on: Today.

    Raises:
        CaseError: With every reason why it cannot be used.
    """
    shown, text, case = _read(name, pack)
    remarks = [
        CaseProblem(locate(text, place), called(place), message)
        for place, message in islice(remarks_on(case, pack, on), MOST_PROBLEMS)
    ]
    return case, tuple(item.said_of(shown) for item in remarks)


def _read(name: str, pack: Pack) -> tuple[str, str, Case]:
    """Read a case file, or standard input for ``-``: what it is called, its text, and the case."""
    if name == STDIN:
        shown, data = _STDIN_SHOWN, unsealed(_standard_input(), Path(_STDIN_SHOWN))
    else:
        shown, data = name, read_sealed(Path(name), LARGEST_FILE)
    text, found = _tables_of(shown, data, pack)
    return shown, text, read_case(text, path=shown, pack=pack, parsed=found)


def read_answers(name: str, pack: Pack) -> Case:
    """Read a case file that holds answers for many, and nothing that is of one patient.

    Raises:
        CaseError: With every reason why it cannot be used.
    """
    text, found = _tables_of(name, read_sealed(Path(name), LARGEST_FILE), pack)
    case = read_case(text, path=name, pack=pack, parsed=found)
    problems = [
        CaseProblem(locate(text, (key,)), key, f"not allowed here; allowed: {_ANSWERS_ONLY}")
        for key in found
        if key not in _OF_MANY
    ]
    if case.scale_items:
        problems.append(CaseProblem(None, "answers", "items of a scale are those of one patient"))
    if problems:
        raise CaseError(name, problems)
    return case


def read_reading(name: str, pack: Pack) -> CaseReading:
    """Read a case file as it was saved, with what is known of its integrity.

    Raises:
        CaseError: With every reason why it cannot be used.
    """
    path = Path(name)
    text, tables = _tables_of(name, read_sealed(path, LARGEST_FILE), pack)
    found = read_as_saved(text, path=name, pack=pack, parsed=tables)
    return reading_of(found, pack, forks=forks_of(path, found.case.id))


def _tables_of(shown: str, data: bytes, pack: Pack) -> tuple[str, dict[str, Any]]:
    """Decode and parse a case file; one that holds something else than a case is refused."""
    text = decode(data, shown)
    found = parse(text, shown, limits_in(pack))
    if lacks_answers(found):
        raise CaseError(shown, [CaseProblem(None, "", NO_CASE)])
    return text, found


def _standard_input() -> bytes:
    data = sys.stdin.buffer.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        message = f"larger than {LARGEST_FILE} bytes"
        raise CaseError(_STDIN_SHOWN, [CaseProblem(None, "", message)])
    return data


def case_name(case: Case, file: str) -> str:
    """Return what an assessment calls a case: its id, else its label, else its file."""
    return case.id or case.label or (_STDIN_SHOWN if file == STDIN else Path(file).name)


def folder_of(args: argparse.Namespace) -> Path:
    """Return the folder of saved cases that a command line means."""
    from ketatui.cases.folders import folder_to_use

    return folder_to_use(args.cases, os.environ)


def path_of(store: CaseStore, name: str) -> Path:
    """Return the file that a case's id or a path names; it need not exist.

    Raises:
        Unusable: The name is empty, as an unset variable of a shell is.
    """
    if not name:
        raise Unusable("'' names no case; allowed: an id, a file, or a folder where many are taken")
    if not is_case_id(name):
        return Path(name)
    path = store.path_of(name)
    return path if path.exists() else named_otherwise(store.folder, name) or path


def say_errors(lines: Iterable[str]) -> None:
    """Print lines on standard error, free of terminal control."""
    for line in lines:
        print(printable(line), file=sys.stderr)


def say_plain_files(folder: Path) -> None:
    """Say on standard error what lies in an encrypted folder for everybody to read."""
    from ketatui.cases.encryption.contents import plain_remark

    if said := plain_remark(folder):
        say_errors([f"{folder}: {said}"])


def there(folder: Path) -> Path:
    """Return a folder of cases; of those that are not there only the program's own counts as empty.

    Raises:
        Unusable: It is not there, and somebody named it: nothing can be said of its cases.
    """
    from ketatui.cases.folders import installed_folder

    if not folder.is_dir() and folder != installed_folder():
        raise Unusable(f"{folder}: there is no such folder of cases")
    return folder


def named_files(store: CaseStore, names: list[str]) -> Iterator[Path]:
    """Yield the case files that a command line names: ids, files, folders; all without names.

    Raises:
        CaseError: A folder cannot be read.
    """
    if not names:
        yield from _in_folder(store.folder) if store.folder.exists() else ()
    for name in names:
        path = path_of(store, name)
        if path.is_dir():
            yield from _in_folder(path)
        else:
            yield path


def _in_folder(folder: Path) -> Iterator[Path]:
    """Yield the case files of a folder, newest first."""
    try:
        names = sorted((path.name for path in folder.iterdir()), reverse=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise CaseError(str(folder), [CaseProblem(None, "", why)]) from None
    yield from (folder / name for name in names if is_case_file(name))
