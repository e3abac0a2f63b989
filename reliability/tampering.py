"""Saved cases edited by hand, and every way out of the program asked what it says of them.

Each edit is made in a copy of a signed case; a way out is silent if what it gives does not say
that the case was altered (or that it stands in two files) before it says anything of the content.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ketatui.cases.case_diff import differences
from ketatui.cases.errors import CaseError
from ketatui.cases.library import Library
from ketatui.cases.store import CaseStore, Loaded
from ketatui.commands import cases, diff, listing, many_cases, review, walk
from ketatui.commands.job import Job
from ketatui.consultation.reviewing import Step
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.engine.reassessment import reassess
from ketatui.privacy import scanner_of
from ketatui.reports.case_diff import assessed
from ketatui.reports.changes_since import Since
from ketatui.reports.exports import Export, exported
from ketatui.reports.note import note_report
from ketatui.reports.record import record
from ketatui.tui.views.case import Shown, case_sections
from ketatui.tui.views.case_comparison import Side, comparison_sections
from ketatui.tui.views.cases import case_line, mark_words
from ketatui.tui.views.export import export_sections
from ketatui.tui.views.pages import Section, lay_out
from ketatui.tui.views.reassessment import again_sections
from ketatui.tui.views.review import Written, review_items
from ketatui.walk.talk import Talk

ROOT = Path(__file__).resolve().parents[1]
SIGNED = "20261121-152000-example12"
OTHER = "20261121-080000-example01"
DAY = dt.date(2026, 11, 21)
_TOLD = re.compile(r"ALTERED|FORKED|^altered$|changed outside|does not follow", re.MULTILINE)
"""Any of the words by which a way out names what is wrong."""

_DATA = frozenset({"fhir", "csv", "reassess --json"})
_BEGINNING = 300
"""Letters in which it has to be said: a title, a heading and the label stand there, no more."""

Edit = Callable[[str], str]


def _swap(pattern: str, new: str) -> Edit:
    def edit(text: str) -> str:
        changed = re.sub(pattern, new, text, count=1, flags=re.MULTILINE)
        assert changed != text, pattern
        return changed

    return edit


def _without_last_revision(text: str) -> str:
    return text[: text.rindex("[[revisions]]")]


EDITS: Mapping[str, Edit] = {
    "an answer": _swap(r"^systolic = \d+", "systolic = 101"),
    "an answer taken out": _swap(r"^systolic = \d+\n", ""),
    "an answer put in": _swap(r"^systolic = ", "heart_rate_2 = 70\nsystolic = "),
    "the label": _swap(r'^label = "', 'label = "x'),
    "a trial's weeks": _swap(r"^weeks = \d+", "weeks = 30"),
    "a medicine's dose": _swap(r'^dose = "', 'dose = "1'),
    "how consent ended": _swap(r'^outcome = "agreed"', 'outcome = "declined"'),
    "the decision's pathway": _swap(r'^pathway = "\w+"', 'pathway = "oral"'),
    "the decision's reason": _swap(r'^reason = "', 'reason = "Not '),
    "who decided": _swap(r'(\[decision\][^\[]*?^by = )"', r'\1"X, '),
    "what consent was given to": _swap(r'^verdict = "fits"', 'verdict = "contraindicated"'),
    "a verdict": _swap(
        r'(\[\[assessment\.pathways\]\][^\[]*?^verdict = )"fits"', r'\1"contraindicated"'
    ),
    "the criteria then": _swap(r'^version = "', 'version = "1'),
    "the day assessed": _swap(r'^on = "2026-11-21"', 'on = "2026-11-20"'),
    "the state": _swap(r'^state = "\w+"', 'state = "final"'),
    "who saved, and when": _swap(r"^saved_at = 2026-11-21", "saved_at = 2026-11-20"),
    "what a reviewer said": _swap(r'^text = "', 'text = "Not '),
    "a view turned": _swap(r'^kind = "agree"', 'kind = "disagree"'),
    "who signed": _swap(r'(\[\[signatures\]\][^\[]*?^by = )"', r'\1"X, '),
    "what was signed": _swap(r"(\[\[signatures\]\][^\[]*?^revision = )\d+", r"\g<1>1"),
    "a signature taken out": _swap(r"\[\[signatures\]\][^\[]*", ""),
    "a revision's reason": _swap(r'^why = "', 'why = "Not '),
    "a revision's change": _swap(r'(\[\[revisions\.changes\]\][^\[]*?^what = )"', r'\1"x'),
    "the last seal": _swap(r'^digest = "sha256:[0-9a-f]{64}"\n*\Z', 'digest = "sha256:0"'),
    "the last revision taken out": _without_last_revision,
    "the digests of parts": _swap(r"label [0-9a-f]{8};", "label 00000000;"),
}
"""What was done to the file, a name each."""
COPIED = "a conflicted copy beside it"


@dataclass
class Exits:
    """Every way out, over one folder with one case that somebody laid hands on."""

    knowledge: Knowledge
    store: CaseStore
    path: Path

    @property
    def pack(self) -> Pack:
        """The criteria."""
        return self.knowledge.pack

    @cached_property
    def loaded(self) -> Loaded:
        """The case."""
        return self.store.load(self.path)

    def all(self) -> Iterator[tuple[str, str]]:
        """Yield the name of each way out and what it gives, as text."""
        reading = self.loaded.reading
        yield "show", record(self.pack, reading)
        yield "list", self._listed()
        yield "verify", "\n".join(cases._verified(self.store, self.path)[1])
        yield "reassess", self._reassessed(as_json=False)
        yield "reassess --json", self._reassessed(as_json=True)
        yield "diff", self._compared()
        ways: list[tuple[str, str]] = [("md", "summary"), ("md", "consent")]
        ways += [("txt", "summary"), ("fhir", "summary")]
        for form, kind in ways:
            name = form if kind == "summary" else f"{form} consent"
            yield name, exported(self.knowledge, reading, DAY, Export(form, kind)).decode()
        yield "csv", self._row()
        yield "library", self._in_library()
        yield "case page", _text(self._page())
        yield "today page", self._today_page()
        yield "compare page", self._compare_page()
        written = review_items(self.pack, reading, Written(), (), None)
        yield "review page", "\n".join(item.label for item in written)
        yield "export page", _text(export_sections(reading, "letter", (), 100))
        yield "pdf", self._drawn()
        yield "walk", self._walked()
        yield "cases review", self._review()

    def _drawn(self) -> str:
        """All that the pages are drawn from, in its order."""
        report = note_report(self.knowledge, self.loaded.reading, DAY)
        return "\n".join(str(getattr(block, "text", "")) for block in report.blocks)

    def _walked(self) -> str:
        said: list[str] = []
        talk = Talk(lambda: "", said.append)
        opening = walk._Opening(self.store, self.knowledge, talk, "", scanner_of(self.pack), "")
        try:
            opening.case(str(self.path)).journal.discard()
        except CaseError as error:
            # What today's criteria cannot assess is not gone on with; it was said before.
            said.append(str(error))
        return "".join(said)

    def _review(self) -> str:
        said = io.StringIO()
        args = Namespace(name=str(self.path), revision=None, by="K.L.", role="nurse")
        with redirect_stderr(said), redirect_stdout(io.StringIO()):
            steps = [Step("comment", "Looked at.", "case")]
            review.add(args, self.store, steps, scanner_of(self.pack))
        return said.getvalue().replace(f"{self.path}: ", "")

    def _library(self) -> Library:
        library = Library(self.store.folder, self.pack, stamp="", index=None)
        library.update()
        return library

    def _listed(self) -> str:
        entry = next(item for item in self._library().all() if item.path == self.path)
        return "\n".join(listing._entry_lines(entry, self.pack))

    def _in_library(self) -> str:
        entry = next(item for item in self._library().all() if item.path == self.path)
        mark = case_line(self.pack, entry, 100, DAY).text[:1]
        return mark_words(entry) if mark in "x=" else ""

    def _reassessed(self, *, as_json: bool) -> str:
        job = Job(default_folder(), None, DAY, as_json=as_json)
        found = many_cases.outcome(job, self.knowledge, self.path)
        return found.text + "\n".join(found.problems)

    def _compared(self) -> str:
        a = diff._side(self.store, self.pack, str(self.path))
        b = diff._side(self.store, self.pack, OTHER)
        recorded = differences(a.case, b.case, self.pack)
        found = assessed(self.knowledge, a.case, b.case, recorded, DAY, known_here=False)
        return "\n".join(diff._lines(self.pack, a, b, recorded, *found))

    def _row(self) -> str:
        data = exported(self.knowledge, self.loaded.reading, DAY, Export("csv"))
        (row,) = csv.DictReader(io.StringIO(data.decode()))
        assert ":current:" not in row["signatures"] or row["integrity"] == "sealed"
        if row["same_id"]:
            return f"FORKED: {row['same_id']}"
        return row["integrity"]

    def _page(self) -> tuple[Section, ...]:
        reading = self.loaded.reading
        found = None
        if not reading.unknown_here:
            found = reassess(self.knowledge, reading.case, DAY)
        shown = Shown(self.knowledge, reading, reading.case, found, found)
        return case_sections(shown, 100)

    def _today_page(self) -> str:
        from ketatui.cases.integrity import integrity_lines

        reading = self.loaded.reading
        if reading.unknown_here:
            # The page is refused, and the case page says why.
            return _text(self._page())
        found = reassess(self.knowledge, reading.case, DAY)
        since = Since(self.knowledge, reading.saved)
        lines = integrity_lines(reading)
        return _text(again_sections(since, reading.case, found, found, 100, warnings=lines))

    def _compare_page(self) -> str:
        other = self.store.load(OTHER)
        sides = [Side.of(item.reading, item.stamp.path, 1) for item in (self.loaded, other)]
        return _text(comparison_sections(self.knowledge, sides[0], sides[1], DAY, 100))


def _text(sections: tuple[Section, ...]) -> str:
    return "\n".join(line.text for line in lay_out(sections, (), 100).lines)


def told(way: str, text: str) -> bool:
    """Tell whether a way out says that something is wrong, before it says what is in the case.

    Args:
        way: Its name.
        text: What it gives. What programs read has its place for it and no order.
    """
    found = _TOLD.search(text)
    return found is not None and (way in _DATA or found.start() < _BEGINNING)


def matrix() -> tuple[tuple[str, ...], dict[str, dict[str, bool]]]:
    """Make every edit, and ask every way out.

    Returns:
        The ways out, and for each edit whether each of them told of it.
    """
    knowledge = compile_pack(load_pack(default_folder()))
    found: dict[str, dict[str, bool]] = {}
    with tempfile.TemporaryDirectory() as name:
        for number, edit in enumerate([*EDITS, COPIED]):
            folder = Path(name) / str(number)
            folder.mkdir()
            for case_id in (SIGNED, OTHER):
                shutil.copy(ROOT / "saved_cases" / f"{case_id}.toml", folder)
            path = folder / f"{SIGNED}.toml"
            if edit == COPIED:
                shutil.copy(path, folder / f"{SIGNED} (conflicted copy).toml")
            else:
                path.write_text(EDITS[edit](path.read_text("utf-8")), "utf-8")
            exits = Exits(knowledge, CaseStore(folder, knowledge.pack), path)
            found[edit] = {way: told(way, text) for way, text in exits.all()}
    return tuple(next(iter(found.values()))), found


def untouched() -> dict[str, bool]:
    """Ask every way out of a case that nobody touched; none may say anything is wrong."""
    knowledge = compile_pack(load_pack(default_folder()))
    with tempfile.TemporaryDirectory() as name:
        for case_id in (SIGNED, OTHER):
            shutil.copy(ROOT / "saved_cases" / f"{case_id}.toml", name)
        path = Path(name) / f"{SIGNED}.toml"
        exits = Exits(knowledge, CaseStore(Path(name), knowledge.pack), path)
        return {way: _TOLD.search(text) is not None for way, text in exits.all()}


def main() -> int:
    """Print the matrix as a table; return 1 if a cell is silent."""
    ways, found = matrix()
    print(f"| edit | {' | '.join(ways)} |")
    print(f"|---|{'---|' * len(ways)}")
    for edit, told in found.items():
        print(f"| {edit} | {' | '.join('✓' if told[way] else 'SILENT' for way in ways)} |")
    silent = sum(not cell for told in found.values() for cell in told.values())
    cells = sum(map(len, found.values()))
    print(f"\n{len(found)} edits, {len(ways)} ways out, {cells} cells, {silent} silent")
    return int(silent > 0)
