"""What is written after a session: worksheet, line for the chart, page to take home."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ketatui.cases.courses import Device
from ketatui.cases.writing import write_case
from tests.cli.support import Command
from tests.course.support import DAY, course_of, earlier, screened, screening_knowledge, visit_of

CASE = "20270104-080000-k3f9"


def written(tmp_path: Path, course: object, **case: object) -> Path:
    path = tmp_path / f"{CASE}.toml"
    whole = screened().replaced(id=CASE, courses=(course,), **case)
    path.write_text(write_case(whole, screening_knowledge().pack), "utf-8")
    return path


@pytest.fixture
def session(tmp_path: Path) -> Path:
    visit = visit_of("spravato", number=2, dose_mg=84, devices_used=3, minutes_dosing=10)
    visit = visit.replaced(devices=(Device(lot="A1"),))
    return written(tmp_path, course_of("spravato", [*earlier("spravato", 3), visit]))


def test_the_worksheet_says_every_field_with_since_when_and_what_is_missing(
    session: Path, ketatui: Command
) -> None:
    done = ketatui("course", "worksheet", session, "--on", DAY)
    assert (done.status, done.err) == (0, "")
    assert "For transfer to the SPRAVATO REMS monitoring form" in done.out
    assert "A worksheet, not the form." in done.out
    assert "- Dose: 56 mg, 84 mg or other *: 84 mg" in done.out
    assert "- Blood pressure before: 124/78 mmHg" in done.out
    assert "- Lot numbers: A1" in done.out
    assert "- Patient: name, date of birth, sex *: in the chart; never kept here" in done.out
    assert done.out.count("On the form since:") == 21
    assert "- Form: due by 2027-01-11" in done.out


def test_the_worksheet_as_data_has_required_since_and_source(
    session: Path, ketatui: Command
) -> None:
    done = ketatui("course", "worksheet", session, "--format", "json", "--visit", 1, "--on", DAY)
    data = json.loads(done.out)
    assert (data["case"], data["course"], data["visit"]) == (CASE, "c1", 1)
    assert (data["due"], data["sent"]) == ("2027-01-08", None)
    fields = {field["id"]: field for field in data["fields"]}
    assert fields["dose"]["values"] == {"visit.dose_mg": 56}
    assert fields["dose"]["required"] is True
    assert fields["first-treatment"]["values"] == {"first-treatment": True}
    assert all(field["since"] for field in data["fields"])
    assert "spravato-monitoring-form" in data["sources"]


@pytest.mark.parametrize(
    ("pathway", "site"), [("iv", "outpatient_clinic"), ("spravato", "inpatient_unit")]
)
def test_where_no_form_is_sent_there_is_no_worksheet(
    pathway: str, site: str, tmp_path: Path, ketatui: Command
) -> None:
    path = written(tmp_path, course_of(pathway, [visit_of(pathway)], site=site))
    done = ketatui("course", "worksheet", path)
    assert (done.status, done.out) == (2, "")
    assert "no such form is sent for visit 99: it is for sessions of spravato" in done.err
    assert len(done.err.splitlines()) == 1


def test_one_line_says_the_whole_session(session: Path, ketatui: Command) -> None:
    done = ketatui("course", "line", session, "--on", DAY)
    assert done.out == (
        "2027-01-04 Spravato 84 mg (1.05 mg/kg), 3 devices, session 2, week 1. "
        "BP before 124/78, SpO2 98 %. Highest 138/86 at 40 min, last 126/80 at 175 min. "
        "Lowest SpO2 97 %, lowest MOAA/S 4, dissociation at most moderate. No events. "
        "Left at 180 min, 170 min after the dose was complete.\n"
    )


def test_the_line_says_what_nobody_recorded(tmp_path: Path, ketatui: Command) -> None:
    visit = visit_of("iv", watched=(), systolic=None, end_minute=None, events_reviewed=None)
    done = ketatui("course", "line", written(tmp_path, course_of("iv", [visit])), "--on", DAY)
    for said in (
        "BP before ?/78",
        "No BP recorded after the dose",
        "Events not asked about",
        "Leaving not recorded",
        "Gate: More information needed",
    ):
        assert said in done.out


def test_nothing_typed_acts_on_the_terminal_or_breaks_the_line(
    tmp_path: Path, ketatui: Command
) -> None:
    visit = visit_of("iv", events=[{"term": "nau\x1b[2Jsea\nand more", "severity": "mild"}])
    done = ketatui("course", "line", written(tmp_path, course_of("iv", [visit])), "--on", DAY)
    assert "\x1b" not in done.out
    assert len(done.out.splitlines()) == 1


def test_a_held_session_takes_no_warnings_of_a_dose_home(tmp_path: Path, ketatui: Command) -> None:
    held = written(tmp_path, course_of("spravato", [visit_of("spravato", dose_mg=0)]))
    out = " ".join(ketatui("course", "going-home", held).out.split())
    assert "You had none of it that day." in out
    assert "Do not drive" not in out
    assert "call or text 988" in out


def test_what_is_not_settled_is_said(tmp_path: Path, ketatui: Command) -> None:
    open_dose = written(tmp_path, course_of("spravato", [visit_of("spravato", dose_mg=None)]))
    assert "Do not drive" in ketatui("course", "going-home", open_dose).out


def test_the_page_to_take_home_is_for_a_patient(session: Path, ketatui: Command) -> None:
    out = ketatui("course", "going-home", session, "--on", DAY).out
    assert "On Monday, January 4, 2027 you had esketamine nasal spray (Spravato)." in out
    assert "Do not drive" in out
    assert "Your next visit: ____" in out
    for never in (CASE, "sha256", "ketamine-us", "Sealed", "REMS"):
        assert never not in out


def test_the_next_planned_visit_stands_on_it(tmp_path: Path, ketatui: Command) -> None:
    visits = [visit_of("iv"), visit_of("iv", number=100, date=DAY.replace(day=8), dose_mg=None)]
    path = written(tmp_path, course_of("iv", visits))
    out = ketatui("course", "going-home", path, "--visit", 99).out
    assert "Your next visit is planned for Friday, January 8, 2027." in out


def test_nobody_goes_home_from_a_review(tmp_path: Path, ketatui: Command) -> None:
    path = written(tmp_path, course_of("iv", [visit_of("iv", kind="review")]))
    done = ketatui("course", "going-home", path)
    assert done.status == 2
    assert "visit 99 is a review" in done.err


@pytest.mark.parametrize("paper", ["worksheet", "going-home"])
def test_pages_are_written_and_never_over_a_file(
    paper: str, session: Path, tmp_path: Path, ketatui: Command
) -> None:
    pytest.importorskip("typst")
    out = tmp_path / "page.pdf"
    done = ketatui("course", paper, session, "--format", "pdf", "--out", out)
    assert (done.status, done.err) == (0, "")
    assert out.read_bytes().startswith(b"%PDF")
    again = ketatui("course", paper, session, "--format", "pdf", "--out", out)
    assert again.status == 2
    assert "is there already" in again.err


def test_no_paper_is_written_over_a_case(session: Path, ketatui: Command) -> None:
    before = session.read_bytes()
    folder = ("--cases", session.parent)
    done = ketatui("course", "line", session, "--out", session, "--force", *folder)
    assert done.status == 2
    assert session.read_bytes() == before


def test_a_pdf_is_not_for_the_terminal(session: Path, ketatui: Command) -> None:
    done = ketatui("course", "going-home", session, "--format", "pdf")
    assert (done.status, done.out) == (2, "")
    assert "name a file with --out" in done.err


@pytest.mark.parametrize("form", ["txt", "md", "visits", "fhir"])
def test_what_looks_like_a_person_in_a_visit_is_said_and_can_be_replaced(
    form: str, tmp_path: Path, ketatui: Command
) -> None:
    said = {
        "event": "fainted, Mr Quill reports",
        "note": "Mrs Quill reports",
        "reason": "Mr Quill reports",
    }
    visit = visit_of("iv", events=[{"term": said["event"]}])
    visit = visit.replaced(notes={"visit.systolic": said["note"]})
    course = course_of("iv", [visit], stopped=DAY).replaced(stop_reason=said["reason"])
    path = written(tmp_path, course)
    command = ("cases", "export", path, "--format", form, "--on", DAY)
    plain = ketatui(*command)
    assert "texts look like an identifier of a person" in plain.err
    assert "Quill" in plain.out
    replaced = ketatui(*command, "--replace-identifiers")
    assert replaced.status == 0
    assert "Quill" not in replaced.out
    assert "fainted" in replaced.out


def test_the_line_warns_of_a_person_in_an_event(tmp_path: Path, ketatui: Command) -> None:
    visit = visit_of("iv", events=[{"term": "fainted, Mr Quill reports"}])
    done = ketatui("course", "line", written(tmp_path, course_of("iv", [visit])), "--on", DAY)
    assert done.status == 0
    assert "an event looks like it names a person" in done.err
