"""Reading the files of a pack: TOML to checked models, every fault with file, line and id."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import tomli
from msgspec import Struct, field

from ketatui.criteria.models.medicines import NameFile
from ketatui.criteria.names import NAMES, DrugNames
from ketatui.criteria.problems import Problem
from ketatui.structs import Frozen
from ketatui.toml_lines import locate
from ketatui.toml_structs import FaultyTableError, Table, read_table

_MAX_BYTES = 4_000_000
_Model = TypeVar("_Model", bound=Table)


class Origin(Frozen, frozen=True):
    """Where in the pack something is said.

    Attributes:
        file: The file, relative to the pack's folder (or the policy file's path).
        path: Keys and indexes that lead to the table inside the file.
    """

    file: str
    path: tuple[str | int, ...] = ()


class Reader(Struct):
    """Reads files of one pack and remembers everything that is wrong with them."""

    folder: Path
    problems: list[Problem] = field(default_factory=list)
    content: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)

    def one(self, name: str, model: type[_Model]) -> _Model | None:
        """Read one file that has to be there."""
        path = self.folder / name
        data = self._parse(path, name)
        return None if data is None else self._validate(data, name, model)

    def single(self, name: str, model: type[_Model]) -> list[tuple[str, _Model]]:
        """Read one file that has to be there, told as `many` tells files."""
        value = self.one(name, model)
        return [] if value is None else [(name, value)]

    def many(
        self, pattern: str, model: type[_Model], *, needed: bool = True
    ) -> list[tuple[str, _Model]]:
        """Read every file that matches, in the order of their names.

        Args:
            pattern: Which files.
            model: What each holds.
            needed: Whether there has to be one; a file that is a part is missed all the same.
        """
        paths = sorted(self.folder.glob(pattern))
        if needed and not paths:
            self.problems.append(Problem(pattern, None, "", "no such file in the pack"))
        found = []
        for path in paths:
            name = path.relative_to(self.folder).as_posix()
            data = self._parse(path, name)
            value = None if data is None else self._validate(data, name, model)
            if value is not None:
                found.append((name, value))
        return found

    def names(self, *, trusted: bool) -> DrugNames | None:
        """Read the table of medicines' names; only its head as TOML.

        Args:
            trusted: Whether the form of its lines waits until a name is asked for.
        """
        text = self._text(self.folder / NAMES, NAMES)
        if text is None:
            return None
        self.texts[NAMES] = text
        names = DrugNames(text.replace("\r\n", "\n") if "\r" in text else text)
        if not trusted:
            self.problems += names.faults()
        data = self._loads(names.head, NAMES)
        if data is None or self._validate(data, NAMES, NameFile) is None:
            return None
        self.content[NAMES] = {**data, "names": names.digest}
        return names

    def compare_parts(self, named: tuple[str, ...], info: str = "pack.toml") -> None:
        """Note files the pack names that were not read, and the reverse.

        A pack copied only in part would otherwise say "criteria met" for want of a rule.

        Args:
            named: What the file of parts names, relative to the folder that it stands in.
            info: The file of parts.
        """
        within = info.rpartition("/")[0]
        wanted = {f"{within}/{name}" if within else name for name in named}
        read = {*self.content, *(problem.file for problem in self.problems)} - {info}
        line = locate(self.texts[info], ("parts",)) if wanted != read else None
        for name in sorted(wanted - read):
            self.problems.append(Problem(info, line, name, "is named as a part and missing"))
        for name in sorted(read - wanted):
            message = "is in the folder and not named in 'parts'"
            self.problems.append(Problem(info, line, name, message))

    def _parse(self, path: Path, name: str) -> dict[str, Any] | None:
        text = self._text(path, name)
        data = None if text is None else self._loads(text, name)
        if text is not None and data is not None:
            self.texts[name] = text
            self.content[name] = data
        return data

    def _text(self, path: Path, name: str) -> str | None:
        try:
            if not path.is_file():
                raise OSError("not a file" if path.exists() else "no such file")
            raw = path.read_bytes()
            if len(raw) > _MAX_BYTES:
                raise OSError(f"larger than {_MAX_BYTES} bytes")
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            said = "this is not UTF-8 text; save the file as UTF-8"
            self.problems.append(Problem(name, line, "", said))
            return None
        except (OSError, ValueError) as error:
            self.problems.append(Problem(name, None, "", f"cannot be read: {error}"))
            return None

    def _loads(self, text: str, name: str) -> dict[str, Any] | None:
        try:
            return tomli.loads(text, parse_float=Decimal)
        except tomli.TOMLDecodeError as error:
            line = _line_of(error) or len(text.splitlines()) or 1
            self.problems.append(Problem(name, line, "", f"not TOML: {error}"))
        except (ValueError, RecursionError) as error:
            self.problems.append(Problem(name, None, "", f"cannot be read: {error}"))
        return None

    def _validate(self, data: dict[str, Any], name: str, model: type[_Model]) -> _Model | None:
        try:
            return read_table(data, model)
        except FaultyTableError as error:
            for fault in error.faults:
                line = locate(self.texts[name], fault.place)
                said = f"{_dotted(fault.place)}: {fault.said(_shown)}"
                self.problems.append(Problem(name, line, _id_at(data, fault.place), said))
            return None


def _line_of(error: tomli.TOMLDecodeError) -> int | None:
    _, _, tail = str(error).partition("at line ")
    digits = tail.split(",")[0]
    return int(digits) if digits.isdigit() else None


def _shown(value: object) -> str:
    return "this" if isinstance(value, dict | list) else repr(str(value)[:60])


def _dotted(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part) for part in path if not isinstance(part, int)) or "file"


def _id_at(data: Any, path: tuple[str | int, ...]) -> str:
    found = ""
    for part in path:
        if isinstance(data, dict):
            found = str(data.get("id", data.get("name", found)))
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            break
    if isinstance(data, dict):
        found = str(data.get("id", found))
    return found


class Index(Struct):
    """Collects tables by id, with their origin, and refuses a second one of the same id."""

    problems: list[Problem]
    texts: Mapping[str, str]
    origins: dict[tuple[str, str], Origin] = field(default_factory=dict)

    def add(
        self, kind: str, ident: str, value: _Model, into: dict[str, _Model], at: Origin
    ) -> None:
        """Add a table under its id, unless there is one of this kind already."""
        if ident in into:
            first = self.origins[kind, ident]
            line = locate(self.texts.get(at.file, ""), at.path)
            self.problems.append(
                Problem(at.file, line, ident, f"a second {kind} of this id; first in {first.file}")
            )
            return
        into[ident] = value
        self.origins[kind, ident] = at

    def collect(
        self,
        kind: str,
        files: list[tuple[str, Any]],
        table: str,
        key: str = "id",
    ) -> dict[str, Any]:
        """Add all tables of a kind.

        Args:
            kind: What they are, as errors call it.
            files: Names of files and what was read of them.
            table: The key of the list in each.
            key: What a table is found by: a key of its own.

        Returns:
            Them, by that key.
        """
        found: dict[str, Any] = {}
        for name, file in files:
            for number, item in enumerate(getattr(file, table)):
                self.add(kind, getattr(item, key), item, found, Origin(name, (table, number)))
        return found

    def collect_files(self, kind: str, files: list[tuple[str, Any]]) -> dict[str, Any]:
        """Add files that are a table of a kind each; return them by id."""
        found: dict[str, Any] = {}
        for name, item in files:
            self.add(kind, item.id, item, found, Origin(name))
        return found


def content_digest(content: object) -> str:
    """Digest what was said, not how it was laid out: canonical JSON through SHA-256."""

    def plain(value: object) -> object:
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        if isinstance(value, dt.date | dt.time):
            return value.isoformat()
        raise TypeError(type(value).__name__)

    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=plain)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()
