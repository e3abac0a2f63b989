"""The pages: the same bytes, tagged, archivable, and clear when they cannot be made."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import sys
from typing import Any

import pytest

from ketatui.cases.integrity import reading_of
from ketatui.engine import Knowledge
from ketatui.reports.blocks import Bullet, Paragraph, Report
from ketatui.reports.consent_record import consent_report
from ketatui.reports.note import note_report
from ketatui.reports.pdf import NO_LIBRARY, NoPdfError, _data, pdf
from tests.processes import run
from tests.reports.conftest import Example
from tests.reports.support import NASTY

LETTER, A4 = b"/MediaBox[0 0 612 792]", b"/MediaBox[0 0 595.2756 841.8898]"


@pytest.fixture
def report(knowledge: Knowledge, example: Example, on: dt.date) -> Report:
    return note_report(knowledge, reading_of(example(1), knowledge.pack), on)


@pytest.fixture(scope="module")
def pages(knowledge: Knowledge, example: Example, on: dt.date) -> bytes:
    return pdf(note_report(knowledge, reading_of(example(1), knowledge.pack), on))


def test_the_same_case_gives_the_same_bytes(
    knowledge: Knowledge, example: Example, on: dt.date, report: Report, pages: bytes
) -> None:
    assert pdf(report) == pages
    reading = reading_of(example(1), knowledge.pack)
    one, two = (pdf(consent_report(knowledge, reading, on)) for _ in "12")
    assert one == two
    assert one.startswith(b"%PDF-1.7") and pages.startswith(b"%PDF-1.7")


def test_the_pages_are_tagged_for_screen_readers_and_fit_for_an_archive(pages: bytes) -> None:
    assert b"/MarkInfo" in pages
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pages
    assert b"<pdfaid:part>3</pdfaid:part>" in pages
    assert b"2026-11-21T08:32:00" in pages


def test_the_paper_is_letter_or_a4(report: Report, pages: bytes) -> None:
    assert LETTER in pages
    assert A4 in pdf(report, paper="a4")


def test_text_is_never_markup_and_never_stops_the_pages(report: Report) -> None:
    for text in (NASTY, '#read("/etc/passwd")', "*a* _b_ `c` $x$ @ref <label> \\ \x1b[0m", ""):
        blocks = (Paragraph(text), *report.blocks)
        assert pdf(dataclasses.replace(report, case=text, blocks=blocks)).startswith(b"%PDF")


def test_every_word_of_the_criteria_can_be_shown(knowledge: Knowledge) -> None:
    pack = knowledge.pack
    texts = [item.text for item in pack.consent.values()]
    texts += [on for item in pack.consent.values() for on in item.on.values()]
    texts += [text for rule in pack.rules.values() for text in (rule.title, rule.because, rule.do)]
    texts += [words.symbol for words in pack.wording.verdicts.values()]
    texts += [words.symbol for words in pack.wording.effects.values()]
    texts += [question.label for question in pack.questions.values()]
    texts += [pack.source_text(ident) for ident in pack.sources]
    blocks = tuple(Paragraph(text) for text in texts)
    assert pdf(Report("t", blocks, practice=False))


def test_a_character_that_no_font_has_is_named_and_never_left_out(report: Report) -> None:
    # Cuneiform: the fonts that come along lack it, and those of this machine may have it.
    blocks = (Paragraph("before \U00012000 after"),)
    try:
        data = pdf(dataclasses.replace(report, blocks=blocks))
    except NoPdfError as error:
        assert "\n" not in str(error)
        assert "\U00012000" in str(error)
        assert "export it as md" in str(error)
    else:
        assert data.startswith(b"%PDF")


def test_the_library_is_loaded_only_when_pages_are_drawn_and_its_lack_is_said(
    report: Report,
) -> None:
    code = """
import sys
import ketatui.commands.export
assert "typst" not in sys.modules
sys.modules["typst"] = None  # what an import finds that is not installed
from ketatui.reports.blocks import Report
from ketatui.reports.pdf import NoPdfError, pdf
try:
    pdf(Report("t", "c", "k", "d", False, None, ()))
except NoPdfError as error:
    import json
    print(json.dumps(str(error)))
"""
    done = run([sys.executable, "-c", code], check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == NO_LIBRARY
    assert "\n" not in NO_LIBRARY
    assert "pip install" in NO_LIBRARY


def test_a_word_wider_than_the_paper_breaks_and_dates_beside_hebrew_stay_whole(
    report: Report,
) -> None:
    blocks = (
        Bullet("Donaudampfschiff" * 12, "Long"),
        Bullet("משה כהן (pharmacist), 2026-11-21 16:55 UTC-05:00, 0.5 mg", "Signed"),
    )
    data = _data(dataclasses.replace(report, blocks=blocks), "us-letter")
    drawn: Any = data["blocks"]
    long, hebrew = drawn
    assert max(map(len, long["text"].split("\u200b"))) <= 20
    assert long["text"].replace("\u200b", "") == "Donaudampfschiff" * 12
    assert (long["rtl"], hebrew["rtl"]) == (False, True)
    assert pdf(dataclasses.replace(report, blocks=blocks)).startswith(b"%PDF")
