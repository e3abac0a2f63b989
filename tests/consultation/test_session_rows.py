"""Rows of a session as lines: what a line can say reads back as the same row."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.courses import EarlierRow, Event, Observation, Visit
from ketatui.consultation.session_rows import RowPlace, corrected_row, line_of, rows_in_order
from ketatui.course.entry_line import parse_line
from tests.each import each

DAY = dt.date(2027, 1, 4)


@each(
    ("row", "line"),
    [
        (Observation(minute=40, systolic=141, diastolic=88, spo2=97), "141/88 97 @40"),
        (
            Observation(minute=7, sedation=4, dissociation="severe", heart_rate=72),
            "4 severe hr 72 @7",
        ),
        (Observation(minute=0, respiratory_rate=14), "rr 14 @0"),
        (Event(term="nausea", onset_minute=25, severity="mild"), "nausea @25 mild"),
        (Event(term="fall", onset_minute=3, serious=True), "fall @3 serious"),
        (Event(term="chest pain", onset_minute=3, serious=False), "chest pain @3 not serious"),
        # No line says these whole.
        (Observation(minute=40, systolic=141), None),
        (Event(term="nausea"), None),
        (Event(term="mild", onset_minute=2), None),
    ],
)
def test_a_row_as_a_line(row: Observation | Event, line: str | None) -> None:
    assert line_of(row) == line


def test_a_correction_keeps_what_no_line_can_say() -> None:
    row = Event(term="fall", onset_minute=3, action="watched", reported_on=DAY, reported_to="REMS")
    after = corrected_row(row, parse_line("fainting @4 severe serious", None))
    assert after == row.replaced(term="fainting", onset_minute=4, severity="severe", serious=True)
    assert corrected_row(row, parse_line("97 @4", None)) is None


def test_rows_stand_in_the_order_of_their_minutes_then_events() -> None:
    seen = (Observation(minute=40), Observation(minute=5))
    visit = Visit(number=1, date=DAY, observations=seen, events=(Event(term="fall"),))
    assert rows_in_order(visit) == [
        RowPlace(False, 1),
        RowPlace(False, 0),
        RowPlace(True, 0),
    ]
    assert visit.replaced(corrected=(EarlierRow(struck=True),)).corrected[0].struck
