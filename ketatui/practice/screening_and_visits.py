"""Rules and questions of the screening and of visits together: a case may turn on any of them."""

from __future__ import annotations

from ketatui.criteria.models import Question, Rule
from ketatui.criteria.models.course import CourseRule
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError


def rules_of(pack: Pack) -> dict[str, Rule | CourseRule]:
    """Return every rule that a part of a case may turn on: of the screening, and of visits."""
    try:
        return {**pack.rules, **pack.course.rules}
    except PackError:
        return dict(pack.rules)


def questions_of(pack: Pack) -> dict[str, Question]:
    """Return every question of the screening, and of visits."""
    try:
        return {**pack.questions, **pack.course.questions}
    except PackError:
        return dict(pack.questions)
