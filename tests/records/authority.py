"""A record system one logs in to, on this machine: its logins and one record."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import urlopen

from tests.records.support import bundle, patient, weight

OAUTH = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
RECORD = [patient(), weight("w", 81.5)]


class Authority:
    """A record system one logs in to: it knows what it was asked, and checks the verifier."""

    def __init__(self) -> None:
        self.address = ""
        self.query: dict[str, str] = {}
        self.says: dict[str, str] = {"code": "once"}
        self.state: str | None = None
        self.context: dict[str, Any] = {}
        self.patient = "p1"
        self.behind = ""
        self.link = ""
        self.used = False

    def capability(self) -> dict[str, Any]:
        uris = [
            {"url": name, "valueUri": f"{self.address}/{name}"} for name in ("authorize", "token")
        ]
        security = {"extension": [{"url": OAUTH, "extension": uris}]}
        return {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "date": "2026-11-21",
            "kind": "instance",
            "fhirVersion": "4.0.1",
            "format": ["json"],
            "rest": [{"mode": "server", "security": security}],
        }

    def authorize(self, query: dict[str, str]) -> str:
        self.query = query
        said = {**self.says, "state": self.state or query["state"]}
        return f"{query['redirect_uri']}?{urlencode(said)}"

    def exchange(self, form: dict[str, str]) -> dict[str, Any] | None:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proven = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        right = proven == self.query["code_challenge"] and form["code"] == "once"
        if not right or self.used:
            return None
        self.used = True
        given = {"access_token": "secret", "token_type": "Bearer", "patient": self.patient}
        return given | self.context

    def resource(self, kind: str, query: str) -> Any:
        """Return what is read: of the record here, or of the server that this one stands before."""
        if self.behind:
            address = f"{self.behind}/{kind}{query and '?'}{query}"
            with urlopen(address, timeout=60) as answer:
                data: bytes = answer.read()
            # Its further pages would lead past the login.
            return json.loads(data.replace(self.behind.encode(), self.address.encode()))
        if kind == f"Patient/{self.patient}":
            return RECORD[0]
        return bundle(*(item for item in RECORD[1:] if kind == "Observation"))


@contextmanager
def authorizing(host: str = "127.0.0.1") -> Iterator[Authority]:
    """Run one; ``host`` is what this machine is called by."""
    held = Authority()

    class Handler(BaseHTTPRequestHandler):
        def answer(self, status: int, data: object, **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(json.dumps(data).encode())

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            kind = parts.path.removeprefix("/fhir/")
            if kind == "metadata":
                self.answer(200, held.capability())
            elif kind == "authorize":
                self.answer(302, {}, Location=held.authorize(query))
            elif kind == "chart":
                self.show_chart()
            elif self.headers.get("Authorization") != "Bearer secret":
                self.answer(401, {})
            else:
                self.answer(200, held.resource(kind, parts.query))

        def show_chart(self) -> None:
            """Show the link of a card, as a record system shows it beside a chart."""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(f'<!DOCTYPE html><a href="{escape(held.link)}">card</a>'.encode())

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            given = held.exchange({key: values[0] for key, values in form.items()})
            self.answer(200 if given else 400, given or {"error": "invalid_grant"})

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.address = f"http://{host}:{server.server_address[1]}/fhir"
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join(60)
