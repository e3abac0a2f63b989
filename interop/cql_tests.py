"""HL7's own conformance tests of CQL, as far as criteria expressions go.

The tests are files of https://github.com/cqframework/cql-tests (Apache-2.0), which no registry has:
a clone of it is named with ``--cql-tests``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from interop.tally import Tally
from ketatui.cql import (
    ExpressionError,
    Scope,
    Value,
    check,
    compile_expression,
    is_settled,
    parse,
)

_SPACE = "{http://hl7.org/fhirpath/tests}"
_NOTHING = Scope(facts={}, thresholds={})
_SAFER = (" in ", "contains")
"""Operators that say null here of what is not known, where CQL has an answer (writing-criteria)."""

_KNOWN = {
    "RoundNeg0D5": "a half is rounded up here, also below zero (writing-criteria)",
    "RoundNeg1D5": "a half is rounded up here, also below zero (writing-criteria)",
    "Decimal10Pow28ToZeroOneStepDecimalMaxValue": "the product is beyond CQL's decimals: null here",
}
"""Tests that come out otherwise, and why that stays."""


class Test(NamedTuple):
    """One test: what is evaluated, and what has to come out; None for "is refused"."""

    name: str
    expression: str
    output: str | None


def check_conformance(folder: Path | None) -> Tally:
    """Evaluate every test that is within the subset.

    Args:
        folder: A clone of the tests; None for none.

    Returns:
        The tests within the subset, and those that come out otherwise.
    """
    tally = Tally("HL7's conformance tests of CQL, those of our subset")
    if folder is None:
        tally.left_out = "no clone of cql-tests is named: --cql-tests DIR"
        return tally
    counted: Counter[str] = Counter()
    for test in _tests(folder):
        counted["all"] += 1
        try:
            found = _value(test.expression)
        except ExpressionError:
            counted["refused"] += 1
            continue
        tally.looked()
        if test.output is None:
            tally.differs(f"{test.name}: {test.expression}: is refused there, {found!r} here")
            continue
        try:
            expected = _value(test.output)
        except ExpressionError:
            tally.differs(f"{test.name}: {test.expression}: {test.output} there, {found!r} here")
            continue
        if _same(found, expected):
            continue
        if found is None and any(op in test.expression for op in _SAFER):
            counted["safer"] += 1
        elif (why := _KNOWN.get(test.name.rpartition(" ")[2])) is not None:
            tally.saw(f"{test.expression}: {expected!r} there, {found!r} here: {why}")
        else:
            tally.differs(f"{test.name}: {test.expression}: {expected!r} there, {found!r} here")
    tally.saw(
        f"of {counted['all']} tests {counted['refused']} are of CQL beyond the subset and refused; "
        f"{counted['safer']} say null here, where CQL has an answer (in, contains)"
    )
    if not counted["all"]:
        tally.differs(f"{folder}: holds no tests/cql/*.xml")
    return tally


def _tests(folder: Path) -> Iterator[Test]:
    for path in sorted((folder / "tests" / "cql").glob("*.xml")):
        for element in ElementTree.parse(path).iter(f"{_SPACE}test"):
            asked = element.find(f"{_SPACE}expression")
            if asked is None or not asked.text:
                continue
            outputs = [item.text or "" for item in element.findall(f"{_SPACE}output")]
            refused = asked.get("invalid", "false") != "false" or not outputs
            name = f"{path.stem} {element.get('name')}"
            yield Test(name, asked.text.strip(), None if refused else outputs[0].strip())


def _value(text: str) -> Value:
    node = parse(text)
    check(node, _NOTHING)
    return compile_expression(text, node, _NOTHING.thresholds).value({})


def _same(found: Value, expected: Value) -> bool:
    if isinstance(found, bool) or isinstance(expected, bool):
        return found is expected
    if isinstance(found, int | Decimal) and isinstance(expected, int | Decimal):
        return found == expected
    return is_settled(found) == is_settled(expected) and found == expected
