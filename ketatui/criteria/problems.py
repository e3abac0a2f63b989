"""What is wrong with a pack, said so that its author can mend it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ketatui.structs import Frozen
from ketatui.toml_lines import locate


class Problem(Frozen, frozen=True, order=True):
    """One problem: file, line (None where it cannot be told), id, and what is allowed."""

    file: str
    line: int | None
    where: str
    message: str

    def __str__(self) -> str:
        """Return ``file:line: id: message``, as compilers do."""
        line = f":{self.line}" if self.line is not None else ""
        where = f" {self.where}:" if self.where else ""
        return f"{self.file}{line}:{where} {self.message}"


def problem_in(
    folder: Path, file: str, place: Sequence[str | int], ident: str, message: str
) -> Problem:
    """Return a problem with its line in a file of a pack, as far as that can still be read.

    Args:
        folder: Of the pack.
        file: The file, below that folder.
        place: Keys and numbers that lead to it.
        ident: The id it is about; empty for what has none.
        message: What is wrong.
    """
    try:
        text = (folder / file).read_text(encoding="utf-8")
    except (OSError, ValueError):
        text = ""
    return Problem(file, locate(text, place), ident, message)


class PackError(Exception):
    """A pack that cannot be used.

    Attributes:
        problems: Everything found, in the order of files and lines.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Args: problems, at least one; the text is the first, and how many more there are."""
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")
        self.problems = problems
