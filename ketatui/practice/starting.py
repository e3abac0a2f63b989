"""A practice case to fill in: everything that only its author can say is marked TODO."""

from __future__ import annotations

import datetime as dt

from ketatui.practice.story_checks import TODO

_TEXT = """\
schema = 1
id = "{id}"
title = "{todo}: what it is called, and not what it is about"
topic = "{topic}"
difficulty = 2
minutes = 6
invented = "Invented; no real patient."
on = {on}
base = "{base}"
story = [
    {{ part = "history", title = "Who comes", text = "{todo}: who, age, kg, cm, why." }},
]
plans = [
    {{ id = "right", text = "{todo}: the right plan, as long as the others.", right = true }},
    {{ id = "harmful", text = "{todo}: what haste does.", harm = "{todo}: why it harms." }},
    {{ id = "neutral", text = "{todo}: something that neither helps nor harms." }},
]
[[reveal]]
id = "asked-for"
part = "history"
ask = "{todo}: what asking for it is called"
text = "{todo}: what is told only when somebody asks."
facts = ["medical.cystitis"]
[answers]
patient = {{ age = 45, sex = "male", weight_kg = 77.0, height_cm = 176.0 }}
medical = {{ cystitis = true }}
[key]
best = "spravato"
[key.verdicts]
spravato = "caution"
iv = "not_recommended"
im = "not_recommended"
oral = "not_recommended"
[[teaching]]
text = "{todo}: what to take away."
rules = ["cystitis"]
sources = ["ketamine-pi"]
"""


def start(ident: str, topic: str, base: str, on: dt.date) -> str:
    """Return the text of a case to fill in.

    Args:
        ident: Its id, and its file's name.
        topic: One of the topics.
        base: The base it takes the rest from.
        on: The day it plays.

    Returns:
        At most 40 lines. The one fact, its verdicts and reasons are an example that holds; the
        author puts another in their place.
    """
    return _TEXT.format(id=ident, topic=topic, base=base, on=on.isoformat(), todo=TODO)
