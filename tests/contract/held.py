"""Every JSON document that the command line prints in a test is held to the contract."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ketatui.contract.schemas import KINDS
from tests.contract.support import unsaid

PRINTED = {
    ("assess",): "assessment",
    ("cases", "list"): "case-line",
    ("cases", "reassess"): "reassessment",
    ("cases", "diff"): "case-difference",
    ("cases", "scan"): "identifier",
    ("practice", "report"): "attempt",
    ("course", "assess"): "visit-assessment",
    ("course", "due"): "due",
    ("course", "compare"): "visit-comparison",
    ("prefill",): "proposals",
}
"""What a command prints with ``--json``, a line each."""


def hold(arguments: Sequence[str], printed: str) -> None:
    """Hold what a command printed to the contract.

    Args:
        arguments: As given; without ``--json`` nothing is looked at.
        printed: Standard output.

    Raises:
        AssertionError: It says what the contract does not, or the command has no place there.
    """
    if "--json" not in arguments:
        return
    words = tuple(arguments[:2])
    what = PRINTED.get(words) or PRINTED.get(words[:1])
    assert what, f"what {words} prints is not in ketatui/contract"
    for line in printed.splitlines():
        data = json.loads(line)
        kind = "draft-line" if what == "case-line" and data["state"] == "journal" else what
        if what == "visit-comparison" and "case" not in data:
            kind = "pack-comparison"
        read = KINDS[kind].model.model_validate_json(line)
        assert unsaid(read) == [], f"{kind}: keys that the contract does not say"
