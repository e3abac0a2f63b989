"""What is open: the app's resources, and the consultation being worked on."""

from __future__ import annotations

import datetime as dt
import errno
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from ketatui.settings import Settings

if TYPE_CHECKING:
    from ketatui.cases.entries import Entry
    from ketatui.cases.journal import Journal
    from ketatui.cases.library import Library
    from ketatui.cases.store import CaseStore, Stamp
    from ketatui.consultation.consultation import Consultation
    from ketatui.consultation.palette import PaletteIndex, Words
    from ketatui.criteria.models.patient_page import PatientPageFile
    from ketatui.engine import Knowledge
    from ketatui.practice.loading import PracticeLibrary
    from ketatui.privacy import Scanner


class Resources(Struct):
    """Folders and, once loaded, the knowledge.

    Attributes:
        cases: Folder of saved cases.
        criteria: Folder of the pack; None for the default.
        policy: Local policy file.
        settings: The person's settings.
        knowledge: The compiled pack; None while it is loading or if it could not be.
        problems: Why the pack could not be loaded, a line each.
        attempts: Folder of practice attempts; None for the default.
        practice: The practice cases, once they were wanted.
        first_case: The id of a saved case that is opened as soon as it can be; empty for none.
    """

    cases: Path
    criteria: Path | None
    policy: Path | None
    settings: Settings
    knowledge: Knowledge | None = None
    store: CaseStore | None = None
    problems: tuple[str, ...] = ()
    attempts: Path | None = None
    practice: PracticeLibrary | None = None
    first_case: str = ""
    _library: Library | None = None
    _opening: threading.Lock = field(default_factory=threading.Lock)
    _scanner: Scanner | None = None
    _palette: PaletteIndex | None = None
    _palette_words: Words | None = None
    _patient_page: PatientPageFile | None = None
    _due_titles: Mapping[str, str] = field(default_factory=dict)

    def load(self) -> None:
        """Load and compile the pack; slow, so the app calls it from a thread."""
        from ketatui.criteria.default import default_folder
        from ketatui.criteria.loading import load_pack
        from ketatui.criteria.problems import PackError
        from ketatui.engine import compile_pack

        scanner = None
        try:
            knowledge = compile_pack(load_pack(self.criteria, self.policy))
            if knowledge.pack.folder != default_folder({}):
                # The patterns of our own criteria are known to be sound: compiling them waits
                # until there is a text to look through.
                from ketatui.privacy import scanner_of

                scanner = scanner_of(knowledge.pack)
        except PackError as error:
            self.problems = tuple(str(problem) for problem in error.problems)
            return
        self.take(knowledge)
        self._scanner = scanner

    def take(self, knowledge: Knowledge) -> None:
        """Work with criteria from here on: the cases are read with them.

        Args:
            knowledge: The compiled pack.
        """
        from ketatui.cases.store import CaseStore

        self.close()
        self.store = CaseStore(self.cases, knowledge.pack)
        self.knowledge = knowledge
        self.practice = None
        self._scanner = None
        self._palette = self._palette_words = self._patient_page = None

    @property
    def library(self) -> Library | None:
        """The saved cases, opened when they are first wanted; None until the pack is loaded."""
        if self.knowledge is None:
            return None
        # The thread that loads the criteria opens it, and home may ask for it meanwhile: a second
        # one would wait for the index that the first one holds.
        with self._opening:
            if self._library is None:
                from ketatui.cases.index_place import index_path
                from ketatui.cases.library import Library
                from ketatui.course.indexing import index_stamp, treated

                pack, index = self.knowledge.pack, index_path(self.cases)
                stamp = index_stamp(pack)
                self._library = Library(
                    self.cases,
                    pack,
                    stamp=stamp,
                    index=index,
                    courses=treated,
                    today=lambda: now().date(),
                )
            return self._library

    def close(self) -> None:
        """Let go of what was opened."""
        if self._library is not None:
            self._library.close()
            self._library = None

    @property
    def attempts_folder(self) -> Path:
        """Where practice attempts are kept, apart from cases."""
        if self.attempts is None:
            from ketatui.settings import practice_folder_to_use

            chosen = practice_folder_to_use(None, os.environ)
            # Whoever names the folder of cases still gets one of its own: no run lies among them.
            among = os.path.realpath(chosen) == os.path.realpath(self.cases)
            self.attempts = chosen / "practice" if among else chosen
        return self.attempts

    def practice_tally(self) -> tuple[int, int]:
        """Count attempts and unfinished runs by their files alone: home says it at once.

        Raises:
            OSError: The folder cannot be read.
        """
        folder = self.attempts_folder
        counts = (
            sum(path.suffix == ending for path in place.iterdir()) if place.is_dir() else 0
            for place, ending in ((folder, ".toml"), (folder / "drafts", ".jsonl"))
        )
        attempts, begun = counts
        return attempts, begun

    def practice_library(self) -> PracticeLibrary:
        """Return the practice cases, read when they are first wanted.

        Raises:
            CaseError: The topics or the rubric cannot be used.
        """
        if self.practice is None:
            from ketatui.practice.loading import load_library
            from ketatui.settings import own_cases_folder

            assert self.knowledge is not None
            own = own_cases_folder(None, os.environ)
            self.practice = load_library(self.knowledge.pack, own)
        return self.practice

    def prepare_texts(self) -> None:
        """Compile the patterns and index the words, before a text or the palette needs them."""
        _ = self.scanner
        _ = self.palette
        if self.knowledge is not None:
            from ketatui.course.due import titles_of

            self._due_titles = titles_of(self.knowledge.pack)

    def with_due(self, entry: Entry) -> Entry:
        """Return a line of the library with all that is due in it, in the criteria's words.

        What it is called is known once texts are prepared: a list does not wait for that.
        """
        titles, library = self._due_titles, self._library
        if not titles or library is None or not entry.treatment.due:
            return entry
        due = [row.replaced(what=titles.get(row.what, "")) for row in library.due.of(entry.path)]
        return entry.replaced(treatment=entry.treatment.replaced(due=tuple(due)))

    @property
    def palette_words(self) -> Words:
        """Other words by which the palette finds something; none until the pack is loaded."""
        if self._palette_words is None and self.knowledge is not None:
            from ketatui.criteria.palette import palette_words

            self._palette_words = palette_words(self.knowledge.pack)
        return self._palette_words or {}

    @property
    def patient_page(self) -> PatientPageFile | None:
        """How the page for the patient is worded; None where the criteria cannot say."""
        if self._patient_page is None and self.knowledge is not None:
            from ketatui.criteria.patient_page import load_patient_page
            from ketatui.criteria.problems import PackError

            with suppress(PackError):
                self._patient_page = load_patient_page(self.knowledge.pack)
        return self._patient_page

    @property
    def palette(self) -> PaletteIndex | None:
        """What the palette reaches at any time; None until the pack is loaded."""
        if self._palette is None and self.knowledge is not None:
            from ketatui.consultation.palette import PaletteIndex, pack_places
            from ketatui.tui.places import screen_places

            words = self.palette_words
            drugs = self.knowledge.medicines.known()
            places = [*screen_places(words), *pack_places(self.knowledge.pack, drugs, words)]
            self._palette = PaletteIndex(places)
        return self._palette

    @property
    def scanner(self) -> Scanner | None:
        """What looks for identifiers of persons; None until the pack is loaded."""
        if self._scanner is None and self.knowledge is not None:
            from ketatui.privacy import scanner_of

            self._scanner = scanner_of(self.knowledge.pack)
        return self._scanner


