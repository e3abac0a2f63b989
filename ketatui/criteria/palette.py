"""Other words by which things are found: ``palette.toml``, read when something is looked for.

It is no part of the digest: it decides nothing about a patient, so a word more changes no case.
"""

from __future__ import annotations

from collections.abc import Mapping

from ketatui.criteria.models.palette import PaletteFile
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import Problem
from ketatui.criteria.reader import Reader
from ketatui.toml_lines import locate

FILE = "palette.toml"
OF_PROGRAM = ("screen", "setting", "action")
"""Kinds whose ids are the program's: what it does not know is passed over."""


def palette_words(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    """Return the words of a pack by what they find; none where they cannot be read."""
    file, _ = _read(pack)
    return file.words if file is not None else {}


def check_palette(pack: Pack) -> tuple[Problem, ...]:
    """Find everything that is wrong with the file; nothing where a pack has none."""
    file, reader = _read(pack)
    if file is None:
        return tuple(reader.problems)
    text = reader.texts[FILE]
    return tuple(
        Problem(FILE, locate(text, ("words", name)), name, message)
        for name in file.words
        if (message := _fault(pack, name))
    )


def _read(pack: Pack) -> tuple[PaletteFile | None, Reader]:
    reader = Reader(pack.folder)
    if not (pack.folder / FILE).exists():
        return None, reader
    return reader.one(FILE, PaletteFile), reader


def _fault(pack: Pack, name: str) -> str:
    kind, _, key = name.partition(":")
    known: Mapping[str, object] | set[str]
    match kind:
        case "question":
            known = pack.questions
        case "answer":
            known = {
                f"{question.id}={option.code}"
                for question in pack.questions.values()
                for option in question.options
            }
        case "section":
            known = {section.id for section in pack.sections}
        case "source":
            known = pack.sources
        case _ if kind in OF_PROGRAM:
            return ""
        case _:
            kinds = ", ".join(("question", "answer", "section", "source", *OF_PROGRAM))
            return f"unknown kind {kind!r}; allowed: {kinds}"
    return "" if key in known else f"unknown {kind} {key!r}"
