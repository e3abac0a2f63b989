"""What a patient has to be told, transcribed from the specification: each item, each pathway."""

from __future__ import annotations

import re

import pytest

from ketatui.criteria.pack import Pack
from tests.each import each
from tests.engine.clean import PATHWAYS

RACEMIC = PATHWAYS[1:]
IN_CLINIC = PATHWAYS[:3]
ITEMS = {
    "consent.purpose": PATHWAYS,
    "consent.off-label": RACEMIC,
    "consent.compounded": ("oral",),
    "consent.alternatives": PATHWAYS,
    "consent.evidence": PATHWAYS,
    "consent.no-guarantee": PATHWAYS,
    "consent.dissociation": PATHWAYS,
    "consent.sedation": PATHWAYS,
    "consent.breathing": PATHWAYS,
    "consent.blood-pressure": PATHWAYS,
    "consent.nausea": PATHWAYS,
    "consent.misuse": PATHWAYS,
    "consent.bladder": PATHWAYS,
    "consent.liver": RACEMIC,
    "consent.cognition": PATHWAYS,
    "consent.suicidality": PATHWAYS,
    "consent.pregnancy": PATHWAYS,
    "consent.medicines": PATHWAYS,
    "consent.fasting": IN_CLINIC,
    "consent.nasal-drugs": ("spravato",),
    "consent.observation": IN_CLINIC,
    "consent.driving": PATHWAYS,
    "consent.rems": ("spravato",),
    "consent.schedule": PATHWAYS,
    "consent.home-use": ("oral",),
    "consent.cost": PATHWAYS,
    "consent.withdraw": PATHWAYS,
    "consent.records": PATHWAYS,
    "consent.questions": PATHWAYS,
}


def school_grade(text: str) -> float:
    """Return the Flesch-Kincaid grade, syllables counted as groups of vowels."""
    sentences = [part for part in re.split(r"[.!?:;]+(?:\s|$)", text) if part.strip()]
    words = re.findall(r"[A-Za-z']+", text)
    syllables = 0
    for word in words:
        count = len(re.findall(r"[aeiouy]+", word.lower()))
        silent = count > 1 and word.lower().endswith("e") and not word.lower().endswith("le")
        syllables += max(count - silent, 1)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def test_the_items_and_their_pathways_are_the_table_s(pack: Pack) -> None:
    assert {ident: tuple(item.pathways) for ident, item in pack.consent.items()} == ITEMS


@each("ident", list(ITEMS))
def test_an_item_is_worded_for_a_patient(pack: Pack, ident: str) -> None:
    item = pack.consent[ident]
    for pathway in item.pathways:
        spoken = f"{item.text} {item.on.get(pathway, '')}"
        assert school_grade(spoken) <= 9, (pathway, spoken)


@pytest.mark.parametrize(
    ("ident", "pathway", "word"),
    [
        # A dose meant to be spat out that was swallowed ended in an emergency department.
        ("consent.home-use", "oral", "swallowing it is a larger dose"),
        ("consent.withdraw", "oral", "swallowing is a larger dose"),
        ("consent.blood-pressure", "spravato", "slow heartbeat and seizures"),
        ("consent.blood-pressure", "iv", "too slowly"),
        ("consent.suicidality", "iv", "988"),
        ("consent.medicines", "oral", "ketamine anywhere else"),
        ("consent.fasting", "spravato", "no food for at least 2 hours"),
    ],
)
def test_an_item_says_what_was_found_missing(
    pack: Pack, ident: str, pathway: str, word: str
) -> None:
    item = pack.consent[ident]
    assert word.lower() in f"{item.text} {item.on.get(pathway, '')}".lower()


def test_no_item_hands_the_patient_advice_to_spit_out_the_rest(pack: Pack) -> None:
    said = " ".join(f"{item.text} {' '.join(item.on.values())}" for item in pack.consent.values())
    assert "spit out what is left" not in said
