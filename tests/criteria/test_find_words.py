"""What a clinician in the United States types to find a question is data of the pack."""

from __future__ import annotations

from ketatui.engine import Knowledge
from tests.each import each

TYPED = {
    "bp": {"vitals.systolic", "vitals.diastolic"},
    "htn": {"vitals.systolic", "vitals.diastolic", "medical.hypertensive_encephalopathy"},
    "hypertension": {"vitals.systolic", "vitals.diastolic", "medical.hypertensive_encephalopathy"},
    "ekg": {"labs.ecg"},
    "ecg": {"labs.ecg"},
    "uds": {"substance.urine_drug_screen"},
    "cva": {"medical.stroke_tia", "medical.intracerebral_hemorrhage"},
    "copd": {"medical.respiratory"},
    "osa": {"medical.respiratory"},
    "apnoea": {"medical.respiratory"},
    "cpap": {"medical.respiratory"},
    "ckd": {"medical.renal"},
    "chf": {"medical.heart_failure"},
    "etoh": {"substance.use_disorder", "substance.intoxicated_today", "medications"},
    "ride": {"logistics.transport"},
    "cost": {"logistics.payer"},
    "suicide": {"depression.acute_suicidality", "depression.imminent_risk"},
    "cannabis": {"substance.use_disorder", "substance.urine_drug_screen", "medications"},
    "epilepsy": {"medical.seizures_uncontrolled"},
    "opioid": {"substance.use_disorder", "medications"},
}


@each(("typed", "expected"), TYPED.items())
def test_the_word_is_written_at_the_questions_it_means(
    knowledge: Knowledge, typed: str, expected: set[str]
) -> None:
    found = {ident for ident, it in knowledge.pack.questions.items() if typed in it.find}
    assert found >= expected


def test_every_question_and_section_can_be_found_by_some_other_word(knowledge: Knowledge) -> None:
    assert [ident for ident, it in knowledge.pack.questions.items() if len(it.find) < 3] == []
    assert [part.id for part in knowledge.pack.sections if not part.find] == []
