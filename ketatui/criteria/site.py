"""Which answers are those of a place and not of a patient: ``site.toml``, read when wanted."""

from __future__ import annotations

from ketatui.criteria import models as m
from ketatui.criteria.models.site import SiteFile
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import Problem
from ketatui.criteria.reader import Reader
from ketatui.toml_lines import locate

FILE = "site.toml"


def site_questions(pack: Pack) -> tuple[str, ...]:
    """Return the questions of a place that the pack asks; none where it does not say."""
    file, _ = _read(pack)
    return tuple(ident for ident in file.questions if ident in pack.questions) if file else ()


def place_question(pack: Pack) -> m.Question | None:
    """Return the choice that says where a session would be; None where the pack names none."""
    file, _ = _read(pack)
    question = pack.questions.get(file.place or "") if file else None
    return question if question is not None and question.options else None


def check_site(pack: Pack) -> tuple[Problem, ...]:
    """Find everything that is wrong with the file; nothing where a pack has none."""
    file, reader = _read(pack)
    if file is None:
        return tuple(reader.problems)
    text = reader.texts[FILE]
    problems = [
        Problem(FILE, locate(text, ("questions", number)), ident, "unknown question")
        for number, ident in enumerate(file.questions)
        if ident not in pack.questions
    ]
    if file.place is not None and place_question(pack) is None:
        message = "no question with options is called so"
        problems.append(Problem(FILE, locate(text, ("place",)), file.place, message))
    return tuple(problems)


def _read(pack: Pack) -> tuple[SiteFile | None, Reader]:
    reader = Reader(pack.folder)
    if not (pack.folder / FILE).exists():
        return None, reader
    return reader.one(FILE, SiteFile), reader
