"""Data become a table, or every fault of them is said with its place."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Meta, field

from ketatui.cases.model import Moment
from ketatui.toml_structs import (
    SAYS_SOMETHING,
    ClosedTable,
    FaultyTableError,
    OpenTable,
    Table,
    _within,
    need_finite,
    plain,
    read_table,
    strip_texts,
)
from tests.each import each
from tests.effort import tries


class Row(OpenTable, frozen=True, kw_only=True):
    """A table within another that keeps what it does not know."""

    name: str
    dose: Decimal | None = None


class Sheet(OpenTable, frozen=True, kw_only=True):
    """One of each kind of field."""

    id: Annotated[str, Meta(pattern=r"^[a-z]+\Z", max_length=4)]
    kind: Literal["a", "b"] = "a"
    at: Moment | None = None
    day: dt.date | None = None
    share: Annotated[int, Meta(ge=0, le=100)] = 0
    yes: bool = False
    tags: Annotated[tuple[str, ...], Meta(min_length=1)] = ("x",)
    marks: frozenset[str] = frozenset()
    rows: tuple[Row, ...] = ()
    named: dict[str, Row] = field(default_factory=dict)
    one: Row = Row(name="")


class Strict(ClosedTable, frozen=True, kw_only=True):
    """A table that refuses keys."""

    said: Annotated[str, Meta(pattern=SAYS_SOMETHING)]
    least: Decimal | None = None
    other: str = field(default="", name="else")

    def __post_init__(self) -> None:
        strip_texts(self, "said")
        need_finite(self, "least")


AWARE = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
FAULTS: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({}, {"id": "is missing"}),
    ({"id": 3}, {"id": "3 is not text; allowed: text"}),
    ({"id": "ABC"}, {"id": "'ABC' is not of the form [a-z]+"}),
    ({"id": "ab\n"}, {"id": "'ab\\n' is not of the form [a-z]+"}),
    ({"id": "abcde"}, {"id": "too long: 5 characters; allowed: 4"}),
    ({"kind": "c"}, {"kind": "'c' is not known here; allowed: a, b"}),
    ({"kind": 1}, {"kind": "1 is not known here; allowed: a, b"}),
    ({"at": "2026-11-21T21:01:43Z"}, {"at": "allowed: a date and time with its offset"}),
    ({"at": AWARE.replace(tzinfo=None)}, {"at": "allowed: a date and time with its offset"}),
    ({"at": AWARE.date()}, {"at": "allowed: a date and time with its offset"}),
    ({"day": AWARE}, {"day": "is no day; allowed: a date like 2026-11-21"}),
    ({"share": True}, {"share": "True is no whole number; allowed: a whole number"}),
    ({"share": Decimal("1.0")}, {"share": "allowed: a whole number"}),
    ({"share": 101}, {"share": "101 is out of range; allowed: 0 to 100"}),
    ({"yes": 1}, {"yes": "1 is not a yes or no; allowed: true, false"}),
    ({"tags": []}, {"tags": "needs at least 1"}),
    ({"tags": "abc"}, {"tags": "'abc' is no list; allowed: a list"}),
    (
        {"tags": ["a", 2, 3]},
        {"tags.1": "2 is not text; allowed: text", "tags.2": "3 is not text; allowed: text"},
    ),
    ({"rows": {}}, {"rows": "{} is no list; allowed: a list"}),
    ({"rows": ["x", {"dose": 3}]}, {"rows.0": "allowed: a table", "rows.1.name": "is missing"}),
    (
        {"named": {"k": {"name": 1}}, "share": "x"},
        {"named.k.name": "text", "share": "allowed: a whole"},
    ),
    ({"one": {"name": "n", "dose": True}}, {"one.dose": "True is no number; allowed: a number"}),
    ({"one": []}, {"one": "[] is no table; allowed: a table"}),
]


@each(("data", "faults"), FAULTS)
def test_every_fault_is_said_with_its_place(data: dict[str, Any], faults: dict[str, str]) -> None:
    whole = {"id": "ab", **data} if data else data
    with pytest.raises(FaultyTableError) as caught:
        read_table(whole, Sheet)
    said = {".".join(map(str, f.place)): f.said(repr) for f in caught.value.faults}
    assert said.keys() == faults.keys()
    assert all(words in said[place] for place, words in faults.items()), said


def test_a_closed_table_refuses_keys_and_what_its_fields_are_together() -> None:
    with pytest.raises(FaultyTableError) as caught:
        read_table({"said": " ", "sade": 1, "other": ""}, Strict)
    assert [(f.place, f.said(repr)) for f in caught.value.faults] == [
        (("said",), "says nothing"),
        (("sade",), "unknown key"),
        (("other",), "unknown key"),
    ]
    with pytest.raises(FaultyTableError, match="least: NaN is no number"):
        read_table({"said": "x", "least": Decimal("nan")}, Strict)
    assert read_table({"said": " x\n", "else": "y"}, Strict) == Strict(said="x", other="y")


def test_moments_may_stand_there_as_text_where_json_does_not_know_them() -> None:
    data = {"id": "ab", "at": "2026-11-21T00:00:00Z"}
    assert read_table(data, Sheet, times_as_text=True).at == AWARE
    with pytest.raises(FaultyTableError) as caught:
        read_table({**data, "yes": 1}, Sheet, times_as_text=True)
    assert [fault.place for fault in caught.value.faults] == [("yes",)]


def test_keys_an_open_table_does_not_know_are_kept_on_every_level() -> None:
    data = {
        "id": "ab",
        "extra": 1,
        "x": {"deep": [1, AWARE]},
        "rows": [{"name": "r", "extra": {}}],
        "named": {"name": {"name": "n", "why": "w"}},
        "one": {"name": "o", "how": None},
    }
    table = read_table(data, Sheet)
    assert table.extra == {"extra": 1, "x": {"deep": [1, AWARE]}}
    assert (table.rows[0].extra, table.one.extra) == ({"extra": {}}, {"how": None})
    assert table.named["name"].extra == {"why": "w"}
    again = plain(table)
    assert (again["extra"], again["x"]) == (1, {"deep": [1, AWARE]})
    assert again["rows"] == ({"name": "r", "dose": None, "extra": {}},)
    assert again["named"] == {"name": {"name": "n", "dose": None, "why": "w"}}
    assert read_table(plain(table), Sheet) == table


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.decimals() | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "name", "dose", "x", "extra"]), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = st.sampled_from([*Sheet.__struct_fields__, "x", "y"])


@settings(max_examples=tries(150), deadline=None)
@given(st.dictionaries(FIELDS, JSON, max_size=4))
def test_any_data_are_a_table_that_reads_back_or_have_a_fault(data: dict[str, Any]) -> None:
    try:
        table = read_table({"id": "ab"} | data, Sheet)
    except FaultyTableError as error:
        for fault in error.faults:
            here: Any = {"id": "ab"} | data
            for part in fault.place[: -1 if "missing" in fault.message else None]:
                here = here[part]
        assert error.faults
    else:
        assert repr(read_table(plain(table), Sheet)) == repr(table)


def kinds_of(kind: type[Table]) -> list[type[Table]]:
    return [kind, *(inner for below in kind.__subclasses__() for inner in kinds_of(below))]


def test_where_a_table_holds_tables_that_keep_keys_is_found_however_its_fields_are_written() -> (
    None
):
    kinds = [kind for kind in kinds_of(Table) if kind.__module__.startswith("ketatui")]

    def opened(hint: Any) -> set[Any]:
        parts: set[Any] = set().union(*[opened(part) for part in get_args(hint)])
        return parts | ({hint} if isinstance(hint, type) and issubclass(hint, OpenTable) else set())

    wanted = {
        kind: {name for name, hint in get_type_hints(kind).items() if opened(hint)}
        for kind in kinds
    }
    assert {kind: set(_within(kind)) for kind in kinds} == wanted
    assert any(wanted.values())
    assert not all(wanted.values())


def test_no_form_lets_a_line_break_in_at_its_end() -> None:
    """``$`` would: an id that ends in a line break is none."""

    def metas(hint: Any) -> list[Meta]:
        own = [part for part in get_args(hint) if isinstance(part, Meta)]
        if get_origin(hint) is Literal:
            return []
        return own + [meta for part in get_args(hint) for meta in metas(part)]

    forms = {
        meta.pattern
        for kind in kinds_of(Table)
        if kind.__module__.startswith("ketatui")
        for hint in get_type_hints(kind, include_extras=True).values()
        for meta in metas(hint)
        if meta.pattern is not None
    }
    assert len(forms) > 5
    assert [form for form in forms if form != SAYS_SOMETHING and not form.endswith(r"\Z")] == []
