"""A practice run: a consultation about a written case, and what was asked, hinted, judged.

There are two locks. Answers, asking and hints end with the first; only then are reasons and plans
shown, and nothing leads back. The second ends the run, or leads to the next stage of a case that
has some, each with two locks of its own. Everything that happens is an event of a
draft in the folder of attempts, on disk before it counts, so that a run that was interrupted goes
on where it was, on the side of the lock on which it was.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

from ketatui.cases.journal import Journal
from ketatui.cases.model import Case
from ketatui.consultation.consultation import Consultation
from ketatui.criteria.models import Verdict
from ketatui.engine import Knowledge, assess, establish
from ketatui.engine.facts import is_recorded
from ketatui.practice.attempts import Attempt, save_attempt
from ketatui.practice.loading import PracticeCase, PracticeLibrary
from ketatui.practice.models import NONE, Reveal
from ketatui.practice.reasons import MOST_NAMED, Reason, reasons_for
from ketatui.practice.recording import Taken, attempt_of
from ketatui.practice.scoring import Judgment
from ketatui.practice.stages import Part, parts_of
from ketatui.practice.whole import Appraisals, Done, appraise_run
from ketatui.structs import Frozen

EVENT = "practice"
"""Key of the events of a draft that are no edits of answers."""
_VERDICTS: tuple[str, ...] = get_args(Verdict)

Clock = Callable[[], float]


class LockedError(ValueError):
    """Something was tried on the wrong side of the lock."""


class Finished(Frozen, frozen=True):
    """A run that was committed: its file and what it is worth."""

    path: Path
    attempt: Attempt
    appraisal: Appraisals
    done: tuple[Done, ...]


class PracticeRun:
    """One run of one practice case. Made by `begin` or `resume` of `ketatui.practice.drafts`.

    Attributes:
        whole: The practice case.
        parts: Its screening and stages, as it has them.
        done: What was done in the parts that are over.
        part: The one at hand; all below is of it.
        case: It in the form of a case.
        consultation: The trainee's answers.
        journal: Its draft.
        told: Ids of the reveals told so far, in order.
        asked: Questions at which the trainee asked, in order.
        hints: Hints taken so far.
        locked: The facts are locked: nothing of what was answered or asked can change any more.
        judgment: What was committed to so far.
        timed: Whether time is taken.
    """

    def __init__(
        self,
        library: PracticeLibrary,
        case: PracticeCase,
        knowledge: Knowledge,
        journal: Journal,
        snapshot: Case,
        began_at: dt.datetime,
        *,
        clock: Clock = time.monotonic,
    ) -> None:
        """Args: what the run is about, and its open draft."""
        self.library = library
        self.whole = case
        self.journal = journal
        self.began_at = began_at
        self.parts = parts_of(knowledge, case)
        self.done: tuple[Done, ...] = ()
        self.timed = True
        self._pack = knowledge.pack
        self._snapshot = snapshot
        self._clock = clock
        self._since = clock()
        self._spent_before = 0.0
        self._enter(self.parts[0])

    def _enter(self, part: Part) -> None:
        """Begin a part: nothing told, nothing answered but what is given."""
        self.part, self.case = part, part.case
        self.told: tuple[str, ...] = ()
        self.asked: tuple[str, ...] = ()
        self.hints = 0
        self.locked = False
        self.judgment = Judgment()
        knowledge, case = part.knowledge, part.case
        begun = self._snapshot
        if part.stage is not None:
            begun = begun.replaced(label=case.name, answers=dict(part.given))
        self.consultation = Consultation(
            knowledge, begun, today=lambda: case.file.on, keep=self._keep, blind=True
        )
        right = assess(knowledge, case.right, case.file.on, with_changes=False)
        self.offered: Mapping[str, tuple[Reason, ...]] = {
            pathway.id: reasons_for(knowledge, case, pathway) for pathway in right.pathways
        }

    @property
    def knowledge(self) -> Knowledge:
        """The criteria that the part at hand is judged by."""
        return self.consultation.knowledge

    @property
    def last(self) -> bool:
        """Whether nothing comes after the part at hand."""
        return len(self.done) == len(self.parts) - 1

    @property
    def seconds(self) -> int:
        """Time at the keyboard so far."""
        return int(self._spent_before + self._clock() - self._since)

    # --- what happens -------------------------------------------------------------------------

    def ask(self, question: str) -> tuple[Reveal, ...]:
        """Ask at a question; return what is told.

        Raises:
            OSError: It could not be kept on disk; nothing is told.
            LockedError: The facts are locked.
        """
        self._before_the_lock()
        here = [item for item in self.case.file.reveal if question in item.facts]
        if not here:
            # Asked for nothing in particular, people tell something all the same.
            aside = [item for item in self.case.file.reveal if not item.facts]
            here = [item for item in aside if item.id not in self.told][:1]
        self._do({"asked": question, "told": [item.id for item in here]})
        return tuple(here)

    def take_hint(self) -> str | None:
        """Take the next hint; None when there is none.

        Raises:
            OSError: As `ask`.
        """
        self._before_the_lock()
        hints = self.case.file.hint
        if self.hints >= len(hints):
            return None
        self._do({"hint": self.hints + 1})
        return hints[self.hints - 1].text

    def lock(self) -> None:
        """Lock the facts: from here on there are verdicts, reasons and plans, and no way back.

        Raises:
            OSError: It could not be kept on disk; nothing is locked, and nothing is shown.
            LockedError: They are locked already.
        """
        self._before_the_lock()
        self._do({"locked": True})

    def _before_the_lock(self) -> None:
        if self.locked:
            raise LockedError("the facts are locked")

    def unanswered(self) -> int:
        """Count the questions that are asked and have no answer, whatever hangs on them."""
        case = self.consultation.case
        asked = establish(self.knowledge, case).asked
        return sum(
            asked[ident] is not False and ident not in case.unknown and not is_recorded(case, ident)
            for questions in self.knowledge.pack.by_section.values()
            for ident in (question.id for question in questions)
        )

    def judge(self, pathway: str, verdict: Verdict | None) -> None:
        """Commit to a verdict for a pathway, or take it back.

        Raises:
            OSError: As `ask`.
        """
        self._judging({"judged": pathway, "verdict": verdict})

    def name_reason(self, pathway: str, rule: str, named: bool) -> bool:
        """Name a reason, or take it back; return False if three are named already.

        Raises:
            OSError: As `ask`.
        """
        reasons = self.judgment.reasons.get(pathway, ())
        if named and rule not in reasons and len(reasons) >= MOST_NAMED:
            return False
        self._judging({"reason": rule, "of": pathway, "named": named})
        return True

    def choose(self, pathway: str) -> None:
        """Choose the pathway to go on with, or ``none``.

        Raises:
            OSError: As `ask`.
        """
        self._judging({"choice": pathway})

    def plan(self, ident: str) -> None:
        """Choose a plan.

        Raises:
            OSError: As `ask`.
        """
        self._judging({"plan": ident})

    def time_it(self, timed: bool) -> None:
        """Switch the timer on or off.

        Raises:
            OSError: As `ask`.
        """
        self._do({"timed": timed})

    def _judging(self, event: Mapping[str, Any]) -> None:
        if not self.locked:
            raise LockedError("the facts are not locked yet")
        self._do(event)

    def _do(self, event: Mapping[str, Any]) -> None:
        self._keep({EVENT: dict(event)})
        self._apply(event)

    def _keep(self, event: Mapping[str, Any]) -> None:
        if EVENT not in event:
            self._before_the_lock()
        self.journal.append({**event, "spent": self.seconds})

    def _apply(self, event: Mapping[str, Any]) -> None:
        """Take an event, new or read back; one that does not fit is a ValueError."""
        match event:
            case {"asked": str(question), "told": [*told]}:
                self.asked = tuple(dict.fromkeys((*self.asked, question)))
                self.told = tuple(dict.fromkeys((*self.told, *map(str, told))))
            case {"hint": int(number)}:
                self.hints = min(number, len(self.case.file.hint))
            case {"locked": True}:
                self.locked = True
            case {"judged": str(pathway), "verdict": verdict}:
                verdicts = {k: v for k, v in self.judgment.verdicts.items() if k != pathway}
                if verdict in _VERDICTS and pathway in self.offered:
                    verdicts[pathway] = verdict
                self.judgment = self.judgment.replaced(verdicts=verdicts)
            case {"reason": str(rule), "of": str(pathway), "named": bool(named)}:
                before = self.judgment.reasons.get(pathway, ())
                now = tuple(item for item in before if item != rule)
                now = (*now, rule) if named else now
                reasons = {**self.judgment.reasons, pathway: now}
                self.judgment = self.judgment.replaced(reasons=reasons)
            case {"choice": str(choice)}:
                self.judgment = self.judgment.replaced(choice=choice)
            case {"plan": str(plan)}:
                self.judgment = self.judgment.replaced(plan=plan)
            case {"timed": bool(timed)}:
                self.timed = timed
            case {"committed": str(part)} if part == self.part.id and not self.last:
                self.done = (*self.done, self._done())
                self._enter(self.parts[len(self.done)])
            case _:
                raise ValueError(f"unknown event: {', '.join(map(str, event))}")

    def replay(self, event: Mapping[str, Any]) -> None:
        """Take an event read back from disk.

        Raises:
            ValueError: It is none of ours, or changes what was locked before.
            KeyError: It names a question the pack does not have.
        """
        spent = event.get("spent")
        if isinstance(spent, int):
            self._spent_before = max(self._spent_before, spent)
        inside = event.get(EVENT)
        if isinstance(inside, Mapping):
            if "asked" in inside or "hint" in inside:
                self._before_the_lock()
            # A draft of before there was a lock may have verdicts in it already; they stay.
            self._apply(inside)
        else:
            self._before_the_lock()
            self.consultation.replay(event)

    # --- the end ------------------------------------------------------------------------------

    def missing(self) -> tuple[str, ...]:
        """Say what has to be committed to before anything is revealed."""
        pathways = self.knowledge.pack.pathways
        judgment = self.judgment
        found = [
            f"a verdict for “{pathways[ident].title}”"
            if self.part.stage is not None
            else f"a verdict for {pathways[ident].title}"
            for ident in pathways
            if ident not in judgment.verdicts
        ]
        if self.case.key.best and judgment.choice not in (*pathways, NONE):
            found.append("the pathway to proceed with, or none")
        if judgment.plan not in {plan.id for plan in self.case.file.plans}:
            found.append("a plan")
        return tuple(found)

    def go_on(self) -> None:
        """Commit to the part at hand, and begin the next.

        Raises:
            ValueError: Something is still to be committed to, the facts are not locked, or
                nothing comes after it.
            OSError: It could not be kept on disk; the part is still open.
        """
        self._ready()
        if self.last:
            raise ValueError("nothing comes after this part")
        self._do({"committed": self.part.id})

    def _ready(self) -> None:
        if not self.locked:
            raise LockedError("the facts are not locked yet")
        if self.missing():
            raise ValueError(f"still missing: {', '.join(self.missing())}")

    def _done(self) -> Done:
        case, judgment = self.consultation.case, self.judgment
        return Done(case, judgment, self.told, self.asked, self.hints)

    def finish(self, folder: Path, *, by: str, now: dt.datetime) -> Finished:
        """Commit to the last part: score the run, write the attempt, end the draft.

        Args:
            folder: The folder of attempts.
            by: Who took it.
            now: The moment, with its time zone.

        Returns:
            The attempt and its appraisal.

        Raises:
            ValueError: Something is still to be committed to, the facts are not locked, or
                another part comes.
            CaseError: The attempt cannot be written so that it reads back.
            OSError: The disk refuses; the run is still open.
        """
        self._ready()
        if not self.last:
            raise ValueError("there is another part")
        done = (*self.done, self._done())
        found = appraise_run(self.library.rubric, self.parts, done)
        taken = Taken(
            by=by,
            began_at=self.began_at,
            ended_at=now,
            seconds=self.seconds if self.timed else None,
        )
        attempt = attempt_of(self.library, self.whole, self.parts, done, found, taken, self._pack)
        first = done[0].answers if self.parts[0].stage is None else self._snapshot
        path = save_attempt(folder, first, attempt, self._pack)
        # The attempt is safe: a draft that cannot be removed is no failed commit.
        with suppress(OSError):
            self.journal.discard()
        self.journal.close()
        return Finished(path, attempt, found, done)

    def leave(self) -> bool:
        """Leave without committing; return whether the run is kept for later."""
        begun = bool(self.consultation.edits or self.told or self.asked or self.hints)
        if begun or self.done or self.locked or self.judgment != Judgment():
            self.journal.close()
            return True
        with suppress(OSError):
            self.journal.discard()
        self.journal.close()
        return False
