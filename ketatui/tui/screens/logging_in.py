"""Logging in to a record system from within the app: a browser does it, and the app waits."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual.worker import get_current_worker

from ketatui.records import RecordError
from ketatui.records.login import PATIENCE, Access, log_in
from ketatui.records.server import Place, Server
from ketatui.tui.screens.page import PageScreen
from ketatui.tui.views.lines import Span, safe
from ketatui.tui.widgets.prompt import Prompt

LOGIN = "login"
"""Group of what waits for a login."""
_WAITING = "Waiting for the login (Esc gives up)"


class LoggingIn:
    """One login: says where, waits without holding anything up, and ends at Esc."""

    def __init__(
        self,
        screen: PageScreen,
        server: str,
        go_on: Callable[[Place], object],
        failed: Callable[[Span], object],
    ) -> None:
        """Prepare.

        Args:
            screen: The page it happens on.
            server: The address of the server.
            go_on: Called once with the record that was chosen.
            failed: Called instead with why there is none.
        """
        self._screen, self._server = screen, server
        self._go_on, self._failed = go_on, failed
        self._ended = False

    def begin(self, client: str, *, write: bool) -> None:
        """Begin.

        Args:
            client: What this program is registered as there.
            write: Whether leave is asked to write as well.
        """
        self._screen.say((f"Asking {safe(self._server)} for its login …", "info"))
        work = partial(self._wait, client, write)
        self._screen.run_worker(work, thread=True, group=LOGIN, exclusive=True)

    def _wait(self, client: str, write: bool) -> None:
        """Wait for the browser; on a thread of its own."""
        worker = get_current_worker()
        to_app = self._screen.app.call_from_thread

        def given_up() -> bool:
            return self._ended or worker.is_cancelled

        try:
            access = log_in(
                self._server, client, partial(to_app, self._show), write=write, given_up=given_up
            )
        except RecordError as error:
            came = partial(self._end, str(error))
        else:
            came = partial(self._end, access)
        # Who gave up was told so already.
        if not given_up():
            to_app(came)

    def _show(self, address: str) -> None:
        """Say where to log in, for as long as it is waited for."""
        if not self._ended:
            minutes = f"{PATIENCE // 60:.0f} minutes"
            self._screen.say((f"Log in with a browser, within {minutes}: {address}", "info"))
            self._ask()

    def _ask(self) -> None:
        self._screen.query_one(Prompt).ask(_WAITING, "", self._answered, limit=1)

    def _answered(self, text: str | None) -> None:
        if self._ended:
            return
        if text is not None:
            self._ask()
            return
        self._ended = True
        self._screen.body.focus()
        self._failed(("Not logged in.", "muted"))

    def _end(self, came: Access | str) -> None:
        self._ended = True
        prompt = self._screen.query_one(Prompt)
        if prompt.is_open:
            prompt.close(None)
        self._screen.body.focus()
        if isinstance(came, Access):
            self._go_on(Place(Server(self._server, came.token), came.patient))
        else:
            self._failed((f"✗ {safe(came)}", "problem"))
