"""Proposals: what a patient's record would answer, confirmed one by one or by section."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import BindingType

from ketatui.consultation.edits import ConfirmProposals
from ketatui.consultation.site import SITE, usable
from ketatui.criteria.problems import PackError
from ketatui.criteria.records import load_records
from ketatui.paths import full_path
from ketatui.records import Proposal, Proposals, RecordError
from ketatui.records.offered import (
    kept_in,
    may_be_confirmed,
    offered_by,
    offered_by_server,
    to_confirm,
)
from ketatui.records.server import Place
from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.page import PageScreen
from ketatui.tui.screens.record_server import AskServer
from ketatui.tui.session import OpenCase, now
from ketatui.tui.views.lines import Span, safe
from ketatui.tui.views.pages import Section
from ketatui.tui.views.proposals import (
    ALL,
    key_of,
    number_of,
    proposal_sections,
    section_of,
)
from ketatui.tui.widgets.prompt import Prompt


class ProposalsScreen(PageScreen):
    """A page of proposals."""

    CONTEXTS = ("proposals", "page_only", "page")
    HELP_TITLE = "From a record"
    HELP_TEXT = (
        "What a patient's record (FHIR R4: a Bundle, NDJSON, a folder of either, or one patient "
        "of a server) would answer. "
        "Nothing counts until you confirm it: y takes the proposal under the cursor, or on the "
        "first line of a section all of it. Each row has its day and age, and opens to its "
        "source. What is too old cannot be confirmed, what is old only by saying that it still "
        "holds; what is answered already stays, and nothing "
        "is ever proposed because a record does not mention it. Who confirmed is kept in the case. "
        "A site profile (settings) offers the answers of the place in the same way."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("proposals", "page_only"))

    def __init__(self, opened: OpenCase) -> None:
        """Args: the open case."""
        super().__init__()
        self.opened = opened
        self.consultation = opened.consultation
        knowledge = self.consultation.knowledge
        self.found = kept_in(knowledge, self.consultation.case, self.consultation.today)
        self._source = "kept in this draft"
        self._typed = ""

    def begin(self) -> None:
        """Ask for a record, where the draft brings no proposals along."""
        self._offer_site()
        if not self.found.proposed:
            self.action_record()

    def _offer_site(self) -> None:
        """Offer the answers of the place beside what a record proposes."""
        profile = usable(self.consultation.pack, self.keta.resources.settings.site)
        rows = tuple(
            Proposal(question=ident, value=value, resource=SITE, code=SITE)
            for ident, value in profile.items()
        )
        if rows and not self.found.proposed:
            self._source = SITE
        self.found = self.found.replaced(proposed=(*rows, *self.found.proposed))

    # --- what is shown ------------------------------------------------------------------------

    def page_title(self) -> str:
        """Return the title."""
        return f"From a record   {safe(self._source)}" if self.found.proposed else self.HELP_TITLE

    def title_marks(self) -> Sequence[Span]:
        """Say that something could not be kept."""
        failed = self.opened.failed
        return ((f"NOT KEPT: {failed} ", "problem"),) if failed else ()

    def sections(self, width: int) -> Sequence[Section]:
        """Return the page."""
        reasons = [self._why_not(item) for item in self.found.proposed]
        pack, today = self.consultation.pack, self.consultation.today
        return proposal_sections(pack, self.consultation.case, self.found, reasons, today, width)

    def _why_not(self, item: Proposal) -> str:
        return may_be_confirmed(self.consultation.case, item)

    def available(self, action: Action) -> bool:
        """Without proposals there is nothing to confirm."""
        if action.id == "proposals.take":
            return bool(self.found.proposed)
        if action.id == "page.open" and self.cursor.startswith(ALL):
            return True
        return super().available(action)

    # --- reading ------------------------------------------------------------------------------

    def action_record(self) -> None:
        """Ask which record to read."""

        def done(text: str | None) -> None:
            self.body.focus()
            said = (text or "").strip()
            self._typed = said
            if said.startswith(("http://", "https://")):
                AskServer(self, self._ask_server, self.action_record).begin(said)
            elif said:
                path = full_path(said)
                self.say((f"Reading {path} …", "info"))
                self._read(path.name, partial(offered_by, path=path))
            elif not self.found.proposed:
                self.dismiss()

        self.query_one(Prompt).ask("Record (file, folder or server)", self._typed, done)

    def _ask_server(self, place: Place) -> None:
        self.say((f"Reading from {place.server.address} …", "info"))
        self._read(place.server.address, partial(offered_by_server, place=place))

    @work(thread=True, exclusive=True)
    def _read(self, name: str, read: Callable[..., Proposals]) -> None:
        """Read a record; a large one or a server takes a moment."""
        knowledge, case = self.consultation.knowledge, self.consultation.case
        try:
            mapping = load_records(knowledge.pack)
            found = read(knowledge, mapping, on=self.consultation.today, case=case)
        except RecordError as error:
            said: Span = (f"✗ {error}", "problem")
            self.app.call_from_thread(self._not_read, said)
        except PackError as error:
            said = (f"✗ {error.problems[0].message}", "problem")
            self.app.call_from_thread(self._not_read, said)
        else:
            self.app.call_from_thread(self._was_read, name, found)

    def _not_read(self, said: Span) -> None:
        self.say(said)
        self.action_record()

    def _was_read(self, name: str, found: Proposals) -> None:
        self.found, self._source, self._typed = found, name, ""
        count = len(found.proposed)
        self._offer_site()
        what = "1 answer" if count == 1 else f"{count} answers"
        self.notice = ((f"{what} proposed. None counts until it is confirmed.", "info"),)
        self.renew()

    # --- confirming ---------------------------------------------------------------------------

    def action_take(self) -> None:
        """Confirm what is under the cursor: a proposal, or all of a section."""
        number = number_of(self.cursor)
        if number is not None:
            self._take_one(self.found.proposed[number])
        elif self.cursor.startswith(ALL):
            self._take(self._able_in(self.cursor.removeprefix(ALL)))

    def action_open(self) -> None:
        """Open a row; the line of a whole section confirms it, by a click too."""
        if self.cursor.startswith(ALL):
            self.action_take()
        else:
            super().action_open()

    def _able_in(self, section: str) -> tuple[Proposal, ...]:
        pack = self.consultation.pack
        return tuple(
            item
            for item in self.found.proposed
            if section_of(pack, item) == section and not (item.old or self._why_not(item))
        )

    def _take_one(self, item: Proposal) -> None:
        """Take one; what is old only once somebody says that it still holds."""
        if not item.old or self._why_not(item):
            self._take((item,))
            return

        def answered(yes: bool) -> None:
            self.body.focus()
            if yes:
                self._take((item,))
            else:
                self.say(("Not taken: ask again.", "caution"))

        day = (item.date or "")[:10]
        self.query_one(Prompt).ask_yes_or_no(f"From {day}. Does it still hold?", answered)

    def _take(self, items: tuple[Proposal, ...]) -> None:
        why = self._why_not(items[0])
        if why:
            self.say((f"Not taken: {why}.", "caution"))
            return
        by = self.keta.resources.settings.by.strip()
        if by:
            self._confirm(items, by)
            return

        def named(text: str | None) -> None:
            self.body.focus()
            if text and text.strip():
                settings = self.keta.resources.settings
                self.keta.change_settings(settings.replaced(by=text.strip()))
                self._confirm(items, text.strip())
            else:
                self.say(("Nothing taken: who confirms it has to be said.", "caution"))

        self.query_one(Prompt).ask("Confirmed by", "", named, limit=80)

    def _confirm(self, items: tuple[Proposal, ...], by: str) -> None:
        edit = ConfirmProposals(rows=tuple(map(to_confirm, items)), by=by, at=now())
        whole = self.cursor.startswith(ALL)
        if self._keep(lambda: self.consultation.do(edit)):
            count = "1 answer" if len(items) == 1 else f"{len(items)} answers"
            self.notice = ((f"✓ {count} taken, confirmed by {by}. Ctrl+Z undoes it.", "good"),)
            self.renew()
            self._go_on(whole=whole)

    def _go_on(self, *, whole: bool) -> None:
        """Go to the next proposal that waits, or to the line for all of its section.

        Only who confirmed a whole section is led to another: one by one stays one by one.
        """
        here = number_of(self.cursor) or 0
        order = [*range(here, len(self.found.proposed)), *range(here)]
        # What is old asks for a word of its own, and comes last.
        for number in sorted(order, key=lambda number: self.found.proposed[number].old):
            item = self.found.proposed[number]
            if not self._why_not(item):
                section = section_of(self.consultation.pack, item)
                several = whole and len(self._able_in(section)) > 1
                self.to_row(f"{ALL}{section}" if several else key_of(number))
                return

    def action_undo(self) -> None:
        """Take back the last change."""
        if self._keep(self.consultation.undo):
            self.notice = (("Undone.", "info"),)
            self.renew()

    def _keep(self, change: Callable[[], object]) -> bool:
        if not self.opened.keep(change):
            self.say((f"Could not be written to disk: {self.opened.failed}", "problem"))
            return False
        return True
