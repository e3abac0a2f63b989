"""Practice cases of the tests, and what is wanted of them all the time."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from ketatui.cases.model import Case
from ketatui.consultation.edits import SetAnswer, SetMedications, SetTrials, Together
from ketatui.criteria.pack import Pack
from ketatui.engine import Knowledge, assess
from ketatui.engine.decisive import setting_the_verdict
from ketatui.practice.loading import (
    PracticeCase,
    PracticeLibrary,
    load_practice_case,
    load_rubric,
    load_topics,
)
from ketatui.practice.models import NONE
from ketatui.practice.reasons import MOST_NAMED
from ketatui.practice.run import PracticeRun
from ketatui.practice.scoring import Judgment
from ketatui.practice.tables import practice_folder

CASES = Path(__file__).parent / "cases"
RED, TWO = "harbor-pilot", "night-baker"
"""A hidden contraindication; a trial below its dose."""
TRAM = "night-tram"
"""A course in three stages: a gate, a leaving, a review."""
NOW = dt.datetime(2026, 11, 21, 21, 1, 43, tzinfo=dt.UTC)


def fixture_library(pack: Pack) -> PracticeLibrary:
    """Return the cases of the tests with the pack's topics and rubric."""
    cases = {name: load_practice_case(CASES / f"{name}.toml", pack) for name in (RED, TWO)}
    folder = practice_folder(pack)
    return PracticeLibrary(cases, load_topics(folder), load_rubric(folder), ())


def staged_library(pack: Pack) -> PracticeLibrary:
    """Return them with the staged case of the manual."""
    library = fixture_library(pack)
    case = load_practice_case(Path(f"docs/examples/practice/{TRAM}.toml"), pack)
    return library.replaced(cases={TRAM: case, **library.cases})


def text_of(name: str) -> str:
    """Return the text of a case of the tests."""
    return (CASES / f"{name}.toml").read_text("utf-8")


def perfect(knowledge: Knowledge, case: PracticeCase) -> Judgment:
    """Return what somebody commits to who knows everything."""
    found = assess(knowledge, case.right, case.file.on, with_changes=False)
    return Judgment(
        verdicts={item.id: item.verdict for item in found.pathways},
        reasons={item.id: setting_the_verdict(item)[:MOST_NAMED] for item in found.pathways},
        choice=case.key.best,
        plan=next(plan.id for plan in case.file.plans if plan.right),
    )


def answer_all(run: PracticeRun, case: Case) -> None:
    """Answer everything as a case has it."""
    edits = [
        SetAnswer(question=question, value=value if isinstance(value, bool | int) else str(value))
        for question, value in case.answers.items()
    ]
    edits += [SetAnswer(question=question, unknown=True) for question in case.unknown]
    run.consultation.do(Together(edits=tuple(edits)))
    run.consultation.do(SetTrials(rows=case.trials))
    run.consultation.do(SetMedications(rows=case.medications))


def commit_to(run: PracticeRun, judgment: Judgment) -> None:
    """Commit to everything but the end."""
    if not run.locked:
        run.lock()
    for pathway, verdict in judgment.verdicts.items():
        run.judge(pathway, verdict)
    for pathway, rules in judgment.reasons.items():
        for rule in rules:
            assert run.name_reason(pathway, rule, True)
    if run.case.key.best:
        run.choose(judgment.choice or NONE)
    run.plan(judgment.plan)


@dataclass
class Seconds:
    """A clock that moves when somebody says so."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now
