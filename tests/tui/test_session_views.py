"""The lines of a running session, without a screen: marks, words and the chart."""

from __future__ import annotations

from typing import Any

import pytest

from ketatui.cases.courses import Observation, Visit
from ketatui.course.marks import limits_of
from ketatui.tui.views.lines import fit, in_room
from ketatui.tui.views.session_chart import chart_lines
from ketatui.tui.views.session_table import oxygen_spans, pressure_spans
from tests.course.support import DAY, knowledge
from tests.each import each

LIMITS = limits_of(knowledge().pack)


def seen(minute: int = 40, **parts: Any) -> Observation:
    return Observation(minute=minute, **parts)


@each(
    ("upper", "lower", "word"),
    [
        (140, 90, ""),
        (141, 90, "up"),
        (140, 91, "up"),
        (159, 99, "up"),
        (160, 80, "high"),
        (120, 100, "high"),
        (90, 60, ""),
        (89, 60, "low"),
    ],
)
def test_a_pressure_is_marked_with_a_word_at_the_limits_of_the_pack(
    upper: int, lower: int, word: str
) -> None:
    value, mark = pressure_spans(seen(systolic=upper, diastolic=lower), LIMITS)
    assert (value[0], mark[0]) == (f"{upper}/{lower}", word)
    assert (mark[1] == "text") == (word == "")


@pytest.mark.parametrize(("oxygen", "word"), [(93, ""), (92, "low"), (90, "low"), (89, "LOW")])
def test_oxygen_is_marked_with_a_word_at_the_limits_of_the_pack(oxygen: int, word: str) -> None:
    value, mark = oxygen_spans(seen(spo2=oxygen), LIMITS)
    assert (value[0], mark[0]) == (str(oxygen), word)


def test_what_was_not_measured_is_a_dot_and_no_number() -> None:
    assert pressure_spans(seen(spo2=97), LIMITS)[0][0] == "·"
    assert oxygen_spans(seen(sedation=5), LIMITS)[0][0] == "·"


def drawn(*rows: Observation, minute: int | None = 60, width: int = 60, height: int = 20) -> str:
    visit = Visit(number=1, date=DAY, observations=rows)
    lines = chart_lines(visit, minute, LIMITS, width, height)
    assert all(item.width <= width for item in lines)
    assert not lines or len(lines) == height
    return "\n".join(item.text.rstrip() for item in lines)


def column_of(text: str, mark: str) -> list[int]:
    return [row.index(mark) for row in text.splitlines()[1:] if mark in row]


def test_a_pressure_is_a_bar_from_its_upper_to_its_lower_value() -> None:
    text = drawn(seen(40, systolic=170, diastolic=80))
    rows = text.splitlines()
    [top] = [y for y, row in enumerate(rows) if "v" in row and y]
    [bottom] = [y for y, row in enumerate(rows) if "^" in row and y]
    at = rows[top].index("v")
    assert rows[bottom].index("^") == at
    assert all(rows[y][at] == "|" for y in range(top + 1, bottom))


def test_a_higher_pressure_stands_higher_and_a_later_one_farther_right() -> None:
    low = seen(20, systolic=110, diastolic=70, spo2=97)
    high = seen(90, systolic=176, diastolic=104, spo2=88)
    rows = drawn(low, high, minute=95).splitlines()
    tops = {row.index("v"): y for y, row in enumerate(rows) if "v" in row and y}
    (left, lower), (right, upper) = sorted(tops.items())
    assert left < right and upper < lower
    assert "97" in next(row for row in rows if row.startswith("O2"))
    assert "88" in next(row for row in rows if row.startswith("  low"))


def test_the_limits_and_the_minute_are_on_it_without_color() -> None:
    text = drawn()
    assert "160 ---" in text and "100 ---" in text
    assert "▲" in text.splitlines()[-1]
    assert "▲" not in drawn(minute=None)


def test_in_few_lines_low_oxygen_has_a_mark_and_in_too_few_nothing_is_drawn() -> None:
    row = seen(40, systolic=130, diastolic=80, spo2=91)
    assert "91!" in drawn(row, height=9)
    assert drawn(row, height=7) == ""


def test_a_long_session_and_values_outside_the_usual_scale_are_drawn_whole() -> None:
    rows = [seen(minute, systolic=290, diastolic=22, spo2=50) for minute in (0, 300, 10_000)]
    text = drawn(*rows, minute=10_000)
    assert len(set(column_of(text, "v"))) == 1 and text.count("v") >= 3


@each(
    ("who", "name", "room", "expected"),
    [
        ("46 M · MDD", "low mood", 30, ("46 M · MDD", "low mood")),
        ("46 M · MDD", "low mood", 16, ("46 M", "low mood")),
        ("46 M · MDD · PHQ-9 21 · 148/92", "low mood", 29, ("46 M · MDD · PHQ-9 21", "low mood")),
        ("46 M · MDD", "a label of thirty cells or so", 26, ("46 M", "a label of thirty…")),
        ("", "a label of thirty cells or so", 29, ("", "a label of thirty cells or so")),
        ("46 M · MDD", "a label of thirty cells or so", 0, ("46 M", "a label of…")),
    ],
)
def test_who_gives_way_in_whole_parts_before_the_label_and_neither_to_nothing(
    who: str, name: str, room: int, expected: tuple[str, str]
) -> None:
    assert in_room(who, name, room) == expected


@each(
    ("text", "width", "expected"),
    [
        ("Aneurysm (aorta, brain, limbs)", 30, "Aneurysm (aorta, brain, limbs)"),
        ("Aneurysm (aorta, brain, limbs)", 29, "Aneurysm (aorta, brain…"),
        ("Aneurysm (aorta, brain, limbs)", 24, "Aneurysm (aorta, brain…"),
        ("Aneurysm (aorta, brain, limbs)", 12, "Aneurysm…"),
        # A word that takes most of the room is cut itself.
        ("a-word-without-end it is", 10, "a-word-wi…"),
        ("on 20261121-210143-k3f9.toml", 20, "on 20261121-210143-…"),
        ("on", 0, ""),
    ],
)
def test_a_text_is_cut_behind_a_whole_word(text: str, width: int, expected: str) -> None:
    assert fit(text, width) == expected
