"""Small cells: which numbers of a table are not shown, so that no small one can be worked out.

A number from 1 to 10 could be read back to a person. It is hidden, and so are others, until what is
shown leaves each hidden small number a range of at least `LEAST_RANGE` whole numbers. That range
is exact for whoever knows every shown number, that rows and columns add up, and that no number is
below zero: a table with totals is a network, and the range a greatest flow through what is hidden.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence

from ketatui.structs import Frozen

SMALL = 10
"""The greatest number that is hidden for being small."""
LEAST_RANGE = 10
"""How far apart the least and the greatest value of a hidden small number have to be."""
_ENDLESS = 10**15
_FREE = "free"

Cell = tuple[str, str]
"""Row and column."""
TOTAL = "∑"
"""The row of the sums over all groups."""


class Shown(Frozen, frozen=True):
    """A table of which some cells are hidden.

    Attributes:
        cells: Every number that is shown; None for a hidden one.
        rows: The rows, the total last.
        columns: The columns.
        sizes: The sum of each row, which is always shown.
    """

    cells: Mapping[Cell, int | None]
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    sizes: Mapping[str, int]


def is_small(count: int) -> bool:
    """Tell whether a number could be read back to a person."""
    return 0 < count <= SMALL


def grouped(counts: Mapping[str, Mapping[str, int]], other: str) -> dict[str, dict[str, int]]:
    """Put groups of few patients together, so that the size of each can be shown.

    Args:
        counts: Numbers by group, then column.
        other: What the groups that are put together are called.

    Returns:
        Groups of more than `SMALL` patients each, or a single one.
    """
    sizes = {group: sum(cells.values()) for group, cells in counts.items()}
    kept = {group: dict(cells) for group, cells in counts.items() if sizes[group] > SMALL}
    few = [group for group in counts if 0 < sizes[group] <= SMALL]
    together: dict[str, int] = {}
    for group in few:
        _add(together, counts[group])
    while together and sum(together.values()) <= SMALL and kept:
        least = min(kept, key=lambda group: (sizes[group], group))
        _add(together, kept.pop(least))
    if together:
        kept[other] = together
    return kept


def _add(to: dict[str, int], cells: Mapping[str, int]) -> None:
    for column, count in cells.items():
        to[column] = to.get(column, 0) + count


def hide(
    counts: Mapping[str, Mapping[str, int]],
    columns: Sequence[str],
    told_elsewhere: Callable[[str], bool] = lambda column: False,
) -> Shown | None:
    """Hide what has to be hidden of a table of groups.

    What is hidden of the totals is what would be hidden of them alone, so that a table by groups
    and the one without are no key to each other.

    Args:
        counts: Numbers by group, then column; a single group has no total beside it.
        columns: The columns; a patient is counted in one of them.
        told_elsewhere: Whether the total of a column can be read elsewhere.

    Returns:
        The table with its totals; the sum of each row is shown. None where no part of it can be.
    """
    cells = {
        (group, column): listed.get(column, 0)
        for group, listed in counts.items()
        for column in columns
    }
    rows = [*counts]
    hidden: set[Cell] | None = set()
    if len(counts) > 1:
        totals = {
            (TOTAL, column): sum(each.get(column, 0) for each in counts.values())
            for column in columns
        }
        # By themselves the totals are a table of one group.
        alone = {("", column): count for (_, column), count in totals.items()}
        hidden = _hidden(alone, set(), columns, told_elsewhere)
        if hidden is not None:
            hidden = {(TOTAL, column) for _, column in hidden}
            hidden = _hidden({**cells, **totals}, hidden, columns, told_elsewhere, fixed=TOTAL)
        cells |= totals
        rows.append(TOTAL)
    else:
        hidden = _hidden(cells, set(), columns, told_elsewhere)
    if hidden is None:
        return None
    sizes = {row: sum(cells[row, column] for column in columns) for row in rows}
    shown = {cell: None if cell in hidden else count for cell, count in cells.items()}
    return Shown(shown, tuple(rows), tuple(columns), sizes)


def _hidden(
    cells: Mapping[Cell, int],
    begun: set[Cell],
    columns: Sequence[str],
    told_elsewhere: Callable[[str], bool],
    fixed: str | None = None,
) -> set[Cell] | None:
    """Return what is hidden; None where hiding everything is not enough."""
    small = sorted(cell for cell, count in cells.items() if is_small(count))
    hidden = begun | {cell for cell in small if cell[0] != fixed}
    for cell in small:
        while _range(cells, hidden, cell) < LEAST_RANGE:
            open_to = [each for each in cells if each not in hidden and each[0] != fixed]
            further = _next(cells, hidden, cell, open_to, columns, told_elsewhere)
            if further is None:
                return None
            hidden.add(further)
    return hidden


def _next(
    cells: Mapping[Cell, int],
    hidden: set[Cell],
    cell: Cell,
    visible: Sequence[Cell],
    columns: Sequence[str],
    told_elsewhere: Callable[[str], bool],
) -> Cell | None:
    """Return what to hide next: what gives the cell most room, and is small itself."""
    near = [each for each in visible if cell[0] == each[0] or cell[1] == each[1]] or visible
    # Rows in which only one cell is hidden, and columns, give none of their cells any room.
    alone = [each for each in visible if _lines_alone(hidden, each)]
    choice = [each for each in alone if each in near] or alone or near
    return min(
        choice,
        key=lambda each: (
            told_elsewhere(each[1]),
            cells[each] <= SMALL,
            cells[each],
            columns.index(each[1]),
            each[0],
        ),
        default=None,
    )


def _lines_alone(hidden: set[Cell], cell: Cell) -> bool:
    in_row = sum(each[0] == cell[0] for each in hidden)
    in_column = sum(each[1] == cell[1] for each in hidden)
    return in_row == 1 or in_column == 1


def _range(cells: Mapping[Cell, int], hidden: set[Cell], cell: Cell) -> int:
    """Return how far a hidden number can be moved while everything shown stays as it is."""
    up = _flow(cells, hidden, cell, up=True)
    if up >= LEAST_RANGE:
        return up
    return up + _flow(cells, hidden, cell, up=False)


def _flow(cells: Mapping[Cell, int], hidden: set[Cell], cell: Cell, *, up: bool) -> int:
    """Return by how much a number can grow, or shrink, at most: a greatest flow.

    A hidden cell joins its row to its column. Along it one way its number grows, without end; the
    other way it shrinks, down to zero. What a cell gains, others have to lose around a circle.
    """
    room: dict[tuple[str, str], int] = {}
    near: dict[str, set[str]] = {}
    for each in hidden:
        row, column = f"r{each[0]}", f"c{each[1]}"
        near.setdefault(row, set()).add(column)
        near.setdefault(column, set()).add(row)
        if each == cell:
            continue
        # The total stands on the other side of its column's sum.
        grows = (row, column) if each[0] != TOTAL else (column, row)
        room[grows] = _ENDLESS
        room[grows[::-1]] = cells[each]
    if all(each[0] != TOTAL for each in cells):
        # Without totals nothing holds a column's numbers together.
        for node in [each for each in near if each.startswith("c")]:
            near.setdefault(_FREE, set()).add(node)
            near[node].add(_FREE)
            room[node, _FREE] = room[_FREE, node] = _ENDLESS
    start, end = f"c{cell[1]}", f"r{cell[0]}"
    if (cell[0] == TOTAL) == up:
        start, end = end, start
    limit = LEAST_RANGE if up else cells[cell]
    return _greatest(room, near, start, end, limit)


def _greatest(
    room: dict[tuple[str, str], int],
    near: Mapping[str, set[str]],
    start: str,
    end: str,
    limit: int,
) -> int:
    """Return the greatest flow from one node to another, up to a limit."""
    flow = 0
    while flow < limit:
        came: dict[str, str] = {start: start}
        waiting = deque([start])
        while waiting and end not in came:
            node = waiting.popleft()
            for other in sorted(near.get(node, ())):
                if other not in came and room.get((node, other), 0) > 0:
                    came[other] = node
                    waiting.append(other)
        if end not in came:
            break
        path = []
        node = end
        while node != start:
            path.append((came[node], node))
            node = came[node]
        step = min(limit - flow, *(room[each] for each in path))
        for a, b in path:
            room[a, b] -= step
            room[b, a] = room.get((b, a), 0) + step
        flow += step
    return flow
