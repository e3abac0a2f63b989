"""A saved case, read-only, with its reasons as they stood."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from ketatui.cases.errors import CaseError, DraftInUseError
from ketatui.cases.history import revision_of
from ketatui.cases.integrity import CaseReading
from ketatui.cases.journal import draft_path
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore, Loaded
from ketatui.cases.watching import Watch
from ketatui.consultation.who import saved_on, who_of
from ketatui.criteria.problems import PackError
from ketatui.engine import Knowledge
from ketatui.engine.reassessment import reassess
from ketatui.engine.staleness import stale_answers
from ketatui.tui.actions import Action, bindings
from ketatui.tui.error_text import said_of
from ketatui.tui.screens.page import PageScreen
from ketatui.tui.session import OpenCase, now
from ketatui.tui.views.case import Shown, case_sections
from ketatui.tui.views.case_comparison import Side, in_order
from ketatui.tui.views.case_history import REVISION
from ketatui.tui.views.lines import Span, safe
from ketatui.tui.views.pages import Section

_LOOK_EVERY = 2.0
"""Seconds between two looks at the file; nothing is drawn while it is the same."""
_ONLY_NEWEST = ("case.amend", "case.course", "case.export", "case.review")


class CaseScreen(PageScreen):
    """One saved case, or an older revision of one.

    Attributes:
        loaded: The case as its file holds it, and the file.
        case: What is shown: that case, or an older revision of it.
    """

    CONTEXTS = ("case", "page")
    HELP_TITLE = "Saved case"
    HELP_TEXT = (
        "The case as it stood when it was saved, with the reasons of the criteria of that day. "
        "Every line with ▸ opens: a finding to the rule, the values it read, its authority and "
        "sources; an answer to the question and what read it; a revision to what it changed. "
        "Only the line “Today” is assessed anew. Amending opens the case as a consultation; "
        "saving that makes a new revision and keeps the old one."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("case"))

    def __init__(self, loaded: Loaded, revision: Case | None = None) -> None:
        """Args: the case as loaded; an older revision of it to show in its place."""
        super().__init__()
        self.loaded = loaded
        self.case = revision or loaded.case
        self._watch = Watch(loaded.stamp)
        self._file = "same"
        self._remarks: tuple[Span, ...] = ()

    @property
    def is_newest(self) -> bool:
        """Whether the case is shown as its file holds it."""
        return self.case is self.loaded.case

    @property
    def reading(self) -> CaseReading:
        """What is shown, and what is known of its file."""
        return self.loaded.reading.of(self.case)

    @property
    def knowledge(self) -> Knowledge:
        """The criteria at hand."""
        assert self.keta.resources.knowledge is not None
        return self.keta.resources.knowledge

    @property
    def store(self) -> CaseStore:
        """The folder of cases."""
        assert self.keta.resources.store is not None
        return self.keta.resources.store

    def begin(self) -> None:
        """Keep an eye on the file."""
        self.set_interval(_LOOK_EVERY, self._look_at_file)

    # --- what is shown --------------------------------------------------------------------------

    def who(self) -> str:
        """Say whom it is about."""
        return who_of(self.knowledge, self.case, saved_on(self.case, now().date()))

    def page_title(self) -> str:
        """Return the title."""
        name = safe(self.loaded.stamp.path.name)
        if self.is_newest:
            label = safe(self.case.label)
            return f"{label}  ({name})" if label else name
        return f"{self._which()}  {name}"

    def title_marks(self) -> Sequence[Span]:
        """Say at the right what nobody may overlook."""
        marks: list[Span] = []
        if self.loaded.integrity.seal == "altered":
            marks.append(("ALTERED ", "problem"))
        if self.case.practice:
            marks.append(("PRACTICE ", "caution"))
        if self.case.state == "draft":
            marks.append(("draft ", "info"))
        return [*marks, ("read-only ", "muted")]

    def _which(self) -> str:
        number, newest = self.case.revisions[-1].number, self.loaded.case.revisions[-1].number
        return f"revision {number} of {newest}, not the newest"

    def sections(self, width: int) -> Sequence[Section]:
        """Return the case."""
        today = now().date()
        again = kept = None
        if not self.reading.unknown_here:
            again = reassess(self.knowledge, self.case, today)
            kept = reassess(self.knowledge, self.case, today, keep_stale=True)
        shown = Shown(self.knowledge, self.reading, self.loaded.case, again, kept)
        return case_sections(shown, width)

    def redraw(self) -> None:
        """Show everything, and first what has become of the file."""
        self.notice = (*self._about_revision(), *self.about_file(), *self._remarks)
        super().redraw()

    def _about_revision(self) -> tuple[Span, ...]:
        if self.is_newest:
            return ()
        which = self._which()
        return ((f"! R{which[1:]}. It can be read and compared, not amended.", "caution"),)

    def about_file(self) -> tuple[Span, ...]:
        """Look at the file, and say what has become of it since it was read."""
        self._file = self._watch.look()
        name = safe(self.loaded.stamp.path.name)
        if self._file == "gone":
            text = f"! {name} is not there any more. What stands here is what was read from it."
            return ((text, "problem"),)
        if self._file == "changed":
            text = (
                f"! {name} has changed since it was opened. What stands here is what was read "
                "before; F6 reads it again."
            )
            return ((text, "caution"),)
        return ()

    def _look_at_file(self) -> None:
        if self.is_current and self._watch.look() != self._file:
            self.redraw()

    def available(self, action: Action) -> bool:
        """Only what can be done with this revision, this file, this row."""
        if action.id in _ONLY_NEWEST:
            return self.is_newest
        if action.id == "case.read_again":
            return self._file == "changed"
        if action.id == "case.revision":
            return self._other_revision() is not None
        return super().available(action)

    def _other_revision(self) -> int | None:
        """Return the number of the revision under the cursor, if another one is shown."""
        if not self.cursor.startswith(REVISION):
            return None
        number = int(self.cursor.removeprefix(REVISION))
        return None if number == self.case.revisions[-1].number else number

    def remark(self, *remarks: Span) -> None:
        """Say something above the page, besides what there is to say about the file."""
        self._remarks = remarks
        self.redraw()

    # --- what can be done -----------------------------------------------------------------------

    def show_case(self, loaded: Loaded) -> None:
        """Show the case as it was read or saved again."""
        self.loaded = loaded
        self.case = loaded.case
        self._watch = Watch(loaded.stamp)
        self._remarks = ()
        self.renew()

    def action_read_again(self) -> None:
        """Read the file again; what is on the screen stays if it cannot be read."""
        if self._file != "changed":
            return
        try:
            loaded = self.store.load(self.loaded.stamp.path)
        except (CaseError, OSError) as error:
            said = _first_line(error)
            self.remark((f"✗ Not read: {said}. What stands here was read before.", "problem"))
            return
        self.show_case(loaded)

    def action_today(self) -> None:
        """Show how the case stands under the criteria at hand."""
        if self.reading.unknown_here:
            first = safe(self.reading.unknown_here[0].said_of(""))
            self.remark((f"✗ Not assessed: the criteria do not know {first}.", "problem"))
            return
        self.keta.go("reassessment", self.reading, self.knowledge)

    def _side(self, case: Case) -> Side:
        path = self.loaded.stamp.path
        return Side.of(self.loaded.reading.of(case), path, len(self.loaded.case.revisions))

    def action_compare(self) -> None:
        """Compare with the revision under the cursor, else with one that is chosen."""
        number = self._other_revision()
        if number is None:
            this = self._side(self.case)
            self.keta.go("choose", this, self.loaded, self.knowledge, self.store)
            return
        other = self._revision(number)
        if other is not None:
            older, newer = in_order(self._side(self.case), self._side(other))
            self.keta.go("case_comparison", older, newer, self.knowledge)

    def _revision(self, number: int) -> Case | None:
        pack, path = self.knowledge.pack, self.loaded.stamp.path
        try:
            unknown = bool(self.loaded.reading.unknown_here)
            return revision_of(self.loaded.case, number, pack, path.name, as_saved=unknown)
        except CaseError as error:
            self.remark((f"✗ {_first_line(error)}", "problem"))
            return None

    def action_revision(self) -> None:
        """Open the revision under the cursor as it stood."""
        number = self._other_revision()
        then = self._revision(number) if number is not None else None
        if then is None:
            return
        if number == self.loaded.case.revisions[-1].number:
            self.keta.switch("case", self.loaded)
        elif self.is_newest:
            self.keta.go("case", self.loaded, then)
        else:
            self.keta.switch("case", self.loaded, then)

    def action_export(self) -> None:
        """Hand the case on."""
        if self.is_newest:
            self.keta.go("export", self.loaded, self.knowledge, self.about_file)

    def action_verify(self) -> None:
        """Check that the file is what was last saved, and that its history is whole."""
        path = self.loaded.stamp.path
        if not path.exists():
            self.remark(("✗ Not verified: the file is not there.", "problem"))
            return
        problems = self.store.verify(path)
        if problems:
            lines = [f"✗ {safe(item.said_of(path.name))}" for item in problems]
            self.remark(*((text, "problem") for text in lines))
            return
        count = len(self.loaded.case.revisions)
        what = "revision 1 is" if count == 1 else f"revisions 1 to {count} are"
        text = f"✓ Verified: {what} as sealed, and the content is what was saved last."
        limits = "Seals find changes made outside the program; they do not prove who made them."
        self.remark((text, "good"), (f"  {limits}", "muted"))

    def action_review(self) -> None:
        """Comment on the case, agree or disagree with the decision, sign it."""
        if self.is_newest:
            self.keta.go("review", self.loaded, self.show_case)

    def action_course(self) -> None:
        """Open the course of treatment: the last one, or one that is begun for what was decided."""
        if not self.is_newest:
            return
        pathway = self.case.decision.pathway
        if not self.case.courses and pathway not in self.knowledge.pack.pathways:
            said = "No pathway was decided for: a course begins with a decision (F9 amends)."
            self.remark((f"✗ {said}", "problem"))
            return
        opened = self._open_draft()
        if opened is None:
            return
        chosen = self.case.courses[-1].pathway if self.case.courses else str(pathway)
        try:
            self.keta.go("course", opened, chosen, self.show_case)
        except PackError as error:
            self.keta.close_case()
            self.remark((f"✗ {safe(str(error))}", "problem"))

    def _open_draft(self) -> OpenCase | None:
        """Open a draft of the case; go on with one that waits, or say why there can be none."""
        from ketatui.cases.drafts import is_in_use
        from ketatui.consultation.saving import amend, is_ours

        store = self.store
        if is_ours(store, self.loaded):
            draft = draft_path(self.keta.resources.cases, self.loaded.case.id)
            if draft.exists():
                if is_in_use(draft):
                    # The case stays on the screen: it can be read meanwhile.
                    said = "✗ This case is being amended in another window; finish it there first."
                    self.remark((said, "problem"))
                else:
                    self.keta.resume_draft(draft)
                return None
        try:
            consultation, journal = amend(store, self.loaded, self.knowledge, now=now())
        except (CaseError, DraftInUseError, OSError) as error:
            self.remark((f"✗ {said_of(error)}", "problem"))
            return None
        base = self.loaded.stamp if is_ours(store, self.loaded) else None
        opened = OpenCase(consultation, journal, base)
        self.keta.open_case = opened
        return opened

    def action_amend(self) -> None:
        """Open the case as a consultation whose saving makes a new revision."""
        if not self.is_newest:
            return
        opened = self._open_draft()
        if opened is None:
            return
        notice = "Amending: saving makes a new revision; the saved one stays as it is."
        stale = stale_answers(self.knowledge, self.loaded.case, now().date())
        if stale:
            oldest = min(item.since for item in stale)
            many = "1 answer is" if len(stale) == 1 else f"{len(stale)} answers are"
            first = self.knowledge.pack.questions[stale[0].question].label
            notice = f"{many} too old to count: ask again. Oldest, {oldest}: {first}."
        self.keta.switch("consultation", opened, notice)


def _first_line(error: Exception) -> str:
    # The title bar names the file; its folder would fill the line.
    return safe(said_of(error))
