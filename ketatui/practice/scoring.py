"""What a run is worth: a pure function from what was done to lines of points, each explained.

Key-feature style: points for the facts and reasons that decide the case, half where half is
right, minus points for harm, nothing for what is harmless and beside the point.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from msgspec import field

from ketatui.cases.model import Case
from ketatui.criteria.models import Verdict
from ketatui.engine import Assessment, Knowledge, assess
from ketatui.engine.decisive import FactRole, fact_roles, setting_the_verdict, without
from ketatui.engine.facts import MEDICATIONS, TRIALS, establish, is_recorded
from ketatui.engine.judging import judge_pathways
from ketatui.engine.medicines import fold
from ketatui.practice.loading import PracticeCase, Rubric
from ketatui.practice.models import NONE, LineId
from ketatui.practice.reasons import MOST_NAMED
from ketatui.structs import Frozen

Found = Literal["found", "partly", "missed"]
USABLE: tuple[Verdict, ...] = ("fits", "caution")
_HALF = Decimal("0.5")


class Judgement(Frozen, frozen=True):
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
        found: For each decisive fact: found, partly, or missed.
        lines: The score.
    """

    assessment: Assessment
    roles: Mapping[str, FactRole]
    found: Mapping[str, Found]
    lines: tuple[ScoreLine, ...]

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
        return tuple(
            line
            for line in self.lines
            if line.kind in ("harm_pathway", "harm_plan", "missed_red_flag")
        )


def appraise(
    knowledge: Knowledge,
    rubric: Rubric,
    case: PracticeCase,
    mine: Case,
    judgement: Judgement,
    hints: int,
) -> Appraisal:
    """Hold a run against the pack.

    Args:
        knowledge: The compiled pack.
        rubric: The points.
        case: The practice case.
        mine: The trainee's answers.
        judgement: What the trainee committed to.
        hints: How many hints were taken.

    Returns:
        Facts, verdicts and score lines. Equal arguments give equal results.
    """
    assessment = assess(knowledge, case.right, case.file.on, with_changes=False)
    roles = fact_roles(knowledge, case.right, case.file.on)
    comparing = _Comparing(knowledge, case, mine)
    found = {ident: comparing.found(ident) for ident, role in roles.items() if role.decisive}
    scorer = _Scorer(knowledge, rubric, case, judgement)
    lines = [
        *scorer.facts(found),
        *scorer.red_flags(assessment, roles, found),
        *scorer.pathways(assessment),
        *scorer.plan(),
        *scorer.hints(hints),
    ]
    return Appraisal(assessment, roles, found, tuple(lines))


class _Comparing:
    """The trainee's answers beside the right ones."""

    def __init__(self, knowledge: Knowledge, case: PracticeCase, mine: Case) -> None:
        self.knowledge = knowledge
        self.case = case
        self.mine = mine
        self.asked = establish(knowledge, mine).asked
        self.right = self._findings(case.right)

    def found(self, ident: str) -> Found:
        """Tell whether a fact was found: an answer that leads to the same findings will do."""
        right, mine = self.case.right, self.mine
        if self.asked[ident] is False:
            return "missed"
        if ident in right.unknown:
            return "found" if ident in mine.unknown else "missed"
        if not is_recorded(mine, ident):
            return "missed"
        if self._findings(_taking(right, mine, ident)) == self.right:
            return "found"
        rows = set(self._rows(right, ident)) & set(self._rows(mine, ident))
        return "partly" if rows else "missed"

    def _findings(self, case: Case) -> list[tuple[str, str, tuple[str, ...]]]:
        facts = establish(self.knowledge, case)
        judged = judge_pathways(self.knowledge, case, facts, self.case.file.on)
        return [
            (item.id, item.verdict, tuple(finding.rule for finding in item.findings))
            for item in judged
        ]

    def _rows(self, case: Case, ident: str) -> list[tuple[str, bool | None]]:
        """Return a table's rows by what the rules see of them; nothing for other questions."""
        if ident == TRIALS:
            judged = establish(self.knowledge, case).trials.judgements
            return [(item.drug, item.counts) for item in judged]
        if ident == MEDICATIONS:
            return [(fold(item.name), None) for item in case.medications]
        return []


