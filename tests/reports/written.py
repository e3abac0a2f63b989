"""Reports of a case as Markdown, the way they are read here."""

from __future__ import annotations

import datetime as dt

from ketatui.cases.integrity import reading_of
from ketatui.cases.model import Case
from ketatui.engine import Knowledge
from ketatui.reports.consent_record import consent_report
from ketatui.reports.markdown import markdown
from ketatui.reports.note import note_report


def note(knowledge: Knowledge, case: Case, today: dt.date) -> str:
    return markdown(note_report(knowledge, reading_of(case, knowledge.pack), today).blocks)


def consent_record(knowledge: Knowledge, case: Case, today: dt.date) -> str:
    return markdown(consent_report(knowledge, reading_of(case, knowledge.pack), today).blocks)
