"""The page for the patient: by one key during the talk."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ketatui.cases.model import Case
from ketatui.criteria.patient_page import load_patient_page, sources_for
from ketatui.engine import Knowledge
from ketatui.reports import pdf as pages
from ketatui.reports.patient_page import patient_report
from ketatui.reports.pdf import pdf
from ketatui.reports.plain_text import plain_text
from ketatui.tui.screens.consent import ConsentScreen
from ketatui.tui.screens.consultation import ConsultationScreen
from ketatui.tui.screens.patient_page import PatientPageScreen
from tests.criteria.test_consent_items import school_grade
from tests.tui.support import SitDown

ReadCase = Callable[[str], Case]
LeaveDraft = Callable[..., Path]


async def test_one_key_writes_the_page_of_one_pathway_as_pdf_and_text_and_shows_it(
    desk: SitDown,
    draft: LeaveDraft,
    case_of: ReadCase,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def written() -> list[str]:
        return sorted(path.name.partition("-patient")[2] for path in (folder / "exports").iterdir())

    draft(case_of("01"))
    async with desk() as hand:
        await hand.press("r")
        await hand.on(ConsultationScreen)
        await hand.press("c")
        await hand.on(ConsentScreen)
        await hand.press("x")
        assert "A page is about one pathway" in hand.hint
        assert hand.focused == "about"
        await hand.press("1", "x")
        await hand.on(PatientPageScreen)
        await hand.until(lambda: "Written: " in hand.words)
        assert "esketamine nose spray (Spravato)" in hand.all_lines
        assert "ketamine by mouth" not in hand.all_lines
        await hand.press("escape")
        await hand.on(ConsentScreen)
        # Once more: the first one stays.
        await hand.press("x")
        await hand.until(lambda: "-patient-2.pdf" in hand.words)
        assert written() == ["-2.pdf", "-2.txt", ".pdf", ".txt"]
        await hand.press("escape")
        await hand.on(ConsentScreen)
        # Without the library the text is written, and one line says how to get pages.
        monkeypatch.setitem(sys.modules, "typst", None)
        assert hand.form.focus_on("about")
        await hand.press("2", "x")
        await hand.on(PatientPageScreen)
        await hand.until(lambda: "No PDF: " in hand.words)
        assert pages.NO_LIBRARY.partition(":")[0] in hand.words
        assert "ketamine through a vein" in hand.all_lines
        assert [name for name in written() if "3" in name] == ["-3.txt"]
    text = next((folder / "exports").glob("*-patient.txt"))
    said = text.read_text("utf-8")
    assert "call or text 988" in said
    assert not any(word in said for word in ("sha256", "2026", "rule", "digest"))
    assert text.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_it_has_at_most_two_pages_in_large_print_and_plain_words(
    knowledge: Knowledge, paper: pages.Paper
) -> None:
    page = load_patient_page(knowledge.pack)
    for pathway in knowledge.pack.pathways:
        report = patient_report(knowledge.pack, page, [pathway])
        assert report.for_patient
        assert len(re.findall(rb"/Type\s*/Page\b", pdf(report, paper=paper))) <= 2
    said = " ".join(line.text for line in page.lines)
    assert school_grade(said) <= 8


def test_every_consent_item_of_harm_stands_on_the_page_of_its_pathways(
    knowledge: Knowledge,
) -> None:
    page = load_patient_page(knowledge.pack)
    # In how it is talked about, not in what one takes along.
    left_out = {"evidence", "breathing", "rems", "records", "questions", "purpose", "off-label"}
    for pathway in knowledge.pack.pathways:
        there = {
            line.item
            for line in page.lines
            if pathway in (line.pathways or knowledge.pack.consent[line.item].pathways)
        }
        wanted = {
            item.id
            for item in knowledge.pack.consent.values()
            if pathway in item.pathways and item.id.partition(".")[2] not in left_out
        }
        assert wanted <= there | {"consent.observation"}, wanted - there


def test_a_hidden_item_is_not_on_the_page(knowledge: Knowledge) -> None:
    page = load_patient_page(knowledge.pack)
    report = patient_report(knowledge.pack, page, ["iv"], hidden={"consent.pregnancy"})
    assert "pregnant" not in plain_text(report.blocks)


def test_beside_one_pathway_only_its_own_documents_are_named(knowledge: Knowledge) -> None:
    page = load_patient_page(knowledge.pack)
    item = knowledge.pack.consent["consent.fasting"]
    spray = sources_for(page, item.sources, ["spravato"])
    assert "ketamine-pi §2.1" not in spray
    assert "spravato-pi" in spray
    vein = sources_for(page, item.sources, ["iv"])
    assert "spravato-pi" not in vein
    assert "ketamine-pi §2.1" in vein
    assert sources_for(page, item.sources, ["spravato", "iv"]) == item.sources
    assert sources_for(page, ["hull-2022"], ["iv"]) == ("hull-2022",)
