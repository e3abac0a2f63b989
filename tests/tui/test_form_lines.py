"""A form as lines: where an answer begins, and how many lines it takes."""

from __future__ import annotations

from ketatui.tui.views.answer_keys import how_to, keys_of, line_hints, own_hints
from ketatui.tui.views.forms import SELECTABLE, FormItem, lay_out
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


HINTS = {"form.yes": "y yes", "form.no": "n no", "form.unknown": "u unknown", "app.help": "? keys"}
KINDS = sorted(SELECTABLE)
ITEMS = [
    FormItem("a", "A", kind, answer, options=options, can_be_unknown=unknown, opens=opens)
    for kind in KINDS
    for answer in (("", "text"), ("3", "strong"), ("s", "key"))
    for options in ((), (("x", "X"), ("z", "Z")))
    for unknown in (False, True)
    for opens in (False, True)
]


def test_lines_that_are_alike_for_the_hint_line_have_the_same_hints() -> None:
    shown = {keys_of(item): line_hints(item, HINTS) for item in ITEMS}
    assert all(shown[keys_of(item)] == line_hints(item, HINTS) for item in ITEMS)
    assert len({tuple(hints) for hints in shown.values()}) > len(KINDS)


def test_what_enter_does_is_one_word_on_the_hint_line_and_where_a_key_does_nothing() -> None:
    actions = [item for item in ITEMS if item.kind == "action"]
    told = [(own_hints(item), how_to(item)) for item in actions if own_hints(item)]
    assert {how for _, how in told} == {"Enter opens", "Enter selects"}
    assert all(hints == [how] for hints, how in told)
