"""Words of the entry line of a running session, and the limits of what is measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from ketatui.cases.courses import (
    Diastolic,
    HeartRate,
    Minute,
    RespiratoryRate,
    Saturation,
    Sedation,
    Systolic,
)

GRADES = {
    "mild": "mild",
    "mod": "moderate",
    "moderate": "moderate",
    "sev": "severe",
    "severe": "severe",
}
"""Grades of an event, as they may be written."""
GRADES_SEEN = {"none": "none", **GRADES}
"""Grades of dissociation, likewise."""
NAMED = {
    "hr": "heart_rate",
    "pulse": "heart_rate",
    "rr": "respiratory_rate",
    "bp": "pressure",
    "pressure": "pressure",
    "spo2": "spo2",
    "o2": "spo2",
    "sat": "spo2",
    "oxygen": "spo2",
    "sed": "sedation",
    "sedation": "sedation",
    "moaa": "sedation",
    "moaas": "sedation",
    "moaa/s": "sedation",
    "diss": "dissociation",
    "dissociation": "dissociation",
    "at": "minute",
    "min": "minute",
    "minute": "minute",
}
"""Words before a value that say what it is."""


def _bounds(kind: Any) -> tuple[int, int]:
    """Return the least and greatest value of a kind of number that an observation has."""
    limits = get_args(kind)[1]
    return limits.ge, limits.le


LIMITS: Mapping[str, tuple[int, int, str, str]] = {
    part: (*_bounds(kind), title, unit)
    for part, kind, title, unit in (
        ("systolic", Systolic, "a systolic pressure", "mmHg"),
        ("diastolic", Diastolic, "a diastolic pressure", "mmHg"),
        ("spo2", Saturation, "oxygen", "%"),
        ("sedation", Sedation, "sedation (MOAA/S)", ""),
        ("heart_rate", HeartRate, "a pulse", "/min"),
        ("respiratory_rate", RespiratoryRate, "breaths", "/min"),
        ("minute", Minute, "a minute", ""),
    )
}
"""Of each part the least and greatest value, what it is called, and its unit."""
TITLES = {
    "pressure": "pressure",
    "spo2": "oxygen",
    "sedation": "sedation",
    "dissociation": "dissociation",
    "heart_rate": "pulse",
    "respiratory_rate": "breaths",
    "minute": "minute",
}
