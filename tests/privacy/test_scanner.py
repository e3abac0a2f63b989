"""What is planted is found, what is ordinary mostly is not, and no text makes it slow."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ketatui.criteria.models import IdentifierKind
from ketatui.criteria.pack import Pack
from ketatui.privacy import Scanner, remark, scanner_of
from ketatui.toml_structs import read_table
from tests.each import each
from tests.effort import tries

HERE = Path(__file__).parent
ORDINARY = (HERE / "ordinary_notes.txt").read_text(encoding="utf-8").splitlines()
PLANTED: dict[str, list[list[str]]] = tomllib.loads(
    (HERE / "planted.toml").read_text(encoding="utf-8")
)["planted"]

FALSE_ALARMS = {
    "May 2 more sessions be added, asks the patient.": [("date", "May 2")],
    "Friend Group on Thursdays helps.": [("name", "Group")],
}
"""Every ordinary sentence in which something is seen all the same: the measured false alarms."""

COUNTS = {
    "name": 14,
    "place": 12,
    "date": 13,
    "age": 12,
    "telephone": 11,
    "fax": 10,
    "email": 10,
    "ssn": 10,
    "record": 11,
    "plan": 10,
    "account": 10,
    "licence": 10,
    "vehicle": 10,
    "device": 11,
    "url": 10,
    "ip": 10,
    "other": 11,
}
"""Planted sentences of each kind."""


@pytest.fixture(scope="module")
def scanner(pack: Pack) -> Scanner:
    return scanner_of(pack)


def seen(scanner: Scanner, text: str) -> list[tuple[str, str]]:
    return [(found.kind, found.text) for found in scanner.scan(text)]


def test_every_kind_the_rule_lists_is_looked_for_but_two(pack: Pack) -> None:
    letters = {kind.paragraph for kind in pack.identifiers.values()}
    assert letters == set("ABCDEFGHIJKLMNOR")
    assert set("ABCDEFGHIJKLMNOPQR") - letters == {"P", "Q"}


def test_there_are_ten_planted_sentences_of_each_kind(pack: Pack) -> None:
    assert {kind: len(rows) for kind, rows in PLANTED.items()} == COUNTS
    assert set(COUNTS) == set(pack.identifiers)
    assert min(COUNTS.values()) >= 10
    assert sum(COUNTS.values()) == 185


@each("kind", COUNTS)
def test_each_planted_identifier_is_found_to_the_letter(scanner: Scanner, kind: str) -> None:
    for sentence, planted in PLANTED[kind]:
        assert seen(scanner, sentence) == [(kind, planted)], sentence


def test_the_false_alarms_over_ordinary_notes_are_these(scanner: Scanner) -> None:
    assert len(ORDINARY) == len(set(ORDINARY)) == 338
    alarms = {text: found for text in ORDINARY if (found := seen(scanner, text))}
    assert alarms == FALSE_ALARMS


PASTED: dict[str, dict[int, str]] = {
    "dashes": str.maketrans({"-": "\N{EN DASH}"}),
    "dashes that do not break": str.maketrans({"-": "\N{NON-BREAKING HYPHEN}"}),
    "apostrophes": str.maketrans({"'": "\N{RIGHT SINGLE QUOTATION MARK}"}),
    "blanks that do not break": str.maketrans({" ": "\N{NO-BREAK SPACE}"}),
    "two blanks": str.maketrans({" ": "  "}),
    "tabs": str.maketrans({" ": "\t"}),
    "wide digits": {ord("0") + digit: chr(0xFF10 + digit) for digit in range(10)},
    "invisible letters": str.maketrans({"-": "-\N{ZERO WIDTH SPACE}", " ": " \N{WORD JOINER}"}),
}
"""How the same text comes from a word processor, a web page or a table."""


@each("how", PASTED)
def test_what_is_pasted_is_seen_as_what_is_typed(scanner: Scanner, how: str) -> None:
    letters = PASTED[how]
    for sentence in [row[0] for rows in PLANTED.values() for row in rows] + ORDINARY:
        pasted = sentence.translate(letters)
        found = scanner.scan(pasted)
        wanted = [(kind, text.translate(letters)) for kind, text in seen(scanner, sentence)]
        assert [(item.kind, item.text.strip("\u200b\u2060")) for item in found] == wanted
        for item in found:
            assert pasted[item.start : item.end] == item.text


def test_the_examples_of_the_pack_hold(scanner: Scanner, pack: Pack) -> None:
    for kind in pack.identifiers.values():
        for text in kind.examples:
            assert kind.id in [found for found, _ in seen(scanner, text)], text
        for text in kind.others:
            assert kind.id not in [found for found, _ in seen(scanner, text)], text


def test_what_was_replaced_is_not_seen_again(scanner: Scanner) -> None:
    for sentence, planted in (row for rows in PLANTED.values() for row in rows):
        replaced = scanner.replaced(sentence)
        assert planted not in replaced.replace("[age 90 or over]", "")
        assert seen(scanner, replaced) == [], replaced


@given(
    st.lists(
        st.sampled_from([row[0] for rows in PLANTED.values() for row in rows] + ORDINARY)
        | st.text(max_size=20),
        max_size=6,
    )
)
@settings(max_examples=tries(100), deadline=None)
def test_replacing_keeps_every_letter_around_what_was_seen(
    scanner: Scanner, parts: list[str]
) -> None:
    text = "; ".join(parts)
    found = scanner.scan(text)
    at = 0
    rest = scanner.replaced(text)
    for item in found:
        assert at <= item.start < item.end
        assert text[item.start : item.end] == item.text
        kept = text[at : item.start] + item.replacement
        assert rest.startswith(kept)
        rest, at = rest[len(kept) :], item.end
    assert rest == text[at:]


HOSTILE = [
    *("0123456789 ab", "1-", "1.", "a.", "A", "A1", "1:", "1 ", "(", "fe80:", "Aa ", "Mr Aa-"),
    *(
        "9",
        "-",
        "@",
        "a@",
        "a@a.",
        "phone ",
        "MRN: ",
        "fax ",
        "+1 ",
        "12 Aa ",
        "January ",
        " ",
        "\n",
    ),
    *("name is ", "http://", "www.", "12/", "lives in Aa ", "patient Aa ", "0000 ", "AB12 ", "é"),
]


@each("piece", HOSTILE)
def test_no_text_keeps_it_busy_for_ever(scanner: Scanner, piece: str) -> None:
    # A pattern that backtracks takes the square of the length, hours here: the run ends it.
    text = (piece * 100_000)[:20_000]
    scanner.scan(text)


def test_a_pattern_without_an_upper_bound_is_refused() -> None:
    fields = {
        "id": "x",
        "title": "x",
        "paragraph": "A",
        "replacement": "[x]",
        "examples": ("a",),
        "others": ("b",),
        "sources": ("s",),
    }
    for pattern in ("a+", "a*", "(a|b)*c", "a{2,}", r"[\]]+", "[^]]*"):
        with pytest.raises(ValueError, match="upper bound"):
            read_table({**fields, "patterns": (pattern,)}, IdentifierKind)
    for pattern in (r"\+", "[+*]", "a{2,3}", r"\*?", "[^]+]"):
        read_table({**fields, "patterns": (pattern,)}, IdentifierKind)


def test_the_remark_names_the_first_and_counts_the_rest(scanner: Scanner) -> None:
    assert remark(scanner.scan("low mood")) == ""
    assert remark(scanner.scan("cell 555-0188")) == "“555-0188” looks like a telephone number"
    two = remark(scanner.scan("IP: 10.0.0.8, cell 555-0188"))
    assert two == "“10.0.0.8” looks like an IP address, and 1 more"
