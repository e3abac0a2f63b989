"""Records from disk: a Bundle, NDJSON, or a folder of either, as plain resources."""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import stat
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from ketatui.garbage import without_collecting
from ketatui.printable import printable
from ketatui.records.json_once import SaidTwiceError, decode_once
from ketatui.structs import Frozen

ENDINGS = (".json", ".ndjson", ".jsonl")
"""Names of files in a folder that are read; each may be packed by gzip (``.gz``) as well."""
_PACKED = ".gz"
_GZIP = b"\x1f\x8b"
"""What packed data begins with, whatever its name."""
_NAME = re.compile(r"(?:^|/)([A-Z][A-Za-z]+)/([A-Za-z0-9.-]{1,64})$")
_OUTCOME = "OperationOutcome"
_LOOKED_INTO = frozenset({"Bundle", _OUTCOME})
_LARGEST = 1_000_000_000
"""Bytes of one file."""
_PART = 1_000_000
"""Bytes of a pipe that are read at once."""


class RecordError(Exception):
    """A record that cannot be read; the text says in one line which file and why."""


class Entry(Frozen, frozen=True):
    """One resource, and how others may name it.

    Attributes:
        resource: As parsed; numbers with a point are exact.
        url: Its ``fullUrl`` in a Bundle; empty elsewhere.
        deleted: Whether it only says that one of this kind and id was deleted.
    """

    resource: dict[str, Any]
    url: str = ""
    deleted: bool = False

    @property
    def kind(self) -> str:
        """Return its ``resourceType``."""
        return str(self.resource["resourceType"])


def read_records(paths: Iterable[Path]) -> list[Entry]:
    """Read all resources of files and folders.

    Args:
        paths: Files, and folders whose files of the names in `ENDINGS` are read.

    Returns:
        Them, in the order of files and lines.

    Raises:
        RecordError: One of them cannot be read: half a record would propose half an answer.
    """
    pages = _Pages()
    with without_collecting():
        found = [entry for path in paths for file in _files(path) for entry in _read(file, pages)]
    pages.refuse_a_gap()
    return found


def folders_within(paths: Iterable[Path]) -> list[Path]:
    """Return the folders that lie within folders of records: what is in them is not read.

    Args:
        paths: Files and folders.

    Raises:
        RecordError: One of the folders cannot be listed.
    """
    found: list[Path] = []
    for path in paths:
        try:
            if path.is_dir():
                found += sorted(each for each in path.iterdir() if each.is_dir())
        except (OSError, ValueError) as error:
            raise RecordError(f"{path}: {_why(error)}") from None
    return found


class _Pages:
    """Pages of searches that were saved: each names itself and the next one."""

    def __init__(self) -> None:
        self._named: set[str] = set()
        self._next: dict[str, str] = {}

    def add(self, where: str, value: Any) -> None:
        """Take the links of a document."""
        links = value.get("link") if isinstance(value, dict) else None
        for link in links if isinstance(links, list) else ():
            if isinstance(link, dict) and isinstance(link.get("url"), str):
                if link.get("relation") == "self":
                    self._named.add(link["url"])
                elif link.get("relation") == "next":
                    self._next[link["url"]] = where

    def refuse_a_gap(self) -> None:
        """Refuse a page whose next one is not there: a newer value may stand on it.

        Raises:
            RecordError: There is one.
        """
        for url, where in self._next.items():
            if url not in self._named:
                raise RecordError(
                    f"{where}: one page of several, and the next is not there; half a record"
                )


def _files(path: Path) -> list[Path]:
    try:
        if not path.is_dir():
            return [path]
        names = (*ENDINGS, *(f"{ending}{_PACKED}" for ending in ENDINGS))
        found = sorted(item for item in path.iterdir() if item.name.lower().endswith(names))
    except (OSError, ValueError) as error:
        raise RecordError(f"{path}: {_why(error)}") from None
    for item in found:
        # One that is named is meant; one that lies in a folder would be waited for without end.
        if item.is_fifo() or item.is_char_device() or item.is_socket():
            raise RecordError(f"{item}: this is a pipe or device, not a file")
    if not found:
        raise RecordError(f"{path}: holds no record; allowed: files named *{', *'.join(ENDINGS)}")
    return found


