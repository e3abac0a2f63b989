"""A difference as JSON data, for `--json` and for other programs."""

from __future__ import annotations

from typing import Any

from ketatui.engine.case_status import CaseStatus, PathwayStatus, RuleStatus
from ketatui.engine.causes import Cause
from ketatui.engine.difference import Contradicted, Difference, PathwayDifference


def difference_data(found: Difference) -> dict[str, Any]:
    """Return a difference as JSON data.

    Args:
        found: What differs.

    Returns:
        Both sides in short, every pathway with its changed rules and their causes, and
        contradictions; ``then`` is null where nothing was recorded.
    """
    return {
        "then": _status_data(found.then) if found.then.is_recorded else None,
        "now": _status_data(found.now) if found.now.is_recorded else None,
        "changed": found.verdict_changed,
        "pathways": [_pathway_data(item) for item in found.pathways],
        "contradictions": {
            "new": [_contradicted_data(item) for item in found.contradictions_new],
            "gone": [_contradicted_data(item) for item in found.contradictions_gone],
        },
    }


def _status_data(item: CaseStatus) -> dict[str, Any]:
    return {
        "on": item.on.isoformat() if item.on else None,
        "pack": {
            "id": item.pack,
            "version": item.version,
            "digest": item.digest,
            "policy": item.policy,
        },
        "next": item.next,
    }


def _pathway_data(item: PathwayDifference) -> dict[str, Any]:
    return {
        "id": item.id,
        "then": _verdict_data(item.then),
        "now": _verdict_data(item.now),
        "changed": item.verdict_changed,
        "rules": [
            {
                "rule": change.rule,
                "change": change.kind,
                "then": _rule_data(change.then),
                "now": _rule_data(change.now),
                "causes": [_cause_data(cause) for cause in change.causes],
            }
            for change in item.rules
        ],
        "support": [_cause_data(cause) for cause in item.support],
    }


def _verdict_data(item: PathwayStatus | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {"verdict": item.verdict, "basis": item.basis, "grade": item.grade, "rank": item.rank}


def _rule_data(item: RuleStatus | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {"effect": item.effect, "open": item.is_open, "overridden": item.overridden}


def _cause_data(item: Cause) -> dict[str, str]:
    return {"kind": item.kind, "subject": item.subject, "words": item.words}


def _contradicted_data(item: Contradicted) -> dict[str, Any]:
    return {"id": item.id, "questions": list(item.questions), "because": item.because}