def _taking(right: Case, mine: Case, ident: str) -> Case:
    """Return the right answers with one of the trainee's in its place."""
    if ident == TRIALS:
        return right.replaced(trials=mine.trials)
    if ident == MEDICATIONS:
        return right.replaced(medications=mine.medications)
    case = without(right, (ident,))
    return case.replaced(answers={**case.answers, ident: mine.answers[ident]})


class _Scorer:
    """Turns what was done into lines."""

    def __init__(
        self, knowledge: Knowledge, rubric: Rubric, case: PracticeCase, judgement: Judgement
    ) -> None:
        self.pack = knowledge.pack
        self.rubric = rubric
        self.case = case
        self.judgement = judgement

    def line(self, kind: LineId, about: str, share: Decimal | int, said: str) -> ScoreLine:
        each = self.rubric.points(kind, self.case.file.rubric)
        return ScoreLine(kind, about, each * Decimal(share), max(each, 0), said)

    def facts(self, found: Mapping[str, Found]) -> list[ScoreLine]:
        share = {"found": Decimal(1), "partly": _HALF, "missed": Decimal(0)}
        return [
            self.line("decisive_fact", ident, share[how], f"{self._label(ident)}: {how}")
            for ident, how in found.items()
        ]

    def red_flags(
        self, assessment: Assessment, roles: Mapping[str, FactRole], found: Mapping[str, Found]
    ) -> list[ScoreLine]:
        lines = []
        for ident, how in found.items():
            flags = self._flags(assessment, roles[ident])
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

    def pathways(self, assessment: Assessment) -> list[ScoreLine]:
        lines = []
        words = self.pack.wording.verdicts
        for pathway in assessment.pathways:
            title = self.pack.pathways[pathway.id].title
            given = self.judgement.verdicts.get(pathway.id)
            share, said = Decimal(0), f"{title}: no verdict given"
            if given is not None:
                share = self._likeness(given, pathway.verdict)
                near = {Decimal(1): "right", _HALF: "nearly"}.get(share, "not so")
                said = f"{title}: {words[given].title}, {near}"
            lines.append(self.line("verdict", pathway.id, share, said))
            decisive = setting_the_verdict(pathway)
            most = min(len(decisive), MOST_NAMED)
            if most:
                named = set(self.judgement.reasons.get(pathway.id, ())) & set(decisive)
                each = self.rubric.points("decisive_reason", self.case.file.rubric)
                said = f"{title}: {len(named)} of {most} named"
                points = Decimal(each * min(len(named), most))
                lines.append(ScoreLine("decisive_reason", pathway.id, points, each * most, said))
        return [*lines, self._choice(), *self._let_through(assessment)]

    def _likeness(self, given: Verdict, right: Verdict) -> Decimal:
        if given == right:
            return Decimal(1)
        alike = any(given in group and right in group for group in self.rubric.file.alike)
        return _HALF if alike else Decimal(0)

    def _choice(self) -> ScoreLine:
        best, chosen = self.case.file.key.best, self.judgement.choice
        right = chosen == best
        said = f"{self._title(chosen)}, {'right' if right else f'not {self._title(best)}'}"
        return self.line("choice", chosen, int(right), said)

    def _let_through(self, assessment: Assessment) -> list[ScoreLine]:
        lines = []
        for pathway in assessment.pathways:
            if pathway.verdict != "contraindicated":
                continue
            title = self.pack.pathways[pathway.id].title
            if self.judgement.choice == pathway.id:
                said = f"{title} chosen, and it is contraindicated"
            elif self.judgement.verdicts.get(pathway.id) in USABLE:
                said = f"{title} called usable, and it is contraindicated"
            else:
                continue
            lines.append(self.line("harm_pathway", pathway.id, 1, said))
        return lines

    def plan(self) -> list[ScoreLine]:
        chosen = next((p for p in self.case.file.plans if p.id == self.judgement.plan), None)
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
