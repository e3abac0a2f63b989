"""How verdicts and effects look: a symbol and a word always, a role for the color."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ketatui.criteria.models import Effect, Verdict
from ketatui.criteria.pack import Pack
from ketatui.engine import Finding, OpenRule, PathwayAssessment
from ketatui.engine.assessment import WhatIf
from ketatui.tui.views.lines import Span

ROLE: dict[str, str] = {
    "fits": "good",
    "caution": "caution",
    "incomplete": "info",
    "unmet": "unmet",
    "not_recommended": "advised",
    "not_indicated": "outside",
    "contraindicated": "bad",
    "note": "muted",
}
"""The role of each verdict and effect. Each color has one meaning."""


class Judged(Protocol):
    """A pathway of a screening, or a decision of a visit, as it was judged."""

    @property
    def id(self) -> str:
        """Which it is."""

    @property
    def verdict(self) -> Verdict:
        """What the criteria say."""

    @property
    def best(self) -> Verdict:
        """The best it can still become."""

    @property
    def worst(self) -> Verdict:
        """The worst it can still become."""

    @property
    def findings(self) -> Sequence[Finding]:
        """The rules that apply."""

    @property
    def open(self) -> Sequence[OpenRule]:
        """The rules that are not decided."""

    @property
    def changes(self) -> Sequence[WhatIf]:
        """What would lift the verdict."""


def finding_title(finding: Finding) -> str:
    """Return what a finding is called, and that it counts because nobody knows."""
    return f"{finding.title} (unknown)" if finding.not_excluded else finding.title


def verdict_span(pack: Pack, verdict: Verdict) -> Span:
    """Return symbol and word of a verdict."""
    words = pack.wording.verdicts[verdict]
    return f"{words.symbol} {words.title}", ROLE[verdict]


def verdict_symbol(pack: Pack, verdict: Verdict) -> Span:
    """Return the symbol alone, for places where the word stands nearby."""
    return pack.wording.verdicts[verdict].symbol, ROLE[verdict]


def effect_span(pack: Pack, effect: Effect) -> Span:
    """Return symbol and word of an effect."""
    words = pack.wording.effects[effect]
    return f"{words.symbol} {words.title}", ROLE[effect]


def basis_text(pack: Pack, pathway: PathwayAssessment) -> str:
    """Return basis and grade: ``on-label A``; empty while they are not settled."""
    if pathway.basis is None or pathway.grade is None:
        return ""
    return f"{pack.wording.bases[pathway.basis]} {pathway.grade}"


def reach(pack: Pack, pathway: Judged) -> tuple[Span, ...]:
    """Say what a pathway can still become: ``may be ✓ … ✗``; nothing when settled."""
    if pathway.best == pathway.worst:
        return ()
    return (
        ("may be ", "muted"),
        verdict_symbol(pack, pathway.best),
        (" … ", "muted"),
        verdict_symbol(pack, pathway.worst),
    )


def waiting(pathway: Judged) -> int:
    """Count the questions that could still change a pathway."""
    return len({ident for rule in pathway.open if rule.effect != "note" for ident in rule.needs})
