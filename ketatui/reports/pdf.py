"""A report as pages to print (PDF), for those who installed the extra ``pdf``.

The pages are tagged, so that a screen reader can read them (PDF/UA-1), and fit for an archive
(PDF/A-3a): both are checked when they are written, and so is that every character can be shown.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal
from unicodedata import bidirectional

from ketatui.printable import printable
from ketatui.reports.blocks import Block, Report

if TYPE_CHECKING:
    from typst import Fonts, PDFStandard

Paper = Literal["letter", "a4"]
NO_LIBRARY = (
    'PDF needs the extra "pdf": pip install "ketatui[pdf]"; in a clone: make run installs it'
)
_PAPERS: dict[Paper, str] = {"letter": "us-letter", "a4": "a4"}
_STANDARDS: list[PDFStandard] = ["a-3a", "ua-1"]
_LONG_WORD = re.compile(r"\S{40,}")
_PIECE = re.compile(r".{1,20}")
_BREAK = "\u200b"
_UNDATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The date of a file about a case that does not say when it was saved."""


class NoPdfError(Exception):
    """The pages cannot be made; says in one line why, and what to do."""


def pdf(report: Report, *, paper: Paper = "letter") -> bytes:
    """Draw a report as pages.

    Args:
        report: The report.
        paper: The size of the pages; either can be printed on the other.

    Returns:
        The file; the same report gives the same bytes with the same version of the library.

    Raises:
        NoPdfError: The library is not installed, or no font has a character of the text.
    """
    try:
        import typst
    except ImportError:
        raise NoPdfError(NO_LIBRARY) from None
    source = resources.files("ketatui.reports").joinpath("pages.typ").read_bytes()
    data = json.dumps(_data(report, _PAPERS[paper]))
    moment = (report.moment or _UNDATED).astimezone(dt.UTC)
    problem = ""
    # The fonts that come with the library give the same pages everywhere. Only a text that
    # they cannot show, such as one in Chinese, is drawn with the fonts of this machine.
    for fonts in (_bundled_fonts(), None):
        try:
            return typst.compile(
                source,
                format="pdf",
                sys_inputs={"report": data},
                font_paths=[] if fonts is None else fonts,
                pdf_standards=_STANDARDS,
                timestamp=int(moment.timestamp()),
            )
        except typst.TypstError as error:
            problem = printable(error.message.splitlines()[0])
    raise NoPdfError(
        f"{printable(report.case)}: the PDF cannot be made: {problem}; export it as md instead"
    )


@cache
def _bundled_fonts() -> Fonts:
    """Return the fonts that come with the library, read once: that takes as long as a page."""
    import typst

    return typst.Fonts(include_system_fonts=False)


def _data(report: Report, paper: str) -> dict[str, object]:
    return {
        "title": report.title,
        "case": printable(report.case),
        "criteria": printable(report.criteria),
        "day": printable(report.day),
        "practice": report.practice,
        "altered": report.altered,
        "patient": report.for_patient,
        "paper": paper,
        "blocks": [_block(block) for block in report.blocks],
    }


def _block(block: Block) -> dict[str, object]:
    fields = {
        key: printable(" ".join(value.split())) if isinstance(value, str) else value
        for key, value in asdict(block).items()
    }
    fields |= {key: _breakable(value) for key, value in fields.items() if isinstance(value, str)}
    return {
        "kind": type(block).__name__.lower(),
        "rtl": _is_rtl(getattr(block, "text", "")),
        **fields,
    }


def _breakable(text: str) -> str:
    """Let a word break that is wider than the paper; the marks are not seen."""
    return _LONG_WORD.sub(lambda word: _BREAK.join(_PIECE.findall(word[0])), text)


def _is_rtl(text: str) -> bool:
    """Tell whether a text holds letters that are written from right to left."""
    return not text.isascii() and any(bidirectional(letter) in ("R", "AL") for letter in text)
