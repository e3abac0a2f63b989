"""What lists, comparisons and searches of saved cases print as JSON, a line each."""

from typing import Any, Literal

from pydantic import Field

from ketatui.contract.assessment import Integrity, Seal, StaleAnswer
from ketatui.contract.base import Basis, Day, Effect, Grade, Moment, Number, Open, Verdict


class Aside(Open):
    """A finding that was set aside."""

    pathway: str
    rule: str
    reason: str


class CaseLine(Open):
    """`ketatui cases list --json`: a saved case, or a file that cannot be read and why."""

    path: str
    id: str
    label: str
    state: str
    practice: bool
    diagnosis: str
    pathway: str
    """What was decided; empty where nothing is."""
    standing: str
    verdict: Verdict | Literal[""]
    worst_effect: Effect | Literal[""]
    worst_rule: str
    pack_version: str
    overrides: list[Aside]
    saved_at: Moment | None
    unchanged: bool
    """The content is as the program saved it last, and so was all before it."""
    seal: Seal
    warnings: list[str]
    """What keeps the content from standing as it is."""
    reviewer: str
    agreed: int
    """How many reviewers agreed with the decision."""
    disagreed: int
    treatment: Literal["", "in_treatment", "stopped"]
    """How the last course stands; empty for a case without one."""
    stop_reason: str
    due_by: Day | None
    """The soonest day of what is due in its courses."""
    same_id_as: str | None
    problem: str | None


class DraftLine(Open):
    """A draft in the same list."""

    path: str
    id: str
    label: str
    state: Literal["journal"]
    practice: bool
    changes: int
    last_at: Moment
    in_use: bool
    problem: str | None


class PackAt(Open):
    """The criteria of one side of a comparison."""

    id: str
    version: str
    digest: str
    policy: str | None


class SideInShort(Open):
    """One side of a comparison."""

    on: Day | None
    pack: PackAt
    next: str | None


class VerdictAt(Open):
    """A pathway's verdict on one side."""

    verdict: Verdict | Literal[""]
    """Empty where a saved case does not say it."""
    basis: Basis | None
    grade: Grade | None
    rank: int | None


class RuleAt(Open):
    """A rule on one side."""

    effect: Effect
    open: bool
    overridden: bool


class Cause(Open):
    """Why something differs."""

    kind: str
    subject: str
    words: str


class RuleChange(Open):
    """A rule that reads differently on the two sides."""

    rule: str
    change: str
    then: RuleAt | None
    now: RuleAt | None
    causes: list[Cause]


class PathwayChange(Open):
    """What differs on a pathway."""

    id: str
    then: VerdictAt | None
    now: VerdictAt | None
    changed: bool
    rules: list[RuleChange]
    support: list[Cause]


class Contradicted(Open):
    """A contradiction that came or went."""

    id: str
    questions: list[str]
    because: str


class ContradictionChanges(Open):
    """Contradictions that came, and that went."""

    new: list[Contradicted]
    gone: list[Contradicted]


class Difference(Open):
    """Two assessments against each other."""

    then: SideInShort | None
    """Null where nothing was recorded."""
    now: SideInShort | None
    changed: bool
    pathways: list[PathwayChange]
    contradictions: ContradictionChanges


class DecisionThen(Open):
    """A decision of a visit, on one side."""

    verdict: Verdict | Literal[""]


class DecisionChange(Open):
    """One decision of a visit, then and now."""

    id: str
    then: DecisionThen | None
    now: DecisionThen | None
    changed: bool
    rules: list[RuleChange]


class VisitReassessment(Open):
    """A closed visit judged again."""

    course: str
    visit: int
    date: Day
    then: SideInShort | None
    now: SideInShort | None
    changed: bool
    decisions: list[DecisionChange]
    contradictions: ContradictionChanges


class Reassessment(Difference):
    """`ketatui cases reassess --json`: a saved case assessed again."""

    schema_: Literal[1] = Field(alias="schema")
    case: str
    path: str
    label: str
    state: str
    practice: bool
    integrity: Integrity
    decided: str | None
    stale: list[StaleAnswer]
    headline: str
    visits: list[VisitReassessment] = Field(default_factory=list)
    """The closed visits that kept how they were judged; left out where there is none."""


class SideOfCases(Open):
    """One of two cases that are compared."""

    case: str
    path: str
    revision: int | None
    label: str
    integrity: Integrity


class Differs(Open):
    """Something that two cases record otherwise; null where one of them does not."""

    what: str
    a: Any
    b: Any


class Answered(Open):
    """An answer as one case has it: its value, or that it was asked and is unknown."""

    value: bool | int | Number | str | None = None
    unknown: Literal[True] | None = None


class AnswerDiffers(Open):
    """A question that two cases answer otherwise."""

    question: str
    a: Answered | None
    """Null where it was not answered."""
    b: Answered | None


class OnlyIn(Open):
    """Rows that stand in one of the two cases only."""

    only_a: list[dict[str, Any]]
    only_b: list[dict[str, Any]]


class RecordedDifference(Open):
    """What two cases record otherwise."""

    case: list[Differs]
    answers: list[AnswerDiffers]
    scales: list[Differs]
    notes: list[Differs]
    trials: OnlyIn
    medications: OnlyIn
    consent: list[Differs]
    decision: list[Differs]
    reviews: OnlyIn
    signatures: OnlyIn
    courses: list[Differs]
    """What is recorded of courses and their visits, as `c1 visit 2 visit.systolic`."""


class CaseDifference(Open):
    """`ketatui cases diff --json`: two cases, or two revisions of one."""

    schema_: Literal[1] = Field(alias="schema")
    a: SideOfCases
    b: SideOfCases
    same: bool
    recorded: RecordedDifference
    assessed: Difference
    at_hand: Difference | None
    """Both assessed by the criteria at hand, where they were saved under others."""


class IdentifierFound(Open):
    """`ketatui cases scan --json`: a text that looks like an identifier of a person."""

    path: str
    place: list[str | int]
    kind: str
    text: str
    start: int
    end: int
    replacement: str
    history: bool
    """It stands in the revision history, which is never rewritten."""


class Attempt(Open):
    """`ketatui practice report --json`: a finished practice run."""

    practice: Literal[True]
    file: str
    by: str
    case: str
    title: str
    topic: str
    difficulty: int
    ended_at: Moment
    minutes: Number | None
    points: Number | None
    most: int | None
    percent: int | None
    harm: int | None
    """Points and harm as the answers come to, scored again; null where the case is not there."""
    hints: int
    missed: list[str]
    missed_rules: list[str]
    plan: str
    choice: str
    state: Literal["ok", "altered", "another version", "copy", "case not there"]
    why: str
    first: bool
    against: str
    claimed: Number
    """The points that the file says."""
    case_digest: str
    pack: str
    pack_digest: str
