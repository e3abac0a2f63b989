"""The note in Markdown: what it says, and that no text of a case can change its form."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ketatui.cases.model import Case, Medication
from ketatui.engine import Knowledge
from ketatui.printable import printable
from ketatui.reports.blocks import Bullet, Heading, Paragraph, Quote
from ketatui.reports.markdown import columns, markdown
from tests.each import each
from tests.reports.conftest import Example, Read
from tests.reports.support import BEGINNINGS, CASE, NASTY
from tests.reports.written import consent_record, note

NUMBERS = range(1, 15)


def tokens(text: str) -> list[tuple[str, str]]:
    """What a Markdown reader makes of a text: kinds of blocks and inlines, with their text."""
    parser = MarkdownIt("gfm-like")
    found: list[tuple[str, str]] = []
    for token in parser.parse(text):
        found += [(item.type, item.content) for item in [token, *(token.children or [])]]
    return found


def read_back(text: str) -> str:
    """The running text a reader sees."""
    kinds = {"text": None, "softbreak": " ", "code_inline": None}
    return "".join(kinds[k] or said for k, said in tokens(text) if k in kinds)


def test_a_note_says_who_reviewed_what_and_which_signature_is_old(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    said = " ".join(note(knowledge, example(13), on).split())
    for words in (
        "## Reviews and signatures",
        "**r1:** M.O. (psychiatrist) agrees with the decision, 2026-11-21 17:00 UTC; belongs to "
        "revision 1; amended since (revision 4)",
        "**Said:** Nothing stands against it.",
        "**Signed:** reviewed: M.O. (psychiatrist), 2026-11-21 17:01 UTC; belongs to revision 2",
        "**Signed:** amended: K.L. (psychiatrist), 2026-11-21 19:30 UTC; of revision 4, whose",
        f"`{example(13).signatures[1].digest}`",
    ):
        assert words in said
    assert "Reviews and signatures" not in note(knowledge, example(1), on)


@each("number", NUMBERS)
def test_no_line_of_a_note_is_wider_than_80_columns(
    number: int, knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = example(number)
    for text in (note(knowledge, case, on), consent_record(knowledge, case, on)):
        assert max(columns(line) for line in text.splitlines()) <= 80


def test_a_note_says_what_was_decided_why_by_whom_and_under_which_criteria(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = example(2)
    saved: dict[str, Any] = case.assessment or {}
    text = note(knowledge, case, on)
    said = " ".join(text.split())
    for words in (
        "# Case 20261121-084000-example02",
        "**Label:** Example: lorazepam at night",
        f"**Criteria:** ketamine-us {saved['pack']['version']}",
        f"`{saved['pack']['digest']}`",
        "**Assessed for:** 2026-11-21",
        "**Local policy:** none",
        "**Pathway:** Spravato",
        "**Standing:** within criteria",
        "**Why:** ",
        "**OVERRIDDEN:** ",
        "OVERRIDDEN by the clinician, counts as a caution",
        "! Criteria met, with cautions",
        "**Basis:** on-label, evidence grade A",
        "(rule cns-depressants",
        "**Because:** ",
        "**Do:** ",
        "**Read:** ",
        "**Authority:** ",
        "**Source:** ",
        "## Antidepressant trials",
        "## Medicines",
        "## Consent",
        "**Revision 1:** 2026-11-21",
    ):
        assert words in said, words
    assert "PRACTICE" not in said
    assert "ASSESSED FOR THIS EXPORT" not in said


def test_findings_stand_by_authority_too_beside_what_the_payer_asks(
    knowledge: Knowledge, example: Example, read: Read, on: dt.date
) -> None:
    text = note(knowledge, example(4), on)
    section = " ".join(
        text.partition("## Findings by authority\n")[2].partition("\n## ")[0].split()
    )
    authorities = [part.split(" - ")[0] for part in section.split("**Authority:** ")[1:]]
    assert [name.strip() for name in authorities] == ["FDA alert", "Guideline", "Trial practice"]
    stroke = "**▿ Not recommended:** Past ischemic stroke or TIA (rule stroke-tia"
    assert f"{stroke}; OVERRIDDEN): Spravato" in section
    assert f"{stroke}): IV, IM, Oral" in section
    assert "Coverage" not in text
    paid = note(knowledge, read(CASE + '\n[answers.logistics]\npayer = "cigna"\n'), on)
    said = " ".join(paid.split())
    assert "## Coverage, never a verdict - **Cigna: Psychiatry, Spravato:** unknown" in said
    assert "- **Major depressive disorder:** met" in said


def test_a_practice_case_says_so_before_anything_else(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = example(1).replaced(practice=True)
    for text in (note(knowledge, case, on), consent_record(knowledge, case, on)):
        assert text.startswith("**PRACTICE: ")


def test_a_case_without_an_assessment_gets_a_fresh_one_that_is_marked(
    knowledge: Knowledge, read: Read, on: dt.date
) -> None:
    text = note(knowledge, read(CASE), on)
    assert "**ASSESSED FOR THIS EXPORT: " in text
    assert f"`{knowledge.pack.digest}`" in text
    assert "**? Open:** " in text
    assert "not decided yet" in text


def test_what_was_saved_is_shown_and_not_what_today_would_say(
    knowledge: Knowledge, example: Example
) -> None:
    case = example(1)
    saved: dict[str, Any] = dict(case.assessment or {})
    pathway = {**saved["pathways"][0], "verdict": "unmet", "basis": "off_label", "grade": "E"}
    saved |= {"pathways": [pathway], "on": "2020-02-02", "headline": "As it was then"}
    saved["pack"] = {**saved["pack"], "version": "2020.01", "policy": "Northside clinic"}
    text = note(knowledge, case.replaced(assessment=saved), dt.date(2030, 1, 1))
    assert "As it was then." in text
    assert "### 1. Spravato: ◌ Requirements unmet" in text
    assert "**Criteria:** ketamine-us 2020.01" in text
    assert "**Assessed for:** 2020-02-02" in text
    assert "**Local policy:** Northside clinic" in text


@each(
    "damaged",
    [
        {},
        {"pathways": 3},
        {"pathways": [3, {}], "pack": "x", "contradictions": ["x"], "on": 5},
        {"pathways": [{"id": 7, "rank": "x", "findings": [{}], "open": [{"needs": 1}]}]},
        {"pathways": [{"findings": [{"facts": {"x.y": [1], "z": {"a": 1}}, "sources": "s"}]}]},
    ],
)
def test_an_assessment_of_another_form_stops_no_note(
    damaged: dict[str, Any], knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = example(1).replaced(assessment=damaged)
    said = note(knowledge, case, on)
    assert said.startswith("**ALTERED outside the program: ")
    assert "\n# Case " in said


def nasty(case: Case, text: str) -> Case:
    decision = case.decision.replaced(reason=text, by=text)
    return case.replaced(label=text, medications=(Medication(name=text),), decision=decision)


def shape(text: str) -> list[str]:
    """The kinds of a note's blocks, without how many lines the text took."""
    return [kind for kind, _ in tokens(text) if kind not in ("text", "softbreak")]


