"""Rating scales item by item."""

from __future__ import annotations

from collections.abc import Callable

from ketatui.consultation.consultation import Consultation
from ketatui.consultation.edits import Edit, SetItem
from ketatui.consultation.words import answer_text
from ketatui.criteria.models import InstrumentItem, Question
from ketatui.walk.talk import Talk

Do = Callable[[Edit], bool]
_SKIP, _BACK, _STOP = "s", "b", "e"


def ask_items(talk: Talk, consultation: Consultation, question: Question, do: Do) -> bool:
    """Ask the items of a scale one after the other.

    Args:
        talk: Says and asks.
        consultation: The consultation.
        question: A question of kind ``scale`` whose instrument has items.
        do: Makes an edit.

    Returns:
        Whether every item has a score now.

    Raises:
        Leave: The clinician stops.
    """
    instrument = consultation.pack.instrument_of(question)
    talk.say(instrument.title)
    talk.say(instrument.intro)
    talk.say("A score for each; s leaves an item open, b goes back, e ends the scale.")
    at = 0
    while at < len(instrument.items):
        move = _ask_item(talk, consultation, question, instrument.items[at], at, do)
        if move == _STOP:
            break
        at = max(0, at - 1) if move == _BACK else at + 1
    said = answer_text(consultation.pack, question, consultation.case)
    talk.say(f"{question.label}: {said}.")
    return consultation.status(question.id) == "answered"


def _ask_item(
    talk: Talk,
    consultation: Consultation,
    question: Question,
    item: InstrumentItem,
    at: int,
    do: Do,
) -> str:
    talk.say()
    talk.say(item.text, f"{at + 1}. ")
    for score, label in enumerate(item.options):
        talk.say(label, f"  {score} ")
    present = consultation.fresh.scale_items.get(question.id, {}).get(item.id)
    if present is not None:
        talk.say(f"Now: {present}. Enter keeps it.")
    while True:
        text = talk.listen()
        if text in (_SKIP, _BACK, _STOP):
            return text
        if not text and present is not None:
            return ""
        if text.isdecimal() and int(text) < len(item.options):
            if do(SetItem(question=question.id, item=item.id, score=int(text))):
                if item.above_zero is not None and int(text) > 0:
                    talk.say(item.above_zero, "! ")
                return ""
        else:
            talk.say(f"A score from 0 to {len(item.options) - 1}, s, b or e.")
