"""What is typed at a visit, turned into answers or a sentence that says why not."""

from __future__ import annotations

from collections.abc import Mapping

from ketatui.cases.base import Answer
from ketatui.cases.model import Case
from ketatui.consultation.entry import Entry, parse_entry
from ketatui.consultation.treatment import Treatment
from ketatui.course.vocabulary import DIASTOLIC, SYSTOLIC
from ketatui.criteria.models import Question


def parse_visit_entry(treatment: Treatment, question: Question, text: str) -> Entry:
    """Parse what was typed for a question of a visit.

    Args:
        treatment: The visit.
        question: One of its questions.
        text: As typed.

    Returns:
        The value, or the problem; possibly with something to check. `Entry.also` has what was
        typed with it.
    """
    pack, known = treatment.criteria, treatment.pack.questions
    questions = dict(known)
    # The two values of one pressure are typed as they are said: 141/88.
    if SYSTOLIC in known and DIASTOLIC in known:
        questions[DIASTOLIC] = known[DIASTOLIC].replaced(below=SYSTOLIC)
    of_visit = Case(answers=dict(treatment.the_visit().answers))
    return parse_entry(pack.replaced(questions=questions), question, text, of_visit)


def answers_of(question: str, entry: Entry) -> Mapping[str, Answer]:
    """Return what a typed value answers, by question id.

    Args:
        question: The question it was typed for.
        entry: A value that is one.
    """
    assert entry.value is not None
    return {question: entry.value, **dict(entry.also)}
