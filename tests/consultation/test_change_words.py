"""What was undone is named: the question and what had been answered, never a text."""

from __future__ import annotations

from ketatui.cases.model import Decision
from ketatui.consultation import edits as e
from ketatui.consultation.change_words import change_text
from ketatui.engine import Knowledge

TWO = (
    e.SetAnswer(question="vitals.systolic", value=148),
    e.SetAnswer(question="vitals.diastolic", value=92),
)
CASES = (
    (e.SetAnswer(question="vitals.heart_rate", value=72), "Heart rate 72 /min"),
    (e.SetAnswer(question="vitals.heart_rate"), "Heart rate cleared"),
    (e.SetAnswer(question="vitals.heart_rate", unknown=True), "Heart rate unknown"),
    (e.SetAnswer(question="patient.weight_kg", value="70.5"), "Weight 70.5 kg"),
    (
        e.SetAnswer(question="indication.diagnosis", value="mdd"),
        "Diagnosis to be treated Major depressive",
    ),
    (e.Together(edits=TWO), "Systolic blood pressure 148 mmHg, Diastolic blood pressure 92 mmHg"),
    (e.Together(edits=TWO * 2), "4 answers"),
    (e.SetNote(question="vitals.heart_rate", text="a secret"), "note on Heart rate"),
    (e.SetLabel(text="a secret"), "label"),
    (e.SetMedications(rows=()), "Medications and substances"),
    (e.SetDecision(decision=Decision(reason="a secret")), "decision"),
)


def test_an_edit_is_named_in_a_few_words(knowledge: Knowledge) -> None:
    for edit, words in CASES:
        said = change_text(knowledge.pack, edit)
        assert said.startswith(words), edit
        assert "secret" not in said
