"""The consent conversation as a form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ketatui.consultation.consultation import Consultation
from ketatui.consultation.reach import consent_words, is_consent_overtaken, overtaken_items
from ketatui.criteria.models import ConsentItem
from ketatui.criteria.models.patient_page import PatientPageFile
from ketatui.criteria.patient_page import sources_for
from ketatui.criteria.vocabulary import CAPACITY
from ketatui.tui.views.forms import FormItem
from ketatui.tui.views.lines import Span

"""Question of the consent conversation, where the criteria ask it."""
OUTCOMES = (("agreed", "Agreed"), ("declined", "Declined"), ("deferred", "Deferred"))
_BEYOND = ("contraindicated", "not_indicated")


def considered(consultation: Consultation, only: str | None = None) -> tuple[str, ...]:
    """Return the pathways the conversation is about.

    The one asked for; the one decided on; before that, all that are not ruled out. With every
    pathway ruled out there is still a conversation to have: all of them.
    """
    chosen = only or consultation.case.decision.pathway
    if chosen in consultation.pack.pathways:
        return (str(chosen),)
    left = tuple(item.id for item in consultation.assessment.ranked if item.verdict not in _BEYOND)
    return left or tuple(consultation.pack.pathways)


def items_to_discuss(
    consultation: Consultation, pathways: Sequence[str]
) -> tuple[ConsentItem, ...]:
    """Return the consent items of some pathways, without those that cannot apply."""
    hidden = hidden_items(consultation)
    return tuple(
        item
        for item in consultation.pack.consent.values()
        if item.id not in hidden and set(item.pathways) & set(pathways)
    )


def hidden_items(consultation: Consultation) -> set[str]:
    """Return the consent items that cannot apply."""
    values = consultation.assessment.values
    return {
        ident
        for ident, condition in consultation.knowledge.consent_hidden.items()
        if condition.value(values) is True
    }


ALL_DISCUSSED = "all discussed"
"""Key of the question whether all that is left was talked about."""
ABOUT = "about"
"""Key of the line that chooses which pathways are talked about."""


def consent_items(
    consultation: Consultation, only: str | None = None, page: PatientPageFile | None = None
) -> list[FormItem]:
    """Return the conversation as form items: what to discuss, then how it ended.

    Args:
        consultation: The consultation.
        only: The one pathway to talk about; None for all that are considered.
        page: Says which documents speak of one pathway alone; None for nothing.
    """
    pathways = considered(consultation, only)
    pack, consent = consultation.pack, consultation.case.consent
    todo = items_to_discuss(consultation, pathways)
    done = sum(item.id in consent.items for item in todo)
    names = ", ".join(pack.pathways[ident].title for ident in pathways)
    items = [
        FormItem("head", f"To discuss ({done} of {len(todo)})", "heading"),
        FormItem(
            ABOUT,
            "Pathways talked about",
            "choice",
            answer=(names, "strong"),
            options=(
                ("all", "All that are not ruled out"),
                *((ident, item.title) for ident, item in pack.pathways.items()),
            ),
            first=0,
            chosen=only or "all",
            detail=(("Which pathways is the conversation about?", "strong"),),
        ),
    ]
    again = {item.id for item in overtaken_items(consultation, todo)}
    for item in todo:
        mark = consent.items.get(item.id)
        items.append(
            FormItem(
                key=item.id,
                label=item.title,
                kind="tick",
                answer=_discussed(mark is not None, item.id in again),
                mark=_tick(mark is not None, item.id in again),
                detail=tuple(_text(consultation, item, pathways, page)),
            )
        )
    items.append(FormItem("end", "How it ended", "heading"))
    items += _ending(consultation)
    return items


def all_discussed_items(left: Sequence[ConsentItem]) -> list[FormItem]:
    """Return the question whether all that is left was talked about, and what that is.

    Args:
        left: The items that were not discussed yet.
    """
    said = "y marks them, each with the time; n or Esc leaves them. A list is no conversation."
    return [
        FormItem("head", f"Were these {len(left)} talked about and understood?", "heading"),
        FormItem(
            ALL_DISCUSSED,
            "All talked about, all understood",
            "bool",
            answer=("y or n", "key"),
            detail=((said, "muted"),),
        ),
        *(FormItem(item.id, f"· {item.title}", "info") for item in left),
    ]


def _discussed(done: bool, again: bool) -> Span:
    if again:
        return "an answer changed: again", "caution"
    return ("discussed", "good") if done else ("·", "muted")


def _tick(done: bool, again: bool) -> Span:
    if again:
        return "!", "caution"
    return ("✓", "good") if done else (" ", "text")


def _text(
    consultation: Consultation,
    item: ConsentItem,
    pathways: Sequence[str],
    page: PatientPageFile | None,
) -> Sequence[Span]:
    pack = consultation.pack
    said: list[Span] = [(item.text, "strong")]
    for ident in pathways:
        if ident in item.on:
            title = pack.pathways[ident].title
            said.append((f"{title}: {item.on[ident]}", "text"))
    mark = consultation.case.consent.items.get(item.id)
    if mark is not None:
        said.append((f"Discussed {mark.discussed_at.astimezone():%Y-%m-%d %H:%M}", "muted"))
        if mark.teach_back:
            said.append((f"Teach-back: “{mark.teach_back}”", "text"))
        if mark.note:
            said.append((f"Note: {mark.note}", "text"))
    for reference in sources_for(page, item.sources, pathways):
        said.append((f"· {pack.source_text(reference)}", "muted"))
    return said


def _capacity(consultation: Consultation) -> Iterator[FormItem]:
    """Yield the question about capacity, where the criteria ask it."""
    asked = consultation.pack.questions.get(CAPACITY)
    if asked is not None:
        capacity = consultation.case.answers.get(CAPACITY)
        yield FormItem(
            "capacity",
            "Has capacity for this decision",
            "bool",
            answer=_yes_no(capacity if isinstance(capacity, bool) else None),
            detail=((asked.help, "muted"),),
            can_be_unknown=True,
        )


def _ending(consultation: Consultation) -> list[FormItem]:
    consent = consultation.case.consent
    chosen = dict(OUTCOMES).get(consent.outcome or "", "·")
    role = "strong" if consent.outcome else "muted"
    if is_consent_overtaken(consultation):
        chosen, role = f"{chosen}, before this changed", "caution"
    given = _yes_no(consent.copy_given)
    return [
        *_capacity(consultation),
        FormItem(
            "present",
            "Who was present (by role)",
            "text",
            answer=_text_answer(consent.present),
            entry=consent.present,
        ),
        FormItem(
            "interpreter",
            "Interpreter (language, or none)",
            "text",
            answer=_text_answer(consent.interpreter),
            entry=consent.interpreter,
        ),
        FormItem("copy", "Copy given to the patient", "bool", answer=given),
        FormItem(
            "outcome",
            "The patient",
            "choice",
            answer=(chosen, role),
            options=OUTCOMES,
            chosen=consent.outcome,
            detail=(("How did the conversation end?", "strong"),),
        ),
        FormItem("page", "The page for the patient", "action", answer=("x", "key")),
        FormItem("decide", "On to the decision", "action", answer=("d", "key")),
    ]


def _yes_no(value: bool | None) -> Span:
    if value is None:
        return "·", "muted"
    return ("yes" if value else "no"), "strong"


def _text_answer(text: str) -> Span:
    return (text, "strong") if text else ("·", "muted")


def consent_reached(consultation: Consultation) -> str:
    """Say what of the conversation a change has reached; empty where it stands."""
    todo = items_to_discuss(consultation, considered(consultation))
    return consent_words(consultation, todo)


def count_text(consultation: Consultation) -> str:
    """Say how far the conversation is: ``12 of 21 discussed, agreed``.

    What was said of pathways that are not considered any more is told apart: a saved case counts
    all of it.
    """
    todo = items_to_discuss(consultation, considered(consultation))
    consent = consultation.case.consent
    done = sum(item.id in consent.items for item in todo)
    ended = f", {consent.outcome}" if consent.outcome else ", no outcome recorded"
    beside = len(consent.items) - done
    more = f", and {beside} for other pathways" if beside else ""
    return f"{done} of {len(todo)} discussed{more}{ended}"
