"""``ketatui practice``: practice cases and attempts without the app."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from ketatui.cases.errors import CaseError
from ketatui.cases.store import CaseStore
from ketatui.commands.inputs import Unusable, folder_of, knowledge_of, path_of, say_errors
from ketatui.commands.output import write_new
from ketatui.commands.secrecy import is_secret
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from ketatui.practice.attempts import finished, list_attempts
from ketatui.practice.attempts_csv import (
    attempt_row,
    attempts_csv,
    attempts_table,
    sums_csv,
    sums_table,
)
from ketatui.practice.authoring import TODO, load_authoring
from ketatui.practice.blind import FEWEST, guesses, guesses_text, told_by_guess
from ketatui.practice.checking import check_practice_case
from ketatui.practice.class_models import Assignment
from ketatui.practice.class_report import (
    ClassReport,
    Sum,
    by_fact,
    by_rule,
    by_trainee,
    class_report,
)
from ketatui.practice.class_report import (
    by_case as sums_by_case,
)
from ketatui.practice.coverage import deciding, load_undecided, never_practiced
from ketatui.practice.loading import (
    PracticeCase,
    PracticeLibrary,
    case_files,
    load_library,
    load_practice_case,
)
from ketatui.practice.making import Named, make, told_by
from ketatui.practice.peers import peers_of, peers_text
from ketatui.practice.preview import preview
from ketatui.practice.progress import Standing, by_case, suggest
from ketatui.practice.screening_and_visits import questions_of, rules_of
from ketatui.practice.starting import start
from ketatui.practice.tables import practice_folder
from ketatui.practice.xapi import statements
from ketatui.printable import printable
from ketatui.settings import own_cases_folder, practice_folder_to_use

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def run(args: argparse.Namespace) -> int:
    """Run one of the six.

    Returns:
        0; 1 if a case that was checked has a problem; 2 if a file cannot be read.

    Raises:
        Unusable: The criteria or the arguments cannot be used.
        CaseError: A file cannot be used.
    """
    knowledge = knowledge_of(args)
    own = own_cases_folder(args.own, os.environ)
    library = load_library(knowledge.pack, own)
    match args.action:
        case "list":
            folder = practice_folder_to_use(args.attempts, os.environ)
            return _list(knowledge, library, folder)
        case "show":
            return _show(knowledge, library, args.names)
        case "check":
            return _check(knowledge, library, args.names, blind=args.blind)
        case "report":
            return _report(args, knowledge, library)
        case "new":
            return _new(args, knowledge, library)
        case _:
            return _make(args, knowledge, library)


def _list(knowledge: Knowledge, library: PracticeLibrary, folder: Path) -> int:
    attempts = finished(list_attempts(folder))
    done = by_case(attempts)
    following = suggest(library, attempts, dt.datetime.now(dt.UTC))
    say_errors(library.problems)
    if not library.cases:
        print(f"No practice cases in {printable(str(practice_folder(knowledge.pack)))}")
    for case in library.cases.values():
        known = done.get(case.id, Standing())
        best = "   –" if known.best is None else f"{known.best:>3}%"
        mark = "→" if following is not None and following.case == case.id else " "
        level = "●" * case.file.difficulty + "○" * (3 - case.file.difficulty)
        # Topic and title may tell what it is about; they are said once it was done.
        topic = library.topic_title(case.file.topic)
        about = f"  {topic}: {case.file.title}" if known.tried else ""
        due = library.assigned(case.id)
        about += f"  assigned{_due(due)}" if due is not None else ""
        print(printable(f"{mark} {level}  {best}  {case.id:<24}{about}".rstrip()))
    if following is not None:
        print(printable(f"→ next: {following.case} ({following.because})"))
    return 0


def _due(assignment: Assignment) -> str:
    return f", due {assignment.due}" if assignment.due else ""


def _show(knowledge: Knowledge, library: PracticeLibrary, names: list[str]) -> int:
    for number, name in enumerate(names):
        known = library.cases.get(name)
        case = known or load_practice_case(Path(name), knowledge.pack)
        if number:
            print("\n" + "=" * 80 + "\n")
        for line in preview(knowledge, library, case):
            print(printable(line))
    return 0


def _check(knowledge: Knowledge, library: PracticeLibrary, names: list[str], *, blind: bool) -> int:
    problems: list[str] = []
    cases: list[PracticeCase] = []
    faulty: list[PracticeCase] = []
    paths = [path for name in names for path in _files(Path(name))]
    for path in paths or case_files(practice_folder(knowledge.pack)):
        try:
            cases.append(load_practice_case(path, knowledge.pack))
        except CaseError as error:
            problems += str(error).splitlines()
    for case in cases:
        found = check_practice_case(case, knowledge, library.topics)
        problems += [problem.said_of(str(case.path)) for problem in found]
        faulty += [case] if found else []
    sound = [case for case in cases if case not in faulty]
    if blind or len(cases) >= FEWEST:
        guessed = guesses(knowledge, library.rubric, sound) if sound else ()
        if blind:
            print("\n".join(guesses_text(guessed)))
        if len(cases) >= FEWEST:
            problems += [told_by_guess(guess) for guess in guessed if guess.tells]
    undecided = None if names else load_undecided(practice_folder(knowledge.pack))
    if undecided is not None:
        decide = deciding(knowledge, sound)
        problems += never_practiced(rules_of(knowledge.pack), decide, undecided)
    for problem in problems:
        print(printable(problem))
    if problems:
        return 1
    print(f"ok: {len(cases)} practice case{'' if len(cases) == 1 else 's'}")
    return 0


def _files(path: Path) -> list[Path]:
    """Return the practice cases that are named, so that none is never taken for all is well."""
    if not path.exists():
        raise Unusable(f"{path}: no such file or folder")
    found = case_files(path) if path.is_dir() else [path]
    if not found:
        raise Unusable(f"{path}: no practice case is in this folder")
    return found


def _report(args: argparse.Namespace, knowledge: Knowledge, library: PracticeLibrary) -> int:
    folder: Path = args.folder
    if not folder.is_dir():
        raise Unusable(f"{folder}: no such folder; practice report takes a folder of attempts")
    report = class_report(knowledge, library, folder, anonymous=args.anonymous)
    sums = {
        "trainee": by_trainee(report),
        "case": sums_by_case(report),
        "fact": by_fact(report),
        "rule": by_rule(report, rules_of(knowledge.pack)),
    }
    if args.xapi:
        print(json.dumps(list(statements(report)), indent=1, ensure_ascii=False))
    elif args.peers:
        print(peers_text(peers_of(report)), end="")
    elif args.csv:
        text = attempts_csv(report) if args.by is None else sums_csv(sums[args.by])
        print(text, end="")
    elif args.json:
        for item in report.attempts:
            print(json.dumps(attempt_row(item)))
    else:
        head = f"PRACTICE attempts in {printable(str(folder))}: {len(report.attempts)}"
        names = _names(knowledge.pack, library)
        for line in (head, *_told(report, sums, args.by, library.assignment, names)):
            print(printable(line))
    say_errors(report.unreadable)
    return 2 if report.unreadable else 0


_SUMS = {
    "trainee": "By trainee: first tries without harm and with 80 % or more",
    "case": "By case: first tries without harm and with 80 % or more, the hardest first",
    "fact": "By fact: found and understood, in first tries",
    "rule": "By rule: named where it decides, in first tries",
}


def _names(pack: Pack, library: PracticeLibrary) -> dict[str, str]:
    """Return what cases, questions and rules are called, each with its id behind it."""
    titles = {ident: case.file.title for ident, case in library.cases.items()}
    titles |= {ident: question.label for ident, question in questions_of(pack).items()}
    titles |= {ident: fact.title for ident, fact in pack.derived.items()}
    titles |= {ident: rule.title for ident, rule in rules_of(pack).items()}
    return {ident: f"{title} ({ident})" for ident, title in titles.items()}


def _told(
    report: ClassReport,
    sums: dict[str, list[Sum]],
    only: str | None,
    assignment: Assignment | None,
    names: dict[str, str],
) -> Iterator[str]:
    def named(ident: str) -> str:
        return names.get(ident, ident)

    if assignment is not None:
        yield f"Assignment: {assignment.title}{_due(assignment)}"
    if only is None:
        yield from attempts_table(report, named)
        for who, case in report.missing:
            yield f"no attempt: {who}, {named(case)}"
    for what, title in _SUMS.items():
        if only in (None, what) and sums[what]:
            # A trainee may be called like a case.
            yield from sums_table(title, sums[what], str if what == "trainee" else named)


def _new(args: argparse.Namespace, knowledge: Knowledge, library: PracticeLibrary) -> int:
    ident = _ident(args.out)
    if args.topic not in library.topics:
        raise Unusable(f"no topic {args.topic!r}; allowed: {', '.join(library.topics)}")
    authoring, on = load_authoring(knowledge.pack), dt.date.today()
    try:
        text = start(authoring, ident, args.topic, args.base, on, staged=args.staged)
    except ValueError as error:
        raise Unusable(str(error)) from None
    write_new(args.out, (_schema_line(args.out, knowledge.pack) + text).encode(), force=args.force)
    print(
        f"{printable(str(args.out))}: fill in what is marked {TODO}, and put your fact in the place"
    )
    print("of the example; then: ketatui practice check, ketatui practice show")
    return 0


def _schema_line(out: Path, pack: Pack) -> str:
    """Name the schema for editors where it is at hand: beside the criteria of a checkout."""
    schema = pack.folder.resolve().parent / "docs" / "schemas" / "practice-case.schema.json"
    if not schema.is_file():
        return ""
    there = os.path.relpath(schema.resolve(), out.resolve().parent)
    return f"#:schema {Path(there).as_posix()}\n"


def _ident(path: Path) -> str:
    ident = path.stem
    if path.suffix != ".toml" or not _ID.fullmatch(ident):
        raise Unusable(
            f"{path}: the name becomes the case's id; allowed: lower-case words with "
            "hyphens, and .toml"
        )
    return ident


def _make(args: argparse.Namespace, knowledge: Knowledge, library: PracticeLibrary) -> int:
    ident = _ident(args.out)
    store = CaseStore(folder_of(args), knowledge.pack)
    path = path_of(store, args.name)
    if is_secret(path) and not args.plain:
        raise Unusable(
            "this case is encrypted, and a practice case is not: --plain writes its answers and "
            "notes for anybody to read"
        )
    case = store.load(path).case
    named = Named(ident, args.title, args.topic, args.author)
    try:
        text = make(knowledge, library, case, named, dt.date.today())
    except ValueError as error:
        raise Unusable(f"ketatui practice make: {error}") from None
    write_new(args.out, (_schema_line(args.out, knowledge.pack) + text).encode(), force=args.force)
    print(f"{printable(str(args.out))}: a draft. Change what could tell who it is, and write the")
    print("story in your own words; then: ketatui practice check, ketatui practice show")
    say_errors(f"look at: {found}" for found in told_by(text))
    return 0
