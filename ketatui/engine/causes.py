"""Why a rule stands otherwise than it did, where that can be told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Literal

from msgspec import field

from ketatui.cases.saved_assessment import Criteria
from ketatui.criteria.vocabulary import MEDICATIONS
from ketatui.criteria.wording import number_text
from ketatui.engine.case_status import CaseStatus, RuleStatus
from ketatui.engine.dependencies import Behind
from ketatui.engine.drug_classes import NAME as DRUG_CLASSES
from ketatui.engine.fingerprints import roots_of
from ketatui.engine.knowledge import Knowledge, PathwayRule
from ketatui.engine.staleness import StaleAnswer, stale_words
from ketatui.structs import Frozen

CauseKind = Literal[
    "rule_added",
    "rule_removed",
    "rule_changed",
    "reworded",
    "threshold",
    "authority",
    "sources",
    "lapsed",
    "local_policy",
    "support_changed",
    "answer",
    "stale",
    "medicine",
    "override",
    "criteria",
    "program",
]
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Cause(Frozen, frozen=True):
    """One reason for a change.

    Attributes:
        kind: What sort of reason.
        subject: The rule, threshold, question or medicine it is about; empty for none.
        words: The reason for a person to read, without a full stop.
    """

    kind: CauseKind
    subject: str
    words: str


class Circumstances(Frozen, frozen=True):
    """What else is known about two standings of one case.

    Attributes:
        knowledge: The criteria of the later one.
        answers: Questions that were answered otherwise.
        stale: Answers that counted then and are too old now.
        given: Facts that came from outside and are others now, by id, each in words.
        otherwise: What is otherwise where the criteria are the same, in words; empty where only
            the program can be.
    """

    knowledge: Knowledge | None = None
    answers: frozenset[str] = frozenset()
    stale: tuple[StaleAnswer, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""


class CauseFinder:
    """Finds causes between two standings."""

    def __init__(self, before: CaseStatus, after: CaseStatus, known: Circumstances) -> None:
        """Prepare.

        Args:
            before: How the case stood.
            after: How it stands.
            known: What else is known.
        """
        self.before = before
        self.after = after
        self.known = known
        self.roots = roots_of(known.knowledge) if known.knowledge else None
        self.then: Criteria | None = before.criteria
        self.now: Criteria | None = after.criteria or (self.roots.criteria if self.roots else None)
        policy = known.knowledge.pack.policy if known.knowledge else None
        self.policy = policy if policy and policy.title == after.policy else None

    def of_rule(
        self, pathway: str, then: RuleStatus | None, now: RuleStatus | None
    ) -> tuple[Cause, ...]:
        """Tell why a rule stands otherwise on a pathway.

        Args:
            pathway: The pathway's id.
            then: How it stood; None where it was false or not there.
            now: How it stands.

        Returns:
            The causes that can be told, at least one unless nothing is known at all.
        """
        stated = now or then
        assert stated is not None
        rule = stated.rule
        existence = tuple(self._existence(rule, then))
        if existence:
            return existence
        behind = self.roots.rules.get(rule, Behind()) if self.roots else Behind()
        lapsed = tuple(self._lapsed(rule, pathway))
        causes = [*lapsed, *self._changed(rule), *self._thresholds(behind)]
        causes += self._stated(then, now, causes)
        causes += self._facts(behind, now)
        return tuple(dict.fromkeys(causes)) or self._unexplained(rule)

    def of_support(self) -> tuple[Cause, ...]:
        """Tell why basis or grade of a pathway differ.

        Returns:
            The causes that can be told.
        """
        behind = self.roots.support if self.roots else Behind()
        causes = [*self._thresholds(behind), *self._facts(behind, None)]
        if self.then and self.now and self.then.support != self.now.support:
            words = "the table of indications and evidence grades was changed"
            causes.insert(0, Cause("support_changed", "", words))
        return tuple(causes) or self._unexplained("")

    def _existence(self, rule: str, then: RuleStatus | None) -> Iterator[Cause]:
        if self.now and rule not in self.now.rules:
            if then and then.local and self.before.policy != self.after.policy:
                words = f"local policy “{self.before.policy}”, which had the rule, is not in force"
                yield Cause("local_policy", rule, words)
            else:
                yield Cause("rule_removed", rule, "the rule is no longer in the criteria")
        elif self.then and self.now and rule not in self.then.rules:
            if self.policy is not None and rule in self.policy.rules:
                words = f"the rule was added by local policy “{self.policy.title}”"
                yield Cause("local_policy", rule, words)
            else:
                words = f"the rule is new in {self.after.pack} {self.after.version}"
                yield Cause("rule_added", rule, words)

    def _lapsed(self, rule: str, pathway: str) -> Iterator[Cause]:
        then, now = self.before.on, self.after.on
        found = self._rule(rule, pathway)
        if found is None or then is None or now is None:
            return
        if found.in_force(then) != found.in_force(now):
            words = f"the rule was dated: it ran to {found.valid_until}"
            yield Cause("lapsed", rule, words)

    def _rule(self, rule: str, pathway: str) -> PathwayRule | None:
        rules = self.known.knowledge.rules.get(pathway, ()) if self.known.knowledge else ()
        return next((item for item in rules if item.rule == rule), None)

    def _changed(self, rule: str) -> Iterator[Cause]:
        if not (self.then and self.now):
            return
        if self.then.rules.get(rule) == self.now.rules.get(rule):
            return
        if self.policy is not None and rule in self.policy.rules:
            words = f"local policy “{self.policy.title}” sets the rule otherwise"
            yield Cause("local_policy", rule, words)
        else:
            words = "the rule's condition or effect was changed in the criteria"
            yield Cause("rule_changed", rule, words)

    def _thresholds(self, behind: Behind) -> Iterator[Cause]:
        if not (self.then and self.now):
            return
        for name in sorted(behind.thresholds):
            then, now = self.then.thresholds.get(name), self.now.thresholds.get(name)
            if then is not None and now is not None and then != now:
                yield self._threshold(name, then, now)

    def _threshold(self, name: str, then: Decimal, now: Decimal) -> Cause:
        thresholds = self.known.knowledge.pack.thresholds if self.known.knowledge else {}
        title = thresholds[name].title
        said = f"{number_text(then)} to {number_text(now)}"
        if self.policy and name in self.policy.thresholds:
            words = f"local policy “{self.policy.title}” sets “{title}” from {said}"
            return Cause("local_policy", name, words)
        if self.before.policy and self.before.policy != self.after.policy:
            words = (
                f"“{title}” went from {said}; local policy “{self.before.policy}” is not in force"
            )
            return Cause("local_policy", name, words)
        return Cause("threshold", name, f"threshold “{title}” was changed from {said}")

    def _stated(
        self, then: RuleStatus | None, now: RuleStatus | None, found: list[Cause]
    ) -> Iterator[Cause]:
        """Yield what differs in how a finding is stated, where it is one on both sides."""
        if then is None or now is None or then.is_open or now.is_open:
            return
        if then.overridden != now.overridden:
            words = "the clinician's override" if now.overridden else "the override is not there"
            yield Cause("override", now.rule, words)
        if any(cause.kind == "lapsed" for cause in found):
            return
        numbers = any(cause.kind in ("threshold", "local_policy") for cause in found)
        texts = [(item.because, item.do) for item in (then, now)]
        if numbers:
            texts = [(_NUMBER.sub("#", because), _NUMBER.sub("#", do)) for because, do in texts]
        if texts[0] != texts[1]:
            yield Cause("reworded", now.rule, "the reason or the action is worded differently")
        if then.authority != now.authority and not numbers:
            words = f"authority was {self._who(then.authority)}, is {self._who(now.authority)}"
            yield Cause("authority", now.rule, words)
        if then.sources != now.sources:
            yield Cause("sources", now.rule, "it rests on other sources")

    def _who(self, authority: str) -> str:
        knowledge = self.known.knowledge
        words = knowledge.pack.wording.authorities if knowledge else {}
        return next((title for code, title in words.items() if code == authority), authority)

    def _facts(self, behind: Behind, now: RuleStatus | None) -> Iterator[Cause]:
        for ident in self._ordered(self.known.answers & behind.questions):
            yield Cause("answer", ident, f"answer changed: {self._label(ident)}")
        waited = set(now.needs) if now else set()
        stale = [item for item in self.known.stale if item.question in behind.questions]
        for item in [item for item in stale if item.question in waited] or stale:
            words = f"answer gone stale: {self._label(item.question)} ({stale_words(item)})"
            yield Cause("stale", item.question, words)
        for ident in sorted(self.known.given.keys() & behind.derived):
            yield Cause("criteria", ident, self.known.given[ident])
        if MEDICATIONS not in self.known.answers:
            yield from self._medicines(behind)

    def _label(self, ident: str) -> str:
        questions = self.known.knowledge.pack.questions if self.known.knowledge else {}
        return questions[ident].label

    def _ordered(self, idents: Iterable[str]) -> list[str]:
        knowledge = self.known.knowledge
        place = knowledge.rank_of_question if knowledge else {}
        return sorted(idents, key=place.__getitem__)

    def _medicines(self, behind: Behind) -> Iterator[Cause]:
        facts = self.known.knowledge.pack.derived if self.known.knowledge else {}
        listing = {ident for ident, fact in facts.items() if fact.calculation == DRUG_CLASSES}
        if listing.isdisjoint(behind.derived):
            return
        then, now = self.before.unrecognised, self.after.unrecognised
        for name in sorted(set(then) - set(now)):
            yield Cause("medicine", name, f"“{name}” is recognized now")
        for name in sorted(set(now) - set(then)):
            yield Cause("medicine", name, f"“{name}” is no longer recognized")
        classes = [self.before.drug_classes, self.after.drug_classes]
        if set(then) == set(now) and None not in classes and classes[0] != classes[1]:
            yield Cause("medicine", "", "the criteria put a medicine into other classes now")

    def _unexplained(self, rule: str) -> tuple[Cause, ...]:
        """Return what to say where no cause was found."""
        if self.known.knowledge is None:
            return ()
        if self.before.digest != self.after.digest and self.then and self.known.otherwise:
            words = "the rule and its thresholds are as they were; something else in the criteria"
            return (Cause("criteria", rule, f"{words} differs, or {self.known.otherwise}"),)
        if self.before.digest != self.after.digest:
            then = f"{self.before.pack} {self.before.version}".strip() or "those of then"
            words = f"the criteria are not {then} as it was then; what differs was not recorded"
            return (Cause("criteria", rule, words),)
        if self.known.answers or self.known.stale:
            return ()
        if self.known.otherwise:
            return (Cause("program", rule, self.known.otherwise),)
        return (Cause("program", rule, "the criteria are the same: the program itself differs"),)
