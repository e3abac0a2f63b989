"""A local policy on top of a pack: what a clinic holds otherwise."""

from typing import Annotated

from pydantic import Field

from ketatui.contract.base import Closed, Code, Effect, LineText, Number, RuleId
from ketatui.contract.course_pack import CourseRule
from ketatui.contract.rules import Rule


class PolicyFile(Closed):
    """A local policy: thresholds changed and rules added, all marked "local policy"."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*$")]
    title: LineText
    thresholds: dict[Code, Number] = Field(default_factory=dict)
    rules: list[Rule] = Field(default_factory=list)
    visit_rules: list[CourseRule] = Field(default_factory=list)
    """Rules of visits that are added, each for one decision."""
    visit_effects: dict[RuleId, Effect] = Field(default_factory=dict)
    """A graver effect of a rule of visits, wherever it has one; never a milder one."""
