"""Which answers are those of a place and not of a patient: ``site.toml``, read when wanted."""

from __future__ import annotations

from ketatui.criteria import models as m
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import Problem
from ketatui.criteria.reader import Reader
from ketatui.toml_lines import locate

FILE = "site.toml"


def site_questions(pack: Pack) -> tuple[str, ...]:
    """Return the questions of a place that the pack asks; none where it does not say."""
    file, _ = _read(pack)
    return tuple(ident for ident in file.questions if ident in pack.questions) if file else ()


def check_site(pack: Pack) -> tuple[Problem, ...]:
    """Find everything that is wrong with the file; nothing where a pack has none."""
    file, reader = _read(pack)
    if file is None:
        return tuple(reader.problems)
    text = reader.texts[FILE]
    return tuple(
        Problem(FILE, locate(text, ("questions", number)), ident, "unknown question")
        for number, ident in enumerate(file.questions)
        if ident not in pack.questions
    )


def _read(pack: Pack) -> tuple[m.SiteFile | None, Reader]:
    reader = Reader(pack.folder)
    if not (pack.folder / FILE).exists():
        return None, reader
    return reader.one(FILE, m.SiteFile), reader
