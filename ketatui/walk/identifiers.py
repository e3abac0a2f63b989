"""What in the texts of a case looks like an identifier of a person, asked about before saving."""

from __future__ import annotations

from ketatui.consultation.consultation import Consultation
from ketatui.consultation.privacy import replace_seen, seen_before_saving
from ketatui.privacy import Scanner, place_text
from ketatui.walk.talk import Leave, Talk


def look_through(talk: Talk, consultation: Consultation, scanner: Scanner) -> None:
    """Say what looks like an identifier, and replace it if that is wanted.

    Args:
        talk: Says and asks.
        consultation: What is to be saved.
        scanner: Knows the patterns.

    Raises:
        Back: The clinician wants to go on with the questions.
        Leave: The clinician stops, or the disk refuses.
    """
    found = seen_before_saving(scanner, consultation.case)
    if not found:
        return
    talk.say("These look like identifiers of a person, which do not belong in a case:")
    for item in found:
        where = place_text(consultation.pack, consultation.case, item.place)
        talk.say(f"{where}: “{item.seen.text}”, {item.seen.title}", "  - ")
    if talk.ask_yes("Replace all of them? y, n keeps them, b: the questions"):
        try:
            replace_seen(consultation, found)
        except (OSError, ValueError) as error:
            talk.say(f"This could not be kept on disk, so not all were replaced: {error}")
            raise Leave from None
        talk.say("Replaced.")
