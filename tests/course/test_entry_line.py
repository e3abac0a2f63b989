"""What is typed into the entry line of a session: taken whole, asked about, or refused."""

from __future__ import annotations

import re
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.cases.courses import Event, Observation
from ketatui.course.entry_line import Entry, parse_line, words_of
from tests.course.support import knowledge
from tests.each import each
from tests.effort import tries

USUAL = knowledge().pack.schedule.usual_events


def read(text: str, minute: int | None = 41) -> Entry:
    return parse_line(text, minute, USUAL)


def seen(text: str, minute: int | None = 41) -> dict[str, Any]:
    """What was observed, by part, without what was not."""
    entry = read(text, minute)
    assert entry.observation is not None, entry.problem
    fields = Observation.__struct_fields__
    values = {name: getattr(entry.observation, name) for name in fields}
    return {name: value for name, value in values.items() if value not in (None, "", {})}


WHOLE = {
    "minute": 41,
    "systolic": 141,
    "diastolic": 88,
    "spo2": 97,
    "sedation": 4,
    "dissociation": "moderate",
}


def test_the_line_of_the_spec_is_read() -> None:
    assert seen("141/88 97 4 mod") == WHOLE
    assert read("141/88 97 4 mod").said == (
        "minute 41, pressure 141/88, oxygen 97 %, sedation 4, dissociation moderate"
    )


def test_the_order_does_not_matter() -> None:
    for words in permutations(("141/88", "97", "4", "mod", "@41")):
        assert seen(" ".join(words), minute=90) == WHOLE


@each(
    ("text", "values"),
    [
        ("141 / 88", {"systolic": 141, "diastolic": 88}),
        ("bp 141/88", {"systolic": 141, "diastolic": 88}),
        ("97%", {"spo2": 97}),
        ("spo2 91", {"spo2": 91}),
        ("o2 97%", {"spo2": 97}),
        ("100", {"spo2": 100}),
        ("50", {"spo2": 50}),
        ("0", {"sedation": 0}),
        ("5", {"sedation": 5}),
        ("sed 3", {"sedation": 3}),
        ("moaa/s 3", {"sedation": 3}),
        ("s4 97", None),
        ("none", {"dissociation": "none"}),
        ("diss severe", {"dissociation": "severe"}),
        ("hr 72", {"heart_rate": 72}),
        ("72bpm", {"heart_rate": 72}),
        ("rr 14", {"respiratory_rate": 14}),
        ("\uff11\uff14\uff11/\uff18\uff18", {"systolic": 141, "diastolic": 88}),
        ("97, 4; mild", {"spo2": 97, "sedation": 4, "dissociation": "mild"}),
    ],
)
def test_each_way_to_write_a_value(text: str, values: dict[str, Any] | None) -> None:
    if values is None:
        assert read(text).problem or read(text).check
    else:
        assert seen(text) == {"minute": 41, **values}


@pytest.mark.parametrize("text", ["97 @38", "97 38'", "97 38min", "97 38 min", "at 38 97"])
def test_a_minute_can_be_given(text: str) -> None:
    assert seen(text) == {"minute": 38, "spo2": 97}


