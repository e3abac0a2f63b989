"""What `ketatui criteria check` finds in what a record's conditions, results and forms answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ketatui.criteria.models.records import RecordFile, RecordMeaning
from ketatui.criteria.pack import Pack
from ketatui.criteria.record_checks import condition_faults, has_verhoeff_digit, result_faults
from ketatui.criteria.records import load_records

Faults = Callable[[RecordFile], list[str]]


@pytest.fixture(scope="module")
def shipped(pack: Pack) -> RecordFile:
    return load_records(pack)


@pytest.fixture
def faults(pack: Pack) -> Faults:
    def found(file: RecordFile) -> list[str]:
        return [
            said for check in (condition_faults, result_faults) for *_, said in check(pack, file)
        ]

    return found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"question": "medical.nothing"}, "unknown question 'medical.nothing'"),
        ({"value": False}, "a condition that is recorded never says no"),
        ({"question": "medical.renal", "value": "none"}, "never says no"),
        ({"question": "medical.renal", "value": "bad"}, "no answer 'bad'; allowed: none, impaired"),
        ({"value": "yes"}, "no answer 'yes'; allowed: true, false"),
        ({"snomed": ("233985009",)}, "no code of SNOMED CT: its check digit does not fit"),
        ({"icd10cm": ("I71.9", "I71.9")}, "I71.9 stands twice"),
        ({"icd10cm": ("Q28.2",)}, "Q28.2 stands twice"),
        ({"icd10cm": (), "snomed": ()}, "names no code"),
    ],
)
def test_what_a_condition_answers_is_held_against_its_question(
    change: dict[str, Any], said: str, shipped: RecordFile, faults: Faults
) -> None:
    conditions = shipped.conditions
    assert conditions is not None
    assert faults(shipped) == []
    first: RecordMeaning = conditions.meanings[0].replaced(**change)
    changed = conditions.replaced(meanings=(first, *conditions.meanings[1:]))
    assert any(said in line for line in faults(shipped.replaced(conditions=changed)))


def test_a_status_says_one_thing(shipped: RecordFile, faults: Faults) -> None:
    conditions = shipped.conditions
    assert conditions is not None
    both = conditions.replaced(past=(*conditions.past, "active"))
    assert faults(shipped.replaced(conditions=both)) == ["says two things that exclude each other"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"within": "fine"}, "no answer 'fine'"),
        ({"above": "normal"}, "within, above and far_above are three answers"),
        ({"question": "labs.nothing"}, "unknown question"),
    ],
)
def test_limits_answer_with_what_the_question_takes(
    change: dict[str, Any], said: str, shipped: RecordFile, faults: Faults
) -> None:
    limits = (shipped.limits[0].replaced(**change),)
    assert any(said in line for line in faults(shipped.replaced(limits=limits)))


def test_a_code_answers_one_question(shipped: RecordFile, faults: Faults) -> None:
    twice = (*shipped.coded, shipped.coded[0].replaced(codes=("1742-6", "2106-3")))
    said = faults(shipped.replaced(coded=twice))
    assert said == ["2106-3 stands twice", "1742-6 stands twice"]


@pytest.mark.parametrize(
    ("code", "right"),
    [("22298006", True), ("233985008", True), ("22298007", False), ("22289006", False)],
)
def test_the_check_digit_of_snomed_ct(code: str, right: bool) -> None:
    assert has_verhoeff_digit(code) is right
