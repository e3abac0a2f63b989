"""Every practice case of the pack: its key is what the engine says."""

from __future__ import annotations

from pathlib import Path

from ketatui.criteria.default import default_folder
from ketatui.engine import Knowledge
from ketatui.practice.checking import check_practice_case
from ketatui.practice.loading import case_files, load_practice_case, load_topics
from ketatui.practice.tables import practice_folder
from tests.each import each
from tests.effort import EFFORT
from tests.practice.support import CASES

EVERY = max(1, round(1 / EFFORT))
PACK_CASES = case_files(default_folder({}) / "practice")[::EVERY]
"""So many-th case; ``make check`` checks every one of them, and so does ``make test-long``."""


@each("path", [*PACK_CASES, *case_files(CASES)])
def test_a_case_holds(path: Path, knowledge: Knowledge) -> None:
    case = load_practice_case(path, knowledge.pack)
    topics = load_topics(practice_folder(knowledge.pack))
    problems = check_practice_case(case, knowledge, topics)
    assert not problems, "\n".join(item.said_of(path.name) for item in problems)
