"""Scores drawn in text: where a point stands, the lines it is held against, sessions under it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from ketatui.cases.courses import Course, Visit
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.treatment import Treatment
from ketatui.tui.views.course_chart import Limits, charted, limits_of, score_chart
from ketatui.tui.views.course_status import course_lines
from tests.course.support import (
    DAY,
    course_of,
    earlier,
    knowledge,
    score,
    screened,
    screening_knowledge,
    visit_of,
)

PACK = knowledge().pack


def drawn(course: Course, width: int = 44, height: int = 10) -> list[str]:
    return [line.text.rstrip() for line in score_chart(PACK, course, DAY, width, height)]


def test_the_scale_of_the_course_is_drawn_else_the_one_scored_most() -> None:
    scores = [score("phq9", 30, 20), score("madrs", 30, 32), score("madrs", 2, 11)]
    for named, wanted in ((None, "madrs"), ("phq9", "phq9")):
        scale = charted(PACK, course_of("spravato", [], scores, instrument=named))
        assert scale is not None
        assert scale.id == wanted
    assert charted(PACK, course_of("spravato", [])) is None


@pytest.mark.parametrize(
    ("scale", "before", "response", "remission"),
    [
        ("madrs", 32, Decimal(16), Decimal(12)),
        ("phq9", 20, Decimal(10), Decimal(5)),
        ("pcl5", 50, Decimal(35), None),
    ],
)
def test_response_is_of_the_baseline_and_remission_of_the_scale(
    scale: str, before: int, response: Decimal, remission: Decimal | None
) -> None:
    course = course_of("iv", earlier("iv", 21), [score(scale, 25, before)], instrument=scale)
    item = charted(PACK, course)
    assert item is not None
    found = limits_of(PACK, course, item, DAY)
    # Of PHQ-9 remission is below 5, of the others at most.
    assert found == Limits(response, remission, below=scale == "phq9")
    sign = "<" if scale == "phq9" else "≤"
    said = score_chart(PACK, course, DAY, 60, 6)[0].text
    assert ("remission" in said) == (remission is not None)
    assert remission is None or f"remission {sign} {remission}" in said
    narrow = " ".join(line.text.strip() for line in score_chart(PACK, course, DAY, 38, 6)[:2])
    assert " ".join(said.split()) in " ".join(narrow.split())


@pytest.mark.parametrize(
    ("scale", "before", "label"),
    [("madrs", 31, "15.5"), ("ybocs", 23, "14.95"), ("pcl5", 60, "42")],
)
def test_a_limit_stands_at_the_left_as_it_is(scale: str, before: int, label: str) -> None:
    scores = [score(scale, 25, before), score(scale, 2, before - 1)]
    lines = drawn(course_of("iv", earlier("iv", 21), scores, instrument=scale))
    assert label in [text.partition("│")[0].strip() for text in lines]


def test_without_a_baseline_no_response_is_drawn() -> None:
    course = course_of("iv", earlier("iv", 21), [score("madrs", 2, 20)])
    item = charted(PACK, course)
    assert item is not None
    assert limits_of(PACK, course, item, DAY).response is None


def test_points_fall_from_left_to_right_and_sessions_stand_under_them() -> None:
    held = visit_of("spravato", number=3, date=DAY - dt.timedelta(days=14), dose_mg=0)
    review = visit_of("spravato", number=4, date=DAY, kind="review")
    open_one = visit_of("spravato", number=5, date=DAY - dt.timedelta(days=3), dose_mg=None)
    visits = [*earlier("spravato", 28, 21), held, review, open_one]
    scores = [score("madrs", 28, 30), score("madrs", 14, 20), score("madrs", 0, 10)]
    lines = drawn(course_of("spravato", visits, scores))
    points = [(row, line.index("●")) for row, line in enumerate(lines) if "●" in line]
    assert len(points) == 3
    assert points == sorted(points)
    assert [column for _, column in points] == sorted(column for _, column in points)
    marks = next(line for line in lines if "▲" in line)
    assert marks.split() == ["▲", "▲", "○", "?", "R"]
    assert "mg: 56, 56" in " ".join(lines)


def test_of_one_day_the_later_score_counts_and_later_days_are_not_drawn() -> None:
    scores = [score("madrs", 7, 30), score("madrs", 7, 20), score("madrs", -3, 10)]
    lines = drawn(course_of("spravato", earlier("spravato", 7), scores))
    assert sum(line.count("●") for line in lines) == 1
    assert any(line.strip().startswith("20 ") and "●" in line for line in lines)


@pytest.mark.parametrize("width", [20, 44, 76, 100])
def test_no_line_is_wider_than_the_pane(width: int) -> None:
    scores = [score("madrs", 28, 60), score("madrs", 0, 0)]
    course = course_of("spravato", earlier("spravato", 28, 25, 21, 14), scores)
    lines = score_chart(PACK, course, DAY, width, 8)
    plot = [line for line in lines if "│" in line.text or "└" in line.text or "▲" in line.text]
    assert all(line.width <= width for line in plot)


def test_a_single_score_and_no_score_are_drawn_too() -> None:
    assert "No score yet" in " ".join(drawn(course_of("spravato", [])))
    assert any("●" in line for line in drawn(course_of("spravato", [], [score("madrs", 0, 0)])))


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((32, 11), "MADRS 32 → 11 (2027-01-04), 65.6% less: response, remission"),
        ((32, 24), "MADRS 32 → 24 (2027-01-04), 25% less: no response"),
        ((20, 26), "MADRS 20 → 26 (2027-01-04), 30% more: worse than at first"),
        ((0, 0), "MADRS 0 → 0 (2027-01-04): remission"),
    ],
)
def test_the_score_of_today_is_told_against_the_baseline(
    values: tuple[int, int], said: str
) -> None:
    scores = [score("madrs", 30, values[0]), score("madrs", 0, values[1])]
    course = course_of("spravato", earlier("spravato", 28, 21), scores)
    case = screened().replaced(courses=(course,))
    treatment = Treatment(Consultation(screening_knowledge(), case, today=lambda: DAY))
    text = " ".join(" ".join(line.text for line in course_lines(treatment, 100, 6)).split())
    assert said in text


def test_one_session_is_no_plural() -> None:
    drawing = "\n".join(
        drawn(course_of("spravato", earlier("spravato", 28), [score("madrs", 28, 30)]))
    )
    assert "2 devices in 1 session" in drawing
    assert "1 sessions" not in drawing


def test_a_session_that_is_planned_hides_no_dose_of_the_same_day() -> None:
    rows = earlier("spravato", 14, 7)
    planned = Visit(number=8, date=rows[-1].date)
    course = course_of("spravato", [*rows, planned], [score("madrs", 20, 30)])
    marks = next(text for text in drawn(course) if "▲" in text and "dose" not in text)
    assert marks.count("▲") == 2
    assert "?" not in marks


def test_whether_it_goes_on_is_told_of_the_last_visit_that_was_held() -> None:
    given = earlier("spravato", 14)
    planned = Visit(number=9, date=DAY + dt.timedelta(40))
    case = screened().replaced(courses=(course_of("spravato", [*given, planned]),))
    consultation = Consultation(screening_knowledge(), case, today=lambda: DAY)
    said = " ".join(item.text for item in course_lines(Treatment(consultation), 60, 6))
    assert f"As of session 1, {given[-1].date}" in said
