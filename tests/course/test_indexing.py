"""What the index keeps of courses: the same as the files say, on every day from which it holds."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ketatui.cases.courses import Course
from ketatui.cases.library import Library, Query
from ketatui.cases.model import Case
from ketatui.cases.treatment_state import NEVER
from ketatui.cases.writing import write_case
from ketatui.commands.course_due import json_lines
from ketatui.course.due import Due, due_in, soonest_first
from ketatui.course.indexing import NOT_RECORDED, index_stamp, treated
from ketatui.criteria.loading import load_pack
from tests.course.support import (
    DAY,
    course_of,
    earlier,
    knowledge,
    score,
    screened,
    screening_knowledge,
    visit_of,
)
from tests.each import each

DAYS = [DAY + dt.timedelta(days) for days in range(-40, 200, 3)]
PLANNED = visit_of("iv", number=100, date=DAY + dt.timedelta(9)).replaced(
    answers={}, observations=()
)
COURSES: dict[str, tuple[Course, ...]] = {
    "no visit": (course_of("iv", []),),
    "induction": (course_of("spravato", earlier("spravato", 10, 7, 3, rems_form_sent=None)),),
    "maintenance": (
        course_of("spravato", earlier("spravato", 90, 60, 30, 2), [score("madrs", 60, 20)]),
    ),
    "planned": (course_of("iv", [*earlier("iv", 20, 10), PLANNED], interval_days=7),),
    "scored later": (course_of("iv", earlier("iv", 30, 20, 10), [score("madrs", -12, 20)]),),
    "review later": (
        course_of(
            "spravato",
            [
                *earlier("spravato", 30, 20),
                visit_of("spravato", number=50, date=DAY + dt.timedelta(30), kind="review"),
            ],
        ),
    ),
    "a paper later": (
        course_of(
            "iv",
            [visit_of("iv").replaced(papers={"urinary": DAY + dt.timedelta(40)})],
        ),
    ),
    "not recorded": (
        course_of("spravato", [*earlier("spravato", 9), visit_of("spravato", dose_mg=None)]),
    ),
    "serious event": (course_of("iv", [visit_of("iv", events=[{"serious": True}], dose_mg=None)]),),
    "stopped, then another": (
        course_of("iv", earlier("iv", 90, 80), id="c0", stopped=DAY),
        course_of("spravato", earlier("spravato", 3)),
    ),
    "stopped": (course_of("oral", earlier("oral", 30), stopped=DAY),),
    "to stop later": (
        course_of("iv", earlier("iv", 90, 80), id="c0", stopped=DAY),
        course_of("spravato", earlier("spravato", 3), stopped=DAY + dt.timedelta(30)),
    ),
}


def case_of(courses: tuple[Course, ...], **more: object) -> Case:
    return screened().replaced(id="20270104-080000-k3f9", courses=courses, **more)


@each("courses", COURSES.values())
def test_from_the_day_on_that_it_names_it_holds_on_every_day(courses: tuple[Course, ...]) -> None:
    case = case_of(courses)
    kept = treated(screening_knowledge().pack, case, DAYS[-1])
    looked_at = 0
    for on in DAYS:
        found = due_in(knowledge(), case, on)
        told = [(item.course, item.what, item.for_visit, item.by) for item in found]
        then = treated(screening_knowledge().pack, case, on)
        assert told == [(row.course, row.what, row.for_visit, row.by) for row in then.due]
        if kept.settled is None or on >= kept.settled:
            assert then == kept
            looked_at += 1
        else:
            assert then.settled == NEVER
    assert looked_at > 10


def test_a_session_that_is_only_planned_keeps_nobody_reading_its_file() -> None:
    pack, month = screening_knowledge().pack, DAY + dt.timedelta(30)
    kept = treated(pack, case_of(COURSES["planned"]), DAY)
    assert kept.settled == DAY - dt.timedelta(10)
    assert treated(pack, case_of(COURSES["review later"]), DAY).settled == NEVER
    assert treated(pack, case_of(COURSES["review later"]), month).settled == month


def test_how_treatment_stands() -> None:
    pack = screening_knowledge().pack
    assert treated(pack, screened(), DAY).state == ""
    assert treated(pack, case_of(COURSES["induction"]), DAY).state == "in_treatment"
    assert treated(pack, case_of(COURSES["stopped, then another"]), DAY).state == "in_treatment"
    stopped = treated(pack, case_of(COURSES["stopped"]), DAY)
    assert (stopped.state, stopped.stop_reason) == ("stopped", NOT_RECORDED)
    before = treated(pack, case_of(COURSES["stopped"]), DAY - dt.timedelta(1))
    assert (before.state, before.stop_reason) == ("in_treatment", "")


def test_nothing_is_ever_due_in_a_practice_case() -> None:
    kept = treated(screening_knowledge().pack, case_of(COURSES["induction"], practice=True), DAY)
    assert (kept.state, kept.due) == ("in_treatment", ())


def test_as_json_it_is_ascii_whatever_a_case_is_called() -> None:
    name = 'a "b" \\ ü \x1b]0;c\x07 😀'
    told = [Due(name, "c1", "review", None, DAY), Due("a", "c1", "session", 3, DAY)]
    lines = list(json_lines([item.as_told() for item in told], DAY + dt.timedelta(1)))
    assert all(line.isascii() and line[:-1].isprintable() and line[-1] == "\n" for line in lines)
    assert json.loads(lines[0]) == {
        "case": name,
        "course": "c1",
        "what": "review",
        "for_visit": None,
        "by": DAY.isoformat(),
        "overdue": True,
    }
    assert json.loads(next(json_lines([told[1].as_told()], DAY))) == {
        "case": "a",
        "course": "c1",
        "what": "session",
        "for_visit": 3,
        "by": DAY.isoformat(),
        "overdue": False,
    }


@pytest.fixture
def days() -> list[dt.date]:
    """Return the days on which the library is used; the last one is today."""
    return [DAY + dt.timedelta(1)]


@pytest.fixture
def library(tmp_path: Path, days: list[dt.date]) -> Iterator[Library]:
    pack = screening_knowledge().pack
    for number, courses in enumerate(COURSES.values()):
        case = case_of(courses).replaced(id=f"20270104-0800{number:02}-k3f9")
        (tmp_path / f"{case.id}.toml").write_text(write_case(case, pack), "utf-8")
    opened = Library(
        tmp_path, pack, stamp=index_stamp(pack), index=None, courses=treated, today=lambda: days[-1]
    )
    opened.update()
    yield opened
    opened.close()


def test_the_index_tells_it_soonest_first_and_names_the_cases_it_cannot_tell_of(
    library: Library, days: list[dt.date]
) -> None:
    on = days[-1]
    wanted, whole = list[Due](), list[Due]()
    for number, courses in enumerate(COURSES.values()):
        case = case_of(courses).replaced(id=f"20270104-0800{number:02}-k3f9")
        whole += due_in(knowledge(), case, on)
        if f"{case.id}.toml" not in {path.name for path in library.due.not_settled(on)}:
            wanted += due_in(knowledge(), case, on)
    assert library.due.until(on) == [item.as_told() for item in soonest_first(wanted)]
    # What is counted is counted in all of them: of the day that it is.
    assert len(wanted) < len(whole)
    week = on + dt.timedelta(7)
    assert library.due.counts(on, week) == (
        sum(item.by < on for item in whole),
        sum(on <= item.by <= week for item in whole),
    )


def test_a_course_that_is_to_stop_runs_until_that_day_in_all_that_is_told_of_it(
    library: Library, days: list[dt.date]
) -> None:
    last = f"20270104-0800{len(COURSES) - 1:02}-k3f9.toml"
    case = case_of(COURSES["to stop later"])

    def stands() -> tuple[str, dt.date | None, int]:
        entry = next(item for item in library.all() if item.path.name == last)
        due = entry.treatment.due
        return entry.treatment.state, due[0].by if due else None, len(library.due.of(entry.path))

    def stopped() -> int:
        return dict(library.facet("treatment", Query()))["stopped"]

    for ahead, state in (
        (1, "in_treatment"),
        (29, "in_treatment"),
        (30, "stopped"),
        (29, "in_treatment"),
    ):
        days.append(DAY + dt.timedelta(ahead))
        library.update()
        found = due_in(knowledge(), case, days[-1])
        assert stands() == (state, found[0].by if found else None, len(found))
        assert stopped() == (2 if state == "stopped" else 1)
        assert library.update().read == 0
    # On the day itself nothing of its sessions is due any more.
    assert due_in(knowledge(), case, DAY + dt.timedelta(30)) != found


def test_what_is_gone_is_no_longer_due(library: Library) -> None:
    for path in library.folder.glob("*.toml"):
        path.unlink()
    library.update()
    assert library.due.until(dt.date.max) == []


def test_the_list_can_be_narrowed_to_treatment(library: Library) -> None:
    counted = dict(library.facet("treatment", Query()))
    assert counted == {"in_treatment": 11, "stopped": 1}
    chosen = Query(chosen={"treatment": frozenset({"stopped"})})
    assert [entry.treatment.stop_reason for entry in library.all(chosen)] == [NOT_RECORDED]
    assert dict(library.facet("stopped", Query()))[NOT_RECORDED] == 1
    assert set(dict(library.facet("due", Query()))) <= {"", "due", "later", "overdue"}


def test_another_rule_of_the_course_has_every_file_read_again(tmp_path: Path) -> None:
    import shutil

    from ketatui.criteria.default import default_folder

    shutil.copytree(default_folder(), tmp_path / "criteria")
    before = index_stamp(load_pack(tmp_path / "criteria"))
    path = tmp_path / "criteria" / "course" / "schedule.toml"
    path.write_text(path.read_text("utf-8").replace("days = 90", "days = 60"))
    assert index_stamp(load_pack(tmp_path / "criteria")) != before


def test_the_filter_by_what_is_due_goes_by_the_day_of_today(tmp_path: Path) -> None:
    pack, today = screening_knowledge().pack, dt.date.today()
    for name, ago in (("aaaa", 60), ("bbbb", 1), ("cccc", 0)):
        visits = [visit_of("iv", number=1, date=today - dt.timedelta(ago))]
        course = course_of("iv", visits, interval_days=30 if name == "cccc" else 4)
        case = case_of((course,)).replaced(id=f"20270104-080000-{name}")
        (tmp_path / f"{case.id}.toml").write_text(write_case(case, pack), "utf-8")
    opened = Library(tmp_path, pack, stamp="1", index=None, courses=treated)
    opened.update()
    assert dict(opened.facet("due", Query())) == {"overdue": 1, "due": 1, "later": 1}
    opened.close()


def test_the_list_is_sorted_by_what_is_due_soonest_and_stopped_ones_come_later(
    library: Library,
) -> None:
    found = library.page(Query(sort="treatment", falling=False), 0, 99)
    kept = [(item.treatment.due[0].by if item.treatment.due else None) for item in found]
    days = [day for day in kept if day is not None]
    assert len(days) > 3
    assert days == sorted(days)
    assert kept[: len(days)] == days
    states = [item.treatment.state for item in found if not item.treatment.due]
    assert states == sorted(states, key=["in_treatment", "stopped", ""].index)
