"""Text that looks as if it could identify somebody.

No pattern finds every name; these find what slips in by habit when a real letter is copied.
"""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = "january february march april may june july august september october november december"
_MONTH = "|".join(f"{name}|{name[:3]}\\.?" for name in _MONTHS.split())
_DATES = (
    r"\b(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b",
    r"\b(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4})\b",
    rf"\b(?P<day>\d{{1,2}})\.? (?P<name>{_MONTH}),? (?P<year>\d{{4}})\b",
    rf"\b(?P<name>{_MONTH}) (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})\b",
)
_DATE = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _DATES)
# Given names that are no word besides; with a capital behind, somebody is named in full.
_GIVEN = "|".join(
    "James John Robert Michael William David Richard Joseph Thomas Charles Christopher Daniel "
    "Matthew Anthony Donald Steven Paul Andrew Joshua Kenneth Kevin Brian George Edward Ronald "
    "Timothy Jason Jeffrey Ryan Jacob Gary Nicholas Eric Jonathan Stephen Larry Justin Scott "
    "Mary Patricia Jennifer Linda Elizabeth Barbara Susan Jessica Sarah Karen Nancy Lisa Betty "
    "Margaret Sandra Ashley Kimberly Emily Donna Michelle Carol Amanda Dorothy Melissa Deborah "
    "Stephanie Rebecca Laura Sharon Cynthia Kathleen Anna Maria Jose Juan Carlos Luis Ahmed "
    "Mohammed Fatima Ana Ivan Olga".split()
)
_PATTERNS = (
    ("an e-mail address", re.compile(r"\b[\w.+-]+@[\w-]+\.\w+", re.ASCII)),
    ("a web address", re.compile(r"\bhttps?://\S+|\bwww\.\S+", re.IGNORECASE)),
    ("a social security number", re.compile(r"\b\d{3}-\d{2}-\d{4}\b")),
    (
        "a telephone number",
        re.compile(r"(?<!\d)(?:\+?\d[\s.-]?)?\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}\b"),
    ),
    ("a record number", re.compile(r"\b(?:MRN|DOB|SSN)\b|\b\d{6,}\b")),
    # A title and a capital letter: "Mr. Smith", but not "Ms., 52".
    ("a name", re.compile(rf"\b(?:{_GIVEN}) [A-Z][a-z]+\b")),
    ("a name", re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\b\.? +[A-Z][a-z]+")),
)


def look_alikes(text: str, *, dates: bool = True) -> list[str]:
    """Return what in a text looks like an identifier, each said with what it is.

    Args:
        text: Any text that somebody wrote.
        dates: Whether a date is one.
    """
    found = [
        f"{what}: “{match[0].strip()}”"
        for what, pattern in _PATTERNS
        for match in pattern.finditer(text)
    ]
    for pattern in _DATE if dates else ():
        found += [f"a date: “{match[0]}”" for match in pattern.finditer(text)]
    return found


def relative(text: str, on: dt.date) -> str:
    """Return a text with its dates said as a distance from a day.

    Args:
        text: Any text.
        on: The day the case plays.
    """

    def said(match: re.Match[str]) -> str:
        day = _day(match.groupdict())
        return match[0] if day is None else distance(day, on)

    for pattern in _DATE:
        text = pattern.sub(said, text)
    return text


def _day(parts: dict[str, str | None]) -> dt.date | None:
    name = parts.get("name")
    month = int(parts.get("month") or 0)
    if name:
        starts = [known[:3] for known in _MONTHS.split()]
        month = starts.index(name[:3].lower()) + 1
    try:
        return dt.date(int(parts["year"] or 0), month, int(parts["day"] or 0))
    except ValueError:
        return None


def distance(day: dt.date, on: dt.date) -> str:
    """Say how far a day is from another: ``3 weeks before``, ``the same day``."""
    days = (on - day).days
    if days == 0:
        return "the same day"
    when = "before" if days > 0 else "later"
    days = abs(days)
    for size, word in ((365, "year"), (30, "month"), (7, "week"), (1, "day")):
        # From two of a unit on it is exact enough; a single year is said in months.
        if days >= 2 * size or size == 1:
            count = round(days / size)
            return f"{count} {word}{'s' if count > 1 else ''} {when}"
    raise AssertionError("a day or more was said above")
