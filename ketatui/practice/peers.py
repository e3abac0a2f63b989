"""What others chose, counted over a collected folder, and said in the debrief."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from ketatui.cases.toml_text import render
from ketatui.practice.attempts import Attempt
from ketatui.practice.class_models import PeersFile, PeersOf
from ketatui.practice.class_report import ClassReport
from ketatui.practice.scoring import Judgment
from ketatui.toml_structs import plain

FEWEST = 5
"""Attempts from which counts are given: of fewer, somebody might be known by them."""


def peers_of(report: ClassReport) -> PeersFile:
    """Count what was committed to, over first tries that nobody altered.

    Args:
        report: The attempts of a folder, scored again.

    Returns:
        A row for each part of a case with `FEWEST` attempts or more; nobody is named.
    """
    found: dict[tuple[str, str], list[Judgment]] = {}
    for item in report.attempts:
        if item.counts:
            for part, judgment in _judgments(item.attempt):
                found.setdefault((item.attempt.case, part), []).append(judgment)
    rows = (
        _counted(case, part, judgments)
        for (case, part), judgments in sorted(found.items())
        if len(judgments) >= FEWEST
    )
    return PeersFile(peers=tuple(rows))


def _judgments(attempt: Attempt) -> Iterator[tuple[str, Judgment]]:
    if attempt.verdicts:
        yield "", attempt.judgment
    yield from ((stage.id, stage.judgment) for stage in attempt.stages)


def _counted(case: str, part: str, judgments: list[Judgment]) -> PeersOf:
    verdicts: dict[str, Counter[Any]] = {}
    reasons: dict[str, Counter[str]] = {}
    for item in judgments:
        for ident, verdict in item.verdicts.items():
            verdicts.setdefault(ident, Counter())[verdict] += 1
        for ident, rules in item.reasons.items():
            reasons.setdefault(ident, Counter()).update(rules)
    return PeersOf(
        case=case,
        part=part,
        attempts=len(judgments),
        plans=_most(Counter(item.plan for item in judgments if item.plan)),
        choices=_most(Counter(item.choice for item in judgments if item.choice)),
        verdicts={ident: _most(counts) for ident, counts in verdicts.items()},
        reasons={ident: _most(counts) for ident, counts in reasons.items()},
    )


def _most(counts: Counter[Any]) -> dict[Any, int]:
    """Return counts, the greatest first."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def peers_text(found: PeersFile) -> str:
    """Return the file as text."""
    rows = [
        {key: value for key, value in plain(row).items() if value not in ("", {})}
        for row in found.peers
    ]
    return render({"peers": rows}) if rows else ""


def verdicts_said(peers: PeersOf, ident: str, titles: Mapping[str, str]) -> str:
    """Say which verdicts others gave for a pathway or decision; empty where none did."""
    counts = peers.verdicts.get(ident, {})
    said = ", ".join(f"{titles.get(key, key)} {count}" for key, count in counts.items())
    return f"Of {peers.attempts} others: {said}." if said else ""


def plan_said(peers: PeersOf, plan: str) -> str:
    """Say how many chose a plan."""
    return f"{peers.plans.get(plan, 0)} of {peers.attempts} others chose it."
