"""Consent items read aloud, one by one, and how the conversation ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from ketatui.cases.model import Consent, ConsentMark
from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import Edit, MarkConsent, SetConsent
from ketatui.consultation.reach import (
    consent_words,
    is_consent_overtaken,
    overtaken_items,
    with_what_it_is_about,
)
from ketatui.consultation.words import discussed_text
from ketatui.criteria.models import ConsentItem
from ketatui.walk.talk import Back, Talk

Do = Callable[[Edit], bool]
Now = Callable[[], dt.datetime]

_OUTCOMES = ("agreed", "declined", "deferred")
_NEVER = ("contraindicated", "not_indicated")
"""Verdicts of pathways that consent is not asked for unless they are named."""


def ask_consent(talk: Talk, consultation: Consultation, do: Do, now: Now) -> None:
    """Go through the consent items of the pathways being considered.

    Raises:
        Back: Back to the questions.
        Leave: The clinician stops.
    """
    talk.say()
    talk.say("Consent")
    considered = _considered(talk, consultation)
    if not considered:
        talk.say(_skipped(consultation))
        return
    items = consent_items(consultation, considered)
    if said := consent_words(consultation, items):
        talk.say(f"{said}.")
    talk.say(
        f"{len(items)} items to read aloud. y discussed, s skip, t TEXT the patient's own words, "
        "o TEXT a note (both mark it as discussed), b back, e ends the items."
    )
    at = 0
    while at < len(items):
        try:
            if not _item(
                talk, consultation, items[at], considered, f"{at + 1} of {len(items)}", do, now
            ):
                break
            at += 1
        except Back:
            if at == 0:
                raise
            at -= 1
    _ending(talk, consultation, do, now)


def _skipped(consultation: Consultation) -> str:
    """Say what skipping the conversation leaves as it was."""
    consent = consultation.case.consent
    discussed = discussed_text(consultation.pack, consultation.case)
    if is_consent_overtaken(consultation):
        return (
            f"Skipped. The consent on record ({consent.outcome}) was given to something else than "
            "what is decided now, and stays marked so."
        )
    if consent.outcome is not None:
        return f"Skipped. On record: {consent.outcome}, {discussed}."
    if consent.items:
        return f"Skipped. {discussed}; how it ended is not recorded."
    return "Skipped. No consent conversation is recorded in this case."


def consent_items(
    consultation: Consultation, considered: tuple[str, ...]
) -> tuple[ConsentItem, ...]:
    """Return the items that belong to some pathways and can apply, in order."""
    hidden = consultation.knowledge.consent_hidden
    values = consultation.assessment.values
    return tuple(
        item
        for item in consultation.pack.consent.values()
        if set(item.pathways) & set(considered)
        and not (item.id in hidden and hidden[item.id].value(values) is True)
    )


def _considered(talk: Talk, consultation: Consultation) -> tuple[str, ...]:
    # By their place in the criteria: one number a pathway, whatever the verdicts.
    listed = consultation.assessment.pathways
    pack = consultation.pack
    ranked = consultation.assessment.ranked
    usual = tuple(item.id for item in ranked if item.verdict not in _NEVER)
    for number, item in enumerate(listed, start=1):
        word = pack.wording.verdicts[item.verdict].title
        talk.say(f"{pack.pathways[item.id].title}: {word}", f"  {number} ")
    named = ", ".join(pack.pathways[ident].title for ident in usual) or "none"
    while True:
        text = talk.ask_text(
            f"Pathways being considered, as numbers like 1 2; Enter: {named}; "
            "s skips consent; b: the questions."
        )
        if text == "s":
            return ()
        if not text:
            return usual
        numbers = text.replace(",", " ").split()
        if all(part.isdecimal() and 1 <= int(part) <= len(listed) for part in numbers):
            return tuple(dict.fromkeys(listed[int(part) - 1].id for part in numbers))
        talk.say(f"“{text}” is no list of numbers; allowed: 1 to {len(listed)}, a space between.")


def _item(
    talk: Talk,
    consultation: Consultation,
    item: ConsentItem,
    considered: tuple[str, ...],
    place: str,
    do: Do,
    now: Now,
) -> bool:
    """Read one item and take what is said to it; False ends the items.

    Raises:
        Back: To the item before.
        Leave: The clinician stops.
    """
    _read_aloud(talk, consultation, item, considered, place)
    mark = consultation.case.consent.items.get(item.id)
    again = bool(overtaken_items(consultation, (item,)))
    if again:
        talk.say("Discussed before an answer it speaks of changed: y once it was discussed again.")
    elif mark is not None:
        talk.say("Recorded as discussed. Enter keeps it, n takes it back.")
    while True:
        text = talk.listen()
        if text == "b":
            raise Back
        if text in ("s", "e") or (not text and mark is not None):
            return text != "e"
        if text == "n" and mark is not None:
            do(MarkConsent(item=item.id, mark=None))
            return True
        changed = _marked(mark, text, now)
        if changed is not None and again:
            changed = changed.replaced(discussed_at=now())
        if changed is not None:
            if do(MarkConsent(item=item.id, mark=changed)):
                return True
        elif text == "?":
            for source in item.sources:
                talk.say(consultation.pack.source_text(source), "Source: ", "  ")
        else:
            talk.say("y discussed, s skip, t TEXT, o TEXT, ? sources, b back, e end, q leave.")


def _read_aloud(
    talk: Talk,
    consultation: Consultation,
    item: ConsentItem,
    considered: tuple[str, ...],
    place: str,
) -> None:
    talk.say()
    talk.say(f"{place}: {item.title}")
    talk.say(item.text)
    for pathway in considered:
        if pathway in item.on:
            talk.say(item.on[pathway], f"{consultation.pack.pathways[pathway].title}: ", "  ")


def _marked(mark: ConsentMark | None, text: str, now: Now) -> ConsentMark | None:
    """Return the mark that a typed line makes of an item; None if it makes none."""
    present = mark or ConsentMark(discussed_at=now())
    if text in ("y", "yes"):
        return present
    kind, _, words = text.partition(" ")
    if kind == "t" and words:
        return present.replaced(teach_back=words.strip())
    if kind == "o" and words:
        return present.replaced(note=words.strip())
    return None


def _ending(talk: Talk, consultation: Consultation, do: Do, now: Now) -> None:
    """Ask how it ended, who was there, and whether a copy was handed over."""
    talk.say()
    place = talk.ask_one("How did the conversation end?", _OUTCOMES, none="not ended yet")
    if place is None:
        return
    present = talk.ask_text("Who was present, by role? Enter leaves it out.")
    interpreter = talk.ask_text("Interpreter? Enter: none.")
    copy = talk.ask_yes("Copy handed over? y or n")
    consent = Consent(
        outcome=_OUTCOMES[place],  # type: ignore[arg-type]
        ended_at=now(),
        present=present,
        interpreter=interpreter,
        copy_given=copy,
    )
    do(SetConsent(consent=with_what_it_is_about(consultation, consent)))