@each(
    ("text", "said"),
    [
        ("88/141", "Was it 141/88?"),
        ("141/141", "the lower value has to be below the upper one"),
        ("400/88", "400 cannot be a systolic pressure: 50 to 300 mmHg"),
        ("49/20", "49 cannot be a systolic pressure"),
        ("141/19", "19 cannot be a diastolic pressure"),
        ("spo2 49", "49 cannot be oxygen: 50 to 100 %"),
        ("101%", "101 cannot be oxygen"),
        ("sed 6", "6 cannot be sedation (MOAA/S): 0 to 5"),
        ("120", "“120” is not understood"),
        ("44", "“44” is not understood"),
        ("141-88", "A pressure is written 141/88"),
        ("97 98", "Two values for oxygen"),
        ("mild mod", "Two values for dissociation"),
        ("141/88 modd", "“modd” is not understood"),
        ("97 @42", "Minute 42 has not come yet: it is minute 41"),
        ("@40", "A minute alone says nothing"),
        ("", "Type 141/88, oxygen 97"),
        ("/", "“/” is not understood"),
        ("-5", "“-5” is not understood"),
        ("14²/80 97", "“14²/80” is not understood"),
        ("141/88 9⁷", "“9⁷” is not understood"),
        ("nausea 25 40", "an event has one minute"),
        ("nausea mild severe", "Two severities"),
        ("nausea serious not serious", "Serious or not: say it once"),
        ("nausea 50", "Minute 50 has not come yet"),
        ("nausea " * 40, "at most 200 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_says_what_is_allowed(text: str, said: str) -> None:
    entry = read(text)
    assert said in entry.problem
    assert entry.observation is None and entry.event is None and entry.taken == ()


def test_values_that_are_close_together_are_asked_about() -> None:
    assert read("100/86").check == "100/86 are close together"
    assert read("100/85").check == ""


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("nausea 25 mild", Event(term="nausea", onset_minute=25, severity="mild")),
        ("nausea", Event(term="nausea", onset_minute=41)),
        ("mod Nausea @12", Event(term="Nausea", onset_minute=12, severity="moderate")),
        ("chest pain severe serious",
         Event(term="chest pain", onset_minute=41, severity="severe", serious=True)),
        ("headache 9 min not serious", Event(term="headache", onset_minute=9, serious=False)),
    ],
)  # fmt: skip
def test_an_event_has_onset_severity_and_whether_it_is_serious(text: str, event: Event) -> None:
    entry = read(text)
    assert (entry.event, entry.check, entry.problem) == (event, "", "")


def test_a_term_nobody_knows_is_asked_about_and_kept_as_typed() -> None:
    entry = read("modd 25")
    assert entry.check == "“modd” is no usual term: an event"
    assert entry.event == Event(term="modd", onset_minute=25)


def test_a_clock_that_cannot_tell_asks_for_the_minute() -> None:
    assert "add it as @40" in read("97", minute=None).problem
    assert seen("97 @40", minute=None) == {"minute": 40, "spo2": 97}
    ahead = parse_line("97 @80", 41, USUAL, ahead=True)
    assert ahead.observation == Observation(minute=80, spo2=97)


# --- nothing is dropped in silence --------------------------------------------------------------

pieces = st.sampled_from(
    (
        "141/88 88/141 97 97% 4 mod none @40 40 min hr 72 rr sed spo2 nausea serious not severe "
        "- / 120 bp at x \u00e9"
    ).split()
)
lines = st.lists(pieces, max_size=7).map(" ".join) | st.text(max_size=30)


@settings(max_examples=tries(500))
@given(lines, st.none() | st.integers(0, 200))
def test_a_line_is_taken_with_every_word_or_refused(text: str, minute: int | None) -> None:
    entry = parse_line(text, minute, USUAL)
    if entry.problem:
        assert entry.taken == () and entry.observation is None and entry.event is None
        return
    assert entry.taken == words_of(text)
    assert (entry.observation is None) != (entry.event is None)
    if entry.event is not None:
        # Every word is in the term, or is a number, a grade or a mark that has become a value.
        values = {"mild", "mod", "moderate", "sev", "severe", "serious", "not", "at", "min"}
        values |= {"nonserious", "non-serious", "minute", "minutes"}
        number = re.compile(r"@?[0-9]+(min|')?|@")
        left = [word for word in entry.taken if not number.fullmatch(word)]
        term = [word for word in words_of(entry.event.term) if word not in values]
        assert [word for word in left if word not in values] == term
    else:
        bare = [word for word in entry.taken if word not in ("o2", "spo2")]
        numbers = [number for word in bare for number in _numbers(word)]
        assert entry.observation is not None
        held = [getattr(entry.observation, name) for name in Observation.__struct_fields__]
        assert all(int(number) in held for number in numbers)


def _numbers(word: str) -> list[str]:
    return "".join(letter if letter.isdecimal() else " " for letter in word).split()


observations = st.fixed_dictionaries(
    {},
    optional={
        "pressure": st.tuples(st.integers(100, 300), st.integers(20, 85)),
        "spo2": st.integers(50, 100),
        "sedation": st.integers(0, 5),
        "dissociation": st.sampled_from(("none", "mild", "moderate", "severe")),
        "heart_rate": st.integers(20, 250),
        "respiratory_rate": st.integers(4, 60),
    },
).filter(bool)


@settings(max_examples=tries(200))
@given(observations, st.integers(0, 300), st.randoms(use_true_random=False))
def test_what_is_written_out_is_read_as_it_was(
    values: dict[str, Any], minute: int, chance: Any
) -> None:
    written = {"heart_rate": "hr {}", "respiratory_rate": "rr {}", "pressure": "{}/{}"}
    words = [
        written.get(part, "{}").format(*(value if isinstance(value, tuple) else (value,)))
        for part, value in values.items()
    ]
    words.append(f"@{minute}")
    chance.shuffle(words)
    wanted = dict(values)
    if "pressure" in wanted:
        wanted["systolic"], wanted["diastolic"] = wanted.pop("pressure")
    assert parse_line(" ".join(words), 300).observation == Observation(minute=minute, **wanted)
