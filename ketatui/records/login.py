"""Logging in to a record system: SMART App Launch with PKCE, by fhirclient (an extra)."""

from __future__ import annotations

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from ketatui.records.reading import RecordError
from ketatui.records.server import check_address

SCOPE = "patient/Patient.read patient/Observation.read patient/MedicationRequest.read"
_SCOPES = (
    f"{SCOPE} patient/MedicationStatement.read patient/Medication.read"
    " patient/Condition.read patient/QuestionnaireResponse.read"
)
_PATIENCE = 300.0
"""Seconds that somebody has to log in."""
_DONE = b"<!DOCTYPE html><title>KetaTUI</title><p>Logged in. You can close this page."
_FAILED = b"<!DOCTYPE html><title>KetaTUI</title><p>Not logged in; KetaTUI says why."


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

    timeout = _PATIENCE
    came = ""

    def handle_timeout(self) -> None:
        """Give up.

        Raises:
            RecordError: Always.
        """
        raise RecordError(f"nobody logged in within {_PATIENCE:.0f} seconds")


class _Handler(BaseHTTPRequestHandler):
    server: _Callback
    # Browsers open connections ahead and say nothing on them; each would hold up the one that does.
    timeout = 1.0

    def do_GET(self) -> None:
        """Take the one address that the login leads to."""
        parts = urlsplit(self.path)
        if parts.path != "/callback":
            self.send_error(404)
            return
        self.server.came = self.path
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(_DONE if "code" in parse_qs(parts.query) else _FAILED)

    def log_message(self, *_: Any) -> None:
        """Log nothing: the address holds a code."""


def log_in(address: str, client: str, say: Callable[[str], None], launch: str = "") -> Access:
    """Let somebody log in with a browser, and choose a patient there.

    Args:
        address: The FHIR server.
        client: What this program is registered as there.
        say: Is told the address to open in a browser.
        launch: What a record system handed over that began this program; empty where nobody did.

    Raises:
        RecordError: The extra is not installed, the server cannot do it, or nobody logged in.
    """
    try:
        from fhirclient.client import FHIRClient
    except ModuleNotFoundError:
        message = "fhirclient is not installed; logging in is an extra: pip install "
        raise RecordError(f"{message}'ketatui[records]'") from None
    check_address(address)
    with _Callback(("127.0.0.1", 0), _Handler) as waiting:
        back = f"http://127.0.0.1:{waiting.server_address[1]}"
        given = {"app_id": client, "api_base": address, "redirect_uri": f"{back}/callback"}
        given |= {"scope": _SCOPES} | ({"launch_token": launch} if launch else {})
        try:
            smart = FHIRClient(settings=given)
            smart.prepare()
            page = smart.authorize_url
        except Exception as error:  # It raises whatever its own libraries do.
            raise RecordError(f"{address}: {type(error).__name__} before the login") from None
        if not page:
            raise RecordError(f"{address}: the server asks for no login; allowed: --patient ID")
        for where in (page, smart.server.auth._token_uri):
            check_address(str(where).partition("?")[0])
        say(page)
        while not waiting.came:
            waiting.handle_request()
        return _exchanged(smart, address, f"{back}{waiting.came}")


def _exchanged(smart: Any, address: str, came: str) -> Access:
    said = parse_qs(urlsplit(came).query)
    if "error" in said:
        raise RecordError(f"{address}: the login was refused: {said['error'][0][:80]}")
    try:
        # Holds the state against its own, and sends the verifier of PKCE along.
        smart.handle_callback(came)
    except Exception as error:  # It raises whatever its own libraries do.
        raise RecordError(f"{address}: {type(error).__name__} after the login") from None
    token, patient = smart.server.auth.access_token, smart.patient_id
    if not isinstance(token, str) or not isinstance(patient, str):
        raise RecordError(f"{address}: the login gave no token, or chose no patient")
    return Access(token, patient)
