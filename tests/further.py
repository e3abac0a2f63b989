"""A pack with a third table: infusions given elsewhere, counted, and read by a rule."""

from __future__ import annotations

from ketatui.criteria.models import Column, Derived, Question, Rule
from ketatui.criteria.pack import Pack
from ketatui.toml_structs import read_table

INFUSIONS = "history.infusions"
ROUTES = [{"code": "iv", "label": "Vein"}, {"code": "im", "label": "Muscle"}]


def with_infusions(pack: Pack) -> Pack:
    """Return the pack with the table at the end of its medical questions."""
    columns = (
        {"id": "clinic", "label": "Clinic", "kind": "text"},
        {"id": "dose_mg", "label": "Dose", "kind": "decimal", "unit": "mg", "min": 0, "max": 900},
        {"id": "number", "label": "Infusions", "kind": "int", "min": 1, "max": 99},
        {"id": "route", "label": "Into", "kind": "choice", "options": ROUTES},
        {"id": "helped", "label": "Helped", "kind": "bool", "required": False},
    )
    words = {"text": "Infusions elsewhere?", "help": "h", "why": "w", "sources": ("atrq",)}
    table = Question(
        id=INFUSIONS,
        kind="rows",
        label="Infusions elsewhere",
        columns=tuple(read_table(column, Column) for column in columns),
        **words,  # type: ignore[arg-type]
    )
    count = Derived(
        id="derived.infusions", title="Infusions", kind="int", calculation="count", of=INFUSIONS
    )
    rule = Rule(
        id="infusions-elsewhere",
        title="Infusions elsewhere",
        when="derived.infusions > 0",
        because="Given elsewhere before.",
        do="Ask for the record.",
        authority="local",
        confidence="medium",
        sources=("atrq",),
        effects={"iv": "caution"},
    )
    questions: dict[str, Question] = {}
    for ident, question in pack.questions.items():
        questions[ident] = question
        if ident == "medical.cognitive":
            questions[INFUSIONS] = table
    return pack.replaced(
        questions=questions,
        section_of={**pack.section_of, INFUSIONS: "medical"},
        derived={**pack.derived, count.id: count},
        rules={**pack.rules, rule.id: rule},
    )


def without_count_of_trials(pack: Pack) -> Pack:
    """Return a pack that asks for the antidepressant trials and counts none of them."""
    derived = {key: fact for key, fact in pack.derived.items() if key != "derived.failed_trials"}
    resistant = derived["derived.trd"].replaced(expression="trials.reported_count >= 2")
    gone = ("trd_failed_trials", "adequate_weeks")
    return pack.replaced(
        derived={**derived, resistant.id: resistant},
        thresholds={key: item for key, item in pack.thresholds.items() if key not in gone},
        payers={},
    )
