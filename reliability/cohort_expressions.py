"""Random expressions over what the criteria know, held against the engine's own reading of them.

The shipped criteria use a part of the language. What they do not use a site's own may use tomorrow:
arithmetic, comparisons of codes with codes, lists, null; and what an expression waits for.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ketatui.cohort.errors import CohortError
from ketatui.cohort.expressions import Col, Expr
from ketatui.cohort.facts import WORD, Facts
from ketatui.cohort.names import name_tables
from ketatui.cohort.program import arrange
from ketatui.cohort.screening import connect
from ketatui.cohort.sources import distinct_names, open_source
from ketatui.cohort.values import truth_of
from ketatui.cohort.waiting import Listing, Losing
from ketatui.cql import Condition, compile_expression, parse
from ketatui.engine import Knowledge
from ketatui.engine.inputs import input_of
from ketatui.engine.judging import judge_input
from ketatui.engine.needs import NeedsFinder
from reliability.cohort_rows import Row, case_of
from reliability.cohorts import ON, run

_WHOLE = ("0", "1", "2", "7", "40", "90", "121")
_BROKEN = ("0.5", "1.25", "24.5", "-3", "-0.75", "172.5")
FIXED = (
    "patient.age div 7 = 5",
    "(patient.age + 1) div 7 >= 6",
    "patient.age + 1 > 44",
    "patient.age - 0 > 44",
    "patient.age * 0 = 0",
    "(patient.age / 3) * 3 > patient.age",
    "patient.age / scales.audit_c > 9",
    "patient.weight_kg / (patient.age + 1) > 1.75",
    "patient.weight_kg * patient.height_cm * patient.weight_kg > 900000",
    "patient.weight_kg * 2 - patient.height_cm < 0",
    "Round(patient.weight_kg - 80, 0) = -10",
    "Round(patient.weight_kg / (vitals.systolic + 1), 2) = 0.55",
    "Round(-patient.weight_kg, 0) <= -70",
    "-vitals.systolic < -140",
    "patient.age + null > 3",
    "null * patient.age > 3",
    "null = patient.age",
    "patient.age != null",
    "patient.age in {40, 41, patient.age}",
    "medical.hepatic = medical.renal",
    "'none' = medical.hepatic",
    "'none' = 'none'",
    "'none' = 'mild'",
    "derived.drug_classes contains null",
    "derived.drug_classes is null",
    "(patient.age - vitals.systolic) / patient.age > 0",
    "patient.age / (vitals.systolic - patient.age) > 0",
    "(patient.age - vitals.systolic) div patient.age > 0",
    "patient.weight_kg * patient.weight_kg * patient.weight_kg * patient.weight_kg > 1",
    "(vitals.systolic * patient.age - vitals.systolic) / 7 > 3",
    "(0 - patient.age) * patient.age / 7 > 3",
    "setting.dea_ciii = medical.avm",
)
"""Expressions that every way of lowering them is tried on; some are refused."""
_CLASSES = ("opioid", "benzodiazepine", "no_such_class")


class Writer:
    """Writes expressions from a seed."""

    def __init__(self, knowledge: Knowledge, seed: int) -> None:
        """Args: the compiled pack, and where the random numbers begin."""
        self.chance = random.Random(seed)
        pack = knowledge.pack
        kinds: dict[str, list[str]] = {}
        self.codes: dict[str, list[str]] = {}
        for ident, question in pack.questions.items():
            kinds.setdefault(question.kind, []).append(ident)
            if question.kind == "choice":
                self.codes[ident] = [option.code for option in question.options]
        self.truths = kinds["bool"]
        self.numbers = [*kinds["int"], *kinds["decimal"], *kinds["scale"]]
        for ident, fact in pack.derived.items():
            if fact.calculation in ("failed_trials", "item"):
                self.numbers.append(ident)
            elif fact.calculation == "band":
                scales = pack.instruments.values()
                bands = next(each.bands for each in scales if each.question == fact.of)
                self.codes[ident] = [band.code for band in bands]
        self.numbers += [each for each in ("derived.bmi",) if each in pack.derived] * 3
        self.lists = [i for i, d in pack.derived.items() if d.calculation == "drug_classes"]

    def many(self, count: int) -> Iterator[str]:
        """Yield different expressions that are yes or no."""
        seen: set[str] = set()
        while len(seen) < count:
            text = self.truth(self.chance.choice((1, 1, 2, 2, 3)))
            if text not in seen:
                seen.add(text)
                yield text

    def truth(self, depth: int) -> str:
        """Write a yes/no."""
        pick = self.chance.choice
        if depth == 0:
            return pick((pick(self.truths), self._about_code(), self._compared(0)))
        kind = self.chance.randrange(9)
        if kind < 2:
            op = pick(("and", "or", "xor", "implies", "=", "!="))
            return f"({self.truth(depth - 1)}) {op} ({self.truth(depth - 1)})"
        if kind == 2:
            return f"not ({self.truth(depth - 1)})"
        if kind == 3:
            what = pick(("null", "not null", "true", "not true", "false", "not false"))
            return f"({self.truth(depth - 1)}) is {what}"
        if kind == 4:
            return self._about_code()
        if kind == 5:
            return self._listed(depth)
        return self._compared(depth)

    def _compared(self, depth: int) -> str:
        pick = self.chance.choice
        left, right = self.number(depth), self.number(depth - 1 if depth else 0)
        if self.chance.random() < 0.1:
            return f"({left}) is {pick(('null', 'not null'))}"
        if self.chance.random() < 0.15:
            return f"({left}) between ({right}) and ({self.number(0)})"
        return f"({left}) {pick(('=', '!=', '<', '<=', '>', '>='))} ({right})"

    def _about_code(self) -> str:
        pick = self.chance.choice
        one, other = pick([*self.codes]), pick([*self.codes])
        code = pick([*self.codes[one], *self.codes[other], "no_such_code"])
        return pick(
            (
                f"{one} = '{code}'",
                f"'{code}' != {one}",
                f"{one} = {other}",
                f"{one} != {one}",
                f"'{code}' = '{pick(self.codes[one])}'",
                f"{one} is null",
                f"{one} in {{'{code}', '{pick(self.codes[one])}'}}",
                f"{{'{code}', {other}}} contains {one}",
            )
        )

    def _listed(self, depth: int) -> str:
        pick = self.chance.choice
        inner, item = self.number(depth - 1), self.number(0)
        forms = [
            f"({inner}) in {{1, {item}, null}}",
            f"null in {{{item}, 1}}",
            f"({inner}) in null",
        ]
        if self.lists:
            taken = pick(self.lists)
            code = pick(_CLASSES)
            forms += [
                f"{taken} contains '{code}'",
                f"'{code}' in {taken}",
                f"{taken} is {pick(('null', 'not null'))}",
                f"{taken} contains null",
            ]
        return pick(forms)

    def number(self, depth: int) -> str:
        """Write a number."""
        pick = self.chance.choice
        if depth <= 0 or self.chance.random() < 0.3:
            return pick((pick(self.numbers), pick(self.numbers), pick(_WHOLE), pick(_BROKEN)))
        kind = self.chance.randrange(8)
        if kind == 0:
            return f"Round({self.number(depth - 1)}, {pick((0, 1, 2))})"
        if kind == 1:
            return f"-({self.number(depth - 1)})"
        op = pick(("+", "-", "*", "*", "/", "div"))
        return f"({self.number(depth - 1)}) {op} ({self.number(depth - 1)})"


def engine_says(
    knowledge: Knowledge, rows: Sequence[Row], texts: Sequence[str]
) -> dict[str, list[tuple[Any, tuple[str, ...], bool]]]:
    """Return of each expression and row its value, what it waits for, and whether that is lost."""
    thresholds = knowledge.pack.threshold_values
    conditions = {text: compile_expression(text, parse(text), thresholds) for text in texts}
    told: dict[str, list[tuple[Any, tuple[str, ...], bool]]] = {text: [] for text in texts}
    for row in rows:
        facts, _ = judge_input(knowledge, input_of(case_of(knowledge, row)), ON)
        finder = NeedsFinder(knowledge, facts)
        for text, condition in conditions.items():
            needs = finder.of([condition])
            value = condition.value(facts.values)
            told[text].append((value, needs.questions, needs.all_unknown))
    return told


def columns_say(
    knowledge: Knowledge, path: Path, texts: Sequence[str], engine: str = "polars"
) -> dict[str, list[tuple[Any, tuple[str, ...], bool]]]:
    """Return the same as the cohort works it out; without those that it refuses."""
    connection = connect(1)
    source = open_source(connection, path, knowledge.pack)
    names = name_tables(knowledge, distinct_names(connection, source))
    facts = Facts(knowledge, source.given, names)
    losing, listing = Losing(facts), Listing(facts)
    outputs: dict[str, Expr] = {"id": Col("id")}
    thresholds = knowledge.pack.threshold_values
    for text in texts:
        condition: Condition = compile_expression(text, parse(text), thresholds)
        try:
            outputs[text] = truth_of(facts.reader.read(condition.node))
        except CohortError:
            continue
        for at, word in enumerate(listing.of(condition)):
            outputs[f"needs{at} {text}"] = word
        outputs[f"lost {text}"] = losing.of(condition).not_excluded
    program = arrange(facts.steps, outputs, facts.lookups)
    found = run(connection, program, source, path, engine)

    def needs(row: Row, text: str) -> tuple[str, ...]:
        words = [row[f"needs{at} {text}"] for at in range(listing.words)]
        return tuple(
            ident
            for place, ident in enumerate(listing.order)
            if words[place // WORD] >> place % WORD & 1
        )

    return {
        text: [(row[text], needs(row, text), row[f"lost {text}"]) for row in found]
        for text in outputs
        if f"lost {text}" in outputs
    }
