"""Home: what can be done, and the state of each."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from ketatui.criteria.vocabulary import PAYER
from ketatui.first_frame import catch_up, is_ahead
from ketatui.tui.actions import Action, bindings, meant, named
from ketatui.tui.at_home import row_of
from ketatui.tui.bound_keys import bindings_of
from ketatui.tui.error_text import said_of
from ketatui.tui.home_folder import due_in, look_into
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.screens.hooks import Typed
from ketatui.tui.session import OpenCase, now
from ketatui.tui.views.home import HomeState, home_lines, none_waits, short_folder, welcome_lines
from ketatui.tui.views.lines import Span
from ketatui.tui.widgets.line_view import LineView

if TYPE_CHECKING:
    from ketatui.cases.drafts import DraftEntry


_DUE = {"due": frozenset({"due", "overdue"})}


class HomeScreen(KetaScreen):
    """The first screen. It is up before the criteria are loaded."""

    CONTEXTS = ("home",)
    HELP_TITLE = "Home"
    HELP_TEXT = (
        "From here a consultation begins or goes on, and saved cases are opened. A draft is what "
        "was not saved when the app was closed or stopped: nothing of it is lost."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("home"),
        Binding("enter", "welcome", show=False),
    ]

    def __init__(self) -> None:
        """Begin without knowing any draft."""
        super().__init__()
        self._drafts: list[DraftEntry] = []
        self._waiting: list[Typed] = []
        self._said: Span | None = None
        self._due = (0, 0)

    def compose(self) -> ComposeResult:
        """Lay out title, lines and hints."""
        yield LineView(id="title", classes="bar")
        yield LineView(id="home")
        yield LineView(id="hint", classes="bar")

    @property
    def begins(self) -> bool:
        """Whether a consultation begins as soon as the criteria are loaded."""
        return self._asked_first == "home.new"

    @property
    def _goes_on(self) -> bool:
        """Whether another screen comes as soon as the criteria are loaded: none sees this one."""
        return (row := row_of(self._asked_first)) is not None and row.opens_at_once

    @property
    def _asked_first(self) -> str:
        """What the first key that waits does; empty where none does."""
        first = self._waiting[0] if self._waiting else None
        return self._action_of(first.key) if isinstance(first, events.Key) else ""

    def shown(self) -> None:
        """Load the criteria, once there is something to look at."""
        if self.keta.resources.knowledge is None:
            self.keta.load_knowledge()

    @property
    def ready(self) -> bool:
        """Whether the criteria are loaded."""
        return self.keta.resources.knowledge is not None

    def available(self, action: Action) -> bool:
        """What reads the criteria waits for them; some of it for something to work on, too."""
        if not self.keta.resources.settings.welcomed:
            return action.context == "app"
        return (self.ready or not _reads_criteria(action.id)) and self._has_some_for(action.id)

    def _has_some_for(self, action: str) -> bool:
        """Tell whether there is anything that an action works on."""
        match action:
            case "home.resume":
                return any(not draft.in_use for draft in self._drafts)
            case "home.due":
                return any(self._due)
            case "home.board":
                return any(draft.timed for draft in self._drafts)
            case _:
                return True

    def keeps_for_later(self, event: Typed) -> bool:
        """Keep keys that need the criteria, and all behind them, until these are loaded."""
        resources = self.keta.resources
        loaded = self.ready and not self._waiting
        if loaded or resources.problems or not resources.settings.welcomed:
            return False
        waits = bool(self._waiting)
        if isinstance(event, events.Key):
            waits = waits or _reads_criteria(self._action_of(event.key))
            waits = waits and not event.key.startswith("ctrl+")
        if waits:
            self._waiting.append(event)
        return waits

    async def _act_on(self, event: events.Key) -> None:
        """Do what a key means; what needs criteria that cannot be used says so instead."""
        if not self._is_refused(self._action_of(event.key)):
            await super()._act_on(event)

    def _is_refused(self, ident: str) -> bool:
        """Tell whether an action needs criteria that cannot be used, and say so if it does."""
        resources = self.keta.resources
        if not (resources.problems and resources.settings.welcomed and _reads_criteria(ident)):
            return False
        (action,) = named(ident)
        said = f"{action.title}: not while the criteria cannot be used. The reason stands below."
        self.show_hint((said, "problem"))
        return True

    def _action_of(self, key: str) -> str:
        """Return the id of what a key does here; empty for nothing."""
        found = (binding for one in meant(key) for binding in bindings_of(self, one))
        return next((binding.id or "" for binding in found), "")

    async def _take_waiting(self) -> None:
        """Do what was asked for while the criteria were loading, in its turn."""
        left_out, waiting, self._waiting = self._goes_on, self._waiting, []
        for event in waiting:
            top = self.app.screen
            if isinstance(top, KetaScreen):
                await top.take_key(event)
            if self._reveal():
                # No consultation could be begun: what was typed behind was meant for it.
                break
        if left_out and self.app.screen is self:
            self._show_loaded()

    def _compositor_refresh(self) -> None:
        """Paint, but not over a screen that is shown already and about to be opened."""
        if not is_ahead():
            super()._compositor_refresh()

    def _reveal(self) -> bool:
        """Be painted after all where that screen did not come; return whether that is so."""
        revealed = self.app.screen is self and catch_up()
        if revealed:
            self.refresh()
        return revealed

    def _hints(self) -> list[str]:
        hints = super()._hints()
        # On a small screen the line that says so may be out of sight.
        return hints if self.keta.resources.settings.welcomed else ["Enter continues", *hints]

    def redraw(self) -> None:
        """Show the present state."""
        if not self.is_mounted:
            return
        resources = self.keta.resources
        view = self.query_one("#home", LineView)
        width = max(view.size.width, 20)
        self.show_title("decision support for professionals")
        if not resources.settings.welcomed:
            view.show(welcome_lines(str(resources.cases), width))
            self.show_hint()
            return
        said = (self.keta.warning, "caution") if self.keta.warning else self._said
        state = HomeState(
            knowledge=resources.knowledge,
            problems=resources.problems,
            drafts=self._drafts,
            cases=None,
            awaiting=0,
            folder=short_folder(resources.cases),
            secrecy="",
            now=now(),
            due=self._due,
            keymap=resources.settings.keymap,
        )
        if resources.library is not None:
            work = self.keta.library_work
            found = look_into(resources, resources.library, work.problem, _today())
            self._drafts = self._drafts if found.drafts is None else found.drafts
            self._due, said = found.due, found.amiss or said
            state = state.replaced(
                drafts=self._drafts,
                cases=found.cases,
                awaiting=found.awaiting,
                secrecy=found.secrecy,
                practice=found.practice,
                due=found.due,
            )
        view.show(home_lines(state, width, view.size.height))
        self.show_hint(said, stays=False)

    def on_screen_resume(self) -> None:
        """Look what changed in the folder meanwhile; that it is drawn anew is seen to already."""
        self.keta.library_work.follow()
        self.call_after_refresh(self._prepare_cases)

    def on_screen_suspend(self) -> None:
        """Say it once only."""
        self._said = None
        catch_up()

    def library_moved(self) -> None:
        """Show how many cases there are by now."""
        self._redraw_if_up()

    def remark(self, text: str) -> None:
        """Say something on the hint line, once the screen is drawn again."""
        self._said = (text, "good")
        self.call_after_refresh(self.show_hint, self._said)

    # --- intents ----------------------------------------------------------------------------

    def action_welcome(self) -> None:
        """Go on from the first-run screen."""
        settings = self.keta.resources.settings
        if not settings.welcomed:
            self.keta.change_settings(settings.replaced(welcomed=True))
            self._show_loaded()

    def action_new(self) -> None:
        """Begin a new consultation."""
        resources = self.keta.resources
        if not resources.settings.welcomed or resources.knowledge is None:
            return
        from ketatui.cases.errors import CaseError
        from ketatui.consultation.edits import SetAnswer
        from ketatui.consultation.saving import begin
        from ketatui.consultation.site import usable

        try:
            consultation, journal = begin(resources.cases, resources.knowledge, now=now())
        except (CaseError, OSError) as error:
            self.show_hint((f"cannot begin: {said_of(error)}", "problem"))
            return
        payer = resources.settings.payer
        if payer in resources.knowledge.pack.payers:
            # Not on a disk that refuses: then the question is asked like any other.
            with suppress(OSError):
                consultation.do(SetAnswer(question=PAYER, value=payer))
        waiting = len(usable(resources.knowledge.pack, resources.settings.site))
        said = f"Site profile: {waiting} answers wait to be confirmed: p, then y."
        self.keta.begins_new()
        self._open(OpenCase(consultation, journal), said if waiting else "")

    def criteria_loaded(self) -> None:
        """Do what was asked for while the criteria were loading, or show that they are there."""
        if self.app.screen is not self:
            self._waiting.clear()
            return
        self.app.call_next(self._take_waiting)  # In the app's turn: no key overtakes them.
        if not self._goes_on:
            self._show_loaded()

    def _show_loaded(self) -> None:
        self._redraw_if_up()
        self.call_after_refresh(self._prepare_cases)
        if self.keta.resources.first_case and not self._waiting:
            from ketatui.tui.reaching import open_first

            open_first(self)

    def action_resume(self) -> None:
        """Resume the draft last worked on."""
        waiting = next((draft.path for draft in self._drafts if not draft.in_use), None)
        if self.ready and waiting:
            self.resume(waiting)
        elif self.ready:
            self.show_hint((none_waits(self._drafts), "info"))

    def resume(self, path: Path) -> None:
        """Resume a draft by its file."""
        from ketatui.cases.errors import CaseError, DraftInUseError
        from ketatui.consultation.saving import resume

        knowledge = self.keta.resources.knowledge
        assert knowledge is not None
        try:
            found = resume(path, knowledge)
        except (CaseError, DraftInUseError, OSError) as error:
            self.show_hint((said_of(error), "problem"))
            return
        self._open(OpenCase(found.consultation, found.journal, found.base), " ".join(found.notices))

    def _open(self, opened: OpenCase, notice: str = "") -> None:
        from ketatui.consultation.closing import is_course_draft, last_visit_of

        self.keta.open_case = opened
        if not is_course_draft(opened.consultation):
            self.keta.go("consultation", opened, notice)
            return
        # A course goes on where it was left: at the visit, if one was being worked on.
        visit = last_visit_of(opened.consultation)
        pathway = opened.consultation.case.courses[-1].pathway
        self.keta.go("course", opened, pathway, notice=notice, visit=visit)

    def action_cases(self) -> None:
        """Open the list of saved cases."""
        if self.ready:
            self.keta.go("cases")

    def action_due(self) -> None:
        """Open the list of the cases in which something is due within a week, or overdue."""
        library, work = self.keta.resources.library, self.keta.library_work
        if library is None:
            return
        # Until the folder has been read, none is known: the list shows what turns up.
        if any(due_in(library, _today())) or work.busy:
            from ketatui.cases.library import Query

            self.keta.go("cases", Query(chosen=_DUE, sort="treatment", falling=False))
        elif work.problem:
            self.show_hint((work.problem, "problem"))
        else:
            self.show_hint(("Nothing in treatment is due within a week.", "info"))

    def _prepare_cases(self) -> None:
        """Put the list together while nobody waits for it, unless somebody went on already."""
        if self.ready and self.app.screen is self:
            self.keta.prepare("cases")

    def action_board(self) -> None:
        """Open the board of running sessions."""
        if self.ready and self.keta.resources.settings.welcomed:
            self.keta.go("board")

    def action_practice(self) -> None:
        """Open the practice cases."""
        resources = self.keta.resources
        if not self.ready or not resources.settings.welcomed:
            return
        from ketatui.cases.errors import CaseError

        try:
            self.keta.go("practice", resources.practice_library())
        except CaseError as error:
            self.show_hint((said_of(error), "problem"))

    def action_criteria(self) -> None:
        """Open the criteria."""
        if self.ready:
            self.keta.go("criteria")

    def action_settings(self) -> None:
        """Open the settings."""
        self.keta.go("settings")

    @on(LineView.Pressed)
    async def _pressed(self, event: LineView.Pressed) -> None:
        if event.view.id != "home":
            return
        event.stop()
        if is_ahead():
            return  # Something else stands where it was clicked.
        if event.target == "quit":
            self.keta.action_leave()
        elif not self._is_refused(f"home.{event.target}"):
            await self.run_action(event.target)


def _reads_criteria(action: str) -> bool:
    row = row_of(action)
    return row is not None and row.reads_criteria


def _today() -> dt.date:
    return now().astimezone().date()
