"""A local policy on top of a pack: what a clinic holds otherwise."""

from decimal import Decimal
from typing import Annotated

from msgspec import Meta, field

from ketatui.criteria.models.base import Code, Effect, LineText, PackModel, RuleId
from ketatui.criteria.models.course import CourseRule
from ketatui.criteria.models.rules import Rule


class PolicyFile(PackModel, frozen=True, kw_only=True):
    """A local policy: thresholds changed and rules added, all marked "local policy"."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*\Z")]
    title: LineText
    thresholds: dict[Code, Decimal] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    visit_rules: tuple[CourseRule, ...] = ()
    """Rules of visits that are added, each for one decision."""
    visit_effects: dict[RuleId, Effect] = field(default_factory=dict)
    """A graver effect of a rule of visits, wherever it has one; never a milder one."""
