"""Courses of treatment in FHIR R4: CarePlan, Encounter, dose, what was measured, and events.

A course is a CarePlan whose visits are Encounters; a dose is a MedicationAdministration, every
value an Observation (a blood pressure one with two components, as HL7's profile of vital signs
has it), and an event an AdverseEvent. None names a patient.
Source: HL7 FHIR R4 (4.0.1), value set of vital signs: 85354-9, 8480-6, 8462-4, 8867-4, 9279-1.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from html import escape

from ketatui.cases.courses import Course, Event, Observation, Score, Visit
from ketatui.cases.integrity import CaseReading
from ketatui.course.naming import course_name
from ketatui.course.past import dose_of
from ketatui.criteria.course import has_course
from ketatui.criteria.models import Question
from ketatui.criteria.models.course import EncounterClass
from ketatui.criteria.pack import Pack
from ketatui.criteria.problems import PackError
from ketatui.reports.course_words import dose_text, event_text, plan_text
from ketatui.reports.fhir.coding import (
    LOINC,
    OURS,
    TERMINOLOGY,
    UCUM,
    Json,
    coding,
    exact,
    narrative,
    text_of,
)
from ketatui.reports.fhir.reviews import moment
from ketatui.reports.words import pathway_title

KEY = "key"
"""What tells a resource of a case from its others; `bundle` makes the id of it."""
POINTER = "points"
"""Stands for a reference: the kind and key of another resource of the case."""
_ACT = f"{TERMINOLOGY}/v3-ActCode"
_CLASSES: Mapping[EncounterClass, str] = {
    "AMB": "ambulatory",
    "IMP": "inpatient encounter",
    "EMER": "emergency",
    "VR": "virtual",
    "HH": "home health",
}
_PRESSURE = coding(LOINC, "85354-9", "Blood pressure panel with all children optional")
_VITAL = {"coding": [coding(f"{TERMINOLOGY}/observation-category", "vital-signs", "Vital Signs")]}
_SURVEY = {"coding": [coding(f"{TERMINOLOGY}/observation-category", "survey", "Survey")]}
_EXAM = {"coding": [coding(f"{TERMINOLOGY}/observation-category", "exam", "Exam")]}
SEEN = {"sedation": "MOAA/S, 0 to 5; 5 is fully awake", "dissociation": "Dissociation"}
"""What was seen and has no code of LOINC that was verified, by code of our own."""
DISSOCIATION = ("none", "mild", "moderate", "severe")
_MEASURED = ("heart_rate", "respiratory_rate", "spo2")
_SCORE = {"unit": "{score}", "system": UCUM, "code": "{score}"}


def courses(pack: Pack, reading: CaseReading, today: dt.date) -> Iterator[Json]:
    """Yield the courses of a case.

    Args:
        pack: The criteria of today, for names, codes and units.
        reading: The case as read.
        today: The day; a course that is to stop on a later one is under way.

    Yields:
        Resources with `KEY`, and `POINTER` where they refer to each other; `bundle` resolves
        both. None of a practice case: a server would hold its doses for real.
    """
    case = reading.case
    if case.practice:
        return
    subject = {"display": text_of(case.label) or text_of(case.id) or "not named"}
    try:
        questions: Mapping[str, Question] = pack.course.questions
    except PackError:
        questions = {}
    for course in case.courses:
        made = _Course(pack, questions, course, subject, course_name(case.courses, course))
        yield made.plan(today)
        for number, score in enumerate(course.scores, start=1):
            yield made.score(number, score)
        for visit in course.in_order:
            yield from made.visit(visit)


def _pointer(kind: str, key: str) -> Json:
    return {POINTER: (kind, key)}


class _Course:
    """Makes the resources of one course."""

    def __init__(
        self,
        pack: Pack,
        questions: Mapping[str, Question],
        course: Course,
        subject: Json,
        name: str,
    ) -> None:
        self.pack = pack
        self.questions = questions
        self.course = course
        self.subject = subject
        self.name = name

    def _resource(self, kind: str, key: str, said: str, **elements: object) -> Json:
        text = text_of(said) or "-"
        return {
            "resourceType": kind,
            KEY: f"{self.course.id} {key}".strip(),
            "text": narrative([f"<p>{escape(text)}</p>"]),
            **elements,
        }

    def _visit_key(self, visit: Visit) -> str:
        return f"{self.course.id} {visit.number}"

    def plan(self, today: dt.date) -> Json:
        course, visits = self.course, self.course.in_order
        said = plan_text(self.pack, course)
        made = self._resource(
            "CarePlan",
            "",
            said,
            status="revoked" if course.has_ended(today) else "active",
            intent="plan",
            title=text_of(f"{self.name}: {pathway_title(self.pack, course.pathway)}"),
            description=text_of(said),
            subject=self.subject,
        )
        period = {}
        if visits:
            period["start"] = visits[0].date.isoformat()
        if course.stopped is not None:
            # A period that ends before it starts is refused.
            period["end"] = max([course.stopped, *(item.date for item in visits[:1])]).isoformat()
        if period:
            made["period"] = period
        if visits:
            made["activity"] = [
                {"outcomeReference": [_pointer("Encounter", self._visit_key(visit))]}
                for visit in visits
            ]
        notes = [text_of(text) for text in (course.reasons, course.stop_reason)]
        if any(notes):
            made["note"] = [{"text": text} for text in notes if text]
        return made

    def score(self, number: int, score: Score) -> Json:
        scale = self.pack.instruments.get(score.instrument)
        loinc = scale.loinc_total if scale else None
        code = (
            coding(LOINC, loinc, scale.title)
            if scale and loinc
            else coding(f"{OURS}:scale", score.instrument)
        )
        return self._resource(
            "Observation",
            f"score {number}",
            f"{score.instrument} {score.value} on {score.date}",
            status="final",
            category=[_SURVEY],
            code={"coding": [code], "text": text_of(score.instrument)},
            subject=self.subject,
            effectiveDateTime=score.date.isoformat(),
            valueQuantity={"value": exact(score.value), **_SCORE},
        )

    def visit(self, visit: Visit) -> Iterator[Json]:
        yield self._encounter(visit)
        if visit.kind == "session" and (dose := dose_of(visit)) is not None:
            yield self._dose(visit, dose)
        yield from self._before(visit)
        for number, row in enumerate(visit.observations, start=1):
            yield from self._observed(visit, number, row)
        for number, event in enumerate(visit.events, start=1):
            yield self._event(visit, number, event)

    def _encounter(self, visit: Visit) -> Json:
        said = f"Visit {visit.number} of {self.name.lower()}, {dose_text(visit)}"
        known = visit.closed_at is not None or bool(visit.answers)
        return self._resource(
            "Encounter",
            str(visit.number),
            f"{said}, {visit.date}",
            status="finished" if known else "planned",
            **{"class": self._class()},
            type=[{"text": visit.kind}],
            subject=self.subject,
            period={"start": _start(visit)},
        )

    def _class(self) -> Json:
        """Return what kind of encounter a visit at the course's site is."""
        sites = self.pack.course.info.encounters if has_course(self.pack) else {}
        code = sites.get(self.course.site, "AMB")
        return coding(_ACT, code, _CLASSES[code])

    def _dose(self, visit: Visit, dose: Decimal) -> Json:
        title = pathway_title(self.pack, self.course.pathway)
        made = self._resource(
            "MedicationAdministration",
            f"{visit.number} dose",
            f"{title}, {dose_text(visit)}, {visit.date}",
            status="completed" if dose else "not-done",
            medicationCodeableConcept={"text": text_of(title)},
            subject=self.subject,
            context=_pointer("Encounter", self._visit_key(visit)),
            effectiveDateTime=_start(visit),
        )
        if dose:
            made["dosage"] = {"text": text_of(dose_text(visit)), "dose": _quantity(dose, "mg")}
        return made

    def _measurement(self, visit: Visit, key: str, said: str, when: Json, **more: object) -> Json:
        return self._resource(
            "Observation",
            f"{visit.number} {key}",
            f"{said}, {visit.date}",
            status="final",
            **more,
            subject=self.subject,
            encounter=_pointer("Encounter", self._visit_key(visit)),
            **when,
        )

    def _before(self, visit: Visit) -> Iterator[Json]:
        """Yield what was measured before the dose: answers of the visit with codes of LOINC."""
        when = {"effectiveDateTime": visit.date.isoformat()}
        values = {
            part: value
            for part in ("systolic", "diastolic", *_MEASURED)
            if isinstance(value := visit.answers.get(f"visit.{part}"), int)
        }
        yield from self._vitals(visit, "before", values, when)

    def _observed(self, visit: Visit, number: int, row: Observation) -> Iterator[Json]:
        when: Json = {"effectiveDateTime": _at(visit, row)}
        when["extension"] = [{"url": f"{OURS}:minute", "valueInteger": row.minute}]
        parts = ("systolic", "diastolic", *_MEASURED)
        values = {part: getattr(row, part) for part in parts if getattr(row, part) is not None}
        yield from self._vitals(visit, f"at {number}", values, when)
        for part in SEEN:
            value = getattr(row, part)
            if value is not None:
                coded = coding(f"{OURS}:observation", part, SEEN[part])
                yield self._measurement(
                    visit,
                    f"at {number} {part}",
                    f"{SEEN[part]}: {value}",
                    when,
                    category=[_EXAM],
                    code={"coding": [coded]},
                    **_seen(part, value),
                )

    def _vitals(
        self, visit: Visit, key: str, values: Mapping[str, int], when: Json
    ) -> Iterator[Json]:
        pressure = [part for part in ("systolic", "diastolic") if part in values]
        if pressure:
            said = "/".join(str(values.get(part, "?")) for part in ("systolic", "diastolic"))
            yield self._measurement(
                visit,
                f"{key} pressure",
                f"Blood pressure {said} mmHg",
                when,
                category=[_VITAL],
                code={"coding": [_PRESSURE]},
                component=[
                    {"code": self._code(part), "valueQuantity": self._value(part, values[part])}
                    for part in pressure
                ],
            )
        for part in _MEASURED:
            if part in values:
                yield self._measurement(
                    visit,
                    f"{key} {part}",
                    f"{part.replace('_', ' ')} {values[part]}",
                    when,
                    category=[_VITAL],
                    code=self._code(part),
                    valueQuantity=self._value(part, values[part]),
                )

    def _code(self, part: str) -> Json:
        question = self.questions.get(f"visit.{part}")
        if question is None or question.loinc is None:
            return {"text": part}
        return {"coding": [coding(LOINC, question.loinc, part.replace("_", " "))]}

    def _value(self, part: str, value: int) -> Json:
        question = self.questions.get(f"visit.{part}")
        return _quantity(value, question.ucum or "" if question else "", question)

    def _event(self, visit: Visit, number: int, event: Event) -> Json:
        made = self._resource(
            "AdverseEvent",
            f"{visit.number} event {number}",
            event_text(event),
            actuality="actual",
            event={"text": text_of(event.term) or "-"},
            subject=self.subject,
            encounter=_pointer("Encounter", self._visit_key(visit)),
            date=_start(visit),
        )
        if event.serious is not None:
            code = "serious" if event.serious else "non-serious"
            system = f"{TERMINOLOGY}/adverse-event-seriousness"
            made["seriousness"] = {"coding": [coding(system, code)]}
        if event.severity is not None:
            system = f"{TERMINOLOGY}/adverse-event-severity"
            made["severity"] = {"coding": [coding(system, event.severity)]}
        if dose_of(visit):
            dose = _pointer("MedicationAdministration", f"{self._visit_key(visit)} dose")
            made["suspectEntity"] = [{"instance": dose}]
        return made


def _start(visit: Visit) -> str:
    return moment(visit.first_dose_at) if visit.first_dose_at else visit.date.isoformat()


def _at(visit: Visit, row: Observation) -> str:
    if row.at is not None:
        return moment(row.at)
    if visit.first_dose_at is not None:
        return moment(visit.first_dose_at + dt.timedelta(minutes=row.minute))
    return visit.date.isoformat()


def _quantity(value: int | Decimal, ucum: str, question: Question | None = None) -> Json:
    unit = (question.unit if question else ucum) or ucum
    known = {"system": UCUM, "code": ucum} if ucum else {}
    return {"value": exact(value), **({"unit": unit} if unit else {}), **known}


def _seen(part: str, value: int | str) -> Json:
    if isinstance(value, int):
        # A quantity and no integer, which some record systems show as nothing.
        return {"valueQuantity": {"value": value, **_SCORE}}
    return {"valueCodeableConcept": {"coding": [coding(f"{OURS}:answers:visit.{part}", value)]}}
