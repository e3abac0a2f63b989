"""What is to be said of each event of a visit, as form items."""

from __future__ import annotations

from ketatui.consultation.treatment import Treatment
from ketatui.consultation.words import UNANSWERED
from ketatui.reports.course_words import event_text
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Span, safe

EVENT = "event:"
"""How the keys of lines about an event begin: its place and what is said follow."""
SERIOUS = (
    "Death, danger to life, a stay in hospital or a longer one, lasting disability, or another "
    "event that a clinician holds to be as grave?"
)


def event_items(treatment: Treatment) -> list[FormItem]:
    """Return what is to be said of each event: whether it was serious, and who was told when."""
    items = []
    for place, event in enumerate(treatment.the_visit().events):
        term = safe(event.term)
        serious: Span = (UNANSWERED, "muted")
        if event.serious is not None:
            serious = ("yes", "bad") if event.serious else ("no", "strong")
        items.append(
            FormItem(
                f"{EVENT}{place}:serious",
                f"Serious: {term}",
                "bool",
                serious,
                detail=((SERIOUS, "strong"), (event_text(event), "muted")),
            )
        )
        told = f"{event.reported_on} {event.reported_to}".strip() if event.reported_on else ""
        items.append(
            FormItem(
                f"{EVENT}{place}:reported",
                f"Reported: {term}",
                "text",
                (safe(told) or UNANSWERED, "strong" if told else "muted"),
                detail=(("The day, and to whom: today REMS, 2027-01-05 FDA.", "strong"),),
                entry=told,
            )
        )
    head = FormItem("head:events", "What happened in the session", "heading")
    return [head, *items] if items else []
