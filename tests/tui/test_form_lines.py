"""A form as lines: where an answer begins, and how many lines it takes."""

from __future__ import annotations

from ketatui.tui.views.forms import FormItem, lay_out
from tests.each import each

LONGEST = FormItem("visit.staff", "Prescriber, oximeter and staff are here", "bool", ("·", "muted"))
NAME = "Medicines since the last visit"


def told(answer: tuple[str, str], width: int) -> list[str]:
    items = [LONGEST, FormItem("visit.medicines", NAME, "choice", answer)]
    laid = lay_out(items, 0, width, None, None)
    lines = [line.text for line in laid.lines]
    [start] = [place for place, text in enumerate(lines) if NAME in text]
    return lines[start:]


@each(("width", "lines"), [(57, 1), (53, 1), (51, 2), (80, 1)])
def test_what_was_last_stands_beside_its_question_where_there_is_room(
    width: int, lines: int
) -> None:
    said = told(("·  last Unchanged", "muted"), width)
    assert len(said) == lines
    assert all(len(text.rstrip()) <= width for text in said)
    assert "last Unchanged" in " ".join(" ".join(said).split())


def test_an_answer_that_was_given_keeps_the_column_of_all() -> None:
    said = told(("Changed and reviewed", "strong"), 53)
    assert said[0].index("Changed") == told(("·", "muted"), 53)[0].index("·")
