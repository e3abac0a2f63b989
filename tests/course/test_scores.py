"""What scores come to, each limit of each scale on both sides, by hand."""

from __future__ import annotations

from typing import Any

from ketatui.cases.courses import Score
from tests.course.support import assessed, earlier, score
from tests.each import each

FIRST = 60
"""Days ago the first dose was given, on which the baseline was taken."""


def values(instrument: str, *scores: tuple[int, float]) -> dict[str, Any]:
    """The facts of a visit with scores some days after the first dose."""
    rows: list[Score] = [score(instrument, FIRST - days, value) for days, value in scores]
    found = assessed("spravato", before=earlier("spravato", FIRST), scores=rows)
    return dict(found.values)


@each(
    ("instrument", "baseline", "now", "response"),
    [
        ("madrs", 40, 20, True),
        ("madrs", 59, 30, False),  # 49.2 percent
        ("phq9", 20, 10, True),
        ("phq9", 27, 14, False),
        ("qids_sr16", 20, 10, True),
        ("qids_sr16", 27, 14, False),
        ("pcl5", 80, 56, True),
        ("pcl5", 79, 56, False),  # 29.1 percent
        ("ybocs", 40, 26, True),
        ("ybocs", 38, 25, False),  # 34.2 percent
        ("pain_nrs", 10, 7, True),
        ("pain_nrs", 10, 7.1, False),
    ],
)
def test_response_begins_with_its_percentage(
    instrument: str, baseline: float, now: float, response: bool
) -> None:
    assert values(instrument, (0, baseline), (40, now))["score.response"] is response


def test_the_change_has_one_decimal_and_a_half_goes_up_as_in_an_expression() -> None:
    for now, change in ((15, "6.3"), (17, "-6.2"), (16, "0.0")):
        found = values("madrs", (0, 16), (40, now))["score.change_percent"]
        assert str(found) == change


@each(
    ("instrument", "now", "remission"),
    [
        ("madrs", 12, True),
        ("madrs", 13, False),
        ("phq9", 4, True),
        ("phq9", 5, False),
        ("qids_sr16", 5, True),
        ("qids_sr16", 6, False),
        ("pcl5", 0, None),
        ("ybocs", 0, None),
        ("pain_nrs", 0, None),
    ],
)
def test_remission_is_a_limit_of_the_scale_or_not_known(
    instrument: str, now: float, remission: bool | None
) -> None:
    assert values(instrument, (0, 9), (40, now))["score.remission"] is remission


@each(
    ("instrument", "days"),
    [
        ("madrs", 7),
        ("phq9", 14),
        ("qids_sr16", 7),
        ("pcl5", 7),
        ("ybocs", 7),
        ("pain_nrs", 7),
    ],
)
def test_a_score_counts_from_some_days_after_the_first_dose(instrument: str, days: int) -> None:
    assert values(instrument, (0, 9), (days, 6))["score.now"] == 6
    assert values(instrument, (0, 9), (days - 1, 6))["score.now"] is None


@each(
    ("instrument", "points", "less"),
    [
        ("madrs", 5, 4),
        ("phq9", 5, 4),
        ("qids_sr16", 5, 4),
        ("pcl5", 10, 9),
        ("ybocs", 5, 4),
        ("pain_nrs", 2, 1.9),
    ],
)
def test_worse_is_some_points_above_the_baseline_and_relapse_above_the_lowest(
    instrument: str, points: float, less: float
) -> None:
    assert values(instrument, (0, 6), (40, 6 + less))["score.worse"] is False
    relapsed = values(instrument, (0, 8), (20, 3), (40, 3 + points))
    assert relapsed["score.relapse"] is True
    assert values(instrument, (0, 8), (20, 3), (40, 3 + less))["score.relapse"] is False
    # What was never below the baseline is no relapse.
    assert values(instrument, (0, 3), (20, 3), (40, 3 + points))["score.relapse"] is False
    assert values(instrument, (0, 3), (40, 3 + points))["score.worse"] is True
