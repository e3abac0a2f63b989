"""Visits for the tests of this room: all answered and nothing against it, then changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from ketatui.cases.courses import Course, Event, Observation, Score, Visit
from ketatui.cases.model import Case, Medication, Trial
from ketatui.course import CourseKnowledge, VisitAssessment, assess_visit, compile_course
from ketatui.criteria.default import default_folder
from ketatui.criteria.loading import load_pack
from ketatui.engine import Knowledge, compile_pack

DAY = dt.date(2027, 1, 4)
"""A Monday."""


@cache
def screening_knowledge() -> Knowledge:
    return compile_pack(load_pack(default_folder({})))


@cache
def knowledge() -> CourseKnowledge:
    return compile_course(screening_knowledge())


def screened(answers: Mapping[str, Any] | None = None, medications: Sequence[str] = ()) -> Case:
    """A case of resistant depression with nothing against any pathway, weight 80 kg."""
    known: dict[str, Any] = {}
    for ident, question in screening_knowledge().pack.questions.items():
        if question.kind == "bool":
            known[ident] = ident in _YES
        elif question.none is not None:
            known[ident] = question.none
    known |= {
        "setting.prescriber": "psychiatrist",
        "setting.site": "outpatient_clinic",
        "patient.age": 45,
        "patient.sex": "male",
        "patient.weight_kg": Decimal(80),
        "patient.height_cm": Decimal(180),
        "indication.diagnosis": "mdd",
        "scales.phq9": 19,
        "scales.madrs": 31,
        "scales.audit_c": 1,
        "substance.urine_drug_screen": "negative",
        "vitals.systolic": 124,
        "vitals.diastolic": 78,
        "vitals.heart_rate": 72,
        "vitals.spo2": 98,
        "labs.liver": "normal",
        "labs.ecg": "normal",
        "logistics.payer": "none",
        **(answers or {}),
    }
    drugs = ("sertraline", 150), ("venlafaxine", 225)
    return Case(
        id="20270104-080000-k3f9",
        answers={ident: value for ident, value in known.items() if value is not None},
        trials=tuple(_failed(drug, dose) for drug, dose in drugs),
        medications=tuple(Medication(name=name) for name in medications),
    )


_YES = {
    "setting.dea_ciii",
    "setting.seen_in_person",
    "setting.rems_certified",
    "setting.prescriber_on_site",
    "setting.pulse_oximeter",
    "setting.observation_2h",
    "setting.resuscitation",
    "setting.iv_capable",
    "setting.compounder",
    "indication.confirmed",
    "indication.first_line_tried",
    "depression.oral_antidepressant",
    "trials.rows_complete",
    "substance.pdmp_checked",
    "medications.reviewed",
    "logistics.transport",
    "logistics.can_stay_2h",
    "logistics.rems_patient_enrolled",
    "consent.capacity",
}


def _failed(drug: str, dose: int) -> Trial:
    return Trial(
        drug=drug,
        daily_dose_mg=Decimal(dose),
        weeks=Decimal(9),
        outcome="no_response",
        adherent=True,
        current_episode=True,
    )


FINE: dict[str, Any] = {
    "systolic": 124,
    "diastolic": 78,
    "heart_rate": 72,
    "respiratory_rate": 14,
    "spo2": 98,
    "hours_since_food": Decimal(8),
    "minutes_since_liquid": 45,
    "nasal_drug_within_1h": False,
    "cns_depressant": "none",
    "medicines": "unchanged",
    "oral_antidepressant": True,
    "intoxicated": False,
    "pregnancy": "none",
    "suicidality": "none",
    "mania": False,
    "psychosis": False,
    "urinary_symptoms": "none",
    "new_contraindication": False,
    "new_event": False,
    "misuse_signs": False,
    "setting_ready": True,
    "adult_present": True,
    "escort": True,
    "capacity": True,
    "consent_valid": True,
    "rems_enrolled": True,
    "rescreened": True,
    "dose_mg": Decimal(40),
    "infusion_minutes": 40,
    "swallow": "spit",
    "devices_used": 2,
    "minutes_dosing": 5,
    "end_minute": 180,
    "walks_safely": True,
    "escort_present": True,
    "driving_told": True,
    "clinician_agrees": True,
    "suicidality_rechecked": True,
    "events_reviewed": True,
    "rems_form_sent": True,
    "liver_tests": "normal",
}
DOSES = {"spravato": 56, "iv": 40, "im": 40, "oral": 100}
WATCHED: tuple[dict[str, Any], ...] = (
    {"minute": 40, "systolic": 138, "diastolic": 86, "spo2": 97, "sedation": 4,
     "dissociation": "moderate"},
    {"minute": 175, "systolic": 126, "diastolic": 80, "spo2": 98, "sedation": 5,
     "dissociation": "none"},
)  # fmt: skip


def answered(pathway: str, **changes: Any) -> dict[str, Any]:
    """Answers of a visit; a change to None takes one away."""
    said = {**FINE, "dose_mg": Decimal(DOSES[pathway]), **changes}
    return {
        f"visit.{key}": Decimal(value) if key in ("dose_mg", "hours_since_food") else value
        for key, value in said.items()
        if value is not None
    }


def visit_of(
    pathway: str,
    *,
    number: int = 99,
    date: dt.date = DAY,
    watched: Sequence[Mapping[str, Any]] = WATCHED,
    events: Sequence[Mapping[str, Any]] = (),
    unknown: Sequence[str] = (),
    kind: Any = "session",
    **changes: Any,
) -> Visit:
    marked = frozenset(f"visit.{key}" for key in unknown)
    answers = answered(pathway, **changes)
    return Visit(
        number=number,
        kind=kind,
        date=date,
        answers={key: value for key, value in answers.items() if key not in marked},
        unknown=marked,
        observations=tuple(Observation(**row) for row in watched),
        events=tuple(Event(**{"term": "nausea", **row}) for row in events),
    )


def earlier(pathway: str, *days_before: int, dose: float | None = None, **more: Any) -> list[Visit]:
    """Dosed sessions so many days before `DAY`, numbered from 1."""
    given = DOSES[pathway] if dose is None else dose
    return [
        visit_of(pathway, number=n, date=DAY - dt.timedelta(days), dose_mg=given, **more)
        for n, days in enumerate(sorted(days_before, reverse=True), start=1)
    ]


def score(instrument: str, days_before: int, value: float) -> Score:
    date = DAY - dt.timedelta(days_before)
    return Score(instrument=instrument, date=date, value=Decimal(str(value)))


def course_of(
    pathway: str, visits: Sequence[Visit], scores: Sequence[Score] = (), **more: Any
) -> Course:
    said = {"id": "c1", "basis": "trd", "site": "outpatient_clinic", **more}
    if pathway == "oral" and "site" not in more:
        said["site"] = "outpatient_clinic"
    return Course(pathway=pathway, visits=tuple(visits), scores=tuple(scores), **said)


def assessed(
    pathway: str,
    visit: Visit | None = None,
    *,
    before: Sequence[Visit] = (),
    scores: Sequence[Score] = (),
    case: Case | None = None,
    on: dt.date | None = None,
    others: Sequence[Course] = (),
    with_changes: bool = False,
    **course: Any,
) -> VisitAssessment:
    """Assess a visit that comes after some others."""
    last = visit or visit_of(pathway)
    own = course_of(pathway, [*before, last], scores, **course)
    whole = (case or screened()).replaced(courses=(*others, own))
    day = on or last.date
    return assess_visit(knowledge(), whole, own, last, day, with_changes=with_changes)
