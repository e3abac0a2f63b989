"""Random rows of a table of patients, and what the engine makes of each: the cohort's judge.

What is read of a row here goes through the checks of case files, value by value, and through the
engine: nothing of the cohort's own lowering.
"""

from __future__ import annotations

import datetime as dt
import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ketatui.cases.model import Case, Medication, Trial
from ketatui.cases.values import RefusedError, checked
from ketatui.criteria.models import Column, Question
from ketatui.criteria.vocabulary import MEDICATIONS, TRIALS
from ketatui.engine import Knowledge
from ketatui.engine.coverage import cover
from ketatui.engine.inputs import ROWS, input_of
from ketatui.engine.judging import judge_input
from ketatui.engine.trials import failing_outcomes

Row = dict[str, Any]

_MEDICINES = (
    "lorazepam", "Oxycodone 5 mg PO q6h prn", "gabapentin", "zolpidem", "alcohol", "cannabis",
    "methylphenidate", "phenelzine", "memantine", "ketamine", "theophylline", "pseudoephedrine",
    "clarithromycin", "clopidogrel", "carbamazepine", "naltrexone", "lamotrigine", "quetiapine",
    "lithium", "levothyroxine", "oxymetazoline", "Ozempic", "sertraline", "metformin",
    "homemade tincture", "blue pill", "", "losartan/HCTZ",
)  # fmt: skip
_DRUGS = (
    "sertraline", "Zoloft", "venlafaxine XR", "bupropion", "paroxetine", "paroxetine cr",
    "novelazine", "lithium", "quetiapine", "mirtazapine", "", "tranylcypromine", "aripiprazole",
)  # fmt: skip
_SAID = ("opioid", "benzodiazepine", "none_of_these", "cannot_be_established", "no_such_class")


