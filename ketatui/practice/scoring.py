"""What a run is worth: a pure function from what was done to lines of points, each explained.

Key-feature style: points for the facts and reasons that decide the case, half where half is
right, minus points for harm, nothing for what is harmless and beside the point.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from msgspec import field

from ketatui.cases.model import Case
from ketatui.criteria.models import Verdict
from ketatui.engine import Assessment, Knowledge, OpenRule, PathwayAssessment, assess
from ketatui.engine.decisive import FactRole, setting_the_verdict
from ketatui.practice.finding import Found, Truth, answers_found, truth_of, understood
from ketatui.practice.loading import PracticeCase, Rubric
from ketatui.practice.models import NONE, LineId, Plan
from ketatui.practice.reasons import MOST_NAMED
from ketatui.structs import Frozen

SCORING = 2
"""Version of the way points are given, beside the rubric. Attempts scored in another way are
scored again, and differ without anybody having altered them."""
USABLE: tuple[Verdict, ...] = ("fits", "caution")
MOST_OPEN = 4
"""Rules left open that are counted, of each kind."""
_HARMFUL: tuple[Verdict, ...] = ("contraindicated",)
_HALF = Decimal("0.5")
_HARM: tuple[LineId, ...] = ("harm_pathway", "harm_plan", "missed_red_flag", "left_open")


class Judgment(Frozen, frozen=True):
    """What a trainee commits to before anything is revealed.

    Attributes:
        verdicts: A verdict for each pathway.
        reasons: Up to three rules for each pathway.
        choice: The pathway to go on with, or ``none``.
        plan: The id of one of the plans.
    """

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    reasons: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    choice: str = ""
    plan: str = ""


class ScoreLine(Frozen, frozen=True):
    """One line of the score.

    Attributes:
        kind: The line of the rubric.
        about: The question, pathway or plan it is about.
        points: What was gained or lost.
        most: What could be gained; 0 for what can only be lost.
        said: Why, in a few words.
    """

    kind: LineId
    about: str
    points: Decimal
    most: int
    said: str


class Appraisal(Frozen, frozen=True):
    """A run held against the pack.

    Attributes:
        assessment: What the criteria say about the right answers.
        roles: What each fact does in the case.
        found: For each decisive fact: found, partly, answered and not used, or missed.
        lines: The score.
        own: What the criteria say about the trainee's own answers.
    """

    assessment: Assessment
    roles: Mapping[str, FactRole]
    found: Mapping[str, Found]
    lines: tuple[ScoreLine, ...]
    own: Assessment

    @property
    def points(self) -> Decimal:
        """The sum; less than nothing where harm outweighs the rest."""
        return sum((line.points for line in self.lines), Decimal(0))

    @property
    def most(self) -> int:
        """What could be reached."""
        return sum(line.most for line in self.lines)

    @property
    def harm(self) -> tuple[ScoreLine, ...]:
        """The lines that say what would have harmed."""
        return tuple(line for line in self.lines if line.kind in _HARM)


def appraise(
    knowledge: Knowledge,
    rubric: Rubric,
    case: PracticeCase,
    mine: Case,
    judgment: Judgment,
    hints: int,
    truth: Truth | None = None,
) -> Appraisal:
    """Hold a run against the pack.

    Args:
        knowledge: The compiled pack.
        rubric: The points.
        case: The practice case.
        mine: The trainee's answers, as they were locked.
        judgment: What the trainee committed to.
        hints: How many hints were taken.
        truth: What the right answers come to, where it was worked out before.

    Returns:
        Facts, verdicts and score lines. Equal arguments give equal results.
    """
    truth = truth or truth_of(knowledge, case.right, case.file.on)
    own = assess(knowledge, mine, case.file.on, with_changes=False)
    answered = answers_found(knowledge, truth, mine)
    scorer = _Scorer(knowledge, rubric, case, judgment, truth, own, answered)
    likeness = {
        item.id: float(scorer.likeness(judgment.verdicts.get(item.id), item.verdict))
        for item in truth.assessment.pathways
    }
    found = {
        ident: understood(how, truth.roles[ident], likeness) for ident, how in answered.items()
    }
    lines = [
        *scorer.facts(found),
        *scorer.red_flags(found),
        *scorer.pathways(),
        *scorer.left_open(),
        *scorer.plan(),
        *scorer.hints(hints),
    ]
    return Appraisal(truth.assessment, truth.roles, found, tuple(lines), own)


class _Scorer:
    """Turns what was done into lines."""

    def __init__(
        self,
        knowledge: Knowledge,
        rubric: Rubric,
        case: PracticeCase,
        judgment: Judgment,
        truth: Truth,
        own: Assessment,
        answered: Mapping[str, Found],
    ) -> None:
        self.pack = knowledge.pack
        self.rubric = rubric
        self.case = case
        self.judgment = judgment
        self.truth = truth
        self.own = own
        self.answered = answered

    def line(self, kind: LineId, about: str, share: Decimal | int, said: str) -> ScoreLine:
        each = self.rubric.points(kind, self.case.file.rubric)
        return ScoreLine(kind, about, each * Decimal(share), max(each, 0), said)

    def facts(self, found: Mapping[str, Found]) -> list[ScoreLine]:
        share = {"found": Decimal(1), "partly": _HALF}
        said = {"unused": "answered, and what it decides was judged otherwise"}
        return [
            self.line(
                "decisive_fact",
                ident,
                share.get(how, Decimal(0)),
                f"{self._label(ident)}: {said.get(how, how)}",
            )
            for ident, how in found.items()
        ]

    def red_flags(self, found: Mapping[str, Found]) -> list[ScoreLine]:
        lines = []
        for ident, how in found.items():
            if ident in self.rubric.file.circumstances:
                continue
            flags = self._flags(self.truth.assessment, self.truth.roles[ident])
            if how == "missed" and flags:
                said = f"{self._label(ident)}: missed, and behind it {flags[0]}"
                lines.append(self.line("missed_red_flag", ident, 1, said))
        return lines

    def _flags(self, assessment: Assessment, role: FactRole) -> list[str]:
        file = self.rubric.file
        found = []
        for pathway, rules in role.carries.items():
            for rule in rules:
                finding = assessment.pathway(pathway).finding(rule)
                if finding is not None and (
                    finding.effect in file.red_flag_effects or rule in file.red_flag_rules
                ):
                    word = self.pack.wording.effects[finding.effect].title
                    found.append(f"“{word}” on {self.pack.pathways[pathway].title}")
        return found

    def pathways(self) -> list[ScoreLine]:
        lines = []
        for pathway in self.truth.assessment.pathways:
            lines.append(self._verdict(pathway))
            lines += self._reasons(pathway)
        earned = {line.about for line in lines if line.kind == "verdict" and line.points > 0}
        choice = [self._choice(earned)] if self.case.key.best else []
        return [*lines, *choice, *self._let_through()]

    def _verdict(self, pathway: PathwayAssessment) -> ScoreLine:
        title = self._title(pathway.id)
        given = self.judgment.verdicts.get(pathway.id)
        if given is None:
            return self.line("verdict", pathway.id, 0, f"{title}: no verdict given")
        share = self.likeness(given, pathway.verdict)
        said = {Decimal(1): "right", _HALF: "nearly"}.get(share, "not so")
        if share and not self._borne(pathway):
            share, said = Decimal(0), f"{said}, but your own answers do not lead there"
        word = self.pack.wording.verdicts[given].title
        return self.line("verdict", pathway.id, share, f"{title}: {word}, {said}")

    def _borne(self, pathway: PathwayAssessment) -> bool:
        """Tell whether the trainee's own answers lead to the right kind of verdict.

        Nothing answered leaves everything open: that is no reason for "more information needed".
        """
        own = self.own.pathway(pathway.id).verdict
        if own == "incomplete":
            carried = (i for i, role in self.truth.roles.items() if pathway.id in role.carries)
            return pathway.verdict == own and any(self.answered[i] != "missed" for i in carried)
        return self.likeness(own, pathway.verdict) > 0

    def likeness(self, given: Verdict | None, right: Verdict) -> Decimal:
        """Return 1 for the right verdict, one half for one of the same kind, else 0."""
        if given is None or given == right:
            return Decimal(int(given is not None))
        alike = any(given in group and right in group for group in self.rubric.file.alike)
        return _HALF if alike else Decimal(0)

    def _reasons(self, pathway: PathwayAssessment) -> list[ScoreLine]:
        title = self._title(pathway.id)
        decisive = setting_the_verdict(pathway)
        named = self.judgment.reasons.get(pathway.id, ())
        lines = []
        most = min(len(decisive), MOST_NAMED)
        if most:
            own = self.own.pathway(pathway.id)
            shown = {item.rule for item in own.findings}
            if pathway.verdict == "incomplete":
                shown |= {item.rule for item in own.open}
            right = set(named) & set(decisive)
            count = min(len(right & shown), most)
            said = f"{title}: {len(right)} of {most} named"
            if right - shown:
                said += f", {len(right - shown)} of them without an answer of yours behind it"
            each = self.rubric.points("decisive_reason", self.case.file.rubric)
            points = Decimal(each * count)
            lines.append(ScoreLine("decisive_reason", pathway.id, points, each * most, said))
        holding = {item.rule for item in pathway.findings}
        holding |= {item.rule for item in pathway.open}
        for rule in named:
            if rule not in holding and rule in self.pack.rules:
                said = f"{title}: “{self.pack.rules[rule].title}” does not apply"
                lines.append(self.line("wrong_reason", pathway.id, 1, said))
        return lines

    def _choice(self, earned: Collection[str]) -> ScoreLine:
        """Score the pathway to go on with: what ranks first, or what the right plan goes on with.

        Without a verdict behind it, it is a guess, and earns nothing.
        """
        best, chosen = self.case.key.best, self.judgment.choice
        plan = self._plan()
        fitting = {best, *(plan.choices if plan is not None and plan.right else ())}
        if chosen not in fitting:
            return self.line("choice", chosen, 0, f"{self._title(chosen)}, not {self._title(best)}")
        known = len(self.truth.assessment.pathways)
        bearing = len(earned) * 2 >= known if chosen == NONE else chosen in earned
        said = "right" if bearing else "right, but no verdict of yours leads there"
        return self.line("choice", chosen, int(bearing), f"{self._title(chosen)}, {said}")

    def _let_through(self) -> list[ScoreLine]:
        lines = []
        staged = not self.case.key.best
        for pathway in self.truth.assessment.pathways:
            known = self.rubric.file.let_through.get(pathway.id, ()) if staged else _HARMFUL
            if pathway.verdict in known and self._used(pathway.id):
                how = "chosen" if self.judgment.choice == pathway.id else "called usable"
                word = self.pack.wording.verdicts[pathway.verdict].title
                said = f"{self._title(pathway.id)} {how}, and it is “{word}”"
                lines.append(self.line("harm_pathway", pathway.id, 1, said))
        return lines

    def _used(self, pathway: str) -> bool:
        usable = self.judgment.verdicts.get(pathway) in USABLE
        return usable or self.judgment.choice == pathway

    def left_open(self) -> list[ScoreLine]:
        """Return a line for each rule that was open at the lock on a pathway called usable.

        A rule counts once, however many pathways it is about. What is open with the right answers
        too, on a pathway that can be used all the same, is nobody's omission.
        """
        file = self.rubric.file
        grave: dict[str, OpenRule] = {}
        other: dict[str, OpenRule] = {}
        for pathway in self.own.pathways:
            right = self.truth.assessment.pathway(pathway.id)
            settled = {item.rule for item in right.open} if right.usable else set()
            for item in pathway.open if self._used(pathway.id) else ():
                if item.holds_up and item.rule not in settled:
                    flag = item.effect in file.red_flag_effects or item.rule in file.red_flag_rules
                    # Before a dose and at the door, what is not asked is let through.
                    flag = flag or item.effect in file.let_through.get(pathway.id, ())
                    (grave if flag else other).setdefault(item.rule, item)
        kinds: tuple[tuple[LineId, dict[str, OpenRule]], ...] = (
            ("left_open", grave),
            ("left_open_other", {k: v for k, v in other.items() if k not in grave}),
        )
        return [
            self.line(kind, rule, 1, f"“{item.title}” was open, and a pathway called usable")
            for kind, items in kinds
            for rule, item in list(items.items())[:MOST_OPEN]
        ]

    def _plan(self) -> Plan | None:
        return next((p for p in self.case.file.plans if p.id == self.judgment.plan), None)

    def plan(self) -> list[ScoreLine]:
        chosen = self._plan()
        if chosen is None:
            return [self.line("plan", "", 0, "no plan chosen")]
        how = "right" if chosen.right else "harmful" if chosen.harm else "neither right nor harmful"
        lines = [self.line("plan", chosen.id, int(chosen.right), f"the plan is {how}")]
        if chosen.harm:
            lines.append(self.line("harm_plan", chosen.id, 1, chosen.harm))
        return lines

    def hints(self, taken: int) -> list[ScoreLine]:
        return [
            self.line("hint", str(number), 1, f"hint {number}") for number in range(1, taken + 1)
        ]

    def _label(self, ident: str) -> str:
        return self.pack.questions[ident].label

    def _title(self, pathway: str) -> str:
        if pathway == NONE:
            return "none of them"
        known = self.pack.pathways.get(pathway)
        return known.title if known else "nothing"


def points_text(points: Decimal) -> str:
    """Write points: ``+2``, ``-1.5``, ``0``."""
    text = f"{points.normalize():f}" if points else "0"
    return f"+{text}" if points > 0 else text.replace("-", "−")
