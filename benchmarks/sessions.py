"""A running session: a line typed and taken, to the last byte of its repaint; and a long course."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from time import process_time

from benchmarks.material import examples, knowledge
from benchmarks.table import Row
from benchmarks.terminal import APP, Terminal
from ketatui.cases.base import Answer
from ketatui.cases.courses import Course, Observation, Visit
from ketatui.cases.model import Case
from ketatui.cases.store import CaseStore
from ketatui.consultation.saving import amend
from ketatui.consultation.session_clock import first_device, last_device
from ketatui.consultation.treatment import Treatment

_SIZES = ((120, 40), (200, 60), (80, 24))
_LINES = ("141/88 97 4 mod", "138/86 97 4 mild", "nausea 25 mild", "132/84 98 5 none") * 3
_TYPED = (0, 2)
"""The lines of which each character is measured: one of numbers and one of words."""
_VISITS = 60
_ROUNDS = 15
_SAID: dict[str, Answer] = {
    "visit.systolic": 128,
    "visit.diastolic": 82,
    "visit.heart_rate": 72,
    "visit.respiratory_rate": 14,
    "visit.spo2": 97,
    "visit.suicidality": "none",
    "visit.escort": True,
    "visit.dose_mg": Decimal(56),
    "visit.devices_used": 2,
    "visit.minutes_dosing": 5,
}


def measure() -> list[Row]:
    """Measure a running session at each size, and opening a case with a long course."""
    return [row for size in _SIZES for row in _session(size)] + [_opening()]


def _session(size: tuple[int, int]) -> list[Row]:
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        begun = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=45)
        _left_running(home / "cases", begun)
        with Terminal(APP, size, home) as terminal:
            terminal.until("saved case")
            terminal.settle(0.5)
            terminal.send(b"b")
            terminal.until("1 running")
            terminal.send(b"\r")
            terminal.until("MINUTE")
            terminal.settle(0.5)
            for place, line in enumerate(_LINES):
                if place in _TYPED:
                    found["type"] += [terminal.press(key.encode()) for key in line]
                else:
                    terminal.press(line.encode())
                found["take"].append(terminal.press(b"\r"))
    group = f"A running session at {size[0]}×{size[1]}"
    what = {"type": "a character of the line", "take": "Enter, which takes the line"}
    rows = []
    for name, pairs in found.items():
        ident = f"session.{name}.{size[0]}"
        ms = [item for item, _ in pairs]
        rows.append(Row(ident, group, what[name], ms, p95_aim=16))
        sent = [count for _, count in pairs]
        about = "    bytes to the terminal"
        rows.append(Row(f"bytes.{ident}", group, about, sent, unit="B", p95_aim=4096))
    return rows


def _opening() -> Row:
    """Time reading a case from its file to what a screen shows, by processor time."""
    from ketatui.engine.reassessment import reassess
    from ketatui.tui.views.case import Shown, case_sections

    known, day = knowledge(), dt.date.today()

    def opened(store: CaseStore, path: Path) -> float:
        begun = process_time()
        reading = store.load(path).reading
        again = reassess(known, reading.counted, day)
        kept = reassess(known, reading.counted, day, keep_stale=True)
        case_sections(Shown(known, reading, reading.case, again, kept), 100)
        return (process_time() - begun) * 1000

    with tempfile.TemporaryDirectory() as folder:
        long = _saved(Path(folder) / "long", _treated(day))
        none = _saved(Path(folder) / "none", ())
        pairs = [(opened(*long), opened(*none)) for _ in range(_ROUNDS)]
    return Row(
        "session.opening",
        "A long course",
        f"open a case of {_VISITS} visits, without painting it",
        [ours for ours, _ in pairs],
        "the same case without a course",
        [theirs for _, theirs in pairs],
        note="processor time",
    )


def _saved(folder: Path, courses: tuple[Course, ...]) -> tuple[CaseStore, Path]:
    case: Case = examples()[0][1]
    store = CaseStore(folder, knowledge().pack)
    content = case.replaced(courses=courses, revisions=())
    loaded = store.save(content, base=None, by="B", why="measured", now=dt.datetime.now(dt.UTC))
    return store, loaded.stamp.path


def _left_running(folder: Path, begun: dt.datetime) -> None:
    """Leave a draft with a session whose clock runs."""
    plan = _course((Visit(number=1, date=begun.astimezone().date(), answers=_SAID),))
    store, path = _saved(folder, (plan,))
    now = dt.datetime.now(dt.UTC)
    consultation, journal = amend(store, store.load(path), knowledge(), now=now)
    treatment = Treatment(consultation, "c1", 1)
    first_device(treatment, begun)
    last_device(treatment, begun + dt.timedelta(minutes=5))
    journal.close()


def _treated(day: dt.date) -> tuple[Course, ...]:
    watched = tuple(
        Observation(minute=minute, systolic=132, diastolic=84, spo2=97, sedation=5)
        for minute in (40, 120)
    )
    visits = (
        Visit(
            number=place + 1,
            date=day - dt.timedelta(weeks=_VISITS - place),
            answers=_SAID,
            observations=watched,
        )
        for place in range(_VISITS)
    )
    return (_course(tuple(visits)),)


def _course(visits: tuple[Visit, ...]) -> Course:
    return Course(id="c1", pathway="spravato", basis="trd", site="outpatient_clinic", visits=visits)
