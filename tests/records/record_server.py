"""A small FHIR server that can be written to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.records.support import bundle, patient

Json = dict[str, Any]


class Record:
    """A small server that keeps what is created, and how it fails."""

    def __init__(self) -> None:
        self.held: list[Json] = []
        self.asked: list[tuple[str, str, str]] = []
        self.fails: dict[tuple[str, str], int] = {}
        self.conditional = True
        self.record: list[Json] = []
        """Entries that searches without an identifier find, by their kind."""
        self.address = ""

    def answer(self, method: str, target: str, body: bytes, headers: Any) -> tuple[int, str, Any]:
        parts = urlsplit(target)
        path = parts.path.removeprefix("/fhir/")
        self.asked.append((method, target, headers.get("Authorization", "")))
        if (method, path) in self.fails:
            return self.fails[method, path], "", {}
        if path.startswith("Patient/"):
            return 200, "", patient() if path == "Patient/p1" else patient(id="other")
        if method == "GET":
            if self.record:
                found = [item["resource"] for item in self.record]
                if path == "MedicationStatement":
                    return 404, "", {}
                return 200, "", bundle(*(item for item in found if item["resourceType"] == path))
            (wanted,) = parse_qs(parts.query)["identifier"]
            return 200, "", bundle(*self.known(path, wanted)) | {"type": "searchset"}
        condition = parse_qs(headers.get("If-None-Exist", "")).get("identifier", [""])[0]
        there = self.known(path, condition) if self.conditional else []
        if there:
            return 200, "", there[0]
        made = json.loads(body) | {"id": f"n{len(self.held) + 1}"}
        self.held.append(made)
        return 201, f"{self.address}/{path}/{made['id']}/_history/1", None

    def known(self, kind: str, identifier: str) -> list[Json]:
        found = []
        for item in self.held:
            said = item["identifier"]
            for one in said if isinstance(said, list) else [said]:
                if item["resourceType"] == kind and f"{one['system']}|{one['value']}" == identifier:
                    found.append(item)
        return found


@contextmanager
def serving() -> Iterator[Record]:
    """Serve one on this machine."""
    held = Record()

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, location, data = held.answer(self.command, self.path, body, self.headers)
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            if data is not None:
                self.wfile.write(json.dumps(data).encode())

        def do_GET(self) -> None:
            self.reply()

        def do_POST(self) -> None:
            self.reply()

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.address = f"http://127.0.0.1:{server.server_address[1]}/fhir"
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    )
    thread.start()
    yield held
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)
