"""Whether practice cases can be guessed: players who read nothing, held against chance.

A set of cases teaches nothing if the longest plan is the right one, or the last reasons hold. Each
player here answers nothing and takes what stands in a place, or is long, or is always said. What
it reaches may not be further above chance than `ALLOWED`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial

from ketatui.cases.model import Case
from ketatui.criteria.models import Verdict
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine import Knowledge
from ketatui.engine.decisive import setting_the_verdict
from ketatui.practice.finding import Truth
from ketatui.practice.loading import PracticeCase, Rubric
from ketatui.practice.models import NONE, Plan
from ketatui.practice.reasons import MOST_NAMED, Reason, plans_for, reasons_for
from ketatui.practice.scoring import Judgment, appraise
from ketatui.practice.stages import Part, parts_of
from ketatui.structs import Frozen

ALLOWED = 10
"""Percentage points that a guess may be above chance."""
FEWEST = 20
"""Cases from which such a measure says anything."""
_DRAWS = 12
_VERDICTS: tuple[Verdict, ...] = (
    "fits",
    "caution",
    "incomplete",
    "unmet",
    "not_recommended",
    "not_indicated",
    "contraindicated",
)


class Guess(Frozen, frozen=True):
    """What one way of guessing reaches.

    Attributes:
        way: What the player does.
        what: What it is measured in: the score, right plans, or reasons that set the verdict.
        percent: What it reached, over all cases.
        chance: What chance reaches.
    """

    way: str
    what: str
    percent: float
    chance: float

    @property
    def tells(self) -> bool:
        """Whether it is too far above chance."""
        return self.percent > self.chance + ALLOWED


class _Known(Frozen, frozen=True):
    """A case, or a stage of one, with all a player meets, worked out once."""

    part: Part
    case: PracticeCase
    truth: Truth
    plans: tuple[Plan, ...]
    reasons: dict[str, tuple[Reason, ...]]


def guesses(
    knowledge: Knowledge, rubric: Rubric, cases: Iterable[PracticeCase]
) -> tuple[Guess, ...]:
    """Play every blind strategy over a set of cases.

    Args:
        knowledge: The compiled pack.
        rubric: The points.
        cases: The cases; at least one.

    Returns:
        What each reached, beside chance.
    """
    known = [_know(part) for case in cases for part in parts_of(knowledge, case)]
    return (
        *_by_plan(known),
        *_by_reason(known),
        *_by_score(rubric, known),
    )


def _know(part: Part) -> _Known:
    truth = part.truth()
    pathways = truth.assessment.pathways
    reasons = {item.id: reasons_for(part.knowledge, part.case, item) for item in pathways}
    return _Known(part, part.case, truth, plans_for(part.case), reasons)


# --- plans and reasons by themselves --------------------------------------------------------------

_Chooser = Callable[[Sequence[Plan]], Plan]


def _place(number: int) -> _Chooser:
    return lambda plans: plans[min(number, len(plans) - 1)]


_PLANS: dict[str, _Chooser] = {
    "the longest plan": lambda plans: max(plans, key=lambda plan: len(plan.text)),
    "the shortest plan": lambda plans: min(plans, key=lambda plan: len(plan.text)),
    "the plan with most commas": lambda plans: max(plans, key=lambda p: p.text.count(",")),
    "the first plan": _place(0),
    "the second plan": _place(1),
    "the third plan": _place(2),
    "the fourth plan": _place(3),
    "the last plan": lambda plans: plans[-1],
}


def _by_plan(known: Sequence[_Known]) -> Iterator[Guess]:
    chance = _mean(sum(p.right for p in item.plans) / len(item.plans) for item in known)
    for way, choose in _PLANS.items():
        yield Guess(way, "right plans", _mean(choose(item.plans).right for item in known), chance)


_Picker = Callable[[Sequence[Reason]], Sequence[Reason]]
_REASONS: dict[str, _Picker] = {
    "the first three reasons": lambda reasons: reasons[:MOST_NAMED],
    "the last three reasons": lambda reasons: reasons[-MOST_NAMED:],
    "the three longest reasons": lambda reasons: sorted(reasons, key=lambda r: -len(r.title))[:3],
}


def _by_reason(known: Sequence[_Known]) -> Iterator[Guess]:
    lists = [
        reasons
        for item in known
        for reasons in item.reasons.values()
        if any(reason.decisive for reason in reasons)
    ]
    if not lists:
        return
    chance = _mean(sum(r.decisive for r in reasons) / len(reasons) for reasons in lists)
    for way, pick in _REASONS.items():
        hits = _mean(
            sum(r.decisive for r in pick(reasons)) / len(pick(reasons)) for reasons in lists
        )
        yield Guess(way, "reasons that set the verdict", hits, chance)


# --- whole runs -----------------------------------------------------------------------------------


def _by_score(rubric: Rubric, known: Sequence[_Known]) -> Iterator[Guess]:
    def scored(item: _Known, mine: Case, judgment: Judgment) -> float:
        knowledge = item.part.knowledge
        found = appraise(knowledge, rubric, item.case, mine, judgment, 0, item.truth)
        share = found.points / found.most if found.most else Decimal(0)
        return float(max(Decimal(0), min(share, Decimal(1))))

    def blindly(judge: Callable[[_Known], Judgment]) -> float:
        return _mean(scored(item, _nothing(item), judge(item)) for item in known)

    chance = _mean(
        scored(item, _nothing(item), _at_random(item, draw))
        for item in known
        for draw in range(_DRAWS)
    )
    for verdict in ("fits", "incomplete", "unmet", "not_recommended", "contraindicated"):
        always = partial(_always, verdict=verdict, last=0)
        way = f"nothing answered, “{verdict}” for all, the longest plan"
        yield Guess(way, "score", blindly(always), chance)
    always = partial(_always, verdict="not_recommended", last=MOST_NAMED)
    yield Guess("the same with the last three reasons", "score", blindly(always), chance)
    usable = [item for item in known if _has_to_rule_out(item)]
    if usable:
        only = _mean(scored(item, _decisive_only(item), _right(item)) for item in usable)
        way = "only the deciding facts, and judged right, where a pathway can be used"
        yield Guess(way, "score", only, chance)


def _nothing(item: _Known) -> Case:
    """Return what somebody has answered who has answered nothing."""
    return Case(answers=dict(item.part.given))


def _always(item: _Known, *, verdict: Verdict, last: int) -> Judgment:
    """Guess one verdict for all, some last reasons, no pathway unless usable, the longest plan."""
    reasons = {
        pathway: tuple(reason.rule for reason in offered[len(offered) - last :])
        for pathway, offered in item.reasons.items()
    }
    choice = next(iter(item.reasons)) if verdict in ("fits", "caution") else NONE
    plan = _PLANS["the longest plan"](item.plans)
    return Judgment(dict.fromkeys(item.reasons, verdict), reasons, choice, plan.id)


def _at_random(item: _Known, draw: int) -> Judgment:
    # The same every time: what is measured has to come out alike for everybody.
    dice = random.Random(f"{item.case.id}/{draw}")
    return Judgment(
        verdicts={pathway: dice.choice(_VERDICTS) for pathway in item.reasons},
        reasons={
            pathway: tuple(r.rule for r in dice.sample(offered, min(MOST_NAMED, len(offered))))
            for pathway, offered in item.reasons.items()
        },
        choice=dice.choice((*item.reasons, NONE)),
        plan=dice.choice(item.plans).id,
    )


def _right(item: _Known) -> Judgment:
    pathways = item.truth.assessment.pathways
    return Judgment(
        verdicts={pathway.id: pathway.verdict for pathway in pathways},
        reasons={pathway.id: setting_the_verdict(pathway)[:MOST_NAMED] for pathway in pathways},
        choice=item.case.key.best,
        plan=next((plan.id for plan in item.plans if plan.right), ""),
    )


def _has_to_rule_out(item: _Known) -> bool:
    """Tell whether something can be used and something else could have spoken against it."""
    usable = {pathway.id for pathway in item.truth.assessment.pathways if pathway.usable}
    return any(
        not role.decisive and ident not in item.truth.given and usable & set(role.rules_out)
        for ident, role in item.truth.roles.items()
    )


def _decisive_only(item: _Known) -> Case:
    right = item.truth.right
    decisive = {ident for ident, role in item.truth.roles.items() if role.decisive}
    decisive |= item.truth.given
    return right.replaced(
        answers={ident: value for ident, value in right.answers.items() if ident in decisive},
        unknown=right.unknown & decisive,
        trials=right.trials if TRIALS in decisive else (),
        medications=right.medications if MEDICATIONS in decisive else (),
        tables={ident: rows for ident, rows in right.tables.items() if ident in decisive},
    )


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return 100 * sum(found) / len(found) if found else 0.0


def guesses_text(found: Iterable[Guess]) -> list[str]:
    """Return the figures as lines, those that tell marked."""
    return [
        f"{'!' if guess.tells else ' '} {guess.percent:5.1f} %  (chance {guess.chance:.1f} %)  "
        f"{guess.what}: {guess.way}"
        for guess in found
    ]


def told_by_guess(guess: Guess) -> str:
    """Say of a guess that tells what it reached and what is allowed."""
    return (
        f"these cases can be guessed: {guess.way} reaches {guess.percent:.0f} % ({guess.what}); "
        f"chance is {guess.chance:.0f} %, allowed: {guess.chance + ALLOWED:.0f} %"
    )
