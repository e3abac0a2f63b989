from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given, settings

from ketatui.cases.toml_text import render
from ketatui.toml_lines import locate
from tests.cases.support import foreign
from tests.each import each
from tests.effort import tries

TEXT = '''\
title = "a # [not.a.table]"
dotted.key . here = 1 # = 2
long = """
[fake]
fake = 1 ""\\"
"""
lit = \'\'\'
[[fake]] \'\'
\'\'\'
many = [
  1, # ] not the end
  "x]",
  { inner = 2, "quoted.key" = [
    3 ] },
]
[table."quoted.key"]
a = 1
[[rows]]
a = 1
[rows.inner]
b = 2
[[rows]]
c = 3
[[rows.deeper]]
d = 4
[table]
late = 5
'''


@each(
    ("path", "line"),
    [
        (["title"], 1),
        (["dotted", "key", "here"], 2),
        (["dotted"], 2),
        (["long"], 3),
        (["lit"], 7),
        (["many"], 10),
        (["many", 0], 11),
        (["many", 1], 12),
        (["many", 2, "inner"], 13),
        (["many", 2, "quoted.key", 0], 14),
        (["table", "quoted.key", "a"], 17),
        (["table", "quoted.key"], 16),
        (["table"], 26),
        (["table", "late"], 27),
        (["rows"], 18),
        (["rows", 0], 18),
        (["rows", 0, "a"], 19),
        (["rows", 0, "inner", "b"], 21),
        (["rows", 1], 22),
        (["rows", 1, "c"], 23),
        (["rows", 1, "deeper", 0, "d"], 25),
        (["rows", 1, "missing", "further"], 22),
        (["fake"], None),
        (["fake", "a"], None),
        ([], None),
    ],
)
def test_a_key_is_found_on_the_line_that_defines_it(path: list[Any], line: int | None) -> None:
    assert locate(TEXT, path) == line


@each(
    "text",
    ["", "a", "= 1", "[", "[[", "]", "a = [", "a = {", 'a = "', "[a.", '"', "a = [1,,", "\0"],
)
def test_text_that_is_no_toml_never_stops_the_scan(text: str) -> None:
    assert locate(text, ["b"]) is None


def test_windows_line_ends_count_once() -> None:
    assert locate("a = 1\r\nb = 2\r\n", ["b"]) == 2


@settings(max_examples=tries(70), deadline=None)
@given(foreign)
def test_every_key_of_any_document_is_found_where_it_stands(data: dict[str, Any]) -> None:
    text = render(data)
    assert tomllib.loads(text).keys() == data.keys()
    lines = text.split("\n")
    for key in data:
        line = locate(text, [key])
        assert line is not None
        assert lines[line - 1].lstrip("[").startswith(("x-", '"x-'))
