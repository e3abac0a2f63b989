"""Closed visits judged again, on the page that assesses a saved case again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ketatui.cases.model import Case
from ketatui.course import assess_visit, compile_course
from ketatui.course.reassessment import judgment_data, reassess_visits
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack
from ketatui.tui.screens.reassessment import ReassessmentScreen
from ketatui.tui.views.pages import Section, lay_out
from ketatui.tui.views.visits_again import visit_sections
from tests.course.support import DAY, course_of, screened, visit_of
from tests.tui.courses import TODAY, to_case, treated
from tests.tui.support import SitDown


@pytest.fixture
def strict(tmp_path: Path) -> Knowledge:
    """The criteria with a session held from 140 mmHg on."""
    path = tmp_path / "policy.toml"
    text = 'id = "north"\ntitle = "North Clinic"\n[thresholds]\nbp_hold_systolic = 140\n'
    path.write_text(text, "utf-8")
    return compile_pack(load_pack(default_folder({}), path))


def judged(knowledge: Knowledge, case: Case, on: dt.date) -> Case:
    """The case with each visit of its course closed as it was judged under some criteria."""
    course = case.courses[0]
    compiled = compile_course(knowledge)
    visits = tuple(
        visit.replaced(
            assessment=judgment_data(
                assess_visit(compiled, case, course, visit, on, with_changes=False)
            )
        )
        for visit in course.visits
    )
    return case.replaced(courses=(course.replaced(visits=visits),))


def words(sections: tuple[Section, ...], opened: str = "") -> str:
    found: list[str] = []
    for section in sections:
        keys = [row.key for row in section.rows if opened and opened in row.key]
        found += [line.text for line in lay_out([section], keys, 78).lines]
    return " ".join(" ".join(found).split())


def test_a_visit_that_comes_out_otherwise_says_which_decision_and_rule(
    knowledge: Knowledge, strict: Knowledge
) -> None:
    visits = [
        visit_of("spravato", number=1, date=DAY - dt.timedelta(3), systolic=120),
        visit_of("spravato", number=2, systolic=145),
    ]
    case = screened().replaced(courses=(course_of("spravato", visits),))
    case = judged(knowledge, case, DAY)
    again = reassess_visits(strict, case, DAY)
    said = words(visit_sections(strict, again, 78), opened="change")
    assert "2 closed visits were judged again: 1 of them comes out differently." in said
    assert "Visit 2 of 2027-01-04" in said
    assert "With cautions → ◌ Not yet" in said
    assert "[gate-bp-hold]" in said
    assert "Visit 1 of" not in said


def test_visits_that_come_out_alike_are_said_in_a_line(knowledge: Knowledge) -> None:
    case = screened().replaced(courses=(course_of("iv", [visit_of("iv", number=1)]),))
    again = reassess_visits(knowledge, judged(knowledge, case, DAY), DAY)
    said = words(visit_sections(knowledge, again, 78))
    assert "1 closed visit was judged again: nothing differs." in said


def test_without_a_judgment_there_is_no_such_part(knowledge: Knowledge) -> None:
    case = screened().replaced(courses=(course_of("iv", [visit_of("iv", number=1)]),))
    assert visit_sections(knowledge, reassess_visits(knowledge, case, DAY), 78) == ()


async def test_the_page_of_today_has_the_visits_beside_the_screening(
    desk: SitDown, filed: Callable[..., object], knowledge: Knowledge, strict: Knowledge
) -> None:
    case = treated("spravato", 7)
    high: dict[str, Any] = {**case.courses[0].visits[0].answers, "visit.systolic": 145}
    visit = case.courses[0].visits[0].replaced(answers=high | {"visit.dose_mg": Decimal(56)})
    course = case.courses[0].replaced(visits=(visit,))
    filed(judged(strict, case.replaced(courses=(course,)), TODAY))
    async with desk() as hand:
        await to_case(hand)
        await hand.press("w")
        await hand.on(ReassessmentScreen)
        await hand.press("end")
        assert "closed visit was judged again: 1 of them comes out differently" in hand.words
        assert "[gate-bp-hold]" in hand.words
