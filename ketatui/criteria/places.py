"""Where in a pack's files something is said: the files once more, as plain TOML with lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import tomli

from ketatui.criteria.names import NAMES, DrugNames
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import Problem
from ketatui.toml_lines import locate

Place = tuple[str | int, ...]
Leaf = tuple[Place, str, Any]
"""Where a value stands, the id around it, the value."""


@dataclass
class Notes:
    """Collects problems and warnings, each located in the file that says it."""

    pack: Pack
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the pack's files; what cannot be read has been reported by the loader."""
        for path in sorted(self.pack.folder.rglob("*.toml")):
            self._read(path.relative_to(self.pack.folder).as_posix())
        for origin in self.pack.origins.values():
            if origin.file not in self.texts:
                # A rule of a local policy; its file is outside the pack.
                self._read(origin.file)

    def _read(self, name: str) -> None:
        try:
            # An absolute name (a policy's) stands for itself.
            self.texts[name] = (self.pack.folder / name).read_text(encoding="utf-8")
        except (OSError, ValueError):
            self.texts[name] = ""

    def data(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield every file of the pack as plain data, but for the thousands of medicines' names."""
        for name, text in self.texts.items():
            try:
                yield name, tomli.loads(DrugNames(text).head if name == NAMES else text)
            except (ValueError, RecursionError):
                continue

    def of(self, kind: str, ident: str, message: str, *keys: str | int) -> None:
        """Note a problem of something that has an id.

        Args:
            kind: What it is, as the loader calls it ("rule", "question", …).
            ident: Its id.
            message: What is wrong and what is allowed.
            keys: Keys inside its table that lead to the mistake.
        """
        origin = self.pack.origins.get((kind, ident))
        if origin is None:
            self.problems.append(Problem("", None, ident, message))
        else:
            self.at(origin.file, (*origin.path, *keys), ident, message)

    def at(self, file: str, place: Place, ident: str, message: str) -> None:
        """Note a problem at a place of a file."""
        line = locate(self.texts.get(file, ""), place)
        self.problems.append(Problem(file, line, ident, message))

    def warn(self, file: str, place: Place, ident: str, message: str) -> None:
        """Note something worth knowing that does not make the pack wrong."""
        line = locate(self.texts.get(file, ""), place)
        self.warnings.append(Problem(file, line, ident, message))


def leaves(data: object, place: Place = (), ident: str = "") -> Iterator[Leaf]:
    """Yield every value that is no table."""
    if isinstance(data, dict):
        ident = str(data.get("id", data.get("name", ident)))
        for key, value in data.items():
            yield from leaves(value, (*place, key), ident)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from leaves(value, (*place, number), ident)
    else:
        yield place, ident, data


def leaves_under(key: str, data: object, place: Place = (), ident: str = "") -> Iterator[Leaf]:
    """Yield what `leaves` yields below a key; thousands of values elsewhere are passed over."""
    if isinstance(data, dict):
        ident = str(data.get("id", data.get("name", ident)))
        for name, value in data.items():
            if name == key:
                yield from leaves(value, (*place, name), ident)
            elif isinstance(value, (dict, list)):
                yield from leaves_under(key, value, (*place, name), ident)
    elif isinstance(data, list):
        for number, value in enumerate(data):
            if isinstance(value, (dict, list)):
                yield from leaves_under(key, value, (*place, number), ident)
