"""``ketatui practice``: practice cases and attempts without the app."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import re
from pathlib import Path

from ketatui.cases.errors import CaseError
from ketatui.cases.store import CaseStore
from ketatui.commands.inputs import Unusable, folder_of, knowledge_of, path_of, say_errors
from ketatui.commands.output import write_new
from ketatui.commands.secrecy import is_secret
from ketatui.engine import Knowledge
from ketatui.practice.attempts import finished, list_attempts
from ketatui.practice.attempts_csv import attempt_row, attempts_csv, attempts_table
from ketatui.practice.blind import FEWEST, guesses, guesses_text, told_by_guess
from ketatui.practice.checking import check_practice_case
from ketatui.practice.loading import (
    PracticeCase,
    PracticeLibrary,
    case_files,
    load_library,
    load_practice_case,
    practice_folder,
)
from ketatui.practice.making import Named, make, told_by
from ketatui.practice.preview import preview
from ketatui.practice.progress import Standing, by_case, suggest
from ketatui.printable import printable
from ketatui.settings import practice_folder_to_use

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def run(args: argparse.Namespace) -> int:
    """Run one of the five.

    Returns:
        0; 1 if a case that was checked has a problem; 2 if a file can not be read.

    Raises:
        Unusable: The criteria or the arguments can not be used.
        CaseError: A file can not be used.
    """
    if args.action == "report":
        return _report(args.folder, as_csv=args.csv, as_json=args.json)
    knowledge = knowledge_of(args)
    library = load_library(knowledge.pack)
    match args.action:
        case "list":
            folder = practice_folder_to_use(args.attempts, os.environ)
            return _list(knowledge, library, folder)
        case "show":
            return _show(knowledge, library, args.names)
        case "check":
            return _check(knowledge, library, args.names, blind=args.blind)
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
        topic = library.topic_title(case.file.topic)
        print(printable(f"{mark} {level}  {best}  {case.id:<24}  {topic}: {case.file.title}"))
    if following is not None:
        print(printable(f"→ next: {following.case} ({following.because})"))
    return 0


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
    paths = [path for name in names for path in _files(Path(name))]
    for path in paths or case_files(practice_folder(knowledge.pack)):
        try:
            cases.append(load_practice_case(path, knowledge.pack))
        except CaseError as error:
            problems += str(error).splitlines()
    for case in cases:
        found = check_practice_case(case, knowledge, library.topics)
        problems += [problem.said_of(str(case.path)) for problem in found]
    if blind or len(cases) >= FEWEST:
        guessed = guesses(knowledge, library.rubric, cases) if cases else ()
        if blind:
            print("\n".join(guesses_text(guessed)))
        if len(cases) >= FEWEST:
            problems += [told_by_guess(guess) for guess in guessed if guess.tells]
    for problem in problems:
        print(printable(problem))
    if problems:
        return 1
    print(f"ok: {len(cases)} practice case{'' if len(cases) == 1 else 's'}")
    return 0


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return case_files(path)
    return [path]


def _report(folder: Path, *, as_csv: bool, as_json: bool) -> int:
    if not folder.is_dir():
        raise Unusable(f"{folder}: no such folder; practice report takes a folder of attempts")
    entries = list_attempts(folder, deep=True)
    unreadable = [entry.problem for entry in entries if entry.attempt is None]
    if as_csv:
        print(attempts_csv(entries, folder), end="")
    elif as_json:
        for entry in entries:
            if entry.attempt is not None:
                print(json.dumps(attempt_row(entry, folder)))
    else:
        print(f"PRACTICE attempts in {printable(str(folder))}: {len(entries) - len(unreadable)}")
        for line in attempts_table([entry for entry in entries if entry.attempt is not None]):
            print(printable(line))
    say_errors(unreadable)
    return 2 if unreadable else 0


def _make(args: argparse.Namespace, knowledge: Knowledge, library: PracticeLibrary) -> int:
    ident = args.out.stem
    if args.out.suffix != ".toml" or not _ID.fullmatch(ident):
        raise Unusable(
            f"{args.out}: the name becomes the case's id; allowed: lower-case words with "
            "hyphens, and .toml"
        )
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
    write_new(args.out, text.encode(), force=args.force)
    print(f"{printable(str(args.out))}: a draft. Change what could tell who it is, and write the")
    print("story in your own words; then: ketatui practice check, ketatui practice show")
    say_errors(f"look at: {found}" for found in told_by(text))
    return 0
