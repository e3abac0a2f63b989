"""A running session: what its keys mean, and an entry line that is always ready."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.binding import BindingType

from ketatui.consultation.session_clock import first_device, last_device, leaves, leaving
from ketatui.consultation.session_rows import say_serious
from ketatui.course.edits import CorrectRow, SetClock, SetEvents, SetObservations
from ketatui.course.entry_line import LONGEST, Entry, parse_line
from ketatui.course.running import Clocks, clocks, midnight_before, moment_of
from ketatui.criteria.models.course import DoseClock
from ketatui.tui.actions import Action, bindings
from ketatui.tui.screens.session_panes import EMPTY
from ketatui.tui.screens.session_rows import SessionRows
from ketatui.tui.session import now
from ketatui.tui.views.lines import shortened
from ketatui.tui.views.session import EVENT, clock_text
from ketatui.tui.widgets.line_view import LineView

_BOTH = ("session.leave_list", "session.back", "session.undo", "session.redo")
_ANSWERS = ("session.yes", "session.no", "session.unknown", "session.clear")


class SessionScreen(SessionRows):
    """One session, from the first device until the patient leaves."""

    CONTEXTS = ("session",)
    HELP_TITLE = "Session"
    HELP_TEXT = (
        "The line at the foot is always ready. An observation is typed in any order: 141/88 is a "
        "pressure, 97 oxygen, 0 to 5 sedation (MOAA/S, 5 is awake), none, mild, mod or severe "
        "dissociation, hr 72 a pulse, rr 14 breaths; @38 gives the minute, else the clock does. "
        "Anything with another word is an event: nausea 25 mild, and serious where it is. What is "
        "not understood is not taken, and stays in the line. Every entry is on disk before the "
        "next key. Minutes count from the first device by the computer's clock, so a window that "
        "was closed and a machine that slept come to the same minute."
    )
    BINDINGS: ClassVar[list[BindingType]] = list(bindings("session"))

    def available(self, action: Action) -> bool:
        """Yes and no answer the questions for leaving, while they are gone through."""
        if action.id in _ANSWERS:
            return bool(self.asking)
        if action.id in ("session.up", "session.down"):
            return True
        if action.id == "session.last":
            return bool(self._counts_from().ends) and not self.asking
        hidden = action.context == "session" and action.id not in _BOTH
        return not (self.asking and hidden)

    def _hints(self) -> list[str]:
        """Show what comes next; the second clock is called what it counts from here."""
        keymap, ends = self.keta.resources.settings.keymap, self._counts_from().ends
        visit = self.treatment.visit
        begun = visit is not None and visit.first_dose_at is not None
        hints = {item.id: item.hint_with(keymap) for item in self.actions()}
        if begun:
            hints.pop("session.start", None)
        else:
            hints.pop("session.left", None)
        plain = hints.get("session.last", "")
        if plain and visit is not None and visit.last_dose_at is not None:
            del hints["session.last"]
        elif plain:
            hints["session.last"] = f"{plain.partition(' ')[0]} {ends}"
        shown = {item.hint_with(keymap): item.id for item in self.actions()}
        return [hints.get(shown[hint], "") if hint in shown else hint for hint in super()._hints()]

    # --- keys ---------------------------------------------------------------------------------

    async def _act_on(self, event: events.Key) -> None:
        """Let the line have what is text; a question that waits for a second press is dropped."""
        before = self._pending
        if self.row and not self.entry.text and not self.asking and event.key == "backspace":
            self.strike_row()
        elif not self.asking and self.entry.take(event):
            if self.row and not self.correcting:
                # What is typed now is a line of its own.
                self.row = None
                self.redraw()
            self._typed()
        else:
            await super()._act_on(event)
        if before and self._pending == before:
            self._pending = ""

    def _typed(self) -> None:
        text = self.entry.text
        if len(text) >= LONGEST:
            self.say(f"The line is full: it has at most {LONGEST} characters.", "caution")
        elif remark := self.remark_on(text):
            self.say(remark, "caution")
        elif self._said is not None:
            self.say("")

    def types_text(self) -> bool:
        """Tell whether a letter is text here now."""
        return not self.asking

    def take_paste(self, text: str) -> None:
        """Put a pasted text into the line, as one line."""
        if self.asking:
            self.pasted_outside(text)
        elif self.entry.insert(" ".join(text.split())):
            self._typed()
        else:
            self.say("What was pasted is too long for the line; not taken.", "caution")

    def replace_typed(self) -> None:
        """Replace what looks like an identifier in the line."""
        scanner = self.keta.resources.scanner
        if scanner is not None:
            self.entry.set(scanner.replaced(self.entry.text))
            self._typed()

    def confirmed(self, what: str, question: str) -> bool:
        """Tell whether it was pressed a second time; else ask."""
        if self._pending == what:
            self._pending = ""
            return True
        self._pending = what
        self.say(question, "caution")
        return False

    # --- the line -----------------------------------------------------------------------------

    def action_take(self) -> None:
        """Take what the line says, or say why not; the text then stays."""
        text, moment = self.entry.text, now()
        if not text.strip():
            if self.row:
                self.edit_row()
            else:
                self.say(f"Type {EMPTY}")
            return
        visit = self.treatment.the_visit()
        seen = self._clocks(moment)
        if visit.first_dose_at is None:
            self.say("The clock is not running yet: F3 starts it. Nothing was taken.", "problem")
            return
        ahead = seen.backward is not None
        found = parse_line(
            text, seen.minute, self.treatment.pack.schedule.usual_events, ahead=ahead
        )
        if found.problem:
            self.say(f"Not taken. {found.problem}", "problem")
        elif found.check and not self.confirmed(
            f"take {text}", f"{found.check}? Enter again takes it: {found.said}"
        ):
            pass
        elif self.correcting:
            self.correct_row(found, moment)
        elif self.keep(lambda: self._record(found, moment)):
            self.entry.set("")
            unsaid = found.event is not None and found.event.serious is None
            asks = " Tab asks whether it was serious." if unsaid else ""
            self.say(f"Recorded: {found.said}.{asks} Ctrl+Z undoes it.", "good")

    def _clocks(self, moment: dt.datetime) -> Clocks:
        treatment = self.treatment
        return clocks(treatment.pack, treatment.the_course(), treatment.the_visit(), moment)

    def _record(self, found: Entry, moment: dt.datetime) -> None:
        by = self.keta.resources.settings.by
        if found.observation is not None:
            self.treatment.observe(found.observation.replaced(at=moment, by=by))
        elif found.event is not None:
            self.treatment.add_event(found.event)

    def keep(self, change: Callable[[], object]) -> bool:
        """Make a change that goes to disk first; say so when it could not."""
        try:
            kept = self.opened.keep(change)
        except ValueError as error:
            self.say(f"Not taken: {error}.", "problem")
            return False
        if not kept:
            self.redraw()
            self.say(f"NOT TAKEN: it could not be written to disk ({self.opened.failed}).",
                     "problem")  # fmt: skip
            return False
        if self.treatment.visit is None:
            # The visit itself was taken back.
            self.dismiss()
            return True
        self.redraw()
        return True

    # --- the clock ----------------------------------------------------------------------------

    def _counts_from(self) -> DoseClock:
        """Return what the clocks count from: devices, an infusion, an injection."""
        course = self.treatment.course
        return self.treatment.pack.schedule.clock(course.pathway if course else "")

    def _moment(self, since: dt.datetime) -> dt.datetime | None:
        """Return when: now, or the time of day in the line; None where the line says neither."""
        text = self.entry.text.strip()
        moment = now()
        if not text:
            return moment
        found = moment_of(text, moment, since)
        if found is None:
            self.say(f"“{shortened(text)}” is not a time of day up to now, such as 9:12.",
                     "problem")  # fmt: skip
        return found

    def action_start(self) -> None:
        """Start the clock: the first device, the infusion, the injection, the dose."""
        visit, name = self.treatment.the_visit(), self._counts_from().begins
        if visit.first_dose_at is not None and visit.observations:
            self.say("Entries count from this clock already: it stays. Ctrl+Z takes entries back.",
                     "problem")  # fmt: skip
            return
        at = self._moment(midnight_before(visit.date))
        if at is None:
            return
        doubts = []
        if visit.first_dose_at is not None:
            doubts.append(f"The clock runs since {clock_text(visit.first_dose_at)}.")
        if visit.date != at.date():
            doubts.append(f"This session is of {visit.date}, and it is {at.date()}.")
        gate = self.treatment.assessment.decision(self.treatment.pack.decision_of("gate"))
        if not gate.clear:
            words = self.treatment.pack.info.words[gate.verdict]
            doubts.append(f"Gate: {words.symbol} {words.title}.")
        again = f"F3 again starts it at {clock_text(at)}: {name}."
        if doubts and not self.confirmed(
            f"start {self.entry.text.strip()}", " ".join([*doubts, again])
        ):
            return
        if self.keep(lambda: first_device(self.treatment, at)):
            self.entry.set("")
            self.say(f"{name.capitalize()} at {clock_text(at)}. Ctrl+Z undoes it.", "good")

    def action_last(self) -> None:
        """Say when the last device was given, or the infusion ended."""
        visit, name = self.treatment.the_visit(), self._counts_from().ends
        if not name:
            self.say("One clock is enough here: there is no second dose to count from.")
            return
        at = self._moment(visit.first_dose_at or midnight_before(visit.date))
        if at is None:
            return
        if visit.last_dose_at is not None and not self.confirmed(
            f"last {self.entry.text.strip()}",
            f"The {name} was at {clock_text(visit.last_dose_at)}. "
            f"F4 again makes it {clock_text(at)}.",
        ):
            return
        if self.keep(lambda: last_device(self.treatment, at)):
            self.entry.set("")
            self.say(f"{name.capitalize()} at {clock_text(at)}. Ctrl+Z undoes it.", "good")

    def action_left(self) -> None:
        """Write down that the patient leaves now."""
        moment = now()
        seen = self._clocks(moment)
        if seen.minute is None:
            self.say("The clock is not running: nobody can leave by it.", "problem")
            return
        minute = seen.minute
        decision = leaving(self.treatment, minute).decision
        words = self.treatment.pack.info.words[decision.verdict]
        asked = (
            f"Leaving at minute {minute}: {words.symbol} {words.title}. F8 again writes it down."
        )
        if not self.confirmed("left", asked):
            return
        if self.keep(lambda: leaves(self.treatment, minute, moment)):
            self.say(f"Left at minute {minute}. Esc goes to the visit, where s closes it.", "good")

    # --- the questions for leaving --------------------------------------------------------------

    def action_leave_list(self) -> None:
        """Go through the questions for leaving, or back to the line."""
        if self.asking:
            self._ask("")
            return
        rows = self.questions()
        open_ones = [item for item in rows if self._is_open(item.id)]
        if rows:
            self._ask((open_ones or list(rows))[0].id)

    def _is_open(self, ident: str) -> bool:
        if ident.startswith(EVENT):
            place = int(ident.removeprefix(EVENT))
            return self.treatment.the_visit().events[place].serious is None
        return self.treatment.status(ident) == "open"

    def _ask(self, ident: str) -> None:
        self.asking = ident
        self.redraw()

    def action_move(self, step: int) -> None:
        """Go to another question, or to another row."""
        if not self.asking:
            self.go_to_row(step)
            return
        ids = [item.id for item in self.questions()]
        if self.asking in ids:
            self._ask(ids[max(0, min(ids.index(self.asking) + step, len(ids) - 1))])

    def action_answer(self, value: bool) -> None:
        """Answer the question and go to the next."""
        ident = self.asking
        if self.keep(lambda: self._answer(ident, value)):
            self.action_move(1)

    def _answer(self, ident: str, value: bool | None) -> None:
        if ident.startswith(EVENT):
            by = self.keta.resources.settings.by
            place = int(ident.removeprefix(EVENT))
            say_serious(self.treatment, place, value, at=now(), by=by)
        else:
            self.treatment.answer(ident, value, at=now())

    def action_unknown(self) -> None:
        """Mark the question as not to be established."""
        ident = self.asking
        if ident.startswith(EVENT):
            self.say("Whether an event was serious stays open until somebody can say.")
            return
        if self.keep(lambda: self.treatment.mark_unknown(ident, at=now())):
            self.action_move(1)

    def action_clear(self) -> None:
        """Take the answer away."""
        ident = self.asking
        self.keep(lambda: self._answer(ident, None))

    # --- the other keys -------------------------------------------------------------------------

    def action_page(self, step: int) -> None:
        """Scroll what was seen."""
        table = self.query_one("#watch", LineView)
        table.scroll_lines_to(table.top + step * max(table.size.height - 2, 1))

    def action_undo(self) -> None:
        """Take back the last entry."""
        names: dict[type, str] = {
            SetObservations: "the last observation",
            SetEvents: "the last event",
            CorrectRow: "the correction",
            SetClock: "the clock",
        }
        edit = self.opened.consultation.last_edit
        what = names.get(type(edit), "the last answer")
        self._moved(self.treatment.undo, f"Undone: {what}.", "Nothing to undo.")

    def action_redo(self) -> None:
        """Make it again."""
        self._moved(self.treatment.redo, "Redone.", "Nothing to redo.")

    def _moved(self, move: Callable[[], bool], said: str, nothing: str) -> None:
        taken: list[bool] = []
        if self.keep(lambda: taken.append(move())):
            self.say(said if taken[0] else nothing)

    def action_board(self) -> None:
        """Go to all running sessions; the draft of this one stays on disk."""
        if self._holds_text():
            return
        self.keta.close_case()
        self.keta.back_to("home")
        self.keta.go("board")

    def action_back(self) -> None:
        """Back to the line, or to the visit; a text in the line is dropped at a second Esc."""
        if self.asking:
            self._ask("")
        elif self.row:
            self.leave_row()
            self.say("The row stays as it is.")
        elif not self.entry.text:
            self.dismiss()
        elif self.confirmed(
            "drop", f"Esc again drops “{shortened(self.entry.text)}”; Enter takes it."
        ):
            self.entry.set("")
            self.say("Dropped.")

    def _holds_text(self) -> bool:
        if self.entry.text:
            said = f"The line holds “{shortened(self.entry.text)}”: Enter takes it, Esc drops it."
            self.say(said, "caution")
        return bool(self.entry.text)
