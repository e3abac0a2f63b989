"""What a consultation shows of its questions is what one that was just opened would show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ketatui.cases.model import Medication, Trial
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import (
    SetAnswer,
    SetItem,
    SetMedications,
    SetNote,
    SetTrials,
)
from ketatui.tui.views import questions
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Line
from tests.consultation.support import consultation_of
from tests.effort import tries
from tests.strategies import shipped

if TYPE_CHECKING:
    from ketatui.consultation.changes import Change

ASKED = [item for item in shipped().pack.questions.values() if item.kind in ("bool", "choice")]
ROWS: list[Change] = [
    SetTrials(rows=()),
    SetTrials(rows=(Trial(drug="sertraline"),)),
    SetTrials(rows=(Trial(drug="sertraline", outcome="response"),)),
    SetMedications(rows=(Medication(name="nobody knows it"),)),
    SetMedications(rows=()),
]
PHQ9 = shipped().pack.instruments["phq9"].items


@st.composite
def edits(draw: st.DrawFn) -> Change:
    question = draw(st.sampled_from(ASKED))
    codes: list[bool | str] = [option.code for option in question.options]
    values = codes or [True, False]
    match draw(st.sampled_from(["answer"] * 5 + ["unknown", "clear", "note", "rows", "item"])):
        case "answer":
            return SetAnswer(question=question.id, value=draw(st.sampled_from(values)))
        case "unknown":
            return SetAnswer(question=question.id, unknown=True)
        case "clear":
            return SetAnswer(question=question.id)
        case "note":
            return SetNote(question=question.id, text=draw(st.sampled_from(["", "asked twice"])))
        case "item":
            item = draw(st.sampled_from(PHQ9))
            return SetItem(question="scales.phq9", item=item.id, score=draw(st.integers(0, 3)))
        case _:
            return draw(st.sampled_from(ROWS))


def shown(consultation: Consultation) -> list[tuple[list[FormItem], list[Line]]]:
    return [
        (
            questions.question_items(consultation, section.id, why=False),
            questions.section_lines(consultation, section.id, 30),
        )
        for section in consultation.pack.sections
    ]


@given(steps=st.lists(edits(), min_size=1, max_size=12), undone=st.integers(0, 3))
@settings(max_examples=tries(25))
@example(steps=[SetTrials(rows=(Trial(drug="sertraline"),))], undone=1)
def test_after_any_edits_it_is_what_a_consultation_just_opened_shows(
    steps: list[Change], undone: int
) -> None:
    consultation = consultation_of(shipped())
    for step in [*steps, *[None] * undone]:
        if step is None:
            consultation.undo()
        else:
            consultation.do(step)
        before = shown(consultation)
        assert consultation.statuses.keys() <= consultation.pack.questions.keys()
    questions._kept.clear()
    anew = consultation_of(shipped(), consultation.case)
    assert before == shown(anew)
    for question in consultation.pack.questions:
        assert consultation.status(question) == anew.status(question)
    assert consultation.who == anew.who