@pytest.fixture(scope="module")
def plain(knowledge: Knowledge, example: Example, on: dt.date) -> list[str]:
    """The shape of a note with a plain text."""
    return shape(note(knowledge, nasty(example(1), "plain"), on))


@each("text", [NASTY, *BEGINNINGS, "x" * 75 + "---", "é" * 200, "漢字" * 90])
def test_the_text_of_a_case_never_changes_the_form_of_its_note(
    text: str, knowledge: Knowledge, example: Example, on: dt.date, plain: list[str]
) -> None:
    found = note(knowledge, nasty(example(1), text), on)
    assert shape(found) == plain
    assert max(columns(line) for line in found.splitlines()) <= 80


def test_no_terminal_control_gets_into_a_note(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = nasty(example(1), "\x1b]0;owned\x07 \x9b31m \u202e \r\n\x00 end")
    for text in (note(knowledge, case, on), consent_record(knowledge, case, on)):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
        assert r"\\x1b\]0;owned\\x07" in text


@given(text=st.text(max_size=300), kind=st.sampled_from([Paragraph, Bullet, Quote]))
def test_whatever_a_text_holds_it_is_read_back_as_it_was(
    text: str, kind: type[Paragraph | Bullet | Quote]
) -> None:
    found = markdown([kind(text)])
    assert max(columns(line) for line in found.splitlines()) <= 80
    wanted = [printable(word) for word in text.split()]
    # A word that is wider than a line is parted by blanks.
    assert read_back(found).replace(" ", "") == "".join(wanted).replace(" ", "")


@each(
    "text",
    [
        *("a &amp; b &#35; c", "<!-- x", "<br/> <?x", "<https://a.b>", "a [x]: y"),
        *("~~a~~ **b** __c__", "1.ba", "fda.gov/x (see who.int)", "//localhost //a.de"),
        *("a@b.ba,c.de", "a.рф", "see://x,a.ba", "www.1a.com", "b=.dm"),
    ],
)
def test_what_looks_like_markup_is_none_and_is_read_back_letter_by_letter(text: str) -> None:
    found = markdown([Paragraph(text)])
    assert read_back(found) == text
    assert shape(found) == shape(markdown([Paragraph("p")]))


def test_no_line_break_makes_a_table() -> None:
    for width in range(30, 76):
        text = f"|{'a' * (width // 2)} |{'b' * (width // 2)} |--|--|"
        assert shape(markdown([Paragraph(text)])) == shape(markdown([Paragraph("p")]))


@given(text=st.text(alphabet="abc #*-_=+.)1>`~|[]<>&\\\n!:/@w", max_size=200))
def test_marks_of_markdown_stay_text_wherever_a_line_breaks(text: str) -> None:
    found = markdown([Heading("h"), Paragraph(text), Bullet(text), Bullet(text, "Label")])
    plain = markdown([Heading("h"), Paragraph("p"), Bullet("p"), Bullet("p", "Label")])
    if text.strip():
        assert shape(found) == shape(plain)


def test_the_same_case_gives_the_same_note(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    assert note(knowledge, example(2), on) == note(knowledge, example(2), on)


def test_a_consent_record_has_every_item_of_the_chosen_pathway_and_room_to_sign(
    knowledge: Knowledge, example: Example, on: dt.date
) -> None:
    case = example(1)
    items = dict(case.consent.items)
    del items["consent.driving"]
    changed = case.replaced(consent=case.consent.replaced(items=items))
    text = consent_record(knowledge, changed, on)
    assert "### ✗ No driving until tomorrow" in text
    assert "### ✓ What it is for" in text
    assert "“I may feel far away" in text
    assert "Made by a compounding pharmacy" not in text
    for who in ("Patient", "Clinician", "Interpreter or witness"):
        assert f"{who}: ....." in text
