"""The panes of a running session: what they show, and when they are drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from textual.app import ComposeResult

from ketatui.consultation.session_clock import leaving
from ketatui.consultation.session_rows import RowPlace
from ketatui.consultation.treatment import Treatment
from ketatui.course.entry_line import LONGEST
from ketatui.course.running import (
    LeaveGate,
    Leaving,
    clock_change,
    clocks,
    due_watches,
    is_running,
)
from ketatui.course.vocabulary import EVENTS_REVIEWED
from ketatui.criteria.models import Question
from ketatui.tui.idle import passed
from ketatui.tui.screens.base import KetaScreen
from ketatui.tui.session import OpenCase, now
from ketatui.tui.views.lines import Span, wrap
from ketatui.tui.views.session import (
    SessionView,
    clock_lines,
    event_questions,
    side_lines,
    title_line,
)
from ketatui.tui.views.session_table import table_lines
from ketatui.tui.widgets.entry_line import EntryLine
from ketatui.tui.widgets.line_view import LineView
from ketatui.tui.widgets.painting import Panes

_LOOK = 5.0
"""Seconds between two looks at the clock; it is painted only when its minute has changed."""
_SAID = 2
"""Lines of what is said above the line."""
EMPTY = "141/88 97 4 mod   or   nausea 25 mild"
"""What the line says while nothing is typed."""


class SessionPanes(KetaScreen):
    """Clocks, table, gate, chart and the line."""

    def __init__(
        self,
        opened: OpenCase,
        treatment: Treatment,
        notice: str = "",
        clock: Callable[[], float] = passed,
    ) -> None:
        """Begin.

        Args:
            opened: The open case.
            treatment: The session.
            notice: Something to say at first.
            clock: Seconds that nobody sets and that count while the machine sleeps.
        """
        super().__init__()
        self.opened = opened
        self.treatment = treatment
        self.asking = ""
        self.row: RowPlace | None = None
        self.correcting = False
        self._said: Span | None = (notice, "caution") if notice else None
        self._pending = ""
        self._clock = clock
        self._both: tuple[dt.datetime, float] | None = None
        self._changed: dt.timedelta | None = None
        self._shown: object = None
        self._leaving = Leaving(treatment.knowledge)
        self._gate: tuple[object, LeaveGate] | None = None

    def compose(self) -> ComposeResult:
        """Lay out clocks, table and gate, what was said, and the line."""
        yield LineView(id="title", classes="bar")
        yield LineView(id="clocks")
        with Panes(id="panes"):
            yield LineView(id="watch")
            yield LineView(id="leave")
        yield LineView(id="said")
        yield EntryLine(id="entry", classes="bar takes-keys", most=LONGEST)
        yield LineView(id="hint", classes="bar")

    @property
    def stays_up(self) -> bool:
        """Whether the clock runs: then it is seen, whether or not somebody touches a key."""
        visit = self.treatment.visit
        return visit is not None and is_running(visit)

    def begin(self) -> None:
        """Look at the clocks from here on."""
        self._both = (now(), self._clock())
        self.set_interval(_LOOK, self.look)

    # --- drawing ------------------------------------------------------------------------------

    @property
    def entry(self) -> EntryLine:
        """The line at the foot."""
        return self.query_one("#entry", EntryLine)

    def look(self) -> None:
        """Draw anew if a minute has passed or the clock was changed; else write nothing."""
        if not self.is_current or self.treatment.visit is None:
            return
        moment, counted = now(), self._clock()
        if self._both is not None:
            # Only ever compared with the look before: a change is told once it happens.
            self._changed = clock_change(self._both, (moment, counted)) or self._changed
        self._both = (moment, counted)
        if self._state(self.view(moment)) != self._shown:
            self.redraw()

    def view(self, moment: dt.datetime) -> SessionView:
        """Return what is told at a moment."""
        course, visit = self.treatment.the_course(), self.treatment.the_visit()
        pack = self.treatment.pack
        seen = clocks(pack, course, visit, moment)
        dues = due_watches(pack, course.pathway, visit.observations, seen.minute or 0)
        gate = None
        if seen.minute is not None:
            key = (self.treatment.case, visit.number, seen.minute)
            if self._gate is None or self._gate[0] != key:
                self._gate = key, leaving(self.treatment, seen.minute, self._leaving)
            gate = self._gate[1]
        return SessionView(self.treatment, moment, seen, dues, gate, self._changed, self.asking)

    @staticmethod
    def _state(view: SessionView) -> object:
        return view.clocks, view.dues, view.changed

    def redraw(self) -> None:
        """Draw everything from the state."""
        if not self.is_mounted or self.treatment.visit is None:
            return
        view = self.view(now())
        self._shown = self._state(view)
        width = self.app.size.width
        failed = bool(self.opened.failed)
        title = title_line(view, self.kept(), failed=failed, width=width, covered=self.covered)
        self.query_one("#title", LineView).show([title])
        self.query_one("#clocks", LineView).show(clock_lines(view, width))
        self._draw_table()
        side = self.query_one("#leave", LineView)
        size = side.content_size
        if size.width:
            # The questions wait for a whole assessment, and are shown only while asked.
            asked = self.questions() if self.asking else ()
            side.show(side_lines(view, asked, size.width - 1, size.height))
        self.entry.draw(EMPTY)
        self._draw_said()
        self.show_hint()

    def _draw_table(self) -> None:
        table = self.query_one("#watch", LineView)
        wide, before = table.content_size.width, len(table.lines)
        if wide:
            lines = table_lines(self.treatment, wide, self.row)
            table.show(lines)
            here = [place for place, item in enumerate(lines) if item.text.startswith("▸")]
            if here:
                table.keep_in_sight(here[0], here[0])
            elif len(lines) != before:
                # The newest stays in sight; PgUp goes back.
                table.scroll_lines_to(len(lines))

    def _draw_said(self) -> None:
        text, role = self._said or ("", "text")
        lines = wrap(text, self.app.size.width - 1, role=role, indent=1)
        self.query_one("#said", LineView).show(lines[:_SAID])

    def kept(self) -> str:
        """Say whether the last entry is on disk."""
        if self.opened.failed:
            return f"NOT KEPT: {self.opened.failed}"
        at = self.opened.kept_at
        return "draft" if at is None else f"on disk {at:%H:%M:%S}"

    def say(self, text: str, role: str = "info") -> None:
        """Say something above the line, until something else is said."""
        self._said = (text, role) if text else None
        self._draw_said()

    def questions(self) -> tuple[Question, ...]:
        """Return the questions about leaving that are answered yes or no, and of each event."""
        leaving = self.treatment.pack.decision_of("leave")
        leave = {item.id for item in self.treatment.groups.get(leaving, ()) if item.kind == "bool"}
        wanted = leave | {EVENTS_REVIEWED}
        asked = (item for item in self.treatment.asked() if item.id in wanted)
        return *asked, *event_questions(self.treatment.the_visit())
