"""What two cases record of courses otherwise: told visit by visit, and nothing else."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.case_diff import differences
from ketatui.cases.courses import Course
from ketatui.criteria.pack import Pack
from ketatui.reports.case_diff import recorded_data, recorded_lines
from tests.course.support import DAY, course_of, earlier, score, screened, visit_of


def treated(*courses: Course) -> object:
    return screened().replaced(courses=courses)


def told(pack: Pack, a: Course, b: Course) -> dict[str, tuple[object, object]]:
    found = differences(treated(a), treated(b), pack)  # type: ignore[arg-type]
    return {item.what: (item.a, item.b) for item in found.courses}


def test_what_changed_in_a_visit_is_named_with_its_place(pack: Pack) -> None:
    before = course_of("iv", [*earlier("iv", 7), visit_of("iv", number=2)], [score("madrs", 9, 30)])
    visit = visit_of("iv", number=2, systolic=150, unknown=["mania"], events=[{"serious": True}])
    after = course_of("iv", [*earlier("iv", 7), visit], [score("madrs", 9, 28)], stopped=DAY)
    assert told(pack, before, after) == {
        "c1 stopped": (None, dt.date(2027, 1, 4)),
        "c1 score 1 value": (30, 28),
        "c1 visit 2 visit.systolic": (124, 150),
        "c1 visit 2 visit.mania": (False, "unknown"),
        "c1 visit 2 events 1 term": (None, "nausea"),
        "c1 visit 2 events 1 serious": (None, True),
    }


def test_the_same_course_differs_in_nothing(pack: Pack) -> None:
    course = course_of("spravato", earlier("spravato", 7, 3), [score("phq9", 9, 20)])
    found = differences(treated(course), treated(course), pack)  # type: ignore[arg-type]
    assert found.same


def test_a_visit_that_only_one_has_makes_two_revisions_differ(pack: Pack) -> None:
    one = course_of("iv", earlier("iv", 7))
    two = course_of("iv", [*earlier("iv", 7), visit_of("iv", number=2)])
    found = differences(treated(one), treated(two), pack)  # type: ignore[arg-type]
    assert not found.same
    text = "\n".join(recorded_lines(pack, found))
    assert "Courses of treatment" in text
    assert "c1 visit 2 visit.dose_mg: nothing -> 40" in text
    assert {"what": "c1 visit 2 date", "a": None, "b": "2027-01-04"} in recorded_data(found)[
        "courses"
    ]
