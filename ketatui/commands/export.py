"""``ketatui cases export``: saved cases as a note, a table, FHIR or pages to print."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.identifiers import AGE, is_case_file
from ketatui.cases.integrity import CaseReading
from ketatui.cases.kept import NEVER_OVER_A_CASE, is_kept_case
from ketatui.cases.store import CaseStore
from ketatui.commands.inputs import (
    Unusable,
    folder_of,
    knowledge_of,
    path_of,
    say_errors,
    scanner_for,
)
from ketatui.commands.output import write_new
from ketatui.commands.progress import Progress
from ketatui.commands.secrecy import seal_for
from ketatui.criteria.problems import PackError
from ketatui.engine import Knowledge
from ketatui.printable import printable
from ketatui.privacy import Scanner, look_through, replaced_in_reading
from ketatui.reports.exports import Export, export_name, exported, together
from ketatui.reports.forms import DATA, LAYOUTS, TABLES, WHOLE, in_words
from ketatui.reports.pdf import NoPdfError

Draw = Callable[[CaseReading], bytes]
_BETWEEN = "\n---\n\n"
"""Between two notes on standard output."""


def run(args: argparse.Namespace) -> int:
    """Export cases.

    Returns:
        0; 2 if a case cannot be read: it is named, and the others are written.

    Raises:
        Unusable: The arguments do not fit together, or a file is there already.
        OSError: A file cannot be written.
    """
    _check(args)
    knowledge = knowledge_of(args)
    store = CaseStore(folder_of(args), knowledge.pack)
    cases = _Cases(store, args.names, scanner_for(knowledge, args), args.replace_identifiers)
    seal = seal_for(args, cases.paths)
    today = args.on or dt.date.today()
    if args.format in LAYOUTS:
        found = _documents(args, cases, _drawer(args, knowledge, today))
    else:
        found = _together(args, cases, knowledge, today)
    if cases.read == 0:
        return 2
    if args.out is None:
        sys.stdout.write(_BETWEEN.join(data.decode() for _, data in found))
    else:
        _write(store, [(path, seal.data(data)) for path, data in found], force=args.force)
    if cases.unreadable:
        what = "1 file" if cases.unreadable == 1 else f"{cases.unreadable} files"
        say_errors([f"{what} left out, which cannot be read; {cases.read} exported"])
    return 2 if cases.unreadable else 0


def _check(args: argparse.Namespace) -> None:
    if args.format in DATA and args.kind != WHOLE:
        allowed = in_words(LAYOUTS)
        raise Unusable(f"--kind {args.kind} goes with --format {allowed}, not {args.format}")
    if args.bom and args.format not in TABLES:
        raise Unusable(f"--bom goes with --format {in_words(TABLES)}, not {args.format}")
    if args.format == "pdf" and args.out is None:
        raise Unusable("a PDF is not for the terminal: name a file with --out")
    if args.format in DATA and args.out is not None and args.out.is_dir():
        example = args.out / f"cases.{DATA[args.format].suffix}"
        raise Unusable(f"{args.out}: this is a folder; name a file, such as {example}")


def _drawer(args: argparse.Namespace, knowledge: Knowledge, today: dt.date) -> Draw:
    def draw(reading: CaseReading) -> bytes:
        return exported(knowledge, reading, today, Export(args.format, args.kind), args.paper)

    return draw


def _documents(args: argparse.Namespace, cases: _Cases, draw: Draw) -> list[tuple[Path, bytes]]:
    """Draw a document a case, each with the file it is for."""
    into = args.out is not None and args.out.is_dir()
    if len(cases.paths) > 1 and args.out is not None and not into:
        raise Unusable(f"{args.out}: for several cases --out names a folder that is there")
    found: list[tuple[str, bytes]] = []
    for path, reading in cases:
        try:
            name = export_name(path, reading.case, Export(args.format, args.kind))
            found.append((f"{name}{AGE if args.encrypt else ''}", draw(reading)))
        except NoPdfError as error:
            raise Unusable(str(error)) from None
        except PackError as error:
            raise Unusable(str(error.problems[0])) from None
    out = args.out or Path()
    targets = [(out / name if into else out, data) for name, data in found]
    if into and len({path for path, _ in targets}) < len(targets):
        raise Unusable("two of these cases would be written to one file")
    return targets


def _together(
    args: argparse.Namespace, cases: _Cases, knowledge: Knowledge, today: dt.date
) -> list[tuple[Path, bytes]]:
    """Draw all cases as one document, with the file it is for."""
    text = together(knowledge, (reading for _, reading in cases), today, args.format)
    return [(args.out or Path(), text.encode("utf-8-sig" if args.bom else "utf-8"))]


class _Cases:
    """The cases named, read one by one: ten thousand of them are never in memory at once."""

    def __init__(self, store: CaseStore, names: list[str], scanner: Scanner, replace: bool) -> None:
        self.store = store
        self.scanner = scanner
        self.replace = replace
        self.paths = [path for name in names for path in _paths(store, name)]
        self.unreadable = 0
        self.read = 0
        if not self.paths:
            raise Unusable(f"{', '.join(names)}: there are no cases")

    def __iter__(self) -> Iterator[tuple[Path, CaseReading]]:
        """Yield each; what is wrong with one is said, and the others are read on."""
        progress = Progress(len(self.paths))
        for done, path in enumerate(self.paths):
            progress.say(done)
            try:
                reading = self.store.load(path).reading
            except CaseError as error:
                progress.clear()
                say_errors(str(error).splitlines())
                self.unreadable += 1
                continue
            self.read += 1
            yield path, self._looked_through(path, reading, progress)
        progress.clear()

    def _looked_through(self, path: Path, reading: CaseReading, progress: Progress) -> CaseReading:
        """Say what looks like an identifier, or replace it; an export is never held up by it."""
        if self.replace:
            return replaced_in_reading(self.scanner, reading)
        seen = look_through(self.scanner, reading.case)
        # What earlier saves changed stays in the case file; no export tells it.
        seen = tuple(item for item in seen if "changes" not in item.place)
        if seen:
            progress.clear()
            what = "1 text looks" if len(seen) == 1 else f"{len(seen)} texts look"
            hint = "ketatui cases scan lists them, --replace-identifiers replaces them"
            say_errors([f"{path}: {what} like an identifier of a person; {hint}"])
        return reading


def _paths(store: CaseStore, name: str) -> list[Path]:
    """Return the file that a name means, or the case files of the folder it means."""
    path = path_of(store, name)
    if not path.is_dir():
        return [path]
    try:
        inside = sorted(item.name for item in path.iterdir())
    except OSError as error:
        raise CaseError(str(path), [Problem(None, "", error.strerror or str(error))]) from None
    return [path / item for item in inside if is_case_file(item)]


def _write(store: CaseStore, targets: list[tuple[Path, bytes]], *, force: bool) -> None:
    cases = [path for path, _ in targets if is_kept_case(path, store.folder)]
    if cases:
        raise Unusable("\n".join(f"{path}: {NEVER_OVER_A_CASE}" for path in cases))
    if not force:
        there = [path for path, _ in targets if path.exists() or path.is_symlink()]
        if there:
            lines = [f"{path}: is there already; --force writes over it" for path in there]
            raise Unusable("\n".join(lines))
    for path, data in targets:
        write_new(path, data, force=force)
        print(printable(f"Written: {path}"))
