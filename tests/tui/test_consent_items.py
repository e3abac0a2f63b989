"""What consent is talked about, and how it and what is open are counted on different screens."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from ketatui.cases.model import ConsentMark, Decision
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import MarkConsent, SetDecision
from ketatui.engine import Knowledge
from ketatui.tui.views.case_answers import consent_words
from ketatui.tui.views.consent import considered, count_text, items_to_discuss
from ketatui.tui.views.decide import decide_items
from ketatui.tui.views.explain import open_lines
from ketatui.tui.views.lines import Line
from ketatui.tui.views.pathway_comparison import compare_lines
from ketatui.tui.views.pathway_summary import fit_lines
from tests.consultation.support import answer, consultation_of


def shown(consultation: Consultation, *pathways: str) -> set[str]:
    return {item.id for item in items_to_discuss(consultation, pathways)}


@pytest.mark.parametrize(
    ("pathway", "has", "has_not"),
    [
        ("spravato", {"consent.rems", "consent.nasal-drugs"}, {"consent.off-label"}),
        ("iv", {"consent.off-label", "consent.fasting"}, {"consent.rems", "consent.home-use"}),
        ("oral", {"consent.compounded", "consent.home-use"}, {"consent.rems"}),
    ],
)
def test_a_pathway_has_its_own_items(
    knowledge: Knowledge, pathway: str, has: set[str], has_not: set[str]
) -> None:
    found = shown(consultation_of(knowledge), pathway)
    assert has <= found
    assert not has_not & found
    everyone = {i.id for i in knowledge.pack.consent.values() if len(i.pathways) == 4}
    assert everyone <= found


def test_an_item_is_hidden_only_once_it_is_known_that_it_can_not_apply(
    knowledge: Knowledge,
) -> None:
    consultation = consultation_of(knowledge)
    assert "consent.pregnancy" in shown(consultation, "iv")
    answer(consultation, {"patient.sex": "female", "patient.age": 40})
    answer(consultation, {"patient.can_become_pregnant": False})
    assert "consent.pregnancy" in shown(consultation, "iv")
    answer(consultation, {"patient.breastfeeding": False})
    assert "consent.pregnancy" not in shown(consultation, "iv")


def test_the_conversation_is_about_the_pathway_decided_on(knowledge: Knowledge) -> None:
    consultation = consultation_of(knowledge)
    consultation.do(SetDecision(decision=Decision(pathway="im")))
    assert considered(consultation) == ("im",)


def test_before_a_decision_it_is_about_every_pathway_that_is_not_ruled_out(
    knowledge: Knowledge,
) -> None:
    consultation = consultation_of(knowledge)
    assert set(considered(consultation)) == set(knowledge.pack.pathways)
    answer(consultation, {"indication.diagnosis": "crps"})
    assert "spravato" not in considered(consultation)
    assert "iv" in considered(consultation)


def test_with_every_pathway_ruled_out_there_is_still_a_conversation(knowledge: Knowledge) -> None:
    consultation = consultation_of(knowledge)
    answer(consultation, {"medical.aneurysmal_disease": True})
    assert set(considered(consultation)) == set(knowledge.pack.pathways)
    assert count_text(consultation).startswith("0 of ")


def test_what_was_said_of_other_pathways_is_counted_apart_before_and_after_saving(
    knowledge: Knowledge,
) -> None:
    consultation, then = consultation_of(knowledge), dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
    talked = {item.id for item in items_to_discuss(consultation, ("spravato", "iv"))}
    for ident in talked:
        consultation.do(MarkConsent(item=ident, mark=ConsentMark(discussed_at=then)))
    assert count_text(consultation).startswith(f"{len(talked)} of ")
    consultation.do(SetDecision(decision=Decision(pathway="spravato")))
    own = {ident for ident in talked if "spravato" in knowledge.pack.consent[ident].pathways}
    beside = len(talked) - len(own)
    assert count_text(consultation).startswith(
        f"{len(own)} of {len(own)} discussed, and {beside} for other pathways, no outcome"
    )
    said = consent_words(knowledge.pack, consultation.case)
    assert said.endswith(f"{len(talked)} items discussed, {len(own)} of them for Spravato")
    for ident in talked - own:
        consultation.do(MarkConsent(item=ident, mark=None))
    assert count_text(consultation) == f"{len(own)} of {len(own)} discussed, no outcome recorded"
    said = consent_words(knowledge.pack, consultation.case)
    assert said == f"no outcome recorded, {len(own)} items discussed"


def test_rules_and_questions_that_are_open_are_never_one_number_without_a_word(
    knowledge: Knowledge,
) -> None:
    consultation = consultation_of(knowledge)
    pack, found = consultation.pack, consultation.assessment
    first = found.pathways[0]
    fit = said_in(fit_lines(consultation, 40, 40))
    assert "FIT questions open" in fit
    told = re.search(r"(\d+) open", fit)
    assert told is not None
    heading = said_in(open_lines(pack, first, 100)[:2])
    assert heading == (
        f"Still open: {len(first.open)} rules; {told[1]} questions could change the verdict"
    )
    compared = said_in(compare_lines(pack, found, (first.id,), 60))
    assert f"Still open {len(first.open)} rules" in compared
    # On all pathways together a rule is counted once.
    rules = {item.rule for pathway in found.pathways for item in pathway.open}
    labels = [item.label for item in decide_items(consultation, usual="")]
    assert f"? {len(rules)} rules are still open" in labels


def said_in(lines: list[Line]) -> str:
    return " ".join(" ".join(item.text for item in lines).split())
