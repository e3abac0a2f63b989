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


_STAGED = """\
schema = 1
id = "{id}"
title = "{todo}: what it is called, and not what it is about"
topic = "{topic}"
difficulty = 2
minutes = 10
invented = "Invented; no real patient."
on = {on}
base = "{base}"
story = [
    {{ part = "history", title = "Who comes", text = "{todo}: who, age, kg, cm, why." }},
]
[answers]
patient = {{ age = 45, sex = "male", weight_kg = 77.0, height_cm = 176.0 }}
[course]
pathway = "spravato"
basis = "trd"
scores = [
    {{ instrument = "madrs", day = 1, value = 32 }},
    {{ instrument = "madrs", day = 29, value = 30 }},
]
sessions = [{{ day = 1, mg = 0 }}, {{ day = 2, mg = 56 }}]

[[stages]]
id = "first-day"
title = "{todo}: when and where"
day = 1
story = [
    {{ part = "examination", title = "In the chair", text = "{todo}: all vitals." }},
]
answers = {{ systolic = 166, diastolic = 96 }}
key = {{ gate = "unmet" }}
reasons = {{ gate = ["gate-bp-hold"] }}
plans = [
    {{ id = "right", text = "{todo}: the right plan, as long as the others.", right = true }},
    {{ id = "harmful", text = "{todo}: what haste does.", harm = "{todo}: why it harms." }},
    {{ id = "neutral", text = "{todo}: something that neither helps nor harms." }},
]
[[stages.teaching]]
text = "{todo}: what to take away."
rules = ["gate-bp-hold"]
sources = ["spravato-pi §5.7"]

[[stages]]
id = "four-weeks"
title = "{todo}: when"
day = 30
kind = "review"
story = [
    {{ part = "history", title = "How it is", text = "{todo}: what is told." }},
]
key = {{ continue = "caution" }}
reasons = {{ continue = ["continue-little-benefit"] }}
plans = [
    {{ id = "right", text = "{todo}: the right plan, as long as the others.", right = true }},
    {{ id = "harmful", text = "{todo}: what habit does.", harm = "{todo}: why it harms." }},
    {{ id = "neutral", text = "{todo}: something that neither helps nor harms." }},
]
"""


def start(ident: str, topic: str, base: str, on: dt.date, *, staged: bool = False) -> str:
    """Return the text of a case to fill in.

    Args:
        ident: Its id, and its file's name.
        topic: One of the topics.
        base: The base it takes the rest from.
        on: The day it plays.
        staged: Whether it is a course in stages.

    Returns:
        At most 40 lines, and some 20 for each stage. The one fact, its verdicts and reasons are an
        example that holds; the author puts another in their place.
    """
    text = _STAGED if staged else _TEXT
    return text.format(id=ident, topic=topic, base=base, on=on.isoformat(), todo=TODO)
