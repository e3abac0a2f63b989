"""Attempts as xAPI statements, for a learning record store: what was done, by whom, how it went.

Experience API 1.0.3. Nothing is sent: the statements are a file, and whoever runs a store loads it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from ketatui.practice.class_report import ClassReport, Scored

VERSION = "1.0.3"
OURS = "urn:ketatui:practice"
"""Begins the ids of activities and of what is ours in a statement."""
_HOME = "https://ketatui.invalid/trainees"
"""Where the names of trainees belong: to no system but the teacher's folder."""
_VERBS = "http://adlnet.gov/expapi/verbs"
_ASSESSMENT = "http://adlnet.gov/expapi/activities/assessment"
_NAMES = uuid.UUID("6f0d9f0e-8c0b-5d6e-9a36-5b1a0d7f3c11")
"""Of the ids of statements: the same attempt makes the same id, and counts once in a store."""
_WELL = 80


def statements(report: ClassReport) -> Iterator[dict[str, Any]]:
    """Yield a statement for each attempt that counts: copies and altered ones are left out.

    Args:
        report: The attempts of a folder, scored again.
    """
    for item in report.attempts:
        if item.found is not None and item.state in ("ok", "another version"):
            yield _statement(item)


def _result(item: Scored) -> dict[str, Any]:
    attempt, found = item.attempt, item.found
    assert found is not None
    most = max(found.most, 1)
    scaled = max(Decimal(-1), min(found.points / most, Decimal(1)))
    well = not found.harm and (item.percent or 0) >= _WELL
    result: dict[str, Any] = {
        "score": {"scaled": round(float(scaled), 4), "raw": float(found.points), "max": found.most},
        "success": well,
        "completion": True,
        "extensions": {
            f"{OURS}:harm": [line.said for line in found.harm],
            f"{OURS}:missed": list(found.missed),
            f"{OURS}:hints": attempt.hints,
            f"{OURS}:state": item.state,
        },
    }
    if attempt.seconds is not None:
        result["duration"] = f"PT{attempt.seconds}S"
    return result


def _statement(item: Scored) -> dict[str, Any]:
    attempt = item.attempt
    key = f"{attempt.case}/{attempt.began_at.isoformat()}/{attempt.ended_at.isoformat()}"
    return {
        "id": str(uuid.uuid5(_NAMES, f"{key}/{item.trainee}")),
        "version": VERSION,
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": _HOME, "name": item.trainee},
        },
        "verb": {"id": f"{_VERBS}/completed", "display": {"en-US": "completed"}},
        "object": {
            "objectType": "Activity",
            "id": f"{OURS}:{attempt.case}",
            "definition": {"type": _ASSESSMENT, "name": {"en-US": attempt.title}},
        },
        "result": _result(item),
        "context": {
            "platform": "KetaTUI",
            "language": "en-US",
            "extensions": {
                f"{OURS}:criteria": attempt.pack,
                f"{OURS}:case-digest": attempt.case_digest,
                f"{OURS}:topic": attempt.topic,
                f"{OURS}:first": item.first,
            },
        },
        "timestamp": attempt.ended_at.isoformat(),
    }
