"""Export: hand a saved case on, to the clipboard or as a file."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.binding import BindingType

from ketatui.cases.atomic import write_new
from ketatui.cases.encryption.sealing import Seal, seal_of
from ketatui.cases.encryption.state import is_secret
from ketatui.cases.errors import CaseError
from ketatui.cases.folders import EXPORTS, prepare_folder
from ketatui.cases.identifiers import AGE
from ketatui.cases.integrity import CaseReading
from ketatui.cases.kept import NEVER_OVER_A_CASE, is_kept_case
from ketatui.cases.model import Case
from ketatui.cases.store import Loaded
from ketatui.consultation.who import saved_on, who_of
from ketatui.criteria.problems import PackError
from ketatui.engine import Knowledge
from ketatui.paths import full_path
from ketatui.records.server import Place
from ketatui.reports.exports import Export, export_name, exported
from ketatui.reports.forms import Way
from ketatui.reports.pdf import NoPdfError, Paper
from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.page import PageScreen
from ketatui.tui.screens.sending import ask_where_to, sent_to
from ketatui.tui.screens.sightings import before_export
from ketatui.tui.session import now
from ketatui.tui.views.export import PAPER, PAPERS, SEND, export_sections, ways_of
from ketatui.tui.views.lines import Span, safe
from ketatui.tui.views.pages import Section
from ketatui.tui.widgets.prompt import Prompt

_LARGE = 74_000
"""Encoded bytes that some terminals refuse to put on a clipboard."""
_NOT_HERE = ("page.open", "page.all", "page.find")


class ExportScreen(PageScreen):
    """A menu of ways out."""

    CONTEXTS = ("export", "page_only", "page")
    WHOLE = True
    HELP_TITLE = "Export"
    HELP_TEXT = (
        "Hands the case on as it stood when it was saved: every form says under which criteria, "
        "for which day, and whether it is practice or a draft. A file goes where you say, is "
        "readable by you alone, and takes the place of another only after asking."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("export", "page_only"))

    def __init__(
        self, loaded: Loaded, knowledge: Knowledge, about_file: Callable[[], tuple[Span, ...]]
    ) -> None:
        """Args: the case as loaded, the criteria at hand, what tells what the file is by now."""
        super().__init__()
        self._about_file = about_file
        self.notice = about_file()
        self.loaded = loaded
        self.knowledge = knowledge
        self.paper: Paper = "letter"
        self._written: list[Span] = []
        self._decided = loaded.reading
        """The case as read, or a copy in which what looks like an identifier is replaced."""

    def who(self) -> str:
        """Say whom it is about."""
        return who_of(self.knowledge, self.loaded.case, saved_on(self.loaded.case, now().date()))

    def page_title(self) -> str:
        """Return the title."""
        return f"Export {safe(self.loaded.case.label or self.loaded.stamp.path.name)}"

    def title_marks(self) -> Sequence[Span]:
        """Say at the right that it is practice."""
        return (("PRACTICE ", "caution"),) if self.loaded.case.practice else ()

    def sections(self, width: int) -> Sequence[Section]:
        """Return the menu."""
        return export_sections(self.loaded.reading, self.paper, self._written, width)

    def available(self, action: Action) -> bool:
        """Lines are picked here, not opened."""
        return action.id not in _NOT_HERE and super().available(action)

    # --- what is picked -------------------------------------------------------------------------

    def action_write(self) -> None:
        """Do what the line says."""
        if self.cursor == PAPER:
            self.action_paper()
        if self.cursor == SEND:
            before_export(self, self.loaded.case, self._send)
        for way in self._ways:
            if way.id == self.cursor:
                self._pick(way)

    def action_open(self) -> None:
        """A click does it too."""
        self.action_write()

    def action_digit(self, digit: int) -> None:
        """Pick by number."""
        ways = self._ways
        # The tenth is picked with 0, as on a keyboard.
        digit = digit or len("0123456789")
        if digit <= len(ways):
            self.to_row(ways[digit - 1].id)
            self._pick(ways[digit - 1])

    @property
    def _ways(self) -> tuple[Way, ...]:
        return ways_of(self.loaded.case)

    def action_paper(self) -> None:
        """Take the other size of pages."""
        papers = tuple(PAPERS)
        self.paper = papers[(papers.index(self.paper) + 1) % len(papers)]
        self.renew()

    def _pick(self, way: Way) -> None:
        before_export(self, self.loaded.case, partial(self._hand_on, way))

    def _send(self, case: Case) -> None:
        ask_where_to(self, partial(self._send_to, self.loaded.reading.of(case)))

    @work(thread=True, exclusive=True)
    def _send_to(self, reading: CaseReading, place: Place) -> None:
        """Write into the record; a server takes a moment."""
        lines = sent_to(self.knowledge, reading, place)
        self.app.call_from_thread(self._were_sent, lines)

    def _were_sent(self, lines: Sequence[Span]) -> None:
        self._written += lines
        self.notice = self._about_file()
        self.renew()

    def _hand_on(self, way: Way, case: Case) -> None:
        self._decided = self.loaded.reading.of(case)
        self.say(*self._about_file())
        if way.clipboard:
            self._copy(way)
        else:
            self._ask_where(way, str(self._free(way)))

    def _copy(self, way: Way) -> None:
        try:
            data = exported(self.knowledge, self._decided, now().date(), _form(way))
        except (ValueError, PackError) as error:
            self._done((f"✗ Not sent: {_why(error)}", "problem"))
            return
        self.app.copy_to_clipboard(data.decode())
        size = len(base64.b64encode(data))
        text = (
            f"Sent to the terminal for its clipboard: {len(data.decode().splitlines())} lines. "
            "Some terminals silently refuse, so paste it to check."
        )
        if way.kind == "note":
            text += " Enter writes it to a file."
        if size > _LARGE:
            text += " It is long, which more terminals refuse."
        self._done((text, "info"))
        if way.kind == "note":
            self.to_row("note")

    def _free(self, way: Way) -> Path:
        """Offer a name that is not taken yet."""
        folder = (self.keta.resources.cases / EXPORTS).absolute()
        path = folder / export_name(self.loaded.stamp.path, self.loaded.case, _form(way))
        end = AGE if self._locked else ""
        offered, number = path.with_name(path.name + end), 1
        while offered.exists() or offered.is_symlink():
            number += 1
            offered = path.with_name(f"{path.stem}-{number}{path.suffix}{end}")
        return offered

    @property
    def _locked(self) -> bool:
        """Whether the case is of an encrypted folder: what leaves it is encrypted, unless told."""
        return is_secret(self.loaded.stamp.path.parent)

    def _ask_where(self, way: Way, text: str) -> None:
        def done(text: str | None) -> None:
            self.body.focus()
            if text:
                self._begin(way, full_path(text))
            else:
                self.say(("Nothing written.", "muted"))

        self.query_one(Prompt).ask("File", text, done)

    def _begin(self, way: Way, path: Path) -> None:
        if path.is_dir():
            path = path / self._free(way).name
        if self._locked and path.suffix != AGE:
            self._ask_plain(way, path)
        else:
            self._begin_at(way, path)

    def _ask_plain(self, way: Way, path: Path) -> None:
        def answered(yes: bool) -> None:
            self.body.focus()
            if yes:
                self._begin_at(way, path)
            else:
                self._ask_where(way, str(self._free(way)))

        self.say((f"! Not encrypted: only a name that ends in {AGE} is.", "caution"))
        self.query_one(Prompt).ask_yes_or_no("Write it for anybody to read?", answered)

    def _begin_at(self, way: Way, path: Path) -> None:
        if is_kept_case(path, self.keta.resources.cases):
            self.say((f"✗ {safe(str(path))}: {NEVER_OVER_A_CASE}.", "problem"))
            self._ask_where(way, str(self._free(way)))
            return
        if not (path.exists() or path.is_symlink()):
            self._write(way, path, force=False)
            return

        def answered(yes: bool) -> None:
            self.body.focus()
            if yes:
                self._write(way, path, force=True)
            else:
                self._ask_where(way, str(self._free(way)))

        self.say((f"! {safe(str(path))} is there already.", "caution"))
        self.query_one(Prompt).ask_yes_or_no("Write over it?", answered)

    def _write(self, way: Way, path: Path, *, force: bool) -> None:
        self.say((f"Writing {way.title.casefold()} …", "info"))
        self._make(way, path, force, self.paper)

    @work(thread=True, exclusive=True)
    def _make(self, way: Way, path: Path, force: bool, paper: Paper) -> None:
        """Make the file; pages take a moment."""
        today = now().date()
        try:
            data = exported(self.knowledge, self._decided, today, _form(way), paper)
            is_sealed = self._locked and path.suffix == AGE
            seal = seal_of(self.loaded.stamp.path.parent) if is_sealed else Seal(path.parent)
            if path.parent == (self.keta.resources.cases / EXPORTS).absolute():
                prepare_folder(path.parent, ours=True)
            write_new(path, seal.data(data), force=force)
        except FileExistsError:
            said: Span = (f"✗ {path} is there already; nothing written.", "problem")
        except (NoPdfError, PackError) as error:
            said = (f"✗ {error}", "problem")
        except (OSError, ValueError, CaseError) as error:
            said = (f"✗ Not written: {_why(error)}", "problem")
        else:
            said = (f"✓ {way.title}, written to {path}", "good")
        self.app.call_from_thread(self._done, said)

    def _done(self, said: Span) -> None:
        self._written.append(said)
        self.notice = self._about_file()
        self.renew()


def _form(way: Way) -> Export:
    return Export(way.format, way.kind)


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror or type(error).__name__}"
    return str(error).splitlines()[0]