def _why(error: OSError | ValueError) -> str:
    said = error.strerror if isinstance(error, OSError) else "cannot be the name of a file"
    return said or type(error).__name__


def _read(path: Path, pages: _Pages) -> list[Entry]:
    try:
        data = _bytes_of(path)
        data = _unpacked(path, data) if data[:2] == _GZIP else data
    except (OSError, ValueError) as error:
        raise RecordError(f"{path}: {_why(error)}") from None
    data = data.removeprefix(b"\xef\xbb\xbf")
    found: list[Entry] = []
    for line, value in _documents(path, data):
        pages.add(f"{path}:{line}", value)
        _add_resources(found, path, line, value, "")
    if not found:
        raise RecordError(f"{path}: holds no resource; allowed: a FHIR Bundle, or NDJSON")
    return found


def _bytes_of(path: Path) -> bytes:
    """Read a file, or what a pipe gives: both up to a size, since a device has no end."""
    with path.open("rb") as file:
        about = os.fstat(file.fileno())
        if stat.S_ISREG(about.st_mode):
            size = about.st_size
            data = file.read() if size <= _LARGEST else b""
        else:
            size, parts = 0, []
            while size <= _LARGEST and (part := file.read(_PART)):
                parts.append(part)
                size += len(part)
            data = b"".join(parts)
    if size > _LARGEST:
        raise RecordError(f"{path}: larger than {_LARGEST} bytes")
    return data


