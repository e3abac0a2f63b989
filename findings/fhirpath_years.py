"""In fhirpath.js a year is 12 months and 365 days, and 12 months are not 365 days.

Equality of calendar durations is not transitive: a rule that says 365 days and one that says 12
months part company although both equal one year. Against UCUM's year (`'a'`) the comparison is
empty. Durations in conditions are best kept in one unit.
"""

from __future__ import annotations

import json

from finding import node_package, report

PINNED = "fhirpath@5.2.2"
AS_FOUND = {
    "1 year = 12 months": [True],
    "1 year = 365 days": [True],
    "12 months = 365 days": [False],
    "12 months = 360 days": [True],
    "1 year = 1 'a'": [],
    "1 year ~ 1 'a'": [True],
}
CODE = """
const fhirpath = require("fhirpath");
const asked = %s;
const said = asked.map(it => [it, fhirpath.evaluate({ resourceType: "Patient" }, it)]);
console.log(JSON.stringify(Object.fromEntries(said)));
"""

if __name__ == "__main__":
    report(PINNED, node_package(PINNED, CODE % json.dumps([*AS_FOUND])), AS_FOUND)
