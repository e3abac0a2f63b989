"""What is read of a resource: the contract's models and the structs inside take the same."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
from pydantic import BaseModel, ValidationError

from ketatui.contract import fhir
from ketatui.records import resources
from ketatui.records.values import Refused, read_resource
from tests.each import each
from tests.records.test_any_record import RESOURCES, places
from tests.records.test_unusual import NOT

JUNK: tuple[Any, ...] = (
    *(None, "", "x", "81.5", 0, -1, 10**30, Decimal("81.50"), Decimal("1E+400"), True),
    *([], {}, [None], [[]], [{}], ["x"], {"coding": [{}]}, {"coding": None}, {"reference": 7}),
)
KINDS = {
    name: kind
    for name, kind in vars(fhir).items()
    if isinstance(kind, type) and issubclass(kind, BaseModel) and kind.__module__ == fhir.__name__
}


def inside(value: Any) -> Any:
    """A struct as plain data, under the names that FHIR has."""
    if isinstance(value, msgspec.Struct):
        fields = msgspec.structs.fields(value)
        return {item.encode_name: inside(getattr(value, item.name)) for item in fields}
    return [inside(item) for item in value] if isinstance(value, list) else value


def both(kind: str, data: dict[str, Any]) -> tuple[Any, Any]:
    """What each of the two makes of a resource; None where it refuses it."""
    try:
        theirs = getattr(fhir, kind).model_validate(data).model_dump(by_alias=True)
    except ValidationError:
        theirs = None
    try:
        ours = inside(msgspec.convert(data, getattr(resources, kind), builtin_types=(Decimal,)))
    except msgspec.ValidationError:
        ours = None
    return theirs, ours


def altered(resource: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield resource
    for path in places(resource):
        for junk in JUNK:
            changed = copy.deepcopy(resource)
            held: Any = changed
            for step in path[:-1]:
                held = held[step]
            held[path[-1]] = junk
            yield changed


@each("kind", ["Observation", "Condition", "Patient", "MedicationRequest", "QuestionnaireResponse"])
def test_the_contract_and_the_structs_take_and_refuse_the_same(kind: str) -> None:
    resource = max(
        (item for item in RESOURCES if item["resourceType"] == kind),
        key=lambda item: len(str(item)),
    )
    taken = []
    for data in altered(exact(resource | NOT)):
        theirs, ours = both(kind, data)
        assert theirs == ours, data
        taken.append(ours is not None)
    assert {True, False} == set(taken)


def exact(value: Any) -> Any:
    """Plain data as it is read: numbers with a point are exact; of a list, two are enough."""
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [exact(item) for item in value[:2]]
    return Decimal(repr(value)) if isinstance(value, float) else value


@each("name", sorted(KINDS))
def test_both_have_the_same_parts(name: str) -> None:
    ours = {item.encode_name for item in msgspec.structs.fields(getattr(resources, name))}
    assert {field.alias for field in KINDS[name].model_fields.values()} == ours


@each(
    ("data", "place"),
    [
        ({"valueQuantity": {"value": "81"}}, "valueQuantity.value"),
        ({"code": {"coding": [{}, {"code": 7}]}}, "code.coding"),
        ({"component": {}}, "component"),
    ],
)
def test_what_cannot_be_read_is_named(data: dict[str, Any], place: str) -> None:
    said = read_resource(data, resources.Observation)
    assert isinstance(said, Refused)
    assert said.because.startswith(f"cannot be read: {place}")


def test_what_is_nested_too_deeply_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"item": [deep]}
    said = read_resource(deep, resources.QuestionnaireResponse)
    assert said == Refused("cannot be read: nested too deeply")
