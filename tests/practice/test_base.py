"""Short cases: what they leave out comes from a base, and what they say goes before it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ketatui.cases.errors import CaseError
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess
from ketatui.practice.bases import load_base
from ketatui.practice.loading import (
    PracticeCase,
    case_files,
    read_practice_case,
)
from ketatui.practice.tables import practice_folder

SHORT = "corner-shop"


@pytest.fixture(scope="module")
def text(pack: Pack) -> str:
    return (practice_folder(pack) / f"{SHORT}.toml").read_text("utf-8")


def read(pack: Pack, text: str) -> PracticeCase:
    return read_practice_case(text, Path(f"{SHORT}.toml"), pack)


def told(case: PracticeCase) -> str:
    return "\n".join(part.text for part in case.file.story)


def test_the_base_alone_has_nothing_against_any_pathway(knowledge: Knowledge) -> None:
    base = load_base(knowledge.pack, "clinic")
    person = {"patient.age": 45, "patient.sex": "male"}
    person |= {"patient.weight_kg": 77, "patient.height_cm": 176}
    right = base.right.replaced(answers={**base.right.answers, **person})
    on = read(knowledge.pack, Path(practice_folder(knowledge.pack) / f"{SHORT}.toml").read_text())
    found = assess(knowledge, right, on.file.on, with_changes=False)
    verdicts = {item.id: item.verdict for item in found.pathways}
    assert verdicts == {"spravato": "fits", "iv": "fits", "im": "caution", "oral": "caution"}


def test_what_a_case_says_goes_before_its_base_and_silences_its_story(
    pack: Pack, text: str
) -> None:
    base = load_base(pack, "clinic")
    case = read(pack, text)
    assert case.right.answers["medical.cystitis"] is True
    assert case.right.answers["medical.avm"] is False
    assert len(case.right.trials) == 2
    assert "122/76" in told(case)
    other = read(pack, text.replace("[answers]\n", "[answers]\nvitals = { systolic = 150 }\n"))
    assert (other.right.answers["vitals.systolic"], other.right.answers["vitals.spo2"]) == (150, 98)
    assert "122/76" not in told(other)
    assert base.right.answers["vitals.systolic"] == 122


def test_unknown_and_tables_of_a_case_go_before_those_of_the_base(pack: Pack, text: str) -> None:
    mark = 'base = "clinic"\nunknown = ["medical.avm"]\n'
    unknown = read(pack, text.replace('base = "clinic"\n', mark, 1))
    assert "medical.avm" not in unknown.right.answers
    assert "medical.avm" in unknown.right.unknown
    taking = read(pack, text + '[[medications]]\nname = "lorazepam"\n')
    assert [row.name for row in taking.right.medications] == ["lorazepam"]
    assert "None, prescribed or bought" not in told(taking)
    assert "sertraline 150 mg" in told(taking)


def test_an_attempt_knows_when_the_base_was_another(pack: Pack, text: str) -> None:
    assert read(pack, text).digest == read(pack, text + "\n").digest
    assert read(pack, text).digest != read(pack, text.replace("45", "46")).digest


def test_a_base_that_is_not_there_is_told_with_its_line(pack: Pack, text: str) -> None:
    with pytest.raises(CaseError, match=r"corner-shop\.toml:10: base: there is no base 'clinc'"):
        read(pack, text.replace('base = "clinic"', 'base = "clinc"'))


def test_a_case_on_a_base_is_short(pack: Pack) -> None:
    short = [
        path
        for path in case_files(practice_folder(pack))
        if 'base = "' in (text := path.read_text("utf-8")) and "[[stages]]" not in text
    ]
    assert len(short) >= 16
    lengths = sorted(len(path.read_text("utf-8").splitlines()) for path in short)
    # One has seven cautions and three medicines to say.
    assert lengths[-2] <= 40
