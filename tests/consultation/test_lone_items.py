"""The item of a scale that counts by itself is said, and so is that it was never reached."""

from __future__ import annotations

from ketatui.cases.model import Case
from ketatui.consultation.words import half_filled, lone_items
from ketatui.criteria.pack import Pack

PHQ9 = "scales.phq9"
EIGHT = dict.fromkeys(
    ("interest", "mood", "sleep", "energy", "appetite", "worth", "concentration", "movement"), 2
)


def test_the_last_item_of_the_phq9_is_said_with_its_score(pack: Pack) -> None:
    case = Case(scale_items={PHQ9: {**EIGHT, "self_harm": 1}}, answers={PHQ9: 17})
    (said,) = lone_items(pack, pack.questions[PHQ9], case)
    assert said.startswith("Item 9, Thoughts that you would be better off dead")
    assert said.endswith(": 1, several days")
    assert half_filled(pack, case) == ()


def test_a_scale_that_stopped_before_it_is_said_to_be_half_filled(pack: Pack) -> None:
    case = Case(scale_items={PHQ9: EIGHT})
    (said,) = lone_items(pack, pack.questions[PHQ9], case)
    assert said.endswith(": not answered")
    assert half_filled(pack, case) == ("PHQ-9 total is half filled: 8/9 items, ends in 16–19",)


def test_a_total_alone_says_nothing_of_its_items(pack: Pack) -> None:
    case = Case(answers={PHQ9: 17})
    assert lone_items(pack, pack.questions[PHQ9], case) == ()
    assert half_filled(pack, case) == ()
