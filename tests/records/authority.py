"""A record system one logs in to, on this machine: its logins and one record."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

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
        return {"access_token": "secret", "token_type": "Bearer", "patient": "p1"}


@contextmanager
def authorizing() -> Iterator[Authority]:
    """Run one."""
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
            elif self.headers.get("Authorization") != "Bearer secret":
                self.answer(401, {})
            elif kind == "Patient/p1":
                self.answer(200, RECORD[0])
            else:
                self.answer(200, bundle(*(item for item in RECORD[1:] if kind == "Observation")))

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            given = held.exchange({key: values[0] for key, values in form.items()})
            self.answer(200 if given else 400, given or {"error": "invalid_grant"})

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.address = f"http://127.0.0.1:{server.server_address[1]}/fhir"
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
