"""The papers of the last visit, as the export of a case offers them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from ketatui.cases.courses import Visit
from ketatui.cases.integrity import reading_of
from ketatui.cases.model import Case
from ketatui.reports.exports import Export, export_name, exported
from ketatui.reports.visit_exports import last_going_home, last_visit
from ketatui.tui.views.export import ways_of
from tests.course.support import DAY, course_of, screened, screening_knowledge, visit_of


def case_of(*visits: Visit, pathway: str = "spravato") -> Case:
    return screened().replaced(courses=(course_of(pathway, visits),))


GIVEN = visit_of("spravato", number=1, date=DAY - dt.timedelta(7))
HELD = visit_of("spravato", number=2, date=DAY, dose_mg=Decimal(0))
PLANNED = Visit(number=3, date=DAY)


def test_papers_are_of_the_last_session_with_a_dose_and_the_line_of_the_last_visit() -> None:
    case = case_of(GIVEN, HELD, PLANNED)
    for dosed, number in ((True, 1), (False, 2)):
        found = last_visit(case, DAY, dosed=dosed)
        assert found is not None
        assert found[1].number == number
    assert last_visit(case_of(PLANNED), DAY, dosed=False) is None
    assert last_visit(case, DAY - dt.timedelta(8), dosed=False) is None


def test_what_is_no_paper_of_a_case_says_why() -> None:
    knowledge = screening_knowledge()
    for case, paper, why in (
        (case_of(HELD), "worksheet", "no session with a dose"),
        (case_of(visit_of("iv", number=1), pathway="iv"), "worksheet", "no such form is sent"),
        (screened(), "line", "nothing is recorded of a visit"),
    ):
        reading = reading_of(case, knowledge.pack)
        with pytest.raises(ValueError, match=why):
            exported(knowledge, reading, DAY, Export("txt", paper))


def test_each_way_of_a_case_with_visits_makes_what_it_says() -> None:
    knowledge, case = screening_knowledge(), case_of(GIVEN)
    reading = reading_of(case, knowledge.pack)
    line = exported(knowledge, reading, DAY, Export("txt", "line")).decode()
    assert line.count("\n") == 1 and "56 mg" in line
    assert exported(knowledge, reading, DAY, Export("visits")).decode().count("\n") == 2
    for paper, words in (("worksheet", "REMS"), ("going-home", "drive")):
        text = exported(knowledge, reading, DAY, Export("txt", paper)).decode()
        assert words in text
    assert last_going_home(knowledge, reading, DAY).title
    forms = {Export(way.format, way.kind) for way in ways_of(case)}
    assert len({export_name(Path("x.toml"), case, form) for form in forms}) == len(forms)


def test_a_case_without_visits_offers_nothing_of_them() -> None:
    assert [way.id for way in ways_of(screened())] == [
        "clip",
        "md",
        "pdf",
        "consent",
        "fhir",
        "csv",
        "note",
        "page",
    ]
    # What visits add stands behind the rest: no way has another digit because of them.
    assert [way.id for way in ways_of(case_of(PLANNED))] == [
        *(way.id for way in ways_of(screened())),
        "visits",
        "line",
        "worksheet",
        "going-home",
    ]
