from __future__ import annotations

import json
from typing import Any

import pytest

from ketatui.contract.case import Case
from ketatui.service.calls import validated
from ketatui.service.refusal import Refusal
from tests.each import each


@each(
    ("body", "where", "said"),
    [
        ({"answers": 5}, "answers", "is no object; allowed: an object"),
        ({"medications": {}}, "medications", "is no list; allowed: a list"),
        ({"medications": [{"name": 5}]}, "medications.0.name", "is not text; allowed: text"),
        (
            {"antidepressant_trials": [{"drug": "x", "weeks": "y"}]},
            "antidepressant_trials.0.weeks",
            "is no number; allowed: a number without quotes",
        ),
        (
            {"consent": {"outcome": "maybe"}},
            "consent.outcome",
            "is not known; allowed: 'agreed', 'declined' or 'deferred'",
        ),
        ({"dates": {"patient.age": 5}}, "dates.patient.age", "is no day; allowed: a date like"),
        ({"practice": "yes"}, "practice", "is not a yes or no; allowed: true, false"),
        ({"record": {"saved_at": "2026-01-01"}}, "record.saved_at", "is no moment; allowed: "),
        ({"courses": [{"id": "c1", "pathway": "iv"}]}, "courses.0.site", "is missing"),
    ],
)
def test_a_request_is_refused_in_the_words_in_which_a_file_is(
    body: dict[str, Any], where: str, said: str
) -> None:
    with pytest.raises(Refusal) as refused:
        validated(Case, json.dumps({"answers": {}, **body}).encode(), days=True)
    assert dict(refused.value.problems)[where].startswith(said)
