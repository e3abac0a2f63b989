"""A long text is looked through by trying patterns where they can begin: the same is found."""

from __future__ import annotations

import random
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.criteria.pack import Pack
from ketatui.privacy import Scanner, scanner_of
from ketatui.privacy import plain as plain_
from ketatui.privacy.leads import LongText, lead_of
from ketatui.privacy.plain import plain
from ketatui.privacy.scanner import _LONG
from tests.effort import tries

HERE = Path(__file__).parent
ORDINARY = (HERE / "ordinary_notes.txt").read_text(encoding="utf-8").splitlines()
PLANTED = [
    row[0]
    for rows in tomllib.loads((HERE / "planted.toml").read_text(encoding="utf-8"))[
        "planted"
    ].values()
    for row in rows
]


@pytest.fixture(scope="module")
def scanner(pack: Pack) -> Scanner:
    return scanner_of(pack)


def spans(expression: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Every match, found by searching the whole text."""
    return [found.span() for found in expression.finditer(text)]


_lead_once = cache(lead_of)


def spans_by_lead(expression: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    lead = _lead_once(expression)
    starts = LongText(text).starts(lead) if lead else None
    if starts is None:
        return spans(expression, text)
    found: list[tuple[int, int]] = []
    for start in starts:
        match = expression.match(text, start)
        if match and (not found or start >= found[-1][1]):
            found.append(match.span())
    return found


def mixed(seed: int, length: int) -> str:
    """Ordinary notes with planted identifiers among them."""
    chance = random.Random(seed)
    lines: list[str] = []
    while sum(map(len, lines)) < length:
        lines.append(chance.choice(PLANTED if chance.random() < 0.2 else ORDINARY))
    return chance.choice(["\n", " ", "; ", "\u00a0"]).join(lines)


SEEDS = [0, 1, 3, 4]
"""One of each way the letters are changed; as many again, and twice, take their time."""


@pytest.mark.parametrize(
    "seed", [pytest.param(it, marks=() if it in SEEDS else pytest.mark.long) for it in range(12)]
)
def test_a_long_text_gives_what_its_whole_search_gives(
    scanner: Scanner, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    text = mixed(seed, _LONG + 1000)
    if seed % 3 == 0:
        text = text.swapcase()
    if seed % 4 == 0:
        text = text.translate({0x73: "\u017f", 0x4B: "\u212a", 0x49: "İ", 0x69: "\u0131"})
    quick = scanner.scan(text)
    monkeypatch.setattr("ketatui.privacy.scanner._LONG", 10**9)
    assert quick == scanner.scan(text)
    assert seed % 3 == 0 or len(quick) > 20


@given(
    st.lists(st.sampled_from(PLANTED) | st.text(max_size=12), min_size=1, max_size=3),
    st.integers(0, 40),
)
@settings(max_examples=tries(60), deadline=None)
def test_every_pattern_finds_by_its_lead_what_it_finds_by_search(
    pack: Pack, parts: list[str], cut: int
) -> None:
    text, _ = plain("".join(parts)[cut:])
    for kind in pack.identifiers.values():
        for pattern in kind.patterns:
            expression = re.compile(pattern)
            assert spans_by_lead(expression, text) == spans(expression, text), pattern


PATTERNS = [
    "(?i)kiosk", "(?i:straße)", "a{0,3}b", "a{1,3}b", "(?:ab|a)c", "(?:ab|)c", "[^a]b", "(?i)[^a]b",
    ".b", r"\w\d", r"\W1", r"\Db", "(?:a|bc){2}", "(?:a?b){2,3}", "(?<=a)b", "(?=a)[ab]", r"a\b b",
    "^ab", "ab$", "(a)\\1", "ab|cd|", "(?i:a(?-i:B))", r"\bab", r"\B\wb", "(?:k|s)i", "a{9}b{0,2}",
    "(?:ab){3}", "é", "aé|b", "[a-é]b", r"a\.b", "(?:,|a) b", "x{0}ab", "(?:a{0,2}){1,2}b",
]  # fmt: skip
"""Forms a pattern of a pack can take, whatever is looked for with it."""


@given(st.text("abcABCéß\u017fi\u0131İIkK\u212axs1 .,\n", max_size=24))
@settings(max_examples=tries(300), deadline=None)
def test_any_form_of_pattern_finds_the_same(text: str) -> None:
    for pattern in PATTERNS:
        expression = re.compile(pattern)
        assert spans_by_lead(expression, text) == spans(expression, text), (pattern, text)


def test_what_is_no_letter_of_a_keyboard_is_looked_at_and_of_blanks_two() -> None:
    found = plain_._SPECIAL.findall("a".join(map(chr, range(0x110000))))
    assert found == ["\t", *map(chr, range(0x80, 0x110000))]
    twice = [chr(code) for code in range(0x80) if plain_._SPECIAL.search(f"a{chr(code) * 2}b")]
    assert twice == ["\t", " "]


LETTERS = [
    *("é\t", "\u00a0 ", " \u200b ", "\u3000", "\uff11\uff12"),
    *("\u2013", "a  b", "\t\t", "é é", "\u2060"),
]


@given(st.lists(st.sampled_from(LETTERS) | st.text("ab1 -\n", max_size=3), max_size=8))
@settings(max_examples=tries(200), deadline=None)
def test_each_letter_is_told_where_it_stood(parts: list[str]) -> None:
    text = "".join(parts)
    read, places = plain(text)
    assert len(places) == len(read)
    where = list(places)
    assert where == sorted(set(where))
    for letter, place in zip(read, where, strict=True):
        assert letter == text[place] or not text[place].isascii() or text[place] == "\t"
    assert "  " not in read
    assert "\t" not in read
