"""The app: themes, signals, loading, and which screen is on top. Nothing else."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual import events, work
from textual.binding import BindingType
from textual.driver import Driver
from textual.screen import Screen
from textual.timer import Timer

from ketatui.first_frame import forget_first_frames
from ketatui.garbage import collect_garbage
from ketatui.settings import Settings, load_settings
from ketatui.tui.actions import bindings, named, usable_keymap
from ketatui.tui.first_paints import FirstPaints
from ketatui.tui.idle import passed, seconds_left
from ketatui.tui.library_work import LibraryMoved, LibraryWork
from ketatui.tui.routes import KEPT, build, import_later, name_of
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.session import OpenCase, Resources
from ketatui.tui.stopping import Stopping
from ketatui.tui.style_sheet import KeptSheet
from ketatui.tui.terminal_input import reading_driver
from ketatui.tui.terminal_output import lean_driver
from ketatui.tui.themes import ANSI, THEMES, has_few_colors
from ketatui.tui.widgets.line_view import LOOKS
from ketatui.tui.widgets.painting_app import PaintingApp

if TYPE_CHECKING:
    from ketatui.consultation.privacy import Kept
    from ketatui.practice.run import PracticeRun
    from ketatui.tui.host import Home

_GRACE = 10.0
"""Seconds a stopped app has to restore the terminal before the process ends all the same."""

_RECENT = 20
"""Places that the palette remembers."""

_STARTED = 1.0
"""Seconds after loading by which the start is over."""

_TURN = 0.0005
"""Seconds after which a thread that computes lets another one go on.

