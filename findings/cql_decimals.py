"""cql-execution computes CQL's decimals in binary floating point.

CQL's Decimal has 28 digits and a step of 10^-8, so 0.1 + 0.2 = 0.3. Here that is false, 1.1 * 1.1
has 16 decimals, and 0.3 mod 0.1 is not 0. A comparison with a threshold should not rest on a sum
or a product of decimals: compare numbers as they were entered, or round first.
"""

from __future__ import annotations

import json
from typing import Any

from finding import node_package, report

PINNED = "cql-execution@3.3.2"
AS_FOUND = {
    "0.1 + 0.2 = 0.3": False,
    "1.1 * 1.1": 1.2100000000000002,
    "0.3 mod 0.1": 0.09999999999999998,
}


def number(value: str) -> dict[str, Any]:
    kind = "{urn:hl7-org:elm-types:r1}Decimal"
    return {"type": "Literal", "valueType": kind, "value": value}


def of(operator: str, *operands: Any) -> dict[str, Any]:
    return {"type": operator, "operand": list(operands)}


TREES = [
    of("Equal", of("Add", number("0.1"), number("0.2")), number("0.3")),
    of("Multiply", number("1.1"), number("1.1")),
    of("Modulo", number("0.3"), number("0.1")),
]
LIBRARY = {
    "library": {
        "identifier": {"id": "Decimals", "version": "1"},
        "schemaIdentifier": {"id": "urn:hl7-org:elm", "version": "r1"},
        "statements": {
            "def": [
                {"name": name, "context": "Unfiltered", "expression": tree}
                for name, tree in zip(AS_FOUND, TREES, strict=True)
            ]
        },
    }
}
CODE = """
const cql = require("cql-execution");
const executor = new cql.Executor(new cql.Library(%s));
executor.exec(new cql.PatientSource([])).then(
  found => console.log(JSON.stringify(found.unfilteredResults)));
"""

if __name__ == "__main__":
    report(PINNED, node_package(PINNED, CODE % json.dumps(LIBRARY)), AS_FOUND)
