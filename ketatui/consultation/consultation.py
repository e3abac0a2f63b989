"""The `Consultation`: one case under one pack, with its undo history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ketatui.cases.model import Case, Decision
from ketatui.consultation.changes import apply_change, change_of, event_of
from ketatui.consultation.edits import (
    SetAnswer,
    SetMedications,
    SetTrials,
    Together,
    apply,
)
from ketatui.consultation.statuses import statuses_of
from ketatui.criteria.models import Question
from ketatui.criteria.pack import Pack
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.criteria.who import who_text, working_label
from ketatui.engine import Assessment, Assessor, Knowledge, assess, with_what_would_lift
from ketatui.engine.one_answer import FurtherTrials, Outcome, further_trials, outcomes_of
from ketatui.engine.quiet_answers import no_counts_against, quiet_answer
from ketatui.engine.staleness import StaleAnswer, without_stale

if TYPE_CHECKING:
    from ketatui.consultation.changes import Change

Remaining = tuple[tuple[Question, bool | str], ...]
"""Questions without an answer, and the answer that one key would give to all of them."""
Keep = Callable[[Mapping[str, Any]], None]
"""Puts one event on disk before it returns; raises OSError when it cannot."""


_ABOUT: Mapping[type, str] = {SetTrials: TRIALS, SetMedications: MEDICATIONS}
"""Tables that an edit is about without naming them."""


class Consultation:
    """A case being worked on.

    Every change goes: edit, disk (``keep``), case, assessment. An edit that cannot be kept is
    not applied, so what is on the screen is never ahead of what is on disk.
    """

    def __init__(
        self,
        knowledge: Knowledge,
        case: Case,
        *,
        today: Callable[[], dt.date],
        keep: Keep | None = None,
        blind: bool = False,
    ) -> None:
        """Begin or resume.

        Args:
            knowledge: The compiled pack.
            case: Where it begins.
            today: Tells the day, for dated rules; called once an assessment.
            keep: Where edits are kept; None keeps them in memory only (tests, previews).
            blind: Nothing that the rules make of the answers is to be shown: practice.
        """
        self.blind = blind
        self.knowledge = knowledge
        self._today = today
        self._keep = keep
        self._past: list[tuple[Case, Change]] = []
        self._future: list[tuple[Case, Change]] = []
        self.case = case
        self._fresh = case
        self._stale: dict[str, StaleAnswer] = {}
        self._assessor = Assessor(knowledge)
        self._assessment: Assessment | None = None
        self._full: Assessment | None = None
        self._asked: dict[str, tuple[Question, ...]] = {}
        self._asked_of: Mapping[str, bool | None] = {}
        self._statuses: Mapping[str, str] | None = None
        self._called_last: tuple[Case, str] | None = None
        # What the draft says that the case is called, as of its last event.
        self._label_kept = case.label
        self._outcomes: dict[str, tuple[Outcome, ...]] = {}
        self._trials: dict[str, FurtherTrials] | None = None

    @property
    def pack(self) -> Pack:
        """The criteria pack in use."""
        return self.knowledge.pack

    @property
    def today(self) -> dt.date:
        """The day, as whoever opened it tells it."""
        return self._today()

    @property
    def assessment(self) -> Assessment:
        """The present assessment, without what would lift each verdict (see `explained`)."""
        today = self._today()
        if self._assessment is None or self._assessment.on != today:
            self._assess(today)
        assert self._assessment is not None
        return self._assessment

    def _assess(self, today: dt.date) -> None:
        """Assess what counts today; an answer that does not is as one that was never given."""
        # A practice case is of one day, however long somebody takes over it.
        known = (self.case, ()) if self.blind else without_stale(self.knowledge, self.case, today)
        self._fresh, self._stale = known[0], {item.question: item for item in known[1]}
        self._forget()
        self._assessment = self._assessor.assess(self._fresh, today)

    @property
    def who(self) -> str:
        """Whom the case is about, in one line, what is too old or unknown marked as such."""
        case, found = self.case, self.assessment
        return who_text(
            self.pack,
            case.answers,
            unknown=case.unknown,
            too_old=self.stale,
            asked=None if self.blind else found.asked,
        )

    @property
    def fresh(self) -> Case:
        """The case as it counts today: without the answers that are too old."""
        _ = self.assessment
        return self._fresh

    @property
    def stale(self) -> Mapping[str, StaleAnswer]:
        """The answers that do not count today because of their day, by question id."""
        _ = self.assessment
        return self._stale

    @property
    def explained(self) -> Assessment:
        """The present assessment with what would lift each verdict."""
        found = self.assessment
        if self._full is None:
            self._full = with_what_would_lift(self.knowledge, self._fresh, found)
        return self._full

    def outcomes(self, question: str) -> tuple[Outcome, ...]:
        """Return what each answer to a question would do to the verdicts."""
        found = self.assessment
        known = self._outcomes.get(question)
        if known is None:
            asked = self.pack.questions[question]
            known = outcomes_of(self._assessor, self._fresh, found, asked)
            self._outcomes[question] = known
        return known

    @property
    def further_trials(self) -> Mapping[str, FurtherTrials]:
        """The pathways that more failed adequate trials would lift, and how many that takes."""
        found = self.assessment
        if self._trials is None:
            lifts = (
                (item.id, further_trials(self._assessor, self._fresh, found, item))
                for item in found.pathways
            )
            self._trials = {ident: lift for ident, lift in lifts if lift is not None}
        return self._trials

    def with_decision(self, decision: Decision) -> Assessment:
        """Return what the assessment would be with a decision; this one stays as it is."""
        case = self.fresh.replaced(decision=decision)
        return assess(self.knowledge, case, self.assessment.on, with_changes=False)

    def states(self) -> tuple[Case, ...]:
        """Return what the case was when it was opened, after each edit in force, and is now."""
        return (*(case for case, _ in self._past), self.case)

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether an edit was taken back and can be made again."""
        return bool(self._future)

    @property
    def edits(self) -> int:
        """Edits in force since the consultation began."""
        return len(self._past)

    @property
    def last_edit(self) -> Change | None:
        """The last edit in force; None where nothing was changed since it was begun."""
        return self._past[-1][1] if self._past else None

    @property
    def last_question(self) -> str | None:
        """The question that the last edits in force were about; None where none is known."""
        for _, edit in reversed(self._past):
            parts = edit.edits if isinstance(edit, Together) else (edit,)
            ident = _ABOUT.get(type(parts[-1])) or getattr(parts[-1], "question", None)
            if ident in self.pack.questions:
                return str(ident)
        return None

    def do(self, edit: Change) -> None:
        """Make an edit.

        Raises:
            OSError: It could not be kept on disk; nothing has changed.
        """
        self._do(edit, None if self.blind else self._today())

    def _do(self, edit: Change, on: dt.date | None) -> None:
        changed = apply_change(self.pack, self.case, edit, on)
        if changed == self.case:
            return
        day = {} if on is None else {"on": on.isoformat()}
        self._record({**event_of(edit), **day}, changed)
        self._past.append((self.case, edit))
        self._future.clear()
        self._show(changed)

    def undo(self) -> Change | None:
        """Take back the last edit; return it, or None when there is none.

        Raises:
            OSError: As `do`.
        """
        if not self._past:
            return None
        self._record({"undo": 1}, self._past[-1][0])
        case, edit = self._past.pop()
        self._future.append((self.case, edit))
        self._show(case)
        return edit

    def redo(self) -> Change | None:
        """Make an edit again that was taken back; return it, or None.

        Raises:
            OSError: As `do`.
        """
        if not self._future:
            return None
        self._record({"redo": 1}, self._future[-1][0])
        case, edit = self._future.pop()
        self._past.append((self.case, edit))
        self._show(case)
        return edit

    def replay(self, event: Mapping[str, Any], begun: dt.date | None = None) -> None:
        """Apply an event read back from disk, without keeping it a second time.

        Args:
            event: The event.
            begun: The day the draft was begun: an event that names no day is as old as that.

        Raises:
            ValueError: The event is none of ours.
            KeyError: It names a question the pack does not have.
        """
        keep, self._keep = self._keep, None
        self._label_kept = event.get("label", self._label_kept)
        try:
            change = change_of(event)
            if change is not None:
                day = dt.date.fromisoformat(event["on"]) if "on" in event else begun
                self._do(change, None if self.blind else day)
            elif "undo" in event:
                self.undo()
            elif "redo" in event:
                self.redo()
            else:
                raise ValueError(f"unknown event: {', '.join(event)}")
        finally:
            self._keep = keep

    def _record(self, event: Mapping[str, Any], changed: Case) -> None:
        """Keep an event; a new label goes with it, so that a list of drafts can show it."""
        if self._keep is not None:
            label = self._called(changed)
            self._keep({**event, **({} if label == self._label_kept else {"label": label})})
            self._label_kept = label

    def _called(self, case: Case) -> str:
        """Return what a case is called: as somebody has called it, else by what is known of it."""
        if self._called_last is None or self._called_last[0] is not case:
            self._called_last = case, case.label or working_label(self.pack, case.answers)
        return self._called_last[1]

    def _show(self, case: Case) -> None:
        self.case = case
        self._assessment = None
        self._forget()

    def _forget(self) -> None:
        self._full = self._trials = self._statuses = None
        self._outcomes.clear()

    # --- what the screens ask --------------------------------------------------------------

    def asked(self, section: str) -> tuple[Question, ...]:
        """Return the questions of a section that are asked now, in order."""
        shown = self.assessment.asked
        if shown is not self._asked_of:
            if shown != self._asked_of:
                self._asked.clear()
            self._asked_of = shown
        found = self._asked.get(section)
        if found is None:
            listed = [q for q in self.pack.by_section[section] if shown[q.id] is not False]
            found = self._asked[section] = tuple(listed)
        return found

    @property
    def statuses(self) -> Mapping[str, str]:
        """What `status` says of each question that is not ``open``."""
        found = self.assessment
        if self._statuses is None:
            self._statuses = statuses_of(self._fresh, found)
        return self._statuses

    def status(self, question: str) -> str:
        """Return ``answered``, ``unknown``, ``partial`` (half-filled) or ``open``.

        What is too old to count is open until it is taken again.
        """
        return self.statuses.get(question, "open")

    def remaining_no(self, section: str) -> Remaining:
        """Return what "all remaining no" would answer: each question with its "no" or "none".

        While practicing those are left out in which "no" counts against something by itself:
        nobody means by it that there is no oximeter, and nothing would tell that it was said.
        """
        left_out = no_counts_against(self.knowledge) if self.blind else frozenset()
        found: list[tuple[Question, bool | str]] = []
        for question in self.asked(section):
            answer = quiet_answer(question)
            if question.id in left_out or self.status(question.id) != "open":
                continue
            if answer is not None:
                found.append((question, answer))
        return tuple(found)

    def remaining_yes(self, section: str) -> Remaining:
        """Return what "all remaining yes" would answer, where that counts against nothing."""
        found: Remaining = tuple(
            (question, True)
            for question in self.asked(section)
            if question.kind == "bool" and self.status(question.id) == "open"
        )
        if self.blind or not found:
            return ()
        before = {item.id: item.findings for item in self.assessment.pathways}
        then = self.preview(found).assessment
        worse = any(len(item.findings) > len(before[item.id]) for item in then.pathways)
        return () if worse else found

    def preview(self, remaining: Remaining) -> Consultation:
        """Return what the consultation would be with them answered; this one stays as it is."""
        on = None if self.blind else self._today()
        case = apply(self.pack, self.case, _together(remaining), on)
        return Consultation(self.knowledge, case, today=self._today, blind=self.blind)

    def answer_remaining(self, remaining: Remaining) -> int:
        """Answer them, as one edit; return how many there were.

        Raises:
            OSError: As `do`.
        """
        if remaining:
            self.do(_together(remaining))
        return len(remaining)


def _together(remaining: Remaining) -> Together:
    return Together(
        edits=tuple(SetAnswer(question=question.id, value=value) for question, value in remaining)
    )
