"""Random courses with visits, as rows of a table and as the engine judges them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import polars

from ketatui.cases.courses import (
    Course,
    Event,
    Observation,
    Score,
    Visit,
    VisitKind,
)
from ketatui.cases.model import Case
from ketatui.cohort.visit_judging import decisions_of
from ketatui.cohort.visit_table import SCORED, visit_columns
from ketatui.course import CourseKnowledge
from ketatui.course.facts import visit_input
from ketatui.course.judging import VisitJudge
from ketatui.course.screening import Screening
from ketatui.course.vocabulary import DOSE

Row = dict[str, Any]
_FIRST = dt.date(2026, 3, 2)
_BASES: dict[str, tuple[str, ...]] = {"spravato": ("trd", "mdsi", "other")}
_SITES = ("outpatient_clinic", "inpatient_unit", "emergency_department", "home_telehealth")
_ASKED = (
    "visit.mania",
    "visit.urinary_symptoms",
    "visit.liver_tests",
    "visit.misuse_signs",
    "visit.rems_form_sent",
    "visit.events_reviewed",
    "visit.dose_mg",
)


class VisitMaker:
    """Makes courses from a seed, each with its visits as rows and as what the engine says."""

    def __init__(self, course: CourseKnowledge, seed: int, on: dt.date) -> None:
        """Args: the compiled course, where the random numbers begin, and today."""
        self.course, self.seed, self.on = course, seed, on

    def visits(self, courses: int) -> Iterator[tuple[Row, dict[str, Any]]]:
        """Yield visits: each as a row, with the columns that the engine says of it."""
        for number in range(courses):
            yield from self._course(random.Random(f"{self.seed}/{number}"), number)

    def _course(self, chance: random.Random, number: int) -> Iterator[tuple[Row, dict[str, Any]]]:
        pathway = chance.choice(("spravato", "spravato", "iv", "im", "oral"))
        made = Course(
            id="c1",
            pathway=pathway,
            basis=chance.choice(_BASES.get(pathway, ("trd", "other"))),
            site=chance.choice(_SITES),
            planned_sessions=chance.choice((None, None, 3, 8)),
            instrument=chance.choice((None, "madrs", "phq9")),
            scores=tuple(self._scores(chance)),
            visits=tuple(self._visits(chance)),
        )
        case = Case(id=f"p{number}", courses=(made,))
        knows_scores = chance.random() < 0.8
        latest = max(made.visits, key=lambda each: (each.date, each.number)).number
        for visit in made.visits:
            given = visit_input(self.course, case, made, visit, self.on, _NO_SCREENING)
            row = self._row(case.id, made, visit)
            row |= {name: _plain(given.given[name]) for name in SCORED}
            row["scores"] = [{"date": each.date.isoformat()} for each in made.scores]
            if not knows_scores and not made.scores:
                # Whoever has no scores may as well have none that are told.
                given = given.replaced(given={**given.given, **self._not_told(given.given)})
                row["scores"] = None
            judge = VisitJudge(self.course, made, visit, given, self.on)
            yield row, self._says(judge, visit.number == latest)

    def _not_told(self, given: Any) -> dict[str, Any]:
        """Return what is not known where nobody says when scores were taken."""
        reviewed = given["course.benefit_reviewed"]
        early = given["course.pathway"] != "spravato" and (given["course.session"] or 0) <= (
            self.course.pack.schedule.benefit.after_session
        )
        return {} if reviewed is not False or early else {"course.benefit_reviewed": None}

    def _scores(self, chance: random.Random) -> Iterator[Score]:
        for _ in range(chance.choice((0, 0, 3, 8, 12))):
            day = _FIRST + dt.timedelta(days=chance.randrange(-20, 160))
            scale = chance.choice(("madrs", "phq9", "madrs"))
            yield Score(instrument=scale, date=day, value=Decimal(chance.randrange(2, 27)))

    def _visits(self, chance: random.Random) -> Iterator[Visit]:
        day, forgets = _FIRST, chance.choice((0.0, 0.0, 0.1))
        for number in range(1, chance.choice((2, 4, 8, 14)) + 1):
            kind: VisitKind = "review" if chance.random() < 0.15 else "session"
            answers, unknown = {}, []
            for ident in _ASKED:
                if chance.random() < (forgets if ident == "visit.dose_mg" else 0.2):
                    if chance.random() < 0.4:
                        unknown.append(ident)
                    continue
                if kind == "session" or ident != "visit.dose_mg":
                    answers[ident] = self._answer(chance, ident)
            yield Visit(
                number=number,
                kind=kind,
                date=day,
                answers=answers,
                unknown=frozenset(unknown),
                observations=tuple(self._observations(chance)),
                events=tuple(self._events(chance)),
            )
            day += dt.timedelta(days=chance.choice((0, 3, 4, 7, 7, 14, 40)))

    def _answer(self, chance: random.Random, ident: str) -> Any:
        question = self.course.pack.questions[ident]
        match question.kind:
            case "bool":
                return chance.random() < 0.5
            case "choice":
                return chance.choice([option.code for option in question.options])
            case _:
                return Decimal(chance.choice((0, 56, 84)))

    def _observations(self, chance: random.Random) -> Iterator[Observation]:
        for minute in range(0, chance.choice((0, 0, 40, 120)), 20):
            yield Observation(
                minute=minute,
                systolic=chance.choice((None, 128, 179, 180)),
                diastolic=chance.choice((None, 82, 109, 110)),
                spo2=chance.choice((None, 89, 90, 97)),
                sedation=chance.choice((None, 1, 2, 5)),
            )

    def _events(self, chance: random.Random) -> Iterator[Event]:
        for _ in range(chance.choice((0, 0, 0, 1, 2))):
            yield Event(
                term="nausea",
                serious=chance.choice((None, False, False, True)),
                reported_on=chance.choice((None, _FIRST)),
            )

    def _row(self, ident: str, course: Course, visit: Visit) -> Row:
        row: Row = {
            "id": ident,
            "course": course.id,
            "number": visit.number,
            "date": visit.date.isoformat(),
            "kind": visit.kind,
            "pathway": course.pathway,
            "basis": course.basis,
            "site": course.site,
            "planned_sessions": course.planned_sessions,
            "unknown": sorted(visit.unknown),
            "visit.observations": [
                {
                    part: getattr(each, part)
                    for part in ("minute", "systolic", "diastolic", "spo2", "sedation")
                }
                for each in visit.observations
            ],
            "visit.events": [
                {
                    "serious": each.serious,
                    "reported_on": each.reported_on and each.reported_on.isoformat(),
                }
                for each in visit.events
            ],
        }
        row |= {name: _plain(value) for name, value in visit.answers.items()}
        if visit.kind == "session" and DOSE not in visit.answers:
            # What no question allows, or is marked as not to be established, is no dose.
            row[DOSE] = 56.0 if DOSE in visit.unknown else 1e6 if visit.number % 2 else -1.0
        return row

    def _says(self, judge: VisitJudge, is_latest: bool) -> dict[str, Any]:
        found: dict[str, Any] = {"latest": is_latest}
        for decision in decisions_of(self.course):
            judged = judge.decision(decision)
            for what in ("verdict", "best", "worst", "complete"):
                found[f"{decision}.{what}"] = getattr(judged, what)
            for rule in self.course.pack.rules.values():
                if rule.decision == decision:
                    found[rule.id] = False
            found |= {item.rule: True for item in judged.findings}
            found |= {item.rule: None for item in judged.open}
        return found


_NO_SCREENING = Screening(
    "fits", dict.fromkeys(("course.can_become_pregnant", "course.maoi", "course.weight_kg")), {}
)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def visit_frame(course: CourseKnowledge, rows: list[Row]) -> polars.DataFrame:
    """Return rows as a table that has every column that is read of visits."""
    from reliability.cohorts import KINDS

    schema: dict[str, Any] = {}
    for spec in visit_columns(course.screening.pack, course.pack).values():
        if spec.kind == "rows":
            fields = {name: KINDS[kind] for name, kind in spec.fields.items()}
            schema[spec.name] = polars.List(polars.Struct(fields))
        else:
            schema[spec.name] = KINDS[spec.kind]
    return polars.DataFrame(rows, schema=schema)
