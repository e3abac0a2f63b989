"""Records from a FHIR server by its address: one patient, read and searched for."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from ketatui.records.reading import Entry, RecordError, decoded, resources_in
from ketatui.records.searches import OPTIONAL, PATIENT

_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_LARGEST = 100_000_000
"""Bytes of one answer."""
_PAGES = 200
"""Pages of one search."""
_SECONDS = 60
_NOT_OFFERED = (400, 403, 404, 405, 501)
_SAFE = "/?&=,:|_-.~"
"""Characters of a search that are sent as they are."""


class Created(NamedTuple):
    """What became of a resource that was sent.

    Attributes:
        name: What it is called on the server: ``DocumentReference/12``.
        there: Whether it was there before, and nothing was created.
    """

    name: str
    there: bool


class _Answer(NamedTuple):
    status: int
    location: str
    body: bytes


class _NoRedirect(HTTPRedirectHandler):
    """Follows nowhere: a token would be handed on to wherever a server points."""

    def redirect_request(self, *_: Any) -> None:
        """Refuse."""


class Server:
    """A FHIR server."""

    def __init__(self, address: str, token: str = "") -> None:
        """Prepare.

        Args:
            address: The base that resources are below, ``https://…/fhir``.
            token: An access token; empty for none.

        Raises:
            RecordError: It is no such address, or would carry a record in the open.
        """
        check_address(address)
        self.address = f"{address.rstrip('/')}/"
        self._token = token
        self._opener: OpenerDirector = build_opener(_NoRedirect)

    def record(self, patient: str, wanted: Mapping[str, str]) -> tuple[list[Entry], list[str]]:
        """Read one patient's record, all pages of each search.

        Args:
            patient: The id.
            wanted: What is read and searched for, as `searches` returns it.

        Returns:
            The resources; and kinds that the server does not offer.

        Raises:
            RecordError: Something of it could not be read: half a record would propose half an
                answer.
        """
        _check_id(patient)
        found: list[Entry] = []
        missing: list[str] = []
        for name, search in wanted.items():
            try:
                found += map(self._placed, self._all_of(search))
            except _NotOfferedError as error:
                if name not in OPTIONAL:
                    raise RecordError(str(error)) from None
                missing.append(search.partition("?")[0])
        if not any(item.kind == "Patient" and item.resource.get("id") == patient for item in found):
            raise RecordError(f"{self.address}: answered with another {PATIENT} than {patient}")
        return found, missing

    def _placed(self, entry: Entry) -> Entry:
        """Return an entry with its address here: others may name it by that."""
        ident = entry.resource.get("id")
        if entry.url or not isinstance(ident, str):
            return entry
        return entry.replaced(url=f"{self.address}{entry.kind}/{ident}")

    def _all_of(self, search: str) -> Iterator[Entry]:
        address = urljoin(self.address, quote(search, safe=_SAFE))
        seen: set[str] = set()
        while address:
            if address in seen or len(seen) >= _PAGES:
                raise RecordError(f"{self.address}: a search has no end; nothing is proposed")
            seen.add(address)
            data = self._get(address)
            _refuse_failure(self.address, data)
            yield from resources_in(self.address, data)
            address = self._next(data)

    def _next(self, data: Any) -> str:
        """Return where the next page is; on the same server, or nothing is read there."""
        links = data.get("link", ()) if isinstance(data, dict) else ()
        for item in links if isinstance(links, list) else ():
            if isinstance(item, dict) and item.get("relation") == "next":
                address = urljoin(self.address, str(item.get("url", "")))
                if urlsplit(address)[:2] != urlsplit(self.address)[:2]:
                    raise RecordError(f"{self.address}: the next page is on another server")
                return address
        return ""

    def check_patient(self, patient: str) -> None:
        """Ask for the patient before anything is written about them.

        Raises:
            RecordError: The server does not know this patient, or names another one.
        """
        _check_id(patient)
        found = self._get(urljoin(self.address, f"Patient/{patient}"))
        _refuse_failure(self.address, found)
        kind, ident = (
            (found.get("resourceType"), found.get("id")) if isinstance(found, dict) else ("", "")
        )
        if (kind, ident) != ("Patient", patient):
            raise RecordError(f"{self.address}: answered with another {PATIENT} than {patient}")

    def identified(self, kind: str, identifier: tuple[str, str]) -> list[dict[str, Any]] | None:
        """Search for resources by an identifier.

        Args:
            kind: Their ``resourceType``.
            identifier: Its system and value.

        Returns:
            Those that carry it; None where the server cannot be searched for it.

        Raises:
            RecordError: It cannot be told.
        """
        search = f"{kind}?identifier={'|'.join(identifier)}"
        try:
            return [
                entry.resource
                for entry in self._all_of(search)
                if entry.kind == kind and _has(entry.resource.get("identifier"), identifier)
            ]
        except _NotOfferedError:
            return None

    def create(self, kind: str, body: bytes, identifier: tuple[str, str]) -> Created:
        """Create a resource, unless one of this identifier is there already.

        Args:
            kind: Its ``resourceType``.
            body: The resource as JSON; holds the identifier.
            identifier: Its system and value, by which it is known again.

        Returns:
            What it is called there, and whether it was there before.

        Raises:
            RecordError: It was not created, or nobody can tell.
        """
        query = f"identifier={quote('|'.join(identifier), safe='')}"
        # A server that cannot be searched still knows the condition below.
        for resource in self.identified(kind, identifier) or ():
            return Created(_called(kind, "", resource), there=True)
        headers = {"Content-Type": "application/fhir+json", "If-None-Exist": query}
        request = Request(urljoin(self.address, kind), data=body, headers=headers, method="POST")
        answer = self._ask(request)
        try:
            made = decoded(self.address, answer.body) if answer.body else {}
        except RecordError:
            made = {}
        _refuse_failure(self.address, made)
        name = _called(kind, answer.location, made)
        return Created(name, there=answer.status == HTTPStatus.OK)

    def _get(self, address: str) -> Any:
        return decoded(self.address, self._ask(Request(address)).body)

    def _ask(self, request: Request) -> _Answer:
        request.add_header("Accept", "application/fhir+json")
        request.add_header("User-Agent", "KetaTUI")
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        try:
            with self._opener.open(request, timeout=_SECONDS) as answer:
                data = answer.read(_LARGEST + 1)
                location = answer.headers.get("Location") or ""
                found = _Answer(answer.status, location, data)
        except HTTPError as error:
            kind = _NotOfferedError if error.code in _NOT_OFFERED else RecordError
            raise kind(f"{self.address}: the server says {error.code}") from None
        except (OSError, HTTPException, ValueError) as error:
            reason = getattr(error, "reason", None) or type(error).__name__
            raise RecordError(f"{self.address}: {reason}") from None
        if len(data) > _LARGEST:
            raise RecordError(f"{self.address}: an answer is larger than {_LARGEST} bytes")
        return found


def _check_id(patient: str) -> None:
    if not _ID.fullmatch(patient):
        raise RecordError(f"{patient!r} is no id of a patient in FHIR")


def _has(said: Any, identifier: tuple[str, str]) -> bool:
    """Tell whether one of a resource's identifiers is the one that was searched for."""
    return any(
        isinstance(item, Mapping) and (item.get("system"), item.get("value")) == identifier
        for item in (said if isinstance(said, list) else [said])
    )


