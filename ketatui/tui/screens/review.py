"""Review a saved case: comment, agree or disagree, sign, ask others for a review."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from ketatui.cases.errors import CaseError, ChangedOnDisk
from ketatui.cases.integrity import CaseReading
from ketatui.cases.signatures import unsealed
from ketatui.cases.store import CaseStore, Loaded
from ketatui.consultation.review_words import amended_text
from ketatui.consultation.reviewing import (
    Reviewed,
    ReviewRefusedError,
    Step,
    meanwhile_text,
    review,
    said_of,
    with_steps,
)
from ketatui.consultation.who import saved_on, who_of
from ketatui.criteria.pack import Pack
from ketatui.reports.blocks import Report
from ketatui.reports.short_note import short_note
from ketatui.tui import error_text
from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.aside import AsideScreen
from ketatui.tui.session import now
from ketatui.tui.views.asides import note_lines
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Line, Span, safe
from ketatui.tui.views.review import Written, confirmation, review_items, subject_items
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.prompt import Prompt

_ASKS = {
    "comment": "Comment (no names)",
    "reason": "Reason",
    "name": "Your name or initials",
    "role": "Your role",
}


class ReviewScreen(AsideScreen):
    """What was said of a case, and what one says of it."""

    CONTEXTS = ("form", "review")
    HELP_TITLE = "Review"
    HELP_TEXT = (
        "What reviewers say is added to the case permanently and changes nothing in it. It belongs "
        "to the revision it was said of: once the case is amended, it is shown as old. Name, "
        "role and time are as typed and as this machine's clock says; nothing proves them."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("review"))

    def __init__(self, loaded: Loaded, kept: Callable[[Loaded], None]) -> None:
        """Begin with nothing entered.

        Args:
            loaded: The case as it is looked at.
            kept: Told the case as it stands on disk, whenever that is read or written.
        """
        super().__init__()
        self.loaded = loaded
        self.written = Written()
        self._kept = kept
        self._problems: tuple[str, ...] = ()
        self._notice: Span | None = None
        self._asked: tuple[Step, ...] | None = None
        self._leaving = False
        self._noted: tuple[CaseReading, Report] | None = None
        self._finding: str | None = None
        """What is looked for on the page of subjects; None while the form is shown."""

    def compose(self) -> ComposeResult:
        """Lay out title, form, prompt and hints."""
        yield LineView(id="title", classes="bar")
        yield from self.compose_panes()
        yield Prompt(id="prompt")
        yield LineView(id="hint", classes="bar")

    @property
    def store(self) -> CaseStore:
        """The saved cases."""
        assert self.keta.resources.store is not None
        return self.keta.resources.store

    @property
    def pack(self) -> Pack:
        """The criteria."""
        assert self.keta.resources.knowledge is not None
        return self.keta.resources.knowledge.pack

    def begin(self) -> None:
        """Show the review for the first time."""
        settings = self.keta.resources.settings
        self.written = Written(name=settings.by, role=settings.role)
        self._look()
        self.form.set_items(self.items(), fresh=True)

    def _look(self) -> None:
        """Check the case: a broken one cannot be added to."""
        found = unsealed(self.loaded.case, self.pack)
        self._problems = tuple(problem.said_of("") for problem in found)

    def items(self) -> Sequence[FormItem]:
        """Return the form, or what a comment can be on."""
        case = self.loaded.case
        if self._finding is not None:
            return subject_items(self.pack, case, self._finding)
        return review_items(
            self.pack, self.loaded.reading, self.written, self._problems, self._notice
        )

    def aside_lines(self, width: int) -> Sequence[Line]:
        """Return the note of the case, and what it rests on."""
        knowledge, reading = self.keta.resources.knowledge, self.loaded.reading
        assert knowledge is not None
        if self._noted is None or self._noted[0] is not reading:
            self._noted = (reading, short_note(knowledge, reading, now().date()))
        return note_lines("The case in short", self._noted[1], width)

    def who(self) -> str:
        """Say whom it is about."""
        knowledge, case = self.keta.resources.knowledge, self.loaded.case
        return who_of(knowledge, case, saved_on(case, now().date())) if knowledge else ""

    def redraw(self) -> None:
        """Draw everything from the state."""
        if self.is_mounted:
            label = safe(self.loaded.case.label) or self.loaded.case.id
            state = self.loaded.case.state.replace("_", " ")
            self.show_title(f"Review: {label}", [(f"{state} ", "muted")])
            self.form.set_items(self.items())
            self.draw_aside()
            self.show_hint()

    # --- what is entered --------------------------------------------------------------------

    def _enter(self, **update: Any) -> None:
        self.written = self.written.replaced(**update)
        self._asked, self._leaving = None, False
        self.redraw()

    @property
    def _shut(self) -> bool:
        return not any(item.key == "save" for item in self.form.items)

    def form_answered(self, key: str, value: bool | str | None) -> None:
        """Take a view, a signature's meaning, or a request."""
        if key == "view":
            self._enter(view=value)
            self._ask("reason")
        elif key == "sign":
            self._enter(meaning=value)
            self.form.advance()
        elif key == "request":
            self._enter(request=value is True)
            self.form.advance()

    def form_cleared(self, key: str) -> None:
        """Take a part of the review back."""
        empty: dict[str, dict[str, object]] = {
            "about": {"on": "case"},
            "comment": {"comment": ""},
            "view": {"view": "", "reason": ""},
            "reason": {"reason": ""},
            "sign": {"meaning": ""},
            "request": {"request": False},
            "name": {"name": ""},
            "role": {"role": ""},
        }
        if key in empty:
            self._enter(**empty[key])

    def form_activated(self, key: str) -> None:
        """Open what Enter opens on a line."""
        if key == "save":
            self.action_save()
        elif key == "about":
            self._show_subjects("")
        elif key in _ASKS:
            self._ask(key)
        elif key.startswith("on:"):
            self._pick(key.removeprefix("on:"))
        elif not self._shut:
            self._comment_like(key)

    def _comment_like(self, key: str) -> None:
        """Comment on the decision, or on what another review is on."""
        said = {f"review:{item.id}": item.on for item in self.loaded.case.reviews}
        if key == "decision" or key in said:
            self._enter(on=said.get(key, "decision"))
            self._ask("comment")

    def _ask(self, key: str) -> None:
        def done(text: str | None) -> None:
            self.form.focus()
            if text is not None:
                self._enter(**{key: text})
            self.form.focus_on(key)

        remark = self.show_remark_on if key in ("comment", "reason") else None
        self.query_one(Prompt).ask(_ASKS[key], getattr(self.written, key), done, remark=remark)

    def available(self, action: Action) -> bool:
        """Nothing here can be unknown."""
        return action.id != "form.unknown" and super().available(action)

    def action_comment(self) -> None:
        """Write the comment."""
        if not self._shut:
            self._ask("comment")

    # --- what the comment is on ---------------------------------------------------------------

    def action_about(self) -> None:
        """Find what the comment is on, as one types."""
        if self._shut and self._finding is None:
            return
        self._show_subjects("")

        def typing(text: str) -> None:
            self._show_subjects(text)

        def done(text: str | None) -> None:
            self.form.focus()
            found = [item.key for item in self.form.items if item.selectable]
            if text is None:
                self._show_form()
            elif len(found) == 1:
                self._pick(found[0].removeprefix("on:"))

        self.query_one(Prompt).ask("Find", "", done, typing=typing)

    def _show_subjects(self, text: str) -> None:
        self._finding = text
        self.form.set_items(self.items(), fresh=True)
        self.show_hint()

    def _show_form(self) -> None:
        self._finding = None
        self.form.set_items(self.items(), fresh=True)
        self.form.focus_on("about")

    def _pick(self, on: str) -> None:
        self._show_form()
        self._enter(on=on)
        self.form.focus_on("comment")

    # --- saving and leaving -----------------------------------------------------------------

    def action_save(self) -> None:
        """Say what will be kept forever; the second time, keep it."""
        if self._shut:
            return
        # Who saves is not leaving any more: what cannot be saved is not dropped by the next Esc.
        self._leaving = False
        case, steps, who = self.loaded.case, self.written.steps, self.written.who
        self.form.focus_on("save")
        if not steps:
            self.form.say("Nothing to save yet: comment, agree or disagree, sign, or ask.", "info")
            return
        try:
            with_steps(case, steps, who, now(), case.revisions[-1], self.store.catalog)
        except ReviewRefusedError as refused:
            self.form.say(f"Not saved: {refused}.", "problem")
            return
        if self._asked != steps:
            self._asked = steps
            seen = (self.look_at(step.text) for step in steps)
            asked = [confirmation(self.pack, case, self.written), *filter(None, seen)]
            self.form.say(" ".join(asked), "caution")
            return
        self._asked = None
        try:
            done = review(self.store, self.loaded, steps, who=who, now=now())
        except ChangedOnDisk as changed:
            self._look_again(changed)
        except (ReviewRefusedError, CaseError, OSError) as error:
            said = error_text.said_of(error)
            self.form.say(f"Not saved: {said}. What you entered is still here.", "problem")
        else:
            self._saved(done, steps)

    def _saved(self, done: Reviewed, steps: Sequence[Step]) -> None:
        self._remember()
        self._take(done.loaded)
        said = "; ".join(said_of(step) for step in steps)
        notice = f"Saved as revision {done.loaded.case.revisions[-1].number}: {said}."
        for item in done.meanwhile:
            notice += f" {meanwhile_text(item)}."
        self.written = Written(name=self.written.name, role=self.written.role)
        self.form.set_items((), fresh=True)
        self._notify((notice, "good"))

    def _look_again(self, changed: ChangedOnDisk) -> None:
        """Show the case as it is now; what was entered stays, to be saved or dropped."""
        said = f"Not saved: {changed.what}. What you entered is still here"
        known = len(self.loaded.case.revisions)
        try:
            self._take(self.store.load(changed.path))
        except CaseError:
            self.form.say(f"{said}.", "problem")
            return
        came = self.loaded.case.revisions[known:]
        what = "; ".join(amended_text(self.pack, item) for item in came if item.changes)
        changes = f" Changed: {what}." if what else ""
        self._notify((f"{said}; look at the case again.{changes}", "problem"))
        self.form.action_edge(-1)

    def _notify(self, notice: Span) -> None:
        """Say something at the top of the form and, where that has no room for it, at the foot."""
        self._notice = notice
        self.redraw()
        self.show_hint(notice)

    def _take(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self._kept(loaded)
        self._look()

    def _remember(self) -> None:
        settings = self.keta.resources.settings
        known = settings.replaced(
            by=settings.by or self.written.name, role=settings.role or self.written.role
        )
        if known != settings:
            self.keta.change_settings(known)

    def action_back(self) -> None:
        """Go back to the form, or to the case; what was typed is dropped only when asked twice."""
        if self._finding is not None:
            self._show_form()
        elif self.written.is_empty or self._leaving:
            self.dismiss()
        else:
            self._leaving = True
            self.show_hint(("Not saved yet: s saves it, Esc again drops it.", "caution"))
