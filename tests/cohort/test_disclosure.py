"""No small number can be worked out from what is shown, whatever is added and subtracted."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cohort.disclosure import LEAST_RANGE, SMALL, TOTAL, Shown, grouped, hide
from tests.effort import tries

COLUMNS = ("a", "b", "c")


def bounds(shown: Shown) -> dict[tuple[str, str], tuple[int, int]]:
    """What somebody who knows all that is shown can say of each number: least and greatest.

    Each number is squeezed by each sum that it is part of, again and again, until nothing moves.
    """
    unlimited = max(shown.sizes.values())
    range_of = {
        cell: (0, unlimited) if number is None else (number, number)
        for cell, number in shown.cells.items()
    }
    groups = [row for row in shown.rows if row != TOTAL]
    # A sum of numbers that is itself a number, or a size that is shown.
    sums: list[tuple[list[tuple[str, str]], tuple[str, str] | int]] = [
        ([(row, column) for column in shown.columns], shown.sizes[row]) for row in shown.rows
    ]
    if TOTAL in shown.rows:
        sums += [([(row, c) for row in groups], (TOTAL, c)) for c in shown.columns]
    moved = True
    while moved:
        moved = False
        for terms, total in sums:
            of = (total, total) if isinstance(total, int) else range_of[total]
            parts = [range_of[term] for term in terms]
            low, high = sum(p[0] for p in parts), sum(p[1] for p in parts)
            for term, (least, most) in zip(terms, parts, strict=True):
                new = (max(least, of[0] - (high - most)), min(most, of[1] - (low - least)))
                moved |= new != range_of[term]
                range_of[term] = new
            if not isinstance(total, int):
                new = (max(of[0], low), min(of[1], high))
                moved |= new != range_of[total]
                range_of[total] = new
    return range_of


def values_of(shown: Shown, cell: tuple[str, str], truth: dict[str, dict[str, int]]) -> set[int]:
    """Every value a number of a small table can have, by trying all tables there can be."""
    groups = [row for row in shown.rows if row != TOTAL]
    per_row = [
        [
            numbers
            for numbers in product(range(shown.sizes[row] + 1), repeat=len(shown.columns))
            if sum(numbers) == shown.sizes[row]
            and all(
                shown.cells[row, column] in (None, number)
                for column, number in zip(shown.columns, numbers, strict=True)
            )
        ]
        for row in groups
    ]
    found = set()
    for table in product(*per_row):
        totals = [sum(column) for column in zip(*table, strict=True)]
        if TOTAL in shown.rows and any(
            shown.cells[TOTAL, column] not in (None, number)
            for column, number in zip(shown.columns, totals, strict=True)
        ):
            continue
        place = shown.columns.index(cell[1])
        found.add(totals[place] if cell[0] == TOTAL else table[groups.index(cell[0])][place])
    return found


NUMBERS = st.one_of(st.integers(0, 14), st.sampled_from([0, 1, 5, 40, 300]))


def tables(
    groups: int, numbers: st.SearchStrategy[int] = NUMBERS
) -> st.SearchStrategy[dict[str, dict[str, int]]]:
    row = st.fixed_dictionaries(dict.fromkeys(COLUMNS, numbers))
    return st.lists(row, min_size=1, max_size=groups).map(
        lambda rows: {f"g{number}": cells for number, cells in enumerate(rows)}
    )


@settings(max_examples=tries(120), deadline=None)
@given(tables(5))
def test_no_small_number_can_be_squeezed_out_of_sums(counts: dict[str, dict[str, int]]) -> None:
    truth = grouped(counts, "few")
    shown = hide(truth, COLUMNS)
    if not truth or shown is None:
        return
    found = bounds(shown)
    for (row, column), (least, most) in found.items():
        true = (
            sum(each.get(column, 0) for each in truth.values())
            if row == TOTAL
            else truth[row].get(column, 0)
        )
        assert least <= true <= most
        if 0 < true <= SMALL:
            assert shown.cells[row, column] is None
            assert most - least >= LEAST_RANGE


@settings(max_examples=tries(12), deadline=None)
@given(tables(2, st.integers(0, 8)))
def test_no_small_number_is_the_only_one_that_fits(counts: dict[str, dict[str, int]]) -> None:
    truth = grouped(counts, "few")
    shown = hide(truth, COLUMNS)
    if not truth or shown is None:
        return
    for (row, column), number in shown.cells.items():
        if number is None:
            true = (
                sum(each.get(column, 0) for each in truth.values())
                if row == TOTAL
                else truth[row].get(column, 0)
            )
            if 0 < true <= SMALL:
                values = values_of(shown, (row, column), truth)
                assert max(values) - min(values) >= LEAST_RANGE


def test_one_small_number_takes_another_with_it() -> None:
    shown = hide({"all": {"a": 5, "b": 300, "c": 40}}, COLUMNS)
    assert shown is not None
    assert shown.cells == {("all", "a"): None, ("all", "b"): 300, ("all", "c"): None}


def test_a_table_without_small_numbers_is_shown_whole() -> None:
    counts = {"x": {"a": 50, "b": 0, "c": 40}, "y": {"a": 11, "b": 12, "c": 0}}
    shown = hide(counts, COLUMNS)
    assert shown is not None and None not in shown.cells.values()


def test_groups_of_few_are_put_together() -> None:
    counts = {"x": {"a": 50}, "y": {"a": 3}, "z": {"b": 4}}
    assert grouped(counts, "few") == {"few": {"a": 53, "b": 4}}


def test_totals_hide_the_same_with_groups_as_without() -> None:
    counts = {"x": {"a": 5, "b": 300, "c": 40}, "y": {"a": 20, "b": 7, "c": 100}}
    alone = hide({"all": {"a": 25, "b": 307, "c": 140}}, COLUMNS)
    shown = hide(counts, COLUMNS)
    assert alone is not None and shown is not None
    for column in COLUMNS:
        assert shown.cells[TOTAL, column] == alone.cells["all", column]