On its way to the screen a key goes through three threads, and each waits for that while the
criteria or many cases are read: with Python's own 5 ms twenty times as long as the key takes.
"""


class KetaApp(PaintingApp):
    """KetaTUI on the screen."""

    TITLE = "KetaTUI"
    CSS_PATH = "styles/app.tcss"
    COMPONENT_CLASSES = LOOKS
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("app", "typing"))
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, resources: Resources, *, clock: Callable[[], float] = passed) -> None:
        """Begin.

        Args:
            resources: Folders and settings; the pack is loaded once the first screen is up.
            clock: Measures how long nobody has done anything, in seconds.
        """
        # Said before the theme is known: else Textual turns no color into black on black.
        super().__init__(ansi_color=True if os.environ.get("NO_COLOR") else None)
        # Notices and hints stand in the lines of a screen; Textual's would be laid out with it.
        self._disable_notifications = self._disable_tooltips = True
        self.resources = resources
        self.open_case: OpenCase | None = None
        self.open_run: PracticeRun | None = None
        self.kept_identifiers: set[Kept] = set()
        self.recent: list[str] = []
        self._clock = clock
        self._last_used = clock()
        self._idle_timer: Timer | None = None
        self.library_work = LibraryWork(self, resources)
        self._stopped = False
        self.stopping = Stopping(self._stop)
        self.first_paints = FirstPaints(self, self)
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = self._theme_to_use(resources.settings)
        self.stylesheet = KeptSheet(variables=self.get_css_variables())
        keymap, said = usable_keymap(resources.settings.keymap)
        self.set_keymap(keymap)
        self.warning = resources.settings.problem or said

    def get_driver_class(self) -> type[Driver]:
        """Take the terminal's driver, telling keys apart and writing in fewer bytes."""
        driver = reading_driver(super().get_driver_class())
        # Textual asks for the class before there is anything that could take note.
        return lean_driver(driver, lambda text: self.first_paints.note(text))

    @staticmethod
    def _theme_to_use(settings: Settings) -> str:
        if os.environ.get("NO_COLOR") or has_few_colors(os.environ):
            return ANSI.name
        known = {theme.name for theme in THEMES}
        return settings.theme if settings.theme in known else "ketatui-dark"

    async def on_event(self, event: events.Event) -> None:
        """Let the screen act on a key before the next one is looked at."""
        if self._stopped and isinstance(event, events.InputEvent | events.Paste):
            # Keys still waiting when the terminal went away: the draft is closed already.
            return
        if isinstance(event, events.InputEvent | events.Paste) and not event.is_forwarded:
            if not self.is_paused and self.pause_if_idle():
                return  # It came too late to be meant for what is on the screen.
            self.used()
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            screen = self.screen
            if isinstance(screen, KetaScreen):
                with screen.painted_at_once():
                    await screen.take_key(await screen.with_letters_behind(event))
                return
        await super().on_event(event)

    def get_default_screen(self) -> Screen[Any]:
        """Begin with home: an empty screen below it would be laid out and styled as well."""
        return self.fitted(build("home"))

    def on_mount(self) -> None:
        """Begin to watch; home loads everything heavy once it has been painted."""
        self.stopping.begin()
        self.pause_if_idle()

    def action_help_quit(self) -> None:
        """Say what quits: Ctrl+C is what hands try, and a slip of it must end nothing."""
        if isinstance(self.screen, KetaScreen):
            key = named("app.quit")[0].key_with(self.resources.settings.keymap)
            self.screen.show_hint((f"{key} quits; a draft stays on disk.", "info"))

    @work(thread=True, exclusive=True)
    def load_knowledge(self) -> None:
        """Load the pack in a thread, then tell the screens."""
        self.resources.load()
        home = self._home
        if home is None or not home.begins:
            _ = self.resources.library  # Home counts what is in it.
        self.call_from_thread(self._loaded)

    def _loaded(self) -> None:
        from ketatui.cases.folders import open_to_others

        if not self.warning and open_to_others(self.resources.cases):
            self.warning = "others on this machine can open the cases folder; close it: chmod 700"
        home = self._home
        begins = home is not None and home.begins
        for screen in self.screen_stack:
            if isinstance(screen, KetaScreen):
                screen.criteria_loaded()
        if name_of(self.screen) == "home" and not begins:
            self.library_work.follow()
        # A consultation begun meanwhile is still being put together.
        self.set_timer(_STARTED, self._settle)

    def _settle(self) -> None:
        """Do what can wait until a start is over."""
        collect_garbage()
        self.first_paints.keep()
        self.library_work.follow()
        self.set_timer(_STARTED, self._prepare_texts)

    def _prepare_texts(self) -> None:
        """Prepare what texts and the palette need, while nobody waits for something else."""
        if self._clock() - self._last_used < _STARTED:
            self.set_timer(_STARTED, self._prepare_texts)
        else:
            self.run_worker(self._prepare, thread=True)

    def _prepare(self) -> None:
        import_later()
        self.resources.prepare_texts()

    def on_library_moved(self, event: LibraryMoved) -> None:
        """Let the screen on top show what the library has taken in."""
        event.stop()
        if isinstance(self.screen, KetaScreen):
            self.screen.library_moved()

    def change_settings(self, settings: Settings) -> str:
        """Put settings into force and keep them; return what went wrong, if anything."""
        self.resources.settings = settings
        forget_first_frames()
        self.first_paints.forget()
        if self._idle_timer is not None:
            self._idle_timer.stop()
        self._look_again()
        self.theme = self._theme_to_use(settings)
        # Imported here: few starts change a setting.
        from ketatui.cases.settings_file import save_settings

        try:
            save_settings(settings)
        except OSError as error:
            return f"settings could not be kept: {error.strerror or error}"
        return settings.problem

    def go(self, route: str, *given: Any, **named: Any) -> None:
        """Open a screen by its name; one that is kept for good begins anew."""
        if route not in KEPT:
            self.push_screen(build(route, *given, **named))
            return
        self.prepare(route)
        screen = self.get_screen(route, KetaScreen)
        if screen not in self.screen_stack:
            screen.open_anew(*given, **named)
            self.push_screen(screen)

    def switch(self, route: str, *given: Any, **named: Any) -> None:
        """Open a screen in place of the one on top."""
        self.switch_screen(build(route, *given, **named))

    def back_to(self, route: str) -> None:
        """Close all screens above the topmost one of that name."""
        while len(self.screen_stack) > 1 and name_of(self.screen) != route:
            self.pop_screen()

    def uncover(self, screen: object) -> None:
        """Close all screens above one that is open."""
        while self.screen is not screen and len(self.screen_stack) > 1:
            self.pop_screen()

    def begins_new(self) -> None:
        """Take note that a consultation without an answer is opened next."""
        self.first_paints.begins_new()

    def prepare(self, route: str) -> None:
        """Put a screen together that is kept for good."""
        if not self.is_screen_installed(route):
            self.install_screen(build(route), route)
            # What pushing it does first: it is then mounted, and shown nowhere yet.
            self._get_screen(route)

    def go_home(self, remark: str = "") -> None:
        """Close all screens above home, and say something there."""
        self.back_to("home")
        if self._home is not None and remark:
            self._home.remark(remark)

    def resume_draft(self, path: Path) -> None:
        """Go home and on with a draft from there."""
        self.go_home()
        if self._home is not None:
            self.screen.call_after_refresh(self._home.resume, path)

    @property
    def _home(self) -> Home | None:
        screens = (it for it in self.screen_stack if name_of(it) == "home")
        return cast("Home | None", next(screens, None))

    # --- a screen that nobody uses -------------------------------------------------------------

    @property
    def is_paused(self) -> bool:
        """Whether the screen is blank because nobody has used it."""
        return name_of(self.screen) == "paused"

    def used(self) -> None:
        """Take note that somebody is there."""
        self._last_used = self._clock()
        if isinstance(self.screen, KetaScreen):
            self.screen.cover(False)
        self.pause_if_idle()

    def pause_if_idle(self) -> bool:
        """Blank the screen if nobody has used it for the set time; else look again when due.

        One on which a session's clock runs stays up, without the name of its case: the keys that
        are pressed there are meant for what is seen.

        Returns:
            Whether the screen is blank.
        """
        if self.is_paused:
            return True
        minutes = self.resources.settings.blank_after
        left = seconds_left(self._last_used, self._clock(), minutes)
        screen = self.screen
        if left == 0 and isinstance(screen, KetaScreen) and screen.stays_up:
            screen.cover(True)
            left = minutes * 60.0
        if left == 0:
            self.go("paused")
            return True
        if left is not None and self._idle_timer is None:
            self._idle_timer = self.set_timer(left, self._look_again)
        return False

    def _look_again(self) -> None:
        self._idle_timer = None
        self.pause_if_idle()

    # --- leaving ----------------------------------------------------------------------------

    def close_case(self) -> None:
        """Leave the open consultation or run; its draft stays unless nothing was entered."""
        run, self.open_run = self.open_run, None
        if run is not None:
            with suppress(OSError):
                run.leave()
        opened, self.open_case = self.open_case, None
        if opened is not None:
            from ketatui.consultation.saving import leave

            with suppress(OSError):
                leave(opened.consultation, opened.journal)

    def action_leave(self) -> None:
        """Quit; every answer is on disk already."""
        self.close_case()
        self.first_paints.keep_list()
        self.exit(0)

    def _stop(self, status: int) -> None:
        """Restore the terminal when the window is closed or the process is told to stop."""
        self._stopped = True
        # Should the terminal be gone altogether, a thread that reads it could keep us alive.
        certain = threading.Timer(_GRACE, os._exit, (status,))
        certain.daemon = True
        certain.start()
        self.close_case()
        self.exit(status, return_code=status)

    def action_replace_typed(self) -> None:
        """Replace what looks like an identifier in the text being typed."""
        if isinstance(self.screen, KetaScreen):
            self.screen.replace_typed()

    def action_help(self) -> None:
        """Open the help page of the screen on top."""
        screen = self.screen
        if isinstance(screen, KetaScreen) and name_of(screen) != "help":
            self.go("help", screen)

    def action_palette(self) -> None:
        """Open the palette over the screen on top, or close it."""
        screen = self.screen
        if name_of(screen) == "palette":
            self.pop_screen()
        elif (
            isinstance(screen, KetaScreen)
            and not self.is_paused
            and self.resources.settings.welcomed
        ):
            self.go("palette", screen)

    def went_to(self, name: str) -> None:
        """Remember where somebody went by the palette, the latest first."""
        self.recent = [name, *(other for other in self.recent if other != name)][:_RECENT]

    def _handle_exception(self, error: Exception) -> None:
        """Keep the draft, then report without any answer, note or local variable."""
        from ketatui.tui.crash import write_report

        self._return_code = 1
        path = write_report(error, self.resources.cases)
        self.close_case()
        self.exit(
            1,
            return_code=1,
            message=(
                f"KetaTUI stopped because of an error of its own ({type(error).__name__}). "
                "Every answer is on disk: start again and resume the draft.\n"
                f"A report without any answer is in {path}."
            ),
        )


def run(cases: Path, criteria: Path | None, policy: Path | None, first_case: str) -> int:
    """Open the app and wait until it is left.

    Args:
        cases: Folder of saved cases.
        criteria: Folder of the pack; None for the default.
        policy: A local policy file.
        first_case: The id of a saved case that is opened at once; empty for none.

    Returns:
        The exit status.
    """
    sys.setswitchinterval(_TURN)
    settings = load_settings()
    chosen = policy or (Path(settings.policy) if settings.policy else None)
    app = KetaApp(Resources(cases, criteria, chosen, settings, first_case=first_case))
    app.stopping.note()
    app.run()
    app.resources.close()
    return app.return_code or 0