@dataclass
class Maker:
    """Makes rows from a seed.

    Attributes:
        knowledge: The compiled pack.
        seed: Where the random numbers begin.
        bad: How many of a hundred values are ones that a question does not allow.
        calm: Make patients whom little stops, and of whom nothing is lacking.
        planted: How many of those there are so far, by column.
    """

    knowledge: Knowledge
    seed: int = 1
    bad: float = 1.5
    calm: bool = False
    planted: dict[str, int] = field(default_factory=dict)
    _choices: dict[str, list[Any]] = field(default_factory=dict)

    def rows(self, count: int, first: int = 0) -> Iterator[Row]:
        """Yield rows; the same for the same seed and place."""
        for number in range(first, first + count):
            yield self._row(random.Random(f"{self.seed}/{number}"), number)

    def _row(self, chance: random.Random, number: int) -> Row:
        if not self.calm and number % 4 == 0:
            return self._near(chance, number)
        row: Row = {"id": f"p{number}"}
        absent = chance.choice((0.0, 0.0, 0.02, 0.1, 0.4, 0.8))
        clean = chance.choice((0.0, 0.5, 0.9, 0.97))
        lost = chance.choice((0.0, 0.0, 0.3, 1.0))
        if self.calm:
            absent, clean, lost = 0.0, 0.995, 0.0
        unknown = []
        for ident, question in self.knowledge.pack.questions.items():
            if question.kind == "rows":
                continue
            if chance.random() < absent:
                row[ident] = None
                if chance.random() < lost:
                    unknown.append(ident)
            else:
                row[ident] = self._value(chance, question, clean)
        self._items(chance, row)
        row[TRIALS] = self._trials(chance)
        row[MEDICATIONS] = self._medicines(chance)
        row |= self._further(chance)
        if chance.random() < lost * 0.5:
            unknown += chance.sample([*self.knowledge.pack.questions], 2)
        if chance.random() < 0.01:
            unknown.append("no.such_question")
            self._plant("unknown")
        row["unknown"] = unknown if unknown or chance.random() < 0.5 else None
        return row

    def _near(self, chance: random.Random, number: int) -> Row:
        """Make a patient whom nothing stops, but for one thing or two."""
        questions = [q for q in self.knowledge.pack.questions.values() if q.kind != "rows"]
        row: Row = {"id": f"p{number}", "unknown": []}
        for question in questions:
            row[question.id] = self._healthy(question)
        row["indication.diagnosis"] = chance.choice(("mdd", "mdd", "bipolar_depression", "ptsd"))
        row["setting.site"] = chance.choice(("outpatient_clinic", "inpatient_unit"))
        row["patient.sex"] = chance.choice(("female", "male"))
        row |= self._further(chance)
        row[MEDICATIONS] = []
        row[TRIALS] = [
            {"drug": name, "daily_dose_mg": 300.0, "weeks": 8.0, "outcome": "no_response"}
            | {"adherent": True, "current_episode": True}
            for name in ("sertraline", "venlafaxine")
        ]
        # One question after the other is changed, and now and then a second one.
        changed = [questions[number // 4 % len(questions)]]
        changed += chance.sample(questions, chance.choice((0, 0, 1, 2)))
        for question in changed:
            how = chance.random()
            row[question.id] = self._value(chance, question, 0.0) if how < 0.5 else None
            if how > 0.75:
                row["unknown"].append(question.id)
        if chance.random() < 0.3:
            row[TRIALS] = self._trials(chance)
        if chance.random() < 0.3:
            row[MEDICATIONS] = self._medicines(chance)
        if chance.random() < 0.1:
            row["unknown"] += chance.sample((TRIALS, MEDICATIONS), 1)
        return row

    def _healthy(self, question: Question) -> Any:
        usual = {
            "setting.prescriber": "psychiatrist",
            "labs.pregnancy_test": "negative",
            "labs.liver": "normal",
            "labs.ecg": "normal",
            "substance.urine_drug_screen": "negative",
            "patient.age": 40,
            "patient.weight_kg": 70.0,
            "patient.height_cm": 172.5,
            "patient.contraception": True,
            "vitals.systolic": 122,
            "vitals.diastolic": 78,
            "vitals.heart_rate": 72,
            "vitals.spo2": 98,
            "trials.reported_count": None,
            "depression.acute_suicidality": False,
            "depression.imminent_risk": False,
            "depression.psychotic_features": False,
        }
        if question.id in usual:
            return usual[question.id]
        if question.kind == "bool":
            section = question.id.partition(".")[0]
            return section not in ("medical", "psych", "substance", "patient") or (
                question.id == "substance.pdmp_checked"
            )
        if question.kind == "choice":
            return question.none or question.options[0].code
        return 12 if question.id == "scales.phq9" else 2

    def _plant(self, name: str) -> None:
        self.planted[name] = self.planted.get(name, 0) + 1

    def _value(self, chance: random.Random, question: Question, clean: float) -> Any:
        if chance.random() * 100 < self.bad and question.kind != "bool":
            self._plant(question.id)
            return self._bad(chance, question)
        match question.kind:
            case "bool":
                good = question.id.split(".")[0] in ("medical", "psych", "substance", "patient")
                good = good and question.id != "substance.pdmp_checked"
                good = good or question.id in ("depression.imminent_risk",)
                return not good if chance.random() < clean else chance.random() < 0.5
            case "choice":
                if question.none and chance.random() < clean:
                    return question.none
                codes = [option.code for option in question.options]
                codes += [code for option in question.options for code in option.also]
                if question.id == "indication.diagnosis" and chance.random() < 0.5:
                    return "mdd"
                return chance.choice(codes)
            case _:
                return self._number(chance, question, clean)

    def _number(self, chance: random.Random, question: Question, clean: float) -> Any:
        edges = self._edges(question)
        if chance.random() < clean and question.soft_min is not None:
            low, high = int(question.soft_min), int(question.soft_max or question.soft_min)
            middle = (low + high) // 2
            value = chance.randint((low + middle) // 2, middle)
        else:
            value = chance.choice(edges)
        if question.kind != "decimal":
            return value
        digits = chance.choice((0, 1, 2, 2, 6))
        return round(value + chance.random() * (digits > 0), digits)

    def _edges(self, question: Question) -> list[int]:
        if question.id not in self._choices:
            scale = self.knowledge.pack.instruments.get(question.instrument or "")
            low = int(scale.min if scale else question.min or 0)
            high = int(scale.max if scale else question.max or 100)
            thresholds = [each.value for each in self.knowledge.pack.thresholds.values()]
            near = {int(value) + d for value in thresholds for d in (-1, 0, 1)}
            edges = [value for value in sorted(near) if low <= value <= high]
            self._choices[question.id] = [low, high, *edges, *range(low, high, 7)]
        return self._choices[question.id]

    def _bad(self, chance: random.Random, question: Question) -> Any:
        if question.kind == "choice":
            code = question.options[0].code
            return chance.choice((code.upper(), f"{code} ", "", "unknown", "n/a"))
        limit = 100_000
        return (
            chance.choice((-1, limit))
            if question.kind != "decimal"
            else chance.choice((-0.5, 0.0, 1e9, float("inf")))
        )

    def _items(self, chance: random.Random, row: Row) -> None:
        for ident, question in self.knowledge.pack.questions.items():
            scale = self.knowledge.pack.instruments.get(question.instrument or "")
            if scale is None or not scale.items:
                continue
            taken = chance.random()
            scores = []
            for item in scale.items:
                score = chance.choice((0, 0, 0, 1, 2, 3)) if taken < 0.4 else None
                if taken < 0.1 and chance.random() < 0.2:
                    score = chance.choice((None, -1, 9))
                    if score is not None:
                        self._plant(f"{ident}.{item.id}")
                row[f"{ident}.{item.id}"] = score
                scores.append(score)
            if taken < 0.4 and chance.random() < 0.8:
                whole = [score for score in scores if score is not None]
                row[ident] = sum(whole) if chance.random() < 0.5 else None

    def _trials(self, chance: random.Random) -> list[Row] | None:
        if chance.random() < 0.15:
            return None
        return [self._trial(chance) for _ in range(chance.choice((0, 1, 2, 2, 3, 4)))]

    def _trial(self, chance: random.Random) -> Row:
        def maybe(value: Any) -> Any:
            return None if chance.random() < 0.06 else value

        row: Row = {
            "kind": chance.choice((None, None, None, "antidepressant", "ect", "augmentation")),
            "drug": maybe(chance.choice(_DRUGS)),
            "daily_dose_mg": maybe(chance.choice((10.0, 24.999, 25.0, 50.0, 150.5, 300.0))),
            "weeks": maybe(chance.choice((5.0, 5.999999, 6.0, 8.0, 12.0))),
            "outcome": maybe(
                chance.choice(
                    ("no_response", "no_response", "partial_response", "response", "not_tolerated")
                )
            ),
            "adherent": maybe(chance.random() < 0.85),
            "current_episode": maybe(chance.random() < 0.85),
            "dose_adequate": chance.choice((None, True, False)),
        }
        if chance.random() * 100 < self.bad * 2:
            name, value = chance.choice(
                (("kind", "ECT"), ("outcome", "none"), ("weeks", -1.0), ("daily_dose_mg", 1e6))
            )
            row[name] = value
            self._plant(f"{TRIALS}.{name}")
        columns = {column.id for column in self.knowledge.pack.questions[TRIALS].columns}
        return {name: cell for name, cell in row.items() if name in columns}

    def _further(self, chance: random.Random) -> Row:
        """Make the rows of further tables, of each of which the first column is a text."""
        found: Row = {}
        for ident, question in self.knowledge.pack.questions.items():
            if question.kind == "rows" and ident not in ROWS:
                first, *others = [column.id for column in question.columns]
                number = chance.choice((0, 0, 1, 3))
                rows = [{first: f"row {each}", **dict.fromkeys(others)} for each in range(number)]
                found[ident] = rows
        return found

    def _medicines(self, chance: random.Random) -> list[Row] | None:
        if chance.random() < 0.15:
            return None
        return [self._medicine(chance) for _ in range(chance.choice((0, 0, 1, 1, 2, 3)))]

    def _medicine(self, chance: random.Random) -> Row:
        classes: list[str] | None = None
        name: str | None = chance.choice(_MEDICINES)
        if chance.random() < 0.2:
            name = chance.choice(("homemade tincture", "blue pill", name))
            classes = chance.choice(([], [chance.choice(_SAID)], chance.sample(_SAID, 2)))
            if not _are_allowed(self.knowledge, classes):
                self._plant(f"{MEDICATIONS}.classes")
        name = None if chance.random() < 0.01 else name
        return {"name": name, "dose": None, "classes": classes}


def _are_allowed(knowledge: Knowledge, classes: list[str]) -> bool:
    known = {*knowledge.pack.drug_classes, "none_of_these", "cannot_be_established"}
    return set(classes) <= known and ("none_of_these" not in classes or len(classes) == 1)


# --- what the engine says --------------------------------------------------------------------


def case_of(knowledge: Knowledge, row: Mapping[str, Any]) -> Case:
    """Return the case that a row is, what nothing allows counting as not answered."""
    pack = knowledge.pack
    answers: dict[str, Any] = {}
    scores: dict[str, dict[str, int]] = {}
    for ident, question in pack.questions.items():
        if question.kind == "rows":
            continue
        scale = pack.instruments.get(question.instrument or "")
        value = _checked(question, row.get(ident), (scale.min, scale.max) if scale else None)
        if value is not None:
            answers[ident] = value
        for item in scale.items if scale else ():
            score = row.get(f"{ident}.{item.id}")
            if score is not None and 0 <= score < len(item.options):
                scores.setdefault(ident, {})[item.id] = score
    for ident, question in pack.questions.items():
        high, low = answers.get(question.below or ""), answers.get(ident)
        if high is not None and low is not None and low >= high:
            del answers[ident], answers[question.below or ""]
    for ident, of_items in scores.items():
        scale = pack.instruments[pack.questions[ident].instrument or ""]
        if len(of_items) == len(scale.items) and sum(of_items.values()) != answers.get(ident):
            answers.pop(ident, None)
    marks = frozenset(row.get("unknown") or ())
    # A mark that cannot be read may have meant anything of the row.
    unknown = marks if marks <= pack.questions.keys() else frozenset(pack.questions)
    listed = row.get(MEDICATIONS) or ()
    medicines = [_medicine_of(knowledge, each) for each in listed]
    # A class that cannot be read keeps the list open, as a medicine without a name does.
    misread = [each for each in listed if not _are_allowed(knowledge, each["classes"] or [])]
    return Case(
        answers={ident: value for ident, value in answers.items() if ident not in unknown},
        unknown=unknown,
        scale_items=scores if unknown is marks else {},
        trials=tuple(_trial_of(knowledge, each) for each in row.get(TRIALS) or ()),
        tables={
            ident: tuple(row[ident])
            for ident, question in pack.questions.items()
            if question.kind == "rows" and ident not in ROWS and row.get(ident)
        },
        medications=(*medicines, *(Medication(name="") for _ in misread)),
    )


def _checked(asked: Question | Column, value: Any, limits: Any = None) -> Any:
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        exact = Decimal(repr(value))
        value = exact.quantize(Decimal("1e-8"), ROUND_HALF_UP) if abs(exact) < 10**9 else exact
    try:
        return None if value is None else checked(asked, value, limits)
    except RefusedError:
        return None


def _trial_of(knowledge: Knowledge, row: Mapping[str, Any]) -> Trial:
    columns = {column.id: column for column in knowledge.pack.questions[TRIALS].columns}
    cells = {name: _checked(columns[name], value) for name, value in row.items() if name in columns}
    is_misread = row.get("kind") is not None and cells["kind"] is None
    if is_misread and cells.get("outcome") in failing_outcomes(knowledge.pack):
        # A kind that cannot be read keeps the row open; not given would stand for one.
        cells["outcome"] = None
    return Trial(**{**cells, "drug": cells.get("drug") or ""})


def _medicine_of(knowledge: Knowledge, row: Mapping[str, Any]) -> Medication:
    classes = row.get("classes") or ()
    allowed = _are_allowed(knowledge, list(classes))
    return Medication(name=row.get("name") or "", classes=tuple(classes) if allowed else ())


def expected(
    knowledge: Knowledge,
    row: Mapping[str, Any],
    columns: Mapping[str, Mapping[str, str]],
    payers: Mapping[str, Mapping[str, str]],
    on: dt.date,
) -> dict[str, Any]:
    """Return what the cohort has to say of a row, by column, as the engine judges it.

    Args:
        knowledge: The compiled pack.
        row: The row.
        columns: The column of each rule, by pathway, then rule.
        payers: The column of each rule of a payer, by payer, then rule.
        on: The day.

    Returns:
        Values by column; of payers only the rules of the patient's own.
    """
    facts, judged = judge_input(knowledge, input_of(case_of(knowledge, row)), on, with_needs=False)
    found: dict[str, Any] = {}
    for pathway in judged:
        for what in ("verdict", "best", "worst", "complete"):
            found[f"{pathway.id}.{what}"] = getattr(pathway, what)
        rules = columns[pathway.id]
        values: dict[str, bool | None] = dict.fromkeys(rules, False)
        values |= {item.rule: True for item in pathway.findings}
        values |= {item.rule: None for item in pathway.open}
        for rule, column in rules.items():
            value = values.pop(rule)
            if column in found and found[column] is not value:
                raise AssertionError(f"{rule} differs between pathways that share a column")
            found[column] = value
        if values:
            raise AssertionError(f"no column for {', '.join(values)}")
    coverage = cover(knowledge, facts)
    found["coverage"] = coverage.verdict
    results = {"met": True, "not_met": False, "unknown": None}
    for item in coverage.rules:
        found[payers[coverage.profile][item.rule]] = results[item.result]
    return found
