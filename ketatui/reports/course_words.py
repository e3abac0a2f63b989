"""How what a visit records is said in a few words, wherever it is said."""

from __future__ import annotations

from ketatui.cases.courses import Course, Event, Observation, Visit
from ketatui.course.past import dose_of
from ketatui.criteria.course import has_course
from ketatui.criteria.pack import Pack
from ketatui.criteria.wording import number_text
from ketatui.reports.words import pathway_title

_MOST_SEEN = ("none", "mild", "moderate", "severe")


def dose_text(visit: Visit) -> str:
    """Say what was given: ``56 mg``, ``held``, or that nobody has said."""
    dose = dose_of(visit)
    if visit.kind == "review":
        return "review"
    if dose is None:
        return "dose not recorded"
    return f"{number_text(dose)} mg" if dose else "held"


def pressure_text(systolic: object, diastolic: object) -> str:
    """Say a blood pressure; a part that is not known is a question mark."""
    shown = [str(part) if isinstance(part, int) else "?" for part in (systolic, diastolic)]
    return "/".join(shown)


def event_text(event: Event) -> str:
    """Say an adverse event on one line."""
    parts: list[str] = []
    if event.severity:
        parts.append(event.severity)
    if event.onset_minute is not None:
        parts.append(f"from minute {event.onset_minute}")
    if event.end_minute is not None:
        parts.append(f"to minute {event.end_minute}")
    if event.serious is not None:
        parts.append("SERIOUS" if event.serious else "not serious")
    if event.action:
        parts.append(event.action)
    if event.reported_on is not None:
        to = f" to {event.reported_to}" if event.reported_to else ""
        parts.append(f"reported{to} on {event.reported_on}")
    return f"{event.term} ({', '.join(parts)})" if parts else event.term


def pressures(visit: Visit) -> list[Observation]:
    """Return the observations that hold a pressure, in order."""
    rows = [row for row in visit.observations if row.systolic is not None]
    return sorted(rows, key=lambda row: row.minute)


def most_dissociation(visit: Visit) -> str | None:
    """Return the strongest dissociation seen; None where nobody looked."""
    seen = [row.dissociation for row in visit.observations if row.dissociation is not None]
    return max(seen, key=_MOST_SEEN.index, default=None)


def least(visit: Visit, part: str) -> int | None:
    """Return the lowest value that observations hold of a part; None without one."""
    values = [getattr(row, part) for row in visit.observations]
    return min((value for value in values if value is not None), default=None)


def plan_text(pack: Pack, course: Course) -> str:
    """Say the plan of a course: pathway, basis, site, sessions and interval."""
    course_pack = pack.course if has_course(pack) else None
    basis = course_pack.bases.get(course.basis) if course_pack else None
    site = pack.questions.get(course_pack.info.site) if course_pack else None
    sites = {item.code: item.label for item in site.options} if site else {}
    parts = [
        pathway_title(pack, course.pathway),
        f"for {basis.in_text if basis else course.basis}",
        sites.get(course.site, course.site).lower(),
    ]
    if course.planned_sessions is not None:
        parts.append(f"{course.planned_sessions} sessions planned")
    if course.interval_days is not None:
        parts.append(f"every {course.interval_days} days")
    return ", ".join(parts)


def observation_text(row: Observation) -> str:
    """Say what was measured or seen at a minute on one line."""
    parts = []
    if row.systolic is not None or row.diastolic is not None:
        parts.append(f"BP {pressure_text(row.systolic, row.diastolic)}")
    if row.heart_rate is not None:
        parts.append(f"heart rate {row.heart_rate}")
    if row.respiratory_rate is not None:
        parts.append(f"breathing rate {row.respiratory_rate}")
    if row.spo2 is not None:
        parts.append(f"SpO2 {row.spo2} %")
    if row.sedation is not None:
        parts.append(f"MOAA/S {row.sedation}")
    if row.dissociation is not None:
        parts.append(f"dissociation {row.dissociation}")
    return f"minute {row.minute}: {', '.join(parts) or 'nothing recorded'}"
