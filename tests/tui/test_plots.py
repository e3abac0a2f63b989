"""What is drawn: dots, bars and columns, and that words say it too."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise

from ketatui.cases.library.counts import Overview
from ketatui.cases.library.query import Query
from ketatui.cases.model import Trial
from ketatui.criteria.pack import Pack
from ketatui.engine.trials import PARTS, TrialJudgment
from ketatui.tui.dots import BLOCKS, lacks_dots
from ketatui.tui.views.lines import Line, beside, clickable, line
from ketatui.tui.views.overview import overview_lines
from ketatui.tui.views.plots import Grid, Stroke, bar, columns, plotted
from ketatui.tui.views.trials_chart import NARROWEST, trial_chart
from tests.each import each


def texts(rows: tuple[tuple[tuple[str, str], ...], ...]) -> list[str]:
    return ["".join(text for text, _ in row) for row in rows]


def test_the_corners_of_a_plot_are_inside_of_it() -> None:
    grid = Grid(7, 3, 10, 24, -5, 5)
    corners = ((10, 5), (24, 5), (10, -5), (24, -5))
    assert texts(plotted(grid, (Stroke(corners, "strong", "●"),))) == [
        "●     ●",
        "       ",
        "●     ●",
    ]
    dots = [plotted(grid, (Stroke((corner,), "strong"),)) for corner in corners]
    places = [
        [(row, text.index(sign)) for row, text in enumerate(texts(rows)) for sign in text.strip()]
        for rows in dots
    ]
    assert places == [[(0, 0)], [(0, 6)], [(2, 0)], [(2, 6)]]


def test_what_is_drawn_later_hides_the_look_and_keeps_the_dots_of_what_was_there() -> None:
    grid = Grid(4, 1, 0, 7, 0, 3)
    below, above = Stroke(((0, 0), (7, 0)), "muted"), Stroke(((0, 3), (0, 3)), "strong")
    (drawn,) = plotted(grid, (below, above))
    assert drawn == (("⣁", "strong"), ("⣀⣀⣀", "muted"))
    (marked,) = plotted(grid, (below, Stroke(((3, 1),), "bad", "x")))
    assert marked == (("⣀", "muted"), ("x", "bad"), ("⣀⣀", "muted"))


def test_what_lies_outside_of_a_plot_is_left_out() -> None:
    outside = (Stroke(((99, 99),), "strong", "●"), Stroke(((-9, 1), (-8, 1)), "strong"))
    assert texts(plotted(Grid(3, 1, 0, 1, 0, 1), outside)) == ["   "]


def test_a_bar_is_as_long_as_its_share_and_never_vanishes() -> None:
    assert [bar(share, 10) for share in (0, -1)] == ["", ""]
    assert bar(0.001, 10) == "⠇"
    assert bar(1, 10) == bar(7, 10) == "⠿" * 10
    lengths = [len(bar(share / 40, 20)) for share in range(41)]
    assert lengths == sorted(lengths)
    assert all(after - before <= 1 for before, after in pairwise(lengths))


def test_columns_are_as_high_as_their_values() -> None:
    rows = texts(columns([4, 2, 0, 0.01], ["info"] * 4, 4, 1, 2))
    assert rows == ["⣿      ", "⣿ ⣿   ⣀"]


def judged(weeks: int | None, dose: int | None, minimum: int | None) -> TrialJudgment:
    """Judge by dose and weeks alone; everything else holds."""
    parts: Mapping[str, bool | None] = {
        **dict.fromkeys(PARTS, True),
        "weeks": None if weeks is None else weeks >= 6,
        "dose": None if dose is None or minimum is None else dose >= minimum,
    }
    numbers = [None if value is None else Decimal(value) for value in (minimum, dose, weeks)]
    counts = False if False in parts.values() else None if None in parts.values() else True
    return TrialJudgment("x", numbers[0], parts, counts, numbers[1], numbers[2], ())


def chart(found: TrialJudgment, width: int) -> list[Line]:
    return trial_chart([Trial(drug="sertraline")], [found], Decimal(6), width)


@each("width", [50, 56, 76, 88])
def test_a_bar_reaches_the_mark_if_and_only_if_the_minimum_is_reached(width: int) -> None:
    for weeks, dose in ((1, 49), (5, 50), (6, 300), (60, 10), (7, 51)):
        head, *rows = chart(judged(weeks, dose, 50), width)
        assert all(row.width <= width for row in (head, *rows))
        at = {row.text.index("│") for row in rows}
        assert len(at) == 1
        for row, holds in zip(rows, (weeks >= 6, dose >= 50), strict=True):
            before, _, behind = row.text.partition("│")
            assert (before[-1] in "⠿⠇") >= holds
            assert ("⠿" in behind or "⠇" in behind) <= holds
            assert ("✓" in behind, "✗" in behind) == (holds, not holds)


def test_what_is_not_enough_never_reads_as_enough() -> None:
    weeks, dose = chart(judged(6, 299, 300), 80)[1:]
    assert weeks.text.endswith("✓ 1.0×")
    assert dose.text.endswith("✗ 0.9×")


def test_what_is_not_known_is_said_and_not_drawn() -> None:
    weeks, dose = chart(judged(None, 40, None), 80)[1:]
    assert weeks.text.split() == ["sertraline", "?", "wk", "│", "?", "not", "known"]
    assert dose.text.split() == ["40", "mg", "│", "?", "no", "minimum"]


def test_where_there_is_no_room_words_say_it() -> None:
    (said,) = chart(judged(9, 150, 50), NARROWEST - 1)
    assert said.text.split() == ["sertraline", "9", "wk", "3.0×", "minimum", "dose"]
    assert trial_chart([], [], Decimal(6), 80) == []


def test_what_is_no_antidepressant_has_no_bar() -> None:
    found = judged(9, 150, 50).replaced(parts={"kind": False}, counts=False)
    (_, said) = chart(found, 80)
    assert said.text.split() == ["sertraline", "not", "an", "antidepressant"]


COUNTS = Overview(
    cases=8,
    unreadable=0,
    decisions=(("spravato", 8),),
    verdicts=(("fits", 5), ("contraindicated", 3)),
    worst=(),
    overridden=(),
    reasons=(),
    ages=(("60", 3), ("30", 4), ("", 1)),
    treatment=(("in_treatment", 6), ("", 2)),
    months=(("2026-10", 1), ("2026-11", 7)),
    agreed=0,
    disagreed=0,
)


def test_the_overview_draws_ages_in_order_with_their_gaps(pack: Pack) -> None:
    lines = [item.text for item in overview_lines(pack, COUNTS, Query(), 80)]
    first = lines.index("  Age") + 1
    ages = [said.split()[:4] for said in lines[first : first + 5]]
    assert ages == [
        ["30", "to", "39", "4"],
        ["40", "to", "49", "0"],
        ["50", "to", "59", "0"],
        ["60", "to", "69", "3"],
        ["not", "recorded", "1", "12%"],
    ]
    bars = {said[:22].strip(): said.count("⠿") for said in lines if "%" in said}
    assert bars["in treatment"] > bars["no course"] > 0
    # Signs and words say what colors do.
    assert any(said.strip().startswith("✗ Contraindicated") for said in lines)


@each("width", [40, 76, 110, 130, 200])
def test_no_line_of_the_overview_is_wider_than_the_screen(width: int, pack: Pack) -> None:
    assert max(item.width for item in overview_lines(pack, COUNTS, Query(), width)) <= width


def test_lines_beside_each_other_are_clicked_where_they_stand() -> None:
    left = [clickable(("a", "key", "one")), line("long")]
    (first, second, third) = beside(left, [line("x"), clickable(("b", "key", "two")), line("y")], 6)
    assert [item.text for item in (first, second, third)] == ["a     x", "long  b", "      y"]
    assert (first.target_at(0), second.target_at(6)) == ("one", "two")


def test_a_terminal_without_dots_gets_blocks() -> None:
    assert [
        name
        for name in ("linux", "vt220", "xterm-256color", "tmux", "")
        if lacks_dots({"TERM": name})
    ] == ["linux", "vt220"]
    # A bar stays apart from the one below it, and a column is whole.
    assert bar(0.5, 6).translate(BLOCKS) == "▀▀▀"
    assert texts(columns([6, 8], ["good", "good"], 8, 1, 2))[0].translate(BLOCKS) == "▄ █"
    ends = Stroke(((0, 0), (6, 0)), "strong"), Stroke(((0, 3), (6, 3)), "strong")
    assert [row.translate(BLOCKS) for row in texts(plotted(Grid(3, 1, 0, 6, 0, 3), ends))] == [
        "███"
    ]
    # No sign of braille is left, and every dot shows.
    assert len(BLOCKS) == 256
    assert [sign for sign, block in BLOCKS.items() if block == " "] == [0x2800]
