"""The worksheet for the monitoring form: what the record says, and nothing it does not."""

from __future__ import annotations

from typing import Any

import pytest

from ketatui.cases.courses import Course, Device, Visit
from ketatui.course.worksheet import Line, worksheet
from ketatui.cql import Value
from tests.course.support import DAY, course_of, earlier, knowledge, screened, visit_of


def lines(visit: Visit, *, medications: tuple[str, ...] = (), **course: Any) -> dict[str, Line]:
    own = course_of(course.pop("pathway", "spravato"), [*course.pop("before", ()), visit], **course)
    found = filled(own, visit, medications)
    assert found is not None
    return {line.field.id: line for line in found}


def filled(own: Course, visit: Visit, medications: tuple[str, ...] = ()) -> Any:
    case = screened(medications=medications).replaced(courses=(own,))
    found = worksheet(knowledge(), case, own, visit, DAY)
    return None if found is None else found.lines


def value(line: Line) -> Value | tuple[Value, ...]:
    found = tuple(line.values.values())
    return found[0] if len(found) == 1 else found


def test_it_says_what_the_record_says() -> None:
    visit = visit_of("spravato", number=1).replaced(devices=(Device(lot="A1"), Device(lot="A2")))
    found = lines(visit, medications=("lorazepam",))
    assert {ident: value(line) for ident, line in found.items() if not line.field.chart} == {
        "first-treatment": True,
        "enrolled": True,
        "benzodiazepine": True,
        "sedative": False,
        "psychostimulant": False,
        "maoi": False,
        "opioid": False,
        "date": "2027-01-04",
        "dose": 56,
        "lot": "A1, A2",
        "minutes": 180,
        "pressure-before": (124, 78),
        "pressure-40": (138, 86),
        "pressure-end": (126, 80),
        "sedation": True,
        "dissociation": "moderate",
        "oxygen": 97,
        "serious": False,
    }


def test_names_and_addresses_are_left_to_the_chart() -> None:
    found = lines(visit_of("spravato"))
    assert [ident for ident, line in found.items() if line.field.chart] == [
        "patient",
        "monitor",
        "setting",
    ]
    assert all(line.values == {} for line in found.values() if line.field.chart)


def test_what_nobody_said_is_not_known_and_named_where_it_is_required() -> None:
    visit = visit_of("spravato", watched=(), dose_mg=None, events_reviewed=None)
    found = lines(visit)
    unknown = ("dose", "pressure-40", "sedation", "dissociation", "oxygen", "serious")
    for ident in unknown:
        assert set(found[ident].values.values()) == {None}
    assert [ident for ident, line in found.items() if line.missing] == ["dose"]


def test_a_later_session_is_not_the_first_treatment() -> None:
    found = lines(visit_of("spravato", number=2), before=earlier("spravato", 3))
    assert value(found["first-treatment"]) is False


@pytest.mark.parametrize(
    ("events", "expected"),
    [([{"serious": True}], True), ([{"serious": False}], False), ([{}], None)],
)
def test_a_serious_event_is_one_that_somebody_called_so(
    events: list[dict[str, Any]], expected: bool | None
) -> None:
    assert value(lines(visit_of("spravato", events=events))["serious"]) is expected


@pytest.mark.parametrize(
    ("pathway", "site", "kind"),
    [
        ("iv", "outpatient_clinic", "session"),
        ("spravato", "inpatient_unit", "session"),
        ("spravato", "outpatient_clinic", "review"),
    ],
)
def test_where_no_form_is_sent_there_is_none(pathway: str, site: str, kind: str) -> None:
    visit = visit_of(pathway, kind=kind)
    assert filled(course_of(pathway, [visit], site=site), visit) is None


def test_every_field_says_since_when_it_is_asked_and_how_sure_that_is() -> None:
    sheet = knowledge().pack.worksheet
    assert sheet is not None
    for field in sheet.fields:
        assert field.since
        assert field.confidence in ("high", "medium")
