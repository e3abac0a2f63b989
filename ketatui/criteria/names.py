"""The table of medicines' names: thousands of lines, each read only once its name is met."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cached_property

import tomli

from ketatui.criteria.models.medicines import Medicine
from ketatui.criteria.problems import PackError, Problem
from ketatui.toml_structs import FaultyTableError, read_table

NAMES = "drugs/names.toml"

_LINE = re.compile(r'^"([^"\\\n]+)" = (\{.*\})$', re.MULTILINE)
_STATEMENT = re.compile(r"[^#\s]")
_TABLES = ("[names]", "[ambiguous]")


class DrugNames(Mapping[str, Medicine]):
    """Names of medicines as the pack writes them, and what they stand for.

    The text is cut into lines when a name is first asked for, and each line is read when its name
    is: a start does neither.
    """

    def __init__(self, text: str) -> None:
        """Args: the whole file, of which all but the names has been checked."""
        self._text = text
        self._read: dict[str, Medicine] = {}

    @cached_property
    def head(self) -> str:
        """The part above the names: plain TOML."""
        return self._text.partition(f"\n{_TABLES[0]}\n")[0]

    @cached_property
    def digest(self) -> str:
        """A digest of the file as it stands: far cheaper than one of what it says."""
        return hashlib.sha256(self._text.encode()).hexdigest()

    @cached_property
    def _lines(self) -> dict[str, str]:
        """The line of every name.

        Raises:
            PackError: Lines are in no known form, or a name stands twice.
        """
        lines = dict(_LINE.findall(self._text, len(self.head)))
        # Only where there are fewer names than lines they are looked at one by one.
        if len(lines) != self._count() and (faults := self.faults()):
            raise PackError(faults)
        return lines

    def _count(self) -> int:
        """Count the lines of both tables, but for what stands between them."""
        text = self._text
        asked = text.find(f"\n{_TABLES[1]}\n")
        names = text.count(
            "\n", len(self.head) + len(_TABLES[0]) + 2, text.rfind("}", 0, asked) + 1
        )
        return names + 1 + text.count("\n", asked + len(_TABLES[1]) + 2, len(text.rstrip())) + 1

    def faults(self) -> tuple[Problem, ...]:
        """Return what is wrong with the form of lines, and names that stand twice."""
        return tuple(_faults(self._text, self.head.count("\n") + 2))

    @property
    def asked(self) -> frozenset[str]:
        """Names that mean several drugs."""
        _, _, asked = self._text.partition(f"\n{_TABLES[1]}\n")
        return frozenset(name for name, _ in _LINE.findall(asked))

    def __getitem__(self, name: str) -> Medicine:
        """Return what a name stands for.

        Raises:
            KeyError: It is not in the table.
            PackError: Its line is wrong; ``criteria check`` says it before that.
        """
        found = self._read.get(name)
        if found is None:
            found = self._read[name] = _medicine(name, self._lines[name])
        return found

    def __contains__(self, name: object) -> bool:
        """Tell whether a name is in the table; its line is not read for that."""
        return name in self._lines

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names, in the order of the file."""
        return iter(self._lines)

    def __len__(self) -> int:
        """Return how many names there are."""
        return len(self._lines)

    def mentioning(self, word: str) -> Iterator[str]:
        """Yield the names whose line holds a quoted word; without reading the lines."""
        wanted = f'"{word}"'
        for name, line in self._lines.items():
            if wanted in line:
                yield name


def mentioning(names: Mapping[str, Medicine], code: str) -> Iterator[str]:
    """Yield the names that may be in a class: all that are, and few besides."""
    yield from names.mentioning(code) if isinstance(names, DrugNames) else names


def _medicine(name: str, line: str) -> Medicine:
    try:
        found = read_table(tomli.loads(f"is = {line}")["is"], Medicine)
    except (tomli.TOMLDecodeError, FaultyTableError) as error:
        raise PackError((Problem(NAMES, None, name, str(error)),)) from None
    if found.ingredients or found.may_mean is not None:
        return found
    return found.replaced(ingredients=(name,))


def _faults(text: str, above: int) -> Iterator[Problem]:
    """Find the lines that are wrong; slower, and only once something is."""
    first: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if number <= above or not _STATEMENT.match(line) or line in _TABLES:
            continue
        found = _LINE.match(line)
        if not found:
            allowed = '"name" = { is = ["ingredient"], classes = ["class"], kind = "brand" }'
            yield Problem(NAMES, number, line[:40], f"each line has the form {allowed}")
        elif found[1] in first:
            message = f"this medicine stands twice; first in line {first[found[1]]}"
            yield Problem(NAMES, number, found[1], message)
        else:
            first[found[1]] = number
    if _TABLES[1] not in text.split("\n"):
        yield Problem(NAMES, None, "", f"has no table {_TABLES[1]}")
