"""The table of medicines' names: thousands of lines, each read only once its name is met."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping

import tomli

from ketatui.criteria.models.medicines import Medicine
from ketatui.criteria.problems import PackError, Problem
from ketatui.tables import FaultyTableError, read_table

NAMES = "drugs/names.toml"

_LINE = re.compile(r'^"([^"\\\n]+)" = (\{.*\})$', re.MULTILINE)
_STATEMENT = re.compile(r"^[^#\s].*$", re.MULTILINE)
_TABLES = ("[names]", "[ambiguous]")


class DrugNames(Mapping[str, Medicine]):
    """Names of medicines as the pack writes them, and what they stand for."""

    def __init__(self, lines: Mapping[str, str], asked: frozenset[str], digest: str) -> None:
        """Args: the value of each name as TOML writes it; names to ask about; a digest of all."""
        self._lines = lines
        self.asked = asked
        self.digest = digest
        self._read: dict[str, Medicine] = {}

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


def read_names(text: str) -> tuple[str, DrugNames, tuple[Problem, ...]]:
    """Read the file of names.

    Args:
        text: The whole file.

    Returns:
        Its head, which is plain TOML; the names; and each line that is in no known form or
        says a name for the second time.
    """
    head, _, body = text.partition(f"\n{_TABLES[0]}\n")
    listed, _, asked = body.partition(f"\n{_TABLES[1]}\n")
    ambiguous = _LINE.findall(asked)
    found = _LINE.findall(listed) + ambiguous
    lines = dict(found)
    problems: list[Problem] = []
    if len(lines) != len(found) or len(_STATEMENT.findall(body)) != len(found) + 1:
        problems = list(_faults(text, head.count("\n") + 2))
    # Of the lines as they stand, comments among them: cheaper by far than of what they say.
    digest = hashlib.sha256(body.encode()).hexdigest()
    asked_about = frozenset(name for name, _ in ambiguous)
    return head, DrugNames(lines, asked_about, digest), tuple(problems)


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
