"""A running session in plain text: its clocks, and the line of what is seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from ketatui.cases.courses import Event
from ketatui.consultation.session_clock import first_device, last_device, leaves, leaving
from ketatui.consultation.session_rows import say_serious
from ketatui.consultation.treatment import Treatment
from ketatui.course.entry_line import event_text, observation_text, parse_line
from ketatui.course.running import Clocks, clocks, due_watches, midnight_before, moment_of
from ketatui.walk.talk import Back, Talk

SESSION_HELP = (
    ("start", "the first device, the infusion, the injection, now; start 9:12 for then"),
    ("last", "the last device, or the end of the infusion; last 9:17 for then"),
    ("= LINE", "what is seen, or an event: = 141/88 97 4 mod, or = nausea 25 mild"),
    ("w", "the clocks, what is due, what was seen, and from when the patient may leave"),
    ("left", "the patient leaves now"),
)
_WORDS = ("start", "last", "w", "left")
Do = Callable[[Callable[[], object]], bool]


class SessionTalk:
    """What concerns the clock of a session."""

    def __init__(self, treatment: Treatment, talk: Talk, now: Callable[[], dt.datetime]) -> None:
        """Args: the session, who says and asks, and what tells the moment."""
        self.treatment, self.talk, self.now = treatment, talk, now

    @staticmethod
    def is_command(text: str) -> bool:
        """Tell whether a line is one of these commands."""
        return text.startswith("=") or text.partition(" ")[0] in _WORDS

    def take(self, text: str, do: Do) -> None:
        """Do what a command says.

        Args:
            text: As typed.
            do: Makes a change, and tells whether it was kept.

        Raises:
            Leave: The clinician stops.
        """
        if self.treatment.the_visit().kind != "session":
            self.talk.say("A review has no session to watch.")
            return
        word, _, rest = text.partition(" ")
        if text.startswith("="):
            self._observe(text[1:].strip(), do)
        elif word == "w":
            self.say_clock()
            self._say_seen()
        elif word == "left":
            self._left(do)
        else:
            self._clock(word, rest.strip(), do)

    def _clocks(self) -> Clocks:
        treatment = self.treatment
        return clocks(treatment.pack, treatment.the_course(), treatment.the_visit(), self.now())

    def _clock(self, word: str, time: str, do: Do) -> None:
        moment = self.now().astimezone()
        visit = self.treatment.the_visit()
        since = visit.first_dose_at or midnight_before(visit.date)
        at = moment_of(time, moment, since) if time else moment
        counted = self.treatment.pack.schedule.clock(self.treatment.the_course().pathway)
        if at is None:
            self.talk.say(f"{time} is not a time of day up to now, such as 9:12.")
        elif word == "start" and visit.first_dose_at is not None:
            self.talk.say("The clock runs already. z takes the last change back.")
        elif word == "start":
            if do(lambda: first_device(self.treatment, at)):
                self.talk.say(f"{counted.begins.capitalize()} at {at:%H:%M}.")
        elif not counted.ends:
            self.talk.say("One clock is enough here: there is no second dose to count from.")
        elif do(lambda: last_device(self.treatment, at)):
            self.talk.say(f"{counted.ends.capitalize()} at {at:%H:%M}.")

    def _observe(self, line: str, do: Do) -> None:
        visit, seen = self.treatment.the_visit(), self._clocks()
        if visit.first_dose_at is None:
            self.talk.say("The clock is not running yet: start begins it. Nothing was taken.")
            return
        usual = self.treatment.pack.schedule.usual_events
        found = parse_line(line, seen.minute, usual, ahead=seen.backward is not None)
        if found.problem:
            self.talk.say(f"Not taken. {found.problem}")
            return
        if found.check and not self.talk.agrees(
            f"{found.check}? {found.said}. y takes it, n does not"
        ):
            return
        if found.observation is not None:
            row = found.observation.replaced(at=self.now())
            if do(lambda: self.treatment.observe(row)):
                self.talk.say(f"Taken: {found.said}.")
        elif found.event is not None:
            event: Event = found.event
            if do(lambda: self.treatment.add_event(event)):
                self.talk.say(f"Taken: {found.said}.")
                self._ask_serious(event, do)

    def _ask_serious(self, event: Event, do: Do) -> None:
        if event.serious is not None:
            return
        try:
            serious = self.talk.ask_yes("Was it serious? y, n; b leaves it open")
        except Back:
            return
        place = len(self.treatment.the_visit().events) - 1
        do(lambda: say_serious(self.treatment, place, serious, at=self.now()))

    def say_clock(self) -> None:
        """Say the clocks, what is due, and from when the patient may leave."""
        treatment, talk, seen = self.treatment, self.talk, self._clocks()
        course, visit = treatment.the_course(), treatment.the_visit()
        counted = treatment.pack.schedule.clock(course.pathway)
        if visit.first_dose_at is None:
            talk.say("The clock is not running. start begins it.")
            return
        if seen.minute is None or seen.backward is not None:
            talk.say("The computer's clock stands before what is recorded: check the minutes.")
        if seen.minute is None:
            return
        talk.say(f"Minute {seen.minute} from the {counted.begins.removeprefix('the ')}.")
        if seen.after_last is not None and counted.ends:
            talk.say(f"Minute {seen.after_last} from the {counted.ends}.")
        for item in due_watches(treatment.pack, course.pathway, visit.observations, seen.minute):
            if item.missed:
                talk.say(f"Missed: {item.watch.title}")
            else:
                wait = item.minute - seen.minute
                due = f"in {wait} minutes" if wait > 0 else "now"
                talk.say(f"Due {due}: {item.watch.title}")
        gate = leaving(treatment, seen.minute)
        words = treatment.pack.info.words[gate.decision.verdict]
        talk.say(f"May the patient leave: {words.title}.")
        if gate.from_minute is not None:
            talk.say(f"Time is met from minute {gate.from_minute} on.")
        for finding in gate.decision.findings:
            talk.say(finding.title, "  - ")

    def _say_seen(self) -> None:
        visit = self.treatment.the_visit()
        for row in sorted(visit.observations, key=lambda item: item.minute):
            self.talk.say(observation_text(row), "  ")
        for event in visit.events:
            self.talk.say(event_text(event), "  ")

    def _left(self, do: Do) -> None:
        seen = self._clocks()
        if seen.minute is None:
            self.talk.say("The clock is not running: nobody can leave by it.")
            return
        minute, gate = seen.minute, leaving(self.treatment, seen.minute)
        words = self.treatment.pack.info.words[gate.decision.verdict]
        asked = f"Leaving at minute {minute}: {words.title}. y writes it down, n does not"
        if self.talk.agrees(asked) and do(lambda: leaves(self.treatment, minute, self.now())):
            self.talk.say(f"Left at minute {minute}.")
