"""Again, today: the closed visits of a course, as they were judged and as they are judged now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ketatui.cases.saved_assessment import SavedAssessment
from ketatui.course.knowledge import compile_course
from ketatui.course.reassessment import VisitAgain
from ketatui.engine import Knowledge
from ketatui.reports.changes_since import Since
from ketatui.reports.course_words import dose_text
from ketatui.reports.reassessment import head_line
from ketatui.tui.views.pages import Row, Section, heading, remark
from ketatui.tui.views.reassessment import change_rows, pathway_rows


def visit_sections(
    knowledge: Knowledge, visits: Sequence[VisitAgain], width: int
) -> tuple[Section, ...]:
    """Return the closed visits judged again as a part of the page; none where there are none.

    Args:
        knowledge: The criteria at hand.
        visits: Every closed visit that kept its judgment, judged again.
        width: Cells available.
    """
    if not visits:
        return ()
    differ = [item for item in visits if not item.difference.same]
    rows = [_said(len(visits), len(differ), width)]
    for item in differ:
        rows += _visit(knowledge, item, width)
    mark = (str(len(differ)), "caution" if differ else "muted")
    return (Section("visits", "Visits", tuple(rows), mark),)


def _said(judged: int, differ: int, width: int) -> Row:
    closed = "1 closed visit was" if judged == 1 else f"{judged} closed visits were"
    if not differ:
        return remark("visits", f"{closed} judged again: nothing differs.", width, "good")
    otherwise = "1 of them comes" if differ == 1 else f"{differ} of them come"
    return remark(
        "visits", f"{closed} judged again: {otherwise} out differently.", width, "caution"
    )


def _visit(knowledge: Knowledge, item: VisitAgain, width: int) -> Iterator[Row]:
    visit, key = item.visit, f"visit:{item.course.id}:{item.visit.number}"
    since = Since(compile_course(knowledge).pathways[item.course.pathway], SavedAssessment())
    yield heading(f"Visit {visit.number} of {visit.date}, {dose_text(visit)}")
    yield remark(key, head_line(item.difference), width)
    yield from pathway_rows(since, item.difference, width, only_changed=True, prefix=f"{key}:")
    yield from change_rows(since, item.difference, width, prefix=f"{key}:")
