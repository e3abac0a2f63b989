"""Each kind of mistake in a practice case is told with its line, id and what is allowed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ketatui.cases.errors import CaseError
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge
from ketatui.practice.checking import check_practice_case
from ketatui.practice.loading import (
    load_rubric,
    load_topics,
    read_practice_case,
)
from ketatui.practice.lookalikes import look_alikes
from ketatui.practice.tables import practice_folder
from tests.each import each
from tests.practice.support import RED, TWO, text_of

UNREADABLE = [
    ("difficulty = 1", "difficulty = 4", "difficulty"),
    ('topic = "contra', 'subject = "contra', "subject: unknown key"),
    ('topic = "contra', 'tropic = "contra', "did you mean topic"),
    ("[[hint]]", "[[hints]]", "did you mean hint"),
    ("avm = false", "avm = 3", "medical.avm"),
    ('part = "referral"', 'part = "letter"', "allowed: referral, history"),
    ("best =", "worst =", "best: is missing"),
    ('text = "See him', 'words = "See him', "plans wait words: unknown key"),
    ('title = "Referral letter"', f'title = "{"x" * 50}"', "50 characters; allowed: 44"),
    ("schema = 1", "schema = 7", "newer version"),
    ("schema = 1", 'schema = 1\nlabel = "a"', "label: unknown key"),
]

WRONG = [
    (RED, "harbor-pilot", "harbour", "allowed: harbour.toml"),
    (RED, 'topic = "contraindications"', 'topic = "vessels"', "no such topic; allowed: pathway_"),
    (RED, 'iv = "contraindicated"', 'iv = "fits"', "says fits, the criteria say contraindicated"),
    (RED, 'oral = "contraindicated"\n', "", "oral: the key has no verdict"),
    (RED, 'iv = ["aneurysmal-disease"]', 'iv = ["avm"]', "avm does not hold for iv"),
    (RED, "[key.reasons]", '[key.reasons]\nnasal = ["avm"]', "no such pathway"),
    (RED, 'best = "none"', 'best = "iv"', "the best is said to be iv"),
    (RED, 'facts = ["medical.aneurysmal_disease"]', 'facts = ["medical.avn"]', "mean medical.avm"),
    (
        RED,
        'facts = ["medical.aneury',
        'facts = ["bipolar.mood_stabiliser", "medical.aneury',
        "not asked",
    ),
    (RED, 'facts = ["medical.aneury', 'facts = ["labs.pregnancy_test", "medical.aneury', "vessels"),
    (RED, "right = true", "", "no plan is right"),
    (RED, 'id = "wait"', 'id = "spray"', "spray: stands twice"),
    (RED, "right = true", 'right = true\nharm = "Bad."', "right and harmful"),
    (RED, 'rules = ["aneurysmal-disease"]', 'rules = ["aneurysm"]', "no rule 'aneurysm'"),
    (RED, 'sources = ["spravato-pi §4"]', 'sources = ["spravato"]', "no source 'spravato'"),
    (RED, "He misses the boat.", "Mr. Miller misses it.", "a name: “Mr. Miller”"),
    (RED, "He misses the boat.", "Since 3 March 2026.", "a date: “3 March 2026”"),
    (RED, "He misses the boat.", "John Miller misses it.", "a name: “John Miller”"),
    (RED, "He misses the boat.", "TODO", "is still to be written (TODO)"),
    (RED, "who saw a surgeon", "with an aneurysm", "“aneurysm” tells what decides the case"),
    (
        TWO,
        "BP 150/84",
        "BP 128/84",
        "the answer is 150, and the story tells a blood pressure of 128",
    ),
    (RED, "He misses the boat.", "Call 555-123-4567.", "a telephone number"),
    (RED, "He misses the boat.", r"He \u001b misses", "control characters"),
    (TWO, "systolic = 150", "", "could still change a verdict"),
    (TWO, 'name = "lorazepam"', 'name = "lorazepan5"', "no rule reads it"),
]


def problems_of(knowledge: Knowledge, name: str, old: str, new: str) -> list[str]:
    text = text_of(name)
    assert old in text
    case = read_practice_case(text.replace(old, new, 1), Path(f"{name}.toml"), knowledge.pack)
    topics = load_topics(practice_folder(knowledge.pack))
    found = check_practice_case(case, knowledge, topics)
    return [item.said_of(f"{name}.toml") for item in found]


@each(("old", "new", "said"), UNREADABLE)
def test_a_file_that_can_not_be_read_says_why(pack: Pack, old: str, new: str, said: str) -> None:
    text = text_of(RED)
    assert old in text
    with pytest.raises(CaseError) as error:
        read_practice_case(text.replace(old, new, 1), Path("case.toml"), pack)
    told = next(line for line in str(error.value).splitlines() if said in line)
    # Only what is not there has no line.
    assert re.match(r"case\.toml:\d+: ", told) or "is missing" in said


@each(("name", "old", "new", "said"), WRONG)
def test_a_mistake_is_found_with_its_line(
    knowledge: Knowledge, name: str, old: str, new: str, said: str
) -> None:
    found = problems_of(knowledge, name, old, new)
    assert any(said in item for item in found), found
    assert all(re.match(rf"{name}\.toml:\d+: ", item) for item in found)


def test_an_answer_that_can_not_be_established_is_no_gap(knowledge: Knowledge) -> None:
    text = (
        text_of(TWO)
        .replace("systolic = 150\n", "")
        .replace("on = 2026", 'unknown = ["vitals.systolic"]\non = 2026', 1)
    )
    case = read_practice_case(text, Path(f"{TWO}.toml"), knowledge.pack)
    topics = load_topics(practice_folder(knowledge.pack))
    assert not check_practice_case(case, knowledge, topics)


@each(
    "text",
    [
        "BP 124/78, pulse 72, SpO2 98 %; PHQ-9 19; 6/6 of 5 (2014 to 2016)",
        "Ms., 52, says: “Dr., no.” May I? In May 20 mg.",
        "40 mg, 12 weeks; then 100-150 mg; oxygen 2-3 L; AUDIT-C 10/40",
    ],
)
def test_ordinary_text_looks_like_nobody(text: str) -> None:
    assert look_alikes(text) == []


@each(
    ("old", "new", "said"),
    [
        ('id = "hint"', 'id = "plan"', "a second line"),
        ("points = -8", "points = 8", "harm_plan: 8 points; allowed: 0 or less"),
        ("points = 4", "points = -4", "allowed: 0 or more"),
    ],
)
def test_a_rubric_has_every_line_and_no_sign_turned(
    pack: Pack, tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = (practice_folder(pack) / "rubric.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "rubric.toml").write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(CaseError, match=said):
        load_rubric(tmp_path)
