"""The consultation: case, pack and undo history in one object, without any drawing.

The app and the plain-text walk share it, so a case begun in one can be finished in the other.
"""

from ketatui.consultation.consultation import Consultation
from ketatui.consultation.entry import Entry, parse_entry
from ketatui.consultation.words import answer_text

__all__ = ["Consultation", "Entry", "answer_text", "parse_entry"]
