"""Logging in to a record system: SMART App Launch with PKCE, by fhirclient (an extra)."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from time import monotonic
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from ketatui.printable import printable
from ketatui.records.reading import RecordError
from ketatui.records.server import check_address

SCOPE = "patient/Patient.read patient/Observation.read patient/MedicationRequest.read"
_SCOPES = (
    f"{SCOPE} patient/MedicationStatement.read patient/Medication.read"
    " patient/Condition.read patient/QuestionnaireResponse.read"
)
_WRITES = " patient/DocumentReference.write patient/QuestionnaireResponse.write"
"""What is asked for beside it by somebody who told us to send; reading alone never asks for it."""
PATIENCE = 300.0
"""Seconds that somebody has to log in."""
_LOOK = 0.25
"""Seconds between two looks whether it is still waited for."""
_SECONDS = 60.0
"""Seconds that one answer of the server may take."""
CALLBACK = "/callback"
_DONE = b"<!DOCTYPE html><title>KetaTUI</title><p>Logged in. You can close this page."
_FAILED = b"<!DOCTYPE html><title>KetaTUI</title><p>Not logged in; KetaTUI says why."


def context_of(patient: str) -> str:
    """Return what a card's link says of its patient; a launch brings it back with its token.

    Args:
        patient: The id that the record system itself has said.
    """
    return json.dumps({"patient": patient})


def _patient_in(context: Any) -> str:
    """Return the patient of `context_of`; empty where nothing of ours came back."""
    try:
        said = json.loads(context) if isinstance(context, str) else context
    except (ValueError, RecursionError):
        return ""
    patient = said.get("patient") if isinstance(said, dict) else None
    return patient if isinstance(patient, str) else ""


class Access(NamedTuple):
    """What a login gave.

    Attributes:
        token: The access token; kept nowhere.
        patient: Whose record was chosen.
    """

    token: str
    patient: str


class _Callback(HTTPServer):
    """Waits on this machine for the browser to come back."""

    timeout = _LOOK
    came = ""
    page = ""
    """Where this machine's own short address leads to; empty where it leads nowhere."""
    awaited = False
    """Whether a login was begun that may lead back here."""
    begin: Callable[[str, str], str] | None = None
    """Begins a login that a record system launches, and returns the page it leads to."""