class OpenCase(Struct):
    """A consultation with its draft, and the saved file it came from.

    Attributes:
        base: Stamp of that file; None for a new case.
        kept_at: When the last change went to disk.
        failed: Why the last change could not be kept, if it could not.
        lost: Whether that was because the draft's file is gone or another's: another attempt
            will fail too.
        amended_by: Who amends it, as typed when it was to be saved.
        why: Why it is amended, likewise.
    """

    consultation: Consultation
    journal: Journal
    base: Stamp | None = None
    kept_at: dt.datetime | None = None
    failed: str = ""
    lost: bool = False
    amended_by: str = ""
    why: str = ""

    @property
    def kept(self) -> str:
        """Whether the last change is on disk, in words."""
        if self.failed:
            return f"NOT KEPT: {self.failed}"
        return f"draft, on disk {self.kept_at:%H:%M:%S}" if self.kept_at else "draft"

    def keep(self, change: Callable[[], object]) -> bool:
        """Make a change that goes to disk first.

        Args:
            change: What makes it; raises OSError where the disk takes nothing, and has then
                changed nothing.

        Returns:
            Whether it is on disk; `failed` says why where it is not.
        """
        try:
            change()
        except OSError as error:
            self.failed = error.strerror or type(error).__name__
            self.lost = error.errno in (errno.ESTALE, errno.ENOENT)
            return False
        self.failed = ""
        self.kept_at = now()
        return True


def now() -> dt.datetime:
    """Return the moment, with the local time zone."""
    return dt.datetime.now(dt.UTC).astimezone()