def _unpacked(path: Path, data: bytes) -> bytes:
    """Unpack a file, up to the same size."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            found = packed.read(_LARGEST + 1)
    except (EOFError, OSError, zlib.error):
        raise RecordError(f"{path}: packed, and cannot be unpacked whole") from None
    if len(found) > _LARGEST:
        raise RecordError(f"{path}: larger than {_LARGEST} bytes")
    return found


def _documents(path: Path, data: bytes) -> Iterator[tuple[int, Any]]:
    """Yield the JSON documents of a file with their lines: one, or one a line."""
    name = path.name.lower().removesuffix(_PACKED)
    lines = data.split(b"\n") if not name.endswith(".json") else []
    if not _is_by_line(lines):
        try:
            found = decode_once(data)
        except SaidTwiceError as error:
            raise RecordError(f"{path}:{error.line}: {_short(error)}") from None
        except _NO_JSON as error:
            lines = lines or data.split(b"\n")
            # Two documents where one is allowed: NDJSON by another name.
            if not _is_by_line(lines):
                raise _unreadable(f"{path}{_line(data)}", data, error) from None
        else:
            yield 1, found
            return
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield number, decode_once(line)
            except _NO_JSON as error:
                raise _unreadable(f"{path}:{number}", line, error) from None


def _unreadable(where: str, data: bytes, error: Exception) -> RecordError:
    """Say in one line why something cannot be read."""
    if isinstance(error, SaidTwiceError):
        return RecordError(f"{where}: {_short(error)}")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return RecordError(f"{where}: not UTF-8; allowed: FHIR R4 as JSON")
    start = data.lstrip()[:1]
    if start in (b"", b"<"):
        what = "it is XML" if start else "it is empty"
        return RecordError(f"{where}: not JSON: {what}; allowed: FHIR R4 as JSON")
    return RecordError(f"{where}: not JSON: {_short(error)}")


_NO_JSON = (ValueError, RecursionError)


def decoded(source: str, data: bytes) -> Any:
    """Read one JSON document of a server.

    Raises:
        RecordError: It is none.
    """
    try:
        return decode_once(data)
    except _NO_JSON as error:
        raise _unreadable(source, data, error) from None


def resources_in(source: str, value: Any) -> list[Entry]:
    """Return the resources of an answer of a server.

    Raises:
        RecordError: It is no FHIR.
    """
    found: list[Entry] = []
    _add_resources(found, Path(source), 1, value, "")
    return found


def _deleted(url: Any, full_url: Any) -> Iterator[Entry]:
    """Yield what a Bundle says was deleted: ``Observation/12``, or an address that ends so."""
    for said in (url, full_url):
        found = _NAME.search(said.partition("?")[0]) if isinstance(said, str) else None
        if found:
            named = full_url if isinstance(full_url, str) else ""
            yield Entry({"resourceType": found[1], "id": found[2]}, named, deleted=True)
            return


def _is_by_line(lines: list[bytes]) -> bool:
    """Tell whether the first line that says something is a document by itself."""
    first = next((line for line in lines if line.strip()), b"")
    try:
        msgspec.json.decode(first)
    except _NO_JSON:
        return False
    return True


def _line(data: bytes) -> str:
    """Return where text stops being JSON, as ``:12``; empty where that cannot be told."""
    try:
        json.loads(data.decode("utf-8"))
    except json.JSONDecodeError as error:
        return f":{error.lineno}"
    except _NO_JSON:
        pass
    return ""


def _short(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return printable(str(error).removeprefix("JSON is malformed: ")[:80])


def _add_resources(found: list[Entry], path: Path, line: int, value: Any, url: str) -> None:
    """Add the resources of a document: itself, or all of a Bundle, Bundles within it as well."""
    if not isinstance(value, dict) or not isinstance(value.get("resourceType"), str):
        raise RecordError(f"{path}:{line}: no FHIR; allowed: a resource, with its resourceType")
    if value["resourceType"] != "Bundle":
        _refuse_failure(path, line, value)
        found.append(Entry(value, url))
        return
    if "implicitRules" in value:
        raise RecordError(f"{path}:{line}: a Bundle with rules of its own (implicitRules)")
    entries = value.get("entry", [])
    if not isinstance(entries, list) or not set(map(type, entries)) <= {dict}:
        raise RecordError(f"{path}:{line}: no FHIR: entry of a Bundle is a list of objects")
    for item in entries:
        request = item.get("request")
        if isinstance(request, dict) and request.get("method") == "DELETE":
            found += _deleted(request.get("url"), item.get("fullUrl"))
        elif _failed(item.get("response")):
            raise RecordError(f"{path}:{line}: says that something failed; half a record")
        elif "resource" in item:
            named, resource = item.get("fullUrl"), item["resource"]
            full_url = named if isinstance(named, str) else ""
            kind = resource.get("resourceType") if isinstance(resource, dict) else None
            if isinstance(kind, str) and kind not in _LOOKED_INTO:
                found.append(Entry(resource, full_url))
            else:
                _add_resources(found, path, line, resource, full_url)


def _failed(response: Any) -> bool:
    """Tell whether an answer of a batch says by its status that it is none."""
    status = response.get("status") if isinstance(response, dict) else None
    return isinstance(status, str) and status.startswith(("4", "5"))


def failure_in(resource: Mapping[str, Any]) -> str:
    """Return the code of what failed, by an ``OperationOutcome``; empty where nothing did."""
    issues = resource.get("issue") if resource.get("resourceType") == _OUTCOME else None
    for issue in issues if isinstance(issues, list) else ():
        if isinstance(issue, dict) and issue.get("severity") in ("fatal", "error"):
            return printable(str(issue.get("code") or "error"))[:40]
    return ""


def _refuse_failure(path: Path, line: int, resource: Mapping[str, Any]) -> None:
    """Refuse what says that something of it could not be handed out: it is half a record."""
    if said := failure_in(resource):
        raise RecordError(f"{path}:{line}: says that something failed ({said}); half a record")
