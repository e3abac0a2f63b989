"""The pack's conditions in CQL: HL7's translator takes them, its engine gives our results."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from interop.node import run_node
from interop.tally import Tally
from ketatui.cases.model import Answer, Case, Medication, Trial
from ketatui.cql import Value
from ketatui.cql.logic import PartialList
from ketatui.criteria.models import Question
from ketatui.engine import Knowledge, establish
from ketatui.engine.facts import Facts
from ketatui.reports.cql_library import cql_library, is_given, library_name

PATIENTS = 200
_ANSWERED = (0.3, 0.7, 0.95)
"""Shares of the questions that are answered: little, much, nearly all."""


def check(knowledge: Knowledge, folder: Path, seed: int, patients: int = PATIENTS) -> Tally:
    """Hold the reference engine's results against ours.

    Args:
        knowledge: The compiled pack.
        folder: Where files may be written.
        seed: Of the random patients.
        patients: How many.

    Returns:
        What was tried, and what differs.
    """
    tally = Tally("CQL, run by @cqframework/cql and cql-execution")
    found = [establish(knowledge, case) for case in random_cases(knowledge, seed, patients)]
    library = folder / f"{library_name(knowledge.pack)}.cql"
    library.write_text(cql_library(knowledge), "utf-8")
    given = folder / "patients.json"
    cases = list(random_cases(knowledge, seed, patients))
    given.write_text(
        json.dumps([parameters(knowledge, *both) for both in zip(cases, found, strict=True)])
    )
    said = run_node("cql.mjs", library, given)
    for error in said["errors"]:
        tally.differs(f"the translator says: {error}")
    for number, (facts, theirs) in enumerate(zip(found, said["results"], strict=False)):
        for name, value in results(knowledge, facts):
            tally.tried += 1
            there = theirs.get(name, "no such definition")
            if _plain(value) != there:
                tally.differs(f"patient {number}: {name}: {_plain(value)} here, {there} there")
    return tally


def results(knowledge: Knowledge, facts: Facts) -> Iterator[tuple[str, Value]]:
    """Yield every definition of the library with the value it has here."""
    pack, values = knowledge.pack, facts.values
    for ident, question in pack.questions.items():
        if question.kind != "rows":
            yield ident, values.get(ident)
    for ident, fact in pack.derived.items():
        if not is_given(fact):
            yield ident, values.get(ident)
    texts = {condition.text: condition for condition in knowledge.conditions}
    for rule in pack.rules.values():
        if rule.when is not None and rule.when in texts:
            yield f"rule.{rule.id}", texts[rule.when].value(values)
        for pathway, variant in rule.on.items():
            if variant.when is not None:
                yield f"rule.{rule.id}.{pathway}", texts[variant.when].value(values)
    for prefix, conditions in (
        ("support", knowledge.support),
        ("contradiction", knowledge.contradictions),
        ("hidden", knowledge.consent_hidden),
    ):
        for ident, condition in conditions.items():
            yield f"{prefix}.{ident}", condition.value(values)
    for ident, rules in knowledge.payers.items():
        for rule_of, condition in zip(pack.payers[ident].rules, rules, strict=True):
            yield f"payer.{ident}.{rule_of.id}", condition.value(values)


def _plain(value: Value) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def parameters(knowledge: Knowledge, case: Case, facts: Facts) -> dict[str, Any]:
    """Return a case's answers as the library's parameters."""
    pack = knowledge.pack
    found: dict[str, Any] = {
        f"answer.{ident}": _plain(case.answers.get(ident))
        for ident, question in pack.questions.items()
        if question.kind != "rows"
    }
    for ident, fact in pack.derived.items():
        if is_given(fact):
            value = facts.values.get(ident)
            found[ident] = _listed(value) if isinstance(value, tuple) else value
    return found


def _listed(value: tuple[str, ...]) -> list[str | None]:
    """Return a list as the library reads it: with a null in it where it may go on."""
    return [*value, None] if isinstance(value, PartialList) else list(value)


def random_cases(knowledge: Knowledge, seed: int, count: int) -> Iterator[Case]:
    """Yield invented cases, consistent or not: from hardly answered to nearly complete."""
    chance = random.Random(seed)
    pack = knowledge.pack
    names = sorted(pack.medicines)
    drugs = sorted(pack.antidepressants)
    for number in range(count):
        share = _ANSWERED[number % len(_ANSWERED)]
        answers = {
            ident: _answer(knowledge, question, chance)
            for ident, question in pack.questions.items()
            if question.kind != "rows" and chance.random() < share
        }
        yield Case(
            answers=answers,
            trials=tuple(_trial(chance, drugs) for _ in range(chance.randrange(4))),
            medications=tuple(
                Medication(name=chance.choice(names)) for _ in range(chance.randrange(4))
            ),
        )


def _answer(knowledge: Knowledge, question: Question, chance: random.Random) -> Answer:
    match question.kind:
        case "bool":
            return chance.random() < 0.5
        case "choice":
            return chance.choice(question.options).code
        case "scale":
            scale = knowledge.pack.instruments[question.instrument or ""]
            return chance.randint(scale.min, scale.max)
    return _number(knowledge, question, chance)


def _number(knowledge: Knowledge, question: Question, chance: random.Random) -> int | Decimal:
    low, high = int(question.min or 0), int(question.max or 100)
    names = {
        name
        for condition in knowledge.conditions
        if question.id in condition.reads
        for name in condition.thresholds
    }
    values = (int(knowledge.pack.threshold_values[name]) for name in sorted(names))
    near = [value for value in values if low < value < high]
    number = chance.randint(low, high)
    if near and chance.random() < 0.5:
        # At a threshold and on both sides of it is where results differ.
        number = min(high, max(low, chance.choice(near) + chance.randint(-1, 1)))
    if question.kind == "decimal":
        return min(Decimal(high), Decimal(number) + Decimal(chance.randrange(10)) / 10)
    return number


def _trial(chance: random.Random, drugs: list[str]) -> Trial:
    return Trial(
        drug=chance.choice(drugs),
        daily_dose_mg=Decimal(chance.choice((10, 20, 75, 150, 300))),
        weeks=Decimal(chance.choice((3, 5, 6, 8, 12))),
        outcome=chance.choice(("no_response", "partial_response", "response", "not_tolerated")),
        adherent=chance.random() < 0.9,
        current_episode=chance.random() < 0.9,
    )
