"""Every question can change some verdict in some case, or says why it is asked all the same."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from ketatui.cases.model import Case, Medication
from ketatui.engine import Knowledge, assess
from tests.engine.clean import AT_HOME, ON, PREGNANT, TWO_FAILED, WOMAN, clean, diagnosed

SUICIDAL = {"depression.acute_suicidality": True, "depression.imminent_risk": False}
BASES = (
    clean(),
    clean(WOMAN),
    clean(PREGNANT),
    clean(AT_HOME, overrides=[("oral", "home-setting")]),
    clean(SUICIDAL, trials=TWO_FAILED[:1]),
    clean(diagnosed("bipolar_depression")),
    clean(diagnosed("crps")),
    clean({"scales.phq9": None}).replaced(scale_items={"scales.phq9": {"self_harm": 1}}),
    clean({"trials.rows_complete": False, "trials.reported_count": 2}, trials=TWO_FAILED[:1]),
)


def varied(knowledge: Knowledge, case: Case, ident: str) -> Iterator[Case]:
    """Change one answer of a case in every way that matters."""
    if ident == "antidepressant_trials":
        yield case.replaced(trials=case.trials[:1])
        return
    if ident == "medications":
        yield case.replaced(medications=(Medication(name="lorazepam"),))
        return
    question = knowledge.pack.questions[ident]
    values: list[Any] = [True, False] if question.kind == "bool" else []
    values += [option.code for option in question.options]
    if question.kind in ("int", "decimal", "scale"):
        low = int(question.min or 0)
        high = int(question.max if question.max is not None else low + 27)
        values += range(low, high + 1)
    for value in values:
        yield case.replaced(answers={**case.answers, ident: value})


def changes_a_verdict(knowledge: Knowledge, ident: str) -> bool:
    # The second day is past the telehealth extension, before which it only adds a caution.
    for base, day in product(BASES, (ON, ON.replace(year=2027))):
        before = assess(knowledge, base, day, with_changes=False)
        if before.asked[ident] is not True:
            continue
        was = [item.verdict for item in before.pathways]
        for case in varied(knowledge, base, ident):
            after = assess(knowledge, case, day, with_changes=False)
            if [item.verdict for item in after.pathways] != was:
                return True
    return False


def test_every_question_can_change_a_verdict_or_says_why_it_is_asked(knowledge: Knowledge) -> None:
    idle = {ident for ident in knowledge.pack.questions if not changes_a_verdict(knowledge, ident)}
    says = {question.id for question in knowledge.pack.questions.values() if question.informs}
    assert idle == says
    assert idle == {
        "setting.prescriber",
        "scales.phq9",
        "scales.madrs",
        "scales.audit_c",
        "logistics.payer",
    }


def test_every_question_of_the_consultation_is_asked_in_some_case(knowledge: Knowledge) -> None:
    asked = {
        ident
        for base in BASES
        for ident, shown in assess(knowledge, base, ON, with_changes=False).asked.items()
        if shown
    }
    assert asked == set(knowledge.pack.questions)
