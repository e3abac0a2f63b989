"""Which patient's record on which server: asked for on the line below a page."""

from __future__ import annotations

from collections.abc import Callable

from ketatui.paths import full_path
from ketatui.records import RecordError
from ketatui.records.login import check_able
from ketatui.records.server import Place, Server, token_in
from ketatui.tui.screens.logging_in import LoggingIn
from ketatui.tui.screens.page import PageScreen
from ketatui.tui.views.lines import Span, safe
from ketatui.tui.widgets.prompt import Prompt

_ADDRESS = "FHIR server (https://…)"
_PATIENT = "The patient's id there (empty to log in)"
_CLIENT = "What KetaTUI is registered as there"
_TOKEN = "File with the access token (empty for none)"
_Then = Callable[[str], None]


class AskServer:
    """One question after the other; what cannot be is asked again, and Esc ends it."""

    def __init__(
        self,
        screen: PageScreen,
        go_on: Callable[[Place], object],
        ended: Callable[[], None],
        *,
        write: bool = False,
    ) -> None:
        """Prepare.

        Args:
            screen: The page.
            go_on: Called once with what was named.
            ended: Called instead if somebody goes back.
            write: Whether a login asks for leave to write as well.
        """
        self._write = write
        self._screen, self._go_on, self._ended = screen, go_on, ended
        self._address = ""

    def begin(self, address: str = "") -> None:
        """Ask for what is not known.

        Args:
            address: Of the server; empty to ask for it.
        """
        if address:
            self._take_address(address)
        else:
            self.ask(_ADDRESS, "", self._take_address)

    def ask(self, question: str, text: str, then: _Then, limit: int = 400) -> None:
        """Ask one question.

        Args:
            question: The question.
            text: What the field begins with.
            then: Is given the answer.
            limit: Most characters taken.
        """

        def done(text: str | None) -> None:
            self._screen.body.focus()
            if text is None:
                self._ended()
            else:
                then(text.strip())

        self._screen.query_one(Prompt).ask(question, text, done, limit=limit)

    def _take_address(self, text: str) -> None:
        if not text:
            self._ended()
            return
        try:
            self._address = Server(text).address
        except RecordError as error:
            self._again(error, _ADDRESS, text, self._take_address)
        else:
            self.ask(_PATIENT, "", self._take_patient, limit=64)

    def _take_patient(self, patient: str) -> None:
        if not patient:
            self._ask_client()
            return

        def take_token(text: str) -> None:
            try:
                server = Server(self._address, token_in(full_path(text)) if text else "")
            except RecordError as error:
                self._again(error, _TOKEN, text, take_token)
            else:
                self._go_on(Place(server, patient))

        self.ask(_TOKEN, "", take_token)

    def _ask_client(self) -> None:
        try:
            check_able(self._address)
        except RecordError as error:
            self._screen.say((f"✗ {safe(str(error))}", "problem"))
            self._ended()
        else:
            self.ask(_CLIENT, "", self._log_in, limit=200)

    def _log_in(self, client: str) -> None:
        if client:
            login = LoggingIn(self._screen, self._address, self._go_on, self._not_logged_in)
            login.begin(client, write=self._write)
        else:
            self._ended()

    def _not_logged_in(self, said: Span) -> None:
        self._ended()
        self._screen.say(said)

    def _again(self, error: RecordError, question: str, text: str, then: _Then) -> None:
        self._screen.say((f"✗ {safe(str(error))}", "problem"))
        self.ask(question, text, then)
