"""Bases of practice cases: the answers and the story that short cases share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ketatui.cases.answers import ROWS
from ketatui.cases.atomic import read_bytes_limited
from ketatui.cases.errors import CaseError, Problem
from ketatui.cases.model import Case
from ketatui.cases.toml_text import LARGEST_FILE, decode, parse
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.practice.models import PracticeBase, PracticeFile, StoryPart
from ketatui.practice.tables import ANSWERING, practice_folder, read_answers, validated
from ketatui.structs import Frozen

BASES = "bases"
"""Of a pack's practice folder: what short cases share."""


class Base(Frozen, frozen=True):
    """A base as loaded.

    Attributes:
        file: Its story.
        right: Its answers.
        data: All of its content.
    """

    file: PracticeBase
    right: Case
    data: Mapping[str, Any]

    def under(
        self, file: PracticeFile, right: Case, data: Mapping[str, Any]
    ) -> tuple[PracticeFile, Case]:
        """Return a case with what it leaves to the base.

        An answer, a table or the mark "unknown" of the case goes before that of the base. Of the
        base's story is told what is about facts that the case leaves alone.
        """
        own = {*right.answers, *right.unknown, *right.tables}
        own |= {name for name in ROWS if name in data}
        answers = {k: v for k, v in self.right.answers.items() if k not in own}
        kept = {name: getattr(self.right, name) for name in _ROW_FIELDS}
        rows = {
            name: getattr(right, name) if table in own else kept[name]
            for name, table in _ROW_FIELDS.items()
        }
        story = tuple(
            StoryPart(part=item.part, title=item.title, text=item.text)
            for item in self.file.story
            if own.isdisjoint(item.facts)
        )
        tables = {name: given for name, given in self.right.tables.items() if name not in own}
        whole = right.replaced(
            answers={**answers, **right.answers}, tables={**tables, **right.tables}, **rows
        )
        return file.replaced(story=(*file.story, *story)), whole


_ROW_FIELDS = {"trials": TRIALS, "medications": MEDICATIONS}


def load_base(pack: Pack, ident: str) -> Base:
    """Read a base of a pack.

    Raises:
        CaseError: There is none of this id, or it cannot be read.
    """
    folder = practice_folder(pack) / BASES
    path = folder / f"{ident}.toml"
    if not path.is_file():
        allowed = ", ".join(sorted(item.stem for item in folder.glob("*.toml")))
        message = f"there is no base {ident!r}; allowed: {allowed}"
        raise CaseError(str(path), [Problem(None, "base", message)])
    text = decode(read_bytes_limited(path, LARGEST_FILE), str(path))
    data = parse(text, str(path))
    problems: list[Problem] = []
    own = {key: value for key, value in data.items() if key not in ("schema", *ANSWERING)}
    file = validated(own, PracticeBase, text, problems)
    right = read_answers(text, data, str(path), pack)
    if problems or file is None:
        raise CaseError(str(path), problems)
    return Base(file, right, data)
