"""fhir.resources takes the last zeros of a decimal away, which FHIR says have a meaning.

FHIR R4, "Datatypes", decimal: "the precision of the decimal value has significance", 0.010 is not
0.01, and an implementation has to keep it. A dose of 1.10 mg is read as 1.1, is 1.1 inside, and
is written as 1.1; 120.0 keeps its zero. Doses and scores should not go through it.
"""

from __future__ import annotations

from finding import python_package, report

PINNED = "fhir.resources==8.3.0"
AS_FOUND = {
    '{"value":1.10,"unit":"mg"}': ('{"value":1.1,"unit":"mg"}', "1.1"),
    '{"value":0.1000}': ('{"value":0.1}', "0.1"),
    '{"value":120.0}': ('{"value":120.0}', "120.0"),
}


def through(text: str) -> tuple[str, str]:
    from fhir.resources.R4B.quantity import Quantity

    found = Quantity.model_validate_json(text)
    return found.model_dump_json(), str(found.value)


if __name__ == "__main__":
    with python_package(PINNED):
        report(PINNED, {text: through(text) for text in AS_FOUND}, AS_FOUND)
