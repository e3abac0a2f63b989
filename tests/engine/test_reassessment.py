"""A saved case assessed again: what is left out of it, and what is worked out only when asked."""

from __future__ import annotations

import datetime as dt

from ketatui.engine import Knowledge
from ketatui.engine.reassessment import reassess
from tests.engine.clean import ON, clean

SAVED = clean({"logistics.transport": False}).replaced(assessment={"on": ON.isoformat()})


def test_what_would_lift_a_verdict_is_worked_out_where_it_is_asked_for(
    knowledge: Knowledge,
) -> None:
    plain = reassess(knowledge, SAVED, ON).assessment
    assert [item.changes for item in plain.pathways] == [()] * 4
    asked = reassess(knowledge, SAVED, ON, with_changes=True).assessment
    assert all(item.changes for item in asked.pathways)


def test_old_answers_are_left_out_unless_they_are_to_be_kept(knowledge: Knowledge) -> None:
    later = ON + dt.timedelta(days=1)
    left_out = reassess(knowledge, SAVED, later)
    assert "vitals.systolic" in {item.question for item in left_out.stale}
    assert "vitals.systolic" not in left_out.case.answers
    kept = reassess(knowledge, SAVED, later, keep_stale=True)
    assert (kept.stale, kept.case) == ((), SAVED)
