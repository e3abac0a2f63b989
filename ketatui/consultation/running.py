"""The sessions that run in a folder: those of every draft, whichever window began them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from ketatui.cases.courses import Course, Visit
from ketatui.cases.drafts import DraftEntry, list_drafts
from ketatui.cases.errors import CaseError
from ketatui.cases.model import Case
from ketatui.consultation.saving import states_of
from ketatui.course.running import DueWatch, clocks, due_watches, is_running
from ketatui.criteria.course import CoursePack
from ketatui.criteria.who import working_label
from ketatui.engine import Knowledge
from ketatui.structs import Frozen


class RunningSession(Frozen, frozen=True):
    """A session that runs.

    Attributes:
        path: The draft it is in.
        label: What its case is called.
        in_use: Whether some window has it open.
        case: Its case as the draft has it; None where that cannot be read.
        course: Its course.
        visit: Its visit.
        problem: Why it cannot be read, if it cannot.
    """

    path: Path
    label: str
    in_use: bool
    case: Case | None = None
    course: Course | None = None
    visit: Visit | None = None
    problem: str = ""

    def due(self, pack: CoursePack, now: dt.datetime) -> DueWatch | None:
        """Return what it is watched for next; None where no clock tells."""
        if self.course is None or self.visit is None:
            return None
        minute = clocks(pack, self.course, self.visit, now).minute
        if minute is None:
            return None
        found = due_watches(pack, self.course.pathway, self.visit.observations, minute)
        return next((item for item in found if not item.missed), None)


def _told_apart(rows: list[RunningSession]) -> list[RunningSession]:
    """Add the end of its id to each label that several drafts have: two of them run at once."""
    drafts: dict[str, set[Path]] = {}
    for row in rows:
        drafts.setdefault(row.label, set()).add(row.path)
    return [
        row
        if len(drafts[row.label]) == 1
        else row.replaced(label=f"{row.label} ({row.path.stem[-4:]})")
        for row in rows
    ]


class RunningSessions:
    """Finds them again and again; a draft that has not changed is not read again."""

    def __init__(self, folder: Path, knowledge: Knowledge) -> None:
        """Args: the folder of saved cases, and the compiled pack."""
        self._folder, self._knowledge = folder, knowledge
        self._known: dict[Path, tuple[tuple[int, int], Case | str]] = {}

    def find(self, now: dt.datetime) -> list[RunningSession]:
        """Find the sessions that run, the one that is due soonest first.

        Args:
            now: The moment, with its time zone.

        Raises:
            CaseError: The folder cannot be read.
        """
        pack = self._knowledge.pack.course
        found = [
            row for draft in list_drafts(self._folder) if draft.timed for row in self._of(draft)
        ]

        def place(row: RunningSession) -> tuple[bool, dt.datetime, str]:
            due = row.due(pack, now)
            begun = row.visit.first_dose_at if row.visit else None
            if due is None or begun is None:
                # What cannot be told is looked at before all else.
                return False, now, row.path.name
            return True, begun + dt.timedelta(minutes=due.minute), row.path.name

        return _told_apart(sorted(found, key=place))

    def _of(self, draft: DraftEntry) -> Iterator[RunningSession]:
        case = self._read(draft.path)
        if isinstance(case, str):
            label = draft.called
            yield RunningSession(draft.path, label, draft.in_use, problem=case)
            return
        known = draft.label or case.label or working_label(self._knowledge.pack, case.answers)
        label = known or draft.called
        for course in case.courses:
            for visit in course.in_order:
                if is_running(visit):
                    yield RunningSession(draft.path, label, draft.in_use, case, course, visit)

    def _read(self, path: Path) -> Case | str:
        try:
            stat = path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if path not in self._known or self._known[path][0] != stamp:
                self._known[path] = stamp, states_of(path, self._knowledge)[-1]
            return self._known[path][1]
        except CaseError as error:
            return error.problems[0].message
        except OSError as error:
            return error.strerror or type(error).__name__
