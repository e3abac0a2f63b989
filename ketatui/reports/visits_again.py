"""How a closed visit was judged and how it is judged now, as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ketatui.cases.courses import Course, Visit
from ketatui.course.knowledge import compile_course
from ketatui.course.reassessment import VisitAgain
from ketatui.engine import Knowledge
from ketatui.engine.difference import Difference
from ketatui.engine.difference_data import difference_data
from ketatui.reports.course_words import dose_text
from ketatui.reports.reassessment import difference_lines, head_line
from ketatui.reports.summary import wrapped


def visit_again_lines(knowledge: Knowledge, item: VisitAgain, width: int) -> Iterator[str]:
    """Say of a closed visit what differs and why.

    Args:
        knowledge: The compiled pack.
        item: The visit, judged again.
        width: Columns available.

    Yields:
        The visit; then, where anything differs, each decision then and now, and what changed.
    """
    visit = item.visit
    named = f"Visit {visit.number} of {visit.date}, {dose_text(visit)}"
    if item.difference.same:
        yield from wrapped(f"{named}: as it was judged then", "", "  ", width=width)
        return
    yield from wrapped(f"{named}: {head_line(item.difference)}", "", "  ", width=width)
    pack = compile_course(knowledge).pathways[item.course.pathway].pack
    for text in difference_lines(pack, item.difference, only_changed=True, width=width - 2):
        yield f"  {text}"


def visit_difference_data(course: Course, visit: Visit, found: Difference) -> dict[str, Any]:
    """Return what differs in how a visit is judged as JSON data.

    Args:
        course: Its course.
        visit: The visit.
        found: What differs; a decision is to it what a pathway is.
    """
    data = difference_data(found)
    decisions = data.pop("pathways")
    for decision in decisions:
        for side in ("then", "now"):
            if decision[side] is not None:
                decision[side] = {"verdict": decision[side]["verdict"]}
        del decision["support"]
    return {
        "course": course.id,
        "visit": visit.number,
        "date": visit.date.isoformat(),
        **data,
        "decisions": decisions,
    }
