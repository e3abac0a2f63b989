"""What the palette finds."""

from __future__ import annotations

import pytest

from ketatui.consultation.palette import PaletteIndex, Place, pack_places
from ketatui.criteria.palette import FILE, check_palette, palette_words
from ketatui.engine import Knowledge


@pytest.fixture(scope="module")
def index(knowledge: Knowledge) -> PaletteIndex:
    pack = knowledge.pack
    return PaletteIndex(pack_places(pack, knowledge.medicines.known(), palette_words(pack)))


def test_every_question_answer_section_medicine_and_source_is_found_by_its_own_name(
    index: PaletteIndex,
) -> None:
    for place in index.places[::7]:
        found = index.find(place.title, 40)
        assert place.title in {other.title for other in found}, place


def test_the_words_of_the_criteria_find_what_they_are_for(knowledge: Knowledge) -> None:
    words = palette_words(knowledge.pack)
    assert check_palette(knowledge.pack) == ()
    assert words["setting:theme"]
    assert FILE not in str(knowledge.pack.digest)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("zoloft", "drug"),
        ("wellbutrin", "drug"),
        ("blood pressure", "question"),
        ("press", "question"),
    ],
)
def test_what_is_likelier_meant_stands_first(index: PaletteIndex, typed: str, kind: str) -> None:
    assert index.find(typed, 5)[0].kind == kind


def test_slips_are_forgiven_only_where_nothing_else_is_found(index: PaletteIndex) -> None:
    assert index.find("aneurism", 3)[0].key == "medical.aneurysmal_disease"
    assert [place.key for place in index.find("aneurysm", 3)].count(
        "medical.aneurysmal_disease"
    ) == 1
    assert index.find("qzxv", 3) == []


def test_what_was_gone_to_before_comes_first(index: PaletteIndex) -> None:
    *_, last = index.find("pressure", 20)
    assert index.find("pressure", 20, [last.name])[0] == last
    assert index.find("", 5, [last.name]) == [last]


def test_a_name_is_unique(index: PaletteIndex) -> None:
    assert len({place.name for place in index.places}) == len(index.places)
    assert Place("drug", "a", "A").name == "drug:a"