def _called(kind: str, location: str, resource: Any) -> str:
    """Return the name of what was created: by its address, else by the answer itself."""
    found = re.search(rf"(?:^|/)({kind}/[A-Za-z0-9.-]{{1,64}})(?:/_history/|$)", location)
    if found:
        return found[1]
    ident = resource.get("id") if isinstance(resource, Mapping) else None
    return f"{kind}/{ident}" if isinstance(ident, str) and _ID.fullmatch(ident) else kind


class Place(NamedTuple):
    """One patient's record on a server.

    Attributes:
        server: The server.
        patient: The id of the patient there.
    """

    server: Server
    patient: str


def token_in(file: Path) -> str:
    """Read an access token.

    Raises:
        RecordError: The file cannot be read, or holds none.
    """
    try:
        token = file.read_text("ascii").strip()
    except UnicodeDecodeError:
        token = ""
    except (OSError, ValueError) as error:
        raise RecordError(f"{file}: {getattr(error, 'strerror', None) or error}") from None
    if not token or not token.isprintable():
        raise RecordError(f"{file}: holds no token; allowed: one line of ASCII")
    return token


def check_address(address: str) -> None:
    """Refuse what is no address of a server, or would carry a record in the open.

    Raises:
        RecordError: It is refused.
    """
    parts = urlsplit(address)
    try:
        local = _is_local(parts.hostname or "")
    except ValueError:
        local = False
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
        raise RecordError(f"{address}: no address of a server; allowed: https://…")
    if parts.username or parts.password:
        raise RecordError("a password does not belong in an address; allowed: a token file")
    if parts.scheme == "http" and not local:
        raise RecordError(f"{address}: not encrypted; allowed: https://…, or this machine")


class _NotOfferedError(RecordError):
    """The server does not offer this."""


def _is_local(host: str) -> bool:
    return host == "localhost" or ipaddress.ip_address(host).is_loopback


def _refuse_failure(address: str, data: Any) -> None:
    """Refuse an answer in which the server says that something went wrong."""
    outcomes: list[Any] = [data]
    entries = data.get("entry", ()) if isinstance(data, dict) else ()
    for item in entries if isinstance(entries, list) else ():
        outcomes.append(item.get("resource") if isinstance(item, dict) else None)
    for outcome in outcomes:
        if not isinstance(outcome, dict) or outcome.get("resourceType") != "OperationOutcome":
            continue
        issues = outcome.get("issue")
        for issue in issues if isinstance(issues, list) else ({"severity": "error"},):
            if not isinstance(issue, dict) or issue.get("severity") in ("error", "fatal"):
                raise RecordError(f"{address}: the server says that something went wrong")
