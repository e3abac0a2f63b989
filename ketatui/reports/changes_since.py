"""What has become of saved reasons since: of their rules, thresholds and sources."""

from __future__ import annotations

from collections.abc import Iterator

from ketatui.cases.saved_assessment import SavedAssessment
from ketatui.criteria.wording import number_text
from ketatui.engine import Knowledge
from ketatui.engine.dependencies import Behind
from ketatui.engine.fingerprints import roots_of
from ketatui.reports.words import pathway_title


class Since:
    """Compares what a saved assessment rests on with the criteria at hand."""

    def __init__(self, knowledge: Knowledge, saved: SavedAssessment) -> None:
        """Prepare.

        Args:
            knowledge: The criteria at hand.
            saved: The saved assessment.
        """
        self.knowledge = knowledge
        self._roots = roots_of(knowledge)
        self._then = saved.criteria

    @property
    def now(self) -> str:
        """The criteria at hand, as people call them."""
        info, policy = self.knowledge.pack.info, self.knowledge.pack.policy
        return f"{info.id} {info.version}" + (
            f" with local policy “{policy.title}”" if policy else ""
        )

    def rule_is_known(self, rule: str) -> bool:
        """Tell whether the criteria at hand have a rule."""
        return rule in self.knowledge.pack.rules

    def rule_words(self, rule: str) -> tuple[str, bool]:
        """Say whether the criteria at hand have a rule, and decide by it as then.

        Args:
            rule: The rule's id.

        Returns:
            The words, and whether anything differs.
        """
        if not self.rule_is_known(rule):
            text = f"not in {self.now} any more; what stands here is what the file holds"
            return text, True
        if self._then is None:
            return f"in {self.now}; the file does not keep how it decided then", False
        then, now = self._then.rules.get(rule), self._roots.criteria.rules.get(rule)
        moved = "; ".join(self._thresholds(rule))
        if then is None or then != now:
            text = f"its condition or effect was changed since, in {self.now}"
            return text + (f"; {moved}" if moved else ""), True
        if moved:
            return f"the same condition in {self.now}, but {moved}", True
        return f"the same in {self.now}", False

    def _thresholds(self, rule: str) -> Iterator[str]:
        assert self._then is not None
        for name in sorted(self._roots.rules.get(rule, Behind()).thresholds):
            then = self._then.thresholds.get(name)
            now = self._roots.criteria.thresholds.get(name)
            if then is not None and now is not None and then != now:
                title = self.knowledge.pack.thresholds[name].title
                yield f"threshold “{title}” was {number_text(then)}, is {number_text(now)}"

    def reads(self, rule: str, question: str) -> bool:
        """Tell whether a rule leans on a question, through derived facts too."""
        return question in self._roots.rules.get(rule, Behind()).questions

    def source_words(self, reference: str) -> str:
        """Spell out a source, or say that the criteria at hand do not have it."""
        pack = self.knowledge.pack
        if reference.partition(" §")[0] in pack.sources:
            return pack.source_text(reference)
        return f"{reference} (not among the sources of {self.now} any more)"

    def pathway_words(self, ident: str) -> str:
        """Return what a pathway is called, or say that it is not there any more."""
        if ident == "none" or ident in self.knowledge.pack.pathways:
            return pathway_title(self.knowledge.pack, ident)
        return f"{ident} (not in {self.now} any more)"
