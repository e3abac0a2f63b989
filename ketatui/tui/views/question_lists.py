"""Pages that list questions or sections to go to."""

from __future__ import annotations

from collections.abc import Sequence

from ketatui.consultation.consultation import Consultation
from ketatui.consultation.entry import pressure_in
from ketatui.consultation.question_search import Found, find_questions
from ketatui.consultation.words import UNANSWERED, answer_text
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.questions import counting_against, progress

_MOST_FOUND = 12
_MOST_LINES = 8
"""Lines of a pasted text that are shown."""


def found_items(consultation: Consultation, text: str) -> list[FormItem]:
    """Return the questions that what was typed is about; those not asked now say why."""
    items = [FormItem("head", "Find a question: type, Enter goes to the first", "heading")]
    assessment = consultation.assessment
    pressure = pressure_in(consultation.pack, text)
    if pressure is not None and consultation.assessment.asked[pressure.id] is not False:
        takes = (f"Enter takes {text.strip()}", "strong")
        items.append(FormItem(pressure.id, pressure.label, "action", answer=takes))
        return items
    for found in find_questions(consultation, text, _MOST_FOUND):
        question = found.question
        answer = answer_text(consultation.pack, question, consultation.case, assessment)
        role = "muted" if answer == UNANSWERED else "strong"
        item = FormItem(question.id, question.label, "action", answer=(answer, role))
        items.append(_hidden(consultation, item, found) if found.hidden else item)
    if text.strip() and len(items) == 1:
        items.append(FormItem("none", "No question is called so.", "info", ("", "muted")))
    return items


def _hidden(consultation: Consultation, item: FormItem, found: Found) -> FormItem:
    """Return the line of a question that is not asked, with why, and what Enter does."""
    opener = consultation.pack.questions.get(found.opener)
    way = f" Enter goes to “{opener.label}”, which decides it." if opener else ""
    return item.replaced(
        answer=("not asked now", "muted"), detail=((f"It is {found.hidden}.{way}", "caution"),)
    )


def pasted_items(text: str, question: str) -> list[FormItem]:
    """Return a text pasted where nothing takes one, and what can be done with it.

    Args:
        text: The text.
        question: Label of the question a note could be on; empty for none.
    """
    lines = [part for part in text.splitlines() if part.strip()]
    count = f"{len(lines)} lines" if len(lines) > 1 else "A text"
    uses = [("medicines", "Put it into the list of medicines, a row a line")]
    uses += [("note", f"Write it as a note on “{question}”")] if question else []
    uses += [("drop", "Drop it")]
    shown = [
        FormItem(f"line{n}", part, "info", answer=("", "text"))
        for n, part in enumerate(lines[:_MOST_LINES])
    ]
    if len(lines) > _MOST_LINES:
        more = f"… and {len(lines) - _MOST_LINES} more"
        shown.append(FormItem("more", more, "info", answer=("", "muted")))
    return [
        FormItem("head", f"{count} came in at once", "heading"),
        FormItem(
            "use",
            "What is it for?",
            "choice",
            options=tuple(uses),
            detail=(("Nothing of it was taken for keys.", "muted"),),
        ),
        *shown,
    ]


def section_items(consultation: Consultation) -> list[FormItem]:
    """Return the sections to choose from."""
    items = [FormItem("head", "Sections", "heading")]
    for section in consultation.pack.sections:
        answered, asked = progress(consultation, section.id)
        items.append(
            FormItem(
                section.id,
                section.title,
                "action",
                answer=(f"{answered}/{asked}", "good" if answered == asked else "muted"),
            )
        )
    return items


CONFIRM_YES = "confirm yes"
"""Key of the question whether all that is left is yes."""


def remaining_items(consultation: Consultation, section: str) -> list[FormItem]:
    """Return what "all remaining no" would answer, and the question whether it should.

    Answers that would count against a pathway stand first: "no" is not always the harmless
    answer.
    """
    remaining = consultation.remaining_no(section)
    then = consultation.preview(remaining)
    hurting = counting_against(then) - counting_against(consultation)
    against = [question.label for question, _ in remaining if question.id in hurting]
    others = [question.label for question, _ in remaining if question.id not in hurting]
    items = confirm_items(against, others, "a pathway") if remaining else []
    yes = consultation.remaining_yes(section)
    if len(yes) > 1:
        said = "y answers them so. Nothing is answered that is not listed here."
        items += [
            FormItem("head yes", f"Or answer these {len(yes)} “yes”?", "heading"),
            FormItem(
                CONFIRM_YES,
                "All asked, and all yes",
                "bool",
                answer=("y or n", "key"),
                detail=((said, "muted"),),
            ),
            FormItem("all yes", " · ".join(question.label for question, _ in yes), "info"),
        ]
    return items


def confirm_items(against: Sequence[str], others: Sequence[str], what: str) -> list[FormItem]:
    """Return the question whether all of some questions are to be answered no or none.

    Args:
        against: Labels of those in which that counts against something.
        others: Labels of the rest.
        what: What it counts against.
    """
    count = len(against) + len(others)
    head = f"Answer these {count} “no” or “none”?"
    if count == 1:
        head = "Answer this one “no” or “none”?"
    said = "y answers them so; n or Esc leaves them open. Enter does nothing here."
    items = [
        FormItem("head", head, "heading"),
        FormItem(
            "confirm",
            "All asked, and all negative",
            "bool",
            answer=("y or n", "key"),
            detail=((said, "muted"),),
        ),
    ]
    if against:
        text = f"! No here counts against {what}: " + " · ".join(against)
        items.append(FormItem("against", text, "info", ("", "caution")))
    if others:
        items.append(FormItem("others", " · ".join(others), "info", ("", "text")))
    return items
