"""Which consent items are shown: those of the pathways considered, without what cannot apply."""

from __future__ import annotations

import pytest

from ketatui.cases.model import Decision
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import SetDecision
from ketatui.engine import Knowledge
from ketatui.tui.views.consent import considered, count_text, items_to_discuss
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