class _Handler(BaseHTTPRequestHandler):
    server: _Callback
    # Browsers open connections ahead and say nothing on them; each would hold up the one that does.
    timeout = 1.0

    def do_GET(self) -> None:
        """Take the one address that the login leads to."""
        parts = urlsplit(self.path)
        if parts.path == "/" and self.server.page:
            self.send_response(302)
            self.send_header("Location", self.server.page)
            self.end_headers()
            return
        if parts.path == "/launch" and self.server.begin is not None:
            self._launch(parse_qs(parts.query), self.server.begin)
            return
        if parts.path != CALLBACK or not self.server.awaited:
            self.send_error(404)
            return
        self.server.came = self.path
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(_DONE if "code" in parse_qs(parts.query) else _FAILED)

    def _launch(self, query: dict[str, list[str]], begin: Callable[[str, str], str]) -> None:
        """Send a browser that a record system launched on to its login."""
        try:
            page = begin(query.get("iss", [""])[0], query.get("launch", [""])[0])
        except RecordError as error:
            self.send_response(400)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.end_headers()
            self.wfile.write(printable(str(error)).encode())
            return
        self.server.awaited = True
        self.send_response(302)
        self.send_header("Location", page)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Log nothing: the address holds a code."""


class Login:
    """One login at one server, from the page it leads to until it gives access."""

    def __init__(self, address: str, client: str, back: str, *, write: bool = False) -> None:
        """Prepare.

        Args:
            address: The FHIR server.
            client: What this program is registered as there.
            back: Where the browser comes back to, without its last part (``/callback``).
            write: Whether leave is asked to write a note and a form as well.
        """
        self.address = address
        self.back = f"{back}{CALLBACK}"
        self._smart: Any = None
        scope = _SCOPES + (_WRITES if write else "")
        self._given = {"app_id": client, "api_base": address, "scope": scope}
        self._given["redirect_uri"] = self.back

    def page(self, launch: str) -> str:
        """Return where to log in.

        Args:
            launch: What a record system handed over; empty where nobody did.

        Raises:
            RecordError: The server cannot do it.
        """
        from fhirclient.client import FHIRClient

        address = self.address
        given = self._given | ({"launch_token": launch} if launch else {})
        try:
            smart = FHIRClient(settings=given)
            session = smart.server.session
            # By itself it would wait forever for an answer that does not come.
            session.request = partial(session.request, timeout=_SECONDS)
            smart.prepare()
            page = smart.authorize_url
        except Exception as error:  # It raises whatever its own libraries do.
            raise RecordError(f"{address}: {type(error).__name__} before the login") from None
        if not page:
            raise RecordError(f"{address}: the server asks for no login; allowed: --patient ID")
        for where in (page, smart.server.auth._token_uri):
            check_address(str(where).partition("?")[0])
        self._smart = smart
        return str(page)

    def launched(self, iss: str, launch: str) -> str:
        """Return where a record system's launch leads to.

        Args:
            iss: The FHIR server that it names; only ours is taken.
            launch: What it handed over.

        Raises:
            RecordError: It is launched from elsewhere, or the server cannot do it.
        """
        if iss.rstrip("/") != self.address.rstrip("/"):
            raise RecordError(f"launched from another server; allowed: {self.address}")
        if not launch:
            raise RecordError("launched without a launch; allowed: /launch?iss=…&launch=…")
        return self.page(launch)

    def access(self, query: str) -> Access:
        """Return what the login gave, once the browser has come back.

        Args:
            query: Of the address that it came back to.

        Raises:
            RecordError: It was refused, or is not the login that was begun here.
        """
        address, said = self.address, parse_qs(query)
        if "error" in said:
            raise RecordError(f"{address}: the login was refused: {said['error'][0][:80]}")
        smart = self._smart
        try:
            # Holds the state against its own, and sends the verifier of PKCE along.
            smart.handle_callback(f"{self.back}?{query}")
        except Exception as error:  # It raises whatever its own libraries do.
            raise RecordError(f"{address}: {type(error).__name__} after the login") from None
        token, patient = smart.server.auth.access_token, smart.patient_id
        if not isinstance(token, str) or not isinstance(patient, str):
            raise RecordError(f"{address}: the login gave no token, or chose no patient")
        if _patient_in((smart.launch_context or {}).get("appContext")) not in ("", patient):
            raise RecordError(f"{address}: launched from a card of another patient; nothing read")
        return Access(token, patient)


def _wait(waiting: _Callback, given_up: Callable[[], bool]) -> None:
    """Wait until a browser has come back.

    Raises:
        RecordError: None came in time, or nobody waits any more.
    """
    limit = monotonic() + PATIENCE
    while not waiting.came:
        if given_up():
            raise RecordError("nobody waits for the login any more")
        if monotonic() > limit:
            raise RecordError(f"nobody logged in within {PATIENCE:.0f} seconds")
        waiting.handle_request()


def check_able(address: str) -> None:
    """Refuse what cannot be logged in to.

    Raises:
        RecordError: The extra is not installed, or it is no address of a server.
    """
    if find_spec("fhirclient") is None:
        message = "fhirclient is not installed; logging in is an extra: pip install "
        raise RecordError(f"{message}'ketatui[records]'")
    check_address(address)


def log_in(
    address: str,
    client: str,
    say: Callable[[str], None],
    launch: str = "",
    *,
    port: int | None = None,
    write: bool = False,
    given_up: Callable[[], bool] | None = None,
) -> Access:
    """Let somebody log in with a browser, and choose a patient there.

    Args:
        address: The FHIR server.
        client: What this program is registered as there.
        say: Is told the address to open in a browser.
        launch: What a record system handed over that began this program; empty where nobody did.
        port: Waits there to be launched by the record system (``/launch``); 0 for any that is
            free, None to begin the login at once.
        write: Whether leave is asked to write a note and a form as well.
        given_up: Is asked several times a second whether nobody waits any more. Where it is given,
            ``say`` is told a short address of this machine that leads to the login.

    Raises:
        RecordError: The extra is not installed, the server cannot do it, or nobody logged in.
    """
    check_able(address)
    try:
        waiting = _Callback(("127.0.0.1", port or 0), _Handler)
    except OSError as error:
        raise RecordError(f"port {port}: {error.strerror}") from None
    with waiting:
        back = f"http://127.0.0.1:{waiting.server_address[1]}"
        login = Login(address, client, back, write=write)
        if port is None:
            waiting.page = login.page(launch)
            waiting.awaited = True
            say(waiting.page if given_up is None else f"{back}/")
        else:
            waiting.begin = login.launched
            say(f"{back}/launch")
        _wait(waiting, given_up or (lambda: False))
        return login.access(urlsplit(waiting.came).query)
